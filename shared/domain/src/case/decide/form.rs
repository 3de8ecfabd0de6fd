//! Whether one value is what its field holds, in plain Chinese when it is not. Numbers that people
//! write in several ways are kept in one. What is personal is never repeated in a fault.

use chrono::NaiveTime;

use crate::credit_code::{CreditCode, CreditCodeFault};
use crate::id_number::IdNumber;
use crate::personal::{PersonField, Pii};

use super::super::Value;
use super::super::columns;
use super::super::kind::{Field, FieldType, TextForm};
use super::super::rulebook::NoCalendar;
use super::Circumstances;

/// Why a value is not taken in.
pub(super) enum Fault {
    /// For who typed it.
    Said(String),
    /// It cannot be known.
    NoCalendar(NoCalendar),
}

impl From<NoCalendar> for Fault {
    fn from(gap: NoCalendar) -> Self {
        Self::NoCalendar(gap)
    }
}

fn said<T>(text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Said(text.into()))
}

/// Most characters of a text on one line.
const LINE_CHARS_MAX: usize = 200;

/// A value of a field that holds personal data.
pub(super) fn personal(field: &Field, value: &Value) -> Result<Value, Fault> {
    let (
        Value::Personal(typed),
        FieldType::Text {
            chars_min,
            chars_max,
            form,
            ..
        },
    ) = (value, &field.kind)
    else {
        return said(format!("“{}”是个人信息，请在页面上重新填写。", field.name));
    };
    let text = formed(&field.name, *form, typed.expose())?;
    counted(&field.name, &text, *chars_min, *chars_max)?;
    Ok(Value::Personal(Pii::new(text)))
}

/// A text as it was typed, for what is taken in although it fails its form.
pub(super) fn as_typed(value: Option<&Value>) -> Option<Value> {
    let is_kept = |text: &str| (1..=LINE_CHARS_MAX).contains(&text.chars().count());
    match value? {
        Value::Text(text) => Some(text.trim())
            .filter(|text| is_kept(text))
            .map(|text| Value::Text(text.to_owned())),
        Value::Personal(text) => Some(text.expose().trim())
            .filter(|text| is_kept(text))
            .map(|text| Value::Personal(Pii::new(text.to_owned()))),
        _ => None,
    }
}

/// A value of any other field.
pub(super) fn fitted(
    field: &Field,
    value: Value,
    around: Circumstances<'_>,
) -> Result<Value, Fault> {
    let fitted = fitted_to(&field.name, &field.kind, value, around)?;
    if let (false, Value::List(rows)) = (field.columns.is_empty(), &fitted) {
        in_columns(field, rows)?;
    }
    Ok(fitted)
}

fn in_columns(field: &Field, rows: &[Value]) -> Result<(), Fault> {
    for (row, at) in rows.iter().zip(1..) {
        if let Value::Text(row) = row
            && let Some(wrong) = columns::fault(row, &field.columns)
        {
            return said(format!("“{}”的第 {at} 行{wrong}。", field.name));
        }
    }
    Ok(())
}

fn fitted_to(
    name: &str,
    kind: &FieldType,
    value: Value,
    around: Circumstances<'_>,
) -> Result<Value, Fault> {
    match (kind, value) {
        (FieldType::Text { .. }, Value::Text(text)) => text_of(name, kind, &text, around),
        (FieldType::Integer { min, max, unit }, Value::Integer(number)) => {
            if (*min..=*max).contains(&number) {
                return Ok(Value::Integer(number));
            }
            let unit = format!(" {unit}");
            said(format!(
                "“{name}”要在 {min} 到 {max}{}之间，现在是 {number}。",
                unit.trim_end()
            ))
        }
        (FieldType::Money { min_fen }, Value::Money(amount)) => {
            if amount.0 >= *min_fen {
                return Ok(Value::Money(amount));
            }
            let least = crate::money::Fen(*min_fen);
            said(format!("“{name}”不能少于 {least} 元，现在是 {amount} 元。"))
        }
        (FieldType::Date { is_workday }, Value::Date(day)) => {
            if !is_workday || around.rules.is_workday(day)? {
                return Ok(Value::Date(day));
            }
            said(format!("“{name}”要选工作日，{day} 放假。请换一天。"))
        }
        (FieldType::Choice(choices), Value::Choice(code)) => {
            if choices.iter().any(|(known, _)| *known == code) {
                return Ok(Value::Choice(code));
            }
            said(format!("“{name}”里没有这个选项，请重新选。"))
        }
        (
            FieldType::List {
                of,
                count_min,
                count_max,
            },
            Value::List(items),
        ) => list(name, of, (*count_min, *count_max), items, around),
        (FieldType::Decimal { .. }, value @ Value::Decimal(_))
        | (FieldType::Moment, value @ Value::Moment(_))
        | (FieldType::Boolean, value @ Value::Boolean(_))
        | (FieldType::Record(_), value @ Value::Record(_))
        | (FieldType::Staff, value @ Value::Staff(_)) => Ok(value),
        (kind, _) => said(format!("“{name}”要填{}。请改正后再提交。", noun(kind))),
    }
}

