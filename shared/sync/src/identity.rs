//! Who a device is: its secret key, made by itself and never sent, and what it became when it was
//! enrolled. In the data directory: `device.key` (hex, mode 0600), `enrolment.json` and, where the
//! line is HTTPS, `central-ca.pem`, the authority by which `central` is known; beside them
//! `device.key.next` while the key is being replaced. The next key is on disk before the server
//! hears of it, and takes the old one's place once the server goes by it, so that a crash at any
//! step leaves the device with a key that the server accepts.
//!
//! A copied directory would be a second machine under one name; the server finds that out by the
//! chain (`wire::link`), not this module.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;
use wire::api::Enrolled;
use wire::sign::DeviceKey;

use crate::entropy::random_bytes;

const KEY_FILE: &str = "device.key";
const NEXT_KEY_FILE: &str = "device.key.next";
const ENROLMENT_FILE: &str = "enrolment.json";
const AUTHORITY_FILE: &str = "central-ca.pem";
const KEY_MODE: u32 = 0o600;
const ENROLMENT_MODE: u32 = 0o644;
const AUTHORITY_MODE: u32 = 0o644;
/// Bits of a mode by which somebody else could read the key.
const OTHERS_MASK: u32 = 0o077;

/// An enrolled device.
#[derive(Debug, Clone)]
pub struct DeviceIdentity {
    /// Its secret key.
    pub key: DeviceKey,
    /// What it is.
    pub enrolled: Enrolled,
    /// The key that is to replace it, while the server may already go by it.
    pub next_key: Option<DeviceKey>,
    /// Where its files are; `None` when it lives in memory only.
    pub home: Option<PathBuf>,
}

impl DeviceIdentity {
    /// An identity without files, for tests and simulations.
    #[must_use]
    pub fn in_memory(key: DeviceKey, enrolled: Enrolled) -> Self {
        Self {
            key,
            enrolled,
            next_key: None,
            home: None,
        }
    }

    /// The key that is to replace the present one: the one drawn before, or `fresh`, which is on
    /// disk when this returns.
    ///
    /// # Errors
    /// [`IdentityError`] when the file cannot be written; then nothing has changed.
    pub fn begin_rotation(&mut self, fresh: DeviceKey) -> Result<DeviceKey, IdentityError> {
        if let Some(next) = &self.next_key {
            return Ok(next.clone());
        }
        if let Some(home) = &self.home {
            let path = home.join(NEXT_KEY_FILE);
            write_whole(&path, &hex::encode(fresh.to_bytes()), KEY_MODE)?;
        }
        self.next_key = Some(fresh.clone());
        Ok(fresh)
    }

    /// The server goes by the next key: it takes the old one's place.
    ///
    /// # Errors
    /// [`IdentityError`] when the file cannot be renamed; the next start finds both keys.
    pub fn finish_rotation(&mut self) -> Result<(), IdentityError> {
        let Some(next) = self.next_key.take() else {
            return Ok(());
        };
        self.key = next;
        if let Some(home) = &self.home {
            let (from, to) = (home.join(NEXT_KEY_FILE), home.join(KEY_FILE));
            fs::rename(&from, &to)
                .and_then(|()| File::open(home)?.sync_all())
                .map_err(|source| io_error(&from, source))?;
        }
        Ok(())
    }
}

/// Why the identity could not be read or written.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// A file cannot be read or written.
    #[error("{path} cannot be used: {source}.")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file has other contents than it must.
    #[error("{path} is damaged: {reason}.")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The key file can be read by others.
    #[error("{path} has mode {mode:o}; a secret key must be readable by its owner only (600).")]
    KeyExposed {
        /// The key file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
}

/// Reads the identity in `dir`; `None` when the device has not been enrolled.
///
/// # Errors
/// [`IdentityError`] when a file is there and cannot be used.
pub fn load(dir: &Path) -> Result<Option<DeviceIdentity>, IdentityError> {
    let path = dir.join(ENROLMENT_FILE);
    let Some(json) = read_if_there(&path)? else {
        return Ok(None);
    };
    let enrolled = serde_json::from_str(&json).map_err(|error| IdentityError::Damaged {
        path,
        reason: error.to_string(),
    })?;
    let next_key = load_key(&dir.join(NEXT_KEY_FILE))?;
    let key = load_key(&dir.join(KEY_FILE))?;
    Ok(key.map(|key| DeviceIdentity {
        key,
        enrolled,
        next_key,
        home: Some(dir.to_owned()),
    }))
}

/// The key in `dir`, drawn and saved first when there is none. It is on disk before it is used,
/// so that an enrolment never belongs to a key that is gone.
///
/// # Errors
/// [`IdentityError`] when the file cannot be used.
pub fn load_or_draw_key(dir: &Path) -> Result<DeviceKey, IdentityError> {
    if let Some(key) = load_key(&dir.join(KEY_FILE))? {
        return Ok(key);
    }
    let key = DeviceKey::from_bytes(&random_bytes());
    write_whole(&dir.join(KEY_FILE), &hex::encode(key.to_bytes()), KEY_MODE)?;
    Ok(key)
}

