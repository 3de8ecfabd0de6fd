//! What may be found on a disk after the power failed.
//!
//! The rules: an operation that a sync has settled is there. Of the others each one, independently
//! and in whatever order the device liked, may be there, be absent, or, a write, be there for some
//! of the 512-byte sectors it covers. A file's length follows from the writes that are there; where
//! a write lengthened the file, the length may be there without the bytes, which are junk then.
//! Names settle by a sync of the directory only. Bytes beside a write are never disturbed: that is
//! what `SQLITE_IOCAP_POWERSAFE_OVERWRITE` states, and the operating system's VFS, under which the
//! programs run, states it too.
//!
//! Which of these images are made, per point at which the power may fail:
//! - **exhaustive**: every combination of sectors when at most
//!   [`sectors_max`](Thoroughness::sectors_max) are unsettled; every combination of whole operations
//!   when at most [`operations_max`](Thoroughness::operations_max) are;
//! - **systematic** at any size: every prefix, every single operation missing, every single one
//!   present; the newest [`torn_max`](Thoroughness::torn_max) writes torn after each of their
//!   sectors and with each single sector missing, both with all other operations there and with
//!   only the earlier ones; junk in the place of each write at a file's end and of all of them;
//! - **sampled**: [`sampled`](Thoroughness::sampled) drawings in which the seed loses each
//!   operation, keeps it, or decides sector by sector.
//!
//! [`images_max`](Thoroughness::images_max) bounds all of it, for checks that are dear.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::random::Seeded;

use super::image::{FileId, Image, Op};

/// A sector, the unit in which a write is torn, in bytes.
pub const SECTOR_BYTES: usize = 512;

/// How many images are made of one point; see the module's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thoroughness {
    /// Unsettled sectors up to which every combination is made.
    pub sectors_max: u32,
    /// Unsettled operations up to which every combination is made.
    pub operations_max: u32,
    /// How many of the newest writes are torn in every systematic way.
    pub torn_max: usize,
    /// Drawings by the seed.
    pub sampled: u32,
    /// Most images of one point. Where there are more, the seed draws this many of them: then
    /// nothing above is exhaustive at that point.
    pub images_max: usize,
    /// The seed.
    pub seed: u64,
}

impl Default for Thoroughness {
    fn default() -> Self {
        Self {
            sectors_max: 8,
            operations_max: 8,
            torn_max: 4,
            sampled: 16,
            images_max: usize::MAX,
            seed: 1,
        }
    }
}

/// What is durable and what is on its way.
#[derive(Debug, Clone, Default)]
pub(super) struct WriteBack {
    pub(super) durable: Image,
    pub(super) pending: Vec<Op>,
}

impl WriteBack {
    pub(super) fn of(durable: Image) -> Self {
        Self {
            durable,
            pending: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, op: Op) {
        if !matches!(op, Op::Sync { .. } | Op::SyncDirectory) {
            self.pending.push(op);
            return;
        }
        let settled = self.pending.extract_if(.., |one| one.is_settled_by(&op));
        settled.for_each(|one| self.durable.apply(&one));
        if op == Op::SyncDirectory {
            self.forget_nameless();
        }
    }

    /// Once the names are settled, no crash can show a file that has none.
    fn forget_nameless(&mut self) {
        self.durable.forget_nameless(|_| false);
        let contents = &self.durable.contents;
        self.pending.retain(|op| match op {
            Op::Write { file, .. } | Op::Truncate { file, .. } => contents.contains_key(file),
            _ => true,
        });
    }
}

/// Every operation of a disk since recording began, in the order in which they were issued.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    pub(super) base: WriteBack,
    pub(super) first_operation: u64,
    pub(super) ops: Vec<Op>,
}

impl Journal {
    /// The operations.
    #[must_use]
    pub fn ops(&self) -> &[Op] {
        &self.ops
    }

    /// The journal of a disk that only claims to sync the file of this name: planted, so that a proof
    /// shows that it would notice. Its operations are counted without those syncs.
    #[must_use]
    pub fn without_syncs_of(&self, name: &str) -> Self {
        let known = self.base.durable.names.get(name).copied();
        let made = self.ops.iter().filter_map(|op| match op {
            Op::Create { name: made, file } if &**made == name => Some(*file),
            _ => None,
        });
        let files: BTreeSet<FileId> = known.into_iter().chain(made).collect();
        let is_kept = |op: &&Op| !matches!(op, Op::Sync { file } if files.contains(file));
        Self {
            ops: self.ops.iter().filter(is_kept).cloned().collect(),
            ..self.clone()
        }
    }