fn list(
    name: &str,
    of: &FieldType,
    (least, most): (u32, u32),
    items: Vec<Value>,
    around: Circumstances<'_>,
) -> Result<Value, Fault> {
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if !(least..=most).contains(&count) {
        let wanted = between(least, most);
        return said(format!("“{name}”要有 {wanted} 项，现在是 {count} 项。"));
    }
    let mut fitted = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let name = format!("{name}（第 {} 项）", index + 1);
        fitted.push(fitted_to(&name, of, item, around)?);
    }
    Ok(Value::List(fitted))
}

fn text_of(
    name: &str,
    kind: &FieldType,
    text: &str,
    around: Circumstances<'_>,
) -> Result<Value, Fault> {
    let FieldType::Text {
        chars_min,
        chars_max,
        is_long,
        form,
        without_words,
    } = kind
    else {
        return said(format!("“{name}”要填{}。", noun(kind)));
    };
    let text = formed(name, *form, text)?;
    counted(name, &text, *chars_min, *chars_max)?;
    let is_control = |c: char| c.is_control() && !(*is_long && matches!(c, '\n' | '\r' | '\t'));
    if text.contains(is_control) {
        return said(format!("“{name}”里有换行或看不见的字符，请删掉。"));
    }
    if let Some(list) = without_words {
        let Some(words) = around.rules.words(list) else {
            return said(format!("“{name}”要查的词表“{list}”没有装载，请告诉运维。"));
        };
        if let Some(word) = words.iter().find(|word| text.contains(word.as_str())) {
            return said(format!("“{name}”里不能写“{word}”，请换个说法。"));
        }
    }
    Ok(Value::Text(text))
}

/// `2 到 40`, or the one number.
fn between(least: u32, most: u32) -> String {
    if least == most {
        return least.to_string();
    }
    format!("{least} 到 {most}")
}

fn counted(name: &str, text: &str, least: u32, most: u32) -> Result<(), Fault> {
    let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let wanted = between(least, most);
    said(format!("“{name}”要写 {wanted} 个字，现在是 {count} 个。"))
}

/// The text in the one way in which its form is kept.
fn formed(name: &str, form: Option<TextForm>, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let (kept, what) = match form {
        None => return Ok(text.to_owned()),
        Some(TextForm::IdNumber) => {
            let number = IdNumber::read(text).map(|number| number.text().expose().clone());
            return number.or_else(|fault| said(format!("“{name}”不对：{fault}")));
        }
        Some(TextForm::CreditCode) => {
            let code = credit_code(text).map(|code| code.text().to_owned());
            return code.or_else(|fault| said(format!("“{name}”不对：{fault}")));
        }
        Some(TextForm::Mobile) => (mobile(text), " 11 位手机号，以 1 开头"),
        Some(TextForm::DailyWindow) => (daily_window(text), "时段，例：08:30-17:30"),
        Some(TextForm::Division) => (division(text), " 6 位行政区划代码"),
    };
    kept.map_or_else(|| said(format!("“{name}”要填{what}。")), Ok)
}

fn mobile(text: &str) -> Option<String> {
    crate::personal::mobile(text).map(|digits| digits.expose().clone())
}

/// Narrowed like an identity number: both are letters and digits with blanks in between.
fn credit_code(text: &str) -> Result<CreditCode, CreditCodeFault> {
    let narrowed = PersonField::IdNumber.lookup_form(text);
    CreditCode::read(narrowed.as_ref().map_or(text, |code| code.expose()))
}

fn daily_window(text: &str) -> Option<String> {
    let (from, to) = text.split_once('-')?;
    let clock = |text: &str| {
        let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
        (text.len() == 5).then_some(time)
    };
    (clock(from)? < clock(to)?).then(|| text.to_owned())
}

fn division(text: &str) -> Option<String> {
    let is_code = text.len() == 6 && text.chars().all(|c| c.is_ascii_digit());
    is_code.then(|| text.to_owned())
}

/// What a type of field holds, as people say it.
fn noun(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text { .. } => "文字",
        FieldType::Integer { .. } => "整数",
        FieldType::Money { .. } => "金额（元）",
        FieldType::Decimal { .. } => "数字",
        FieldType::Date { .. } => "日期",
        FieldType::Moment => "日期和时刻",
        FieldType::Boolean => "“是”或“否”",
        FieldType::Choice(_) => "选项",
        FieldType::Record(_) => "一条已有的记录",
        FieldType::Staff => "一位工作人员",
        FieldType::List { .. } => "几项内容",
    }
}
