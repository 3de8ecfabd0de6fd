//! The queue's laws, at its two faces `decide` and `apply`.

mod admission;
mod appointments;
mod laws;
mod prover;
mod waits;
mod windows;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveTime;
use uuid::Uuid;

use super::*;
use crate::calendar::WorkCalendar;
use crate::id::{GroupCode, TicketId, WindowNo};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{BusinessDate, UtcMs};

const MINUTE_MS: i64 = 60_000;

/// A morning and an afternoon with a lunch break between them.
fn sessions() -> Vec<(NaiveTime, NaiveTime)> {
    vec![(clock(9, 0), clock(12, 0)), (clock(13, 0), clock(17, 0))]
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// Wednesday, 25 November 2026, the day after the halls of these tests begin, is off.
fn calendar() -> Arc<WorkCalendar> {
    let year = "date,kind,note\n2026,year,样\n2026-11-25,holiday,样\n";
    Arc::new(WorkCalendar::read(year).unwrap())
}

fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).unwrap()
}

fn groups(letters: &str) -> BTreeSet<GroupCode> {
    letters.chars().map(group).collect()
}

fn window(number: u8) -> WindowNo {
    WindowNo::new(number).unwrap()
}

fn seat(window: WindowNo) -> Seat {
    Seat {
        window,
        clerk: None,
    }
}

/// A hall whose windows serve these groups, from window 1 on.
fn layout(windows: &[&str]) -> HallLayout {
    let letters: BTreeSet<char> = windows.iter().flat_map(|serves| serves.chars()).collect();
    let service = |letter: char| ServiceGroup {
        name: format!("{letter} 组"),
        hint: String::new(),
        typical_service_minutes: 10,
    };
    HallLayout {
        groups: letters
            .into_iter()
            .map(|letter| (group(letter), service(letter)))
            .collect(),
        windows: (1..)
            .map(window)
            .zip(windows.iter().map(|serves| groups(serves)))
            .collect(),
    }
}

/// A hall under test, with its clock.
struct Hall {
    queue: HallQueue,
    rules: QueueRules,
    hours: OpeningHours,
    now: UtcMs,
    next_id: u128,
    /// Everything that happened, for replays.
    happened: Vec<(QueueEvent, UtcMs)>,
}

impl Hall {
    fn new(windows: &[&str]) -> Self {
        let rules = QueueRules::default();
        Self {
            queue: HallQueue::new(layout(windows), &rules),
            rules,
            hours: OpeningHours::default(),
            now: UtcMs::start_of("2026-11-24".parse().unwrap()).plus_minutes(9 * 60),
            next_id: 1,
            happened: Vec::new(),
        }
    }

    fn give(&mut self, command: Command) -> Result<Vec<QueueEvent>, Refusal> {
        let around = Conditions {
            rules: &self.rules,
            hours: &self.hours,
            now: self.now,
        };
        let events = decide(&self.queue, command, &around)?;
        for event in &events {
            self.queue.apply(event, self.now);
            self.happened.push((event.clone(), self.now));
        }
        Ok(events)
    }

    fn act(&mut self, number: u8, act: WindowAct) -> Result<Vec<QueueEvent>, Refusal> {
        self.give(Command::At(seat(window(number)), act))
    }

    fn code(&mut self, command: Command) -> RefusalCode {
        let before = self.queue.clone();
        let refusal = self.give(command).unwrap_err();
        assert_eq!(self.queue, before, "a refused command changes nothing");
        assert!(refusal.text.ends_with('。'), "{}", refusal.text);
        refusal.code
    }

    fn code_at(&mut self, number: u8, act: WindowAct) -> RefusalCode {
        self.code(Command::At(seat(window(number)), act))
    }

    fn ask(&mut self, letter: char, priority: Option<PriorityKind>) -> NumberAsked {
        self.now = self.now.plus_ms(1);
        let ticket = TicketId(Uuid::from_u128(self.next_id));
        self.next_id += 1;
        NumberAsked {
            ticket,
            group: group(letter),
            priority,
            wish: Wish::default(),
            token_hash: SecretHash([1; 32]),
            code_hash: SecretHash([2; 32]),
        }
    }

    fn take(&mut self, letter: char) -> TicketId {
        self.take_as(letter, None)
    }

    fn take_first(&mut self, letter: char) -> TicketId {
        self.take_as(letter, Some(PriorityKind::Elder))
    }

    fn take_as(&mut self, letter: char, priority: Option<PriorityKind>) -> TicketId {
        let asked = self.ask(letter, priority);
        let ticket = asked.ticket;
        self.give(Command::TakeNumber(asked)).unwrap();
        ticket
    }

    fn call(&mut self, number: u8) -> String {
        self.act(number, WindowAct::CallNext).unwrap();
        self.label(self.at(number).unwrap())
    }

    fn serve_next(&mut self, number: u8) -> String {
        let label = self.call(number);
        self.act(number, WindowAct::Finish).unwrap();
        label
    }

    fn call_until_missed(&mut self, number: u8) {
        for _ in 1..self.rules.call_times {
            self.wait_seconds(self.rules.call_interval_seconds);
            self.act(number, WindowAct::CallAgain).unwrap();
        }
        self.act(number, WindowAct::MarkMissed).unwrap();
    }

    fn wait_minutes(&mut self, minutes: i64) {
        self.now = self.now.plus_minutes(minutes);
    }

    fn wait_seconds(&mut self, seconds: i64) {
        self.now = self.now.plus_ms(seconds * 1_000);
    }

    fn at(&self, number: u8) -> Option<TicketId> {
        self.queue.windows[&window(number)].current
    }

    fn label(&self, ticket: TicketId) -> String {
        self.queue.tickets[&ticket].issued.label.to_string()
    }

    fn state(&self, ticket: TicketId) -> TicketState {
        self.queue.tickets[&ticket].state
    }
}
