//! From what was typed into a form to a value, and back. Full-width digits and blanks are put
//! right; a value that cannot be read is told at its field, together with all others.

use std::collections::BTreeMap;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeZone};
use domain::case::{Decimal, Draft, Field, FieldFault, FieldType, Kind, Value, Values};
use domain::id::{RecordId, StaffId};
use domain::money::Fen;
use domain::personal::Pii;
use domain::time::UtcMs;

/// What a form sent, by field id; a field that the form did not offer is absent.
pub(crate) type Typed = BTreeMap<String, String>;

/// Who can be named in a form: records by their number, staff by their id.
pub(crate) trait Names {
    /// The record with this number, or this id.
    fn record(&self, text: &str) -> Option<RecordId>;
    /// The number under which a record is typed.
    fn number_of(&self, record: RecordId) -> Option<String>;
}

/// The draft that a form asks for, or what is wrong, at every field at once.
pub(crate) fn read(
    kind: &Kind,
    typed: &Typed,
    names: &dyn Names,
) -> Result<Draft, Vec<FieldFault>> {
    let (mut draft, mut faults) = (Draft::new(), Vec::new());
    for field in &kind.fields {
        let Some(text) = typed.get(&field.id) else {
            continue;
        };
        match read_field(field, text.trim(), names) {
            Ok(value) => drop(draft.insert(field.id.clone(), value)),
            Err(text) => faults.push(FieldFault {
                field: field.id.clone(),
                text: format!("{}：{text}", field.name),
            }),
        }
    }
    if faults.is_empty() {
        Ok(draft)
    } else {
        Err(faults)
    }
}

/// The values of a draft, for a record that does not exist yet.
pub(crate) fn values_of(draft: Draft) -> Values {
    draft
        .into_iter()
        .filter_map(|(id, value)| Some((id, value?)))
        .collect()
}

fn read_field(field: &Field, text: &str, names: &dyn Names) -> Result<Option<Value>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if field.personal.is_some() {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        return Ok(Some(Value::Personal(Pii::new(plain))));
    }
    read_value(&field.kind, text, names).map(Some)
}

fn read_value(kind: &FieldType, text: &str, names: &dyn Names) -> Result<Value, String> {
    match kind {
        FieldType::Text { .. } => Ok(Value::Text(text.replace("\r\n", "\n"))),
        FieldType::Integer { .. } => whole(text).map(Value::Integer),
        FieldType::Money { .. } => money(text).map(Value::Money),
        FieldType::Decimal { .. } => Decimal::read(&narrow(text))
            .map(Value::Decimal)
            .map_err(|_| "请填数字，例如 12.5。".to_owned()),
        FieldType::Date { .. } => day(text).map(Value::Date),
        FieldType::Moment => moment(text).map(Value::Moment),
        FieldType::Boolean => boolean(text).map(Value::Boolean),
        FieldType::Choice(choices) => choice(choices, text).map(Value::Choice),
        FieldType::Record(_) => names
            .record(text)
            .map(Value::Record)
            .ok_or_else(|| "没有这个编号的记录，请核对。".to_owned()),
        FieldType::Staff => text
            .parse::<StaffId>()
            .map(Value::Staff)
            .map_err(|_| "请从名单里选一个人。".to_owned()),
        FieldType::List { of, .. } => list(of, text, names),
    }
}

fn list(of: &FieldType, text: &str, names: &dyn Names) -> Result<Value, String> {
    let parts = text
        .split(['\n', '、', '；', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let values = parts.map(|part| read_value(of, part, names));
    values.collect::<Result<_, _>>().map(Value::List)
}

/// Full-width digits, letters and signs as narrow ones, without blanks and thousands' commas.
fn narrow(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != ',' && *c != '，')
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '。' => '.',
            c => c,
        })
        .collect()
}

fn whole(text: &str) -> Result<i64, String> {
    narrow(text)
        .parse()
        .map_err(|_| "请填整数，例如 3。".to_owned())
}

