//! The code that pairs the browser of a desk with its bridge: shown when the bridge starts, typed
//! once on the page. It keeps other users of the same machine away, who can send any header.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Characters that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// 40 bits; few guesses are permitted.
const CHARS: usize = 8;

/// The code.
#[derive(Clone, PartialEq, Eq)]
pub struct Pairing(String);

impl std::fmt::Debug for Pairing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pairing(***)")
    }
}

/// Why there is no code.
#[derive(Debug, Error)]
pub enum PairingError {
    /// The operating system has no randomness.
    #[error("系统给不出随机数，配对码做不出来")]
    NoRandomness,
    /// The file cannot be used.
    #[error("配对码文件 {path} 用不了：{source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{0} 里不是配对码，请删掉它再启动")]
    Damaged(PathBuf),
}

impl Pairing {
    /// A new code.
    ///
    /// # Errors
    /// [`PairingError::NoRandomness`].
    pub fn new() -> Result<Self, PairingError> {
        let mut random = [0_u8; CHARS];
        getrandom::fill(&mut random).map_err(|_| PairingError::NoRandomness)?;
        let chars = random
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Ok(Self(chars.collect()))
    }

    /// The code in a file, which is made if need be, for its owner only: so that a desk need not be
    /// paired again every morning.
    ///
    /// # Errors
    /// [`PairingError`].
    pub fn kept_in(path: &Path) -> Result<Self, PairingError> {
        let file = |source| PairingError::File {
            path: path.to_owned(),
            source,
        };
        match fs::read_to_string(path) {
            Ok(text) => Self::read(&text).ok_or_else(|| PairingError::Damaged(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let new = Self::new()?;
                let options = OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .to_owned();
                let mut made = options.open(path).map_err(file)?;
                made.write_all(new.0.as_bytes()).map_err(file)?;
                Ok(new)
            }
            Err(error) => Err(file(error)),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let code = plain(text);
        let is_code = code.len() == CHARS && code.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then_some(Self(code))
    }

    /// `7K3M-9QPA`, for the person.
    #[must_use]
    pub fn shown(&self) -> String {
        let (one, other) = self.0.split_at(CHARS / 2);
        format!("{one}-{other}")
    }

    /// Whether somebody typed this code, however; compared without telling where it differs.
    pub(super) fn is(&self, typed: &str) -> bool {
        let typed = plain(typed);
        let pairs = self.0.bytes().zip(typed.bytes());
        let differing = pairs.fold(0, |differing, (one, other)| differing | (one ^ other));
        typed.len() == CHARS && differing == 0
    }
}

/// Without hyphens and blanks, in capitals.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed_and_no_other_is() {
        let code = Pairing::read("7K3M-9QPA").unwrap();
        assert_eq!(code.shown(), "7K3M-9QPA");
        assert!(code.is("7k3m 9qpa") && code.is("7K3M9QPA"));
        for typed in ["", "7K3M9QP", "7K3M9QPAA", "7K3M9QPB"] {
            assert!(!code.is(typed), "{typed}");
        }
        assert!(!format!("{code:?}").contains("7K3M"));
    }

    #[test]
    fn a_kept_code_stays_and_a_foreign_file_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("pairing");
        let code = Pairing::kept_in(&file).unwrap();
        assert_eq!(Pairing::kept_in(&file).unwrap(), code);
        fs::write(&file, "something else").unwrap();
        assert!(matches!(
            Pairing::kept_in(&file),
            Err(PairingError::Damaged(_))
        ));
    }
}
