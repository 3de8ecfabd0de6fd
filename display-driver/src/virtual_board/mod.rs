//! Simulators: bytes in, replies and dots out. A card of sheet `onbon-bx.md` part A, and a sign of sheet
//! `alpha.md`.
//!
//! A product of its own: demo, training and tests run on it. They share the byte decoders with the
//! driver; what the bytes *mean* is read from the sheet a second time, here. They take no time from a
//! clock, every call says when it happens. Program files are stored and not drawn; special areas
//! are refused as unknown commands. Where the sheet is silent the choice is written at the place.

use std::time::Duration;

mod board;
mod disturbance;
mod files;
mod pacer;
mod screen;
mod sign;
mod sign_face;
mod watched;

pub use board::{BoardSettings, BoardState, CardMake, Misbehaviour, VirtualBoard};
pub use disturbance::{Disturbance, DisturbanceSettings, Once, PerMille};
pub use files::Files;
pub use pacer::Pacer;
pub use sign::{AlphaVersion, SignSettings, VirtualSign};
pub use watched::{Seen, Simulation, Watched};

/// Something at the far end of a line.
pub trait OnTheLine {
    /// Takes bytes from the line and gives the bytes of all replies.
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8>;

    /// Loses what a power cut loses. Nothing, unless said otherwise.
    fn cut_power(&mut self) {}
}

impl OnTheLine for VirtualBoard {
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        self.receive(now, bytes)
    }

    fn cut_power(&mut self) {
        self.cut_power();
    }
}

impl OnTheLine for VirtualSign {
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        self.receive(now, bytes)
    }

    fn cut_power(&mut self) {
        self.cut_power();
    }
}
