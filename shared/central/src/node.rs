//! A hall node: a station's own small central. It is the authority of its hall, relays what its
//! record holds to the centre, and copies the centre's feed for its devices. Cut from the centre it
//! goes on; known staff may sign in for `staff.cache_days`. It creates no accounts and publishes
//! nothing.
//!
//! [`RelayDesk`] and [`FeedCopy`] hold the rules without a line or a clock; [`run`] drives them.

mod feed_copy;
mod relay_desk;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::time::UtcMs;
use sync::address::CentralAddress;
use sync::client::{CallError, CentralClient};
use sync::device_clock;
use sync::entropy::random_per_mille;
use sync::feed::{FeedState, run_feed};
use sync::identity::DeviceIdentity;
use tokio::sync::watch;
use wire::link::{Output, Told, Uplink};
use wire::relay::{NodeStaffList, Tails};
use wire::status::{DeviceStatus, LogCondition, STATUS_EVERY_MS};

use crate::app_state::AppState;
use crate::edge::Clock;
use crate::store::{Store, StoreError};

pub use feed_copy::{FeedCopy, TOPICS};
pub use relay_desk::RelayDesk;

/// A node's line to its centre.
#[derive(Debug, Clone)]
pub struct Upstream {
    client: Arc<CentralClient>,
}

impl Upstream {
    /// The line of an enrolled node to its centre.
    ///
    /// # Errors
    /// [`CallError::Malformed`] when no HTTP client can be built.
    pub fn new(
        centre: &CentralAddress,
        identity: DeviceIdentity,
        clock: Clock,
    ) -> Result<Self, CallError> {
        let clock = device_clock::Clock::new(move || clock());
        let client = Arc::new(CentralClient::new(centre, identity, clock)?);
        Ok(Self { client })
    }
}

/// Lets a node's kiosks be answered by its centre.
pub fn answer_citizens_by(app: &AppState, upstream: &Upstream) {
    // a node has one centre: a second line would be the same
    drop(app.inner.centre.set(Arc::clone(&upstream.client)));
}

/// Relays, copies and asks until the service stops.
pub(crate) async fn run(app: AppState, upstream: Upstream) {
    let copy = FeedCopy::new(app.inner.store.clone(), Arc::clone(&app.inner.clock));
    let copy = match copy {
        Ok(copy) => copy,
        Err(error) => return tracing::error!(%error, "the copy of the feed cannot be read"),
    };
    let client = Arc::clone(&upstream.client);
    let (state, _) = watch::channel(FeedState::default());
    let feed = run_feed(client, TOPICS, copy, state, app.stopping());
    let mut stopping = app.stopping();
    let line = Line {
        desk: RelayDesk::new(app.inner.store.clone(), upstream.client.enrolled().device),
        client: upstream.client,
        app,
        held: Mutex::default(),
        is_halted: AtomicBool::new(false),
    };
    tokio::select! {
        () = feed => {}
        () = line.relay_all() => {}
        () = line.keep_in_touch() => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

/// The runners' common ground.
struct Line {
    app: AppState,
    client: Arc<CentralClient>,
    desk: RelayDesk,
    /// What the centre last said that it holds.
    held: Mutex<Tails>,
    /// The centre holds another history of this node.
    is_halted: AtomicBool,
}

/// A step of the relay that failed.
enum StepError {
    Call(CallError),
    Store(StoreError),
}

impl Line {
    async fn relay_all(&self) {
        let begun = Instant::now();
        let mut link = Uplink::<Tails>::default();
        let mut changes = self.app.changes();
        loop {
            changes.mark_unchanged();
            let step = match link.poll(begun.elapsed(), |held| self.desk.lacks(held)) {
                Output::AskTails => self.client.relay_tails().await.map_err(StepError::Call),
                Output::PushAfter(held) => self.push_after(held).await,
                // The only other end of this channel is the service itself.
                Output::Idle => {
                    drop(changes.changed().await);
                    continue;
                }
                Output::SleepUntil { at } => {
                    tokio::time::sleep(at.saturating_sub(begun.elapsed())).await;
                    continue;
                }
                Output::Halted => return self.halt().await,
            };
            match self.compare(step).await {
                Ok(told) => link.told(told),
                Err(error) => note_failure(&mut link, begun.elapsed(), &error),
            }
        }
    }

    /// Relays nothing more and says so; a person must enrol the node anew.
    async fn halt(&self) {
        tracing::error!("the centre holds another history of this node: halted");
        self.is_halted.store(true, Ordering::SeqCst);
        std::future::pending().await
    }

    async fn compare(&self, step: Result<Tails, StepError>) -> Result<Told<Tails>, StepError> {
        let told = self.desk.compare(step?, self.app.now()).await;
        let told = told.map_err(StepError::Store)?;
        if let Told::Agrees(held) = &told {
            *self.held.lock().unwrap_or_else(PoisonError::into_inner) = held.clone();
        }
        Ok(told)
    }

    /// Nothing to send means that only chains are behind that are passed over.
    async fn push_after(&self, held: Tails) -> Result<Tails, StepError> {
        let key = self.client.identity().key;
        let own = self.client.enrolled().device;
        let sign_own = move |head| key.sign_tail(own, head);
        let relay = self.desk.next(held.clone(), sign_own).await;
        match relay.map_err(StepError::Store)? {
            Some(relay) => self.client.relay(&relay).await.map_err(StepError::Call),
            None => Ok(held),
        }
    }

    /// Once a minute: tells how the node stands, and asks who works here.
    async fn keep_in_touch(&self) {
        loop {
            if let Err(error) = self.tell_status().await {
                note_chore(&error);
            }
            if let Err(error) = self.ask_staff().await {
                note_chore(&error);
            }
            tokio::time::sleep(Duration::from_millis(STATUS_EVERY_MS)).await;
        }
    }

    async fn tell_status(&self) -> Result<(), StepError> {
        let held = self
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let backlog = self.desk.backlog(held).await.map_err(StepError::Store)?;
        let status = DeviceStatus {
            program: "central".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            backlog: backlog.count,
            oldest_at: backlog.oldest_at,
            log: if self.is_halted.load(Ordering::SeqCst) {
                LogCondition::Halted
            } else {
                LogCondition::Good
            },
            device_time: self.client.device_time(),
            faults: Vec::new(),
        };
        let told = self.client.tell_status(&status).await;
        told.map(drop).map_err(StepError::Call)
    }

    async fn ask_staff(&self) -> Result<(), StepError> {
        let list = self.client.node_staff().await.map_err(StepError::Call)?;
        let kept = keep_staff(&self.app.inner.store, list, self.app.now());
        kept.await.map_err(StepError::Store)
    }
}

/// Keeps what the centre says of who works here.
///
/// # Errors
/// A fault of storage.
pub async fn keep_staff(store: &Store, list: NodeStaffList, now: UtcMs) -> Result<(), StoreError> {
    store
        .write(move |write| write.replace_staff(list.staff, now))
        .await
}

fn note_failure(link: &mut Uplink<Tails>, now: Duration, error: &StepError) {
    let (code, wish) = match error {
        StepError::Call(error) => {
            tracing::debug!(%error, "the centre took no relay");
            (error.code(), error.retry_after())
        }
        StepError::Store(error) => {
            tracing::error!(%error, "the record cannot be read");
            (None, None)
        }
    };
    link.failed(now, code, wish, random_per_mille());
}

fn note_chore(error: &StepError) {
    match error {
        StepError::Call(error) => tracing::debug!(%error, "the centre did not answer"),
        StepError::Store(error) => tracing::error!(%error, "the store failed"),
    }
}
