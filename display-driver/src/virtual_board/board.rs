//! The card: addresses, commands, replies, and the state they leave.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::files::Files;
use super::screen;
use crate::codec::onbon_k::FRAME_BYTES_MAX;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::codec::onbon_k::area::{Area, run_mode};
use crate::codec::onbon_k::clock::Clock;
use crate::codec::onbon_k::command::{Brightness, Command, Deletes, DynamicArea, PowerPeriod};
use crate::codec::onbon_k::decoder::Decoder;
use crate::codec::onbon_k::frame::{self, Frame, Overrides, REPLY_LEAD_BYTES};
use crate::codec::onbon_k::header::{Address, Header};
use crate::codec::onbon_k::message::{MUST_NOT_ANSWER, Message, Reply, ReplyBody, Status};
use crate::codec::{FileName, Font, Side};
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;

/// Dynamic areas of the smaller card.
const DYNAMIC_AREAS_MAX: usize = 5;
/// Kinds of fonts, and of how many parts of their height their width is one: latin and Chinese.
const FONT_KINDS: [(u8, u8); 2] = [(0, 2), (1, 1)];
/// Half hours of a day.
const HALF_HOUR_MIN: u32 = 30;
/// Misbehaviours waiting to happen.
const MISBEHAVIOURS_MAX: usize = 64;

/// What somebody chose when hanging the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardSettings {
    /// Screen number.
    pub address: u16,
    /// Dots across.
    pub width_px: u32,
    /// Dots down.
    pub height_px: u32,
    /// Whether it has green diodes besides the red ones.
    pub has_green: bool,
}

/// What the card is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardMake {
    /// Longest frame that it receives; a longer one is lost (sheet A1: 512 on a 5K card, 1024 on a 6K).
    pub frame_bytes_max: usize,
    /// Heights of the fonts that it holds, Chinese and latin.
    pub font_heights: Vec<u8>,
}

impl Default for CardMake {
    /// A 5K card with all fonts of the sheet's table.
    fn default() -> Self {
        Self {
            frame_bytes_max: FRAME_BYTES_MAX,
            font_heights: vec![16, 24, 32],
        }
    }
}

/// How bright it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lamp {
    Level(u8),
    HalfHours(Vec<u8>),
}

/// A fault to play on the next request, for tests and training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Refuses with this code.
    Refuse(AnswerCode),
    /// Does nothing and says nothing.
    IgnoreSilently,
    /// Does it, but the answer is lost.
    LoseAnswer,
    /// Does it, but the answer's check is wrong.
    GarbleAnswer,
}

/// What can be seen and asked of the card, apart from its dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardState {
    /// Whether it is lit.
    pub is_on: bool,
    /// 0..15.
    pub brightness: u8,
    /// What its clock shows.
    pub clock: NaiveDateTime,
    /// The text of each dynamic area with its codes.
    pub areas: BTreeMap<u8, String>,
}

/// An area and when it came.
#[derive(Debug, Clone)]
struct Held {
    area: Area,
    since: Duration,
}

/// One simulated card on a line.
#[derive(Debug)]
pub struct VirtualBoard {
    settings: BoardSettings,
    make: CardMake,
    decoder: Decoder,
    is_on: bool,
    /// Minutes of the day from which and until which its timer lights it; empty for always.
    timer: Vec<(u32, u32)>,
    lamp: Lamp,
    clock: (NaiveDateTime, Duration),
    areas: BTreeMap<u8, Held>,
    files: Files,
    misbehaviours: VecDeque<Misbehaviour>,
}

impl VirtualBoard {
    /// A card just switched on, its clock at the vendor's first day.
    #[must_use]
    pub fn new(settings: BoardSettings) -> Self {
        Self::made(settings, CardMake::default())
    }

    /// Such a card of another make.
    #[must_use]
    pub fn made(settings: BoardSettings, make: CardMake) -> Self {
        Self {
            settings,
            make,
            decoder: Decoder::new(),
            is_on: true,
            timer: Vec::new(),
            lamp: Lamp::Level(15),
            clock: (
                NaiveDate::default().and_time(chrono::NaiveTime::MIN),
                Duration::ZERO,
            ),
            areas: BTreeMap::new(),
            files: Files::default(),
            misbehaviours: VecDeque::new(),
        }
    }

    /// Plays a fault on the next request that has none yet; more than 64 are dropped.
    pub fn misbehave(&mut self, how: Misbehaviour) {
        if self.misbehaviours.len() < MISBEHAVIOURS_MAX {
            self.misbehaviours.push_back(how);
        }
    }

    /// The files in its flash.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Loses what a power cut loses: the dynamic areas, half a frame and half a file.
    pub fn cut_power(&mut self) {
        self.areas.clear();
        self.files.cut_power();
        self.decoder.abandon();
    }

