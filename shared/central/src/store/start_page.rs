//! What start pages show of records: how many of each kind are in each state, how many are due, and
//! which these are. The tallies are derived, and counted on with every event of a record, so that a
//! page costs as much in the tenth year as in the first.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::id::{KindId, RecordId, StaffId, StationCode};
use rusqlite::Connection;

use super::case_list::Page;
use super::cases::Change;
use super::projection::{execute, read_date};
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError};

/// A kind, and the stations at which somebody may see its records; `None` for all.
pub(crate) type SeenKind = (KindId, Option<BTreeSet<StationCode>>);

/// Records of a kind at a station in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) kind: KindId,
    pub(crate) station: StationCode,
    pub(crate) state: String,
    pub(crate) records: u64,
}

/// Records of a kind at a station with their next deadline on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DueTally {
    pub(crate) kind: KindId,
    pub(crate) station: StationCode,
    pub(crate) due_on: NaiveDate,
    pub(crate) records: u64,
}

/// A record that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DueLine {
    pub(crate) record: RecordId,
    pub(crate) kind: KindId,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) due_on: NaiveDate,
}

/// Counts a record on from its state before to its state after.
pub(super) fn count(sql: &Connection, change: &Change) -> Result<(), StoreError> {
    let after = &change.after;
    let (kind, station) = (after.kind.as_str(), after.station.as_str());
    match &change.before {
        Some(before) if before.state == after.state => return Ok(()),
        Some(before) => {
            let key = (kind, station, &before.state);
            let statement = "UPDATE case_tallies
                             SET records = records - 1
                             WHERE kind = ?1 AND station = ?2 AND state = ?3";
            execute(sql, statement, key)?;
            // a rebuild counts nothing that is not there
            let statement = "DELETE FROM case_tallies
                             WHERE kind = ?1 AND station = ?2 AND state = ?3 AND records = 0";
            execute(sql, statement, key)?;
        }
        None => {}
    }
    let statement = "INSERT INTO case_tallies (kind, station, state, records)
                     VALUES (?1, ?2, ?3, 1)
                     ON CONFLICT (kind, station, state) DO UPDATE SET records = records + 1";
    execute(sql, statement, (kind, station, &after.state))
}

/// The tallies of some kinds.
const TALLIES: &str = "SELECT t.kind, t.station, t.state, t.records
    FROM json_each(?1) k
    JOIN case_tallies t ON t.kind = k.value";

/// Deadlines up to a day, of all kinds, out of the index alone.
const DUE_TALLIES: &str = "SELECT kind, station, due_on, count(*)
    FROM cases INDEXED BY cases_due_soon
    WHERE due_on IS NOT NULL
      AND due_on <= ?1
    GROUP BY due_on, kind, station";

