//! What citizens said about the service (derived), and the idempotency keys of what kiosks asked for
//! them (operational).

use domain::id::{FeedbackId, HallId, RequestId};
use domain::rating::Level;
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use wire::event::FeedbackSubmitted;
use wire::sealed::SealedToCentre;

use super::projection::{Stored, execute};
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError, Write};

/// What a citizen said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedbackRow {
    pub(crate) feedback: FeedbackId,
    pub(crate) hall: HallId,
    pub(crate) at: UtcMs,
    pub(crate) level: Level,
    pub(crate) about: String,
    pub(crate) text: Option<SealedToCentre>,
}

/// Level, subject and sealed words of a feedback, as stored.
pub(crate) type FeedbackGiven = (u8, String, Option<String>);

/// Takes a feedback in; the same again changes nothing.
pub(super) fn submitted(
    sql: &Connection,
    submitted: &FeedbackSubmitted,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT OR IGNORE INTO feedback VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = (
        submitted.feedback.to_string(),
        submitted.hall.to_string(),
        stored.envelope.at.0,
        u8::from(submitted.level),
        &submitted.about,
        submitted.text.as_ref().map(ToString::to_string),
    );
    execute(sql, statement, values)
}

impl Reader<'_> {
    /// What citizens said, newest first, with how many there are.
    pub(crate) fn feedback(
        &self,
        skip: u64,
        limit: u32,
    ) -> Result<(Vec<FeedbackRow>, u64), StoreError> {
        let count: i64 = self
            .sql
            .prepare_cached("SELECT count(*) FROM feedback")?
            .query_row([], |row| row.get(0))?;
        let mut query = self.sql.prepare_cached(
            "SELECT feedback, hall, at, level, about, text
             FROM feedback
             ORDER BY at DESC, feedback DESC
             LIMIT ?1 OFFSET ?2",
        )?;
        let mut rows = query.query((limit, skip.cast_signed()))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text: Option<String> = row.get(5)?;
            found.push(FeedbackRow {
                feedback: read_id(&row.get::<_, String>(0)?)?,
                hall: read_id(&row.get::<_, String>(1)?)?,
                at: UtcMs(row.get(2)?),
                level: row.get::<_, u8>(3)?.try_into().map_err(corrupt)?,
                about: row.get(4)?,
                text: text.map(|text| text.parse()).transpose().map_err(corrupt)?,
            });
        }
        Ok((found, count.cast_unsigned()))
    }

    /// A feedback as it was first given.
    pub(crate) fn feedback_given(
        &self,
        feedback: FeedbackId,
    ) -> Result<Option<FeedbackGiven>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT level, about, text FROM feedback WHERE feedback = ?1")?;
        let row = query.query_row([feedback.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        Ok(row.optional()?)
    }

    /// The keyed hash of the body with which a request came first.
    pub(crate) fn citizen_request(&self, request: RequestId) -> Result<Option<String>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT body FROM citizen_requests WHERE request = ?1")?;
        let body = query.query_row([request.to_string()], |row| row.get(0));
        Ok(body.optional()?)
    }
}

impl Write<'_> {
    /// Keeps an idempotency key.
    pub(crate) fn keep_citizen_request(
        &mut self,
        request: RequestId,
        body: &str,
        at: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO citizen_requests VALUES (?1, ?2, ?3)";
        execute(self.sql, statement, (request.to_string(), body, at.0))
    }

    /// Forgets idempotency keys that came before.
    pub(crate) fn forget_citizen_requests(&mut self, before: UtcMs) -> Result<(), StoreError> {
        let statement = "DELETE FROM citizen_requests WHERE at < ?1";
        execute(self.sql, statement, [before.0])
    }
}
