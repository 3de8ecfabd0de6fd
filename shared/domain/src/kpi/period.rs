//! The time that is counted: a month is watched, a year is judged.

use chrono::{Datelike, Months, NaiveDate};

/// A month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KpiPeriod {
    first: NaiveDate,
    months: u32,
}

/// Years that a period may be of.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

impl KpiPeriod {
    /// The year of a day.
    #[must_use]
    pub fn year_of(day: NaiveDate) -> Self {
        Self {
            first: day.with_ordinal(1).unwrap_or(day),
            months: 12,
        }
    }

    /// Of `2026` or `2026-03`; the year of `today` for anything else.
    #[must_use]
    pub fn of_word(word: &str, today: NaiveDate) -> Self {
        Self::read(word).unwrap_or_else(|| Self::year_of(today))
    }

    fn read(word: &str) -> Option<Self> {
        let (year, month) = match word.split_once('-') {
            Some((year, month)) => (year, Some(month.parse().ok()?)),
            None => (word, None),
        };
        let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
        Some(Self {
            first: NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1)?,
            months: month.map_or(12, |_| 1),
        })
    }

    /// As [`of_word`](Self::of_word) reads it.
    #[must_use]
    pub fn word(self) -> String {
        let (year, month) = (self.first.year(), self.first.month());
        if self.is_year() {
            format!("{year}")
        } else {
            format!("{year}-{month:02}")
        }
    }

    /// `2026年` or `2026年3月`.
    #[must_use]
    pub fn text(self) -> String {
        let (year, month) = (self.first.year(), self.first.month());
        if self.is_year() {
            format!("{year}年")
        } else {
            format!("{year}年{month}月")
        }
    }

    /// Whether it is a whole year, for which there is a verdict.
    #[must_use]
    pub fn is_year(self) -> bool {
        self.months == 12
    }

    /// The first and the last day.
    #[must_use]
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        let next = self.first.checked_add_months(Months::new(self.months));
        let last = next.and_then(|next| next.pred_opt());
        (self.first, last.unwrap_or(self.first))
    }

    /// Whether a day falls into it.
    #[must_use]
    pub fn holds(self, day: NaiveDate) -> bool {
        let (from, to) = self.days();
        from <= day && day <= to
    }

    /// Whether a period as it is written in a record (`2026-03`, `2026`, `2026-Q1`) falls into it:
    /// into a year with everything of that year, into a month with its own only.
    #[must_use]
    pub fn holds_period(self, written: &str) -> bool {
        if self.is_year() {
            let year = written.get(..4);
            return year == Some(self.word().as_str());
        }
        Self::read(written.trim()) == Some(self)
    }

    /// The period of the same length before.
    #[must_use]
    pub fn before(self) -> Self {
        let first = self.first.checked_sub_months(Months::new(self.months));
        Self {
            first: first.unwrap_or(self.first),
            ..self
        }
    }

    /// The period of the same length after.
    #[must_use]
    pub fn after(self) -> Self {
        let first = self.first.checked_add_months(Months::new(self.months));
        Self {
            first: first.unwrap_or(self.first),
            ..self
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
    fn a_period_is_read_as_it_is_written_and_else_this_year() {
        let today = day("2026-11-28");
        for (word, from, to) in [
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("2025", "2025-01-01", "2025-12-31"),
            ("2026-13", "2026-01-01", "2026-12-31"),
            ("9999", "2026-01-01", "2026-12-31"),
            ("", "2026-01-01", "2026-12-31"),
        ] {
            let period = KpiPeriod::of_word(word, today);
            assert_eq!(period.days(), (day(from), day(to)), "{word}");
            assert_eq!(KpiPeriod::of_word(&period.word(), today), period);
        }
        assert_eq!(
            KpiPeriod::of_word("2026-01", today).before().word(),
            "2025-12"
        );
        assert_eq!(KpiPeriod::of_word("2025", today).after().word(), "2026");
    }

    #[test]
    fn what_is_written_of_a_month_counts_in_the_month_and_in_its_year() {
        let today = day("2026-11-28");
        let (year, month) = (
            KpiPeriod::year_of(today),
            KpiPeriod::of_word("2026-03", today),
        );
        assert!(year.holds_period("2026-03") && month.holds_period("2026-03"));
        assert!(year.holds_period("2026-Q1") && !month.holds_period("2026-Q1"));
        assert!(year.holds_period("2026") && !month.holds_period("2026"));
        assert!(!year.holds_period("2025-12") && !month.holds_period("2026-04"));
    }
}
