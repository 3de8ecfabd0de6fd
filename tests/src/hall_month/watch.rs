//! Watches a day for its laws: nobody is lost or counted twice, no number is given twice, nobody
//! ordinary is overtaken more often than the rule says, and the record replays to the same queue.
//! What is counted here is counted from the events, not by the queue.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::TicketId;
use domain::queue::{
    AtWindow, HallQueue, QueueEvent, QueueRules, TicketIssued, TicketLabel, TicketState,
};
use domain::time::UtcMs;

use super::Wait;

/// A law that was broken, in a sentence.
pub(super) type Broken = String;

/// What became of the tickets of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Numbers given.
    pub issued: u32,
    /// Served to the end.
    pub done: u32,
    /// Given up by their holders.
    pub left: u32,
    /// Called in vain, and not back.
    pub missed: u32,
    /// Neither of these yet; when the day closes these lapse.
    pub open: u32,
}

impl Tally {
    /// As the states of the tickets say.
    fn of(queue: &HallQueue) -> Self {
        let mut tally = Self::default();
        for ticket in queue.tickets.values() {
            tally.issued += 1;
            *match ticket.state {
                TicketState::Done { .. } => &mut tally.done,
                TicketState::Left { .. } => &mut tally.left,
                TicketState::Missed { .. } => &mut tally.missed,
                _ => &mut tally.open,
            } += 1;
        }
        tally
    }
}

/// A day as it was seen.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    /// The queue at the beginning of the day.
    begun: HallQueue,
    recorded: Vec<(QueueEvent, UtcMs)>,
    issued: BTreeMap<TicketId, TicketIssued>,
    labels: BTreeSet<TicketLabel>,
    first_called: BTreeMap<TicketId, UtcMs>,
    /// Later arrivals called before an ordinary ticket, by windows that serve its group.
    passed: BTreeMap<TicketId, u32>,
    pub(super) tally: Tally,
}

impl Watch {
    /// Begins with the queue as it is.
    pub(super) fn from(queue: &HallQueue) -> Self {
        Self {
            begun: queue.clone(),
            recorded: Vec::new(),
            issued: BTreeMap::new(),
            labels: BTreeSet::new(),
            first_called: BTreeMap::new(),
            passed: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    /// Sees an event that the queue has not yet taken in.
    pub(super) fn see(
        &mut self,
        queue: &HallQueue,
        event: &QueueEvent,
        at: UtcMs,
        rules: &QueueRules,
    ) -> Result<(), Broken> {
        self.recorded.push((event.clone(), at));
        let state = |ticket| queue.tickets.get(ticket).map(|ticket| ticket.state);
        match event {
            QueueEvent::Issued(issued) => return self.gave_number(issued),
            QueueEvent::Called(called)
                if !matches!(state(&called.ticket), Some(TicketState::Called { .. })) =>
            {
                self.first_called.entry(called.ticket).or_insert(at);
                return self.took_up(queue, called, rules);
            }
            QueueEvent::Finished(_) => self.closed(|tally| &mut tally.done),
            QueueEvent::Left { .. } => self.closed(|tally| &mut tally.left),
            QueueEvent::Missed(_) => self.closed(|tally| &mut tally.missed),
            QueueEvent::Returned { ticket }
                if matches!(state(ticket), Some(TicketState::Missed { .. })) =>
            {
                self.tally.missed -= 1;
                self.tally.open += 1;
            }
            _ => {}
        }
        Ok(())
    }

    fn gave_number(&mut self, issued: &TicketIssued) -> Result<(), Broken> {
        self.tally.issued += 1;
        self.tally.open += 1;
        if !self.labels.insert(issued.label.clone()) {
            return Err(format!("{} was given twice", issued.label));
        }
        self.issued.insert(issued.ticket, issued.clone());
        Ok(())
    }

    fn closed(&mut self, into: fn(&mut Tally) -> &mut u32) {
        self.tally.open -= 1;
        *into(&mut self.tally) += 1;
    }

    fn took_up(
        &mut self,
        queue: &HallQueue,
        called: &AtWindow,
        rules: &QueueRules,
    ) -> Result<(), Broken> {
        let (ticket, window) = (
            &queue.tickets[&called.ticket],
            &queue.windows[&called.window],
        );
        let passed = queue.tickets.values().filter(|other| {
            other.state.is_waiting()
                && other.priority.is_none()
                && window.groups.contains(&other.group)
                && other.arrival() < ticket.arrival()
        });
        for other in passed {
            let times = self.passed.entry(other.issued.ticket).or_default();
            *times += 1;
            if *times > rules.overtaken_bound() {
                return Err(format!(
                    "{} was overtaken {times} times",
                    other.issued.label
                ));
            }
        }
        Ok(())
    }

    /// The end of a day, before its tickets lapse.
    pub(super) fn check(&self, queue: &HallQueue) -> Result<(), Broken> {
        let found = Tally::of(queue);
        if found != self.tally {
            return Err(format!(
                "{:?} by the events, {found:?} by states",
                self.tally
            ));
        }
        let Tally {
            issued,
            done,
            left,
            missed,
            open,
        } = found;
        if issued != done + left + missed + open {
            return Err(format!("{found:?} does not add up"));
        }
        self.check_replay(queue)
    }

    /// The record gives the same queue again.
    pub(super) fn check_replay(&self, queue: &HallQueue) -> Result<(), Broken> {
        let mut replayed = self.begun.clone();
        for (event, at) in &self.recorded {
            replayed.apply(event, *at);
        }
        if replayed == *queue {
            Ok(())
        } else {
            Err("the record replays to another queue".to_owned())
        }
    }

    pub(super) fn overtaken_most(&self) -> u32 {
        self.passed.values().copied().max().unwrap_or(0)
    }

    /// How long everybody waited.
    pub(super) fn waits(&self, day: usize) -> impl Iterator<Item = Wait> {
        self.issued.values().map(move |issued| Wait {
            day,
            group: issued.group,
            has_priority: issued.priority.is_some(),
            told: issued.told.unwrap_or(domain::queue::WaitEstimate::Unknown),
            waited_ms: self
                .first_called
                .get(&issued.ticket)
                .map(|at| at.ms_since(issued.arrived_at)),
        })
    }
}
