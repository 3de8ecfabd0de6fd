//! Bytes to frames, without I/O and without a clock (sheet `onbon-bx.md` A2).
//!
//! Total: any bytes give frames or typed errors, never a panic. Memory is bounded by the longest frame
//! the format allows plus what was pushed and not yet taken. After a fault the decoder looks for the
//! next start byte, so one broken frame never costs more than itself.

use super::frame::{CHECK_BYTES, END, ESCAPE_END, ESCAPE_START, Frame, START, unescape};
use super::header::{HEADER_BYTES_MAX, Header};
use crate::codec::BrokenKind;
use crate::codec::stream::{Splitter, Stream, Taken};

/// The longest unescaped frame body: header with bar code, 65535 data bytes, check.
pub const BODY_BYTES_MAX: usize = HEADER_BYTES_MAX + u16::MAX as usize + CHECK_BYTES;

/// Why bytes are not a frame. Offsets count from the first byte ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A start byte came before the end byte; the new frame is read on.
    #[error("A new frame starts at byte {offset} before the last one ended.")]
    Restarted {
        /// Where the new start byte stands.
        offset: u64,
    },
    /// `A6` or `5B` followed by neither 01 nor 02.
    #[error("Byte {offset}: escape {prefix:02X} is followed by {code:02X}, expected 01 or 02.")]
    BadEscape {
        /// `A6` or `5B`.
        prefix: u8,
        /// What followed.
        code: u8,
        /// Where `code` stands.
        offset: u64,
    },
    /// The frame ended inside header or check bytes.
    #[error("The frame ends after {got} bytes at byte {offset}, a header and check need more.")]
    TooShort {
        /// Unescaped bytes present.
        got: usize,
        /// Where it ended.
        offset: u64,
    },
    /// No end byte within the longest possible frame.
    #[error("No end byte within {BODY_BYTES_MAX} bytes, given up at byte {offset}.")]
    TooLong {
        /// Where the limit was passed.
        offset: u64,
    },
    /// `DataLen` and the data disagree.
    #[error("The header announces {announced} data bytes, the frame has {got} (byte {offset}).")]
    LengthMismatch {
        /// What the header says.
        announced: u16,
        /// What is there.
        got: usize,
        /// Where the frame ends.
        offset: u64,
    },
    /// A check mode the sheet does not list.
    #[error("Byte {offset}: check mode {mode} is not 0, 1 or 2.")]
    UnknownCheckMode {
        /// The byte found.
        mode: u8,
        /// Where it stands.
        offset: u64,
    },
    /// The check bytes are wrong.
    #[error("The check is {got:04X}, expected {expected:04X} (byte {offset}).")]
    CheckMismatch {
        /// Computed here.
        expected: u16,
        /// Found on the wire.
        got: u16,
        /// Where the check bytes begin.
        offset: u64,
    },
}

impl FrameError {
    /// In what way the frame did not hold.
    #[must_use]
    pub fn kind(&self) -> BrokenKind {
        match self {
            Self::CheckMismatch { .. } => BrokenKind::Check,
            Self::BadEscape { .. } => BrokenKind::Escape,
            Self::TooShort { .. } | Self::TooLong { .. } | Self::LengthMismatch { .. } => {
                BrokenKind::Length
            }
            Self::Restarted { .. } | Self::UnknownCheckMode { .. } => BrokenKind::Other,
        }
    }

    /// Where in the stream the fault was noticed.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match *self {
            Self::Restarted { offset }
            | Self::BadEscape { offset, .. }
            | Self::TooShort { offset, .. }
            | Self::TooLong { offset }
            | Self::LengthMismatch { offset, .. }
            | Self::UnknownCheckMode { offset, .. }
            | Self::CheckMismatch { offset, .. } => offset,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Before any start byte.
    #[default]
    Hunting,
    /// Behind start bytes, before the first byte of a header.
    Lead,
    /// Inside a frame.
    Body,
    /// Inside a frame, behind an escape prefix.
    Escape(u8),
}

/// Splits a byte stream into frames.
pub type Decoder = Stream<Frames>;

/// The frame that has begun, if one has.
#[derive(Debug, Default)]
pub struct Frames {
    state: State,
    body: Vec<u8>,
    /// Stream offset of each body byte, so that faults found late still point at the wire.
    places: Vec<u64>,
    lead: u8,
    frame_offset: u64,
}

impl Splitter for Frames {
    type Item = Result<Frame, FrameError>;

