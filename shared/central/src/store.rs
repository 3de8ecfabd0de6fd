//! The only module with SQL. SQLite in WAL mode with full synchronisation: one writer thread that
//! commits many jobs at once, several readers, numbered migrations whose hashes are recorded.
//!
//! Three kinds of tables (`migrations/`):
//! - the record: `events`, and `quarantine` for what contradicts it;
//! - derived tables, which [`rebuild`](Store::rebuild) fills anew from the events;
//! - operational state, backed up and not rebuilt: `meta` (the centre's own writer id, whether the
//!   store is synthetic, the feed's highest position), `contacts` (skew and last push of devices,
//!   with the signed tail), `held_events` (beyond a gap), `checkpoints` (the signed tails that
//!   a hall node relays), `device_status`, `lost_positions` (of the feed, after a restore),
//!   `enrolment_codes`, `staff` (credentials), `staff_sessions`, `person_keys` and `wrapped_keys`
//!   (of persons and of the store, under the master key), `attachments` (with the keys of their
//!   contents, which are files beside the database), `outreach_attempts` (how often a message was
//!   tried), `citizen_requests` (idempotency keys of kiosks), and the feed's rows of the present
//!   (`queue`, `window`, `call`) and from the centre (`is_relayed`). In memory only: request nonces,
//!   pictures of screens, sessions of remote help, counts of failed sign-ins.

mod attachments;
mod audit;
mod boards;
mod case_claims;
mod case_effects;
mod case_list;
mod case_listings;
mod case_matching;
mod case_names;
mod case_search;
mod cases;
mod citizens;
mod contacts;
mod copy;
mod derived;
mod documents;
mod emergencies;
mod error;
mod feed;
mod fleet;
mod gaps;
mod hand_out;
mod keys;
mod kinds;
mod ledger;
mod live;
mod meter;
mod migration;
mod opened;
mod outreach;
mod parameters;
mod person_vault;
mod persons;
mod projection;
mod public_rows;
mod rebuild;
mod relay;
mod restored;
mod roles;
mod rotation;
mod scores;
mod scrub;
mod sessions;
mod staff;
mod start_page;
mod trail;
mod turns;
mod vacancies_before_records;
mod verify;
mod visits;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, watch};

use crate::edge;
use crate::parameters::HallParameters;
use crate::vault::{KeyCustody, KeyRing};

pub(crate) use attachments::{AttachmentRow, ContentHash, attachment_names_of_file};
pub use audit::AuditFilter;
pub(crate) use boards::{
    AiredWhat, Airing, AiringQuery, RegisteredBoard, ReplacedIn, Replacements,
};
pub use boards::{DescribedBoard, RunningClearing};
pub(crate) use case_effects::{content_of, daily_window, priority_of};
pub use case_list::{CaseLine, CaseList, CaseQuery, CaseSort, Page, WorkLine};
pub(crate) use case_matching::Opening as MatchOpening;
pub use cases::HistoryEvent;
pub(crate) use citizens::FeedbackRow;
pub use contacts::{Contact, EnrolmentCode};
pub(crate) use copy::create_private;
pub use copy::{Extent, FileFacts, Held, LastEvent, extent_of_file, facts_of_file};
pub use documents::{DocumentRow, Withdrawn};
pub(crate) use emergencies::EndedEmergency;
pub use emergencies::RunningEmergency;
pub use error::StoreError;
pub use fleet::{ChainGap, Refusal, ToldStatus};
pub use keys::{KeyStatus, Purged};
pub use ledger::ChainFault;
use live::Memory;
pub use live::{DeviceRecord, Live};
pub use meter::{RecordCounts, StoreMeter};
pub(crate) use outreach::{ContactLine, OutboxCounts, OutreachRow};
pub use parameters::WaitingChange;
pub use person_vault::{LookupHash, Opened, PersonFault, PersonVault};
pub use persons::PersonRecord;
pub(crate) use roles::DeputyLine;
pub(crate) use scores::{LowScore, ScoresBy};
pub(crate) use sessions::{SessionLine, SessionStart, StoredSession};
pub use staff::StaffAccount;
pub(crate) use start_page::{DueLine, DueTally, SeenKind, Tally};
pub use vacancies_before_records::OldVacancy;
pub(crate) use verify::SCRATCH_PREFIX;
pub use verify::Verification;
pub use visits::VisitRow;
use writer::Caller;
pub use writer::Write;

