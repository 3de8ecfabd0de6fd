//! The hall's queue: how often what slips say of the wait comes true over a month of a hall, what a
//! clerk's call costs with fifty windows before ten thousand people, how soon a hundred browsers
//! show it, and what a slip costs in a kiosk's own log. Every figure has its aim beside it, and beside what is durable stands one
//! durable insert of bare SQLite. Prints figures, asserts none: shared machines differ, so ratios
//! come from one run. The shares of the month are of no machine; its laws are a test of this crate.
//!
//! `cargo bench -p acceptance --bench queue [-- month calls slips browsers]`
//!
//! Disk figures are of the disk that holds `TMPDIR`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod bare;
mod browsers;
mod calls;
mod crowd;
mod line;
mod month;
mod slips;

use std::error::Error;

use acceptance::figures;

type Fault = Box<dyn Error>;
type Outcome = Result<(), Fault>;

/// Prints its figures.
type Measure = fn() -> Outcome;

/// Each measurement with the word that picks it.
const PARTS: [(&str, Measure); 4] = [
    ("month", month::measure),
    ("calls", calls::measure),
    ("slips", slips::measure),
    ("browsers", browsers::measure),
];

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    figures::picked(&PARTS, &words).try_for_each(|measure| measure())
}