/// `4500`, `4,500.00 元`, `1.2万`: exact to the fen.
fn money(text: &str) -> Result<Fen, String> {
    let bad = || "请填金额，最多两位小数，例如 4500 或 4500.50。".to_owned();
    let plain = narrow(text);
    let plain = plain.strip_suffix('元').unwrap_or(&plain);
    let (plain, fen_per_unit) = match plain.strip_suffix('万') {
        Some(plain) => (plain, 1_000_000),
        None => (plain, 100),
    };
    let (numerator, denominator) = Decimal::read(plain).map_err(|_| bad())?.fraction();
    let fen = numerator.checked_mul(fen_per_unit).ok_or_else(bad)?;
    if fen % denominator != 0 {
        return Err(bad());
    }
    i64::try_from(fen / denominator).map(Fen).map_err(|_| bad())
}

/// `2026-11-26`, `2026/11/26`, `2026年11月26日`, `20261126`.
fn day(text: &str) -> Result<NaiveDate, String> {
    let narrowed = narrow(text);
    let plain: String = narrowed
        .trim_end_matches('日')
        .chars()
        .map(|c| match c {
            '年' | '月' | '/' | '.' => '-',
            c => c,
        })
        .collect();
    let read = NaiveDate::parse_from_str(&plain, "%Y-%m-%d");
    let read = read.or_else(|_| NaiveDate::parse_from_str(&plain, "%Y%m%d"));
    read.map_err(|_| "没有这一天，请按 2026-11-26 这样填。".to_owned())
}

fn moment(text: &str) -> Result<UtcMs, String> {
    let bad = || "请按 2026-11-26 14:30 这样填。".to_owned();
    let plain = text.replace('T', " ").replace('：', ":");
    let local = NaiveDateTime::parse_from_str(&plain, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(&plain, "%Y-%m-%d %H:%M:%S"))
        .map_err(|_| bad())?;
    let hall = FixedOffset::east_opt(8 * 3600).ok_or_else(bad)?;
    let at = hall.from_local_datetime(&local).single().ok_or_else(bad)?;
    Ok(UtcMs(at.timestamp_millis()))
}

fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "true" | "是" | "√" | "有" => Ok(true),
        "false" | "否" | "×" | "无" => Ok(false),
        _ => Err("请选“是”或“否”。".to_owned()),
    }
}

fn choice(choices: &[(String, String)], text: &str) -> Result<String, String> {
    let known = choices
        .iter()
        .find(|(code, name)| code == text || name == text);
    known
        .map(|(code, _)| code.clone())
        .ok_or_else(|| "请从列出的几项里选一项。".to_owned())
}

/// A value as it stands in a form. Personal values stand in none.
pub(crate) fn written(value: &Value, names: &dyn Names) -> String {
    match value {
        Value::Text(text) | Value::Choice(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Money(fen) => yuan(*fen),
        Value::Decimal(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Moment(at) => at.hall_time().format("%Y-%m-%dT%H:%M").to_string(),
        Value::Boolean(is_so) => is_so.to_string(),
        Value::Record(record) => names.number_of(*record).unwrap_or_default(),
        Value::Staff(staff) => staff.to_string(),
        Value::List(values) => {
            let lines: Vec<_> = values.iter().map(|value| written(value, names)).collect();
            lines.join("\n")
        }
        Value::Personal(_) | Value::Sealed(_) => String::new(),
    }
}

/// `4500` or `4500.50`.
fn yuan(fen: Fen) -> String {
    let sign = if fen.0 < 0 { "-" } else { "" };
    let (whole, part) = (fen.0.unsigned_abs() / 100, fen.0.unsigned_abs() % 100);
    if part == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_however_it_is_typed() {
        for (typed, fen) in [
            ("4500", 450_000),
            ("４，５００．５", 450_050),
            ("4,500.50 元", 450_050),
            ("1.2万元", 1_200_000),
            ("0.0001万", 100),
            ("-3", -300),
        ] {
            assert_eq!(money(typed), Ok(Fen(fen)), "{typed}");
        }
        for bad in ["", "面议", "1.234", "1e3", "0.0000001万"] {
            assert!(money(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_and_moments_are_read_as_people_write_them() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 6).unwrap();
        for typed in [
            "2026-11-06",
            "2026/11/6",
            "2026.11.6",
            "２０２６年１１月６日",
            "20261106",
        ] {
            assert_eq!(day(typed), Ok(on), "{typed}");
        }
        assert!(day("2026-02-30").is_err() && day("明天").is_err());
        let at = moment("2026-11-06T14:30").unwrap();
        assert_eq!(at, moment("2026-11-06 14：30").unwrap());
        assert_eq!(at.clock_text(), "14:30");
    }
}
