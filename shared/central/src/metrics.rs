//! The service in numbers, as text for Prometheus, on an address of its own. Labels are routes,
//! statuses, stable codes and states: closed lists all of them, and none says anything of a person.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use wire::problem::ProblemCode;

use crate::app_state::AppState;
use crate::backup::{self, BackupFolder};
use crate::boards::silence;
use crate::store::{Standing, StoreError, StoreMeter};

/// Where the numbers are.
pub const PATH: &str = "/metrics";
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Size of a page of memory, as `/proc/self/statm` counts.
const PAGE_BYTES: i64 = 4_096;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeviceState {
    state: &'static str,
}

/// The numbers.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    request_seconds: Family<Route, Histogram>,
    running: Family<Route, Gauge>,
    refusals: Family<Code, Counter>,
    connections: Gauge,
    connections_refused: Counter,
    feed_rows: Counter,
    state: StateGauges,
}

/// What is looked up when somebody asks.
#[derive(Debug, Default)]
struct StateGauges {
    devices: Family<DeviceState, Gauge>,
    backlog: Gauge,
    backlog_devices: Gauge,
    boards_silent: Gauge,
    messages_waiting: Gauge,
    calls_waiting: Gauge,
    events: Counter<u64, AtomicU64>,
    quarantined: Gauge,
    held: Gauge,
    memory: Gauge,
    last_backup_age: Gauge<f64, AtomicU64>,
}

/// A request that is being answered; it is counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// All numbers at nothing, with those of the store.
    #[must_use]
    pub fn new(store: &StoreMeter) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("central"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.001, 2.0, 15))
            }),
            running: Family::default(),
            refusals: Family::default(),
            connections: Gauge::default(),
            connections_refused: Counter::default(),
            feed_rows: Counter::default(),
            state: StateGauges::default(),
        };
        metrics.register_requests();
        metrics.register_state(store);
        metrics
    }

    fn register_requests(&mut self) {
        let registry = &mut self.registry;
        let requests = self.requests.clone();
        registry.register("http_requests", "Requests answered", requests);
        let (name, help) = ("http_request", "Time until the answer, holding included");
        registry.register_with_unit(name, help, Unit::Seconds, self.request_seconds.clone());
        let help = "Requests being answered; on the feed and the commands these are the held ones";
        registry.register("http_requests_running", help, self.running.clone());
        let refusals = self.refusals.clone();
        registry.register("refusals", "Answers with a problem, by its code", refusals);
        let connections = self.connections.clone();
        registry.register("connections", "Connections open", connections);
        let refused = self.connections_refused.clone();
        registry.register("connections_refused", "Connections too many", refused);
        let rows = self.feed_rows.clone();
        registry.register("feed_rows_served", "Rows of the feed served", rows);
    }

    fn register_state(&mut self, store: &StoreMeter) {
        let (registry, state) = (&mut self.registry, &self.state);
        let jobs = store.commit_jobs.clone();
        registry.register("commit_jobs", "Jobs of a transaction", jobs);
        let seconds = store.commit_seconds.clone();
        registry.register_with_unit("commit", "Time of a transaction", Unit::Seconds, seconds);
        registry.register(
            "events_appended",
            "Events in the record",
            state.events.clone(),
        );
        let quarantined = state.quarantined.clone();
        let help = "Events that contradict the record";
        registry.register("quarantined_events", help, quarantined);
        let help = "Events that wait beyond a gap in their chain";
        registry.register("held_events", help, state.held.clone());
        registry.register("devices", "Devices by state", state.devices.clone());
        let help = "Events that devices have said they have not sent yet";
        registry.register("backlog_events", help, state.backlog.clone());
        let help = "Devices that have said they have a backlog";
        registry.register("backlog_devices", help, state.backlog_devices.clone());
        let help = "Boards that have not answered for as long as raises an alarm";
        registry.register("boards_silent", help, state.boards_silent.clone());
        let help = "Messages to citizens that have not gone out yet";
        let messages = state.messages_waiting.clone();
        registry.register("outreach_messages_waiting", help, messages);
        let help = "Calls to citizens that nobody has made yet";
        registry.register("outreach_calls_waiting", help, state.calls_waiting.clone());
        let (help, memory) = ("Resident memory of the process", state.memory.clone());
        registry.register_with_unit("process_resident_memory", help, Unit::Bytes, memory);
        let help = "Time since the newest backup; infinite when there is none";
        let age = state.last_backup_age.clone();
        registry.register_with_unit("last_backup_age", help, Unit::Seconds, age);
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "What is running", build);
    }

    /// A request begins.
    pub(crate) fn request_begins(&self, route: &str) -> Running {
        let route = route.to_owned();
        let running = self.running.get_or_create_owned(&Route { route });
        running.inc();
        Running(running)
    }

    /// A request was answered.
    pub(crate) fn request_ended(
        &self,
        route: &str,
        status: u16,
        code: Option<ProblemCode>,
        took: Duration,
    ) {
        let route = route.to_owned();
        let seconds = took.as_secs_f64();
        self.request_seconds
            .get_or_create(&Route {
                route: route.clone(),
            })
            .observe(seconds);
        self.requests
            .get_or_create(&Answered { route, status })
            .inc();
        if let Some(code) = code {
            let code = code_text(code);
            self.refusals.get_or_create(&Code { code }).inc();
        }
    }

    /// So many connections are open now.
    pub(crate) fn connections_open(&self, count: usize) {
        self.connections
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// A connection was one too many.
    pub(crate) fn connection_refused(&self) {
        self.connections_refused.inc();
    }

    /// A page of the feed was served.
    pub(crate) fn feed_served(&self, rows: usize) {
        self.feed_rows.inc_by(rows as u64);
    }

    /// The text, with the state of now.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn text(&self, app: &AppState) -> Result<String, StoreError> {
        self.look_up(app).await?;
        let mut told = String::new();
        text::encode(&mut told, &self.registry)
            .expect("a text, because writing to a string does not fail");
        Ok(told)
    }

    async fn look_up(&self, app: &AppState) -> Result<(), StoreError> {
        let state = &self.state;
        let counts = app
            .inner
            .store
            .read(|reader| reader.record_counts())
            .await?;
        let order = std::sync::atomic::Ordering::Relaxed;
        state.events.inner().store(counts.events, order);
        state.quarantined.set(counts.quarantined.cast_signed());
        state.held.set(counts.held.cast_signed());
        let live = app.inner.store.live();
        for (standing, name) in STANDINGS {
            let devices = live.devices.values();
            let count = devices.filter(|device| device.standing == standing).count();
            let gauge = state
                .devices
                .get_or_create_owned(&DeviceState { state: name });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        let backlogs = app.inner.screens.backlogs();
        state
            .backlog
            .set(backlogs.iter().map(|backlog| backlog.cast_signed()).sum());
        let behind = backlogs.iter().filter(|backlog| **backlog > 0).count();
        state
            .backlog_devices
            .set(i64::try_from(behind).unwrap_or(i64::MAX));
        let silent = boards_silent(app).await?;
        state
            .boards_silent
            .set(i64::try_from(silent).unwrap_or(i64::MAX));
        let now = app.now();
        let outbox = app
            .inner
            .store
            .read(move |reader| reader.outbox_counts(now));
        let outbox = outbox.await?;
        state.messages_waiting.set(outbox.messages.cast_signed());
        state.calls_waiting.set(outbox.calls.cast_signed());
        state.memory.set(resident_bytes().unwrap_or_default());
        state.last_backup_age.set(last_backup_age_s(app).await);
        Ok(())
    }
}

