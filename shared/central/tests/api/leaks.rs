//! Personal values are searched for literally wherever they might come out: every page as every
//! role, lists and exports, the audit trail, the feed, metrics, the log, and every byte on disk,
//! after a random run of a desk. Where a value may stand in full, and for whom:
//!
//! - the answer to a reveal, to who may and said why;
//! - what somebody typed (a refused form, the field of a search), to who typed it;
//! - the rejected rows of a sheet, to who brought the sheet;
//! - a material as it was handed in, to who may see its record;
//! - names and their letters in the one table by which people are found (DESIGN.md §6), on disk.
//!
//! Of who was erased nothing may stand anywhere.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use central::admin::AdminRequest;
use central::pages::table;
use domain::case::Role;
use reqwest::{Method, StatusCode};
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt, registry};
use wire::api::{FeedPage, Topic, path};

use crate::browser::{Browser, encoded};
use crate::hall::{Hall, PASSWORD, http};

pub(crate) mod desk;
pub(crate) mod invented;
mod searched;

use desk::{Desk, ERASED, between};
use invented::Invented;
use searched::{Searched, holds};

const KINDS: [&str; 10] = [
    "person",
    "transport_once",
    "appointment",
    "bad_rating_case",
    "person_group_tag",
    "publicity_notice",
    "led_publication",
    "staff_member",
    "employer",
    "vacancy",
];
const MATERIAL_ROUTE: &str = "/staff/record/{record}/attachments/{sha256}";
const REJECTS_ROUTE: &str = "/staff/records/{kind}/import/{held}/rejects.xlsx";

