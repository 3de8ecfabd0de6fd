//! What the sync service bears: durable ingest beside raw SQLite, single pushes over HTTP beside a
//! bare axum handler, a device that catches up, thousands of held feeds that wake, the start with
//! a long record, and a flood of bad requests while others push. Every figure has its aim beside
//! it. Prints figures, asserts none: shared machines differ, so ratios come from one run.
//!
//! `cargo bench -p acceptance --bench sync [-- ingest requests feed wake start bad] [--ten-million]`
//!
//! Requests are made and signed before the clock runs. The server under load is a process of its
//! own: this program under the word `serve`, which calls what `central serve` calls, with limits
//! that let one address pose as a district. Disk figures are of the disk that holds `TMPDIR`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod bad_input;
mod catching_up;
mod hall;
mod ingest;
mod load;
mod raw_rows;
mod record;
mod requests;
mod server;
mod start;
mod wake_up;

use std::error::Error;

use acceptance::figures;

type Fault = Box<dyn Error>;
type Outcome = Result<(), Fault>;

/// Prints its figures.
type Measure = fn() -> Outcome;

/// Each measurement with the word that picks it.
const PARTS: [(&str, Measure); 6] = [
    ("ingest", ingest::measure),
    ("requests", requests::measure),
    ("feed", catching_up::measure),
    ("wake", wake_up::measure),
    ("start", start::measure),
    ("bad", bad_input::measure),
];

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some(server::SERVE) => return server::serve(&words[1..]),
        Some(server::BARE) => return server::bare(),
        _ => {}
    }
    figures::picked(&PARTS, &words).try_for_each(|measure| measure())
}
