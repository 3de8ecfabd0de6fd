//! Conditions on values as a kind file writes them: `wage_max >= wage_min`, `filled = headcount`,
//! `content_type = "emergency"`, `to_on > today`, `remark is empty`.

use super::Value;

/// One comparison of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field on the left.
    pub field: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; [`Operand::Nothing`] for `is empty` and `is filled`.
    pub right: Operand,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `is filled`
    IsFilled,
    /// `is empty`
    IsEmpty,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// Another field; a condition on an empty one holds.
    Field(String),
    /// A literal of the field's type.
    Value(Value),
    /// The day on which it is asked.
    Today,
    /// That day and so many days of a dated parameter: `today + vacancy.valid_days`.
    TodayAnd(String),
    /// A dated parameter: `min_wage.month`.
    Parameter(String),
    /// Nothing.
    Nothing,
}
