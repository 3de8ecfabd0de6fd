//! The data directory of a program: one process at a time, so that one chain has one writer, by a
//! lock file that names the holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

/// A data directory that cannot be used. The sentences are for the person who runs the command.
#[derive(Debug, Error)]
pub enum DataDirError {
    /// Another process holds it.
    #[error("{path} 正在被另一个进程使用（进程号 {pid}），请先停下它，或换一个 --data 目录。")]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The holder, as it wrote itself down.
        pid: String,
    },
    /// It cannot be made or written.
    #[error("数据目录 {path} 用不了：{source}")]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

const TRIES: u32 = 25;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// A directory that this process holds until it drops this.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// Locked; the operating system unlocks it when the process ends, however it ends.
    _lock: File,
}

impl DataDir {
    /// Takes the directory, which is made if need be.
    ///
    /// # Errors
    /// [`DataDirError::InUse`] names the holder.
    pub fn take(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |source| DataDirError::Unusable {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .to_owned();
        let mut lock = open.open(path.join("lock")).map_err(unusable)?;
        match lock_soon(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                lock.read_to_string(&mut pid).map_err(unusable)?;
                return Err(DataDirError::InUse {
                    path: path.to_owned(),
                    pid: pid.trim().into(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        lock.set_len(0)
            .and_then(|()| lock.rewind())
            .map_err(unusable)?;
        writeln!(lock, "{}", std::process::id()).map_err(unusable)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Asks for the lock for half a second. A holder that is just ending is no other process; and a
/// program that this one starts holds a copy of its locks from its fork to its exec.
fn lock_soon(lock: &File) -> Result<(), TryLockError> {
    for _ in 0..TRIES {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_TRIES),
            other => return other,
        }
    }
    lock.try_lock()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_refused_with_the_pid_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let first = DataDir::take(dir.path()).unwrap();
        let refused = DataDir::take(dir.path()).unwrap_err().to_string();
        assert!(
            refused.contains(&std::process::id().to_string()),
            "{refused}"
        );
        drop(first);
        DataDir::take(dir.path()).unwrap();
    }
}