/// Everything that the program's own crates and its web framework log from now on.
fn log_lines() -> Arc<Mutex<Vec<u8>>> {
    static LINES: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    struct Into(Arc<Mutex<Vec<u8>>>);
    impl Write for Into {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    // not of the HTTP client, which is the test's own and knows what it asks for
    let served = ["central", "sync", "wire", "domain", "axum", "multer"];
    let lines = LINES.get_or_init(|| {
        let lines: Arc<Mutex<Vec<u8>>> = Arc::default();
        let to = Arc::clone(&lines);
        let layer = fmt::layer()
            .with_ansi(false)
            .with_writer(move || Into(Arc::clone(&to)));
        let layer = layer.with_filter(filter_fn(move |line| {
            let of_crate = line.target().split("::").next().unwrap_or_default();
            *line.level() <= Level::INFO || served.contains(&of_crate)
        }));
        registry().with(layer).try_init().unwrap();
        lines
    });
    Arc::clone(lines)
}

/// A route with the names of what is there in place of what varies.
fn addresses(desk: &Desk, route: &str) -> Vec<String> {
    let records = desk.persons.iter().chain(&desk.cases);
    let filled: Vec<String> = match route {
        _ if route.contains("{record}") => records
            .map(|record| route.replace("{record}", record))
            .collect(),
        _ if route.contains("{kind}") => KINDS
            .iter()
            .map(|kind| route.replace("{kind}", kind))
            .collect(),
        _ => vec![route.to_owned()],
    };
    let asked = match route {
        "/staff/record/{record}" => ["", "?on=2026-11-23"].as_slice(),
        "/staff/record/{record}/attachments" => &["?doc_type=work_proof"],
        "/staff/records/{kind}" => &["", "?state=submitted&sort=title", "?page=2&sort=due"],
        "/staff/audit" => &["", "?page=2", "?act=revealed", "?act=read_personal"],
        _ => &[""],
    };
    let filled = filled.iter().map(|route| rest_filled(route));
    filled
        .flat_map(|route| asked.iter().map(move |query| format!("{route}{query}")))
        .collect()
}

/// Other names in a route: nothing personal hangs on them.
fn rest_filled(route: &str) -> String {
    let mut filled = route.to_owned();
    while let Some((before, rest)) = filled.clone().split_once('{') {
        let after = rest.split_once('}').map_or("", |(_, after)| after);
        filled = format!("{before}00000000-0000-0000-0000-000000000001{after}");
    }
    filled
}

async fn look_at_pages(desk: &Desk, searched: &mut Searched) {
    let routes = table().into_iter();
    let routes = routes.filter(|route| route.method == Method::GET);
    // what is held open and never ends says only that something changed
    let routes = routes.filter(|route| !route.path.ends_with("/changes"));
    let routes = routes.filter(|route| ![MATERIAL_ROUTE, REJECTS_ROUTE].contains(&route.path));
    let routes: Vec<_> = routes.map(|route| route.path).collect();
    for (role, visitor) in &desk.staff {
        for address in routes.iter().flat_map(|route| addresses(desk, route)) {
            let answer = visitor.get(&address).await;
            assert!(!answer.status().is_server_error(), "{address}");
            let name = format!("{address} as {}", role.word());
            let head = format!("{:?}", answer.headers());
            searched.look_into(&name, &answer.bytes().await.unwrap());
            searched.look_into(&name, head.as_bytes());
        }
    }
}

/// What was typed stands in the field into which it was typed, and nothing else comes with it; in a
/// file that is taken out not even that.
async fn look_at_searches(desk: &Desk, searched: &mut Searched) {
    for one in &desk.people {
        for typed in [&one.name, &one.number, &one.phone] {
            for kind in KINDS {
                let list = format!("/staff/records/{kind}?q={}", encoded(typed));
                let page = desk.of(Role::Chief).page(&list).await;
                let page = page
                    .replace(typed.as_str(), "")
                    .replace(&encoded(typed), "");
                searched.look(&format!("a search in {kind}"), page.as_bytes());
                if !["person", "transport_once"].contains(&kind) {
                    continue;
                }
                for file in ["export.csv", "export.xlsx"] {
                    let list = list.replace("?q=", &format!("/{file}?q="));
                    let answer = desk.of(Role::Chief).get(&list).await;
                    assert_eq!(answer.status(), StatusCode::OK);
                    searched.look_into(file, &answer.bytes().await.unwrap());
                }
            }
        }
    }
}

async fn metrics(hall: &Hall) -> Vec<u8> {
    let line = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = line.local_addr().unwrap();
    let app = central::metrics::app(hall.app.clone());
    tokio::spawn(async move { axum::serve(line, app).await });
    let url = format!("http://{address}{}", central::metrics::PATH);
    let answer = http().get(url).send().await.unwrap();
    let bytes = answer.error_for_status().unwrap().bytes().await.unwrap();
    assert!(bytes.len() > 1_000);
    bytes.to_vec()
}

/// All topics, as a device reads them.
async fn feed(hall: &Hall) -> FeedPage {
    let topics = Topic::ALL.map(|topic| serde_json::to_value(topic).unwrap());
    let topics: Vec<_> = topics.iter().map(|topic| topic.as_str().unwrap()).collect();
    let kiosk = hall.enrol_kiosk().await;
    let asked = format!("{}?topics={}", path::FEED, topics.join(","));
    kiosk.get(&asked).await.unwrap()
}

/// Everything but the answers of the exceptions.
async fn look_everywhere(desk: &Desk, searched: &mut Searched) {
    look_at_pages(desk, searched).await;
    look_at_searches(desk, searched).await;
    let feed = feed(&desk.hall).await;
    assert!(!feed.has_more);
    let rows = feed.rows.iter().filter_map(|row| row.body.as_deref());
    let rows: String = rows.collect();
    assert!(
        rows.contains("第三批求职补贴公示"),
        "what is masked is on kiosks"
    );
    searched.look("the feed", rows.as_bytes());
    searched.look("metrics", &metrics(&desk.hall).await);
    let copies = tempfile::tempdir().unwrap();
    let to = Some(copies.path().to_owned());
    let said = desk.hall.ask(AdminRequest::Backup { to }).await;
    searched.look("the command line", said.to_string().as_bytes());
    searched.look_at_files(copies.path());
    searched.look_at_files(desk.hall.folder.path());
}

/// Who has the right is shown the value, and nobody else: that the search finds it there shows that
/// it finds what is there.
async fn look_at_exceptions(desk: &mut Desk) {
    let one = desk.people[0].clone();
    let revealed = desk.reveal(0).await;
    assert!(holds(revealed.as_bytes(), &one.phone));

    let (record, sha256) = desk.material.clone().unwrap();
    let material = MATERIAL_ROUTE
        .replace("{record}", &record)
        .replace("{sha256}", &sha256);
    let held = desk.held.clone().unwrap();
    let rejects = REJECTS_ROUTE
        .replace("{kind}", "person")
        .replace("{held}", &held);
    for (role, visitor) in &desk.staff {
        let sees = visitor
            .get(&format!("/staff/record/{record}"))
            .await
            .status();
        let answer = visitor.get(&material).await;
        assert_eq!(answer.status(), sees, "the material as {role:?}");
        if sees == StatusCode::OK {
            assert!(holds(&answer.bytes().await.unwrap(), &one.number));
        }
        let answer = visitor.get(&rejects).await;
        assert_eq!(
            answer.status() == StatusCode::OK,
            *role == Role::Clerk,
            "{role:?}"
        );
    }
    let rows = desk.clerk.get(&rejects).await.bytes().await.unwrap();
    let mut own = Searched::for_these(desk.people[5].secrets(), Vec::new());
    own.look_into("rejects", &rows);
    assert!(own.hits.contains(&"phone at rejects".to_owned()));

    desk.hall.add_staff("another", &[Role::Clerk]).await;
    let mut another = Browser::new(&desk.hall);
    another.sign_in("another", PASSWORD).await;
    assert_eq!(another.get(&rejects).await.status(), StatusCode::NOT_FOUND);
}

/// A wrong projection: somebody's name in a field that is not a personal one comes out in lists,
/// exports, the trail of events and on disk, and is found there.
async fn plant(desk: &Desk, mut searched: Searched) {
    let title = format!("求职补贴公示 {}", desk.people[1].name);
    let title = [("f.title", title.as_str())];
    desk.open_as(Role::Clerk, "publicity_notice", &title).await;
    look_at_pages(desk, &mut searched).await;
    searched.look_at_files(desk.hall.folder.path());
    for place in [
        "name at /staff/records/publicity_notice as clerk",
        "name at /staff/records/publicity_notice/export.csv as chief",
        "name at /staff/records/publicity_notice/export.xlsx as chief",
        "name at table events",
        "name at table cases",
    ] {
        assert!(
            searched.hits.iter().any(|hit| hit == place),
            "{place}: {:?}",
            searched.hits
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_comes_out_but_to_who_asked_with_a_reason() {
    let seed = std::env::var("LEAK_SEED").map_or(20_261_126, |seed| seed.parse().unwrap());
    eprintln!("LEAK_SEED={seed}");
    let log = log_lines();
    let (mut desk, mut dice) = Desk::open(seed).await;
    desk.run(&mut dice).await;
    look_at_exceptions(&mut desk).await;

    let secrets_of = |is_erased: bool| {
        let people = desk.people.iter().enumerate();
        let people = people.filter(|(n, _)| (*n == ERASED) == is_erased);
        people
            .flat_map(|(_, one)| one.secrets())
            .collect::<Vec<_>>()
    };
    let (living, erased) = (secrets_of(false), secrets_of(true));
    let mut searched = Searched::for_these(living.clone(), erased);
    look_everywhere(&desk, &mut searched).await;
    let log = log.lock().unwrap().clone();
    assert!(
        holds(&log, "/staff/record/{record}/reveal"),
        "requests are in the log"
    );
    searched.look("the log", &log);
    eprintln!("{} places", searched.places);
    assert!(searched.places > 3_000, "{} places", searched.places);
    assert_eq!(searched.hits, Vec::<String>::new());
    plant(&desk, Searched::for_these(living, Vec::new())).await;
}

/// What goes to kiosks and boards is looked through, however far its writer has come.
#[tokio::test]
async fn a_number_that_somebody_typed_into_a_notice_does_not_reach_kiosks() {
    let (desk, mut dice) = Desk::open(2).await;
    let one = Invented::of(7, &mut dice);
    let form = desk.of(Role::Tech).page("/staff/records/device/new").await;
    let owner = between(&form, "name=\"f.owner_id\"", "</select>").unwrap();
    let owner = owner
        .split("value=\"")
        .map(|rest| rest.split('"').next().unwrap());
    let owner = owner.into_iter().find(|value| value.len() == 36).unwrap();
    let fields = [
        ("f.device_no", "LED-01"),
        ("f.kind", "led"),
        ("f.place", "大厅"),
        ("f.owner_id", owner),
        ("f.bought_on", "2026-01-01"),
    ];
    desk.open_as(Role::Tech, "device", &fields).await;
    let open = async |body: &str| {
        let form = "/staff/records/led_publication/new";
        let fields = [
            ("station", "YH-C"),
            ("f.content_type", "notice"),
            ("f.title", "请来领取证件"),
            ("f.body", body),
            ("f.screens", "DEVICE-202611-00001"),
            ("f.from_on", "2026-11-23"),
            ("f.to_on", "2026-11-30"),
            ("f.priority", "1"),
        ];
        desk.of(Role::LedEditor).act(form, form, &fields).await
    };
    let bare = open(&format!("失主 {}", one.number)).await;
    assert_eq!(bare.status(), StatusCode::CONFLICT, "it is not even stored");
    assert!(bare.text().await.unwrap().contains("像证件号"));
    let masked = open("失主 龘**，9999**********1234").await;
    let led = desk::record_of(&masked).unwrap();
    let approve = desk.send(Role::LedApprover, &led, "step/approve_draft", &[]);
    let approve = approve.await;
    assert_eq!(
        approve.status(),
        StatusCode::SEE_OTHER,
        "{:?}",
        approve.text().await
    );
    let rows = feed(&desk.hall).await.rows;
    let bodies: String = rows.into_iter().filter_map(|row| row.body).collect();
    assert!(bodies.contains("失主 龘**") && !bodies.contains(&one.number));
}
