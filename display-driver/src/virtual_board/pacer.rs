//! The time bytes take on a line; a pseudo-terminal has none of its own (`serial-transport.md` §1).

use std::time::Duration;

use crate::line_format::LineFormat;

/// One direction of a line.
#[derive(Debug, Clone)]
pub struct Pacer {
    baud: u32,
    format: LineFormat,
    free_at: Duration,
}

impl Pacer {
    /// A silent line at 8N1; a baud rate of 0 counts as 1.
    #[must_use]
    pub fn new(baud: u32) -> Self {
        Self::with_format(baud, LineFormat::default())
    }

    /// A silent line whose bytes are framed so.
    #[must_use]
    pub fn with_format(baud: u32, format: LineFormat) -> Self {
        Self {
            baud,
            format,
            free_at: Duration::ZERO,
        }
    }

    /// How long `count` bytes take.
    #[must_use]
    pub fn wire_time(&self, count: usize) -> Duration {
        self.format.wire_time(self.baud, count)
    }

    /// Puts `count` bytes on the line at `now`, behind what is still on it, and gives the time at
    /// which the last stop bit has passed.
    pub fn admit(&mut self, now: Duration, count: usize) -> Duration {
        self.free_at = self.free_at.max(now) + self.wire_time(count);
        self.free_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_takes_what_the_table_says() {
        let pacer = Pacer::new(57_600);
        assert_eq!(pacer.wire_time(124).as_micros(), 21_527);
        assert_eq!(Pacer::new(9_600).wire_time(124).as_micros(), 129_166);
    }

    #[test]
    fn bytes_queue_behind_those_still_on_the_line() {
        let mut pacer = Pacer::new(9_600);
        let ms = Duration::from_millis;
        assert_eq!(pacer.admit(ms(0), 96), ms(100));
        assert_eq!(pacer.admit(ms(50), 96), ms(200));
        assert_eq!(pacer.admit(ms(500), 96), ms(600));
    }
}
