//! What the link asks of any family, said in the words of K cards (sheet `onbon-bx.md` A3, A4).
//!
//! Everything shown goes through dynamic areas: they live in memory and may be rewritten for ever,
//! while program files wear out the card's flash.

use super::answer::AnswerCode;
use super::area::{Area, Extent, alignment, display_mode, lines, run_mode, wrap};
use super::clock::Clock;
use super::command::{Brightness, Command, Deletes, DynamicArea};
use super::decoder::{Decoder, FrameError};
use super::frame;
use super::header::{Address, Header};
use super::message::{Message, ReplyBody, Request};
use super::text::EncodedText;
use crate::codec::{Ask, Asked, BusFrame, Heard, Refusal, Unsendable};
use crate::content::{Align, AreaContent, AreaId, Colour, GlyphSize, Motion};

/// Text a dynamic area takes on the smallest card: 512 bytes less the fixed fields and `areaLen`.
pub const TEXT_BYTES_MAX: usize = 512 - 29;
/// Half seconds a page stays; the host replaces pages itself, so any value above its dwell does.
const STAY_HALF_S: u8 = 20;
/// At most three Hanzi a second (`look.md` §15); the vendor gives no unit, 00 is fastest, 18h slowest.
const SCROLL_SPEED: u8 = 4;

/// One frame that asks `ask` of the board at `address`.
pub fn encode(address: u16, ask: &Ask) -> Result<Asked, Unsendable> {
    let mut substituted = Vec::new();
    let command = match ask {
        Ask::Ping => Command::Ping {},
        Ask::QueryStatus => Command::QueryStatus {},
        Ask::SetClock(time) => Command::SetClock {
            clock: Clock::of(*time),
        },
        Ask::SetBrightness(level) => Command::Brightness(Brightness::Level((*level).min(15))),
        Ask::PowerOn => Command::Power { state: 1 },
        Ask::PowerOff => Command::Power { state: 2 },
        Ask::ClearScreen => Command::ClearScreen {},
        Ask::Remove(AreaId(id)) => Command::DynamicArea(DynamicArea {
            process_mode: 0,
            delete: Deletes::Ids(vec![*id]),
            areas: Vec::new(),
        }),
        Ask::Show(content) => {
            let area = area_of(content, &mut substituted)?;
            Command::DynamicArea(DynamicArea {
                process_mode: 0,
                delete: Deletes::None,
                areas: vec![area],
            })
        }
    };
    let data = Message::Request(Request::answered(command)).to_data();
    let bytes =
        frame::encode(&Header::to_board(Address(address)), &data).map_err(|fault| Unsendable {
            bytes: fault.bytes,
            bytes_max: usize::from(u16::MAX),
        })?;
    Ok(Asked { bytes, substituted })
}

/// The next thing heard on the line.
pub fn listen(decoder: &mut Decoder) -> Option<Result<BusFrame, FrameError>> {
    let heard = decoder.next()?;
    Some(heard.map(|frame| {
        let Header { src, dst, .. } = frame.header;
        BusFrame {
            from: src.0,
            to_host: dst.is_host(),
            heard: meaning(&frame),
        }
    }))
}

fn meaning(frame: &frame::Frame) -> Heard {
    match Message::read(&frame.data, super::message::Side::Board) {
        Ok(Message::Reply(reply)) => match reply.body {
            ReplyBody::Ack {} => Heard::Done,
            ReplyBody::Nack {} => Heard::Refused(Refusal {
                code: reply.error,
                reaction: AnswerCode::from_byte(reply.error).reaction(),
            }),
            ReplyBody::StatusReply(status) if reply.error == 0 => {
                Heard::Areas(status.dynamic_ids.into_iter().map(AreaId).collect())
            }
            _ => Heard::Other,
        },
        _ => Heard::Other,
    }
}

fn area_of(content: &AreaContent, substituted: &mut Vec<char>) -> Result<Area, Unsendable> {
    let encoded = text_of(content);
    let bytes = encoded.text.0.len();
    if bytes > TEXT_BYTES_MAX {
        return Err(Unsendable {
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
        run_mode: run_mode::LOOP,
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
            Motion::Still => display_mode::STATIC,
            Motion::ScrollLeft => display_mode::LEFT,
        },
        exit_mode: 0,
        speed: SCROLL_SPEED,
        stay_half_s: STAY_HALF_S,
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
    for (index, line) in content.lines.iter().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{AreaRect, Line, Span};

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
    fn text_beyond_the_smallest_cards_memory_is_refused() {
        let mut long = call();
        long.lines = vec![Line::of(Colour::Red, "字".repeat(300))];
        let refused = encode(1, &Ask::Show(long)).expect_err("600 bytes are too long");
        assert_eq!((refused.bytes, refused.bytes_max), (12 + 3 + 600, 483));
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
