//! Keeps a device's copy of the feed fresh: asks for rows after its cursor, hands each page to
//! the sink, and asks again; the server holds the request while there is nothing new.

use std::fmt::Display;
use std::sync::Arc;

use domain::time::UtcMs;
use tokio::sync::watch;
use wire::api::{FEED_ROWS_MAX, FeedPage, HOLD_MS_MAX, Topic};

use crate::backoff::Backoff;
use crate::client::{CallError, CentralClient};
use crate::entropy::random_per_mille;

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
    mut sink: S,
    state: &watch::Sender<FeedState>,
) {
    let mut backoff = Backoff::default();
    // The first request is not held, so that a device knows at once whether it has a line.
    let mut wait_ms = 0;
    loop {
        let wait = match client
            .feed(sink.cursor(), topics, FEED_ROWS_MAX, wait_ms)
            .await
        {
            Ok(page) => {
                wait_ms = if page.has_more { 0 } else { HOLD_MS_MAX };
                note_contact(client, state);
                let (back, applied) = apply_on_thread(sink, page).await;
                sink = back;
                match applied {
                    Ok(()) => {
                        backoff.succeeded();
                        continue;
                    }
                    Err(error) => {
                        tracing::error!(%error, "a page of the feed could not be stored");
                        backoff.failed(random_per_mille(), None)
                    }
                }
            }
            Err(error) => {
                tracing::debug!(%error, "feed request failed");
                let is_online = !matches!(error, CallError::Unreachable { .. });
                state.send_modify(|state| state.is_online = Some(is_online));
                wait_ms = 0;
                backoff.failed(random_per_mille(), error.retry_after())
            }
        };
        tokio::time::sleep(wait).await;
    }
}

fn note_contact(client: &CentralClient, state: &watch::Sender<FeedState>) {
    let last_contact = Some(client.device_time());
    state.send_replace(FeedState {
        is_online: Some(true),
        last_contact,
    });
}

async fn apply_on_thread<S: FeedSink>(mut sink: S, page: FeedPage) -> (S, Result<(), S::Error>) {
    let apply = move || {
        let applied = sink.apply(page);
        (sink, applied)
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
        let client = CentralClient::new("http://127.0.0.1:1", identity, || UtcMs(0)).unwrap();
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
}
