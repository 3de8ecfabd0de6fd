//! Values in words: for titles, lists, record pages and exports. Personal values never come out
//! of here; what may be shown of them is `masking`'s.

use domain::case::{Field, FieldType, Kind, Record, Value};

/// A record's title: its kind's title fields, in order; the kind's name when they hold nothing.
pub(crate) fn title_of(kind: &Kind, record: &Record) -> String {
    let fields = kind.title.iter().filter_map(|id| kind.field(id));
    let parts: Vec<_> = fields
        .filter_map(|field| Some(value_text(field, record.values.get(&field.id)?)))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        kind.name.clone()
    } else {
        parts.join(" · ")
    }
}

/// A value in words. Ids of records and staff are left to who can look them up: they give nothing.
pub(crate) fn value_text(field: &Field, value: &Value) -> String {
    typed_text(&field.kind, value)
}

fn typed_text(kind: &FieldType, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Text(text)) => text.clone(),
        (FieldType::Integer { unit, .. }, Value::Integer(number)) => with_unit(number, unit),
        (_, Value::Integer(number)) => number.to_string(),
        (_, Value::Money(fen)) => format!("{fen} 元"),
        (FieldType::Decimal { unit }, Value::Decimal(number)) => with_unit(number, unit),
        (_, Value::Decimal(number)) => number.to_string(),
        (_, Value::Date(day)) => day.format("%Y年%-m月%-d日").to_string(),
        (_, Value::Moment(at)) => at.hall_time().format("%Y年%-m月%-d日 %H:%M").to_string(),
        (_, Value::Boolean(is_so)) => (if *is_so { "是" } else { "否" }).to_owned(),
        (FieldType::Choice(choices), Value::Choice(code)) => choice_name(choices, code),
        (_, Value::Choice(code)) => code.clone(),
        (FieldType::List { of, .. }, Value::List(values)) => {
            let parts: Vec<_> = values.iter().map(|value| typed_text(of, value)).collect();
            parts.join("、")
        }
        _ => String::new(),
    }
}

fn with_unit(number: &impl ToString, unit: &str) -> String {
    let number = number.to_string();
    if unit.is_empty() {
        number
    } else {
        format!("{number} {unit}")
    }
}

/// A code that the list does not know any more is shown as it is.
fn choice_name(choices: &[(String, String)], code: &str) -> String {
    let known = choices.iter().find(|(known, _)| known == code);
    known.map_or_else(|| code.to_owned(), |(_, name)| name.clone())
}