pub use feed::{FeedAnswer, FeedDialect, FeedQuery};
pub use live::Standing;
pub(crate) use relay::signed;

/// Queries at work at once. When thousands of held requests wake together, more would not be
/// faster: each would take a thread and open a connection of its own. Short queries wait in turn.
const READERS_MAX: usize = 8;
/// The writer's cache, in KiB below zero. A commit after a page split goes through all pages that
/// are cached (the split leaves a page number above the file's), so that a larger cache makes every
/// commit slower: with 128 MiB an import into a full store took more than twice as long. What does
/// not fit comes out of the system's cache.
const WRITER_CACHE: &str = "PRAGMA cache_size = -8192";
/// What is deleted is overwritten: names and keys of erased persons leave the file.
const ERASES_BYTES: &str = "PRAGMA secure_delete = ON";
/// Statements that a connection keeps prepared: more than the program has.
const STATEMENTS_KEPT: usize = 512;
/// How long a statement waits for another process's lock (the command line beside a reader).
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// The store. Cheap to clone; the writer thread ends when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: std::path::PathBuf,
    vfs: Option<&'static str>,
    /// Before the writer, so that they are closed first: the last connection to be closed puts
    /// everything into the one file, and a reader could not.
    idle_readers: Mutex<Vec<Connection>>,
    reading: Arc<Semaphore>,
    writer: writer::Handle,
    live: live::Published,
    keys: KeyRing,
    is_synthetic: bool,
    role: Role,
    meter: StoreMeter,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

/// One reader's view; its functions are beside the tables they read.
#[derive(Debug)]
pub struct Reader<'c> {
    pub(super) sql: &'c Connection,
    pub(super) keys: &'c KeyRing,
}

/// Whether a store that is created now is marked synthetic. An existing one keeps its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// Real data.
    Real,
    /// Everything in it is invented (演示数据).
    Synthetic,
}

/// What opening a store needs from outside.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The mark of a store that is created.
    pub marking: Marking,
    /// The centre's writer id of a store that is created; an existing one keeps its own.
    pub centre_if_new: DeviceId,
    /// What halls go by.
    pub hall_parameters: HallParameters,
    /// Whether the store is the centre's or a hall node's.
    pub role: Role,
    /// The SQLite VFS: the operating system's, unless a test brings a disk that it can crash.
    pub vfs: Option<&'static str>,
    /// Where the master key is.
    pub custody: KeyCustody,
    /// The service's clock, for erasing again what a restored backup brought back.
    pub now: UtcMs,
}

/// What a store is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The centre: alone owns staff, publications and the devices that it enrolled itself.
    Centre,
    /// A hall node: the authority of one hall, which relays everything to its centre. Its writer
    /// id is the device that the centre knows it as.
    HallNode {
        /// Its hall.
        hall: HallId,
    },
}

impl Store {
    /// Opens or creates the store in `path`, migrates it and starts its writer. A store of an
    /// older schema gets its derived tables rebuilt with the migration, or neither.
    ///
    /// # Errors
    /// [`StoreError`]; nothing has been changed when a migration does not match its record, or
    /// when the master key is missing or another one.
    pub fn open(path: &Path, opening: Opening) -> Result<Self, StoreError> {
        let mut sql = connect(path, OpenFlags::default(), opening.vfs)?;
        let keys = migration::bring_up(&mut sql, opening.custody)?;
        writer::initialise(&sql, opening.marking, opening.centre_if_new)?;
        writer::check_role(&sql, opening.role, opening.centre_if_new)?;
        let is_synthetic = writer::is_synthetic(&sql)?;
        rotation::catch_up(&mut sql, &keys, edge::fill_random)?;
        let (parameters, role) = (&opening.hall_parameters, opening.role);
        keys::settle_erasures(&sql, &keys, opening.now, || {
            Memory::load(&sql, parameters, role)
        })?;
        let live = live::Published::default();
        let meter = StoreMeter::default();
        let (parameters, role) = (opening.hall_parameters, opening.role);
        let writer = writer::start(
            sql,
            keys.clone(),
            parameters,
            role,
            live.clone(),
            meter.clone(),
        )?;
        let inner = Inner {
            path: path.to_owned(),
            vfs: opening.vfs,
            idle_readers: Mutex::default(),
            reading: Arc::new(Semaphore::new(READERS_MAX)),
            writer,
            live,
            keys,
            is_synthetic,
            role: opening.role,
            meter,
        };
        let store = Self {
            inner: Arc::new(inner),
        };
        store.sweep_attachments()?;
        Ok(store)
    }

