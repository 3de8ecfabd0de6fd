//! Months and years as the rules of the centre count them: the same day of an earlier month, else its
//! last day; ages by birthday; the month of retirement by the national table.
//!
//! Deliberately not here: which days the hall works (`calendar`), and what an age or a month decides.

mod retirement;

use chrono::{Datelike, Months, NaiveDate};

pub use retirement::{RetirementTrack, TableFault, YearMonth, read_table};

/// The same day so many months before, or the last of that month when it has no such day: a loan that
/// falls due on 31 March is called on 28 or 29 February (parameters.md, `loan.remind_days` T30).
/// `None` before the calendar begins.
#[must_use]
pub fn same_day_before(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    day.checked_sub_months(Months::new(months))
}

/// Full years on a day, counted up on the birthday. Who was born on 29 February has the birthday of
/// other years on 1 March: on 28 February the year is not over. 0 before birth.
#[must_use]
pub fn age_on(born: NaiveDate, day: NaiveDate) -> u32 {
    day.years_since(born).unwrap_or(0)
}

/// Whole calendar months from the month of one day to the month of another; negative backwards.
#[must_use]
pub fn months_between(from: NaiveDate, to: NaiveDate) -> i32 {
    YearMonth::of(to).months_since(YearMonth::of(from))
}

/// The last day of a day's month; `None` at the end of the calendar.
#[must_use]
pub fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    let first = day.with_day(1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

/// Full months from one day to another, counted up on the same day of the month, else on its last; negative
/// backwards.
#[must_use]
pub fn full_months(from: NaiveDate, to: NaiveDate) -> i64 {
    if to < from {
        return -full_months(to, from);
    }
    let by_name = months_between(from, to).unsigned_abs();
    let is_reached = from
        .checked_add_months(Months::new(by_name))
        .is_some_and(|day| day <= to);
    i64::from(by_name) - i64::from(!is_reached)
}

impl YearMonth {
    /// The month of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_before_is_the_same_day_else_the_last_of_the_month() {
        for (due, called) in [
            ("2026-07-15", "2026-06-15"),
            ("2026-03-31", "2026-02-28"),
            ("2028-03-31", "2028-02-29"),
            ("2028-03-29", "2028-02-29"),
            ("2027-03-29", "2027-02-28"),
            ("2026-07-31", "2026-06-30"),
            ("2026-08-31", "2026-07-31"),
            ("2027-01-31", "2026-12-31"),
        ] {
            assert_eq!(same_day_before(day(due), 1), Some(day(called)), "{due}");
        }
    }

    #[test]
    fn an_age_is_counted_up_on_the_birthday() {
        for (born, on, age) in [
            ("2002-03-01", "2026-02-28", 23),
            ("2002-03-01", "2026-03-01", 24),
            ("2002-03-01", "2027-02-28", 24),
            ("2004-02-29", "2026-02-28", 21),
            ("2004-02-29", "2026-03-01", 22),
            ("2004-02-29", "2028-02-29", 24),
            ("2004-12-31", "2005-01-01", 0),
            ("2026-12-31", "2026-01-01", 0),
        ] {
            assert_eq!(age_on(day(born), day(on)), age, "{born} on {on}");
        }
    }

    #[test]
    fn a_month_is_full_on_its_day_and_not_before() {
        for (from, to, months) in [
            ("2026-05-23", "2026-11-22", 5),
            ("2026-05-23", "2026-11-23", 6),
            ("2026-08-31", "2027-02-27", 5),
            ("2026-08-31", "2027-02-28", 6),
            ("2026-11-23", "2026-11-23", 0),
            ("2026-11-23", "2026-09-23", -2),
        ] {
            assert_eq!(full_months(day(from), day(to)), months, "{from} to {to}");
        }
    }

    #[test]
    fn months_are_counted_by_their_names() {
        assert_eq!(months_between(day("2026-01-31"), day("2026-02-01")), 1);
        assert_eq!(months_between(day("2026-02-01"), day("2026-02-28")), 0);
        assert_eq!(months_between(day("2027-01-01"), day("2025-12-31")), -13);
    }
}
