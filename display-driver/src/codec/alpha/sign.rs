//! What is believed of an Alpha sign, and which packet comes next (sheet `alpha.md`).
//!
//! A sign is files. An ask writes only files that differ, one packet each, because the sheet does not
//! say how often a packet of several commands is acknowledged. Its memory is laid out only when a
//! read shows another layout, or when nothing can be read and it is the first time; one that is laid out
//! without a clear that arrived stores all and shows nothing ("Measured"), which no read tells, so an
//! empty memory is laid out twice. Power, brightness and fonts are not in the sheet, or not laid out:
//! refused, never guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::STANDSTILL_MAX;
use super::command::Command;
use super::dialect::{CLOCK_STEPS, clock_functions, encode, runs};
use super::dots::{PictureSize, ROWS_MAX};
use super::file::{FileCommand, SHORT_TEXT_BYTES_MAX};
use super::function::{Answers, Function};
use super::label::Label;
use super::memory::{DotColours, Holds, Keyboard, MemoryFile, TimeCode};
use super::packet::REPLY_NULS;
use super::page::{self, OVER, PAGE, STRING};
use super::piece::Piece;
use crate::codec::{
    Ask, Asked, Awaited, Face, Heard, Lesson, Precedence, Refusal, Share, Talk, Unsendable, Voice,
};
use crate::content::{AreaContent, AreaId, GlyphSize};
use crate::render::glyph::GlyphSource;

/// How long reads go unheard behind a clear; longer than the two seconds before a configuration.
const CLEAR_REST: Duration = Duration::from_secs(5);
/// A sign that no read can prove gets the same rest behind its configuration.
const LAY_OUT_REST: Duration = Duration::from_secs(3);
/// A sign that takes no layout is left alone for so long.
const HOPELESS_REST: Duration = Duration::from_secs(600);
/// Clears and configurations in a row before a sign counts as hopeless.
const LAY_OUTS_MAX: u8 = 12;
/// Room for the page's text; the first file grows anyway.
const TEXT_BYTES: u16 = 256;
/// 06 or 15 and the register.
const ANSWER_BYTES: usize = 2;
/// What stands around the data of a reply: NULs, 01, type, address, 02, 03, checksum, 04.
const REPLY_FRAME_BYTES: usize = REPLY_NULS as usize + 11;

const NO_POWER: &str = "the sheet has no command that lights or darkens an Alpha sign.";
const NO_BRIGHTNESS: &str =
    "the sheet names dimming for solar and eclipse signs only, without its layout.";
const NO_CARD: &str = "an Alpha sign has no programs, fonts or parameters of a card.";
const ONE_AREA: &str = "an Alpha sign has one area, number 0.";

/// A sign on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignLine {
    /// Its dots.
    pub face: Face,
    /// What comes back from it.
    pub talk: Talk,
    /// How long it may think before it answers.
    pub answer_wait: Duration,
}

/// How far the memory is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Unasked,
    Lost,
    ClearSent,
    Empty,
    LayOutSent,
    LaidOut,
}

/// One packet.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Write(Command),
    ReadLayout,
    ReadFile(Label),
    ReleaseAgain,
    TellToAnswer,
    ClearFaults,
}

/// What is believed of a sign.
#[derive(Debug)]
pub struct Sign {
    line: SignLine,
    layout: Layout,
    lay_outs: u8,
    /// The last clear is known to have arrived: it was acknowledged, or a layout that was there is gone.
    is_cleared: bool,
    /// A layout was read since the last clear or configuration.
    has_layout: bool,
    /// The last configuration went out when no clear was known to have arrived.
    may_be_dark: bool,
    files: BTreeMap<Label, FileCommand>,
    /// Files of what is shown that have not been read back since they were written.
    unproven: BTreeSet<Label>,
    /// Nothing says that the priority file is gone, and what a read of a released one brings is not in
    /// the sheet: the release is said once more in place of being read.
    is_release_unproven: bool,
    is_told_to_answer: bool,
    /// A "no" stays in the register until it is cleared.
    has_faults: bool,
    /// Clock packets of the present round that have gone out.
    clock_steps: usize,
    last: Option<Step>,
    glyphs: GlyphSource,
}

