//! Withdrawing everything from boards at once (一键撤播), until a named person lets them play again.
//! A fact of the hall: whoever serves the hall does it, also on a hall node whose line is down. The
//! centre may do it for every hall; a hall's own node follows by the feed (`node::feed_copy`).

use std::collections::BTreeMap;

use domain::id::HallId;
use domain::time::UtcMs;
use wire::event::{BoardsCleared, BoardsRestored, Event, InHall};
use wire::problem::{Problem, ProblemCode};

use super::check::holds_no_number;
use crate::app_state::AppState;
use crate::cases::CENTRE;
use crate::staff::{ClearAllBoards, ClearBoards, Staff, acts};
use crate::store::{StoreError, Write};

/// A reason in a few words.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 2..=60;

/// Of which boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Those of one hall.
    Hall(HallId),
    /// Those of every hall.
    All,
}

impl AppState {
    /// Withdraws everything. Boards from which everything is withdrawn already stay so, by who was
    /// first.
    ///
    /// # Errors
    /// `Refused` without a reason or for the boards of others.
    pub(crate) async fn clear_boards(
        &self,
        by: &Staff<ClearBoards>,
        whose: Whose,
        reason: &str,
    ) -> Result<(), Problem> {
        let reason = checked_reason(reason)?;
        let event = |hall| {
            let (by, reason) = (by.staff, reason.clone());
            let what = BoardsCleared { by, reason };
            Event::BoardsCleared(InHall { hall, what })
        };
        let done = self.halls_of(by, whose)?;
        let orders = done.into_iter().map(|(hall, name)| {
            let acted = by.acted_because(acts::BOARDS_CLEARED, name, reason.clone());
            Order {
                hall,
                events: [event(hall), acted],
            }
        });
        self.carry_out(orders.collect(), Runs::IsNot).await
    }

    /// Lets boards play again what is published.
    ///
    /// # Errors
    /// `Refused` for the boards of others.
    pub(crate) async fn restore_boards(
        &self,
        by: &Staff<ClearBoards>,
        whose: Whose,
    ) -> Result<(), Problem> {
        let done = self.halls_of(by, whose)?;
        let orders = done.into_iter().map(|(hall, name)| {
            let what = BoardsRestored { by: by.staff };
            Order {
                hall,
                events: [
                    Event::BoardsRestored(InHall { hall, what }),
                    by.acted(acts::BOARDS_RESTORED, name),
                ],
            }
        });
        self.carry_out(orders.collect(), Runs::Is).await
    }

    fn halls_of(
        &self,
        by: &Staff<ClearBoards>,
        whose: Whose,
    ) -> Result<BTreeMap<HallId, String>, Problem> {
        let is_everywhere = may_everywhere(by);
        let mut halls = self.halls();
        match whose {
            Whose::All if is_everywhere => {}
            Whose::Hall(hall) if is_everywhere || hall == by.hall => {
                halls.retain(|known, _| *known == hall);
            }
            Whose::All | Whose::Hall(_) => {
                let text = "您只管自己大厅的屏。别的大厅请找那里的值班长，或者中心的签发人。";
                return Err(Problem::new(ProblemCode::Refused, text));
            }
        }
        Ok(halls)
    }

    async fn carry_out(&self, orders: Vec<Order>, only_if: Runs) -> Result<(), Problem> {
        let now = self.now();
        let done = self.inner.store.write(move |write| {
            orders
                .iter()
                .try_for_each(|one| one.give(write, only_if, now))
        });
        Ok(done.await?)
    }
}

/// Whether everything is withdrawn from a hall's boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    Is,
    IsNot,
}

/// What is written about one hall.
struct Order {
    hall: HallId,
    events: [Event; 2],
}

impl Order {
    fn give(&self, write: &mut Write<'_>, only_if: Runs, now: UtcMs) -> Result<(), StoreError> {
        let runs = match write.running_clearing(self.hall)? {
            Some(_) => Runs::Is,
            None => Runs::IsNot,
        };
        if runs != only_if {
            return Ok(());
        }
        self.events
            .iter()
            .try_for_each(|event| write.append(event, now).map(drop))
    }
}

/// Whether somebody may do it for all halls: as an approver or director of the centre.
pub(crate) fn may_everywhere(by: &Staff<ClearBoards>) -> bool {
    by.also::<ClearAllBoards>().is_some_and(|everywhere| {
        let at = everywhere.held_at();
        at.is_none_or(|station| station.as_str() == CENTRE)
    })
}

fn checked_reason(reason: &str) -> Result<String, Problem> {
    let reason = reason.trim();
    let refused = |text: &str| Err(Problem::new(ProblemCode::Refused, text));
    if !REASON_CHARS.contains(&reason.chars().count()) {
        return refused("请写为什么撤，2 到 60 个字，例如：电话写错了。");
    }
    if !holds_no_number(reason) {
        return refused("理由里不要写证件号、手机号或账号，请改了再撤。");
    }
    Ok(reason.to_owned())
}