    /// Runs `job` in the writer's next transaction. `Ok` means durable.
    ///
    /// # Errors
    /// The job's own error, or that of the commit; then the job changed nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.inner
            .writer
            .submit(job, Caller::Task)?
            .await
            .map_err(|_| StoreError::Stopped)?
    }

    /// [`write`](Self::write) for threads outside the runtime.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_blocking<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.inner
            .writer
            .submit(job, Caller::Thread)?
            .blocking_recv()
            .map_err(|_| StoreError::Stopped)?
    }

    /// Runs `query` on a reader, off the runtime's threads.
    ///
    /// # Errors
    /// The query's error.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.inner.reading).acquire_owned().await;
        let turn = turn.map_err(|_| StoreError::Stopped)?;
        let store = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let answer = store.read_blocking(query);
            // not before: the caller may have gone while the query still runs
            drop(turn);
            answer
        });
        task.await.map_err(|_| StoreError::Stopped)?
    }

    /// [`read`](Self::read) for threads outside the runtime.
    ///
    /// # Errors
    /// The query's error.
    pub fn read_blocking<T>(
        &self,
        query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.inner.idle_readers.lock().expect(READERS_LOCK).pop();
        let sql = match idle {
            Some(sql) => sql,
            None => {
                let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY;
                connect(&self.inner.path, read_only, self.inner.vfs)?
            }
        };
        let answer = query(&Reader {
            sql: &sql,
            keys: &self.inner.keys,
        });
        let mut idle = self.inner.idle_readers.lock().expect(READERS_LOCK);
        if idle.len() < READERS_MAX {
            idle.push(sql);
        }
        answer
    }

    /// The committed state in memory: halls with their queues, devices.
    #[must_use]
    pub fn live(&self) -> Arc<Live> {
        self.inner.live.now()
    }

    /// What the store counts of itself.
    #[must_use]
    pub fn meter(&self) -> &StoreMeter {
        &self.inner.meter
    }

    /// Free space of the store's disk, for whoever runs the service.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn disk_free_bytes(&self) -> Result<u64, StoreError> {
        let told = rustix::fs::statvfs(&self.inner.path);
        let told = told.map_err(|error| StoreError::Sql(format!("statvfs: {error}")))?;
        Ok(told.f_bavail.saturating_mul(told.f_frsize))
    }

    /// Waits for the jobs that were given before this, then moves what the write-ahead log holds
    /// into the database, so that the file alone is whole. Readers that are at work may keep the
    /// log from being emptied; nothing is lost then.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.write_blocking(|_| Ok(()))?;
        let sql = connect(&self.inner.path, OpenFlags::default(), self.inner.vfs)?;
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        Ok(sql.query_row(checkpoint, [], |_| Ok(()))?)
    }

    /// Whether everything here is synthetic.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.inner.is_synthetic
    }

    /// What the store is for.
    #[must_use]
    pub fn role(&self) -> Role {
        self.inner.role
    }

    /// Counts up after every commit and whenever [`change_sender`](Self::change_sender) is used.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.live.changes.subscribe()
    }

    /// The feed's highest position; changes with every commit that puts a row.
    #[must_use]
    pub fn feed_head(&self) -> watch::Receiver<u64> {
        self.inner.live.feed_head.subscribe()
    }

    /// For changes of what lives in memory only (pictures, remote help).
    #[must_use]
    pub fn change_sender(&self) -> watch::Sender<u64> {
        self.inner.live.changes.clone()
    }
}

const READERS_LOCK: &str = "the readers' lock, because no holder panics";

fn connect(
    path: &Path,
    flags: OpenFlags,
    vfs: Option<&'static str>,
) -> Result<Connection, StoreError> {
    let sql = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    sql.busy_timeout(BUSY_WAIT)?;
    sql.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA synchronous = FULL;",
    )?;
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        sql.execute_batch(WRITER_CACHE)?;
        sql.execute_batch(ERASES_BYTES)?;
        sql.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    // or SQLite prepares some statements anew whenever they get other values
    sql.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    sql.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(sql)
}

#[cfg(test)]
mod tests;
