//! Time as an argument: the monotonic time that timers use, and the hall's civil time that clocks and
//! validity dates use. Only binaries read clocks; everything else is told the moment.

use std::time::Duration;

use chrono::NaiveDateTime;

/// One moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Monotonic, since the process started.
    pub since_start: Duration,
    /// Civil time of the hall (+08:00).
    pub wall: NaiveDateTime,
}
