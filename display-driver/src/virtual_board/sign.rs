//! An Alpha sign: kind and address, files, replies to reads, what it shows (sheet `alpha.md`).
//!
//! It keeps what a real one keeps and is as silent: writes are answered only by a sign of Alpha 2.0 or
//! 3.0 that was told to. It plays what was measured on a BetaBrite: the first file grows, a memory
//! configured without clearing it two seconds before stays dark, reads are not heard for five seconds
//! behind a clear. Not played, because the sheet gives no figures: the deafness of a self test, how long each
//! text runs, movement, the hours of run times, the pauses inside a packet.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::sign_face;
use crate::codec::alpha::address::{Address, OwnAddress, SignType};
use crate::codec::alpha::answer::{Answer, LineFault, Status};
use crate::codec::alpha::clock::HourMinute;
use crate::codec::alpha::command::Command;
use crate::codec::alpha::decoder::{Decoder, Heard, PacketError};
use crate::codec::alpha::dots::Dots;
use crate::codec::alpha::file::FileCommand;
use crate::codec::alpha::function::{Answers, Function, RunLabels};
use crate::codec::alpha::label::Label;
use crate::codec::alpha::memory::{Holds, MemoryFile};
use crate::codec::alpha::packet::{self, Closing, LastCommand, Packet, REPLY_NULS};
use crate::codec::alpha::text::Text;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;

/// How long a sign hears nothing once it sounds.
const SOUND_DEAF: Duration = Duration::from_secs(3);
/// How long reads go unheard behind a clear of the memory.
const CLEAR_DEAF: Duration = Duration::from_secs(5);
/// How long a clear has to lie back when the memory is configured.
const CLEAR_SETTLES: Duration = Duration::from_secs(2);

/// Which signs answer writes at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlphaVersion {
    /// Alpha 1.0, such as a BetaBrite: none.
    One,
    /// Alpha 2.0 and 3.0: when they have been told to.
    TwoOrThree,
}

/// What somebody chose when hanging the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignSettings {
    /// Its kind.
    pub sign_type: SignType,
    /// Its address as delivered.
    pub address: OwnAddress,
    /// Dots across.
    pub width_px: u32,
    /// Dots down.
    pub height_px: u32,
    /// Its protocol.
    pub version: AlphaVersion,
}

/// A simulated sign.
#[derive(Debug)]
pub struct VirtualSign {
    settings: SignSettings,
    address: OwnAddress,
    decoder: Decoder,
    layout: Vec<MemoryFile>,
    /// Files as they were written; what is read back is the same.
    files: BTreeMap<Label, FileCommand>,
    run_order: Option<RunLabels>,
    time: Option<(HourMinute, Duration)>,
    answers: Answers,
    faults: BTreeSet<LineFault>,
    cleared_at: Option<Duration>,
    is_dark: bool,
    deaf_until: Duration,
}

impl VirtualSign {
    /// A sign just unpacked.
    #[must_use]
    pub fn new(settings: SignSettings) -> Self {
        Self {
            settings,
            address: settings.address,
            decoder: Decoder::new(),
            layout: Vec::new(),
            files: BTreeMap::new(),
            run_order: None,
            time: None,
            answers: Answers::Off,
            faults: BTreeSet::new(),
            cleared_at: None,
            is_dark: false,
            deaf_until: Duration::ZERO,
        }
    }

    /// Loses what a short power cut loses: half a packet, the error register, a sound, and that it was
    /// told to answer. Memory and clock stay; the sheet is silent, so a driver is shown the harder case
    /// here and the hardest by [`VirtualSign::lose_memory`].
    pub fn cut_power(&mut self) {
        self.decoder.abandon();
        self.faults.clear();
        self.answers = Answers::Off;
        self.deaf_until = Duration::ZERO;
    }

    /// Loses all that it holds, as one whose memory has lost its power; the sheet does not say how
    /// long a sign keeps it.
    pub fn lose_memory(&mut self) {
        *self = Self::new(self.settings);
    }

