//! The executable `kiosk`. Everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // First, while there is one thread: it sets an environment variable.
    if let Err(error) = kiosk::platform::fonts::prepare() {
        kiosk::cli::say(&format!("{error}。"));
        return ExitCode::FAILURE;
    }
    kiosk::cli::run(std::env::args_os().collect())
}
