//! What the fleet page needs besides the devices themselves: what they last said of themselves,
//! gaps in their chains, and what contradicted the record. Operational, not rebuilt.

use std::collections::BTreeMap;

use domain::id::DeviceId;
use domain::time::UtcMs;
use wire::envelope;
use wire::event::Event;
use wire::problem::ProblemCode;
use wire::status::DeviceStatus;

use super::projection::execute;
use super::visits::read_id;
use super::{Reader, StoreError, Write, ledger};

/// What a device last said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldStatus {
    /// Which.
    pub device: DeviceId,
    /// What it said.
    pub status: DeviceStatus,
    /// When.
    pub at: UtcMs,
}

/// Events that wait for others before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainGap {
    /// Whose.
    pub writer: DeviceId,
    /// How many wait.
    pub held: u64,
    /// The first of them.
    pub first_seq: u64,
    /// Since when.
    pub since: UtcMs,
}

/// Requests of one device that were refused for one reason, as they were recorded together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Whose; of requests in a made-up name, that name.
    pub device: DeviceId,
    /// Why.
    pub code: ProblemCode,
    /// How often.
    pub times: u64,
}

impl Write<'_> {
    /// Keeps what a device said.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn keep_status(
        &mut self,
        device: DeviceId,
        status: &DeviceStatus,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO device_status (device, status, at)
                         VALUES (?1, ?2, ?3)
                         ON CONFLICT (device) DO UPDATE
                         SET status = excluded.status,
                             at = excluded.at";
        let values = (device.to_string(), serde_json::to_string(status)?, now.0);
        execute(self.sql, statement, values)
    }
}

impl Reader<'_> {
    /// What all devices last said.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn device_statuses(&self) -> Result<Vec<ToldStatus>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT device, status, at FROM device_status")?;
        let mut rows = query.query([])?;
        let mut told = Vec::new();
        while let Some(row) = rows.next()? {
            told.push(ToldStatus {
                device: read_id(&row.get::<_, String>(0)?)?,
                status: serde_json::from_str(&row.get::<_, String>(1)?)?,
                at: UtcMs(row.get(2)?),
            });
        }
        Ok(told)
    }

    /// Every chain with a gap.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn chain_gaps(&self) -> Result<Vec<ChainGap>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT writer, count(*), min(seq), min(received)
             FROM held_events
             GROUP BY writer",
        )?;
        let mut rows = query.query([])?;
        let mut gaps = Vec::new();
        while let Some(row) = rows.next()? {
            gaps.push(ChainGap {
                writer: read_id(&row.get::<_, String>(0)?)?,
                held: row.get::<_, i64>(1)?.cast_unsigned(),
                first_seq: row.get::<_, i64>(2)?.cast_unsigned(),
                since: UtcMs(row.get(3)?),
            });
        }
        Ok(gaps)
    }

    /// How many events contradict the record.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn quarantined(&self) -> Result<u64, StoreError> {
        let mut query = self.sql.prepare_cached("SELECT count(*) FROM quarantine")?;
        Ok(query
            .query_row([], |row| row.get::<_, i64>(0))?
            .cast_unsigned())
    }

    /// How many events of each writer contradict the record.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn quarantined_by_writer(&self) -> Result<BTreeMap<DeviceId, u64>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT writer, count(*) FROM quarantine GROUP BY writer")?;
        let mut rows = query.query([])?;
        let mut counts = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let writer = read_id(&row.get::<_, String>(0)?)?;
            counts.insert(writer, row.get::<_, i64>(1)?.cast_unsigned());
        }
        Ok(counts)
    }

    /// What was refused to devices since then, newest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn refusals_since(&self, since: UtcMs) -> Result<Vec<Refusal>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT received, text
             FROM events
             WHERE kind = 'device.refused.v1'
             ORDER BY position DESC",
        )?;
        let mut rows = query.query([])?;
        let mut refusals = Vec::new();
        while let Some(row) = rows.next()? {
            if UtcMs(row.get(0)?) < since {
                break;
            }
            let envelope = envelope::read(&row.get::<_, String>(1)?).map_err(ledger::unreadable)?;
            let event = Event::read(&envelope.kind, &envelope.body).map_err(ledger::unreadable)?;
            // what the rules of the hall refused to a citizen says nothing of the machine
            if let Some(Event::DeviceRefused(refused)) = event
                && refused.refusal.is_none()
            {
                refusals.push(Refusal {
                    device: refused.device,
                    code: refused.code,
                    times: u64::from(refused.more_times) + 1,
                });
            }
        }
        Ok(refusals)
    }
}
