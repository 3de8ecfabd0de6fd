//! What the registers know of the rows of a list: who has the number, who is called so and born then,
//! and which of them the comparison is about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::case::{FieldFault, Record, Value};
use domain::comparison::{BIRTH, ListComparison, NAME, NUMBER, Sighting};
use domain::id::PersonId;
use domain::id_number::{Areas, IdNumber};
use domain::personal::{PersonField, Pii};

use crate::cases::{person_register, same_person};
use crate::sheet::RowDraft;
use crate::store::{Reader, StoreError};

use super::record_of;

/// All rows of a list, with the records of those whom the comparison is about.
pub(super) struct Sight {
    pub(super) rows: Vec<Sighting<String, PersonId>>,
    pub(super) concerned: BTreeMap<PersonId, Vec<Record>>,
}

/// What keeps a row from being compared: a number that is none, or nothing to compare by.
pub(super) fn row_faults(
    rule: &ListComparison,
    row: &RowDraft,
    is_synthetic: bool,
) -> Vec<FieldFault> {
    let fault = |field: &str, text: String| {
        vec![FieldFault {
            field: field.to_owned(),
            text,
        }]
    };
    let Some(number) = personal(row, NUMBER) else {
        let has_both = personal(row, NAME).is_some() && born(row).is_some();
        if has_both && rule.takes_name_and_birth() {
            return Vec::new();
        }
        let text = "没有证件号码，也没有姓名加出生日期，没法比。请补上再传。";
        return fault(NUMBER, text.to_owned());
    };
    match IdNumber::read_in(number.expose(), areas(is_synthetic)) {
        Err(why) => fault(NUMBER, why.to_string()),
        Ok(read) => match read.agrees_with(None, born(row)) {
            Err(why) => fault(BIRTH, why.to_string()),
            Ok(()) => Vec::new(),
        },
    }
}

fn areas(is_synthetic: bool) -> Areas {
    match is_synthetic {
        true => Areas::WithSynthetic,
        false => Areas::Real,
    }
}

/// Looks every row up.
pub(super) fn sights(
    reader: &Reader<'_>,
    rule: &ListComparison,
    rows: &[RowDraft],
) -> Result<Sight, StoreError> {
    let mut sight = Sight {
        rows: Vec::with_capacity(rows.len()),
        concerned: BTreeMap::new(),
    };
    let mut looked_at = BTreeSet::new();
    for row in rows {
        let seen = sighting(reader, row)?;
        for person in seen.with_number.iter().chain(&seen.alike) {
            if looked_at.insert(*person) {
                let records = concerning(reader, rule, *person)?;
                if !records.is_empty() {
                    sight.concerned.insert(*person, records);
                }
            }
        }
        sight.rows.push(seen);
    }
    Ok(sight)
}

fn sighting(reader: &Reader<'_>, row: &RowDraft) -> Result<Sighting<String, PersonId>, StoreError> {
    let (number, name) = (personal(row, NUMBER), personal(row, NAME));
    let form = number.and_then(|number| PersonField::IdNumber.lookup_form(number.expose()));
    let mut seen = Sighting {
        line: row.line,
        number: form.map(|form| form.expose().clone()),
        with_number: BTreeSet::new(),
        otherwise_called: BTreeSet::new(),
        alike: BTreeSet::new(),
    };
    if let Some(number) = number {
        for person in reader.persons_by_number(PersonField::IdNumber, number.expose())? {
            let in_force = same_person::in_force(reader, person)?;
            seen.with_number.insert(in_force);
            if let Some(name) = name
                && !reader.is_called(in_force, name)?
            {
                seen.otherwise_called.insert(in_force);
            }
        }
    }
    if seen.with_number.is_empty()
        && let (Some(name), Some(born)) = (name, born(row).or_else(|| born_by(number)))
    {
        // a resident with another number is another person
        for person in reader.persons_born(born, number.is_none())? {
            if reader.is_called(person, name)? {
                seen.alike.insert(same_person::in_force(reader, person)?);
            }
        }
    }
    Ok(seen)
}

/// The person's records that the comparison is about, also those of registrations that were merged.
fn concerning(
    reader: &Reader<'_>,
    rule: &ListComparison,
    person: PersonId,
) -> Result<Vec<Record>, StoreError> {
    let against = &rule.against;
    if against.kind.as_str() == person_register::KIND {
        let record = reader.record(record_of(person))?;
        let fits = record.filter(|record| against.states.contains(&record.state));
        return Ok(fits.into_iter().collect());
    }
    let mut found = Vec::new();
    for one in same_person::all_of(reader, record_of(person))? {
        found.extend(reader.records_concerning(PersonId(one.0), &against.kind, &against.states)?);
    }
    Ok(found)
}

fn personal<'r>(row: &'r RowDraft, column: &str) -> Option<&'r Pii<String>> {
    match row.values.get(column) {
        Some(Value::Personal(value)) => Some(value),
        _ => None,
    }
}

fn born(row: &RowDraft) -> Option<NaiveDate> {
    match row.values.get(BIRTH) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}

fn born_by(number: Option<&Pii<String>>) -> Option<NaiveDate> {
    let number = IdNumber::read_in(number?.expose(), Areas::WithSynthetic).ok()?;
    Some(*number.born().expose())
}
