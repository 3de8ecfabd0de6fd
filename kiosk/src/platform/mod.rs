//! What stands between the pages and the machine: fonts before Slint starts, a screen without a
//! display, and the hall's loudspeaker.
//!
//! With a display Slint's own X11 or KMS backend is used instead of [`headless`].

#[cfg(feature = "demo")]
pub mod control;
pub mod fonts;
pub mod headless;
pub mod voice;
