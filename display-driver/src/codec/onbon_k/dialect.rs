//! What the link asks of any family, said in the words of K cards (sheet `onbon-bx.md` A3, A4).
//!
//! Everything shown goes through dynamic areas: they live in memory and may be rewritten for ever,
//! while program files wear out the card's flash.

use std::time::Duration;

use super::answer::{AnswerCode, Reaction};
use super::area::{Area, Extent, alignment, display_mode, lines, run_mode, wrap};
use super::clock::Clock;
use super::command::{Brightness, Command, Deletes, DynamicArea, FileName, PowerPeriod};
use super::decoder::{Decoder, FrameError};
use super::frame;
use super::header::{Address, Header};
use super::message::{Message, PREFIX_BYTES, Reply, ReplyBody, Request};
use super::text::EncodedText;
use crate::codec::{
    Ask, Asked, Awaited, BusFrame, FileStep, Heard, LitPeriod, ProgramLock, Refusal, Run, Share,
    Unsendable,
};
use crate::content::{Align, AreaContent, AreaId, Colour, Edge, GlyphSize, Line, Motion, Pace};

/// Group and command of the reply to "read parameters", which the sheet does not lay out.
const PARAMETERS: [u8; 2] = [0xA2, 0x0A];
/// Text a dynamic area takes on the smallest card: 512 bytes less the fixed fields and `areaLen`.
pub const TEXT_BYTES_MAX: usize = 512 - 29;
/// Half seconds a page stays; the host replaces pages itself, so any value above its dwell does.
const STAY_HALF_S: u8 = 20;
/// At most three Hanzi a second (`look.md` §15); the vendor gives no unit, 00 is fastest, 18h slowest.
const SCROLL_SPEED: u8 = 4;
/// Half of that.
const SLOW_SPEED: u8 = 9;
/// The two pages of something that flashes: once a second. One example of the vendor's counts whole
/// seconds; it then flashes half as fast.
const FLASH_HALF_S: u8 = 1;

/// The longest answer this driver asks for: a status, every byte escaped.
const REPLY_BYTES_MAX: usize = 192;
/// A dark square cell.
const IDEOGRAPHIC_SPACE: char = '\u{3000}';
const UNSUPPORTED: &str = "a card has no files of a sign.";

/// One frame that asks `ask` of the board at `address`.
pub fn encode(address: u16, ask: &Ask) -> Result<Asked, Unsendable> {
    let mut substituted = Vec::new();
    let command = command_of(ask, &mut substituted)?;
    let data = Message::Request(Request::answered(command)).to_data();
    let header = Header::to_board(Address(address));
    let bytes = frame::encode(&header, &data).map_err(|fault| Unsendable::TooLong {
        bytes: fault.bytes,
        bytes_max: usize::from(u16::MAX),
    })?;
    let pause = Duration::ZERO;
    Ok(Asked {
        runs: vec![Run { bytes, pause }],
        awaited: Awaited::Answer {
            bytes_max: REPLY_BYTES_MAX,
        },
        share: Share::Rest,
        rest: Duration::ZERO,
        substituted,
    })
}

fn command_of(ask: &Ask, substituted: &mut Vec<char>) -> Result<Command, Unsendable> {
    Ok(match ask {
        Ask::Ping => Command::Ping {},
        Ask::QueryStatus => Command::QueryStatus {},
        Ask::SetClock(time) => Command::SetClock {
            clock: Clock::of(*time),
        },
        Ask::SetBrightness(level) => Command::Brightness(Brightness::Level((*level).min(15))),
        Ask::SetBrightnessByHalfHours(levels) => {
            let levels = levels.iter().map(|&level| level.min(15)).collect();
            Command::Brightness(Brightness::HalfHours(levels))
        }
        Ask::PowerOn => Command::Power { state: 1 },
        Ask::PowerOff => Command::Power { state: 2 },
        Ask::SetLitPeriods(periods) => timed_power(periods)?,
        Ask::CancelLitPeriods => Command::CancelTimedPower {},
        Ask::LockProgram(name, lock) => lock_program(*name, *lock),
        Ask::ReadFonts => Command::ListFonts {},
        Ask::ReadParameters => Command::ReadParameters {},
        Ask::ClearScreen => Command::ClearScreen {},
        Ask::Remove(AreaId(id)) => update(Deletes::Ids(vec![*id]), Vec::new()),
        Ask::Show(content) => update(Deletes::None, vec![area_of(content, substituted)?]),
        Ask::Replace { content, clears } => update(
            Deletes::Ids(clears.iter().map(|area| area.0).collect()),
            vec![area_of(content, substituted)?],
        ),
        Ask::Transfer(step) => file_command(step),
        Ask::ClearMemory | Ask::LayOut | Ask::ReadBack => {
            return Err(Unsendable::Unsupported(UNSUPPORTED));
        }
    })
}

fn update(delete: Deletes, areas: Vec<Area>) -> Command {
    Command::DynamicArea(DynamicArea {
        process_mode: 0,
        delete,
        areas,
    })
}

