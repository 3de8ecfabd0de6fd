//! From a schedule to orders for the link: only what changed is ordered.

use std::time::Duration;

use super::{Schedule, Shown};
use crate::content::{AreaId, BoardId};
use crate::link::Order;
use crate::moment::Moment;

/// A board's schedule and what was last ordered from it.
#[derive(Debug)]
pub struct BoardRunner {
    board: BoardId,
    /// Change it freely; [`BoardRunner::advance`] finds out what that means.
    pub schedule: Schedule,
    ordered: Option<Shown>,
}

impl BoardRunner {
    /// A runner that has ordered nothing.
    #[must_use]
    pub fn new(board: BoardId, schedule: Schedule) -> Self {
        Self {
            board,
            schedule,
            ordered: None,
        }
    }

    /// Which board it runs.
    #[must_use]
    pub fn board(&self) -> &BoardId {
        &self.board
    }

    /// What was last ordered.
    #[must_use]
    pub fn ordered(&self) -> Option<&Shown> {
        self.ordered.as_ref()
    }

    /// The order for this moment, if the content differs from what was last ordered.
    pub fn advance(&mut self, now: Moment) -> Option<Order> {
        let shown = self.schedule.show(now);
        if shown == self.ordered {
            return None;
        }
        let before = std::mem::replace(&mut self.ordered, shown.clone());
        match (shown, before) {
            (Some(shown), before) => {
                let is_same = before.is_some_and(|before| before.content == shown.content);
                let urgency = shown.urgency();
                (!is_same).then_some(Order::Show(shown.content, urgency))
            }
            (None, before) => before.map(|before| Order::Remove(area_of(&before))),
        }
    }

    /// The monotonic time by which to [`BoardRunner::advance`] again.
    #[must_use]
    pub fn next_change(&self, now: Moment) -> Duration {
        self.schedule.next_change(now)
    }
}

fn area_of(shown: &Shown) -> AreaId {
    shown.content.area
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::{BoardLayout, Call, ScheduleSettings};
    use super::*;
    use crate::link::Urgency;

    fn at(seconds: u64) -> Moment {
        let day = NaiveDate::from_ymd_opt(2026, 3, 9).expect("a date");
        let wall = day.and_hms_opt(9, 0, 0).expect("a time");
        Moment {
            since_start: Duration::from_secs(seconds),
            wall,
        }
    }

    #[test]
    fn only_changes_are_ordered_and_an_empty_board_is_cleared_once() {
        let layout = BoardLayout {
            width_px: 192,
            height_px: 32,
        };
        let schedule = Schedule::new(layout, ScheduleSettings::default());
        let mut runner = BoardRunner::new(BoardId("b1".to_owned()), schedule);
        assert_eq!(runner.advance(at(0)), None);
        let call = Call {
            ticket_label: "A025".to_owned(),
            window_no: 3,
        };
        runner.schedule.call(call, at(1));
        assert!(matches!(
            runner.advance(at(1)),
            Some(Order::Show(_, Urgency::Urgent))
        ));
        assert_eq!(runner.advance(at(2)), None);
        assert_eq!(runner.advance(at(16)), Some(Order::Remove(AreaId(0))));
        assert_eq!(runner.advance(at(17)), None);
    }
}
