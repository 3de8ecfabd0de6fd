//! Emergencies of halls (应急): which one runs, and which ended ones have no record yet. Derived.

use domain::id::{EmergencyId, HallId, StaffId};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use wire::api::EmergencyNow;
use wire::event::{EmergencyEnded, EmergencyRaised};

use super::projection::execute;
use super::visits::read_id;
use super::{Reader, StoreError, Write};

/// An emergency that nobody has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningEmergency {
    /// Which.
    pub emergency: EmergencyId,
    /// What everybody is told.
    pub now: EmergencyNow,
}

/// An emergency that was ended and for which nobody has handed in the papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndedEmergency {
    /// Which.
    pub(crate) emergency: EmergencyId,
    /// The hall's name.
    pub(crate) station_name: String,
    /// What everybody was told.
    pub(crate) told: EmergencyNow,
    /// Who raised it.
    pub(crate) raised_by: StaffId,
    /// Until when.
    pub(crate) ended_at: UtcMs,
}

impl Reader<'_> {
    /// The emergency that runs in a hall.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn running_emergency(&self, hall: HallId) -> Result<Option<RunningEmergency>, StoreError> {
        running(self.sql, hall)
    }

    /// Ended emergencies without a record, oldest first. The record of one has its id.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn emergencies_without_record(
        &self,
        limit: u32,
    ) -> Result<Vec<EndedEmergency>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT e.emergency, h.station_name, e.title, e.body, e.raised_at, e.raised_by,
                    e.ended_at
             FROM hall_emergencies e
             JOIN halls h ON h.hall = e.hall
             WHERE e.ended_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.record = e.emergency)
             ORDER BY e.raised_at
             LIMIT ?1",
        )?;
        let mut rows = query.query([limit])?;
        let mut ended = Vec::new();
        while let Some(row) = rows.next()? {
            ended.push(EndedEmergency {
                emergency: read_id(&row.get::<_, String>(0)?)?,
                station_name: row.get(1)?,
                told: EmergencyNow {
                    title: row.get(2)?,
                    body: row.get(3)?,
                    since: UtcMs(row.get(4)?),
                },
                raised_by: read_id(&row.get::<_, String>(5)?)?,
                ended_at: UtcMs(row.get(6)?),
            });
        }
        Ok(ended)
    }
}

impl Write<'_> {
    /// As [`Reader::running_emergency`], as this transaction sees it.
    pub(crate) fn running_emergency(
        &self,
        hall: HallId,
    ) -> Result<Option<RunningEmergency>, StoreError> {
        running(self.sql, hall)
    }
}

pub(super) fn raised(
    sql: &Connection,
    hall: HallId,
    raised: &EmergencyRaised,
    at: UtcMs,
) -> Result<(), StoreError> {
    let statement = "INSERT OR IGNORE INTO hall_emergencies
                         (emergency, hall, title, body, raised_at, raised_by)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = (
        raised.emergency.to_string(),
        hall.to_string(),
        &raised.title,
        &raised.body,
        at.0,
        raised.by.to_string(),
    );
    execute(sql, statement, values)
}

/// Who ends one that has ended already changes nothing.
pub(super) fn ended(sql: &Connection, ended: &EmergencyEnded, at: UtcMs) -> Result<(), StoreError> {
    let statement = "UPDATE hall_emergencies
                     SET ended_at = ?2, ended_by = ?3
                     WHERE emergency = ?1 AND ended_at IS NULL";
    let values = (ended.emergency.to_string(), at.0, ended.by.to_string());
    execute(sql, statement, values)
}

pub(super) fn running(
    sql: &Connection,
    hall: HallId,
) -> Result<Option<RunningEmergency>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT emergency, title, body, raised_at
         FROM hall_emergencies
         WHERE hall = ?1 AND ended_at IS NULL
         ORDER BY raised_at DESC
         LIMIT 1",
    )?;
    let found = query.query_row([hall.to_string()], |row| {
        let now = EmergencyNow {
            title: row.get(1)?,
            body: row.get(2)?,
            since: UtcMs(row.get(3)?),
        };
        Ok((row.get::<_, String>(0)?, now))
    });
    let Some((emergency, now)) = found.optional()? else {
        return Ok(None);
    };
    let emergency = read_id(&emergency)?;
    Ok(Some(RunningEmergency { emergency, now }))
}
