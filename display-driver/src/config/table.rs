//! The file as it is written, with the places of what may be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::Diodes;
use super::speech::{BrightnessTable, ScrollTable};
use crate::codec::BoardFamily;
use crate::content::BoardId;
use crate::line_format::LineFormat;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTable {
    #[serde(rename = "port")]
    pub(super) ports: Vec<PortTable>,
    #[serde(default, rename = "list")]
    pub(super) lists: Vec<ListTable>,
}

/// One `[[port]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortTable {
    pub(super) path: Option<Spanned<PathBuf>>,
    pub(super) tcp: Option<Spanned<String>>,
    pub(super) baud: Option<Spanned<u32>>,
    pub(super) format: Option<Spanned<LineFormat>>,
    pub(super) dtr: Option<Spanned<bool>>,
    pub(super) rts: Option<Spanned<bool>>,
    pub(super) low_latency: Option<Spanned<bool>>,
    #[serde(default, rename = "board")]
    pub(super) boards: Vec<BoardTable>,
}

/// One `[[port.board]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BoardTable {
    pub(super) id: Spanned<BoardId>,
    pub(super) name: Spanned<String>,
    pub(super) family: Spanned<BoardFamily>,
    pub(super) address: Spanned<u16>,
    pub(super) width: Spanned<u16>,
    pub(super) height: Spanned<u16>,
    pub(super) colour: Diodes,
    pub(super) shows: Option<Spanned<BTreeSet<Shows>>>,
    pub(super) window: Option<Spanned<u8>>,
    pub(super) calls: Option<Spanned<bool>>,
    pub(super) lit: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(super) lit_days: DaysWord,
    pub(super) acknowledges: Option<Spanned<bool>>,
    pub(super) reads: Option<Spanned<bool>>,
    pub(super) fonts: Option<Spanned<BTreeMap<String, String>>>,
    pub(super) latin_fonts: Option<Spanned<BTreeMap<String, String>>>,
    pub(super) frame_bytes: Option<Spanned<u16>>,
    pub(super) scroll: Option<Spanned<ScrollTable>>,
    pub(super) flash_half_s: Option<Spanned<u8>>,
    pub(super) answer_ms: Option<Spanned<u64>>,
    pub(super) brightness: Option<Spanned<BrightnessTable>>,
    pub(super) timer: Option<Spanned<Vec<String>>>,
    pub(super) programs: Option<Spanned<Vec<PathBuf>>>,
    #[serde(default, rename = "zone")]
    pub(super) zones: Vec<ZoneTable>,
}

/// What a board without zones shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The newest vacancies in rotation.
    Vacancies,
    /// Policy texts in the same rotation.
    Policies,
    /// Notices, public announcements and slogans.
    Notices,
    /// Ticket calls, over all of these.
    Calls,
}

impl Shows {
    /// What a board shows when its file does not say.
    #[must_use]
    pub fn all() -> BTreeSet<Self> {
        [Self::Vacancies, Self::Policies, Self::Notices, Self::Calls].into()
    }
}

/// One `[[port.board.zone]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneTable {
    pub(super) x: Spanned<u16>,
    pub(super) y: Spanned<u16>,
    pub(super) width: Spanned<u16>,
    pub(super) height: Spanned<u16>,
    pub(super) list: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) calls: bool,
    #[serde(default, rename = "item")]
    pub(super) items: Vec<ItemTable>,
}

/// One `[[list]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListTable {
    pub(super) name: Spanned<String>,
    #[serde(default, rename = "item")]
    pub(super) items: Vec<ItemTable>,
}

/// One item of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemTable {
    pub(super) play: Spanned<PlayWord>,
    pub(super) text: Option<Spanned<String>>,
    pub(super) words: Option<Spanned<Vec<String>>>,
    pub(super) place: Option<Spanned<String>>,
    pub(super) pay_from: Option<Spanned<u32>>,
    pub(super) forms: Option<Spanned<Vec<FormWord>>>,
    pub(super) newest: Option<Spanned<usize>>,
    pub(super) template: Option<Spanned<String>>,
    pub(super) link: Option<Spanned<String>>,
    pub(super) times: Option<Spanned<Vec<String>>>,
    pub(super) weekdays: Option<Spanned<Vec<WeekdayWord>>>,
    #[serde(default)]
    pub(super) days: DaysWord,
    pub(super) from: Option<Spanned<Datetime>>,
    pub(super) to: Option<Spanned<Datetime>>,
    pub(super) dwell: Option<Spanned<u64>>,
    #[serde(default)]
    pub(super) effect: EffectWord,
    #[serde(default)]
    pub(super) speed: SpeedWord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PlayWord {
    Text,
    Vacancies,
    Policies,
    Notices,
    Publicity,
    Slogans,
    Waiting,
    Clock,
    Window,
    Qr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum DaysWord {
    #[default]
    Every,
    Working,
    Rest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EffectWord {
    #[default]
    Still,
    Up,
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SpeedWord {
    Slow,
    #[default]
    Usual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum FormWord {
    #[serde(rename = "全职")]
    FullTime,
    #[serde(rename = "兼职")]
    PartTime,
    #[serde(rename = "零工")]
    Gig,
    #[serde(rename = "实习")]
    Internship,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum WeekdayWord {
    #[serde(rename = "周一")]
    Monday,
    #[serde(rename = "周二")]
    Tuesday,
    #[serde(rename = "周三")]
    Wednesday,
    #[serde(rename = "周四")]
    Thursday,
    #[serde(rename = "周五")]
    Friday,
    #[serde(rename = "周六")]
    Saturday,
    #[serde(rename = "周日")]
    Sunday,
}
