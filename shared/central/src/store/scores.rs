//! Scores: every submission with its outcome, and the figures per window. One accepted score per
//! visit is also a unique index.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{CaseEvent, Value};
use domain::id::{HallId, RatingId, StaffId, WindowNo};
use domain::rating::{Channel, CountedScore, Level, WindowScores};
use domain::time::UtcMs;
use rusqlite::Connection;
use wire::event::{RatingAccepted, RatingRefused, RatingSubmitted, VisitProof};

use crate::cases::bad_ratings;
use crate::overview::HallScores;

use super::projection::{Stored, execute};
use super::visits::{corrupt, read_id};
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

/// Notes which record a low score opened.
pub(super) fn note_record(sql: &Connection, event: &CaseEvent) -> Result<(), StoreError> {
    let CaseEvent::Opened(opened) = event else {
        return Ok(());
    };
    let rating = opened.values.get("rating_no");
    let Some(Value::Text(rating)) = rating.filter(|_| opened.kind.as_str() == bad_ratings::KIND)
    else {
        return Ok(());
    };
    let statement = "INSERT INTO rating_records (rating, record)
                     VALUES (?1, ?2)
                     ON CONFLICT (rating) DO NOTHING";
    execute(sql, statement, (rating, opened.record.to_string()))
}

/// A low score that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LowScore {
    /// The submission.
    pub(crate) rating: RatingId,
    /// How low.
    pub(crate) level: Level,
    /// Codes of the reasons.
    pub(crate) reasons: Vec<String>,
    /// The window that served the visit.
    pub(crate) window: WindowNo,
    /// Who served it, if that was recorded.
    pub(crate) clerk: Option<StaffId>,
    /// When.
    pub(crate) finished_at: UtcMs,
}

/// By what scores are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScoresBy {
    /// The window that served, by its number.
    Window,
    /// Who served, by id.
    Clerk,
    /// The group in which it was served, by letter.
    Group,
    /// The month of the service, `2026-11`.
    Month,
}

/// Counts of visits by a key and by the level of their accepted score.
macro_rules! scores_by {
    ($key:literal) => {
        concat!(
            "SELECT ",
            $key,
            ", r.matter_level, count(*)
             FROM visits v
             LEFT JOIN ratings r ON r.ticket = v.ticket AND r.outcome = 'accepted'
             WHERE v.hall = ?1
               AND v.finished_at >= ?2
               AND v.finished_at < ?3
             GROUP BY 1, 2"
        )
    };
}

/// The hall, and the first instants of the period and of what follows it.
fn period(hall: HallId, from: NaiveDate, to: NaiveDate) -> (String, i64, i64) {
    (hall.to_string(), start_of(from).0, start_of(next_day(to)).0)
}

fn counts(mut rows: rusqlite::Rows<'_>) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        counts.insert(row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned());
    }
    Ok(counts)
}

