//! The log: exactly once, and only from whom it should come.

use domain::case::Role;
use reqwest::Method;
use wire::api::{LogTail, path};
use wire::envelope::ChainHead;
use wire::event::{Event, HelpCalled, Origin};
use wire::problem::ProblemCode;

use central::admin::AdminRequest;

use crate::hall::{Device, Hall, Wrong, code, read};

fn help(device: &Device) -> Event {
    Event::HelpCalled(HelpCalled {
        hall: device.hall,
        origin: Origin::Touch,
    })
}

#[tokio::test]
async fn the_same_push_again_changes_nothing() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let events = kiosk.write(&[help(&kiosk), help(&kiosk)]);
    let head = kiosk.push(events.clone()).await.unwrap().head;
    assert_eq!(head, kiosk.head);
    assert_eq!(kiosk.push(events).await.unwrap().head, head);
    assert_eq!(hall.count("help.called.v1").await, 2);
    assert_eq!(kiosk.tail().await.unwrap().head, head);
    hall.verify().await;
}

#[tokio::test]
async fn events_beyond_a_gap_are_held_and_join_the_record_when_it_is_filled() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let first = kiosk.write(&[help(&kiosk)]);
    let second = kiosk.write(&[help(&kiosk)]);
    let third = kiosk.write(&[help(&kiosk)]);
    let end = kiosk.head;
    for late in [third, second] {
        let pushed = kiosk.push(late).await.unwrap();
        assert_eq!(
            pushed.head,
            ChainHead::EMPTY,
            "the device is asked for the first"
        );
    }
    assert_eq!(hall.count("help.called.v1").await, 0);
    let gaps = hall.store.read(|reader| reader.chain_gaps()).await.unwrap();
    assert_eq!((gaps.len(), gaps[0].held, gaps[0].first_seq), (1, 2, 2));
    assert_eq!(kiosk.push(first).await.unwrap().head, end);
    assert_eq!(hall.count("help.called.v1").await, 3);
    assert!(
        hall.store
            .read(|reader| reader.chain_gaps())
            .await
            .unwrap()
            .is_empty()
    );
    hall.verify().await;
}

#[tokio::test]
async fn held_events_that_contradict_what_fills_their_gap_are_quarantined() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let first = kiosk.write(&[help(&kiosk)]);
    let second = kiosk.write(&[help(&kiosk)]);
    kiosk.push(second).await.unwrap();
    kiosk.head = ChainHead::EMPTY;
    hall.pass_ms(1_000);
    let other_first = kiosk.write(&[help(&kiosk)]);
    assert_ne!(first, other_first);
    assert_eq!(
        code(kiosk.push(other_first).await),
        ProblemCode::Equivocation
    );
    assert_eq!(
        hall.store
            .read(|reader| reader.quarantined())
            .await
            .unwrap(),
        1
    );
    assert_eq!(hall.count("help.called.v1").await, 1);
    hall.verify().await;
}

#[tokio::test]
async fn a_gap_is_held_only_up_to_a_bound() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    drop(kiosk.write(&[help(&kiosk)]));
    for _ in 0..4 {
        let many = kiosk.write(&vec![help(&kiosk); 500]);
        kiosk.push(many).await.unwrap();
    }
    let more = kiosk.write(&[help(&kiosk)]);
    assert_eq!(code(kiosk.push(more).await), ProblemCode::ChainGap);
    assert_eq!(kiosk.tail().await.unwrap().head, ChainHead::EMPTY);
}

#[tokio::test]
async fn another_event_under_a_held_number_is_equivocation_until_enrolled_anew() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let truth = kiosk.write(&[help(&kiosk)]);
    kiosk.push(truth).await.unwrap();
    kiosk.head = ChainHead::EMPTY;
    hall.pass_ms(1_000);
    let other = kiosk.write(&[help(&kiosk)]);
    assert_eq!(code(kiosk.push(other).await), ProblemCode::Equivocation);
    assert_eq!(hall.count("device.refused.v1").await, 1);
    let more = kiosk.write(&[help(&kiosk)]);
    assert_eq!(code(kiosk.push(more).await), ProblemCode::Equivocation);
    assert_eq!(hall.count("help.called.v1").await, 1);
    hall.verify().await;
}

#[tokio::test]
async fn a_replayed_request_is_refused_and_recorded_once_a_minute() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let wrong = Wrong {
        nonce: Some("once"),
        ..Wrong::default()
    };
    let again = || kiosk.send(Method::GET, path::LOG_TAIL, vec![], wrong);
    assert!(again().await.status().is_success());
    for _ in 0..3 {
        assert_eq!(
            code(read::<LogTail>(again().await).await),
            ProblemCode::Replayed
        );
    }
    assert_eq!(hall.count("device.refused.v1").await, 1);
}

