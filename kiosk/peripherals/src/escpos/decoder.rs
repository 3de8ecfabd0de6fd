//! Bytes to commands, in any division, without I/O: what the virtual printer reads and the tests of the
//! typesetter compare with.
//!
//! Total: any bytes give commands or faults with their place, never a panic. After an unknown command
//! its two bytes are skipped, after one that is too long its announced length, so one fault never
//! costs more than itself. Held are at most one command's bytes ([`HELD_BYTES_MAX`]).
//!
//! A run of text is given when a control byte ends it or when it is [`TEXT_BYTES_MAX`] long; only
//! [`Decoder::end`] gives the rest. `DLE EOT n` comes out where it stands in the stream; a printer acts
//! on it earlier, also in the middle of a picture, which is the virtual printer's business.

use super::command::{
    Align, Command, Cut, DLE, ENQ, EOT, ESC, FS, GS, LF, QR_BYTES_MAX, QrLevel, RASTER_BYTES_MAX,
    Raster, Switch,
};
use super::status::Question;

/// Longest run of text given at once; even, so that a line of Chinese characters is divided between
/// two of them.
pub const TEXT_BYTES_MAX: usize = 1024;
/// Header of a picture.
const RASTER_HEADER_BYTES: usize = 8;
/// `GS ( k`, length, family and function.
const QR_HEADER_BYTES: usize = 7;
/// Bytes held at most: a picture and its header.
pub const HELD_BYTES_MAX: usize = RASTER_BYTES_MAX + RASTER_HEADER_BYTES;

/// Why bytes are no command. Offsets count from the first byte ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandFault {
    /// Not of the subset.
    #[error("Byte {offset}: {prefix:02X} {code:02X} is not a command of the subset.")]
    Unknown {
        /// The control byte.
        prefix: u8,
        /// What followed.
        code: u8,
        /// Where.
        offset: u64,
    },
    /// A control byte that begins nothing.
    #[error("Byte {offset}: {byte:02X} is neither text nor the beginning of a command.")]
    StrayControl {
        /// The byte.
        byte: u8,
        /// Where.
        offset: u64,
    },
    /// A command of the subset with a value that it cannot have.
    #[error("Byte {offset}: {value:02X} is not a value that this command takes.")]
    BadValue {
        /// The value.
        value: u8,
        /// Where the command begins.
        offset: u64,
    },
    /// More bytes than a picture or a code may have.
    #[error("Byte {offset}: {bytes} bytes are announced, {bytes_max} may be.")]
    TooLong {
        /// Announced.
        bytes: u64,
        /// The bound.
        bytes_max: usize,
        /// Where the command begins.
        offset: u64,
    },
    /// The bytes ended inside a command.
    #[error("Byte {offset}: the bytes end inside a command.")]
    Truncated {
        /// Where the command begins.
        offset: u64,
    },
}

/// A command, or what stands there instead.
pub type Decoded = Result<Command, CommandFault>;

/// Reads a stream.
#[derive(Debug, Default)]
pub struct Decoder {
    held: Vec<u8>,
    offset: u64,
    /// Bytes of a command that was too long, still to be passed over.
    skip: u64,
}

/// What stands at the beginning of the held bytes.
enum Step {
    More,
    Take(usize, Command),
    Drop(usize, CommandFault),
    Skip(u64, CommandFault),
}

