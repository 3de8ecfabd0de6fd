//! Sealed values: what of a person stands in an event, and keys under other keys (DESIGN.md §6).
//!
//! XChaCha20-Poly1305 (24-byte random nonces, so that no counter must survive a crash), with
//! associated data that says what the value is and whose: a ciphertext moved to another person,
//! field or kind of event does not open. The canonical text is
//! `s1:xc20p:KEY:NONCE:CIPHERTEXT`, lower-case hex, so that other algorithms can join. The length
//! of a value is not hidden.
//!
//! Randomness is an argument; who holds which key is not decided here.

mod content;
mod to_centre;

use std::fmt;
use std::str::FromStr;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::id::{PersonId, RecordId};
use domain::personal::PersonField;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

pub use to_centre::{BoundText, CentreBoxKey, CentreBoxPublic, SealedToCentre};

/// Longest value that is sealed, in bytes: an address or a feedback text with room to spare.
pub const PLAINTEXT_BYTES_MAX: usize = 4_096;
/// Poly1305's tag, in bytes.
const TAG_BYTES: usize = 16;
/// The first two parts of the canonical text: format and algorithm.
const PREFIX: &str = "s1:xc20p:";

/// Random bytes that are used once. 24 of them need no record of which were used.
pub type Nonce = [u8; 24];

/// A secret key of 32 random bytes. Not printed; leaves memory when dropped.
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; 32]>);

/// Which key sealed a value: a hash of it that is not secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(#[serde(with = "hex::serde")] [u8; 8]);

/// What a sealed value is and whose: authenticated with it, not stored in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding<'a> {
    /// A field of a person in an event.
    Field(FieldPlace<'a>),
    /// A person's key under the master key.
    PersonKey {
        /// Whose.
        person: PersonId,
    },
    /// A key of the whole store under the master key.
    StoreKey {
        /// Its stable name.
        name: &'a str,
    },
    /// The key of an attachment, under its person's key or, without a person, the master key.
    AttachmentKey {
        /// Attached to this record.
        record: RecordId,
    },
    /// The content of an attachment, under its own key.
    Attachment {
        /// Attached to this record.
        record: RecordId,
    },
}

/// Where a sealed field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldPlace<'a> {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub field: PersonField,
    /// The kind of the event, with its version.
    pub kind: &'a str,
}

/// A value under a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sealed {
    key: KeyId,
    nonce: Nonce,
    ciphertext: Vec<u8>,
}

/// Why a value was not sealed, read or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// Longer than [`PLAINTEXT_BYTES_MAX`].
    #[error("a value of {0} bytes is longer than the {PLAINTEXT_BYTES_MAX} that are sealed.")]
    TooLong(usize),
    /// Not the canonical text of a sealed value.
    #[error("the text is not a sealed value of a known format.")]
    Form,
    /// Another key sealed it.
    #[error("the value was sealed under the key {sealed:?}, not under {given:?}.")]
    OtherKey {
        /// The key that sealed it.
        sealed: KeyId,
        /// The key that was given.
        given: KeyId,
    },
    /// Changed, or moved from where it was sealed for.
    #[error("the sealed value was changed, or belongs to another person, field or event.")]
    Altered,
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(***)")
    }
}

impl SealKey {
    /// The key made of 32 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the key's file, for wrapping it, or for a keyed hash.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// What it is called in what it seals.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(b"seal key 1", self.expose())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.expose().into())
    }
}

impl KeyId {
    fn of(what: &[u8], key: &[u8; 32]) -> Self {
        let digest = Sha256::new()
            .chain_update(what)
            .chain_update(key)
            .finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for KeyId {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        Ok(Self(array(text)?))
    }
}

impl Binding<'_> {
    /// The associated data: every part with its length before it.
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Field(place) => parts(&[
                b"field 1",
                place.person.0.as_bytes(),
                place.field.word().as_bytes(),
                place.kind.as_bytes(),
            ]),
            Self::PersonKey { person } => parts(&[b"person key 1", person.0.as_bytes()]),
            Self::StoreKey { name } => parts(&[b"store key 1", name.as_bytes()]),
            Self::AttachmentKey { record } => parts(&[b"attachment key 1", record.0.as_bytes()]),
            Self::Attachment { record } => parts(&[b"attachment 1", record.0.as_bytes()]),
        }
    }
}

fn parts(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

impl Sealed {
    /// Seals `plaintext` for what `binding` says. The nonce is random and used once.
    ///
    /// # Errors
    /// [`SealError::TooLong`].
    pub fn seal(
        key: &SealKey,
        binding: &Binding<'_>,
        plaintext: &[u8],
        nonce: Nonce,
    ) -> Result<Self, SealError> {
        if plaintext.len() > PLAINTEXT_BYTES_MAX {
            return Err(SealError::TooLong(plaintext.len()));
        }
        let payload = Payload {
            msg: plaintext,
            aad: &binding.bytes(),
        };
        let ciphertext = key
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a ciphertext, because the value is far shorter than the cipher's bound");
        Ok(Self {
            key: key.id(),
            nonce,
            ciphertext,
        })
    }

    /// Opens what was sealed under `key` for the same `binding`.
    ///
    /// # Errors
    /// [`SealError::OtherKey`], [`SealError::Altered`].
    pub fn open(
        &self,
        key: &SealKey,
        binding: &Binding<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (sealed, given) = (self.key, key.id());
        if sealed != given {
            return Err(SealError::OtherKey { sealed, given });
        }
        let payload = Payload {
            msg: &self.ciphertext,
            aad: &binding.bytes(),
        };
        key.cipher()
            .decrypt(&XNonce::from(self.nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| SealError::Altered)
    }

    /// The key that sealed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (nonce, ciphertext) = (hex::encode(self.nonce), hex::encode(&self.ciphertext));
        write!(f, "{PREFIX}{}:{nonce}:{ciphertext}", self.key)
    }
}

impl FromStr for Sealed {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let rest = text.strip_prefix(PREFIX).ok_or(SealError::Form)?;
        let mut fields = rest.split(':');
        let mut field = || fields.next().ok_or(SealError::Form);
        let sealed = Self {
            key: field()?.parse()?,
            nonce: array(field()?)?,
            ciphertext: ciphertext(field()?)?,
        };
        // upper-case hex and further fields are refused, so that one value has one text
        if sealed.to_string() == text {
            Ok(sealed)
        } else {
            Err(SealError::Form)
        }
    }
}

/// The ciphertext of a bounded value.
fn ciphertext(text: &str) -> Result<Vec<u8>, SealError> {
    let permitted = TAG_BYTES..=TAG_BYTES + PLAINTEXT_BYTES_MAX;
    if !permitted.contains(&(text.len() / 2)) {
        return Err(SealError::Form);
    }
    hex::decode(text).map_err(|_| SealError::Form)
}

fn array<const N: usize>(text: &str) -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| SealError::Form)?;
    Ok(bytes)
}

impl TryFrom<String> for Sealed {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        text.parse()
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        sealed.to_string()
    }
}

#[cfg(test)]
mod tests;
