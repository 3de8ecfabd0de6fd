//! The ids of erased persons, one a line, appended and never rewritten, beside the master key and
//! so outside the data directory and its backups. The store is the truth; this list is what a
//! store restored from before an erasure is corrected by. Ids say nothing about a person.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use domain::id::PersonId;

use super::KeyError;
use super::custody::io;

/// The list in its file.
#[derive(Debug)]
pub(crate) struct ErasedList {
    path: PathBuf,
}

impl ErasedList {
    /// The list at `path`, which need not exist.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Everyone on it. A last line without its end was cut off by a crash and is not counted: its
    /// erasure is in the store and is added again.
    ///
    /// # Errors
    /// [`KeyError::ListDamaged`], [`KeyError::Io`].
    pub(crate) fn read(&self) -> Result<BTreeSet<PersonId>, KeyError> {
        let mut bytes = Vec::new();
        match File::open(&self.path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(io(&self.path, &error)),
            Ok(_) => {}
        }
        persons_in(&bytes).map_err(|line| KeyError::ListDamaged {
            path: self.path.clone(),
            line,
        })
    }

    /// Adds those who are not on it. Durable when this returns.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn add(&self, erased: &BTreeSet<PersonId>) -> Result<(), KeyError> {
        let known = self.read()?;
        let new: Vec<_> = erased.difference(&known).collect();
        if new.is_empty() {
            return Ok(());
        }
        let lines: String = new.iter().map(|person| format!("{person}\n")).collect();
        self.append(lines.as_bytes())
            .map_err(|error| io(&self.path, &error))
    }

    fn append(&self, lines: &[u8]) -> std::io::Result<()> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&self.path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let end = whole.map_or(0, |last| last as u64 + 1);
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(lines)?;
        file.sync_all()?;
        let directory = self.path.parent().unwrap_or(Path::new("/"));
        File::open(directory)?.sync_all()
    }
}

/// Everyone in the whole lines, or the number of the first line that is no id.
fn persons_in(bytes: &[u8]) -> Result<BTreeSet<PersonId>, usize> {
    let mut persons = BTreeSet::new();
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    for (index, line) in lines.enumerate() {
        let Some(line) = line.strip_suffix(b"\n") else {
            break;
        };
        let text = std::str::from_utf8(line).map_err(|_| index + 1)?;
        persons.insert(text.parse().map_err(|_| index + 1)?);
    }
    Ok(persons)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn persons(numbers: &[u128]) -> BTreeSet<PersonId> {
        let id = |n: &u128| PersonId(Uuid::from_u128(*n));
        numbers.iter().map(id).collect()
    }

    #[test]
    fn a_line_cut_off_by_a_crash_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let list = ErasedList::at(folder.path().join("erased"));
        list.add(&persons(&[1, 2])).unwrap();
        let whole = std::fs::read(&list.path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&list.path, &whole[..cut]).unwrap();
            assert!(list.read().unwrap().is_subset(&persons(&[1, 2])));
            list.add(&persons(&[1, 2])).unwrap();
            assert_eq!(list.read().unwrap(), persons(&[1, 2]), "cut at {cut}");
        }
    }

    #[test]
    fn a_whole_line_that_is_no_id_is_said_with_its_number() {
        let text = format!("{}\nnobody\n", Uuid::from_u128(1));
        assert_eq!(persons_in(text.as_bytes()), Err(2));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_list_or_a_line(bytes: Vec<u8>) {
            let _ = persons_in(&bytes);
        }
    }
}
