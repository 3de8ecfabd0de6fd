//! The card: addresses, commands, replies, and the state they leave.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::files::Files;
use super::screen;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::codec::onbon_k::area::{Area, run_mode};
use crate::codec::onbon_k::clock::Clock;
use crate::codec::onbon_k::command::{Brightness, Command, Deletes, DynamicArea, FileName};
use crate::codec::onbon_k::decoder::Decoder;
use crate::codec::onbon_k::frame::{self, Frame, Overrides, REPLY_LEAD_BYTES};
use crate::codec::onbon_k::header::{Address, Header};
use crate::codec::onbon_k::message::{
    Font, MUST_NOT_ANSWER, Message, Reply, ReplyBody, Side, Status,
};
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;

/// Dynamic areas of the smaller card.
const DYNAMIC_AREAS_MAX: usize = 5;
/// Bytes of one area the 5K cards hold.
const AREA_BYTES_MAX: usize = 512;
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
    decoder: Decoder,
    is_on: bool,
    brightness: u8,
    clock: (NaiveDateTime, Duration),
    areas: BTreeMap<u8, Held>,
    files: Files,
    misbehaviours: VecDeque<Misbehaviour>,
}

impl VirtualBoard {
    /// A card just switched on, its clock at the vendor's first day.
    #[must_use]
    pub fn new(settings: BoardSettings) -> Self {
        Self {
            settings,
            decoder: Decoder::new(),
            is_on: true,
            brightness: 15,
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
            // A broken frame has no address, and on a shared line nobody may answer for another.
            if let Ok(frame) = outcome {
                replies.extend(self.answer(now, &frame));
            }
        }
        replies
    }

