//! Persons as known. Ciphertext stands in the events and in `person_fields`; plain names only in
//! `person_search`; numbers only as keyed hashes in `person_lookup`. A rebuild copies ciphertext
//! and opens it for those two tables; of an erased person it opens nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{Record, Value};
use domain::id::PersonId;
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use wire::event::{PersonErased, PersonRecorded};
use wire::sealed::FieldPlace;

use crate::cases::same_person;
use crate::vault::{KeyError, KeyRing, spelling, spellings};

use super::cases::Change;
use super::person_vault::{Opened, PersonFault, PersonVault};
use super::projection::{Stored, execute};
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError};

/// Most persons that one search gives.
const FOUND_MAX: u32 = 50;

/// A person as known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonRecord {
    /// The plain fields.
    Known(BTreeMap<PersonField, Pii<String>>),
    /// The person was erased (已删除).
    Erased {
        /// When.
        at: UtcMs,
    },
}

impl Reader<'_> {
    /// A person's fields; `None` for an id that nobody has.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn person(&self, person: PersonId) -> Result<Option<PersonRecord>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT erased_at FROM persons WHERE person = ?1")?;
        let erased: Option<Option<i64>> = query
            .query_row([person.to_string()], |row| row.get(0))
            .optional()?;
        Ok(match erased {
            None => None,
            Some(Some(at)) => Some(PersonRecord::Erased { at: UtcMs(at) }),
            Some(None) => Some(PersonRecord::Known(self.fields(person)?)),
        })
    }

    fn fields(&self, person: PersonId) -> Result<BTreeMap<PersonField, Pii<String>>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT field, kind, sealed
             FROM person_fields
             WHERE person = ?1",
        )?;
        let mut rows = query.query([person.to_string()])?;
        let mut fields = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (word, kind, sealed): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let field = PersonField::of_word(&word)
                .ok_or_else(|| corrupt(format!("no personal field {word:?}")))?;
            let place = FieldPlace {
                person,
                field,
                kind: &kind,
            };
            let sealed = sealed.parse().map_err(corrupt)?;
            if let Opened::Plain(value) = self.vault().open(place, &sealed)? {
                fields.insert(field, value);
            }
        }
        Ok(fields)
    }

    /// Who has this number, however it is typed. Several, when a number was recorded twice; nobody
    /// while the store has no keys, because then it has no persons either.
    ///
    /// # Errors
    /// [`StoreError::Keys`] when its keys cannot be opened, or a fault of storage.
    pub fn persons_by_number(
        &self,
        field: PersonField,
        number: &str,
    ) -> Result<Vec<PersonId>, StoreError> {
        let Some(form) = field.lookup_form(number) else {
            return Ok(Vec::new());
        };
        let hash = match self.vault().lookup_hash(field, &form) {
            Err(StoreError::Keys(KeyError::NoKeys)) => return Ok(Vec::new()),
            hash => hash?,
        };
        let mut query = self.sql.prepare_cached(
            "SELECT person
             FROM person_lookup
             WHERE field = ?1
               AND hash = ?2
             ORDER BY person",
        )?;
        let found = query.query_map((field.word(), hash.0), |row| row.get::<_, String>(0))?;
        found.map(|person| read_id(&person?)).collect()
    }

    /// Whose name begins with `text`, in hanzi, in letters or in initials; at most 50.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn persons_by_name(&self, text: &str) -> Result<Vec<(PersonId, Pii<String>)>, StoreError> {
        let typed = text.trim().to_lowercase();
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        // letters are searched for as they are; hanzi by their letters, of which more names have some
        let hanzi = if typed.is_ascii() { "" } else { &typed };
        let mut query = self.sql.prepare_cached(
            "SELECT DISTINCT person, name
             FROM person_search
             WHERE spelling >= ?1
               AND spelling < ?1 || ?2
               AND instr(lower(name), ?3) = 1
             ORDER BY name, person
             LIMIT ?4",
        )?;
        let asked = (spelling(&typed), char::MAX.to_string(), hanzi, FOUND_MAX);
        let found = query.query_map(asked, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        found
            .map(|row| row.map_err(StoreError::from))
            .map(|row| row.and_then(|(person, name)| Ok((read_id(&person)?, Pii::new(name)))))
            .collect()
    }
}

impl Reader<'_> {
    /// Registrations of persons born on a day; those with a resident's number only if they are
    /// wanted.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn persons_born(
        &self,
        born: NaiveDate,
        with_residents: bool,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT person
             FROM person_births
             WHERE born = ?1
               AND is_resident <= ?2",
        )?;
        let asked = (born.to_string(), with_residents);
        let found = query.query_map(asked, |row| row.get::<_, String>(0))?;
        found.map(|person| read_id(&person?)).collect()
    }

    /// Whether somebody who is registered has this name.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn is_name_of_somebody(&self, name: &str) -> Result<bool, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT EXISTS (
                 SELECT 1
                 FROM person_search
                 WHERE spelling = ?1
                   AND name = ?2
             )",
        )?;
        Ok(query.query_row((spelling(name), name), |row| row.get(0))?)
    }

    /// Whether this is the person's name.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn is_called(
        &self,
        person: PersonId,
        name: &Pii<String>,
    ) -> Result<bool, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT EXISTS (
                 SELECT 1
                 FROM person_search
                 WHERE spelling = ?1
                   AND person = ?2
                   AND name = ?3
             )",
        )?;
        let asked = (spelling(name.expose()), person.to_string(), name.expose());
        Ok(query.query_row(asked, |row| row.get(0))?)
    }
}

