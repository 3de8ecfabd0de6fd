//! The attachments that backups know, in one folder beside them.
//!
//! A file never changes and its name is its hash, so that a backup copies only what no earlier one
//! brought. One that is damaged or missing in the store is named in the manifest and does not keep
//! the rest from being backed up, nor the backup from being restored.

use std::collections::BTreeSet;
use std::path::Path;

use crate::attachments::{BlobFolder, BlobName};
use crate::store::attachment_names_of_file;

use super::{BackupError, BackupFolder, Entry};

/// What was carried.
#[derive(Debug, Default)]
pub(super) struct Carried {
    pub(super) count: u64,
    pub(super) missing: BTreeSet<String>,
}

/// Brings the files that the copied database knows into the folder of backups.
pub(super) fn carry(
    from: &BlobFolder,
    to: &BlobFolder,
    copy: &Path,
) -> Result<Carried, BackupError> {
    let mut carried = Carried::default();
    for name in names(copy)? {
        let not_written = |error: std::io::Error| BackupError::NotWritten {
            folder: copy.parent().unwrap_or(copy).to_owned(),
            reason: error.to_string(),
        };
        if to.take_from(from, &name).map_err(not_written)? {
            carried.count += 1;
        } else {
            tracing::error!(%name, "an attachment is damaged or missing and not in the backup");
            carried.missing.insert(name.to_string());
        }
    }
    Ok(carried)
}

/// Brings the files that a restored copy knows beside it. Of one that is damaged in the backups
/// nothing is brought, and the check that follows says so.
pub(super) fn bring_back(entry: &Entry, copy: &Path) -> Result<(), BackupError> {
    let (from, to) = (beside(&entry.path), beside(copy));
    for name in names(copy)? {
        to.take_from(&from, &name).map_err(BackupError::at(copy))?;
    }
    Ok(())
}

/// Removes the files that no backup of the folder knows. While one of them cannot be read,
/// everything stays.
pub(super) fn let_go(blobs: &BlobFolder, folder: &BackupFolder) -> Result<(), BackupError> {
    let listing = folder.list()?;
    if !listing.unsound.is_empty() {
        return Ok(());
    }
    let mut known = BTreeSet::new();
    for entry in &listing.entries {
        match names(&entry.path) {
            Ok(names) => known.extend(names),
            Err(_) => return Ok(()),
        }
    }
    blobs
        .keep_only(&known)
        .map_err(BackupError::at(Path::new(crate::attachments::FOLDER)))
}

fn beside(file: &Path) -> BlobFolder {
    BlobFolder::within(file.parent().unwrap_or(Path::new(".")))
}

fn names(file: &Path) -> Result<BTreeSet<BlobName>, BackupError> {
    attachment_names_of_file(file).map_err(|source| BackupError::Attachments {
        path: file.to_owned(),
        source,
    })
}
