//! What happens to a queue. Stored under the kinds of `wire::event`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, StaffId, TicketId, WindowNo};
use crate::time::BusinessDate;

use super::{PriorityKind, TicketBooked, TicketIssued, TicketLabel};

/// A ticket and the window that acts on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtWindow {
    /// The ticket.
    pub ticket: TicketId,
    /// The window.
    pub window: WindowNo,
    /// Who sits there; unknown for what was recorded before that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clerk: Option<StaffId>,
}

/// What happened to the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueEvent {
    /// A place in a slot was kept for somebody.
    Booked(TicketBooked),
    /// A person took a number, or checked in for the appointment of the same ticket.
    Issued(TicketIssued),
    /// A ticket turned out to bear another number than the one assigned: the paper wins.
    Relabelled {
        /// The ticket.
        ticket: TicketId,
        /// The number on the paper.
        label: TicketLabel,
    },
    /// A guide said whether and why a ticket goes first.
    Prioritised {
        /// The ticket.
        ticket: TicketId,
        /// Why, if it does.
        priority: Option<PriorityKind>,
    },
    /// A ticket was called to a window, first or again.
    Called(AtWindow),
    /// The person came; service began.
    Started(AtWindow),
    /// The person went for papers that were missing.
    Pended(AtWindow),
    /// The window put the ticket aside.
    Parked(AtWindow),
    /// Service ended.
    Finished(AtWindow),
    /// The window sent the ticket on: it waits in another group, where its arrival puts it.
    Transferred {
        /// From where.
        from: AtWindow,
        /// To where.
        group: GroupCode,
    },
    /// The person did not come.
    Missed(AtWindow),
    /// A ticket that was called before waits again where its arrival puts it.
    Returned {
        /// The ticket.
        ticket: TicketId,
    },
    /// Its holder gave a ticket or an appointment up.
    Left {
        /// The ticket.
        ticket: TicketId,
    },
    /// A window opened.
    WindowOpened {
        /// The window.
        window: WindowNo,
    },
    /// A window takes nobody for a while (暂停服务).
    WindowPaused {
        /// The window.
        window: WindowNo,
    },
    /// A window closed.
    WindowClosed {
        /// The window.
        window: WindowNo,
    },
    /// A window serves other groups until the day closes.
    WindowServes {
        /// The window.
        window: WindowNo,
        /// Which.
        groups: BTreeSet<GroupCode>,
    },
    /// The business day ended: open tickets lapse, numbers restart.
    DayClosed {
        /// The day that ended.
        day: BusinessDate,
    },
}
