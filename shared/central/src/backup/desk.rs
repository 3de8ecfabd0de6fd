//! Making backups of one store: by hand, through the running service or beside it, and by the
//! schedule. Blocking.

use std::path::{Path, PathBuf};

use domain::time::UtcMs;

use crate::store::Store;

use super::folder::BackupFolder;
use super::{BackupError, Entry, Keeping, folder_beside};

/// Makes backups of the store of one data directory.
#[derive(Debug, Clone)]
pub struct BackupDesk {
    store: Store,
    data: PathBuf,
    folder: PathBuf,
    pub(super) keeping: Keeping,
}

/// A backup that was made, and what was done about the older ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The new one.
    pub entry: Entry,
    /// Names of those that were too old.
    pub deleted: Vec<String>,
    /// Names of those that are damaged. They are left alone and stand for no other.
    pub unsound: Vec<String>,
}

impl BackupDesk {
    /// A desk for the store of `data`; without a folder, the backups go beside it.
    #[must_use]
    pub fn new(store: Store, data: &Path, folder: Option<PathBuf>, keeping: Keeping) -> Self {
        Self {
            store,
            folder: folder.unwrap_or_else(|| folder_beside(data)),
            data: data.to_owned(),
            keeping,
        }
    }

    /// A desk that keeps older backups by other rules.
    #[must_use]
    pub(super) fn with_keeping(self, keeping: Keeping) -> Self {
        Self { keeping, ..self }
    }

    /// Makes a backup in `folder`, else where backups go, and deletes those of this store that
    /// are too old there.
    ///
    /// # Errors
    /// [`BackupError`]; older backups are left as they were.
    pub fn make(&self, folder: Option<&Path>, now: UtcMs) -> Result<Made, BackupError> {
        let folder = folder.unwrap_or(&self.folder);
        self.refuse_within_data(folder)?;
        let taken = BackupFolder::at(folder).take()?;
        let entry = taken.add(&self.store, now)?;
        let (deleted, unsound) = taken.keep_by_age(&entry, &self.keeping)?;
        Ok(Made {
            entry,
            deleted,
            unsound,
        })
    }

    /// When the newest backup of this store was made that is not of the future.
    pub(super) fn newest_made_at(&self, now: UtcMs) -> Result<Option<UtcMs>, BackupError> {
        let store = self
            .store
            .read_blocking(|reader| reader.centre())
            .map_err(BackupError::Unsound)?;
        let listing = BackupFolder::at(&self.folder).list()?;
        let own = listing
            .entries
            .iter()
            .filter(|entry| entry.manifest.store == store);
        Ok(own
            .map(|entry| entry.manifest.made_at)
            .filter(|at| *at <= now)
            .max())
    }

    fn refuse_within_data(&self, folder: &Path) -> Result<(), BackupError> {
        // a folder that does not exist yet has no canonical name, but its nearest parent has
        let nearest = folder.ancestors().find_map(|path| path.canonicalize().ok());
        let data = self.data.canonicalize();
        let is_within = match (nearest, data) {
            (Some(nearest), Ok(data)) => nearest.starts_with(data),
            _ => false,
        };
        if is_within {
            return Err(BackupError::WithinData(folder.to_owned()));
        }
        Ok(())
    }
}
