//! Numbers, calls and scores across devices and the authority.

use domain::id::RatingId;
use domain::queue::{HolderHash, WindowAct};
use domain::rating::{Channel, Level, Submission};
use domain::refusal::RefusalCode;
use wire::api::{DeviceKind, FindVisit, NumberTaken, VisitFound, path};
use wire::event::{Event, Origin, RatingSubmitted, VisitProof};

use central::staff::SeeScores;
use central::window_desk::Seen;

use crate::hall::{Answer, Device, Hall, Slip, window};

fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> RefusalCode {
    answer.unwrap_err().refusal.unwrap().code
}

fn score(device: &Device, visit: VisitProof, channel: Channel) -> Event {
    Event::RatingSubmitted(RatingSubmitted {
        hall: device.hall,
        visit,
        submission: Submission {
            rating: RatingId(central::edge::new_uuid(device.now())),
            matter_level: Level::VeryGood,
            staff_level: None,
            reasons: vec![],
            channel,
        },
        origin: Origin::Touch,
    })
}

#[tokio::test]
async fn asking_twice_for_a_number_gives_one() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let slip = Slip::new("1234");
    let first = kiosk.take_number(&slip).await.unwrap();
    assert_eq!(first.label.to_string(), "A001");
    assert_eq!(kiosk.take_number(&slip).await.unwrap(), first);
    hall.pass_ms(1);
    let next = kiosk.take_number(&Slip::new("1234")).await.unwrap();
    assert_eq!(
        (next.label.to_string().as_str(), next.people_ahead),
        ("A002", 1)
    );
    assert_eq!(hall.count("ticket.issued.v1").await, 2);
}

#[tokio::test]
async fn a_slip_from_a_lane_joins_the_queue_where_its_arrival_puts_it() {
    let hall = Hall::open().await;
    let mut cut_off = hall.enrol_kiosk().await;
    let online = hall.enrol_kiosk().await;
    let offline_slip = Slip::new("1111");
    let shown = cut_off.write(&[offline_slip.shown(&cut_off, "A-K2-001", hall.now())]);
    hall.pass_ms(60_000);
    online.take_number(&Slip::new("2222")).await.unwrap();
    hall.pass_ms(60_000);
    cut_off.push(shown).await.unwrap();
    let clerk = hall.clerk().await;
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    let snapshot = hall.app.hall_snapshot(hall.id).unwrap();
    assert_eq!(
        snapshot.queue.windows[&window(1)].current,
        Some(offline_slip.ticket)
    );
}

#[tokio::test]
async fn a_slip_that_its_kiosk_has_not_reported_is_served_by_its_code_and_reported_later() {
    let hall = Hall::open().await;
    let mut cut_off = hall.enrol_kiosk().await;
    let slip = Slip::new("1111");
    let shown = slip.shown(&cut_off, "A-K2-001", hall.now());
    let Event::TicketShown(paper) = &shown else {
        panic!("{shown:?}");
    };
    let code = wire::slip::qr_text("http://h", &slip.token, &paper.issued, &slip.code);
    let clerk = hall.clerk().await;
    let taken = hall.app.take_in_slip(&clerk, &code).await.unwrap();
    assert_eq!(taken.to_string(), "A-K2-001");
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    let reported = cut_off.write(&[shown]);
    cut_off.push(reported).await.unwrap();
    assert_eq!(hall.count("ticket.issued.v1").await, 1, "one ticket");
    let again = hall.app.take_in_slip(&clerk, &code).await.unwrap();
    assert_eq!(again, taken, "scanning again changes nothing");
    hall.verify().await;
}

#[tokio::test]
async fn a_device_cannot_say_who_holds_a_ticket() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let slip = Slip::new("1111");
    let mut asked = slip.take('A');
    asked.wish.holder = Some(HolderHash([9; 16]));
    let _: NumberTaken = kiosk.post(path::TICKETS, &asked).await.unwrap();
    let queue = hall.app.hall_snapshot(hall.id).unwrap().queue;
    assert_eq!(queue.tickets[&slip.ticket].issued.wish.holder, None);
}

#[tokio::test]
async fn a_kiosk_whose_clock_is_an_hour_ahead_is_believed_and_its_slip_arrives_now() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let clerk = hall.clerk().await;
    let slip = Slip::new("1111");
    let ahead = hall.now().plus_minutes(60);
    let Event::TicketShown(paper) = slip.shown(&kiosk, "A-K2-001", ahead) else {
        panic!("a slip is shown");
    };
    let code = wire::slip::qr_text("http://h", &slip.token, &paper.issued, &slip.code);
    hall.app.take_in_slip(&clerk, &code).await.unwrap();
    let queue = hall.app.hall_snapshot(hall.id).unwrap().queue;
    assert_eq!(queue.tickets[&slip.ticket].issued.arrived_at, hall.now());
}

