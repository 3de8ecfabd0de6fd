//! Keeps a device's copy of the feed fresh: asks for rows after its cursor, hands each page to
//! the sink, and asks again; the server holds the request while there is nothing new.
//!
//! A cursor that is older than what the server still tells, or that saw what a restored server has
//! lost, is answered with a snapshot from the start. Until it is whole the old copy goes on being
//! shown; then what the snapshot did not name is taken out, and the cursor moves. [`Follower`]
//! holds these rules without a line or a clock.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use domain::time::UtcMs;
use tokio::sync::watch;
use wire::api::{FEED_ROWS_MAX, FeedPage, HOLD_MS_MAX, Topic};
use wire::link::Backoff;
use wire::problem::ProblemCode;

use crate::client::{CallError, CentralClient, FeedCursor};
use crate::entropy::random_per_mille;

/// Longest wait after a failure: a hall should notice within seconds that its server is back.
const BACKOFF_CAP: Duration = Duration::from_secs(5);

/// Keys of rows: what a snapshot has named.
pub type RowKeys = BTreeSet<(Topic, String)>;

/// Takes pages in; its cursor survives together with the rows.
pub trait FeedSink: Send + 'static {
    /// What can go wrong.
    type Error: Display + Send;

    /// The position after which rows are wanted.
    fn cursor(&self) -> u64;

    /// Stores rows and cursor in one transaction. May block; runs on a thread for that.
    ///
    /// # Errors
    /// The sink's own; the page is asked for again later.
    fn apply(&mut self, page: FeedPage) -> Result<(), Self::Error>;

    /// A snapshot begins: the cursor is 0 from now on, also after a crash. What the sink holds may
    /// stay until the snapshot is whole. May block.
    ///
    /// # Errors
    /// The sink's own; the snapshot is asked for again later.
    fn begin_snapshot(&mut self) -> Result<(), Self::Error>;

    /// A snapshot is whole: rows of other keys are gone. May block.
    ///
    /// # Errors
    /// The sink's own; the snapshot is asked for again later.
    fn keep_only(&mut self, named: &RowKeys) -> Result<(), Self::Error>;
}

/// Applies pages to a sink by the rules of snapshots.
#[derive(Debug)]
pub struct Follower<S> {
    sink: S,
    snapshot: Option<Snapshot>,
}

#[derive(Debug, Default)]
struct Snapshot {
    after: FeedCursor,
    named: RowKeys,
}

impl<S: FeedSink> Follower<S> {
    /// A follower that goes on where the sink stands.
    #[must_use]
    pub fn new(sink: S) -> Self {
        let snapshot = (sink.cursor() == 0).then(Snapshot::default);
        Self { sink, snapshot }
    }

    /// What to ask for next.
    #[must_use]
    pub fn cursor(&self) -> FeedCursor {
        match &self.snapshot {
            Some(snapshot) => snapshot.after,
            None => FeedCursor {
                position: self.sink.cursor(),
                snapshot: None,
            },
        }
    }

    /// The server no longer tells what followed the cursor.
    pub fn begin_snapshot(&mut self) {
        self.snapshot = Some(Snapshot::default());
    }

    /// Takes a page in.
    ///
    /// # Errors
    /// The sink's; the same page is asked for again.
    pub fn apply(&mut self, mut page: FeedPage) -> Result<(), S::Error> {
        let Some(snapshot) = &mut self.snapshot else {
            return self.sink.apply(page);
        };
        if snapshot.after == FeedCursor::default() {
            self.sink.begin_snapshot()?;
        }
        let rows = page.rows.iter().map(|row| (row.topic, row.key.clone()));
        snapshot.named.extend(rows);
        if page.has_more {
            let next = FeedCursor {
                position: page.next_after,
                snapshot: page.snapshot,
            };
            page.next_after = 0;
            self.sink.apply(page)?;
            snapshot.after = next;
            return Ok(());
        }
        self.sink.keep_only(&snapshot.named)?;
        self.sink.apply(page)?;
        self.snapshot = None;
        Ok(())
    }

