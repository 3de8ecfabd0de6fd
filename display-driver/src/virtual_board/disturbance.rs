//! What a bad line does to bytes and replies, as a value: noise, lost and doubled bytes, lost replies,
//! wrong checks, slowness, an adapter that echoes.
//!
//! The same seed and the same bytes give the same faults, so that a run can be repeated. It knows no
//! protocol but the shape both families share: the check stands before the one byte that ends a frame.

use std::time::Duration;

/// Bytes with a meaning of their own in frames of either family; a spoiled check never becomes one,
/// or it would be a broken frame and not a wrong check.
const RESERVED: [u8; 8] = [0x01, 0x02, 0x03, 0x04, 0x5A, 0x5B, 0xA5, 0xA6];
/// Prefixes of the escapes of Onbon cards.
const ESCAPES: [u8; 2] = [0xA6, 0x5B];

/// A rate: so many of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PerMille(u16);

impl PerMille {
    /// Always.
    pub const ALWAYS: Self = Self(1_000);

    /// A rate from 0 to 1000.
    #[must_use]
    pub fn new(rate: u16) -> Option<Self> {
        (rate <= Self::ALWAYS.0).then_some(Self(rate))
    }
}

/// How bad the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DisturbanceSettings {
    /// Bytes of which one bit is flipped.
    pub noise: PerMille,
    /// Bytes that vanish.
    pub dropped: PerMille,
    /// Bytes that come twice.
    pub doubled: PerMille,
    /// Replies that vanish, after the board has obeyed.
    pub lost_replies: PerMille,
    /// Replies whose check is wrong.
    pub wrong_checks: PerMille,
    /// How long a board thinks before it answers.
    pub slow: Duration,
    /// Whether the adapter gives back what is sent.
    pub has_echo: bool,
}

/// A fault of the next reply only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// It vanishes.
    LoseReply,
    /// Its check is wrong.
    WrongCheck,
}

/// A bad line.
#[derive(Debug, Clone)]
pub struct Disturbance {
    /// Change it freely.
    pub settings: DisturbanceSettings,
    once: Option<Once>,
    random: Random,
}

impl Disturbance {
    /// A line that is so bad, its faults drawn from a seed.
    #[must_use]
    pub fn new(settings: DisturbanceSettings, seed: u64) -> Self {
        Self {
            settings,
            once: None,
            random: Random(seed),
        }
    }

    /// Plays a fault on the next reply.
    pub fn once(&mut self, fault: Once) {
        self.once = Some(fault);
    }

    /// What arrives of bytes that were sent; at most twice as many.
    #[must_use]
    pub fn carry(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut arrived = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if self.random.happens(self.settings.dropped) {
                continue;
            }
            let byte = self.noisy(byte);
            arrived.push(byte);
            if self.random.happens(self.settings.doubled) {
                arrived.push(byte);
            }
        }
        arrived
    }

    /// What leaves the board of a reply; nothing of a lost one.
    #[must_use]
    pub fn reply(&mut self, reply: Vec<u8>) -> Vec<u8> {
        let once = self.once.take();
        let is_lost = self.random.happens(self.settings.lost_replies);
        let is_wrong = self.random.happens(self.settings.wrong_checks);
        if is_lost || once == Some(Once::LoseReply) {
            return Vec::new();
        }
        if is_wrong || once == Some(Once::WrongCheck) {
            return with_wrong_check(reply);
        }
        reply
    }

    fn noisy(&mut self, byte: u8) -> u8 {
        if self.random.happens(self.settings.noise) {
            byte ^ (1 << (self.random.next() % 8))
        } else {
            byte
        }
    }
}

/// The last byte before the end byte changed, so that the frame is whole and only its check is not.
fn with_wrong_check(mut frame: Vec<u8>) -> Vec<u8> {
    let Some(at) = frame.len().checked_sub(2) else {
        return frame;
    };
    let is_escaped = at > 0 && ESCAPES.contains(&frame[at - 1]);
    frame[at] = if is_escaped {
        // 01 and 02 both stand behind an escape; the other one is another byte.
        frame[at] ^ 0b11
    } else {
        let other = |bit: u32| frame[at] ^ (1 << bit);
        (0..7)
            .map(other)
            .find(|byte| !RESERVED.contains(byte))
            .unwrap_or(0)
    };
    frame
}

