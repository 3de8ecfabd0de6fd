//! The one writer: a thread that takes every job that waits, runs them in one transaction, commits
//! once, and only then answers. A job that fails is undone by itself; a commit that fails fails
//! all of them. The memory beside the tables is reloaded whenever something was undone.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use domain::id::DeviceId;
use rusqlite::{Connection, OptionalExtension};
use tokio::sync::oneshot;

use crate::parameters::HallParameters;
use crate::vault::KeyRing;

use super::hand_out::{Ended, HandOut};
use super::live::{Live, Memory, Published};
use super::meter::StoreMeter;
use super::{Marking, Reader, Role, StoreError};

/// Most jobs that wait; beyond it a caller is told to come back.
const WAITING_JOBS_MAX: usize = 1_024;
/// Most jobs in one transaction, so that the first one is not kept waiting for long.
const BATCH_JOBS_MAX: usize = 128;

/// The writer's view within a transaction; its functions are beside the tables they write.
pub struct Write<'w> {
    pub(super) sql: &'w Connection,
    pub(super) memory: &'w mut Memory,
    pub(super) keys: &'w KeyRing,
}

impl std::fmt::Debug for Write<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Write").finish_non_exhaustive()
    }
}

impl Reader<'_> {
    /// Whether this store holds invented people only.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn is_synthetic(&self) -> Result<bool, StoreError> {
        is_synthetic(self.sql)
    }
}

impl Write<'_> {
    /// What this transaction sees.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            sql: self.sql,
            keys: self.keys,
        }
    }

    /// The memory as this transaction has changed it.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.memory.live
    }
}

pub(super) struct Handle {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    pub(super) fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
        caller: Caller,
    ) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let work = Work {
            job: Some(job),
            done: None,
            caller,
            reply,
        };
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        jobs.try_send(Box::new(work)).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Stopped,
        })?;
        Ok(answer)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread had panicked");
        }
    }
}

/// Who waits for a job's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    Task,
    /// A thread that does nothing else meanwhile, perhaps the only one of its runtime.
    Thread,
}

/// A job that waits for its transaction, with the reply that it owes.
pub(super) trait Job: Send {
    fn run(&mut self, write: &mut Write<'_>) -> Result<(), StoreError>;
    fn caller(&self) -> Caller;
    fn settle(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Work<T, F> {
    job: Option<F>,
    done: Option<T>,
    caller: Caller,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, write: &mut Write<'_>) -> Result<(), StoreError> {
        let job = self.job.take().expect("a job, because each is run once");
        self.done = Some(job(write)?);
        Ok(())
    }

    fn caller(&self) -> Caller {
        self.caller
    }

    /// The caller may have gone; that changes nothing of what was committed.
    fn settle(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { done, reply, .. } = *self;
        let answer = committed.and_then(|()| done.ok_or(StoreError::Stopped));
        drop(reply.send(answer));
    }
}

pub(super) fn start(
    sql: Connection,
    keys: KeyRing,
    parameters: HallParameters,
    role: Role,
    live: Published,
    meter: StoreMeter,
) -> Result<Handle, StoreError> {
    let memory = Memory::load(&sql, &parameters, role)?;
    live.show(&memory);
    live.announce(memory.feed_head);
    let (jobs, waiting) = sync_channel(WAITING_JOBS_MAX);
    let mut writer = Writer {
        sql,
        keys,
        memory: Some(memory),
        parameters,
        role,
        hand_out: HandOut::start(live.clone()),
        live,
        meter,
    };
    let thread = std::thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || writer.work(&waiting))
        .map_err(|error| StoreError::Sql(format!("the writer thread cannot start: {error}")))?;
    Ok(Handle {
        jobs: Some(jobs),
        thread: Some(thread),
    })
}

struct Writer {
    sql: Connection,
    keys: KeyRing,
    /// `None` after something was undone.
    memory: Option<Memory>,
    parameters: HallParameters,
    role: Role,
    live: Published,
    hand_out: HandOut,
    meter: StoreMeter,
}

impl Writer {
    fn work(&mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let mut batch = vec![first];
            batch.extend(waiting.try_iter().take(BATCH_JOBS_MAX - 1));
            self.run(batch);
        }
    }

    fn run(&mut self, mut batch: Vec<Box<dyn Job>>) {
        let begun = Instant::now();
        let outcome = self.run_in_transaction(&mut batch);
        match &outcome {
            Ok(()) => self.meter.committed(batch.len(), begun.elapsed()),
            Err(error) => self.undo_all(error, batch.len()),
        }
        if let Some(memory) = &self.memory {
            self.live.show(memory);
        }
        let (waited_for, jobs): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .partition(|job| job.caller() == Caller::Thread);
        for job in waited_for {
            job.settle(outcome.clone());
        }
        let feed_head = self.memory.as_ref().map(|memory| memory.feed_head);
        self.hand_out.hand_out(Ended {
            jobs,
            outcome,
            feed_head,
        });
    }

