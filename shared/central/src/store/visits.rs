//! Visits: one row per ticket with the times of its way through the hall. Derived; tickets stay
//! here after their day, because a visit may be scored for some days.

use domain::id::{GroupCode, HallId, RecordId, TicketId, WindowNo};
use domain::queue::{
    AtWindow, Line, QueueEvent, SecretHash, TicketIssued, TicketLabel, WaitSample,
};
use domain::rating::Visit;
use domain::time::{BusinessDate, UtcMs};
use rusqlite::{Connection, OptionalExtension, Row};
use wire::event::VisitRecord;

use crate::hall_state::HallState;

use super::projection::execute;
use super::{Reader, StoreError, turns};

/// A visit as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// The ticket.
    pub ticket: TicketId,
    /// The hall.
    pub hall: HallId,
    /// The number on the paper.
    pub label: TicketLabel,
    /// The group in which it stood last.
    pub group: GroupCode,
    /// The last window that called or served it.
    pub window: Option<WindowNo>,
    /// When the person arrived.
    pub arrived_at: UtcMs,
    /// When service ended.
    pub finished_at: Option<UtcMs>,
    /// When it was given up as missed.
    pub missed_at: Option<UtcMs>,
    /// When its holder gave it up.
    pub left_at: Option<UtcMs>,
    /// Hash of the 4-digit code.
    pub code_hash: SecretHash,
    /// Whether an accepted score exists.
    pub is_scored: bool,
}

impl VisitRow {
    /// What the rule for scores asks about; `hall` is the visit's.
    #[must_use]
    pub fn for_scoring(&self, hall: &HallState) -> Visit {
        let ended_at = self.finished_at.unwrap_or(self.arrived_at);
        Visit {
            finished: self.window.zip(self.finished_at),
            last_day: hall.last_scoring_day(ended_at),
            is_scored: self.is_scored,
        }
    }
}

/// Projects an event of the queue.
pub(super) fn project(
    sql: &Connection,
    hall: HallId,
    event: &QueueEvent,
    at: UtcMs,
) -> Result<(), StoreError> {
    if let QueueEvent::Issued(issued) = event {
        issue(sql, hall, issued)?;
    }
    turns::project(sql, hall, event, at)?;
    match event {
        QueueEvent::Relabelled { ticket, label } => {
            let statement = "UPDATE visits SET label = ?2 WHERE ticket = ?1";
            execute(sql, statement, (ticket.to_string(), label.to_string()))
        }
        QueueEvent::Prioritised { ticket, priority } => {
            let statement = "UPDATE visits SET priority = ?2 WHERE ticket = ?1";
            execute(sql, statement, (ticket.to_string(), word(*priority)?))
        }
        QueueEvent::Called(here)
        | QueueEvent::Started(here)
        | QueueEvent::Finished(here)
        | QueueEvent::Missed(here) => at_window(sql, event, here, at),
        QueueEvent::Transferred { from, group } => {
            let statement = "UPDATE visits SET group_now = ?2 WHERE ticket = ?1";
            execute(sql, statement, (from.ticket.to_string(), group.to_string()))
        }
        QueueEvent::Returned { ticket } => {
            let statement = "UPDATE visits SET missed_at = NULL WHERE ticket = ?1";
            execute(sql, statement, [ticket.to_string()])
        }
        QueueEvent::Left { ticket } => {
            let statement = "UPDATE visits SET left_at = ?2 WHERE ticket = ?1";
            execute(sql, statement, (ticket.to_string(), at.0))
        }
        QueueEvent::DayClosed { day } => {
            let statement = "UPDATE visits
                             SET lapsed_at = ?3
                             WHERE hall = ?1
                               AND day = ?2
                               AND finished_at IS NULL
                               AND left_at IS NULL
                               AND missed_at IS NULL";
            execute(sql, statement, (hall.to_string(), day.to_string(), at.0))
        }
        QueueEvent::Issued(_)
        | QueueEvent::Booked(_)
        | QueueEvent::Pended(_)
        | QueueEvent::Parked(_)
        | QueueEvent::WindowOpened { .. }
        | QueueEvent::WindowPaused { .. }
        | QueueEvent::WindowClosed { .. }
        | QueueEvent::WindowServes { .. } => Ok(()),
    }
}

