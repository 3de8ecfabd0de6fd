//! Who gets a number, comes back or gives up.

use super::*;

/// Tuesday, 24 November 2026, nine o'clock, with a lunch break.
fn with_hours() -> Hall {
    let mut hall = Hall::new(&["AB"]);
    hall.hours = OpeningHours {
        sessions: sessions(),
        calendar: calendar(),
        ..OpeningHours::default()
    };
    hall
}

fn take_refused(hall: &mut Hall) -> RefusalCode {
    let asked = hall.ask('A', None);
    hall.code(Command::TakeNumber(asked))
}

#[test]
fn numbers_run_per_prefix_and_priority_keeps_its_group() {
    let mut hall = Hall::new(&["AB"]);
    let taken = [hall.take('A'), hall.take_first('B'), hall.take('A')];
    assert_eq!(
        taken.map(|ticket| hall.label(ticket)),
        ["A001", "V001", "A002"]
    );
    assert_eq!(hall.queue.tickets[&taken[1]].group, group('B'));
}

#[test]
fn asking_again_for_the_same_ticket_gives_no_second_number() {
    let mut hall = Hall::new(&["A"]);
    let asked = hall.ask('A', None);
    assert_eq!(
        hall.give(Command::TakeNumber(asked.clone())).unwrap().len(),
        1
    );
    assert_eq!(hall.give(Command::TakeNumber(asked.clone())).unwrap(), []);
    let other = NumberAsked {
        token_hash: SecretHash([9; 32]),
        ..asked
    };
    assert_eq!(
        hall.code(Command::TakeNumber(other)),
        RefusalCode::TicketExists
    );
    assert_eq!(hall.queue.tickets.len(), 1);
}

#[test]
fn a_matter_that_the_hall_does_not_do_gets_no_number() {
    let mut hall = Hall::new(&["A"]);
    let asked = hall.ask('E', None);
    assert_eq!(
        hall.code(Command::TakeNumber(asked)),
        RefusalCode::UnknownGroup
    );
    let mut asked = hall.ask('A', None);
    asked.wish.next_groups = vec![group('E')];
    assert_eq!(
        hall.code(Command::TakeNumber(asked)),
        RefusalCode::UnknownGroup
    );
}

#[test]
fn the_number_on_the_paper_wins_over_one_assigned_too_late() {
    let mut hall = Hall::new(&["A"]);
    let ticket = hall.take('A');
    let mut paper = (*hall.queue.tickets[&ticket].issued).clone();
    paper.label = "A-K2-001".parse().unwrap();
    hall.give(Command::ReportIssued(paper.clone())).unwrap();
    assert_eq!(hall.label(ticket), "A-K2-001");
    assert_eq!(hall.give(Command::ReportIssued(paper)).unwrap(), []);
}

#[test]
fn a_paper_of_groups_that_the_hall_does_not_have_goes_on_to_those_that_it_has() {
    let mut hall = Hall::new(&["AB"]);
    let ticket = hall.take('A');
    let mut paper = (*hall.queue.tickets[&ticket].issued).clone();
    paper.ticket = TicketId(Uuid::from_u128(99));
    paper.label = "A-K2-001".parse().unwrap();
    paper.wish.next_groups = vec![group('E'), group('B')];
    hall.give(Command::ReportIssued(paper.clone())).unwrap();
    assert_eq!(hall.queue.tickets[&paper.ticket].next_groups, [group('B')]);
}

#[test]
fn an_offline_slip_joins_where_its_arrival_puts_it_also_when_the_hall_is_closed() {
    let mut hall = with_hours();
    hall.wait_minutes(10);
    let ticket = hall.take('A');
    let paper = TicketIssued {
        ticket: TicketId(Uuid::from_u128(99)),
        label: "A-K2-001".parse().unwrap(),
        arrived_at: hall.now.plus_minutes(-5),
        token_hash: SecretHash([3; 32]),
        ..(*hall.queue.tickets[&ticket].issued).clone()
    };
    hall.wait_minutes(170);
    hall.give(Command::ReportIssued(paper)).unwrap();
    assert_eq!(hall.call(1), "A-K2-001");
}

#[test]
fn numbers_stop_before_a_break_and_the_end_of_the_day_and_on_days_off() {
    let mut hall = with_hours();
    hall.take('A');
    hall.wait_minutes(150);
    let noon = hall.ask('A', None);
    let refusal = hall.give(Command::TakeNumber(noon)).unwrap_err();
    assert_eq!(refusal.text, "现在不发号，13:00 开始。");
    hall.wait_minutes(90);
    hall.take('A');
    hall.wait_minutes(210);
    assert_eq!(take_refused(&mut hall), RefusalCode::HallClosed);
    hall.wait_minutes(16 * 60);
    let day_off = hall.ask('A', None);
    let refusal = hall.give(Command::TakeNumber(day_off)).unwrap_err();
    assert_eq!(
        refusal.text,
        "今天休息，不发号。下一个工作日是 11月26日（星期四）。"
    );
}

