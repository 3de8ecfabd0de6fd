//! Bytes to packets and answers, without I/O and without a clock (sheet `alpha.md`).
//!
//! Total: any bytes give packets, answers or typed errors, never a panic. Memory is bounded by the
//! longest packet plus what was pushed and not yet taken. After a fault the decoder looks for the
//! next 01. A checksum is optional; one that is there has to hold, because a sign drops the packet.
//! How long a sender may pause is the link's to know.

mod error;
#[cfg(test)]
mod tests;

pub use error::PacketError;

use super::address::{Address, SignType};
use super::answer::{ACK, Answer, NAK, Status};
use super::packet::{
    BODY_BYTES_MAX, CHECKSUM_DIGITS, COMMAND_END, COMMAND_START, ClosedCommand, Closing, END,
    LastCommand, Packet, START, checksum,
};
use super::payload::hex_digit;
use crate::codec::stream::{Splitter, Stream, Taken};

/// Type and address.
const HEAD_BYTES: usize = 3;

/// Something sound on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A packet.
    Packet {
        /// What it says.
        packet: Packet,
        /// Where its first NUL stands.
        offset: u64,
        /// Where the data of each command begins.
        places: Vec<u64>,
    },
    /// 06 or 15 with the status register.
    Answer {
        /// Which.
        answer: Answer,
        /// Where it stands.
        offset: u64,
    },
}

impl Heard {
    /// Where it begins in the stream.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::Packet { offset, .. } | Self::Answer { offset, .. } => *offset,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Outside packets, behind so many NULs.
    Hunting { nuls: u64 },
    /// Behind 06 or 15.
    Answering(u8),
    /// Behind 01.
    Body { nuls: u64 },
}

const SILENCE: State = State::Hunting { nuls: 0 };

impl Default for State {
    fn default() -> Self {
        SILENCE
    }
}

/// Splits a byte stream into packets and answers; NULs are no noise, and alone begin a packet.
pub type Decoder = Stream<Packets>;

/// The packet or answer that has begun, if one has.
#[derive(Debug, Default)]
pub struct Packets {
    state: State,
    body: Vec<u8>,
}

impl Splitter for Packets {
    type Item = Result<Heard, PacketError>;

    fn take(&mut self, byte: u8, offset: u64) -> Taken<Self::Item> {
        let (next, taken) = match (self.state, byte) {
            (State::Hunting { nuls }, 0) => (State::Hunting { nuls: nuls + 1 }, Taken::In),
            (State::Hunting { nuls }, START) => (State::Body { nuls }, Taken::In),
            (State::Hunting { .. }, ACK | NAK) => (State::Answering(byte), Taken::In),
            (State::Hunting { .. }, _) => (SILENCE, Taken::Noise),
            (State::Answering(kind), _) => (SILENCE, answer(kind, byte, offset)),
            (State::Body { nuls }, END) => (SILENCE, Taken::Ends(self.close(nuls, offset))),
            (State::Body { .. }, START) => {
                let fault = PacketError::Restarted { offset };
                (State::Body { nuls: 0 }, Taken::Ends(Err(fault)))
            }
            (State::Body { .. }, 0x80..) => {
                let fault = PacketError::EightBits { byte, offset };
                (SILENCE, Taken::Ends(Err(fault)))
            }
            (State::Body { .. }, _) if self.body.len() == BODY_BYTES_MAX => {
                (SILENCE, Taken::Ends(Err(PacketError::TooLong { offset })))
            }
            (body @ State::Body { .. }, _) => {
                self.body.push(byte);
                (body, Taken::In)
            }
        };
        self.state = next;
        if let Taken::Ends(_) | Taken::Behind(_) = taken {
            self.body.clear();
        }
        taken
    }

    fn is_inside(&self) -> bool {
        self.state != SILENCE
    }

    fn held_bytes(&self) -> usize {
        self.body.len()
    }

    fn abandon(&mut self) {
        self.body.clear();
        self.state = SILENCE;
    }
}

