//! Draws text to LED dots and speaks the serial protocols of the hall's boards.
//!
//! Without default features this library is pure: it never opens a port, reads a clock, sleeps or
//! draws a random number. Bytes flow `schedule` → `link` → `codec`, and back as dots through
//! `virtual_board` and `render`. The feature `port` adds the serial port, the bus task that owns it,
//! the configuration file and the command line.

#[cfg(feature = "port")]
pub mod cli;
pub mod codec;
pub mod content;
pub mod link;
pub mod moment;
pub mod render;
pub mod schedule;
pub mod virtual_board;
