//! A clock that a test moves by hand. Clones share one time, so that the test holds one and the
//! code under test another.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::UtcMs;

/// A virtual clock.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    now_ms: Arc<AtomicI64>,
}

impl VirtualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: UtcMs) -> Self {
        Self {
            now_ms: Arc::new(AtomicI64::new(now.0)),
        }
    }

    /// The time it shows.
    #[must_use]
    pub fn now(&self) -> UtcMs {
        UtcMs(self.now_ms.load(Ordering::SeqCst))
    }

    /// Moves it; backwards too, because real clocks jump.
    pub fn advance_ms(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets it.
    pub fn set(&self, now: UtcMs) {
        self.now_ms.store(now.0, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_show_one_time_and_only_the_test_moves_it() {
        let clock = VirtualClock::at(UtcMs(1_000));
        let other = clock.clone();
        assert_eq!(other.now(), UtcMs(1_000));
        clock.advance_ms(500);
        assert_eq!(other.now(), UtcMs(1_500));
        other.advance_ms(-2_000);
        assert_eq!(clock.now(), UtcMs(-500));
        other.set(UtcMs(9));
        assert_eq!(clock.now(), UtcMs(9));
    }
}