fn timed_power(periods: &[LitPeriod]) -> Result<Command, Unsendable> {
    let is_time = |(hour, minute): (u8, u8)| hour < 24 && minute < 60;
    let is_sound =
        |period: &LitPeriod| is_time(period.on) && is_time(period.off) && period.on < period.off;
    if periods.is_empty() || periods.len() > 3 || !periods.iter().all(is_sound) {
        return Err(Unsendable::Unsupported(
            "one to three periods, each off after on, none across midnight.",
        ));
    }
    let bcd = |(hour, minute): (u8, u8)| [hour, minute].map(|n| ((n / 10) << 4) | (n % 10));
    let periods = periods.iter().map(|period| PowerPeriod {
        on_bcd: bcd(period.on),
        off_bcd: bcd(period.off),
    });
    Ok(Command::TimedPower {
        periods: periods.collect(),
    })
}

fn lock_program(name: FileName, lock: ProgramLock) -> Command {
    let (store, lock) = match lock {
        ProgramLock::LockedUntilPowerOff => (0, 1),
        ProgramLock::Locked => (1, 1),
        ProgramLock::Unlocked => (1, 0),
    };
    Command::LockProgram { store, lock, name }
}

fn file_command(step: &FileStep) -> Command {
    match step {
        FileStep::BeginSeveral => Command::BeginFiles {},
        FileStep::EndSeveral => Command::EndFiles {},
        &FileStep::Begin {
            name,
            length,
            overwrites,
        } => Command::BeginFile {
            overwrite: u8::from(overwrites),
            name,
            length,
        },
        FileStep::Block {
            name,
            number,
            address,
            is_last,
            bytes,
        } => Command::FileBlock {
            name: *name,
            last: u8::from(*is_last),
            block_no: *number,
            block_addr: *address,
            data: bytes.clone(),
        },
    }
}

/// Whether something heard can be the answer to an ask; a "no" can answer anything.
#[must_use]
pub fn answers(ask: &Ask, heard: &Heard) -> bool {
    match heard {
        Heard::Refused(_) => true,
        Heard::Areas(_) => *ask == Ask::QueryStatus,
        Heard::Fonts(_) => *ask == Ask::ReadFonts,
        Heard::Parameters(_) => *ask == Ask::ReadParameters,
        Heard::Block { .. } => matches!(ask, Ask::Transfer(FileStep::Block { .. })),
        Heard::Done => !matches!(ask, Ask::QueryStatus | Ask::ReadFonts | Ask::ReadParameters),
        Heard::Holds(_) | Heard::Other => false,
    }
}

/// The next thing heard on the line.
pub fn listen(decoder: &mut Decoder) -> Option<Result<BusFrame, FrameError>> {
    let heard = decoder.next()?;
    Some(heard.map(|frame| {
        let Header { src, dst, .. } = frame.header;
        BusFrame {
            from: Some(src.0),
            to_host: dst.is_host(),
            heard: meaning(&frame),
        }
    }))
}

fn meaning(frame: &frame::Frame) -> Heard {
    match Message::read(&frame.data, super::message::Side::Board) {
        Ok(Message::Reply(reply)) => answer(reply),
        Ok(Message::Unknown(data)) if data.starts_with(&PARAMETERS) => {
            Heard::Parameters(data.get(PREFIX_BYTES..).unwrap_or_default().to_vec())
        }
        _ => Heard::Other,
    }
}

fn answer(reply: Reply) -> Heard {
    let refusal = Refusal {
        code: reply.error,
        reaction: AnswerCode::from_byte(reply.error).reaction(),
    };
    let is_ok = refusal.reaction == Reaction::Done;
    match reply.body {
        ReplyBody::Ack {} => Heard::Done,
        ReplyBody::Nack {} => Heard::Refused(refusal),
        ReplyBody::FileBlockReply { next_addr } => Heard::Block {
            refusal: (!is_ok).then_some(refusal),
            next_address: next_addr,
        },
        ReplyBody::StatusReply(status) if is_ok => {
            Heard::Areas(status.dynamic_ids.into_iter().map(AreaId).collect())
        }
        ReplyBody::FontsReply { fonts } if is_ok => Heard::Fonts(fonts),
        _ => Heard::Other,
    }
}

