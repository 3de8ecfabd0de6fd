//! Identity cards by a reader with a SAM_V module (sheet `idcard-samv.md`).
//!
//! [`frame`] is bytes and lengths, [`message`] commands and status codes, [`card`] what stands on a
//! card, [`check`] whether it can be believed, [`poll`] the conversation as a machine without port or
//! clock. **Read, use, forget:** whatever held a card's bytes is overwritten when it is dropped, the photo is
//! dropped at once, and nothing of a card prints. Not here: the photo (its compression is licensed),
//! fingerprints, and the 2023 foreigner's card, whose type letter the sheet does not confirm; its
//! holder is asked to a window.

pub mod card;
pub mod check;
pub mod document;
pub mod frame;
pub mod message;
pub mod poll;
mod worked;

pub use worked::invented;
