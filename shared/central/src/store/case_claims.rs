//! What records take for themselves (`domain::case::claims`): kept with every event of a record, so
//! that a second one is found before it is taken in. Derived.

use domain::case::{Claim, Kind, claims};
use domain::id::{RecordId, StationCode};
use rusqlite::{Connection, OptionalExtension};

use super::cases::Change;
use super::projection::execute;
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError};

impl Reader<'_> {
    /// Another record than these that has taken what is claimed; the one with the smallest id.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn claimed_by_another(
        &self,
        claim: &Claim,
        than: &[RecordId],
    ) -> Result<Option<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT record
             FROM case_claims
             WHERE rule = ?1
               AND key = ?2
               AND from_ms < ?4
               AND until_ms > ?3
               AND record NOT IN (SELECT value FROM json_each(?5))
             ORDER BY record
             LIMIT 1",
        )?;
        let than: Vec<_> = than.iter().map(ToString::to_string).collect();
        let than = serde_json::to_string(&than)?;
        let asked = (&claim.rule, &claim.key, claim.from, claim.until, than);
        let found = query.query_row(asked, |row| row.get::<_, String>(0));
        found.optional()?.as_deref().map(read_id).transpose()
    }

    /// The records that claim anything by a rule whose first part is this, with where they are dealt
    /// with.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn claimants(
        &self,
        rule: &str,
        first: &str,
    ) -> Result<Vec<(StationCode, RecordId)>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT DISTINCT cases.station, cases.record
             FROM case_claims claims
             JOIN cases ON cases.record = claims.record
             WHERE claims.rule = ?1
               AND claims.key >= ?2 || char(31)
               AND claims.key < ?2 || char(32)
             ORDER BY cases.opening",
        )?;
        let found = query.query_map((rule, first), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let found = found.map(|pair| {
            let (station, record) = pair?;
            Ok((
                StationCode::new(station).map_err(corrupt)?,
                read_id(&record)?,
            ))
        });
        found.collect()
    }
}

/// Keeps what a record claims now in the place of what it claimed before.
pub(super) fn put(sql: &Connection, kind: &Kind, change: &Change) -> Result<(), StoreError> {
    if kind.doubles.is_empty() {
        return Ok(());
    }
    let now = claims(kind, &change.after);
    let before = change.before.as_ref().map(|before| claims(kind, before));
    if before.as_ref() == Some(&now) {
        return Ok(());
    }
    let id = change.after.id.to_string();
    if before.is_some_and(|before| !before.is_empty()) {
        execute(sql, "DELETE FROM case_claims WHERE record = ?1", [&id])?;
    }
    for claim in now {
        let statement = "INSERT INTO case_claims (rule, key, record, item, from_ms, until_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let item = i64::try_from(claim.item).unwrap_or(i64::MAX);
        let row = (&claim.rule, &claim.key, &id, item, claim.from, claim.until);
        execute(sql, statement, row)?;
    }
    Ok(())
}
