//! A hall under test: the service on a port of its own, with a clock that the test moves, and
//! devices that sign as real ones do.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use central::admin::{AdminDesk, AdminRequest};
use central::app_state::AppState;
use central::config::Config;
use central::edge::Clock;
use central::http::Listener;
use central::parameters::Parameters;
use central::serve::open_store;
use central::staff::{self, CallTickets, NewStaff, Staff, StaffSession};
use central::store::{Marking, Store};
use domain::case::Role;
use domain::id::{DeviceId, GroupCode, HallId, StaffId, TicketId, WindowNo};
use domain::queue::{HallLayout, KioskLane, SecretHash, ServiceGroup, TicketIssued, Wish};
use domain::rating::TicketSecret;
use domain::time::UtcMs;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::address::CentralAddress;
use sync::data_dir::DataDir;
use tempfile::TempDir;
use uuid::Uuid;
use wire::api::{
    DeviceKind, EnrolRequest, Enrolled, LogTail, NumberTaken, Push, Pushed, TakeNumber, path,
};
use wire::envelope::{self, ChainHead, Draft};
use wire::event::{Event, Origin, RoleGrant, TicketShown};
use wire::problem::{Problem, ProblemCode};
use wire::sign::{DeviceKey, RequestToSign, header};

/// 2026-11-23 09:00 in the hall.
pub(crate) const MORNING: UtcMs = UtcMs(1_795_395_600_000);

/// Of everybody whom [`Hall::add_staff`] adds.
pub(crate) const PASSWORD: &str = "A long password";

/// A client as devices have it.
pub(crate) fn http() -> reqwest::Client {
    let this_machine: CentralAddress = "http://127.0.0.1".parse().unwrap();
    this_machine.http().unwrap()
}

pub(crate) fn window(number: u8) -> WindowNo {
    WindowNo::new(number).unwrap()
}

pub(crate) fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).unwrap()
}

pub(crate) struct Hall {
    pub(crate) app: AppState,
    pub(crate) admin: Arc<AdminDesk>,
    pub(crate) id: HallId,
    pub(crate) store: Store,
    pub(crate) base: String,
    now: Arc<AtomicI64>,
    _dir: DataDir,
    pub(crate) folder: TempDir,
}

impl Hall {
    /// A hall with the windows 1 (A) and 2 (A, B).
    pub(crate) async fn open() -> Self {
        Self::open_in(tempfile::tempdir().unwrap()).await
    }

    pub(crate) async fn open_in(folder: TempDir) -> Self {
        Self::open_as(folder, Config::default()).await
    }

    pub(crate) async fn open_as(folder: TempDir, config: Config) -> Self {
        let now = Arc::new(AtomicI64::new(MORNING.0));
        let read = Arc::clone(&now);
        let clock: Clock = Arc::new(move || UtcMs(read.load(Ordering::SeqCst)));
        let dir = DataDir::take(folder.path()).unwrap();
        let store = open_store(&dir, Marking::Synthetic, MORNING).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = Config {
            public_url: "http://hall".into(),
            backups: central::config::BackupPlan::default(),
            ..config
        };
        let parameters = Parameters::on(MORNING.hall_date()).unwrap();
        let app = AppState::new(store.clone(), config, &parameters, Arc::clone(&clock));
        let listener = Listener::new(&app, listener, None);
        tokio::spawn(listener.serve(central::http::app(app.clone()), app.stopping()));
        let admin = Arc::new(AdminDesk::new(store.clone(), folder.path(), clock));
        let mut hall = Self {
            app,
            admin,
            id: HallId(Uuid::nil()),
            store,
            base,
            now,
            _dir: dir,
            folder,
        };
        hall.id = hall.laid_out().await;
        hall
    }

    async fn laid_out(&self) -> HallId {
        if let Some(known) = self.store.live().halls.keys().next() {
            return *known;
        }
        let service = |name: &str| ServiceGroup {
            name: name.into(),
            hint: String::new(),
            typical_service_minutes: 10,
        };
        let layout = HallLayout {
            groups: [
                (group('A'), service("综合就业")),
                (group('B'), service("创业贷款")),
            ]
            .into(),
            windows: [
                (window(1), [group('A')].into()),
                (window(2), [group('A'), group('B')].into()),
            ]
            .into(),
        };
        let station_name = "示例大厅".into();
        self.ask(AdminRequest::LayOut {
            hall: None,
            station_name,
            layout,
        })
        .await;
        *self.store.live().halls.keys().next().unwrap()
    }