impl Sign {
    /// A sign of which nothing is known.
    #[must_use]
    pub fn new(line: SignLine) -> Self {
        Self {
            line,
            layout: Layout::Unasked,
            lay_outs: 0,
            is_cleared: false,
            has_layout: false,
            may_be_dark: false,
            files: BTreeMap::new(),
            unproven: BTreeSet::new(),
            is_release_unproven: false,
            is_told_to_answer: false,
            has_faults: false,
            clock_steps: 0,
            last: None,
            glyphs: GlyphSource::new(),
        }
    }

    /// Everything that is still to be said, in order.
    fn steps(&mut self, ask: &Ask, precedence: Precedence) -> Result<Vec<Step>, Unsendable> {
        let write = |function| Step::Write(Command::Function(function));
        let mut steps = match ask {
            Ask::Ping | Ask::QueryStatus => return Ok(vec![Step::ReadLayout]),
            Ask::ReadBack => {
                let read = self.unproven.first().copied().map(Step::ReadFile);
                let release = || self.is_release_unproven.then_some(Step::ReleaseAgain);
                return Ok(read.or_else(release).into_iter().collect());
            }
            Ask::ClearMemory => vec![write(Function::ClearMemory {})],
            Ask::LayOut => vec![write(Function::ConfigureMemory {
                files: self.memory_files()?,
            })],
            Ask::SetClock(time) => clock_functions(*time)?
                .into_iter()
                .skip(self.clock_steps)
                .map(write)
                .collect(),
            Ask::Show(content) => self.differing(self.line.face, content, precedence)?,
            Ask::Remove(area) if *area != AreaId(0) => {
                return Err(Unsendable::Unsupported(ONE_AREA));
            }
            Ask::Replace { .. } => return Err(Unsendable::Unsupported(ONE_AREA)),
            Ask::Remove(_) => self.differing_files(page::dark()),
            Ask::PowerOn | Ask::SetLitPeriods(_) | Ask::CancelLitPeriods => {
                return Err(Unsendable::Unsupported(NO_POWER));
            }
            Ask::SetBrightness(_) | Ask::SetBrightnessByHalfHours(_) => {
                return Err(Unsendable::Unsupported(NO_BRIGHTNESS));
            }
            Ask::ReadFonts | Ask::ReadNumber | Ask::LockProgram(..) | Ask::Transfer(_) => {
                return Err(Unsendable::Unsupported(NO_CARD));
            }
        };
        if self.line.talk == Talk::Acknowledges && !steps.is_empty() {
            if self.has_faults {
                steps.insert(0, Step::ClearFaults);
            }
            if !self.is_told_to_answer {
                steps.insert(0, Step::TellToAnswer);
            }
        }
        Ok(steps)
    }

    fn differing(
        &mut self,
        face: Face,
        content: &AreaContent,
        precedence: Precedence,
    ) -> Result<Vec<Step>, Unsendable> {
        if content.area != AreaId(0) {
            return Err(Unsendable::Unsupported(ONE_AREA));
        }
        let files = page::files(content, precedence, face, &mut self.glyphs)?;
        Ok(self.differing_files(files))
    }

    /// Of the files wanted those that the sign is not believed to hold.
    fn differing_files(&mut self, wanted: Vec<FileCommand>) -> Vec<Step> {
        let labels: BTreeSet<Label> = wanted.iter().filter_map(readable_label).collect();
        self.unproven.retain(|label| labels.contains(label));
        let differs = |file: &FileCommand| self.files.get(&written_label(file)) != Some(file);
        let steps = wanted.into_iter().filter(differs);
        steps.map(|file| Step::Write(Command::File(file))).collect()
    }

    fn asked(&self, address: u16, step: &Step, share: Share) -> Result<Asked, Unsendable> {
        let wire = encode(address, &self.command(step))?;
        Ok(Asked {
            runs: runs(&wire),
            awaited: self.awaited(step),
            share,
            rest: self.rest(step),
            substituted: Vec::new(),
        })
    }

