//! Bytes to packets and answers, without I/O and without a clock (sheet `alpha.md`).
//!
//! Total: any bytes give packets, answers or typed errors, never a panic. Memory is bounded by the
//! longest packet plus what was pushed and not yet taken. After a fault the decoder looks for the
//! next 01. A checksum is optional; one that is there has to hold, because a sign drops the packet.
//! How long a sender may pause is the link's to know.

use std::collections::VecDeque;

use super::address::{Address, SignType};
use super::answer::{ACK, Answer, NAK, Status};
use super::packet::{
    BODY_BYTES_MAX, CHECKSUM_DIGITS, COMMAND_END, COMMAND_START, ClosedCommand, Closing, END,
    LastCommand, Packet, START, checksum,
};
use super::payload::hex_digit;

/// Type and address.
const HEAD_BYTES: usize = 3;

/// Why bytes are not a packet. Offsets count from the first byte ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// A start byte came before the end byte; the new packet is read on.
    #[error("A new packet starts at byte {offset} before the last one ended.")]
    Restarted {
        /// Where the new start byte stands.
        offset: u64,
    },
    /// No end byte within the longest possible packet.
    #[error("No end byte within {BODY_BYTES_MAX} bytes, given up at byte {offset}.")]
    TooLong {
        /// Where the limit was passed.
        offset: u64,
    },
    /// The line has seven bits.
    #[error("Byte {offset}: {byte:02X} has eight bits.")]
    EightBits {
        /// What stands there.
        byte: u8,
        /// Where.
        offset: u64,
    },
    /// The packet ended inside type or address.
    #[error("The packet ends at byte {offset} before its first command.")]
    TooShort {
        /// Where it ended.
        offset: u64,
    },
    /// A kind of sign that the sheet does not list.
    #[error("Byte {offset}: {byte:02X} is no kind of sign.")]
    UnknownType {
        /// What stands there.
        byte: u8,
        /// Where.
        offset: u64,
    },
    /// Not two of 0-9, A-F and `?`.
    #[error("The address at byte {offset} is none.")]
    BadAddress {
        /// Where it stands.
        offset: u64,
    },
    /// Something other than 02 where a command has to begin.
    #[error("Byte {offset} should open a command.")]
    NoCommand {
        /// Where.
        offset: u64,
    },
    /// Neither a checksum nor a command nor the end behind 03.
    #[error("Byte {offset} is no digit of a checksum.")]
    BadChecksumDigit {
        /// Where.
        offset: u64,
    },
    /// The checksum is wrong.
    #[error("The checksum is {got:04X}, expected {expected:04X} (byte {offset}).")]
    ChecksumMismatch {
        /// Computed here.
        expected: u16,
        /// Found on the wire.
        got: u16,
        /// Where it begins.
        offset: u64,
    },
    /// A byte that is no status register behind 06 or 15; it is read on.
    #[error("Byte {offset}: {byte:02X} is no status register.")]
    BadStatus {
        /// What stands there.
        byte: u8,
        /// Where.
        offset: u64,
    },
}

impl PacketError {
    /// Where in the stream the fault lies.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match *self {
            Self::Restarted { offset }
            | Self::TooLong { offset }
            | Self::EightBits { offset, .. }
            | Self::TooShort { offset }
            | Self::UnknownType { offset, .. }
            | Self::BadAddress { offset }
            | Self::NoCommand { offset }
            | Self::BadChecksumDigit { offset }
            | Self::ChecksumMismatch { offset, .. }
            | Self::BadStatus { offset, .. } => offset,
        }
    }
}

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

