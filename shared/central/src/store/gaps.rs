//! Events beyond a gap: kept within a bound until what is missing before them has come. They are
//! no part of the record, and the device is told only what is.

use std::collections::BTreeSet;

use domain::id::DeviceId;
use domain::time::UtcMs;
use rusqlite::Connection;
use wire::envelope::Envelope;
use wire::sign::WireSignature;

use super::projection::execute;
use super::{StoreError, Write, visits};

/// Most events of one writer that are held beyond a gap.
pub(crate) const HELD_EVENTS_MAX: u64 = 2_000;

/// An event that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldEvent {
    pub(crate) text: String,
    /// At the end of a push.
    pub(crate) signature: Option<WireSignature>,
}

impl Write<'_> {
    /// Whether so many more events of a writer may be held.
    pub(crate) fn has_room_to_hold(&self, writer: DeviceId, more: u64) -> Result<bool, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT count(*) FROM held_events WHERE writer = ?1")?;
        let held: i64 = query.query_row([writer.to_string()], |row| row.get(0))?;
        Ok(held.cast_unsigned() + more <= HELD_EVENTS_MAX)
    }

    /// Holds an event. One that is held already under its number stays: the chain decides which of
    /// the two is right when the gap is filled.
    pub(crate) fn hold(
        &mut self,
        text: &str,
        envelope: &Envelope,
        signature: Option<WireSignature>,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO held_events (writer, seq, text, signature, received)
                         VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT (writer, seq) DO UPDATE
                         SET signature = coalesce(signature, excluded.signature)
                         WHERE text = excluded.text";
        let signature = signature.map(|signature| signature.0);
        self.memory.holding.insert(envelope.writer);
        let (writer, seq) = (envelope.writer.to_string(), envelope.seq.cast_signed());
        execute(self.sql, statement, (writer, seq, text, signature, now.0))
    }

    /// What is held right behind a writer's chain, in order and without a gap.
    pub(crate) fn held_run(&self, writer: DeviceId) -> Result<Vec<HeldEvent>, StoreError> {
        // Every push asks; of nearly all writers nothing is held.
        if !self.memory.holding.contains(&writer) {
            return Ok(Vec::new());
        }
        let head = self.memory.live.head_of(writer);
        let key = (writer.to_string(), head.seq.cast_signed());
        let mut query = self.sql.prepare_cached(
            "SELECT seq, text, signature
             FROM held_events
             WHERE writer = ?1 AND seq > ?2
             ORDER BY seq",
        )?;
        let (mut rows, mut run) = (query.query(key)?, Vec::new());
        while let Some(row) = rows.next()? {
            let next = head.seq + 1 + run.len() as u64;
            if row.get::<_, i64>(0)?.cast_unsigned() != next {
                break;
            }
            let signature: Option<[u8; 64]> = row.get(2)?;
            run.push(HeldEvent {
                text: row.get(1)?,
                signature: signature.map(WireSignature),
            });
        }
        Ok(run)
    }

    /// What is in the record by now is held no more.
    pub(crate) fn forget_joined(&mut self, writer: DeviceId) -> Result<(), StoreError> {
        if !self.memory.holding.contains(&writer) {
            return Ok(());
        }
        let head = self.memory.live.head_of(writer);
        let statement = "DELETE FROM held_events WHERE writer = ?1 AND seq <= ?2";
        let key = (writer.to_string(), head.seq.cast_signed());
        execute(self.sql, statement, key)
    }

    /// Forgets what is held of a writer: its chain went another way.
    pub(crate) fn forget_held(&mut self, writer: DeviceId) -> Result<(), StoreError> {
        self.memory.holding.remove(&writer);
        let statement = "DELETE FROM held_events WHERE writer = ?1";
        execute(self.sql, statement, [writer.to_string()])
    }
}

/// Writers of whom something is held.
pub(super) fn writers_held(sql: &Connection) -> Result<BTreeSet<DeviceId>, StoreError> {
    let mut query = sql.prepare("SELECT DISTINCT writer FROM held_events")?;
    let writers = query.query_map([], |row| row.get::<_, String>(0))?;
    writers.map(|writer| visits::read_id(&writer?)).collect()
}
