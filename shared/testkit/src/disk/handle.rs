//! An open file, as the VFS sees it: everything that SQLite asks of a file, in safe code.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::Shared;
use super::image::{FileId, Op};
use super::lock::{Hold, Holder, Level, SharedMemory};
use super::medium::{Fault, Medium};

/// What a file is to SQLite, as far as the disk treats it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A database: its name settles with the next sync of the directory that somebody else asks for.
    Database,
    /// A journal or write-ahead log: the first sync of every handle that may have made it settles
    /// the names too, as in the operating system's VFS (`UNIXFILE_DIRSYNC`): the process that made
    /// the file may have died before it settled its name.
    Log,
    /// Nameless, gone with its handle; no crash can show it.
    Scratch,
}

/// How a name that is not there is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    Create,
    Refuse,
}

/// An open file.
#[derive(Debug)]
pub(super) struct Handle {
    disk: Arc<Shared>,
    restarts: u64,
    file: FileId,
    holder: Holder,
    role: Role,
    owes_names: bool,
    memory: Option<Arc<SharedMemory>>,
}

impl Handle {
    pub(super) fn open(
        disk: Arc<Shared>,
        name: Option<&str>,
        role: Role,
        absent: Absent,
    ) -> Result<Self, Fault> {
        let mut medium = disk.medium();
        if !medium.has_power() {
            return Err(Fault::Io);
        }
        let known = name.and_then(|name| medium.files.names.get(name).copied());
        let file = match (known, name) {
            (Some(file), _) => file,
            (None, Some(_)) if absent == Absent::Refuse => return Err(Fault::Missing),
            (None, Some(name)) => {
                let file = medium.new_file();
                let name = name.into();
                medium.issue(Op::Create { name, file })?;
                file
            }
            (None, None) => medium.new_file(),
        };
        medium.opened(file);
        let (restarts, holder) = (medium.restarts, medium.new_holder());
        drop(medium);
        Ok(Self {
            disk,
            restarts,
            file,
            holder,
            role,
            owes_names: role == Role::Log && absent == Absent::Create,
            memory: None,
        })
    }

    /// The disk, unless it has lost its power since this file was opened.
    fn medium(&self) -> Result<std::sync::MutexGuard<'_, Medium>, Fault> {
        let medium = self.disk.medium();
        if medium.restarts == self.restarts && medium.has_power() {
            Ok(medium)
        } else {
            Err(Fault::Io)
        }
    }

    /// Fills `buffer`; returns how many bytes the file had, the rest is zeros.
    pub(super) fn read(&self, offset: usize, buffer: &mut [u8]) -> Result<usize, Fault> {
        let mut medium = self.medium()?;
        medium.counts.reads += 1;
        let count = medium.files.read_at(self.file, offset, buffer);
        buffer[count..].fill(0);
        Ok(count)
    }

    pub(super) fn write(&self, offset: usize, bytes: &[u8]) -> Result<(), Fault> {
        let mut medium = self.medium()?;
        if self.role == Role::Scratch {
            medium.files.write(self.file, offset, bytes);
            return Ok(());
        }
        medium.issue(Op::Write {
            file: self.file,
            offset,
            bytes: bytes.into(),
        })
    }

    pub(super) fn truncate(&self, bytes: usize) -> Result<(), Fault> {
        let op = Op::Truncate {
            file: self.file,
            bytes,
        };
        let mut medium = self.medium()?;
        if self.role == Role::Scratch {
            medium.files.apply(&op);
            return Ok(());
        }
        medium.issue(op)
    }

    pub(super) fn sync(&mut self) -> Result<(), Fault> {
        let mut medium = self.medium()?;
        if self.role == Role::Scratch {
            return Ok(());
        }
        medium.issue(Op::Sync { file: self.file })?;
        if self.owes_names {
            medium.issue(Op::SyncDirectory)?;
        }
        drop(medium);
        self.owes_names = false;
        Ok(())
    }

    pub(super) fn bytes(&self) -> Result<usize, Fault> {
        Ok(self.medium()?.files.length_of(self.file))
    }

    pub(super) fn raise(&self, level: Level) -> Result<(), Fault> {
        let mut medium = self.medium()?;
        let locks = medium.locks.entry(self.file).or_default();
        locks.raise(self.holder, level)
    }

    /// A dead file holds nothing, so that this cannot fail.
    pub(super) fn lower(&self, level: Level) {
        if let Ok(mut medium) = self.medium() {
            let locks = medium.locks.entry(self.file).or_default();
            locks.lower(self.holder, level);
        }
    }

    pub(super) fn is_reserved(&self) -> Result<bool, Fault> {
        let mut medium = self.medium()?;
        Ok(medium.locks.entry(self.file).or_default().is_reserved())
    }

    /// A region of the shared memory, which lives until [`unmap`](Self::unmap).
    pub(super) fn map(
        &mut self,
        number: usize,
        bytes: usize,
        is_wanted: bool,
    ) -> Result<Option<Arc<[AtomicU64]>>, Fault> {
        let memory = self.medium()?.shared_memory_of(self.file);
        let memory = self.memory.get_or_insert(memory);
        Ok(memory.region(number, bytes, is_wanted))
    }

    pub(super) fn lock_memory(&self, slots: Range<usize>, hold: Hold) -> Result<(), Fault> {
        drop(self.medium()?);
        let memory = self.memory.as_ref().ok_or(Fault::Io)?;
        memory.lock(slots, self.holder, hold)
    }

    pub(super) fn unlock_memory(&self, slots: Range<usize>) {
        if let Some(memory) = &self.memory {
            memory.unlock(slots, self.holder);
        }
    }

    pub(super) fn unmap(&mut self) {
        self.unlock_memory(0..8);
        self.memory = None;
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.unmap();
        self.lower(Level::None);
        let mut medium = self.disk.medium();
        if medium.restarts == self.restarts {
            medium.closed(self.file);
        }
    }
}
