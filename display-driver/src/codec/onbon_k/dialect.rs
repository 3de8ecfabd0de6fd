//! What the link asks of any family, said in the words of K cards (sheet `onbon-bx.md` A3, A4).
//!
//! Everything shown goes through dynamic areas: they live in memory and may be rewritten for ever,
//! while program files wear out the card's flash. A line cannot go as a bitmap where the card lacks a
//! character: A3 names bitmap blocks of the special area (A4 03, 5K2 and 5MK only) without laying them
//! out, and part B's frames are unverified. So a character is replaced by a listed one and told.

use std::time::Duration;

use super::answer::AnswerCode;
use super::area::{Area, Extent, alignment, display_mode, lines, run_mode, wrap};
use super::clock::Clock;
use super::command::{Brightness, Command, Deletes, DynamicArea, PowerPeriod};
use super::decoder::{FrameError, Frames};
use super::frame::{self, Frame};
use super::header::{Address, Header};
use super::message::{Message, Reply, ReplyBody, Request};
use super::text::EncodedText;
use crate::codec::stream::Understands;
use crate::codec::{
    Ask, Asked, Awaited, BrokenKind, BusFrame, FileName, FileStep, FontPair, Fonts, Heard,
    LitPeriod, ProgramLock, Reaction, Refusal, Run, Share, Side, Speech, Unsendable,
};
use crate::content::{Align, AreaContent, AreaId, Colour, Edge, Line, Motion};

/// Half seconds a page stays; the host replaces pages itself, so any value above its dwell does.
const STAY_HALF_S: u8 = 20;

/// The longest answer this driver asks for: a status, every byte escaped.
const REPLY_BYTES_MAX: usize = 192;
/// A dark square cell.
const IDEOGRAPHIC_SPACE: char = '\u{3000}';
/// Zones of a board, which a frame over all of it drops.
const ZONES_MAX: u8 = 4;
/// Two bytes of address and two of check may each have to be escaped.
const ESCAPES_MAX: usize = 4;
const UNSUPPORTED: &str = "a card has no files of a sign.";

/// One frame that asks `ask` of the board at `address`.
///
/// # Errors
/// [`Unsendable`]: the whole frame is longer than the card receives, or no command does it.
pub fn encode(speech: &Speech, address: u16, ask: &Ask) -> Result<Asked, Unsendable> {
    let mut substituted = Vec::new();
    let command = command_of(speech, ask, &mut substituted)?;
    let data = Message::Request(Request::answered(command)).to_data();
    let header = Header::to_board(Address(address));
    let bytes_max = speech.frame_bytes_max;
    let too_long = |bytes| Unsendable::TooLong { bytes, bytes_max };
    let bytes = frame::encode(&header, &data).map_err(|fault| too_long(fault.bytes))?;
    if bytes.len() > bytes_max {
        return Err(too_long(bytes.len()));
    }
    Ok(Asked {
        runs: vec![Run::unpaused(bytes)],
        awaited: Awaited::Answer {
            bytes_max: REPLY_BYTES_MAX,
            within: speech.answer_wait,
            broken_rest: Duration::ZERO,
        },
        share: Share::Rest,
        rest: Duration::ZERO,
        substituted,
    })
}

/// Whether a content fits into a frame of the card; the address is no matter.
///
/// # Errors
/// [`Unsendable::TooLong`].
pub fn carries(speech: &Speech, content: &AreaContent) -> Result<(), Unsendable> {
    let tight = Speech {
        frame_bytes_max: speech.frame_bytes_max.saturating_sub(ESCAPES_MAX),
        ..*speech
    };
    // What goes over a whole board drops all of its zones in the same frame.
    let clears = (0..ZONES_MAX).map(AreaId).collect();
    let content = content.clone();
    encode(&tight, 1, &Ask::Replace { content, clears }).map(drop)
}

