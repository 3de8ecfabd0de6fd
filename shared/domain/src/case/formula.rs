//! Values that a record computes out of its own, as a kind file writes them:
//! `book_bal + sum(received.金额) - sum(paid.金额)`, `100 * errors / sampled`, `letter_on + dossier.transfer_days days`,
//! `required without present`, `sum(income.金额) = sum(expense.金额)`. Reading them is in
//! [`parse`](self::parse), computing them in [`evaluate`](self::evaluate).
//!
//! All arithmetic is exact; a result is rounded once, half up, to what its field holds: fen, whole
//! numbers, four places. Where a needed value lacks, a divisor is 0 or a number grows out of all bounds,
//! there is no result: nothing is ever guessed. What other records hold is not here.

mod evaluate;
mod parse;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::condition::{Comparison, Condition};
use super::kind::Basis;

pub use evaluate::compute;
pub(super) use evaluate::{computed, sum};
pub(super) use parse::read;

/// How a field is computed. Of several for one field the first counts whose condition holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computation {
    /// The computed field.
    pub field: String,
    /// When; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<Condition>,
    /// What.
    pub formula: Formula,
}

/// One formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// An amount or a number.
    Number(Expression),
    /// Yes or no.
    Compared(Expression, Comparison, Expression),
    /// A day that is some time after another.
    DayAfter {
        /// Counted from this field.
        from: String,
        /// So many as this dated parameter says.
        parameter: String,
        /// Workdays, days or months.
        basis: Basis,
    },
    /// The last day of a year.
    YearEnd(Expression),
    /// The last day of the month of a day.
    MonthEnd(String),
    /// What one list has and another lacks, in its order.
    Without {
        /// All of this list …
        all: String,
        /// … but what stands here.
        less: String,
    },
}

/// A number out of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A whole number.
    Literal(i64),
    /// What a field holds. Without a value it counts as 0, unless the kind requires it.
    Field(String),
    /// How many items a list has.
    Count(String),
    /// The items of a list of numbers, or of its rows one column, or two of them multiplied.
    Sum(String, Vec<usize>),
    /// Workdays from one day or moment until another, both included; a moment before or after noon
    /// begins or ends half a day.
    Workdays(String, String),
    /// Whole months from one day until the day before another's next.
    Months(String, String),
    /// Two numbers and what is done with them.
    Of(Box<Expression>, Operator, Box<Expression>),
}

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

impl Computation {
    /// The fields that it reads.
    #[must_use]
    pub fn inputs(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        match &self.formula {
            Formula::Number(one) | Formula::YearEnd(one) => one.inputs(&mut found),
            Formula::Compared(one, _, other) => {
                one.inputs(&mut found);
                other.inputs(&mut found);
            }
            Formula::DayAfter { from, .. } | Formula::MonthEnd(from) => drop(found.insert(from)),
            Formula::Without { all, less } => found.extend([all.as_str(), less.as_str()]),
        }
        found.extend(
            self.only_if
                .iter()
                .map(|condition| condition.field.as_str()),
        );
        found
    }
}

impl Expression {
    fn inputs<'e>(&'e self, found: &mut BTreeSet<&'e str>) {
        match self {
            Self::Literal(_) => {}
            Self::Field(id) | Self::Count(id) | Self::Sum(id, _) => drop(found.insert(id)),
            Self::Workdays(from, to) | Self::Months(from, to) => {
                found.extend([from.as_str(), to.as_str()]);
            }
            Self::Of(one, _, other) => {
                one.inputs(found);
                other.inputs(found);
            }
        }
    }
}
