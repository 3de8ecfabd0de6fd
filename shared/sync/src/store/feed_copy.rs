//! All SQL of a device's copy of the feed. The file is a cache: another schema, other topics or
//! damage means that it is made anew, never migrated.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use wire::api::{FeedRow, Topic};

use domain::time::UtcMs;

const SCHEMA: &str = include_str!("feed_copy.sql");
const SCHEMA_VERSION: i32 = 1;

const UPSERT_ROW: &str = "
    INSERT INTO feed_row (topic, key, position, body, expires_ms)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (topic, key)
    DO UPDATE SET position = ?3, body = ?4, expires_ms = ?5";
const DELETE_ROW: &str = "
    DELETE FROM feed_row
    WHERE topic = ?1 AND key = ?2";
const SELECT_ROWS: &str = "
    SELECT topic, key, position, body, expires_ms
    FROM feed_row
    ORDER BY position";
const SELECT_CURSOR: &str = "
    SELECT position
    FROM feed_cursor
    WHERE topics = ?1";
const INSERT_CURSOR: &str = "
    INSERT INTO feed_cursor (id, position, topics)
    VALUES (1, 0, ?1)";
const UPDATE_CURSOR: &str = "
    UPDATE feed_cursor
    SET position = ?1";

/// The file, open.
#[derive(Debug)]
pub(crate) struct FeedCopyStore {
    connection: Connection,
}

impl FeedCopyStore {
    /// Opens a file of this schema and these topics; `None` when it is of others or new.
    pub(crate) fn open(path: &Path, topics: &str) -> rusqlite::Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let connection = connect(path)?;
        let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let store = Self { connection };
        Ok((version == SCHEMA_VERSION && store.cursor_of(topics)?.is_some()).then_some(store))
    }

    /// Makes the file.
    pub(crate) fn create(path: &Path, topics: &str) -> rusqlite::Result<Self> {
        let mut connection = connect(path)?;
        let write = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write.execute_batch(SCHEMA)?;
        write.execute(INSERT_CURSOR, [topics])?;
        write.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        write.commit()?;
        Ok(Self { connection })
    }

    /// The cursor that belongs to these topics.
    pub(crate) fn cursor_of(&self, topics: &str) -> rusqlite::Result<Option<u64>> {
        let mut statement = self.connection.prepare_cached(SELECT_CURSOR)?;
        let mut rows = statement.query_map([topics], |row| row.get(0))?;
        let position: Option<i64> = rows.next().transpose()?;
        Ok(position.map(i64::cast_unsigned))
    }

    /// All rows, oldest first.
    pub(crate) fn rows(&self) -> rusqlite::Result<Vec<FeedRow>> {
        let mut statement = self.connection.prepare_cached(SELECT_ROWS)?;
        let rows = statement.query_map([], |row| {
            let topic: String = row.get(0)?;
            let named = Topic::ALL.into_iter().find(|named| named.as_str() == topic);
            let expires: Option<i64> = row.get(4)?;
            Ok(named.map(|topic| {
                Ok(FeedRow {
                    topic,
                    key: row.get(1)?,
                    position: row.get::<_, i64>(2)?.cast_unsigned(),
                    body: Some(row.get(3)?),
                    expires: expires.map(UtcMs),
                })
            }))
        })?;
        rows.filter_map(Result::transpose)
            .map(|row| row.and_then(|row| row))
            .collect()
    }

    /// One transaction; dropped without [`FeedCopyWrite::commit`] nothing has happened.
    pub(crate) fn begin(&mut self) -> rusqlite::Result<FeedCopyWrite<'_>> {
        let behaviour = TransactionBehavior::Immediate;
        Ok(FeedCopyWrite(
            self.connection.transaction_with_behavior(behaviour)?,
        ))
    }
}

/// A write under way.
#[derive(Debug)]
pub(crate) struct FeedCopyWrite<'c>(Transaction<'c>);

impl FeedCopyWrite<'_> {
    /// Takes a row in; one without a body goes.
    pub(crate) fn put(&self, row: &FeedRow) -> rusqlite::Result<()> {
        let topic = row.topic.as_str();
        let Some(body) = &row.body else {
            return self.remove(row.topic, &row.key);
        };
        let mut statement = self.0.prepare_cached(UPSERT_ROW)?;
        let expires = row.expires.map(|expires| expires.0);
        let position = row.position.cast_signed();
        statement.execute(params![topic, row.key, position, body, expires])?;
        Ok(())
    }

    pub(crate) fn remove(&self, topic: Topic, key: &str) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare_cached(DELETE_ROW)?;
        statement.execute(params![topic.as_str(), key])?;
        Ok(())
    }

    pub(crate) fn set_cursor(&self, position: u64) -> rusqlite::Result<()> {
        self.0.execute(UPDATE_CURSOR, [position.cast_signed()])?;
        Ok(())
    }

    pub(crate) fn commit(self) -> rusqlite::Result<()> {
        self.0.commit()
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // What a power cut takes away comes again with the feed.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(connection)
}