fn command_of(
    speech: &Speech,
    ask: &Ask,
    substituted: &mut Vec<char>,
) -> Result<Command, Unsendable> {
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
        Ask::SetLitPeriods(periods) => timed_power(periods)?,
        Ask::CancelLitPeriods => Command::CancelTimedPower {},
        Ask::ReadFonts => Command::ListFonts {},
        Ask::ReadNumber => Command::ReadScreenNumber {},
        &Ask::LockProgram(name, lock) => lock_command(name, lock),
        Ask::Remove(AreaId(id)) => update(Deletes::Ids(vec![*id]), Vec::new()),
        Ask::Show(content) => update(Deletes::None, vec![area_of(speech, content, substituted)]),
        Ask::Replace { content, clears } => update(
            Deletes::Ids(clears.iter().map(|area| area.0).collect()),
            vec![area_of(speech, content, substituted)],
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

fn lock_command(name: FileName, lock: ProgramLock) -> Command {
    Command::LockProgram {
        store: u8::from(lock != ProgramLock::UntilPowerOff),
        lock: u8::from(lock != ProgramLock::Released),
        name,
    }
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
        Heard::Number(_) => *ask == Ask::ReadNumber,
        Heard::Block { .. } => matches!(ask, Ask::Transfer(FileStep::Block { .. })),
        Heard::Done => !matches!(ask, Ask::QueryStatus | Ask::ReadFonts | Ask::ReadNumber),
        Heard::Holds(_) | Heard::Other => false,
    }
}

impl Understands for Frames {
    fn understood(item: Result<Frame, FrameError>, end: u64) -> Result<BusFrame, BrokenKind> {
        let frame = item.map_err(|fault| fault.kind())?;
        Ok(BusFrame {
            from: Some(frame.header.src.0),
            to_host: frame.header.dst.is_host(),
            heard: meaning(&frame),
            place: frame.offset..end,
        })
    }
}

fn meaning(frame: &Frame) -> Heard {
    match Message::read(&frame.data, Side::Board) {
        Ok(Message::Reply(reply)) => answer(reply),
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
        ReplyBody::ScreenNumberReply { number } if is_ok => Heard::Number(number),
        _ => Heard::Other,
    }
}

fn area_of(speech: &Speech, content: &AreaContent, substituted: &mut Vec<char>) -> Area {
    let encoded = text_of(&speech.fonts, content);
    *substituted = encoded.substituted;
    let horizontal = match content.align {
        Align::Left => alignment::LEFT,
        Align::Centre => alignment::CENTRE,
    };
    Area {
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
            Motion::ScrollLeft(pace) | Motion::Enter(_, pace) => speech.glide(pace).speed,
            Motion::Still | Motion::Flash => speech.usual.speed,
        },
        stay_half_s: match content.motion {
            Motion::Flash => speech.flash_half_s,
            _ => STAY_HALF_S,
        },
        text: encoded.text,
    }
}

/// Font and colour first, because a card draws nothing sensible before both are named.
fn text_of(fonts: &Fonts, content: &AreaContent) -> EncodedText {
    let mut encoded = EncodedText::default();
    let FontPair { chinese, latin } = fonts.of(content.size).unwrap_or(fonts.px16);
    let codes = r"\FO".chars().chain(chinese.chars());
    let codes = codes.chain(r"\FE".chars()).chain(latin.chars());
    encoded.push_code(&codes.collect::<String>());
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
    use crate::codec::{BoardFamily, Face, FontName};
    use crate::content::{AreaRect, GlyphSize, Span};

    fn speech() -> Speech {
        let face = Face {
            width_px: 192,
            height_px: 32,
        };
        Speech::usual(BoardFamily::OnbonK, face)
    }

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
        let text = text_of(&Fonts::USUAL, &call()).text.to_text();
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
        let area = area_of(&speech(), &flashing, &mut substituted);
        let pages = r"\FO000\FE000\C1请 A025 号\n到 \C23 号窗口\n\C1　      　\n　 \C23 号窗口";
        assert_eq!(area.text.to_text().as_deref(), Some(pages));
        assert_eq!((area.stay_half_s, area.run_mode), (1, run_mode::LOOP));
        assert!(substituted.is_empty());
    }

    #[test]
    fn fonts_speed_and_flashing_are_those_of_the_board() {
        let name = |name| FontName::new(name).expect("a name");
        let mut other = speech();
        other.fonts.px24 = Some(FontPair {
            chinese: name("013"),
            latin: name("A03"),
        });
        (other.slow.speed, other.flash_half_s) = (17, 2);
        let mut content = call();
        content.size = GlyphSize::Px24;
        content.motion = Motion::ScrollLeft(crate::content::Pace::Slow);
        let area = area_of(&other, &content, &mut Vec::new());
        let text = area.text.to_text().expect("GB2312");
        assert!(text.starts_with(r"\FO013\FEA03\C1"), "{text}");
        assert_eq!(area.speed, 17);
        content.motion = Motion::Flash;
        assert_eq!(area_of(&other, &content, &mut Vec::new()).stay_half_s, 2);
    }

    #[test]
    fn a_frame_longer_than_the_card_receives_is_refused_to_the_byte_escapes_counted() {
        let with = |hanzi: &str| {
            let mut long = call();
            long.lines = vec![Line::of(Colour::Red, hanzi)];
            Ask::Show(long)
        };
        // 61 bytes of frame, 12 of fonts, 3 of a colour, 2 a Hanzi.
        let fits = encode(&speech(), 1, &with(&"字".repeat(218))).expect("fits");
        assert_eq!(fits.bytes().len(), 512);
        let refused = encode(&speech(), 1, &with(&"字".repeat(219)));
        let (bytes, bytes_max) = (514, 512);
        assert_eq!(refused, Err(Unsendable::TooLong { bytes, bytes_max }));
        let larger = Speech {
            frame_bytes_max: 1_024,
            ..speech()
        };
        assert!(encode(&larger, 1, &with(&"字".repeat(219))).is_ok());
        // A5 and A6 lead the kana and the Greek letters; each is escaped into two bytes.
        let escaped = encode(&speech(), 1, &with(&"ア".repeat(150)));
        assert!(
            matches!(escaped, Err(Unsendable::TooLong { .. })),
            "{escaped:?}"
        );
    }

    #[test]
    fn characters_the_card_lacks_are_told() {
        let mut named = call();
        named.lines = vec![Line::of(Colour::Red, "王喆")];
        assert_eq!(
            encode(&speech(), 1, &Ask::Show(named))
                .expect("short")
                .substituted,
            ['喆']
        );
    }
}
