//! A site: the centre or the hall node, the real service over a disk that can fail, asked in
//! process. It remembers what it has promised, so that a restart can be held against it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http;
use central::app_state::AppState;
use central::config::{Config, Layers};
use central::parameters::Parameters;
use central::store::{Marking, Opening, Role, Store, StoreError};
use central::vault::KeyCustody;
use domain::id::DeviceId;
use domain::time::UtcMs;
use testkit::disk::{Aftermath, Disk};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use wire::envelope::ChainHead;
use wire::sign::header;
use wire::version::{self, WireVersions};

use crate::line::{Answer, Ask, Request};
use crate::origin::START;

const DATABASE: &str = "central.db";
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// A site.
pub struct Site {
    /// Its disk.
    pub disk: Disk,
    /// What it is for.
    pub role: Role,
    own: DeviceId,
    clock_ms: Arc<AtomicI64>,
    running: Option<Running>,
    /// The furthest head of each chain that it has told anybody that it holds.
    pub promised: BTreeMap<DeviceId, ChainHead>,
}

/// The service while it has power.
#[derive(Debug)]
pub struct Running {
    /// Its store.
    pub store: Store,
    /// Its face.
    pub app: AppState,
    router: Router,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Site {
    /// A site without power yet; `own` is its writer id.
    #[must_use]
    pub fn new(disk: Disk, role: Role, own: DeviceId) -> Self {
        Self {
            disk,
            role,
            own,
            clock_ms: Arc::new(AtomicI64::new(START.0)),
            running: None,
            promised: BTreeMap::new(),
        }
    }

    /// Its writer id.
    #[must_use]
    pub fn own(&self) -> DeviceId {
        self.own
    }

    /// Sets its clock.
    pub fn set_clock(&self, now: UtcMs) {
        self.clock_ms.store(now.0, Ordering::SeqCst);
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> UtcMs {
        UtcMs(self.clock_ms.load(Ordering::SeqCst))
    }

    /// The running service.
    #[must_use]
    pub fn running(&self) -> Option<&Running> {
        self.running.as_ref().filter(|_| self.disk.has_power())
    }

    /// Opens the store and serves.
    ///
    /// # Errors
    /// When the store does not open: with power and room it must.
    pub fn start(&mut self) -> Result<(), StoreError> {
        let parameters = Parameters::on(START.hall_date()).expect("the embedded parameters");
        let opening = Opening {
            marking: Marking::Synthetic,
            centre_if_new: self.own,
            hall_parameters: parameters.hall.clone(),
            role: self.role,
            vfs: Some(self.disk.vfs()),
            custody: KeyCustody::of(&std::env::temp_dir(), None, None)?,
            now: START,
        };
        let store = Store::open(Path::new(DATABASE), opening)?;
        let config = Config::of(&Layers::default()).expect("the defaults");
        let clock_ms = Arc::clone(&self.clock_ms);
        let clock = Arc::new(move || UtcMs(clock_ms.load(Ordering::SeqCst)));
        let app = AppState::new(store.clone(), config, &parameters, clock);
        let router = central::http::app(app.clone());
        self.running = Some(Running { store, app, router });
        Ok(())
    }

    /// The process ends, however it ends.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Power fails if it has not yet, and comes back.
    pub fn lose_power(&mut self, aftermath: Aftermath) {
        self.running = None;
        self.disk.restart(aftermath);
    }

    /// Answers a question that no device signed.
    ///
    /// # Panics
    /// When it has no power.
    #[must_use]
    pub fn answer_unsigned(&self, ask: &Ask, runtime: &Runtime) -> Answer {
        let asked = http::Request::builder()
            .method(ask.method)
            .uri(&ask.path_and_query)
            .header("content-type", "application/json")
            .body(Body::from(ask.body.clone()))
            .expect("a request, because its parts are plain");
        self.route(asked, runtime).expect("power")
    }

    /// Answers a request; `None` when it has no power.
    #[must_use]
    pub fn answer(&self, request: &Request, runtime: &Runtime) -> Option<Answer> {
        let asked = http::Request::builder()
            .method(request.method)
            .uri(&request.path_and_query)
            .header(header::DEVICE, request.device.to_string())
            .header(header::TIME, request.time.0.to_string())
            .header(header::NONCE, &request.nonce)
            .header(header::SIGNATURE, hex::encode(request.signature.0))
            .header(version::HEADER, WireVersions::OURS.to_string())
            .header("content-type", "application/json")
            .body(Body::from(request.body.clone()))
            .expect("a request, because its parts are plain");
        self.route(asked, runtime)
    }

    fn route(&self, asked: http::Request<Body>, runtime: &Runtime) -> Option<Answer> {
        let router = self.running()?.router.clone();
        let (status, headers, body) = runtime.block_on(async move {
            let answer = router
                .oneshot(asked)
                .await
                .expect("an answer: it cannot fail");
            let (parts, body) = answer.into_parts();
            let body = to_bytes(body, ANSWER_BYTES_MAX)
                .await
                .expect("a whole body");
            (parts.status, parts.headers, body)
        });
        let server_time = headers
            .get(header::SERVER_TIME)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(UtcMs);
        Some(Answer {
            status: status.as_u16(),
            body,
            server_time,
        })
    }

    /// It told somebody that it holds a chain up to here.
    pub fn promise(&mut self, writer: DeviceId, head: ChainHead) {
        let known = self.promised.entry(writer).or_insert(head);
        if head.seq > known.seq {
            *known = head;
        }
    }
}
