//! A folder of backups: what is in it, adding one so that nothing half-made bears its name, and
//! deleting by age what sound newer ones stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::id::DeviceId;
use domain::time::UtcMs;
use sha2::{Digest, Sha256};

use crate::attachments::BlobFolder;
use crate::store::{Reader, Store, StoreError, create_private, facts_of_file};

use super::BackupError;
use super::attachments::{self, Carried};
use super::keeping::{Keeping, reasons, to_keep};
use super::manifest::{Manifest, NAME_PREFIX, stamp};

/// Names of what is not done yet end so.
const PARTIAL: &str = "partial";
/// Read at a stretch when hashing.
const CHUNK_BYTES: usize = 1 << 20;

/// A backup in a folder, as its manifest says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The database file.
    pub path: PathBuf,
    /// What it must be.
    pub manifest: Manifest,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// Backups whose manifest and length are right, oldest record first.
    pub entries: Vec<Entry>,
    /// Files that bear a backup's name and are none.
    pub unsound: Vec<PathBuf>,
}

/// The folder, for reading.
#[derive(Debug)]
pub struct BackupFolder {
    path: PathBuf,
}

/// The folder while one backup is being made: one process at a time.
#[derive(Debug)]
pub(super) struct TakenFolder {
    folder: BackupFolder,
    _lock: File,
}

