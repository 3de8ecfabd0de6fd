//! The feed: the cursor moves past what the filter hides, held requests wake at once, calls end.

use std::time::{Duration, Instant};

use central::admin::AdminRequest;
use central::window_desk::Seen;
use domain::queue::WindowAct;
use wire::api::{FeedBody, FeedPage, Notice, NoticeKind, Topic, WindowState, path};

use crate::hall::{Device, Hall, Slip, window};

async fn feed(device: &Device, query: &str) -> FeedPage {
    device
        .get(&format!("{}?{query}", path::FEED))
        .await
        .unwrap()
}

fn notice(id: &str) -> Notice {
    Notice {
        id: id.into(),
        kind: NoticeKind::Notice,
        title: "通知".into(),
        board_pages: vec![],
        rows: vec![],
        document_no: None,
        valid_from: crate::hall::MORNING.hall_date(),
        valid_to: None,
        board: None,
    }
}

async fn publish(hall: &Hall, id: &str) {
    let notices = vec![notice(id)];
    hall.ask(AdminRequest::PublishNotices {
        notices,
        by: "甲".into(),
    })
    .await;
}

#[tokio::test]
async fn the_cursor_moves_past_rows_of_other_topics() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    publish(&hall, "one").await;
    kiosk.take_number(&Slip::new("1111")).await.unwrap();
    let first = feed(&kiosk, "topics=notice").await;
    assert_eq!(
        first
            .rows
            .iter()
            .map(|row| row.key.as_str())
            .collect::<Vec<_>>(),
        ["one"]
    );
    assert!(first.next_after > first.rows[0].position);
    let rest = feed(&kiosk, &format!("after={}", first.next_after)).await;
    assert!(rest.rows.is_empty());
    assert_eq!(rest.next_after, first.next_after);
}

#[tokio::test]
async fn pages_are_bounded_and_follow_each_other_without_loss() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    for id in ["a", "b", "c", "d", "e"] {
        publish(&hall, id).await;
    }
    publish(&hall, "b").await;
    let (mut after, mut keys) = (0, Vec::new());
    loop {
        let page = feed(&kiosk, &format!("topics=notice&limit=2&after={after}")).await;
        keys.extend(page.rows.into_iter().map(|row| row.key));
        after = page.next_after;
        if !page.has_more {
            break;
        }
    }
    assert_eq!(
        keys,
        ["a", "c", "d", "e", "b"],
        "the newest of each key, in order"
    );
}

#[tokio::test]
async fn a_held_request_wakes_at_once() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let after = feed(&kiosk, "topics=notice").await.next_after;
    let query = format!("topics=notice&after={after}&wait_ms=20000");
    let begun = Instant::now();
    let wake = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        kiosk.take_number(&Slip::new("1111")).await.unwrap();
        publish(&hall, "now").await;
    };
    let (page, ()) = tokio::join!(feed(&kiosk, &query), wake);
    assert_eq!(page.rows[0].key, "now");
    assert!(begun.elapsed() < Duration::from_secs(5));
    let nothing = feed(
        &kiosk,
        &format!("topics=notice&after={}&wait_ms=50", page.next_after),
    )
    .await;
    assert!(nothing.rows.is_empty());
}

#[tokio::test]
async fn all_that_wake_together_get_the_rows_of_their_own_topics() {
    let hall = Hall::open().await;
    let (one, other, third) = (
        hall.enrol_kiosk().await,
        hall.enrol_kiosk().await,
        hall.enrol_kiosk().await,
    );
    let after = feed(&one, "topics=notice").await.next_after;
    let notices = format!("topics=notice&after={after}&wait_ms=5000");
    let listings = format!("topics=listing&after={after}&wait_ms=400");
    let wake = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        publish(&hall, "now").await;
    };
    let (first, second, third, ()) = tokio::join!(
        feed(&one, &notices),
        feed(&other, &notices),
        feed(&third, &listings),
        wake
    );
    assert_eq!(first.rows[0].key, "now");
    assert_eq!(first, second);
    assert!(third.rows.is_empty() && third.next_after == first.next_after);
}

#[tokio::test]
async fn a_call_is_told_with_its_window_and_ends() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let clerk = hall.clerk().await;
    hall.app.sit_at(&clerk, Some(window(1))).await.unwrap();
    kiosk.take_number(&Slip::new("1111")).await.unwrap();
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    let page = feed(&kiosk, "topics=call,window").await;
    let call = page
        .rows
        .iter()
        .find(|row| row.topic == Topic::Call)
        .unwrap();
    let Some(FeedBody::Call(body)) = call.read_body().unwrap() else {
        panic!()
    };
    assert_eq!(
        (body.label.to_string().as_str(), body.window),
        ("A001", window(1))
    );
    let at_window = page.rows.iter().find(|row| row.key == "1").unwrap();
    let Some(FeedBody::Window(now)) = at_window.read_body().unwrap() else {
        panic!()
    };
    assert_eq!(now.clerk_no.as_deref(), Some("07"));
    assert!(matches!(now.state, WindowState::Calling { .. }));
    hall.pass_ms(61_000);
    assert!(feed(&kiosk, "topics=call").await.rows.is_empty());
}

#[tokio::test]
async fn one_file_is_imported_whole_published_and_told_at_once() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let file = hall.folder.path().join("v.csv");
    let text = "source_id,title,salary_text\n1,电工,5000-6000元/月\n2,焊工,面议\n";
    std::fs::write(&file, text).unwrap();
    let order = |publish_by: Option<String>| {
        AdminRequest::ImportVacancies(central::vacancies::ImportOrder {
            file: file.clone(),
            as_of: None,
            publish_by,
        })
    };
    let report = hall.ask(order(None)).await;
    assert_eq!(
        (&report["imported"], &report["rejected"]),
        (&2.into(), &0.into())
    );
    assert!(
        feed(&kiosk, "topics=listing").await.rows.is_empty(),
        "imported means pending"
    );
    let report = hall.ask(order(Some("甲".into()))).await;
    assert_eq!(
        (&report["imported"], &report["unchanged"]),
        (&0.into(), &2.into())
    );
    assert_eq!(feed(&kiosk, "topics=listing").await.rows.len(), 2);
    std::fs::write(&file, text.replace("5000", "5500")).unwrap();
    let report = hall.ask(order(Some("甲".into()))).await;
    assert_eq!(
        (&report["updated"], &report["unchanged"]),
        (&1.into(), &1.into())
    );
    let rows = feed(&kiosk, "topics=listing").await.rows;
    assert_eq!(rows.len(), 2);
    std::fs::write(&file, text.replace("5000", "5600")).unwrap();
    hall.ask(order(None)).await;
    let Some(FeedBody::Listing(waiting)) = rows[1].read_body().unwrap() else {
        panic!()
    };
    let (by, reason) = ("甲".into(), "招满了".into());
    let short_id = waiting.short_id.clone();
    hall.ask(AdminRequest::WithdrawListing {
        short_id,
        by,
        reason,
    })
    .await;
    let rows = feed(&kiosk, "topics=listing").await.rows;
    assert_eq!(
        rows.iter().filter(|row| row.body.is_none()).count(),
        1,
        "a tombstone"
    );
    hall.ask(AdminRequest::Rebuild).await;
    assert_eq!(feed(&kiosk, "topics=listing").await.rows, rows);
    hall.verify().await;
}