/// Notes when somebody who is registered was born.
pub(super) fn note_birth(sql: &Connection, change: &Change) -> Result<(), StoreError> {
    if change.after.kind.as_str() != same_person::KIND {
        return Ok(());
    }
    let (before, after) = (change.before.as_ref().and_then(birth), birth(&change.after));
    if before == after {
        return Ok(());
    }
    let person = change.after.id.to_string();
    if let Some((born, is_resident)) = before {
        let statement = "DELETE FROM person_births
                         WHERE born = ?1
                           AND is_resident = ?2
                           AND person = ?3";
        execute(sql, statement, (born, is_resident, &person))?;
    }
    if let Some((born, is_resident)) = after {
        let statement = "INSERT INTO person_births (born, is_resident, person) VALUES (?1, ?2, ?3)";
        execute(sql, statement, (born, is_resident, &person))?;
    }
    Ok(())
}

fn birth(record: &Record) -> Option<(String, bool)> {
    let Some(Value::Date(born)) = record.values.get("birth_date") else {
        return None;
    };
    let id_type = record.values.get("id_type");
    let is_resident = matches!(id_type, Some(Value::Choice(code)) if code == "resident");
    Some((born.to_string(), is_resident))
}

/// What became known of a person. Of one whose key is gone (a rebuild), nothing becomes known.
pub(super) fn recorded(
    sql: &Connection,
    keys: &KeyRing,
    recorded: &PersonRecorded,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let id = recorded.person.to_string();
    let statement = "INSERT INTO persons (person, recorded_at)
                     VALUES (?1, ?2)
                     ON CONFLICT (person) DO NOTHING";
    execute(sql, statement, (&id, stored.envelope.at.0))?;
    let vault = PersonVault::of(sql, keys);
    let key = match vault.key_of(recorded.person)? {
        Ok(key) => key,
        Err(PersonFault::Erased(_)) => return Ok(()),
        Err(fault) => return Err(corrupt(fault)),
    };
    for (field, sealed) in &recorded.fields {
        let place = PersonRecorded::place(recorded.person, *field);
        let value = key.open(place, sealed)?;
        let statement = "INSERT INTO person_fields (person, field, kind, sealed)
                         VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (person, field) DO UPDATE
                         SET kind = excluded.kind,
                             sealed = excluded.sealed";
        execute(
            sql,
            statement,
            (&id, field.word(), place.kind, sealed.to_string()),
        )?;
        match field {
            PersonField::Name => put_name(sql, &id, &value)?,
            _ => put_number(&vault, &id, *field, &value)?,
        }
    }
    Ok(())
}

fn put_name(sql: &Connection, id: &str, name: &Pii<String>) -> Result<(), StoreError> {
    execute(sql, "DELETE FROM person_search WHERE person = ?1", [id])?;
    for spelling in spellings(name.expose()) {
        let statement = "INSERT INTO person_search (spelling, person, name) VALUES (?1, ?2, ?3)";
        execute(sql, statement, (spelling, id, name.expose()))?;
    }
    Ok(())
}

fn put_number(
    vault: &PersonVault<'_>,
    id: &str,
    field: PersonField,
    value: &Pii<String>,
) -> Result<(), StoreError> {
    let Some(form) = field.lookup_form(value.expose()) else {
        let statement = "DELETE FROM person_lookup WHERE person = ?1 AND field = ?2";
        return execute(vault.sql, statement, (id, field.word()));
    };
    let hash = vault.lookup_hash(field, &form)?;
    let statement = "INSERT INTO person_lookup (field, hash, person)
                     VALUES (?1, ?2, ?3)
                     ON CONFLICT (person, field) DO UPDATE
                     SET hash = excluded.hash";
    execute(vault.sql, statement, (field.word(), hash.0, id))
}

/// Everything but the id and the two dates goes.
pub(super) fn erased(
    sql: &Connection,
    erased: &PersonErased,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let id = erased.person.to_string();
    let statement = "UPDATE persons
                     SET erased_at = ?2
                     WHERE person = ?1
                       AND erased_at IS NULL";
    execute(sql, statement, (&id, stored.envelope.at.0))?;
    execute(sql, "DELETE FROM person_fields WHERE person = ?1", [&id])?;
    execute(sql, "DELETE FROM person_search WHERE person = ?1", [&id])?;
    execute(sql, "DELETE FROM person_lookup WHERE person = ?1", [&id])
}
