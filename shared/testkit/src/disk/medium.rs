//! The disk itself: its files, its bounds, its counts, and the moment at which it loses power.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use super::crash::{CrashPoint, Journal, WriteBack};
use super::image::{FileId, Image, Op};
use super::lock::{FileLocks, Holder, SharedMemory};

/// Why the disk did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is no power.
    Io,
    /// There is no room.
    Full,
    /// Somebody else holds it.
    Busy,
    /// There is no such file.
    Missing,
}

/// What a restart finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aftermath {
    /// The process died: everything written is there.
    ProcessDied,
    /// The power failed and nothing unsettled survived.
    OnlySynced,
    /// The power failed; the seed decides what survived.
    Drawn {
        /// The seed.
        seed: u64,
    },
}

/// How often the disk was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operations that change the disk or make changes durable.
    pub operations: u64,
    /// Reads.
    pub reads: u64,
}

#[derive(Debug, Default)]
pub(super) struct Medium {
    pub(super) files: Image,
    pub(super) counts: Counts,
    pub(super) bytes_max: Option<usize>,
    /// Counts restarts; a file opened before the last one is dead.
    pub(super) restarts: u64,
    /// Operations until the power fails.
    pub(super) operations_left: Option<u64>,
    pub(super) locks: BTreeMap<FileId, FileLocks>,
    pub(super) shared_memory: BTreeMap<FileId, Weak<SharedMemory>>,
    /// How often each file is open.
    opened: BTreeMap<FileId, u32>,
    write_back: WriteBack,
    journal: Option<Journal>,
    last_file: u32,
    last_holder: u64,
}

impl Medium {
    pub(super) fn of(image: Image) -> Self {
        let last_file = image.contents.keys().map(|file| file.0).max().unwrap_or(0);
        Self {
            write_back: WriteBack::of(image.clone()),
            files: image,
            last_file,
            ..Self::default()
        }
    }

    pub(super) fn has_power(&self) -> bool {
        self.operations_left != Some(0)
    }

    pub(super) fn new_file(&mut self) -> FileId {
        self.last_file += 1;
        FileId(self.last_file)
    }

    pub(super) fn new_holder(&mut self) -> Holder {
        self.last_holder += 1;
        Holder(self.last_holder)
    }

    /// Carries an operation out, or fails and changes nothing.
    pub(super) fn issue(&mut self, op: Op) -> Result<(), Fault> {
        if !self.has_power() {
            return Err(Fault::Io);
        }
        if !self.has_room_for(&op) {
            return Err(Fault::Full);
        }
        self.counts.operations += 1;
        self.operations_left = self.operations_left.map(|left| left - 1);
        self.files.apply(&op);
        if let Some(journal) = &mut self.journal {
            journal.ops.push(op.clone());
        }
        self.write_back.push(op);
        Ok(())
    }

    fn has_room_for(&self, op: &Op) -> bool {
        let (
            Some(bytes_max),
            Op::Write {
                file,
                offset,
                bytes,
            },
        ) = (self.bytes_max, op)
        else {
            return true;
        };
        let length = self.files.length_of(*file);
        let added = (offset + bytes.len()).saturating_sub(length);
        added == 0 || self.files.bytes() + added <= bytes_max
    }

    pub(super) fn record(&mut self) {
        self.journal = Some(Journal {
            base: self.write_back.clone(),
            first_operation: self.counts.operations,
            ops: Vec::new(),
        });
    }

    pub(super) fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
    }

    pub(super) fn opened(&mut self, file: FileId) {
        *self.opened.entry(file).or_default() += 1;
    }

    pub(super) fn closed(&mut self, file: FileId) {
        let opened = self.opened.entry(file).or_default();
        *opened = opened.saturating_sub(1);
        self.forget_unreachable();
    }

    /// Forgets files that have no name and are not open. What may come back after a crash is in
    /// `write_back`.
    pub(super) fn forget_unreachable(&mut self) {
        let opened = &self.opened;
        self.files
            .forget_nameless(|file| opened.get(&file).is_some_and(|times| *times > 0));
    }

    pub(super) fn written(&self) -> Image {
        let mut written = self.files.clone();
        written.forget_nameless(|_| false);
        written
    }

    pub(super) fn restart(&mut self, aftermath: Aftermath) {
        let found = match aftermath {
            Aftermath::ProcessDied => self.written(),
            Aftermath::OnlySynced => {
                let mut durable = self.write_back.durable.clone();
                durable.forget_nameless(|_| false);
                durable
            }
            Aftermath::Drawn { seed } => {
                CrashPoint::of(std::mem::take(&mut self.write_back)).into_drawn(seed)
            }
        };
        let is_recording = self.journal.is_some();
        if aftermath == Aftermath::ProcessDied {
            // the operating system still has them, so they settle later as they would have
            self.files = found;
        } else {
            self.write_back = WriteBack::of(found.clone());
            self.files = found;
            if is_recording {
                self.record();
            }
        }
        self.restarts += 1;
        self.operations_left = None;
        self.opened.clear();
        self.locks.clear();
        self.shared_memory.clear();
    }

    /// The memory that the connections to `file` share.
    pub(super) fn shared_memory_of(&mut self, file: FileId) -> Arc<SharedMemory> {
        let known = self.shared_memory.get(&file).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let new = Arc::new(SharedMemory::default());
            self.shared_memory.insert(file, Arc::downgrade(&new));
            new
        })
    }
}
