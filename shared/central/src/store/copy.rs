//! A copy of the store in one file, made while the writer goes on, and what a file holds.
//!
//! The copy is SQLite's online backup of one reader's snapshot: page by page, so that it is what
//! the store was at one instant, faults included. Names, hashes and places of backups are
//! `crate::backup`'s.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use domain::id::DeviceId;
use domain::time::UtcMs;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::visits::read_id;
use super::{BUSY_WAIT, Reader, Role, StoreError, writer};

/// Pages copied at a stretch: 16 MB.
const PAGES_PER_STEP: i32 = 4_096;

/// How far a record goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Number of events.
    pub events: u64,
    /// The one with the highest position; absent in an empty record.
    pub last: Option<LastEvent>,
}

/// The last event of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEvent {
    /// The centre's position.
    pub position: u64,
    /// The centre's clock when it was taken in.
    pub received: UtcMs,
    /// Its kind.
    pub kind: String,
    /// Whose chain.
    pub writer: DeviceId,
    /// The device's name; 中心 for the centre's own.
    pub writer_name: String,
    /// Its place in the chain.
    pub seq: u64,
}

/// What is held of a device's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// The number of its last event here; 0 when there is none.
    pub seq: u64,
}

/// What a file holds that nobody has open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// The centre's writer id: whose store it is.
    pub centre: DeviceId,
    /// What it is for.
    pub role: Role,
    /// The number of its last migration.
    pub schema: u64,
    /// How far its record goes.
    pub extent: Extent,
}

impl Reader<'_> {
    /// The centre's writer id.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn centre(&self) -> Result<DeviceId, StoreError> {
        writer::centre(self.sql)
    }

    /// How far the record goes.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn extent(&self) -> Result<Extent, StoreError> {
        extent(self.sql)
    }

    /// How far the chain of each device with rights is held.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn held_by_device(&self) -> Result<Vec<Held>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT d.device, d.name, coalesce(max(e.seq), 0)
             FROM devices d
             LEFT JOIN events e ON e.writer = d.device
             WHERE d.revoked_at IS NULL
             GROUP BY d.device
             ORDER BY d.name, d.device",
        )?;
        let mut rows = query.query([])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            held.push(Held {
                device: read_id(&row.get::<_, String>(0)?)?,
                name: row.get(1)?,
                seq: row.get::<_, i64>(2)?.cast_unsigned(),
            });
        }
        Ok(held)
    }

    /// Copies the store as it stands at one instant into the new file `to`, which only its owner
    /// may read. The file is on disk when this returns; after an error what is there is rubbish.
    ///
    /// # Errors
    /// A fault of storage, on either side.
    pub fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        let file = create_private(to).map_err(|error| StoreError::Full(error.to_string()))?;
        // held open by a first read, so that no step starts anew because the writer went on
        let snapshot = self.sql.unchecked_transaction()?;
        snapshot.query_row("SELECT count(*) FROM migrations", [], |_| Ok(()))?;
        let mut copy = Connection::open(to)?;
        copy.execute_batch("PRAGMA synchronous = OFF;")?;
        let backup = Backup::new(&snapshot, &mut copy)?;
        loop {
            match backup.step(PAGES_PER_STEP)? {
                StepResult::Done => break,
                StepResult::More => {}
                locked => return Err(StoreError::Sql(format!("the copy was {locked:?}"))),
            }
        }
        drop(backup);
        // one file without a journal beside it
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        copy.close().map_err(|(_, error)| error)?;
        file.sync_all()
            .map_err(|error| StoreError::Full(error.to_string()))
    }
}

fn extent(sql: &Connection) -> Result<Extent, StoreError> {
    let events = sql.query_row("SELECT count(*) FROM events", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(Extent {
        events: events.cast_unsigned(),
        last: last_event(sql)?,
    })
}

fn last_event(sql: &Connection) -> Result<Option<LastEvent>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT e.position, e.received, e.kind, e.writer, coalesce(d.name, '中心'), e.seq
         FROM events e
         LEFT JOIN devices d ON d.device = e.writer
         ORDER BY e.position DESC
         LIMIT 1",
    )?;
    let row = query.query_row([], |row| {
        let writer: String = row.get(3)?;
        let last = LastEvent {
            position: row.get::<_, i64>(0)?.cast_unsigned(),
            received: UtcMs(row.get(1)?),
            kind: row.get(2)?,
            writer: DeviceId(uuid::Uuid::nil()),
            writer_name: row.get(4)?,
            seq: row.get::<_, i64>(5)?.cast_unsigned(),
        };
        Ok((writer, last))
    });
    let found = row.optional()?.map(|(writer, last)| {
        let writer = read_id(&writer)?;
        Ok(LastEvent { writer, ..last })
    });
    found.transpose()
}

/// A new file for the owner only.
pub(crate) fn create_private(path: &Path) -> std::io::Result<File> {
    let options = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .to_owned();
    options.open(path)
}

/// How far the record goes in a store that nobody else has open, whatever its schema. The store is
/// not migrated; a journal that a killed process left is put into it.
///
/// # Errors
/// A fault of storage.
pub fn extent_of_file(path: &Path) -> Result<Extent, StoreError> {
    let sql = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    extent(&sql)
}

/// Checks that a file which nobody has open is a sound database, and says how far it goes. Nothing
/// is written. Chains and derived tables are [`Store::verify`](super::Store::verify)'s.
///
/// # Errors
/// [`StoreError::Corrupt`] with what SQLite found; any other fault of storage.
pub fn facts_of_file(path: &Path) -> Result<FileFacts, StoreError> {
    let sql = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    sql.busy_timeout(BUSY_WAIT)?;
    let found: String = sql.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(StoreError::Corrupt(found));
    }
    let schema = sql.query_row("SELECT count(*) FROM migrations", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(FileFacts {
        centre: writer::centre(&sql)?,
        role: writer::role(&sql)?,
        schema: schema.cast_unsigned(),
        extent: extent(&sql)?,
    })
}
