//! All SQL of the device log. Every statement is a constant; every write is one immediate
//! transaction with `synchronous=FULL`, so that it survives a power cut once it has returned.

pub(crate) mod feed_copy;

use std::path::Path;
use std::time::Duration;

use domain::time::{BusinessDate, UtcMs};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};
use wire::envelope::{ChainHead, EventHash};
use wire::sign::{DevicePublicKey, WireSignature};

use crate::log::{Checkpoint, LogError};
use crate::migration::{self, MigrationRecord};

/// Released migrations, in order, never edited.
const MIGRATIONS: [&str; 2] = [
    include_str!("0001_device_log.sql"),
    include_str!("0002_pruning.sql"),
];

const INSERT_EVENT: &str = "
    INSERT INTO event (seq, hash, at_ms, canonical)
    VALUES (?1, ?2, ?3, ?4)";
const SELECT_HEAD: &str = "
    SELECT seq, hash
    FROM event
    ORDER BY seq DESC
    LIMIT 1";
const SELECT_HASH: &str = "
    SELECT hash
    FROM event
    WHERE seq = ?1";
const SELECT_AT: &str = "
    SELECT at_ms
    FROM event
    WHERE seq = ?1";
const SELECT_FROM: &str = "
    SELECT seq, hash, canonical
    FROM event
    WHERE seq >= ?1
    ORDER BY seq
    LIMIT ?2";
const SELECT_CHECKPOINT: &str = "
    SELECT seq, hash, public_key, signature
    FROM checkpoint";
const DELETE_CHECKPOINT: &str = "
    DELETE FROM checkpoint";
const INSERT_CHECKPOINT: &str = "
    INSERT INTO checkpoint (seq, hash, public_key, signature)
    VALUES (?1, ?2, ?3, ?4)";
const DELETE_BEHIND: &str = "
    DELETE FROM event
    WHERE seq <= ?1";
const SELECT_STATE: &str = "
    SELECT value
    FROM state
    WHERE key = ?1";
const UPSERT_STATE: &str = "
    INSERT INTO state (key, value)
    VALUES (?1, ?2)
    ON CONFLICT (key) DO UPDATE
    SET value = excluded.value";
const NEXT_LANE_NUMBER: &str = "
    INSERT INTO lane (day, prefix, last_number)
    VALUES (?1, ?2, 1)
    ON CONFLICT (day, prefix) DO UPDATE
    SET last_number = last_number + 1
    RETURNING last_number";

/// How long a statement waits for another process that reads the log.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// One row of the chain as stored.
pub(crate) struct StoredEvent {
    pub(crate) seq: u64,
    pub(crate) hash: EventHash,
    pub(crate) canonical: String,
}

/// The open database.
#[derive(Debug)]
pub(crate) struct LogStore {
    connection: Connection,
}

