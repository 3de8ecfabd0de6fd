//! Appointments across a kiosk, the authority and the phone: kept, taken up, called first, given up.

use domain::id::GroupCode;
use domain::queue::{BookedSlot, CheckInSlots, WindowAct};
use domain::rating::TicketSecret;
use domain::refusal::RefusalCode;
use domain::time::UtcMs;
use reqwest::StatusCode;
use wire::api::{
    AppointmentKept, AppointmentSlots, BookAppointment, CheckIn, CheckedIn, DeviceKind, path,
};
use wire::event::Event;
use wire::problem::ProblemCode;

use central::window_desk::Seen;

use crate::browser::Browser;
use crate::hall::{Answer, Device, Hall, MORNING, Slip, code, window};

const MINUTE_MS: i64 = 60_000;

fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).unwrap()
}

/// Half past nine on the tests' morning, which begins at nine.
fn half_past_nine() -> UtcMs {
    MORNING.plus_minutes(30)
}

fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> RefusalCode {
    answer.unwrap_err().refusal.unwrap().code
}

fn booking(slip: &Slip, starts_at: UtcMs) -> BookAppointment {
    BookAppointment {
        ticket: slip.ticket,
        group: group('A'),
        starts_at,
        token_hash: slip.token.token_hash(),
        code_hash: slip.code.code_hash(slip.ticket),
    }
}

async fn book(kiosk: &Device, slip: &Slip, starts_at: UtcMs) -> Answer<AppointmentKept> {
    kiosk
        .post(path::APPOINTMENTS, &booking(slip, starts_at))
        .await
}

fn check_in(code: &str, token: &TicketSecret) -> CheckIn {
    CheckIn {
        slot: BookedSlot {
            starts_at: half_past_nine(),
            group: group('A'),
        },
        code: TicketSecret(code.to_owned()),
        token_hash: token.token_hash(),
    }
}

async fn come(kiosk: &Device, code: &str) -> Answer<CheckedIn> {
    let token = TicketSecret(central::edge::new_secret());
    kiosk.post(path::CHECK_IN, &check_in(code, &token)).await
}

async fn free(kiosk: &Device) -> Vec<UtcMs> {
    let asked = format!("{}?group=A", path::APPOINTMENT_SLOTS);
    let slots: AppointmentSlots = kiosk.get(&asked).await.unwrap();
    slots.free.into_iter().map(|slot| slot.starts_at).collect()
}

#[tokio::test]
async fn a_kept_time_becomes_a_number_when_it_has_come_and_is_called_before_ordinary_ones() {
    let hall = Hall::open().await;
    let mut kiosk = hall.enrol_kiosk().await;
    let slip = Slip::new("4711");
    let kept = book(&kiosk, &slip, half_past_nine()).await.unwrap();
    assert_eq!(
        (kept.from, kept.until),
        (MORNING.plus_minutes(15), MORNING.plus_minutes(45))
    );
    assert_eq!(
        refusal(come(&kiosk, "4711").await),
        RefusalCode::CheckInEarly
    );
    kiosk.take_number(&Slip::new("1111")).await.unwrap();
    hall.pass_ms(20 * MINUTE_MS);
    let now: CheckInSlots = kiosk.get(path::CHECK_IN).await.unwrap();
    assert_eq!(now.open, [check_in("4711", &slip.token).slot]);
    let token = TicketSecret(central::edge::new_secret());
    let asked = check_in("4711", &token);
    let come: CheckedIn = kiosk.post(path::CHECK_IN, &asked).await.unwrap();
    assert_eq!(
        (come.ticket, come.number.label.to_string()),
        (slip.ticket, "V001".to_owned())
    );
    let again: CheckedIn = kiosk.post(path::CHECK_IN, &asked).await.unwrap();
    assert_eq!(again, come, "asked again after a lost answer");
    assert_eq!(hall.count("ticket.issued.v1").await, 1 + 1);
    let paper = Slip {
        token,
        ..Slip::new("4711")
    };
    let shown = kiosk.write(&[reported(&kiosk, &come, &paper)]);
    kiosk.push(shown).await.unwrap();
    let clerk = hall.clerk().await;
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    let queue = hall.app.hall_snapshot(hall.id).unwrap().queue;
    assert_eq!(queue.windows[&window(1)].current, Some(slip.ticket));
    hall.verify().await;
}

/// What the kiosk reports of the slip that it showed.
fn reported(kiosk: &Device, come: &CheckedIn, paper: &Slip) -> Event {
    let Event::TicketShown(mut shown) = paper.shown(kiosk, "A001", kiosk.now()) else {
        panic!("a slip is shown");
    };
    shown.issued.ticket = come.ticket;
    shown.issued.label = come.number.label.clone();
    shown.issued.priority = Some(domain::queue::PriorityKind::Appointment);
    shown.issued.code_hash = paper.code.code_hash(come.ticket);
    Event::TicketShown(shown)
}

