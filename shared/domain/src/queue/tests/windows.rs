//! What windows do, and the order in which they call.

use super::*;

#[test]
fn of_any_three_calls_of_a_window_one_is_ordinary_while_one_waits() {
    let mut hall = Hall::new(&["A"]);
    for _ in 0..4 {
        hall.take('A');
    }
    for _ in 0..8 {
        hall.take_first('A');
    }
    let calls: Vec<String> = (0..12).map(|_| hall.serve_next(1)).collect();
    for three in calls[..10].windows(3) {
        assert!(
            three.iter().any(|label| label.starts_with('A')),
            "{three:?}"
        );
    }
    assert_eq!(&calls[..4], ["V001", "V002", "A001", "V003"]);
}

#[test]
fn an_ordinary_ticket_that_waited_too_long_goes_by_arrival() {
    let mut hall = Hall::new(&["A"]);
    hall.take('A');
    hall.now = hall.now.plus_ms(30 * MINUTE_MS + 10);
    hall.take_first('A');
    assert_eq!(hall.call(1), "A001");
}

#[test]
fn who_was_passed_as_often_as_the_rule_allows_goes_first() {
    let mut hall = Hall::new(&["A", "A"]);
    hall.rules.overtaken_max = 3;
    hall.take('A');
    for _ in 0..9 {
        hall.take_first('A');
    }
    let calls: Vec<String> = (0..4).map(|n| hall.serve_next(1 + n % 2)).collect();
    assert_eq!(calls, ["V001", "V002", "V003", "A001"]);
}

#[test]
fn two_windows_never_get_one_ticket() {
    let mut hall = Hall::new(&["A", "AB"]);
    hall.take('A');
    assert_eq!(hall.call(1), "A001");
    assert_eq!(
        hall.code_at(2, WindowAct::CallNext),
        RefusalCode::NobodyWaits
    );
}

#[test]
fn a_window_of_several_groups_takes_the_earliest_of_all() {
    let mut hall = Hall::new(&["A", "AB"]);
    hall.take('B');
    hall.take('A');
    assert_eq!(hall.call(2), "B001");
}

#[test]
fn this_one_is_called_only_if_nobody_must_go_first() {
    let mut hall = Hall::new(&["A"]);
    hall.rules.overtaken_max = 1;
    let tickets = [hall.take('A'), hall.take('A'), hall.take('A')];
    hall.act(1, WindowAct::Call(tickets[1])).unwrap();
    hall.act(1, WindowAct::Finish).unwrap();
    let refusal = hall.act(1, WindowAct::Call(tickets[2])).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::SomebodyFirst);
    assert!(refusal.text.starts_with("先叫 A001"));
    assert_eq!(hall.call(1), "A001");
    assert_eq!(
        hall.code_at(1, WindowAct::Call(tickets[2])),
        RefusalCode::WindowBusy
    );
}

#[test]
fn a_window_calls_neither_strangers_nor_other_groups() {
    let mut hall = Hall::new(&["A", "B"]);
    let other = hall.take('B');
    assert_eq!(
        hall.code_at(1, WindowAct::Call(other)),
        RefusalCode::NotWaiting
    );
    let stranger = TicketId(Uuid::from_u128(77));
    assert_eq!(
        hall.code_at(1, WindowAct::Call(stranger)),
        RefusalCode::TicketNotFound
    );
    assert_eq!(
        hall.code_at(9, WindowAct::CallNext),
        RefusalCode::UnknownWindow
    );
}

#[test]
fn calls_are_apart_and_only_enough_of_them_make_a_ticket_missed() {
    let mut hall = Hall::new(&["A"]);
    let ticket = hall.take('A');
    hall.call(1);
    assert_eq!(hall.code_at(1, WindowAct::CallAgain), RefusalCode::TooSoon);
    assert_eq!(hall.code_at(1, WindowAct::MarkMissed), RefusalCode::TooSoon);
    hall.call_until_missed(1);
    assert!(matches!(hall.state(ticket), TicketState::Missed { .. }));
    assert_eq!(hall.at(1), None);
}

