//! Taking bytes out of the database's files, not only rows out of its tables.
//!
//! `PRAGMA secure_delete` overwrites the cells that are deleted and the pages that are freed. It
//! does not overwrite the copies of cells that earlier page splits left in the unused part of
//! pages that stay in use (seen with SQLite 3.54: one name of 200 survived). So the tables with
//! what must go are emptied, which frees and overwrites every page of theirs, and filled again
//! with what may stay. That reads and writes each of these tables once: who erases many persons
//! does it in one transaction.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::StoreError;
use super::keys::Purged;

/// Statements that take all rows of a table out and put them back.
struct Rewriting {
    select: &'static str,
    empty: &'static str,
    insert: &'static str,
}

/// Where names, keyed hashes of numbers and contents, and keys of persons and contents are.
const WITH_PERSONS: [Rewriting; 5] = [
    Rewriting {
        select: "SELECT spelling, person, name FROM person_search ORDER BY spelling",
        empty: "DELETE FROM person_search",
        insert: "INSERT INTO person_search (spelling, person, name) VALUES (?1, ?2, ?3)",
    },
    Rewriting {
        select: "SELECT field, hash, person FROM person_lookup ORDER BY person",
        empty: "DELETE FROM person_lookup",
        insert: "INSERT INTO person_lookup (field, hash, person) VALUES (?1, ?2, ?3)",
    },
    Rewriting {
        select: "SELECT person, wrapped, erased_at FROM person_keys ORDER BY person",
        empty: "DELETE FROM person_keys",
        insert: "INSERT INTO person_keys (person, wrapped, erased_at) VALUES (?1, ?2, ?3)",
    },
    Rewriting {
        select: "SELECT name, wrapped, public FROM wrapped_keys ORDER BY name",
        empty: "DELETE FROM wrapped_keys",
        insert: "INSERT INTO wrapped_keys (name, wrapped, public) VALUES (?1, ?2, ?3)",
    },
    Rewriting {
        select: "SELECT sha256, record, person, wrapped, content, mime, pages, bytes, taken_at,
                        taken_by
                 FROM attachments
                 ORDER BY sha256",
        empty: "DELETE FROM attachments",
        insert: "INSERT INTO attachments (sha256, record, person, wrapped, content, mime, pages,
                                          bytes, taken_at, taken_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    },
];

/// Rewrites the tables of persons and keys, so that none of their pages holds anything but their
/// rows. Part of the transaction that deletes.
pub(super) fn rewrite_persons(sql: &Connection) -> Result<(), StoreError> {
    WITH_PERSONS
        .iter()
        .try_for_each(|rewriting| rewrite(sql, rewriting))
}

fn rewrite(sql: &Connection, rewriting: &Rewriting) -> Result<(), StoreError> {
    let mut query = sql.prepare_cached(rewriting.select)?;
    let columns = query.column_count();
    let rows = query.query_map([], |row| {
        (0..columns)
            .map(|column| row.get(column))
            .collect::<Result<Vec<Value>, _>>()
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    sql.prepare_cached(rewriting.empty)?.execute([])?;
    let mut insert = sql.prepare_cached(rewriting.insert)?;
    for row in rows {
        insert.execute(params_from_iter(row))?;
    }
    Ok(())
}

/// Moves the write-ahead file into the database and empties it.
pub(super) fn empty_write_ahead_file(sql: &Connection) -> Result<Purged, StoreError> {
    let is_busy: bool = sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy {
        tracing::warn!("erased bytes stay in the write-ahead file until the next opening");
        return Ok(Purged::AtNextOpening);
    }
    Ok(Purged::Now)
}
