//! What a board shows at a moment: emergency before call before notice before programme.
//!
//! Pure: the state and a moment give the content of every area. An emergency takes the whole board; a
//! call takes the zone that is made for calls, else the whole board; a notice takes its zone. What is
//! displaced keeps its place and comes back where it was, with its whole time. Whole pages change;
//! scrolling only where a zone has a single row (`look.md` §15). Nothing personal stands on a board: a
//! call is a ticket and a window.

#[cfg(test)]
mod orders;
mod rotor;
mod runner;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

pub use crate::page::BoardLayout;
pub use runner::BoardRunner;

use crate::content::{AreaContent, AreaId};
use crate::link::Urgency;
use crate::moment::Moment;
use crate::page::{Airs, Call, Frame, Page, call, flashing};
use crate::playlist::{BoardPlan, Composition};
use rotor::Rotor;

/// Calls waiting for their turn; a hall with more has another problem.
const CALLS_WAITING_MAX: usize = 32;

/// How long calls show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleSettings {
    /// A call.
    pub call_show: Duration,
    /// A call, when others wait.
    pub call_show_min: Duration,
    /// A call flashes for so long and then stands still.
    pub call_flash: Duration,
    /// A call that has waited longer is not shown any more.
    pub call_wait_max: Duration,
}

impl Default for ScheduleSettings {
    fn default() -> Self {
        Self {
            call_show: Duration::from_secs(15),
            call_show_min: Duration::from_secs(5),
            call_flash: Duration::from_secs(5),
            call_wait_max: Duration::from_secs(60),
        }
    }
}

/// The closed order of what a board shows, first is strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Until it is ended.
    Emergency,
    /// For its time.
    Call,
    /// Takes its zone while it is in force.
    Notice,
    /// Rotating.
    Programme,
}

/// What is in an area at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Why.
    pub layer: Layer,
    /// What.
    pub content: AreaContent,
    /// Whose it is, for the record of what was played.
    pub airs: Vec<Airs>,
}

impl Shown {
    fn of(layer: Layer, page: &Page) -> Self {
        Self {
            layer,
            content: page.content.clone(),
            airs: page.airs.clone(),
        }
    }

    /// Whether it may wait on the bus, for its own sake.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self.layer {
            Layer::Emergency => Urgency::Emergency,
            Layer::Call => Urgency::Urgent,
            Layer::Notice | Layer::Programme => Urgency::Ordinary,
        }
    }
}

/// All areas of a board that show something.
pub type Scene = BTreeMap<AreaId, Shown>;

#[derive(Debug)]
struct WaitingCall {
    call: Call,
    since: Duration,
}

#[derive(Debug)]
struct Zone {
    frame: Frame,
    takes_calls: bool,
    notices: Rotor,
    programme: Rotor,
}

/// The schedule of one board.
#[derive(Debug)]
pub struct Schedule {
    whole: Frame,
    settings: ScheduleSettings,
    emergency: Rotor,
    calls: VecDeque<WaitingCall>,
    /// The call on the board, and since when.
    calling: Option<(Call, Duration)>,
    zones: Vec<Zone>,
    is_lit: bool,
}

impl Schedule {
    /// An empty schedule.
    #[must_use]
    pub fn new(plan: &BoardPlan, settings: ScheduleSettings) -> Self {
        let zones = plan.zones.iter().enumerate();
        let zone = |(number, zone): (usize, &crate::playlist::ZonePlan)| Zone {
            frame: plan.frame(number),
            takes_calls: zone.takes_calls,
            notices: Rotor::default(),
            programme: Rotor::default(),
        };
        Self {
            whole: plan.whole(),
            settings,
            emergency: Rotor::default(),
            calls: VecDeque::new(),
            calling: None,
            zones: zones.map(zone).collect(),
            is_lit: true,
        }
    }

    /// Takes what the board plays from now on. What is on the glass and still plays stays there.
    pub fn play(&mut self, composition: Composition) {
        self.emergency.follow(composition.emergency);
        self.is_lit = composition.is_lit;
        for (zone, pages) in self.zones.iter_mut().zip(composition.zones) {
            zone.notices.follow(pages.notices);
            zone.programme.follow(pages.programme);
        }
    }

