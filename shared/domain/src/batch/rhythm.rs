//! How often a batch is made, so that one that nobody made is noticed in time.

use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

/// How often a batch is made; nothing where it is made as need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Every day that is worked.
    Workday,
    /// Once from Monday to Sunday.
    Week,
    /// Once a calendar month.
    Month,
}

impl Rhythm {
    /// The words of a batch's file.
    pub(super) const WORDS: &'static str = "workday week month";

    /// The first day of the time of which `day` is one: a batch made since then is the one wanted.
    #[must_use]
    pub fn began(self, day: NaiveDate) -> NaiveDate {
        let days_before = match self {
            Self::Workday => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.day0(),
        };
        // only before the calendar's first year is there no such day
        day.checked_sub_days(Days::new(days_before.into()))
            .unwrap_or(day)
    }

    /// The time, as a clerk says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Workday => "今天",
            Self::Week => "本周",
            Self::Month => "本月",
        }
    }
}
