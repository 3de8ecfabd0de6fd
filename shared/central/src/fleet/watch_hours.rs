//! When somebody should notice that a machine is silent: the hours in which halls are open. Not a
//! calendar of public holidays; on those days an alarm stands on a page that nobody reads.

use chrono::{Datelike, NaiveTime};
use domain::time::UtcMs;

/// The hours, on the hall's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchHours {
    /// From this time on.
    pub from: NaiveTime,
    /// Until before this time.
    pub until: NaiveTime,
    /// Counted from Monday: 5 is Monday to Friday.
    pub days: u8,
}

impl WatchHours {
    /// Whether the instant is within them.
    #[must_use]
    pub fn contain(&self, at: UtcMs) -> bool {
        let at = at.hall_time();
        let is_a_day = at.weekday().num_days_from_monday() < u32::from(self.days);
        is_a_day && (self.from..self.until).contains(&at.time())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 (a Monday) 00:00 in the hall.
    const MONDAY: UtcMs = UtcMs(1_795_363_200_000);

    #[test]
    fn halls_are_watched_on_working_days_from_opening_to_closing() {
        let hours = WatchHours {
            from: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
            until: NaiveTime::from_hms_opt(17, 30, 0).unwrap(),
            days: 5,
        };
        let minute = |day: i64, hour: i64, minute: i64| {
            hours.contain(MONDAY.plus_minutes((day * 24 + hour) * 60 + minute))
        };
        for (day, hour, past, is_watched) in [
            (0, 8, 29, false),
            (0, 8, 30, true),
            (0, 17, 29, true),
            (0, 17, 30, false),
            (4, 12, 0, true),
            (5, 12, 0, false),
            (6, 12, 0, false),
            (7, 12, 0, true),
        ] {
            assert_eq!(minute(day, hour, past), is_watched, "{day} {hour}:{past}");
        }
    }
}
