//! The device log under crashes: power lost after every operation of the disk, on every legal image
//! of it, and a real process killed after every acknowledgement.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod history;
mod kill;
mod power;
