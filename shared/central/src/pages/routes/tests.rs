//! The pages over real HTTP, with a real store in a scratch directory and a clock that a test
//! moves: who may come in, what a foreign form may do, and what an act leads to.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::NaiveDate;
use domain::case::Role as StaffRole;
use domain::id::{DeviceId, GroupCode, HallId, ImportId, ListingId, ShortId, TicketId, WindowNo};
use domain::queue::{HallLayout, SecretHash, ServiceGroup, Wish};
use domain::rating::TicketSecret;
use domain::time::UtcMs;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use tempfile::TempDir;
use tokio::net::TcpListener;
use uuid::Uuid;
use wire::api::TakeNumber;
use wire::event::{
    Event, HallLaidOut, ImportedRow, Origin, RawRow, RoleGrant, VacanciesImported,
    VacanciesPublished,
};

use crate::app_state::AppState;
use crate::authority;
use crate::cases::{CaseDesk, KindShelf, LiveRules};
use crate::config::Config;
use crate::pages::fixtures::NOW;
use crate::parameters::Parameters;
use crate::staff::{self, NewStaff};
use crate::store::{AuditFilter, Marking, Opening, Role, Store};
use crate::vacancies::ImportDesk;

mod announcing;
mod boards;
mod console;
mod documents;
mod every_kind;
mod guide;
mod kpi;
mod lines;
mod lists;
mod matching;
mod parameters;
mod public_rows;
mod scores;
mod station;

pub(super) const PASSWORD: &str = "十个字以上的样例密码 1";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Of the clerk, so that every page of these stories opens.
const ROLES: [StaffRole; 4] = [
    StaffRole::Clerk,
    StaffRole::HallManager,
    StaffRole::Chief,
    StaffRole::Tech,
];

/// A hall with one window, a clerk, a published listing and a waiting ticket.
pub(super) struct Hall {
    pub(super) address: String,
    pub(super) client: Client,
    pub(super) clock: Arc<AtomicI64>,
    pub(super) app: AppState,
    _directory: TempDir,
}

pub(super) fn hall_id() -> HallId {
    HallId(Uuid::from_u128(1))
}

fn listing_id() -> ListingId {
    ListingId(Uuid::from_u128(2))
}

fn laid_out() -> Event {
    let group = GroupCode::new('A').unwrap();
    let service = ServiceGroup {
        name: "找工作".into(),
        hint: "样例".into(),
        typical_service_minutes: 8,
    };
    let layout = HallLayout {
        groups: [(group, service)].into(),
        windows: [3, 4]
            .map(|no| (WindowNo::new(no).unwrap(), [group].into()))
            .into(),
    };
    Event::HallLaidOut(HallLaidOut {
        hall: hall_id(),
        station_name: "样例站".into(),
        layout,
    })
}

