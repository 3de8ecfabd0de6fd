//! The name of an attachment: the SHA-256 of its sealed file.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::fault::Fault;

/// Digits of the folder that a file lies in.
const FOLDER_DIGITS: usize = 2;

/// 64 lower-case hex digits and nothing else, so that it can stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(String);

impl BlobName {
    /// The name of a sealed content.
    #[must_use]
    pub fn of(sealed: &[u8]) -> Self {
        Self::of_hash(Sha256::new_with_prefix(sealed))
    }

    /// The name of what `hash` has taken in.
    pub(crate) fn of_hash(hash: Sha256) -> Self {
        Self(hex::encode(hash.finalize()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `ab/cdef…`, within a folder of attachments.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        let (folder, file) = self.0.split_at(FOLDER_DIGITS);
        [folder, file].iter().collect()
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BlobName {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 64 && text.bytes().all(is_digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::NotFound)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_hash_becomes_a_path() {
        let name = BlobName::of(b"sealed");
        assert_eq!(name.as_str().parse(), Ok(name.clone()));
        assert_eq!(name.path().components().count(), 2);
        let up = format!("../{}", "a".repeat(61));
        let capital = "A".repeat(64);
        for text in ["", "..", "../../central.db", &up, &capital, "é"] {
            assert_eq!(text.parse::<BlobName>(), Err(Fault::NotFound), "{text}");
        }
    }
}
