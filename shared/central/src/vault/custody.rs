//! Where the master key is. Beside the named file lie, by suffix: `.next` (a rotation is under
//! way), `.old` (the key before the last rotation, until it is forgotten) and `.erased` (the list
//! of erased persons). A rotation: write `.next`, re-wrap all keys in one transaction, move the
//! key to `.old`, move `.next` to the key. Every file is complete and durable before its name
//! appears.
//!
//! Unlinking a file does not promise that a solid-state disk forgets it.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use wire::sealed::{KeyId, SealKey};
use zeroize::Zeroizing;

use super::KeyError;
use crate::edge::Entropy;

/// The name under which systemd gives the key (`LoadCredential=`).
pub const CREDENTIAL: &str = "central-master-key";
/// The file's first line.
const HEADING: &str = "central master key 1\n";
/// Heading, 64 hex digits, line end.
const FILE_BYTES: usize = HEADING.len() + 64 + 1;

/// Where the master key is, and whether it can be changed there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCustody {
    /// The key's file; the other files lie beside it.
    home: PathBuf,
    /// Where systemd put the key instead, for reading only.
    credential: Option<PathBuf>,
    /// Whether files may be written and moved.
    access: Access,
}

/// What may be done with the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Full,
    ReadOnly,
}

impl KeyCustody {
    /// For the data directory `data`, which need not exist yet: the named file, else the credential in
    /// systemd's directory if there is one, else `<data>.master.key`.
    ///
    /// # Errors
    /// [`KeyError::InsideData`]; [`KeyError::Io`] when the file's directory is not there.
    pub fn of(
        data: &Path,
        named: Option<&Path>,
        credentials: Option<&Path>,
    ) -> Result<Self, KeyError> {
        let data = real_directory(data).map_err(|error| io(data, &error))?;
        let credential = match named {
            Some(_) => None,
            None => credentials
                .map(|directory| directory.join(CREDENTIAL))
                .filter(|file| file.exists()),
        };
        let home = match named {
            Some(file) => in_real_directory(file)?,
            None => suffixed(&data, ".master.key"),
        };
        let key = credential.as_ref().unwrap_or(&home);
        let real = key.canonicalize().unwrap_or_else(|_| key.clone());
        if home.starts_with(&data) || real.starts_with(&data) {
            return Err(KeyError::InsideData { path: home });
        }
        Ok(Self {
            home,
            credential,
            access: Access::Full,
        })
    }