fn listing_events(today: NaiveDate) -> [Event; 2] {
    let import = ImportId(Uuid::from_u128(3));
    let row = ImportedRow {
        listing: listing_id(),
        source_key: "样例-1".into(),
        raw: RawRow(r#"{"title":"<script>电工</script>"}"#.into()),
    };
    let imported = VacanciesImported {
        import,
        as_of: today,
        rows: vec![row],
    };
    let published = VacanciesPublished {
        import,
        by: "万小样".into(),
        on: today,
    };
    [
        Event::VacanciesImported(imported),
        Event::VacanciesPublished(published),
    ]
}

fn take_number() -> TakeNumber {
    TakeNumber {
        ticket: TicketId(Uuid::from_u128(4)),
        group: GroupCode::new('A').unwrap(),
        priority: None,
        wish: Wish::default(),
        token_hash: TicketSecret(TOKEN.into()).token_hash(),
        code_hash: SecretHash([0; 32]),
        origin: Origin::Demo,
    }
}

fn seed(store: &Store) {
    store
        .write_blocking(|write| {
            // as the service does when it starts
            write.establish_keys(crate::edge::fill_random)?;
            write.append(&laid_out(), NOW)?;
            for event in listing_events(NOW.hall_date()) {
                write.append(&event, NOW)?;
            }
            authority::take_number(write, hall_id(), &take_number(), NOW)
        })
        .unwrap()
        .unwrap();
    let rules = Arc::new(LiveRules::of(store.clone()));
    let cases = CaseDesk::new(store.clone(), KindShelf::embedded().unwrap(), rules);
    let imports = ImportDesk::new(store.clone(), cases, Path::new("."));
    assert_eq!(imports.adopt_old(NOW).unwrap(), 1);
    let clerk = NewStaff {
        name: "万小样".into(),
        login: "wan".into(),
        clerk_no: "0312".into(),
        hall: hall_id(),
        roles: ROLES.map(RoleGrant::everywhere).into(),
    };
    staff::add(store, clerk, PASSWORD, NOW).unwrap();
}

impl Hall {
    pub(super) async fn open() -> Self {
        Self::open_with(|app| super::router(&app).with_state(app)).await
    }

    /// The same behind another router.
    pub(super) async fn open_with(router: impl FnOnce(AppState) -> axum::Router) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let parameters = Parameters::on(NOW.hall_date()).unwrap();
        let opening = Opening {
            marking: Marking::Synthetic,
            centre_if_new: DeviceId(Uuid::from_u128(5)),
            hall_parameters: parameters.hall.clone(),
            role: Role::Centre,
            vfs: None,
            custody: crate::vault::KeyCustody::of(directory.path(), None, None).unwrap(),
            now: NOW,
        };
        let store = Store::open(&directory.path().join("central.db"), opening).unwrap();
        let seeded = store.clone();
        tokio::task::spawn_blocking(move || seed(&seeded))
            .await
            .unwrap();
        let clock = Arc::new(AtomicI64::new(NOW.0));
        let read_clock = Arc::clone(&clock);
        let now = Arc::new(move || UtcMs(read_clock.load(Ordering::SeqCst)));
        let config = Config::default();
        let app = AppState::new(store, config, &parameters, now);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = router(app.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let central: sync::address::CentralAddress = address.parse().unwrap();
        let client = central.http().unwrap();
        Self {
            address,
            client,
            clock,
            app,
            _directory: directory,
        }
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address))
    }

    pub(super) fn post(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        self.client
            .post(format!("{}{path}", self.address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.join("&"))
    }

    /// Signs in as a browser would; the session's cookie.
    pub(super) async fn sign_in(&self, password: &str) -> (StatusCode, String) {
        self.sign_in_as("wan", password).await
    }

    async fn sign_in_as(&self, login: &str, password: &str) -> (StatusCode, String) {
        let door = self.get("/staff/sign-in").send().await.unwrap();
        let cookie = cookie_of(&door);
        let token = form_token(&door.text().await.unwrap());
        let fields = [
            ("form_token", token.as_str()),
            ("next", ""),
            ("login", login),
            ("password", password),
        ];
        let answer = self
            .post("/staff/sign-in", &fields)
            .header(header::COOKIE, cookie);
        let answer = answer.send().await.unwrap();
        (answer.status(), cookie_of(&answer))
    }

    /// How often an act stands in the audit trail.
    async fn acts(&self, word: &str) -> u64 {
        let filter = AuditFilter {
            act: Some(word.to_owned()),
            ..AuditFilter::default()
        };
        let count = self
            .app
            .inner
            .store
            .read(move |reader| reader.audit_count(&filter));
        count.await.unwrap()
    }

    pub(super) async fn page(&self, path: &str, cookie: &str) -> String {
        self.get(path)
            .header(header::COOKIE, cookie)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }
}

pub(super) fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub(super) fn cookie_of(answer: &reqwest::Response) -> String {
    let line = answer
        .headers()
        .get(header::SET_COOKIE)
        .map(|value| value.to_str().unwrap());
    line.and_then(|line| line.split(';').next())
        .unwrap_or_default()
        .to_owned()
}

fn hidden(page: &str, name: &str) -> Option<String> {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned)
}

