//! Restoring: only where it destroys nothing, and so that devices and readers of the feed go on.

use std::path::Path;

use central::admin::AdminRequest;
use wire::api::{FeedPage, path};

use crate::day::{help, live};
use crate::hall::{Hall, PASSWORD};
use crate::program::{Place, Service, central, names, restored};

fn restore_words(from: &Path) -> [&str; 4] {
    ["restore", "--from", from.to_str().unwrap(), "--json"]
}

#[tokio::test]
async fn a_directory_in_use_is_refused_and_goes_on() {
    let place = Place::after_a_day().await;
    let backup = place.backup();
    let service = Service::start(&place.data());
    for more in [None, Some("--replace")] {
        let mut words = restore_words(&backup).to_vec();
        words.extend(more);
        let refused = central(&words, &place.data());
        assert!(refused.refusal().contains("正在被另一个进程使用"));
    }
    let verified = central(&["verify", "--json"], &place.data()).json();
    assert_eq!(verified["faults"], serde_json::json!([]));
    drop(service);
}

#[tokio::test]
async fn a_used_directory_is_refused_unchanged_and_replaced_only_when_asked() {
    let place = Place::after_a_day().await;
    let backup = place.backup();
    let before = std::fs::read(place.data().join("central.db")).unwrap();
    let refused = central(&restore_words(&backup), &place.data());
    assert!(refused.refusal().contains("--replace"));
    assert!(
        std::fs::read(place.data().join("central.db")).unwrap() == before,
        "the file is unchanged"
    );
    let mut words = restore_words(&backup).to_vec();
    words.push("--replace");
    let restored = central(&words, &place.data()).json();
    let aside = Path::new(restored["replaced"].as_str().unwrap()).to_owned();
    assert!(
        std::fs::read(aside.join("central.db")).unwrap() == before,
        "the file is unchanged"
    );
    assert_eq!(names(&place.data(), "central.db"), ["central.db"]);
    assert_eq!(central(&["verify"], &place.data()).code, 0);
}

#[tokio::test]
async fn a_restore_that_was_killed_in_the_middle_is_not_opened_but_can_be_done_again() {
    let place = Place::after_a_day().await;
    let backup = place.backup();
    std::fs::remove_file(place.data().join("central.db")).unwrap();
    std::fs::write(place.data().join("restore-unfinished"), "").unwrap();
    let refused = central(&["verify"], &place.data());
    assert!(refused.refusal().contains("没有做完"));
    let mut words = restore_words(&backup).to_vec();
    words.push("--replace");
    central(&words, &place.data()).json();
    assert_eq!(central(&["verify"], &place.data()).code, 0);
    assert!(!place.data().join("restore-unfinished").exists());
}

#[tokio::test]
async fn devices_send_again_what_the_restored_store_lacks_and_no_position_is_given_twice() {
    let hall = Hall::open().await;
    let mut kiosk = live(&hall).await;
    let to = tempfile::tempdir().unwrap();
    let folder = to.path().to_owned();
    hall.ask(AdminRequest::Backup { to: Some(folder) }).await;
    let kept = kiosk.head;
    let lost = kiosk.write(&[help(&kiosk), help(&kiosk)]);
    kiosk.push(lost.clone()).await.unwrap();
    publish(&hall, "lost").await;
    let feed = format!("{}?topics=notice", path::FEED);
    let cursor = kiosk.get::<FeedPage>(&feed).await.unwrap().next_after;

    let data = tempfile::tempdir().unwrap();
    let back = restored(to.path(), data.path(), hall.now()).await;
    let named = back.devices.iter().find(|held| held.device == kiosk.id);
    assert_eq!(named.unwrap().seq, kept.seq);
    let again = Hall::open_in(data).await;
    again.pass_ms(hall.now().ms_since(again.now()));
    kiosk.base.clone_from(&again.base);
    assert_eq!(kiosk.tail().await.unwrap().head, kept);
    kiosk.push(lost).await.unwrap();
    assert_eq!(kiosk.tail().await.unwrap().head, kiosk.head);
    again.verify().await;

    publish(&again, "new").await;
    let page: FeedPage = kiosk.get(&format!("{feed}&after={cursor}")).await.unwrap();
    let keys: Vec<&str> = page.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, ["new"], "a reader from before sees what is new");
}

async fn publish(hall: &Hall, id: &str) {
    let text = format!(
        r#"{{"id":"{id}","kind":"notice","title":"通知","board_pages":[],"rows":[],
            "document_no":null,"valid_from":"2026-11-23","valid_to":null}}"#
    );
    let notices = vec![serde_json::from_str(&text).unwrap()];
    let by = "甲".into();
    hall.ask(AdminRequest::PublishNotices { notices, by }).await;
}

#[tokio::test]
async fn nobody_is_signed_in_after_a_restore() {
    let hall = Hall::open().await;
    live(&hall).await;
    let signed_in = hall.app.sign_in("jia", PASSWORD, "").await.unwrap();
    let to = tempfile::tempdir().unwrap();
    let folder = to.path().to_owned();
    hall.ask(AdminRequest::Backup { to: Some(folder) }).await;
    let data = tempfile::tempdir().unwrap();
    restored(to.path(), data.path(), hall.now()).await;
    assert!(hall.app.session(&signed_in.cookie).await.is_ok());
    let again = Hall::open_in(data).await;
    assert!(again.app.session(&signed_in.cookie).await.is_err());
    assert!(again.app.sign_in("jia", PASSWORD, "").await.is_ok());
}

#[tokio::test]
async fn a_drill_tells_the_last_event_and_what_is_missing_and_leaves_nothing() {
    let place = Place::after_a_day().await;
    place.close_day();
    let backup = place.backup();
    let layout = place.path("hall.toml");
    let text = "station_name = '示例二街道站'\n[[windows]]\nno = 1\ngroups = ['A']\n\
                [[windows]]\nno = 2\ngroups = ['A', 'B']\n";
    std::fs::write(&layout, text).unwrap();
    let service = Service::start(&place.data());
    let words = ["hall", "lay-out", layout.to_str().unwrap(), "--json"];
    central(&words, &place.data()).json();
    let through = central(&["restore-drill", "--json"], &place.data()).json();
    drop(service);
    let beside = central(&["restore-drill", "--json"], &place.data()).json();
    for drilled in [through, beside] {
        assert_eq!(drilled["is_sound"], true);
        assert_eq!(drilled["missing_events"], 1);
        assert_eq!(drilled["last"]["kind"], "hall.day_closed.v1");
        assert_eq!(drilled["last"]["writer_name"], "中心");
        assert_eq!(drilled["running_last"]["kind"], "hall.laid_out.v1");
    }
    let left = names(&place.data(), "");
    assert!(
        left.iter()
            .all(|name| ["admin.sock", "central.db", "lock"].contains(&name.as_str())),
        "{left:?}"
    );
    let from = backup.parent().unwrap().to_str().unwrap();
    let elsewhere = place.path("elsewhere");
    let key = place.key();
    let words = ["restore-drill", "--from", from, "--master-key-file"];
    let drilled = central(&[&words[..], &[key.to_str().unwrap()]].concat(), &elsewhere);
    assert!(drilled.out.contains("没有比较"), "{}", drilled.out);
    assert_eq!(drilled.code, 0);
    assert!(!elsewhere.exists());
}
