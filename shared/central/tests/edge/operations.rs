//! What the service says of itself, and how it ends.

use central::config::Config;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wire::api::{FeedPage, path};
use wire::problem::{Problem, ProblemCode};

use crate::hall::{Hall, Slip, Wrong, http};
use crate::process::{Central, central};

/// What a citizen's request may hold, none of which may be in a log.
const TOKEN: &str = "5f1c9a7be2d04638a1f7c5e09b3d6824";
const PHONE: &str = "13800138000";
const NAME: &str = "王小明";

#[tokio::test]
async fn the_log_tells_of_requests_and_nothing_of_citizens() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--log-format", "json", "--log-level", "trace"];
    let central = Central::serve(folder.path(), &flags);
    let base = format!("http://{}", central.address);
    let page = format!("{base}/t/{TOKEN}?phone={PHONE}&name={NAME}");
    http().get(&page).send().await.unwrap();
    let answer = http()
        .post(&page)
        .body(format!("level=5&phone={PHONE}&name={NAME}"));
    answer.send().await.unwrap();
    let body = format!("{{\"phone\":\"{PHONE}\",\"token\":\"{TOKEN}\"}}");
    let strange = format!("{base}{}?token={TOKEN}", path::TICKETS);
    http()
        .post(strange)
        .header("x-device", TOKEN)
        .body(body)
        .send()
        .await
        .unwrap();
    let nowhere = http()
        .get(format!("{base}/{PHONE}/{TOKEN}"))
        .send()
        .await
        .unwrap();
    let id = nowhere.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let ended = central.stop();
    assert!(ended.status.success());
    let lines: Vec<Value> = ended
        .log
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let requests = || lines.iter().filter(|line| line["message"] == "request");
    assert_eq!(requests().count(), 4, "{}", ended.log);
    assert_eq!(
        requests()
            .filter(|line| line["route"] == "/t/{token}")
            .count(),
        2
    );
    let last = requests().find(|line| line["id"] == id.as_str()).unwrap();
    assert_eq!(
        (&last["route"], &last["status"]),
        (&"unmatched".into(), &404.into())
    );
    assert!(requests().all(|line| line["ms"].is_u64() && line["method"].is_string()));
    for secret in [TOKEN, PHONE, NAME, "phone"] {
        assert!(!ended.log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_device_is_named_in_the_numbers_only_by_its_state() {
    let hall = Hall::open().await;
    let device = hall.enrol_kiosk().await;
    device.take_number(&Slip::new("1234")).await.unwrap();
    let _: FeedPage = device.get("/api/v1/feed?after=0").await.unwrap();
    let wrong = Wrong {
        time_off_ms: 3_600_000,
        ..Wrong::default()
    };
    device
        .send(reqwest::Method::GET, path::LOG_TAIL, Vec::new(), wrong)
        .await;
    let told = numbers(&hall).await;
    for line in [
        "central_http_requests_total{route=\"/api/v1/tickets\",status=\"200\"} 1",
        "central_refusals_total{code=\"clock_skew\"} 1",
        "central_devices{state=\"good\"} 1",
        "central_devices{state=\"revoked\"} 0",
        "central_http_requests_running{route=\"/api/v1/feed\"} 0",
        "central_quarantined_events 0",
        "central_held_events 0",
        "central_last_backup_age_seconds inf",
        "central_build_info{version=",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let value = |name: &str| -> f64 {
        let line = told
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name}"))
            .rsplit_once(' ')
            .unwrap()
            .1
            .parse()
            .unwrap()
    };
    let events = hall
        .store
        .read(|reader| reader.record_counts())
        .await
        .unwrap()
        .events;
    assert!(events > 0);
    assert!((value("central_events_appended_total") - events as f64).abs() < 0.5);
    assert!(value("central_feed_rows_served_total") >= 1.0);
    assert!(value("central_commit_jobs_count") >= 1.0);
    assert!(value("central_commit_seconds_sum") > 0.0);
    assert!(value("central_process_resident_memory_bytes") > 1_000_000.0);
    assert!(!told.contains(&device.id.to_string()));
}

async fn numbers(hall: &Hall) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    let router = central::metrics::app(hall.app.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let answer = http().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_service_is_ready_while_its_disk_has_room_and_until_it_stops() {
    let hall = Hall::open().await;
    let ready = http().get(hall.url(path::READY)).send().await.unwrap();
    assert_eq!(ready.text().await.unwrap(), "ready");
    let config = Config {
        disk_free_bytes_min: u64::MAX,
        ..Config::default()
    };
    let full = Hall::open_as(tempfile::tempdir().unwrap(), config).await;
    let answer = http().get(full.url(path::READY)).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: Problem = answer.json().await.unwrap();
    assert_eq!(problem.code, ProblemCode::Unavailable);
    let alive = http().get(full.url(path::HEALTH)).send().await.unwrap();
    assert_eq!(alive.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn a_held_request_is_answered_when_the_service_stops() {
    let hall = Hall::open().await;
    let device = hall.enrol_kiosk().await;
    let all: FeedPage = device.get("/api/v1/feed?after=0").await.unwrap();
    let held = format!("/api/v1/feed?after={}&wait_ms=25000", all.next_after);
    let stopped = async {
        while !numbers(&hall)
            .await
            .contains("running{route=\"/api/v1/feed\"} 1")
        {}
        hall.app.stop();
    };
    let (page, ()) = tokio::join!(device.get::<FeedPage>(&held), stopped);
    assert!(page.unwrap().rows.is_empty());
    let refused = http().get(hall.url(path::HEALTH)).send().await;
    assert!(refused.is_err(), "nothing is accepted any more");
}

#[tokio::test]
async fn a_stopped_service_leaves_one_whole_file_and_exits_with_zero() {
    let folder = tempfile::tempdir().unwrap();
    let central = Central::serve(folder.path(), &[]);
    let ready = format!("http://{}{}", central.address, path::READY);
    assert_eq!(http().get(ready).send().await.unwrap().status(), 200);
    let ended = central.stop();
    assert!(ended.status.success(), "{}", ended.log);
    let log = std::fs::metadata(folder.path().join("central.db-wal"));
    assert_eq!(log.map_or(0, |log| log.len()), 0);
}

#[tokio::test]
async fn a_second_wish_to_stop_ends_the_process_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let central = Central::serve(folder.path(), &[]);
    // A request whose body does not come keeps the service from ending for five seconds.
    let mut slow = tokio::net::TcpStream::connect(&central.address)
        .await
        .unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: hall\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n",
        path::ENROL
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut asked_for_the_body = [0; 25];
    slow.read_exact(&mut asked_for_the_body).await.unwrap();
    assert!(asked_for_the_body.starts_with(b"HTTP/1.1 100 Continue"));
    central.signal("INT");
    let health = format!("http://{}{}", central.address, path::HEALTH);
    while http().get(&health).send().await.is_ok() {}
    assert_eq!(central.stop().status.code(), Some(1));
}

#[test]
fn config_check_says_where_each_value_comes_from_and_fails_on_a_bad_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("central.toml");
    std::fs::write(&file, "listen = '127.0.0.1:8000'\nlog_format = 'json'\n").unwrap();
    let check = |port: &str| {
        let mut check = central();
        check.args([
            "config",
            "check",
            "--json",
            "--log-level",
            "info",
            "--config",
        ]);
        check.arg(&file).env("HALL_LISTEN", port).output().unwrap()
    };
    let sound = check("127.0.0.1:9000");
    assert!(sound.status.success(), "{sound:?}");
    let told: Value = serde_json::from_slice(&sound.stdout).unwrap();
    let from = |key: &str| told["values"][key]["from"].as_str().unwrap();
    let keys = ["listen", "log_format", "log_level", "data"];
    assert_eq!(keys.map(from), ["environment", "file", "flag", "default"]);
    let bad = check("nowhere");
    assert_eq!(bad.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(told["faults"].as_array().unwrap().len(), 1);
}
