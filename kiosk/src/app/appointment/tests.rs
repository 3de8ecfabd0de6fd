//! Keeping a time and taking it up, question by question.

use super::*;
use crate::app::sample::{self, around};

fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).unwrap()
}

/// Half past ten of the sample's day, six minutes ahead.
fn soon() -> UtcMs {
    UtcMs::start_of(sample::TODAY).plus_minutes(10 * 60 + 30)
}

fn slot() -> BookedSlot {
    BookedSlot {
        starts_at: soon(),
        group: group('B'),
    }
}

fn touch(page: &mut Appointment, touch: AppointmentTouch) -> AppointmentStep {
    page.touched(&Touch::Appointment(touch), &sample::facts(), &around(0))
}

fn other(page: &mut Appointment, touch: &Touch) -> AppointmentStep {
    page.touched(touch, &sample::facts(), &around(0))
}

fn free(minutes: &[i64]) -> Vec<FreeSlot> {
    let slot = |minutes: &i64| FreeSlot {
        starts_at: soon().plus_minutes(*minutes),
        places: 2,
    };
    minutes.iter().map(slot).collect()
}

/// The times of two days, half a day apart.
fn at_days() -> Appointment {
    let mut page = Appointment::new(false);
    touch(&mut page, AppointmentTouch::Book);
    let asked = touch(&mut page, AppointmentTouch::Choice(1));
    let expected = AppointmentAsk::FreeTimes(group('B'));
    assert_eq!(asked, AppointmentStep::Ask(expected));
    let free = free(&[60, 90, 24 * 60]);
    page.answered(AppointmentAnswer::FreeTimes(group('B'), free));
    page
}

fn at_keys() -> Appointment {
    let mut page = Appointment::new(false);
    touch(&mut page, AppointmentTouch::CheckIn);
    let slots = CheckInSlots {
        open: vec![slot()],
        next_from: None,
    };
    page.answered(AppointmentAnswer::CheckInSlots(slots));
    touch(&mut page, AppointmentTouch::Choice(0));
    for digit in [4, 7, 1, 1] {
        other(&mut page, &Touch::Digit(digit));
    }
    page
}

#[test]
fn group_day_and_time_are_chosen_and_the_authority_keeps_the_place() {
    let mut page = at_days();
    assert_eq!(page.choices(&sample::facts()), 2, "two days");
    touch(&mut page, AppointmentTouch::Choice(0));
    assert_eq!(page.choices(&sample::facts()), 2, "two times");
    let AppointmentStep::Ask(AppointmentAsk::Keep { slot, windows, .. }) =
        touch(&mut page, AppointmentTouch::Choice(1))
    else {
        panic!("{page:?}");
    };
    assert_eq!(slot.starts_at, soon().plus_minutes(90));
    assert_eq!(windows.len(), 1);
    assert_eq!(
        touch(&mut page, AppointmentTouch::Choice(0)),
        AppointmentStep::Stay,
        "one place"
    );
}

#[test]
fn back_goes_question_by_question_and_then_leaves() {
    let mut page = at_days();
    touch(&mut page, AppointmentTouch::Choice(0));
    for _ in 0..3 {
        assert_eq!(other(&mut page, &Touch::Back), AppointmentStep::Stay);
    }
    assert_eq!(page.step, Step::Start);
    assert_eq!(other(&mut page, &Touch::Back), AppointmentStep::Left);
}

#[test]
fn a_time_that_somebody_else_took_leads_back_to_the_free_ones() {
    let mut page = at_days();
    touch(&mut page, AppointmentTouch::Choice(0));
    touch(&mut page, AppointmentTouch::Choice(0));
    page.answered(AppointmentAnswer::Refused("约满了。".into()));
    let told = Told::NotKept(group('B'), "约满了。".into());
    assert_eq!(page.step, Step::Told(told));
    let again = touch(&mut page, AppointmentTouch::Again);
    let expected = AppointmentAsk::FreeTimes(group('B'));
    assert_eq!(again, AppointmentStep::Ask(expected));
    page.answered(AppointmentAnswer::FreeTimes(group('B'), Vec::new()));
    assert_eq!(page.step, Step::Told(Told::NoFreeTime));
}

#[test]
fn four_digits_take_an_appointment_up_and_wrong_ones_are_typed_again() {
    let mut page = at_keys();
    assert!(page.is_private());
    let AppointmentStep::Ask(AppointmentAsk::CheckIn {
        slot: asked, code, ..
    }) = other(&mut page, &Touch::Continue)
    else {
        panic!("{page:?}");
    };
    assert_eq!((asked, code.0.as_str()), (slot(), "4711"));
    page.answered(AppointmentAnswer::WrongCode("没找到。".into()));
    let Step::Code { code, message, .. } = &page.step else {
        panic!("{page:?}");
    };
    assert_eq!((code.as_str(), message.as_deref()), ("", Some("没找到。")));
    assert!(!page.can_continue());
}

#[test]
fn who_is_early_late_or_not_listed_is_told_so_in_a_sentence_of_its_own() {
    let answered = |slots| {
        let mut page = Appointment::new(false);
        touch(&mut page, AppointmentTouch::CheckIn);
        page.answered(AppointmentAnswer::CheckInSlots(slots));
        page.step
    };
    let nothing = CheckInSlots::default();
    assert_eq!(answered(nothing.clone()), Step::Told(Told::NothingToday));
    let next_from = Some(soon());
    let later = CheckInSlots {
        next_from,
        ..nothing
    };
    assert_eq!(answered(later), Step::Told(Told::Early(soon())));
    let mut page = at_keys();
    other(&mut page, &Touch::Continue);
    page.answered(AppointmentAnswer::Refused("已经过了。".into()));
    assert_eq!(page.step, Step::Told(Told::NotTaken("已经过了。".into())));
    let mut page = at_keys();
    other(&mut page, &Touch::Back);
    touch(&mut page, AppointmentTouch::NotListed);
    assert_eq!(page.step, Step::Told(Told::NotListed));
}

#[test]
fn without_a_line_nothing_is_asked_and_a_line_that_breaks_is_told() {
    assert_eq!(Appointment::new(true).step, Step::Told(Told::NoLine));
    let mut page = at_days();
    touch(&mut page, AppointmentTouch::Choice(0));
    touch(&mut page, AppointmentTouch::Choice(0));
    page.answered(AppointmentAnswer::NobodyToAsk);
    assert_eq!(page.step, Step::Told(Told::NoLine));
    assert_eq!(other(&mut page, &Touch::Back), AppointmentStep::Left);
}

#[test]
fn an_answer_to_somebody_who_left_changes_nothing() {
    let mut page = Appointment::new(false);
    touch(&mut page, AppointmentTouch::CheckIn);
    page.answered(AppointmentAnswer::FreeTimes(group('A'), free(&[60])));
    assert_eq!((&page.step, page.is_asking), (&Step::Start, true));
}