    /// Every point at which the power may fail: before the first operation and after each.
    pub fn crash_points(&self) -> impl Iterator<Item = CrashPoint> {
        let mut state = self.base.clone();
        let first = std::iter::once(None);
        first
            .chain(self.ops.iter().map(Some))
            .zip(self.first_operation..)
            .map(move |(op, operation)| {
                if let Some(op) = op {
                    state.push(op.clone());
                }
                CrashPoint {
                    operation,
                    state: state.clone(),
                }
            })
    }
}

/// The legal images when the power fails after the `k`-th operation of the journal.
///
/// # Panics
/// When the journal is shorter.
pub fn crash_images(
    journal: &Journal,
    k: usize,
    thoroughness: Thoroughness,
) -> impl Iterator<Item = Image> {
    let point = journal.crash_points().nth(k);
    let point = point.expect("a point of the journal, because the caller counted its operations");
    point.into_images(thoroughness)
}

/// A point at which the power may fail.
#[derive(Debug, Clone)]
pub struct CrashPoint {
    /// How many operations the disk had carried out, as its own count says.
    pub operation: u64,
    state: WriteBack,
}

impl CrashPoint {
    pub(super) fn of(state: WriteBack) -> Self {
        Self {
            operation: 0,
            state,
        }
    }

    /// Operations that no sync has settled.
    #[must_use]
    pub fn unsettled(&self) -> usize {
        self.state.pending.len()
    }

    /// The legal images, as many as the thoroughness asks for, each choice of fates once.
    pub fn into_images(self, thoroughness: Thoroughness) -> impl Iterator<Item = Image> {
        let pieces = Pieces::of(&self.state);
        let choices = pieces.choices(&thoroughness, self.operation);
        choices
            .into_iter()
            .map(move |choice| pieces.image(&self.state, &choice))
    }

    /// The image that a seed draws.
    pub(super) fn into_drawn(self, seed: u64) -> Image {
        let pieces = Pieces::of(&self.state);
        let choice = pieces.drawn(&mut Seeded::new(seed));
        pieces.image(&self.state, &choice)
    }
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Lost,
    Junk,
    Kept,
}

type Choice = Vec<Fate>;

/// A part of an operation that is there or not as a whole: a sector of a write, or all of another
/// operation.
#[derive(Debug, Clone)]
struct Piece {
    /// Of a write: its range in the file, and whether it lengthens the durable file.
    sector: Option<(FileId, Range<usize>, bool)>,
}

/// The pieces of all pending operations, and per operation which ones are its own.
#[derive(Debug)]
struct Pieces {
    pieces: Vec<Piece>,
    of_op: Vec<Range<usize>>,
}

impl Pieces {
    fn of(state: &WriteBack) -> Self {
        let mut all = Self {
            pieces: Vec::new(),
            of_op: Vec::new(),
        };
        for op in &state.pending {
            let first = all.pieces.len();
            match op {
                Op::Write {
                    file,
                    offset,
                    bytes,
                } => {
                    let length = state.durable.length_of(*file);
                    let sectors = sectors(*offset..*offset + bytes.len());
                    all.pieces.extend(sectors.map(|range| Piece {
                        sector: Some((*file, range.clone(), range.start >= length)),
                    }));
                }
                _ => all.pieces.push(Piece { sector: None }),
            }
            all.of_op.push(first..all.pieces.len());
        }
        all
    }

    fn choices(&self, thoroughness: &Thoroughness, operation: u64) -> Vec<Choice> {
        let mut choices = BTreeSet::new();
        choices.extend(self.all_sectors(thoroughness.sectors_max));
        choices.extend(self.whole_operations(thoroughness.operations_max));
        choices.extend(self.torn(thoroughness.torn_max));
        choices.extend(self.junk());
        let mut seeded = Seeded::new(thoroughness.seed ^ operation);
        choices.extend((0..thoroughness.sampled).map(|_| self.drawn(&mut seeded)));
        let mut choices: Vec<Choice> = choices.into_iter().collect();
        while choices.len() > thoroughness.images_max {
            let at = seeded.below(choices.len() as u64) as usize;
            choices.swap_remove(at);
        }
        choices
    }

