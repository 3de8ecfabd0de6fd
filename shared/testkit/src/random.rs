//! Randomness that repeats: SplitMix64. A test prints its seed, so that a failure can be replayed.

/// A seeded generator.
#[derive(Debug, Clone)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// The generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next_u64()) * u128::from(bound);
        u64::try_from(product >> 64).expect("64 bits, because a 128-bit product was halved")
    }

    /// Fills `bytes`, for ids and keys.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_published_generator() {
        // Reference: splitmix64.c by Sebastiano Vigna, state 1234567.
        let mut seeded = Seeded::new(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([seeded.next_u64(), seeded.next_u64()], expected);
    }

    #[test]
    fn numbers_stay_below_their_bound_and_bytes_are_filled_to_the_end() {
        let mut seeded = Seeded::new(7);
        assert!((0..1_000).all(|_| seeded.below(6) < 6));
        assert_eq!(seeded.below(0), 0);
        let mut bytes = [0; 19];
        seeded.fill(&mut bytes);
        assert!(bytes[16..].iter().any(|byte| *byte != 0));
    }
}
