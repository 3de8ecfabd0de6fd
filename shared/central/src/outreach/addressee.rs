//! Whom a record concerns, and at which number they are told: the number that stands in the record
//! itself, else the person's, the employer's, or that of the record that it names. Found anew each
//! time, so that a number that was corrected is called, and of who was erased there is none.

use domain::case::{FieldType, Kind, Record, Value};
use domain::id::{PersonId, RecordId};
use domain::personal::{PersonField, Pii};

use crate::cases::{masked, plain_value, same_person};
use crate::store::{PersonRecord, Reader, StoreError};

/// Somebody who is to be told something.
#[derive(Debug, Clone, Default)]
pub(crate) struct Addressee {
    pub(crate) name: Option<Pii<String>>,
    pub(crate) phone: Option<Pii<String>>,
}

impl Addressee {
    /// As it may be shown to anybody who may see the record; empty when it is not known.
    pub(crate) fn masked_name(&self) -> String {
        let name = self.name.as_ref();
        name.map_or_else(String::new, |name| masked(PersonField::Name, name))
    }

    /// As it may be shown to anybody who may see the record; empty when it is not known.
    pub(crate) fn masked_phone(&self) -> String {
        let phone = self.phone.as_ref();
        phone.map_or_else(String::new, |phone| masked(PersonField::Phone, phone))
    }

    fn or(self, other: impl FnOnce() -> Result<Self, StoreError>) -> Result<Self, StoreError> {
        if self.name.is_some() && self.phone.is_some() {
            return Ok(self);
        }
        let other = other()?;
        Ok(Self {
            name: self.name.or(other.name),
            phone: self.phone.or(other.phone),
        })
    }
}

/// Whom a record concerns.
pub(crate) fn addressee(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Addressee, StoreError> {
    direct(reader, kind, record)?.or(|| named(reader, kind, record))
}

/// What the record and its own heads say.
fn direct(reader: &Reader<'_>, kind: &Kind, record: &Record) -> Result<Addressee, StoreError> {
    let mut found = Addressee {
        name: own(reader, kind, record, PersonField::Name)?,
        phone: own(reader, kind, record, PersonField::Phone)?,
    };
    if let Some(person) = record.person {
        found = found.or(|| of_person(reader, person))?;
    }
    if let Some(employer) = record.employer {
        found = found.or(|| of_record(reader, employer))?;
    }
    Ok(found)
}

fn own(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    wanted: PersonField,
) -> Result<Option<Pii<String>>, StoreError> {
    let fields = kind.fields.iter();
    for field in fields.filter(|field| field.personal == Some(wanted)) {
        if let Some(value) = plain_value(reader, kind, record, &field.id)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn of_person(reader: &Reader<'_>, person: PersonId) -> Result<Addressee, StoreError> {
    let person = same_person::in_force(reader, person)?;
    Ok(match reader.person(person)? {
        Some(PersonRecord::Known(mut fields)) => Addressee {
            name: fields.remove(&PersonField::Name),
            phone: fields.remove(&PersonField::Phone),
        },
        Some(PersonRecord::Erased { .. }) | None => Addressee::default(),
    })
}

fn of_record(reader: &Reader<'_>, record: RecordId) -> Result<Addressee, StoreError> {
    let Some(record) = reader.record(record)? else {
        return Ok(Addressee::default());
    };
    if record.kind.as_str() == same_person::KIND {
        return of_person(reader, PersonId(record.id.0));
    }
    let kind = reader.kind(&record.kind_hash)?;
    direct(reader, &kind, &record)
}

/// What the records say that this one names: a collection names its loan, an interview its referral.
fn named(reader: &Reader<'_>, kind: &Kind, record: &Record) -> Result<Addressee, StoreError> {
    let mut found = Addressee::default();
    let fields = kind.fields.iter();
    for field in fields.filter(|field| matches!(field.kind, FieldType::Record(_))) {
        if let Some(Value::Record(named)) = record.values.get(&field.id) {
            found = found.or(|| of_record(reader, *named))?;
        }
    }
    Ok(found)
}
