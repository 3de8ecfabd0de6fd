//! `log.db`: the device's own hash chain, durable before anything is said to be done.
//!
//! Promises: what [`DeviceLog::append`] acknowledged is there after a crash or a power cut; the
//! chain is append-only, its times never go backwards, and it is verifiable; a lane number is never
//! handed out twice; at its bound the log refuses and says so. Events that the server holds and
//! whose time is over are removed behind a signed checkpoint, from which the chain still verifies.
//! It does not send anything (`uplink` does).

use std::path::Path;

use domain::id::DeviceId;
use domain::time::{BusinessDate, UtcMs};
use thiserror::Error;
use wire::envelope::{self, ChainHead, Draft, EVENT_BYTES_MAX, EventHash};
use wire::event::Event;
use wire::sign::{DeviceKey, DevicePublicKey, WireSignature};
use wire::status::LogCondition;

use crate::migration::MigrationError;
use crate::retention::Retention;
use crate::store::LogStore;

/// Events that may wait for the server: weeks of a busy hall kiosk, about 20 MB of `log.db`.
pub const LOG_EVENTS_UNACKED_MAX: u64 = 50_000;

/// Events looked at in one [`DeviceLog::prune`], so that it never holds the log for long.
pub const PRUNE_EVENTS_MAX: u64 = 2_000;

const STATE_WRITER: &str = "writer";
const STATE_ACKED: &str = "acked_seq";
const STATE_MARK: &str = "mark";
const STATE_HALTED: &str = "halted";

/// Why the log did not do what it was asked.
#[derive(Debug, Error)]
pub enum LogError {
    /// Too many events wait for the server.
    #[error("{unacked} events wait for the server, the log takes {LOG_EVENTS_UNACKED_MAX}.")]
    Bound {
        /// How many wait.
        unacked: u64,
    },
    /// The server holds another history under this name: what is written here would never count.
    #[error("the server holds another history of this device: it must be enrolled anew.")]
    Halted,
    /// The disk is full.
    #[error("the disk is full.")]
    Full,
    /// No device has adopted the log yet.
    #[error("the log has no writer yet: the device is not enrolled.")]
    NoWriter,
    /// The log belongs to another device.
    #[error("the log belongs to device {owner}, not to {device}: a new device needs a new folder.")]
    OtherWriter {
        /// Whose it is.
        owner: String,
        /// Who asked.
        device: DeviceId,
    },
    /// An event is longer than the envelope allows.
    #[error("the event has {0} bytes, more than {EVENT_BYTES_MAX}.")]
    TooLong(usize),
    /// A row of the chain is not what was written.
    #[error("event {seq} of the log is damaged: {reason}.")]
    Damaged {
        /// The first one found.
        seq: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// An event was asked for that has been removed.
    #[error("event {seq} was removed: the log begins behind its checkpoint {checkpoint}.")]
    Pruned {
        /// Which.
        seq: u64,
        /// Where the log begins.
        checkpoint: u64,
    },
    /// The database was made by another version of this program.
    #[error("the log's schema is not the one this program knows: {0}")]
    OtherSchema(MigrationError),
    /// A sequence number that no chain can reach.
    #[error("sequence number {0} is out of range.")]
    SeqOutOfRange(u64),
    /// All lane numbers of a day are used.
    #[error("all lane numbers of prefix {prefix} are used today.")]
    LaneExhausted {
        /// The prefix.
        prefix: char,
    },
    /// Any other fault of the database.
    #[error("the log database failed: {0}.")]
    Database(rusqlite::Error),
}

impl From<MigrationError> for LogError {
    fn from(error: MigrationError) -> Self {
        match error {
            MigrationError::Sql(error) => error.into(),
            other => Self::OtherSchema(other),
        }
    }
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Database(error),
        }
    }
}

/// An event that is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its place in the chain.
    pub seq: u64,
    /// Its hash.
    pub hash: EventHash,
}

/// What waits for the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many events.
    pub count: u64,
    /// The device's time of the oldest.
    pub oldest_at: Option<UtcMs>,
}

