//! Adaptive's Alpha signs (BetaBrite and its relatives), by the sheet `alpha.md`.
//!
//! Layers, each knowing only the ones below: [`payload`], [`label`] and [`byte_enum`] → [`piece`],
//! [`text`], [`look`], [`dots`], [`memory`], [`clock`] → [`file`] and [`function`] → [`command`] (values); beside them
//! [`address`] → [`packet`], [`answer`] and [`decoder`] (bytes on the line); above both [`document`]
//! (JSON) and [`page`], [`sign`] and [`dialect`] (what a link asks). Nothing here does I/O or
//! knows the time; pauses that a sign needs inside a packet are given as places, not slept.
//!
//! The line has seven bits and signs have no Chinese font: Hanzi are shown as pictures only, drawn by
//! [`crate::render`] and sent by [`file::FileCommand::WriteSmallDots`].
//!
//! What the sheet names but does not lay out is neither written nor explained here: the three-byte
//! format, RGB dots, the run lengths of large dots, bulletins, time-out messages, dimming, counters, how
//! the run day table (E `2`) writes a day, and what the replies `"`, `#` and `*` hold. Such commands are
//! read and written as bytes, `unknown`. Large dots (M) are written and read, but no link sends them: the
//! sheet does not say how memory is laid out for one. So a code of 64 dots, which needs more than the 31
//! rows of small dots, is refused where the configuration asks for it.

pub mod address;
pub mod answer;
mod byte_enum;
pub mod clock;
pub mod command;
pub mod decoder;
pub mod dialect;
pub mod document;
pub mod dots;
pub mod examples;
mod family;
pub mod file;
pub mod function;
pub mod label;
pub mod look;
pub mod memory;
pub mod packet;
pub mod page;
pub mod payload;
pub mod piece;
#[cfg(test)]
mod properties;
pub mod sign;
pub mod text;
mod words;
#[cfg(test)]
mod worked_frames;

pub use family::Signs;

/// The family's name on the command line.
pub const NAME: &str = "alpha";
/// How long a sign may think: the sheet gives no time before the first byte of an answer, so the
/// second that it allows between two bytes is taken ("Line"), which is also how long the rest of a
/// broken answer may take to pass.
pub const ANSWER_WAIT: std::time::Duration = std::time::Duration::from_secs(1);
/// How long a packet may stand still inside before it is given up ("Line").
pub(super) const STANDSTILL_MAX: std::time::Duration = std::time::Duration::from_secs(1);
