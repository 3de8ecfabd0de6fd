//! Who is next at a window. One published rule: of the groups that the window serves, the
//! earliest priority ticket goes before the earliest ordinary one, but after two priority calls
//! in a row an ordinary one follows if one waits, and an ordinary ticket that has waited longer
//! than the boost time competes by arrival alone. Hence of any three calls of a window at least
//! one is ordinary if one waits.

use crate::id::{TicketId, WindowNo};
use crate::time::UtcMs;

use super::{HallQueue, QueueRules, Ticket, TicketState, Window};

/// The ticket that this window must call next; `None` when nobody waits for it or it is unknown.
#[must_use]
pub fn next_for_window(
    queue: &HallQueue,
    window: WindowNo,
    rules: &QueueRules,
    now: UtcMs,
) -> Option<TicketId> {
    let window = queue.windows.get(&window)?;
    let earliest = |with_priority: bool| {
        queue
            .tickets
            .values()
            .filter(|ticket| waits_for(ticket, window))
            .filter(|ticket| ticket.issued.priority.is_some() == with_priority)
            .min_by_key(|ticket| ticket.arrival())
    };
    let chosen = match (earliest(true), earliest(false)) {
        (Some(priority), Some(ordinary)) => choose(priority, ordinary, window, rules, now),
        (one, other) => one.or(other)?,
    };
    Some(chosen.issued.ticket)
}

fn waits_for(ticket: &Ticket, window: &Window) -> bool {
    ticket.state == TicketState::Waiting && window.groups.contains(&ticket.issued.group)
}

fn choose<'t>(
    priority: &'t Ticket,
    ordinary: &'t Ticket,
    window: &Window,
    rules: &QueueRules,
    now: UtcMs,
) -> &'t Ticket {
    let ordinary_is_due = window.priority_calls_in_a_row >= rules.priority_calls_in_a_row_max;
    let boost_ms = rules.ordinary_boost_minutes.saturating_mul(60_000);
    let ordinary_is_boosted = now.ms_since(ordinary.issued.arrived_at) > boost_ms
        && ordinary.arrival() < priority.arrival();
    if ordinary_is_due || ordinary_is_boosted {
        ordinary
    } else {
        priority
    }
}
