//! The boards of a hall, each with its schedule: the feed goes in, orders for the buses come out.
//! Pure; the moment is an argument.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{NaiveDateTime, Timelike};
use domain::calendar::WorkCalendar;
use wire::api::CallNow;

use super::hall_view::HallView;
use crate::codec::ProgramFile;
use crate::config::{BoardConfig, BoardsConfig};
use crate::content::{AreaContent, BoardId};
use crate::link::{Order, SetUp};
use crate::moment::Moment;
use crate::page::{Airs, Call};
use crate::playlist::{Today, compose};
use crate::schedule::{BoardRunner, Schedule, ScheduleSettings, Shown};

/// One board of the hall.
#[derive(Debug)]
struct HallBoard {
    config: BoardConfig,
    port: usize,
    runner: BoardRunner,
}

/// An order for a board and the port on which it hangs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PortOrder {
    pub(super) port: usize,
    pub(super) board: BoardId,
    pub(super) order: Order,
}

/// All boards of the driver.
#[derive(Debug)]
pub(super) struct HallBoards {
    boards: Vec<HallBoard>,
    calendar: WorkCalendar,
    /// What the schedules were made from: the state of the view, and the minute, on which clocks and
    /// times of day turn.
    seen: Option<(u64, NaiveDateTime)>,
}

impl HallBoards {
    /// Boards as configured, dark.
    pub(super) fn new(config: &BoardsConfig, calendar: WorkCalendar) -> Self {
        let ports = config.ports.iter().enumerate();
        let boards = ports.flat_map(|(port, line)| {
            line.boards
                .iter()
                .map(move |board| HallBoard::new(port, board))
        });
        Self {
            boards: boards.collect(),
            calendar,
            seen: None,
        }
    }

    /// Takes in what the feed brought, and what the time of day changes; then the calls.
    pub(super) fn follow(&mut self, view: &mut HallView, now: Moment) {
        let minute = now
            .wall
            .with_second(0)
            .and_then(|wall| wall.with_nanosecond(0));
        let seen = (view.revision, minute.unwrap_or(now.wall));
        if self.seen.replace(seen) != Some(seen) {
            let today = Today {
                wall: now.wall,
                calendar: &self.calendar,
            };
            for board in &mut self.boards {
                let composition = compose(&board.config.plan, &view.hall, today);
                board.runner.schedule.play(composition);
            }
        }
        for call in view.take_calls() {
            for board in &mut self.boards {
                board.call(&call, now);
            }
        }
    }

    /// How the boards are set up, where the configuration says it.
    pub(super) fn set_ups(&self) -> Vec<PortOrder> {
        let boards = self.boards.iter();
        let boards = boards.filter(|board| board.config.set_up != SetUp::default());
        boards
            .map(|board| PortOrder {
                port: board.port,
                board: board.config.id().clone(),
                order: Order::SetUp(board.config.set_up.clone()),
            })
            .collect()
    }

    /// Program files that do not lie in the flash of their boards yet.
    pub(super) fn to_store(
        &self,
        programs: &BTreeMap<BoardId, Vec<ProgramFile>>,
        stored: &BTreeMap<BoardId, String>,
    ) -> Vec<PortOrder> {
        let boards = self.boards.iter().filter_map(|board| {
            let id = board.config.id();
            let files = programs.get(id)?;
            let is_stored = stored.get(id) == Some(&super::digits(files));
            (!is_stored).then(|| PortOrder {
                port: board.port,
                board: id.clone(),
                order: Order::PutProgram(files.clone()),
            })
        });
        boards.collect()
    }

    /// What must be sent now.
    pub(super) fn advance(&mut self, now: Moment) -> Vec<PortOrder> {
        let order_of = |board: &mut HallBoard| {
            let order = board.runner.advance(now)?;
            Some(PortOrder {
                port: board.port,
                board: board.config.id().clone(),
                order,
            })
        };
        self.boards.iter_mut().filter_map(order_of).collect()
    }

    /// The monotonic time by which to advance again.
    pub(super) fn next_change(&self, now: Moment) -> Duration {
        let changes = self
            .boards
            .iter()
            .map(|board| board.runner.next_change(now));
        changes
            .min()
            .unwrap_or(now.since_start + Duration::from_secs(1))
    }

    /// The name of a board, for people.
    pub(super) fn name_of(&self, id: &BoardId) -> Option<&str> {
        let board = self.boards.iter().find(|board| board.config.id() == id)?;
        Some(&board.config.name)
    }

    /// Why and whose a content of a board is.
    pub(super) fn ordered(&self, id: &BoardId, content: &AreaContent) -> Option<&Shown> {
        let board = self.boards.iter().find(|board| board.config.id() == id)?;
        board.runner.ordered(content)
    }

    /// What each board plays, sooner or later.
    pub(super) fn playing(&self) -> impl Iterator<Item = (&BoardId, BTreeSet<&Airs>)> {
        let boards = self.boards.iter();
        boards.map(|board| (board.config.id(), board.runner.schedule.playing()))
    }
}

impl HallBoard {
    fn new(port: usize, config: &BoardConfig) -> Self {
        let schedule = Schedule::new(&config.plan, ScheduleSettings::default());
        Self {
            config: config.clone(),
            port,
            runner: BoardRunner::new(config.id().clone(), schedule),
        }
    }

    fn call(&mut self, call: &CallNow, now: Moment) {
        let plan = &self.config.plan;
        if plan.takes_calls && plan.window.is_none_or(|window| window == call.window) {
            let call = Call {
                ticket_label: call.label.to_string(),
                window_no: u16::from(call.window.get()),
            };
            self.runner.schedule.call(call, now);
        }
    }
}

#[cfg(test)]
#[path = "boards_tests.rs"]
mod tests;
