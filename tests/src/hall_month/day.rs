//! The course of one day: what people and clerks do next, given what the queue decided.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::id::{GroupCode, TicketId, WindowNo};
use domain::queue::{Command, Session, WindowAct};
use domain::refusal::Refusal;
use domain::time::{BusinessDate, UtcMs};

use super::agenda::{Agenda, Happening};
use super::chance::Chance;
use super::hall::{Given, Hall, sessions};
use super::people::Person;
use super::watch::{Broken, Watch};

pub(super) const SECOND_MS: i64 = 1_000;
pub(super) const MINUTE_MS: i64 = 60_000;
/// How often somewhere a clerk is away for some minutes, per day.
const PAUSES: usize = 8;
const DAY_CLOSES_MINUTE: i64 = 19 * 60;

pub(super) type Outcome = Result<(), Broken>;

/// A day under way.
pub(super) struct Day<'h> {
    pub(super) hall: &'h mut Hall,
    pub(super) chance: &'h mut Chance,
    pub(super) date: NaiveDate,
    pub(super) service_percent: u32,
    pub(super) agenda: Agenda,
    pub(super) session: Session,
    /// Open windows with nobody to call.
    pub(super) idle: BTreeSet<WindowNo>,
    /// Clerks who have left for lunch or for the day.
    pub(super) away: BTreeSet<WindowNo>,
    /// Who wants to be away for how long.
    pub(super) pauses: BTreeMap<WindowNo, i64>,
    /// Who will not hear the next call.
    pub(super) absent: BTreeSet<TicketId>,
}

impl<'h> Day<'h> {
    pub(super) fn of(
        hall: &'h mut Hall,
        date: NaiveDate,
        service_percent: u32,
        chance: &'h mut Chance,
    ) -> Self {
        let windows = hall.queue.windows.keys().copied();
        Self {
            away: windows.collect(),
            hall,
            chance,
            date,
            service_percent,
            agenda: Agenda::default(),
            session: sessions(date)[0],
            idle: BTreeSet::new(),
            pauses: BTreeMap::new(),
            absent: BTreeSet::new(),
        }
    }

    /// Lives through it with these people; returns what was seen.
    pub(super) fn live(mut self, people: Vec<Person>) -> Result<Watch, Broken> {
        for Session { from, until } in sessions(self.date) {
            self.agenda
                .put(from.plus_minutes(-3), Happening::SessionBegins);
            self.agenda.put(until, Happening::SessionEnds);
        }
        self.plan_pauses();
        for person in people {
            self.agenda.put(person.arrives, Happening::Arrives(person));
        }
        while let Some((now, what)) = self.agenda.next() {
            self.happens(what, now)?;
        }
        self.close()
    }

    fn plan_pauses(&mut self) {
        let windows: Vec<_> = self.hall.queue.windows.keys().copied().collect();
        for _ in 0..PAUSES {
            let window = windows[self.chance.weighted(&vec![1; windows.len()])];
            let begin = UtcMs::start_of(self.date).plus_minutes(self.chance.between(540, 990));
            let long_ms = self.chance.between(4, 16) * MINUTE_MS;
            self.agenda
                .put(begin, Happening::WantsPause(window, long_ms));
        }
    }

    fn close(self) -> Result<Watch, Broken> {
        self.hall.watch.check(&self.hall.queue)?;
        let day = BusinessDate(self.date);
        let now = UtcMs::start_of(self.date).plus_minutes(DAY_CLOSES_MINUTE);
        done(self.hall.give(Command::CloseDay { day }, now)?)?;
        self.hall.watch.check_replay(&self.hall.queue)?;
        let next = Watch::from(&self.hall.queue);
        Ok(std::mem::replace(&mut self.hall.watch, next))
    }

    fn happens(&mut self, what: Happening, now: UtcMs) -> Outcome {
        match what {
            Happening::Arrives(person) => self.arrives(person, now),
            Happening::HasEnough(ticket) => self.has_enough(ticket, now),
            Happening::ComesBack(ticket) => self.comes_back(ticket, now),
            Happening::SessionBegins => {
                self.session_begins(now);
                Ok(())
            }
            Happening::SessionEnds => {
                self.look_within(now, SECOND_MS, |_| true);
                Ok(())
            }
            Happening::Opens(window) => {
                done(self.hall.act(window, WindowAct::Open, now)?)?;
                self.looks(window, now)
            }
            Happening::Looks(window) => self.looks(window, now),
            Happening::NobodyCame(window, ticket) => self.nobody_came(window, ticket, now),
            Happening::Begins(window, ticket) => self.begins(window, ticket, now),
            Happening::Ends(window, ticket) => self.ends(window, ticket, now),
            Happening::WantsPause(window, long_ms) => {
                self.pauses.insert(window, long_ms);
                self.look_within(now, SECOND_MS, |idle| idle == window);
                Ok(())
            }
        }
    }

    fn arrives(&mut self, person: Person, now: UtcMs) -> Outcome {
        let (ticket, group) = (person.asks.ticket, person.asks.group);
        done(self.hall.give(Command::TakeNumber(person.asks), now)?)?;
        if person.is_absent {
            self.absent.insert(ticket);
        }
        if let Some(minutes) = person.patience_minutes {
            self.agenda
                .put(now.plus_minutes(minutes), Happening::HasEnough(ticket));
        }
        self.somebody_waits(group, now);
        Ok(())
    }

    fn has_enough(&mut self, ticket: TicketId, now: UtcMs) -> Outcome {
        if self.hall.queue.tickets[&ticket].state.is_waiting() {
            done(self.hall.give(Command::GiveUp { ticket }, now)?)?;
        }
        Ok(())
    }

    fn comes_back(&mut self, ticket: TicketId, now: UtcMs) -> Outcome {
        done(self.hall.give(Command::Return { ticket }, now)?)?;
        self.somebody_waits(self.hall.queue.tickets[&ticket].group, now);
        Ok(())
    }

    fn session_begins(&mut self, now: UtcMs) {
        let session = sessions(self.date)
            .into_iter()
            .find(|session| now < session.from);
        self.session = session.unwrap_or(self.session);
        for window in std::mem::take(&mut self.away) {
            let at = now.plus_ms(self.chance.between(0, 3 * MINUTE_MS));
            self.agenda.put(at, Happening::Opens(window));
        }
    }

    /// Clerks who have nobody see a new number on their screens.
    pub(super) fn somebody_waits(&mut self, group: GroupCode, now: UtcMs) {
        let queue = &self.hall.queue;
        let serving = queue
            .windows
            .iter()
            .filter(|(_, window)| window.takes(group));
        let serving: BTreeSet<_> = serving.map(|(window, _)| *window).collect();
        self.look_within(now, 15 * SECOND_MS, |window| serving.contains(&window));
    }

    fn look_within(&mut self, now: UtcMs, ms: i64, is_meant: impl Fn(WindowNo) -> bool) {
        let meant: Vec<_> = self
            .idle
            .iter()
            .copied()
            .filter(|window| is_meant(*window))
            .collect();
        for window in meant {
            self.idle.remove(&window);
            let at = now.plus_ms(self.chance.between(0, ms));
            self.agenda.put(at, Happening::Looks(window));
        }
    }
}

/// Nothing that people and clerks here want may be refused, but where it is said.
pub(super) fn done(given: Given) -> Outcome {
    given.map(drop).map_err(|refusal| sentence(&refusal))
}

pub(super) fn sentence(refusal: &Refusal) -> Broken {
    format!("refused: {:?} {}", refusal.code, refusal.text)
}
