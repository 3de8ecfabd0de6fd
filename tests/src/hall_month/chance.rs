//! Chance from a seed, in the shapes that a hall needs.

use testkit::random::Seeded;

/// Draws.
#[derive(Debug)]
pub(super) struct Chance(Seeded);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(Seeded::new(seed))
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, share: u64) -> bool {
        self.0.below(100) < share
    }

    /// Evenly from `low` up to below `high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.0.below((high - low).unsigned_abs()).cast_signed()
    }

    /// The index of one of the weights, drawn by them.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut drawn = self.0.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if drawn < *weight {
                return index;
            }
            drawn -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// Log-normal around `median`: two of three between its `e^-sigma` and its `e^sigma` fold.
    pub(super) fn log_normal(&mut self, median: i64, sigma: f64) -> i64 {
        let (one, other) = (self.unit(), self.unit());
        // Box and Muller
        let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
        ((sigma * normal).exp() * median as f64) as i64
    }

    /// Above 0, at most 1.
    fn unit(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }
}
