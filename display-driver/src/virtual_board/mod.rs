//! A card simulator: bytes in, replies and dots out (sheet `onbon-bx.md` part A).
//!
//! A product of its own: demo, training and tests run on it. It shares the byte decoder with the
//! driver; what the bytes *mean* is read from the sheet a second time, here. It takes no time from a
//! clock, every call says when it happens. Program files and special areas are not simulated and are
//! refused as unknown commands. Where the sheet is silent the choice is written at the place.

mod board;
mod pacer;
mod screen;

pub use board::{BoardSettings, BoardState, Misbehaviour, VirtualBoard};
pub use pacer::Pacer;
