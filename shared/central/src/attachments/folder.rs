//! The folder of sealed files, `ab/cdef…` by their SHA-256. A file bears its name only when it is
//! whole and durable, and is never changed afterwards. Only the owner may read it.
//!
//! The same form lies in the data directory and, once for all backups, in their folder.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::BlobName;
use crate::store::create_private;

/// The folder's name, in a data directory and among backups.
pub(crate) const FOLDER: &str = "attachments";
/// Names of what is not whole end so.
const PARTIAL: &str = "partial";
/// Read at a stretch when copying.
const CHUNK_BYTES: usize = 1 << 20;

/// The folder, which need not exist.
#[derive(Debug, Clone)]
pub(crate) struct BlobFolder {
    path: PathBuf,
}

/// What a name stands for on the disk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The bytes that the name is the hash of.
    Sound(Vec<u8>),
    /// Other bytes.
    Damaged,
    /// Nothing.
    Missing,
}

impl BlobFolder {
    /// The folder of attachments within `parent`.
    pub(crate) fn within(parent: &Path) -> Self {
        Self {
            path: parent.join(FOLDER),
        }
    }

    /// Puts a sealed content under its name. Durable when this returns.
    pub(crate) fn put(&self, name: &BlobName, sealed: &[u8]) -> io::Result<()> {
        let made = self.make_aside(name, |file| file.write_all(sealed))?;
        self.give_name(&made, name)
    }

    /// Copies a file from another folder, unless there is one. Says whether what came is sound; of
    /// anything else nothing is kept.
    pub(crate) fn take_from(&self, other: &Self, name: &BlobName) -> io::Result<bool> {
        let to = self.path.join(name.path());
        if to.exists() {
            return Ok(true);
        }
        let mut from = match File::open(other.path.join(name.path())) {
            Ok(from) => from,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let mut hash = Sha256::new();
        let made = self.make_aside(name, |file| copy(&mut from, file, &mut hash))?;
        if BlobName::of_hash(hash) != *name {
            fs::remove_file(&made)?;
            return Ok(false);
        }
        self.give_name(&made, name)?;
        Ok(true)
    }

    /// What is under a name, compared with it.
    pub(crate) fn read(&self, name: &BlobName) -> io::Result<Found> {
        match fs::read(self.path.join(name.path())) {
            Ok(bytes) if BlobName::of(&bytes) == *name => Ok(Found::Sound(bytes)),
            Ok(_) => Ok(Found::Damaged),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Missing),
            Err(error) => Err(error),
        }
    }

    /// Removes a file, if there is one.
    pub(crate) fn remove(&self, name: &BlobName) -> io::Result<()> {
        absent_is_fine(fs::remove_file(self.path.join(name.path())))
    }

    /// Removes every file that is not among `wanted`, and what a killed process left. To be called
    /// only while nobody puts files in.
    pub(crate) fn keep_only(&self, wanted: &BTreeSet<BlobName>) -> io::Result<()> {
        for folder in entries(&self.path)? {
            for file in entries(&folder)? {
                let digits = [&folder, &file].map(|path| file_name(path));
                let name = digits.concat().parse::<BlobName>();
                if name.is_ok_and(|name| wanted.contains(&name)) {
                    continue;
                }
                absent_is_fine(fs::remove_file(file))?;
            }
        }
        Ok(())
    }

    /// A whole, durable file under a name that nobody reads.
    fn make_aside(
        &self,
        name: &BlobName,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<PathBuf> {
        let path = self.path.join(name.path()).with_extension(PARTIAL);
        self.make_folders(&path)?;
        absent_is_fine(fs::remove_file(&path))?;
        let mut file = create_private(&path)?;
        let filled = fill(&mut file).and_then(|()| file.sync_all());
        filled.inspect_err(|_| drop(fs::remove_file(&path)))?;
        Ok(path)
    }

    fn make_folders(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().unwrap_or(&self.path);
        if folder.is_dir() {
            return Ok(());
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        sync_dir(&self.path)?;
        self.path.parent().map_or(Ok(()), sync_dir)
    }

    fn give_name(&self, made: &Path, name: &BlobName) -> io::Result<()> {
        let to = self.path.join(name.path());
        fs::rename(made, &to)?;
        sync_dir(to.parent().unwrap_or(&self.path))
    }
}

fn copy(from: &mut File, to: &mut File, hash: &mut Sha256) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        hash.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
    }
}

/// Paths in a directory; none when there is no such directory.
fn entries(path: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(path) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn place() -> (tempfile::TempDir, BlobFolder) {
        let place = tempfile::tempdir().unwrap();
        let folder = BlobFolder::within(place.path());
        (place, folder)
    }

    #[test]
    fn what_was_put_is_there_whole_and_for_its_owner_only() {
        let (place, folder) = place();
        let name = BlobName::of(b"sealed");
        assert_eq!(folder.read(&name).unwrap(), Found::Missing);
        folder.put(&name, b"sealed").unwrap();
        assert_eq!(folder.read(&name).unwrap(), Found::Sound(b"sealed".into()));
        let path = place.path().join(FOLDER).join(name.path());
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        fs::write(path, b"sealeD").unwrap();
        assert_eq!(folder.read(&name).unwrap(), Found::Damaged);
    }

    #[test]
    fn a_copy_is_checked_on_the_way_and_nothing_else_gets_the_name() {
        let ((_one, from), (_other, to)) = (place(), place());
        let (name, damaged) = (BlobName::of(b"sealed"), BlobName::of(b"other"));
        from.put(&name, b"sealed").unwrap();
        from.put(&damaged, b"not it").unwrap();
        assert!(to.take_from(&from, &name).unwrap());
        assert!(!to.take_from(&from, &damaged).unwrap());
        assert!(!to.take_from(&from, &BlobName::of(b"absent")).unwrap());
        assert_eq!(to.read(&damaged).unwrap(), Found::Missing);
        from.remove(&name).unwrap();
        assert!(to.take_from(&from, &name).unwrap(), "it has it");
    }

    #[test]
    fn what_nobody_wants_and_what_is_half_made_goes() {
        let (place, folder) = place();
        let (kept, gone) = (BlobName::of(b"kept"), BlobName::of(b"gone"));
        folder.put(&kept, b"kept").unwrap();
        folder.put(&gone, b"gone").unwrap();
        let half = place
            .path()
            .join(FOLDER)
            .join(kept.path())
            .with_extension(PARTIAL);
        fs::write(&half, b"ke").unwrap();
        folder.keep_only(&[kept.clone()].into()).unwrap();
        assert_eq!(folder.read(&gone).unwrap(), Found::Missing);
        assert_eq!(folder.read(&kept).unwrap(), Found::Sound(b"kept".into()));
        assert!(!half.exists());
    }
}
