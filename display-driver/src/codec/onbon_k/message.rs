//! The meaning of a frame's data: a request of the host or a reply of a card
//! (sheet `onbon-bx.md` A2, A3).
//!
//! Request and reply share the shape `group command flag reserved reserved payload`; who sent it
//! decides what the flag means and which payload follows. What is not listed is kept as it is.

use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::command::Command;
use super::frame::Frame;
use super::header::Header;
use super::payload::{PayloadError, Reader, wire_len};
use crate::codec::{FileName, Font, Side};

/// Bytes before the payload.
pub const PREFIX_BYTES: usize = 5;
/// Request flag "must answer".
pub const MUST_ANSWER: u8 = 1;
/// Request flag "must not answer".
pub const MUST_NOT_ANSWER: u8 = 2;

impl Side {
    /// Judges by the addresses, and by the answer group where they are the same on both sides.
    #[must_use]
    pub fn of(header: &Header, data: &[u8]) -> Self {
        match (header.src.is_host(), header.dst.is_host()) {
            (true, false) => Self::Host,
            (false, true) => Self::Board,
            _ if data.first() == Some(&0xA0) => Self::Board,
            _ => Self::Host,
        }
    }
}

/// A command with the bytes before its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// [`MUST_ANSWER`] or [`MUST_NOT_ANSWER`].
    pub answer: u8,
    /// Zero, or what some vendor tools write there. The first one of a dynamic-area command is its
    /// process mode and stands in the command.
    pub reserved: [u8; 2],
    /// What is asked.
    pub command: Command,
}

impl Request {
    /// A request that is to be answered.
    #[must_use]
    pub fn answered(command: Command) -> Self {
        Self {
            answer: MUST_ANSWER,
            reserved: [0; 2],
            command,
        }
    }
}

/// What a card answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "command",
    content = "params",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
pub enum ReplyBody {
    /// A0 00.
    Ack {},
    /// A0 01.
    Nack {},
    /// A1 02.
    StatusReply(Box<Status>),
    /// A1 06.
    FileBlockReply {
        /// Where the next block has to begin.
        next_addr: u32,
    },
    /// A2 07.
    ScreenNumberReply {
        /// The card's number.
        number: u16,
    },
    /// A2 09.
    FontsReply {
        /// The fonts loaded.
        fonts: Vec<Font>,
    },
}

/// What "query status" brings back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// 1 on, 2 off.
    pub power: u8,
    /// 0..15.
    pub brightness: u8,
    /// The card's clock.
    pub clock: Clock,
    /// Programs in flash.
    pub programs: u8,
    /// The program being shown.
    pub current_program: FileName,
    /// Special dynamic area present.
    pub special_area: u8,
    /// Its pages.
    pub special_pages: u8,
    /// Dynamic areas present.
    pub dynamic_ids: Vec<u8>,
    /// Bar code.
    #[serde(with = "crate::codec::hex_text")]
    pub bar_code: [u8; 16],
    /// The customer's network id.
    #[serde(with = "crate::codec::hex_text")]
    pub custom_net_id: [u8; 12],
}

/// A reply with the bytes before its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// See [`super::answer::AnswerCode`].
    pub error: u8,
    /// Zero.
    pub reserved: [u8; 2],
    /// What is answered.
    pub body: ReplyBody,
}

impl Reply {
    /// A reply without error.
    #[must_use]
    pub fn ok(body: ReplyBody) -> Self {
        Self {
            error: 0,
            reserved: [0; 2],
            body,
        }
    }
}

/// The data of a frame, understood as far as the sheet goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// From the host.
    Request(Request),
    /// From a card.
    Reply(Reply),
    /// Not listed; the data as it was.
    Unknown(Vec<u8>),
}

impl Message {
    /// Reads the data of a frame that `side` sent.
    pub fn read(data: &[u8], side: Side) -> Result<Self, PayloadError> {
        let &[group, command, flag, first, second, ..] = data else {
            return Ok(Self::Unknown(data.to_vec()));
        };
        let reserved = [first, second];
        let mut reader = Reader::new(data, PREFIX_BYTES);
        let message = match side {
            Side::Host => read_request([group, command], flag, reserved, &mut reader)?,
            Side::Board => ReplyBody::read([group, command], &mut reader)?.map(|body| {
                Self::Reply(Reply {
                    error: flag,
                    reserved,
                    body,
                })
            }),
        };
        let Some(message) = message else {
            return Ok(Self::Unknown(data.to_vec()));
        };
        reader.finish()?;
        Ok(message)
    }

