//! Families of controller cards, and what a link asks of any of them.
//!
//! Two closed lists. Every family is a module and a line in [`Protocol`]: its frames can be written and
//! read. One that a link can drive has a line in [`BoardFamily`], [`Voice`] and [`Ear`], too.
//! Nothing here does I/O or knows the time.

use std::time::Duration;

use chrono::NaiveDateTime;

use crate::content::{AreaContent, AreaId};
use crate::line_format::LineFormat;

pub mod alpha;
pub(crate) mod hex_text;
pub mod onbon_k;
mod speech;
mod voice;

pub use onbon_k::answer::Reaction;
pub use onbon_k::command::FileName;
pub use onbon_k::message::{Font, Side};
pub use speech::{Face, FontName, FontPair, Fonts, Glide, Speech, Talk};
pub use voice::{Lesson, Precedence, Voice};

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

    /// The rate that boards are delivered with (`onbon-bx.md` A1; `alpha.md`, Line).
    #[must_use]
    pub fn usual_baud(self) -> u32 {
        match self {
            Self::OnbonK => 57_600,
            Self::Alpha => 9_600,
        }
    }

    /// How their bytes are framed.
    #[must_use]
    pub fn usual_format(self) -> LineFormat {
        match self {
            Self::OnbonK => LineFormat::EightNoneOne,
            Self::Alpha => LineFormat::SevenEvenOne,
        }
    }

    /// How long a board may think before it answers.
    #[must_use]
    pub fn answer_wait(self) -> Duration {
        match self {
            Self::OnbonK => onbon_k::ANSWER_WAIT,
            Self::Alpha => alpha::ANSWER_WAIT,
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

/// A family of boards that a link drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoardFamily {
    /// Onbon BX-5K and BX-6K font-library cards.
    OnbonK,
    /// Adaptive's Alpha signs.
    Alpha,
}

/// 48 levels of brightness, 0..15, one per half hour from midnight.
pub type HalfHourLevels = [u8; 48];

/// One period of a day in which a card is lit: on before off, not across midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LitPeriod {
    /// Hour and minute of switching on.
    pub on: (u8, u8),
    /// Hour and minute of switching off.
    pub off: (u8, u8),
}

/// One step of bringing program files to a card (sheet `onbon-bx.md` A3, A5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileStep {
    /// Several files follow; the screen is dark until [`FileStep::EndSeveral`].
    BeginSeveral,
    /// A file follows.
    Begin {
        /// Its name.
        name: FileName,
        /// Bytes of the whole file.
        length: u32,
        /// Whether a file of that name may be replaced.
        overwrites: bool,
    },
    /// A part of the file.
    Block {
        /// Of which file.
        name: FileName,
        /// Counts from 0.
        number: u16,
        /// Offset in the file.
        address: u32,
        /// Whether the file ends with it.
        is_last: bool,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// All files are there.
    EndSeveral,
}

/// What a link asks of a board. All of it is safe to repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Are you there?
    Ping,
    /// What do you hold?
    QueryStatus,
    /// Take this time.
    SetClock(NaiveDateTime),
    /// 0..15.
    SetBrightness(u8),
    /// Brightness by the time of day.
    SetBrightnessByHalfHours(Box<HalfHourLevels>),
    /// Light up.
    PowerOn,
    /// Be lit in these periods only, at most three.
    SetLitPeriods(Vec<LitPeriod>),
    /// Be lit all day.
    CancelLitPeriods,
    /// Which fonts do you hold?
    ReadFonts,
    /// Show this in its area.
    Show(AreaContent),
    /// Show this in its area and drop other areas, all in one frame: nothing is ever lit beside it.
    Replace {
        /// What to show.
        content: AreaContent,
        /// What to drop; never the area of the content.
        clears: Vec<AreaId>,
    },
    /// Drop an area.
    Remove(AreaId),
    /// Take a step of a file transfer.
    Transfer(FileStep),
    /// Forget every file, before a new layout.
    ClearMemory,
    /// Make room for the files that this driver writes.
    LayOut,
    /// Say again what was written.
    ReadBack,
}

impl Ask {
    /// What it shows, if it shows something.
    #[must_use]
    pub fn shown(&self) -> Option<&AreaContent> {
        match self {
            Self::Show(content) | Self::Replace { content, .. } => Some(content),
            _ => None,
        }
    }

    /// The areas that it drops.
    #[must_use]
    pub fn cleared(&self) -> &[AreaId] {
        match self {
            Self::Replace { clears, .. } => clears,
            Self::Remove(area) => std::slice::from_ref(area),
            _ => &[],
        }
    }
}

/// Bytes in one go, and how long the line then pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Silence behind them, counted from the last stop bit.
    pub pause: Duration,
}

/// Whether something comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Nothing: when the bytes have passed the board is believed to have obeyed.
    Nothing,
    /// An answer of so many bytes at most.
    Answer {
        /// Most bytes on the line.
        bytes_max: usize,
        /// How long the board may think before it begins.
        within: Duration,
        /// How long the rest of a broken answer may take to pass, at least
        /// (`serial-transport.md` §3: a partial frame is given up after X).
        broken_rest: Duration,
    },
}

