//! Why a change of a parameter is not taken in, in words for who asked for it.

use chrono::NaiveDate;
use thiserror::Error;

/// A change that is not taken in. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParameterRefusal {
    /// The key or the region has another form.
    #[error(
        "参数键只用小写字母、数字、下划线和点，例：min_wage.month；地区填区划代码数字，不填就是全区缺省。"
    )]
    Key,
    /// Something that every entry needs is missing or too long.
    #[error("“{field}”要填，最多 {chars_max} 个字。")]
    Text {
        /// Its Chinese name.
        field: &'static str,
        /// The bound.
        chars_max: usize,
    },
    /// The value is of another kind than before.
    #[error("数值{expected}。")]
    Value {
        /// What is expected.
        expected: &'static str,
    },
    /// Not a day.
    #[error("起始日和截止日要填日期，例：2027-01-01；没有截止日就不填。")]
    Day,
    /// It ends before it begins.
    #[error("截止日早于起始日。请检查两个日期。")]
    Backwards,
    /// There is an entry from that day on.
    #[error("从 {from} 起已经有一条了。录入的不能改，要改请从另一天起录一条新的。")]
    Taken {
        /// The day.
        from: NaiveDate,
    },
    /// Days between two entries would have no value.
    #[error("{first} 到 {last} 这几天会没有值。前后两条要正好接上。")]
    Gap {
        /// The first of them.
        first: NaiveDate,
        /// The last of them.
        last: NaiveDate,
    },
    /// A later entry has begun by the end of this one.
    #[error("从 {next} 起已经有一条了。这一条要写明到它的前一天为止，正好接上。")]
    Overlap {
        /// When the later one begins.
        next: NaiveDate,
    },
    /// There is nothing to withdraw.
    #[error("没有从 {from} 起的这一条。请刷新页面再看。")]
    Unknown {
        /// The day.
        from: NaiveDate,
    },
    /// Too late to withdraw it.
    #[error("这一条从 {from} 起已经生效，不能撤回。要改请从另一天起录一条新的。")]
    InForce {
        /// Since when.
        from: NaiveDate,
    },
    /// The same entry waits already.
    #[error("这个参数从这一天起的改动已经有一条在等复核。请先复核或收回那一条。")]
    Waiting,
    /// Who entered it may not confirm it.
    #[error("录入和复核要两个人。这一条是您录入的，请另一位同事复核。")]
    SamePerson,
}
