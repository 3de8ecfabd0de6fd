//! The program `central`; all of it is in the library, because the demo runs it in its own process.

use std::process::ExitCode;

fn main() -> ExitCode {
    central::cli::run(std::env::args_os().collect())
}