    fn all_sectors(&self, sectors_max: u32) -> Vec<Choice> {
        let sectors = self.pieces.len();
        if sectors > sectors_max as usize {
            return Vec::new();
        }
        let fate = |mask: usize, bit: usize| fate(mask >> bit & 1 == 1);
        (0..1_usize << sectors)
            .map(|mask| (0..sectors).map(|bit| fate(mask, bit)).collect())
            .collect()
    }

    fn whole_operations(&self, operations_max: u32) -> Vec<Choice> {
        let ops = self.of_op.len();
        if ops <= operations_max as usize {
            return (0..1_usize << ops)
                .map(|mask| self.by_op(|op| mask >> op & 1 == 1))
                .collect();
        }
        let prefixes = (0..=ops).map(|end| self.by_op(|op| op < end));
        let missing = (0..ops).map(|one| self.by_op(|op| op != one));
        let present = (0..ops).map(|one| self.by_op(|op| op == one));
        prefixes.chain(missing).chain(present).collect()
    }

    /// The newest writes of several sectors, torn.
    fn torn(&self, torn_max: usize) -> Vec<Choice> {
        let writes = (0..self.of_op.len()).rev();
        let writes = writes.filter(|op| self.of_op[*op].len() > 1).take(torn_max);
        let mut torn = Vec::new();
        for op in writes {
            let own = self.of_op[op].clone();
            for rest in [self.by_op(|_| true), self.by_op(|other| other <= op)] {
                for sector in own.clone() {
                    let mut missing = rest.clone();
                    missing[sector] = Fate::Lost;
                    torn.push(missing);
                    let mut cut = rest.clone();
                    cut[sector..own.end].fill(Fate::Lost);
                    torn.push(cut);
                }
            }
        }
        torn
    }

    /// Lengths without bytes: of one write after whole ones, and of all writes.
    fn junk(&self) -> Vec<Choice> {
        let lengthens = |piece: usize| matches!(self.pieces[piece].sector, Some((_, _, true)));
        let mut junk = Vec::new();
        for (op, own) in self.of_op.iter().enumerate() {
            if own.clone().all(lengthens) {
                let mut choice = self.by_op(|other| other < op);
                choice[own.clone()].fill(Fate::Junk);
                junk.push(choice);
            }
        }
        let all = (0..self.pieces.len()).map(|piece| match lengthens(piece) {
            true => Fate::Junk,
            false => Fate::Kept,
        });
        junk.push(all.collect());
        junk
    }

    fn drawn(&self, seeded: &mut Seeded) -> Choice {
        let mut choice = Choice::new();
        for own in &self.of_op {
            let manner = seeded.below(3);
            choice.extend(own.clone().map(|_| match manner {
                0 => Fate::Lost,
                1 => Fate::Kept,
                _ => fate(seeded.below(2) == 1),
            }));
        }
        choice
    }

    fn by_op(&self, is_kept: impl Fn(usize) -> bool) -> Choice {
        let ops = self.of_op.iter().enumerate();
        ops.flat_map(|(op, own)| std::iter::repeat_n(fate(is_kept(op)), own.len()))
            .collect()
    }

    fn image(&self, state: &WriteBack, choice: &Choice) -> Image {
        let mut image = state.durable.clone();
        for (op, own) in state.pending.iter().zip(&self.of_op) {
            let fates = &choice[own.clone()];
            match op {
                _ if fates.iter().all(|fate| *fate == Fate::Kept) => image.apply(op),
                Op::Write {
                    offset: start,
                    bytes,
                    ..
                } => {
                    for (piece, fate) in self.pieces[own.clone()].iter().zip(fates) {
                        let Some((file, range, _)) = &piece.sector else {
                            continue;
                        };
                        match fate {
                            Fate::Kept => {
                                let bytes = &bytes[range.start - start..range.end - start];
                                image.write(*file, range.start, bytes);
                            }
                            Fate::Junk => image.write_junk(*file, range.clone()),
                            Fate::Lost => {}
                        }
                    }
                }
                _ => {}
            }
        }
        image.forget_nameless(|_| false);
        image
    }
}

fn fate(is_kept: bool) -> Fate {
    if is_kept { Fate::Kept } else { Fate::Lost }
}

/// A range cut at the multiples of a sector.
fn sectors(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let first = range.start / SECTOR_BYTES;
    let end = range.end.div_ceil(SECTOR_BYTES);
    (first..end).map(move |sector| {
        let start = sector * SECTOR_BYTES;
        start.max(range.start)..(start + SECTOR_BYTES).min(range.end)
    })
}

#[cfg(test)]
mod tests;
