//! Who may read and write a database: SQLite's five states of a file, and the eight slots of its
//! shared memory. Nobody waits here; who cannot have a lock is told that it is busy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use super::medium::Fault;

/// An open file, as a holder of locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder(pub(super) u64);

/// A connection's hold on a file, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

/// The holds on one file.
#[derive(Debug, Default)]
pub(super) struct FileLocks {
    held: BTreeMap<Holder, Level>,
}

impl FileLocks {
    /// Raises a hold to `wanted`; on the way to `Exclusive` it may stay at `Pending`.
    pub(super) fn raise(&mut self, holder: Holder, wanted: Level) -> Result<(), Fault> {
        let mine = self.level(holder);
        if mine >= wanted {
            return Ok(());
        }
        let highest_other = self.highest_but(holder);
        let is_free = match wanted {
            Level::None => true,
            Level::Shared => highest_other < Level::Pending,
            Level::Reserved | Level::Pending | Level::Exclusive => highest_other < Level::Reserved,
        };
        if !is_free {
            return Err(Fault::Busy);
        }
        if wanted == Level::Exclusive && highest_other >= Level::Shared {
            self.held.insert(holder, Level::Pending);
            return Err(Fault::Busy);
        }
        self.held.insert(holder, wanted);
        Ok(())
    }

    pub(super) fn lower(&mut self, holder: Holder, wanted: Level) {
        if wanted == Level::None {
            self.held.remove(&holder);
        } else {
            self.held.insert(holder, wanted);
        }
    }

    /// Whether anybody is about to write.
    pub(super) fn is_reserved(&self) -> bool {
        self.held.values().any(|level| *level >= Level::Reserved)
    }

    fn level(&self, holder: Holder) -> Level {
        self.held.get(&holder).copied().unwrap_or(Level::None)
    }

    fn highest_but(&self, holder: Holder) -> Level {
        let others = self.held.iter().filter(|(other, _)| **other != holder);
        others.map(|(_, level)| *level).max().unwrap_or(Level::None)
    }
}

/// How a slot of the shared memory is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Shared,
    Exclusive,
}

/// The memory that connections to one database share (the `-shm` file, which no crash survives).
#[derive(Debug, Default)]
pub(super) struct SharedMemory {
    inner: Mutex<Regions>,
}

#[derive(Debug, Default)]
struct Regions {
    regions: Vec<Arc<[AtomicU64]>>,
    slots: [Slot; 8],
}

#[derive(Debug, Default)]
struct Slot {
    exclusive: Option<Holder>,
    shared: BTreeSet<Holder>,
}

impl SharedMemory {
    /// The region with this number, made of zeros if it is wanted and not there. It stays where it
    /// is as long as this memory.
    pub(super) fn region(
        &self,
        number: usize,
        bytes: usize,
        is_wanted: bool,
    ) -> Option<Arc<[AtomicU64]>> {
        let mut inner = self.inner.lock().expect(UNPOISONED);
        while is_wanted && inner.regions.len() <= number {
            let words = (0..bytes.div_ceil(8)).map(|_| AtomicU64::new(0));
            inner.regions.push(words.collect());
        }
        inner.regions.get(number).cloned()
    }

    pub(super) fn lock(
        &self,
        slots: std::ops::Range<usize>,
        holder: Holder,
        hold: Hold,
    ) -> Result<(), Fault> {
        let mut inner = self.inner.lock().expect(UNPOISONED);
        let slots = &mut inner.slots[slots];
        let is_free = slots.iter().all(|slot| match hold {
            Hold::Shared => slot.exclusive.is_none_or(|by| by == holder),
            Hold::Exclusive => {
                slot.exclusive.is_none_or(|by| by == holder)
                    && slot.shared.iter().all(|by| *by == holder)
            }
        });
        if !is_free {
            return Err(Fault::Busy);
        }
        for slot in slots {
            match hold {
                Hold::Shared => drop(slot.shared.insert(holder)),
                Hold::Exclusive => slot.exclusive = Some(holder),
            }
        }
        Ok(())
    }

    pub(super) fn unlock(&self, slots: std::ops::Range<usize>, holder: Holder) {
        let mut inner = self.inner.lock().expect(UNPOISONED);
        for slot in &mut inner.slots[slots] {
            slot.shared.remove(&holder);
            if slot.exclusive == Some(holder) {
                slot.exclusive = None;
            }
        }
    }
}

const UNPOISONED: &str = "the lock, because no holder panics";
