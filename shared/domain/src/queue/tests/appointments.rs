//! Who keeps an appointment, and who may check in when.

use chrono::NaiveDate;

use super::*;

/// Tuesday, 24 November 2026, nine o'clock; numbers at any time, appointments with a lunch break,
/// and the next day is off.
fn with_hours() -> Hall {
    let mut hall = Hall::new(&["AB"]);
    hall.hours = OpeningHours {
        booking_sessions: sessions(),
        calendar: calendar(),
        ..OpeningHours::default()
    };
    hall
}

fn booked(hall: &mut Hall, minutes: i64) -> TicketBooked {
    let asked = hall.ask('A', None);
    let morning = UtcMs::start_of(hall.now.hall_date()).plus_minutes(9 * 60);
    TicketBooked {
        ticket: asked.ticket,
        group: asked.group,
        matter: Some("贷款续贷".to_owned()),
        starts_at: morning.plus_minutes(minutes),
        token_hash: asked.token_hash,
        code_hash: asked.code_hash,
    }
}

fn check_in(ticket: TicketId) -> Command {
    Command::CheckIn {
        ticket,
        token_hash: SecretHash([5; 32]),
        code_hash: SecretHash([6; 32]),
    }
}

fn book(hall: &mut Hall, minutes: i64) -> Result<TicketId, RefusalCode> {
    let booked = booked(hall, minutes);
    let ticket = booked.ticket;
    let given = hall.give(Command::Book(booked));
    given.map(|_| ticket).map_err(|refusal| refusal.code)
}

#[test]
fn a_slot_holds_as_many_as_it_has_places_and_gives_one_back() {
    let mut hall = with_hours();
    let first = book(&mut hall, 60).unwrap();
    book(&mut hall, 60).unwrap();
    assert_eq!(book(&mut hall, 60), Err(RefusalCode::SlotFull));
    hall.give(Command::GiveUp { ticket: first }).unwrap();
    book(&mut hall, 60).unwrap();
    book(&mut hall, 90).unwrap();
}

#[test]
fn only_slots_of_the_hours_that_have_not_begun_are_kept() {
    let mut hall = with_hours();
    for minutes in [-30, 0, 15, 45, 180, 480, 24 * 60] {
        let code = book(&mut hall, minutes).unwrap_err();
        let is_day_off = minutes == 24 * 60;
        let expected = if is_day_off {
            RefusalCode::HallClosed
        } else {
            RefusalCode::NoSuchSlot
        };
        assert_eq!(code, expected, "{minutes}");
    }
    book(&mut hall, 150).unwrap();
    book(&mut hall, 450).unwrap();
}

#[test]
fn checking_in_is_neither_early_nor_late_and_goes_before_who_has_no_appointment() {
    let mut hall = with_hours();
    let kept = book(&mut hall, 60).unwrap();
    hall.wait_minutes(44);
    hall.take('A');
    assert_eq!(hall.code(check_in(kept)), RefusalCode::CheckInEarly);
    hall.wait_minutes(1);
    hall.give(check_in(kept)).unwrap();
    assert_eq!(hall.give(check_in(kept)).unwrap(), [], "asked again");
    assert_eq!(hall.call(1), "V001");
    let ticket = &hall.queue.tickets[&kept];
    assert_eq!(ticket.priority, Some(PriorityKind::Appointment));
    assert_eq!(ticket.issued.wish.matter.as_deref(), Some("贷款续贷"));
    assert!(hall.queue.bookings.is_empty());

    let missed = book(&mut hall, 120).unwrap();
    hall.wait_minutes(91);
    assert_eq!(hall.code(check_in(missed)), RefusalCode::CheckInLate);
}

#[test]
fn an_appointment_of_a_later_day_outlives_the_day() {
    let mut hall = with_hours();
    let later = book(&mut hall, 2 * 24 * 60 + 60).unwrap();
    let today = book(&mut hall, 90).unwrap();
    let day = BusinessDate(hall.now.hall_date());
    hall.give(Command::CloseDay { day }).unwrap();
    assert!(hall.queue.bookings.contains_key(&later));
    assert!(!hall.queue.bookings.contains_key(&today));
}

