//! Rows in a list of texts, `2026-12-01，08:30-11:50，王样例，301 教室，装配基础`: what stands in which
//! column, and whether it is written so that the machine reads it as a person does. A field names its
//! columns; what each of them means is its own matter.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::Decimal;
use super::condition::yuan;

/// One column of the rows of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Chinese name.
    pub name: String,
    /// How it is written.
    pub form: ColumnForm,
}

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnForm {
    /// Anything.
    Text,
    /// `2026-12-01`.
    Day,
    /// `08:30-11:50`, on one day.
    Hours,
    /// `1200.50`, in yuan with at most two places.
    Money,
    /// `24`, `87.5`.
    Number,
}

/// The cells of a row. Where the Chinese comma stands, it alone parts them, so that `1,200` stays one
/// number; the last column may hold commas of its own.
#[must_use]
pub fn cells(row: &str, columns: usize) -> Vec<&str> {
    let is_comma = |c: char| c == '，' || (c == ',' && !row.contains('，'));
    row.splitn(columns, is_comma).map(str::trim).collect()
}

/// What is wrong with a row, for who typed it.
pub(super) fn fault(row: &str, columns: &[Column]) -> Option<String> {
    let names = || {
        let names = columns.iter().map(|column| column.name.as_str());
        names.collect::<Vec<_>>().join("，")
    };
    let cells = cells(row, columns.len());
    if cells.len() < columns.len() || cells.iter().any(|cell| cell.is_empty()) {
        return Some(format!("要依次写：{}，中间用逗号隔开", names()));
    }
    columns.iter().zip(cells).find_map(|(column, cell)| {
        let example = match column.form {
            ColumnForm::Day if day(cell).is_none() => "日期，例：2026-12-01",
            ColumnForm::Hours if hours(cell).is_none() => "起止时刻，例：08:30-11:50",
            ColumnForm::Money if number_of(cell, column.form).is_none() => {
                "金额（元），例：1200.50"
            }
            ColumnForm::Number if number_of(cell, column.form).is_none() => "数，例：24",
            _ => return None,
        };
        Some(format!("“{}”要写{example}", column.name))
    })
}

/// A day as rows write it.
pub(super) fn day(cell: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(cell, "%Y-%m-%d").ok()
}

/// From when to when on a day.
pub(super) fn hours(cell: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (from, to) = cell.split_once(['-', '–', '—', '~', '～'])?;
    let clock = |text: &str| NaiveTime::parse_from_str(&text.trim().replace('：', ":"), "%H:%M");
    let (from, to) = (clock(from).ok()?, clock(to).ok()?);
    (from < to).then_some((from, to))
}

/// The number in a cell; money in fen. Signs of thousands do not count.
pub(super) fn number_of(cell: &str, form: ColumnForm) -> Option<Decimal> {
    let plain = cell.replace(',', "");
    match form {
        ColumnForm::Money => yuan(&plain).map(|fen| Decimal::from(fen.0)),
        ColumnForm::Number => Decimal::read(&plain).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        let column = |name: &str, form| Column {
            name: name.to_owned(),
            form,
        };
        vec![
            column("日期", ColumnForm::Day),
            column("时段", ColumnForm::Hours),
            column("内容", ColumnForm::Text),
        ]
    }

    #[test]
    fn a_row_has_all_its_columns_each_in_its_form() {
        let said = |row: &str| fault(row, &columns()).unwrap_or_default();
        assert_eq!(said("2026-12-01，08:30-11:50，装配，焊接"), "");
        assert_eq!(said("2026-12-01, 08:30~11:50, 装配"), "");
        assert!(said("2026-12-01，08:30-11:50").starts_with("要依次写：日期，时段，内容"));
        assert!(said("2026-12-01，，装配").starts_with("要依次写"));
        assert!(said("12 月 1 日，08:30-11:50，装配").starts_with("“日期”"));
        assert!(said("2026-02-29，08:30-11:50，装配").starts_with("“日期”"));
        assert!(said("2026-12-01，1-4节，装配").starts_with("“时段”"));
        assert!(said("2026-12-01，11:50-08:30，装配").starts_with("“时段”"));
    }

    #[test]
    fn where_a_chinese_comma_stands_it_alone_parts_the_row() {
        assert_eq!(cells("甲，1,200.00，丙", 3), ["甲", "1,200.00", "丙"]);
        assert_eq!(cells("甲,乙,丙,丁", 3), ["甲", "乙", "丙,丁"]);
    }
}
