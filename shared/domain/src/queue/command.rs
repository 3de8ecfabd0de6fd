//! What somebody may want of the queue.

use std::collections::BTreeSet;

use crate::id::{GroupCode, StaffId, TicketId, WindowNo};
use crate::time::BusinessDate;

use super::{NumberAsked, PriorityKind, SecretHash, TicketBooked, TicketIssued};

/// What somebody wants of the queue. Who may want it, the authority's pages say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Give the next number to somebody. Asking again for the same ticket gives the same number.
    TakeNumber(NumberAsked),
    /// A device reports a slip that it has shown: with the assigned number (then nothing
    /// changes), or with one of its lane. Never refused for a rule: the person holds the paper.
    ReportIssued(TicketIssued),
    /// Keep a place in a slot.
    Book(TicketBooked),
    /// The holder of an appointment is here and gets this slip.
    CheckIn {
        /// The ticket of the appointment.
        ticket: TicketId,
        /// Hash of the slip's token.
        token_hash: SecretHash,
        /// Hash of the slip's code.
        code_hash: SecretHash,
    },
    /// The holder gives a ticket or an appointment up.
    GiveUp {
        /// The ticket.
        ticket: TicketId,
    },
    /// A missed ticket, or one put aside, waits again.
    Return {
        /// The ticket.
        ticket: TicketId,
    },
    /// A guide says whether and why a ticket goes first.
    SetPriority {
        /// The ticket.
        ticket: TicketId,
        /// Why, if it does.
        priority: Option<PriorityKind>,
    },
    /// Something at one window.
    At(Seat, WindowAct),
    /// End the business day.
    CloseDay {
        /// The day that ends.
        day: BusinessDate,
    },
}

/// A window and who sits there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The window.
    pub window: WindowNo,
    /// Who acts there; a manager's acts from elsewhere name nobody.
    pub clerk: Option<StaffId>,
}

/// What is done at a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowAct {
    /// Call whoever is next by the rule.
    CallNext,
    /// Call this one: who waits, or who was put aside here.
    Call(TicketId),
    /// Call the called ticket once more.
    CallAgain,
    /// The called person came.
    Start,
    /// The person at the window goes for papers that are missing.
    Pend,
    /// Put the person at the window aside.
    Park,
    /// Go on with somebody who was put aside here and stands at the window.
    Resume(TicketId),
    /// Send the person at the window on to another group.
    Transfer(GroupCode),
    /// The service ended; who wanted more is sent on.
    Finish,
    /// The called person did not come.
    MarkMissed,
    /// Take people.
    Open,
    /// Take nobody for a while.
    Pause(LeavingWindow),
    /// Take nobody any more today.
    Close(LeavingWindow),
    /// Serve these groups until the day closes.
    Serve(BTreeSet<GroupCode>, LeavingWindow),
}

/// Whether who leaves people without a window has been told so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeavingWindow {
    /// Refuse when somebody would then have no window.
    Asks,
    /// It is meant.
    Confirmed,
}
