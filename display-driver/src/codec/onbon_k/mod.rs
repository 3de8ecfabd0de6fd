//! Onbon (仰邦) BX-5K / BX-6K font-library cards, by the sheet `onbon-bx.md` part A.
//!
//! Layers, each knowing only the one below: [`check`] and [`header`] → [`frame`] / [`decoder`] (bytes)
//! → [`message`] with [`command`], [`area`], [`clock`], [`text`] (meaning) → [`document`] (JSON) and
//! [`dialect`] and [`card`] (what the link asks of any family). Nothing here does I/O or knows the time.
//! Part B of the sheet (graphic cards) is unverified there and not implemented.

pub mod answer;
pub mod area;
pub mod card;
pub mod check;
pub mod clock;
pub mod command;
pub mod decoder;
pub mod dialect;
pub mod document;
pub mod examples;
mod family;
pub mod frame;
pub mod header;
pub mod message;
pub mod payload;
pub mod program;
mod questions;
pub mod text;
mod words;
#[cfg(test)]
mod worked_frames;

pub use family::Cards;

/// The family's name in configuration and on the command line.
pub const NAME: &str = "onbon-k";
/// Longest frame that every card takes, escapes, lead and tail included: the receive buffer of a 5K
/// card (sheet A1). A 6K card takes 1024.
pub const FRAME_BYTES_MAX: usize = 512;
/// How long a card may think: the vendor's default of `CommTimeout` (sheet A1).
pub const ANSWER_WAIT: std::time::Duration = std::time::Duration::from_secs(2);