    fn command(&self, step: &Step) -> Command {
        match step {
            Step::Write(command) => command.clone(),
            Step::ReadLayout => Command::Function(Function::ReadFunction {
                function: page::listed(b'$'),
            }),
            &Step::ReadFile(label) => Command::File(match self.files.get(&label) {
                Some(FileCommand::WriteString { .. }) => FileCommand::ReadString { label },
                Some(FileCommand::WriteSmallDots { .. }) => FileCommand::ReadSmallDots { label },
                _ => FileCommand::ReadText { label },
            }),
            Step::ReleaseAgain => Command::File(FileCommand::ReleasePriority {}),
            Step::TellToAnswer => Command::Function(Function::SetAnswers {
                answers: Answers::On,
            }),
            Step::ClearFaults => Command::Function(Function::ClearSerialErrors {}),
        }
    }

    fn awaited(&self, step: &Step) -> Awaited {
        let bytes_max = match step {
            Step::ReadLayout => {
                REPLY_FRAME_BYTES + 2 + 11 * self.memory_files().map_or(1, |it| it.len())
            }
            Step::ReadFile(label) => {
                let held = self.files.get(label).cloned().map(Command::File);
                REPLY_FRAME_BYTES + held.map_or(0, |held| held.to_data().len())
            }
            _ if self.line.talk == Talk::Acknowledges => ANSWER_BYTES,
            _ => return Awaited::Nothing,
        };
        Awaited::Answer {
            bytes_max,
            within: self.line.answer_wait,
            broken_rest: STANDSTILL_MAX,
        }
    }

    fn rest(&self, step: &Step) -> Duration {
        match step {
            Step::Write(Command::Function(Function::ClearMemory {})) => CLEAR_REST,
            Step::Write(Command::Function(Function::ConfigureMemory { .. }))
                if self.lay_outs >= LAY_OUTS_MAX =>
            {
                HOPELESS_REST
            }
            Step::Write(Command::Function(Function::ConfigureMemory { .. })) => LAY_OUT_REST,
            _ => Duration::ZERO,
        }
    }

    /// Text, string, and pictures for the page and for what goes over it.
    fn memory_files(&self) -> Result<Vec<MemoryFile>, Unsendable> {
        let rows = u8::try_from(self.line.face.height_px).ok();
        let size = rows.and_then(|rows| PictureSize::new(rows, u8::MAX));
        let size = size.ok_or(Unsendable::PictureTooLarge {
            columns: u32::from(self.line.face.width_px),
            rows: u32::from(self.line.face.height_px),
            columns_max: u32::from(u8::MAX),
            rows_max: u32::from(ROWS_MAX),
        })?;
        let file = |label, holds| MemoryFile {
            label,
            keyboard: Keyboard::Locked,
            holds,
        };
        let text = Holds::Text {
            bytes: TEXT_BYTES,
            start: TimeCode::ALWAYS,
            stop: TimeCode::ALWAYS,
        };
        let string = Holds::String {
            bytes: SHORT_TEXT_BYTES_MAX as u16,
        };
        let colours = DotColours::Three;
        let picture = |byte| file(page::listed(byte), Holds::Dots { size, colours });
        let mut files = vec![
            file(Label::DEFAULT_TEXT, text),
            file(page::listed(STRING), string),
        ];
        files.extend(PAGE.into_iter().chain(OVER).map(picture));
        Ok(files)
    }

    fn laid_out_anew(&mut self, layout: Layout) {
        self.forget_files();
        self.lay_outs = self.lay_outs.saturating_add(1);
        self.layout = layout;
    }

    /// Learns what the sign holds.
    fn learn_held(&mut self, held: &Command) -> Lesson {
        match held {
            Command::Function(function) => self.learn_layout(function),
            Command::File(file) => {
                let label = written_label(file);
                self.unproven.remove(&label);
                if self.files.get(&label) == Some(file) {
                    return Lesson::AsBelieved;
                }
                self.files.remove(&label);
                Lesson::Lost
            }
            Command::Unlisted(_) => Lesson::AsBelieved,
        }
    }

