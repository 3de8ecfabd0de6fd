//! Keeps a device's events going up: drives `wire::link::Uplink` against the log and the client.
//! The machine decides what is sent and when; this module only reads, sends, and records what the
//! server said that it holds durably. [`next_push`] and [`note_held`] are the whole of its dealing
//! with the log, without a clock or a line, so that a simulation runs the same code.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::time::UtcMs;
use tokio::sync::{Notify, watch};
use wire::api::{PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push};
use wire::envelope::{ChainHead, EventHash};
use wire::link::{Output, Told, Uplink};
use wire::status::{DeviceStatus, FaultReport, LogCondition, STATUS_EVERY_MS};

use crate::client::{CallError, CentralClient};
use crate::entropy::random_per_mille;
use crate::identity::DeviceIdentity;
use crate::log::{DeviceLog, LogError, PRUNE_EVENTS_MAX};
use crate::retention::Retention;

/// A log that several threads append to.
pub type SharedLog = Arc<Mutex<DeviceLog>>;

/// How the uplink stands, for banners and the device wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkState {
    /// Whether the last request reached the server.
    pub is_online: bool,
    /// Events that the server does not hold yet.
    pub backlog: u64,
    /// When the server last answered.
    pub last_contact: Option<UtcMs>,
    /// The server holds another history under our name: a person must re-enrol the device.
    pub is_halted: bool,
}

/// What wakes the uplink before its time, and what else it tells with the device's status.
#[derive(Debug, Default)]
pub struct UplinkWake {
    /// An event was appended.
    pub appended: Notify,
    /// Another request reached the server: a back-off is pointless now.
    pub reachable: Notify,
    /// Of a display driver.
    faults: Mutex<Vec<FaultReport>>,
}

impl UplinkWake {
    /// Tells these faults with the next status, and with every one until others are told.
    pub fn tell_faults(&self, faults: Vec<FaultReport>) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    fn faults(&self) -> Vec<FaultReport> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.clone()
    }
}

/// Locks the log. A panic while it was held leaves it usable: every write is one transaction.
pub fn lock(log: &SharedLog) -> std::sync::MutexGuard<'_, DeviceLog> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next push after what the server holds; `None` when there is nothing to send.
///
/// # Errors
/// [`LogError`]; [`LogError::Pruned`] when the server lacks what this log no longer has.
pub fn next_push(
    log: &DeviceLog,
    identity: &DeviceIdentity,
    held_seq: u64,
    device_time: UtcMs,
) -> Result<Option<Push>, LogError> {
    let events = log.read_from(held_seq + 1, PUSH_EVENTS_MAX, PUSH_BYTES_MAX)?;
    let Some(last) = events.last() else {
        return Ok(None);
    };
    let tail = ChainHead {
        seq: held_seq + events.len() as u64,
        hash: EventHash::of(last),
    };
    Ok(Some(Push {
        tail_signature: identity.key.sign_tail(identity.enrolled.device, tail),
        events,
        device_time,
        clock_since_seq: log.run_first_seq(),
    }))
}

/// What follows what the server was last known to hold: shown to a server that holds another
/// history, so that it keeps this branch for review. `None` when there is nothing.
///
/// # Errors
/// [`LogError`] when the database fails.
pub fn branch_push(
    log: &DeviceLog,
    identity: &DeviceIdentity,
    device_time: UtcMs,
) -> Result<Option<Push>, LogError> {
    next_push(log, identity, log.acked(), device_time)
}

/// Compares what the server holds with our chain and records it as acknowledged.
///
/// # Errors
/// [`LogError`] when the database fails.
pub fn note_held(log: &mut DeviceLog, held: ChainHead) -> Result<Told<u64>, LogError> {
    if log.hash_at(held.seq)? != Some(held.hash) {
        return Ok(Told::Contradicts);
    }
    log.record_acked(held.seq)?;
    Ok(Told::Agrees(held.seq))
}

