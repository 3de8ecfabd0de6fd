//! The time that a device writes into its events. A small machine may have no battery clock and no
//! time server when it boots; its events must still bear times in their right order, and the right
//! distances within one run.
//!
//! The clock takes the system's time once, at the start, but never less than the last event of the
//! log; from there it counts on by the monotonic clock, so that a system clock that is set
//! meanwhile, forwards or backwards, changes nothing. What is off by then is off by one amount for
//! the whole run: the server measures it with each push (`Push::clock_since_seq`) and corrects.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::time::UtcMs;

/// Tells the device's time; made by the binary, given to everything below it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> UtcMs + Send + Sync>);

impl Clock {
    /// A clock that tells what `tell` says.
    #[must_use]
    pub fn new(tell: impl Fn() -> UtcMs + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> UtcMs {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A clock of one run.
#[derive(Debug, Clone, Copy)]
pub struct DeviceClock {
    base: UtcMs,
}

impl DeviceClock {
    /// The clock of a run that begins when the system says `system`, after the log's last event.
    #[must_use]
    pub fn new(system: UtcMs, last_logged: Option<UtcMs>) -> Self {
        Self {
            base: last_logged.map_or(system, |last| system.max(last)),
        }
    }

    /// The time after `elapsed` of this run.
    #[must_use]
    pub fn at(self, elapsed: Duration) -> UtcMs {
        self.base
            .plus_ms(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }

    /// The running clock.
    #[must_use]
    pub fn run(self) -> Clock {
        let begun = Instant::now();
        Clock::new(move || self.at(begun.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_battery_time_goes_on_where_the_log_ended() {
        let last = UtcMs(1_763_900_000_000);
        let clock = DeviceClock::new(UtcMs(0), Some(last));
        assert_eq!(clock.at(Duration::ZERO), last);
        assert_eq!(clock.at(Duration::from_secs(90)), last.plus_ms(90_000));
    }

    #[test]
    fn a_system_clock_that_is_ahead_of_the_log_is_believed() {
        let clock = DeviceClock::new(UtcMs(5_000), Some(UtcMs(4_000)));
        assert_eq!(clock.at(Duration::from_millis(1)), UtcMs(5_001));
        assert_eq!(
            DeviceClock::new(UtcMs(7), None).at(Duration::ZERO),
            UtcMs(7)
        );
    }
}
