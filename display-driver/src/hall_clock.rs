//! The one place of this crate that reads clocks: the monotonic one, and the hall's civil time, which
//! is UTC+08:00 all year.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};

use crate::moment::Moment;

/// Hours the hall is ahead of UTC.
const OFFSET_HOURS: i64 = 8;

/// A clock that began when the process did.
#[derive(Debug, Clone, Copy)]
pub struct HallClock {
    start: Instant,
}

impl HallClock {
    /// Begins to count.
    #[must_use]
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    /// Now, on both clocks.
    #[must_use]
    pub fn now(&self) -> Moment {
        let wall = Utc::now().naive_utc() + TimeDelta::hours(OFFSET_HOURS);
        Moment {
            since_start: self.start.elapsed(),
            wall,
        }
    }

    /// How long until a monotonic time; nothing if it has passed.
    #[must_use]
    pub fn until(&self, at: Duration) -> Duration {
        at.saturating_sub(self.start.elapsed())
    }
}
