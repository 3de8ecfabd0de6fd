//! What each event does to the state. Total: an event of an unknown ticket or window changes
//! nothing, because a replica may have pruned it.

use crate::id::{TicketId, WindowNo};
use crate::time::UtcMs;

use super::{AtWindow, HallQueue, QueueEvent, Ticket, TicketIssued, TicketLabel, TicketState};

impl HallQueue {
    /// Takes an event that happened at `at` into the state.
    pub fn apply(&mut self, event: &QueueEvent, at: UtcMs) {
        match event {
            QueueEvent::Issued(issued) => self.issued(issued),
            QueueEvent::Relabelled { ticket, label } => {
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    ticket.issued.label = label.clone();
                }
            }
            QueueEvent::Called(called) => self.called(called, at),
            QueueEvent::Started(started) => {
                let window = started.window;
                self.set_state(started.ticket, TicketState::Serving { window, since: at });
            }
            QueueEvent::Finished(finished) => self.finished(finished, at),
            QueueEvent::Missed(missed) => {
                self.set_state(missed.ticket, TicketState::Missed { at });
                self.free(missed.window);
            }
            QueueEvent::WindowOpened { window } => self.set_open(*window, true),
            QueueEvent::WindowClosed { window } => self.set_open(*window, false),
            QueueEvent::DayClosed { .. } => self.close_day(),
        }
    }

    fn issued(&mut self, issued: &TicketIssued) {
        if let TicketLabel::Assigned { prefix, number } = issued.label {
            let last = self.last_numbers.entry(prefix).or_default();
            *last = number.max(*last);
        }
        let ticket = Ticket {
            issued: issued.clone(),
            state: TicketState::Waiting,
        };
        self.tickets.entry(issued.ticket).or_insert(ticket);
    }

    fn called(&mut self, called: &AtWindow, at: UtcMs) {
        let Some(ticket) = self.tickets.get_mut(&called.ticket) else {
            return;
        };
        let times = match ticket.state {
            TicketState::Called { times, .. } => times.saturating_add(1),
            _ => 1,
        };
        ticket.state = TicketState::Called {
            window: called.window,
            at,
            times,
        };
        let has_priority = ticket.issued.priority.is_some();
        let Some(window) = self.windows.get_mut(&called.window) else {
            return;
        };
        window.current = Some(called.ticket);
        if times == 1 {
            let in_a_row = window.priority_calls_in_a_row;
            window.priority_calls_in_a_row = if has_priority {
                in_a_row.saturating_add(1)
            } else {
                0
            };
        }
    }

    fn finished(&mut self, finished: &AtWindow, at: UtcMs) {
        let Some(ticket) = self.tickets.get(&finished.ticket) else {
            return;
        };
        if let TicketState::Serving { since, .. } = ticket.state {
            let recent = self
                .recent_service_ms
                .entry(ticket.issued.group)
                .or_default();
            recent.push_back(at.ms_since(since).max(0));
            if recent.len() > self.recent_services_max {
                recent.pop_front();
            }
        }
        self.set_state(
            finished.ticket,
            TicketState::Done {
                window: finished.window,
                at,
            },
        );
        self.free(finished.window);
        if let Some(window) = self.windows.get_mut(&finished.window) {
            window.last_finished = Some(finished.ticket);
        }
    }

    fn set_state(&mut self, ticket: TicketId, state: TicketState) {
        if let Some(ticket) = self.tickets.get_mut(&ticket) {
            ticket.state = state;
        }
    }

    fn free(&mut self, window: WindowNo) {
        if let Some(window) = self.windows.get_mut(&window) {
            window.current = None;
        }
    }

    fn set_open(&mut self, window: WindowNo, is_open: bool) {
        if let Some(window) = self.windows.get_mut(&window) {
            window.is_open = is_open;
        }
    }

    /// Open tickets lapse, then all of the day leave the state; numbers restart. Done visits
    /// may still be scored: scores live in the rating ledger, not here.
    fn close_day(&mut self) {
        self.tickets.clear();
        self.last_numbers.clear();
        for window in self.windows.values_mut() {
            window.current = None;
            window.last_finished = None;
            window.priority_calls_in_a_row = 0;
        }
    }
}
