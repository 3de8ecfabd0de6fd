//! Filling the derived tables anew from the record. The result equals what stood there before;
//! a test compares them.

#[cfg(test)]
use rusqlite::Connection;
use wire::envelope;
use wire::event::Event;

use domain::time::UtcMs;

use super::projection::{Stored, project};
use super::{StoreError, Write, ledger};

/// Tables that the record alone determines, in an order for reading.
#[cfg(test)]
const DERIVED_TABLES: [&str; 16] = [
    "halls",
    "devices",
    "visits",
    "ratings",
    "vacancies",
    "publications",
    "notices",
    "boards",
    "help_calls",
    "search_tallies",
    "audit",
    "persons",
    "person_fields",
    "person_search",
    "person_lookup",
    "feed",
];

const EMPTY_DERIVED_TABLES: &str = "
    DELETE FROM halls;
    DELETE FROM devices;
    DELETE FROM visits;
    DELETE FROM ratings;
    DELETE FROM vacancies;
    DELETE FROM publications;
    DELETE FROM notices;
    DELETE FROM boards;
    DELETE FROM help_calls;
    DELETE FROM search_tallies;
    DELETE FROM audit;
    DELETE FROM persons;
    DELETE FROM person_fields;
    DELETE FROM person_search;
    DELETE FROM person_lookup;
    DELETE FROM feed
    WHERE topic IN ('listing', 'notice', 'hall', 'device') AND is_relayed = 0;
";

impl Write<'_> {
    /// Empties the derived tables and replays the whole record into them, in this transaction.
    /// Returns the number of events replayed.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an event cannot be read; then nothing has changed.
    pub fn rebuild(&mut self) -> Result<u64, StoreError> {
        self.sql.execute_batch(EMPTY_DERIVED_TABLES)?;
        let mut query = self
            .sql
            .prepare("SELECT position, received, text FROM events ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut replayed = 0;
        while let Some(row) = rows.next()? {
            let (position, received): (i64, i64) = (row.get(0)?, row.get(1)?);
            let text: String = row.get(2)?;
            let (position, received) = (position.cast_unsigned(), UtcMs(received));
            replay(self, position, received, &text)?;
            replayed += 1;
        }
        self.delete_gone_tombstones()?;
        Ok(replayed)
    }
}

fn replay(write: &Write<'_>, position: u64, received: UtcMs, text: &str) -> Result<(), StoreError> {
    let envelope = envelope::read(text).map_err(ledger::unreadable)?;
    let event = Event::read(&envelope.kind, &envelope.body).map_err(ledger::unreadable)?;
    let Some(event) = event else { return Ok(()) };
    project(
        write.sql,
        write.keys,
        &event,
        &Stored {
            position,
            envelope: &envelope,
            received,
        },
    )?;
    Ok(())
}

/// Every row of the derived tables as text, for comparing.
#[cfg(test)]
pub(super) fn dump(sql: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    for table in DERIVED_TABLES {
        let mut query = sql
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))
            .unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|i| format!("{:?}", row.get_ref(i).unwrap()));
            lines.push(format!(
                "{table}: {}",
                cells.collect::<Vec<_>>().join(" | ")
            ));
        }
    }
    lines
}
