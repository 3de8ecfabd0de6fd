//! The fleet as staff and programs see it: what devices say of themselves, what is missing of
//! their records, and how one loses its rights.

use central::admin::AdminRequest;
use domain::case::Role;
use domain::time::UtcMs;
use reqwest::{StatusCode, header};
use wire::api::path;
use wire::event::{Event, HelpCalled, Origin};
use wire::problem::ProblemCode;
use wire::status::{DeviceStatus, LogCondition, StatusAnswer};

use crate::browser::{Browser, form_token};
use crate::hall::{Device, Hall, Slip, code};

/// What a kiosk says whose clock is so much behind.
fn status(hall: &Hall, slow_ms: i64) -> DeviceStatus {
    let device_time = hall.now().plus_ms(-slow_ms);
    DeviceStatus {
        program: "kiosk".into(),
        version: "0.0.1".into(),
        backlog: 3,
        oldest_at: Some(device_time.plus_minutes(-20)),
        log: LogCondition::Good,
        device_time,
        faults: Vec::new(),
    }
}

fn help(device: &Device) -> Event {
    Event::HelpCalled(HelpCalled {
        hall: device.hall,
        origin: Origin::Touch,
    })
}

#[tokio::test]
async fn what_a_device_says_of_itself_stands_on_the_page_and_in_the_list() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    assert!(browser.page("/staff/fleet").await.contains("还没有连上"));
    let told = status(&hall, 3_600_000);
    let answer: StatusAnswer = kiosk.post(path::STATUS, &told).await.unwrap();
    assert!(!answer.key_is_due);
    let page = browser.page("/staff/fleet").await;
    for words in [
        "在线 1 台",
        "3 件未上传，最早 08:40",
        "慢 1 小时",
        "0.0.1，需要升级",
        "刚才",
        "的时钟慢 1 小时",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let listed = hall.ask(AdminRequest::ListDevices).await;
    let line = &listed[0];
    assert_eq!(line["version"], "0.0.1");
    assert_eq!(line["last_seen"], hall.now().0);
    assert_eq!(line["backlog"], 3);
    assert_eq!(line["oldest_at"], hall.now().plus_minutes(-20).0);
    assert_eq!(line["skew_ms"], 3_600_000);
    assert_eq!(line["gaps"], serde_json::json!([]));
    hall.pass_ms(6 * 60_000);
    let page = browser.page("/staff/fleet?only=problems").await;
    assert!(page.contains("断线时 3 件未上传，最早 08:40"), "{page}");
    assert!(page.contains("断线了，最后一次在 09:00"), "{page}");
}

#[tokio::test]
async fn a_time_that_no_clock_shows_breaks_no_page() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    for time in [i64::MIN, i64::MAX, 0] {
        let told = DeviceStatus {
            device_time: UtcMs(time),
            oldest_at: Some(UtcMs(time)),
            ..status(&hall, 0)
        };
        kiosk
            .post::<StatusAnswer>(path::STATUS, &told)
            .await
            .unwrap();
        assert!(browser.page("/staff/fleet").await.contains("3 件未上传"));
        let listed = hall.ask(AdminRequest::ListDevices).await;
        assert_eq!(listed[0]["backlog"], 3);
    }
}

#[tokio::test]
async fn a_gap_shows_at_once_and_is_an_alarm_after_ten_minutes() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    let first = kiosk.write(&[help(&kiosk)]);
    let beyond = kiosk.write(&[help(&kiosk), help(&kiosk)]);
    kiosk.push(beyond).await.unwrap();
    let page = browser.page("/staff/fleet").await;
    let words = "第 2 件起的 2 件在等前面缺的（从 09:00 起）";
    assert_eq!(page.matches(words).count(), 1, "{page}");
    let listed = hall.ask(AdminRequest::ListDevices).await;
    let gap = serde_json::json!([{ "first_seq": 2, "held": 2, "since": hall.now().0 }]);
    assert_eq!(listed[0]["gaps"], gap);
    hall.pass_ms(10 * 60_000 + 1);
    kiosk.tail().await.unwrap();
    let page = browser.page("/staff/fleet").await;
    assert_eq!(page.matches(words).count(), 2, "line and alarm: {page}");
    kiosk.push(first).await.unwrap();
    assert!(!browser.page("/staff/fleet").await.contains(words));
}

#[tokio::test]
async fn a_device_loses_its_rights_by_the_form_that_says_what_follows() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    kiosk
        .post::<StatusAnswer>(path::STATUS, &status(&hall, 0))
        .await
        .unwrap();
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    let own = format!("/staff/fleet/{}", kiosk.id);
    assert!(browser.page("/staff/fleet").await.contains(&own));
    let confirmation = browser.page(&own).await;
    assert!(confirmation.contains("还有 3 件未上传，停用后就收不上来了"));
    let act = format!("{own}/revoke");
    let forged = browser.post(&act, "form_token=0000".into()).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    kiosk.tail().await.unwrap();
    let token = form_token(confirmation.split("/revoke\"").nth(1).unwrap());
    let done = browser.post(&act, format!("form_token={token}")).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    assert_eq!(done.headers()[header::LOCATION], own.as_str());
    assert_eq!(code(kiosk.tail().await), ProblemCode::DeviceRevoked);
    assert!(browser.page(&own).await.contains("已经停用了"));
    assert!(browser.page("/staff/fleet").await.contains("已停用的"));
    hall.verify().await;
}

#[tokio::test]
async fn a_copied_chain_is_the_first_alarm() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    let truth = kiosk.write(&[help(&kiosk)]);
    kiosk.push(truth).await.unwrap();
    kiosk.head = wire::envelope::ChainHead::EMPTY;
    hall.pass_ms(1_000);
    let other = kiosk.write(&[help(&kiosk), help(&kiosk), help(&kiosk)]);
    assert_eq!(code(kiosk.push(other).await), ProblemCode::Equivocation);
    let page = browser.page("/staff/fleet").await;
    assert!(page.contains("记录和这里的对不上"), "{page}");
    assert!(page.contains("有 3 件没有算进来"), "{page}");
}

#[tokio::test]
async fn a_device_that_halted_is_taken_at_its_word_once() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    let halted = DeviceStatus {
        log: LogCondition::Halted,
        ..status(&hall, 0)
    };
    for _ in 0..2 {
        let told: Result<StatusAnswer, _> = kiosk.post(path::STATUS, &halted).await;
        told.unwrap();
    }
    assert_eq!(hall.count("device.refused.v1").await, 1);
    let number = kiosk.take_number(&Slip::new("1111")).await;
    assert_eq!(code(number), ProblemCode::Equivocation);
    let events = kiosk.write(&[help(&kiosk)]);
    assert_eq!(code(kiosk.push(events).await), ProblemCode::Equivocation);
    let page = browser.page("/staff/fleet").await;
    assert!(page.contains("记录和这里的对不上"), "{page}");
}

#[tokio::test]
async fn a_machine_that_nobody_knows_is_not_found_in_words() {
    let hall = Hall::open().await;
    let browser = Browser::of(&hall, &[Role::Tech]).await;
    let nobody = uuid::Uuid::from_u128(5);
    let page = browser.page(&format!("/staff/fleet/{nobody}")).await;
    assert!(page.contains("没有这台设备"), "{page}");
    assert!(browser.page("/staff/fleet").await.contains("还没有设备"));
}
