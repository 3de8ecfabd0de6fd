//! Frames of both directions: preamble, big-endian length, body, XOR.
//!
//! Total: any bytes give frames or typed faults. After a fault one byte is dropped and the preamble is
//! looked for again, also inside what the broken frame had swallowed, so one broken frame never costs the
//! next one. Held are at most [`HELD_BYTES_MAX`] bytes, in one allocation that never moves and is
//! overwritten as it is read and when it is dropped.

use std::collections::VecDeque;

use zeroize::{Zeroize as _, Zeroizing};

/// What every frame begins with.
pub const PREAMBLE: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];
/// Longest length that is believed: text, photo and fingerprint with room to spare.
pub const LENGTH_MAX: usize = 2_600;
/// Preamble and length.
const HEAD_BYTES: usize = PREAMBLE.len() + 2;
/// One frame.
pub const HELD_BYTES_MAX: usize = HEAD_BYTES + LENGTH_MAX;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Commands: at least CMD, PARA and the check.
    Host,
    /// Replies: at least SW1 to SW3 and the check.
    Reader,
}

impl Side {
    /// Shortest length.
    #[must_use]
    pub fn length_min(self) -> usize {
        match self {
            Self::Host => 3,
            Self::Reader => 4,
        }
    }
}

/// Why bytes are not a frame. Offsets count from the first byte ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// The length cannot be.
    #[error("Byte {offset}: the length {length} is not {length_min} to {LENGTH_MAX}.")]
    Length {
        /// What it says.
        length: usize,
        /// Least.
        length_min: usize,
        /// Where it stands.
        offset: u64,
    },
    /// The check byte is another one.
    #[error("Byte {offset}: the check is {got:02X}, expected {expected:02X}.")]
    Check {
        /// Found.
        got: u8,
        /// Computed.
        expected: u8,
        /// Where it stands.
        offset: u64,
    },
    /// There is no preamble where one should be.
    #[error("Byte {offset}: no preamble AA AA AA 96 69.")]
    NoPreamble {
        /// Where.
        offset: u64,
    },
    /// The bytes end before the frame does.
    #[error("Byte {offset}: the frame ends too early, {missing} bytes are missing.")]
    Short {
        /// How many.
        missing: usize,
        /// Where they end.
        offset: u64,
    },
    /// Bytes behind the frame.
    #[error("Byte {offset}: the frame is over, but more bytes follow.")]
    Excess {
        /// Where they begin.
        offset: u64,
    },
}

impl FrameFault {
    /// Where it is.
    #[must_use]
    pub fn offset(self) -> u64 {
        match self {
            Self::Length { offset, .. }
            | Self::Check { offset, .. }
            | Self::NoPreamble { offset }
            | Self::Short { offset, .. }
            | Self::Excess { offset } => offset,
        }
    }
}

/// What stands between length and check.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Frame({} bytes)", self.0.len())
    }
}

impl Frame {
    /// A frame of these bytes.
    ///
    /// # Panics
    /// When they are more than a frame holds: whoever builds one knows its bound.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        assert!(body.len() < LENGTH_MAX, "a body of {} bytes", body.len());
        Self(Zeroizing::new(body.to_vec()))
    }

    /// The bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0
    }

    /// As it is on the line.
    #[must_use]
    pub fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let length = u16::try_from(self.0.len() + 1).expect("a body is within its bound");
        let length = length.to_be_bytes();
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEAD_BYTES + self.0.len() + 1));
        bytes.extend(PREAMBLE);
        bytes.extend(length);
        bytes.extend_from_slice(&self.0);
        bytes.push(check(&length) ^ check(&self.0));
        bytes
    }

    /// Exactly one frame and nothing around it.
    ///
    /// # Errors
    /// [`FrameFault`].
    pub fn read(bytes: &[u8], side: Side) -> Result<Self, FrameFault> {
        let prefix = PREAMBLE.len().min(bytes.len());
        if bytes[..prefix] != PREAMBLE[..prefix] {
            let at = bytes.iter().zip(PREAMBLE).position(|(it, due)| *it != due);
            let offset = at.unwrap_or_default() as u64;
            return Err(FrameFault::NoPreamble { offset });
        }
        match step(bytes, 0, side) {
            Step::More(missing) => Err(FrameFault::Short {
                missing,
                offset: bytes.len() as u64,
            }),
            Step::Broken(fault) => Err(fault),
            Step::Frame(length) if length < bytes.len() => Err(FrameFault::Excess {
                offset: length as u64,
            }),
            Step::Frame(length) => Ok(Self::of(&bytes[HEAD_BYTES..length - 1])),
        }
    }
}

