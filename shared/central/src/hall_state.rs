//! A hall in memory: the queue and what stands around it. Replayed from events, shared with
//! readers as immutable snapshots, and turned into the feed's rows of the present. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use domain::id::{GroupCode, HallId, TicketId, WindowNo};
use domain::queue::{
    Conditions, HallLayout, HallQueue, QueueEvent, QueueRules, TicketState, WaitSample,
    WindowStatus, wait_estimate,
};
use domain::time::{BusinessDate, UtcMs};
use wire::api::{CallNow, GroupQueue, Topic, WindowNow, WindowState};

use crate::appointments::Appointments;
use crate::overview::{GroupLine, HallSnapshot};
use crate::parameters::HallParameters;

/// Most numbers of a group that are told as waiting next.
const NEXT_SHOWN_MAX: usize = 3;
/// How long a call stays on boards and in the feed.
const CALL_SHOWN_MS: i64 = 60_000;

/// One hall.
#[derive(Debug, Clone)]
pub struct HallState {
    /// The hall.
    pub hall: HallId,
    /// The station's name.
    pub station_name: String,
    /// The business day.
    pub day: BusinessDate,
    /// Tickets and windows.
    pub queue: Arc<HallQueue>,
    /// Who sits where, by the number for citizens.
    pub clerks: BTreeMap<WindowNo, String>,
    /// Appointments by their secrets.
    pub(crate) appointments: Appointments,
    /// Today's visits that were scored: their offer at the terminal is over.
    scored: BTreeSet<TicketId>,
    parameters: HallParameters,
}

/// A row of the present: what the feed should hold for (topic, key) now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentRow {
    /// The topic.
    pub topic: Topic,
    /// The key.
    pub key: String,
    /// JSON of the topic's type.
    pub body: String,
    /// From when on it says nothing any more.
    pub expires: Option<UtcMs>,
}

impl HallState {
    /// A hall that was laid out at `at`; its first business day is that day.
    #[must_use]
    pub fn new(
        hall: HallId,
        station_name: String,
        layout: HallLayout,
        at: UtcMs,
        parameters: HallParameters,
    ) -> Self {
        let queue = Arc::new(HallQueue::new(layout, &parameters.queue));
        let day = BusinessDate(at.hall_date());
        let (clerks, scored, appointments) = Default::default();
        Self {
            appointments,
            hall,
            station_name,
            day,
            queue,
            clerks,
            scored,
            parameters,
        }
    }

    /// The rules that hold here.
    #[must_use]
    pub fn rules(&self) -> &QueueRules {
        &self.parameters.queue
    }