    /// Everything that has its turn sooner or later, or shows now.
    pub fn playing(&self) -> BTreeSet<&Airs> {
        let rotors = self
            .zones
            .iter()
            .flat_map(|zone| [&zone.notices, &zone.programme]);
        let pages = rotors.chain([&self.emergency]).flat_map(Rotor::pages);
        pages.flat_map(|page| &page.airs).collect()
    }

    /// Shows a call as soon as its turn comes. Calling a ticket again shows and flashes it again, at
    /// its new window.
    pub fn call(&mut self, call: Call, now: Moment) {
        self.withdraw(&call.ticket_label);
        if self.calls.len() == CALLS_WAITING_MAX {
            self.calls.pop_front();
        }
        self.calls.push_back(WaitingCall {
            call,
            since: now.since_start,
        });
    }

    /// Takes a call off the board and out of the queue.
    pub fn withdraw(&mut self, ticket_label: &str) {
        self.calls
            .retain(|waiting| waiting.call.ticket_label != ticket_label);
        self.calling
            .take_if(|(call, _)| call.ticket_label == ticket_label);
    }

    /// What each area shows at this moment; nothing on a dark board.
    pub fn show(&mut self, now: Moment) -> Scene {
        let time = now.since_start;
        self.turn_calls(time);
        if let Some(page) = self.emergency.turn(time) {
            let shown = Shown::of(Layer::Emergency, page);
            self.zones.iter_mut().for_each(Zone::pause);
            return Scene::from([(shown.content.area, shown)]);
        }
        let calling = self.calling.as_ref().filter(|_| self.is_lit);
        let flash_end = |since: Duration| since + self.settings.call_flash;
        let call_in = |frame: &Frame| {
            let (ticket, since) = calling?;
            let page = call(frame, ticket);
            let is_flashing = time < flash_end(*since);
            let page = if is_flashing { flashing(page) } else { page };
            Some(Shown::of(Layer::Call, &page))
        };
        let has_call_zone = self.zones.iter().any(|zone| zone.takes_calls);
        if let Some(shown) = call_in(&self.whole).filter(|_| !has_call_zone) {
            self.zones.iter_mut().for_each(Zone::pause);
            return Scene::from([(shown.content.area, shown)]);
        }
        let zones = self.zones.iter_mut().filter_map(|zone| {
            let called = call_in(&zone.frame).filter(|_| zone.takes_calls);
            zone.show(time, called)
        });
        zones.map(|shown| (shown.content.area, shown)).collect()
    }

    /// The monotonic time by which [`Schedule::show`] should be asked again.
    #[must_use]
    pub fn next_change(&self, now: Moment) -> Duration {
        // Dates and times of day turn on the civil clock, which may jump: look at least this often.
        let latest = now.since_start + Duration::from_secs(1);
        let calling = self.calling.as_ref().map(|(_, since)| *since);
        let call_turns =
            calling.map(|since| [since + self.settings.call_flash, since + self.call_time()]);
        let rotors = self
            .zones
            .iter()
            .flat_map(|zone| [&zone.notices, &zone.programme]);
        let turns = rotors.chain([&self.emergency]).filter_map(Rotor::turns_at);
        turns
            .chain(call_turns.into_iter().flatten())
            .filter(|&at| at > now.since_start)
            .fold(latest, Duration::min)
    }

    fn call_time(&self) -> Duration {
        if self.calls.is_empty() {
            self.settings.call_show
        } else {
            self.settings.call_show_min
        }
    }

    fn turn_calls(&mut self, now: Duration) {
        let call_time = self.call_time();
        self.calling.take_if(|(_, since)| now >= *since + call_time);
        let wait_max = self.settings.call_wait_max;
        self.calls.retain(|waiting| now <= waiting.since + wait_max);
        if self.calling.is_none() {
            self.calling = self.calls.pop_front().map(|waiting| (waiting.call, now));
        }
    }
}

impl Zone {
    fn pause(&mut self) {
        self.notices.pause();
        self.programme.pause();
    }

    fn show(&mut self, now: Duration, called: Option<Shown>) -> Option<Shown> {
        if called.is_some() {
            self.pause();
            return called;
        }
        if self.notices.is_empty() {
            let page = self.programme.turn(now)?;
            return Some(Shown::of(Layer::Programme, page));
        }
        self.programme.pause();
        let page = self.notices.turn(now)?;
        Some(Shown::of(Layer::Notice, page))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
