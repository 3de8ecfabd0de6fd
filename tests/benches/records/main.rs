//! The record engine with a hundred thousand records of several kinds in one store: lists, search,
//! one record and the start page through the service's own router, HTML included; durable steps;
//! sheets that come in; the tables made anew. Every figure has its aim beside it, and beside what
//! SQLite bears stands what bare SQLite needs for the same rows. Prints figures, asserts none:
//! shared machines differ, so ratios come from one run.
//!
//! `cargo bench -p acceptance --bench records [-- pages steps import rebuild] [5000]`
//!
//! A number measures that many records; 2000 take seconds. Everybody in the store is invented.
//! Disk figures are of the disk that holds `TMPDIR`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod fill;
mod import;
mod invented;
mod office;
mod pages;
mod raw;
mod rebuild;
mod steps;

use std::error::Error;

use acceptance::figures;

use office::Office;

type Fault = Box<dyn Error>;
type Outcome = Result<(), Fault>;

/// Records in the store, unless a number asks for others.
const RECORDS: usize = 100_000;
/// Most requests of one kind; a small store is asked less.
const REQUESTS_MAX: usize = 2_000;

/// Measures with the records of an office.
type Measure = fn(&Office) -> Outcome;

/// Each measurement with the word that picks it. The one that holds the writer longest is last.
const PARTS: [(&str, Measure); 4] = [
    ("pages", pages::measure),
    ("steps", steps::measure),
    ("import", import::measure),
    ("rebuild", rebuild::measure),
];

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == import::ALONE) {
        return import::alone(&words[1..]);
    }
    let number = words.iter().find_map(|word| word.parse().ok());
    let records = number.unwrap_or(RECORDS);
    let office = Office::open(records, (records / 10).clamp(100, REQUESTS_MAX))?;
    figures::picked(&PARTS, &words).try_for_each(|measure| measure(&office))
}
