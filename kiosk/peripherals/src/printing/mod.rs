//! Printing one paper, as a state machine: no port, no clock.
//!
//! Drain → ask → refuse when the printer says offline, cover open or no paper → send → wait for the
//! wire and the paper → ask again → printed (sheet, "Safe print procedure"). A printer that answers
//! nothing before the send is refused as unknown; one that was there and answers nothing after it, or
//! that went away in between, leaves an **unknown outcome**: nobody prints again until a person has
//! looked ([`Outcome::Unknown`]), and then the paper says 补打 ([`crate::slip::Copy::Reprint`]).
//!
//! Time is an argument: moments are durations since the owner's own beginning.

mod machine;
mod outcome;

#[cfg(test)]
mod tests;

pub use machine::{Input, Output, PrintJob};
pub use outcome::{Health, Outcome, Timing, Trouble, Warning};
