//! Draws text to LED dots and speaks the serial protocols of the hall's boards.
//!
//! Without default features this library is pure: it never opens a port, reads a clock, sleeps or
//! draws a random number. Bytes flow `schedule` → `link` → `codec`, and back as dots through
//! `virtual_board` and `render`. The feature `port` adds the serial port, the bus task that owns it,
//! the configuration file and the command line.

#[cfg(feature = "port")]
pub mod bus;
#[cfg(feature = "port")]
pub mod cli;
pub mod codec;
#[cfg(feature = "port")]
pub mod config;
pub mod content;
pub mod discovery;
pub mod fault_words;
#[cfg(feature = "port")]
pub mod hall_clock;
pub mod line_format;
pub mod link;
pub mod moment;
pub mod page;
mod parser_words;
pub mod playlist;
#[cfg(feature = "port")]
pub mod port;
pub mod preview;
pub mod render;
pub mod schedule;
#[cfg(feature = "port")]
pub mod serial_ports;
#[cfg(feature = "port")]
pub mod serve;
#[cfg(feature = "port")]
pub mod simulator;
pub mod virtual_board;
