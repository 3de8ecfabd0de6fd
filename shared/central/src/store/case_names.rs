//! Which records name a record in a field of theirs: kept with every change, read by who tells it what
//! they come to.

use std::collections::BTreeSet;

use domain::case::{Record, Value};
use domain::id::{KindId, RecordId};
use rusqlite::Connection;

use super::cases::Change;
use super::projection::execute;
use super::visits::read_id;
use super::{Reader, StoreError};

/// A bank, a car or an article is named by thousands: no page waits for all of them.
const LOOKED_AT_MAX: u32 = 2_000;

impl Reader<'_> {
    /// Records of a kind that name this one in a field.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_naming(
        &self,
        named: RecordId,
        kind: &KindId,
        field: &str,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT record
             FROM case_names
             WHERE named = ?1
               AND kind = ?2
               AND field = ?3
             ORDER BY record",
        )?;
        let asked = (named.to_string(), kind.as_str(), field);
        let found = query.query_map(asked, |row| row.get::<_, String>(0))?;
        found.map(|id| read_id(&id?)).collect()
    }

    /// The newest records that name this one in any field, of those that are looked at.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn newest_naming(
        &self,
        named: RecordId,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        // ids begin with the time at which they were made
        let mut query = self.sql.prepare_cached(
            "SELECT DISTINCT record
             FROM (SELECT record FROM case_names WHERE named = ?1 LIMIT ?2)
             ORDER BY record DESC
             LIMIT ?3",
        )?;
        let asked = (named.to_string(), LOOKED_AT_MAX, limit);
        let found = query.query_map(asked, |row| row.get::<_, String>(0))?;
        found.map(|id| read_id(&id?)).collect()
    }
}

/// Keeps what a record names now in the place of what it named before.
pub(super) fn put(sql: &Connection, change: &Change) -> Result<(), StoreError> {
    let now = named(&change.after);
    let before = change.before.as_ref().map(named).unwrap_or_default();
    let (kind, record) = (change.after.kind.as_str(), change.after.id.to_string());
    for (statement, names) in [
        (
            "DELETE FROM case_names
             WHERE named = ?1 AND kind = ?2 AND field = ?3 AND record = ?4",
            before.difference(&now),
        ),
        (
            "INSERT INTO case_names (named, kind, field, record) VALUES (?1, ?2, ?3, ?4)",
            now.difference(&before),
        ),
    ] {
        for (field, named) in names {
            execute(sql, statement, (named.to_string(), kind, field, &record))?;
        }
    }
    Ok(())
}

fn named(record: &Record) -> BTreeSet<(&str, RecordId)> {
    let mut found = BTreeSet::new();
    for (field, value) in &record.values {
        let items = match value {
            Value::List(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        found.extend(items.iter().filter_map(|item| match item {
            Value::Record(id) => Some((field.as_str(), *id)),
            _ => None,
        }));
    }
    found
}
