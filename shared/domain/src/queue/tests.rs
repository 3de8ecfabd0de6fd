//! The queue's laws, at its two faces `decide` and `apply`.

use uuid::Uuid;

use super::*;
use crate::refusal::{Refusal, RefusalCode};

const MINUTE_MS: i64 = 60_000;

struct Hall {
    queue: HallQueue,
    rules: QueueRules,
    now: UtcMs,
    next_id: u128,
}

fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).unwrap()
}

fn window(number: u8) -> WindowNo {
    WindowNo::new(number).unwrap()
}

impl Hall {
    fn new() -> Self {
        let service = |name: &str| ServiceGroup {
            name: name.into(),
            hint: String::new(),
            typical_service_minutes: 10,
        };
        let layout = HallLayout {
            groups: [
                (group('A'), service("综合就业")),
                (group('B'), service("创业贷款")),
            ]
            .into(),
            windows: [
                (window(1), [group('A')].into()),
                (window(2), [group('A'), group('B')].into()),
            ]
            .into(),
        };
        let rules = QueueRules::default();
        Self {
            queue: HallQueue::new(layout, &rules),
            rules,
            now: UtcMs(0),
            next_id: 1,
        }
    }

    fn give(&mut self, command: Command) -> Result<Vec<QueueEvent>, Refusal> {
        let events = decide(&self.queue, command, &self.rules, self.now)?;
        for event in &events {
            self.queue.apply(event, self.now);
        }
        Ok(events)
    }

    fn take(&mut self, letter: char, priority: Option<PriorityKind>) -> TicketId {
        self.now = self.now.plus_ms(1);
        let ticket = TicketId(Uuid::from_u128(self.next_id));
        self.next_id += 1;
        let (token_hash, code_hash) = (SecretHash([1; 32]), SecretHash([2; 32]));
        let group = group(letter);
        self.give(Command::TakeNumber {
            ticket,
            group,
            priority,
            token_hash,
            code_hash,
        })
        .unwrap();
        ticket
    }

    fn call(&mut self, number: u8) -> String {
        self.give(Command::CallNext {
            window: window(number),
        })
        .unwrap();
        let ticket = self.queue.windows[&window(number)].current.unwrap();
        self.queue.tickets[&ticket].issued.label.to_string()
    }

    fn finish(&mut self, number: u8) {
        self.give(Command::Finish {
            window: window(number),
        })
        .unwrap();
    }
}

#[test]
fn numbers_run_per_prefix_and_priority_keeps_its_group() {
    let mut hall = Hall::new();
    hall.take('A', None);
    let priority = hall.take('B', Some(PriorityKind::Elder));
    hall.take('A', None);
    let labels: Vec<String> = hall
        .queue
        .tickets
        .values()
        .map(|t| t.issued.label.to_string())
        .collect();
    assert_eq!(labels, ["A001", "V001", "A002"]);
    assert_eq!(hall.queue.tickets[&priority].issued.group, group('B'));
}

#[test]
fn of_any_three_calls_of_a_window_one_is_ordinary_while_one_waits() {
    let mut hall = Hall::new();
    for _ in 0..4 {
        hall.take('A', None);
    }
    for _ in 0..8 {
        hall.take('A', Some(PriorityKind::Disabled));
    }
    let mut calls = Vec::new();
    for _ in 0..12 {
        calls.push(hall.call(1));
        hall.finish(1);
    }
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
    let mut hall = Hall::new();
    hall.take('A', None);
    hall.now = hall.now.plus_ms(30 * MINUTE_MS + 10);
    hall.take('A', Some(PriorityKind::Elder));
    assert_eq!(hall.call(1), "A001");
}

#[test]
fn two_windows_never_get_one_ticket() {
    let mut hall = Hall::new();
    hall.take('A', None);
    assert_eq!(hall.call(1), "A001");
    let refusal = hall
        .give(Command::CallNext { window: window(2) })
        .unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NobodyWaits);
}

