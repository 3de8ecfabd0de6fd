//! Who is next at a window, by one published rule ([`QueueRules::sentences`]).
//!
//! Of those whom the window may take, only two compete: the earliest arrival with priority and the
//! earliest without. Priority goes first, except that
//! 1. after a few priority calls of the window in a row the ordinary one follows, and
//! 2. the earlier of the two goes first when anybody before the later one has been overtaken as
//!    often as the rule allows, or when the earlier is an ordinary one that waited very long.
//!
//! Hence of any three calls of a window one is ordinary while an ordinary one waits, and nobody
//! without priority is overtaken more often than [`QueueRules::overtaken_bound`]: whoever would be
//! called past such a ticket is the later of the two, so the earlier is called instead, and calling
//! somebody who came earlier overtakes nobody who came later. With priority the first exception
//! can come on top, which is [`QueueRules::overtaken_bound_of_priority`].

use crate::id::{TicketId, WindowNo};
use crate::time::UtcMs;

use super::{HallQueue, QueueRules, Ticket, Window};

/// The ticket that this window must call next; `None` when nobody waits for it or it is unknown.
#[must_use]
pub fn next_for_window(
    queue: &HallQueue,
    window: WindowNo,
    rules: &QueueRules,
    now: UtcMs,
) -> Option<TicketId> {
    let window = queue.windows.get(&window)?;
    let heads = Heads::of(queue, window, rules);
    Some(heads.next(window, rules, now)?.issued.ticket)
}

/// Whether this window may take `ticket` up out of turn without breaking what the rule promises;
/// else the number that must be called first.
pub(super) fn may_take(
    queue: &HallQueue,
    window: &Window,
    ticket: &Ticket,
    rules: &QueueRules,
    now: UtcMs,
) -> Result<(), TicketId> {
    let heads = Heads::of(queue, window, rules);
    let others = |head: Option<&Ticket>| {
        head.filter(|head| head.issued.ticket != ticket.issued.ticket)
            .map(Ticket::arrival)
    };
    let must_be_ordinary = heads.ordinary.is_some() && is_ordinary_due(window, rules);
    let is_right_kind = !must_be_ordinary || ticket.priority.is_none();
    let due = if must_be_ordinary {
        heads.due_ordinary
    } else {
        heads.due
    };
    let passes_nobody_due = others(due).is_none_or(|due| ticket.arrival() < due);
    if is_right_kind && passes_nobody_due {
        return Ok(());
    }
    match heads.next(window, rules, now) {
        Some(next) if next.issued.ticket != ticket.issued.ticket => Err(next.issued.ticket),
        _ => Ok(()),
    }
}

/// The heads of those who wait for a window.
struct Heads<'q> {
    priority: Option<&'q Ticket>,
    ordinary: Option<&'q Ticket>,
    /// The earliest of those who were overtaken as often as the rule allows.
    due: Option<&'q Ticket>,
    /// The same of those without priority.
    due_ordinary: Option<&'q Ticket>,
}

impl<'q> Heads<'q> {
    fn of(queue: &'q HallQueue, window: &Window, rules: &QueueRules) -> Self {
        let mut heads = Self {
            priority: None,
            ordinary: None,
            due: None,
            due_ordinary: None,
        };
        let waiting = queue.tickets.values();
        for ticket in waiting
            .filter(|ticket| ticket.state.is_waiting() && window.groups.contains(&ticket.group))
        {
            let (head, due) = match ticket.priority {
                Some(_) => (&mut heads.priority, None),
                None => (&mut heads.ordinary, Some(&mut heads.due_ordinary)),
            };
            put_earlier(head, ticket);
            if ticket.overtaken >= rules.overtaken_max {
                put_earlier(&mut heads.due, ticket);
                if let Some(due) = due {
                    put_earlier(due, ticket);
                }
            }
        }
        heads
    }

    fn next(&self, window: &Window, rules: &QueueRules, now: UtcMs) -> Option<&'q Ticket> {
        let (Some(priority), Some(ordinary)) = (self.priority, self.ordinary) else {
            return self.priority.or(self.ordinary);
        };
        if is_ordinary_due(window, rules) {
            return Some(ordinary);
        }
        let (earlier, later) = if priority.arrival() < ordinary.arrival() {
            (priority, ordinary)
        } else {
            (ordinary, priority)
        };
        let passes_somebody_due = self.due.is_some_and(|due| due.arrival() < later.arrival());
        let waited_ms = now.ms_since(ordinary.issued.arrived_at);
        let waited_long = waited_ms > rules.ordinary_boost_minutes.saturating_mul(60_000);
        if passes_somebody_due || waited_long {
            Some(earlier)
        } else {
            Some(priority)
        }
    }
}

fn put_earlier<'q>(head: &mut Option<&'q Ticket>, ticket: &'q Ticket) {
    if head.is_none_or(|head| ticket.arrival() < head.arrival()) {
        *head = Some(ticket);
    }
}

fn is_ordinary_due(window: &Window, rules: &QueueRules) -> bool {
    window.priority_calls_in_a_row >= rules.priority_calls_in_a_row_max
}