    /// Takes bytes from the line and gives the bytes of all replies.
    pub fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        self.decoder.push(bytes);
        let mut replies = Vec::new();
        while let Some(outcome) = self.decoder.next() {
            // A broken frame has no address, and on a shared line nobody may answer for another. One
            // that is longer than the card receives is as good as broken.
            if let Ok(frame) = outcome
                && frame.wire_bytes() <= self.make.frame_bytes_max
            {
                replies.extend(self.answer(now, &frame));
            }
        }
        replies
    }

    /// The dots at a time.
    #[must_use]
    pub fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        let mut canvas = Canvas::new(self.settings.width_px, self.settings.height_px);
        if self.is_lit(now) && !self.files.is_dark() {
            for held in self.present(now) {
                let shown_for = now.saturating_sub(held.since);
                let clock = self.clock_at(now);
                let colours = screen::Colours {
                    has_green: self.settings.has_green,
                };
                screen::draw(
                    &mut canvas,
                    glyphs,
                    &held.area,
                    screen::At { shown_for, clock },
                    colours,
                );
            }
        }
        canvas
    }

    /// The state at a time.
    #[must_use]
    pub fn state(&self, now: Duration) -> BoardState {
        BoardState {
            is_on: self.is_lit(now),
            brightness: self.brightness(now),
            clock: self.clock_at(now),
            areas: self
                .present(now)
                .map(|held| (held.area.id, readable(&held.area)))
                .collect(),
        }
    }

    /// Whether it is switched on and its timer lights it. The sheet does not say which of the two goes
    /// before the other: here a card is dark if either says so.
    fn is_lit(&self, now: Duration) -> bool {
        let minute = minute_of_day(self.clock_at(now));
        let is_in = |&(on, off): &(u32, u32)| on <= minute && minute < off;
        self.is_on && (self.timer.is_empty() || self.timer.iter().any(is_in))
    }

    fn brightness(&self, now: Duration) -> u8 {
        match &self.lamp {
            Lamp::Level(level) => *level,
            Lamp::HalfHours(levels) => {
                let half_hour = minute_of_day(self.clock_at(now)) / HALF_HOUR_MIN;
                levels.get(half_hour as usize).copied().unwrap_or(15)
            }
        }
    }

    fn clock_at(&self, now: Duration) -> NaiveDateTime {
        let (set, at) = self.clock;
        let passed = TimeDelta::from_std(now.saturating_sub(at)).unwrap_or_default();
        set.checked_add_signed(passed).unwrap_or(set)
    }

    /// Areas that have not outlived their time-out.
    fn present(&self, now: Duration) -> impl Iterator<Item = &Held> {
        self.areas.values().filter(move |held| {
            let age = now.saturating_sub(held.since);
            held.area.run_mode != run_mode::REMOVE_AFTER_TIMEOUT
                || age < Duration::from_secs(u64::from(held.area.timeout_s))
        })
    }

    fn answer(&mut self, now: Duration, frame: &Frame) -> Vec<u8> {
        let own = Address(self.settings.address);
        let dst = frame.header.dst;
        let broadcast = [Address::BROADCAST_SILENT, Address::BROADCAST_ANSWERED];
        if Side::of(&frame.header, &frame.data) == Side::Board
            || (dst != own && dst != Address::HOST && !broadcast.contains(&dst))
        {
            return Vec::new();
        }
        let misbehaviour = self.misbehaviours.pop_front();
        let reply = match misbehaviour {
            Some(Misbehaviour::IgnoreSilently) => return Vec::new(),
            Some(Misbehaviour::Refuse(code)) => refuse(code),
            _ => self.obey(now, &frame.data),
        };
        let is_silent = dst == Address::BROADCAST_SILENT
            || frame.data.get(2) == Some(&MUST_NOT_ANSWER)
            || misbehaviour == Some(Misbehaviour::LoseAnswer);
        if is_silent {
            return Vec::new();
        }
        let source = if dst == Address::BROADCAST_ANSWERED {
            dst
        } else {
            own
        };
        let header = Header {
            dst: frame.header.src,
            ..Header::to_host(source)
        };
        let data = Message::Reply(reply).to_data();
        let wrong = (misbehaviour == Some(Misbehaviour::GarbleAnswer)).then_some(0xFFFF);
        let overrides = Overrides {
            lead: Some(REPLY_LEAD_BYTES),
            check: wrong,
            ..Overrides::default()
        };
        frame::encode_with(&header, &data, overrides).unwrap_or_default()
    }

    fn obey(&mut self, now: Duration, data: &[u8]) -> Reply {
        let command = match Message::read(data, Side::Host) {
            Ok(Message::Request(request)) => request.command,
            // The sheet has no code for a malformed payload; to the card it is no command it knows.
            _ => return refuse(unknown(data)),
        };
        match command {
            Command::Ping {} => {}
            Command::QueryStatus {} => return Reply::ok(self.status(now)),
            Command::SetClock { clock } => match clock.civil() {
                Some(time) => self.clock = (time, now),
                None => return refuse(AnswerCode::DateFormat),
            },
            Command::Power { state } => self.is_on = state == 1,
            Command::Brightness(Brightness::Level(level)) => self.lamp = Lamp::Level(level.min(15)),
            Command::Brightness(Brightness::HalfHours(levels)) => {
                let levels = levels.into_iter().map(|level| level.min(15)).collect();
                self.lamp = Lamp::HalfHours(levels);
            }
            Command::ClearScreen {} => self.areas.clear(),
            Command::SetScreenNumber { number } => self.settings.address = number,
            Command::ReadScreenNumber {} => {
                let number = self.settings.address;
                return Reply::ok(ReplyBody::ScreenNumberReply { number });
            }
            Command::Reset {} | Command::Format {} => {
                self.areas.clear();
                self.files = Files::default();
            }
            Command::LockProgram { name, .. } if self.files.holds(name) => {}
            Command::LockProgram { .. } => return refuse(AnswerCode::FileMissing),
            Command::TimedPower { periods } => match read_timer(&periods) {
                Some(timer) => self.timer = timer,
                None => return refuse(AnswerCode::DateFormat),
            },
            Command::CancelTimedPower {} => self.timer.clear(),
            Command::ListFonts {} => return Reply::ok(self.fonts()),
            Command::BeginFiles {}
            | Command::EndFiles {}
            | Command::BeginFile { .. }
            | Command::FileBlock { .. }
            | Command::DeleteFiles { .. } => return self.files.obey(command),
            Command::DynamicArea(update) => return self.update(now, update),
            _ => return refuse(unknown(data)),
        }
        Reply::ok(ReplyBody::Ack {})
    }

    /// A refused frame changes nothing; the sheet does not say what else it would do.
    fn update(&mut self, now: Duration, update: DynamicArea) -> Reply {
        let mut areas = self.areas.clone();
        match update.delete {
            Deletes::None => {}
            Deletes::All => areas.clear(),
            Deletes::Ids(ids) => areas.retain(|id, _| !ids.contains(id)),
        }
        for area in update.areas {
            if !self.has_fonts_of(&area) {
                return refuse(AnswerCode::FontMissing);
            }
            let is_new = !areas.contains_key(&area.id);
            if is_new && areas.len() == DYNAMIC_AREAS_MAX {
                return refuse(AnswerCode::OutOfMemory);
            }
            areas.insert(area.id, Held { area, since: now });
        }
        self.areas = areas;
        Reply::ok(ReplyBody::Ack {})
    }

    /// Fonts are known by the digits of the sheet's table only.
    fn has_fonts_of(&self, area: &Area) -> bool {
        let heights = screen::font_heights(&area.text);
        heights
            .into_iter()
            .all(|height| self.make.font_heights.contains(&height))
    }

    fn fonts(&self) -> ReplyBody {
        let heights = self.make.font_heights.iter();
        let fonts = heights.flat_map(|&height| {
            FONT_KINDS.map(|(kind, part)| Font {
                kind,
                width: height / part,
                height,
            })
        });
        ReplyBody::FontsReply {
            fonts: fonts.collect(),
        }
    }

    fn status(&self, now: Duration) -> ReplyBody {
        ReplyBody::StatusReply(Box::new(Status {
            power: if self.is_lit(now) { 1 } else { 2 },
            brightness: self.brightness(now),
            clock: Clock::of(self.clock_at(now)),
            programs: self.files.count(),
            current_program: FileName([0; 4]),
            special_area: 0,
            special_pages: 0,
            dynamic_ids: self.present(now).map(|held| held.area.id).collect(),
            bar_code: [0; 16],
            custom_net_id: [0; 12],
        }))
    }
}

