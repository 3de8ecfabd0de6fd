//! Conditions on values as a kind file writes them: `wage_max >= wage_min`, `filled = headcount`,
//! `content_type = "emergency"`, `to_on > today`, `remark is empty`. Reading them is in
//! [`parse`](self::parse).

mod parse;

use std::cmp::Ordering;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::money::Fen;

use super::command::CaseRefusal;
use super::deadline::workdays_after;
use super::rulebook::{NoParameter, Rulebook};
use super::{Decimal, Value, Values};

pub(super) use parse::{SIGNS, is_key, literal, yuan};

/// One comparison of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The field on the left.
    pub field: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; [`Operand::Nothing`] for `is empty` and `is filled`.
    pub right: Operand,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operand {
    /// Another field; a condition on an empty one holds.
    Field(String),
    /// A literal of the field's type.
    Value(Value),
    /// The day on which it is asked.
    Today,
    /// That day and so many days of a dated parameter: `today + vacancy.valid_days`.
    TodayAnd(String),
    /// The workday that is so many workdays of a dated parameter after that day, which itself does
    /// not count: `today + publicity.days workdays`.
    TodayAndWorkdays(String),
    /// A dated parameter: `min_wage.month`. Against money it is a number of fen.
    Parameter(String),
    /// Nothing.
    Nothing,
}

impl Condition {
    /// Whether it holds on a day. On an empty field, at either side, it does: what must be filled
    /// is said elsewhere.
    ///
    /// # Errors
    /// When a dated parameter has no value on the day, or the calendar lacks a year.
    pub fn holds(
        &self,
        values: &Values,
        today: NaiveDate,
        rules: &dyn Rulebook,
    ) -> Result<bool, CaseRefusal> {
        let left = values.get(&self.field);
        match self.comparison {
            Comparison::IsFilled => return Ok(left.is_some()),
            Comparison::IsEmpty => return Ok(left.is_none()),
            _ => {}
        }
        let Some(left) = left else { return Ok(true) };
        let right = self.right.value(left, values, today, rules)?;
        Ok(right.is_none_or(|right| self.comparison.accepts(order(left, &right))))
    }

    /// Whether this field stands on either side.
    pub(super) fn concerns(&self, field: &str) -> bool {
        self.field == field || matches!(&self.right, Operand::Field(other) if other == field)
    }
}

impl Operand {
    /// What it is worth; `None` for an empty field.
    fn value(
        &self,
        left: &Value,
        values: &Values,
        today: NaiveDate,
        rules: &dyn Rulebook,
    ) -> Result<Option<Value>, CaseRefusal> {
        Ok(match self {
            Self::Field(field) => values.get(field).cloned(),
            Self::Value(value) => Some(value.clone()),
            Self::Today => Some(Value::Date(today)),
            Self::TodayAnd(key) => {
                let days = rules.number(key, today)?;
                let days = u64::try_from(days).ok().map(Days::new);
                let day = days.and_then(|days| today.checked_add_days(days));
                let gap = || NoParameter {
                    key: key.clone(),
                    day: today,
                };
                Some(Value::Date(day.ok_or_else(gap)?))
            }
            Self::TodayAndWorkdays(key) => {
                let gap = || NoParameter {
                    key: key.clone(),
                    day: today,
                };
                let count = u32::try_from(rules.number(key, today)?).map_err(|_| gap())?;
                Some(Value::Date(workdays_after(today, count, rules)?))
            }
            Self::Parameter(key) => {
                let number = rules.number(key, today)?;
                Some(match left {
                    Value::Money(_) => Value::Money(Fen(number)),
                    _ => Value::Integer(number),
                })
            }
            Self::Nothing => None,
        })
    }
}

impl Comparison {
    /// Values that cannot be compared satisfy nothing: files with such conditions are not read.
    pub(super) fn accepts(self, order: Option<Ordering>) -> bool {
        let Some(order) = order else { return false };
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::IsFilled | Self::IsEmpty => true,
        }
    }

    /// Whether it needs values with an order, not only ones that are equal or not.
    fn is_ordered(self) -> bool {
        matches!(
            self,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual
        )
    }
}

/// A moment against a day counts as the hall's day of it.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Text(left), Value::Text(right)) | (Value::Choice(left), Value::Choice(right)) => {
            left.cmp(right)
        }
        (Value::Money(left), Value::Money(right)) => left.cmp(right),
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::Record(left), Value::Record(right)) => left.cmp(right),
        (Value::Staff(left), Value::Staff(right)) => left.cmp(right),
        (Value::Moment(left), Value::Moment(right)) => left.cmp(right),
        _ => match (day(left), day(right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => number(left)?.cmp(&number(right)?),
        },
    })
}

fn day(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Date(day) => Some(*day),
        Value::Moment(at) => Some(at.hall_date()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(number) => Some((*number).into()),
        Value::Decimal(decimal) => Some(decimal.clone()),
        _ => None,
    }
}