fn issue(sql: &Connection, hall: HallId, issued: &TicketIssued) -> Result<(), StoreError> {
    let statement = "INSERT INTO visits (ticket, hall, day, label, group_code, group_now, priority,
                                         arrived_at, token_hash, code_hash, matter, found_ahead,
                                         found_windows, told)
                     VALUES (?1, ?2, (SELECT day FROM halls WHERE hall = ?2), ?3, ?4, ?4, ?5, ?6,
                             ?7, ?8, ?9, ?10, ?11, ?12)
                     ON CONFLICT (ticket) DO NOTHING";
    let values = (
        issued.ticket.to_string(),
        hall.to_string(),
        issued.label.to_string(),
        issued.group.to_string(),
        word(issued.priority)?,
        issued.arrived_at.0,
        issued.token_hash.0,
        issued.code_hash.0,
        &issued.wish.matter,
        issued.found.map(|found| found.ahead),
        issued.found.map(|found| found.windows),
        word(issued.told)?,
    );
    execute(sql, statement, values)
}

fn word<T: serde::Serialize>(value: Option<T>) -> Result<Option<String>, StoreError> {
    let text = value.map(|value| serde_json::to_string(&value));
    Ok(text.transpose()?)
}

/// What the window's acts leave on the visit. Who calls has not served yet.
fn at_window(
    sql: &Connection,
    event: &QueueEvent,
    here: &AtWindow,
    at: UtcMs,
) -> Result<(), StoreError> {
    let statement = match event {
        QueueEvent::Called(_) => {
            "UPDATE visits
             SET window = ?2,
                 clerk = coalesce(clerk, ?4),
                 called_at = coalesce(called_at, ?3),
                 calls = calls + 1
             WHERE ticket = ?1"
        }
        QueueEvent::Started(_) => {
            "UPDATE visits
             SET window = ?2,
                 clerk = ?4,
                 called_at = coalesce(called_at, ?3),
                 started_at = coalesce(started_at, ?3)
             WHERE ticket = ?1"
        }
        QueueEvent::Finished(_) => {
            "UPDATE visits
             SET window = ?2,
                 clerk = coalesce(?4, clerk),
                 finished_at = ?3
             WHERE ticket = ?1"
        }
        _ => {
            "UPDATE visits
             SET window = ?2,
                 clerk = coalesce(?4, clerk),
                 missed_at = ?3
             WHERE ticket = ?1"
        }
    };
    let clerk = here.clerk.map(|clerk| clerk.to_string());
    let ticket = here.ticket.to_string();
    execute(sql, statement, (ticket, here.window.get(), at.0, clerk))
}

/// A record was opened or taken up in a visit; said again, it changes nothing.
pub(super) fn link(sql: &Connection, linked: &VisitRecord) -> Result<(), StoreError> {
    let statement = "INSERT INTO visit_records (ticket, record)
                     VALUES (?1, ?2)
                     ON CONFLICT DO NOTHING";
    let values = (linked.ticket.to_string(), linked.record.to_string());
    execute(sql, statement, values)
}

/// How long people of a hall waited for their first call until the end of `day`, oldest call
/// first; at most `count`. Only those whose line was seen.
pub(super) fn last_waits(
    sql: &Connection,
    hall: HallId,
    day: BusinessDate,
    count: u32,
) -> Result<Vec<WaitSample>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT group_code, arrived_at, found_ahead, found_windows, called_at - arrived_at
         FROM visits
         WHERE hall = ?1
           AND called_at IS NOT NULL
           AND found_windows > 0
           AND day <= ?2
         ORDER BY called_at DESC
         LIMIT ?3",
    )?;
    let mut rows = query.query((hall.to_string(), day.to_string(), count))?;
    let mut waits = Vec::new();
    while let Some(row) = rows.next()? {
        waits.push(WaitSample {
            group: read_group(&row.get::<_, String>(0)?)?,
            arrived_at: UtcMs(row.get(1)?),
            found: Line {
                ahead: row.get(2)?,
                windows: row.get(3)?,
            },
            waited_ms: row.get::<_, i64>(4)?.max(0),
        });
    }
    waits.reverse();
    Ok(waits)
}

