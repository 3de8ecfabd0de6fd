//! What records are found by: which tokens stand for which records, and which records have all the
//! tokens of what was typed. Derived.

use std::collections::BTreeSet;

use domain::case::Kind;
use domain::id::KindId;
use rusqlite::Connection;

use crate::cases::{is_found_alike, tokens_of_record};

use super::cases::Change;
use super::projection::execute;
use super::{Reader, StoreError};

/// Up to so many records are asked one by one whether they have another token; more are compared
/// with all that have it.
pub(super) const FEW: usize = 2_000;

/// Writes what changed only: a step rarely changes what a record is found by.
pub(super) fn put(sql: &Connection, kind: &Kind, change: &Change) -> Result<(), StoreError> {
    let held = match &change.before {
        None => BTreeSet::new(),
        Some(before) if is_found_alike(kind, before, &change.after) => return Ok(()),
        Some(before) => tokens_of_record(kind, before),
    };
    let wanted = tokens_of_record(kind, &change.after);
    let key = |token| (kind.id.as_str(), token, change.opening);
    for gone in held.difference(&wanted) {
        let statement = "DELETE FROM case_search WHERE kind = ?1 AND token = ?2 AND opening = ?3";
        execute(sql, statement, key(gone))?;
    }
    let statement = "INSERT INTO case_search (kind, token, opening) VALUES (?1, ?2, ?3)";
    let mut insert = sql.prepare_cached(statement)?;
    for new in wanted.difference(&held) {
        insert.execute(key(new))?;
    }
    Ok(())
}

impl Reader<'_> {
    /// Records of a kind with all of these tokens, by the number of their opening, which grows.
    pub(super) fn openings_with(
        &self,
        kind: &KindId,
        tokens: &[String],
    ) -> Result<Vec<i64>, StoreError> {
        let mut counted = Vec::new();
        for token in tokens {
            counted.push((self.count_up_to_few(kind, token)?, token));
        }
        counted.sort();
        let mut tokens = counted.into_iter().map(|(_, token)| token);
        let Some(rarest) = tokens.next() else {
            return Ok(Vec::new());
        };
        let mut found = self.openings(kind, rarest)?;
        for token in tokens {
            if found.len() <= FEW {
                found = self.those_with(kind, token, &found)?;
            } else {
                found = in_both(&found, &self.openings(kind, token)?);
            }
        }
        Ok(found)
    }

    /// Up to one more than what is few.
    fn count_up_to_few(&self, kind: &KindId, token: &str) -> Result<i64, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT count(*)
             FROM (SELECT 1 FROM case_search WHERE kind = ?1 AND token = ?2 LIMIT ?3)",
        )?;
        let few = i64::try_from(FEW).unwrap_or(i64::MAX);
        Ok(query.query_row((kind.as_str(), token, few + 1), |row| row.get(0))?)
    }

    fn openings(&self, kind: &KindId, token: &str) -> Result<Vec<i64>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT opening
             FROM case_search
             WHERE kind = ?1 AND token = ?2
             ORDER BY opening",
        )?;
        let found = query.query_map((kind.as_str(), token), |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    fn those_with(
        &self,
        kind: &KindId,
        token: &str,
        openings: &[i64],
    ) -> Result<Vec<i64>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT 1
             FROM case_search
             WHERE kind = ?1 AND token = ?2 AND opening = ?3",
        )?;
        let mut found = Vec::new();
        for opening in openings {
            if query.exists((kind.as_str(), token, opening))? {
                found.push(*opening);
            }
        }
        Ok(found)
    }
}

/// What stands in both of two growing rows.
fn in_both(one: &[i64], other: &[i64]) -> Vec<i64> {
    let mut other = other.iter().peekable();
    let is_in_other = |wanted: &&i64| {
        while other.next_if(|held| held < wanted).is_some() {}
        other.peek() == Some(wanted)
    };
    one.iter().filter(is_in_other).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_both_rows_is_found_once_and_in_order() {
        assert_eq!(in_both(&[1, 3, 5, 9], &[2, 3, 4, 9, 12]), [3, 9]);
        assert_eq!(in_both(&[1, 2], &[]), Vec::<i64>::new());
        assert_eq!(in_both(&[], &[1]), Vec::<i64>::new());
    }
}