/// Days with free times of a group, and how many each has.
fn free(hall: &Hall, letter: char) -> Vec<(NaiveDate, usize)> {
    let around = Conditions {
        rules: &hall.rules,
        hours: &hall.hours,
        now: hall.now,
    };
    let days = free_slots(&hall.queue, group(letter), &around);
    days.into_iter()
        .map(|(day, slots)| (day, slots.len()))
        .collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn check_in_now(hall: &Hall) -> CheckInSlots {
    let around = Conditions {
        rules: &hall.rules,
        hours: &hall.hours,
        now: hall.now,
    };
    check_in_slots(&hall.queue, &around)
}

#[test]
fn free_times_are_those_of_working_days_that_have_not_begun_and_are_not_full() {
    let mut hall = with_hours();
    let working = |first: usize| {
        let of_a_day = |text: &str| (day(text), 14);
        let mut days = vec![(day("2026-11-24"), first)];
        days.extend(["2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"].map(of_a_day));
        days
    };
    assert_eq!(free(&hall, 'A'), working(13), "09:00 has begun");
    book(&mut hall, 60).unwrap();
    assert_eq!(free(&hall, 'A'), working(13), "one place is left");
    book(&mut hall, 60).unwrap();
    assert_eq!(free(&hall, 'A'), working(12));
    assert_eq!(free(&hall, 'B'), working(13), "groups are counted apart");
    hall.rules.book_days_max = 0;
    assert_eq!(free(&hall, 'A'), [(day("2026-11-24"), 12)]);
    hall.wait_minutes(7 * 60 + 15);
    assert_eq!(free(&hall, 'A'), [], "the last one has begun");
}

#[test]
fn every_free_time_can_be_kept_and_none_that_is_not_free() {
    let mut hall = with_hours();
    let morning = UtcMs::start_of(hall.now.hall_date()).plus_minutes(9 * 60);
    for step in 0..(10 * 24 * 4) {
        let starts_at = morning.plus_minutes(step * 15);
        let around = Conditions {
            rules: &hall.rules,
            hours: &hall.hours,
            now: hall.now,
        };
        let days = free_slots(&hall.queue, group('A'), &around);
        let is_free = days
            .values()
            .flatten()
            .any(|slot| slot.starts_at == starts_at);
        assert_eq!(book(&mut hall, step * 15).is_ok(), is_free, "{step}");
    }
}

#[test]
fn hours_of_numbers_say_nothing_of_appointments_and_without_hours_there_are_none() {
    let mut hall = with_hours();
    hall.hours.sessions = vec![(clock(9, 0), clock(9, 30))];
    book(&mut hall, 60).unwrap();
    hall.hours.booking_sessions.clear();
    assert_eq!(book(&mut hall, 90), Err(RefusalCode::NoSuchSlot));
    assert_eq!(free(&hall, 'A'), []);
}

#[test]
fn a_time_is_kept_for_a_week_ahead_at_most() {
    let mut hall = with_hours();
    let days = |days: i64| days * 24 * 60 + 60;
    book(&mut hall, days(7)).unwrap();
    assert_eq!(book(&mut hall, days(8)), Err(RefusalCode::NoSuchSlot));
}

#[test]
fn who_may_check_in_now_is_listed_by_time_and_group_and_the_next_time_is_told() {
    let mut hall = with_hours();
    assert_eq!(check_in_now(&hall), CheckInSlots::default());
    let kept = book(&mut hall, 60).unwrap();
    book(&mut hall, 60).unwrap();
    let ten = UtcMs::start_of(hall.now.hall_date()).plus_minutes(10 * 60);
    let from = ten.plus_minutes(-15);
    assert_eq!(check_in_now(&hall).next_from, Some(from));
    assert_eq!(check_in_now(&hall).open, []);
    hall.wait_minutes(45);
    let slot = BookedSlot {
        starts_at: ten,
        group: group('A'),
    };
    let now = check_in_now(&hall);
    assert_eq!((now.open, now.next_from), (vec![slot], None));
    hall.give(check_in(kept)).unwrap();
    assert_eq!(check_in_now(&hall).open, [slot], "the other one may still");
    hall.wait_minutes(31);
    assert_eq!(check_in_now(&hall), CheckInSlots::default());
}
