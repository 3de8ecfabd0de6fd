//! From what was typed into a form to a draft, and back. A value that cannot be read is told at its
//! field, together with all others. How values are written is `sheet`'s.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{Draft, Field, FieldFault, FieldType, Kind, Value, Values};
use domain::id::RecordId;
use domain::money::Fen;

use crate::sheet::{self, ColumnMap, Reading};

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
    today: NaiveDate,
) -> Result<Draft, Vec<FieldFault>> {
    let (mut draft, mut faults) = (Draft::new(), Vec::new());
    for field in &kind.fields {
        let Some(text) = typed.get(&field.id) else {
            continue;
        };
        match read_field(field, text, names, today) {
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

/// A line of a form is read as a cell of a sheet is: one way to write a day or an amount.
fn read_field(
    field: &Field,
    text: &str,
    names: &dyn Names,
    today: NaiveDate,
) -> Result<Option<Value>, String> {
    let resolve = |_: &Field, text: &str| {
        let staff = text.parse().ok().map(Value::Staff);
        names.record(text).map(Value::Record).or(staff)
    };
    // a form has a line for each; what stands on one line is one, whatever commas it holds
    let lines;
    let text = if is_list_of_texts(field) {
        lines = format!("{text}\n");
        &lines
    } else {
        text
    };
    let columns = ColumnMap::default();
    let reading = Reading {
        today,
        columns: &columns,
        resolve: &resolve,
    };
    sheet::typed(field, text, &reading)
}

fn is_list_of_texts(field: &Field) -> bool {
    match &field.kind {
        FieldType::List { of, .. } => matches!(**of, FieldType::Text { .. }),
        _ => false,
    }
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
