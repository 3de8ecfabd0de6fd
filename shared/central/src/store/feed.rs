//! The feed: the newest row of each (topic, key, scope), under a position that only grows.
//!
//! A row that an event causes has the position `event position × 2²² + number of the row within
//! the event`, so that a rebuild gives it the same one again. A row of the present (queue, window,
//! call) has the next free position after the highest ever given; so has a row that a hall node got
//! from its centre.
//!
//! Compaction keeps the newest row per key at once; tombstones go after [`TOMBSTONES_KEPT_MS`]. A
//! cursor from before the last tombstone that went, or from among what a restore lost, is told so
//! and begins a snapshot, which is this very table without its tombstones.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use rusqlite::Connection;
use wire::api::{FeedPage, FeedRow, Topic};

use crate::hall_state::PresentRow;

use super::{Reader, StoreError, Write, writer};

/// Bits of a position that number the rows of one event: four million listings at once.
const ROWS_PER_EVENT_BITS: u32 = 22;
/// For so long a tombstone tells a device that was away; after that it needs a snapshot.
pub(crate) const TOMBSTONES_KEPT_MS: i64 = 30 * 24 * 3_600_000;
const META_FLOOR: &str = "feed_floor";
const META_UPSTREAM_CURSOR: &str = "upstream_cursor";
const META_BURIED_BEFORE: &str = "tombstones_gone_before";
/// Rows of calls are deleted this long after they expired.
const EXPIRED_KEPT_MS: i64 = 10 * 60_000;

/// The plus keeps SQLite from going by the index of topics: it would read and sort every row of
/// them for each page, where position after position gives the page and stops.
const PAGE: &str = "SELECT position, topic, key, body, expires
                    FROM feed
                    WHERE position > ?1
                      AND +topic IN (SELECT value FROM json_each(?2))
                      AND scope IN (SELECT value FROM json_each(?3))
                      AND (expires IS NULL OR expires > ?4)
                      AND (body IS NOT NULL OR position > ?6)
                    ORDER BY position
                    LIMIT ?5";

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// What the last page said, while a snapshot is read.
    pub snapshot: Option<u64>,
    /// Whether the reader knows what a snapshot is.
    pub reads: FeedDialect,
}

/// What a reader of the feed understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedDialect {
    /// Rows and tombstones only: wire version 1.
    Rows,
    /// Snapshots too.
    Snapshots,
}

/// What a reader gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedAnswer {
    /// Rows.
    Page(FeedPage),
    /// What followed the cursor is no longer told: a snapshot is needed.
    TooOld,
}

