//! What each event does to the state. Total: an event of an unknown ticket or window changes
//! nothing, because a replica may have pruned it.

use std::sync::Arc;

use crate::id::{GroupCode, TicketId, WindowNo};
use crate::time::{BusinessDate, UtcMs};

use super::{
    AtWindow, Entry, HallQueue, QueueEvent, Ticket, TicketIssued, TicketLabel, TicketState,
    WaitSample, WindowStatus,
};

impl HallQueue {
    /// Takes an event that happened at `at` into the state.
    pub fn apply(&mut self, event: &QueueEvent, at: UtcMs) {
        match event {
            QueueEvent::Booked(booked) => {
                self.bookings.insert(booked.ticket, booked.clone());
            }
            QueueEvent::Issued(issued) => self.issued(issued),
            QueueEvent::Relabelled { ticket, label } => {
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    Arc::make_mut(&mut ticket.issued).label = label.clone();
                }
            }
            QueueEvent::Prioritised { ticket, priority } => {
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    ticket.priority = *priority;
                }
            }
            QueueEvent::Called(called) => self.called(called, at),
            QueueEvent::Started(started) => self.started(started, at),
            QueueEvent::Pended(AtWindow { ticket, window, .. }) => {
                let (window, since) = (*window, at);
                self.leave_window(*ticket, TicketState::Pending { window, since });
            }
            QueueEvent::Parked(AtWindow { ticket, window, .. }) => {
                let (window, since) = (*window, at);
                self.leave_window(*ticket, TicketState::Parked { window, since });
            }
            QueueEvent::Finished(finished) => self.finished(finished, at),
            QueueEvent::Transferred { from, group } => self.transferred(from.ticket, *group),
            QueueEvent::Missed(missed) => {
                self.leave_window(missed.ticket, TicketState::Missed { at });
            }
            QueueEvent::Returned { ticket } => self.returned(*ticket),
            QueueEvent::Left { ticket } => {
                self.bookings.remove(ticket);
                self.leave_window(*ticket, TicketState::Left { at });
            }
            QueueEvent::WindowOpened { window } => self.set_status(*window, WindowStatus::Open),
            QueueEvent::WindowPaused { window } => self.set_status(*window, WindowStatus::Paused),
            QueueEvent::WindowClosed { window } => self.set_status(*window, WindowStatus::Closed),
            QueueEvent::WindowServes { window, groups } => {
                if let Some(window) = self.windows.get_mut(window) {
                    window.groups.clone_from(groups);
                }
            }
            QueueEvent::DayClosed { day } => self.close_day(*day),
        }
    }

    fn issued(&mut self, issued: &TicketIssued) {
        self.bookings.remove(&issued.ticket);
        if let TicketLabel::Assigned { prefix, number } = issued.label {
            let last = self.last_numbers.entry(prefix).or_default();
            *last = number.max(*last);
        }
        let ticket = Ticket::new(issued.clone());
        self.tickets.entry(issued.ticket).or_insert(ticket);
    }

    fn called(&mut self, called: &AtWindow, at: UtcMs) {
        let Some(ticket) = self.tickets.get_mut(&called.ticket) else {
            return;
        };
        let was = ticket.state;
        let times = match was {
            TicketState::Called { times, .. } => times.saturating_add(1),
            _ => 1,
        };
        let window = called.window;
        ticket.state = TicketState::Called { window, at, times };
        if times == 1 {
            self.turn_begins(called);
            self.learn_from(called.ticket, was, at);
        }
    }

    /// Who was put aside and stands at the window goes on without a call: he was called before, and
    /// the order of calls is not touched.
    fn started(&mut self, started: &AtWindow, at: UtcMs) {
        let Some(ticket) = self.tickets.get_mut(&started.ticket) else {
            return;
        };
        ticket.state = TicketState::Serving {
            window: started.window,
            since: at,
        };
        if let Some(window) = self.windows.get_mut(&started.window) {
            window.current = Some(started.ticket);
        }
    }

    /// A ticket is called and was not before: what that means for the window's own row of calls,
    /// and for those who came earlier and wait.
    fn turn_begins(&mut self, AtWindow { ticket, window, .. }: &AtWindow) {
        let Self {
            tickets, windows, ..
        } = self;
        let Some((called, window)) = tickets.get(ticket).zip(windows.get_mut(window)) else {
            return;
        };
        let (arrival, has_priority) = (called.arrival(), called.priority.is_some());
        window.current = Some(*ticket);
        window.priority_calls_in_a_row = if has_priority {
            window.priority_calls_in_a_row.saturating_add(1)
        } else {
            0
        };
        let overtaken = tickets.values_mut().filter(|other| {
            other.state.is_waiting()
                && window.groups.contains(&other.group)
                && other.arrival() < arrival
        });
        for other in overtaken {
            other.overtaken = other.overtaken.saturating_add(1);
        }
    }

    /// The first call of somebody who had been in one line all the time says how long it was.
    fn learn_from(&mut self, ticket: TicketId, was: TicketState, at: UtcMs) {
        let Some(ticket) = self.tickets.get(&ticket) else {
            return;
        };
        let Some(found) = ticket.issued.found.filter(|found| found.windows > 0) else {
            return;
        };
        if was != TicketState::Waiting(Entry::Arrived) {
            return;
        }
        let sample = WaitSample {
            group: ticket.group,
            arrived_at: ticket.issued.arrived_at,
            found,
            waited_ms: at.ms_since(ticket.issued.arrived_at).max(0),
        };
        Arc::make_mut(&mut self.waits).add(sample);
    }

    fn finished(&mut self, AtWindow { ticket, window, .. }: &AtWindow, at: UtcMs) {
        self.leave_window(
            *ticket,
            TicketState::Done {
                window: *window,
                at,
            },
        );
        if let Some(window) = self.windows.get_mut(window) {
            window.last_finished = Some(*ticket);
        }
    }

    fn transferred(&mut self, ticket: TicketId, group: GroupCode) {
        self.leave_window(ticket, TicketState::Waiting(Entry::Transferred));
        if let Some(ticket) = self.tickets.get_mut(&ticket) {
            ticket.group = group;
            ticket.next_groups.retain(|next| *next != group);
        }
    }

    fn returned(&mut self, ticket: TicketId) {
        if let Some(ticket) = self.tickets.get_mut(&ticket)
            && let TicketState::Missed { .. } = ticket.state
        {
            ticket.comebacks = ticket.comebacks.saturating_add(1);
        }
        self.leave_window(ticket, TicketState::Waiting(Entry::Returned));
    }

    /// Sets a ticket's state; whichever window had it is free.
    fn leave_window(&mut self, ticket: TicketId, state: TicketState) {
        let Some(known) = self.tickets.get_mut(&ticket) else {
            return;
        };
        known.state = state;
        for window in self.windows.values_mut() {
            if window.current == Some(ticket) {
                window.current = None;
            }
        }
    }

    fn set_status(&mut self, window: WindowNo, status: WindowStatus) {
        if let Some(window) = self.windows.get_mut(&window) {
            window.status = status;
        }
    }

    /// Open tickets lapse, then all of the day leave the state, with the appointments that nobody
    /// took up; numbers restart, and windows serve what they are laid out for. Done visits may
    /// still be scored: scores live in the rating ledger, not here.
    fn close_day(&mut self, day: BusinessDate) {
        self.tickets.clear();
        self.last_numbers.clear();
        self.bookings
            .retain(|_, booked| booked.starts_at.hall_date() > day.0);
        for (no, window) in &mut self.windows {
            window.current = None;
            window.last_finished = None;
            window.priority_calls_in_a_row = 0;
            if let Some(groups) = self.layout.windows.get(no) {
                window.groups.clone_from(groups);
            }
        }
    }
}
