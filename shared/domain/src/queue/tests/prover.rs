//! Goes through every course of every small hall and looks whether the promises of the rule hold
//! at each call. What is counted here is counted from the calls alone, not by the queue itself.
//!
//! A course is any mixture of arrivals, calls by the rule, calls of this one, people who come back
//! and people who are sent on. When nothing new can be reached, all halls of that size are proved.

use std::collections::{HashSet, VecDeque};

use super::*;

/// A person in a course, as the prover counts.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Watched {
    ticket: TicketId,
    /// Later arrivals taken up while it waited, by windows that serve its group.
    passed: u32,
    /// Calls of earlier arrivals with priority meanwhile, its own that led to nothing among them.
    priority_before: u32,
}

/// A point of a course.
#[derive(Clone)]
struct Point {
    queue: HallQueue,
    watched: Vec<Watched>,
    /// Per window: calls in a row that took priority while somebody without it waited there.
    priority_in_a_row: Vec<u8>,
    arrivals: u32,
    detours: u32,
}

fn at(window: WindowNo, ticket: TicketId) -> AtWindow {
    AtWindow {
        ticket,
        window,
        clerk: None,
    }
}

/// How large the halls are that are gone through.
struct Size {
    arrivals_max: u32,
    /// How many people come back or are sent on.
    detours_max: u32,
}

struct Prover {
    rules: QueueRules,
    size: Size,
    points: usize,
    seen: HashSet<Vec<u8>>,
    open: VecDeque<Point>,
}

impl Prover {
    fn prove(windows: &[&str], rules: QueueRules, size: Size) -> usize {
        let queue = HallQueue::new(layout(windows), &rules);
        let first = Point {
            priority_in_a_row: vec![0; windows.len()],
            queue,
            watched: Vec::new(),
            arrivals: 0,
            detours: 0,
        };
        let mut prover = Self {
            rules,
            size,
            points: 0,
            seen: HashSet::new(),
            open: VecDeque::from([first]),
        };
        while let Some(point) = prover.open.pop_front() {
            prover.points += 1;
            prover.go_on_from(&point);
        }
        prover.points
    }

    fn go_on_from(&mut self, point: &Point) {
        if point.arrivals < self.size.arrivals_max {
            for group in point.queue.layout.groups.keys() {
                self.come_upon(point.arrives(*group, None));
                self.come_upon(point.arrives(*group, Some(PriorityKind::Elder)));
            }
        }
        for no in point.queue.windows.keys() {
            self.calls_of(point, *no);
        }
    }

    fn calls_of(&mut self, point: &Point, no: WindowNo) {
        let next = self.decide(point, no, WindowAct::CallNext);
        if let Some(next) = next {
            assert!(self.decide(point, no, WindowAct::Call(next)).is_some());
        }
        let takes = point.queue.windows[&no].groups.clone();
        let waiting: Vec<TicketId> = takes
            .iter()
            .flat_map(|group| point.queue.waiting_in(*group))
            .map(|ticket| ticket.issued.ticket)
            .collect();
        assert_eq!(next.is_some(), !waiting.is_empty(), "nobody stays behind");
        for ticket in waiting {
            if self.decide(point, no, WindowAct::Call(ticket)).is_some() {
                self.taken_up(point, no, ticket);
            }
        }
    }

    fn decide(&self, point: &Point, no: WindowNo, act: WindowAct) -> Option<TicketId> {
        let around = Conditions {
            rules: &self.rules,
            hours: &OpeningHours::default(),
            now: UtcMs(1_000),
        };
        match decide(&point.queue, Command::At(seat(no), act), &around)
            .ok()?
            .as_slice()
        {
            [QueueEvent::Called(called)] => Some(called.ticket),
            other => panic!("a call is one event, not {other:?}"),
        }
    }

    fn taken_up(&mut self, point: &Point, no: WindowNo, ticket: TicketId) {
        let called = point.calls(no, ticket);
        called.keeps_the_promises(&self.rules);
        self.come_upon(called.ends(&QueueEvent::Finished(at(no, ticket))));
        if point.detours == self.size.detours_max {
            return;
        }
        let mut detour = called;
        detour.detours += 1;
        self.come_upon(detour.ends(&QueueEvent::Returned { ticket }));
        let here = detour.queue.tickets[&ticket].group;
        for group in detour
            .queue
            .layout
            .groups
            .keys()
            .filter(|group| **group != here)
        {
            let from = at(no, ticket);
            let group = *group;
            self.come_upon(detour.ends(&QueueEvent::Transferred { from, group }));
        }
    }

    fn come_upon(&mut self, point: Point) {
        if self.seen.insert(point.key()) {
            self.open.push_back(point);
        }
    }
}