impl Reader<'_> {
    /// How far this node has read its centre's feed.
    pub(crate) fn upstream_cursor(&self) -> Result<u64, StoreError> {
        upstream_cursor(self.sql)
    }

    /// A page of the feed. The cursor moves past rows that the filter leaves out.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn feed_page(&self, asked: &FeedQuery) -> Result<FeedAnswer, StoreError> {
        let transaction = self.sql.unchecked_transaction()?;
        if asked.reads == FeedDialect::Snapshots && self.is_too_old(asked)? {
            return Ok(FeedAnswer::TooOld);
        }
        let highest = highest_position(&transaction)?;
        let snapshot = match (asked.reads, asked.after) {
            (FeedDialect::Rows, _) => None,
            (FeedDialect::Snapshots, 0) => Some(highest),
            (FeedDialect::Snapshots, _) => asked.snapshot,
        };
        let mut query = transaction.prepare_cached(PAGE)?;
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
        let tombstones_after = snapshot.unwrap_or(0).cast_signed();
        let values = (after, topics, scopes, asked.now.0, limit, tombstones_after);
        let found = query.query_map(values, read_row)?;
        let mut rows = found.collect::<Result<Vec<_>, _>>()?;
        let has_more = rows.len() > asked.limit as usize;
        rows.truncate(asked.limit as usize);
        let last = rows.last().map_or(asked.after, |row| row.position);
        let next_after = if has_more {
            last
        } else {
            highest.max(asked.after)
        };
        Ok(FeedAnswer::Page(FeedPage {
            rows,
            next_after,
            has_more,
            snapshot,
        }))
    }

    fn is_too_old(&self, asked: &FeedQuery) -> Result<bool, StoreError> {
        if asked.after == 0 {
            return Ok(false);
        }
        // A snapshot is as new as its beginning, however far it has been read.
        let knows_until = asked.snapshot.unwrap_or(asked.after);
        Ok(knows_until < floor(self.sql)? || self.has_seen_lost_rows(knows_until)?)
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
        put.at(self.sql, self.memory.feed_head, &row.body)?;
        if key.1 != Topic::Call {
            self.memory.present.insert(key, row.body);
        }
        Ok(())
    }

    /// Takes out the tombstones that were put before `now` less [`TOMBSTONES_KEPT_MS`].
    pub(crate) fn delete_old_tombstones(&mut self, now: UtcMs) -> Result<(), StoreError> {
        let before = now.plus_ms(-TOMBSTONES_KEPT_MS);
        let highest = "SELECT max(position) FROM feed WHERE body IS NULL AND buried_at < ?1";
        let mut query = self.sql.prepare_cached(highest)?;
        let Some(last) = query.query_row([before.0], |row| row.get::<_, Option<i64>>(0))? else {
            return Ok(());
        };
        let floor = floor(self.sql)?.max(last.cast_unsigned());
        writer::set_meta(self.sql, META_FLOOR, &floor.to_string())?;
        writer::set_meta(self.sql, META_BURIED_BEFORE, &before.0.to_string())?;
        writer::set_meta(self.sql, "feed_head", &self.memory.feed_head.to_string())?;
        delete_gone_tombstones(self.sql)
    }

    /// Puts a row that the centre told its node.
    pub(crate) fn put_relayed(&mut self, row: &FeedRow, now: UtcMs) -> Result<(), StoreError> {
        self.memory.feed_head += 1;
        let put = Put {
            topic: row.topic,
            key: &row.key,
            scope: Scope::District,
            expires: row.expires,
        };
        match &row.body {
            Some(body) => put.at(self.sql, self.memory.feed_head, body)?,
            None => put.bury(self.sql, self.memory.feed_head, now)?,
        }
        let statement = "UPDATE feed SET is_relayed = 1 WHERE position = ?1";
        let position = self.memory.feed_head.cast_signed();
        self.sql.prepare_cached(statement)?.execute([position])?;
        Ok(())
    }

    /// Buries the rows of the centre that it no longer names.
    pub(crate) fn keep_relayed_only(
        &mut self,
        named: &BTreeSet<(Topic, String)>,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let mut query = self.sql.prepare(
            "SELECT position, topic, key, body, expires
             FROM feed
             WHERE is_relayed = 1 AND body IS NOT NULL",
        )?;
        let rows = query.query_map([], read_row)?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        drop(query);
        rows.into_iter()
            .filter(|row| !named.contains(&(row.topic, row.key.clone())))
            .try_for_each(|row| self.put_relayed(&FeedRow { body: None, ..row }, now))
    }

    /// How far this node has read the centre's feed.
    pub(crate) fn set_upstream_cursor(&self, cursor: u64) -> Result<(), StoreError> {
        writer::set_meta(self.sql, META_UPSTREAM_CURSOR, &cursor.to_string())
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

/// Takes out again what a rebuild has brought back of the tombstones that were gone.
pub(super) fn delete_gone_tombstones(sql: &Connection) -> Result<(), StoreError> {
    let before = writer::meta(sql, META_BURIED_BEFORE)?;
    let before: i64 = before
        .and_then(|text| text.parse().ok())
        .unwrap_or(i64::MIN);
    let statement = "DELETE FROM feed WHERE body IS NULL AND buried_at < ?1";
    sql.prepare_cached(statement)?.execute([before])?;
    Ok(())
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
    /// Puts the row.
    pub(super) fn at(&self, sql: &Connection, position: u64, body: &str) -> Result<(), StoreError> {
        self.put(sql, position, Some(body), None)
    }

    /// Puts a tombstone at the time `now`.
    pub(super) fn bury(
        &self,
        sql: &Connection,
        position: u64,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        self.put(sql, position, None, Some(now.0))
    }

    fn put(
        &self,
        sql: &Connection,
        position: u64,
        body: Option<&str>,
        buried_at: Option<i64>,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO feed (position, topic, key, scope, body, expires, buried_at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                         ON CONFLICT (topic, key, scope) DO UPDATE
                         SET position = excluded.position,
                             body = excluded.body,
                             expires = excluded.expires,
                             buried_at = excluded.buried_at";
        let (topic, scope) = (self.topic.as_str(), self.scope.text());
        let expires = self.expires.map(|at| at.0);
        let values = (
            position.cast_signed(),
            topic,
            self.key,
            scope,
            body,
            expires,
            buried_at,
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

/// A cursor before this position may have missed a tombstone.
fn floor(sql: &Connection) -> Result<u64, StoreError> {
    let noted = writer::meta(sql, META_FLOOR)?;
    Ok(noted.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn upstream_cursor(sql: &Connection) -> Result<u64, StoreError> {
    let noted = writer::meta(sql, META_UPSTREAM_CURSOR)?;
    Ok(noted.and_then(|text| text.parse().ok()).unwrap_or(0))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migration;
    use crate::vault::KeyCustody;

    #[test]
    fn a_page_is_read_from_its_cursor_on_and_nothing_is_sorted() {
        let mut sql = Connection::open_in_memory().unwrap();
        let custody = KeyCustody::of(&std::env::temp_dir(), None, None).unwrap();
        migration::bring_up(&mut sql, custody).unwrap();
        let plan = format!("EXPLAIN QUERY PLAN {PAGE}");
        let mut query = sql.prepare(&plan).unwrap();
        let steps = query.query_map((0, "[]", "[]", 0, 1, 0), |row| row.get::<_, String>(3));
        let steps: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
        assert_eq!(steps[0], "SEARCH feed USING INTEGER PRIMARY KEY (rowid>?)");
        assert!(steps.iter().all(|step| !step.contains("ORDER BY")));
    }
}