/// Splits a byte stream into packets and answers.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    pending: VecDeque<u8>,
    body: Vec<u8>,
    offset: u64,
    noise_bytes: u64,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// A decoder that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: SILENCE,
            pending: VecDeque::new(),
            body: Vec::new(),
            offset: 0,
            noise_bytes: 0,
        }
    }

    /// Takes bytes in, in any division.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend(bytes);
    }

    /// Bytes skipped outside packets so far; NULs are no noise.
    #[must_use]
    pub fn noise_bytes(&self) -> u64 {
        self.noise_bytes
    }

    /// Offset of the next byte to be looked at.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.offset
    }

    /// Whether a packet or an answer has begun and not ended; NULs alone begin one.
    #[must_use]
    pub fn is_inside_packet(&self) -> bool {
        self.state != SILENCE
    }

    /// Forgets a packet that has begun, for a line that was closed or has fallen silent.
    pub fn abandon(&mut self) {
        self.pending.clear();
        self.body.clear();
        self.state = SILENCE;
    }

    fn step(&mut self, byte: u8) -> Option<Result<Heard, PacketError>> {
        let offset = self.offset;
        self.offset += 1;
        let (next, outcome) = match (self.state, byte) {
            (State::Hunting { nuls }, 0) => (State::Hunting { nuls: nuls + 1 }, None),
            (State::Hunting { nuls }, START) => (State::Body { nuls }, None),
            (State::Hunting { .. }, ACK | NAK) => (State::Answering(byte), None),
            (State::Hunting { .. }, _) => {
                self.noise_bytes += 1;
                (SILENCE, None)
            }
            (State::Answering(kind), _) => (SILENCE, Some(self.answer(kind, byte, offset))),
            (State::Body { nuls }, END) => (SILENCE, Some(self.close(nuls, offset))),
            (State::Body { .. }, START) => {
                let fault = PacketError::Restarted { offset };
                (State::Body { nuls: 0 }, Some(Err(fault)))
            }
            (State::Body { .. }, 0x80..) => {
                (SILENCE, Some(Err(PacketError::EightBits { byte, offset })))
            }
            (State::Body { .. }, _) if self.body.len() == BODY_BYTES_MAX => {
                (SILENCE, Some(Err(PacketError::TooLong { offset })))
            }
            (body @ State::Body { .. }, _) => {
                self.body.push(byte);
                (body, None)
            }
        };
        self.state = next;
        if outcome.is_some() {
            self.body.clear();
        }
        outcome
    }

    fn answer(&mut self, kind: u8, byte: u8, offset: u64) -> Result<Heard, PacketError> {
        let Some(status) = Status::new(byte) else {
            // Perhaps the begin of a packet.
            self.pending.push_front(byte);
            self.offset = offset;
            return Err(PacketError::BadStatus { byte, offset });
        };
        let answer = match kind {
            ACK => Answer::Ack(status),
            _ => Answer::Nak(status),
        };
        let offset = offset - 1;
        Ok(Heard::Answer { answer, offset })
    }

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