    /// The same for trying a copy of the store, maybe beside the running service: no file is
    /// written or moved.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            access: Access::ReadOnly,
            ..self
        }
    }

    /// Whether nothing may be noted beside the key.
    pub(crate) fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// The file with the key.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        self.credential.as_ref().unwrap_or(&self.home)
    }

    /// The key before the last rotation.
    #[must_use]
    pub fn old_file(&self) -> PathBuf {
        suffixed(&self.home, ".old")
    }

    /// The list of erased persons. It holds ids only and is to be kept with the key.
    #[must_use]
    pub fn erased_file(&self) -> PathBuf {
        suffixed(&self.home, ".erased")
    }

    fn next_file(&self) -> PathBuf {
        suffixed(&self.home, ".next")
    }

    /// The key that the store is under, and, when that is the one before the last rotation, also
    /// the one that replaced it.
    pub(super) fn load(&self, wanted: KeyId) -> Result<Vec<SealKey>, KeyError> {
        self.complete_rotation(wanted)?;
        let path = self.key_file().to_owned();
        let Some(key) = self.read(&path)? else {
            return Err(KeyError::Missing { path, wanted });
        };
        let (found, is_wanted) = (key.id(), |key: &SealKey| key.id() == wanted);
        if found == wanted {
            return Ok(vec![key]);
        }
        if let Some(old) = self.read(&self.old_file())?.filter(is_wanted) {
            return Ok(vec![key, old]);
        }
        // seen in the middle of a rotation by who must not complete it
        match self.read(&self.next_file())?.filter(is_wanted) {
            Some(next) => Ok(vec![next]),
            None => Err(KeyError::Other {
                path,
                found,
                wanted,
            }),
        }
    }

    /// Moves the files as a committed rotation left undone. A `.next` that no store is under stays
    /// unused.
    pub(crate) fn complete_rotation(&self, wanted: KeyId) -> Result<(), KeyError> {
        if self.credential.is_some() || self.is_read_only() {
            return Ok(());
        }
        let is_wanted = |key: Option<SealKey>| key.is_some_and(|key| key.id() == wanted);
        if fs::exists(self.next_file()).is_ok_and(|exists| exists)
            && is_wanted(self.read(&self.next_file())?)
            && !is_wanted(self.read(&self.home)?)
        {
            tracing::info!("a rotation of the master key is completed");
            self.promote_next()?;
        }
        Ok(())
    }

    /// The key in the file, or a new one there. Never replaces a file.
    pub(super) fn take_or_create(&self, entropy: Entropy) -> Result<SealKey, KeyError> {
        if let Some(key) = self.read(self.key_file())? {
            return Ok(key);
        }
        let key = new_key(entropy);
        let complete = self.write_aside(&key)?;
        // a link, unlike a rename, fails when another process has made the file meanwhile
        fs::hard_link(&complete, &self.home).map_err(|error| io(&self.home, &error))?;
        fs::remove_file(&complete).map_err(|error| io(&complete, &error))?;
        self.sync_directory()?;
        Ok(key)
    }

    /// A new key in `.next`.
    pub(super) fn create_next(&self, entropy: Entropy) -> Result<SealKey, KeyError> {
        if self.credential.is_some() {
            return Err(KeyError::FromCredential);
        }
        let path = self.old_file();
        if path.exists() {
            return Err(KeyError::OldKept { path });
        }
        let key = new_key(entropy);
        rename(&self.write_aside(&key)?, &self.next_file())?;
        self.sync_directory()?;
        Ok(key)
    }

    /// `.next` becomes the key, and the key `.old`; both are kept whenever this is cut short.
    pub(crate) fn promote_next(&self) -> Result<(), KeyError> {
        if self.home.exists() {
            rename(&self.home, &self.old_file())?;
            self.sync_directory()?;
        }
        rename(&self.next_file(), &self.home)?;
        self.sync_directory()
    }

    /// Removes `.old`.
    pub(crate) fn forget_old(&self) -> Result<(), KeyError> {
        let path = self.old_file();
        match fs::remove_file(&path) {
            Ok(()) => self.sync_directory(),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(KeyError::NoOld),
            Err(error) => Err(io(&path, &error)),
        }
    }

    /// A complete, durable file of the owner's under a name that nobody reads.
    fn write_aside(&self, key: &SealKey) -> Result<PathBuf, KeyError> {
        let path = suffixed(&self.home, ".part");
        let failed = |error: std::io::Error| io(&path, &error);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        let digits = Zeroizing::new(hex::encode(key.expose()));
        let text = Zeroizing::new(format!("{HEADING}{}\n", digits.as_str()));
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        Ok(path)
    }

    fn sync_directory(&self) -> Result<(), KeyError> {
        let directory = self.home.parent().unwrap_or(Path::new("/"));
        File::open(directory)
            .and_then(|directory| directory.sync_all())
            .map_err(|error| io(directory, &error))
    }

    fn read(&self, path: &Path) -> Result<Option<SealKey>, KeyError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(path, &error)),
        };
        let failed = |error: std::io::Error| io(path, &error);
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        // systemd shows the owner's access list as group bits; its directory keeps others out
        let others = if self.credential.is_some() {
            0o007
        } else {
            0o077
        };
        if mode & others != 0 {
            let path = path.to_owned();
            return Err(KeyError::ReadableByOthers { path, mode });
        }
        let mut text = Zeroizing::new(Vec::with_capacity(FILE_BYTES + 1));
        let limited = file.take(FILE_BYTES as u64 + 1);
        { limited }.read_to_end(&mut text).map_err(failed)?;
        let key = key_in(&text).ok_or_else(|| KeyError::Damaged {
            path: path.to_owned(),
        })?;
        Ok(Some(key))
    }
}

fn key_in(text: &[u8]) -> Option<SealKey> {
    let digits = text.strip_prefix(HEADING.as_bytes())?;
    let digits = digits.strip_suffix(b"\n").unwrap_or(digits);
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    Some(SealKey::from_bytes(bytes))
}

fn new_key(entropy: Entropy) -> SealKey {
    let mut bytes = [0; 32];
    entropy(&mut bytes);
    SealKey::from_bytes(bytes)
}

/// The real path of a directory that need not exist.
fn real_directory(directory: &Path) -> std::io::Result<PathBuf> {
    let absolute = std::path::absolute(directory)?;
    let mut above = absolute.ancestors();
    let real = above.find_map(|above| Some((above.canonicalize().ok()?, above)));
    let (real, above) = real.ok_or(ErrorKind::NotFound)?;
    let below = absolute.strip_prefix(above).unwrap_or(Path::new(""));
    // by its components, because an empty path would be joined as a slash at the end
    Ok(real.components().chain(below.components()).collect())
}

/// The file under its directory's real path; the file itself need not exist.
fn in_real_directory(file: &Path) -> Result<PathBuf, KeyError> {
    let absolute = std::path::absolute(file).map_err(|error| io(file, &error))?;
    let (Some(directory), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(KeyError::Damaged {
            path: file.to_owned(),
        });
    };
    let directory = directory.canonicalize();
    Ok(directory.map_err(|error| io(file, &error))?.join(name))
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn rename(from: &Path, to: &Path) -> Result<(), KeyError> {
    fs::rename(from, to).map_err(|error| io(from, &error))
}

pub(super) fn io(path: &Path, error: &std::io::Error) -> KeyError {
    KeyError::Io {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_of_a_key_file_give_a_key_or_none(tail: Vec<u8>) {
            let _ = key_in(&tail);
            let _ = key_in(&[HEADING.as_bytes(), &tail].concat());
        }
    }

    #[test]
    fn a_key_is_read_from_exactly_its_file() {
        let digits = "ab".repeat(32);
        let text = format!("{HEADING}{digits}\n");
        assert_eq!(text.len(), FILE_BYTES);
        assert!(key_in(text.as_bytes()).is_some());
        assert!(key_in(format!("{text}0").as_bytes()).is_none());
        assert!(key_in(&text.as_bytes()[..FILE_BYTES - 2]).is_none());
    }
}
