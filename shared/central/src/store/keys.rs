//! The wrapped keys: one of every person, and those of the whole store. They are operational
//! state: backed up, never rebuilt, and worth nothing without the master key.

use std::collections::BTreeSet;

use domain::id::PersonId;
use domain::time::UtcMs;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use wire::event::{ErasureReason, PersonErased};
use wire::sealed::{Binding, CentreBoxKey, CentreBoxPublic, KeyId, Nonce, SealKey, Sealed};

use crate::edge::Entropy;
use crate::vault::{ErasedList, KeyError, KeyRing};

use super::live::Memory;
use super::projection::execute;
use super::scrub::empty_write_ahead_file;
use super::visits::{corrupt, read_id};
use super::{Reader, Store, StoreError, Write, connect};

/// The key of the keyed hashes by which numbers are looked up. A rotation leaves it, and so the
/// hashes, as they are.
const LOOKUP: &str = "lookup";
/// The secret half of the centre's key for sealed texts.
const BOX: &str = "box";

/// What stands about the keys of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The master key that all keys are under; `None` before the first one.
    pub master: Option<KeyId>,
    /// Persons who can be read.
    pub persons: u64,
    /// Persons whose key was destroyed.
    pub erased: u64,
}

/// Whether what was erased has left the files of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purged {
    /// Not one byte of it is there.
    Now,
    /// A reader was in the way: it is overwritten when the store is opened the next time.
    AtNextOpening,
}

impl Write<'_> {
    /// Sees to it that the store has its keys: makes the master key, the key of look-ups and the
    /// centre's key for sealed texts, unless they are there. Returns the latter's public half.
    ///
    /// # Errors
    /// [`StoreError::Keys`], or a fault of storage.
    pub fn establish_keys(&mut self, entropy: Entropy) -> Result<CentreBoxPublic, StoreError> {
        if let Some(public) = self.reader().centre_box_public()? {
            return Ok(public);
        }
        let master = self.keys.found(entropy)?;
        let key_of_box = new_key(entropy);
        let public = CentreBoxKey::of(&key_of_box).public();
        for (name, key, public) in [
            (LOOKUP, new_key(entropy), None),
            (BOX, key_of_box, Some(public.0)),
        ] {
            let binding = Binding::StoreKey { name };
            let wrapped = self.keys.wrap(master, &key, &binding, nonce(entropy))?;
            let statement = "INSERT INTO wrapped_keys (name, wrapped, public) VALUES (?1, ?2, ?3)";
            execute(self.sql, statement, (name, wrapped.to_string(), public))?;
        }
        Ok(public)
    }

    /// A key for a person, unless there is one or it was destroyed.
    ///
    /// # Errors
    /// [`StoreError::Keys`], or a fault of storage.
    pub(crate) fn ensure_person_key(
        &mut self,
        person: PersonId,
        entropy: Entropy,
    ) -> Result<(), StoreError> {
        if matches!(person_key(self.sql, self.keys, person)?, HeldKey::Unknown) {
            self.new_person(person, entropy)?;
        }
        Ok(())
    }

    /// A key for a new person.
    ///
    /// # Errors
    /// [`StoreError::Keys`]; a fault of storage, also when the person has one.
    pub fn new_person(&mut self, person: PersonId, entropy: Entropy) -> Result<(), StoreError> {
        self.establish_keys(entropy)?;
        let master = master(self.sql)?.ok_or(KeyError::NoKeys)?;
        let binding = Binding::PersonKey { person };
        let wrapped = self
            .keys
            .wrap(master, &new_key(entropy), &binding, nonce(entropy))?;
        let statement = "INSERT INTO person_keys (person, wrapped) VALUES (?1, ?2)";
        execute(
            self.sql,
            statement,
            (person.to_string(), wrapped.to_string()),
        )
    }
}

impl Reader<'_> {
    /// What devices seal texts to. `None` before the store has keys.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn centre_box_public(&self) -> Result<Option<CentreBoxPublic>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT public FROM wrapped_keys WHERE name = ?1")?;
        let public = query.query_row([BOX], |row| row.get(0)).optional()?;
        Ok(public.map(CentreBoxPublic))
    }

    /// What opens texts that devices sealed.
    ///
    /// # Errors
    /// [`StoreError::Keys`], or a fault of storage.
    pub fn centre_box_key(&self) -> Result<CentreBoxKey, StoreError> {
        Ok(CentreBoxKey::of(&store_key(self.sql, self.keys, BOX)?))
    }

    /// Which master key is in use, and how many persons have keys.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn key_status(&self) -> Result<KeyStatus, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT count(wrapped), count(erased_at)
             FROM person_keys",
        )?;
        let (persons, erased) =
            query.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        Ok(KeyStatus {
            master: master(self.sql)?,
            persons: persons.cast_unsigned(),
            erased: erased.cast_unsigned(),
        })
    }
}

impl Store {
    /// The master keys that this process holds.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    /// Notes erasures beside the master key and empties the write-ahead file.
    pub(super) fn settle_erased(&self, persons: &BTreeSet<PersonId>) -> Result<Purged, StoreError> {
        let list = ErasedList::at(self.keys().custody().erased_file());
        let _changing = self.keys().changing();
        list.add(persons)?;
        self.purge()
    }

