//! Texts sealed to the centre: a kiosk writes feedback that it cannot read itself. Whoever seals
//! needs only the centre's public key and keeps no secret.
//!
//! A sealed box: a fresh X25519 key meets the centre's; HKDF-SHA-256 of the shared point, salted
//! with both public keys, gives the key and the nonce of XChaCha20-Poly1305. Each box has a key of
//! its own, so the derived nonce is used once. The canonical text is
//! `b1:x25519-xc20p:KEY:EPHEMERAL:CIPHERTEXT`. It is anonymous: nothing proves who sealed it; that
//! is the event's business.

use std::fmt;
use std::str::FromStr;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};
use zeroize::Zeroizing;

use super::{KeyId, PLAINTEXT_BYTES_MAX, SealError, SealKey, array, ciphertext, parts};

const PREFIX: &str = "b1:x25519-xc20p:";
const DERIVATION: &[u8] = b"sealed to centre 1";

/// What a sealed text belongs to: authenticated with it, not stored in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundText<'a> {
    /// The kind of the event that carries it, with its version.
    pub kind: &'a str,
    /// What it is about: the id of the score, the appointment, …
    pub subject: Uuid,
}

/// The centre's secret key for sealed texts. Not printed; leaves memory when dropped.
#[derive(Clone)]
pub struct CentreBoxKey(StaticSecret);

/// Its public half, for every device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CentreBoxPublic(#[serde(with = "hex::serde")] pub [u8; 32]);

/// A text that only the centre can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedToCentre {
    key: KeyId,
    ephemeral: [u8; 32],
    ciphertext: Vec<u8>,
}

impl fmt::Debug for CentreBoxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CentreBoxKey(***)")
    }
}

impl CentreBoxKey {
    /// The key in a key of 32 random bytes.
    #[must_use]
    pub fn of(key: &SealKey) -> Self {
        Self(StaticSecret::from(*key.expose()))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> CentreBoxPublic {
        CentreBoxPublic(PublicKey::from(&self.0).to_bytes())
    }
}

impl CentreBoxPublic {
    /// What it is called in what is sealed to it.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(b"centre box 1", &self.0)
    }
}

impl SealedToCentre {
    /// Seals a text of at most [`PLAINTEXT_BYTES_MAX`] bytes. `ephemeral` is random and used once.
    ///
    /// # Errors
    /// [`SealError::TooLong`]; [`SealError::Form`] for a public key that is none.
    pub fn seal(
        centre: CentreBoxPublic,
        bound: BoundText<'_>,
        text: &str,
        ephemeral: [u8; 32],
    ) -> Result<Self, SealError> {
        if text.len() > PLAINTEXT_BYTES_MAX {
            return Err(SealError::TooLong(text.len()));
        }
        let secret = StaticSecret::from(ephemeral);
        let ephemeral = PublicKey::from(&secret).to_bytes();
        let shared = secret.diffie_hellman(&PublicKey::from(centre.0));
        let (cipher, nonce) = derived(&shared, ephemeral, centre).ok_or(SealError::Form)?;
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &bound.bytes(),
        };
        let ciphertext = cipher
            .encrypt(&nonce, payload)
            .expect("a ciphertext, because the text is far shorter than the cipher's bound");
        Ok(Self {
            key: centre.id(),
            ephemeral,
            ciphertext,
        })
    }

    /// Opens a text that was sealed to the centre for the same `bound`.
    ///
    /// # Errors
    /// [`SealError::OtherKey`], [`SealError::Altered`].
    pub fn open(
        &self,
        centre: &CentreBoxKey,
        bound: BoundText<'_>,
    ) -> Result<Zeroizing<String>, SealError> {
        let public = centre.public();
        let (sealed, given) = (self.key, public.id());
        if sealed != given {
            return Err(SealError::OtherKey { sealed, given });
        }
        let shared = centre.0.diffie_hellman(&PublicKey::from(self.ephemeral));
        let (cipher, nonce) = derived(&shared, self.ephemeral, public).ok_or(SealError::Altered)?;
        let payload = Payload {
            msg: &self.ciphertext,
            aad: &bound.bytes(),
        };
        let bytes = cipher
            .decrypt(&nonce, payload)
            .map_err(|_| SealError::Altered)?;
        let text = String::from_utf8(bytes).map_err(|_| SealError::Altered)?;
        Ok(Zeroizing::new(text))
    }
}

impl BoundText<'_> {
    fn bytes(&self) -> Vec<u8> {
        parts(&[b"text 1", self.kind.as_bytes(), self.subject.as_bytes()])
    }
}

/// Key and nonce of one box; `None` when a public key is a point that gives no secret.
fn derived(
    shared: &SharedSecret,
    ephemeral: [u8; 32],
    centre: CentreBoxPublic,
) -> Option<(XChaCha20Poly1305, XNonce)> {
    if !shared.was_contributory() {
        return None;
    }
    let salt = [ephemeral, centre.0].concat();
    let mut bytes = Zeroizing::new([0; 56]);
    Hkdf::<Sha256>::new(Some(&salt), shared.as_bytes())
        .expand(DERIVATION, bytes.as_mut())
        .expect("56 bytes, because HKDF-SHA-256 gives up to 8,160");
    let (mut key, mut nonce) = (Zeroizing::new([0; 32]), [0; 24]);
    key.copy_from_slice(&bytes[..32]);
    nonce.copy_from_slice(&bytes[32..]);
    Some((XChaCha20Poly1305::new((&*key).into()), XNonce::from(nonce)))
}

impl fmt::Display for SealedToCentre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ephemeral, text) = (hex::encode(self.ephemeral), hex::encode(&self.ciphertext));
        write!(f, "{PREFIX}{}:{ephemeral}:{text}", self.key)
    }
}

impl FromStr for SealedToCentre {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let rest = text.strip_prefix(PREFIX).ok_or(SealError::Form)?;
        let mut fields = rest.split(':');
        let mut field = || fields.next().ok_or(SealError::Form);
        let sealed = Self {
            key: field()?.parse()?,
            ephemeral: array(field()?)?,
            ciphertext: ciphertext(field()?)?,
        };
        if sealed.to_string() == text {
            Ok(sealed)
        } else {
            Err(SealError::Form)
        }
    }
}

impl TryFrom<String> for SealedToCentre {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        text.parse()
    }
}

impl From<SealedToCentre> for String {
    fn from(sealed: SealedToCentre) -> Self {
        sealed.to_string()
    }
}
