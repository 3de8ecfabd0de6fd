//! The value of a dated parameter, and how a person types it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::case::Decimal;

use super::ParameterRefusal;

/// A stated "there is none": no limit, no cap. Different from a missing value.
const NONE: &str = "none";

/// What a parameter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterValue {
    /// A whole number: days, a level, fen.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// A word, a time of day, or an exact decimal as written.
    Text(String),
    /// Rows of cells: a list has one cell per row.
    Table(Vec<Vec<String>>),
}

impl ParameterValue {
    /// The whole number.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// The exact number, whole or decimal.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Whole(number) => Decimal::read(&number.to_string()).ok(),
            Self::Text(text) => Decimal::read(text).ok(),
            _ => None,
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads what a person types: as the kind of value that the parameter had so far, `like`. Rows
    /// of a table stand on lines or between `；`, cells between blanks.
    ///
    /// # Errors
    /// [`ParameterRefusal::Value`] saying what is expected.
    pub fn typed(text: &str, like: Option<&Self>) -> Result<Self, ParameterRefusal> {
        let text = text.trim();
        let expect = |expected| ParameterRefusal::Value { expected };
        if text.is_empty() {
            return Err(expect("要填数值"));
        }
        let whole = || text.parse().map(Self::Whole);
        match like.filter(|like| !like.is_stated_none()) {
            _ if text == NONE => Ok(Self::Text(NONE.to_owned())),
            Some(Self::Whole(_)) => whole().map_err(|_| expect("要填整数，例：5")),
            Some(Self::Flag(_)) => flag(text).ok_or(expect("要填“是”或“否”")),
            Some(Self::Table(_)) => Ok(Self::Table(rows(text))),
            Some(number) if number.decimal().is_some() => decimal(text),
            Some(Self::Text(_)) => Ok(Self::Text(text.to_owned())),
            None => Ok(whole().unwrap_or_else(|_| Self::Text(text.to_owned()))),
        }
    }

    /// Whether it may follow `earlier` under one key: whole numbers stay whole, decimals numbers,
    /// tables tables. "none" may come and go.
    pub(super) fn is_like(&self, earlier: &Self) -> bool {
        let is_number = |value: &Self| value.decimal().is_some();
        match (self, earlier) {
            _ if self.is_stated_none() || earlier.is_stated_none() => true,
            (Self::Text(_), Self::Text(_)) => is_number(self) || !is_number(earlier),
            _ => std::mem::discriminant(self) == std::mem::discriminant(earlier),
        }
    }

    fn is_stated_none(&self) -> bool {
        self.text() == Some(NONE)
    }
}

fn decimal(text: &str) -> Result<ParameterValue, ParameterRefusal> {
    let expected = "要填数字，例：0.98";
    let decimal = Decimal::read(text).map_err(|_| ParameterRefusal::Value { expected });
    decimal.map(|_| ParameterValue::Text(text.to_owned()))
}

fn flag(text: &str) -> Option<ParameterValue> {
    match text {
        "是" | "true" => Some(ParameterValue::Flag(true)),
        "否" | "false" => Some(ParameterValue::Flag(false)),
        _ => None,
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let cells = |row: &str| row.split_whitespace().map(str::to_owned).collect();
    let rows = text.split(['\n', '；', ';']).map(cells);
    rows.filter(|row: &Vec<String>| !row.is_empty()).collect()
}

impl fmt::Display for ParameterValue {
    /// On one line, as [`typed`](Self::typed) reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => write!(f, "{number}"),
            Self::Flag(true) => f.write_str("是"),
            Self::Flag(false) => f.write_str("否"),
            Self::Text(text) => f.write_str(text),
            Self::Table(rows) => {
                let rows: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
                f.write_str(&rows.join("；"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ParameterValue {
        ParameterValue::Text(text.to_owned())
    }

    #[test]
    fn what_is_typed_is_read_as_what_it_was_so_far() {
        let like = |typed: &str, like: &ParameterValue| ParameterValue::typed(typed, Some(like));
        let whole = ParameterValue::Whole(5);
        assert_eq!(like(" 6 ", &whole), Ok(ParameterValue::Whole(6)));
        assert!(like("6.5", &whole).is_err());
        assert!(like("", &whole).is_err());
        assert_eq!(like("none", &whole), Ok(text("none")));
        assert_eq!(
            like("否", &ParameterValue::Flag(true)),
            Ok(ParameterValue::Flag(false))
        );
        assert_eq!(like("0.95", &text("0.98")), Ok(text("0.95")));
        assert!(like("九成", &text("0.98")).is_err());
        assert_eq!(like("09:00", &text("08:30")), Ok(text("09:00")));
        assert_eq!(like("50", &text("none")), Ok(ParameterValue::Whole(50)));
    }

    #[test]
    fn a_table_is_typed_as_it_is_shown() {
        let table = ParameterValue::typed(
            "五级 1200\n四级  1500\n",
            Some(&ParameterValue::Table(vec![])),
        );
        let table = table.unwrap();
        assert_eq!(table.to_string(), "五级 1200；四级 1500");
        assert_eq!(
            ParameterValue::typed(&table.to_string(), Some(&table)),
            Ok(table)
        );
    }
}
