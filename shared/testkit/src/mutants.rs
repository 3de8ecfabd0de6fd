//! Inputs that try to break a decoder: random bytes, and valid ones with flipped bits, cut ends,
//! spliced halves, repeated parts and lengths that lie. The same seed gives the same inputs.

use std::env;
use std::panic::catch_unwind;

use crate::decoders::Reading;
use crate::random::Seeded;

/// How many mutants every decoder gets in the tests.
pub const INPUTS: u32 = 100_000;
/// The seed of the tests, chosen once.
const SEED: u64 = 20_261_123;
/// Longest input that is wholly random, in bytes.
const RANDOM_BYTES_MAX: u64 = 300;
/// Longest mutant, in bytes.
const MUTANT_BYTES_MAX: usize = 8_192;
/// Most changes of one mutant.
const CHANGES_MAX: u64 = 4;
/// Numbers at which lengths, sequence numbers and clocks go wrong.
const EDGES: [&str; 10] = [
    "0",
    "-1",
    "255",
    "65536",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "8210266876799999",
    "1e9",
];

/// How a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Mutants that the decoder read.
    pub read: u32,
    /// Mutants that it refused.
    pub refused: u32,
}

/// The inputs of one seed.
#[derive(Debug)]
pub struct Mutants<'a> {
    samples: &'a [Vec<u8>],
    random: Seeded,
}

impl<'a> Mutants<'a> {
    /// Mutants of `samples`, of which there is at least one.
    #[must_use]
    pub fn new(samples: &'a [Vec<u8>], seed: u64) -> Self {
        assert!(!samples.is_empty(), "mutants descend from samples");
        let random = Seeded::new(seed);
        Self { samples, random }
    }

    /// The next input: one of eight is random from end to end.
    pub fn next_input(&mut self) -> Vec<u8> {
        if self.random.below(8) == 0 {
            let len = self.below(RANDOM_BYTES_MAX);
            let mut bytes = vec![0; len];
            self.random.fill(&mut bytes);
            return bytes;
        }
        let mut bytes = self.sample().to_vec();
        for _ in 0..=self.random.below(CHANGES_MAX) {
            self.change(&mut bytes);
        }
        bytes.truncate(MUTANT_BYTES_MAX);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        match self.random.below(8) {
            0 => self.flip_bit(bytes),
            1 => self.replace_byte(bytes),
            2 => bytes.truncate(self.place(bytes)),
            3 => self.splice(bytes),
            4 => self.repeat_part(bytes),
            5 => self.remove_part(bytes),
            6 => self.lie_in_digits(bytes),
            _ => self.lie_in_binary(bytes),
        }
    }

    fn flip_bit(&mut self, bytes: &mut [u8]) {
        let at = self.place(bytes);
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << self.random.below(8);
        }
    }

    fn replace_byte(&mut self, bytes: &mut [u8]) {
        let at = self.place(bytes);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = b"+-0 9aF\"{[\n,:.K\xA5"[self.random.below(16) as usize];
        }
    }

    /// Goes on with the end of another sample.
    fn splice(&mut self, bytes: &mut Vec<u8>) {
        bytes.truncate(self.place(bytes));
        let other = self.sample();
        let from = self.place(other);
        bytes.extend(&other[from..]);
    }

    fn repeat_part(&mut self, bytes: &mut Vec<u8>) {
        let (from, to) = self.part(bytes);
        let part = bytes[from..to].to_vec();
        bytes.splice(to..to, part);
    }

    fn remove_part(&mut self, bytes: &mut Vec<u8>) {
        let (from, to) = self.part(bytes);
        bytes.drain(from..to);
    }

    /// Replaces the next decimal number by one at an edge.
    fn lie_in_digits(&mut self, bytes: &mut Vec<u8>) {
        let start = self.place(bytes);
        let digit = |byte: &u8| byte.is_ascii_digit();
        let Some(from) = bytes[start..].iter().position(digit).map(|at| start + at) else {
            return;
        };
        let len = bytes[from..].iter().take_while(|byte| digit(byte)).count();
        let edge = EDGES[self.random.below(EDGES.len() as u64) as usize];
        bytes.splice(from..from + len, edge.bytes());
    }

    /// Overwrites one, two or four bytes with zeros or ones, as a length field might hold.
    fn lie_in_binary(&mut self, bytes: &mut [u8]) {
        let from = self.place(bytes);
        let width = 1 << self.random.below(3);
        let value = [0, 1, 0x7f, 0xff][self.random.below(4) as usize];
        for byte in bytes.iter_mut().skip(from).take(width) {
            *byte = value;
        }
    }

    fn sample(&mut self) -> &'a [u8] {
        let at = self.random.below(self.samples.len() as u64);
        &self.samples[at as usize]
    }

    /// A place in `bytes`, or its end.
    fn place(&mut self, bytes: &[u8]) -> usize {
        self.below(bytes.len() as u64 + 1)
    }

    fn part(&mut self, bytes: &[u8]) -> (usize, usize) {
        let (one, other) = (self.place(bytes), self.place(bytes));
        (one.min(other), one.max(other))
    }

    fn below(&mut self, bound: u64) -> usize {
        usize::try_from(self.random.below(bound)).expect("a length, because the bound is one")
    }
}

