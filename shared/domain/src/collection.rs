//! The days on which a borrower is called before a loan falls due, and on which the bank is asked
//! (loan_collection): a month before, a week before, on the day. A day before that is off is brought
//! forward to the workday before; the day itself moves on to the next workday.
//!
//! Deliberately not here: what is owed, and what follows when nothing was paid.

use chrono::{Days, NaiveDate};

use crate::case::{NoCalendar, Rulebook, workdays_after, workdays_before};
use crate::months::same_day_before;

/// How near the end of a loan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CollectionStage {
    /// 到期前一个月.
    Month,
    /// 到期前一周.
    Week,
    /// 到期当天.
    Day,
}

impl CollectionStage {
    /// The code in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Month => "T30",
            Self::Week => "T7",
            Self::Day => "T0",
        }
    }
}

/// The days of a loan that falls due on `matures_on`, in order.
///
/// # Errors
/// [`NoCalendar`] when a year is not recorded.
pub fn collection_days(
    matures_on: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<[(CollectionStage, NaiveDate); 3], NoCalendar> {
    let month = same_day_before(matures_on, 1).unwrap_or(matures_on);
    let week = matures_on
        .checked_sub_days(Days::new(7))
        .unwrap_or(matures_on);
    Ok([
        (CollectionStage::Month, workdays_before(month, 0, rules)?),
        (CollectionStage::Week, workdays_before(week, 0, rules)?),
        (CollectionStage::Day, workdays_after(matures_on, 0, rules)?),
    ])
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::WorkCalendar;
    use crate::case::NoParameter;

    struct Shipped(WorkCalendar);

    impl Shipped {
        fn new() -> Self {
            let text = include_str!("../../../assets/calendar/workdays.csv");
            Self(WorkCalendar::read(text).unwrap())
        }
    }

    impl Rulebook for Shipped {
        fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
            self.0.is_workday(day)
        }

        fn number(&self, key: &str, day: NaiveDate) -> Result<i64, NoParameter> {
            let key = key.to_owned();
            Err(NoParameter { key, day })
        }

        fn words(&self, _: &str) -> Option<&[String]> {
            None
        }
    }

    fn days(matures_on: &str) -> [String; 3] {
        let days = collection_days(matures_on.parse().unwrap(), &Shipped::new()).unwrap();
        days.map(|(_, day)| day.to_string())
    }

    #[test]
    fn a_day_off_brings_calls_forward_and_moves_the_question_to_the_bank_on() {
        // a Sunday: the month before ends with a Thursday, the week before is a Sunday
        assert_eq!(
            days("2026-05-31"),
            ["2026-04-30", "2026-05-22", "2026-06-01"]
        );
        // the week before is the make-up Saturday, which is worked
        assert_eq!(
            days("2026-10-17"),
            ["2026-09-17", "2026-10-10", "2026-10-19"]
        );
    }

    #[test]
    fn a_month_before_is_the_same_day_else_the_last_of_that_month_also_in_a_leap_year() {
        assert_eq!(days("2024-03-31")[0], "2024-02-29");
        assert_eq!(days("2026-03-30")[0], "2026-02-28", "a make-up Saturday");
        assert_eq!(days("2026-08-31")[0], "2026-07-31");
    }

    #[test]
    fn a_year_that_is_not_recorded_is_not_guessed() {
        let new_year = NaiveDate::from_ymd_opt(2027, 1, 20).unwrap();
        let days = collection_days(new_year, &Shipped::new());
        assert_eq!(days, Err(NoCalendar { year: 2027 }));
    }

    proptest! {
        #[test]
        fn all_three_are_workdays_in_order_and_not_far_from_their_dates(offset in 40_u64..330) {
            let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
            let matures_on = first + Days::new(offset);
            let rules = Shipped::new();
            let days = collection_days(matures_on, &rules).unwrap();
            for (_, day) in days {
                prop_assert_eq!(rules.is_workday(day), Ok(true));
            }
            let [(_, month), (_, week), (_, day)] = days;
            prop_assert!(month < week && week < day && day >= matures_on);
            prop_assert!(month <= same_day_before(matures_on, 1).unwrap());
            // the longest holiday with its make-up days is nine days
            prop_assert!((day - matures_on).num_days() <= 9);
            prop_assert!(month.year() == 2026 || month.year() == 2025);
        }
    }
}
