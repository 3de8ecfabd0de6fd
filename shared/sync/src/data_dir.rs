//! The data directory of a program and its lock: one process at a time, so that one chain has one
//! writer. The lock is the operating system's and ends with the process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

const LOCK_FILE: &str = "lock";

/// Why a data directory cannot be used.
#[derive(Debug, Error)]
pub enum DataDirError {
    /// Another process holds it.
    #[error("the data directory {0} is in use by another process.")]
    InUse(PathBuf),
    /// It cannot be made or written.
    #[error("the data directory {dir} cannot be used: {source}.")]
    Io {
        /// Which.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Holds a data directory until it is dropped.
#[derive(Debug)]
pub struct DataDirLock {
    _file: File,
}

impl DataDirLock {
    /// Makes the directory if it is missing and takes its lock.
    ///
    /// # Errors
    /// [`DataDirError`] when another process holds it or it cannot be written.
    pub fn take(dir: &Path) -> Result<Self, DataDirError> {
        let io = |source| DataDirError::Io {
            dir: dir.to_owned(),
            source,
        };
        std::fs::create_dir_all(dir).map_err(io)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join(LOCK_FILE))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(dir.to_owned())),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_has_one_holder_at_a_time() {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("deep/data");
        let held = DataDirLock::take(&dir).unwrap();
        assert!(matches!(
            DataDirLock::take(&dir),
            Err(DataDirError::InUse(_))
        ));
        drop(held);
        DataDirLock::take(&dir).unwrap();
    }
}
