//! The record: every event once, verbatim, in the order of arrival, chained per writer. Appending
//! projects the event into the derived tables and into the memory within the same transaction.

use domain::id::DeviceId;
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use wire::envelope::{self, ChainHead, Draft, Envelope, EventHash};
use wire::event::Event;

use super::{Reader, StoreError, Write, feed, projection};

/// Why an event does not fit the chain that the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// Events before it are missing, or its predecessor is another one.
    Gap {
        /// What is held.
        held: ChainHead,
    },
    /// Another event with its number is held. Both are kept for review.
    Equivocation {
        /// The number.
        seq: u64,
    },
}

impl Write<'_> {
    /// Appends an event of the centre's own chain. Returns its position.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn append(&mut self, event: &Event, at: UtcMs) -> Result<u64, StoreError> {
        let (kind, body) = (event.kind(), event.body());
        let draft = Draft {
            writer: self.memory.centre,
            at,
            kind,
            body: &body,
        };
        let text = envelope::write(&draft, self.memory.live.head_of(self.memory.centre));
        let envelope = envelope::read(&text).map_err(unreadable)?;
        let position = self.insert(&text, &envelope, at)?;
        self.take_in(event, position, &envelope, at)?;
        Ok(position)
    }

    /// Appends an event of another writer's chain if it is the next one. `Ok(Ok(None))`: it was
    /// held already.
    ///
    /// # Errors
    /// A fault of storage; a [`ChainFault`] inside when the event does not fit.
    pub fn receive(
        &mut self,
        text: &str,
        envelope: &Envelope,
        event: Option<&Event>,
        now: UtcMs,
    ) -> Result<Result<Option<u64>, ChainFault>, StoreError> {
        let held = self.memory.live.head_of(envelope.writer);
        if envelope.seq <= held.seq {
            return Ok(self.compare_with_held(text, envelope, now)?.map(|()| None));
        }
        if !envelope.follows(held) {
            return Ok(Err(ChainFault::Gap { held }));
        }
        let position = self.insert(text, envelope, now)?;
        if let Some(event) = event {
            self.take_in(event, position, envelope, now)?;
        }
        Ok(Ok(Some(position)))
    }

    fn compare_with_held(
        &mut self,
        text: &str,
        envelope: &Envelope,
        now: UtcMs,
    ) -> Result<Result<(), ChainFault>, StoreError> {
        let held = text_of(self.sql, envelope.writer, envelope.seq)?;
        if held == text {
            return Ok(Ok(()));
        }
        self.set_aside(envelope, text, now)?;
        Ok(Err(ChainFault::Equivocation { seq: envelope.seq }))
    }

    /// Keeps an event of a branch that contradicts the record in the quarantine, with what the
    /// record holds in its place, if anything.
    pub(crate) fn set_aside(
        &mut self,
        envelope: &Envelope,
        refused: &str,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO quarantine (writer, seq, held, refused, received)
                         VALUES (?1, ?2, ?3, ?4, ?5)";
        let head = self.memory.live.head_of(envelope.writer);
        let held = if envelope.seq <= head.seq {
            text_of(self.sql, envelope.writer, envelope.seq)?
        } else {
            String::new()
        };
        let (writer, seq) = (envelope.writer.to_string(), envelope.seq.cast_signed());
        projection::execute(self.sql, statement, (writer, seq, held, refused, now.0))
    }

    fn insert(
        &mut self,
        text: &str,
        envelope: &Envelope,
        received: UtcMs,
    ) -> Result<u64, StoreError> {
        let statement = "INSERT INTO events (position, writer, seq, hash, at, kind, text, received)
                         VALUES (?8, ?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        // Only after a restore a position is given; else SQLite takes the next one.
        let position = std::mem::take(&mut self.memory.position_min);
        let position = (position > 0).then(|| position.cast_signed());
        self.sql.prepare_cached(statement)?.execute((
            envelope.writer.to_string(),
            envelope.seq.cast_signed(),
            envelope.hash.0,
            envelope.at.0,
            &envelope.kind,
            text,
            received.0,
            position,
        ))?;
        self.memory
            .live
            .heads
            .insert(envelope.writer, envelope.head());
        Ok(self.sql.last_insert_rowid().cast_unsigned())
    }

    fn take_in(
        &mut self,
        event: &Event,
        position: u64,
        envelope: &Envelope,
        received: UtcMs,
    ) -> Result<(), StoreError> {
        let stored = projection::Stored {
            position,
            envelope,
            received,
        };
        let feed_rows = projection::project(self.sql, self.keys, event, &stored)?;
        let highest = feed::position_of(position, feed_rows);
        self.memory.feed_head = self.memory.feed_head.max(highest);
        self.memory.apply(event, envelope.at);
        Ok(())
    }
}

