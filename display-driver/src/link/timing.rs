//! Times of a link as data, each with its reason (`serial-transport.md` §1, §3, §5).

use std::time::Duration;

use crate::line_format::LineFormat;

/// Modbus' fixed minimum of silence above 19200 baud; below, 3.5 byte times are longer.
const GAP_MIN: Duration = Duration::from_micros(1_750);
const BROKEN_FRAME_MIN: Duration = Duration::from_millis(50);

/// Everything a link waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// Bits a second.
    pub baud: u32,
    /// How a byte is framed: ten or eleven bits.
    pub format: LineFormat,
    /// A USB adapter may hold a short read for its latency timer.
    pub adapter: Duration,
    /// Added to every sum.
    pub margin: Duration,
    /// Pauses before sending again after no or a broken answer; then the board is offline.
    pub resend_pauses: Vec<Duration>,
    /// Pauses before sending again after "busy"; then it has failed.
    pub busy_pauses: Vec<Duration>,
    /// How often a frame goes again at once after "frame check wrong".
    pub check_resends_max: u8,
    /// The vendor's limit between two refreshes of one dynamic area.
    pub refresh_min: Duration,
    /// How often an offline board is probed.
    pub probe_every: Duration,
    /// How often a silent board is asked what it holds: a card that lost power forgot its areas.
    pub check_every: Duration,
    /// How often what a sign shows is read back, or written again where nothing can be read.
    pub sign_check_every: Duration,
    /// How often the clock is set.
    pub clock_every: Duration,
}

impl Timing {
    /// The usual times at a baud rate and 8N1; 0 counts as 1.
    #[must_use]
    pub fn at(baud: u32) -> Self {
        let ms = Duration::from_millis;
        Self {
            baud: baud.max(1),
            format: LineFormat::default(),
            adapter: ms(16),
            margin: ms(20),
            resend_pauses: vec![ms(100), ms(300)],
            busy_pauses: vec![ms(200), ms(400), ms(800)],
            check_resends_max: 3,
            refresh_min: ms(1_000),
            probe_every: ms(30_000),
            check_every: ms(30_000),
            sign_check_every: ms(180_000),
            clock_every: ms(6 * 3_600_000),
        }
    }

    /// How long bytes are on the wire.
    #[must_use]
    pub fn wire_time(&self, bytes: usize) -> Duration {
        self.format.wire_time(self.baud, bytes)
    }

    /// From writing a request to giving up on its reply, of a board that may think `within` so long.
    #[must_use]
    pub fn reply_timeout(
        &self,
        request_bytes: usize,
        reply_bytes_max: usize,
        within: Duration,
    ) -> Duration {
        self.wire_time(request_bytes + reply_bytes_max) + within + self.adapter + self.margin
    }

    /// Silence before the next request: 3.5 byte times, at least 1.75 ms.
    #[must_use]
    pub fn gap(&self) -> Duration {
        (self.wire_time(7) / 2).max(GAP_MIN)
    }

    /// How long the rest of a broken frame may take to pass: 20 byte times, at least 50 ms, or what
    /// its family needs.
    #[must_use]
    pub fn broken_frame_rest(&self, of_family: Duration) -> Duration {
        self.wire_time(20).max(BROKEN_FRAME_MIN).max(of_family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_out_is_the_wire_both_ways_and_the_cards_thinking() {
        let slow = Timing::at(9_600);
        assert_eq!(slow.wire_time(94).as_micros(), 97_916);
        let card = Duration::from_secs(2);
        assert_eq!(
            slow.reply_timeout(94, 30, card).as_micros(),
            129_166 + 2_036_000
        );
    }

    #[test]
    fn the_rest_of_a_broken_frame_has_twenty_bytes_or_a_signs_second() {
        let of_card = Timing::at(57_600).broken_frame_rest(Duration::ZERO);
        assert_eq!(of_card, BROKEN_FRAME_MIN);
        let second = Duration::from_secs(1);
        assert_eq!(Timing::at(9_600).broken_frame_rest(second), second);
        let slow = Timing::at(2_400).broken_frame_rest(Duration::ZERO);
        assert_eq!(slow.as_micros(), 83_333);
    }

    #[test]
    fn the_gap_is_three_and_a_half_bytes_at_9600_and_fixed_at_57600() {
        assert_eq!(Timing::at(9_600).gap().as_micros(), 3_645);
        assert_eq!(Timing::at(57_600).gap(), GAP_MIN);
    }
}
