//! A board as its configuration plans it: its zones, and the list of each.

use std::time::Duration;

use chrono::NaiveDateTime;
use domain::calendar::WorkCalendar;
use domain::id::WindowNo;
use wire::board::{DailyWindow, Plays};

use super::query::VacancyQuery;
use super::template::VacancyTemplate;
use super::when::{DayRule, When};
use crate::content::{AreaId, AreaRect, BoardId, Pace};
use crate::page::{BoardLayout, Frame, PageLimit};

/// A board, its zones and when it is lit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPlan {
    /// Its number in the register of devices (设备编号).
    pub id: BoardId,
    /// Its dots.
    pub layout: BoardLayout,
    /// The window over which it hangs; then only calls to that window.
    pub window: Option<WindowNo>,
    /// Whether it shows calls.
    pub takes_calls: bool,
    /// At least one; none overlaps another.
    pub zones: Vec<ZonePlan>,
    /// When it is lit; not there for always.
    pub lit: Option<LitHours>,
    /// What its pages may be beside its dots.
    pub limit: PageLimit,
}

/// One zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonePlan {
    /// Its dots.
    pub rect: AreaRect,
    /// Whether a call shows here, and leaves the rest of the board alone.
    pub takes_calls: bool,
    /// What it plays, in this order.
    pub items: Vec<PlayItem>,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayItem {
    /// What.
    pub play: Play,
    /// When.
    pub when: When,
    /// How long a page stands; the usual time where it is not said.
    pub dwell: Option<Duration>,
    /// How a page comes.
    pub effect: Effect,
    /// How fast what moves does.
    pub pace: Pace,
}

/// What an item plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Play {
    /// A text of the configuration.
    Text(String),
    /// Open vacancies, newest first.
    Vacancies {
        /// Which.
        query: VacancyQuery,
        /// How each is written, while no approved template says otherwise.
        template: Option<VacancyTemplate>,
    },
    /// 政策
    Policies,
    /// 通知
    Notices,
    /// 公示
    Publicity,
    /// 标语
    Slogans,
    /// 等候名单
    Waiting,
    /// 时钟
    Clock,
    /// The window's own number, services and state.
    Window,
}

impl Play {
    /// What the register of boards calls it.
    #[must_use]
    pub fn kind(&self) -> Plays {
        match self {
            Self::Text(_) => Plays::Text,
            Self::Vacancies { .. } => Plays::Vacancies,
            Self::Policies => Plays::Policies,
            Self::Notices => Plays::Notices,
            Self::Publicity => Plays::Publicity,
            Self::Slogans => Plays::Slogans,
            Self::Waiting => Plays::Waiting,
            Self::Clock => Plays::Clock,
            Self::Window => Plays::Window,
        }
    }
}

/// How a page comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effect {
    /// At once; a line too long for a zone of one row scrolls.
    #[default]
    Still,
    /// Moves in from below and stands.
    Up,
    /// Moves in from above and stands.
    Down,
}

/// When a board is lit (`power_window`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LitHours {
    /// Parts of each day, at least one.
    pub daily: Vec<DailyWindow>,
    /// On which days.
    pub days: DayRule,
}

impl LitHours {
    /// Whether the board is lit.
    #[must_use]
    pub fn contains(&self, wall: NaiveDateTime, calendar: &WorkCalendar) -> bool {
        self.days.holds_on(wall.date(), calendar)
            && self.daily.iter().any(|part| part.contains(wall.time()))
    }
}

impl PlayItem {
    /// An item that plays always, as such items usually do.
    #[must_use]
    pub fn usual(play: Play) -> Self {
        Self {
            play,
            when: When::default(),
            dwell: None,
            effect: Effect::Still,
            pace: Pace::Usual,
        }
    }
}

impl BoardPlan {
    /// The frame of the whole board.
    #[must_use]
    pub fn whole(&self) -> Frame {
        Frame::whole(self.layout).limited(self.limit)
    }

    /// The frame of a zone. A zone that is all of the board is the board's own area; several have
    /// areas of their own beside it, so that what takes the whole board can drop them.
    #[must_use]
    pub fn frame(&self, zone: usize) -> Frame {
        let whole = self.whole();
        match self.zones.get(zone) {
            Some(plan) if plan.rect != whole.rect => Frame {
                area: AreaId(u8::try_from(zone + 1).unwrap_or(u8::MAX)),
                rect: plan.rect,
                ..whole
            },
            _ => whole,
        }
    }

    /// What a zone plays, each kind once.
    #[must_use]
    pub fn kinds(&self, zone: usize) -> Vec<Plays> {
        let items = self
            .zones
            .get(zone)
            .into_iter()
            .flat_map(|zone| &zone.items);
        let mut kinds = Vec::new();
        for kind in items.map(|item| item.play.kind()) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }
}
