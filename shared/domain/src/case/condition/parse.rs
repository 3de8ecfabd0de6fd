//! Reading conditions and literals, with what is wrong in Chinese for who writes the file.

use chrono::NaiveDate;

use crate::money::Fen;

use super::{Comparison, Condition, Operand};
use crate::case::{Decimal, Field, FieldType, Value};

/// Longest first, so that `<=` is not read as `<`.
pub(in crate::case) const SIGNS: [(&str, Comparison); 6] = [
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("!=", Comparison::NotEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// What can be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Text,
    Choice,
    Boolean,
    Number,
    Money,
    Day,
    Record,
    Staff,
}

impl Condition {
    /// Reads a condition on the fields of a kind.
    ///
    /// # Errors
    /// A Chinese sentence: what is wrong.
    pub fn parse(text: &str, fields: &[Field]) -> Result<Self, String> {
        let text = text.trim();
        let (name, comparison, right) = split(text).ok_or_else(|| {
            format!("条件“{text}”看不懂：要写成“字段 比较 值”，如 filled < headcount。")
        })?;
        let field = find(fields, name)?;
        let right = if right.is_empty() {
            Operand::Nothing
        } else {
            operand(field, comparison, right, fields)?
        };
        Ok(Self {
            field: name.to_owned(),
            comparison,
            right,
        })
    }
}

fn split(text: &str) -> Option<(&str, Comparison, &str)> {
    for (word, comparison) in [
        (" is filled", Comparison::IsFilled),
        (" is empty", Comparison::IsEmpty),
    ] {
        if let Some(name) = text.strip_suffix(word) {
            return Some((name.trim(), comparison, ""));
        }
    }
    // the first sign counts: a literal on the right may hold others
    let at = text.find(['<', '>', '!', '='])?;
    let (name, rest) = text.split_at(at);
    let (sign, comparison) = SIGNS.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
    let right = rest[sign.len()..].trim();
    (!name.trim().is_empty() && !right.is_empty()).then_some((name.trim(), comparison, right))
}

fn operand(
    left: &Field,
    comparison: Comparison,
    text: &str,
    fields: &[Field],
) -> Result<Operand, String> {
    let measure = measure(left).ok_or_else(|| {
        let id = &left.id;
        format!("“{id}”是列表或个人信息，只能写 is filled 或 is empty。")
    })?;
    let is_unordered = !matches!(measure, Measure::Number | Measure::Money | Measure::Day);
    if comparison.is_ordered() && is_unordered {
        return Err(format!("“{}”没有大小之分，只能写 = 或 !=。", left.id));
    }
    let operand = read_operand(left, text, fields)?;
    if is_alike(measure, &operand, fields) {
        Ok(operand)
    } else {
        Err(format!("“{}”和“{text}”不是同一类的值，不能比较。", left.id))
    }
}

fn read_operand(left: &Field, text: &str, fields: &[Field]) -> Result<Operand, String> {
    if text == "today" {
        return Ok(Operand::Today);
    }
    if let Some(rest) = text.strip_prefix("today") {
        return today_and(rest).ok_or_else(|| {
            format!("“{text}”看不懂：要写成 today + 参数键，数工作日的后面加 workdays。")
        });
    }
    if let Some(key) = text.strip_prefix("parameter:") {
        let key = Some(key).filter(|key| is_key(key));
        let key = key.ok_or_else(|| format!("“{text}”看不懂：要写成 parameter:参数键。"))?;
        return Ok(Operand::Parameter(key.to_owned()));
    }
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase());
    if is_name && text != "true" && text != "false" {
        return find(fields, text).map(|field| Operand::Field(field.id.clone()));
    }
    let is_text = !matches!(
        left.kind,
        FieldType::Integer { .. } | FieldType::Money { .. } | FieldType::Decimal { .. }
    ) && left.kind != FieldType::Boolean;
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    match bare {
        Some(bare) if is_text => literal(&left.kind, bare),
        None if !is_text => literal(&left.kind, text),
        _ => Err(format!("“{text}”不是“{}”这类字段的值。", left.id)),
    }
    .map(Operand::Value)
}

/// ` + vacancy.valid_days`, ` + publicity.days workdays`.
fn today_and(rest: &str) -> Option<Operand> {
    let key = rest.trim().strip_prefix('+')?.trim();
    let (key, counts_workdays) = match key.strip_suffix(" workdays") {
        Some(key) => (key.trim(), true),
        None => (key, false),
    };
    is_key(key).then(|| match counts_workdays {
        true => Operand::TodayAndWorkdays(key.to_owned()),
        false => Operand::TodayAnd(key.to_owned()),
    })
}

/// Whether a text could be the key of a dated parameter.
pub(in crate::case) fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.')
}

fn find<'f>(fields: &'f [Field], id: &str) -> Result<&'f Field, String> {
    let field = fields.iter().find(|field| field.id == id);
    field.ok_or_else(|| format!("没有字段“{id}”。"))
}

fn is_alike(left: Measure, right: &Operand, fields: &[Field]) -> bool {
    match right {
        Operand::Field(id) => {
            let field = fields.iter().find(|field| &field.id == id);
            field.and_then(measure) == Some(left)
        }
        Operand::Today | Operand::TodayAnd(_) | Operand::TodayAndWorkdays(_) => {
            left == Measure::Day
        }
        Operand::Parameter(_) => matches!(left, Measure::Number | Measure::Money),
        Operand::Value(_) | Operand::Nothing => true,
    }
}

fn measure(field: &Field) -> Option<Measure> {
    if field.personal.is_some() {
        return None;
    }
    Some(match &field.kind {
        FieldType::Text { .. } => Measure::Text,
        FieldType::Integer { .. } | FieldType::Decimal { .. } => Measure::Number,
        FieldType::Money { .. } => Measure::Money,
        FieldType::Date { .. } | FieldType::Moment => Measure::Day,
        FieldType::Boolean => Measure::Boolean,
        FieldType::Choice(_) => Measure::Choice,
        FieldType::Record(_) => Measure::Record,
        FieldType::Staff => Measure::Staff,
        FieldType::List { .. } => return None,
    })
}

/// The value of a literal in a file: money in yuan, days as `2026-11-23`.
pub(in crate::case) fn literal(kind: &FieldType, text: &str) -> Result<Value, String> {
    let value = match kind {
        FieldType::Text { .. } => (!text.is_empty()).then(|| Value::Text(text.to_owned())),
        FieldType::Integer { .. } => text.parse().ok().map(Value::Integer),
        FieldType::Money { .. } => yuan(text).map(Value::Money),
        FieldType::Decimal { .. } => Decimal::read(text).ok().map(Value::Decimal),
        FieldType::Date { .. } => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .map(Value::Date),
        FieldType::Boolean => text.parse().ok().map(Value::Boolean),
        FieldType::Choice(choices) => {
            let is_known = choices.iter().any(|(code, _)| code == text);
            is_known.then(|| Value::Choice(text.to_owned()))
        }
        FieldType::Moment | FieldType::Record(_) | FieldType::Staff | FieldType::List { .. } => {
            None
        }
    };
    value.ok_or_else(|| format!("“{text}”不能作这个字段的值：类型不合，或不在选项里。"))
}

/// Yuan with at most two places, exactly, as fen.
pub(in crate::case) fn yuan(text: &str) -> Option<Fen> {
    let (numerator, denominator) = Decimal::read(text).ok()?.fraction();
    let hundredfold = numerator.checked_mul(100)?;
    (hundredfold % denominator == 0).then_some(())?;
    i64::try_from(hundredfold / denominator).ok().map(Fen)
}