#[test]
fn asking_again_for_the_same_ticket_gives_no_second_number() {
    let mut hall = Hall::new();
    let ticket = hall.take('A', None);
    let again = |token| Command::TakeNumber {
        ticket,
        group: group('A'),
        priority: None,
        token_hash: SecretHash([token; 32]),
        code_hash: SecretHash([2; 32]),
    };
    assert_eq!(hall.give(again(1)).unwrap(), []);
    assert_eq!(
        hall.give(again(9)).unwrap_err().code,
        RefusalCode::TicketExists
    );
    assert_eq!(hall.queue.tickets.len(), 1);
}

#[test]
fn the_number_on_the_paper_wins_over_one_assigned_too_late() {
    let mut hall = Hall::new();
    let ticket = hall.take('A', None);
    let mut paper = hall.queue.tickets[&ticket].issued.clone();
    paper.label = "A-K2-001".parse().unwrap();
    hall.give(Command::ReportIssued(paper.clone())).unwrap();
    assert_eq!(
        hall.queue.tickets[&ticket].issued.label.to_string(),
        "A-K2-001"
    );
    assert_eq!(hall.give(Command::ReportIssued(paper)).unwrap(), []);
}

#[test]
fn an_offline_ticket_waits_where_its_arrival_puts_it() {
    let mut hall = Hall::new();
    hall.now = UtcMs(10 * MINUTE_MS);
    hall.take('A', None);
    let offline = TicketIssued {
        ticket: TicketId(Uuid::from_u128(99)),
        label: "A-K2-001".parse().unwrap(),
        group: group('A'),
        priority: None,
        arrived_at: UtcMs(5 * MINUTE_MS),
        token_hash: SecretHash([3; 32]),
        code_hash: SecretHash([4; 32]),
    };
    hall.give(Command::ReportIssued(offline)).unwrap();
    assert_eq!(hall.call(1), "A-K2-001");
}

#[test]
fn a_refused_command_says_why_and_changes_nothing() {
    let mut hall = Hall::new();
    hall.take('A', None);
    hall.call(1);
    let before = hall.queue.clone();
    for (command, code) in [
        (
            Command::CallNext { window: window(1) },
            RefusalCode::WindowBusy,
        ),
        (
            Command::CloseWindow { window: window(1) },
            RefusalCode::WindowBusy,
        ),
        (
            Command::Finish { window: window(2) },
            RefusalCode::NoTicketAtWindow,
        ),
        (
            Command::Start { window: window(9) },
            RefusalCode::UnknownWindow,
        ),
    ] {
        assert_eq!(hall.give(command).unwrap_err().code, code);
    }
    assert_eq!(hall.queue, before);
}

#[test]
fn the_wait_is_people_ahead_times_mean_service_over_open_windows() {
    let mut hall = Hall::new();
    hall.take('A', None);
    hall.call(1);
    hall.give(Command::Start { window: window(1) }).unwrap();
    hall.now = hall.now.plus_ms(6 * MINUTE_MS);
    hall.finish(1);
    for _ in 0..3 {
        hall.take('A', None);
    }
    let last = hall.take('A', None);
    let estimate = |hall: &Hall| {
        wait_estimate(
            &hall.queue,
            group('A'),
            people_ahead(&hall.queue, last),
            &hall.rules,
        )
    };
    assert_eq!(estimate(&hall), WaitEstimate::About { minutes: 9 });
    hall.give(Command::CloseWindow { window: window(2) })
        .unwrap();
    assert_eq!(estimate(&hall), WaitEstimate::About { minutes: 18 });
    hall.give(Command::CloseWindow { window: window(1) })
        .unwrap();
    assert_eq!(estimate(&hall), WaitEstimate::Unknown);
}

#[test]
fn closing_the_day_lapses_tickets_and_restarts_numbers() {
    let mut hall = Hall::new();
    hall.take('A', None);
    hall.call(1);
    let day = BusinessDate(UtcMs(0).hall_date());
    hall.give(Command::CloseDay { day }).unwrap();
    assert!(hall.queue.tickets.is_empty());
    let ticket = hall.take('A', None);
    assert_eq!(hall.queue.tickets[&ticket].issued.label.to_string(), "A001");
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