/// The records of such a count: `?3` says of which kinds, and where.
macro_rules! due_of {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM cases INDEXED BY cases_due_soon
              WHERE due_on IS NOT NULL
                AND due_on >= ?1
                AND due_on <= ?2
                AND EXISTS (
                    SELECT 1
                    FROM json_each(?3) seen
                    WHERE seen.value ->> 0 = kind
                      AND (seen.value ->> 1 IS NULL
                           OR station IN (SELECT value FROM json_each(seen.value -> 1)))
                ) ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// How many records of these kinds are in each state at each station.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn case_tallies(&self, kinds: &[KindId]) -> Result<Vec<Tally>, StoreError> {
        let mut query = self.sql.prepare_cached(TALLIES)?;
        let mut rows = query.query([serde_json::to_string(kinds)?])?;
        let mut tallies = Vec::new();
        while let Some(row) = rows.next()? {
            tallies.push(Tally {
                kind: kind_of(row, 0)?,
                station: station_of(row, 1)?,
                state: row.get(2)?,
                records: row.get::<_, i64>(3)?.cast_unsigned(),
            });
        }
        Ok(tallies)
    }

    /// How many records have their next deadline on each day up to `until`.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn due_tallies(&self, until: NaiveDate) -> Result<Vec<DueTally>, StoreError> {
        let mut query = self.sql.prepare_cached(DUE_TALLIES)?;
        let mut rows = query.query([until.to_string()])?;
        let mut tallies = Vec::new();
        while let Some(row) = rows.next()? {
            tallies.push(DueTally {
                kind: kind_of(row, 0)?,
                station: station_of(row, 1)?,
                due_on: read_date(&row.get::<_, String>(2)?)?,
                records: row.get::<_, i64>(3)?.cast_unsigned(),
            });
        }
        Ok(tallies)
    }

    /// Records with their next deadline from `from` to `until`, earliest first, and how many there
    /// are on all pages.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn due_lines(
        &self,
        seen: &[SeenKind],
        (from, until): (NaiveDate, NaiveDate),
        page: Page,
    ) -> Result<(Vec<DueLine>, u64), StoreError> {
        let seen = serde_json::to_string(seen)?;
        let (from, until) = (from.to_string(), until.to_string());
        let mut count = self.sql.prepare_cached(due_of!("SELECT count(*)", ""))?;
        let total: i64 = count.query_row((&from, &until, &seen), |row| row.get(0))?;
        let mut query = self.sql.prepare_cached(due_of!(
            "SELECT record, kind, case_no, title, state, due_on",
            "ORDER BY due_on, opening LIMIT ?4 OFFSET ?5"
        ))?;
        let mut rows = query.query((&from, &until, &seen, page.limit, page.offset))?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(DueLine {
                record: read_id(&row.get::<_, String>(0)?)?,
                kind: kind_of(row, 1)?,
                case_no: row.get(2)?,
                title: row.get(3)?,
                state: row.get(4)?,
                due_on: read_date(&row.get::<_, String>(5)?)?,
            });
        }
        Ok((lines, total.cast_unsigned()))
    }

    /// How many records of each kind somebody deals with.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn owned_by(&self, staff: StaffId) -> Result<Vec<(KindId, u64)>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT kind, count(*)
             FROM cases
             WHERE owner = ?1
             GROUP BY kind",
        )?;
        let mut rows = query.query([staff.to_string()])?;
        let mut owned = Vec::new();
        while let Some(row) = rows.next()? {
            owned.push((kind_of(row, 0)?, row.get::<_, i64>(1)?.cast_unsigned()));
        }
        Ok(owned)
    }
}

fn kind_of(row: &rusqlite::Row<'_>, column: usize) -> Result<KindId, StoreError> {
    KindId::new(row.get::<_, String>(column)?).map_err(corrupt)
}

fn station_of(row: &rusqlite::Row<'_>, column: usize) -> Result<StationCode, StoreError> {
    StationCode::new(row.get::<_, String>(column)?).map_err(corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migration;
    use crate::vault::KeyCustody;

    /// How SQLite goes about a statement.
    fn plan(statement: &str, values: usize) -> String {
        let mut sql = Connection::open_in_memory().unwrap();
        let custody = KeyCustody::of(&std::env::temp_dir(), None, None).unwrap();
        migration::bring_up(&mut sql, custody).unwrap();
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let mut query = sql.prepare(&explain).unwrap();
        let values = rusqlite::params_from_iter(std::iter::repeat_n("[]", values));
        let lines = query
            .query_map(values, |row| row.get::<_, String>(3))
            .unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_start_page_goes_through_no_records() {
        let tallies = plan(TALLIES, 1);
        assert!(
            tallies.contains("SEARCH t USING PRIMARY KEY (kind=?)"),
            "{tallies}"
        );
        let due = plan(DUE_TALLIES, 1);
        assert!(
            due.contains("USING COVERING INDEX cases_due_soon (due_on"),
            "{due}"
        );
        assert!(!due.contains("TEMP B-TREE"), "{due}");
        let count = plan(due_of!("SELECT count(*)", ""), 3);
        assert!(
            count.contains("USING COVERING INDEX cases_due_soon (due_on"),
            "{count}"
        );
    }
}
