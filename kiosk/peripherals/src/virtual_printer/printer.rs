//! The printer: its line, its moods, and the papers that came out of it.

use std::collections::VecDeque;
use std::time::Duration;

use super::head::Head;
use crate::escpos::command::{Command, Cut};
use crate::escpos::decoder::{CommandFault, Decoder};
use crate::escpos::status::{Condition, Question, Status};
use crate::escpos::typeset::PaperWidth;
use crate::glyphs::Dots;
use crate::twin::Twin;

/// Papers kept; older ones are forgotten.
const SLIPS_MAX: usize = 64;
/// Commands held while the cover is open, as a receive buffer of 4 kB does; more is lost.
const WAITING_MAX: usize = 1_024;

/// The roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaperState {
    /// Enough.
    #[default]
    Plenty,
    /// Nearly used up.
    Low,
    /// None.
    Out,
}

/// How questions are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answering {
    /// At once.
    #[default]
    Promptly,
    /// Not at all.
    Never,
    /// After so long.
    After(Duration),
}

/// How a printer is unwell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// The roll.
    pub paper: PaperState,
    /// The cover is open.
    pub is_cover_open: bool,
    /// It takes nothing, for a reason of its own.
    pub is_offline: bool,
    /// How it answers.
    pub answering: Answering,
    /// The cover opens when so many more bytes have come.
    pub cover_opens_after: Option<usize>,
    /// The power goes when so many more bytes have come; what is not on paper is forgotten.
    pub power_fails_after: Option<usize>,
}

/// How a paper ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetEnd {
    /// It was cut.
    Cut,
    /// The power went or the cover was opened: half a slip hangs out.
    Broken,
}

/// A paper that came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slipped {
    /// Its dots.
    pub dots: Dots,
    /// How it ended.
    pub end: SheetEnd,
}

impl Slipped {
    /// Whether it was cut, and is no torn half.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.end == SheetEnd::Cut
    }
}

/// A printer.
#[derive(Debug)]
pub struct VirtualPrinter {
    /// How it is unwell; touch it at any time.
    pub faults: Faults,
    has_power: bool,
    width: PaperWidth,
    decoder: Decoder,
    head: Head,
    waiting: VecDeque<Command>,
    slips: VecDeque<Slipped>,
    errors: Vec<CommandFault>,
    /// The last two bytes, in which a question may have begun.
    tail: [u8; 2],
    answers: VecDeque<(Duration, u8)>,
}

impl VirtualPrinter {
    /// A well one.
    #[must_use]
    pub fn new(width: PaperWidth) -> Self {
        Self {
            faults: Faults::default(),
            has_power: true,
            width,
            decoder: Decoder::new(),
            head: Head::new(width),
            waiting: VecDeque::new(),
            slips: VecDeque::new(),
            errors: Vec::new(),
            tail: [0; 2],
            answers: VecDeque::new(),
        }
    }

    /// The papers that came out, the oldest first.
    #[must_use]
    pub fn slips(&self) -> &VecDeque<Slipped> {
        &self.slips
    }

    /// Takes the papers away.
    pub fn take_slips(&mut self) -> VecDeque<Slipped> {
        std::mem::take(&mut self.slips)
    }

    /// Commands that it did not understand, the first hundred.
    #[must_use]
    pub fn errors(&self) -> &[CommandFault] {
        &self.errors
    }

    /// Somebody mends everything; what waited behind an open cover is printed.
    pub fn mend(&mut self) {
        self.faults = Faults::default();
        if !self.has_power {
            self.has_power = true;
            self.head.reset();
        }
        self.go_on();
    }

    fn byte(&mut self, now: Duration, byte: u8) {
        if self.tail == [0x10, 0x04]
            && let Some(question) = Question::from_number(byte)
        {
            self.asked(now, question);
        }
        self.tail = [self.tail[1], byte];
        let decoded = self.decoder.push(&[byte]);
        for outcome in decoded {
            match outcome {
                Ok(command) if self.waiting.len() < WAITING_MAX => self.waiting.push_back(command),
                Ok(_) => {}
                Err(fault) if self.errors.len() < 100 => self.errors.push(fault),
                Err(_) => {}
            }
        }
        if count_down(&mut self.faults.cover_opens_after) {
            self.faults.is_cover_open = true;
            self.break_off();
        }
        if count_down(&mut self.faults.power_fails_after) {
            self.lose_power();
        }
        self.go_on();
    }

    fn lose_power(&mut self) {
        self.break_off();
        self.has_power = false;
        self.decoder = Decoder::new();
        self.waiting.clear();
        self.answers.clear();
    }

    fn asked(&mut self, now: Duration, question: Question) {
        let after = match self.faults.answering {
            Answering::Never => return,
            Answering::Promptly => Duration::ZERO,
            Answering::After(time) => time,
        };
        let byte = Status::telling(question, &self.conditions()).byte();
        self.answers.push_back((now + after, byte));
    }

    fn conditions(&self) -> Vec<Condition> {
        let faults = &self.faults;
        let mut told = Vec::new();
        if !self.can_print() {
            told.push(Condition::Offline);
        }
        if faults.is_cover_open {
            told.push(Condition::CoverOpen);
        }
        match faults.paper {
            PaperState::Plenty => {}
            PaperState::Low => told.push(Condition::PaperLow),
            PaperState::Out => told.extend([
                Condition::PaperLow,
                Condition::PaperOut,
                Condition::StoppedAtPaperEnd,
            ]),
        }
        told
    }

    fn can_print(&self) -> bool {
        let faults = &self.faults;
        !(faults.is_cover_open || faults.is_offline || faults.paper == PaperState::Out)
    }

    fn go_on(&mut self) {
        while self.can_print()
            && let Some(command) = self.waiting.pop_front()
        {
            match command {
                Command::Cut(cut) => self.cut(cut),
                command => self.head.obey(&command),
            }
        }
    }

    fn cut(&mut self, cut: Cut) {
        if let Cut::FeedThenFull(dots) | Cut::FeedThenPartial(dots) = cut {
            self.head.feed(usize::from(dots));
        }
        self.keep(SheetEnd::Cut);
    }

    fn break_off(&mut self) {
        if !self.head.is_blank() {
            self.keep(SheetEnd::Broken);
        }
    }

    fn keep(&mut self, end: SheetEnd) {
        if self.slips.len() == SLIPS_MAX {
            self.slips.pop_front();
        }
        let dots = self.head.tear_off();
        self.slips.push_back(Slipped { dots, end });
    }

    /// The roll it takes.
    #[must_use]
    pub fn width(&self) -> PaperWidth {
        self.width
    }
}

impl Twin for VirtualPrinter {
    fn receive(&mut self, now: Duration, bytes: &[u8]) {
        for byte in bytes {
            if self.has_power {
                self.byte(now, *byte);
            }
        }
    }

    fn answers(&mut self, now: Duration) -> Vec<u8> {
        let due = self.answers.iter().filter(|(at, _)| *at <= now).count();
        self.answers.drain(..due).map(|(_, byte)| byte).collect()
    }

    fn next_answer(&self) -> Option<Duration> {
        self.answers.front().map(|(at, _)| *at)
    }
}

/// Whether a count has just reached nothing.
fn count_down(count: &mut Option<usize>) -> bool {
    match count {
        Some(left) if *left <= 1 => {
            *count = None;
            true
        }
        Some(left) => {
            *left -= 1;
            false
        }
        None => false,
    }
}
