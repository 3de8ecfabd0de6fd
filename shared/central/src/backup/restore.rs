//! Putting a backup into a data directory, and trying one in a scratch place.
//!
//! Everything is checked beside what is there, in `restoring` within the directory, before
//! anything is moved. The move itself is several renames; a mark stands in the directory from the
//! first to the last, and a directory with the mark is not opened, so that a process killed in
//! between leaves no store that seems empty. Old files are moved to `replaced-…`, never deleted.
//!
//! What the devices hold beyond the backup they send again by themselves; what the centre itself
//! did after it is lost. The restored store goes on at positions far beyond any that were given.
//! A hall node's own chain is cut: its centre may hold more of it, and then the two contradict.
//!
//! A copy with persons opens only under the master key of the data directory that it is for, and
//! opening it erases again whoever was erased after the backup (`crate::vault`).

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use domain::time::UtcMs;
use sync::data_dir::DataDir;

use crate::attachments::FOLDER;
use crate::parameters::Parameters;
use crate::serve::{DATABASE, OpenError};
use crate::staff::{self, acts};
use crate::store::{
    Extent, FileFacts, Held, Marking, Opening, Role, SCRATCH_PREFIX, Store, StoreError,
    Verification, facts_of_file,
};
use crate::vault::KeyCustody;

use super::folder::BackupFolder;
use super::manifest::stamp;
use super::{BackupError, Entry, attachments};

/// Where a backup is checked before it is moved into place.
const STAGING: &str = "restoring";
/// Stands in a directory while files are moved.
const MARK: &str = "restore-unfinished";
/// What directories of replaced files begin with.
const REPLACED_PREFIX: &str = "replaced-";
/// The lock of the data directory; it stays.
const LOCK: &str = "lock";

/// What to do with a data directory that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupied {
    /// Refuse.
    Refuse,
    /// Move the old database aside.
    MoveAside,
}

/// What was restored.
#[derive(Debug, Clone)]
pub struct Restored {
    /// The backup.
    pub entry: Entry,
    /// How far its record goes.
    pub extent: Extent,
    /// The whole check that it passed.
    pub verification: Verification,
    /// What is held of each device: it sends again what comes after.
    pub devices: Vec<Held>,
    /// A centre's or a hall node's.
    pub role: Role,
    /// Where the old files are now, if there were any.
    pub replaced: Option<PathBuf>,
}

/// What a drill found.
#[derive(Debug, Clone)]
pub struct Drilled {
    /// The backup.
    pub entry: Entry,
    /// How far its record goes.
    pub extent: Extent,
    /// The whole check.
    pub verification: Verification,
    /// Milliseconds since it was made.
    pub age_ms: i64,
}

impl Drilled {
    /// Whether this backup could take the store's place.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.verification.faults.is_empty() && self.extent == self.entry.manifest.extent
    }
}

/// Restores a backup, or the newest of a folder, into the data directory `data`, whose master key
/// is in `custody`.
///
/// # Errors
/// [`BackupError`]; the directory is as it was, unless files could not be moved: then it says so
/// and is not opened before a restore has been completed.
pub fn restore(
    from: &Path,
    data: &Path,
    custody: KeyCustody,
    occupied: Occupied,
    now: UtcMs,
) -> Result<Restored, BackupError> {
    let entry = chosen(from)?;
    let dir = DataDir::take(data)?;
    if occupied == Occupied::Refuse && is_occupied(dir.path())? {
        return Err(BackupError::Occupied(dir.path().to_owned()));
    }
    clear_left_over(dir.path())?;
    let staging = Scratch::within(dir.path())?;
    let (store, extent, verification) = open_checked(&entry, &staging.0, custody, now)?;
    if !verification.faults.is_empty() {
        let faults = verification.faults;
        let path = entry.path;
        return Err(BackupError::NotVerified { path, faults });
    }
    let devices = note_restore(&store, &entry, now).map_err(OpenError::from)?;
    let role = store.role();
    // closed, it is one file
    drop(store);
    let replaced = put_in_place(dir.path(), &staging.0, now)?;
    Ok(Restored {
        entry,
        extent,
        verification,
        devices,
        role,
        replaced,
    })
}

/// Restores the newest backup of a folder to a scratch place, checks it whole, and removes it.
/// The files in `custody` are only read.
///
/// # Errors
/// [`BackupError`] when it cannot be opened at all; what a check found is in the answer.
pub fn restore_drill(
    folder: &Path,
    custody: KeyCustody,
    now: UtcMs,
) -> Result<Drilled, BackupError> {
    let entry = BackupFolder::at(folder).newest()?;
    let temporary = std::env::temp_dir();
    let scratch = tempfile::Builder::new()
        .prefix("central-drill-")
        .tempdir_in(&temporary)
        .map_err(BackupError::at(&temporary))?;
    let custody = custody.read_only();
    let (store, extent, verification) = open_checked(&entry, scratch.path(), custody, now)?;
    drop(store);
    Ok(Drilled {
        age_ms: now.ms_since(entry.manifest.made_at),
        entry,
        extent,
        verification,
    })
}

fn chosen(from: &Path) -> Result<Entry, BackupError> {
    if from.is_dir() {
        return BackupFolder::at(from).newest();
    }
    Entry::of_file(from)
}