    pub(super) fn purge(&self) -> Result<Purged, StoreError> {
        let sql = connect(&self.inner.path, OpenFlags::default(), self.inner.vfs)?;
        empty_write_ahead_file(&sql)
    }
}

/// Erases again who was erased after the restored backup had been made, and notes whom the list
/// lacks.
pub(super) fn settle_erasures(
    sql: &Connection,
    keys: &KeyRing,
    now: UtcMs,
    memory: impl FnOnce() -> Result<Memory, StoreError>,
) -> Result<(), StoreError> {
    let list = ErasedList::at(keys.custody().erased_file());
    let listed = list.read()?;
    let mut again = Vec::new();
    for person in &listed {
        if has_key(sql, *person)? {
            again.push(*person);
        }
    }
    if !again.is_empty() {
        tracing::warn!(
            persons = again.len(),
            "a restored store is erased from again"
        );
        erase_again(sql, keys, memory()?, &again, now)?;
        empty_write_ahead_file(sql)?;
    }
    if keys.custody().is_read_only() {
        return Ok(());
    }
    Ok(list.add(&erased(sql)?)?)
}

/// One transaction; dropping the connection after an error undoes it.
fn erase_again(
    sql: &Connection,
    keys: &KeyRing,
    mut memory: Memory,
    persons: &[PersonId],
    now: UtcMs,
) -> Result<(), StoreError> {
    let transaction = sql.unchecked_transaction()?;
    let mut write = Write {
        sql: &transaction,
        memory: &mut memory,
        keys,
    };
    let erased = persons.iter().map(|person| PersonErased {
        person: *person,
        by: None,
        reason: ErasureReason::RestoredBackup,
    });
    write
        .erase_persons(&erased.collect::<Vec<_>>(), now)?
        .map_err(corrupt)?;
    Ok(transaction.commit()?)
}

/// The master key that the store's keys are under.
pub(super) fn master(sql: &Connection) -> Result<Option<KeyId>, StoreError> {
    let mut query = sql.prepare_cached("SELECT wrapped FROM wrapped_keys WHERE name = ?1")?;
    let wrapped: Option<String> = query.query_row([LOOKUP], |row| row.get(0)).optional()?;
    let wrapped = wrapped.map(|text| text.parse::<Sealed>()).transpose();
    Ok(wrapped.map_err(corrupt)?.map(|wrapped| wrapped.key()))
}

/// The key under which numbers are hashed.
pub(super) fn lookup_key(sql: &Connection, keys: &KeyRing) -> Result<SealKey, StoreError> {
    store_key(sql, keys, LOOKUP)
}

fn store_key(sql: &Connection, keys: &KeyRing, name: &str) -> Result<SealKey, StoreError> {
    let mut query = sql.prepare_cached("SELECT wrapped FROM wrapped_keys WHERE name = ?1")?;
    let wrapped: Option<String> = query.query_row([name], |row| row.get(0)).optional()?;
    let wrapped: Sealed = wrapped.ok_or(KeyError::NoKeys)?.parse().map_err(corrupt)?;
    Ok(keys.unwrap(&wrapped, &Binding::StoreKey { name })?)
}

/// A person's key as the store holds it.
pub(super) enum HeldKey {
    /// Nobody of this id was ever recorded.
    Unknown,
    /// Destroyed.
    Erased,
    /// Usable.
    Usable(SealKey),
}

pub(super) fn person_key(
    sql: &Connection,
    keys: &KeyRing,
    person: PersonId,
) -> Result<HeldKey, StoreError> {
    let mut query = sql.prepare_cached("SELECT wrapped FROM person_keys WHERE person = ?1")?;
    let wrapped: Option<Option<String>> = query
        .query_row([person.to_string()], |row| row.get(0))
        .optional()?;
    Ok(match wrapped {
        None => HeldKey::Unknown,
        Some(None) => HeldKey::Erased,
        Some(Some(wrapped)) => {
            let wrapped: Sealed = wrapped.parse().map_err(corrupt)?;
            HeldKey::Usable(keys.unwrap(&wrapped, &Binding::PersonKey { person })?)
        }
    })
}

fn has_key(sql: &Connection, person: PersonId) -> Result<bool, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT 1
         FROM person_keys
         WHERE person = ?1
           AND wrapped IS NOT NULL",
    )?;
    Ok(query.exists([person.to_string()])?)
}

/// Destroys a person's key; the row stays and says when.
pub(super) fn destroy(sql: &Connection, person: PersonId, at: UtcMs) -> Result<(), StoreError> {
    let statement = "UPDATE person_keys
                     SET wrapped = NULL,
                         erased_at = ?2
                     WHERE person = ?1";
    execute(sql, statement, (person.to_string(), at.0))
}

fn erased(sql: &Connection) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut query = sql.prepare("SELECT person FROM person_keys WHERE wrapped IS NULL")?;
    let persons = query.query_map([], |row| row.get::<_, String>(0))?;
    persons.map(|person| read_id(&person?)).collect()
}

fn new_key(entropy: Entropy) -> SealKey {
    let mut bytes = [0; 32];
    entropy(&mut bytes);
    SealKey::from_bytes(bytes)
}

pub(super) fn nonce(entropy: Entropy) -> Nonce {
    let mut nonce = Nonce::default();
    entropy(&mut nonce);
    nonce
}
