//! What is counted in samples: accuracy of data (准确率 = 1 − wrong records ÷ records sampled; a record that
//! is wrong in several places is one) and scores that the centre's own people give for services.

use crate::case::{Record, Value};
use crate::rating::Share;

/// From this score on an internal score is good.
pub const INTERNAL_GOOD_MIN: i64 = 3;

/// States of a check in which its sample has been looked through.
const LOOKED_THROUGH: [&str; 3] = ["done", "fixed", "closed"];

/// A sample that was checked (数据质量核查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCheck {
    /// Of which data.
    pub domain: String,
    /// The period that was sampled, as written.
    pub period: String,
    /// Records sampled.
    pub sampled: u64,
    /// Of them wrong; never more than were sampled.
    pub errors: u64,
}

impl SampleCheck {
    /// The check that a record of `data_quality_check` is; `None` while it is planned, or when it
    /// lacks a number.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        if !LOOKED_THROUGH.contains(&record.state.as_str()) {
            return None;
        }
        let text = |field: &str| match record.values.get(field)? {
            Value::Text(text) | Value::Choice(text) => Some(text.clone()),
            _ => None,
        };
        let sampled = whole(record, "sampled")?;
        Some(Self {
            domain: text("domain")?,
            period: text("period")?,
            sampled,
            errors: whole(record, "errors")?.min(sampled),
        })
    }

    /// Right among those sampled.
    #[must_use]
    pub fn share(&self) -> Share {
        Share {
            part: self.sampled - self.errors,
            whole: self.sampled,
        }
    }
}

fn whole(record: &Record, field: &str) -> Option<u64> {
    match record.values.get(field)? {
        Value::Integer(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// Right among those sampled, in all of these checks together: they must be of one line.
#[must_use]
pub fn accuracy<'c>(checks: impl IntoIterator<Item = &'c SampleCheck>) -> Share {
    let mut total = Share { part: 0, whole: 0 };
    for check in checks {
        let share = check.share();
        total.part = total.part.saturating_add(share.part);
        total.whole = total.whole.saturating_add(share.whole);
    }
    total
}

/// Good among internal scores from 1 to 5; anything else is none.
#[must_use]
pub fn internal_scores(scores: impl IntoIterator<Item = i64>) -> Share {
    let mut total = Share { part: 0, whole: 0 };
    for score in scores.into_iter().filter(|score| (1..=5).contains(score)) {
        total.whole += 1;
        total.part += u64::from(score >= INTERNAL_GOOD_MIN);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sampled: u64, errors: u64) -> SampleCheck {
        SampleCheck {
            domain: "employment".into(),
            period: "2026-03".into(),
            sampled,
            errors,
        }
    }

    #[test]
    fn seven_wrong_of_four_hundred_are_98_25_per_cent() {
        let share = accuracy([&check(400, 7)]);
        assert_eq!((share.part, share.whole), (393, 400));
        assert_eq!(share.text(), "98.25 %");
    }

    #[test]
    fn samples_of_one_line_are_added_record_by_record_and_not_averaged() {
        let share = accuracy(&[check(10, 1), check(990, 0)]);
        assert_eq!((share.part, share.whole), (999, 1_000));
        assert_eq!(accuracy(&[]), Share { part: 0, whole: 0 });
    }

    #[test]
    fn three_is_good_and_what_is_no_score_is_not_counted() {
        assert_eq!(
            internal_scores([5, 3, 2, 0, 9]),
            Share { part: 2, whole: 3 }
        );
    }
}