impl Decoder {
    /// At the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All of some bytes.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Vec<Decoded> {
        let mut decoder = Self::new();
        let mut decoded = decoder.push(bytes);
        decoded.extend(decoder.end());
        decoded
    }

    /// Takes bytes and gives what is complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Decoded> {
        let mut decoded = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = HELD_BYTES_MAX - self.held.len();
            let (now, later) = rest.split_at(rest.len().min(room));
            self.held.extend_from_slice(now);
            rest = later;
            self.read(&mut decoded);
        }
        decoded
    }

    /// The stream is over: the last text, or a fault when a command has begun.
    pub fn end(mut self) -> Option<Decoded> {
        if self.held.is_empty() {
            return None;
        }
        Some(if is_text(self.held[0]) {
            Ok(Command::Text(std::mem::take(&mut self.held)))
        } else {
            Err(CommandFault::Truncated {
                offset: self.offset,
            })
        })
    }

    /// Bytes held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    fn read(&mut self, decoded: &mut Vec<Decoded>) {
        let mut at = 0;
        loop {
            at += self.pass_over(at);
            let offset = self.offset + at as u64;
            match step(&self.held[at..], offset) {
                Step::More => break,
                Step::Take(length, command) => {
                    decoded.push(Ok(command));
                    at += length;
                }
                Step::Drop(length, fault) => {
                    decoded.push(Err(fault));
                    at += length;
                }
                Step::Skip(length, fault) => {
                    decoded.push(Err(fault));
                    self.skip = length;
                }
            }
        }
        self.held.drain(..at);
        self.offset += at as u64;
    }

    fn pass_over(&mut self, at: usize) -> usize {
        let there = self.held.len() - at;
        let passed = usize::try_from(self.skip).map_or(there, |skip| skip.min(there));
        self.skip -= passed as u64;
        passed
    }
}

fn is_text(byte: u8) -> bool {
    byte >= 0x20
}

fn step(held: &[u8], offset: u64) -> Step {
    let Some(&first) = held.first() else {
        return Step::More;
    };
    match first {
        LF => Step::Take(1, Command::LineFeed),
        ESC | GS | FS | DLE => command(held, offset),
        _ if is_text(first) => text(held),
        byte => Step::Drop(1, CommandFault::StrayControl { byte, offset }),
    }
}

fn text(held: &[u8]) -> Step {
    let end = held.iter().position(|&byte| !is_text(byte));
    match end {
        Some(length) if length <= TEXT_BYTES_MAX => {
            Step::Take(length, Command::Text(held[..length].to_vec()))
        }
        None if held.len() < TEXT_BYTES_MAX => Step::More,
        _ => Step::Take(
            TEXT_BYTES_MAX,
            Command::Text(held[..TEXT_BYTES_MAX].to_vec()),
        ),
    }
}

fn command(held: &[u8], offset: u64) -> Step {
    let &[prefix, code, ref rest @ ..] = held else {
        return Step::More;
    };
    match (prefix, code) {
        (ESC, b'@') => Step::Take(2, Command::Initialise),
        (ESC, b'2') => Step::Take(2, Command::DefaultLineSpacing),
        (FS, b'&') => Step::Take(2, Command::ChineseOn),
        (FS, b'.') => Step::Take(2, Command::ChineseOff),
        (FS, b'S') => match rest {
            &[left, right, ..] => Step::Take(4, Command::ChineseSpacing(left, right)),
            _ => Step::More,
        },
        (GS, b'V') => cut(rest, offset),
        (GS, b'v') => raster(held, offset),
        (GS, b'(') => qr(held, offset),
        _ => with_one_value(prefix, code, rest, offset),
    }
}

fn with_one_value(prefix: u8, code: u8, rest: &[u8], offset: u64) -> Step {
    let unknown = CommandFault::Unknown {
        prefix,
        code,
        offset,
    };
    let Some(&value) = rest.first() else {
        let is_known = one_value(prefix, code, 1).is_some();
        return if is_known {
            Step::More
        } else {
            Step::Drop(2, unknown)
        };
    };
    match one_value(prefix, code, value) {
        Some(Some(command)) => Step::Take(3, command),
        Some(None) => Step::Drop(3, CommandFault::BadValue { value, offset }),
        None => Step::Drop(2, unknown),
    }
}