#[tokio::test]
async fn a_forged_request_is_refused_whatever_was_changed() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let body = serde_json::to_vec(&crate::hall::Slip::new("1234").take('A')).unwrap();
    let wrong = Wrong {
        body: Some(b"{}"),
        ..Wrong::default()
    };
    let changed = kiosk.send(Method::POST, path::TICKETS, body, wrong).await;
    assert_eq!(
        code(read::<LogTail>(changed).await),
        ProblemCode::SignatureInvalid
    );
    let late = Wrong {
        time_off_ms: -6 * 60_000,
        ..Wrong::default()
    };
    let skewed = kiosk.send(Method::GET, path::LOG_TAIL, vec![], late).await;
    assert_eq!(code(read::<LogTail>(skewed).await), ProblemCode::ClockSkew);
    let stranger = wire::sign::DeviceKey::from_bytes(&[9; 32]);
    let own = std::mem::replace(&mut kiosk.key, stranger);
    assert_eq!(code(kiosk.tail().await), ProblemCode::SignatureInvalid);
    kiosk.key = own;
    kiosk.id = domain::id::DeviceId(uuid::Uuid::from_u128(5));
    assert_eq!(code(kiosk.tail().await), ProblemCode::DeviceUnknown);
    assert_eq!(hall.count("device.refused.v1").await, 3);
}

#[tokio::test]
async fn a_tail_signed_by_another_key_brings_nothing_in() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let events = kiosk.write(&[help(&kiosk)]);
    let mut push = kiosk.push_of(events);
    push.tail_signature =
        wire::sign::DeviceKey::from_bytes(&[9; 32]).sign_tail(kiosk.id, kiosk.head);
    let refused = kiosk.post::<wire::api::Pushed>(path::LOG, &push).await;
    assert_eq!(code(refused), ProblemCode::SignatureInvalid);
    assert_eq!(hall.count("help.called.v1").await, 0);
}

#[tokio::test]
async fn a_device_may_not_write_what_only_the_authority_decides() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let called = Event::read(
        "ticket.called.v1",
        &format!(
            r#"{{"hall":"{}","ticket":"01890a5d-ac96-774b-bcce-b302099a8057","window":1}}"#,
            kiosk.hall
        ),
    );
    let events = kiosk.write(&[called.unwrap().unwrap()]);
    assert_eq!(code(kiosk.push(events).await), ProblemCode::EventInvalid);
    assert_eq!(hall.count("ticket.called.v1").await, 0);
}

#[tokio::test]
async fn a_revoked_device_is_out_at_once() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    kiosk.tail().await.unwrap();
    hall.add_staff("jia", &[Role::Tech]).await;
    hall.ask(AdminRequest::RevokeDevice {
        device: kiosk.id,
        by: "jia".into(),
    })
    .await;
    assert_eq!(code(kiosk.tail().await), ProblemCode::DeviceRevoked);
}

#[tokio::test]
async fn an_unknown_kind_is_kept() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let draft = wire::envelope::Draft {
        writer: kiosk.id,
        at: kiosk.now(),
        kind: "coffee.served.v3",
        body: "{}",
    };
    let text = wire::envelope::write(&draft, kiosk.head);
    kiosk.head = wire::envelope::read(&text).unwrap().head();
    kiosk.push(vec![text]).await.unwrap();
    assert_eq!(hall.count("coffee.served.v3").await, 1);
}

#[tokio::test]
async fn a_used_enrolment_code_makes_no_second_device() {
    let hall = Hall::open().await;
    let kind = wire::api::DeviceKind::DisplayDriver;
    let made = hall
        .ask(AdminRequest::EnrolCode {
            hall: None,
            kind,
            name: "屏".into(),
        })
        .await;
    let public_key = wire::sign::DeviceKey::from_bytes(&[3; 32]).public();
    let code_text = made["code"].as_str().unwrap().to_owned();
    let request = wire::api::EnrolRequest {
        code: code_text,
        public_key,
    };
    let enrol = || {
        crate::hall::http()
            .post(hall.url(path::ENROL))
            .json(&request)
            .send()
    };
    assert!(enrol().await.unwrap().status().is_success());
    let again = read::<wire::api::Enrolled>(enrol().await.unwrap()).await;
    assert_eq!(code(again), ProblemCode::EnrolmentCodeInvalid);
}
