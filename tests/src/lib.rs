//! The harness of the whole-hall tests: starts the real binaries, ends them by their id, and speaks
//! to the kiosk's control socket and to the staff pages; and how benches print figures. It asserts
//! nothing about the product.

pub mod figures;
pub mod glyphs;
pub mod kiosk_control;
pub mod process;