    fn learn_layout(&mut self, held: &Function) -> Lesson {
        let before = self.layout;
        self.layout = match held {
            Function::ConfigureMemory { files } if self.is_own(files) => self.own_layout(before),
            Function::ClearMemory {}
                if matches!(
                    before,
                    Layout::ClearSent | Layout::Empty | Layout::LayOutSent
                ) =>
            {
                // A configuration that was not taken may have been lost with the whole memory.
                self.is_cleared = match before {
                    Layout::ClearSent => self.is_cleared || self.has_layout,
                    Layout::LayOutSent => false,
                    _ => self.is_cleared,
                };
                Layout::Empty
            }
            _ => Layout::Lost,
        };
        self.has_layout = matches!(held, Function::ConfigureMemory { .. });
        match before {
            Layout::LaidOut if self.layout != Layout::LaidOut => {
                self.forget_files();
                Lesson::Lost
            }
            _ => Lesson::AsBelieved,
        }
    }

    /// The own layout is there: done, or cleared away again, which a read will prove.
    fn own_layout(&mut self, before: Layout) -> Layout {
        let is_taken = before == Layout::LayOutSent;
        if is_taken || !self.may_be_dark {
            self.lay_outs = 0;
        }
        match self.may_be_dark {
            true => Layout::Lost,
            false => Layout::LaidOut,
        }
    }

    /// The first file grows to the rest of the memory (measured), so its size says nothing.
    fn is_own(&self, held: &[MemoryFile]) -> bool {
        let Ok(mut own) = self.memory_files() else {
            return false;
        };
        if let (
            Some(MemoryFile {
                holds: Holds::Text { bytes, .. },
                ..
            }),
            Some(first),
        ) = (held.first(), own.first_mut())
            && let Holds::Text { bytes: room, .. } = &mut first.holds
        {
            *room = (*room).max(*bytes);
        }
        own == held
    }

    /// Everything is written again: the sign may have lost it, or nobody can know.
    fn forget_files(&mut self) {
        self.files.clear();
        self.unproven.clear();
        self.is_release_unproven = false;
        self.clock_steps = 0;
        self.is_told_to_answer = false;
    }

    /// A release that nothing acknowledges.
    fn can_only_say_again(&self, file: &FileCommand) -> bool {
        let is_release = *file == (FileCommand::ReleasePriority {});
        is_release && self.line.talk == Talk::AnswersReads
    }
}

impl Voice for Sign {
    fn next(
        &mut self,
        address: u16,
        ask: &Ask,
        precedence: Precedence,
    ) -> Result<Option<Asked>, Unsendable> {
        let steps = self.steps(ask, precedence)?;
        let is_last = steps.len() == 1;
        let Some(step) = steps.into_iter().next() else {
            return Ok(None);
        };
        let share = match step {
            Step::TellToAnswer | Step::ClearFaults => Share::Preamble,
            _ if is_last => Share::Rest,
            _ => Share::Part,
        };
        let asked = self.asked(address, &step, share)?;
        self.last = Some(step);
        Ok(Some(asked))
    }

    fn is_answer(&self, _: &Ask, heard: &Heard) -> bool {
        match (&self.last, heard) {
            (Some(Step::ReadLayout), Heard::Holds(held)) => matches!(
                Command::read(held),
                Ok(Command::Function(
                    Function::ClearMemory {} | Function::ConfigureMemory { .. }
                ))
            ),
            (Some(Step::ReadFile(label)), Heard::Holds(held)) => {
                matches!(Command::read(held), Ok(Command::File(held)) if written_label(&held) == *label)
            }
            (Some(Step::ReadLayout | Step::ReadFile(_)), Heard::Done) => false,
            (_, Heard::Done | Heard::Refused(_)) => true,
            _ => false,
        }
    }

    fn obeyed(&mut self) {
        let is_mute = self.is_mute();
        match self.last.take() {
            Some(Step::Write(Command::File(file))) => {
                if written_label(&file) == Label::PRIORITY {
                    self.is_release_unproven = self.can_only_say_again(&file);
                }
                self.unproven.extend(readable_label(&file));
                self.files.insert(written_label(&file), file);
            }
            Some(Step::Write(Command::Function(function))) => match function {
                Function::ClearMemory {} => {
                    self.is_cleared = self.line.talk != Talk::AnswersReads;
                    self.laid_out_anew(match is_mute {
                        true => Layout::Empty,
                        false => Layout::ClearSent,
                    });
                }
                Function::ConfigureMemory { .. } => {
                    self.may_be_dark = !self.is_cleared;
                    self.laid_out_anew(match is_mute {
                        true => Layout::LaidOut,
                        false => Layout::LayOutSent,
                    });
                }
                _ => self.clock_steps = (self.clock_steps + 1) % CLOCK_STEPS,
            },
            Some(Step::ReleaseAgain) => self.is_release_unproven = false,
            Some(Step::TellToAnswer) => self.is_told_to_answer = true,
            Some(Step::ClearFaults) => self.has_faults = false,
            Some(Step::Write(Command::Unlisted(_)) | Step::ReadLayout | Step::ReadFile(_))
            | None => {}
        }
    }

