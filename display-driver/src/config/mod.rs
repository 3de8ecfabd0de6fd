//! The boards of a hall as a person writes them, in TOML.
//!
//! ```toml
//! [[port]]
//! path = "/dev/serial/by-id/usb-FTDI_0001"   # or: tcp = "192.168.1.50:5005"
//! baud = 57600
//! format = "8N1"
//!
//! [[port.board]]
//! id = "hall-1"
//! name = "大厅主屏"
//! family = "onbon-k"
//! address = 1
//! width = 192
//! height = 32
//! colour = "two"
//! shows = ["vacancies", "policies", "notices", "calls"]
//! ```
//! An Alpha sign is `family = "alpha"`, may say `acknowledges = true` (2.0 and 3.0) or `reads = false`
//! (a line in one direction), and shares no port with cards, which have another line: 9600 and 7E1 where
//! `baud` and `format` are not written.
//!
//! Only what is written here is read: no environment, no defaults for what a person has to know. What
//! is wrong is said in Chinese with its line.

mod check;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::codec::alpha::address::{OwnAddress, SignType};
use crate::codec::alpha::page::Face;
use crate::codec::alpha::sign::{SignLine, Talk};
use crate::codec::{BoardFamily, Speech};
use crate::content::BoardId;
use crate::link::BoardLine;
use crate::port::PortSettings;
use crate::schedule::BoardLayout;
use crate::virtual_board::{AlphaVersion, BoardSettings, SignSettings};

pub(crate) use reading::translate;
pub use reading::{ConfigError, parse};

/// All ports of a driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardsConfig {
    /// The ports.
    pub ports: Vec<PortConfig>,
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardConfig {
    /// Unique in the file.
    pub id: BoardId,
    /// For people.
    pub name: String,
    /// The protocol.
    pub family: BoardFamily,
    /// Screen number, 1 to 32767; of an Alpha sign its address, 1 to 255.
    pub address: u16,
    /// Dots across.
    pub width: u16,
    /// Dots down.
    pub height: u16,
    /// The diodes.
    pub colour: Diodes,
    /// What it shows; everything when it is not said.
    #[serde(default = "Shows::all")]
    pub shows: BTreeSet<Shows>,
    /// The window over which it hangs: then only calls to that window, and its number when idle.
    #[serde(default)]
    pub window: Option<u8>,
    /// Whether an Alpha sign acknowledges writes: 2.0 and 3.0 only (`alpha.md`, E `s`).
    #[serde(default)]
    pub acknowledges: bool,
    /// Whether an Alpha sign answers reads; not where its line has one direction only.
    #[serde(default = "yes")]
    pub reads: bool,
}

fn yes() -> bool {
    true
}

/// What a board can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The newest vacancies in rotation.
    Vacancies,
    /// Policy texts in the same rotation.
    Policies,
    /// Notices, over the rotation.
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

impl BoardConfig {
    /// The board on its bus.
    #[must_use]
    pub fn line(&self) -> BoardLine {
        BoardLine {
            id: self.id.clone(),
            speech: match self.family {
                BoardFamily::OnbonK => Speech::OnbonK,
                BoardFamily::Alpha => Speech::Alpha(self.sign()),
            },
            address: self.address,
        }
    }

    fn sign(&self) -> SignLine {
        SignLine {
            face: Face {
                width_px: self.width,
                height_px: self.height,
            },
            talk: match (self.acknowledges, self.reads) {
                (true, _) => Talk::Acknowledges,
                (false, true) => Talk::AnswersReads,
                (false, false) => Talk::Mute,
            },
        }
    }

    /// Its dots.
    #[must_use]
    pub fn layout(&self) -> BoardLayout {
        BoardLayout {
            width_px: self.width,
            height_px: self.height,
        }
    }

    /// Its simulation, if it is an Alpha sign.
    #[must_use]
    pub fn sign_settings(&self) -> SignSettings {
        SignSettings {
            sign_type: SignType::BetaBrite,
            // Checked: a sign's address ends at 255.
            address: OwnAddress(u8::try_from(self.address).unwrap_or(u8::MAX)),
            width_px: u32::from(self.width),
            height_px: u32::from(self.height),
            version: if self.acknowledges {
                AlphaVersion::TwoOrThree
            } else {
                AlphaVersion::One
            },
        }
    }

    /// Its simulation, if it is a card.
    #[must_use]
    pub fn settings(&self) -> BoardSettings {
        BoardSettings {
            address: self.address,
            width_px: u32::from(self.width),
            height_px: u32::from(self.height),
            has_green: self.colour == Diodes::Two,
        }
    }
}
