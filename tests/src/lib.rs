//! The harness of the whole-hall tests: starts the real binaries, ends them by their id, and speaks
//! to the kiosk's control socket and to the staff pages; a hall's month on the queue alone; and how
//! benches print figures. Of the product it asserts nothing but the laws of the queue in that month.

pub mod board_program;
pub mod figures;
pub mod glyphs;
pub mod hall_month;
pub mod kiosk_control;
pub mod lone_kiosk;
pub mod process;
