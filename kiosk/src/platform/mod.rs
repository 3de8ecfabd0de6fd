//! What stands between the pages and the machine: fonts before Slint starts, a screen without a
//! display, what is on a page, and the loudspeaker.
//!
//! With a display Slint's own X11 or KMS backend is used instead of [`headless`].

#[cfg(feature = "demo")]
pub mod control;
pub mod fonts;
pub mod headless;
pub mod page_parts;
pub mod report;
pub mod voice;
pub mod watchdog;
