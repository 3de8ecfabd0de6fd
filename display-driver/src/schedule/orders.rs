//! All orders of up to six arrivals, ends and withdrawals on a board of two zones, one second apart:
//! an emergency is first, nothing starves, and what was displaced comes back where it was.

use std::time::Duration;

use super::tests::{at, call, page, plan, zone_pages};
use super::*;
use crate::page::emergency;
use crate::playlist::Composition;

/// What may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    EmergencyBegins,
    EmergencyEnds,
    CallA,
    CallB,
    WithdrawA,
    NoticeComes,
    NoticeGoes,
    ItemComes,
    ItemGoes,
    AllCleared,
}

const EVENTS: [Event; 10] = [
    Event::EmergencyBegins,
    Event::EmergencyEnds,
    Event::CallA,
    Event::CallB,
    Event::WithdrawA,
    Event::NoticeComes,
    Event::NoticeGoes,
    Event::ItemComes,
    Event::ItemGoes,
    Event::AllCleared,
];
const LENGTH_MAX: usize = 6;
const PROGRAMME: [&str; 3] = ["甲", "乙", "丙"];

/// Calls as the requirement has them, told apart from the schedule's own account: a call shows for 15
/// seconds, for 5 while another waits, and one that has waited for a minute is not shown.
#[derive(Default)]
struct ExpectedCalls {
    /// Ticket, and the second of its call.
    waiting: Vec<(&'static str, u64)>,
    /// Ticket, and since which second it shows.
    showing: Option<(&'static str, u64)>,
}

impl ExpectedCalls {
    fn call(&mut self, ticket: &'static str, second: u64) {
        self.withdraw(ticket);
        self.waiting.push((ticket, second));
    }

    fn withdraw(&mut self, ticket: &str) {
        self.waiting.retain(|(waiting, _)| *waiting != ticket);
        self.showing.take_if(|(showing, _)| *showing == ticket);
    }

    /// The ticket on the board in this second.
    fn at(&mut self, second: u64) -> Option<&'static str> {
        let lasts = if self.waiting.is_empty() { 15 } else { 5 };
        self.showing.take_if(|(_, since)| second - *since >= lasts);
        self.waiting.retain(|(_, called)| second - *called <= 60);
        if self.showing.is_none() && !self.waiting.is_empty() {
            let (ticket, _) = self.waiting.remove(0);
            self.showing = Some((ticket, second));
        }
        self.showing.map(|(ticket, _)| ticket)
    }
}

/// A board with what was given to it.
struct Board {
    plan: BoardPlan,
    schedule: Schedule,
    calls: ExpectedCalls,
    is_emergency: bool,
    has_notice: bool,
    has_item: bool,
    is_cleared: bool,
    pages: Pages,
}

/// All pages, made once.
#[derive(Clone)]
struct Pages {
    emergency: Vec<Page>,
    zones: Vec<crate::playlist::ZonePages>,
    item: Page,
}

impl Board {
    fn new(plan: &BoardPlan, pages: &Pages) -> Self {
        let mut board = Self {
            plan: plan.clone(),
            schedule: Schedule::new(plan, ScheduleSettings::default()),
            calls: ExpectedCalls::default(),
            is_emergency: false,
            has_notice: false,
            has_item: false,
            is_cleared: false,
            pages: pages.clone(),
        };
        board.play();
        board
    }

    fn play(&mut self) {
        let mut composition = Composition {
            emergency: Vec::new(),
            zones: self.pages.zones.clone(),
            is_lit: true,
        };
        if self.is_emergency {
            composition.emergency.clone_from(&self.pages.emergency);
        }
        if !self.has_notice {
            composition.zones[0].notices.clear();
        }
        if self.has_item {
            composition.zones[0]
                .programme
                .insert(0, self.pages.item.clone());
        }
        if self.is_cleared {
            composition
                .zones
                .iter_mut()
                .for_each(|zone| *zone = Default::default());
        }
        self.schedule.play(composition);
    }

    fn take(&mut self, event: Event, now: Moment) {
        let second = now.since_start.as_secs();
        match event {
            Event::CallA => self.calls.call("A1", second),
            Event::CallB => self.calls.call("B2", second),
            Event::WithdrawA => self.calls.withdraw("A1"),
            _ => {}
        }
        match event {
            Event::EmergencyBegins => self.is_emergency = true,
            Event::EmergencyEnds => self.is_emergency = false,
            Event::CallA => return self.schedule.call(call("A1"), now),
            Event::CallB => return self.schedule.call(call("B2"), now),
            Event::WithdrawA => return self.schedule.withdraw("A1"),
            Event::NoticeComes => self.has_notice = true,
            Event::NoticeGoes => self.has_notice = false,
            Event::ItemComes => self.has_item = true,
            Event::ItemGoes => self.has_item = false,
            Event::AllCleared => self.is_cleared = true,
        }
        self.play();
    }