/// The command of two bytes and a value: `None` when there is no such command, `Some(None)` when it
/// does not take this value.
fn one_value(prefix: u8, code: u8, value: u8) -> Option<Option<Command>> {
    Some(match (prefix, code) {
        (ESC, b'd') => Some(Command::FeedLines(value)),
        (ESC, b'J') => Some(Command::FeedDots(value)),
        (ESC, b'3') => Some(Command::LineSpacing(value)),
        (ESC, b'a') => align(value).map(Command::Align),
        (ESC, b'E') => Some(Command::Bold(switch(value))),
        (ESC, b'-') => digit_or_value(value, 2).map(Command::Underline),
        (ESC, b'!') => Some(Command::PrintMode(value)),
        (ESC, b't') => Some(Command::CodeTable(value)),
        (GS, b'!') => size(value),
        (GS, b'B') => Some(Command::Reverse(switch(value))),
        (GS, b'a') => Some(Command::AutoStatus(value)),
        (FS, b'!') => Some(Command::ChineseMode(value)),
        (FS, b'W') => Some(Command::ChineseQuadruple(switch(value))),
        (DLE, EOT) => Question::from_number(value).map(Command::Ask),
        (DLE, ENQ) => (1..=2).contains(&value).then_some(Command::Recover(value)),
        _ => return None,
    })
}

fn switch(value: u8) -> Switch {
    if value & 1 == 1 {
        Switch::On
    } else {
        Switch::Off
    }
}

/// Values up to `max`, which printers also take as the digit of that value.
fn digit_or_value(value: u8, max: u8) -> Option<u8> {
    let plain = value.checked_sub(b'0').unwrap_or(value);
    (plain <= max).then_some(plain)
}

fn align(value: u8) -> Option<Align> {
    let all = [Align::Left, Align::Centre, Align::Right];
    let index = digit_or_value(value, 2)?;
    all.get(usize::from(index)).copied()
}

fn size(value: u8) -> Option<Command> {
    let (width, height) = (value >> 4, value & 0x0F);
    (width < 8 && height < 8).then_some(Command::Size {
        width: width + 1,
        height: height + 1,
    })
}

fn cut(rest: &[u8], offset: u64) -> Step {
    let feeding = |how: fn(u8) -> Cut| match rest.get(1) {
        Some(&dots) => Step::Take(4, Command::Cut(how(dots))),
        None => Step::More,
    };
    match rest.first() {
        None => Step::More,
        Some(0 | b'0') => Step::Take(3, Command::Cut(Cut::Full)),
        Some(1 | b'1') => Step::Take(3, Command::Cut(Cut::Partial)),
        Some(b'A') => feeding(Cut::FeedThenFull),
        Some(b'B') => feeding(Cut::FeedThenPartial),
        Some(&value) => Step::Drop(3, CommandFault::BadValue { value, offset }),
    }
}

fn raster(held: &[u8], offset: u64) -> Step {
    if held.get(2).is_some_and(|&third| third != b'0') {
        let unknown = CommandFault::Unknown {
            prefix: GS,
            code: b'v',
            offset,
        };
        return Step::Drop(2, unknown);
    }
    let &[_, _, _, mode, x_low, x_high, y_low, y_high, ref data @ ..] = held else {
        return Step::More;
    };
    let row_bytes = u16::from_le_bytes([x_low, x_high]);
    let rows = u16::from_le_bytes([y_low, y_high]);
    let length = u64::from(row_bytes) * u64::from(rows);
    if length > RASTER_BYTES_MAX as u64 {
        let fault = CommandFault::TooLong {
            bytes: length,
            bytes_max: RASTER_BYTES_MAX,
            offset,
        };
        return Step::Skip(length + RASTER_HEADER_BYTES as u64, fault);
    }
    // Doubled pictures are none of the subset's.
    if !matches!(mode, 0 | b'0') || length == 0 {
        let fault = CommandFault::BadValue {
            value: mode,
            offset,
        };
        return Step::Skip(length + RASTER_HEADER_BYTES as u64, fault);
    }
    let length = usize::try_from(length).expect("it is within the bound");
    match data.get(..length) {
        None => Step::More,
        Some(dots) => Step::Take(
            RASTER_HEADER_BYTES + length,
            Command::Raster(Raster {
                row_bytes,
                dots: dots.to_vec(),
            }),
        ),
    }
}

