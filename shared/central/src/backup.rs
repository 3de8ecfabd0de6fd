//! Keeping the store: backups made while the service goes on, kept by age, restored, and tried.
//!
//! A backup is two files of one name in a folder: `central-20261123T023000.000.db`, one whole
//! database, and the same name with `.json`, its [`Manifest`]. The database gets its name last,
//! when it has been synced, checked and hashed and its manifest stands: what bears the name is
//! whole. Only the owner may read them, for they hold what the store holds. The master key of
//! personal data and the list of erased persons lie outside the data directory and are not in a
//! backup: whoever restores needs these files too, and is refused without the key.
//!
//! Attachments lie in `attachments/` of the folder, sealed, once for all backups that know them: they
//! never change. Their names are the hashes of their bytes, so that a restore checks each. Those
//! that no kept backup knows any more go with the backup that was the last to know them.
//!
//! The folder is beside the data directory (`DIR-backups`) unless another is named, and never
//! within it, so that whatever befalls that directory, a restore that moves it aside included,
//! leaves the backups alone. Another disk is better; the program cannot know one.
//!
//! No network and no other machine's backups: carrying the folder away is the operator's.

mod attachments;
mod desk;
mod error;
mod folder;
mod keeping;
mod manifest;
mod restore;
mod schedule;

use std::path::{Path, PathBuf};

pub use desk::{BackupDesk, Made};
pub use error::BackupError;
pub use folder::{BackupFolder, Entry, Listing};
pub use keeping::{Keeping, Seen, is_due, to_keep};
pub use manifest::Manifest;
pub use restore::{Drilled, Occupied, Restored, restore, restore_drill};
pub(crate) use restore::{clear_left_over, is_unfinished};
pub(crate) use schedule::Schedule;

/// Where the backups of a data directory go when nothing else is said: beside it.
#[must_use]
pub fn folder_beside(data: &Path) -> PathBuf {
    let data = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let name = data
        .file_name()
        .map_or_else(Default::default, |name| name.to_string_lossy());
    data.with_file_name(format!("{name}-backups"))
}
