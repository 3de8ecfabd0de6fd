//! Full-jitter back-off for requests that a device repeats. Pure: the draw is an argument.

use std::time::Duration;

/// First ceiling; doubles with each failure.
const BASE: Duration = Duration::from_millis(250);
/// Last ceiling: a hall should notice within seconds that its server is back.
const CAP: Duration = Duration::from_secs(5);

/// How often a request failed in a row.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The request succeeded.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The request failed: wait so long. `random_per_mille` is 0 to 999, `retry_after` what the
    /// server asked for.
    pub fn failed(&mut self, random_per_mille: u32, retry_after: Option<Duration>) -> Duration {
        let ceiling = BASE.saturating_mul(1 << self.failures.min(6)).min(CAP);
        self.failures = self.failures.saturating_add(1);
        let jitter = ceiling * random_per_mille.min(999) / 1_000;
        retry_after.unwrap_or_default().max(jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_cap_and_start_over_after_a_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..10).map(|_| backoff.failed(999, None)).collect();
        assert!(waits.is_sorted() && waits[9] <= CAP && waits[9] > CAP / 2);
        backoff.succeeded();
        assert!(backoff.failed(999, None) <= BASE);
        assert_eq!(
            backoff.failed(0, Some(Duration::from_secs(60))),
            Duration::from_secs(60)
        );
    }
}