#[test]
fn who_went_for_papers_goes_on_at_the_same_window_without_a_call() {
    let mut hall = Hall::new(&["A", "A"]);
    let away = hall.take('A');
    hall.take('A');
    hall.call(1);
    hall.act(1, WindowAct::Pend).unwrap();
    assert!(matches!(hall.state(away), TicketState::Pending { .. }));
    assert_eq!(hall.serve_next(1), "A002");
    assert_eq!(
        hall.code_at(2, WindowAct::Resume(away)),
        RefusalCode::NotWaiting
    );
    hall.act(1, WindowAct::Resume(away)).unwrap();
    assert!(matches!(hall.state(away), TicketState::Serving { .. }));
    assert_eq!(hall.at(1), Some(away));
}

#[test]
fn who_comes_back_with_papers_need_not_wait_for_the_order_of_calls() {
    let mut hall = Hall::new(&["A"]);
    hall.rules.priority_calls_in_a_row_max = 1;
    hall.take('A');
    let away = hall.take_first('A');
    assert_eq!(hall.call(1), "V001");
    hall.act(1, WindowAct::Pend).unwrap();
    let before = hall.queue.clone();
    hall.act(1, WindowAct::Resume(away)).unwrap();
    let in_a_row = |queue: &HallQueue| queue.windows[&window(1)].priority_calls_in_a_row;
    assert_eq!(in_a_row(&hall.queue), in_a_row(&before));
    hall.act(1, WindowAct::Pend).unwrap();
    let called = WindowAct::Call(away);
    assert_eq!(hall.code_at(1, called), RefusalCode::SomebodyFirst);
}

#[test]
fn who_was_parked_is_called_again_or_waits_for_any_window() {
    let mut hall = Hall::new(&["A", "A"]);
    let parked = hall.take('A');
    hall.call(1);
    hall.act(1, WindowAct::Park).unwrap();
    assert_eq!(
        hall.code_at(2, WindowAct::CallNext),
        RefusalCode::NobodyWaits
    );
    hall.act(1, WindowAct::Call(parked)).unwrap();
    hall.act(1, WindowAct::Park).unwrap();
    hall.give(Command::Return { ticket: parked }).unwrap();
    assert_eq!(hall.call(2), "A001");
}

#[test]
fn a_transferred_ticket_keeps_its_number_and_its_arrival() {
    let mut hall = Hall::new(&["A", "B"]);
    let sent = hall.take('A');
    hall.take('B');
    hall.call(1);
    assert_eq!(
        hall.code_at(1, WindowAct::Transfer(group('A'))),
        RefusalCode::UnknownGroup
    );
    assert_eq!(
        hall.code_at(1, WindowAct::Transfer(group('E'))),
        RefusalCode::UnknownGroup
    );
    hall.act(1, WindowAct::Transfer(group('B'))).unwrap();
    assert_eq!(hall.state(sent), TicketState::Waiting(Entry::Transferred));
    assert_eq!(hall.call(2), "A001");
}

#[test]
fn who_wants_several_things_goes_from_group_to_group_with_one_number() {
    let mut hall = Hall::new(&["A", "B", "C"]);
    let mut asked = hall.ask('A', None);
    asked.wish.next_groups = vec![group('C'), group('B')];
    let ticket = asked.ticket;
    hall.give(Command::TakeNumber(asked)).unwrap();
    for number in [1, 3, 2] {
        assert!(!hall.state(ticket).is_over());
        assert_eq!(hall.serve_next(number), "A001");
    }
    assert!(matches!(hall.state(ticket), TicketState::Done { .. }));
}

#[test]
fn a_paused_window_sends_back_who_was_called_and_keeps_who_is_served() {
    let mut hall = Hall::new(&["A", "A"]);
    let (first, pause) = (hall.take('A'), WindowAct::Pause(LeavingWindow::Asks));
    hall.call(1);
    hall.act(1, pause.clone()).unwrap();
    assert_eq!(hall.state(first), TicketState::Waiting(Entry::Returned));
    assert_eq!(
        hall.code_at(1, WindowAct::CallNext),
        RefusalCode::WindowClosed
    );
    assert_eq!(hall.call(2), "A001");
    hall.act(2, WindowAct::Start).unwrap();
    assert_eq!(hall.code_at(2, pause), RefusalCode::WindowBusy);
}