    /// Takes bytes from the line and gives the bytes of all replies.
    pub fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        if now < self.deaf_until {
            self.decoder.abandon();
            return Vec::new();
        }
        self.decoder.push(bytes);
        let mut replies = Vec::new();
        while let Some(outcome) = self.decoder.next() {
            match outcome {
                Ok(Heard::Packet { packet, .. }) if self.is_meant(&packet) => {
                    replies.extend(self.obey_all(now, &packet));
                }
                Ok(_) => {}
                Err(fault) => replies.extend(self.meet(line_fault(&fault))),
            }
        }
        replies
    }

    /// The text files that are shown, one after another.
    #[must_use]
    pub fn shown(&self) -> Vec<Label> {
        if self.files.contains_key(&Label::PRIORITY) {
            return vec![Label::PRIORITY];
        }
        if self.is_dark {
            return Vec::new();
        }
        let is_text =
            |label: &Label| matches!(self.files.get(label), Some(FileCommand::WriteText { .. }));
        let labels: Vec<Label> = match &self.run_order {
            Some(RunLabels(labels)) => labels.clone(),
            None => self.files.keys().copied().collect(),
        };
        labels.into_iter().filter(is_text).collect()
    }

    /// What the first of the shown files says, strings inserted, codes in braces.
    #[must_use]
    pub fn shown_text(&self, now: Duration) -> String {
        let shown = self.shown();
        let text = shown.first().and_then(|&label| self.text(label));
        text.map_or_else(String::new, |text| sign_face::printed(self, text, now))
    }

    /// The dots of the first of the shown files.
    #[must_use]
    pub fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        let mut canvas = Canvas::new(self.settings.width_px, self.settings.height_px);
        let shown = self.shown();
        if let Some(text) = shown.first().and_then(|&label| self.text(label)) {
            sign_face::draw(self, text, now, &mut canvas, glyphs);
        }
        canvas
    }

    /// A text file.
    fn text(&self, label: Label) -> Option<&Text> {
        match self.files.get(&label)? {
            FileCommand::WriteText { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(super) fn string(&self, label: Label) -> Option<&Text> {
        match self.files.get(&label)? {
            FileCommand::WriteString { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(super) fn picture(&self, label: Label) -> Option<&Dots> {
        match self.files.get(&label)? {
            FileCommand::WriteSmallDots { rows, .. } => Some(rows),
            _ => None,
        }
    }

    pub(super) fn time(&self, now: Duration) -> Option<HourMinute> {
        let (set, at) = self.time?;
        Some(set.plus_minutes(now.saturating_sub(at).as_secs() / 60))
    }

    fn is_meant(&self, packet: &Packet) -> bool {
        let kinds = [SignType::All, self.settings.sign_type];
        kinds.contains(&packet.sign_type) && packet.address.covers(self.address)
    }

    fn obey_all(&mut self, now: Duration, packet: &Packet) -> Vec<u8> {
        let mut replies = Vec::new();
        for data in packet.data() {
            match Command::read(data) {
                Ok(Command::File(command)) => replies.extend(self.obey_file(now, command)),
                Ok(Command::Function(function)) => replies.extend(self.obey(now, function)),
                // What the sheet does not lay out this sign does not know.
                Ok(Command::Unlisted(_)) | Err(_) => {
                    replies.extend(self.meet(LineFault::IllegalCommandOrLabel));
                }
            }
        }
        replies
    }

    fn obey_file(&mut self, now: Duration, command: FileCommand) -> Vec<u8> {
        match command {
            FileCommand::ReadText { label }
            | FileCommand::ReadString { label }
            | FileCommand::ReadSmallDots { label }
            | FileCommand::ReadLargeDots { label } => {
                // The sheet does not say what a read of a file that is not there brings: nothing.
                let file = self.files.get(&label).filter(|_| self.hears_reads(now));
                file.cloned()
                    .map(|file| respond(&Command::File(file)))
                    .unwrap_or_default()
            }
            // The sheet lays out no memory for one.
            FileCommand::WriteLargeDots { .. } => self.meet(LineFault::IllegalCommandOrLabel),
            FileCommand::ReleasePriority {} => {
                self.files.remove(&Label::PRIORITY);
                self.done()
            }
            FileCommand::WriteText { label, .. }
            | FileCommand::WriteString { label, .. }
            | FileCommand::WriteSmallDots { label, .. } => {
                if !self.has_room(label, &command) {
                    return self.meet(LineFault::IllegalCommandOrLabel);
                }
                self.files.insert(label, command);
                self.done()
            }
        }
    }

    /// Whether a file of that kind and size has been configured.
    fn has_room(&self, label: Label, content: &FileCommand) -> bool {
        let is_text = matches!(content, FileCommand::WriteText { .. });
        if is_text && (label == Label::PRIORITY || self.is_default(label)) {
            return true;
        }
        let Some(place) = self.layout.iter().position(|file| file.label == label) else {
            return false;
        };
        let fits = |len: usize, bytes: u16| place == 0 || len <= usize::from(bytes);
        match (content, self.layout[place].holds) {
            (FileCommand::WriteText { text, .. }, Holds::Text { bytes, .. })
            | (FileCommand::WriteString { text, .. }, Holds::String { bytes }) => {
                fits(text.bytes().len(), bytes)
            }
            (FileCommand::WriteSmallDots { rows, .. }, Holds::Dots { size, .. }) => {
                rows.size().rows() <= size.rows() && rows.size().columns() <= size.columns()
            }
            _ => false,
        }
    }

    /// The text file that needs no configuration.
    fn is_default(&self, label: Label) -> bool {
        label == Label::DEFAULT_TEXT && self.layout.is_empty()
    }

    fn obey(&mut self, now: Duration, function: Function) -> Vec<u8> {
        match function {
            Function::ReadFunction { function } => return self.read_function(now, function),
            Function::SetTime { time } => self.time = Some((time, now)),
            Function::ClearMemory {} => {
                self.forget_files();
                self.cleared_at = Some(now);
            }
            Function::ConfigureMemory { files } => self.configure(now, files),
            Function::SetRunSequence { labels, .. } => self.run_order = Some(labels),
            Function::SetAddress { address } => self.address = address,
            Function::SetAnswers { answers } => self.answers = answers,
            Function::ClearSerialErrors {} => self.faults.clear(),
            Function::Sound { .. } => self.deaf_until = now + SOUND_DEAF,
            // Nothing that could be seen here.
            Function::SetSpeaker { .. }
            | Function::SetWeekday { .. }
            | Function::SetTimeFormat { .. }
            | Function::SetRunTime { .. }
            | Function::SoftReset {}
            | Function::SetDate { .. } => {}
        }
        self.done()
    }

    fn configure(&mut self, now: Duration, files: Vec<MemoryFile>) {
        let settled = |at: Duration| now.saturating_sub(at) >= CLEAR_SETTLES;
        self.is_dark = !self.cleared_at.is_some_and(settled);
        self.forget_files();
        self.layout = files;
        self.cleared_at = None;
    }

    /// The priority file is there whatever happens to the memory.
    fn forget_files(&mut self) {
        self.layout.clear();
        self.files.retain(|&label, _| label == Label::PRIORITY);
        self.run_order = None;
    }

    fn read_function(&self, now: Duration, function: Label) -> Vec<u8> {
        let files = self.layout.clone();
        let held = match function.byte() {
            b'$' if files.is_empty() => Some(Function::ClearMemory {}),
            b'$' => Some(Function::ConfigureMemory { files }),
            b' ' => self.time(now).map(|time| Function::SetTime { time }),
            // The replies to other reads are not laid out.
            _ => None,
        };
        let held = held.filter(|_| self.hears_reads(now));
        held.map(|held| respond(&Command::Function(held)))
            .unwrap_or_default()
    }

    fn hears_reads(&self, now: Duration) -> bool {
        let is_over = |at: Duration| now.saturating_sub(at) >= CLEAR_DEAF;
        self.cleared_at.is_none_or(is_over)
    }

    fn done(&self) -> Vec<u8> {
        self.say(Answer::Ack)
    }

    fn meet(&mut self, fault: LineFault) -> Vec<u8> {
        self.faults.insert(fault);
        self.say(Answer::Nak)
    }

    fn say(&self, answer: fn(Status) -> Answer) -> Vec<u8> {
        if (self.settings.version, self.answers) != (AlphaVersion::TwoOrThree, Answers::On) {
            return Vec::new();
        }
        let faults: Vec<_> = self.faults.iter().copied().collect();
        answer(Status::of(&faults)).bytes().to_vec()
    }
}

fn respond(command: &Command) -> Vec<u8> {
    let packet = Packet {
        nuls: REPLY_NULS,
        sign_type: SignType::Response,
        address: Address::EVERYONE,
        earlier: Vec::new(),
        last: LastCommand {
            data: command.to_data(),
            closing: Some(Closing::Checked),
        },
    };
    packet::encode(&packet)
        .map(|wire| wire.bytes)
        .unwrap_or_default()
}

/// The sheet has a bit for each of these; what it has no bit for counts as an illegal command.
fn line_fault(fault: &PacketError) -> LineFault {
    match fault {
        PacketError::ChecksumMismatch { .. } | PacketError::BadChecksumDigit { .. } => {
            LineFault::Checksum
        }
        PacketError::TooLong { .. } => LineFault::BufferOverflow,
        PacketError::EightBits { .. } => LineFault::Parity,
        PacketError::Restarted { .. }
        | PacketError::TooShort { .. }
        | PacketError::UnknownType { .. }
        | PacketError::BadAddress { .. }
        | PacketError::NoCommand { .. }
        | PacketError::BadStatus { .. } => LineFault::IllegalCommandOrLabel,
    }
}