/// Runs until `shutdown` turns true or its sender is gone.
pub async fn run_uplink(
    program: &'static str,
    log: SharedLog,
    client: Arc<CentralClient>,
    wake: Arc<UplinkWake>,
    state: watch::Sender<LinkState>,
    mut shutdown: watch::Receiver<bool>,
) {
    let runner = Runner {
        program,
        log,
        client,
        wake,
        state,
        begun: Instant::now(),
        retention: Retention::built_in(),
    };
    tokio::select! {
        () = runner.run() => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
}

struct Runner {
    program: &'static str,
    log: SharedLog,
    client: Arc<CentralClient>,
    wake: Arc<UplinkWake>,
    state: watch::Sender<LinkState>,
    begun: Instant,
    retention: Retention,
}

/// A step that failed, and how the link is told.
enum StepError {
    Call(CallError),
    Log(LogError),
}

impl From<CallError> for StepError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<LogError> for StepError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl Runner {
    async fn run(&self) {
        if lock(&self.log).condition() == LogCondition::Halted {
            return self.halt().await;
        }
        let mut link = Uplink::default();
        let mut status_due = Instant::now();
        loop {
            let own_last_seq = lock(&self.log).head().seq;
            let step = match link.poll(self.begun.elapsed(), |held| *held < own_last_seq) {
                Output::AskTails => self.ask_tail().await,
                Output::PushAfter(held_seq) => self.push_after(held_seq).await,
                Output::Idle => {
                    self.tell_status(&mut status_due).await;
                    let until = tokio::time::Instant::from_std(status_due);
                    tokio::select! {
                        () = self.wake.appended.notified() => {}
                        () = tokio::time::sleep_until(until) => {}
                    }
                    continue;
                }
                Output::SleepUntil { at } => {
                    self.note_backlog();
                    if self.sleep_until(at).await {
                        link.reachable();
                    }
                    status_due = Instant::now();
                    continue;
                }
                Output::Halted => return self.halt().await,
            };
            match step {
                Ok(held) => self.note_tail(&mut link, held).await,
                Err(error) => self.note_failure(&mut link, error),
            }
        }
    }

    /// Says so, on the device, which takes no new acts, and to the server, which stops taking
    /// events under this name; sends nothing more. The branch goes first: afterwards the server takes nothing.
    async fn halt(&self) {
        tracing::error!("the server holds another history of this device: halted");
        if let Err(error) = self.with_log(|log| log.halt()).await {
            tracing::error!(%error, "the log could not note it");
        }
        self.state.send_modify(|state| state.is_halted = true);
        let mut status_due = Instant::now();
        let mut is_shown = false;
        loop {
            is_shown = is_shown || self.show_branch().await;
            self.tell_status(&mut status_due).await;
            tokio::time::sleep_until(tokio::time::Instant::from_std(status_due)).await;
        }
    }

    /// Whether the server has seen what this log holds beyond the common history.
    async fn show_branch(&self) -> bool {
        let client = Arc::clone(&self.client);
        let branch = self
            .with_log(move |log| branch_push(log, &client.identity(), client.device_time()))
            .await;
        let push = match branch {
            Ok(Some(push)) => push,
            Ok(None) => return true,
            Err(error) => {
                tracing::error!(%error, "the branch cannot be read");
                return true;
            }
        };
        !matches!(
            self.client.push(&push).await,
            Err(CallError::Unreachable { .. })
        )
    }

    /// Sleeps; `true` when somebody else reached the server meanwhile.
    async fn sleep_until(&self, at: Duration) -> bool {
        let left = at.saturating_sub(self.begun.elapsed());
        tokio::select! {
            () = tokio::time::sleep(left) => false,
            () = self.wake.reachable.notified() => true,
        }
    }

    async fn ask_tail(&self) -> Result<ChainHead, StepError> {
        Ok(self.client.tail().await?.head)
    }

    async fn push_after(&self, held_seq: u64) -> Result<ChainHead, StepError> {
        let client = Arc::clone(&self.client);
        let push = self
            .with_log(move |log| next_push(log, &client.identity(), held_seq, client.device_time()))
            .await?;
        let push = push.ok_or_else(|| LogError::Damaged {
            seq: held_seq + 1,
            reason: "it is missing".to_owned(),
        })?;
        Ok(self.client.push(&push).await?.head)
    }

    async fn note_tail(&self, link: &mut Uplink<u64>, held: ChainHead) {
        match self.with_log(move |log| note_held(log, held)).await {
            Ok(told) => link.told(told),
            Err(error) => return self.note_failure(link, StepError::Log(error)),
        }
        let last_contact = Some(self.client.device_time());
        self.state.send_modify(|state| {
            state.is_online = true;
            state.last_contact = last_contact;
        });
        self.note_backlog();
    }

    fn note_failure(&self, link: &mut Uplink<u64>, error: StepError) {
        let now = self.begun.elapsed();
        match error {
            StepError::Call(error) => {
                tracing::debug!(%error, "uplink request failed");
                let is_online = !matches!(error, CallError::Unreachable { .. });
                self.state.send_modify(|state| state.is_online = is_online);
                link.failed(now, error.code(), error.retry_after(), random_per_mille());
            }
            StepError::Log(LogError::Pruned { seq, checkpoint }) => {
                tracing::error!(seq, checkpoint, "the server lacks what was removed here");
                link.told(Told::Contradicts);
            }
            StepError::Log(error) => {
                tracing::error!(%error, "the device log failed");
                link.failed(now, None, None, random_per_mille());
            }
        }
    }

    /// Once a minute while the line works: tells how the device stands, draws a new key when the
    /// server says that it is time, and lets go of what is old.
    async fn tell_status(&self, due: &mut Instant) {
        if Instant::now() < *due {
            return;
        }
        *due = Instant::now() + Duration::from_millis(STATUS_EVERY_MS);
        let status = match self.status().await {
            Ok(status) => status,
            Err(error) => return tracing::error!(%error, "the device log failed"),
        };
        match self.client.tell_status(&status).await {
            Ok(answer) if answer.key_is_due => self.rotate_key().await,
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the status was not told"),
        }
        self.prune().await;
    }

    async fn status(&self) -> Result<DeviceStatus, LogError> {
        let (backlog, log) = self
            .with_log(|log| Ok((log.backlog()?, log.condition())))
            .await?;
        Ok(DeviceStatus {
            program: self.program.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            backlog: backlog.count,
            oldest_at: backlog.oldest_at,
            log,
            device_time: self.client.device_time(),
            faults: self.wake.faults(),
        })
    }

    /// A rotation that fails is tried again with the next status; the old key holds until then.
    async fn rotate_key(&self) {
        let Some(tail) = self.acked_head() else {
            return;
        };
        match self.client.rotate_key(tail).await {
            Ok(()) => tracing::info!("the device goes by a new key"),
            Err(error) => tracing::warn!(%error, "the device's key was not replaced"),
        }
    }

    fn acked_head(&self) -> Option<ChainHead> {
        let log = lock(&self.log);
        let seq = log.acked();
        let hash = log.hash_at(seq).ok().flatten()?;
        Some(ChainHead { seq, hash })
    }

    async fn prune(&self) {
        let (client, retention) = (Arc::clone(&self.client), self.retention.clone());
        let pruned = self.with_log(move |log| {
            let now = client.server_time();
            log.prune(&retention, &client.identity().key, now)
        });
        match pruned.await {
            Ok(0) => {}
            Ok(removed) => {
                tracing::info!(removed, at_once = PRUNE_EVENTS_MAX, "old events removed")
            }
            Err(error) => tracing::error!(%error, "old events cannot be removed"),
        }
    }

    fn note_backlog(&self) {
        let log = lock(&self.log);
        let backlog = log.head().seq - log.acked();
        drop(log);
        self.state
            .send_if_modified(|state| std::mem::replace(&mut state.backlog, backlog) != backlog);
    }

    async fn with_log<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut DeviceLog) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let log = Arc::clone(&self.log);
        tokio::task::spawn_blocking(move || work(&mut lock(&log)))
            .await
            .expect("the log's answer, because its functions do not panic")
    }
}

#[cfg(test)]
mod tests;