pub(super) fn form_token(page: &str) -> String {
    hidden(page, "form_token").unwrap()
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_door_and_back() {
    let hall = Hall::open().await;
    for path in [
        "/staff",
        "/staff/scores?days=7",
        "/staff/devices",
        "/staff/changes",
    ] {
        let answer = hall.get(path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        let location = answer.headers()[header::LOCATION].to_str().unwrap();
        assert_eq!(location, format!("/staff/sign-in?next={path}"));
    }
    let act = hall.post(
        "/staff/console/call-next",
        &[("window", "3"), ("form_token", "x")],
    );
    let answer = act.send().await.unwrap();
    assert_eq!(answer.headers()[header::LOCATION], "/staff/sign-in");
}

#[tokio::test]
async fn a_wrong_password_is_said_in_words_and_a_right_one_opens() {
    let hall = Hall::open().await;
    let (status, _) = hall.sign_in("not the password").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, cookie) = hall.sign_in(PASSWORD).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    for path in [
        "/staff",
        "/staff/console",
        "/staff/scores",
        "/staff/devices",
        "/staff/listings",
    ] {
        let page = hall.page(path, &cookie).await;
        assert!(
            page.contains("样例站") && page.contains("演示数据"),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn a_sign_in_form_of_another_browser_is_refused() {
    let hall = Hall::open().await;
    let page = hall
        .get("/staff/sign-in")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let token = form_token(&page);
    let fields = [
        ("form_token", token.as_str()),
        ("next", ""),
        ("login", "wan"),
        ("password", PASSWORD),
    ];
    let answer = hall.post("/staff/sign-in", &fields).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_without_the_sessions_token_or_of_another_site_does_nothing() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let forged = [("window", "3"), ("form_token", "0000")];
    let act = hall
        .post("/staff/console/call-next", &forged)
        .header(header::COOKIE, &cookie);
    assert_eq!(act.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let token = form_token(&hall.page("/staff/console?window=3", &cookie).await);
    let fields = [("window", "3"), ("form_token", token.as_str())];
    let act = hall
        .post("/staff/console/call-next", &fields)
        .header(header::COOKIE, &cookie);
    let act = act.header("sec-fetch-site", "cross-site");
    assert_eq!(act.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let queue = hall.app.hall_snapshot(hall_id()).unwrap().queue;
    assert_eq!(queue.windows.values().next().unwrap().current, None);
}

#[tokio::test]
async fn a_visit_goes_from_the_call_to_one_durable_score() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let phone = format!("/t/{TOKEN}");
    assert!(hall.page(&phone, "").await.contains("前面还有"));
    for (act, then) in [
        ("call-next", "请到 3 号窗口"),
        ("start", "3 号窗口正在给您办"),
        ("finish", "这件事办得怎么样"),
    ] {
        let console = hall.page("/staff/console?window=3", &cookie).await;
        let ticket = hidden(&console, "ticket");
        let token = form_token(&console);
        let mut fields = vec![("window", "3"), ("form_token", token.as_str())];
        fields.extend(ticket.as_deref().map(|ticket| ("ticket", ticket)));
        let path = format!("/staff/console/{act}");
        let answer = hall
            .post(&path, &fields)
            .header(header::COOKIE, &cookie)
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), StatusCode::SEE_OTHER, "{act}");
        assert!(hall.page(&phone, "").await.contains(then), "{act}");
    }
    let token = form_token(&hall.page(&phone, "").await);
    let fields = [
        ("form_token", token.as_str()),
        ("level", "2"),
        ("reason", "R05"),
        ("reason", "R07"),
    ];
    let first = hall.post(&phone, &fields).send().await.unwrap();
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    assert!(hall.page(&phone, "").await.contains("谢谢您，记下了"));
    let second = hall.post(&phone, &fields).send().await.unwrap();
    assert_eq!(second.status(), StatusCode::CONFLICT);
    let scores = hall.page("/staff/scores", &cookie).await;
    assert!(
        scores.contains("差 1 件") && scores.contains("0 / 1"),
        "{scores}"
    );
}

#[tokio::test]
async fn an_act_on_a_ticket_that_is_no_longer_there_does_nothing() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let token = form_token(&hall.page("/staff/console?window=3", &cookie).await);
    let stale = TicketId(Uuid::from_u128(99)).to_string();
    let fields = [
        ("window", "3"),
        ("form_token", token.as_str()),
        ("ticket", stale.as_str()),
    ];
    let act = hall
        .post("/staff/console/call-next", &fields)
        .header(header::COOKIE, &cookie);
    let answer = act.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("刚才已经办过了"));
}

#[tokio::test]
async fn a_listing_is_shown_escaped_until_its_last_day_and_is_then_gone() {
    let hall = Hall::open().await;
    let path = format!("/v/{}", ShortId::of(listing_id()));
    let answer = hall.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(
        answer
            .headers()
            .contains_key(header::CONTENT_SECURITY_POLICY)
    );
    let page = answer.text().await.unwrap();
    assert!(page.contains("电工") && !page.contains("<script>电工"));
    let capitals = hall.get(&path.to_uppercase()).send().await.unwrap();
    assert_eq!(capitals.status(), StatusCode::OK);
    hall.clock
        .store(NOW.plus_minutes(400 * 24 * 60).0, Ordering::SeqCst);
    let answer = hall.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::GONE);
    assert!(answer.text().await.unwrap().contains("这个岗位不招了"));
}

#[tokio::test]
async fn a_withdrawal_needs_a_reason_and_takes_the_listing_from_the_public() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let number = ShortId::of(listing_id()).to_string();
    let page = hall
        .page(&format!("/staff/listings?number={number}"), &cookie)
        .await;
    let token = form_token(&page);
    for (reason, status) in [("  ", StatusCode::CONFLICT), ("已经招满", StatusCode::OK)] {
        let fields = [
            ("form_token", token.as_str()),
            ("number", &number),
            ("reason", reason),
        ];
        let act = hall
            .post("/staff/listings/withdraw", &fields)
            .header(header::COOKIE, &cookie);
        assert_eq!(act.send().await.unwrap().status(), status, "{reason:?}");
    }
    let answer = hall.get(&format!("/v/{number}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::GONE);
}

#[tokio::test]
async fn what_is_unknown_is_said_in_words() {
    let hall = Hall::open().await;
    for (path, words) in [
        ("/t/unknown-token", "没找到这张号票"),
        ("/v/ZZZZZZZZZZ", "没找到这个岗位"),
        ("/v/%3Cscript%3E", "没找到这个岗位"),
        ("/v?number=1", "编号是 10 位"),
    ] {
        let answer = hall.get(path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().await.unwrap().contains(words), "{path}");
    }
}

#[tokio::test]
async fn a_stream_says_that_a_queue_changed_and_ends_when_the_service_stops() {
    let hall = Hall::open().await;
    let mut stream = hall.get("/changes").send().await.unwrap();
    assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let token = form_token(&hall.page("/staff/console?window=3", &cookie).await);
    let fields = [("window", "3"), ("form_token", token.as_str())];
    let act = hall
        .post("/staff/console/call-next", &fields)
        .header(header::COOKIE, &cookie);
    act.send().await.unwrap();
    let chunk = stream.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&chunk).starts_with("event: changed"));
    hall.app.stop();
    assert!(
        stream.chunk().await.unwrap().is_none(),
        "the stream must end"
    );
}
