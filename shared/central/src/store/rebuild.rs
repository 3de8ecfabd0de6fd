//! Filling the derived tables anew from the record. The result equals what stood there before;
//! `verify` and the tests compare them.

use rusqlite::Connection;
use wire::envelope;
use wire::event::Event;

use domain::time::UtcMs;

use crate::vault::KeyRing;

use super::projection::{Stored, project};
use super::{StoreError, Write, derived, feed, ledger};

impl Write<'_> {
    /// Empties the derived tables and replays the whole record into them, in this transaction.
    /// Returns the number of events replayed.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an event cannot be read; then nothing has changed.
    pub fn rebuild(&mut self) -> Result<u64, StoreError> {
        replay_all(self.sql, self.keys)
    }
}

/// As [`Write::rebuild`], within the caller's transaction.
pub(super) fn replay_all(sql: &Connection, keys: &KeyRing) -> Result<u64, StoreError> {
    derived::empty(sql)?;
    let mut query = sql.prepare("SELECT position, received, text FROM events ORDER BY position")?;
    let mut rows = query.query([])?;
    let mut replayed = 0;
    while let Some(row) = rows.next()? {
        let (position, received): (i64, i64) = (row.get(0)?, row.get(1)?);
        let text: String = row.get(2)?;
        let (position, received) = (position.cast_unsigned(), UtcMs(received));
        replay(sql, keys, position, received, &text)?;
        replayed += 1;
    }
    feed::delete_gone_tombstones(sql)?;
    Ok(replayed)
}

fn replay(
    sql: &Connection,
    keys: &KeyRing,
    position: u64,
    received: UtcMs,
    text: &str,
) -> Result<(), StoreError> {
    let envelope = envelope::read(text).map_err(ledger::unreadable)?;
    let event = Event::read(&envelope.kind, &envelope.body).map_err(ledger::unreadable)?;
    let Some(event) = event else { return Ok(()) };
    project(
        sql,
        keys,
        &event,
        &Stored {
            position,
            envelope: &envelope,
            received,
        },
    )?;
    Ok(())
}