    /// The sink.
    pub fn sink(&self) -> &S {
        &self.sink
    }
}

/// How the feed stands, for the offline banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedState {
    /// Whether the last request reached the server; `None` before the first.
    pub is_online: Option<bool>,
    /// When the server last answered: what is shown is of that time.
    pub last_contact: Option<UtcMs>,
}

/// Runs until `shutdown` turns true or its sender is gone.
pub async fn run_feed<S: FeedSink>(
    client: Arc<CentralClient>,
    topics: &'static [Topic],
    sink: S,
    state: watch::Sender<FeedState>,
    mut shutdown: watch::Receiver<bool>,
) {
    tokio::select! {
        () = follow(&client, topics, sink, &state) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
}

async fn follow<S: FeedSink>(
    client: &CentralClient,
    topics: &[Topic],
    sink: S,
    state: &watch::Sender<FeedState>,
) {
    let mut follower = Follower::new(sink);
    let mut backoff = Backoff::new(BACKOFF_CAP);
    // The first request is not held, so that a device knows at once whether it has a line.
    let mut wait_ms = 0;
    loop {
        let asked = client.feed(follower.cursor(), topics, FEED_ROWS_MAX, wait_ms);
        let failure = match asked.await {
            Ok(page) => {
                wait_ms = if page.has_more { 0 } else { HOLD_MS_MAX };
                note_contact(client, state);
                let (back, applied) = apply_on_thread(follower, page).await;
                follower = back;
                applied.map_err(|error| {
                    tracing::error!(%error, "a page of the feed could not be stored");
                    None
                })
            }
            Err(error) => {
                wait_ms = 0;
                if error.code() == Some(ProblemCode::CursorTooOld) {
                    follower.begin_snapshot();
                }
                Err(note_failure(&error, state))
            }
        };
        match failure {
            Ok(()) => backoff.succeeded(),
            Err(wish) => tokio::time::sleep(backoff.failed(random_per_mille(), wish)).await,
        }
    }
}

/// Returns when the server wants to be asked again.
fn note_failure(error: &CallError, state: &watch::Sender<FeedState>) -> Option<Duration> {
    tracing::debug!(%error, "feed request failed");
    let is_online = !matches!(error, CallError::Unreachable { .. });
    state.send_modify(|state| state.is_online = Some(is_online));
    error.retry_after()
}

fn note_contact(client: &CentralClient, state: &watch::Sender<FeedState>) {
    let last_contact = Some(client.device_time());
    state.send_replace(FeedState {
        is_online: Some(true),
        last_contact,
    });
}

async fn apply_on_thread<S: FeedSink>(
    mut follower: Follower<S>,
    page: FeedPage,
) -> (Follower<S>, Result<(), S::Error>) {
    let apply = move || {
        let applied = follower.apply(page);
        (follower, applied)
    };
    tokio::task::spawn_blocking(apply)
        .await
        .expect("the sink back, because sinks return errors and do not panic")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use wire::api::FeedRow;

    use super::*;
    use crate::device_clock::Clock;
    use crate::stub_server::{Answer, StubServer, test_client};

    /// Fails on its first page, then keeps the keys that it got.
    struct Keys {
        cursor: u64,
        keys: Arc<Mutex<Vec<String>>>,
        has_failed: bool,
    }

    impl FeedSink for Keys {
        type Error = &'static str;

        fn cursor(&self) -> u64 {
            self.cursor
        }

        fn apply(&mut self, page: FeedPage) -> Result<(), Self::Error> {
            if !std::mem::replace(&mut self.has_failed, true) {
                return Err("the disk is full");
            }
            self.cursor = page.next_after;
            self.keys
                .lock()
                .unwrap()
                .extend(page.rows.into_iter().map(|row| row.key));
            Ok(())
        }

        fn begin_snapshot(&mut self) -> Result<(), Self::Error> {
            self.cursor = 0;
            Ok(())
        }

        fn keep_only(&mut self, named: &RowKeys) -> Result<(), Self::Error> {
            let is_named = |key: &String| named.contains(&(Topic::Queue, key.clone()));
            self.keys.lock().unwrap().retain(is_named);
            Ok(())
        }
    }

    fn after(path_and_query: &str) -> u64 {
        let rest = path_and_query.split("after=").nth(1).unwrap();
        rest.split('&').next().unwrap().parse().unwrap()
    }

    #[tokio::test]
    async fn pages_follow_the_cursor_and_a_failed_one_comes_again() {
        let server = StubServer::start(|request| {
            assert!(request.path_and_query.contains("topics=queue%2Cwindow"));
            let after = after(&request.path_and_query);
            let rows = (after + 1..=4).take(2).map(|position| FeedRow {
                position,
                topic: Topic::Queue,
                key: position.to_string(),
                body: None,
                expires: None,
            });
            let rows: Vec<_> = rows.collect();
            let page = FeedPage {
                rows,
                next_after: (after + 2).min(4),
                has_more: after < 2,
                snapshot: None,
            };
            Answer::json(200, &serde_json::to_string(&page).unwrap())
        })
        .await;
        let keys = Arc::new(Mutex::new(Vec::new()));
        let sink = Keys {
            cursor: 0,
            keys: Arc::clone(&keys),
            has_failed: false,
        };
        let (sender, state) = watch::channel(FeedState::default());
        let (stop, shutdown) = watch::channel(false);
        let client = Arc::new(test_client(&server));
        tokio::spawn(run_feed(
            client,
            &[Topic::Queue, Topic::Window],
            sink,
            sender,
            shutdown,
        ));
        while keys.lock().unwrap().len() < 4 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert_eq!(*keys.lock().unwrap(), ["1", "2", "3", "4"]);
        assert_eq!(state.borrow().is_online, Some(true));
        stop.send(true).unwrap();
    }

    #[tokio::test]
    async fn a_missing_server_is_said() {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let sink = Keys {
            cursor: 0,
            keys,
            has_failed: true,
        };
        let (sender, mut state) = watch::channel(FeedState::default());
        let (_stop, shutdown) = watch::channel(false);
        let identity = crate::stub_server::test_identity();
        let central = "http://127.0.0.1:1".parse().unwrap();
        let client = CentralClient::new(&central, identity, Clock::new(|| UtcMs(0))).unwrap();
        tokio::spawn(run_feed(
            Arc::new(client),
            &[Topic::Queue],
            sink,
            sender,
            shutdown,
        ));
        state
            .wait_for(|state| state.is_online == Some(false))
            .await
            .unwrap();
    }

    #[test]
    fn a_snapshot_replaces_the_copy_only_when_it_is_whole() {
        let page = |from: u64, keys: &[&str], has_more| FeedPage {
            rows: keys
                .iter()
                .map(|key| FeedRow {
                    position: from,
                    topic: Topic::Queue,
                    key: (*key).to_owned(),
                    body: Some("{}".to_owned()),
                    expires: None,
                })
                .collect(),
            next_after: from,
            has_more,
            snapshot: Some(90),
        };
        let keys = Arc::new(Mutex::new(vec!["old".to_owned()]));
        let sink = Keys {
            cursor: 7,
            keys: Arc::clone(&keys),
            has_failed: true,
        };
        let mut follower = Follower::new(sink);
        assert_eq!(follower.cursor().position, 7);
        follower.begin_snapshot();
        assert_eq!(follower.cursor(), FeedCursor::default());
        follower.apply(page(50, &["a"], true)).unwrap();
        assert_eq!(follower.cursor().snapshot, Some(90));
        assert_eq!(follower.sink().cursor(), 0, "a crash now begins anew");
        assert!(keys.lock().unwrap().contains(&"old".to_owned()));
        follower.apply(page(60, &["b"], false)).unwrap();
        assert_eq!(*keys.lock().unwrap(), ["a", "b"]);
        assert_eq!(follower.cursor().position, 60);
    }
}
