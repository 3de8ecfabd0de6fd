//! Several matters, keeping a time and taking it up, at the whole kiosk.

use domain::id::GroupCode;
use domain::queue::{BookedSlot, CheckInSlots, FreeSlot};

use super::*;
use crate::app::appointment::{
    AppointmentAnswer, AppointmentAsk, AppointmentTouch, KEPT_TIME, Kept, Step, Told,
};

fn slot() -> BookedSlot {
    BookedSlot {
        starts_at: UtcMs::start_of(sample::TODAY).plus_minutes(10 * 60 + 30),
        group: GroupCode::new('A').unwrap(),
    }
}

fn choose(kiosk: &mut Kiosk, chosen: AppointmentTouch) -> Vec<Effect> {
    touch(kiosk, Touch::Appointment(chosen), 2)
}

fn answer(kiosk: &mut Kiosk, answer: AppointmentAnswer) {
    assert_eq!(kiosk.handle(Event::Appointment(answer), &around(3)), []);
}

fn set_line(kiosk: &mut Kiosk, is_online: bool) {
    let line = Line {
        is_online: Some(is_online),
        last_contact: None,
    };
    kiosk.handle(Event::Line(line), &around(0));
}

fn told(kiosk: &Kiosk) -> Option<&Told> {
    match &kiosk.session.as_ref()?.page {
        Page::Appointment(page) => match &page.step {
            Step::Told(told) => Some(told),
            _ => None,
        },
        _ => None,
    }
}

fn kept() -> AppointmentAnswer {
    AppointmentAnswer::Kept(Box::new(Kept {
        slot: slot(),
        from: slot().starts_at.plus_minutes(-15),
        until: slot().starts_at.plus_minutes(15),
        windows: Vec::new(),
        code: TicketSecret("4711".into()),
        token: TicketSecret("ab".into()),
        origin: Origin::Touch,
    }))
}

/// Up to the touch that asks the authority to keep the place.
fn booking() -> Kiosk {
    let mut kiosk = hall_kiosk();
    set_line(&mut kiosk, true);
    touch(&mut kiosk, Touch::Appointments, 1);
    assert_eq!(kiosk.page(), PageId::AppointmentStart);
    choose(&mut kiosk, AppointmentTouch::Book);
    assert_eq!(kiosk.page(), PageId::AppointmentChoose);
    choose(&mut kiosk, AppointmentTouch::Choice(0));
    let free = vec![FreeSlot {
        starts_at: slot().starts_at,
        places: 2,
    }];
    let free = AppointmentAnswer::FreeTimes(slot().group, free);
    answer(&mut kiosk, free);
    choose(&mut kiosk, AppointmentTouch::Choice(0));
    let asked = choose(&mut kiosk, AppointmentTouch::Choice(0));
    assert!(matches!(
        asked[..],
        [Effect::AskAboutAppointment(AppointmentAsk::Keep { slot: it, .. })] if it == slot()
    ));
    kiosk
}

/// At the keys, with all digits typed.
fn checking_in() -> Kiosk {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::Appointments, 1);
    choose(&mut kiosk, AppointmentTouch::CheckIn);
    let slots = CheckInSlots {
        open: vec![slot()],
        next_from: None,
    };
    answer(&mut kiosk, AppointmentAnswer::CheckInSlots(slots));
    choose(&mut kiosk, AppointmentTouch::Choice(0));
    for digit in [4, 7, 1, 1] {
        touch(&mut kiosk, Touch::Digit(digit), 2);
    }
    assert_eq!(kiosk.page(), PageId::AppointmentCode);
    kiosk
}

#[test]
fn a_confirmation_is_shown_once_the_authority_kept_the_place_and_then_forgotten() {
    let mut kiosk = booking();
    assert_eq!(kiosk.page(), PageId::AppointmentChoose);
    answer(&mut kiosk, kept());
    assert_eq!(kiosk.page(), PageId::AppointmentKept);
    assert!(kiosk.is_private(), "its code entitles to a number");
    let almost = 3 + KEPT_TIME.as_secs() - 1;
    kiosk.handle(Event::Tick, &around(almost));
    assert_eq!(kiosk.page(), PageId::AppointmentKept);
    kiosk.handle(Event::Tick, &around(almost + 1));
    assert!(kiosk.session.is_none());
}