    /// The dots at a time.
    #[must_use]
    pub fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        let mut canvas = Canvas::new(self.settings.width_px, self.settings.height_px);
        if self.is_on && !self.files.is_dark() {
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
            is_on: self.is_on,
            brightness: self.brightness,
            clock: self.clock_at(now),
            areas: self
                .present(now)
                .map(|held| (held.area.id, readable(&held.area)))
                .collect(),
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
            Command::Brightness(Brightness::Level(level)) => self.brightness = level.min(15),
            // The half-hour table is taken; the simulated diodes keep their level.
            Command::Brightness(Brightness::HalfHours(_)) => {}
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
            // Taken; the simulated card is not switched by the time of day.
            Command::TimedPower { .. } | Command::CancelTimedPower {} => {}
            Command::ListFonts {} => return Reply::ok(fonts()),
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

    fn update(&mut self, now: Duration, update: DynamicArea) -> Reply {
        match update.delete {
            Deletes::None => {}
            Deletes::All => self.areas.clear(),
            Deletes::Ids(ids) => self.areas.retain(|id, _| !ids.contains(id)),
        }
        for area in update.areas {
            let is_new = !self.areas.contains_key(&area.id);
            let is_large = area.text.0.len() + 27 > AREA_BYTES_MAX;
            if is_large || (is_new && self.areas.len() == DYNAMIC_AREAS_MAX) {
                return refuse(AnswerCode::OutOfMemory);
            }
            self.areas.insert(area.id, Held { area, since: now });
        }
        Reply::ok(ReplyBody::Ack {})
    }

    fn status(&self, now: Duration) -> ReplyBody {
        ReplyBody::StatusReply(Box::new(Status {
            power: if self.is_on { 1 } else { 2 },
            brightness: self.brightness,
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

/// The fonts that this driver names: latin and Chinese of each height.
fn fonts() -> ReplyBody {
    let font = |kind, width, height| Font {
        kind,
        width,
        height,
    };
    let heights = [16, 24, 32].into_iter();
    let fonts = heights.flat_map(|height| [font(0, height / 2, height), font(1, height, height)]);
    ReplyBody::FontsReply {
        fonts: fonts.collect(),
    }
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
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::codec::onbon_k::document;

    const NOW: Duration = Duration::from_secs(5);

    fn board() -> VirtualBoard {
        let settings = BoardSettings {
            address: 1,
            width_px: 192,
            height_px: 16,
            has_green: true,
        };
        VirtualBoard::new(settings)
    }

    fn ask_at(board: &mut VirtualBoard, dst: u16, command: &str, params: &Value) -> Option<Value> {
        let request = document::encode(command, params, &json!({"dst": dst}));
        let reply = board.receive(NOW, &request.expect("a good request"));
        (!reply.is_empty()).then(|| document::decode(&reply, None).expect("a sound reply"))
    }

    fn ask(board: &mut VirtualBoard, command: &str, params: &Value) -> Option<Value> {
        ask_at(board, 1, command, params)
    }

    fn error_of(reply: Option<Value>) -> u64 {
        reply.expect("an answer")["params"]["error"]
            .as_u64()
            .expect("a code")
    }

    fn area(id: u8, text: &str) -> Value {
        json!({"areas": [{
            "x": {"px": 0}, "y": 0, "width": {"px": 192}, "height": 16, "id": id, "lines": 1,
            "wrap": 1, "display_mode": 1, "text": text,
        }]})
    }

    #[test]
    fn only_the_own_number_and_answered_broadcasts_are_answered() {
        let reply = |dst: u16| ask_at(&mut board(), dst, "ping", &json!({}));
        assert_eq!(reply(1).expect("an answer")["header"]["src"], 1);
        assert_eq!(reply(0xFFFE).expect("an answer")["header"]["src"], 0xFFFE);
        assert_eq!(reply(2), None);
        assert_eq!(reply(0xFFFF), None);
    }

    #[test]
    fn the_silent_broadcast_sets_the_clock_and_the_clock_runs() {
        let mut board = board();
        let params = json!({"answer": 2, "clock": {"time": "2026-03-09 08:30:00"}});
        assert_eq!(ask_at(&mut board, 0xFFFF, "set-clock", &params), None);
        let later = board.state(NOW + Duration::from_secs(90)).clock;
        assert_eq!(later.to_string(), "2026-03-09 08:31:30");
    }

    #[test]
    fn areas_come_go_and_are_listed_in_the_status() {
        let mut board = board();
        assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(3, "A"))), 0);
        let status = ask(&mut board, "query-status", &json!({})).expect("a status");
        assert_eq!(status["params"]["dynamic_ids"], json!([3]));
        ask(&mut board, "dynamic-area", &json!({"delete": {"ids": [3]}}));
        assert!(board.state(NOW).areas.is_empty());
    }

    #[test]
    fn a_sixth_area_and_an_overlong_text_are_out_of_memory() {
        let mut board = board();
        for id in 0..5 {
            assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(id, "A"))), 0);
        }
        assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(5, "A"))), 4);
        let long = area(0, &"A".repeat(500));
        assert_eq!(error_of(ask(&mut board, "dynamic-area", &long)), 4);
    }

    #[test]
    fn the_screen_number_is_set_and_read_by_broadcast() {
        let mut board = board();
        ask_at(
            &mut board,
            0xFFFE,
            "set-screen-number",
            &json!({"number": 9}),
        );
        let reply = ask_at(&mut board, 0xFFFE, "read-screen-number", &json!({}));
        assert_eq!(reply.expect("an answer")["params"]["number"], 9);
        assert_eq!(ask(&mut board, "ping", &json!({})), None, "the old number");
    }

    #[test]
    fn what_it_does_not_know_is_refused_with_the_sheets_codes() {
        let unlisted = |data: &str| error_of(ask(&mut board(), "unknown", &json!({"data": data})));
        assert_eq!(unlisted("b001010000"), 1);
        assert_eq!(unlisted("a2ff010000"), 2);
        let no_date = json!({"clock": {"time": "2026-02-30 00:00:00", "weekday": 1}});
        assert_eq!(error_of(ask(&mut board(), "set-clock", &no_date)), 14);
        let lock = json!({"store": 0, "lock": 1, "name": "P000"});
        assert_eq!(error_of(ask(&mut board(), "lock-program", &lock)), 6);
    }

    #[test]
    fn each_misbehaviour_is_played_once() {
        let mut board = board();
        board.misbehave(Misbehaviour::Refuse(AnswerCode::Busy));
        board.misbehave(Misbehaviour::IgnoreSilently);
        board.misbehave(Misbehaviour::LoseAnswer);
        board.misbehave(Misbehaviour::GarbleAnswer);
        assert_eq!(error_of(ask(&mut board, "ping", &json!({}))), 3);
        assert_eq!(ask(&mut board, "dynamic-area", &area(0, "A")), None);
        assert!(board.state(NOW).areas.is_empty());
        assert_eq!(ask(&mut board, "dynamic-area", &area(0, "A")), None);
        assert_eq!(board.state(NOW).areas.len(), 1);
        let ping = document::encode("ping", &json!({}), &json!({})).expect("a ping");
        assert!(document::decode(&board.receive(NOW, &ping), None).is_err());
        assert_eq!(error_of(ask(&mut board, "ping", &json!({}))), 0);
    }

    #[test]
    fn an_area_with_a_time_out_goes_by_itself() {
        let mut board = board();
        let mut params = area(0, "A");
        params["areas"][0]["run_mode"] = json!(2);
        params["areas"][0]["timeout_s"] = json!(10);
        ask(&mut board, "dynamic-area", &params);
        let lit = |after: u64| {
            board
                .draw(NOW + Duration::from_secs(after), &mut GlyphSource::new())
                .lit()
        };
        assert!(lit(9) > 0);
        assert_eq!(lit(10), 0);
    }

    #[test]
    fn switched_off_it_is_dark_and_keeps_its_areas() {
        let mut board = board();
        ask(&mut board, "dynamic-area", &area(0, "A"));
        ask(&mut board, "power", &json!({"state": 2}));
        assert_eq!(board.draw(NOW, &mut GlyphSource::new()).lit(), 0);
        ask(&mut board, "power", &json!({"state": 1}));
        assert!(board.draw(NOW, &mut GlyphSource::new()).lit() > 0);
    }
}