/// XOR of bytes.
fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |check, byte| check ^ byte)
}

enum Step {
    /// At least so many bytes are missing.
    More(usize),
    /// A frame of so many bytes.
    Frame(usize),
    Broken(FrameFault),
}

/// What begins at the preamble at the front of `held`, which stands at `at` in the stream.
fn step(held: &[u8], at: u64, side: Side) -> Step {
    let (Some(high), Some(low)) = (held.get(5), held.get(6)) else {
        return Step::More(HEAD_BYTES - held.len());
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if !(side.length_min()..=LENGTH_MAX).contains(&length) {
        return Step::Broken(FrameFault::Length {
            length,
            length_min: side.length_min(),
            offset: at + PREAMBLE.len() as u64,
        });
    }
    let whole = HEAD_BYTES + length;
    let Some(frame) = held.get(..whole) else {
        return Step::More(whole - held.len());
    };
    let (covered, got) = (&frame[PREAMBLE.len()..whole - 1], frame[whole - 1]);
    let expected = check(covered);
    if got == expected {
        Step::Frame(whole)
    } else {
        let offset = at + whole as u64 - 1;
        Step::Broken(FrameFault::Check {
            got,
            expected,
            offset,
        })
    }
}

/// Reads a stream of one side.
pub struct Decoder {
    side: Side,
    held: Zeroizing<Vec<u8>>,
    offset: u64,
    noise_bytes: u64,
    outcomes: VecDeque<Result<Frame, FrameFault>>,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Decoder");
        shown
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}

impl Decoder {
    /// At the beginning of a stream.
    #[must_use]
    pub fn new(side: Side) -> Self {
        Self {
            side,
            held: Zeroizing::new(Vec::with_capacity(HELD_BYTES_MAX)),
            offset: 0,
            noise_bytes: 0,
            outcomes: VecDeque::new(),
        }
    }

    /// Takes bytes in, in any division.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            // A frame that is not whole leaves room, because it is shorter than the bound.
            let room = HELD_BYTES_MAX - self.held.len();
            let (now, later) = rest.split_at(rest.len().min(room));
            self.held.extend_from_slice(now);
            rest = later;
            self.scan();
        }
    }

    /// The next frame or fault; `None` means "push more".
    pub fn take(&mut self) -> Option<Result<Frame, FrameFault>> {
        self.outcomes.pop_front()
    }

    /// Forgets a frame that has begun.
    pub fn abandon(&mut self) {
        self.drop_front(self.held.len());
    }

    /// Bytes held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Bytes outside frames so far.
    #[must_use]
    pub fn noise_bytes(&self) -> u64 {
        self.noise_bytes
    }

    fn scan(&mut self) {
        loop {
            let noise = noise_before_preamble(&self.held);
            self.noise_bytes += noise as u64;
            self.drop_front(noise);
            match step(&self.held, self.offset, self.side) {
                Step::More(_) => return,
                Step::Frame(length) => {
                    let frame = Frame::of(&self.held[HEAD_BYTES..length - 1]);
                    self.outcomes.push_back(Ok(frame));
                    self.drop_front(length);
                }
                Step::Broken(fault) => {
                    self.outcomes.push_back(Err(fault));
                    self.noise_bytes += 1;
                    self.drop_front(1);
                }
            }
        }
    }

    /// Moves the rest to the front and overwrites what was behind it.
    fn drop_front(&mut self, count: usize) {
        let rest = self.held.len() - count;
        self.held.copy_within(count.., 0);
        self.held[rest..].zeroize();
        self.held.truncate(rest);
        self.offset += count as u64;
    }
}

