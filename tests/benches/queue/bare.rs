//! Bare SQLite: rows of a kilobyte, each durable by itself. One is inserted after each measured act,
//! so that both bear the same neighbours on the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Fault;

/// A database with one table.
pub(crate) struct Bare {
    sql: Connection,
    text: String,
}

impl Bare {
    pub(crate) fn open(folder: &Path) -> Result<Self, Fault> {
        let sql = Connection::open(folder.join("bare.db"))?;
        sql.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        sql.execute_batch(
            "PRAGMA synchronous = FULL; CREATE TABLE bare (text TEXT NOT NULL) STRICT",
        )?;
        Ok(Self {
            sql,
            text: "x".repeat(1_024),
        })
    }

    pub(crate) fn insert(&self) -> Result<Duration, Fault> {
        let mut insert = self.sql.prepare_cached("INSERT INTO bare VALUES (?1)")?;
        let begun = Instant::now();
        insert.execute([&self.text])?;
        Ok(begun.elapsed())
    }
}
