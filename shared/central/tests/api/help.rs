//! Remote help and pictures over the wire.

use std::time::{Duration, Instant};

use central::staff::HelpCitizens;
use reqwest::Method;
use wire::api::{HelpAnswer, HelpState, RemoteCommand, RemoteCommands, path};

use crate::hall::{Hall, Wrong};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

#[tokio::test]
async fn a_clerk_touches_only_after_the_citizen_agreed() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let clerk = hall.clerk().await.also::<HelpCitizens>().unwrap();
    let held = async {
        let path = format!("{}?wait_ms=20000", path::COMMANDS);
        kiosk.get::<RemoteCommands>(&path).await.unwrap()
    };
    let begun = Instant::now();
    let ask = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        hall.app.ask_help(kiosk.id, &clerk).await.unwrap()
    };
    let (commands, session) = tokio::join!(held, ask);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let asked = RemoteCommand::AskToHelp {
        session,
        staff_name: "甲".into(),
    };
    assert_eq!(commands.commands, [asked]);
    assert!(hall.app.touch(kiosk.id, session, (1, 1), &clerk).is_err());
    let yes = serde_json::to_vec(&HelpAnswer {
        session,
        state: HelpState::Active,
    })
    .unwrap();
    let answered = kiosk
        .send(Method::POST, path::HELP_ANSWER, yes, Wrong::default())
        .await;
    assert!(answered.status().is_success());
    hall.app
        .touch(kiosk.id, session, (500, 250), &clerk)
        .unwrap();
    let commands: RemoteCommands = kiosk.get(path::COMMANDS).await.unwrap();
    let touch = RemoteCommand::Touch {
        session,
        x_per_mille: 500,
        y_per_mille: 250,
    };
    assert_eq!(commands.commands, [touch]);
}

#[tokio::test]
async fn the_newest_picture_is_kept_and_no_event_is_made_of_it() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let path = format!(
        "{}?screen=home&in_use=true&backlog=3&confirmed=true",
        path::SCREEN
    );
    let sent = kiosk
        .send(Method::POST, &path, PNG.to_vec(), Wrong::default())
        .await;
    assert!(sent.status().is_success());
    assert_eq!(hall.app.screen_picture(kiosk.id, "").unwrap().png, PNG);
    let line = hall.app.device_overview().await.unwrap().remove(0);
    assert!(
        line.is_online && line.status_text.contains("3 件未上传"),
        "{}",
        line.status_text
    );
    let junk = kiosk
        .send(Method::POST, &path, b"GIF89a".to_vec(), Wrong::default())
        .await;
    assert_eq!(junk.status(), 400);
}

#[tokio::test]
async fn watching_is_told_to_a_waiting_device_once() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    hall.app.watch_screens();
    let told: RemoteCommands = kiosk.get(path::COMMANDS).await.unwrap();
    assert!(told.watched_until.is_some());
    let begun = Instant::now();
    let path = format!("{}?wait_ms=200", path::COMMANDS);
    let again: RemoteCommands = kiosk.get(&path).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!(again.watched_until, told.watched_until);
}