    fn take(&mut self, byte: u8, offset: u64) -> Taken<Self::Item> {
        match (self.state, byte) {
            (State::Hunting, START) => self.open(offset),
            (State::Hunting, _) => return Taken::Noise,
            (State::Lead, START) => self.lead = self.lead.saturating_add(1),
            (State::Body | State::Escape(_), START) => {
                self.open(offset);
                return Taken::Ends(Err(FrameError::Restarted { offset }));
            }
            (State::Lead | State::Body, END) => return Taken::Ends(self.close(offset)),
            (State::Lead | State::Body, ESCAPE_START | ESCAPE_END) => {
                self.state = State::Escape(byte);
            }
            (State::Lead | State::Body, plain) => return self.keep(plain, offset),
            (State::Escape(prefix), code) => match unescape(prefix, code) {
                Some(plain) => return self.keep(plain, offset - 1),
                None => {
                    self.abandon();
                    return Taken::Ends(Err(FrameError::BadEscape {
                        prefix,
                        code,
                        offset,
                    }));
                }
            },
        }
        Taken::In
    }

    fn is_inside(&self) -> bool {
        self.state != State::Hunting
    }

    fn held_bytes(&self) -> usize {
        self.body.len()
    }

    fn abandon(&mut self) {
        self.start_over(State::Hunting);
    }
}

impl Frames {
    fn open(&mut self, offset: u64) {
        self.start_over(State::Lead);
        self.lead = 1;
        self.frame_offset = offset;
    }

    fn start_over(&mut self, state: State) {
        self.state = state;
        self.body.clear();
        self.places.clear();
    }

    fn keep(&mut self, plain: u8, offset: u64) -> Taken<Result<Frame, FrameError>> {
        if self.body.len() == BODY_BYTES_MAX {
            self.abandon();
            return Taken::Ends(Err(FrameError::TooLong { offset }));
        }
        self.state = State::Body;
        self.body.push(plain);
        self.places.push(offset);
        Taken::In
    }

    fn close(&mut self, end_offset: u64) -> Result<Frame, FrameError> {
        let frame = self.judge(end_offset);
        self.abandon();
        frame
    }

