//! Visits: one row per ticket with the times of its way through the hall. Derived; tickets stay
//! here after their day, because a visit may be scored for some days.

use domain::id::{GroupCode, HallId, TicketId, WindowNo};
use domain::queue::{AtWindow, QueueEvent, SecretHash, TicketIssued, TicketLabel};
use domain::rating::Visit;
use domain::time::{BusinessDate, UtcMs};
use rusqlite::{Connection, OptionalExtension, Row};

use super::projection::execute;
use super::{Reader, StoreError};

/// A visit as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// The ticket.
    pub ticket: TicketId,
    /// The hall.
    pub hall: HallId,
    /// The number on the paper.
    pub label: TicketLabel,
    /// The group.
    pub group: GroupCode,
    /// The last window that called or served it.
    pub window: Option<WindowNo>,
    /// When the person arrived.
    pub arrived_at: UtcMs,
    /// When service ended.
    pub finished_at: Option<UtcMs>,
    /// When it was given up as missed.
    pub missed_at: Option<UtcMs>,
    /// Hash of the 4-digit code.
    pub code_hash: SecretHash,
    /// Whether an accepted score exists.
    pub is_scored: bool,
}

impl VisitRow {
    /// What the rule for scores asks about.
    #[must_use]
    pub fn for_scoring(&self) -> Visit {
        Visit {
            finished: self.window.zip(self.finished_at),
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
    match event {
        QueueEvent::Issued(issued) => issue(sql, hall, issued),
        QueueEvent::Relabelled { ticket, label } => {
            let statement = "UPDATE visits SET label = ?2 WHERE ticket = ?1";
            execute(sql, statement, (ticket.to_string(), label.to_string()))
        }
        QueueEvent::Called(called) => {
            let statement = "UPDATE visits
                             SET window = ?2,
                                 called_at = coalesce(called_at, ?3),
                                 calls = calls + 1
                             WHERE ticket = ?1";
            at_window(sql, statement, called, at)
        }
        QueueEvent::Started(started) => {
            let statement = "UPDATE visits SET window = ?2, started_at = ?3 WHERE ticket = ?1";
            at_window(sql, statement, started, at)
        }
        QueueEvent::Finished(finished) => {
            let statement = "UPDATE visits SET window = ?2, finished_at = ?3 WHERE ticket = ?1";
            at_window(sql, statement, finished, at)
        }
        QueueEvent::Missed(missed) => {
            let statement = "UPDATE visits SET window = ?2, missed_at = ?3 WHERE ticket = ?1";
            at_window(sql, statement, missed, at)
        }
        QueueEvent::DayClosed { day } => {
            let statement = "UPDATE visits
                             SET lapsed_at = ?3
                             WHERE hall = ?1
                               AND day = ?2
                               AND finished_at IS NULL
                               AND missed_at IS NULL";
            execute(sql, statement, (hall.to_string(), day.to_string(), at.0))
        }
        QueueEvent::WindowOpened { .. } | QueueEvent::WindowClosed { .. } => Ok(()),
    }
}

fn issue(sql: &Connection, hall: HallId, issued: &TicketIssued) -> Result<(), StoreError> {
    let statement = "INSERT INTO visits (ticket, hall, day, label, group_code, priority,
                                         arrived_at, token_hash, code_hash)
                     VALUES (?1, ?2, (SELECT day FROM halls WHERE hall = ?2), ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (ticket) DO NOTHING";
    let values = (
        issued.ticket.to_string(),
        hall.to_string(),
        issued.label.to_string(),
        issued.group.to_string(),
        issued
            .priority
            .map(|priority| serde_json::to_string(&priority))
            .transpose()?,
        issued.arrived_at.0,
        issued.token_hash.0,
        issued.code_hash.0,
    );
    execute(sql, statement, values)
}

fn at_window(
    sql: &Connection,
    statement: &str,
    at_window: &AtWindow,
    at: UtcMs,
) -> Result<(), StoreError> {
    execute(
        sql,
        statement,
        (at_window.ticket.to_string(), at_window.window.get(), at.0),
    )
}

/// How long the last services of a hall took that were begun and ended until the end of `day`,
/// oldest first; at most `count`.
pub(super) fn last_services(
    sql: &Connection,
    hall: HallId,
    day: BusinessDate,
    count: u32,
) -> Result<Vec<(GroupCode, i64)>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT group_code, max(finished_at - started_at, 0)
         FROM visits
         WHERE hall = ?1
           AND finished_at IS NOT NULL
           AND started_at IS NOT NULL
           AND day <= ?2
         ORDER BY finished_at DESC
         LIMIT ?3",
    )?;
    let values = (hall.to_string(), day.to_string(), count);
    let found = query.query_map(values, |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut services = found
        .map(|row| {
            let (group, service_ms) = row?;
            Ok((read_group(&group)?, service_ms))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    services.reverse();
    Ok(services)
}

impl Reader<'_> {
    /// The visit of a ticket.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn visit(&self, ticket: TicketId) -> Result<Option<VisitRow>, StoreError> {
        self.one_visit(
            "SELECT ticket, hall, label, group_code, window, arrived_at, finished_at, missed_at,
                    code_hash,
                    EXISTS (SELECT 1 FROM ratings r
                            WHERE r.ticket = v.ticket AND r.outcome = 'accepted')
             FROM visits v
             WHERE ticket = ?1",
            [ticket.to_string()],
        )
    }

    /// The visit whose slip carries this token.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn visit_by_token(&self, token: SecretHash) -> Result<Option<VisitRow>, StoreError> {
        self.one_visit(
            "SELECT ticket, hall, label, group_code, window, arrived_at, finished_at, missed_at,
                    code_hash,
                    EXISTS (SELECT 1 FROM ratings r
                            WHERE r.ticket = v.ticket AND r.outcome = 'accepted')
             FROM visits v
             WHERE token_hash = ?1",
            [token.0],
        )
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
        let mut query = self.sql.prepare_cached(
            "SELECT ticket, hall, label, group_code, window, arrived_at, finished_at, missed_at,
                    code_hash,
                    EXISTS (SELECT 1 FROM ratings r
                            WHERE r.ticket = v.ticket AND r.outcome = 'accepted')
             FROM visits v
             WHERE hall = ?1
               AND label = ?2
               AND arrived_at >= ?3
             ORDER BY arrived_at DESC",
        )?;
        let mut rows = query.query((hall.to_string(), label.to_string(), since.0))?;
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
        code_hash: SecretHash(row.get(8)?),
        is_scored: row.get(9)?,
    })
}

/// Reads an id or a number that the store wrote itself.
pub(super) fn read_id<T: std::str::FromStr<Err = domain::id::BadId>>(
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(corrupt)
}

fn read_group(text: &str) -> Result<GroupCode, StoreError> {
    GroupCode::new(text.chars().next().unwrap_or(' ')).map_err(corrupt)
}

pub(super) fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