/// How much of an ask a frame carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Nothing of it yet: it makes the board ready to obey.
    Preamble,
    /// A part of it; more frames follow.
    Part,
    /// The last or only one.
    Rest,
}

/// A frame ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The bytes, with the pauses between them.
    pub runs: Vec<Run>,
    /// What comes back.
    pub awaited: Awaited,
    /// How much of the ask it is.
    pub share: Share,
    /// How long the board is deaf behind it; other boards are not.
    pub rest: Duration,
    /// Characters the card cannot draw, replaced by `□` or a look-alike.
    pub substituted: Vec<char>,
}

impl Asked {
    /// All its bytes, for tools that send no family with pauses.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let runs = self.runs.iter().flat_map(|run| &run.bytes);
        runs.copied().collect()
    }
}

/// Why an ask never goes on the wire, in the family's own terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The frame is longer than the card receives.
    #[error("The frame takes {bytes} bytes, the board receives {bytes_max}.")]
    TooLong {
        /// Needed.
        bytes: usize,
        /// Available.
        bytes_max: usize,
    },
    /// The page does not fit the sign's pictures.
    #[error(
        "The page is {columns} × {rows} dots, the sign's pictures hold {columns_max} × {rows_max}."
    )]
    PictureTooLarge {
        /// Dots across.
        columns: u32,
        /// Dots down.
        rows: u32,
        /// Most dots across.
        columns_max: u32,
        /// Most dots down.
        rows_max: u32,
    },
    /// The family's sheet has no such command, or does not lay it out.
    #[error("The board's protocol cannot do it: {0}")]
    Unsupported(&'static str),
}

/// A sound frame heard on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusFrame {
    /// The sender's address; `None` where answers carry none, and whoever was asked has sent it.
    pub from: Option<u16>,
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
    /// A file block was taken, or why not, and where the next one has to begin.
    Block {
        /// `None` when it was taken.
        refusal: Option<Refusal>,
        /// Offset in the file.
        next_address: u32,
    },
    /// The fonts it holds.
    Fonts(Vec<Font>),
    /// What a sign holds, as the command that wrote it.
    Holds(alpha::command::Command),
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

/// A frame that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenFrame {
    /// Of an Onbon card.
    #[error(transparent)]
    OnbonK(#[from] onbon_k::decoder::FrameError),
    /// Of an Alpha sign.
    #[error(transparent)]
    Alpha(#[from] alpha::decoder::PacketError),
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

impl BrokenFrame {
    /// In what way.
    #[must_use]
    pub fn kind(&self) -> BrokenKind {
        match self {
            Self::OnbonK(fault) => fault.kind(),
            Self::Alpha(fault) => fault.kind(),
        }
    }
}

/// A stream decoder of some family.
#[derive(Debug)]
pub enum Ear {
    /// For Onbon K cards.
    OnbonK(onbon_k::decoder::Decoder),
    /// For Alpha signs.
    Alpha(alpha::decoder::Decoder),
}

impl BoardFamily {
    /// All families.
    pub const ALL: [Self; 2] = [Self::OnbonK, Self::Alpha];

    /// Its protocol.
    #[must_use]
    pub fn protocol(self) -> Protocol {
        match self {
            Self::OnbonK => Protocol::OnbonK,
            Self::Alpha => Protocol::Alpha,
        }
    }

    /// A decoder for what boards of this family say.
    #[must_use]
    pub fn ear(self) -> Ear {
        match self {
            Self::OnbonK => Ear::OnbonK(onbon_k::decoder::Decoder::new()),
            Self::Alpha => Ear::Alpha(alpha::decoder::Decoder::new()),
        }
    }
}

impl Ear {
    /// Takes bytes in, in any division.
    pub fn push(&mut self, bytes: &[u8]) {
        match self {
            Self::OnbonK(decoder) => decoder.push(bytes),
            Self::Alpha(decoder) => decoder.push(bytes),
        }
    }

    /// The next frame or fault; `None` means "push more".
    pub fn hear(&mut self) -> Option<Result<BusFrame, BrokenFrame>> {
        match self {
            Self::OnbonK(decoder) => {
                onbon_k::dialect::listen(decoder).map(|heard| heard.map_err(Into::into))
            }
            Self::Alpha(decoder) => {
                alpha::dialect::listen(decoder).map(|heard| heard.map_err(Into::into))
            }
        }
    }

    /// Bytes skipped outside frames so far.
    #[must_use]
    pub fn noise_bytes(&self) -> u64 {
        match self {
            Self::OnbonK(decoder) => decoder.noise_bytes(),
            Self::Alpha(decoder) => decoder.noise_bytes(),
        }
    }

    /// Forgets a frame that has begun.
    pub fn abandon(&mut self) {
        match self {
            Self::OnbonK(decoder) => decoder.abandon(),
            Self::Alpha(decoder) => decoder.abandon(),
        }
    }
}