#[test]
fn who_has_a_number_is_served_after_the_numbers_stopped() {
    let mut hall = with_hours();
    hall.take('A');
    hall.wait_minutes(9 * 60);
    assert_eq!(hall.serve_next(1), "A001");
}

#[test]
fn when_the_quota_is_used_priority_and_other_groups_still_get_numbers() {
    let mut hall = Hall::new(&["AB"]);
    hall.rules.daily_quota = Some(2);
    hall.rules.priority_quota = Some(1);
    hall.take('A');
    hall.take('A');
    assert_eq!(take_refused(&mut hall), RefusalCode::QuotaUsed);
    hall.take('B');
    hall.take_first('A');
    let asked = hall.ask('A', Some(PriorityKind::Disabled));
    assert_eq!(
        hall.code(Command::TakeNumber(asked)),
        RefusalCode::QuotaUsed
    );
}

#[test]
fn a_person_has_one_valid_ticket_per_group() {
    let mut hall = Hall::new(&["AB"]);
    let take = |hall: &mut Hall, letter| {
        let mut asked = hall.ask(letter, None);
        asked.wish.holder = Some(HolderHash([7; 16]));
        let ticket = asked.ticket;
        hall.give(Command::TakeNumber(asked)).map(|_| ticket)
    };
    take(&mut hall, 'A').unwrap();
    let refusal = take(&mut hall, 'A').unwrap_err();
    assert_eq!(refusal.code, RefusalCode::AlreadyHolds);
    assert!(refusal.text.contains("A001"));
    take(&mut hall, 'B').unwrap();
    hall.serve_next(1);
    take(&mut hall, 'A').unwrap();
}

#[test]
fn a_missed_ticket_comes_back_once_in_time_and_keeps_its_arrival() {
    let mut hall = Hall::new(&["A"]);
    let missed = hall.take('A');
    hall.take('A');
    hall.call(1);
    hall.call_until_missed(1);
    hall.wait_minutes(20);
    hall.give(Command::Return { ticket: missed }).unwrap();
    assert_eq!(hall.call(1), "A001");
    hall.call_until_missed(1);
    let again = Command::Return { ticket: missed };
    assert_eq!(hall.code(again), RefusalCode::ComebackOver);
}

#[test]
fn a_missed_ticket_that_comes_back_too_late_is_void() {
    let mut hall = Hall::new(&["A"]);
    let missed = hall.take('A');
    hall.call(1);
    hall.call_until_missed(1);
    hall.wait_minutes(31);
    assert_eq!(
        hall.code(Command::Return { ticket: missed }),
        RefusalCode::ComebackOver
    );
}

#[test]
fn who_is_missed_and_took_another_number_keeps_only_that() {
    let mut hall = Hall::new(&["A"]);
    let take = |hall: &mut Hall| {
        let mut asked = hall.ask('A', None);
        asked.wish.holder = Some(HolderHash([7; 16]));
        let ticket = asked.ticket;
        hall.give(Command::TakeNumber(asked)).unwrap();
        ticket
    };
    let missed = take(&mut hall);
    hall.call(1);
    hall.call_until_missed(1);
    take(&mut hall);
    assert_eq!(
        hall.code(Command::Return { ticket: missed }),
        RefusalCode::AlreadyHolds
    );
}

#[test]
fn who_gives_up_leaves_the_line_but_not_the_window_that_serves_him() {
    let mut hall = Hall::new(&["A"]);
    let (served, leaves) = (hall.take('A'), hall.take('A'));
    hall.call(1);
    hall.act(1, WindowAct::Start).unwrap();
    assert_eq!(
        hall.code(Command::GiveUp { ticket: served }),
        RefusalCode::BeingServed
    );
    hall.give(Command::GiveUp { ticket: leaves }).unwrap();
    assert_eq!(hall.give(Command::GiveUp { ticket: leaves }).unwrap(), []);
    hall.act(1, WindowAct::Finish).unwrap();
    assert_eq!(
        hall.code_at(1, WindowAct::CallNext),
        RefusalCode::NobodyWaits
    );
    assert_eq!(
        hall.code(Command::GiveUp { ticket: served }),
        RefusalCode::TicketOver
    );
}

#[test]
fn a_guide_corrects_who_goes_first_while_the_ticket_waits() {
    let mut hall = Hall::new(&["A"]);
    let (_, later) = (hall.take('A'), hall.take('A'));
    let priority = Some(PriorityKind::WithChild);
    let first = |priority| Command::SetPriority {
        ticket: later,
        priority,
    };
    hall.give(first(priority)).unwrap();
    assert_eq!(hall.give(first(priority)).unwrap(), []);
    assert_eq!(hall.call(1), "A002");
    assert_eq!(hall.code(first(None)), RefusalCode::NotWaiting);
}
