//! Playing a planned morning: people arrive as planned, windows call by the rule whenever they are
//! free, services last as planned, some visitors score. What lies after the end is left undone, so
//! that the hall is in full swing when the demo begins.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use domain::id::{HallId, RatingId, TicketId, WindowNo};
use domain::queue::{Command, NumberAsked, Seat, SecretHash, WindowAct, Wish};
use domain::rating::{Channel, Submission};
use domain::time::UtcMs;
use wire::event::{Event, Origin, RatingSubmitted, VisitProof};

use crate::authority::{self, Submitter};
use crate::store::{StoreError, Write};
use crate::synthetic::{PlannedScore, PlannedVisit};
use crate::{edge, poor_reasons};

/// How long the hall has been open when the demo begins, at most since midnight.
const OPEN_MS: i64 = 3 * 3_600_000;
/// Why who is not satisfied says so: 等得太久.
const REASON: &str = "R05";
/// From the call until the person stands at the window.
const WALK_MS: i64 = 20_000;

/// When the hall opened: three hours ago, but not yesterday.
pub(super) fn opening(now: UtcMs) -> UtcMs {
    let earlier = now.plus_ms(-OPEN_MS);
    if earlier.hall_date() == now.hall_date() {
        return earlier;
    }
    let since_midnight = now
        .hall_time()
        .time()
        .signed_duration_since(chrono::NaiveTime::MIN);
    now.plus_ms(-since_midnight.num_milliseconds())
}

/// What happens at an instant. The order of the variants breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Arrive(usize),
    Start(WindowNo),
    Finish(WindowNo),
    Score(usize),
}

/// Plays `visits` until `end`, in one transaction.
pub(super) fn play(
    write: &mut Write<'_>,
    hall: HallId,
    visits: &[PlannedVisit],
    end: UtcMs,
) -> Result<(), StoreError> {
    let mut morning = Morning {
        hall,
        visits,
        tickets: BTreeMap::new(),
        steps: BinaryHeap::new(),
    };
    for (index, visit) in visits.iter().enumerate() {
        morning.plan(visit.arrive_at, Step::Arrive(index));
    }
    while let Some(Reverse((at, step))) = morning.steps.pop() {
        if at > end {
            break;
        }
        morning.happen(write, at, step)?;
        morning.call_to_free_windows(write, at)?;
    }
    Ok(())
}

struct Morning<'v> {
    hall: HallId,
    visits: &'v [PlannedVisit],
    tickets: BTreeMap<TicketId, usize>,
    steps: BinaryHeap<Reverse<(UtcMs, Step)>>,
}

impl Morning<'_> {
    fn plan(&mut self, at: UtcMs, step: Step) {
        self.steps.push(Reverse((at, step)));
    }

    fn happen(&mut self, write: &mut Write<'_>, at: UtcMs, step: Step) -> Result<(), StoreError> {
        match step {
            Step::Arrive(index) => self.arrive(write, at, index),
            Step::Start(window) => self.give(write, at_window(window, WindowAct::Start), at),
            Step::Finish(window) => {
                let served = self.visit_at(write, window);
                self.give(write, at_window(window, WindowAct::Finish), at)?;
                if let Some((index, PlannedScore { after_ms, .. })) =
                    served.and_then(|index| Some((index, self.visits[index].score?)))
                {
                    self.plan(at.plus_ms(after_ms), Step::Score(index));
                }
                Ok(())
            }
            Step::Score(index) => self.score(write, at, index),
        }
    }

    fn arrive(&mut self, write: &mut Write<'_>, at: UtcMs, index: usize) -> Result<(), StoreError> {
        let visit = &self.visits[index];
        let ticket = TicketId(edge::new_uuid(at));
        self.tickets.insert(ticket, index);
        let command = Command::TakeNumber(NumberAsked {
            ticket,
            group: visit.group,
            priority: visit.priority,
            wish: Wish::default(),
            token_hash: SecretHash(edge::random_bytes()),
            code_hash: SecretHash(edge::random_bytes()),
        });
        self.give(write, command, at)
    }

    fn call_to_free_windows(&mut self, write: &mut Write<'_>, at: UtcMs) -> Result<(), StoreError> {
        let Some(hall) = write.hall(self.hall) else {
            return Ok(());
        };
        let free = hall
            .queue
            .windows
            .iter()
            .filter(|(_, window)| window.current.is_none());
        for window in free.map(|(no, _)| *no) {
            self.give(write, at_window(window, WindowAct::CallNext), at)?;
            if let Some(index) = self.visit_at(write, window) {
                let service_ms = self.visits[index].service_ms.max(WALK_MS + 1);
                self.plan(at.plus_ms(WALK_MS), Step::Start(window));
                self.plan(at.plus_ms(service_ms), Step::Finish(window));
            }
        }
        Ok(())
    }

    /// The visit called to or served at a window.
    fn visit_at(&self, write: &Write<'_>, window: WindowNo) -> Option<usize> {
        let current = write.hall(self.hall)?.queue.windows.get(&window)?.current?;
        self.tickets.get(&current).copied()
    }

    /// A refusal means that nobody waits: nothing happens then.
    fn give(&self, write: &mut Write<'_>, command: Command, at: UtcMs) -> Result<(), StoreError> {
        authority::give(write, self.hall, command, at).map(drop)
    }

    fn score(&self, write: &mut Write<'_>, at: UtcMs, index: usize) -> Result<(), StoreError> {
        let ticket = self
            .tickets
            .iter()
            .find(|(_, of)| **of == index)
            .map(|(ticket, _)| *ticket);
        let Some((ticket, planned)) = ticket.zip(self.visits[index].score) else {
            return Ok(());
        };
        let submitted = RatingSubmitted {
            hall: self.hall,
            visit: VisitProof::TokenChecked { ticket },
            submission: Submission {
                rating: RatingId(edge::new_uuid(at)),
                matter_level: planned.level,
                staff_level: None,
                reasons: poor_reasons::kept(planned.level, &[REASON.to_owned()]),
                channel: Channel::Phone,
            },
            origin: Origin::Demo,
        };
        write.append(&Event::RatingSubmitted(submitted.clone()), at)?;
        authority::score(write, &submitted, Submitter::Phone, at).map(drop)
    }
}

fn at_window(window: WindowNo, act: WindowAct) -> Command {
    let clerk = None;
    Command::At(Seat { window, clerk }, act)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hall_opened_three_hours_ago_but_not_yesterday() {
        let noon = UtcMs(1_795_406_400_000);
        assert_eq!(opening(noon), noon.plus_ms(-OPEN_MS));
        let midnight = noon.plus_ms(-opening_gap(noon));
        assert_eq!(opening(midnight.plus_minutes(5)), midnight);
    }

    fn opening_gap(at: UtcMs) -> i64 {
        let time = at.hall_time().time();
        time.signed_duration_since(chrono::NaiveTime::MIN)
            .num_milliseconds()
    }
}