    fn learn(&mut self, heard: &Heard) -> Lesson {
        match heard {
            Heard::Holds(held) => match Command::read(held) {
                Ok(held) => self.learn_held(&held),
                Err(_) => Lesson::AsBelieved,
            },
            _ => Lesson::AsBelieved,
        }
    }

    /// A "no" stays in the register; an illegal label may mean that the layout is gone, which a read
    /// will show.
    fn refused(&mut self, _: &Ask, _: Refusal) -> Option<GlyphSize> {
        self.has_faults = true;
        self.last = None;
        None
    }

    fn lists_areas(&self) -> bool {
        false
    }

    fn clock_given_up(&mut self) {
        self.clock_steps = 0;
    }

    /// A sign that lost its power may have to be told again to answer.
    fn unanswered(&mut self) {
        self.is_told_to_answer = false;
        // It may be without power; and a configuration that was taken, but whose answer was lost,
        // goes again: both need another clear.
        self.is_cleared = false;
        self.last = None;
    }

    fn preparation(&self) -> Option<Ask> {
        match self.layout {
            Layout::Unasked if self.is_mute() => Some(Ask::ClearMemory),
            Layout::Unasked | Layout::ClearSent | Layout::LayOutSent => Some(Ask::QueryStatus),
            Layout::Lost => Some(Ask::ClearMemory),
            Layout::Empty => Some(Ask::LayOut),
            Layout::LaidOut => None,
        }
    }

    fn distrust(&mut self) {
        self.forget_files();
    }

    fn is_mute(&self) -> bool {
        self.line.talk == Talk::Mute
    }

    fn is_read_back(&self) -> bool {
        !self.is_mute()
    }

    fn is_proven(&self) -> bool {
        self.unproven.is_empty() && !self.is_release_unproven
    }

    /// The page, and what stands over it.
    fn doubt(&mut self) {
        let shown = [Label::PRIORITY, Label::DEFAULT_TEXT];
        let inserted: Vec<Label> = shown
            .iter()
            .filter_map(|label| self.files.get(label))
            .flat_map(inserted_labels)
            .collect();
        let labels = shown.into_iter().chain(inserted);
        let held = labels.filter(|label| {
            self.files
                .get(label)
                .is_some_and(|file| readable_label(file).is_some())
        });
        self.unproven = held.collect();
        let release = self.files.get(&Label::PRIORITY);
        self.is_release_unproven = release.is_some_and(|file| self.can_only_say_again(file));
    }

    /// A sign has no such limit.
    fn refresh_min(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}

/// Which file a command is about.
fn written_label(file: &FileCommand) -> Label {
    match file {
        FileCommand::ReleasePriority {} => Label::PRIORITY,
        FileCommand::WriteText { label, .. }
        | FileCommand::ReadText { label }
        | FileCommand::WriteString { label, .. }
        | FileCommand::ReadString { label }
        | FileCommand::WriteSmallDots { label, .. }
        | FileCommand::ReadSmallDots { label }
        | FileCommand::WriteLargeDots { label, .. }
        | FileCommand::ReadLargeDots { label } => *label,
    }
}

/// A released priority file is not there, and the sheet does not say what a read of it brings.
fn readable_label(file: &FileCommand) -> Option<Label> {
    (*file != FileCommand::ReleasePriority {}).then(|| written_label(file))
}

fn inserted_labels(file: &FileCommand) -> Vec<Label> {
    let FileCommand::WriteText { text, .. } = file else {
        return Vec::new();
    };
    let inserted = text.pieces().filter_map(|piece| match piece {
        Piece::InsertString(label) | Piece::InsertPicture(label) => Some(label),
        _ => None,
    });
    inserted.collect()
}

#[cfg(test)]
mod tests;