    /// What a command is decided by here.
    #[must_use]
    pub fn conditions(&self, now: UtcMs) -> Conditions<'_> {
        Conditions {
            rules: &self.parameters.queue,
            hours: &self.parameters.hours,
            now,
        }
    }

    /// The last day on which a visit that ended at `at` may be scored.
    #[must_use]
    pub fn last_scoring_day(&self, at: UtcMs) -> NaiveDate {
        let HallParameters {
            hours,
            scoring_days,
            ..
        } = &self.parameters;
        hours.worked_days_after(at.hall_date(), *scoring_days)
    }

    /// Whether these parameters hold here.
    #[must_use]
    pub fn goes_by(&self, parameters: &HallParameters) -> bool {
        self.parameters == *parameters
    }

    /// Other parameters hold from now on.
    pub fn go_by(&mut self, parameters: HallParameters) {
        Arc::make_mut(&mut self.queue).go_by(&parameters.queue);
        self.parameters = parameters;
    }

    /// The hall was laid out anew.
    pub fn lay_out(&mut self, station_name: String, layout: HallLayout) {
        self.station_name = station_name;
        Arc::make_mut(&mut self.queue).lay_out(layout);
    }

    /// Takes an event of the queue in.
    pub fn apply(&mut self, event: &QueueEvent, at: UtcMs) {
        Arc::make_mut(&mut self.queue).apply(event, at);
        self.appointments.apply(event);
        if let QueueEvent::DayClosed { day } = event {
            self.day = day_after(*day, at);
            self.scored.clear();
        }
    }

    /// Takes over how long people waited before today, oldest call first.
    pub fn recall_waits(&mut self, waits: Vec<WaitSample>) {
        Arc::make_mut(&mut self.queue).recall_waits(waits);
    }

    /// A score of this visit counts.
    pub fn scored(&mut self, ticket: TicketId) {
        if self.queue.tickets.contains_key(&ticket) {
            self.scored.insert(ticket);
        }
    }

    /// For the console.
    #[must_use]
    pub fn snapshot(&self, now: UtcMs) -> HallSnapshot {
        let line = |group: &GroupCode, name: &str| {
            let now = self.group_queue(*group, now);
            let waiting = usize::try_from(now.waiting).unwrap_or(usize::MAX);
            GroupLine {
                name: name.to_owned(),
                waiting,
                wait: now.wait,
            }
        };
        let groups = self.queue.layout.groups.iter();
        HallSnapshot {
            hall: self.hall,
            station_name: self.station_name.clone(),
            day: self.day,
            queue: Arc::clone(&self.queue),
            groups: groups
                .map(|(code, group)| (*code, line(code, &group.name)))
                .collect(),
            clerks: self.clerks.clone(),
        }
    }

    /// The rows of groups and windows as they should be now.
    #[must_use]
    pub fn present_rows(&self, now: UtcMs) -> Vec<PresentRow> {
        let groups = self.queue.layout.groups.keys().map(|group| {
            present_row(
                Topic::Queue,
                group.to_string(),
                &self.group_queue(*group, now),
                None,
            )
        });
        let windows = self.queue.windows.keys().map(|window| {
            present_row(
                Topic::Window,
                window.to_string(),
                &self.window_now(*window, now),
                None,
            )
        });
        groups.chain(windows).collect()
    }

    /// The row of a call that was just made.
    #[must_use]
    pub fn call_row(&self, ticket: TicketId) -> Option<PresentRow> {
        let called = self.queue.tickets.get(&ticket)?;
        let TicketState::Called { window, at, times } = called.state else {
            return None;
        };
        let call = CallNow {
            ticket,
            label: called.issued.label.clone(),
            window,
            times,
            at,
        };
        let expires = Some(at.plus_ms(CALL_SHOWN_MS));
        Some(present_row(Topic::Call, ticket.to_string(), &call, expires))
    }

    /// When the next offer to score at a terminal ends, if one runs.
    #[must_use]
    pub fn next_offer_end(&self, now: UtcMs) -> Option<UtcMs> {
        let windows = self.queue.windows.keys();
        windows
            .filter_map(|window| self.offer(*window, now).map(|(_, until)| until))
            .min()
    }

    fn group_queue(&self, group: GroupCode, now: UtcMs) -> GroupQueue {
        let waiting: Vec<_> = self.queue.waiting_in(group).collect();
        let windows = self.queue.windows.iter();
        GroupQueue {
            group,
            waiting: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
            // whoever comes now without priority has all of them before him
            wait: wait_estimate(&self.queue, group, waiting.len(), self.rules(), now),
            windows: windows
                .filter(|(_, window)| window.takes(group))
                .map(|(no, _)| *no)
                .collect(),
            next: waiting
                .iter()
                .take(NEXT_SHOWN_MAX)
                .map(|ticket| ticket.issued.label.clone())
                .collect(),
        }
    }

    fn window_now(&self, window: WindowNo, now: UtcMs) -> WindowNow {
        let is_open = self
            .queue
            .windows
            .get(&window)
            .is_some_and(|window| window.status == WindowStatus::Open);
        let clerk_no = self.clerks.get(&window).cloned();
        WindowNow {
            window,
            is_open,
            clerk_no,
            state: self.window_state(window, now),
        }
    }

    fn window_state(&self, window: WindowNo, now: UtcMs) -> WindowState {
        let current = self
            .queue
            .windows
            .get(&window)
            .and_then(|window| window.current);
        if let Some(ticket) = current.and_then(|ticket| self.queue.tickets.get(&ticket)) {
            let label = ticket.issued.label.clone();
            return match ticket.state {
                TicketState::Serving { .. } => WindowState::Serving { label },
                _ => WindowState::Calling { label },
            };
        }
        let Some((ticket, until)) = self.offer(window, now) else {
            return WindowState::Idle;
        };
        let issued = &self.queue.tickets[&ticket].issued;
        let group = self
            .queue
            .layout
            .groups
            .get(&self.queue.tickets[&ticket].group);
        let group_name = group.map(|group| group.name.clone()).unwrap_or_default();
        WindowState::Finished {
            ticket,
            label: issued.label.clone(),
            group_name,
            until,
        }
    }

    /// The visit that the terminal of `window` offers to score, and until when.
    fn offer(&self, window: WindowNo, now: UtcMs) -> Option<(TicketId, UtcMs)> {
        let window = self.queue.windows.get(&window)?;
        let ticket = window.last_finished.filter(|_| window.current.is_none())?;
        let TicketState::Done { at, .. } = self.queue.tickets.get(&ticket)?.state else {
            return None;
        };
        let until = at.plus_ms(self.parameters.rating_idle_ms);
        (now < until && !self.scored.contains(&ticket)).then_some((ticket, until))
    }
}

/// The business day after `closed`, when it was closed at `at`. Never earlier than the next
/// calendar day, so that a clock that jumps back cannot reopen a day.
#[must_use]
pub fn day_after(closed: BusinessDate, at: UtcMs) -> BusinessDate {
    let next = closed.0.succ_opt().unwrap_or(closed.0);
    BusinessDate(next.max(at.hall_date()))
}

fn present_row(
    topic: Topic,
    key: String,
    body: &impl serde::Serialize,
    expires: Option<UtcMs>,
) -> PresentRow {
    let body = serde_json::to_string(body)
        .expect("JSON text, because feed bodies have string keys and no failing serializer");
    PresentRow {
        topic,
        key,
        body,
        expires,
    }
}
