//! Three kinds of time: durations are the caller's `std::time`; records carry [`UtcMs`]; the hall
//! lives by [`BusinessDate`]. The time zone is the fixed offset +08:00 (China has one, without
//! daylight saving). Nothing here reads a clock.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, TimeZone, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Seconds east of UTC of the hall's clock.
const HALL_OFFSET_S: i32 = 8 * 3600;

/// An instant: milliseconds since 1970-01-01T00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UtcMs(pub i64);

impl UtcMs {
    /// The instant `minutes` later (earlier when negative).
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes.saturating_mul(60_000))
    }

    /// The instant `ms` later (earlier when negative).
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Whole milliseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The beginning of a day on the hall's clock.
    #[must_use]
    pub fn start_of(day: NaiveDate) -> Self {
        let since_epoch = day.signed_duration_since(NaiveDate::default());
        Self(since_epoch.num_milliseconds() - i64::from(HALL_OFFSET_S) * 1_000)
    }

    /// This instant on the hall's clock. Any number comes in from devices: one that no calendar
    /// holds, here or in the hall's zone, is shown as the beginning of 1970.
    #[must_use]
    pub fn hall_time(self) -> DateTime<FixedOffset> {
        let hall = FixedOffset::east_opt(HALL_OFFSET_S).expect("+08:00, because it is in range");
        let ahead = TimeDelta::seconds(HALL_OFFSET_S.into());
        let instant = Utc
            .timestamp_millis_opt(self.0)
            .single()
            .filter(|instant| instant.checked_add_signed(ahead).is_some())
            .unwrap_or_default();
        instant.with_timezone(&hall)
    }

    /// The calendar day on the hall's clock.
    #[must_use]
    pub fn hall_date(self) -> NaiveDate {
        self.hall_time().date_naive()
    }

    /// `10:24` on the hall's clock.
    #[must_use]
    pub fn clock_text(self) -> String {
        let time = self.hall_time();
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// `11月23日 10:24` on the hall's clock.
    #[must_use]
    pub fn day_and_clock_text(self) -> String {
        format!("{} {}", month_day_text(self.hall_date()), self.clock_text())
    }
}

/// The hall's day: the number of `hall.day_closed` events before it decides, not the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BusinessDate(pub NaiveDate);

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// `11月23日`.
#[must_use]
pub fn month_day_text(date: NaiveDate) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// `星期一` … `星期日`.
#[must_use]
pub fn weekday_text(date: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = [
        "星期一",
        "星期二",
        "星期三",
        "星期四",
        "星期五",
        "星期六",
        "星期日",
    ];
    NAMES[date.weekday().num_days_from_monday() as usize]
}

/// A past day as people say it: 今天, 昨天, 11月21日, or with the year when it is another one.
#[must_use]
pub fn day_text(day: NaiveDate, today: NaiveDate) -> String {
    match (today - day).num_days() {
        0 => "今天".to_owned(),
        1 => "昨天".to_owned(),
        _ if day.year() == today.year() => month_day_text(day),
        _ => format!("{}年{}", day.year(), month_day_text(day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hall_day_turns_at_sixteen_utc() {
        let before = UtcMs(
            Utc.with_ymd_and_hms(2026, 11, 22, 15, 59, 0)
                .unwrap()
                .timestamp_millis(),
        );
        assert_eq!(
            before.hall_date(),
            NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
        );
        let after = before.plus_minutes(1);
        assert_eq!(
            after.hall_date(),
            NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
        );
        assert_eq!(after.day_and_clock_text(), "11月23日 00:00");
        let start = UtcMs::start_of(after.hall_date());
        assert_eq!(start.day_and_clock_text(), "11月23日 00:00");
    }

    #[test]
    fn every_number_is_a_time_of_the_hall() {
        let last = DateTime::<Utc>::MAX_UTC.timestamp_millis();
        let first = DateTime::<Utc>::MIN_UTC.timestamp_millis();
        for ms in [
            i64::MIN,
            first,
            first + 1,
            -1,
            last - 1,
            last,
            last + 1,
            i64::MAX,
        ] {
            assert!(!UtcMs(ms).day_and_clock_text().is_empty());
        }
        assert_eq!(UtcMs(last), UtcMs(8_210_266_876_799_999));
        assert_eq!(UtcMs(last).hall_date(), UtcMs(0).hall_date());
    }

    #[test]
    fn days_are_named_as_people_name_them() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();
        let named = |y, m, d| day_text(NaiveDate::from_ymd_opt(y, m, d).unwrap(), today);
        assert_eq!(named(2026, 1, 2), "今天");
        assert_eq!(named(2026, 1, 1), "昨天");
        assert_eq!(named(2025, 12, 30), "2025年12月30日");
        assert_eq!(weekday_text(today), "星期五");
    }
}
