//! The executable `kiosk`. Everything it does is in the library; here is only what holds for a whole
//! process: freed memory is wiped, so that nothing of a citizen stays in it.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPED_WHEN_FREED: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    // First, while there is one thread: it sets an environment variable.
    if let Err(error) = kiosk::platform::fonts::prepare() {
        kiosk::cli::say(&format!("{error}。"));
        return ExitCode::FAILURE;
    }
    kiosk::cli::run(std::env::args_os().collect())
}