/// SplitMix64: small, and the same on every machine.
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn happens(&mut self, PerMille(rate): PerMille) -> bool {
        rate > 0 && self.next() % 1_000 < u64::from(rate)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::onbon_k::decoder::{Decoder, FrameError};
    use crate::codec::onbon_k::frame;
    use crate::codec::onbon_k::header::{Address, Header};

    fn rate() -> impl Strategy<Value = PerMille> {
        (0u16..=1_000).prop_map(|rate| PerMille::new(rate).expect("at most 1000"))
    }

    fn settings() -> impl Strategy<Value = DisturbanceSettings> {
        (rate(), rate(), rate(), rate(), rate()).prop_map(
            |(noise, dropped, doubled, lost_replies, wrong_checks)| DisturbanceSettings {
                noise,
                dropped,
                doubled,
                lost_replies,
                wrong_checks,
                ..DisturbanceSettings::default()
            },
        )
    }

    fn with(change: impl FnOnce(&mut DisturbanceSettings)) -> Disturbance {
        let mut settings = DisturbanceSettings::default();
        change(&mut settings);
        Disturbance::new(settings, 7)
    }

    proptest! {
        #[test]
        fn a_quiet_line_changes_nothing(bytes: Vec<u8>, seed: u64) {
            let mut line = Disturbance::new(DisturbanceSettings::default(), seed);
            prop_assert_eq!(line.carry(&bytes), bytes.clone());
            prop_assert_eq!(line.reply(bytes.clone()), bytes);
        }

        #[test]
        fn the_same_seed_gives_the_same_faults(
            settings in settings(), seed: u64, pieces: Vec<Vec<u8>>,
        ) {
            let (mut one, mut other) =
                (Disturbance::new(settings, seed), Disturbance::new(settings, seed));
            for piece in pieces {
                prop_assert_eq!(one.carry(&piece), other.carry(&piece));
                prop_assert_eq!(one.reply(piece.clone()), other.reply(piece));
            }
        }

        #[test]
        fn noise_flips_one_bit_a_byte_and_moves_none(bytes: Vec<u8>) {
            let arrived = with(|line| line.noise = PerMille::ALWAYS).carry(&bytes);
            prop_assert_eq!(arrived.len(), bytes.len());
            for (before, after) in bytes.iter().zip(&arrived) {
                prop_assert_eq!((before ^ after).count_ones(), 1);
            }
        }

        #[test]
        fn dropping_keeps_the_order_and_doubling_keeps_every_byte(bytes: Vec<u8>, rate in rate()) {
            let kept = with(|line| line.dropped = rate).carry(&bytes);
            let mut rest = bytes.iter();
            prop_assert!(kept.iter().all(|byte| rest.any(|sent| sent == byte)));
            let doubled = with(|line| line.doubled = PerMille::ALWAYS).carry(&bytes);
            let twice: Vec<u8> = bytes.iter().flat_map(|&byte| [byte, byte]).collect();
            prop_assert_eq!(doubled, twice);
        }

        #[test]
        fn a_wrong_check_is_a_whole_frame_whose_check_alone_is_wrong(data: Vec<u8>) {
            let reply = frame::encode(&Header::to_host(Address(1)), &data).expect("short");
            let mut line = with(|line| line.wrong_checks = PerMille::ALWAYS);
            let mut decoder = Decoder::new();
            decoder.push(&line.reply(reply));
            let outcome = decoder.next();
            let is_mismatch = matches!(outcome, Some(Err(FrameError::CheckMismatch { .. })));
            prop_assert!(is_mismatch, "{:?}", outcome);
        }
    }

    #[test]
    fn a_rate_is_met_within_a_tenth() {
        let mut line = with(|line| line.dropped = PerMille(50));
        let arrived = line.carry(&[0; 100_000]).len();
        assert!((94_500..95_500).contains(&arrived), "{arrived}");
    }

    #[test]
    fn a_fault_for_once_hits_one_reply() {
        let mut line = with(|_| {});
        line.once(Once::LoseReply);
        assert!(line.reply(vec![1, 2, 3]).is_empty());
        assert_eq!(line.reply(vec![1, 2, 3]), [1, 2, 3]);
    }
}
