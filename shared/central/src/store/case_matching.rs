//! What matching asks of records: which are in one state of a kind, and which of them changed since
//! they were read. Nothing is stored for it but an index.

use domain::case::Record;
use domain::id::KindId;
use rusqlite::OptionalExtension;

use super::visits::corrupt;
use super::{Reader, StoreError};

/// The number under which a record stands in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Opening(i64);

impl Reader<'_> {
    /// The place of the newest event of any record; 0 before the first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_head(&self) -> Result<u64, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT ifnull(max(position), 0) FROM case_events")?;
        let head: i64 = query.query_row([], |row| row.get(0))?;
        Ok(head.cast_unsigned())
    }

    /// The records of a kind that are in a state, in the order of their opening.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn openings_in(
        &self,
        kind: &KindId,
        state: &str,
    ) -> Result<Vec<Opening>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT opening
             FROM cases
             WHERE kind = ?1
               AND state = ?2
             ORDER BY opening",
        )?;
        let found = query.query_map((kind.as_str(), state), |row| Ok(Opening(row.get(0)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The records of a kind that changed after a place, whatever their state is by now.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn openings_changed_after(
        &self,
        kind: &KindId,
        position: u64,
    ) -> Result<Vec<Opening>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT DISTINCT h.opening
             FROM case_events h
             JOIN cases c ON c.opening = h.opening
             WHERE h.position > ?1
               AND c.kind = ?2",
        )?;
        let asked = (position.cast_signed(), kind.as_str());
        let found = query.query_map(asked, |row| Ok(Opening(row.get(0)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The record that stands under a number.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when none does.
    pub(crate) fn record_opened_at(&self, opening: Opening) -> Result<Record, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT body FROM case_bodies WHERE opening = ?1")?;
        let body = query.query_row([opening.0], |row| row.get::<_, String>(0));
        let gone = || corrupt(format!("no record was opened at {}", opening.0));
        Ok(serde_json::from_str(&body.optional()?.ok_or_else(gone)?)?)
    }
}
