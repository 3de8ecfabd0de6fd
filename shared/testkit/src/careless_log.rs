//! A device log as it must not be: planted, so that a proof which does not find its losses is known
//! to prove nothing. It writes into a `log.db` that the real log has made, rows as the real one
//! writes them, and is careless in one way that its maker chooses.

use std::path::Path;

use domain::id::DeviceId;
use domain::time::UtcMs;
use rusqlite::{Connection, OpenFlags};
use wire::envelope::{self, ChainHead, Draft, EventHash};
use wire::event::Event;

const INSERT_EVENT: &str = "
    INSERT INTO event (seq, hash, at_ms, canonical)
    VALUES (?1, ?2, ?3, ?4)";

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carelessness {
    /// It never waits for the disk (`synchronous=OFF`).
    NeverSyncs,
    /// It says that an event is kept and commits when the next one comes.
    AcknowledgesBeforeCommit,
}

/// The planted log.
#[derive(Debug)]
pub struct CarelessLog {
    sql: Connection,
    writer: DeviceId,
    head: ChainHead,
    carelessness: Carelessness,
}

impl CarelessLog {
    /// Goes on with an empty log that the real one has made at `path` and `writer` has adopted.
    ///
    /// # Errors
    /// When SQLite cannot open it.
    pub fn open(
        path: &Path,
        vfs: &str,
        writer: DeviceId,
        carelessness: Carelessness,
    ) -> Result<Self, rusqlite::Error> {
        let sql = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs)?;
        let synchronous = match carelessness {
            Carelessness::NeverSyncs => "OFF",
            Carelessness::AcknowledgesBeforeCommit => "FULL",
        };
        sql.pragma_update(None, "synchronous", synchronous)?;
        Ok(Self {
            sql,
            writer,
            head: ChainHead::EMPTY,
            carelessness,
        })
    }

    /// Appends an event and claims that it is durable.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn append(&mut self, event: &Event, at: UtcMs) -> Result<ChainHead, rusqlite::Error> {
        let body = event.body();
        let draft = Draft {
            writer: self.writer,
            at,
            kind: event.kind(),
            body: &body,
        };
        let text = envelope::write(&draft, self.head);
        self.head = ChainHead {
            seq: self.head.seq + 1,
            hash: EventHash::of(&text),
        };
        if self.carelessness == Carelessness::AcknowledgesBeforeCommit {
            if !self.sql.is_autocommit() {
                self.sql.execute_batch("COMMIT")?;
            }
            self.sql.execute_batch("BEGIN IMMEDIATE")?;
        }
        let row = (self.head.seq.cast_signed(), self.head.hash.0, at.0, text);
        self.sql.execute(INSERT_EVENT, row)?;
        Ok(self.head)
    }
}
