//! What is heard on a line, in terms that no family owns.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::content::AreaId;

/// A sound frame heard on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusFrame {
    /// The sender's address; `None` where answers carry none, and whoever was asked has sent it.
    pub from: Option<u16>,
    /// Whether it is meant for a host; our own echo is not.
    pub to_host: bool,
    /// What it says.
    pub heard: Heard,
    /// Where it stands in all that the ear was given.
    pub place: Range<u64>,
}

/// What a board says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Done.
    Done,
    /// Not done.
    Refused(Refusal),
    /// The areas it holds.
    Areas(Vec<AreaId>),
    /// A file block was taken, or why not, and where the next one has to begin.
    Block {
        /// `None` when it was taken.
        refusal: Option<Refusal>,
        /// Offset in the file.
        next_address: u32,
    },
    /// The fonts it holds.
    Fonts(Vec<Font>),
    /// Its number.
    Number(u16),
    /// What it holds, in the family's own words.
    Holds(Vec<u8>),
    /// Something this driver did not ask for.
    Other,
}

/// A font that a card holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Font {
    /// 0 latin, 1 Chinese.
    pub kind: u8,
    /// Pixels.
    pub width: u8,
    /// Pixels.
    pub height: u8,
}

/// Who sent a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The host software.
    Host,
    /// A board.
    Board,
}

/// A board's "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The family's own code.
    pub code: u8,
    /// What to do about it.
    pub reaction: Reaction,
}

/// In what way a frame did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenKind {
    /// Its check.
    Check,
    /// Its escapes.
    Escape,
    /// It is longer or shorter than it said, or than it may be.
    Length,
    /// It began again before its end, or something else.
    Other,
}

/// What the host does about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// Nothing, it worked.
    Done,
    /// Sends again after a growing pause.
    RetryWithBackOff,
    /// Sends again at once.
    RetryAtOnce,
    /// Gives up: sending again cannot help.
    GiveUp,
    /// Gives up until files have been deleted.
    GiveUpUntilFilesDeleted,
    /// Gives up and alarms: the card is broken.
    Alarm,
    /// Gives up: somebody has to set the card up otherwise.
    ConfigurationFault,
    /// Sends the whole file again.
    RestartFile,
    /// Sends "begin file" again, with overwriting.
    ResendOverwriting,
    /// Goes on at the address in the reply.
    ResumeAtReplyAddress,
}