    fn judge(&self, end_offset: u64) -> Result<Frame, FrameError> {
        let too_short = FrameError::TooShort {
            got: self.body.len(),
            offset: end_offset,
        };
        let covered_bytes = self.body.len().checked_sub(CHECK_BYTES).ok_or(too_short)?;
        let (covered, check) = self.body.split_at(covered_bytes);
        let (header, announced) = Header::read(covered).map_err(|fault| match fault {
            FrameError::UnknownCheckMode { mode, offset } => FrameError::UnknownCheckMode {
                mode,
                offset: self.places[offset as usize],
            },
            _ => too_short,
        })?;
        let data = &covered[header.wire_bytes()..];
        if data.len() != usize::from(announced) {
            let got = data.len();
            return Err(FrameError::LengthMismatch {
                announced,
                got,
                offset: end_offset,
            });
        }
        let got = u16::from_le_bytes([check[0], check[1]]);
        match header.check_mode.value(covered) {
            Some(expected) if expected != got => {
                let offset = self.places[covered_bytes];
                Err(FrameError::CheckMismatch {
                    expected,
                    got,
                    offset,
                })
            }
            _ => Ok(Frame {
                lead: self.lead,
                data: data.to_vec(),
                header,
                check: got,
                offset: self.frame_offset,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::check::CheckMode;
    use super::super::frame::{Overrides, encode, encode_with};
    use super::super::header::Address;
    use super::*;

    fn decode(bytes: &[u8]) -> Vec<Result<Frame, FrameError>> {
        let mut decoder = Decoder::new();
        decoder.push(bytes);
        decoder.collect()
    }

    fn ping() -> Vec<u8> {
        encode(&Header::to_board(Address(1)), &[0xA2, 0, 1, 0, 0]).expect("five bytes fit")
    }

    fn data_of(results: &[Result<Frame, FrameError>]) -> Vec<Vec<u8>> {
        results
            .iter()
            .flatten()
            .map(|frame| frame.data.clone())
            .collect()
    }

    #[test]
    fn one_or_many_start_bytes_open_a_frame() {
        for lead in [1, 2, 8, 9, 255] {
            let bytes = encode_with(
                &Header::to_board(Address(1)),
                &[1, 2],
                Overrides {
                    lead: Some(lead),
                    ..Overrides::default()
                },
            )
            .expect("two bytes fit");
            let frame = decode(&bytes).remove(0).expect("a sound frame");
            assert_eq!((frame.lead, frame.data), (lead, vec![1, 2]));
        }
    }

    #[test]
    fn noise_before_a_frame_is_skipped_and_counted() {
        let mut decoder = Decoder::new();
        decoder.push(&[0, 0x5A, 0xA6, 0x33]);
        decoder.push(&ping());
        assert!(decoder.next().is_some_and(|frame| frame.is_ok()));
        assert_eq!(decoder.noise_bytes(), 4);
    }

    #[test]
    fn a_start_byte_in_a_frame_is_a_new_start() {
        let mut bytes = ping()[..15].to_vec();
        bytes.extend(ping());
        let results = decode(&bytes);
        assert_eq!(results[0], Err(FrameError::Restarted { offset: 15 }));
        assert_eq!(data_of(&results), vec![vec![0xA2, 0, 1, 0, 0]]);
    }

    #[test]
    fn a_wrong_escape_is_reported_at_its_place_and_the_next_frame_is_read() {
        let mut bytes = vec![START, START, 1, ESCAPE_START, 3, 9, END];
        bytes.extend(ping());
        let results = decode(&bytes);
        assert_eq!(
            results[0],
            Err(FrameError::BadEscape {
                prefix: ESCAPE_START,
                code: 3,
                offset: 4
            })
        );
        assert_eq!(data_of(&results).len(), 1);
    }

    #[test]
    fn an_end_byte_behind_an_escape_prefix_is_a_wrong_escape() {
        let results = decode(&[START, 1, ESCAPE_END, END]);
        assert_eq!(
            results,
            vec![Err(FrameError::BadEscape {
                prefix: ESCAPE_END,
                code: END,
                offset: 3
            })]
        );
    }

    #[test]
    fn each_bit_of_a_frame_matters() {
        let good = ping();
        for at in 8..good.len() - 1 {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                // Bit 0 of the check mode and bit 1 turn the check into a sum or off; mode 2 is
                // "accept anything" by the sheet, so only that one flip may pass.
                let passes = decode(&bad).iter().any(Result::is_ok);
                assert_eq!(passes, at == 16 && bit == 1, "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn a_length_field_too_large_or_too_small_is_refused() {
        for data_len in [0, 1, 3, 600, u16::MAX] {
            let bytes = encode_with(
                &Header::to_board(Address(1)),
                &[1, 2],
                Overrides {
                    data_len: Some(data_len),
                    ..Overrides::default()
                },
            )
            .expect("two bytes fit");
            let announced = data_len;
            let offset = bytes.len() as u64 - 1;
            assert_eq!(
                decode(&bytes),
                vec![Err(FrameError::LengthMismatch {
                    announced,
                    got: 2,
                    offset
                })]
            );
        }
    }

    #[test]
    fn the_three_check_modes_hold_and_only_the_third_takes_anything() {
        for mode in [CheckMode::Crc16, CheckMode::Sum, CheckMode::Unchecked] {
            let header = Header {
                check_mode: mode,
                ..Header::to_board(Address(1))
            };
            assert!(decode(&encode(&header, &[7; 9]).expect("fits"))[0].is_ok());
            let overrides = Overrides {
                check: Some(0x1234),
                ..Overrides::default()
            };
            let odd = decode(&encode_with(&header, &[7; 9], overrides).expect("fits")).remove(0);
            assert_eq!(odd.is_ok(), mode == CheckMode::Unchecked);
        }
    }

    #[test]
    fn a_frame_without_end_is_given_up_at_the_limit() {
        let mut bytes = vec![START];
        bytes.extend(vec![0; BODY_BYTES_MAX + 1]);
        bytes.extend(ping());
        let results = decode(&bytes);
        assert!(matches!(results[0], Err(FrameError::TooLong { .. })));
        assert_eq!(data_of(&results).len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same(
            data in proptest::collection::vec(any::<u8>(), 0..300),
            dst in any::<u16>(),
            mode in 0u8..3,
            option in any::<u8>(),
            code in any::<[u8; 16]>(),
        ) {
            let mut header = Header::to_board(Address(dst));
            header.check_mode = CheckMode::from_byte(mode).expect("0 to 2 are listed");
            header.bar_code_option = option;
            if header.has_bar_code() {
                header.bar_code = code;
            }
            let frames = decode(&encode(&header, &data).expect("fits"));
            prop_assert_eq!(frames.len(), 1);
            let frame = frames[0].clone().expect("a sound frame");
            prop_assert_eq!((frame.header, frame.data), (header, data));
        }

        #[test]
        fn arbitrary_bytes_never_panic_and_a_frame_behind_them_is_found(
            noise in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(START), Just(END), Just(ESCAPE_START)], 0..400),
        ) {
            let mut bytes = noise;
            bytes.extend(ping());
            let results = decode(&bytes);
            prop_assert_eq!(data_of(&results).last().cloned(), Some(vec![0xA2, 0, 1, 0, 0]));
        }

        #[test]
        fn any_division_of_the_bytes_gives_the_same(
            data in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut bytes = vec![1, 2, START, 3];
            bytes.extend(encode(&Header::to_board(Address(1)), &data).expect("fits"));
            bytes.extend([9, ESCAPE_END]);
            bytes.extend(ping());
            let whole = decode(&bytes);
            for at in 0..=bytes.len() {
                let mut decoder = Decoder::new();
                decoder.push(&bytes[..at]);
                let mut results: Vec<_> = decoder.by_ref().collect();
                decoder.push(&bytes[at..]);
                results.extend(decoder);
                prop_assert_eq!(&results, &whole);
            }
        }
    }
}
