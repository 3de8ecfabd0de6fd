//! What happens at boards: which there are, what they were sent and said, what they have played (播出记录),
//! and whether everything is withdrawn from them. Nothing personal stands in any of it.

use domain::id::{HallId, StaffId};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

use crate::board::BoardDescription;

/// A report about one board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardReported {
    /// The hall.
    pub hall: HallId,
    /// The board's name in the driver's configuration.
    pub board: String,
    /// What happened.
    pub report: BoardReport,
}

/// What can happen to a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum BoardReport {
    /// A frame with this text went out.
    Sent {
        /// The text, for the playing log (留播出日志).
        text: String,
    },
    /// The board acknowledged this text.
    Confirmed {
        /// The text.
        text: String,
    },
    /// The text was given up.
    Failed {
        /// The text.
        text: String,
        /// Why, as a stable word: `timeout`, `nack_6`, …
        reason: String,
        /// What somebody has to do about the board, where sending again cannot help.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        needs: Option<BoardNeeds>,
    },
    /// The board has no such characters, and shows others in their place. Told once an item and board.
    Replaced {
        /// Of what it plays.
        aired: Aired,
        /// The characters, each once.
        characters: String,
    },
    /// The board lacks letters of a height that its configuration names, and shows smaller ones.
    LettersMissing {
        /// Their height in dots.
        height_px: u8,
    },
    /// The board no longer answers.
    Offline,
    /// The board answers again.
    Online,
}

/// What somebody has to do about a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardNeeds {
    /// Its card is broken.
    Repair,
    /// Its card is set up otherwise than its configuration says: fonts, firmware.
    SettingUp,
    /// Files on its card have to be deleted.
    Room,
}

/// All boards of a driver, in place of those it described before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardsDescribed {
    /// The hall.
    pub hall: HallId,
    /// The boards.
    pub boards: Vec<BoardDescription>,
}

/// What a board plays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Aired {
    /// A listing (岗位).
    Listing {
        /// Its key in the feed.
        id: String,
    },
    /// An approved text (政策、通知、公示、标语、紧急).
    Notice {
        /// Its key in the feed.
        id: String,
    },
    /// The emergency of the hall (应急), which has no key there.
    Emergency,
}

/// One period in which a board played something: told when it begins, and again, with all that has
/// become known, when it is over. `board`, `aired` and `from` name the period; what is told later
/// stands in place of what was told before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAired {
    /// The hall.
    pub hall: HallId,
    /// The board's number (设备编号).
    pub board: String,
    /// What was played.
    pub aired: Aired,
    /// The words on the board, all pages.
    pub text: String,
    /// When it was first sent.
    pub from: UtcMs,
    /// When it was taken off; not there while it plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UtcMs>,
    /// How often it was sent.
    pub sent: u32,
    /// How often the board said that it shows it.
    pub confirmed: u32,
    /// How often a board that cannot say so had the time to show it.
    pub believed: u32,
}

/// Everything that was published goes off the boards of a hall (一键撤播), until a named person lets
/// them play again. Calls and the states of windows go on: nobody wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardsCleared {
    /// Who.
    pub by: StaffId,
    /// Why, in his words.
    pub reason: String,
}

/// The boards of a hall play again what is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardsRestored {
    /// Who.
    pub by: StaffId,
}
