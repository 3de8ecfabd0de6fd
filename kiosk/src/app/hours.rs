//! When the hall is open, as the installer wrote it down: what the glass looks like while nobody is
//! there. It forbids nothing: who comes to a self-service corner at night can still look for work,
//! and whether numbers are given is the hall's own rule.

use chrono::{Datelike, NaiveDateTime, Timelike};
use domain::time::UtcMs;
use serde::Deserialize;

/// Spans of a day, and on which days. Empty: always open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct OpeningHours(Vec<Span>);

/// From one minute of the day to another, the last not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: u32,
    to: u32,
}

impl OpeningHours {
    /// Whether the hall is open. Saturdays and Sundays it is not; a working Saturday shows a dark
    /// glass that a touch wakes.
    #[must_use]
    pub fn is_open(&self, wall: UtcMs) -> bool {
        let time: NaiveDateTime = wall.hall_time().naive_local();
        let minute = time.hour() * 60 + time.minute();
        let is_weekday = time.weekday().num_days_from_monday() < 5;
        self.0.is_empty()
            || is_weekday
                && self
                    .0
                    .iter()
                    .any(|span| (span.from..span.to).contains(&minute))
    }

    /// `08:30–12:00，14:00–17:30`
    #[must_use]
    pub fn text(&self) -> String {
        let spans = self.0.iter().map(|span| {
            let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
            format!("{}–{}", clock(span.from), clock(span.to))
        });
        spans.collect::<Vec<_>>().join("，")
    }
}

impl TryFrom<Vec<String>> for OpeningHours {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        let spans = texts.iter().map(|text| {
            span(text).ok_or_else(|| format!("{text} 不是上班时间，应当像 08:30-12:00"))
        });
        spans.collect::<Result<_, _>>().map(Self)
    }
}

fn span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once(['-', '–'])?;
    let span = Span {
        from: minute(from)?,
        to: minute(to)?,
    };
    (span.from < span.to).then_some(span)
}

fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10:24 of Monday, 2026-11-23, in the hall.
    const MONDAY: UtcMs = UtcMs(1_795_400_640_000);

    fn hours(texts: &[&str]) -> Result<OpeningHours, String> {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        texts.try_into()
    }

    #[test]
    fn a_hall_is_open_within_its_spans_of_a_weekday() {
        let hours = hours(&["08:30-12:00", "14:00–17:30"]).unwrap();
        assert!(hours.is_open(MONDAY));
        assert!(!hours.is_open(MONDAY.plus_minutes(96)), "12:00 is closed");
        assert!(hours.is_open(MONDAY.plus_minutes(216)), "14:00 is open");
        assert!(!hours.is_open(MONDAY.plus_minutes(5 * 24 * 60)), "Saturday");
        assert_eq!(hours.text(), "08:30–12:00，14:00–17:30");
    }

    #[test]
    fn nothing_written_down_is_always_open() {
        assert!(OpeningHours::default().is_open(MONDAY.plus_minutes(700)));
    }

    #[test]
    fn what_is_not_a_span_is_refused() {
        for wrong in ["8:30", "12:00-8:00", "a-b", "08:30-24:30", "08:61-09:00"] {
            assert!(hours(&[wrong]).is_err(), "{wrong}");
        }
    }
}