#[tokio::test]
async fn a_forged_an_old_and_a_foreign_slip_are_not_taken_in() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let clerk = hall.clerk().await;
    let code = |slip: &Slip, label: &str, minutes_ago: i64| {
        let at = hall.now().plus_minutes(-minutes_ago);
        let Event::TicketShown(paper) = slip.shown(&kiosk, label, at) else {
            panic!("a slip is shown");
        };
        wire::slip::qr_text("http://h", &slip.token, &paper.issued, &slip.code)
    };
    let known = Slip::new("1111");
    let first = code(&known, "A-K2-001", 0);
    hall.app.take_in_slip(&clerk, &first).await.unwrap();
    let mut forged = Slip::new("2222");
    forged.ticket = known.ticket;
    for (text, expected) in [
        (code(&forged, "A-K2-001", 0), RefusalCode::TicketExists),
        (
            code(&Slip::new("3333"), "A-K2-002", 24 * 60),
            RefusalCode::TicketOver,
        ),
        (
            code(&Slip::new("4444"), "A-K77-001", 0),
            RefusalCode::TicketNotFound,
        ),
        ("http://h/t/unknown".to_owned(), RefusalCode::TicketNotFound),
        ("A012".to_owned(), RefusalCode::TicketNotFound),
    ] {
        let answer = hall.app.take_in_slip(&clerk, &text).await;
        assert_eq!(refusal(answer), expected, "{text}");
    }
    assert_eq!(hall.count("ticket.issued.v1").await, 1);
}

#[tokio::test]
async fn a_late_report_of_an_assigned_number_changes_nothing_and_the_paper_wins_over_it() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let (same, other) = (Slip::new("1111"), Slip::new("2222"));
    kiosk.take_number(&same).await.unwrap();
    kiosk.take_number(&other).await.unwrap();
    let now = hall.now();
    let shown = kiosk.write(&[
        same.shown(&kiosk, "A001", now),
        other.shown(&kiosk, "A-K2-001", now),
    ]);
    kiosk.push(shown).await.unwrap();
    assert_eq!(hall.count("ticket.issued.v1").await, 2);
    assert_eq!(hall.count("ticket.relabelled.v1").await, 1);
    let page = hall
        .app
        .ticket_by_token(&other.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.label.to_string(), "A-K2-001");
}

#[tokio::test]
async fn slips_of_a_boot_without_a_clock_arrive_in_their_order_and_distance() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let before = Slip::new("1111");
    let right = kiosk.write(&[before.shown(&kiosk, "A-K2-001", hall.now())]);
    kiosk.push(right).await.unwrap();
    // Cut off: one more slip with the right clock, then the power fails for an hour and the clock
    // goes on where the log ended.
    hall.pass_ms(10 * 60_000);
    let (still_right, last_at) = (Slip::new("2222"), hall.now());
    let mut late = kiosk.write_at(last_at, &[still_right.shown(&kiosk, "A-K2-002", last_at)]);
    hall.pass_ms(60 * 60_000);
    kiosk.clock_since_seq = kiosk.head.seq + 1;
    let (blind, blind_at) = (Slip::new("3333"), last_at.plus_ms(5_000));
    late.extend(kiosk.write_at(blind_at, &[blind.shown(&kiosk, "A-K2-003", blind_at)]));
    hall.pass_ms(60_000);
    let push = kiosk.push_with_clock(late, last_at.plus_ms(65_000)).await;
    push.unwrap();
    let tickets = &hall.app.hall_snapshot(hall.id).unwrap().queue.tickets;
    let arrived = |slip: &Slip| tickets[&slip.ticket].issued.arrived_at;
    assert_eq!(arrived(&still_right), last_at, "by the skew of its own run");
    assert_eq!(
        arrived(&blind),
        hall.now().plus_ms(-60_000),
        "by the new run's"
    );
}

