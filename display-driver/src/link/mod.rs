//! One bus and its boards as a value: no I/O, no clock, no randomness (`serial-transport.md` §3–§5).
//!
//! The owner feeds [`Input`]s with the moment they happen and carries out the [`Output`]s. One
//! transaction is on the bus at a time. Of the texts submitted for an area only the newest is ever
//! sent. A board that does not answer costs one time-out per round, is given up after three and then
//! probed rarely; when it returns it gets PING, the clock and all current texts. Everything the link
//! asks is safe to repeat. Program files go block by block behind everything that people wait for. A
//! frame may have pauses inside; they are waited for by [`Input::Tick`], so the owner only ever writes
//! bytes. A sign that acknowledges nothing is believed when the bytes have passed, and read back or
//! written again every few minutes. What a board *confirmed* (屏已回话) and what it is only *believed* to show
//! (画面是推算的) are kept apart.

mod area_slot;
#[cfg(test)]
mod bench;
mod board;
mod duty;
#[cfg(test)]
mod emergencies;
#[cfg(test)]
mod fairness;
mod faults;
#[cfg(test)]
mod letters;
mod machine;
#[cfg(test)]
mod nonsense;
#[cfg(test)]
mod reactions;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod set_up;
#[cfg(test)]
mod signs;
#[cfg(test)]
mod soak;
mod timing;
pub mod transfer;
#[cfg(test)]
mod zones;

use std::collections::BTreeMap;
use std::time::Duration;

pub use faults::{FaultCounts, PortTrouble};
pub use machine::Link;
pub use timing::Timing;

use crate::codec::{Ask, HalfHourLevels, LitPeriod, ProgramFile, Refusal, Speech, Unsendable};
use crate::content::{AreaContent, AreaId, BoardId, GlyphSize};

/// A board on the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLine {
    /// Its id in the configuration.
    pub id: BoardId,
    /// How it is spoken to.
    pub speech: Speech,
    /// Its screen number, or a sign's address.
    pub address: u16,
}

/// Whether a text may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Programme and notices.
    Ordinary,
    /// What takes the place of something that may not be on the glass any longer: before all that is
    /// ordinary, so that it is gone from every board of a busy bus within five seconds.
    Prompt,
    /// Calls: before everything but an emergency.
    Urgent,
    /// Before everything else on the bus, calls of other boards too.
    Emergency,
}

/// How bright a card is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brightness {
    /// Always so, 0 to 15.
    Level(u8),
    /// By the time of day.
    HalfHours(Box<HalfHourLevels>),
}

/// How a card is set up, whatever it shows. What is `None` is left as it is on the card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetUp {
    /// How bright it is.
    pub brightness: Option<Brightness>,
    /// When its own timer lights it, at most three periods; empty for always. An emergency lights it
    /// all the same, and the timer comes back behind it.
    pub timer: Option<Vec<LitPeriod>>,
}

/// What a board shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Show this in its area, in place of what was ordered before.
    Show(AreaContent, Urgency),
    /// Drop an area.
    Remove(AreaId),
    /// Show these and nothing else; areas that already show theirs are left alone. The first frame
    /// that goes out drops what is not among them.
    Compose(Vec<(AreaContent, Urgency)>),
    /// Be set up so, now and whenever the board is found again.
    SetUp(SetUp),
    /// Store program files, in place of those of the same names.
    PutProgram(Vec<ProgramFile>),
}

/// What happens to the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Somebody wants something; a board not on this bus is ignored and counted.
    Submit {
        /// Which board.
        board: BoardId,
        /// What it shall do.
        order: Order,
    },
    /// Bytes came from the port.
    Received(Vec<u8>),
    /// The time asked for by [`Output::WakeAt`] has come.
    Tick,
    /// The port is open, drained and silent.
    PortOpened,
    /// The port is gone; what was in flight has an unknown outcome.
    PortLost,
}

/// What the owner shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write all these bytes. A pause inside a frame comes as [`Output::WakeAt`] between two of these.
    Send(Vec<u8>),
    /// Feed [`Input::Tick`] at this monotonic time; the newest one counts.
    WakeAt(Duration),
    /// Tell whoever wants to know.
    Event(LinkEvent),
}

/// What became of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEvent {
    /// A frame went to a board.
    Sent {
        /// Which board.
        board: BoardId,
        /// What it asks.
        ask: Ask,
        /// Characters the card cannot draw.
        substituted: Vec<char>,
    },
    /// The board said that it is done.
    Confirmed {
        /// Which board.
        board: BoardId,
        /// What was asked.
        ask: Ask,
    },
    /// A board that cannot say so has had the time to do it.
    Believed {
        /// Which board.
        board: BoardId,
        /// What was asked.
        ask: Ask,
    },
    /// Program files are on the card.
    FilesStored {
        /// Which board.
        board: BoardId,
    },
    /// A card lacks letters that its configuration names; smaller ones take their place.
    LettersMissing {
        /// Which board.
        board: BoardId,
        /// Their height.
        size: GlyphSize,
    },
    /// Given up.
    Failed {
        /// Which board.
        board: BoardId,
        /// What was asked.
        ask: Ask,
        /// Why.
        reason: FailureReason,
    },
    /// A board stopped answering, or its port went away.
    BoardOffline {
        /// Which board.
        board: BoardId,
    },
    /// A board answers.
    BoardOnline {
        /// Which board.
        board: BoardId,
    },
}

impl LinkEvent {
    /// What was asked, where something was.
    #[must_use]
    pub fn ask(&self) -> Option<&Ask> {
        match self {
            Self::Sent { ask, .. }
            | Self::Confirmed { ask, .. }
            | Self::Believed { ask, .. }
            | Self::Failed { ask, .. } => Some(ask),
            _ => None,
        }
    }

    /// The board that it is about.
    #[must_use]
    pub fn board(&self) -> &BoardId {
        match self {
            Self::Sent { board, .. }
            | Self::Confirmed { board, .. }
            | Self::Believed { board, .. }
            | Self::FilesStored { board }
            | Self::LettersMissing { board, .. }
            | Self::Failed { board, .. }
            | Self::BoardOffline { board }
            | Self::BoardOnline { board } => board,
        }
    }
}

/// Why something was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FailureReason {
    /// No answer at all.
    #[error("The board did not answer.")]
    NoAnswer,
    /// Something came, but no sound frame.
    #[error("The answer was broken.")]
    BrokenAnswer,
    /// The board said no.
    #[error("The board refused with code {}.", .0.code)]
    Refused(Refusal),
    /// The port went away; the board may or may not have done it.
    #[error("The port went away, the outcome is unknown.")]
    PortLost,
    /// The card cannot hold it.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
}

/// Whether a board answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Not asked since the port opened.
    Unknown,
    /// Answers.
    Online,
    /// Does not answer; probed rarely.
    Offline,
    /// Never answers, so nobody can know.
    Mute,
}

/// What is known of one area.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaKnowledge {
    /// Last sent; the board may show it.
    pub believed: Option<AreaContent>,
    /// Last acknowledged or read back, and nothing has been sent or lost since.
    pub confirmed: Option<AreaContent>,
}

/// What is known of one board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardKnowledge {
    /// Whether it answers.
    pub presence: Presence,
    /// Monotonic time of its last sound answer.
    pub last_heard: Option<Duration>,
    /// Its areas.
    pub areas: BTreeMap<AreaId, AreaKnowledge>,
}