fn minute_of_day(time: NaiveDateTime) -> u32 {
    time.hour() * 60 + time.minute()
}

/// Periods in minutes of the day; `None` when one is none.
fn read_timer(periods: &[PowerPeriod]) -> Option<Vec<(u32, u32)>> {
    let number = |bcd: u8| {
        (bcd >> 4 < 10 && bcd & 15 < 10).then(|| u32::from(bcd >> 4) * 10 + u32::from(bcd & 15))
    };
    let minute = |[hour, minute]: [u8; 2]| {
        let (hour, minute) = (number(hour)?, number(minute)?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let periods = periods.iter().map(|period| {
        let (on, off) = (minute(period.on_bcd)?, minute(period.off_bcd)?);
        (on < off).then_some((on, off))
    });
    periods.collect()
}

pub(super) fn refuse(code: AnswerCode) -> Reply {
    Reply {
        error: code.byte(),
        reserved: [0; 2],
        body: ReplyBody::Nack {},
    }
}

fn unknown(data: &[u8]) -> AnswerCode {
    match data.first() {
        Some(0xA1..=0xA4) => AnswerCode::UnknownCommand,
        _ => AnswerCode::UnknownGroup,
    }
}

fn readable(area: &Area) -> String {
    area.text
        .to_text()
        .unwrap_or_else(|| hex::encode(&area.text.0))
}

#[cfg(test)]
mod tests;
