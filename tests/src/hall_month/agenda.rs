//! What will happen, in the order of its time; at the same time in the order in which it was put.

use std::collections::BTreeMap;

use domain::id::{TicketId, WindowNo};
use domain::time::UtcMs;

use super::people::Person;

/// Something that happens in the hall.
#[derive(Debug, Clone)]
pub(super) enum Happening {
    /// Somebody takes a number.
    Arrives(Person),
    /// Somebody has had enough, if he waits still.
    HasEnough(TicketId),
    /// Somebody who was missed, or had gone for papers, is here again.
    ComesBack(TicketId),
    /// The windows open for a session.
    SessionBegins,
    /// Windows at which nobody is leave.
    SessionEnds,
    /// A clerk opens the window.
    Opens(WindowNo),
    /// A clerk is free and looks who is next.
    Looks(WindowNo),
    /// Nobody has come to the window.
    NobodyCame(WindowNo, TicketId),
    /// The called person is at the window.
    Begins(WindowNo, TicketId),
    /// The service is over.
    Ends(WindowNo, TicketId),
    /// A clerk wants to be away for so long.
    WantsPause(WindowNo, i64),
}

/// What will happen.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    entries: BTreeMap<(UtcMs, u64), Happening>,
    put: u64,
}

impl Agenda {
    pub(super) fn put(&mut self, at: UtcMs, what: Happening) {
        self.put += 1;
        self.entries.insert((at, self.put), what);
    }

    pub(super) fn next(&mut self) -> Option<(UtcMs, Happening)> {
        let ((at, _), what) = self.entries.pop_first()?;
        Some((at, what))
    }
}
