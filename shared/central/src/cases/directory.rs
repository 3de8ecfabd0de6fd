//! Names for ids: what stands on pages instead of the ids of staff and of other records.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{Field, Record, Value};
use domain::id::{RecordId, StaffId};

use crate::store::{Reader, StoreError};

use super::same_person;
use super::typed::Names;
use super::value_text;

/// Another record, as it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) case_no: String,
    pub(crate) title: String,
}

/// Names that a page needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    staff: BTreeMap<StaffId, String>,
    records: BTreeMap<RecordId, Called>,
    numbers: BTreeMap<String, RecordId>,
}

impl Directory {
    /// Names of all staff, and of the records that are asked for.
    pub(crate) fn read(
        reader: &Reader<'_>,
        records: impl IntoIterator<Item = RecordId>,
    ) -> Result<Self, StoreError> {
        let mut directory = Self {
            staff: reader.staff_names()?,
            ..Self::default()
        };
        for id in records {
            directory.know(reader, id)?;
        }
        Ok(directory)
    }

    /// Names of the records that a record names, and of the staff that it names.
    pub(crate) fn read_named_by(reader: &Reader<'_>, record: &Record) -> Result<Self, StoreError> {
        let mut directory = Self::default();
        for id in named_by(record) {
            directory.know(reader, id)?;
        }
        if record.values.values().any(names_staff) {
            directory.staff = reader.staff_names()?;
        }
        Ok(directory)
    }

    /// What stands for a value that is an id: the number of a record, the name of a person.
    pub(crate) fn label(&self, value: &Value) -> Option<String> {
        match value {
            Value::Record(record) => self.number_of(*record),
            Value::Staff(staff) => Some(self.staff(Some(*staff))),
            _ => None,
        }
    }

    /// Also knows the records with these numbers or ids, as they were typed, and the registrations of
    /// persons with these numbers on their identity cards.
    pub(crate) fn and_typed<'t>(
        mut self,
        reader: &Reader<'_>,
        typed: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, StoreError> {
        for text in typed {
            let named = match reader.record_by_number(text)? {
                None => only_person(reader, text)?,
                known => known,
            };
            if let Some(id) = named {
                self.know(reader, id)?;
                self.numbers.insert(text.trim().to_uppercase(), id);
            }
        }
        Ok(self)
    }

    fn know(&mut self, reader: &Reader<'_>, id: RecordId) -> Result<(), StoreError> {
        if let Some((case_no, title)) = reader.record_called(id)? {
            self.numbers.insert(case_no.clone(), id);
            self.records.insert(id, Called { case_no, title });
        }
        Ok(())
    }

    /// A person's name; who is not known any more is called so.
    pub(crate) fn staff(&self, staff: Option<StaffId>) -> String {
        match staff {
            None => "系统".to_owned(),
            Some(staff) => self
                .staff
                .get(&staff)
                .cloned()
                .unwrap_or_else(|| "已离开的人".to_owned()),
        }
    }

    /// A value in words, with names for ids, also of several: of records their titles.
    pub(crate) fn words(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Record(record) => {
                let called = self.called(*record);
                called
                    .map(|called| called.title.clone())
                    .unwrap_or_default()
            }
            Value::Staff(staff) => self.staff(Some(*staff)),
            Value::List(values) if values.iter().all(is_id) => {
                let words = values.iter().map(|value| self.words(field, value));
                let words: Vec<_> = words.filter(|words| !words.is_empty()).collect();
                words.join("、")
            }
            value => value_text(field, value),
        }
    }

    /// Everybody, by name.
    pub(crate) fn everybody(&self) -> Vec<(StaffId, String)> {
        let mut everybody: Vec<_> = self
            .staff
            .iter()
            .map(|(staff, name)| (*staff, name.clone()))
            .collect();
        everybody.sort_by(|one, other| one.1.cmp(&other.1));
        everybody
    }

    /// Another record.
    pub(crate) fn called(&self, record: RecordId) -> Option<&Called> {
        self.records.get(&record)
    }
}

impl Names for Directory {
    fn record(&self, text: &str) -> Option<RecordId> {
        self.numbers.get(&text.trim().to_uppercase()).copied()
    }

    fn number_of(&self, record: RecordId) -> Option<String> {
        self.records
            .get(&record)
            .map(|called| called.case_no.clone())
    }
}

/// The one person whose card has this number.
fn only_person(reader: &Reader<'_>, typed: &str) -> Result<Option<RecordId>, StoreError> {
    let mut found = same_person::found(reader, typed)?.into_iter();
    Ok(match (found.next(), found.next()) {
        (Some(one), None) => Some(RecordId(one.0)),
        _ => None,
    })
}

/// Every record that a record names.
pub(crate) fn named_by(record: &Record) -> BTreeSet<RecordId> {
    let mut named: BTreeSet<_> = record.links.iter().map(|link| link.to).collect();
    named.extend(record.employer);
    named.extend(record.person.map(|person| RecordId(person.0)));
    for value in record.values.values() {
        collect(value, &mut named);
    }
    named
}

/// The records that one value names.
#[cfg(test)]
pub(crate) fn named_in(value: &Value) -> BTreeSet<RecordId> {
    let mut named = BTreeSet::new();
    collect(value, &mut named);
    named
}

fn collect(value: &Value, named: &mut BTreeSet<RecordId>) {
    match value {
        Value::Record(record) => drop(named.insert(*record)),
        Value::List(values) => values.iter().for_each(|value| collect(value, named)),
        _ => {}
    }
}

fn is_id(value: &Value) -> bool {
    matches!(value, Value::Record(_) | Value::Staff(_))
}

fn names_staff(value: &Value) -> bool {
    match value {
        Value::Staff(_) => true,
        Value::List(values) => values.iter().any(names_staff),
        _ => false,
    }
}
