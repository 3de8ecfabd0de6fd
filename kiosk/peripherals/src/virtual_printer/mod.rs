//! A printer without hardware: the same bytes give a picture of the paper, and it can be as unwell as a
//! real one.
//!
//! Written from the sheet, apart from the typesetter, so that each checks the other. Pure: moments are
//! arguments, and [`crate::twin`] puts it at the end of a line. A status question is answered when its
//! bytes arrive, wherever they stand, also in the middle of a picture, as real printers do; that is why
//! the driver never has one outstanding while it sends. Text is drawn in the project's font, enlarged dot by
//! dot as a thermal head does. Paper is bounded: what would be longer than two metres is not drawn.

mod head;
mod printer;

#[cfg(test)]
mod tests;

pub use head::png;
pub use printer::{Answering, Faults, PaperState, SheetEnd, Slipped, VirtualPrinter};
