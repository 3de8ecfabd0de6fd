//! The boards of a hall, each with its schedule: the feed goes in, orders for the buses come out.
//! Pure; the moment is an argument.

use std::time::Duration;

use chrono::NaiveDate;
use wire::api::{CallNow, NoticeKind};

use super::board_text;
use super::hall_view::HallView;
use crate::config::{BoardConfig, BoardsConfig, Shows};
use crate::content::BoardId;
use crate::link::Order;
use crate::moment::Moment;
use crate::schedule::{
    BoardRunner, Call, Emergency, Layer, ProgrammeItem, Schedule, ScheduleSettings,
};

/// The rotation holds the newest so many: four minutes for a whole turn.
const VACANCIES_MAX: usize = 30;
/// A text comes up after so many vacancies.
const VACANCIES_PER_TEXT: usize = 5;

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
        let emergency = published.emergency.as_ref();
        self.runner.schedule.set_emergency(emergency);
        let mut items = Vec::new();
        if let Some(window) = self.config.window {
            items.push(ProgrammeItem::Policy {
                text: format!("{window} 号窗口"),
                valid_to: NaiveDate::MAX,
            });
        }
        let texts: Vec<ProgrammeItem> = published
            .texts
            .iter()
            .filter(|(shows, _)| self.config.shows.contains(shows))
            .map(|(_, item)| item.clone())
            .collect();
        let vacancies: &[ProgrammeItem] = if self.config.shows.contains(&Shows::Vacancies) {
            &published.vacancies
        } else {
            &[]
        };
        items.extend(interleave(vacancies, texts));
        self.runner.schedule.set_programme(items);
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

/// Where a text has its place in the rotation; an emergency has none, it goes before it.
fn shows_of(kind: NoticeKind) -> Option<Shows> {
    match kind {
        NoticeKind::Policy => Some(Shows::Policies),
        NoticeKind::Notice => Some(Shows::Notices),
        NoticeKind::Emergency => None,
    }
}

/// What all boards choose from.
struct Published {
    vacancies: Vec<ProgrammeItem>,
    /// Policies and notices.
    texts: Vec<(Shows, ProgrammeItem)>,
    /// Goes on every board, whatever else it shows.
    emergency: Option<Emergency>,
}

impl Published {
    fn of(view: &HallView, today: NaiveDate) -> Self {
        let newest = view.newest_listings(today, VACANCIES_MAX);
        let in_force = view.notices().filter(|notice| notice.valid_from <= today);
        Self {
            vacancies: newest
                .into_iter()
                .filter_map(board_text::vacancy_line)
                .collect(),
            texts: in_force
                .filter_map(|notice| Some((shows_of(notice.kind)?, board_text::page_of(notice)?)))
                .collect(),
            emergency: view.emergency(),
        }
    }
}

/// A text after every few vacancies; what is left of the texts goes last.
fn interleave(vacancies: &[ProgrammeItem], texts: Vec<ProgrammeItem>) -> Vec<ProgrammeItem> {
    let mut texts = texts.into_iter();
    let mut items = Vec::new();
    for some in vacancies.chunks(VACANCIES_PER_TEXT) {
        items.extend_from_slice(some);
        items.extend(texts.next());
    }
    items.extend(texts);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> ProgrammeItem {
        ProgrammeItem::Policy {
            text: text.to_owned(),
            valid_to: NaiveDate::MAX,
        }
    }

    #[test]
    fn an_emergency_is_on_a_board_that_shows_calls_of_one_window_only() {
        let text = r#"
            [[port]]
            path = "/dev/ttyS0"
            [[port.board]]
            id = "window-3"
            name = "3 号窗口屏"
            family = "onbon-k"
            address = 3
            width = 128
            height = 16
            colour = "single"
            shows = ["calls"]
            window = 3
        "#;
        let config = crate::config::parse(text).expect("a good file");
        let mut board = HallBoard::new(0, &config.ports[0].boards[0]);
        let now = Moment {
            since_start: Duration::ZERO,
            wall: NaiveDate::default().and_time(chrono::NaiveTime::MIN),
        };
        let mut shows = |emergency: Option<&str>| {
            board.publish(&Published {
                vacancies: Vec::new(),
                texts: Vec::new(),
                emergency: emergency.map(|text| Emergency { text: text.into() }),
            });
            let shown = board.runner.schedule.show(now).expect("something to show");
            (shown.layer, shown.content.text())
        };
        let idle = (Layer::Programme, "3 号窗口".to_owned());
        assert_eq!(shows(None), idle);
        assert_eq!(
            shows(Some("请离开")),
            (Layer::Emergency, "请离开".to_owned())
        );
        assert_eq!(shows(None), idle);
    }

    #[test]
    fn texts_come_up_between_the_vacancies_and_none_is_lost() {
        let vacancies: Vec<_> = (0..7).map(|number| page(&number.to_string())).collect();
        let items = interleave(&vacancies, vec![page("甲"), page("乙"), page("丙")]);
        let at = |text: &str| items.iter().position(|item| *item == page(text));
        assert_eq!(items.len(), 10);
        assert_eq!((at("甲"), at("乙"), at("丙")), (Some(5), Some(8), Some(9)));
    }
}