fn area_of(content: &AreaContent, substituted: &mut Vec<char>) -> Result<Area, Unsendable> {
    let encoded = text_of(content);
    let bytes = encoded.text.0.len();
    if bytes > TEXT_BYTES_MAX {
        return Err(Unsendable::TooLong {
            bytes,
            bytes_max: TEXT_BYTES_MAX,
        });
    }
    *substituted = encoded.substituted;
    let horizontal = match content.align {
        Align::Left => alignment::LEFT,
        Align::Centre => alignment::CENTRE,
    };
    Ok(Area {
        area_type: 0,
        x: Extent::Px(content.rect.x_px),
        y: content.rect.y_px,
        width: Extent::Px(content.rect.width_px),
        height: content.rect.height_px,
        id: content.area.0,
        line_spacing: 0,
        run_mode: match content.motion {
            // A page that has come in stays.
            Motion::Enter(..) => run_mode::STOP_ON_LAST,
            Motion::Still | Motion::ScrollLeft(_) | Motion::Flash => run_mode::LOOP,
        },
        timeout_s: 0,
        sound: None,
        extension: Vec::new(),
        alignment: horizontal | alignment::MIDDLE,
        lines: if content.lines.len() > 1 {
            lines::MULTI
        } else {
            lines::SINGLE
        },
        wrap: wrap::EXPLICIT,
        display_mode: match content.motion {
            Motion::Still | Motion::Flash => display_mode::STATIC,
            Motion::ScrollLeft(_) => display_mode::LEFT,
            Motion::Enter(Edge::Below, _) => display_mode::UP,
            Motion::Enter(Edge::Above, _) => display_mode::DOWN,
        },
        exit_mode: 0,
        speed: match content.motion {
            Motion::ScrollLeft(Pace::Slow) | Motion::Enter(_, Pace::Slow) => SLOW_SPEED,
            _ => SCROLL_SPEED,
        },
        stay_half_s: match content.motion {
            Motion::Flash => FLASH_HALF_S,
            _ => STAY_HALF_S,
        },
        text: encoded.text,
    })
}

/// Font and colour first, because a card draws nothing sensible before both are named.
fn text_of(content: &AreaContent) -> EncodedText {
    let mut encoded = EncodedText::default();
    encoded.push_code(match content.size {
        GlyphSize::Px16 => r"\FO000\FE000",
        GlyphSize::Px24 => r"\FO001\FE001",
        GlyphSize::Px32 => r"\FO002\FE002",
    });
    let mut current = None;
    let dark: Vec<Line> = match content.motion {
        Motion::Flash => content.lines.iter().map(without_red).collect(),
        _ => Vec::new(),
    };
    for (index, line) in content.lines.iter().chain(&dark).enumerate() {
        if index > 0 {
            encoded.push_code(r"\n");
        }
        for span in &line.0 {
            if current.replace(span.colour) != Some(span.colour) {
                encoded.push_code(match span.colour {
                    Colour::Red => r"\C1",
                    Colour::Green => r"\C2",
                    Colour::Amber => r"\C3",
                });
            }
            encoded.push_content(&span.text);
        }
    }
    encoded
}

/// The line with spaces in place of what is red: a card has no flashing, but it turns pages.
fn without_red(line: &Line) -> Line {
    let mut dark = line.clone();
    for span in dark.0.iter_mut().filter(|span| span.colour == Colour::Red) {
        let spaces = span.text.chars().map(|character| match character {
            '\0'..='\x7F' => ' ',
            _ => IDEOGRAPHIC_SPACE,
        });
        span.text = spaces.collect();
    }
    dark
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{AreaRect, Span};

    fn call() -> AreaContent {
        let span = |colour, text: &str| Span {
            colour,
            text: text.to_owned(),
        };
        AreaContent {
            area: AreaId(0),
            rect: AreaRect {
                x_px: 0,
                y_px: 0,
                width_px: 192,
                height_px: 32,
            },
            size: GlyphSize::Px16,
            lines: vec![
                Line(vec![span(Colour::Red, "请 A025 号")]),
                Line(vec![
                    span(Colour::Red, "到 "),
                    span(Colour::Green, "3 号窗口"),
                ]),
            ],
            align: Align::Centre,
            motion: Motion::Still,
        }
    }

    #[test]
    fn fonts_come_first_and_a_colour_only_where_it_changes() {
        let text = text_of(&call()).text.to_text();
        assert_eq!(
            text.as_deref(),
            Some(r"\FO000\FE000\C1请 A025 号\n到 \C23 号窗口")
        );
    }

    #[test]
    fn what_flashes_is_two_pages_of_half_a_second_and_only_red_goes_dark() {
        let mut flashing = call();
        flashing.motion = Motion::Flash;
        let mut substituted = Vec::new();
        let area = area_of(&flashing, &mut substituted).expect("short");
        let pages = r"\FO000\FE000\C1请 A025 号\n到 \C23 号窗口\n\C1　      　\n　 \C23 号窗口";
        assert_eq!(area.text.to_text().as_deref(), Some(pages));
        assert_eq!((area.stay_half_s, area.run_mode), (1, run_mode::LOOP));
        assert!(substituted.is_empty());
    }

    #[test]
    fn text_beyond_the_smallest_cards_memory_is_refused() {
        let mut long = call();
        long.lines = vec![Line::of(Colour::Red, "字".repeat(300))];
        let refused = encode(1, &Ask::Show(long)).expect_err("600 bytes are too long");
        let (bytes, bytes_max) = (12 + 3 + 600, 483);
        assert_eq!(refused, Unsendable::TooLong { bytes, bytes_max });
    }

    #[test]
    fn characters_the_card_lacks_are_told() {
        let mut named = call();
        named.lines = vec![Line::of(Colour::Red, "王喆")];
        assert_eq!(
            encode(1, &Ask::Show(named)).expect("short").substituted,
            ['喆']
        );
    }
}
