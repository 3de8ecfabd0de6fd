//! A ticket: what was issued, and where it stands.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, TicketId, WindowNo};
use crate::time::UtcMs;

use super::{TicketLabel, WaitEstimate};

/// Why somebody may go first. Claimed at the kiosk without proof; a guide asks once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityKind {
    /// 60 岁以上
    Elder,
    /// 残疾人
    Disabled,
    /// 孕妇、抱孩子
    WithChild,
    /// 军人、退役
    Military,
    /// 预约
    Appointment,
}

impl PriorityKind {
    /// What somebody may claim, in the order of the screen. An appointment is kept, not claimed.
    pub const CLAIMED: [Self; 4] = [Self::Elder, Self::Disabled, Self::WithChild, Self::Military];

    /// The words on screens.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Elder => "60 岁以上",
            Self::Disabled => "残疾人",
            Self::WithChild => "孕妇、抱孩子",
            Self::Military => "军人、退役",
            Self::Appointment => "预约",
        }
    }
}

/// SHA-256 of a ticket's secret (token or code); the secret itself is on the slip only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(#[serde(with = "hex::serde")] pub [u8; 32]);

/// Who holds a ticket, told apart for one day: a keyed hash of the number of an identity document
/// and the day, made by the authority. Says nothing to anybody without its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HolderHash(#[serde(with = "hex::serde")] pub [u8; 16]);

/// What a person wants, as asked at a kiosk or a guide's desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberAsked {
    /// Made by who asks, so that asking again gives no second number.
    pub ticket: TicketId,
    /// The group of the first matter.
    pub group: GroupCode,
    /// Why the person may go first.
    pub priority: Option<PriorityKind>,
    /// What else.
    pub wish: Wish,
    /// Hash of the slip's token.
    pub token_hash: SecretHash,
    /// Hash of the slip's code.
    pub code_hash: SecretHash,
}

/// What a person came for beyond the group. All of it may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wish {
    /// The matter as chosen at the kiosk, in its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// Groups to go on to afterwards, in this order (一人一次多件).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next_groups: Vec<GroupCode>,
    /// Who it is, if an identity document was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<HolderHash>,
}

/// A ticket as first issued, by the authority or, offline, by a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// The ticket.
    pub ticket: TicketId,
    /// The number on the slip.
    pub label: TicketLabel,
    /// The group in which it first waits. A priority prefix does not change it.
    pub group: GroupCode,
    /// Why it may go first, if it may.
    pub priority: Option<PriorityKind>,
    /// When the person arrived, as the authority sees it.
    pub arrived_at: UtcMs,
    /// Hash of the 128-bit token in the slip's QR code.
    pub token_hash: SecretHash,
    /// Hash of the 4-digit code beside the number, salted with the ticket id.
    pub code_hash: SecretHash,
    /// What else was wanted.
    #[serde(flatten)]
    pub wish: Wish,
    /// The line that its holder found, if the authority saw him come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Line>,
    /// The wait that the slip says, so that it can be held against what came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<WaitEstimate>,
}

/// How a ticket came into the line in which it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// The person arrived.
    Arrived,
    /// It was called before and came back: missed, pending, parked, or its window paused.
    Returned,
    /// A window sent it on to another group (已转).
    Transferred,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketState {
    /// Waiting to be called.
    Waiting(Entry),
    /// Called, not yet come.
    Called {
        /// Where to.
        window: WindowNo,
        /// The last call.
        at: UtcMs,
        /// How often, from 1.
        times: u8,
    },
    /// Being served.
    Serving {
        /// Where.
        window: WindowNo,
        /// Since when.
        since: UtcMs,
    },
    /// Went for papers that were missing (待补); the window takes others meanwhile.
    Pending {
        /// Where it will go on.
        window: WindowNo,
        /// Since when.
        since: UtcMs,
    },
    /// Put aside by the window while something else must happen first (挂起).
    Parked {
        /// Where it will go on.
        window: WindowNo,
        /// Since when.
        since: UtcMs,
    },
    /// Called and did not come.
    Missed {
        /// When it was given up.
        at: UtcMs,
    },
    /// Served.
    Done {
        /// Where.
        window: WindowNo,
        /// When it ended.
        at: UtcMs,
    },
    /// Given up by its holder before it was served (已取消).
    Left {
        /// When.
        at: UtcMs,
    },
    /// Still open when the day closed.
    Lapsed,
}

impl TicketState {
    /// Whether the ticket waits to be called.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Waiting(_))
    }

    /// Whether its holder is still somebody to be served: neither over nor missed.
    #[must_use]
    pub fn is_valid(self) -> bool {
        !self.is_over() && !matches!(self, Self::Missed { .. })
    }

    /// Whether nothing will happen to the ticket any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done { .. } | Self::Left { .. } | Self::Lapsed)
    }
}

/// A ticket of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// As issued (with the label of the paper).
    pub issued: Arc<TicketIssued>,
    /// The group in which it waits or was called.
    pub group: GroupCode,
    /// Why it may go first, after what a guide said.
    pub priority: Option<PriorityKind>,
    /// Groups to go on to afterwards.
    pub next_groups: Vec<GroupCode>,
    /// Where it stands.
    pub state: TicketState,
    /// How many later arrivals were called before it while it waited, by windows that serve its
    /// group.
    pub overtaken: u16,
    /// How often it came back after it was missed.
    pub comebacks: u8,
}

/// A line as somebody finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Line {
    /// People who are called before.
    pub ahead: u16,
    /// Open windows that serve the group.
    pub windows: u8,
}

impl Ticket {
    /// A ticket that was just issued.
    #[must_use]
    pub fn new(issued: TicketIssued) -> Self {
        Self {
            group: issued.group,
            priority: issued.priority,
            next_groups: issued.wish.next_groups.clone(),
            state: TicketState::Waiting(Entry::Arrived),
            overtaken: 0,
            comebacks: 0,
            issued: Arc::new(issued),
        }
    }

    /// The order of arrival, total because ids are unique. Transferred and returned tickets keep
    /// theirs.
    #[must_use]
    pub fn arrival(&self) -> (UtcMs, TicketId) {
        (self.issued.arrived_at, self.issued.ticket)
    }
}
