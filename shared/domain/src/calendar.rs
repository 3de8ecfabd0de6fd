//! The working calendar (工作日历): which days are worked, make-up days counted.
//!
//! A year is known whole or not at all: what falls into a year that is not recorded is an error,
//! never guessed from the days of the week.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use crate::case::NoCalendar;

pub use read::{CalendarFault, TypedYearFault};

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// Worked as every week.
    Workday,
    /// Off: a weekend, or by the year's arrangement.
    Holiday,
    /// A Saturday or Sunday that is worked instead of another day (调休补班).
    Makeup,
}

/// A day with what the arrangement calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarDay<'c> {
    /// What it is.
    pub kind: DayKind,
    /// The Chinese name that the arrangement gives (`春节`), or none.
    pub note: Option<&'c str>,
}

/// The years that are recorded, with the days on which they differ from plain weeks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkCalendar {
    years: BTreeSet<i32>,
    days: BTreeMap<NaiveDate, (DayKind, String)>,
}

impl WorkCalendar {
    /// The years that are recorded.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// Takes over each year of `newer` whole; other years stay.
    #[must_use]
    pub fn overlaid_by(mut self, newer: Self) -> Self {
        self.days
            .retain(|day, _| !newer.years.contains(&day.year()));
        self.days.extend(newer.days);
        self.years.extend(newer.years);
        self
    }

    /// What a day is.
    ///
    /// # Errors
    /// [`NoCalendar`] when its year is not recorded.
    pub fn day(&self, day: NaiveDate) -> Result<CalendarDay<'_>, NoCalendar> {
        let year = day.year();
        if !self.years.contains(&year) {
            return Err(NoCalendar { year });
        }
        Ok(match self.days.get(&day) {
            Some((kind, note)) => CalendarDay {
                kind: *kind,
                note: Some(note),
            },
            None => CalendarDay {
                kind: plain_kind(day),
                note: None,
            },
        })
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// [`NoCalendar`] when its year is not recorded.
    pub fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        Ok(self.day(day)?.kind != DayKind::Holiday)
    }

    /// Whether a day is worked in a week without any arrangement: for what must go on also in a
    /// year that nobody has recorded, and says so.
    #[must_use]
    pub fn is_plain_workday(day: NaiveDate) -> bool {
        plain_kind(day) != DayKind::Holiday
    }
}

/// What a day is when no arrangement says otherwise.
fn plain_kind(day: NaiveDate) -> DayKind {
    match day.weekday() {
        Weekday::Sat | Weekday::Sun => DayKind::Holiday,
        _ => DayKind::Workday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../assets/calendar/workdays.csv");

    fn shipped() -> WorkCalendar {
        WorkCalendar::read(SHIPPED).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn make_up_days_are_worked_and_arranged_days_are_off() {
        let calendar = shipped();
        for (text, kind, note) in [
            ("2024-02-04", DayKind::Makeup, Some("春节")), // a Sunday
            ("2025-01-26", DayKind::Makeup, Some("春节")), // a Sunday
            ("2026-02-14", DayKind::Makeup, Some("春节")), // a Saturday
            ("2026-01-01", DayKind::Holiday, Some("元旦")),
            ("2026-10-07", DayKind::Holiday, Some("国庆节")), // a Wednesday
            ("2026-11-21", DayKind::Holiday, None),           // a plain Saturday
            ("2026-11-23", DayKind::Workday, None),           // a plain Monday
        ] {
            let expected = CalendarDay { kind, note };
            assert_eq!(calendar.day(day(text)), Ok(expected), "{text}");
        }
        assert_eq!(calendar.is_workday(day("2026-02-14")), Ok(true));
        assert_eq!(calendar.is_workday(day("2026-10-07")), Ok(false));
    }

    #[test]
    fn the_working_days_of_the_shipped_years_are_counted() {
        let calendar = shipped();
        let worked = |year| {
            let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days();
            days.take_while(|day| day.year() == year)
                .filter(|day| calendar.is_workday(*day).unwrap())
                .count()
        };
        // 366 − 104 − 11 statutory days; since 2025 there are 13 of them: 365 − 104 − 13
        assert_eq!([2024, 2025, 2026].map(worked), [251, 248, 248]);
    }

    #[test]
    fn a_year_that_is_not_recorded_blocks() {
        let error = shipped().is_workday(day("2027-01-04")).unwrap_err();
        assert_eq!(error, NoCalendar { year: 2027 });
    }

    #[test]
    fn a_newer_calendar_replaces_a_year_whole_and_leaves_the_others() {
        let newer = "date,kind,note\n2026,year,改\n2027,year,新\n2027-01-01,holiday,元旦\n";
        let calendar = shipped().overlaid_by(WorkCalendar::read(newer).unwrap());
        assert_eq!(
            calendar.years().collect::<Vec<_>>(),
            [2024, 2025, 2026, 2027]
        );
        assert_eq!(calendar.is_workday(day("2026-10-07")), Ok(true));
        assert_eq!(calendar.is_workday(day("2025-10-07")), Ok(false));
        assert_eq!(calendar.is_workday(day("2027-01-01")), Ok(false));
    }
}
