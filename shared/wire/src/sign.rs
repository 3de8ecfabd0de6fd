//! Signatures of devices (Ed25519). Two things are signed: the *tail* of a device's chain, which
//! vouches for all events before it and travels with them through any relay; and each *request*,
//! which proves who calls.

use std::fmt;

use domain::id::DeviceId;
use domain::time::UtcMs;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::envelope::ChainHead;

/// A request is accepted when its time is at most this far from the server's.
pub const REQUEST_SKEW_MS_MAX: i64 = 5 * 60_000;

/// Headers of a signed request.
pub mod header {
    /// The calling device.
    pub const DEVICE: &str = "x-device";
    /// The caller's time in ms, corrected by the skew that the server told it.
    pub const TIME: &str = "x-time-ms";
    /// A random text that is used once.
    pub const NONCE: &str = "x-nonce";
    /// [`RequestToSign`](super::RequestToSign) signed, as hex.
    pub const SIGNATURE: &str = "x-signature";
    /// The server's time in ms, on every answer.
    pub const SERVER_TIME: &str = "x-server-time-ms";
}

/// A device's secret key. Stays on the device; never printed.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(***)")
    }
}

/// A device's public key, as given at enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DevicePublicKey(#[serde(with = "hex::serde")] pub [u8; 32]);

/// A [`DevicePublicKey`] made ready to check signatures, which takes a sixth of a check: for who
/// checks many of one device. Bytes that are no key verify nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceVerifier(Option<VerifyingKey>);

/// A signature, as hex on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WireSignature(#[serde(with = "hex::serde")] pub [u8; 64]);

/// What a request's signature covers.
#[derive(Debug, Clone, Copy)]
pub struct RequestToSign<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// Path with query, as sent.
    pub path_and_query: &'a str,
    /// The whole body, before it is compressed and after it is unpacked.
    pub body: &'a [u8],
    /// The caller.
    pub device: DeviceId,
    /// The caller's corrected time.
    pub time: UtcMs,
    /// Used once.
    pub nonce: &'a str,
}

impl RequestToSign<'_> {
    fn text(&self) -> String {
        let body_hash = hex::encode(Sha256::digest(self.body));
        let Self {
            method,
            path_and_query,
            device,
            time,
            nonce,
            ..
        } = self;
        format!(
            "request 1\n{method}\n{path_and_query}\n{body_hash}\n{device}\n{}\n{nonce}",
            time.0
        )
    }
}

fn tail_text(writer: DeviceId, head: ChainHead) -> String {
    format!("tail 1\n{writer}\n{}\n{}", head.seq, head.hash)
}

impl DeviceKey {
    /// The key made of 32 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// The 32 bytes, for the key file only.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> DevicePublicKey {
        DevicePublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs the tail of the device's chain.
    #[must_use]
    pub fn sign_tail(&self, writer: DeviceId, head: ChainHead) -> WireSignature {
        WireSignature(self.0.sign(tail_text(writer, head).as_bytes()).to_bytes())
    }

    /// Signs a request.
    #[must_use]
    pub fn sign_request(&self, request: &RequestToSign<'_>) -> WireSignature {
        WireSignature(self.0.sign(request.text().as_bytes()).to_bytes())
    }
}

impl DevicePublicKey {
    /// Made ready to check signatures.
    #[must_use]
    pub fn verifier(&self) -> DeviceVerifier {
        DeviceVerifier(VerifyingKey::from_bytes(&self.0).ok())
    }

    /// [`DeviceVerifier::signed_tail`], for who checks one.
    #[must_use]
    pub fn signed_tail(&self, writer: DeviceId, head: ChainHead, signature: WireSignature) -> bool {
        self.verifier().signed_tail(writer, head, signature)
    }

    /// [`DeviceVerifier::signed_request`], for who checks one.
    #[must_use]
    pub fn signed_request(&self, request: &RequestToSign<'_>, signature: WireSignature) -> bool {
        self.verifier().signed_request(request, signature)
    }
}

impl DeviceVerifier {
    /// Whether `signature` is this device's under the tail.
    #[must_use]
    pub fn signed_tail(&self, writer: DeviceId, head: ChainHead, signature: WireSignature) -> bool {
        self.verifies(&tail_text(writer, head), signature)
    }

    /// Whether `signature` is this device's under the request.
    #[must_use]
    pub fn signed_request(&self, request: &RequestToSign<'_>, signature: WireSignature) -> bool {
        self.verifies(&request.text(), signature)
    }

    fn verifies(&self, text: &str, signature: WireSignature) -> bool {
        let signature = Signature::from_bytes(&signature.0);
        self.0
            .is_some_and(|key| key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::envelope::EventHash;

    #[test]
    fn a_signature_holds_for_its_own_tail_only() {
        let key = DeviceKey::from_bytes(&[5; 32]);
        let writer = DeviceId(Uuid::from_u128(1));
        let head = ChainHead {
            seq: 4,
            hash: EventHash([1; 32]),
        };
        let signature = key.sign_tail(writer, head);
        assert!(key.public().signed_tail(writer, head, signature));
        assert!(
            !key.public()
                .signed_tail(writer, ChainHead { seq: 5, ..head }, signature)
        );
        let other = DeviceKey::from_bytes(&[6; 32]).public();
        assert!(!other.signed_tail(writer, head, signature));
    }

    #[test]
    fn any_change_of_a_request_breaks_its_signature() {
        let key = DeviceKey::from_bytes(&[5; 32]);
        let request = RequestToSign {
            method: "POST",
            path_and_query: "/api/v1/tickets",
            body: b"{}",
            device: DeviceId(Uuid::from_u128(1)),
            time: UtcMs(10),
            nonce: "n",
        };
        let signature = key.sign_request(&request);
        assert!(key.public().signed_request(&request, signature));
        let path_and_query = "/api/v1/tickets?x";
        for changed in [
            RequestToSign {
                body: b"{} ",
                ..request
            },
            RequestToSign {
                path_and_query,
                ..request
            },
            RequestToSign {
                time: UtcMs(11),
                ..request
            },
            RequestToSign {
                nonce: "m",
                ..request
            },
        ] {
            assert!(!key.public().signed_request(&changed, signature));
        }
        assert!(!format!("{key:?}").contains('5'));
    }
}
