//! Bringing program files to a card, step by step: pure (sheet `onbon-bx.md` A2, A3, A5).
//!
//! The link asks for the next step whenever nothing more urgent is due, so a call goes between two
//! blocks. Every setback is counted, so that no card keeps the link busy for ever. Programs live in
//! flash, which wears out: they are sent when somebody orders it, never to refresh a board.

use crate::codec::{FileStep, ProgramFile, Reaction};

/// Bytes of a block. The smaller card receives 512; with every byte of header, head, data and check
/// escaped, lead and tail, a frame takes 2 × (14 + 5 + 13 + 216 + 2) + 9 = 509.
pub const BLOCK_BYTES: usize = 216;
/// So often a file begins again, or goes back, before it has failed.
pub const SETBACKS_MAX: u8 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    BeginSeveral,
    Begin,
    Block,
    EndSeveral,
    Over,
}

/// Whether a refusal can be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// There is a next step.
    GoesOn,
    /// The transfer has failed.
    GivesUp,
}

/// Files on their way to a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    files: Vec<ProgramFile>,
    at: usize,
    stage: Stage,
    offset: usize,
    overwrites: bool,
    setbacks: u8,
    /// Whether a step has gone out since the line last broke.
    is_asked: bool,
    has_failed: bool,
}

impl Transfer {
    /// A transfer not begun; files without a byte are left out, `None` when no other is left.
    #[must_use]
    pub fn new(mut files: Vec<ProgramFile>) -> Option<Self> {
        files.retain(|file| !file.bytes.is_empty());
        let stage = match files.len() {
            0 => return None,
            1 => Stage::Begin,
            _ => Stage::BeginSeveral,
        };
        Some(Self {
            files,
            at: 0,
            stage,
            offset: 0,
            overwrites: false,
            setbacks: 0,
            is_asked: false,
            has_failed: false,
        })
    }

    /// What to ask now; `None` when it is over.
    #[must_use]
    pub fn step(&self) -> Option<FileStep> {
        let file = self.files.get(self.at);
        match (self.stage, file) {
            (Stage::BeginSeveral, _) => Some(FileStep::BeginSeveral),
            (Stage::EndSeveral, _) => Some(FileStep::EndSeveral),
            (Stage::Begin, Some(file)) => Some(FileStep::Begin {
                name: file.name,
                length: number(file.bytes.len()),
                overwrites: self.overwrites,
            }),
            (Stage::Block, Some(file)) => Some(self.block(file)),
            (Stage::Over, _) | (_, None) => None,
        }
    }

    fn block(&self, file: &ProgramFile) -> FileStep {
        let end = file.bytes.len().min(self.offset + BLOCK_BYTES);
        FileStep::Block {
            name: file.name,
            number: u16::try_from(self.offset / BLOCK_BYTES).unwrap_or(u16::MAX),
            address: number(self.offset),
            is_last: end == file.bytes.len(),
            bytes: file.bytes[self.offset..end].to_vec(),
        }
    }