impl Reader<'_> {
    /// The hash of a writer's event; `None` when it is not held.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn hash_at(&self, writer: DeviceId, seq: u64) -> Result<Option<EventHash>, StoreError> {
        if seq == 0 {
            return Ok(Some(EventHash::ZERO));
        }
        let mut query = self
            .sql
            .prepare_cached("SELECT hash FROM events WHERE writer = ?1 AND seq = ?2")?;
        let hash = query.query_row((writer.to_string(), seq.cast_signed()), |row| row.get(0));
        Ok(hash.optional()?.map(EventHash))
    }

    /// Where a writer's chain stands here.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn head_of(&self, writer: DeviceId) -> Result<ChainHead, StoreError> {
        head_of(self.sql, writer)
    }

    /// Number of events of a kind.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn count_of_kind(&self, kind: &str) -> Result<u64, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT count(*) FROM events WHERE kind = ?1")?;
        Ok(query
            .query_row([kind], |row| row.get::<_, i64>(0))?
            .cast_unsigned())
    }
}

pub(super) fn head_of(sql: &Connection, writer: DeviceId) -> Result<ChainHead, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT seq, hash
         FROM events
         WHERE writer = ?1
         ORDER BY seq DESC
         LIMIT 1",
    )?;
    let head = query.query_row([writer.to_string()], |row| {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        Ok(ChainHead {
            seq,
            hash: EventHash(row.get(1)?),
        })
    });
    Ok(head.optional()?.unwrap_or(ChainHead::EMPTY))
}

fn text_of(sql: &Connection, writer: DeviceId, seq: u64) -> Result<String, StoreError> {
    let mut query = sql.prepare_cached("SELECT text FROM events WHERE writer = ?1 AND seq = ?2")?;
    Ok(query.query_row((writer.to_string(), seq.cast_signed()), |row| row.get(0))?)
}

/// Which events are replayed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replayed<'k> {
    /// All of these kinds.
    pub(super) kinds: &'k [&'k str],
    /// Of these kinds those from a position on.
    pub(super) recent_kinds: &'k [&'k str],
    pub(super) from: u64,
}

/// Calls `each` with positions and canonical texts, in order of position.
pub(super) fn for_each_text(
    sql: &Connection,
    replayed: Replayed<'_>,
    mut each: impl FnMut(u64, &str) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT position, text
         FROM events
         WHERE kind IN (SELECT value FROM json_each(?1))
            OR (kind IN (SELECT value FROM json_each(?2)) AND position >= ?3)
         ORDER BY position",
    )?;
    let kinds = |kinds: &[&str]| serde_json::to_string(kinds);
    let (all, recent) = (kinds(replayed.kinds)?, kinds(replayed.recent_kinds)?);
    let mut rows = query.query((all, recent, replayed.from.cast_signed()))?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str();
        let text = text.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        each(row.get::<_, i64>(0)?.cast_unsigned(), text)?;
    }
    Ok(())
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("a stored event cannot be read: {error}"))
}