/// The columns of a [`VisitRow`], of the visits of a condition.
macro_rules! visits_where {
    ($condition:literal) => {
        concat!(
            "SELECT ticket, hall, label, group_now, window, arrived_at, finished_at, missed_at,
                    left_at, code_hash,
                    EXISTS (SELECT 1 FROM ratings r
                            WHERE r.ticket = v.ticket AND r.outcome = 'accepted')
             FROM visits v
             ",
            $condition
        )
    };
}

impl Reader<'_> {
    /// The visit of a ticket.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn visit(&self, ticket: TicketId) -> Result<Option<VisitRow>, StoreError> {
        self.one_visit(visits_where!("WHERE ticket = ?1"), [ticket.to_string()])
    }

    /// The visit whose slip carries this token.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn visit_by_token(&self, token: SecretHash) -> Result<Option<VisitRow>, StoreError> {
        self.one_visit(visits_where!("WHERE token_hash = ?1"), [token.0])
    }

    /// Visits of a hall with this number that arrived since then, newest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn visits_by_label(
        &self,
        hall: HallId,
        label: &TicketLabel,
        since: UtcMs,
    ) -> Result<Vec<VisitRow>, StoreError> {
        let mut query = self.sql.prepare_cached(visits_where!(
            "WHERE hall = ?1
               AND label = ?2
               AND arrived_at >= ?3
             ORDER BY arrived_at DESC"
        ))?;
        let mut rows = query.query((hall.to_string(), label.to_string(), since.0))?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            visits.push(read_visit(row)?);
        }
        Ok(visits)
    }

    /// The records that a visit was about, in the order of their opening.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_of_visit(&self, ticket: TicketId) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT record FROM visit_records WHERE ticket = ?1 ORDER BY record")?;
        let mut rows = query.query([ticket.to_string()])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(read_id(&row.get::<_, String>(0)?)?);
        }
        Ok(records)
    }

    /// The visits in which a record was opened or taken up, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn visits_of_record(&self, record: RecordId) -> Result<Vec<VisitRow>, StoreError> {
        let mut query = self.sql.prepare_cached(visits_where!(
            "WHERE ticket IN (SELECT l.ticket FROM visit_records l WHERE l.record = ?1)
             ORDER BY arrived_at"
        ))?;
        let mut rows = query.query([record.to_string()])?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            visits.push(read_visit(row)?);
        }
        Ok(visits)
    }

    fn one_visit(
        &self,
        query: &str,
        key: impl rusqlite::Params,
    ) -> Result<Option<VisitRow>, StoreError> {
        let mut query = self.sql.prepare_cached(query)?;
        query
            .query_row(key, |row| Ok(read_visit(row)))
            .optional()?
            .transpose()
    }
}

fn read_visit(row: &Row<'_>) -> Result<VisitRow, StoreError> {
    let group: String = row.get(3)?;
    Ok(VisitRow {
        ticket: read_id(&row.get::<_, String>(0)?)?,
        hall: read_id(&row.get::<_, String>(1)?)?,
        label: read_id(&row.get::<_, String>(2)?)?,
        group: read_group(&group)?,
        window: row
            .get::<_, Option<u8>>(4)?
            .map(WindowNo::new)
            .transpose()
            .map_err(corrupt)?,
        arrived_at: UtcMs(row.get(5)?),
        finished_at: row.get::<_, Option<i64>>(6)?.map(UtcMs),
        missed_at: row.get::<_, Option<i64>>(7)?.map(UtcMs),
        left_at: row.get::<_, Option<i64>>(8)?.map(UtcMs),
        code_hash: SecretHash(row.get(9)?),
        is_scored: row.get(10)?,
    })
}

/// Reads an id or a number that the store wrote itself.
pub(super) fn read_id<T: std::str::FromStr<Err = domain::id::BadId>>(
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(corrupt)
}

pub(super) fn read_group(text: &str) -> Result<GroupCode, StoreError> {
    text.parse().map_err(corrupt)
}

pub(super) fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
