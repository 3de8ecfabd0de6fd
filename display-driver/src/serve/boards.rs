//! The boards of a hall, each with its schedule: the feed goes in, orders for the buses come out.
//! Pure; the moment is an argument.

use std::time::Duration;

use chrono::NaiveDate;
use wire::api::CallNow;

use super::board_text::{self, BoardNotice};
use super::hall_view::HallView;
use crate::config::{BoardConfig, BoardsConfig, Shows};
use crate::content::BoardId;
use crate::link::Order;
use crate::moment::Moment;
use crate::schedule::{BoardRunner, Call, Layer, ProgrammeItem, Schedule, ScheduleSettings};

/// The rotation holds the newest so many: four minutes for a whole turn.
const VACANCIES_MAX: usize = 30;
/// A policy text comes up after so many vacancies.
const VACANCIES_PER_POLICY: usize = 5;

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
    /// The state of the view that the schedules were made from.
    seen: Option<(u64, NaiveDate)>,
}

impl HallBoards {
    /// Boards as configured, dark.
    pub(super) fn new(config: &BoardsConfig) -> Self {
        let ports = config.ports.iter().enumerate();
        let boards = ports.flat_map(|(port, line)| {
            line.boards
                .iter()
                .map(move |board| HallBoard::new(port, board))
        });
        Self {
            boards: boards.collect(),
            seen: None,
        }
    }

    /// Takes in what the feed brought: publications when they changed, and the calls.
    pub(super) fn follow(&mut self, view: &mut HallView, now: Moment) {
        let today = now.wall.date();
        if self.seen.replace((view.revision, today)) != Some((view.revision, today)) {
            let published = Published::of(view, today);
            for board in &mut self.boards {
                board.publish(&published);
            }
        }
        for call in view.take_calls() {
            for board in &mut self.boards {
                board.call(&call, now);
            }
        }
    }

    /// What must be sent now.
    pub(super) fn advance(&mut self, now: Moment) -> Vec<PortOrder> {
        let order_of = |board: &mut HallBoard| {
            let order = board.runner.advance(now)?;
            Some(PortOrder {
                port: board.port,
                board: board.config.id.clone(),
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
        let board = self.boards.iter().find(|board| board.config.id == *id)?;
        Some(&board.config.name)
    }

    /// Why the board shows what was last ordered.
    pub(super) fn layer_of(&self, id: &BoardId) -> Option<Layer> {
        let board = self.boards.iter().find(|board| board.config.id == *id)?;
        board.runner.ordered().map(|shown| shown.layer)
    }
}

impl HallBoard {
    fn new(port: usize, config: &BoardConfig) -> Self {
        let schedule = Schedule::new(config.layout(), ScheduleSettings::default());
        Self {
            config: config.clone(),
            port,
            runner: BoardRunner::new(config.id.clone(), schedule),
        }
    }

    fn publish(&mut self, published: &Published) {
        let shows = |what| self.config.shows.contains(&what);
        let mut items = Vec::new();
        if let Some(window) = self.config.window {
            items.push(ProgrammeItem::Policy {
                text: format!("{window} 号窗口"),
                valid_to: NaiveDate::MAX,
            });
        }
        let vacancies: &[ProgrammeItem] = if shows(Shows::Vacancies) {
            &published.vacancies
        } else {
            &[]
        };
        let policies: &[ProgrammeItem] = if shows(Shows::Policies) {
            &published.policies
        } else {
            &[]
        };
        items.extend(interleave(vacancies, policies));
        let notices = if shows(Shows::Notices) {
            published.notices.clone()
        } else {
            Vec::new()
        };
        self.runner.schedule.set_programme(items);
        self.runner.schedule.set_notices(notices);
    }

    fn call(&mut self, call: &CallNow, now: Moment) {
        let is_here = self
            .config
            .window
            .is_none_or(|window| window == call.window.get());
        if is_here && self.config.shows.contains(&Shows::Calls) {
            let window_no = u16::from(call.window.get());
            let ticket_label = call.label.to_string();
            self.runner.schedule.call(
                Call {
                    ticket_label,
                    window_no,
                },
                now,
            );
        }
    }
}

/// What all boards choose from.
struct Published {
    vacancies: Vec<ProgrammeItem>,
    policies: Vec<ProgrammeItem>,
    notices: Vec<crate::schedule::Notice>,
}

impl Published {
    fn of(view: &HallView, today: NaiveDate) -> Self {
        let newest = view.newest_listings(today, VACANCIES_MAX);
        let vacancies = newest.into_iter().filter_map(board_text::vacancy_line);
        let mut published = Self {
            vacancies: vacancies.collect(),
            policies: Vec::new(),
            notices: Vec::new(),
        };
        for notice in view.notices().filter(|notice| notice.valid_from <= today) {
            match board_text::notice(notice) {
                Some(BoardNotice::Policy(item)) => published.policies.push(item),
                Some(BoardNotice::Notice(notice)) => published.notices.push(notice),
                None => {}
            }
        }
        published
    }
}

/// Policies in between the vacancies; whatever there is more of goes last.
fn interleave(vacancies: &[ProgrammeItem], policies: &[ProgrammeItem]) -> Vec<ProgrammeItem> {
    let mut policies = policies.iter().cloned();
    let mut items = Vec::new();
    for some in vacancies.chunks(VACANCIES_PER_POLICY) {
        items.extend_from_slice(some);
        items.extend(policies.next());
    }
    items.extend(policies);
    items
}