/// The kept certificate of `central`'s authority (PEM); `None` when there is none.
///
/// # Errors
/// [`IdentityError`] when the file is there and cannot be read.
pub fn load_authority(dir: &Path) -> Result<Option<String>, IdentityError> {
    read_if_there(&dir.join(AUTHORITY_FILE))
}

/// Keeps the certificate of `central`'s authority (PEM).
///
/// # Errors
/// [`IdentityError`] when the file cannot be written.
pub fn save_authority(dir: &Path, pem: &str) -> Result<(), IdentityError> {
    write_whole(&dir.join(AUTHORITY_FILE), pem, AUTHORITY_MODE)
}

/// Saves what the device became.
///
/// # Errors
/// [`IdentityError`] when the file cannot be written.
pub fn save_enrolment(dir: &Path, enrolled: &Enrolled) -> Result<(), IdentityError> {
    let json = serde_json::to_string_pretty(enrolled)
        .expect("JSON text, because an enrolment has string keys only");
    write_whole(&dir.join(ENROLMENT_FILE), &json, ENROLMENT_MODE)
}

fn load_key(path: &Path) -> Result<Option<DeviceKey>, IdentityError> {
    let Some(text) = read_if_there(path)? else {
        return Ok(None);
    };
    let path = path.to_owned();
    let metadata = fs::metadata(&path).map_err(|source| io_error(&path, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS_MASK != 0 {
        return Err(IdentityError::KeyExposed { path, mode });
    }
    let mut bytes = [0; 32];
    match hex::decode_to_slice(text.trim(), &mut bytes) {
        Ok(()) => Ok(Some(DeviceKey::from_bytes(&bytes))),
        // The reason must not quote the text: it is a secret.
        Err(_) => Err(IdentityError::Damaged {
            path,
            reason: "it is not 64 hex digits".into(),
        }),
    }
}

fn read_if_there(path: &Path) -> Result<Option<String>, IdentityError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(io_error(path, source)),
    }
}

/// Writes a file so that a crash leaves the old one or the new one, never a part.
fn write_whole(path: &Path, text: &str, mode: u32) -> Result<(), IdentityError> {
    let part = path.with_extension("part");
    let write = || -> io::Result<()> {
        let _ = fs::remove_file(&part);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    write().map_err(|source| io_error(path, source))
}

fn io_error(path: &Path, source: io::Error) -> IdentityError {
    IdentityError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{DeviceId, HallId};
    use domain::queue::KioskLane;
    use uuid::Uuid;
    use wire::api::DeviceKind;

    use super::*;

    fn enrolled() -> Enrolled {
        Enrolled {
            device: DeviceId(Uuid::from_u128(1)),
            name: "大厅一号机".into(),
            kind: DeviceKind::HallKiosk { lane: KioskLane(1) },
            hall: HallId(Uuid::from_u128(2)),
            public_url: "http://hall.example".into(),
        }
    }

    #[test]
    fn an_identity_survives_a_restart_and_its_key_is_private() {
        let dir = tempfile::tempdir().unwrap();
        assert!(load(dir.path()).unwrap().is_none());
        let key = load_or_draw_key(dir.path()).unwrap();
        assert!(
            load(dir.path()).unwrap().is_none(),
            "a key alone is no enrolment"
        );
        save_enrolment(dir.path(), &enrolled()).unwrap();
        let loaded = load(dir.path()).unwrap().unwrap();
        assert_eq!(loaded.enrolled, enrolled());
        assert_eq!(loaded.key.public(), key.public());
        let mode = fs::metadata(dir.path().join(KEY_FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        load_or_draw_key(dir.path()).unwrap();
        let path = dir.path().join(KEY_FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = load_or_draw_key(dir.path()).unwrap_err();
        assert!(matches!(
            error,
            IdentityError::KeyExposed { mode: 0o640, .. }
        ));
    }

    #[test]
    fn a_damaged_key_is_said_without_being_quoted() {
        let dir = tempfile::tempdir().unwrap();
        write_whole(&dir.path().join(KEY_FILE), "0badsecret", KEY_MODE).unwrap();
        let error = load_or_draw_key(dir.path()).unwrap_err();
        assert!(matches!(error, IdentityError::Damaged { .. }));
        assert!(!error.to_string().contains("0badsecret"));
    }

    #[test]
    fn a_replaced_key_survives_a_crash_at_either_side_of_the_replacement() {
        let dir = tempfile::tempdir().unwrap();
        let old = load_or_draw_key(dir.path()).unwrap();
        save_enrolment(dir.path(), &enrolled()).unwrap();
        let mut identity = load(dir.path()).unwrap().unwrap();
        let next = identity
            .begin_rotation(DeviceKey::from_bytes(&[9; 32]))
            .unwrap();
        let mut again = load(dir.path()).unwrap().unwrap();
        assert_eq!(again.key.public(), old.public());
        assert_eq!(again.next_key.clone().unwrap().public(), next.public());
        let same = again.begin_rotation(DeviceKey::from_bytes(&[8; 32]));
        assert_eq!(same.unwrap().public(), next.public(), "one at a time");
        again.finish_rotation().unwrap();
        let after = load(dir.path()).unwrap().unwrap();
        assert_eq!(after.key.public(), next.public());
        assert!(after.next_key.is_none());
    }
}