/// Bytes before the first place where a preamble stands or may still come.
fn noise_before_preamble(held: &[u8]) -> usize {
    let begins = |rest: &[u8]| {
        let length = rest.len().min(PREAMBLE.len());
        rest[..length] == PREAMBLE[..length]
    };
    let places = 0..held.len();
    places
        .into_iter()
        .find(|&at| begins(&held[at..]))
        .unwrap_or(held.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(decoder: &mut Decoder) -> Vec<Result<Frame, FrameFault>> {
        std::iter::from_fn(|| decoder.take()).collect()
    }

    fn no_card() -> Vec<u8> {
        Frame::of(&[0, 0, 0x80]).bytes().to_vec()
    }

    #[test]
    fn fixed_frames_of_the_sheet_are_written_byte_for_byte() {
        for (body, hex) in [
            (&[0x20, 0x01][..], "AAAAAA9669 0003 2001 22"),
            (&[0x20, 0x02], "AAAAAA9669 0003 2002 21"),
            (&[0x30, 0x01], "AAAAAA9669 0003 3001 32"),
            (
                &[0, 0, 0x9F, 0, 0, 0, 0],
                "AAAAAA9669 0008 00009F00000000 97",
            ),
            (&[0, 0, 0x80], "AAAAAA9669 0004 000080 84"),
            (
                &[0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0],
                "AAAAAA9669 000C 0000900000000000000000 9C",
            ),
            (&[0, 0, 0x81], "AAAAAA9669 0004 000081 85"),
            (&[0, 0, 0x41], "AAAAAA9669 0004 000041 45"),
            (&[0, 0, 0x90], "AAAAAA9669 0004 000090 94"),
        ] {
            let frame = Frame::of(body);
            let digits: String = frame.bytes().iter().map(|it| format!("{it:02X}")).collect();
            assert_eq!(digits, hex.replace(' ', ""));
            let side = if body.len() == 2 {
                Side::Host
            } else {
                Side::Reader
            };
            assert_eq!(Frame::read(&frame.bytes(), side), Ok(frame));
        }
    }

    #[test]
    fn a_broken_frame_does_not_cost_the_frame_that_it_swallowed() {
        let mut decoder = Decoder::new(Side::Reader);
        // a length that reaches over the next frame, whose bytes make the check wrong
        let mut bytes = vec![0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x10];
        bytes.extend(no_card());
        bytes.extend([0; 8]);
        decoder.push(&bytes);
        let outcomes = all(&mut decoder);
        assert!(matches!(outcomes[0], Err(FrameFault::Check { .. })));
        assert_eq!(outcomes[1], Ok(Frame::of(&[0, 0, 0x80])));
    }

    #[test]
    fn lengths_that_cannot_be_are_refused_at_once() {
        for length in [0_u16, 3, 2_601, 0xFFFF] {
            let mut bytes = PREAMBLE.to_vec();
            bytes.extend(length.to_be_bytes());
            let mut decoder = Decoder::new(Side::Reader);
            decoder.push(&bytes);
            decoder.push(&no_card());
            let outcomes = all(&mut decoder);
            assert!(
                matches!(outcomes[0], Err(FrameFault::Length { .. })),
                "{length}"
            );
            assert!(outcomes.last().unwrap().is_ok(), "{length}");
        }
    }

    #[test]
    fn one_frame_alone_has_nothing_before_it_missing_or_behind_it() {
        let frame = no_card();
        let read = |bytes: &[u8]| Frame::read(bytes, Side::Reader).map_err(FrameFault::offset);
        assert!(read(&frame).is_ok());
        assert_eq!(read(&[]), Err(0));
        assert_eq!(read(&frame[..9]), Err(9));
        assert_eq!(read(&[&[0][..], &frame].concat()), Err(0));
        assert_eq!(read(&[&frame[..], &[0]].concat()), Err(11));
        let mut wrong = frame.clone();
        wrong[10] ^= 1;
        assert_eq!(read(&wrong), Err(10));
    }

    #[test]
    fn what_was_read_does_not_stay_in_the_buffer() {
        let mut decoder = Decoder::new(Side::Reader);
        decoder.push(&Frame::of(b"\0\0\x90SECRET").bytes());
        assert!(decoder.held.is_empty() && decoder.held.capacity() >= HELD_BYTES_MAX);
        decoder.push(&PREAMBLE);
        decoder.abandon();
        assert!(decoder.held.is_empty());
        let frame = decoder.take();
        assert!(!format!("{frame:?} {decoder:?}").contains("83"));
    }

    proptest! {
        #[test]
        fn frames_among_noise_are_all_found_in_any_division(
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 3..40), 1..6),
            noise in prop::collection::vec(0_u8..0xAA, 0..20),
            step in 1_usize..50,
        ) {
            let mut stream = Vec::new();
            for body in &bodies {
                stream.extend_from_slice(&noise);
                stream.extend_from_slice(&Frame::of(body).bytes());
            }
            let mut decoder = Decoder::new(Side::Reader);
            stream.chunks(step).for_each(|it| decoder.push(it));
            let found: Vec<_> = all(&mut decoder).into_iter().filter_map(Result::ok).collect();
            let expected: Vec<_> = bodies.iter().map(|it| Frame::of(it)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
