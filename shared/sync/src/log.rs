//! `log.db`: the device's own hash chain, durable before anything is said to be done.
//!
//! Promises: what [`DeviceLog::append`] acknowledged is there after a crash or a power cut; the
//! chain is append-only and verifiable; a lane number is never handed out twice; at its bound the
//! log refuses and says so. It does not send anything (`uplink` does) and does not prune.

use std::path::Path;

use domain::id::DeviceId;
use domain::time::{BusinessDate, UtcMs};
use thiserror::Error;
use wire::envelope::{self, ChainHead, Draft, EVENT_BYTES_MAX, EventHash};
use wire::event::Event;

use crate::store::LogStore;

/// Events that may wait for the server: weeks of a busy hall kiosk, about 20 MB of `log.db`.
pub const LOG_EVENTS_UNACKED_MAX: u64 = 50_000;

const STATE_WRITER: &str = "writer";
const STATE_ACKED: &str = "acked_seq";
const STATE_MARK: &str = "mark";

/// Why the log did not do what it was asked.
#[derive(Debug, Error)]
pub enum LogError {
    /// Too many events wait for the server.
    #[error("{unacked} events wait for the server, the log takes {LOG_EVENTS_UNACKED_MAX}.")]
    Bound {
        /// How many wait.
        unacked: u64,
    },
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
    /// The database was made by another version of this program.
    #[error("the log's schema {number} is not the one this program knows.")]
    OtherSchema {
        /// The migration.
        number: i64,
    },
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

/// The open log. One writer; share it behind a mutex.
#[derive(Debug)]
pub struct DeviceLog {
    store: LogStore,
    writer: Option<DeviceId>,
    head: ChainHead,
    acked_seq: u64,
    unacked_max: u64,
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
            store,
            writer,
            head,
            acked_seq,
            unacked_max: LOG_EVENTS_UNACKED_MAX,
        };
        log.verify_from(head.seq.max(1))?;
        Ok(log)
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

