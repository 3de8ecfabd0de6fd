//! The state of one hall's queue on one business day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::{GroupCode, TicketId, WindowNo};

use super::wait::WaitHistory;
use super::{HallLayout, QueueRules, Ticket, TicketBooked, TicketLabel, TicketState, WaitSample};

/// Whether a window takes people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowStatus {
    /// It does.
    Open,
    /// Not for a while.
    Paused,
    /// Not today any more, or not yet.
    Closed,
}

/// A window of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The groups that it serves today.
    pub groups: BTreeSet<GroupCode>,
    /// Whether it takes people now.
    pub status: WindowStatus,
    /// The ticket called to it or served at it.
    pub current: Option<TicketId>,
    /// The last ticket finished there.
    pub last_finished: Option<TicketId>,
    /// Priority calls since the last ordinary one.
    pub priority_calls_in_a_row: u8,
}

impl Window {
    /// Whether it takes people of a group now.
    #[must_use]
    pub fn takes(&self, group: GroupCode) -> bool {
        self.status == WindowStatus::Open && self.groups.contains(&group)
    }

    fn open(groups: BTreeSet<GroupCode>) -> Self {
        Self {
            groups,
            status: WindowStatus::Open,
            current: None,
            last_finished: None,
            priority_calls_in_a_row: 0,
        }
    }
}

/// The whole state of one hall's queue on one business day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallQueue {
    /// Groups and windows as laid out.
    pub layout: Arc<HallLayout>,
    /// Today's tickets.
    pub tickets: BTreeMap<TicketId, Ticket>,
    /// Appointments that nobody has taken up yet, of today and later days.
    pub bookings: BTreeMap<TicketId, TicketBooked>,
    /// The windows' states.
    pub windows: BTreeMap<WindowNo, Window>,
    /// The last number given per prefix, restarted each day.
    pub(super) last_numbers: BTreeMap<char, u16>,
    /// How long people waited; kept across days.
    pub(super) waits: Arc<WaitHistory>,
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
            bookings: BTreeMap::new(),
            last_numbers: BTreeMap::new(),
            waits: Arc::new(WaitHistory::of_at_most(rules.recent_waits_max)),
            layout: Arc::new(layout),
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
        self.layout = Arc::new(layout);
    }

    /// Goes by other rules from now on: of past waits, keeps at most as many as they say.
    pub fn go_by(&mut self, rules: &QueueRules) {
        if self.waits.kept_max() != rules.recent_waits_max {
            Arc::make_mut(&mut self.waits).keep(rules.recent_waits_max);
        }
    }

    /// Takes over how long people waited on earlier days, oldest first, from who kept it elsewhere.
    pub fn recall_waits(&mut self, samples: impl IntoIterator<Item = WaitSample>) {
        let waits = Arc::make_mut(&mut self.waits);
        for sample in samples {
            waits.add(sample);
        }
    }

    /// Today's ticket with this number.
    #[must_use]
    pub fn ticket_by_label(&self, label: &TicketLabel) -> Option<&Ticket> {
        self.tickets
            .values()
            .find(|ticket| ticket.issued.label == *label)
    }

    /// Tickets that wait in a group, earliest arrival first; equal arrivals by id.
    pub fn waiting_in(&self, group: GroupCode) -> impl Iterator<Item = &Ticket> {
        let mut waiting: Vec<&Ticket> = self
            .tickets
            .values()
            .filter(|ticket| ticket.group == group && ticket.state.is_waiting())
            .collect();
        waiting.sort_by_key(|ticket| ticket.arrival());
        waiting.into_iter()
    }

    /// Tickets that a window put aside or sent for papers, earliest arrival first.
    pub fn put_aside_at(&self, window: WindowNo) -> impl Iterator<Item = &Ticket> {
        let mut aside: Vec<&Ticket> = self
            .tickets
            .values()
            .filter(|ticket| ticket.aside_at() == Some(window))
            .collect();
        aside.sort_by_key(|ticket| ticket.arrival());
        aside.into_iter()
    }

    /// Open windows that serve a group.
    #[must_use]
    pub fn open_windows(&self, group: GroupCode) -> usize {
        let open = self.windows.values().filter(|window| window.takes(group));
        open.count()
    }
}

impl Ticket {
    /// The window at which it goes on, if it was put aside there or sent for papers.
    #[must_use]
    pub fn aside_at(&self) -> Option<WindowNo> {
        match self.state {
            TicketState::Pending { window, .. } | TicketState::Parked { window, .. } => {
                Some(window)
            }
            _ => None,
        }
    }
}