impl Entry {
    /// The backup in a file, with the manifest beside it.
    ///
    /// # Errors
    /// [`BackupError::Damaged`] when there is no manifest or the length is another.
    pub fn of_file(path: &Path) -> Result<Self, BackupError> {
        let damaged = |fault: String| BackupError::Damaged {
            path: path.to_owned(),
            fault,
        };
        let length = std::fs::metadata(path)
            .map_err(BackupError::at(path))?
            .len();
        let beside = path.with_extension("json");
        if !beside.exists() {
            return Err(damaged(format!("旁边没有说明文件 {}", beside.display())));
        }
        let manifest = Manifest::read(&beside)?;
        if manifest.bytes != length {
            return Err(damaged(format!(
                "长度不对，应有 {} 字节，实有 {length} 字节",
                manifest.bytes
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            manifest,
        })
    }

    /// Whether every byte is as it was made.
    pub(super) fn check_hash(&self) -> Result<(), BackupError> {
        let found = hash_while(&self.path, |_| Ok(()))?;
        self.compare(&found)
    }

    /// Copies the file to `to` and checks every byte on the way.
    pub(super) fn copy_checked(&self, to: &Path) -> Result<(), BackupError> {
        let mut copy = create_private(to).map_err(BackupError::at(to))?;
        let found = hash_while(&self.path, |bytes| {
            copy.write_all(bytes).map_err(BackupError::at(to))
        })?;
        self.compare(&found)?;
        copy.sync_all().map_err(BackupError::at(to))
    }

    fn compare(&self, found: &str) -> Result<(), BackupError> {
        if *found == self.manifest.sha256 {
            return Ok(());
        }
        Err(BackupError::Damaged {
            path: self.path.clone(),
            fault: "内容和做备份时不一样，文件坏了".to_owned(),
        })
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.path)
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Hashes a file, showing each piece to `each`.
fn hash_while(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<String, BackupError> {
    let mut file = File::open(path).map_err(BackupError::at(path))?;
    let (mut hash, mut chunk) = (Sha256::new(), vec![0; CHUNK_BYTES]);
    loop {
        let read = file.read(&mut chunk).map_err(BackupError::at(path))?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&chunk[..read]);
        each(&chunk[..read])?;
    }
}

impl BackupFolder {
    /// The folder at `path`, which need not exist.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// What is in it; nothing when there is no such folder.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn list(&self) -> Result<Listing, BackupError> {
        let mut listing = Listing::default();
        if !self.path.exists() {
            return Ok(listing);
        }
        for file in self.files()? {
            let name = name_of(&file);
            if !name.starts_with(NAME_PREFIX) || !name.ends_with(".db") {
                continue;
            }
            match Entry::of_file(&file) {
                Ok(entry) => listing.entries.push(entry),
                Err(error) => {
                    tracing::warn!(%error, "a backup cannot be used");
                    listing.unsound.push(file);
                }
            }
        }
        listing.entries.sort_by_key(|entry| {
            let position = entry.manifest.extent.last.as_ref();
            (position.map(|last| last.position), entry.manifest.made_at)
        });
        Ok(listing)
    }

    /// The backup that goes furthest, by the record's own order and not by a clock.
    ///
    /// # Errors
    /// [`BackupError::NoBackup`], [`BackupError::SeveralStores`].
    pub fn newest(&self) -> Result<Entry, BackupError> {
        let listing = self.list()?;
        let stores: BTreeSet<DeviceId> = listing
            .entries
            .iter()
            .map(|entry| entry.manifest.store)
            .collect();
        if stores.len() > 1 {
            return Err(BackupError::SeveralStores(self.path.clone()));
        }
        let newest = listing.entries.into_iter().next_back();
        newest.ok_or_else(|| BackupError::NoBackup(self.path.clone()))
    }

    fn files(&self) -> Result<Vec<PathBuf>, BackupError> {
        let entries = std::fs::read_dir(&self.path).map_err(BackupError::at(&self.path))?;
        let paths = entries.map(|entry| Ok(entry?.path()));
        let mut files = paths
            .collect::<std::io::Result<Vec<_>>>()
            .map_err(BackupError::at(&self.path))?;
        files.sort();
        Ok(files)
    }

    /// Makes the folder if need be and takes it; removes what a killed process left half-made.
    pub(super) fn take(self) -> Result<TakenFolder, BackupError> {
        let not_written = |error: std::io::Error| BackupError::NotWritten {
            folder: self.path.clone(),
            reason: error.to_string(),
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
            .map_err(not_written)?;
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .to_owned();
        let lock = open.open(self.path.join("lock")).map_err(not_written)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::FolderBusy(self.path)),
            Err(TryLockError::Error(error)) => return Err(not_written(error)),
        }
        for file in self.files()? {
            let is_alone = name_of(&file).starts_with(NAME_PREFIX)
                && file.extension().is_some_and(|ending| ending == "json")
                && !file.with_extension("db").exists();
            if is_alone || name_of(&file).contains(PARTIAL) {
                std::fs::remove_file(&file).map_err(not_written)?;
            }
        }
        Ok(TakenFolder {
            folder: self,
            _lock: lock,
        })
    }
}

/// Half-made files, removed unless they were put into place.
struct Partial(Vec<PathBuf>);

impl Drop for Partial {
    fn drop(&mut self) {
        for path in &self.0 {
            // the next backup removes what cannot be removed now
            drop(std::fs::remove_file(path));
        }
    }
}

impl TakenFolder {
    /// Makes a backup of the store as it is at one instant.
    pub(super) fn add(&self, store: &Store, now: UtcMs) -> Result<Entry, BackupError> {
        let path = self
            .folder
            .path
            .join(format!("{NAME_PREFIX}{}.db", stamp(now)));
        let partial = path.with_extension(format!("db.{PARTIAL}"));
        let manifest_partial = path.with_extension(format!("json.{PARTIAL}"));
        if path.exists() {
            return Err(BackupError::NotWritten {
                folder: path,
                reason: "同一时刻的备份已经有了".to_owned(),
            });
        }
        let _cleared = Partial(vec![
            partial.clone(),
            path.with_extension(format!("db.{PARTIAL}-journal")),
            manifest_partial.clone(),
        ]);
        store
            .read_blocking(|reader: &Reader<'_>| reader.copy_to(&partial))
            .map_err(|error| self.not_copied(error))?;
        let carried = attachments::carry(&store.blobs(), &self.blobs(), &partial)?;
        let manifest = self.manifest_of(&partial, carried, now)?;
        let text = serde_json::to_string_pretty(&manifest)
            .expect("a manifest as JSON, because all of its fields are");
        let put = || -> std::io::Result<()> {
            let mut file = create_private(&manifest_partial)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&manifest_partial, path.with_extension("json"))?;
            std::fs::rename(&partial, &path)?;
            File::open(&self.folder.path)?.sync_all()
        };
        put().map_err(|error| self.not_written(&error))?;
        Ok(Entry { path, manifest })
    }

