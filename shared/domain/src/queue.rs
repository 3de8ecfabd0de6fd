//! The hall's queue: tickets, appointments, windows, and the rule by which the next person is
//! called.
//!
//! Pure: [`decide`] turns a command into events or a [`Refusal`](crate::refusal::Refusal),
//! [`HallQueue::apply`] turns an event into the next state. The authority of a hall (its hall node,
//! else the centre) is the only caller of `decide`; everybody may replay. Rules: kiosk-flows §3
//! (叫号规则).
//!
//! Not here: who may give which command, and who a person is.

mod admit;
mod apply;
mod appointments;
mod booking;
mod command;
mod decide;
mod event;
mod hall_queue;
mod hours;
mod label;
mod layout;
mod order;
mod rules;
mod serve;
mod ticket;
mod wait;

pub use appointments::{BookedSlot, CheckInSlots, FreeSlot, check_in_slots, free_slots};
pub use booking::TicketBooked;
pub use command::{Command, LeavingWindow, Seat, WindowAct};
pub use decide::{Conditions, decide};
pub use event::{AtWindow, QueueEvent};
pub use hall_queue::{HallQueue, Window, WindowStatus};
pub use hours::{DayHours, OpeningHours, Session};
pub use label::{KioskLane, TicketLabel};
pub use layout::{HallLayout, ServiceGroup};
pub use order::next_for_window;
pub use rules::QueueRules;
pub use ticket::{
    Entry, HolderHash, Line, NumberAsked, PriorityKind, SecretHash, Ticket, TicketIssued,
    TicketState, Wish,
};
pub use wait::{WaitEstimate, WaitSample, people_ahead, people_ahead_before, wait_estimate};

#[cfg(test)]
mod tests;