#[tokio::test]
async fn a_devices_wrong_clock_cannot_jump_the_queue() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let first = kiosk.write(&[Slip::new("1111").shown(&kiosk, "A-K2-001", hall.now())]);
    kiosk.push(first).await.unwrap();
    hall.pass_ms(60_000);
    let early = Slip::new("2222");
    let yesterday = hall.now().plus_minutes(-20 * 60);
    let shown = kiosk.write(&[early.shown(&kiosk, "A-K2-002", yesterday)]);
    kiosk.push(shown).await.unwrap();
    let snapshot = hall.app.hall_snapshot(hall.id).unwrap();
    let arrived = snapshot.queue.tickets[&early.ticket].issued.arrived_at;
    assert_eq!(
        arrived,
        crate::hall::MORNING,
        "not before what the device had pushed before"
    );
}

#[tokio::test]
async fn a_visit_is_scored_once_whoever_tries() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let mut terminal = hall
        .enrol(DeviceKind::WindowTerminal { window: window(1) })
        .await;
    let mut other_terminal = hall
        .enrol(DeviceKind::WindowTerminal { window: window(2) })
        .await;
    let slip = Slip::new("4711");
    let label = kiosk.take_number(&slip).await.unwrap().label;
    let clerk = hall.clerk().await;
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    let find = |code: &str| FindVisit {
        label: label.clone(),
        code: domain::rating::TicketSecret(code.into()),
    };
    let early: Answer<VisitFound> = kiosk.post(path::VISITS_FIND, &find("4711")).await;
    assert_eq!(refusal(early), RefusalCode::NotServedYet);
    hall.app
        .at_window(&clerk, window(1), WindowAct::Finish, Seen::Anything)
        .await
        .unwrap();
    let wrong: Answer<VisitFound> = kiosk.post(path::VISITS_FIND, &find("4712")).await;
    assert_eq!(refusal(wrong), RefusalCode::TicketNotFound);
    let found: VisitFound = kiosk.post(path::VISITS_FIND, &find("4711")).await.unwrap();
    assert_eq!((found.ticket, found.window), (slip.ticket, window(1)));
    let foreign = VisitProof::WindowTerminal {
        ticket: slip.ticket,
        window: window(1),
    };
    let foreign = score(&other_terminal, foreign, Channel::WindowTerminal);
    let events = other_terminal.write(&[foreign]);
    other_terminal.push(events).await.unwrap();
    assert_eq!(hall.count("rating.accepted.v1").await, 0);
    let own = VisitProof::WindowTerminal {
        ticket: slip.ticket,
        window: window(1),
    };
    let events = terminal.write(&[score(&terminal, own, Channel::WindowTerminal)]);
    terminal.push(events).await.unwrap();
    let day = domain::time::BusinessDate(hall.now().hall_date());
    let proof = VisitProof::CodeUnchecked {
        label,
        day,
        code: slip.code.clone(),
    };
    let events = kiosk.write(&[score(&kiosk, proof, Channel::HallKiosk)]);
    kiosk.push(events).await.unwrap();
    let phone = hall
        .app
        .submit_phone_score(&slip.token, Level::Bad, vec![])
        .await;
    assert_eq!(refusal(phone), RefusalCode::AlreadyScored);
    assert_eq!(hall.count("rating.accepted.v1").await, 1);
    assert_eq!(hall.count("rating.refused.v1").await, 3);
    let today = hall.now().hall_date();
    let reader = clerk.also::<SeeScores>().unwrap();
    let scores = hall.app.window_scores(&reader, today, today).await.unwrap();
    assert_eq!(
        scores.windows[&window(1)].scores,
        [(Level::VeryGood, 1)].into()
    );
    assert_eq!(scores.windows[&window(1)].visits, 1);
    hall.verify().await;
}

#[tokio::test]
async fn a_provisional_score_by_number_and_code_counts_when_it_comes_in() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let slip = Slip::new("4711");
    let label = kiosk.take_number(&slip).await.unwrap().label;
    let clerk = hall.clerk().await;
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    hall.app
        .at_window(&clerk, window(1), WindowAct::Finish, Seen::Anything)
        .await
        .unwrap();
    let day = domain::time::BusinessDate(hall.now().hall_date());
    let proof = VisitProof::CodeUnchecked {
        label,
        day,
        code: slip.code.clone(),
    };
    let events = kiosk.write(&[score(&kiosk, proof, Channel::HallKiosk)]);
    kiosk.push(events).await.unwrap();
    assert_eq!(hall.count("rating.accepted.v1").await, 1);
}