    fn manifest_of(
        &self,
        file: &Path,
        carried: Carried,
        now: UtcMs,
    ) -> Result<Manifest, BackupError> {
        let facts = facts_of_file(file).map_err(BackupError::Unsound)?;
        let length = std::fs::metadata(file).map_err(|error| self.not_written(&error))?;
        Ok(Manifest {
            format: Manifest::FORMAT,
            made_at: now,
            made_at_text: now.hall_time().format("%Y-%m-%d %H:%M:%S").to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            store: facts.centre,
            schema: facts.schema,
            extent: facts.extent,
            attachments: carried.count,
            attachments_missing: carried.missing,
            bytes: length.len(),
            sha256: hash_while(file, |_| Ok(()))?,
        })
    }

    fn blobs(&self) -> BlobFolder {
        BlobFolder::within(&self.folder.path)
    }

    fn not_copied(&self, error: StoreError) -> BackupError {
        match error {
            StoreError::Full(reason) => BackupError::NotWritten {
                folder: self.folder.path.clone(),
                reason,
            },
            other => BackupError::Unsound(other),
        }
    }

    fn not_written(&self, error: &std::io::Error) -> BackupError {
        BackupError::NotWritten {
            folder: self.folder.path.clone(),
            reason: error.to_string(),
        }
    }

    /// Deletes the backups of the same store that are too old, never for the sake of one that is
    /// not sound. Returns the names of what was deleted and of what is not sound.
    pub(super) fn keep_by_age(
        &self,
        made: &Entry,
        keeping: &Keeping,
    ) -> Result<(Vec<String>, Vec<String>), BackupError> {
        let listing = self.folder.list()?;
        let mut unsound: Vec<String> = listing.unsound.iter().map(|path| name_of(path)).collect();
        let of_store = listing
            .entries
            .into_iter()
            .filter(|entry| entry.manifest.store == made.manifest.store);
        let mut entries: BTreeMap<UtcMs, Entry> = of_store
            .map(|entry| (entry.manifest.made_at, entry))
            .collect();
        let mut checked: BTreeSet<UtcMs> = [made.manifest.made_at].into();
        let doomed = loop {
            let all: Vec<UtcMs> = entries.keys().copied().collect();
            let kept = to_keep(&all, made.manifest.made_at, keeping);
            let doomed: Vec<UtcMs> = all.into_iter().filter(|at| !kept.contains(at)).collect();
            let wanted: BTreeSet<UtcMs> =
                doomed.iter().flat_map(|at| reasons(*at, &kept)).collect();
            let unchecked = wanted.iter().find(|at| !checked.contains(at)).copied();
            let Some(unchecked) = unchecked else {
                break doomed;
            };
            checked.insert(unchecked);
            if entries[&unchecked].check_hash().is_err() {
                unsound.extend(entries.remove(&unchecked).map(|entry| entry.name()));
            }
        };
        let mut deleted = Vec::new();
        for entry in doomed.iter().filter_map(|at| entries.get(at)) {
            // the database first: a manifest alone is nothing
            for path in [entry.path.clone(), entry.path.with_extension("json")] {
                std::fs::remove_file(&path).map_err(BackupError::at(&path))?;
            }
            deleted.push(entry.name());
        }
        if !deleted.is_empty() {
            attachments::let_go(&self.blobs(), &self.folder)?;
        }
        Ok((deleted, unsound))
    }
}