    /// A clerk who is signed in, of whom also more than calling may be asked.
    pub(crate) async fn clerk(&self) -> Staff<CallTickets> {
        let roles = [Role::Clerk, Role::HallManager, Role::Tech];
        self.add_staff("jia", &roles).await;
        Staff::of(self.sign_in("jia").await).unwrap()
    }

    /// Adds somebody with [`PASSWORD`].
    pub(crate) async fn add_staff(&self, login: &str, roles: &[Role]) -> StaffId {
        let new = NewStaff {
            name: "甲".into(),
            login: login.into(),
            clerk_no: "07".into(),
            hall: self.id,
            roles: roles.iter().copied().map(RoleGrant::everywhere).collect(),
        };
        let (store, now) = (self.store.clone(), self.now());
        let added = tokio::task::spawn_blocking(move || staff::add(&store, new, PASSWORD, now));
        added.await.unwrap().unwrap()
    }

    pub(crate) async fn sign_in(&self, login: &str) -> StaffSession {
        self.app.sign_in(login, PASSWORD, "").await.unwrap().session
    }

    /// Does as the command line would.
    pub(crate) async fn ask(&self, request: AdminRequest) -> serde_json::Value {
        let admin = Arc::clone(&self.admin);
        let told = tokio::task::spawn_blocking(move || admin.perform(request, &mut |_| {}));
        serde_json::from_str(&told.await.unwrap().unwrap().json).unwrap()
    }

    pub(crate) fn now(&self) -> UtcMs {
        UtcMs(self.now.load(Ordering::SeqCst))
    }

    pub(crate) fn pass_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn enrol(&self, kind: DeviceKind) -> Device {
        let name = "设备".to_owned();
        let made = self
            .ask(AdminRequest::EnrolCode {
                hall: None,
                kind,
                name,
            })
            .await;
        let code = made["code"].as_str().unwrap().to_owned();
        let key = DeviceKey::from_bytes(&central::edge::random_bytes());
        let request = EnrolRequest {
            code,
            public_key: key.public(),
        };
        let answer = http()
            .post(self.url(path::ENROL))
            .json(&request)
            .send()
            .await
            .unwrap();
        let enrolled: Enrolled = answer.error_for_status().unwrap().json().await.unwrap();
        Device {
            id: enrolled.device,
            hall: enrolled.hall,
            key,
            head: ChainHead::EMPTY,
            clock_since_seq: 0,
            base: self.base.clone(),
            http: http(),
            now: Arc::clone(&self.now),
        }
    }

    pub(crate) async fn enrol_kiosk(&self) -> Device {
        self.enrol(DeviceKind::HallKiosk { lane: KioskLane(2) })
            .await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) async fn count(&self, kind: &'static str) -> u64 {
        self.store
            .read(move |reader| reader.count_of_kind(kind))
            .await
            .unwrap()
    }

    /// Everything is sound and a rebuild changes nothing that the counts show.
    pub(crate) async fn verify(&self) {
        let found = self.ask(AdminRequest::Verify).await;
        assert_eq!(found["faults"], serde_json::json!([]));
    }
}

/// A slip's secrets with their hashes.
pub(crate) struct Slip {
    pub(crate) ticket: TicketId,
    pub(crate) token: TicketSecret,
    pub(crate) code: TicketSecret,
}

impl Slip {
    pub(crate) fn new(code: &str) -> Self {
        Self {
            ticket: TicketId(central::edge::new_uuid(MORNING)),
            token: TicketSecret(central::edge::new_secret()),
            code: TicketSecret(code.to_owned()),
        }
    }

    pub(crate) fn take(&self, letter: char) -> TakeNumber {
        TakeNumber {
            ticket: self.ticket,
            group: group(letter),
            priority: None,
            wish: Wish::default(),
            token_hash: self.token.token_hash(),
            code_hash: self.code.code_hash(self.ticket),
            origin: Origin::Touch,
        }
    }

    pub(crate) fn shown(&self, device: &Device, label: &str, arrived_at: UtcMs) -> Event {
        let label: domain::queue::TicketLabel = label.parse().unwrap();
        let group = group(label.to_string().chars().next().unwrap());
        let (token_hash, code_hash): (SecretHash, SecretHash) =
            (self.token.token_hash(), self.code.code_hash(self.ticket));
        let (ticket, priority) = (self.ticket, None);
        let issued = TicketIssued {
            ticket,
            label,
            group,
            priority,
            arrived_at,
            token_hash,
            code_hash,
            wish: Wish::default(),
            found: None,
            told: None,
        };
        Event::TicketShown(TicketShown {
            hall: device.hall,
            issued,
            origin: Origin::Touch,
        })
    }
}

pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) hall: HallId,
    pub(crate) key: DeviceKey,
    pub(crate) head: ChainHead,
    pub(crate) clock_since_seq: u64,
    pub(crate) base: String,
    http: reqwest::Client,
    now: Arc<AtomicI64>,
}

static NONCE: AtomicU64 = AtomicU64::new(0);

/// What a test may get wrong about a request.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wrong<'w> {
    pub(crate) nonce: Option<&'w str>,
    pub(crate) time_off_ms: i64,
    pub(crate) body: Option<&'w [u8]>,
}

pub(crate) type Answer<T> = Result<T, Problem>;

impl Device {
    pub(crate) fn now(&self) -> UtcMs {
        UtcMs(self.now.load(Ordering::SeqCst))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        read(
            self.send(Method::GET, path, Vec::new(), Wrong::default())
                .await,
        )
        .await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Answer<T> {
        let body = serde_json::to_vec(body).unwrap();
        read(self.send(Method::POST, path, body, Wrong::default()).await).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        wrong: Wrong<'_>,
    ) -> reqwest::Response {
        let fresh = format!("n{}", NONCE.fetch_add(1, Ordering::SeqCst));
        let nonce = wrong.nonce.unwrap_or(&fresh);
        let time = self.now().plus_ms(wrong.time_off_ms);
        let request = RequestToSign {
            method: method.as_str(),
            path_and_query: path,
            body: &body,
            device: self.id,
            time,
            nonce,
        };
        let signature = hex::encode(self.key.sign_request(&request).0);
        let body = wrong.body.map_or(body.clone(), <[u8]>::to_vec);
        self.http
            .request(method, format!("{}{path}", self.base))
            .header(header::DEVICE, self.id.to_string())
            .header(header::TIME, time.0.to_string())
            .header(header::NONCE, nonce)
            .header(header::SIGNATURE, signature)
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Writes events into the device's own chain and returns their texts.
    pub(crate) fn write(&mut self, events: &[Event]) -> Vec<String> {
        self.write_at(self.now(), events)
    }

    pub(crate) fn write_at(&mut self, at: UtcMs, events: &[Event]) -> Vec<String> {
        let mut write = |event: &Event| {
            let body = event.body();
            let draft = Draft {
                writer: self.id,
                at,
                kind: event.kind(),
                body: &body,
            };
            let text = envelope::write(&draft, self.head);
            self.head = envelope::read(&text).unwrap().head();
            text
        };
        events.iter().map(&mut write).collect()
    }

    pub(crate) fn push_of(&self, events: Vec<String>) -> Push {
        let last = envelope::read(events.last().unwrap()).unwrap();
        let tail_signature = self.key.sign_tail(self.id, last.head());
        Push {
            events,
            tail_signature,
            device_time: self.now(),
            clock_since_seq: self.clock_since_seq,
        }
    }

    pub(crate) async fn push_with_clock(
        &self,
        events: Vec<String>,
        device_time: UtcMs,
    ) -> Answer<Pushed> {
        let push = Push {
            device_time,
            ..self.push_of(events)
        };
        self.post(path::LOG, &push).await
    }

    pub(crate) async fn push(&self, events: Vec<String>) -> Answer<Pushed> {
        self.post(path::LOG, &self.push_of(events)).await
    }

    pub(crate) async fn take_number(&self, slip: &Slip) -> Answer<NumberTaken> {
        self.post(path::TICKETS, &slip.take('A')).await
    }

    pub(crate) async fn tail(&self) -> Answer<LogTail> {
        self.get(path::LOG_TAIL).await
    }
}

pub(crate) async fn read<T: DeserializeOwned>(answer: reqwest::Response) -> Answer<T> {
    assert!(answer.headers().contains_key(header::SERVER_TIME));
    if answer.status().is_success() {
        return Ok(answer.json().await.unwrap());
    }
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    Err(answer.json().await.unwrap())
}

pub(crate) fn code<T: std::fmt::Debug>(answer: Answer<T>) -> ProblemCode {
    answer.unwrap_err().code
}
