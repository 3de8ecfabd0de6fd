//! The feed: the newest row of each (topic, key, scope), under a position that only grows.
//!
//! A row that an event causes has the position `event position × 2²² + number of the row within
//! the event`, so that a rebuild gives it the same one again. A row of the present (queue, window,
//! call) has the next free position after the highest ever given.

use std::collections::BTreeMap;

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use rusqlite::Connection;
use wire::api::{FeedPage, FeedRow, Topic};

use crate::hall_state::PresentRow;

use super::{Reader, StoreError, Write, writer};

/// Bits of a position that number the rows of one event: four million listings at once.
const ROWS_PER_EVENT_BITS: u32 = 22;
/// Rows of calls are deleted this long after they expired.
const EXPIRED_KEPT_MS: i64 = 10 * 60_000;

/// Who may read a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Every device of the district.
    District,
    /// The devices of one hall.
    Hall(HallId),
}

impl Scope {
    fn text(self) -> String {
        match self {
            Self::District => "district".to_owned(),
            Self::Hall(hall) => format!("hall:{hall}"),
        }
    }
}

/// What a device asks for.
#[derive(Debug, Clone)]
pub struct FeedQuery {
    /// Whose scopes.
    pub device: DeviceId,
    /// Its hall.
    pub hall: HallId,
    /// Which topics.
    pub topics: Vec<Topic>,
    /// Rows after this position.
    pub after: u64,
    /// At most so many.
    pub limit: u32,
    /// Rows that have expired by then are left out.
    pub now: UtcMs,
}

impl Reader<'_> {
    /// A page of the feed. The cursor moves past rows that the filter leaves out.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn feed_page(&self, asked: &FeedQuery) -> Result<FeedPage, StoreError> {
        let snapshot = self.sql.unchecked_transaction()?;
        let highest = highest_position(&snapshot)?;
        let mut query = snapshot.prepare_cached(
            "SELECT position, topic, key, body, expires
             FROM feed
             WHERE position > ?1
               AND topic IN (SELECT value FROM json_each(?2))
               AND scope IN (SELECT value FROM json_each(?3))
               AND (expires IS NULL OR expires > ?4)
             ORDER BY position
             LIMIT ?5",
        )?;
        let scopes = [
            Scope::District.text(),
            Scope::Hall(asked.hall).text(),
            format!("device:{}", asked.device),
        ];
        let (topics, scopes) = (
            serde_json::to_string(&asked.topics)?,
            serde_json::to_string(&scopes)?,
        );
        let limit = i64::from(asked.limit) + 1;
        let after = asked.after.cast_signed();
        let found = query.query_map((after, topics, scopes, asked.now.0, limit), read_row)?;
        let mut rows = found.collect::<Result<Vec<_>, _>>()?;
        let has_more = rows.len() > asked.limit as usize;
        rows.truncate(asked.limit as usize);
        let last = rows.last().map_or(asked.after, |row| row.position);
        let next_after = if has_more {
            last
        } else {
            highest.max(asked.after)
        };
        Ok(FeedPage {
            rows,
            next_after,
            has_more,
        })
    }
}

impl Write<'_> {
    /// Puts a row of the present into the feed unless it stands there already.
    pub(crate) fn put_present(&mut self, hall: HallId, row: PresentRow) -> Result<(), StoreError> {
        let key = (hall, row.topic, row.key);
        if row.topic != Topic::Call && self.memory.present.get(&key) == Some(&row.body) {
            return Ok(());
        }
        self.memory.feed_head += 1;
        let put = Put {
            topic: key.1,
            key: &key.2,
            scope: Scope::Hall(hall),
            expires: row.expires,
        };
        put.at(self.sql, self.memory.feed_head, Some(&row.body))?;
        if key.1 != Topic::Call {
            self.memory.present.insert(key, row.body);
        }
        Ok(())
    }

    /// Deletes calls that expired a while ago. The highest position is kept beside the feed, so
    /// that it is never given twice.
    pub(crate) fn delete_expired_calls(&mut self, now: UtcMs) -> Result<(), StoreError> {
        let statement = "DELETE FROM feed WHERE topic = 'call' AND expires < ?1";
        let deleted = self
            .sql
            .prepare_cached(statement)?
            .execute([now.plus_ms(-EXPIRED_KEPT_MS).0])?;
        if deleted > 0 {
            writer::set_meta(self.sql, "feed_head", &self.memory.feed_head.to_string())?;
        }
        Ok(())
    }
}

/// One row to be put, in place of the one before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Put<'p> {
    pub(super) topic: Topic,
    pub(super) key: &'p str,
    pub(super) scope: Scope,
    pub(super) expires: Option<UtcMs>,
}

impl Put<'_> {
    /// `body` is `None` for a tombstone.
    pub(super) fn at(
        &self,
        sql: &Connection,
        position: u64,
        body: Option<&str>,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO feed (position, topic, key, scope, body, expires)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                         ON CONFLICT (topic, key, scope) DO UPDATE
                         SET position = excluded.position,
                             body = excluded.body,
                             expires = excluded.expires";
        let (topic, scope) = (self.topic.as_str(), self.scope.text());
        let expires = self.expires.map(|at| at.0);
        let values = (
            position.cast_signed(),
            topic,
            self.key,
            scope,
            body,
            expires,
        );
        sql.prepare_cached(statement)?.execute(values)?;
        Ok(())
    }
}

/// The position of row number `index` (from 0) of the event at `event_position`.
pub(super) fn position_of(event_position: u64, index: u64) -> u64 {
    debug_assert!(
        index >> ROWS_PER_EVENT_BITS == 0,
        "an event's rows fit their bits"
    );
    (event_position << ROWS_PER_EVENT_BITS) | index
}

/// The highest position ever given.
pub(super) fn highest_position(sql: &Connection) -> Result<u64, StoreError> {
    let mut query = sql.prepare_cached("SELECT coalesce(max(position), 0) FROM feed")?;
    let held = query
        .query_row([], |row| row.get::<_, i64>(0))?
        .cast_unsigned();
    let noted = writer::meta(sql, "feed_head")?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    Ok(held.max(noted))
}

/// The rows of groups and windows as the feed holds them.
pub(super) fn present_bodies(
    sql: &Connection,
) -> Result<BTreeMap<(HallId, Topic, String), String>, StoreError> {
    let mut query = sql.prepare(
        "SELECT scope, topic, key, body
         FROM feed
         WHERE topic IN ('queue', 'window') AND body IS NOT NULL",
    )?;
    let mut bodies = BTreeMap::new();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let scope: String = row.get(0)?;
        let Some(hall) = scope
            .strip_prefix("hall:")
            .and_then(|hall| hall.parse().ok())
        else {
            continue;
        };
        bodies.insert(
            (hall, topic(&row.get::<_, String>(1)?)?, row.get(2)?),
            row.get(3)?,
        );
    }
    Ok(bodies)
}

fn topic(text: &str) -> rusqlite::Result<Topic> {
    let known = Topic::ALL.into_iter().find(|topic| topic.as_str() == text);
    known.ok_or_else(|| rusqlite::Error::InvalidColumnName(format!("topic {text}")))
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<FeedRow> {
    Ok(FeedRow {
        position: row.get::<_, i64>(0)?.cast_unsigned(),
        topic: topic(&row.get::<_, String>(1)?)?,
        key: row.get(2)?,
        body: row.get(3)?,
        expires: row.get::<_, Option<i64>>(4)?.map(UtcMs),
    })
}