    fn layers(&mut self, now: Moment) -> Vec<Layer> {
        let scene = self.schedule.show(now);
        assert!(scene.len() <= self.plan.zones.len());
        scene.values().map(|shown| shown.layer).collect()
    }

    fn texts(&mut self, now: Moment) -> Vec<String> {
        let scene = self.schedule.show(now);
        scene.values().map(|shown| shown.content.text()).collect()
    }
}

/// What holds after each event.
fn check_order(board: &mut Board, now: Moment, history: &[Event]) {
    let layers = board.layers(now);
    let called = board.calls.at(now.since_start.as_secs());
    if board.is_emergency {
        assert_eq!(layers, [Layer::Emergency], "{history:?}");
        return;
    }
    assert!(!layers.contains(&Layer::Emergency), "{history:?}");
    if let Some(ticket) = called {
        assert_eq!(layers, [Layer::Call], "{history:?}");
        let texts = board.texts(now);
        assert!(texts[0].contains(ticket), "{history:?}: {texts:?}");
    } else if board.is_cleared {
        assert_eq!(layers, [], "{history:?}");
    } else if board.has_notice {
        assert_eq!(layers, [Layer::Notice, Layer::Programme], "{history:?}");
    } else {
        assert_eq!(layers, [Layer::Programme; 2], "{history:?}");
    }
}

/// Once everything is over, each zone shows the page that was displaced, for its whole time, and then
/// all the others.
fn check_return(board: &mut Board, is_displaced: [bool; 2], history: &[Event]) {
    let end = history.len() as u64 + 1;
    board.is_emergency = false;
    board.has_notice = false;
    board.has_item = false;
    board.is_cleared = false;
    for ticket in ["A1", "B2"] {
        board.schedule.withdraw(ticket);
        board.calls.withdraw(ticket);
    }
    board.play();
    let dwell = board.schedule.zones[1].programme.pages()[0].dwell.as_secs();
    let first = board.texts(at(end));
    if !history.contains(&Event::AllCleared) {
        // No page has had its eight seconds yet.
        assert_eq!(first, ["甲", "甲"], "{history:?}");
    }
    let last = board.texts(at(end + dwell - 1));
    for zone in (0..2).filter(|&zone| is_displaced[zone]) {
        assert_eq!(last[zone], first[zone], "{history:?}");
    }
    let mut seen = [0, 1].map(|_| BTreeSet::new());
    for turn in 0..6 {
        for (zone, text) in board.texts(at(end + turn * dwell)).into_iter().enumerate() {
            seen[zone].insert(text);
        }
    }
    let all: BTreeSet<String> = PROGRAMME.map(str::to_owned).into();
    assert_eq!(seen, [all.clone(), all], "{history:?}");
}

fn run(history: &[Event], plan: &BoardPlan, pages: &Pages) {
    let mut board = Board::new(plan, pages);
    check_order(&mut board, at(0), history);
    for (second, event) in (1..).zip(history) {
        board.take(*event, at(second));
        check_order(&mut board, at(second), history);
        assert!(board.schedule.next_change(at(second)) > at(second).since_start);
    }
    let layers = board.layers(at(history.len() as u64));
    let is_displaced = match layers[..] {
        [upper, lower] => [upper, lower].map(|layer| layer != Layer::Programme),
        _ => [true; 2],
    };
    check_return(&mut board, is_displaced, history);
}

/// Runs every order of `left` more of the events, each at most once.
fn run_all(history: &mut Vec<Event>, left: usize, plan: &BoardPlan, pages: &Pages) -> usize {
    run(history, plan, pages);
    let mut runs = 1;
    if left == 0 {
        return runs;
    }
    for event in EVENTS {
        if !history.contains(&event) {
            history.push(event);
            runs += run_all(history, left - 1, plan, pages);
            history.pop();
        }
    }
    runs
}

#[test]
fn in_every_order_of_six_events_the_emergency_is_first_nothing_starves_and_all_returns() {
    let plan = plan(&[(0, 32), (32, 16)], None);
    let frame = |zone| plan.frame(zone);
    let pages = Pages {
        emergency: emergency(&Frame::whole(plan.layout), "请离开"),
        zones: vec![
            zone_pages(&frame(0), &["停电"], &PROGRAMME),
            zone_pages(&frame(1), &[], &PROGRAMME),
        ],
        item: page(&frame(0), "新"),
    };
    assert!(pages.zones[0].programme[0].dwell > Duration::from_secs(LENGTH_MAX as u64));
    let runs = run_all(&mut Vec::new(), LENGTH_MAX, &plan, &pages);
    // Nothing, and one to six of ten events in every order.
    let orders: usize = (0..=LENGTH_MAX)
        .map(|count| (EVENTS.len() - count + 1..=EVENTS.len()).product::<usize>())
        .sum();
    assert_eq!(runs, orders);
}
