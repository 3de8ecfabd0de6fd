//! When an item plays: parts of the day, days of the week, working days or days off, from–to.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use domain::calendar::WorkCalendar;
use wire::board::DailyWindow;

/// Working days, days off, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DayRule {
    /// Every day.
    #[default]
    Every,
    /// Days that are worked, make-up days among them (调休补班).
    Working,
    /// Days off.
    Rest,
}

impl DayRule {
    /// Whether a day is one of them. A year that nobody recorded counts by its plain weeks.
    #[must_use]
    pub fn holds_on(self, day: NaiveDate, calendar: &WorkCalendar) -> bool {
        let is_worked = || {
            let recorded = calendar.is_workday(day);
            recorded.unwrap_or_else(|_| WorkCalendar::is_plain_workday(day))
        };
        match self {
            Self::Every => true,
            Self::Working => is_worked(),
            Self::Rest => !is_worked(),
        }
    }
}

/// When an item plays; the usual is always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// Parts of each day; all of it when there are none.
    pub times: Vec<DailyWindow>,
    /// Days of the week, from Monday 0; all when there are none.
    pub weekdays: BTreeSet<u32>,
    /// Which of these days.
    pub days: DayRule,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl When {
    /// Whether the item plays at a moment.
    #[must_use]
    pub fn is_on(&self, wall: NaiveDateTime, calendar: &WorkCalendar) -> bool {
        let day = wall.date();
        let is_time =
            self.times.is_empty() || self.times.iter().any(|part| part.contains(wall.time()));
        is_time
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.is_weekday(day.weekday())
            && self.days.holds_on(day, calendar)
    }

    fn is_weekday(&self, weekday: Weekday) -> bool {
        self.weekdays.is_empty() || self.weekdays.contains(&weekday.num_days_from_monday())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    const CALENDAR: &str = include_str!("../../../assets/calendar/workdays.csv");

    fn is_on(when: &When, wall: &str) -> bool {
        let calendar = WorkCalendar::read(CALENDAR).expect("the shipped calendar");
        when.is_on(wall.parse().expect("a moment"), &calendar)
    }

    #[test]
    fn a_part_of_the_day_begins_with_its_first_minute_and_ends_before_its_last() {
        let time = |text: &str| text.parse::<NaiveTime>().expect("a time");
        let morning = When {
            times: vec![DailyWindow {
                from: time("08:30:00"),
                until: time("12:00:00"),
            }],
            ..When::default()
        };
        let seen = ["08:29:59", "08:30:00", "11:59:59", "12:00:00"];
        let seen = seen.map(|time| is_on(&morning, &format!("2026-11-27T{time}")));
        assert_eq!(seen, [false, true, true, false]);
    }

    #[test]
    fn make_up_days_are_worked_and_a_year_nobody_recorded_goes_by_its_weeks() {
        let on = |days| {
            let rule = When {
                days,
                ..When::default()
            };
            // A Saturday that is worked, the National Day, and a Saturday far away.
            let days = [
                "2026-02-14T09:00:00",
                "2026-10-01T09:00:00",
                "2040-03-03T09:00:00",
            ];
            days.map(|day| is_on(&rule, day))
        };
        assert_eq!(on(DayRule::Working), [true, false, false]);
        assert_eq!(on(DayRule::Rest), [false, true, true]);
        assert_eq!(on(DayRule::Every), [true; 3]);
    }

    #[test]
    fn days_of_the_week_and_dates_bound_it_with_both_ends_in() {
        let fridays = When {
            weekdays: [4].into(),
            from: NaiveDate::from_ymd_opt(2026, 11, 20),
            to: NaiveDate::from_ymd_opt(2026, 11, 27),
            ..When::default()
        };
        let days = [13, 20, 26, 27].map(|day| is_on(&fridays, &format!("2026-11-{day}T09:00:00")));
        assert_eq!(days, [false, true, false, true]);
    }
}
