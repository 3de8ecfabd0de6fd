//! Replacing the master key: all keys are put under a new one in one transaction. Before and after
//! it, the files of both keys are there (`vault::custody`), so that a crash anywhere leaves a store
//! that opens.

use rusqlite::Connection;
use wire::sealed::{Binding, KeyId, Sealed};

use crate::edge::Entropy;
use crate::vault::{KeyError, KeyRing};

use super::attachments;
use super::keys::{master, nonce};
use super::projection::execute;
use super::scrub::{empty_write_ahead_file, rewrite_persons};
use super::visits::{corrupt, read_id};
use super::{Store, StoreError};

impl Store {
    /// Puts all keys under a new master key and keeps the old one's file until
    /// [`forget_old_master_key`](Self::forget_old_master_key). Blocking. Returns the number of
    /// keys.
    ///
    /// # Errors
    /// [`StoreError::Keys`] and faults of storage. Cut short anywhere, the store opens afterwards,
    /// under one key or the other.
    pub fn rotate_master_key(&self, entropy: Entropy) -> Result<u64, StoreError> {
        let keys = self.keys();
        let _changing = keys.changing();
        let held = self.read_blocking(|reader| master(reader.sql))?;
        // the key in use must not be the `.next` of a rotation whose files could not be moved
        keys.custody()
            .complete_rotation(held.ok_or(KeyError::NoKeys)?)?;
        let next = keys.found_next(entropy)?;
        let rewrapped =
            self.write_blocking(move |write| rewrap(write.sql, write.keys, next, entropy))?;
        keys.custody().promote_next()?;
        self.purge()?;
        Ok(rewrapped)
    }

    /// Removes the master key before the last rotation: copies of the store from before it cannot
    /// be read any more. Blocking.
    ///
    /// # Errors
    /// [`StoreError::Keys`] when there is none.
    pub fn forget_old_master_key(&self) -> Result<(), StoreError> {
        let keys = self.keys();
        let _changing = keys.changing();
        let master = self.read_blocking(|reader| master(reader.sql))?;
        let master = master.ok_or(KeyError::NoKeys)?;
        keys.custody().forget_old()?;
        keys.keep_only(master);
        Ok(())
    }
}

/// Puts a store from before a rotation, which is being opened, under the newer master key.
pub(super) fn catch_up(
    sql: &mut Connection,
    ring: &KeyRing,
    entropy: Entropy,
) -> Result<(), StoreError> {
    if let Some(newer) = master(sql)?.and_then(|held| ring.newer_than(held)) {
        let transaction = sql.transaction()?;
        rewrap(&transaction, ring, newer, entropy)?;
        transaction.commit()?;
    }
    empty_write_ahead_file(sql)?;
    Ok(())
}

/// Puts all keys under the master key `to`. Returns how many.
fn rewrap(
    sql: &Connection,
    keys: &KeyRing,
    to: KeyId,
    entropy: Entropy,
) -> Result<u64, StoreError> {
    let mut count = 0;
    for (name, wrapped) in wrapped_rows(sql, "SELECT name, wrapped FROM wrapped_keys")? {
        let binding = Binding::StoreKey { name: &name };
        let key = keys.unwrap(&wrapped, &binding)?;
        let wrapped = keys.wrap(to, &key, &binding, nonce(entropy))?;
        let statement = "UPDATE wrapped_keys SET wrapped = ?2 WHERE name = ?1";
        execute(sql, statement, (&name, wrapped.to_string()))?;
        count += 1;
    }
    let of_persons = "SELECT person, wrapped FROM person_keys WHERE wrapped IS NOT NULL";
    for (id, wrapped) in wrapped_rows(sql, of_persons)? {
        let person = read_id(&id)?;
        let binding = Binding::PersonKey { person };
        let key = keys.unwrap(&wrapped, &binding)?;
        let wrapped = keys.wrap(to, &key, &binding, nonce(entropy))?;
        let statement = "UPDATE person_keys SET wrapped = ?2 WHERE person = ?1";
        execute(sql, statement, (&id, wrapped.to_string()))?;
        count += 1;
    }
    count += attachments::rewrap(sql, |wrapped, binding| {
        let key = keys.unwrap(wrapped, binding)?;
        Ok(keys.wrap(to, &key, binding, nonce(entropy))?)
    })?;
    rewrite_persons(sql)?;
    Ok(count)
}

fn wrapped_rows(sql: &Connection, query: &str) -> Result<Vec<(String, Sealed)>, StoreError> {
    let mut query = sql.prepare(query)?;
    let rows = query.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    rows.map(|row| {
        let (name, wrapped) = row?;
        Ok((name, wrapped.parse().map_err(corrupt)?))
    })
    .collect()
}
