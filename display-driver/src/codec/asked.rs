//! Frames ready for the wire, what comes back from them, and why an ask never goes out.

use std::time::Duration;

/// Bytes in one go, and how long the line then pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Silence behind them, counted from the last stop bit.
    pub pause: Duration,
}

impl Run {
    /// Bytes with nothing to wait for behind them.
    #[must_use]
    pub fn unpaused(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            pause: Duration::ZERO,
        }
    }
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
