//! Families of controller cards, and what a link asks of any of them.
//!
//! Two closed lists. Every family is a module and a line in [`Protocol`]: its frames can be written and
//! read. One that a link can drive has a line in [`BoardFamily`], [`BoardFamily::ask`] and [`Ear`], too.
//! Nothing here does I/O or knows the time.

use chrono::NaiveDateTime;

use crate::content::{AreaContent, AreaId};

pub mod alpha;
pub(crate) mod hex_text;
pub mod onbon_k;

pub use onbon_k::answer::Reaction;
pub use onbon_k::decoder::FrameError;
pub use onbon_k::message::Side;

/// A protocol whose frames can be written and read: the registry of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Onbon BX-5K and BX-6K font-library cards.
    OnbonK,
    /// Adaptive's Alpha signs.
    Alpha,
}

impl Protocol {
    /// All protocols.
    pub const ALL: [Self; 2] = [Self::OnbonK, Self::Alpha];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnbonK => onbon_k::NAME,
            Self::Alpha => alpha::NAME,
        }
    }

    /// The protocol of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|protocol| protocol.name() == name)
    }
}

/// A family of cards that a link drives: they answer what they are told. Alpha signs do not, or not
/// all of them, so a link cannot know them and their protocol is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoardFamily {
    /// Onbon BX-5K and BX-6K font-library cards.
    OnbonK,
}

/// What a link asks of a board. All of it is safe to repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Are you there?
    Ping,
    /// Which areas do you hold?
    QueryStatus,
    /// Take this time.
    SetClock(NaiveDateTime),
    /// 0..15.
    SetBrightness(u8),
    /// Light up.
    PowerOn,
    /// Go dark.
    PowerOff,
    /// Drop everything shown.
    ClearScreen,
    /// Show this in its area.
    Show(AreaContent),
    /// Drop an area.
    Remove(AreaId),
}

/// A frame ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Characters the card cannot draw, replaced by `□` or a look-alike.
    pub substituted: Vec<char>,
}

/// The content does not fit the card's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The text takes {bytes} bytes, the card holds {bytes_max}.")]
pub struct Unsendable {
    /// Needed.
    pub bytes: usize,
    /// Available.
    pub bytes_max: usize,
}

/// A sound frame heard on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusFrame {
    /// The sender's address.
    pub from: u16,
    /// Whether it is meant for a host; our own echo is not.
    pub to_host: bool,
    /// What it says.
    pub heard: Heard,
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
    /// Something this driver did not ask for.
    Other,
}

/// A board's "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The family's own code.
    pub code: u8,
    /// What to do about it.
    pub reaction: Reaction,
}

/// A stream decoder of some family.
#[derive(Debug)]
pub enum Ear {
    /// For Onbon K cards.
    OnbonK(onbon_k::decoder::Decoder),
}

impl BoardFamily {
    /// All families.
    pub const ALL: [Self; 1] = [Self::OnbonK];

    /// One frame that asks `ask` of the board at `address`.
    pub fn ask(self, address: u16, ask: &Ask) -> Result<Asked, Unsendable> {
        match self {
            Self::OnbonK => onbon_k::dialect::encode(address, ask),
        }
    }

    /// A decoder for what boards of this family say.
    #[must_use]
    pub fn ear(self) -> Ear {
        match self {
            Self::OnbonK => Ear::OnbonK(onbon_k::decoder::Decoder::new()),
        }
    }
}

impl Ear {
    /// Takes bytes in, in any division.
    pub fn push(&mut self, bytes: &[u8]) {
        match self {
            Self::OnbonK(decoder) => decoder.push(bytes),
        }
    }

    /// The next frame or fault; `None` means "push more".
    pub fn hear(&mut self) -> Option<Result<BusFrame, FrameError>> {
        match self {
            Self::OnbonK(decoder) => onbon_k::dialect::listen(decoder),
        }
    }

    /// Bytes skipped outside frames so far.
    #[must_use]
    pub fn noise_bytes(&self) -> u64 {
        match self {
            Self::OnbonK(decoder) => decoder.noise_bytes(),
        }
    }

    /// Forgets a frame that has begun.
    pub fn abandon(&mut self) {
        match self {
            Self::OnbonK(decoder) => decoder.abandon(),
        }
    }
}
