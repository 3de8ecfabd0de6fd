//! What stands between the pages and the machine: fonts before Slint starts, and a screen without a display.
//!
//! With a display Slint's own X11 or KMS backend is used and nothing here runs but [`fonts::prepare`].

#[cfg(feature = "demo")]
pub mod control;
pub mod fonts;
pub mod headless;
