//! One person once. A record of the register of persons is the person: its id is the person's, its
//! personal values also go to the vault, by which persons are found by name and number.

use std::collections::BTreeMap;

use domain::case::{CaseRefusal, CaseRefusalCode, Kind, Values};
use domain::id::PersonId;
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;

use crate::edge;
use crate::store::{StoreError, Write};

use super::refused;
use super::sealing::personal_of;

/// The id of the register's kind.
pub(super) const KIND: &str = "person";

/// Sees to it that nobody else has the number, and makes the person known.
pub(super) fn take_in(
    write: &mut Write<'_>,
    kind: &Kind,
    person: PersonId,
    values: &Values,
    now: UtcMs,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    let fields = personal_fields(kind, values);
    if fields.is_empty() {
        return Ok(Ok(()));
    }
    if let Some(number) = fields.get(&PersonField::IdNumber)
        && has_number(write, person, number)?
    {
        let sentence = "这个证件号码已经登记过。请查出那个人，不要重复登记。";
        return Ok(Err(refused(CaseRefusalCode::Values, sentence)));
    }
    match write.record_person(person, &fields, now, edge::fill_random)? {
        Ok(_) => Ok(Ok(())),
        Err(fault) => Err(StoreError::Corrupt(fault.to_string())),
    }
}

fn personal_fields(kind: &Kind, values: &Values) -> BTreeMap<PersonField, Pii<String>> {
    let plain = personal_of(values).filter_map(|(id, value)| {
        let field = kind.field(id)?.personal?;
        Some((field, value.clone()))
    });
    plain.collect()
}

/// Whether somebody else has the number.
fn has_number(
    write: &mut Write<'_>,
    person: PersonId,
    number: &Pii<String>,
) -> Result<bool, StoreError> {
    write.establish_keys(edge::fill_random)?;
    let known = write
        .reader()
        .persons_by_number(PersonField::IdNumber, number.expose())?;
    Ok(known.iter().any(|known| *known != person))
}