    /// Reads the data of a frame, judging by its addresses who sent it.
    pub fn of_frame(frame: &Frame) -> Result<Self, PayloadError> {
        Self::read(&frame.data, Side::of(&frame.header, &frame.data))
    }

    /// The data of a frame that says this.
    #[must_use]
    pub fn to_data(&self) -> Vec<u8> {
        match self {
            Self::Unknown(data) => data.clone(),
            Self::Request(request) => {
                let [group, code] = request.command.code();
                let first = match &request.command {
                    Command::DynamicArea(update) => update.process_mode,
                    _ => request.reserved[0],
                };
                let mut data = vec![group, code, request.answer, first, request.reserved[1]];
                request.command.write(&mut data);
                data
            }
            Self::Reply(reply) => {
                let [group, code] = reply.body.code();
                let [first, second] = reply.reserved;
                let mut data = vec![group, code, reply.error, first, second];
                reply.body.write(&mut data);
                data
            }
        }
    }
}

fn read_request(
    code: [u8; 2],
    answer: u8,
    [first, second]: [u8; 2],
    reader: &mut Reader<'_>,
) -> Result<Option<Message>, PayloadError> {
    let Some(command) = Command::read(code, first, reader)? else {
        return Ok(None);
    };
    let reserved = match command {
        Command::DynamicArea(_) => [0, second],
        _ => [first, second],
    };
    Ok(Some(Message::Request(Request {
        answer,
        reserved,
        command,
    })))
}

impl ReplyBody {
    /// Group and command bytes.
    #[must_use]
    pub fn code(&self) -> [u8; 2] {
        match self {
            Self::Ack {} => [0xA0, 0x00],
            Self::Nack {} => [0xA0, 0x01],
            Self::StatusReply(_) => [0xA1, 0x02],
            Self::FileBlockReply { .. } => [0xA1, 0x06],
            Self::ScreenNumberReply { .. } => [0xA2, 0x07],
            Self::FontsReply { .. } => [0xA2, 0x09],
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Ack {} | Self::Nack {} => {}
            Self::StatusReply(status) => status.write(out),
            Self::FileBlockReply { next_addr } => out.extend(next_addr.to_le_bytes()),
            Self::ScreenNumberReply { number } => out.extend(number.to_le_bytes()),
            Self::FontsReply { fonts } => {
                out.push(wire_len(fonts.len()));
                fonts
                    .iter()
                    .for_each(|font| out.extend([font.kind, font.width, font.height]));
            }
        }
    }

    fn read(code: [u8; 2], reader: &mut Reader<'_>) -> Result<Option<Self>, PayloadError> {
        Ok(Some(match code {
            [0xA0, 0x00] => Self::Ack {},
            [0xA0, 0x01] => Self::Nack {},
            [0xA1, 0x02] => Self::StatusReply(Box::new(Status::read(reader)?)),
            [0xA1, 0x06] => Self::FileBlockReply {
                next_addr: reader.u32()?,
            },
            [0xA2, 0x07] => Self::ScreenNumberReply {
                number: reader.u16()?,
            },
            [0xA2, 0x09] => {
                let count = reader.u8()?;
                let fonts = (0..count).map(|_| {
                    let [kind, width, height] = reader.array()?;
                    Ok(Font {
                        kind,
                        width,
                        height,
                    })
                });
                Self::FontsReply {
                    fonts: fonts.collect::<Result<_, _>>()?,
                }
            }
            _ => return Ok(None),
        }))
    }
}

impl Status {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend([self.power, self.brightness]);
        out.extend(self.clock.status_order());
        out.push(self.programs);
        out.extend(self.current_program.0);
        out.extend([
            self.special_area,
            self.special_pages,
            wire_len(self.dynamic_ids.len()),
        ]);
        out.extend(&self.dynamic_ids);
        out.extend(self.bar_code);
        out.extend(self.custom_net_id);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        Ok(Self {
            power: reader.u8()?,
            brightness: reader.u8()?,
            clock: Clock::from_status_order(reader.array()?),
            programs: reader.u8()?,
            current_program: FileName(reader.array()?),
            special_area: reader.u8()?,
            special_pages: reader.u8()?,
            dynamic_ids: {
                let count = reader.u8()?;
                reader.take(usize::from(count))?.to_vec()
            },
            bar_code: reader.array()?,
            custom_net_id: reader.array()?,
        })
    }
}
