//! Scores: every submission with its outcome, and the figures per window. One accepted score per
//! visit is also a unique index.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::{HallId, WindowNo};
use domain::rating::{Level, WindowScores};
use domain::time::UtcMs;
use rusqlite::Connection;
use wire::event::{RatingAccepted, RatingRefused, RatingSubmitted, VisitProof};

use crate::overview::HallScores;

use super::projection::{Stored, execute};
use super::visits::corrupt;
use super::{Reader, StoreError};

/// A submission came in. The same one twice is one row: the first.
pub(super) fn submitted(
    sql: &Connection,
    submitted: &RatingSubmitted,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO ratings (rating, hall, ticket, matter_level, staff_level, reasons,
                                          channel, origin, writer, submitted_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                     ON CONFLICT (rating) DO NOTHING";
    let ticket = match &submitted.visit {
        VisitProof::WindowTerminal { ticket, .. }
        | VisitProof::CodeChecked { ticket }
        | VisitProof::TokenChecked { ticket } => Some(ticket.to_string()),
        VisitProof::CodeUnchecked { .. } => None,
    };
    let score = &submitted.submission;
    let values = (
        score.rating.to_string(),
        submitted.hall.to_string(),
        ticket,
        u8::from(score.matter_level),
        score.staff_level.map(u8::from),
        serde_json::to_string(&score.reasons)?,
        serde_json::to_string(&score.channel)?,
        serde_json::to_string(&submitted.origin)?,
        stored.envelope.writer.to_string(),
        stored.envelope.at.0,
    );
    execute(sql, statement, values)
}

/// A submission counts.
pub(super) fn accepted(sql: &Connection, accepted: &RatingAccepted) -> Result<(), StoreError> {
    let statement = "UPDATE ratings
                     SET outcome = 'accepted', ticket = ?2, window = ?3
                     WHERE rating = ?1
                       AND outcome = 'submitted'";
    let (rating, ticket) = (accepted.rating.to_string(), accepted.ticket.to_string());
    execute(sql, statement, (rating, ticket, accepted.window.get()))
}

/// A submission is kept and does not count.
pub(super) fn refused(sql: &Connection, refused: &RatingRefused) -> Result<(), StoreError> {
    let statement = "UPDATE ratings
                     SET outcome = 'refused', refusal = ?2
                     WHERE rating = ?1
                       AND outcome = 'submitted'";
    let word = serde_json::to_value(refused.code)?;
    execute(sql, statement, (refused.rating.to_string(), word.as_str()))
}

impl Reader<'_> {
    /// Visits finished from `from` to `to` inclusive and the accepted scores of these visits.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn hall_scores(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HallScores, StoreError> {
        let period = (hall.to_string(), start_of(from).0, start_of(next_day(to)).0);
        let mut windows: BTreeMap<WindowNo, WindowScores> = BTreeMap::new();
        let mut query = self.sql.prepare_cached(
            "SELECT v.window, r.matter_level, count(*)
             FROM visits v
             LEFT JOIN ratings r ON r.ticket = v.ticket AND r.outcome = 'accepted'
             WHERE v.hall = ?1
               AND v.finished_at >= ?2
               AND v.finished_at < ?3
             GROUP BY v.window, r.matter_level",
        )?;
        let mut rows = query.query((&period.0, period.1, period.2))?;
        while let Some(row) = rows.next()? {
            let window = WindowNo::new(row.get(0)?).map_err(corrupt)?;
            let visits = row.get::<_, i64>(2)?.cast_unsigned();
            let scores = windows.entry(window).or_default();
            scores.visits += visits;
            if let Some(level) = row.get::<_, Option<u8>>(1)? {
                scores
                    .scores
                    .insert(Level::try_from(level).map_err(corrupt)?, visits);
            }
        }
        Ok(HallScores {
            windows,
            refused: self.refused_scores(&period)?,
        })
    }

    fn refused_scores(
        &self,
        (hall, from_ms, to_ms): &(String, i64, i64),
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT refusal, count(*)
             FROM ratings
             WHERE hall = ?1
               AND outcome = 'refused'
               AND submitted_at >= ?2
               AND submitted_at < ?3
             GROUP BY refusal",
        )?;
        let counts = query.query_map((hall, from_ms, to_ms), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(counts.collect::<Result<_, _>>()?)
    }
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

/// The first instant of a calendar day on the hall's clock.
fn start_of(day: NaiveDate) -> UtcMs {
    const HALL_OFFSET_MS: i64 = 8 * 3_600_000;
    let midnight = day
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_millis();
    UtcMs(midnight.saturating_sub(HALL_OFFSET_MS))
}