    /// Checks that an event could be appended now, by writing a mark: for acts that use something
    /// up before their event is written.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn check_room(&mut self) -> Result<(), LogError> {
        self.check_bound()?;
        self.store.set_state(STATE_MARK, &self.head.seq.to_string())
    }

    fn check_bound(&self) -> Result<DeviceId, LogError> {
        let writer = self.writer.ok_or(LogError::NoWriter)?;
        let unacked = self.head.seq - self.acked_seq;
        if unacked >= self.unacked_max {
            Err(LogError::Bound { unacked })
        } else {
            Ok(writer)
        }
    }

    /// Appends an event; it is durable when this returns.
    ///
    /// # Errors
    /// [`LogError`]; nothing has been appended then. [`LogError::Full`] and [`LogError::Bound`]
    /// are for the person in front of the screen.
    pub fn append(&mut self, event: &Event, at: UtcMs) -> Result<Appended, LogError> {
        let writer = self.check_bound()?;
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

    /// Our hash at `seq`: zeros for 0, `None` beyond the head.
    ///
    /// # Errors
    /// [`LogError`] when the database fails.
    pub fn hash_at(&self, seq: u64) -> Result<Option<EventHash>, LogError> {
        if seq == 0 {
            Ok(Some(EventHash::ZERO))
        } else {
            self.store.hash_at(seq)
        }
    }

    /// Canonical texts from `seq` on: at most `events_max`, and at most `bytes_max` in sum except
    /// that one event always comes.
    ///
    /// # Errors
    /// [`LogError`] when the database fails.
    pub fn read_from(
        &self,
        seq: u64,
        events_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<String>, LogError> {
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

    /// Reads the whole chain and checks every link.
    ///
    /// # Errors
    /// [`LogError::Damaged`] with the first event that is not as written.
    pub fn verify(&self) -> Result<ChainHead, LogError> {
        self.verify_from(1)
    }

    fn verify_from(&self, first_seq: u64) -> Result<ChainHead, LogError> {
        let damaged = |seq, reason: &str| LogError::Damaged {
            seq,
            reason: reason.to_owned(),
        };
        let before = first_seq - 1;
        let missing = || damaged(before, "it is missing");
        let mut head = ChainHead {
            seq: before,
            hash: self.hash_at(before)?.ok_or_else(missing)?,
        };
        self.store.visit_from(first_seq, u64::MAX, |stored| {
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use domain::id::HallId;
    use uuid::Uuid;
    use wire::event::{HelpCalled, Origin};

    use super::*;

    fn device(n: u128) -> DeviceId {
        DeviceId(Uuid::from_u128(n))
    }

    fn event() -> Event {
        Event::HelpCalled(HelpCalled {
            hall: HallId(Uuid::from_u128(9)),
            origin: Origin::Touch,
        })
    }

    fn day() -> BusinessDate {
        BusinessDate(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
    }

    fn scratch() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.db");
        (dir, path)
    }

    fn open(path: &Path) -> DeviceLog {
        let mut log = DeviceLog::open(path).unwrap();
        log.adopt(device(1)).unwrap();
        log
    }

    #[test]
    fn what_was_acknowledged_is_there_after_a_crash() {
        let (_dir, path) = scratch();
        let mut log = open(&path);
        let first = log.append(&event(), UtcMs(5)).unwrap();
        let second = log.append(&event(), UtcMs(6)).unwrap();
        // A crash runs no destructor: the connection is leaked with its WAL as it is.
        std::mem::forget(log);
        let log = open(&path);
        assert_eq!(
            log.head(),
            ChainHead {
                seq: 2,
                hash: second.hash
            }
        );
        assert_eq!(log.hash_at(1).unwrap(), Some(first.hash));
        assert_eq!(log.verify().unwrap(), log.head());
    }

    #[test]
    fn the_log_belongs_to_one_device() {
        let (_dir, path) = scratch();
        assert!(matches!(
            DeviceLog::open(&path).unwrap().append(&event(), UtcMs(0)),
            Err(LogError::NoWriter)
        ));
        drop(open(&path));
        let mut log = DeviceLog::open(&path).unwrap();
        assert!(matches!(
            log.adopt(device(2)),
            Err(LogError::OtherWriter { .. })
        ));
    }

    #[test]
    fn at_the_bound_it_refuses_until_the_server_acknowledges() {
        let (_dir, path) = scratch();
        let mut log = open(&path);
        log.unacked_max = 2;
        log.append(&event(), UtcMs(1)).unwrap();
        log.append(&event(), UtcMs(2)).unwrap();
        assert!(matches!(
            log.append(&event(), UtcMs(3)),
            Err(LogError::Bound { unacked: 2 })
        ));
        assert_eq!(
            log.backlog().unwrap(),
            Backlog {
                count: 2,
                oldest_at: Some(UtcMs(1))
            }
        );
        log.record_acked(1).unwrap();
        assert_eq!(
            log.backlog().unwrap(),
            Backlog {
                count: 1,
                oldest_at: Some(UtcMs(2))
            }
        );
        assert_eq!(log.append(&event(), UtcMs(3)).unwrap().seq, 3);
    }

    #[test]
    fn a_full_disk_is_said_and_loses_nothing() {
        let (_dir, path) = scratch();
        let mut log = open(&path);
        log.append(&event(), UtcMs(1)).unwrap();
        let pages: i64 = log
            .store
            .connection()
            .pragma_query_value(None, "page_count", |r| r.get(0))
            .unwrap();
        log.store
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
        let mut kept = 1;
        let error = loop {
            match log.append(&event(), UtcMs(2)) {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, LogError::Full), "{error}");
        drop(log);
        assert_eq!(open(&path).verify().unwrap().seq, kept);
    }

    #[test]
    fn a_changed_row_is_found_and_cannot_be_made_by_accident() {
        let (_dir, path) = scratch();
        let mut log = open(&path);
        for at in 1..=4 {
            log.append(&event(), UtcMs(at)).unwrap();
        }
        let change = "UPDATE event SET canonical = replace(canonical, 'touch', 'demos')";
        let sql = log.store.connection();
        assert!(sql.execute(change, []).is_err());
        sql.execute_batch("DROP TRIGGER event_is_never_changed")
            .unwrap();
        sql.execute(&format!("{change} WHERE seq = 2"), []).unwrap();
        assert!(matches!(
            log.verify(),
            Err(LogError::Damaged { seq: 2, .. })
        ));
    }

    #[test]
    fn reading_is_bounded_by_count_and_bytes_and_always_progresses() {
        let (_dir, path) = scratch();
        let mut log = open(&path);
        for at in 1..=5 {
            log.append(&event(), UtcMs(at)).unwrap();
        }
        let one = log.read_from(1, 1, usize::MAX).unwrap()[0].len();
        assert_eq!(log.read_from(1, 1, 0).unwrap().len(), 1);
        assert_eq!(log.read_from(2, 10, one * 3).unwrap().len(), 3);
        assert_eq!(log.read_from(4, 10, usize::MAX).unwrap().len(), 2);
        assert_eq!(
            log.read_from(6, 10, usize::MAX).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_lane_number_is_never_given_twice_even_after_a_crash() {
        let (_dir, path) = scratch();
        let mut log = open(&path);
        assert_eq!(log.take_lane_number(day(), 'A').unwrap(), 1);
        std::mem::forget(log);
        let mut log = open(&path);
        assert_eq!(log.take_lane_number(day(), 'A').unwrap(), 2);
        assert_eq!(log.take_lane_number(day(), 'V').unwrap(), 1);
        let tomorrow = BusinessDate(day().0.succ_opt().unwrap());
        assert_eq!(log.take_lane_number(tomorrow, 'A').unwrap(), 1);
    }
}