/// Where a pruned log begins: the last event that was removed, signed by its writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last event that was removed.
    pub head: ChainHead,
    /// The key that signed.
    pub public_key: DevicePublicKey,
    /// Its signature of the chain's tail at `head`.
    pub signature: WireSignature,
}

/// The open log. One writer; share it behind a mutex.
#[derive(Debug)]
pub struct DeviceLog {
    store: LogStore,
    writer: Option<DeviceId>,
    head: ChainHead,
    /// The last event's time.
    last_at: Option<UtcMs>,
    /// The first sequence number of this run.
    run_first_seq: u64,
    acked_seq: u64,
    unacked_max: u64,
    is_halted: bool,
}

impl DeviceLog {
    /// Opens or makes the log at `path`.
    ///
    /// # Errors
    /// [`LogError`] when the file cannot be used, was made by another version, or ends in a
    /// damaged event.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        Self::of(LogStore::open(path, None)?)
    }

    /// [`open`](Self::open) on a SQLite VFS other than the operating system's: a disk that a test
    /// can crash.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_on(path: &Path, vfs: &str) -> Result<Self, LogError> {
        Self::of(LogStore::open(path, Some(vfs))?)
    }

    fn of(store: LogStore) -> Result<Self, LogError> {
        let head = store.head()?;
        let writer = store
            .state(STATE_WRITER)?
            .and_then(|text| text.parse().ok());
        let acked = store
            .state(STATE_ACKED)?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        let acked_seq = u64::min(acked, head.seq);
        let log = Self {
            last_at: store.at_of(head.seq)?,
            run_first_seq: head.seq + 1,
            is_halted: store.state(STATE_HALTED)?.is_some(),
            store,
            writer,
            head,
            acked_seq,
            unacked_max: LOG_EVENTS_UNACKED_MAX,
        };
        log.verify_after(head.seq.saturating_sub(1).max(log.checkpoint_seq()?))?;
        Ok(log)
    }

    /// The time of the last event: the device's clock of this run begins no earlier.
    #[must_use]
    pub fn last_at(&self) -> Option<UtcMs> {
        self.last_at
    }

    /// The first sequence number of this run of the program: since it the device's clock has run
    /// on without a break.
    #[must_use]
    pub fn run_first_seq(&self) -> u64 {
        self.run_first_seq
    }

    /// Makes `writer` the owner of an empty log, or checks that it is.
    ///
    /// # Errors
    /// [`LogError::OtherWriter`] when the log belongs to another device.
    pub fn adopt(&mut self, writer: DeviceId) -> Result<(), LogError> {
        match self.writer {
            Some(owner) if owner == writer => Ok(()),
            Some(owner) => Err(LogError::OtherWriter {
                owner: owner.to_string(),
                device: writer,
            }),
            None => {
                self.store.set_state(STATE_WRITER, &writer.to_string())?;
                self.writer = Some(writer);
                Ok(())
            }
        }
    }

    /// Takes no event any more, also after a restart: the server holds another history under this
    /// name, and what is written here would never count. Only a new enrolment, with a log of its
    /// own, ends this.
    ///
    /// # Errors
    /// [`LogError`] when the database fails; it is halted until the next start all the same.
    pub fn halt(&mut self) -> Result<(), LogError> {
        self.is_halted = true;
        let seq = self.head.seq.to_string();
        self.store.set_state(STATE_HALTED, &seq)
    }

    /// Checks that an event could be appended now, by writing a mark: for acts that use something
    /// up before their event is written.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn check_room(&mut self) -> Result<(), LogError> {
        self.check_bound()?;
        self.store.set_state(STATE_MARK, &self.head.seq.to_string())
    }

    /// How the log stands, for the person in front of the screen and for the fleet page.
    #[must_use]
    pub fn condition(&self) -> LogCondition {
        let unacked = self.head.seq - self.acked_seq;
        if self.is_halted {
            LogCondition::Halted
        } else if unacked >= self.unacked_max {
            LogCondition::Full
        } else if unacked > self.unacked_max / 5 * 4 {
            LogCondition::NearlyFull
        } else {
            LogCondition::Good
        }
    }

    fn check_bound(&self) -> Result<DeviceId, LogError> {
        let writer = self.writer.ok_or(LogError::NoWriter)?;
        if self.is_halted {
            return Err(LogError::Halted);
        }
        let unacked = self.head.seq - self.acked_seq;
        if unacked >= self.unacked_max {
            Err(LogError::Bound { unacked })
        } else {
            Ok(writer)
        }
    }

    /// Appends an event; it is durable when this returns. A time before the last event's becomes
    /// that one, so that times never contradict the order.
    ///
    /// # Errors
    /// [`LogError`]; nothing has been appended then. [`LogError::Full`], [`LogError::Bound`] and
    /// [`LogError::Halted`] are for the person in front of the screen.
    pub fn append(&mut self, event: &Event, at: UtcMs) -> Result<Appended, LogError> {
        let writer = self.check_bound()?;
        let at = self.last_at.map_or(at, |last| at.max(last));
        let body = event.body();
        let draft = Draft {
            writer,
            at,
            kind: event.kind(),
            body: &body,
        };
        let canonical = envelope::write(&draft, self.head);
        if canonical.len() > EVENT_BYTES_MAX {
            return Err(LogError::TooLong(canonical.len()));
        }
        let head = ChainHead {
            seq: self.head.seq + 1,
            hash: EventHash::of(&canonical),
        };
        self.store.insert_event(head, at, &canonical)?;
        self.head = head;
        self.last_at = Some(at);
        Ok(Appended {
            seq: head.seq,
            hash: head.hash,
        })
    }

    /// The last event.
    #[must_use]
    pub fn head(&self) -> ChainHead {
        self.head
    }

    /// Our hash at `seq`: zeros for 0, `None` beyond the head and for events that were removed.
    ///
    /// # Errors
    /// [`LogError`] when the database fails.
    pub fn hash_at(&self, seq: u64) -> Result<Option<EventHash>, LogError> {
        if seq == 0 {
            return Ok(Some(EventHash::ZERO));
        }
        match self.store.hash_at(seq)? {
            Some(hash) => Ok(Some(hash)),
            None => {
                let checkpoint = self.store.checkpoint()?.map(|point| point.head);
                Ok(checkpoint
                    .filter(|head| head.seq == seq)
                    .map(|head| head.hash))
            }
        }
    }

    /// Canonical texts from `seq` on: at most `events_max`, and at most `bytes_max` in sum except
    /// that one event always comes.
    ///
    /// # Errors
    /// [`LogError::Pruned`] when `seq` was removed, or a fault of the database.
    pub fn read_from(
        &self,
        seq: u64,
        events_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<String>, LogError> {
        let checkpoint = self.checkpoint_seq()?;
        if seq <= checkpoint {
            return Err(LogError::Pruned { seq, checkpoint });
        }
        let mut texts: Vec<String> = Vec::new();
        let mut bytes = 0;
        self.store.visit_from(seq, events_max as u64, |event| {
            bytes += event.canonical.len();
            let fits = texts.is_empty() || bytes <= bytes_max;
            if fits {
                texts.push(event.canonical);
            }
            Ok(fits)
        })?;
        Ok(texts)
    }

    /// Records what the server said that it holds durably. It may be less than before: a server
    /// restored from a backup gets the rest once more.
    ///
    /// # Errors
    /// [`LogError`] when the database fails.
    pub fn record_acked(&mut self, seq: u64) -> Result<(), LogError> {
        let seq = seq.min(self.head.seq);
        if seq != self.acked_seq {
            self.store.set_state(STATE_ACKED, &seq.to_string())?;
            self.acked_seq = seq;
        }
        Ok(())
    }

    /// The last sequence number that the server acknowledged.
    #[must_use]
    pub fn acked(&self) -> u64 {
        self.acked_seq
    }

    /// What waits for the server.
    ///
    /// # Errors
    /// [`LogError`] when the database fails.
    pub fn backlog(&self) -> Result<Backlog, LogError> {
        let oldest_at = self.store.at_of(self.acked_seq + 1)?;
        Ok(Backlog {
            count: self.head.seq - self.acked_seq,
            oldest_at,
        })
    }

    /// The next number of this kiosk's lane. It counts as used when this returns, so a crash may
    /// skip a number and never repeats one. `day` is the authority's day as last known: it does
    /// not turn with the device's clock.
    ///
    /// # Errors
    /// [`LogError`] when it could not be recorded; no number has been given then.
    pub fn take_lane_number(&mut self, day: BusinessDate, prefix: char) -> Result<u16, LogError> {
        self.store.next_lane_number(day, prefix)
    }

    /// Where the log begins, if something was removed.
    ///
    /// # Errors
    /// [`LogError`] when the database fails.
    pub fn checkpoint(&self) -> Result<Option<Checkpoint>, LogError> {
        self.store.checkpoint()
    }

    fn checkpoint_seq(&self) -> Result<u64, LogError> {
        Ok(self.checkpoint()?.map_or(0, |point| point.head.seq))
    }

    /// Removes the oldest events that the server holds and whose time is over, at most
    /// [`PRUNE_EVENTS_MAX`], and signs where the log then begins. `now` is the server's time as
    /// last known. Returns how many were removed.
    ///
    /// # Errors
    /// [`LogError`]; nothing has been removed then.
    pub fn prune(
        &mut self,
        retention: &Retention,
        key: &DeviceKey,
        now: UtcMs,
    ) -> Result<u64, LogError> {
        let writer = self.writer.ok_or(LogError::NoWriter)?;
        let before = self.checkpoint_seq()?;
        // The last event stays, so that the chain's time is known at the next start.
        let (mut last, removable) = (None, self.acked_seq.min(self.head.seq.saturating_sub(1)));
        self.store
            .visit_from(before + 1, PRUNE_EVENTS_MAX, |stored| {
                let (seq, hash) = (stored.seq, stored.hash);
                let event =
                    envelope::read(&stored.canonical).map_err(|error| LogError::Damaged {
                        seq,
                        reason: error.to_string(),
                    })?;
                let may_go =
                    seq <= removable && retention.may_leave_device(&event.kind, event.at, now);
                last = if may_go {
                    Some(ChainHead { seq, hash })
                } else {
                    last
                };
                Ok(may_go)
            })?;
        let Some(head) = last else { return Ok(0) };
        self.store.remove_behind(&Checkpoint {
            head,
            public_key: key.public(),
            signature: key.sign_tail(writer, head),
        })?;
        Ok(head.seq - before)
    }

    /// Reads the whole chain and checks every link, and the signature of the checkpoint that it
    /// begins behind.
    ///
    /// # Errors
    /// [`LogError::Damaged`] with the first event that is not as written.
    pub fn verify(&self) -> Result<ChainHead, LogError> {
        let mut begin = 0;
        if let (Some(point), Some(writer)) = (self.checkpoint()?, self.writer) {
            begin = point.head.seq;
            if !point
                .public_key
                .signed_tail(writer, point.head, point.signature)
            {
                return Err(damaged(begin, "the checkpoint's signature does not hold"));
            }
        }
        self.verify_after(begin)
    }

    fn verify_after(&self, before: u64) -> Result<ChainHead, LogError> {
        let missing = || damaged(before, "it is missing");
        let mut head = ChainHead {
            seq: before,
            hash: self.hash_at(before)?.ok_or_else(missing)?,
        };
        self.store.visit_from(before + 1, u64::MAX, |stored| {
            let seq = stored.seq;
            let event = envelope::read(&stored.canonical)
                .map_err(|error| damaged(seq, &error.to_string()))?;
            if event.hash != stored.hash {
                return Err(damaged(seq, "its text does not have its hash"));
            }
            if event.seq != seq || !event.follows(head) {
                return Err(damaged(seq, "it does not follow the event before it"));
            }
            if Some(event.writer) != self.writer {
                return Err(damaged(seq, "it has another writer"));
            }
            head = event.head();
            Ok(true)
        })?;
        Ok(head)
    }
}

fn damaged(seq: u64, reason: &str) -> LogError {
    LogError::Damaged {
        seq,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