#[test]
fn the_last_window_for_people_who_wait_leaves_only_when_that_is_meant() {
    let mut hall = Hall::new(&["A", "AB"]);
    hall.take('B');
    for act in [WindowAct::Pause, WindowAct::Close] {
        assert_eq!(
            hall.code_at(2, act(LeavingWindow::Asks)),
            RefusalCode::LastWindow
        );
    }
    let only_a = |leaving| WindowAct::Serve(groups("A"), leaving);
    assert_eq!(
        hall.code_at(2, only_a(LeavingWindow::Asks)),
        RefusalCode::LastWindow
    );
    hall.act(1, WindowAct::Close(LeavingWindow::Asks)).unwrap();
    hall.act(2, only_a(LeavingWindow::Confirmed)).unwrap();
    hall.act(2, WindowAct::Close(LeavingWindow::Confirmed))
        .unwrap();
    let estimate = wait_estimate(&hall.queue, group('B'), 1, &hall.rules, hall.now);
    assert_eq!(estimate, WaitEstimate::Unknown);
}

#[test]
fn a_window_serves_other_groups_until_the_day_closes() {
    let mut hall = Hall::new(&["A", "B"]);
    hall.take('B');
    let serve = |letters| WindowAct::Serve(groups(letters), LeavingWindow::Asks);
    assert_eq!(hall.code_at(1, serve("E")), RefusalCode::UnknownGroup);
    assert_eq!(hall.code_at(1, serve("")), RefusalCode::UnknownGroup);
    hall.act(1, serve("AB")).unwrap();
    assert_eq!(hall.call(1), "B001");
    let day = BusinessDate(hall.now.hall_date());
    hall.give(Command::CloseDay { day }).unwrap();
    assert_eq!(hall.queue.windows[&window(1)].groups, groups("A"));
}

#[test]
fn a_window_does_one_thing_after_the_other() {
    let mut hall = Hall::new(&["A"]);
    hall.take('A');
    for act in [
        WindowAct::Start,
        WindowAct::Finish,
        WindowAct::Pend,
        WindowAct::MarkMissed,
    ] {
        assert_eq!(hall.code_at(1, act), RefusalCode::NoTicketAtWindow);
    }
    hall.call(1);
    assert_eq!(
        hall.code_at(1, WindowAct::CallNext),
        RefusalCode::WindowBusy
    );
    hall.act(1, WindowAct::Start).unwrap();
    assert_eq!(
        hall.code_at(1, WindowAct::Start),
        RefusalCode::NoTicketAtWindow
    );
}

#[test]
fn closing_the_day_lapses_tickets_and_restarts_numbers() {
    let mut hall = Hall::new(&["A"]);
    hall.take('A');
    hall.call(1);
    let day = BusinessDate(hall.now.hall_date());
    hall.give(Command::CloseDay { day }).unwrap();
    assert!(hall.queue.tickets.is_empty());
    let ticket = hall.take('A');
    assert_eq!(hall.label(ticket), "A001");
}

#[test]
fn the_rule_as_it_hangs_in_the_hall_names_its_numbers() {
    let rules = QueueRules {
        overtaken_max: 7,
        priority_calls_in_a_row_max: 3,
        ..QueueRules::default()
    };
    let sentences = rules.sentences().concat();
    assert!(sentences.contains("连叫 3 位优先号"));
    assert!(sentences.contains("最多 7 位"));
    assert_eq!(rules.overtaken_bound(), 7);
}

#[test]
fn labels_read_back_and_nonsense_is_refused() {
    for text in ["A012", "V003", "A-K2-001", "C1000"] {
        assert_eq!(text.parse::<TicketLabel>().unwrap().to_string(), text);
    }
    for text in [
        "", "A12", "W001", "A000", "A-K0-001", "A-K2-1", "A-K2", "Ａ012",
    ] {
        assert!(text.parse::<TicketLabel>().is_err(), "{text}");
    }
}
