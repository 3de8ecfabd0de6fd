//! The hall's queue: tickets, windows, and the rule by which the next person is called.
//!
//! Pure: [`decide`] turns a command into events or a [`Refusal`], [`HallQueue::apply`] turns an
//! event into the next state. The authority of a hall (its hall node, else the centre) is the only
//! caller of `decide`; everybody may replay. Rules: kiosk-flows §3 (叫号规则).
//!
//! Not here: appointments, transfers, pending and parked tickets, opening hours and quotas.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, TicketId, WindowNo};
use crate::time::{BusinessDate, UtcMs};

mod apply;
mod decide;
mod label;
mod order;
mod wait;

pub use decide::{Command, decide};
pub use label::{KioskLane, TicketLabel};
pub use order::next_for_window;
pub use wait::{WaitEstimate, people_ahead, wait_estimate};

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
}

impl PriorityKind {
    /// All kinds, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::Elder, Self::Disabled, Self::WithChild, Self::Military];

    /// The words on screens.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Elder => "60 岁以上",
            Self::Disabled => "残疾人",
            Self::WithChild => "孕妇、抱孩子",
            Self::Military => "军人、退役",
        }
    }
}

/// Parameters of the queue, all data (`assets/parameters`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRules {
    /// `ticket.priority_ratio`: priority calls in a row after which an ordinary one must follow.
    pub priority_calls_in_a_row_max: u8,
    /// `ticket.normal_boost_min`: an ordinary ticket that waited longer competes by arrival.
    pub ordinary_boost_minutes: i64,
    /// `ticket.call_times`: calls before a ticket may be marked missed.
    pub call_times: u8,
    /// Longest wait that is shown as a number.
    pub wait_minutes_shown_max: u16,
    /// How many recent services of a group the wait estimate uses.
    pub recent_services_max: usize,
}

impl Default for QueueRules {
    /// The defaults of kiosk-flows §3.
    fn default() -> Self {
        Self {
            priority_calls_in_a_row_max: 2,
            ordinary_boost_minutes: 30,
            call_times: 3,
            wait_minutes_shown_max: 60,
            recent_services_max: 20,
        }
    }
}

/// What a hall is made of: its groups and windows. Assigned by dated events of the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallLayout {
    /// The groups, by letter.
    pub groups: BTreeMap<GroupCode, ServiceGroup>,
    /// The windows, with the groups that each serves.
    pub windows: BTreeMap<WindowNo, BTreeSet<GroupCode>>,
}

/// A group of matters (事项组) with one queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceGroup {
    /// Name on screens and slips, at most 8 hanzi.
    pub name: String,
    /// One line of examples, at most 12 hanzi.
    pub hint: String,
    /// Usual minutes of one service, used until there are measured ones.
    pub typical_service_minutes: u16,
}

/// SHA-256 of a ticket's secret (token or code); the secret itself is on the slip only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(#[serde(with = "hex::serde")] pub [u8; 32]);

/// A ticket as first issued, by the authority or, offline, by a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// The ticket.
    pub ticket: TicketId,
    /// The number on the slip.
    pub label: TicketLabel,
    /// The group in which it waits. A priority prefix does not change it.
    pub group: GroupCode,
    /// Why it may go first, if it may.
    pub priority: Option<PriorityKind>,
    /// When the person arrived, as the authority sees it.
    pub arrived_at: UtcMs,
    /// Hash of the 128-bit token in the slip's QR code.
    pub token_hash: SecretHash,
    /// Hash of the 4-digit code beside the number, salted with the ticket id.
    pub code_hash: SecretHash,
}

/// A called ticket and its window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtWindow {
    /// The ticket.
    pub ticket: TicketId,
    /// The window.
    pub window: WindowNo,
}

/// What happened to the queue. Stored under the kinds of `wire::event`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueEvent {
    /// A person took a number.
    Issued(TicketIssued),
    /// A ticket turned out to bear another number than the one assigned: the paper wins.
    Relabelled {
        /// The ticket.
        ticket: TicketId,
        /// The number on the paper.
        label: TicketLabel,
    },
    /// A ticket was called to a window, first or again.
    Called(AtWindow),
    /// The person came; service began.
    Started(AtWindow),
    /// Service ended.
    Finished(AtWindow),
    /// The person did not come.
    Missed(AtWindow),
    /// A window opened or changed its groups.
    WindowOpened {
        /// The window.
        window: WindowNo,
    },
    /// A window closed or paused.
    WindowClosed {
        /// The window.
        window: WindowNo,
    },
    /// The business day ended: open tickets lapse, numbers restart.
    DayClosed {
        /// The day that ended.
        day: BusinessDate,
    },
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    /// Waiting to be called.
    Waiting,
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
    /// Served.
    Done {
        /// Where.
        window: WindowNo,
        /// When it ended.
        at: UtcMs,
    },
    /// Called and did not come.
    Missed {
        /// When it was given up.
        at: UtcMs,
    },
    /// Still open when the day closed.
    Lapsed,
}

