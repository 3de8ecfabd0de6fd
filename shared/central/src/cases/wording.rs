//! Values in words: for titles, lists, record pages and exports. Personal values never come out
//! of here; what may be shown of them is `masking`'s.

use domain::case::{Field, FieldType, Kind, Record, TITLE_EMPLOYER, TITLE_KIND, Value};
use domain::id::{PersonId, RecordId};
use domain::personal::PersonField;

use crate::store::{PersonRecord, Reader, StoreError};

use super::{masked, same_person};

/// Between the parts of a title.
const TITLE_BETWEEN: &str = " · ";

/// A record's title as it is kept: its kind's title parts, in order, with what other records are
/// called; the kind's name when they hold nothing. Names of persons and of staff are in none: they
/// come in front of it where it is shown ([`shown_title`]).
pub(crate) fn title_of(
    kind: &Kind,
    record: &Record,
    called: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    let part = |id: &String| match kind.field(id) {
        Some(field) => Some(with_names(field, record.values.get(id)?, called)),
        None if id == TITLE_EMPLOYER => called(record.employer?),
        None => (id == TITLE_KIND).then(|| kind.name.clone()),
    };
    let parts: Vec<_> = kind.title.iter().filter_map(part).collect();
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        kind.name.clone()
    } else {
        parts.join(TITLE_BETWEEN)
    }
}

fn with_names(field: &Field, value: &Value, called: &dyn Fn(RecordId) -> Option<String>) -> String {
    match value {
        Value::Record(record) => called(*record).unwrap_or_default(),
        Value::List(values) if values.iter().all(|one| matches!(one, Value::Record(_))) => {
            let names = values.iter().map(|one| with_names(field, one, called));
            let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
            names.join("、")
        }
        value => value_text(field, value),
    }
}

/// A kept title with whom the record is about in front: the masked name of the person whom it
/// concerns, or the members of staff whom its title names.
pub(crate) fn shown_title(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    title: &str,
) -> Result<String, StoreError> {
    let names = match person_of(kind, record) {
        Some(person) => masked_name(reader, person)?,
        None => staff_named(reader, kind, record)?,
    };
    Ok(match names.is_empty() {
        true => title.to_owned(),
        false => format!("{names}{TITLE_BETWEEN}{title}"),
    })
}

/// Whom a record concerns; an entry of the register of persons concerns its own.
fn person_of(kind: &Kind, record: &Record) -> Option<PersonId> {
    let is_entry = kind.id.as_str() == same_person::KIND;
    record
        .person
        .or_else(|| is_entry.then_some(PersonId(record.id.0)))
}

fn masked_name(reader: &Reader<'_>, person: PersonId) -> Result<String, StoreError> {
    let person = same_person::in_force(reader, person)?;
    Ok(match reader.person(person)? {
        Some(PersonRecord::Known(fields)) => {
            let name = fields.get(&PersonField::Name);
            name.map_or_else(String::new, |name| masked(PersonField::Name, name))
        }
        _ => String::new(),
    })
}

fn staff_named(reader: &Reader<'_>, kind: &Kind, record: &Record) -> Result<String, StoreError> {
    let mut names = Vec::new();
    for id in &kind.title {
        if let Some(Value::Staff(staff)) = record.values.get(id) {
            names.extend(reader.staff_name(*staff)?);
        }
    }
    Ok(names.join("、"))
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
