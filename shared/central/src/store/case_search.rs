//! What records are found by: which tokens stand for which records, and which records have all the
//! tokens of what was typed. Derived.

use domain::case::Kind;
use domain::id::KindId;
use rusqlite::Connection;

use crate::cases::{is_found_alike, tokens_of_record};

use super::cases::Change;
use super::projection::execute;
use super::{Reader, StoreError};

/// Writes what changed only: a step rarely changes what a record is found by.
pub(super) fn put(sql: &Connection, kind: &Kind, change: &Change) -> Result<(), StoreError> {
    match &change.before {
        None => {}
        Some(before) if is_found_alike(kind, before, &change.after) => return Ok(()),
        Some(_) => {
            let statement = "DELETE FROM case_search WHERE rowid = ?1";
            execute(sql, statement, [change.opening])?;
        }
    }
    let mut words = String::new();
    for token in tokens_of_record(kind, &change.after) {
        push_word(&mut words, &kind.id, &token);
        words.push(' ');
    }
    let statement = "INSERT INTO case_search (rowid, words) VALUES (?1, ?2)";
    execute(sql, statement, (change.opening, words))
}

/// A token of a kind: of letters, digits and the sign of initials, so that it is one word to SQLite.
fn push_word(words: &mut String, kind: &KindId, token: &str) {
    words.push_str(kind.as_str());
    words.push('~');
    words.push_str(token);
}

impl Reader<'_> {
    /// Records of a kind with all of these tokens, in the order of their opening.
    pub(super) fn openings_with(
        &self,
        kind: &KindId,
        tokens: &[String],
    ) -> Result<Vec<i64>, StoreError> {
        let mut asked = String::new();
        for token in tokens {
            asked.push_str(if asked.is_empty() { "\"" } else { " AND \"" });
            push_word(&mut asked, kind, token);
            asked.push('"');
        }
        let mut query = self.sql.prepare_cached(
            "SELECT rowid
             FROM case_search
             WHERE case_search MATCH ?1
             ORDER BY rowid",
        )?;
        let found = query.query_map([asked], |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
