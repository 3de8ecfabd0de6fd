//! When a program should end: SIGINT, SIGTERM, or, where it was started by another program and
//! told so, when its standard input closes, which the parent's death does too.

use std::thread;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// Whether a closed standard input ends the program (`--stop-with-stdin`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandardInput {
    /// It says nothing.
    Ignored,
    /// Its end is ours.
    Watched,
}

/// Returns when the program should end.
///
/// # Errors
/// When the system lets no signals be watched.
pub async fn requested(standard_input: StandardInput) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        () = input_closed(standard_input) => {}
    }
    Ok(())
}

async fn input_closed(standard_input: StandardInput) {
    if standard_input == StandardInput::Ignored {
        return std::future::pending().await;
    }
    let (closed, told) = oneshot::channel();
    // A blocking read on a thread of its own, which ends with the process.
    thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _ = closed.send(());
    });
    let _ = told.await;
}

impl StandardInput {
    /// As the flag `--stop-with-stdin` says.
    #[must_use]
    pub fn by_flag(stop_with_stdin: bool) -> Self {
        if stop_with_stdin {
            Self::Watched
        } else {
            Self::Ignored
        }
    }
}