impl Reader<'_> {
    /// Low scores submitted since then for which no record was opened, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn low_scores_without_record(
        &self,
        since: UtcMs,
        count: u32,
    ) -> Result<Vec<LowScore>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT r.rating, r.matter_level, r.reasons, r.window, v.clerk, v.finished_at
             FROM ratings r
             JOIN visits v ON v.ticket = r.ticket
             WHERE r.matter_level <= 2
               AND r.outcome = 'accepted'
               AND r.submitted_at >= ?1
               AND v.finished_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM rating_records o WHERE o.rating = r.rating)
             ORDER BY r.submitted_at
             LIMIT ?2",
        )?;
        let mut rows = query.query((since.0, count))?;
        let mut scores = Vec::new();
        while let Some(row) = rows.next()? {
            let clerk: Option<String> = row.get(4)?;
            scores.push(LowScore {
                rating: read_id(&row.get::<_, String>(0)?)?,
                level: Level::try_from(row.get::<_, u8>(1)?).map_err(corrupt)?,
                reasons: serde_json::from_str(&row.get::<_, String>(2)?)?,
                window: WindowNo::new(row.get(3)?).map_err(corrupt)?,
                clerk: clerk.map(|clerk| read_id(&clerk)).transpose()?,
                finished_at: UtcMs(row.get(5)?),
            });
        }
        Ok(scores)
    }

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
        let windows = self.scores_by(hall, ScoresBy::Window, from, to)?;
        let windows = windows.into_iter().map(|(window, scores)| {
            let window = window.parse().map_err(corrupt)?;
            Ok((window, scores))
        });
        let period = period(hall, from, to);
        Ok(HallScores {
            windows: windows.collect::<Result<_, StoreError>>()?,
            refused: self.refused_scores(&period)?,
        })
    }

    /// The same, put together by something; visits without it under an empty word.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn scores_by(
        &self,
        hall: HallId,
        by: ScoresBy,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<String, WindowScores>, StoreError> {
        let mut query = self.sql.prepare_cached(match by {
            ScoresBy::Window => scores_by!("CAST(v.window AS TEXT)"),
            ScoresBy::Clerk => scores_by!("ifnull(v.clerk, '')"),
            ScoresBy::Group => scores_by!("v.group_now"),
            // hours of the hall's clock
            ScoresBy::Month => {
                scores_by!("strftime('%Y-%m', v.finished_at / 1000 + 28800, 'unixepoch')")
            }
        })?;
        let period = period(hall, from, to);
        let mut rows = query.query((&period.0, period.1, period.2))?;
        let mut parts: BTreeMap<String, WindowScores> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let visits = row.get::<_, i64>(2)?.cast_unsigned();
            let scores = parts.entry(row.get(0)?).or_default();
            scores.visits += visits;
            if let Some(level) = row.get::<_, Option<u8>>(1)? {
                let level = Level::try_from(level).map_err(corrupt)?;
                scores.scores.insert(level, visits);
            }
        }
        Ok(parts)
    }

    /// Visits that somebody finished in a hall in a period, by day, with the scores that count of them.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn scores_of_clerk(
        &self,
        (hall, clerk): (HallId, StaffId),
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<NaiveDate, WindowScores>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT v.finished_at, r.matter_level
             FROM visits v
             LEFT JOIN ratings r ON r.ticket = v.ticket AND r.outcome = 'accepted'
             WHERE v.hall = ?1
               AND v.finished_at >= ?2
               AND v.finished_at < ?3
               AND v.clerk = ?4",
        )?;
        let (hall, from, until) = period(hall, from, to);
        let mut rows = query.query((hall, from, until, clerk.to_string()))?;
        let mut days: BTreeMap<NaiveDate, WindowScores> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let day = days.entry(UtcMs(row.get(0)?).hall_date()).or_default();
            day.visits += 1;
            if let Some(level) = row.get::<_, Option<u8>>(1)? {
                let level = Level::try_from(level).map_err(corrupt)?;
                *day.scores.entry(level).or_default() += 1;
            }
        }
        Ok(days)
    }

    /// Why people gave low scores to visits finished in a period: how often each code.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn low_score_reasons(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT reason.value, count(*)
             FROM visits v
             JOIN ratings r ON r.ticket = v.ticket AND r.outcome = 'accepted'
             JOIN json_each(r.reasons) reason
             WHERE v.hall = ?1
               AND v.finished_at >= ?2
               AND v.finished_at < ?3
               AND r.matter_level <= 2
             GROUP BY 1",
        )?;
        counts(query.query(period(hall, from, to))?)
    }

    /// Where the records stand that low scores of a period opened: how many in each state.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn redress(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT c.state, count(*)
             FROM visits v
             JOIN ratings r ON r.ticket = v.ticket AND r.outcome = 'accepted'
             JOIN rating_records o ON o.rating = r.rating
             JOIN cases c ON c.record = o.record
             WHERE v.hall = ?1
               AND v.finished_at >= ?2
               AND v.finished_at < ?3
             GROUP BY 1",
        )?;
        counts(query.query(period(hall, from, to))?)
    }

    /// The scores that count of visits finished in a period, with how long the visits took.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn counted_scores(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<CountedScore>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT r.rating, r.window, r.writer, r.channel, r.matter_level, r.submitted_at,
                    v.finished_at - coalesce(v.started_at, v.called_at, v.finished_at)
             FROM visits v
             JOIN ratings r ON r.ticket = v.ticket AND r.outcome = 'accepted'
             WHERE v.hall = ?1
               AND v.finished_at >= ?2
               AND v.finished_at < ?3",
        )?;
        let mut rows = query.query(period(hall, from, to))?;
        let mut scores = Vec::new();
        while let Some(row) = rows.next()? {
            let channel: Channel = serde_json::from_str(&row.get::<_, String>(3)?)?;
            let writer = read_id(&row.get::<_, String>(2)?)?;
            scores.push(CountedScore {
                rating: read_id(&row.get::<_, String>(0)?)?,
                window: WindowNo::new(row.get(1)?).map_err(corrupt)?,
                device: (channel != Channel::Phone).then_some(writer),
                level: Level::try_from(row.get::<_, u8>(4)?).map_err(corrupt)?,
                submitted_at: UtcMs(row.get(5)?),
                served_ms: row.get(6)?,
            });
        }
        Ok(scores)
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