/// What stands behind 06 or 15.
fn answer(kind: u8, byte: u8, offset: u64) -> Taken<Result<Heard, PacketError>> {
    let Some(status) = Status::new(byte) else {
        // Perhaps the begin of a packet.
        return Taken::Behind(Err(PacketError::BadStatus { byte, offset }));
    };
    let answer = match kind {
        ACK => Answer::Ack(status),
        _ => Answer::Nak(status),
    };
    let offset = offset - 1;
    Taken::Ends(Ok(Heard::Answer { answer, offset }))
}

impl Packets {
    fn close(&self, nuls: u64, end_offset: u64) -> Result<Heard, PacketError> {
        let body_offset = end_offset - self.body.len() as u64;
        let (sign_type, address) = self.head(body_offset, end_offset)?;
        let mut commands = Commands {
            body: &self.body,
            at: HEAD_BYTES,
            body_offset,
        };
        let (mut earlier, mut places) = (Vec::new(), Vec::new());
        let last = loop {
            places.push(commands.place(commands.at + 1));
            match commands.split()? {
                Split::Earlier(command) => earlier.push(command),
                Split::Last(command) => break command,
            }
        };
        let packet = Packet {
            nuls: u8::try_from(nuls).unwrap_or(u8::MAX),
            sign_type,
            address,
            earlier,
            last,
        };
        Ok(Heard::Packet {
            packet,
            offset: body_offset - 1 - nuls,
            places,
        })
    }

    fn head(&self, body_offset: u64, end_offset: u64) -> Result<(SignType, Address), PacketError> {
        let &[byte, first, second, ..] = self.body.as_slice() else {
            return Err(PacketError::TooShort { offset: end_offset });
        };
        let offset = body_offset;
        let sign_type =
            SignType::from_byte(byte).ok_or(PacketError::UnknownType { byte, offset })?;
        let offset = body_offset + 1;
        let address = Address::new([first, second]).ok_or(PacketError::BadAddress { offset })?;
        Ok((sign_type, address))
    }
}

/// The commands of a packet, one after another.
struct Commands<'a> {
    body: &'a [u8],
    at: usize,
    body_offset: u64,
}

enum Split {
    Earlier(ClosedCommand),
    Last(LastCommand),
}

impl Commands<'_> {
    fn split(&mut self) -> Result<Split, PacketError> {
        let from = self.at;
        let rest = &self.body[from..];
        if rest.first() != Some(&COMMAND_START) {
            let offset = self.place(from);
            return Err(PacketError::NoCommand { offset });
        }
        let Some(length) = rest.iter().position(|&byte| byte == COMMAND_END) else {
            let (data, closing) = (rest[1..].to_vec(), None);
            return Ok(Split::Last(LastCommand { data, closing }));
        };
        let data = rest[1..length].to_vec();
        self.at = from + length + 1;
        let closing = self.closing(from)?;
        Ok(if self.at == self.body.len() {
            let closing = Some(closing);
            Split::Last(LastCommand { data, closing })
        } else {
            Split::Earlier(ClosedCommand { data, closing })
        })
    }

    /// What stands behind the 03 of the command that begins at `from`.
    fn closing(&mut self, from: usize) -> Result<Closing, PacketError> {
        let at = self.at;
        if matches!(self.body.get(at), None | Some(&COMMAND_START)) {
            return Ok(Closing::Plain);
        }
        let mut got = 0;
        for at in at..at + CHECKSUM_DIGITS {
            let digit = self.body.get(at).copied().and_then(hex_digit);
            let offset = self.place(at);
            got = (got << 4) | u16::from(digit.ok_or(PacketError::BadChecksumDigit { offset })?);
        }
        let expected = checksum(&self.body[from..at]);
        if got != expected {
            let offset = self.place(at);
            return Err(PacketError::ChecksumMismatch {
                expected,
                got,
                offset,
            });
        }
        self.at = at + CHECKSUM_DIGITS;
        Ok(Closing::Checked)
    }

    fn place(&self, at: usize) -> u64 {
        self.body_offset + at as u64
    }
}
