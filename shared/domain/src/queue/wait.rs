//! How long it will take, as an interval learnt from how long others waited who found a line like
//! this (kiosk-flows §3 预计等待).
//!
//! A wait is measured in places: what one place of the line took a window. From the places of the
//! same group, a like line and the same part of the day come two quantiles; the told interval is
//! these times the line that is found now. Where too little was seen, more is taken together, and
//! at last the usual minutes of the group.

use std::collections::{BTreeMap, VecDeque};

use chrono::Timelike;
use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, TicketId};
use crate::time::UtcMs;

use super::{HallQueue, Line, PriorityKind, QueueRules, Ticket};

/// Fewer samples say nothing.
const SAMPLES_MIN: usize = 24;
/// Without samples: so much of the usual minutes of a place, in hundredths.
const USUAL_SHARE_LOW: i64 = 30;
const USUAL_SHARE_HIGH: i64 = 150;
const MINUTE_MS: i64 = 60_000;

/// An expected wait in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WaitEstimate {
    /// Nobody is ahead and a window is free.
    Now,
    /// Between so many minutes.
    Between {
        /// At least so many.
        low: u16,
        /// At most so many; above `low`.
        high: u16,
    },
    /// Longer than the largest number that is shown.
    Over {
        /// That number.
        minutes: u16,
    },
    /// No open window serves the group.
    Unknown,
}

impl WaitEstimate {
    /// The words on screens and slips.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Now => "现在就办".to_owned(),
            Self::Between { low: 0, high } => format!("{high} 分钟以内"),
            Self::Between { low, high } => format!("{low}～{high} 分钟"),
            Self::Over { minutes } => format!("{minutes} 分钟以上"),
            Self::Unknown => "请问工作人员".to_owned(),
        }
    }

    /// Whether it was right about somebody who waited so long; `None` when it promised nothing.
    #[must_use]
    pub fn was_right(self, waited_ms: i64) -> Option<bool> {
        let minutes = |minutes: u16| i64::from(minutes) * MINUTE_MS;
        match self {
            Self::Now => Some(waited_ms < MINUTE_MS),
            Self::Between { low, high } => {
                Some(minutes(low) <= waited_ms && waited_ms <= minutes(high))
            }
            Self::Over { minutes: over } => Some(minutes(over) <= waited_ms),
            Self::Unknown => None,
        }
    }
}

/// How long somebody waited who found a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitSample {
    /// In which group.
    pub group: GroupCode,
    /// When.
    pub arrived_at: UtcMs,
    /// The line.
    pub found: Line,
    /// How long, to the first call.
    pub waited_ms: i64,
}

/// The last waits of each group, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WaitHistory {
    kept_max: usize,
    groups: BTreeMap<GroupCode, VecDeque<Place>>,
}

/// What one place of a line took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    hour: u32,
    ahead: u16,
    ms: i64,
}

impl WaitHistory {
    pub(super) fn of_at_most(kept_max: usize) -> Self {
        Self {
            kept_max,
            groups: BTreeMap::new(),
        }
    }

    pub(super) fn kept_max(&self) -> usize {
        self.kept_max
    }

    pub(super) fn keep(&mut self, kept_max: usize) {
        self.kept_max = kept_max;
        for places in self.groups.values_mut() {
            let too_many = places.len().saturating_sub(kept_max);
            places.drain(..too_many);
        }
    }

    pub(super) fn add(&mut self, sample: WaitSample) {
        let windows = i64::from(sample.found.windows);
        let places = self.groups.entry(sample.group).or_default();
        places.push_back(Place {
            hour: hour(sample.arrived_at),
            ahead: sample.found.ahead,
            ms: sample.waited_ms.saturating_mul(windows) / places_of(sample.found),
        });
        let too_many = places.len().saturating_sub(self.kept_max);
        places.drain(..too_many);
    }

    /// The two quantiles of a place's milliseconds.
    fn place_ms(&self, group: GroupCode, line: Line, hour: u32, share: u8) -> Option<(i64, i64)> {
        let places = self.groups.get(&group)?;
        let is_like = |place: &&Place| length_class(place.ahead) == length_class(line.ahead);
        let is_near = |place: &&Place| place.hour.abs_diff(hour) <= 1;
        let of = |fits: &dyn Fn(&&Place) -> bool| {
            let fitting: Vec<i64> = places.iter().filter(fits).map(|place| place.ms).collect();
            (fitting.len() >= SAMPLES_MIN).then_some(fitting)
        };
        let mut fitting = of(&|place| is_like(place) && is_near(place))
            .or_else(|| of(&|place| is_like(place)))
            .or_else(|| of(&|_| true))?;
        fitting.sort_unstable();
        let outside_percent = usize::from(100 - share.min(100)) / 2;
        let outside = fitting.len() * outside_percent / 100;
        Some((fitting[outside], fitting[fitting.len() - 1 - outside]))
    }
}