impl LogStore {
    pub(crate) fn open(path: &Path, vfs: Option<&str>) -> Result<Self, LogError> {
        let mut connection = match vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs)?,
            None => Connection::open(path)?,
        };
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        migrate(&mut connection)?;
        Ok(Self { connection })
    }

    pub(crate) fn insert_event(
        &mut self,
        head: ChainHead,
        at: UtcMs,
        canonical: &str,
    ) -> Result<(), LogError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let seq = sql_seq(head.seq)?;
        transaction.prepare_cached(INSERT_EVENT)?.execute(params![
            seq,
            head.hash.0.as_slice(),
            at.0,
            canonical
        ])?;
        Ok(transaction.commit()?)
    }

    pub(crate) fn head(&self) -> Result<ChainHead, LogError> {
        let mut statement = self.connection.prepare_cached(SELECT_HEAD)?;
        let head = statement.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
        match head.optional()? {
            Some((seq, hash)) => Ok(ChainHead {
                seq: seq.unsigned_abs(),
                hash: EventHash(hash),
            }),
            None => Ok(self
                .checkpoint()?
                .map_or(ChainHead::EMPTY, |point| point.head)),
        }
    }

    pub(crate) fn checkpoint(&self) -> Result<Option<Checkpoint>, LogError> {
        let mut statement = self.connection.prepare_cached(SELECT_CHECKPOINT)?;
        let point = statement.query_row([], |row| {
            Ok(Checkpoint {
                head: ChainHead {
                    seq: row.get::<_, i64>(0)?.unsigned_abs(),
                    hash: EventHash(row.get(1)?),
                },
                public_key: DevicePublicKey(row.get(2)?),
                signature: WireSignature(row.get(3)?),
            })
        });
        Ok(point.optional()?)
    }

    /// Sets the checkpoint and removes the events behind it, together.
    pub(crate) fn remove_behind(&mut self, point: &Checkpoint) -> Result<(), LogError> {
        let seq = sql_seq(point.head.seq)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(DELETE_CHECKPOINT, [])?;
        transaction.execute(
            INSERT_CHECKPOINT,
            params![
                seq,
                point.head.hash.0.as_slice(),
                point.public_key.0.as_slice(),
                point.signature.0.as_slice()
            ],
        )?;
        transaction.execute(DELETE_BEHIND, [seq])?;
        Ok(transaction.commit()?)
    }

    pub(crate) fn hash_at(&self, seq: u64) -> Result<Option<EventHash>, LogError> {
        let mut statement = self.connection.prepare_cached(SELECT_HASH)?;
        let hash = statement
            .query_row([sql_seq(seq)?], |row| row.get(0))
            .optional()?;
        Ok(hash.map(EventHash))
    }

    pub(crate) fn at_of(&self, seq: u64) -> Result<Option<UtcMs>, LogError> {
        let mut statement = self.connection.prepare_cached(SELECT_AT)?;
        let at = statement
            .query_row([sql_seq(seq)?], |row| row.get(0))
            .optional()?;
        Ok(at.map(UtcMs))
    }

    /// Calls `each` for the events from `seq` on, in order, until it returns `false`.
    pub(crate) fn visit_from(
        &self,
        seq: u64,
        events_max: u64,
        mut each: impl FnMut(StoredEvent) -> Result<bool, LogError>,
    ) -> Result<(), LogError> {
        let mut statement = self.connection.prepare_cached(SELECT_FROM)?;
        let limit = i64::try_from(events_max).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![sql_seq(seq)?, limit])?;
        while let Some(row) = rows.next()? {
            if !each(stored_event(row)?)? {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn state(&self, key: &str) -> Result<Option<String>, LogError> {
        let mut statement = self.connection.prepare_cached(SELECT_STATE)?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    pub(crate) fn set_state(&mut self, key: &str, value: &str) -> Result<(), LogError> {
        self.connection
            .prepare_cached(UPSERT_STATE)?
            .execute([key, value])?;
        Ok(())
    }

    pub(crate) fn next_lane_number(
        &mut self,
        day: BusinessDate,
        prefix: char,
    ) -> Result<u16, LogError> {
        let mut statement = self.connection.prepare_cached(NEXT_LANE_NUMBER)?;
        let key = params![day.to_string(), prefix.to_string()];
        let number: i64 = statement.query_row(key, |row| row.get(0))?;
        u16::try_from(number).map_err(|_| LogError::LaneExhausted { prefix })
    }

    /// For tests of damage from outside.
    #[cfg(test)]
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}

fn stored_event(row: &Row<'_>) -> Result<StoredEvent, LogError> {
    let seq: i64 = row.get(0)?;
    let seq = seq.unsigned_abs();
    Ok(StoredEvent {
        seq,
        hash: EventHash(row.get(1)?),
        canonical: row.get(2)?,
    })
}

fn sql_seq(seq: u64) -> Result<i64, LogError> {
    i64::try_from(seq).map_err(|_| LogError::SeqOutOfRange(seq))
}

fn migrate(connection: &mut Connection) -> Result<(), LogError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migration::bring_up(&transaction, MigrationRecord::DeviceLog, &MIGRATIONS)?;
    Ok(transaction.commit()?)
}
