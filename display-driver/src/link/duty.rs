//! What is due on a bus, and what goes first.

use std::time::Duration;

use super::Timing;
use crate::content::AreaId;

/// What goes first on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Emergency,
    /// A board that its timer has darkened is lit for its emergency.
    Lighting,
    Urgent,
    Prompt,
    Greeting,
    Upkeep,
    Ordinary,
    Bulk,
    Probe,
    Check,
}

/// Something due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    Greet,
    Prepare,
    Area(AreaId),
    Clock,
    Control,
    Transfer,
    Check,
    ReadBack,
    Fonts,
}

/// How sure it is that a board obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It said so.
    Said,
    /// It has had the time to.
    Believed,
}

/// A duty with the earliest time it may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) at: Duration,
    pub(super) rank: Rank,
    pub(super) duty: Duty,
}

impl Due {
    /// Its rank now. A line that always has texts to carry would never come to ask a board that is
    /// gone, or what one holds; after as long a wait again as between two probes they go before texts.
    pub(super) fn rank_at(&self, now: Duration, timing: &Timing) -> Rank {
        let waited = now.saturating_sub(self.at);
        match self.rank {
            Rank::Probe | Rank::Check if waited >= timing.probe_every => Rank::Upkeep,
            rank => rank,
        }
    }
}