/// Lines of about one length; the longer a line, the less its places differ on average.
fn length_class(ahead: u16) -> u8 {
    match ahead {
        0 => 0,
        1..=2 => 1,
        3..=5 => 2,
        6..=10 => 3,
        11..=20 => 4,
        _ => 5,
    }
}

fn hour(at: UtcMs) -> u32 {
    at.hall_time().hour()
}

/// Who stands in front waits, too, for whoever is at the windows.
fn places_of(line: Line) -> i64 {
    i64::from(line.ahead) + 1
}

/// How many people are called before this ticket if nobody else comes: those who wait in its group
/// and arrived earlier, for a priority ticket only those with priority. A ticket that is unknown or
/// no longer waits has nobody ahead.
#[must_use]
pub fn people_ahead(queue: &HallQueue, ticket: TicketId) -> usize {
    let mine = queue.tickets.get(&ticket);
    mine.filter(|ticket| ticket.state.is_waiting())
        .map_or(0, |mine| people_ahead_of(queue, mine))
}

fn people_ahead_of(queue: &HallQueue, mine: &Ticket) -> usize {
    let came_first = |other: &Ticket| other.arrival() < mine.arrival();
    count_ahead(queue, mine.group, mine.priority.is_some(), came_first)
}

/// How many people are called before somebody who would come to `group` now.
#[must_use]
pub fn people_ahead_before(
    queue: &HallQueue,
    group: GroupCode,
    priority: Option<PriorityKind>,
) -> usize {
    count_ahead(queue, group, priority.is_some(), |_| true)
}

fn count_ahead(
    queue: &HallQueue,
    group: GroupCode,
    has_priority: bool,
    came_first: impl Fn(&Ticket) -> bool,
) -> usize {
    let waiting = queue
        .tickets
        .values()
        .filter(|other| other.group == group && other.state.is_waiting());
    let ahead = waiting.filter(|other| match (has_priority, other.priority) {
        (true, None) => false,
        (true, Some(_)) | (false, None) => came_first(other),
        (false, Some(_)) => true,
    });
    ahead.count()
}

/// The wait of somebody with `ahead` people before him in `group` at `now`.
#[must_use]
pub fn wait_estimate(
    queue: &HallQueue,
    group: GroupCode,
    ahead: usize,
    rules: &QueueRules,
    now: UtcMs,
) -> WaitEstimate {
    let line = line_of(queue, group, ahead);
    if line.windows == 0 {
        return WaitEstimate::Unknown;
    }
    let mut windows = queue.windows.values();
    if ahead == 0 && windows.any(|window| window.takes(group) && window.current.is_none()) {
        return WaitEstimate::Now;
    }
    let share = rules.wait_share_percent;
    let (low_ms, high_ms) = queue
        .waits
        .place_ms(group, line, hour(now), share)
        .unwrap_or_else(|| usual_place_ms(queue, group));
    let wait_ms =
        |place_ms: i64| place_ms.saturating_mul(places_of(line)) / i64::from(line.windows);
    interval(wait_ms(low_ms), wait_ms(high_ms), rules)
}

/// The line of a group as somebody finds it who has `ahead` people before him.
pub(super) fn line_of(queue: &HallQueue, group: GroupCode, ahead: usize) -> Line {
    Line {
        ahead: u16::try_from(ahead).unwrap_or(u16::MAX),
        windows: u8::try_from(queue.open_windows(group)).unwrap_or(u8::MAX),
    }
}

fn usual_place_ms(queue: &HallQueue, group: GroupCode) -> (i64, i64) {
    let group = queue.layout.groups.get(&group);
    let usual_ms = i64::from(group.map_or(10, |group| group.typical_service_minutes)) * MINUTE_MS;
    (
        usual_ms * USUAL_SHARE_LOW / 100,
        usual_ms * USUAL_SHARE_HIGH / 100,
    )
}

/// Rounded outwards to whole minutes.
fn interval(low_ms: i64, high_ms: i64, rules: &QueueRules) -> WaitEstimate {
    let minutes = |ms: i64| u16::try_from(ms.max(0) / MINUTE_MS).unwrap_or(u16::MAX);
    let low = minutes(low_ms);
    let high = minutes(high_ms.saturating_add(MINUTE_MS - 1)).max(low.saturating_add(1));
    let shown_max = rules.wait_minutes_shown_max;
    if low >= shown_max {
        WaitEstimate::Over { minutes: shown_max }
    } else {
        WaitEstimate::Between { low, high }
    }
}