/// The seed of the tests; `RANDOM_BYTES_SEED` in the environment takes another.
///
/// # Panics
/// If that is no whole number.
#[must_use]
pub fn seed() -> u64 {
    let chosen = env::var("RANDOM_BYTES_SEED").ok();
    chosen.map_or(SEED, |seed| seed.parse().expect("a seed is a whole number"))
}

/// Gives every sample and then `count` mutants to a decoder.
///
/// # Panics
/// When a sample is refused, or when the decoder panics: with seed, number and input.
pub fn feed_mutants(
    name: &str,
    decode: fn(&[u8]) -> Reading,
    samples: &[Vec<u8>],
    seed: u64,
    count: u32,
) -> Tally {
    for sample in samples {
        let text = String::from_utf8_lossy(sample);
        assert_eq!(
            decode(sample),
            Reading::Read,
            "{name} refuses its sample {text:?}"
        );
    }
    let mut mutants = Mutants::new(samples, seed);
    let mut tally = Tally::default();
    for number in 0..count {
        let input = mutants.next_input();
        match catch_unwind(|| decode(&input)) {
            Ok(Reading::Read) => tally.read += 1,
            Ok(Reading::Refused) => tally.refused += 1,
            Err(_) => panic!(
                "{name} panicked on input {number} of seed {seed}: {}",
                input.escape_ascii()
            ),
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutants_of(seed: u64) -> Vec<Vec<u8>> {
        let samples = [b"len 12 body".to_vec(), b"len 9 other".to_vec()];
        let mut mutants = Mutants::new(&samples, seed);
        (0..20_000).map(|_| mutants.next_input()).collect()
    }

    #[test]
    fn a_seed_repeats_its_inputs_and_another_gives_others() {
        assert_eq!(mutants_of(5), mutants_of(5));
        assert_ne!(mutants_of(5), mutants_of(6));
    }

    #[test]
    fn mutants_lie_about_lengths_splice_and_are_cut() {
        let inputs = mutants_of(1);
        let any = |wanted: &[u8]| inputs.iter().any(|input| input == wanted);
        assert!(any(b"len 18446744073709551615 body") && any(b"len 12 other") && any(b"len 12"));
        assert!(inputs.iter().all(|input| input.len() <= MUTANT_BYTES_MAX));
    }

    #[test]
    #[should_panic(expected = "on input")]
    fn a_decoder_that_panics_is_found_and_its_seed_said() {
        let trusting: fn(&[u8]) -> Reading = |bytes| {
            assert!(bytes.len() < 12, "a length that it did not expect");
            Reading::Read
        };
        feed_mutants("trusting", trusting, &[b"len 12 body".to_vec()], 1, 2_000);
    }
}