/// A ticket of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// As issued (with the label of the paper).
    pub issued: TicketIssued,
    /// Where it stands.
    pub state: TicketState,
}

/// A window of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The groups that it serves.
    pub groups: BTreeSet<GroupCode>,
    /// Whether it takes people now.
    pub is_open: bool,
    /// The ticket called to it or served at it.
    pub current: Option<TicketId>,
    /// The last ticket finished there.
    pub last_finished: Option<TicketId>,
    /// Priority calls since the last ordinary one.
    pub priority_calls_in_a_row: u8,
}

/// The whole state of one hall's queue on one business day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallQueue {
    /// Groups and windows as laid out.
    pub layout: HallLayout,
    /// Today's tickets.
    pub tickets: BTreeMap<TicketId, Ticket>,
    /// The windows' states.
    pub windows: BTreeMap<WindowNo, Window>,
    /// The last number given per prefix, restarted each day.
    last_numbers: BTreeMap<char, u16>,
    /// Minutes of recent services per group, newest last; kept across days.
    recent_service_ms: BTreeMap<GroupCode, VecDeque<i64>>,
    /// Bound of each list in `recent_service_ms`.
    recent_services_max: usize,
}

impl HallQueue {
    /// An empty queue: no tickets, all windows open.
    #[must_use]
    pub fn new(layout: HallLayout, rules: &QueueRules) -> Self {
        let windows = layout
            .windows
            .iter()
            .map(|(no, groups)| (*no, Window::open(groups.clone())));
        Self {
            windows: windows.collect(),
            tickets: BTreeMap::new(),
            last_numbers: BTreeMap::new(),
            recent_service_ms: BTreeMap::new(),
            recent_services_max: rules.recent_services_max,
            layout,
        }
    }

    /// Takes over another layout in the middle of a day: tickets stay, windows that remain keep
    /// their state, windows that are gone leave with whatever was called to them.
    pub fn lay_out(&mut self, layout: HallLayout) {
        let mut known = std::mem::take(&mut self.windows);
        for (no, groups) in &layout.windows {
            let fresh = Window::open(groups.clone());
            let kept = known.remove(no).map(|old| Window {
                groups: groups.clone(),
                ..old
            });
            self.windows.insert(*no, kept.unwrap_or(fresh));
        }
        self.layout = layout;
    }

    /// Goes by other rules from now on: of recent services, keeps at most as many as they say.
    pub fn go_by(&mut self, rules: &QueueRules) {
        self.recent_services_max = rules.recent_services_max;
        for recent in self.recent_service_ms.values_mut() {
            let too_many = recent.len().saturating_sub(self.recent_services_max);
            recent.drain(..too_many);
        }
    }

    /// Takes over how long services of earlier days took, oldest first, from who kept it elsewhere.
    pub fn recall_services(&mut self, group: GroupCode, service_ms: &[i64]) {
        let too_many = service_ms.len().saturating_sub(self.recent_services_max);
        let recent = service_ms[too_many..].iter().copied();
        self.recent_service_ms.insert(group, recent.collect());
    }

    /// Today's ticket with this number.
    #[must_use]
    pub fn ticket_by_label(&self, label: &TicketLabel) -> Option<&Ticket> {
        self.tickets
            .values()
            .find(|ticket| ticket.issued.label == *label)
    }

    /// Tickets of a group that wait, earliest arrival first; equal arrivals by id.
    pub fn waiting_in(&self, group: GroupCode) -> impl Iterator<Item = &Ticket> {
        let mut waiting: Vec<&Ticket> = self
            .tickets
            .values()
            .filter(|ticket| ticket.issued.group == group && ticket.state == TicketState::Waiting)
            .collect();
        waiting.sort_by_key(|ticket| ticket.arrival());
        waiting.into_iter()
    }
}

impl Ticket {
    /// The order of arrival, total because ids are unique.
    #[must_use]
    pub fn arrival(&self) -> (UtcMs, TicketId) {
        (self.issued.arrived_at, self.issued.ticket)
    }
}

impl Window {
    fn open(groups: BTreeSet<GroupCode>) -> Self {
        Self {
            groups,
            is_open: true,
            current: None,
            last_finished: None,
            priority_calls_in_a_row: 0,
        }
    }
}

#[cfg(test)]
mod tests;
