//! What a link asks of any board, and the steps of bringing files to one.
//!
//! All of it is safe to repeat, so what got no answer goes again. Which family can do what is the
//! family's own to say.

use chrono::NaiveDateTime;

use crate::content::{AreaContent, AreaId};

/// The four bytes of a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(pub [u8; 4]);

impl std::fmt::Display for FileName {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// A program file for a card's flash: what it shows when no driver speaks to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramFile {
    /// Its name on the card.
    pub name: FileName,
    /// All of it, its check included.
    pub bytes: Vec<u8>,
}

/// Whether one program stands alone on the glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramLock {
    /// It does, also after a power cut.
    Kept,
    /// It does until the power goes.
    UntilPowerOff,
    /// All take turns again.
    Released,
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
    /// What is your number?
    ReadNumber,
    /// Show this program alone, or not any longer.
    LockProgram(FileName, ProgramLock),
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