#[test]
fn an_answer_that_comes_after_the_person_left_is_shown_to_nobody() {
    let mut kiosk = booking();
    touch(&mut kiosk, Touch::Leave, 3);
    answer(&mut kiosk, kept());
    assert_eq!(kiosk.page(), PageId::Home);
    touch(&mut kiosk, Touch::Appointments, 4);
    answer(&mut kiosk, kept());
    assert_eq!(kiosk.page(), PageId::AppointmentStart);
}

#[test]
fn with_the_line_down_an_ordinary_number_is_one_touch_away() {
    let mut kiosk = hall_kiosk();
    set_line(&mut kiosk, false);
    touch(&mut kiosk, Touch::Appointments, 1);
    assert_eq!(told(&kiosk), Some(&Told::NoLine));
    assert_eq!(kiosk.page(), PageId::AppointmentTold);
    touch(&mut kiosk, Touch::TakeTicket, 2);
    let effects = touch(&mut kiosk, Touch::Group(0), 3);
    assert!(matches!(effects[..], [Effect::IssueTicket(_)]));
    let mut kiosk = booking();
    answer(&mut kiosk, AppointmentAnswer::NobodyToAsk);
    assert_eq!(told(&kiosk), Some(&Told::NoLine));
    touch(&mut kiosk, Touch::Back, 4);
    assert_eq!(kiosk.page(), PageId::Home);
}

#[test]
fn who_checks_in_gets_the_ordinary_slip_and_its_code_scores() {
    let mut kiosk = checking_in();
    assert!(kiosk.is_private());
    let asked = touch(&mut kiosk, Touch::Continue, 3);
    let [Effect::AskAboutAppointment(AppointmentAsk::CheckIn { code, .. })] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(code.0, "4711");
    let mut slip = slip(Origin::Touch);
    slip.paper.label = "V003".parse().unwrap();
    slip.paper.priority = Some(domain::queue::PriorityKind::Appointment);
    kiosk.handle(Event::Issued(slip), &around(4));
    assert_eq!(kiosk.page(), PageId::TicketIssued);
}

#[test]
fn half_typed_digits_go_with_the_person() {
    let mut kiosk = checking_in();
    kiosk.handle(Event::Tick, &around(2 + 60));
    kiosk.handle(Event::Tick, &around(2 + 90));
    assert!(kiosk.session.is_none(), "nobody was there any more");
    let mut kiosk = checking_in();
    touch(&mut kiosk, Touch::Leave, 3);
    assert!(kiosk.session.is_none());
}

#[test]
fn late_and_too_often_wrong_are_told_with_a_way_on() {
    for sentence in ["已经过了。", "输错太多次了。"] {
        let mut kiosk = checking_in();
        touch(&mut kiosk, Touch::Continue, 3);
        answer(&mut kiosk, AppointmentAnswer::Refused(sentence.into()));
        assert_eq!(told(&kiosk), Some(&Told::NotTaken(sentence.into())));
        touch(&mut kiosk, Touch::TakeTicket, 4);
        assert_eq!(kiosk.page(), PageId::TicketChoose);
    }
}

#[test]
fn several_matters_are_ticked_on_a_page_of_their_own_and_give_one_number() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::TakeTicket, 1);
    touch(&mut kiosk, Touch::ChooseMatters, 2);
    assert_eq!(kiosk.page(), PageId::TicketMatters);
    touch(&mut kiosk, Touch::Matter(1), 3);
    touch(&mut kiosk, Touch::Matter(0), 3);
    let effects = touch(&mut kiosk, Touch::TakeForMatters, 4);
    let [Effect::IssueTicket(wish)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(wish.group.letter(), 'B');
    assert_eq!(wish.wish.next_groups, [slot().group]);
    kiosk.handle(Event::Issued(slip(Origin::Touch)), &around(5));
    assert_eq!(kiosk.page(), PageId::TicketIssued);
}

#[test]
fn back_from_the_matters_leads_to_the_groups_and_a_refusal_is_told_there() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::TakeTicket, 1);
    touch(&mut kiosk, Touch::ChooseMatters, 2);
    touch(&mut kiosk, Touch::Back, 3);
    assert_eq!(kiosk.page(), PageId::TicketChoose);
    touch(&mut kiosk, Touch::ChooseMatters, 4);
    touch(&mut kiosk, Touch::Matter(0), 5);
    touch(&mut kiosk, Touch::TakeForMatters, 6);
    let full = NotIssued::Refused("今天这类事的号已取完。".into());
    kiosk.handle(Event::NotIssued(full), &around(7));
    assert_eq!(kiosk.page(), PageId::TicketChoose);
    touch(&mut kiosk, Touch::Back, 8);
    assert_eq!(kiosk.page(), PageId::Home);
}