impl Point {
    fn arrives(&self, group: GroupCode, priority: Option<PriorityKind>) -> Self {
        let mut after = self.clone();
        after.arrivals += 1;
        let ticket = TicketId(Uuid::from_u128(u128::from(after.arrivals)));
        let issued = TicketIssued {
            ticket,
            label: TicketLabel::Assigned {
                prefix: 'A',
                number: 1,
            },
            group,
            priority,
            arrived_at: UtcMs(i64::from(after.arrivals)),
            token_hash: SecretHash([0; 32]),
            code_hash: SecretHash([0; 32]),
            wish: Wish::default(),
            found: None,
            told: None,
        };
        after.queue.apply(&QueueEvent::Issued(issued), UtcMs(0));
        after.watched.push(Watched {
            ticket,
            passed: 0,
            priority_before: 0,
        });
        after
    }

    fn calls(&self, no: WindowNo, ticket: TicketId) -> Self {
        let mut after = self.clone();
        let called = &self.queue.tickets[&ticket];
        let groups = &self.queue.windows[&no].groups;
        let waits_here = |other: &Ticket| other.state.is_waiting() && groups.contains(&other.group);
        for watched in &mut after.watched {
            let other = &self.queue.tickets[&watched.ticket];
            if !waits_here(other) {
                continue;
            }
            if other.arrival() < called.arrival() {
                watched.passed += 1;
            } else if called.priority.is_some() {
                watched.priority_before += 1;
            }
        }
        let ordinary_waits = self
            .queue
            .tickets
            .values()
            .any(|other| waits_here(other) && other.priority.is_none());
        let in_a_row = &mut after.priority_in_a_row[usize::from(no.get()) - 1];
        *in_a_row = if called.priority.is_some() && ordinary_waits {
            *in_a_row + 1
        } else {
            0
        };
        let called = QueueEvent::Called(at(no, ticket));
        after.queue.apply(&called, UtcMs(1_000));
        after
    }

    fn ends(&self, event: &QueueEvent) -> Self {
        let mut after = self.clone();
        after.queue.apply(event, UtcMs(1_000));
        after
    }

    fn keeps_the_promises(&self, rules: &QueueRules) {
        let windows = u32::try_from(self.queue.windows.len()).unwrap();
        for watched in &self.watched {
            let ticket = &self.queue.tickets[&watched.ticket];
            let bound = match ticket.priority {
                None => rules.overtaken_bound(),
                Some(_) => rules.overtaken_bound_of_priority(watched.priority_before, windows),
            };
            assert!(
                watched.passed <= bound,
                "passed {} times, at most {bound}: {ticket:?}",
                watched.passed
            );
        }
        for in_a_row in &self.priority_in_a_row {
            assert!(*in_a_row <= rules.priority_calls_in_a_row_max);
        }
    }

    /// What decides how a course can go on: two points with one key have the same futures. Tickets
    /// that are over are none of it.
    fn key(&self) -> Vec<u8> {
        let mut key = vec![u8::try_from(self.arrivals * 16 + self.detours).unwrap()];
        key.extend(&self.priority_in_a_row);
        key.extend(
            self.queue
                .windows
                .values()
                .map(|window| window.priority_calls_in_a_row),
        );
        for watched in &self.watched {
            let ticket = &self.queue.tickets[&watched.ticket];
            if ticket.state.is_waiting() {
                let count = |count: u32| u8::try_from(count).unwrap();
                key.extend([
                    ticket.group.letter() as u8,
                    u8::from(ticket.priority.is_some()),
                    count(u32::from(ticket.overtaken)),
                    count(watched.passed),
                    count(watched.priority_before),
                ]);
            }
        }
        key
    }
}

/// The rules in all small variants. Of the boost only whether it holds matters: for nobody, or for
/// everybody.
fn variants() -> impl Iterator<Item = QueueRules> {
    let in_a_row = [1, 2];
    let overtaken = [1, 2];
    let boost = [-1, 30];
    in_a_row.into_iter().flat_map(move |in_a_row| {
        overtaken.into_iter().flat_map(move |overtaken| {
            boost.into_iter().map(move |boost| QueueRules {
                priority_calls_in_a_row_max: in_a_row,
                overtaken_max: overtaken,
                ordinary_boost_minutes: boost,
                ..QueueRules::default()
            })
        })
    })
}

fn prove(halls: &[&[&str]], arrivals_max: u32, detours_max: u32) {
    let mut points = 0;
    for windows in halls {
        for rules in variants() {
            let size = Size {
                arrivals_max,
                detours_max,
            };
            points += Prover::prove(windows, rules, size);
        }
    }
    println!(
        "{points} points of {} halls gone through",
        halls.len() * variants().count()
    );
    assert!(points > 1_000, "{points} points are no proof");
}

#[test]
fn one_window_and_two_keep_the_promises_in_one_group() {
    prove(&[&["A"], &["A", "A"]], 6, 1);
}

#[test]
fn windows_of_several_groups_keep_the_promises_in_every_way_to_share_two_groups() {
    let halls: [&[&str]; 5] = [
        &["AB"],
        &["A", "B"],
        &["A", "AB"],
        &["B", "AB"],
        &["AB", "AB"],
    ];
    prove(&halls, 4, 1);
    prove(&halls, 5, 0);
}