fn qr(held: &[u8], offset: u64) -> Step {
    let unknown = |code| CommandFault::Unknown {
        prefix: GS,
        code,
        offset,
    };
    let &[_, _, family_code, length_low, length_high, ref payload @ ..] = held else {
        return Step::More;
    };
    let length = u16::from_le_bytes([length_low, length_high]);
    let whole = u64::from(length) + 5;
    if family_code != b'k' {
        return Step::Skip(whole, unknown(family_code));
    }
    if usize::from(length) > QR_BYTES_MAX + 3 {
        let fault = CommandFault::TooLong {
            bytes: u64::from(length).saturating_sub(3),
            bytes_max: QR_BYTES_MAX,
            offset,
        };
        return Step::Skip(whole, fault);
    }
    let Some(payload) = payload.get(..usize::from(length)) else {
        return Step::More;
    };
    match qr_function(payload) {
        Some(command) => Step::Take(usize::from(length) + QR_HEADER_BYTES - 2, command),
        None => {
            let value = payload.get(1).copied().unwrap_or_default();
            Step::Skip(whole, CommandFault::BadValue { value, offset })
        }
    }
}

/// A function of symbol family 49 and its parameters.
fn qr_function(payload: &[u8]) -> Option<Command> {
    match *payload {
        [0x31, 0x41, model, _] => {
            let model = model.checked_sub(0x30)?;
            (1..=3).contains(&model).then_some(Command::QrModel(model))
        }
        [0x31, 0x43, dots] => (1..=16).contains(&dots).then_some(Command::QrDotSize(dots)),
        [0x31, 0x45, code] => {
            let level = QrLevel::ALL.into_iter().find(|level| level.code() == code);
            level.map(Command::QrLevel)
        }
        [0x31, 0x50, 0x30, ref content @ ..] if !content.is_empty() => {
            Some(Command::QrStore(content.to_vec()))
        }
        [0x31, 0x51, 0x30] => Some(Command::QrPrint),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(bytes: &[u8]) -> Vec<CommandFault> {
        let decoded = Decoder::decode(bytes).into_iter();
        decoded.filter_map(Result::err).collect()
    }

    #[test]
    fn a_fault_costs_no_more_than_itself() {
        let drawer = [0x1B, 0x70, 0, 0x32, 0x32, 0x1C, 0x26];
        let expected = [
            Err(CommandFault::Unknown {
                prefix: 0x1B,
                code: 0x70,
                offset: 0,
            }),
            Err(CommandFault::StrayControl { byte: 0, offset: 2 }),
            Ok(Command::Text(b"22".to_vec())),
            Ok(Command::ChineseOn),
        ];
        assert_eq!(Decoder::decode(&drawer), expected);
    }

    #[test]
    fn a_picture_beyond_the_bound_is_passed_over_by_its_announced_length() {
        let mut bytes = vec![0x1D, 0x76, 0x30, 0, 0xFF, 0x00, 0xFF, 0x7F];
        bytes.extend(std::iter::repeat_n(0x1B, 0xFF * 0x7FFF));
        bytes.extend([0x1B, 0x40]);
        let mut decoder = Decoder::new();
        let decoded = decoder.push(&bytes);
        assert!(matches!(decoded[0], Err(CommandFault::TooLong { .. })));
        assert_eq!(decoded[1..], [Ok(Command::Initialise)]);
        assert_eq!(decoder.held(), 0);
    }

    #[test]
    fn a_command_that_is_cut_off_is_told_with_its_place() {
        assert_eq!(faults(b"A\x1B"), [CommandFault::Truncated { offset: 1 }]);
        let half = [0x1D, 0x28, 0x6B, 7, 0, 0x31, 0x50, 0x30, 0x41];
        assert_eq!(faults(&half), [CommandFault::Truncated { offset: 0 }]);
    }

    #[test]
    fn values_that_a_command_does_not_take_are_refused() {
        for bytes in [
            &[0x1B, 0x61, 3][..],
            &[0x1D, 0x21, 0x80],
            &[0x1D, 0x56, 9],
            &[0x10, 0x04, 5],
            &[0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, 0],
            &[0x1D, 0x76, 0x30, 3, 1, 0, 1, 0, 0xFF],
        ] {
            let faults = faults(bytes);
            assert!(
                matches!(faults[..], [CommandFault::BadValue { .. }]),
                "{bytes:02X?} {faults:?}"
            );
        }
    }
}
