//! What an export shows: columns and cells. A sealed value has no plain form here.

use chrono::NaiveDate;
use domain::case::{Decimal, Field, FieldType, Kind, Value};
use domain::money::Fen;
use domain::time::UtcMs;

use super::column_map::ColumnMap;
use super::list;

/// What stands for personal data that is not shown.
const MASK: &str = "***";

/// How a column shows what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As text, also when it is all digits.
    Text,
    /// A whole number.
    Whole,
    /// Yuan with thousands and fen.
    Money,
    /// As many places as it has.
    Decimal,
    /// 2026-11-26.
    Date,
    /// 2026-11-26 09:00:00 on the hall's clock.
    Moment,
}

/// One column of an export.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The field's id; empty for a column that is no field (case number, state).
    pub field: String,
    /// What stands at its head.
    pub heading: String,
    /// In characters of the standard font.
    pub width: f64,
    /// How its cells are shown.
    pub format: Format,
}

impl Column {
    /// The column of a field, under its Chinese name.
    #[must_use]
    pub fn of(field: &Field) -> Self {
        let heading = field.name.clone();
        Self {
            field: field.id.clone(),
            width: width(&heading, &field.kind),
            format: Format::of(&field.kind),
            heading,
        }
    }
}

/// The columns of a kind's list; with a map, its columns in its order under its names.
#[must_use]
pub fn columns(kind: &Kind, map: Option<&ColumnMap>) -> Vec<Column> {
    let Some(map) = map else {
        let fields = kind.list.iter().filter_map(|id| kind.field(id));
        return fields.map(Column::of).collect();
    };
    let named = map.columns.iter().filter_map(|(heading, id)| {
        let heading = heading.clone();
        Some(Column {
            heading,
            ..Column::of(kind.field(id)?)
        })
    });
    named.collect()
}

impl Format {
    /// The format that fits a type.
    #[must_use]
    pub fn of(kind: &FieldType) -> Self {
        match kind {
            FieldType::Integer { .. } => Self::Whole,
            FieldType::Money { .. } => Self::Money,
            FieldType::Decimal { .. } => Self::Decimal,
            FieldType::Date { .. } => Self::Date,
            FieldType::Moment => Self::Moment,
            FieldType::Text { .. }
            | FieldType::Boolean
            | FieldType::Choice(_)
            | FieldType::Record(_)
            | FieldType::Staff
            | FieldType::List { .. } => Self::Text,
        }
    }
}

/// A width that shows the heading on one line and most values whole.
fn width(heading: &str, kind: &FieldType) -> f64 {
    let least = match kind {
        FieldType::Text { is_long: true, .. } => 40,
        FieldType::Text { .. } | FieldType::Record(_) | FieldType::List { .. } => 22,
        FieldType::Moment => 20,
        FieldType::Money { .. } => 14,
        _ => 12,
    };
    // A hanzi is two characters wide; two more for the mark and the button of the list.
    let named = heading.chars().count() * 2 + 4;
    f64::from(u32::try_from(named.max(least)).unwrap_or(u32::MAX))
}

/// One cell of an export.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Money.
    Money(Fen),
    /// An exact decimal.
    Decimal(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A moment, shown on the hall's clock.
    Moment(UtcMs),
    /// Personal data as it may be shown: `张*`, `138****8000`. A cell like this is refused when
    /// the sheet is imported again.
    Masked(String),
}

impl Cell {
    /// What an export shows of a value. Personal data, typed or sealed, comes out masked; whoever
    /// may show it puts another cell in its place. `label` names records and members of staff;
    /// without a name the id stands there.
    #[must_use]
    pub fn of(field: &Field, value: &Value, label: &dyn Fn(&Value) -> Option<String>) -> Self {
        match value {
            Value::Integer(number) => Self::Integer(*number),
            Value::Money(fen) => Self::Money(*fen),
            Value::Decimal(decimal) => Self::Decimal(decimal.clone()),
            Value::Date(day) => Self::Date(*day),
            Value::Moment(at) => Self::Moment(*at),
            Value::Personal(_) | Value::Sealed(_) => Self::Masked(MASK.to_owned()),
            other => Self::Text(text(&field.kind, other, label)),
        }
    }
}

/// A value as text, in the spelling that is read back as the same value.
fn text(kind: &FieldType, value: &Value, label: &dyn Fn(&Value) -> Option<String>) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Boolean(true) => "是".to_owned(),
        Value::Boolean(false) => "否".to_owned(),
        Value::Choice(code) => choice_name(kind, code),
        Value::Record(id) => label(value).unwrap_or_else(|| id.to_string()),
        Value::Staff(id) => label(value).unwrap_or_else(|| id.to_string()),
        Value::Integer(number) => number.to_string(),
        Value::Money(fen) => yuan(*fen),
        Value::Decimal(decimal) => decimal.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Moment(at) => clock(*at),
        Value::Personal(_) | Value::Sealed(_) => MASK.to_owned(),
        Value::List(values) => {
            let of = match kind {
                FieldType::List { of, .. } => of,
                other => other,
            };
            let parts: Vec<String> = values.iter().map(|value| text(of, value, label)).collect();
            list::join(&parts)
        }
    }
}

/// The Chinese name of a code; the code itself when the list has it no more.
fn choice_name(kind: &FieldType, code: &str) -> String {
    let choices = match kind {
        FieldType::Choice(choices) => choices.as_slice(),
        _ => &[],
    };
    let found = choices.iter().find(|(known, _)| known == code);
    found.map_or(code, |(_, name)| name).to_owned()
}

/// Yuan with two places and nothing else.
pub(super) fn yuan(fen: Fen) -> String {
    let sign = if fen.0 < 0 { "-" } else { "" };
    let fen = fen.0.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// A moment on the hall's clock; milliseconds only where there are any.
pub(super) fn clock(at: UtcMs) -> String {
    let format = if at.0.rem_euclid(1000) == 0 {
        "%Y-%m-%d %H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S%.3f"
    };
    at.hall_time().format(format).to_string()
}