/// Yields the next packet, answer or fault among the bytes pushed so far; `None` means "push more".
impl Iterator for Decoder {
    type Item = Result<Heard, PacketError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(byte) = self.pending.pop_front() {
            if let Some(outcome) = self.step(byte) {
                return Some(outcome);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::packet::encode;
    use super::*;

    const RESET: &[u8] = b"\0\0\0\0\0\x01Z00\x02E,\x030076\x04";

    fn decode(bytes: &[u8]) -> Vec<Result<Heard, PacketError>> {
        let mut decoder = Decoder::new();
        decoder.push(bytes);
        decoder.collect()
    }

    fn is_packet(outcome: &Result<Heard, PacketError>) -> bool {
        matches!(outcome, Ok(Heard::Packet { .. }))
    }

    #[test]
    fn any_number_of_nuls_may_come_before_a_packet() {
        for count in [0, 1, 5, 20, 300] {
            let bytes = [vec![0; count], RESET[5..].to_vec()].concat();
            let heard = decode(&bytes).remove(0).expect("a sound packet");
            let Heard::Packet { packet, offset, .. } = heard else {
                panic!("expected a packet");
            };
            assert_eq!((usize::from(packet.nuls), offset), (count.min(255), 0));
        }
    }

    #[test]
    fn noise_before_a_packet_is_skipped_and_counted() {
        let mut decoder = Decoder::new();
        decoder.push(b"\0xy\xFF\0\0");
        decoder.push(RESET);
        let heard = decoder.next().expect("a packet").expect("a sound one");
        assert_eq!((heard.offset(), decoder.noise_bytes()), (4, 3));
    }

    #[test]
    fn a_start_byte_in_a_packet_is_a_new_start() {
        let outcomes = decode(&[&RESET[..12], RESET].concat());
        assert!(outcomes.last().is_some_and(is_packet));
        let offset = 12 + 5;
        assert_eq!(outcomes[0], Err(PacketError::Restarted { offset }));
    }

    #[test]
    fn each_bit_of_a_checked_packet_matters() {
        for at in 6..RESET.len() - 1 {
            for bit in 0..8 {
                let mut bad = RESET.to_vec();
                bad[at] ^= 1 << bit;
                let heard = decode(&bad);
                let passes = heard.iter().any(is_packet);
                // Type and address are not under the sum; neither is a 03 that is no longer one:
                // without it what looked like a checksum is data of an open command.
                let is_head = at < 9;
                let is_open = at == 12 && !heard.iter().any(Result::is_err);
                assert!(!passes || is_head || is_open, "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn each_fault_has_its_place() {
        let fault = |bytes: &[u8]| decode(bytes)[0].clone().expect_err("no packet");
        assert_eq!(fault(b"\x01Z0\x04"), PacketError::TooShort { offset: 3 });
        let (byte, offset) = (b'?', 1);
        assert_eq!(
            fault(b"\x01?00\x02E,\x04"),
            PacketError::UnknownType { byte, offset }
        );
        assert_eq!(
            fault(b"\x01Z0a\x02E,\x04"),
            PacketError::BadAddress { offset: 2 }
        );
        assert_eq!(fault(b"\x01Z00\x04"), PacketError::NoCommand { offset: 4 });
        assert_eq!(
            fault(b"\x01Z00E,\x04"),
            PacketError::NoCommand { offset: 4 }
        );
        assert_eq!(
            fault(b"\x01Z00\x02E,\x03007\x04"),
            PacketError::BadChecksumDigit { offset: 11 }
        );
        assert_eq!(
            fault(b"\x01Z00\x02E,\x030076x\x04"),
            PacketError::NoCommand { offset: 12 }
        );
        let (byte, offset) = (0xFF, 5);
        assert_eq!(
            fault(b"\x01Z00\x02\xFF"),
            PacketError::EightBits { byte, offset }
        );
        let (byte, offset) = (1, 1);
        assert_eq!(fault(b"\x06\x01"), PacketError::BadStatus { byte, offset });
    }

    #[test]
    fn answers_stand_between_packets_and_a_broken_one_does_not_eat_the_next() {
        let outcomes = decode(&[b"\x06\x40", RESET, b"\x15\x50\x15", RESET].concat());
        let answers = outcomes
            .iter()
            .filter(|it| matches!(it, Ok(Heard::Answer { .. })));
        assert_eq!(answers.count(), 2);
        assert_eq!(outcomes.iter().filter(|it| is_packet(it)).count(), 2);
        assert!(matches!(outcomes[3], Err(PacketError::BadStatus { .. })));
    }

    #[test]
    fn a_packet_without_end_is_given_up_at_the_limit() {
        let endless = [vec![START], vec![b'x'; BODY_BYTES_MAX + 1], RESET.to_vec()].concat();
        let outcomes = decode(&endless);
        assert!(matches!(outcomes[0], Err(PacketError::TooLong { .. })));
        assert!(outcomes.last().is_some_and(is_packet));
    }

    #[test]
    fn millions_of_random_bytes_give_faults_and_packets_and_hold_no_more_than_one_packet() {
        let mut decoder = Decoder::new();
        let mut random = 0x9E37_79B9_7F4A_7C15_u64;
        let (mut sound, mut faults) = (0, 0);
        for _ in 0..4_000 {
            let mut bytes = [0; 1024];
            for byte in &mut bytes {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                // Mostly bytes that mean something, so that packets are met, too.
                *byte = match random % 4 {
                    0 => (random >> 8) as u8,
                    1 => b"\0\x01\x02\x03\x04\x06\x15\x40"[(random >> 8) as usize % 8],
                    _ => b"Z00\x02E,\x03AG"[(random >> 8) as usize % 9],
                };
            }
            decoder.push(&bytes);
            for outcome in decoder.by_ref() {
                match outcome {
                    Ok(_) => sound += 1,
                    Err(_) => faults += 1,
                }
            }
            assert!(decoder.pending.is_empty() && decoder.body.len() <= BODY_BYTES_MAX);
        }
        assert!(
            sound > 1_000 && faults > 1_000,
            "{sound} sound, {faults} faults"
        );
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same(
            nuls in any::<u8>(),
            kind in proptest::sample::select(SignType::ALL),
            digits in proptest::array::uniform2(proptest::sample::select(b"0123456789ABCDEF?".as_slice())),
            earlier in proptest::collection::vec((data(), any::<bool>()), 0..4),
            last in data(),
            closing in proptest::option::of(any::<bool>()),
        ) {
            let closing_of = |checked| if checked { Closing::Checked } else { Closing::Plain };
            let packet = Packet {
                nuls,
                sign_type: kind,
                address: Address::new(digits).expect("digits and question marks"),
                earlier: earlier
                    .into_iter()
                    .map(|(data, checked)| ClosedCommand { data, closing: closing_of(checked) })
                    .collect(),
                last: LastCommand { data: last, closing: closing.map(closing_of) },
            };
            let wire = encode(&packet).expect("short");
            let heard = decode(&wire.bytes).remove(0).expect("a sound packet");
            let Heard::Packet { packet: again, places, .. } = heard else {
                panic!("expected a packet");
            };
            for (data, place) in again.data().zip(places) {
                prop_assert!(wire.bytes[place as usize..].starts_with(data));
            }
            prop_assert_eq!(again, packet);
        }

        #[test]
        fn any_division_of_the_bytes_gives_the_same(
            bytes in proptest::collection::vec(0_u8..16, 0..200),
            cut in any::<prop::sample::Index>(),
        ) {
            let bytes = [bytes, RESET.to_vec(), b"\x06\x40".to_vec()].concat();
            let (first, second) = bytes.split_at(cut.index(bytes.len()));
            let mut decoder = Decoder::new();
            decoder.push(first);
            let mut divided: Vec<_> = decoder.by_ref().collect();
            decoder.push(second);
            divided.extend(decoder);
            prop_assert_eq!(divided, decode(&bytes));
        }
    }

    /// Any seven-bit bytes without those that structure a packet.
    fn data() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![Just(0_u8), 5_u8..=0x7F], 0..40)
    }
}
