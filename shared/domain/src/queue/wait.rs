//! How long it will take: people ahead × mean of the group's recent services ÷ open windows that
//! serve the group (kiosk-flows §3 预计等待). An estimate, said as one.

use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, TicketId};

use super::{HallQueue, QueueRules, TicketState};

/// An expected wait in whole minutes, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WaitEstimate {
    /// Nobody is ahead and a window is open.
    Now,
    /// About so many minutes.
    About {
        /// At least 1.
        minutes: u16,
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
            Self::About { minutes } => format!("约 {minutes} 分钟"),
            Self::Over { minutes } => format!("{minutes} 分钟以上"),
            Self::Unknown => "请问工作人员".to_owned(),
        }
    }
}

/// How many people of the group are called before this ticket if nobody else comes: those who
/// wait in the group and arrived earlier, for a priority ticket only those with priority.
/// A ticket that is unknown or no longer waits has nobody ahead.
#[must_use]
pub fn people_ahead(queue: &HallQueue, ticket: TicketId) -> usize {
    let Some(mine) = queue
        .tickets
        .get(&ticket)
        .filter(|t| t.state == TicketState::Waiting)
    else {
        return 0;
    };
    queue
        .waiting_in(mine.issued.group)
        .filter(|other| {
            let goes_first = other.issued.priority.is_some();
            match mine.issued.priority {
                Some(_) => goes_first && other.arrival() < mine.arrival(),
                None => goes_first || other.arrival() < mine.arrival(),
            }
        })
        .filter(|other| other.issued.ticket != ticket)
        .count()
}

/// The wait of somebody with `ahead` people before him in `group`.
#[must_use]
pub fn wait_estimate(
    queue: &HallQueue,
    group: GroupCode,
    ahead: usize,
    rules: &QueueRules,
) -> WaitEstimate {
    let open_windows = queue
        .windows
        .values()
        .filter(|window| window.is_open && window.groups.contains(&group))
        .count();
    match (open_windows, ahead) {
        (0, _) => return WaitEstimate::Unknown,
        (_, 0) => return WaitEstimate::Now,
        _ => {}
    }
    let ahead = i64::try_from(ahead).unwrap_or(i64::MAX);
    let windows = i64::try_from(open_windows).unwrap_or(i64::MAX);
    let wait_ms = ahead.saturating_mul(mean_service_ms(queue, group)) / windows;
    let minutes = u16::try_from(minutes_rounded_up(wait_ms)).unwrap_or(u16::MAX);
    if minutes > rules.wait_minutes_shown_max {
        WaitEstimate::Over {
            minutes: rules.wait_minutes_shown_max,
        }
    } else {
        WaitEstimate::About {
            minutes: minutes.max(1),
        }
    }
}

fn mean_service_ms(queue: &HallQueue, group: GroupCode) -> i64 {
    let recent = queue
        .recent_service_ms
        .get(&group)
        .filter(|list| !list.is_empty());
    if let Some(recent) = recent {
        let count = i64::try_from(recent.len()).unwrap_or(i64::MAX);
        return recent.iter().sum::<i64>() / count;
    }
    let typical = queue
        .layout
        .groups
        .get(&group)
        .map_or(10, |g| g.typical_service_minutes);
    i64::from(typical) * 60_000
}

fn minutes_rounded_up(ms: i64) -> i64 {
    ms.saturating_add(59_999) / 60_000
}
