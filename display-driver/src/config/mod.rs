//! The boards of a hall as a person writes them, in TOML.
//!
//! ```toml
//! [[port]]
//! path = "/dev/serial/by-id/usb-FTDI_0001"   # or: tcp = "192.168.1.50:5005"
//! baud = 57600
//! format = "8N1"
//!
//! [[port.board]]
//! id = "LED-01"                              # 设备编号
//! name = "大厅主屏"
//! family = "onbon-k"
//! address = 1
//! width = 256
//! height = 64
//! colour = "two"
//!
//! [[port.board.zone]]
//! x = 0
//! y = 0
//! width = 256
//! height = 48
//! list = "岗位"
//! calls = true
//!
//! [[list]]
//! name = "岗位"
//! [[list.item]]
//! play = "vacancies"
//! times = ["08:30-17:30"]
//! days = "working"
//! ```
//! A board without zones is one zone that plays what `shows` says. An Alpha sign is
//! `family = "alpha"`, may say `acknowledges = true` (2.0 and 3.0) or `reads = false` (a line in one
//! direction), has one zone, and shares no port with cards, which have another line: 9600 and 7E1 where
//! `baud` and `format` are not written. What the vendors' documents leave open has keys of its own
//! (`speech`): `fonts`, `latin_fonts`, `frame_bytes`, `scroll`, `flash_half_s`, `answer_ms`; `brightness`
//! and `timer` set a card up, `programs` are what it shows without a driver.
//!
//! Only what is written here is read: no environment, no defaults for what a person has to know. What
//! is wrong is said in Chinese with its line.

mod check;
mod item;
mod reading;
mod speech;
mod table;
#[cfg(test)]
mod tests;
mod zone;

use std::path::PathBuf;

use serde::Deserialize;
use wire::board::{BoardDescription, BoardLimits, ZoneDescription};

use crate::codec::{BoardFamily, Speech};
use crate::content::{BoardId, GlyphSize};
use crate::link::{BoardLine, SetUp};
use crate::page::BoardLayout;
use crate::playlist::BoardPlan;
use crate::port::PortSettings;
use crate::virtual_board::Simulation;

pub use reading::{ConfigError, parse};
pub use table::Shows;
pub use zone::plan_of;

/// All ports of a driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardsConfig {
    /// The ports.
    pub ports: Vec<PortConfig>,
    /// What plays no more, with its line: nothing is wrong with the rest of the file, and a hall has
    /// to come up after a power cut whatever the date.
    pub overdue: Vec<ConfigError>,
}

/// One port with the boards on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortConfig {
    /// Where it is and how it is set.
    pub line: PortSettings,
    /// Its boards.
    pub boards: Vec<BoardConfig>,
}

/// The diodes of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Diodes {
    /// Red.
    Single,
    /// Red and green.
    Two,
}

/// One board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardConfig {
    /// For people.
    pub name: String,
    /// Screen number, 1 to 32767; of an Alpha sign its address, 1 to 255.
    pub address: u16,
    /// The diodes.
    pub colour: Diodes,
    /// Its protocol, and how it is spoken to.
    pub speech: Speech,
    /// Brightness and timer.
    pub set_up: SetUp,
    /// Program files for the card's flash: what it shows when no driver speaks to it.
    pub programs: Vec<PathBuf>,
    /// Its number, its dots and what it plays.
    pub plan: BoardPlan,
}

impl BoardConfig {
    /// Its number in the register of devices, unique in the file.
    #[must_use]
    pub fn id(&self) -> &BoardId {
        &self.plan.id
    }

    /// The board on its bus.
    #[must_use]
    pub fn line(&self) -> BoardLine {
        BoardLine {
            id: self.plan.id.clone(),
            speech: self.speech,
            address: self.address,
        }
    }

    /// Its protocol.
    #[must_use]
    pub fn family(&self) -> BoardFamily {
        self.speech.family
    }

    /// Its dots.
    #[must_use]
    pub fn layout(&self) -> BoardLayout {
        self.plan.layout
    }

    /// Its simulation.
    #[must_use]
    pub fn simulation(&self) -> Simulation {
        Simulation {
            address: self.address,
            has_green: self.colour == Diodes::Two,
            speech: self.speech,
        }
    }

    /// What of its memory and its letters is not as its family usually has it.
    fn limits(&self) -> BoardLimits {
        let usual = Speech::usual(self.family(), self.speech.face);
        let bytes = self.speech.frame_bytes_max;
        let has = |size: &GlyphSize| self.speech.has_size(*size);
        let is_whole = GlyphSize::ALL.iter().all(has);
        let held = GlyphSize::ALL.into_iter().filter(has);
        BoardLimits {
            frame_bytes: (bytes != usual.frame_bytes_max)
                .then(|| u16::try_from(bytes).ok())
                .flatten(),
            letter_heights: match is_whole {
                true => Vec::new(),
                false => held.map(|size| size.pixels() as u8).collect(),
            },
        }
    }

    /// The board as the centre knows it.
    #[must_use]
    pub fn description(&self) -> BoardDescription {
        let zones = self.plan.zones.iter().enumerate();
        let zones = zones.map(|(number, zone)| ZoneDescription {
            x_px: zone.rect.x_px,
            y_px: zone.rect.y_px,
            width_px: zone.rect.width_px,
            height_px: zone.rect.height_px,
            plays: self.plan.kinds(number),
        });
        BoardDescription {
            board: self.plan.id.0.clone(),
            name: self.name.clone(),
            family: self.family().name().to_owned(),
            width_px: self.layout().width_px,
            height_px: self.layout().height_px,
            has_green: self.colour == Diodes::Two,
            window: self.plan.window,
            zones: zones.collect(),
            limits: self.limits(),
        }
    }
}
