//! Boards as the centre knows them, and how an approved text is played on them. The driver's
//! configuration says which boards there are; the centre draws with it what an editor will see.

use chrono::NaiveTime;
use domain::id::WindowNo;
use serde::{Deserialize, Serialize};

/// One board of a driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardDescription {
    /// Its number in the register of devices (设备编号).
    pub board: String,
    /// Its name, for people.
    pub name: String,
    /// The protocol, as the configuration writes it.
    pub family: String,
    /// Dots across.
    pub width_px: u16,
    /// Dots down.
    pub height_px: u16,
    /// Whether it has green diodes beside the red ones.
    pub has_green: bool,
    /// The window over which it hangs (窗口条屏).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowNo>,
    /// Its zones.
    pub zones: Vec<ZoneDescription>,
    /// Where its memory and its letters are not as its family usually has them.
    #[serde(default, skip_serializing_if = "BoardLimits::are_usual")]
    pub limits: BoardLimits,
}

/// What a board lets a page be, where that is not as usual.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BoardLimits {
    /// Longest frame that it receives, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_bytes: Option<u16>,
    /// Heights of its letters in dots; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letter_heights: Vec<u8>,
}

impl BoardLimits {
    fn are_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// One zone of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneDescription {
    /// Left edge, in dots.
    pub x_px: u16,
    /// Top edge.
    pub y_px: u16,
    /// Width.
    pub width_px: u16,
    /// Height.
    pub height_px: u16,
    /// What it plays, in the order of its list.
    pub plays: Vec<Plays>,
}

/// What a zone can play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plays {
    /// 岗位
    Vacancies,
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
    /// A text of the configuration (固定文字).
    Text,
    /// The window's number and what it serves (窗口牌).
    Window,
}

/// How an approved text is played on boards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardPlay {
    /// What it is.
    pub content: BoardContent,
    /// The text; of a roll of vacancies the template of each.
    pub text: String,
    /// Numbers of the boards (设备编号) that play it; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boards: Vec<String>,
    /// The part of each day in which it is played; not there for the whole day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily: Option<DailyWindow>,
    /// 0 to 9; 9 comes first, 8 and 9 take the board from everything that only rotates.
    pub priority: u8,
}

/// What is published for boards (内容类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardContent {
    /// 岗位滚动: its text is the template by which each vacancy is written.
    VacancyRoll,
    /// 排队叫号: goes with the waiting list.
    Queue,
    /// 政策
    Policy,
    /// 通知
    Notice,
    /// 公示
    Publicity,
    /// 标语
    Slogan,
    /// 紧急
    Emergency,
}

impl BoardContent {
    /// The word on the wire, which is also the code of the choice in the kind.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::VacancyRoll => "vacancy_roll",
            Self::Queue => "queue",
            Self::Policy => "policy",
            Self::Notice => "notice",
            Self::Publicity => "publicity",
            Self::Slogan => "slogan",
            Self::Emergency => "emergency",
        }
    }
}

/// A part of each day, `from` before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyWindow {
    /// From this time on.
    pub from: NaiveTime,
    /// Until before this time.
    pub until: NaiveTime,
}

impl DailyWindow {
    /// Whether a time of day lies in it.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        self.from <= time && time < self.until
    }
}
