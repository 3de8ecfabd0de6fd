//! Turns: each time that a window took a visit up, from the call or the beginning to how it ended.
//! Derived; what waits, services and absences are counted from.

use chrono::NaiveDate;
use domain::hall_figures::{End, TurnFact, VisitFact};
use domain::id::{HallId, TicketId, WindowNo};
use domain::queue::{AtWindow, QueueEvent};
use domain::time::UtcMs;
use rusqlite::Connection;

use super::projection::execute;
use super::visits::{corrupt, read_group};
use super::{Reader, StoreError};

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Transferred,
    Pended,
    Parked,
    Missed,
    Returned,
    Left,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Transferred => "transferred",
            Self::Pended => "pended",
            Self::Parked => "parked",
            Self::Missed => "missed",
            Self::Returned => "returned",
            Self::Left => "left",
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
        QueueEvent::Called(called) => call(sql, called, at),
        QueueEvent::Started(started) => start(sql, started, at),
        QueueEvent::Finished(here) => end(sql, here.ticket, Outcome::Done, at),
        QueueEvent::Transferred { from, .. } => end(sql, from.ticket, Outcome::Transferred, at),
        QueueEvent::Pended(here) => end(sql, here.ticket, Outcome::Pended, at),
        QueueEvent::Parked(here) => end(sql, here.ticket, Outcome::Parked, at),
        QueueEvent::Missed(here) => end(sql, here.ticket, Outcome::Missed, at),
        QueueEvent::Returned { ticket } => end(sql, *ticket, Outcome::Returned, at),
        QueueEvent::Left { ticket } => end(sql, *ticket, Outcome::Left, at),
        QueueEvent::DayClosed { day } => {
            let statement = "UPDATE visit_turns
                             SET ended_at = ?3, outcome = 'lapsed'
                             WHERE hall = ?1
                               AND day = ?2
                               AND ended_at IS NULL";
            execute(sql, statement, (hall.to_string(), day.to_string(), at.0))
        }
        QueueEvent::Booked(_)
        | QueueEvent::Issued(_)
        | QueueEvent::Relabelled { .. }
        | QueueEvent::Prioritised { .. }
        | QueueEvent::WindowOpened { .. }
        | QueueEvent::WindowPaused { .. }
        | QueueEvent::WindowClosed { .. }
        | QueueEvent::WindowServes { .. } => Ok(()),
    }
}

/// A call of who is called already is the same turn.
fn call(sql: &Connection, called: &AtWindow, at: UtcMs) -> Result<(), StoreError> {
    if !has_open_turn(sql, called.ticket)? {
        begin(sql, called)?;
    }
    let statement = "UPDATE visit_turns
                     SET calls = calls + 1, called_at = coalesce(called_at, ?2)
                     WHERE ticket = ?1
                       AND ended_at IS NULL";
    execute(sql, statement, (called.ticket.to_string(), at.0))
}

/// Who went on without a call has a turn without one.
fn start(sql: &Connection, started: &AtWindow, at: UtcMs) -> Result<(), StoreError> {
    if !has_open_turn(sql, started.ticket)? {
        begin(sql, started)?;
    }
    let clerk = started.clerk.map(|clerk| clerk.to_string());
    let statement = "UPDATE visit_turns
                     SET started_at = ?2, clerk = coalesce(?3, clerk)
                     WHERE ticket = ?1
                       AND ended_at IS NULL";
    execute(sql, statement, (started.ticket.to_string(), at.0, clerk))
}

fn has_open_turn(sql: &Connection, ticket: TicketId) -> Result<bool, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT EXISTS (
             SELECT 1
             FROM visit_turns
             WHERE ticket = ?1
               AND ended_at IS NULL
         )",
    )?;
    Ok(query.query_row([ticket.to_string()], |row| row.get(0))?)
}

fn begin(sql: &Connection, here: &AtWindow) -> Result<(), StoreError> {
    let statement = "INSERT INTO visit_turns (ticket, turn, hall, day, group_code, window, clerk)
                     SELECT ticket,
                            (SELECT count(*) FROM visit_turns t WHERE t.ticket = v.ticket) + 1,
                            hall, day, group_now, ?2, ?3
                     FROM visits v
                     WHERE ticket = ?1";
    let clerk = here.clerk.map(|clerk| clerk.to_string());
    execute(
        sql,
        statement,
        (here.ticket.to_string(), here.window.get(), clerk),
    )
}

fn end(sql: &Connection, ticket: TicketId, outcome: Outcome, at: UtcMs) -> Result<(), StoreError> {
    let statement = "UPDATE visit_turns
                     SET ended_at = ?2, outcome = ?3
                     WHERE ticket = ?1
                       AND ended_at IS NULL";
    execute(sql, statement, (ticket.to_string(), at.0, outcome.word()))
}

impl Reader<'_> {
    /// Visits of a hall from `from` to `to` inclusive, by business day.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn visit_facts(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<VisitFact>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT day, group_code, arrived_at, called_at, told,
                    CASE WHEN finished_at IS NOT NULL THEN 'done'
                         WHEN left_at IS NOT NULL THEN 'left'
                         WHEN missed_at IS NOT NULL THEN 'missed'
                         WHEN lapsed_at IS NOT NULL THEN 'lapsed'
                    END
             FROM visits
             WHERE hall = ?1
               AND day >= ?2
               AND day <= ?3",
        )?;
        let mut rows = query.query((hall.to_string(), from.to_string(), to.to_string()))?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            let told: Option<String> = row.get(4)?;
            visits.push(VisitFact {
                day: read_day(&row.get::<_, String>(0)?)?,
                group: read_group(&row.get::<_, String>(1)?)?,
                arrived_at: UtcMs(row.get(2)?),
                called_at: row.get::<_, Option<i64>>(3)?.map(UtcMs),
                told: told.map(|told| serde_json::from_str(&told)).transpose()?,
                end: read_end(row.get::<_, Option<String>>(5)?.as_deref()),
            });
        }
        Ok(visits)
    }

    /// Turns of a hall from `from` to `to` inclusive, by business day.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn turn_facts(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<TurnFact>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT day, group_code, window, coalesce(called_at, started_at, ended_at),
                    started_at, ended_at, outcome
             FROM visit_turns
             WHERE hall = ?1
               AND day >= ?2
               AND day <= ?3",
        )?;
        let mut rows = query.query((hall.to_string(), from.to_string(), to.to_string()))?;
        let mut turns = Vec::new();
        while let Some(row) = rows.next()? {
            turns.push(TurnFact {
                day: read_day(&row.get::<_, String>(0)?)?,
                group: read_group(&row.get::<_, String>(1)?)?,
                window: WindowNo::new(row.get(2)?).map_err(corrupt)?,
                began_at: UtcMs(row.get(3)?),
                started_at: row.get::<_, Option<i64>>(4)?.map(UtcMs),
                ended_at: row.get::<_, Option<i64>>(5)?.map(UtcMs),
                end: read_end(row.get::<_, Option<String>>(6)?.as_deref()),
            });
        }
        Ok(turns)
    }
}

fn read_day(text: &str) -> Result<NaiveDate, StoreError> {
    text.parse().map_err(corrupt)
}

fn read_end(word: Option<&str>) -> End {
    match word {
        Some("done") => End::Done,
        Some("transferred") => End::Transferred,
        Some("pended" | "parked") => End::SetAside,
        Some("missed") => End::Missed,
        Some("returned") => End::Returned,
        Some("left") => End::Left,
        Some(_) => End::Lapsed,
        None => End::Open,
    }
}