    fn undo_all(&mut self, error: &StoreError, jobs: usize) {
        tracing::error!(%error, jobs, "a transaction was undone");
        self.memory = None;
        if !self.sql.is_autocommit()
            && let Err(error) = self.sql.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "rollback");
        }
    }

    /// Jobs that fail by themselves are answered here and leave the batch.
    fn run_in_transaction(&mut self, batch: &mut Vec<Box<dyn Job>>) -> Result<(), StoreError> {
        self.step("BEGIN IMMEDIATE")?;
        let mut done = Vec::with_capacity(batch.len());
        while !batch.is_empty() {
            let mut job = batch.remove(0);
            match self.run_one(job.as_mut()) {
                Ok(()) => done.push(job),
                Err(error) => {
                    job.settle(Err(error.clone()));
                    self.undo_one(error)
                        .inspect_err(|_| batch.append(&mut done))?;
                }
            }
        }
        batch.append(&mut done);
        self.step("COMMIT")
    }

    fn run_one(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        self.step("SAVEPOINT job")?;
        let memory = match &mut self.memory {
            Some(memory) => memory,
            unloaded => unloaded.insert(Memory::load(&self.sql, &self.parameters, self.role)?),
        };
        job.run(&mut Write {
            sql: &self.sql,
            memory,
            keys: &self.keys,
        })?;
        self.step("RELEASE job")
    }

    /// One of the few statements that every transaction repeats: prepared once.
    fn step(&self, statement: &str) -> Result<(), StoreError> {
        self.sql.prepare_cached(statement)?.execute([])?;
        Ok(())
    }

    /// A full disk may have ended the whole transaction; then `error` is everybody's.
    fn undo_one(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.memory = None;
        if self.sql.is_autocommit() {
            return Err(error);
        }
        Ok(self.sql.execute_batch("ROLLBACK TO job; RELEASE job")?)
    }
}

/// Gives a new store its writer id and its mark.
pub(super) fn initialise(
    sql: &Connection,
    marking: Marking,
    centre: DeviceId,
) -> Result<(), StoreError> {
    let mark = match marking {
        Marking::Real => "no",
        Marking::Synthetic => "yes",
    };
    for (name, value) in [("centre", centre.to_string()), ("synthetic", mark.into())] {
        sql.execute(
            "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, ?2)",
            (name, value),
        )?;
    }
    Ok(())
}

/// A store keeps the role that it was made for.
pub(super) fn check_role(sql: &Connection, role: Role, opener: DeviceId) -> Result<(), StoreError> {
    let word = match role {
        Role::Centre => "centre".to_owned(),
        Role::HallNode { hall } => format!("node of {hall} {opener}"),
    };
    let is_new = is_empty(sql)?;
    let found = meta(sql, "role")?;
    match found {
        Some(found) if found == word => Ok(()),
        None if is_new || role == Role::Centre => set_meta(sql, "role", &word),
        found => Err(StoreError::OtherRole {
            found: found.unwrap_or_else(|| "centre".to_owned()),
            expected: word,
        }),
    }
}

/// The role that a store was made for; one that does not say is older than hall nodes.
pub(super) fn role(sql: &Connection) -> Result<Role, StoreError> {
    let word = meta(sql, "role")?.unwrap_or_default();
    let Some(node) = word.strip_prefix("node of ") else {
        return Ok(Role::Centre);
    };
    let hall = node.split(' ').next().unwrap_or_default().parse();
    let hall = hall.map_err(|error| StoreError::Corrupt(format!("meta 'role': {error}")))?;
    Ok(Role::HallNode { hall })
}

/// Whether nothing has been recorded yet.
fn is_empty(sql: &Connection) -> Result<bool, StoreError> {
    Ok(
        sql.query_row("SELECT NOT EXISTS (SELECT 1 FROM events)", [], |row| {
            row.get(0)
        })?,
    )
}

pub(super) fn is_synthetic(sql: &Connection) -> Result<bool, StoreError> {
    Ok(meta(sql, "synthetic")?.is_some_and(|mark| mark == "yes"))
}

pub(super) fn centre(sql: &Connection) -> Result<DeviceId, StoreError> {
    let id = meta(sql, "centre")?.unwrap_or_default();
    id.parse()
        .map_err(|error| StoreError::Corrupt(format!("meta 'centre': {error}")))
}

pub(super) fn meta(sql: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut query = sql.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(query.query_row([name], |row| row.get(0)).optional()?)
}

pub(super) fn set_meta(sql: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    let statement = "INSERT INTO meta (name, value) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sql.prepare_cached(statement)?.execute((name, value))?;
    Ok(())
}