    /// Whether all files are on the card.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        self.stage == Stage::Over && !self.has_failed
    }

    /// The card has done the present step.
    pub fn accepted(&mut self) {
        match self.stage {
            Stage::BeginSeveral => self.stage = Stage::Begin,
            Stage::Begin => {
                self.stage = Stage::Block;
                self.offset = 0;
            }
            Stage::Block => self.go_on_at(self.offset + BLOCK_BYTES),
            Stage::EndSeveral | Stage::Over => self.stage = Stage::Over,
        }
    }

    fn go_on_at(&mut self, offset: usize) {
        self.offset = offset;
        let length = self.files.get(self.at).map_or(0, |file| file.bytes.len());
        if offset < length {
            return;
        }
        self.at += 1;
        self.overwrites = false;
        self.setbacks = 0;
        self.stage = match self.at < self.files.len() {
            true => Stage::Begin,
            false if self.files.len() > 1 => Stage::EndSeveral,
            false => Stage::Over,
        };
    }

    /// The card has refused the present step; `next_address` is where it wants the next block, if it
    /// said so.
    pub fn recover(&mut self, reaction: Reaction, next_address: Option<u32>) -> Recovery {
        match reaction {
            Reaction::ResendOverwriting if self.stage == Stage::Begin && !self.overwrites => {
                self.overwrites = true;
                Recovery::GoesOn
            }
            Reaction::ResumeAtReplyAddress if self.stage == Stage::Block => {
                self.resume(next_address)
            }
            Reaction::RestartFile if matches!(self.stage, Stage::Begin | Stage::Block) => {
                self.restart()
            }
            _ => Recovery::GivesUp,
        }
    }

    /// A block that was taken while its answer got lost is no setback: the address goes on.
    fn resume(&mut self, next_address: Option<u32>) -> Recovery {
        let length = self.files.get(self.at).map_or(0, |file| file.bytes.len());
        let address = next_address.and_then(|address| usize::try_from(address).ok());
        match address {
            Some(address) if address > length => self.restart(),
            Some(address) if address == length || address % BLOCK_BYTES == 0 => {
                if address <= self.offset && self.is_too_often() {
                    return Recovery::GivesUp;
                }
                self.go_on_at(address);
                Recovery::GoesOn
            }
            _ => self.restart(),
        }
    }

    fn restart(&mut self) -> Recovery {
        if self.is_too_often() {
            return Recovery::GivesUp;
        }
        self.stage = Stage::Begin;
        self.offset = 0;
        Recovery::GoesOn
    }

    fn is_too_often(&mut self) -> bool {
        self.setbacks += 1;
        self.setbacks > SETBACKS_MAX
    }

    /// The present step is on the wire.
    pub fn asked(&mut self) {
        self.is_asked = true;
    }

    /// The line or the card is gone: a transfer not begun waits for its return, and so does the end of
    /// several files, without which the card stays dark. Gives the step at which anything else has
    /// failed.
    pub fn break_off(&mut self) -> Option<FileStep> {
        let step = self.step().filter(|_| self.is_asked)?;
        self.is_asked = false;
        if step != FileStep::EndSeveral {
            self.give_up();
            return Some(step);
        }
        if !self.is_too_often() {
            return None;
        }
        self.stage = Stage::Over;
        self.has_failed = true;
        Some(step)
    }

    /// Ends the transfer. A card that was told of several files is dark until it hears of their end.
    pub fn give_up(&mut self) {
        let is_dark = self.files.len() > 1 && matches!(self.stage, Stage::Begin | Stage::Block);
        self.has_failed = true;
        self.setbacks = 0;
        self.stage = if is_dark {
            Stage::EndSeveral
        } else {
            Stage::Over
        };
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::FileName;

    fn file(name: &[u8; 4], length: usize) -> ProgramFile {
        ProgramFile {
            name: FileName(*name),
            bytes: vec![7; length],
        }
    }

    fn transfer(lengths: &[usize]) -> Transfer {
        let files = lengths.iter().map(|&length| file(b"P000", length));
        Transfer::new(files.collect()).expect("a file with bytes")
    }

    /// Where the blocks of an undisturbed transfer begin.
    fn addresses(transfer: &mut Transfer) -> Vec<(u16, u32, bool)> {
        let mut seen = Vec::new();
        while let Some(step) = transfer.step() {
            if let FileStep::Block {
                number,
                address,
                is_last,
                ..
            } = step
            {
                seen.push((number, address, is_last));
            }
            transfer.accepted();
        }
        seen
    }

    #[test]
    fn blocks_follow_each_other_and_the_last_one_is_marked() {
        let mut whole = transfer(&[500]);
        assert_eq!(
            addresses(&mut whole),
            [(0, 0, false), (1, 216, false), (2, 432, true)]
        );
        assert!(whole.is_stored());
        assert_eq!(addresses(&mut transfer(&[216])), [(0, 0, true)]);
        assert_eq!(Transfer::new(vec![file(b"P000", 0)]), None);
    }

    #[test]
    fn several_files_are_announced_and_ended_and_one_is_not() {
        let mut both = transfer(&[10, 10]);
        assert_eq!(both.step(), Some(FileStep::BeginSeveral));
        let mut last = None;
        while let Some(step) = both.step() {
            last = Some(step);
            both.accepted();
        }
        assert_eq!(last, Some(FileStep::EndSeveral));
        assert!(matches!(
            transfer(&[10]).step(),
            Some(FileStep::Begin { .. })
        ));
    }

    #[test]
    fn a_block_whose_answer_was_lost_is_not_sent_twice() {
        let mut halfway = transfer(&[500]);
        halfway.accepted();
        let resume = Reaction::ResumeAtReplyAddress;
        assert_eq!(halfway.recover(resume, Some(216)), Recovery::GoesOn);
        assert!(matches!(
            halfway.step(),
            Some(FileStep::Block {
                address: 216,
                number: 1,
                ..
            })
        ));
        assert_eq!(halfway.recover(resume, Some(500)), Recovery::GoesOn);
        assert!(halfway.is_stored(), "the card has the whole file");
    }

    #[test]
    fn setbacks_are_bounded_whatever_the_card_says() {
        for (reaction, address) in [
            (Reaction::RestartFile, None),
            (Reaction::ResumeAtReplyAddress, Some(0)),
            (Reaction::ResumeAtReplyAddress, Some(1)),
            (Reaction::ResumeAtReplyAddress, Some(u32::MAX)),
            (Reaction::ResumeAtReplyAddress, None),
        ] {
            let mut stubborn = transfer(&[500]);
            let mut asked = 0;
            loop {
                asked += 1;
                if matches!(stubborn.step(), Some(FileStep::Begin { .. })) {
                    stubborn.accepted();
                }
                if stubborn.recover(reaction, address) == Recovery::GivesUp {
                    break;
                }
            }
            assert_eq!(asked, SETBACKS_MAX + 1, "{reaction:?} {address:?}");
        }
        let mut existing = transfer(&[500]);
        assert_eq!(
            existing.recover(Reaction::ResendOverwriting, None),
            Recovery::GoesOn
        );
        assert_eq!(
            existing.recover(Reaction::ResendOverwriting, None),
            Recovery::GivesUp
        );
    }

    #[test]
    fn a_lost_line_ends_what_has_begun_only_and_lights_the_card_if_it_answers_at_all() {
        let mut waiting = transfer(&[500]);
        assert_eq!(waiting.break_off(), None);
        assert!(matches!(waiting.step(), Some(FileStep::Begin { .. })));
        waiting.asked();
        assert!(matches!(waiting.break_off(), Some(FileStep::Begin { .. })));
        assert_eq!(waiting.step(), None);
        let mut several = transfer(&[500, 500]);
        several.asked();
        several.accepted();
        assert!(several.break_off().is_some());
        for _ in 0..5 {
            assert_eq!(several.break_off(), None, "told once");
        }
        for _ in 0..SETBACKS_MAX {
            several.asked();
            assert_eq!(several.break_off(), None);
            assert_eq!(several.step(), Some(FileStep::EndSeveral));
        }
        several.asked();
        assert_eq!(several.break_off(), Some(FileStep::EndSeveral));
        assert_eq!(several.step(), None);
    }

    #[test]
    fn a_card_told_of_several_files_is_lit_again_when_one_fails() {
        let mut failing = transfer(&[500, 500]);
        failing.accepted();
        failing.give_up();
        assert_eq!(failing.step(), Some(FileStep::EndSeveral));
        failing.accepted();
        assert!(failing.step().is_none() && !failing.is_stored());
    }
}
