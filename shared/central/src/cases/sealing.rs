//! Between the engine's answer and the log: personal values become ciphertext, under the key of
//! the person whom the record concerns, or of the record itself where it concerns nobody.

use domain::case::{CaseEvent, Kind, Record, Value, Values};
use domain::id::{PersonId, RecordId};
use domain::personal::Pii;
use wire::event::{value_owner, value_place};
use wire::sealed::Sealed;

use crate::edge;
use crate::store::{Opened, PersonFault, Reader, StoreError, Write};

/// Seals what is personal in an event's values.
pub(super) fn seal(
    write: &mut Write<'_>,
    kind: &Kind,
    owner: PersonId,
    event: &mut CaseEvent,
) -> Result<Result<(), PersonFault>, StoreError> {
    let Some(values) = event.values_mut() else {
        return Ok(Ok(()));
    };
    let field_of = |id: &str| kind.field(id).and_then(|field| field.personal);
    let mut personal: Vec<_> = values
        .iter_mut()
        .filter(|(_, value)| matches!(value, Value::Personal(_)))
        .filter_map(|(id, value)| Some((field_of(id)?, value)))
        .collect();
    if personal.is_empty() {
        return Ok(Ok(()));
    }
    write.ensure_person_key(owner, edge::fill_random)?;
    let key = match write.reader().vault().key_of(owner)? {
        Ok(key) => key,
        Err(fault) => return Ok(Err(fault)),
    };
    for (field, value) in &mut personal {
        let Value::Personal(plain) = &**value else {
            continue;
        };
        match key.seal(value_place(owner, *field), plain, edge::fill_random) {
            Ok(sealed) => **value = Value::Sealed(sealed.to_string()),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    Ok(Ok(()))
}

/// Whose key a record's values are under.
pub(super) fn owner_of(record: &Record) -> PersonId {
    value_owner(record.person, record.id)
}

/// Whose key a new record's values are under.
pub(super) fn owner_of_new(person: Option<PersonId>, record: RecordId) -> PersonId {
    value_owner(person, record)
}

/// The plain value of a personal field; `None` when it holds none or the person was erased.
pub(crate) fn open(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    field: &str,
) -> Result<Option<Pii<String>>, StoreError> {
    let personal = kind.field(field).and_then(|field| field.personal);
    let (Some(personal), Some(Value::Sealed(sealed))) = (personal, record.values.get(field)) else {
        return Ok(None);
    };
    let sealed: Sealed = sealed
        .parse()
        .map_err(|_| StoreError::Corrupt(format!("a sealed value of record {}", record.id)))?;
    let place = value_place(owner_of(record), personal);
    Ok(match reader.vault().open(place, &sealed)? {
        Opened::Plain(value) => Some(value),
        Opened::Erased => None,
    })
}

/// The plain personal values among some that were typed.
pub(super) fn personal_of(values: &Values) -> impl Iterator<Item = (&String, &Pii<String>)> {
    values.iter().filter_map(|(id, value)| match value {
        Value::Personal(plain) => Some((id, plain)),
        _ => None,
    })
}
