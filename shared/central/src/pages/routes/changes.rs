//! Streams of server-sent events that say *that* something changed, never what: the page asks for
//! itself again and takes over the marked regions. Streams end when the process is asked to stop;
//! their number is bounded, and a page beyond the bound refreshes by its own clock.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::queue::HallQueue;
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::app_state::AppState;
use crate::staff::{SeeBoards, SeeDevices, Staff, StartWork};

/// Streams at once: some hundred phones of a hall and its staff.
const STREAMS_MAX: usize = 400;
/// The wall must say every 5 s that somebody looks.
const WATCH_EVERY: Duration = Duration::from_secs(5);

static STREAMS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(STREAMS_MAX)));

/// What a stream follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follows {
    /// Queues of the halls.
    Queues,
    /// Everything.
    Everything,
    /// Everything, with pictures of screens.
    Screens,
}

impl Follows {
    /// The least time between two events.
    fn pause(self) -> Duration {
        match self {
            Self::Queues => Duration::from_millis(500),
            Self::Everything => Duration::from_secs(1),
            Self::Screens => Duration::from_millis(250),
        }
    }
}

/// `GET /changes`
pub(super) async fn of_queues(State(state): State<AppState>) -> Response {
    events(state, Follows::Queues)
}

/// `GET /staff/changes`
pub(super) async fn of_everything(_: Staff<StartWork>, State(state): State<AppState>) -> Response {
    events(state, Follows::Everything)
}

/// `GET /staff/devices/changes`
pub(super) async fn of_screens(_: Staff<SeeDevices>, State(state): State<AppState>) -> Response {
    events(state, Follows::Screens)
}

/// `GET /staff/boards/changes`
pub(super) async fn of_boards(_: Staff<SeeBoards>, State(state): State<AppState>) -> Response {
    events(state, Follows::Screens)
}

fn events(state: AppState, follows: Follows) -> Response {
    let Ok(permit) = Arc::clone(&STREAMS).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let follower = Follower {
        changes: state.changes(),
        stopping: state.stopping(),
        queues: queues(&state),
        next_at: Instant::now(),
        state,
        follows,
        _permit: permit,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        follower.changed().await.then(|| {
            let event = Ok::<_, Infallible>(Event::default().event("changed").data("changed"));
            (event, follower)
        })
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

struct Follower {
    state: AppState,
    follows: Follows,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    /// The queues as last seen; they are replaced and never altered, so their place tells.
    queues: Vec<Arc<HallQueue>>,
    next_at: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    /// Waits for the next change; false when the stream must end.
    async fn changed(&mut self) -> bool {
        loop {
            if *self.stopping.borrow() {
                return false;
            }
            if self.follows == Follows::Screens {
                self.state.watch_screens();
            }
            let change = tokio::select! {
                change = timeout(WATCH_EVERY, self.changes.changed()) => change,
                _ = self.stopping.changed() => return false,
            };
            match change {
                Err(_nothing_changed) => {}
                Ok(Err(_closed)) => return false,
                Ok(Ok(())) if self.concerns() => {
                    sleep_until(self.next_at).await;
                    self.next_at = Instant::now() + self.follows.pause();
                    self.changes.mark_unchanged();
                    return true;
                }
                Ok(Ok(())) => {}
            }
        }
    }

    fn concerns(&mut self) -> bool {
        if self.follows != Follows::Queues {
            return true;
        }
        let now = queues(&self.state);
        let is_same = now.len() == self.queues.len()
            && now
                .iter()
                .zip(&self.queues)
                .all(|(new, old)| Arc::ptr_eq(new, old));
        self.queues = now;
        !is_same
    }
}

fn queues(state: &AppState) -> Vec<Arc<HallQueue>> {
    let halls = state.halls();
    halls
        .keys()
        .filter_map(|hall| Some(state.hall_snapshot(*hall)?.queue))
        .collect()
}
