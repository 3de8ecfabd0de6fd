//! Files with their names at one moment, and the operations that change them. A clone costs a few
//! counters: contents are shared until somebody writes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::content::Content;

/// What stands where a file has been lengthened and its bytes have not arrived: anything but zeros.
const JUNK: u8 = 0xA5;

/// A file apart from its name, which may be given to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(super) u32);

/// One operation that changes a disk, or that makes changes durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// A name is given to a new, empty file.
    Create {
        /// The name.
        name: Arc<str>,
        /// The file.
        file: FileId,
    },
    /// A name is taken away.
    Delete {
        /// The name.
        name: Arc<str>,
    },
    /// Bytes are written, past the end too.
    Write {
        /// Into which file.
        file: FileId,
        /// From which byte on.
        offset: usize,
        /// What.
        bytes: Arc<[u8]>,
    },
    /// A file is cut, or lengthened with zeros.
    Truncate {
        /// Which file.
        file: FileId,
        /// Its length from now on, in bytes.
        bytes: usize,
    },
    /// The contents and the length of a file are durable.
    Sync {
        /// Which file.
        file: FileId,
    },
    /// The names are durable.
    SyncDirectory,
}

impl Op {
    /// Whether `sync` makes this operation durable.
    pub(super) fn is_settled_by(&self, sync: &Self) -> bool {
        match (self, sync) {
            (Self::Create { .. } | Self::Delete { .. }, Self::SyncDirectory) => true,
            (
                Self::Write { file, .. } | Self::Truncate { file, .. },
                Self::Sync { file: synced },
            ) => file == synced,
            _ => false,
        }
    }
}

/// The files of a disk at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    pub(super) names: BTreeMap<Arc<str>, FileId>,
    pub(super) contents: BTreeMap<FileId, Arc<Content>>,
}

impl Image {
    /// The contents of the file with this name.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = vec![0; self.length(name)?];
        self.read_at(*self.names.get(name)?, 0, &mut bytes);
        Some(bytes)
    }

    /// The length of the file with this name, in bytes.
    #[must_use]
    pub fn length(&self, name: &str) -> Option<usize> {
        self.names.get(name).map(|file| self.length_of(*file))
    }

    /// The names in use.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(AsRef::as_ref)
    }

    /// The length of all contents, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.contents.values().map(|content| content.length()).sum()
    }

    pub(super) fn length_of(&self, file: FileId) -> usize {
        self.contents
            .get(&file)
            .map_or(0, |content| content.length())
    }

    /// Fills `buffer` from `offset` on; returns how many bytes there were.
    pub(super) fn read_at(&self, file: FileId, offset: usize, buffer: &mut [u8]) -> usize {
        let content = self.contents.get(&file);
        content.map_or(0, |content| content.read(offset, buffer))
    }

    /// Carries an operation out.
    pub(super) fn apply(&mut self, op: &Op) {
        match op {
            Op::Create { name, file } => {
                self.names.insert(Arc::clone(name), *file);
                self.contents.entry(*file).or_default();
            }
            Op::Delete { name } => {
                self.names.remove(name);
            }
            Op::Write {
                file,
                offset,
                bytes,
            } => self.write(*file, *offset, bytes),
            Op::Truncate { file, bytes } => self.content_mut(*file).resize(*bytes),
            Op::Sync { .. } | Op::SyncDirectory => {}
        }
    }

    /// Writes bytes; a hole before them reads as zeros.
    pub(super) fn write(&mut self, file: FileId, offset: usize, bytes: &[u8]) {
        self.content_mut(file).write(offset, bytes);
    }

    /// Lengthens a file over `range` without its bytes.
    pub(super) fn write_junk(&mut self, file: FileId, range: Range<usize>) {
        self.write(file, range.start, &vec![JUNK; range.len()]);
    }

    fn content_mut(&mut self, file: FileId) -> &mut Content {
        Arc::make_mut(self.contents.entry(file).or_default())
    }

    /// Forgets contents that no name leads to, except those that `keeps` wants.
    pub(super) fn forget_nameless(&mut self, keeps: impl Fn(FileId) -> bool) {
        let names = &self.names;
        self.contents
            .retain(|file, _| keeps(*file) || names.values().any(|named| named == file));
    }
}
