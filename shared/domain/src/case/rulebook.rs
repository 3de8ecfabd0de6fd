//! What the engine asks of the world's rules: an argument, like time.

use chrono::NaiveDate;
use thiserror::Error;

/// The working calendar has no entry for a year: a deadline is not guessed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "工作日历还没有 {year} 年，期限算不出来，这一步先办不了，填的内容请留着。请股室负责人或中心领导在“政策参数”里找到“放假和补班安排”，录入 {year} 年的，另一位复核以后马上就能办。"
)]
pub struct NoCalendar {
    /// The year.
    pub year: i32,
}

/// A dated parameter has no value on a day: it is never taken as 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("政策参数“{key}”在 {day} 没有值。请先在“政策参数”里录入。")]
pub struct NoParameter {
    /// The key.
    pub key: String,
    /// The day.
    pub day: NaiveDate,
}

/// Calendar, dated parameters and word lists.
pub trait Rulebook {
    /// Whether a day is a working day, make-up days counted.
    ///
    /// # Errors
    /// [`NoCalendar`].
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar>;

    /// A whole number: days, a level, fen.
    ///
    /// # Errors
    /// [`NoParameter`], also when it is no whole number.
    fn number(&self, key: &str, day: NaiveDate) -> Result<i64, NoParameter>;

    /// Words that must not occur; `None` for a list that is not known.
    fn words(&self, list: &str) -> Option<&[String]>;
}