#[tokio::test]
async fn who_comes_late_or_twice_is_told_so() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    book(&kiosk, &Slip::new("4711"), half_past_nine())
        .await
        .unwrap();
    book(&kiosk, &Slip::new("0815"), half_past_nine())
        .await
        .unwrap();
    hall.pass_ms(30 * MINUTE_MS);
    come(&kiosk, "4711").await.unwrap();
    let twice = come(&kiosk, "4711").await.unwrap_err();
    assert!(twice.detail.contains("V001"), "{}", twice.detail);
    assert_eq!(twice.refusal.unwrap().code, RefusalCode::AlreadyHolds);
    hall.pass_ms(16 * MINUTE_MS);
    assert_eq!(
        refusal(come(&kiosk, "0815").await),
        RefusalCode::CheckInLate
    );
    let now: CheckInSlots = kiosk.get(path::CHECK_IN).await.unwrap();
    assert_eq!(now, CheckInSlots::default());
}

#[tokio::test]
async fn a_slot_holds_two_asking_again_takes_no_second_place_and_a_full_one_is_not_offered() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    assert_eq!(free(&kiosk).await.first(), Some(&half_past_nine()));
    let first = Slip::new("1111");
    let kept = book(&kiosk, &first, half_past_nine()).await.unwrap();
    let again = book(&kiosk, &first, half_past_nine()).await.unwrap();
    assert_eq!(again, kept);
    book(&kiosk, &Slip::new("2222"), half_past_nine())
        .await
        .unwrap();
    assert_eq!(hall.count("ticket.booked.v1").await, 2);
    let third = book(&kiosk, &Slip::new("3333"), half_past_nine()).await;
    assert_eq!(refusal(third), RefusalCode::SlotFull);
    assert!(!free(&kiosk).await.contains(&half_past_nine()));
    let other = BookAppointment {
        group: group('B'),
        ..booking(&first, half_past_nine())
    };
    let other: Answer<AppointmentKept> = kiosk.post(path::APPOINTMENTS, &other).await;
    assert_eq!(refusal(other), RefusalCode::TicketExists);
}

#[tokio::test]
async fn the_phone_shows_the_appointment_gives_it_back_and_later_shows_the_ticket() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let (kept, given_up) = (Slip::new("4711"), Slip::new("0815"));
    for slip in [&kept, &given_up] {
        book(&kiosk, slip, half_past_nine()).await.unwrap();
    }
    let phone = Browser::new(&hall);
    let address = |slip: &Slip| format!("/t/{}", slip.token.0);
    let page = phone.page(&address(&kept)).await;
    for words in ["09:30", "09:15", "09:45", "综合就业", "取消预约"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let cancel = format!("{}/cancel", address(&given_up));
    let done = phone.act(&address(&given_up), &cancel, &[]).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    let page = phone.page(&address(&given_up)).await;
    assert!(page.contains("这个预约取消了"), "{page}");
    assert!(free(&kiosk).await.contains(&half_past_nine()));
    hall.pass_ms(20 * MINUTE_MS);
    assert_eq!(
        refusal(come(&kiosk, "0815").await),
        RefusalCode::TicketNotFound
    );
    come(&kiosk, "4711").await.unwrap();
    let page = phone.page(&address(&kept)).await;
    assert!(page.contains("V001") && page.contains("前面还有"), "{page}");
    hall.app.cancel_ticket(&kept.token).await.unwrap();
    let page = phone.page(&address(&kept)).await;
    assert!(page.contains("这个号取消了"), "{page}");
}

#[tokio::test]
async fn three_wrong_codes_for_one_time_make_the_device_wait_and_only_kiosks_may_ask() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    book(&kiosk, &Slip::new("4711"), half_past_nine())
        .await
        .unwrap();
    hall.pass_ms(20 * MINUTE_MS);
    for _ in 0..3 {
        assert_eq!(
            refusal(come(&kiosk, "0000").await),
            RefusalCode::TicketNotFound
        );
    }
    assert_eq!(code(come(&kiosk, "4711").await), ProblemCode::TooMany);
    let other = hall.enrol_kiosk().await;
    come(&other, "4711").await.unwrap();
    let terminal = hall
        .enrol(DeviceKind::WindowTerminal { window: window(1) })
        .await;
    let asked: Answer<CheckInSlots> = terminal.get(path::CHECK_IN).await;
    assert_eq!(code(asked), ProblemCode::BadRequest);
    assert_eq!(
        code(book(&terminal, &Slip::new("1"), half_past_nine()).await),
        ProblemCode::BadRequest
    );
}

#[tokio::test]
async fn an_appointment_of_tomorrow_outlives_the_day_and_one_of_today_does_not() {
    let hall = Hall::open().await;
    let kiosk = hall.enrol_kiosk().await;
    let (today, tomorrow) = (Slip::new("1111"), Slip::new("2222"));
    book(&kiosk, &today, half_past_nine()).await.unwrap();
    let next = half_past_nine().plus_minutes(24 * 60);
    book(&kiosk, &tomorrow, next).await.unwrap();
    hall.pass_ms(24 * 60 * MINUTE_MS);
    kiosk.take_number(&Slip::new("3333")).await.unwrap();
    assert_eq!(hall.app.appointment_by_token(&today.token), None);
    let kept = hall.app.appointment_by_token(&tomorrow.token).unwrap();
    assert_eq!(kept.starts_at, next);
    hall.verify().await;
}