const STANDINGS: [(Standing, &str); 3] = [
    (Standing::Good, "good"),
    (Standing::Revoked, "revoked"),
    (Standing::Equivocated, "equivocated"),
];

async fn boards_silent(app: &AppState) -> Result<usize, StoreError> {
    let (now, offline_ms) = (app.now(), app.inner.in_force.now().board_offline_ms);
    let counted = app.inner.store.read(move |reader| {
        let (boards, described) = (reader.board_reports()?, reader.described_boards()?);
        Ok(silence::silent(&boards, &described, offline_ms, now).len())
    });
    counted.await
}

/// As on the wire.
fn code_text(code: ProblemCode) -> String {
    let value = serde_json::to_value(code).ok();
    let text = value.as_ref().and_then(serde_json::Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// A folder that cannot be read has no backup either.
async fn last_backup_age_s(app: &AppState) -> f64 {
    let config = &app.inner.config;
    let folder = config.backups.folder.clone();
    let folder = folder.unwrap_or_else(|| backup::folder_beside(&config.data));
    let listed = tokio::task::spawn_blocking(move || BackupFolder::at(&folder).list());
    let entries = match listed.await {
        Ok(Ok(listing)) => listing.entries,
        _ => Vec::new(),
    };
    let newest = entries.iter().map(|entry| entry.manifest.made_at).max();
    newest.map_or(f64::INFINITY, |made_at| {
        let age = app.now().ms_since(made_at).max(0);
        Duration::from_millis(age.cast_unsigned()).as_secs_f64()
    })
}

/// The second number of `/proc/self/statm` (proc(5)); nothing where there is no such file.
fn resident_bytes() -> Option<i64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let resident: i64 = pages.split_whitespace().nth(1)?.parse().ok()?;
    resident.checked_mul(PAGE_BYTES)
}

/// The numbers as a router of their own.
pub fn app(state: AppState) -> Router {
    Router::new().route(PATH, get(told)).with_state(state)
}

async fn told(State(app): State<AppState>) -> Response {
    match app.inner.metrics.text(&app).await {
        Ok(text) => ([(CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