/// Copies a backup to `place`, opens it, which migrates it and erases from it again, and checks it
/// whole. The extent is the backup's, before that.
fn open_checked(
    entry: &Entry,
    place: &Path,
    custody: KeyCustody,
    now: UtcMs,
) -> Result<(Store, Extent, Verification), BackupError> {
    let copy = place.join(DATABASE);
    entry.copy_checked(&copy)?;
    let facts = facts_of_file(&copy).map_err(OpenError::from)?;
    attachments::bring_back(entry, &copy)?;
    let store = open_as_made(&copy, &facts, custody, now)?;
    let missing = entry.manifest.missing();
    let verification = store.verify_but(place, &missing).map_err(OpenError::from)?;
    Ok((store, facts.extent, verification))
}

/// Opens a copy as what it is, a centre's or a hall node's: there is no identity beside it that
/// would say so.
fn open_as_made(
    path: &Path,
    facts: &FileFacts,
    custody: KeyCustody,
    now: UtcMs,
) -> Result<Store, OpenError> {
    let opening = Opening {
        marking: Marking::Real,
        centre_if_new: facts.centre,
        hall_parameters: Parameters::on(now.hall_date())?.hall,
        role: facts.role,
        vfs: None,
        custody,
        now,
    };
    Ok(Store::open(path, opening)?)
}

/// Writes the restore down in the restored store, and says what is held of each device.
fn note_restore(store: &Store, entry: &Entry, now: UtcMs) -> Result<Vec<Held>, StoreError> {
    let devices = store.read_blocking(|reader| reader.held_by_device())?;
    let acted = staff::acted(None, acts::RESTORED, entry.name());
    let is_centre = store.role() == Role::Centre;
    store.write_blocking(move |write| {
        write.note_restored()?;
        // a session that was ended after the backup would be alive again
        write.end_old_sessions(UtcMs(i64::MAX), UtcMs(i64::MAX))?;
        if is_centre {
            write.append(&acted, now)?;
        }
        Ok(())
    })?;
    Ok(devices)
}

/// A directory for the owner only, removed with all that is in it.
struct Scratch(PathBuf);

impl Scratch {
    fn within(data: &Path) -> Result<Self, BackupError> {
        let path = data.join(STAGING);
        private_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // the next opening removes what cannot be removed now
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn private_dir(path: &Path) -> Result<(), BackupError> {
    DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(BackupError::at(path))
}

fn put_in_place(data: &Path, staging: &Path, now: UtcMs) -> Result<Option<PathBuf>, BackupError> {
    let mark = data.join(MARK);
    let marked = || File::create(&mark)?.sync_all();
    marked()
        .and_then(|()| sync_dir(data))
        .map_err(BackupError::at(&mark))?;
    let replaced = move_aside(data, now)?;
    let moved = || -> std::io::Result<()> {
        for name in database_files(staging)? {
            std::fs::rename(staging.join(&name), data.join(&name))?;
        }
        sync_dir(data)?;
        std::fs::remove_file(&mark)?;
        sync_dir(data)
    };
    moved().map_err(BackupError::at(data))?;
    Ok(replaced)
}

fn move_aside(data: &Path, now: UtcMs) -> Result<Option<PathBuf>, BackupError> {
    let old = database_files(data).map_err(BackupError::at(data))?;
    if old.is_empty() {
        return Ok(None);
    }
    let aside = data.join(format!("{REPLACED_PREFIX}{}", stamp(now)));
    private_dir(&aside)?;
    for name in old {
        std::fs::rename(data.join(&name), aside.join(&name)).map_err(BackupError::at(&aside))?;
    }
    sync_dir(&aside).map_err(BackupError::at(&aside))?;
    Ok(Some(aside))
}

/// The database, what SQLite may have put beside it, and the folder of attachments. The journals
/// come before the database: they are never seen beside another one.
fn database_files(folder: &Path) -> std::io::Result<Vec<String>> {
    let names = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    let names = names.collect::<std::io::Result<Vec<_>>>()?;
    let names = names.iter().map(|name| name.to_string_lossy().into_owned());
    let is_stores = |name: &String| name.starts_with(DATABASE) || name == FOLDER;
    let mut files: Vec<String> = names.filter(is_stores).collect();
    files.sort_unstable_by(|one, other| other.cmp(one));
    Ok(files)
}

fn sync_dir(path: &Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()
}

/// Whether there is anything but a lock and what a killed restore left.
fn is_occupied(data: &Path) -> Result<bool, BackupError> {
    let mut entries = std::fs::read_dir(data).map_err(BackupError::at(data))?;
    Ok(entries.any(|entry| {
        entry.is_ok_and(|entry| {
            let name = entry.file_name();
            name != LOCK && name != STAGING
        })
    }))
}

/// Whether a restore was killed while it moved files.
pub(crate) fn is_unfinished(data: &Path) -> bool {
    data.join(MARK).exists()
}

/// Removes what killed checks and restores left in a data directory that this process holds.
pub(crate) fn clear_left_over(data: &Path) -> Result<(), BackupError> {
    let entries = std::fs::read_dir(data).map_err(BackupError::at(data))?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        if name == STAGING || name.to_string_lossy().starts_with(SCRATCH_PREFIX) {
            let path = entry.path();
            std::fs::remove_dir_all(&path).map_err(BackupError::at(&path))?;
        }
    }
    Ok(())
}