#[tokio::test]
async fn two_devices_that_are_offline_from_each_other_count_one_score_and_keep_the_other() {
    let hall = Hall::open().await;
    let mut kiosks = [hall.enrol_kiosk().await, hall.enrol_kiosk().await];
    let slip = Slip::new("4711");
    let label = kiosks[0].take_number(&slip).await.unwrap().label;
    let clerk = hall.clerk().await;
    for act in [WindowAct::CallNext, WindowAct::Finish] {
        let done = hall.app.at_window(&clerk, window(1), act, Seen::Anything);
        done.await.unwrap();
    }
    let day = domain::time::BusinessDate(hall.now().hall_date());
    let written = kiosks.each_mut().map(|kiosk| {
        let proof = VisitProof::CodeUnchecked {
            label: label.clone(),
            day,
            code: slip.code.clone(),
        };
        kiosk.write(&[score(kiosk, proof, Channel::HallKiosk)])
    });
    hall.pass_ms(60_000);
    for (kiosk, events) in kiosks.iter().zip(written) {
        kiosk.push(events).await.unwrap();
    }
    let today = hall.now().hall_date();
    let reader = clerk.also::<SeeScores>().unwrap();
    let scores = hall.app.window_scores(&reader, today, today).await.unwrap();
    assert_eq!(
        scores.windows[&window(1)].scores,
        [(Level::VeryGood, 1)].into()
    );
    assert_eq!(scores.refused, [("already_scored".to_owned(), 1)].into());
    hall.verify().await;
}

#[tokio::test]
async fn after_three_wrong_codes_a_number_waits_and_the_audit_says_so() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let label = kiosk.take_number(&Slip::new("4711")).await.unwrap().label;
    let mut answers = Vec::new();
    for guess in 0..4 {
        let code = domain::rating::TicketSecret(format!("{guess:04}"));
        let body = FindVisit {
            label: label.clone(),
            code,
        };
        let answer = kiosk.post::<VisitFound>(path::VISITS_FIND, &body).await;
        answers.push(answer.unwrap_err());
    }
    for wrong in &answers[..3] {
        assert_eq!(
            wrong.refusal.as_ref().unwrap().code,
            RefusalCode::TicketNotFound
        );
    }
    assert_eq!(answers[3].code, wire::problem::ProblemCode::TooMany);
    // the wrong code, and the limit that it reached
    assert_eq!(hall.count("device.refused.v1").await, 2);
}

#[tokio::test]
async fn after_the_end_everything_that_was_acknowledged_is_there_again() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let slip = Slip::new("4711");
    kiosk.take_number(&slip).await.unwrap();
    let shown = kiosk.write(&[slip.shown(&kiosk, "A001", hall.now())]);
    kiosk.push(shown).await.unwrap();
    let crashed = tempfile::tempdir().unwrap();
    for name in ["central.db", "central.db-wal"] {
        let (from, to) = (hall.folder.path().join(name), crashed.path().join(name));
        std::fs::copy(from, to).unwrap();
    }
    let reopened = Hall::open_in(crashed).await;
    assert_eq!(reopened.id, hall.id);
    let queue = reopened.app.hall_snapshot(hall.id).unwrap().queue;
    assert!(queue.tickets.contains_key(&slip.ticket));
    let held = reopened
        .store
        .read_blocking(|reader| reader.head_of(kiosk.id))
        .unwrap();
    assert_eq!(held, kiosk.head);
    reopened.verify().await;
}

#[tokio::test]
async fn the_next_day_begins_with_number_one_and_yesterdays_tickets_lapse() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    kiosk.take_number(&Slip::new("1111")).await.unwrap();
    hall.pass_ms(24 * 3_600_000);
    let taken = kiosk.take_number(&Slip::new("2222")).await.unwrap();
    assert_eq!(
        (taken.label.to_string().as_str(), taken.people_ahead),
        ("A001", 0)
    );
    assert_eq!(hall.count("hall.day_closed.v1").await, 1);
}

#[tokio::test]
async fn two_windows_calling_at_once_never_get_one_ticket() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    for _ in 0..2 {
        kiosk.take_number(&Slip::new("1111")).await.unwrap();
    }
    let clerk = hall.clerk().await;
    let (first, second) = tokio::join!(
        hall.app
            .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything),
        hall.app
            .at_window(&clerk, window(2), WindowAct::CallNext, Seen::Anything)
    );
    first.unwrap();
    second.unwrap();
    let queue = hall.app.hall_snapshot(hall.id).unwrap().queue;
    assert_ne!(
        queue.windows[&window(1)].current,
        queue.windows[&window(2)].current
    );
}
