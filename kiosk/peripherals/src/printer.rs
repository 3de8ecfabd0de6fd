//! Printers: the seam that the application uses, and the shell that runs a [`PrintJob`] on a line.
//!
//! A line that is gone is opened again for the next paper. One paper at a time, because a printer is
//! borrowed while it prints; dropping the future leaves the paper's outcome unknown, and nothing of it
//! behind: what was not sent is overwritten.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use zeroize::Zeroize as _;

use crate::escpos::document::Document;
use crate::escpos::typeset::{self, Paper};
use crate::port::{Plug, Port};
use crate::printing::{Input, Outcome, Output, PrintJob, Timing, Trouble, Warning};

/// Something that is being done by a device; dropped, it is broken off.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Prints papers.
pub trait Printer: Send {
    /// Prints a paper, and says what became of it.
    fn print<'a>(&'a mut self, document: &'a Document) -> Doing<'a, Outcome>;

    /// Asks how the printer is, without a paper.
    fn health(&mut self) -> Doing<'_, Result<Option<Warning>, Trouble>>;
}

/// No printer: the code on the screen takes the place of the paper.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPrinter;

impl Printer for NoPrinter {
    fn print<'a>(&'a mut self, _document: &'a Document) -> Doing<'a, Outcome> {
        Box::pin(async { Outcome::Refused(Trouble::Absent) })
    }

    fn health(&mut self) -> Doing<'_, Result<Option<Warning>, Trouble>> {
        Box::pin(async { Err(Trouble::Absent) })
    }
}

/// An ESC/POS printer at the end of a line.
#[derive(Debug)]
pub struct WirePrinter {
    plug: Plug,
    paper: Paper,
    timing: Timing,
    port: Option<Port>,
}

impl WirePrinter {
    /// A printer there; the line is opened when something is to be printed.
    #[must_use]
    pub fn new(plug: Plug, paper: Paper, timing: Timing) -> Self {
        Self {
            plug,
            paper,
            timing,
            port: None,
        }
    }

    async fn run(&mut self, mut job: PrintJob) -> Outcome {
        let start = Instant::now();
        let opened = self.connect().await;
        job.handle(start.elapsed(), opened);
        let mut wake = start;
        loop {
            while let Some(output) = job.poll() {
                match output {
                    Output::WakeAt(at) => wake = start + at,
                    Output::Done(outcome) => {
                        self.port = self.port.take().filter(|_| !is_lost(outcome));
                        return outcome;
                    }
                    Output::Send(mut bytes) => {
                        let is_sent = self.send(&bytes).await;
                        bytes.zeroize();
                        if !is_sent {
                            job.handle(start.elapsed(), Input::Lost);
                        }
                    }
                }
            }
            let input = self.next(wake).await;
            job.handle(start.elapsed(), input);
        }
    }

    /// A line that is held still may have died unnoticed: one that is at its end is opened anew.
    async fn connect(&mut self) -> Input {
        if let Some(port) = &mut self.port
            && is_dead(port).await
        {
            self.port = None;
        }
        if self.port.is_none() {
            self.port = self.plug.open().await.ok();
        }
        match self.port {
            Some(_) => Input::Opened,
            None => Input::Lost,
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> bool {
        match &mut self.port {
            Some(port) => port.write(bytes).await.is_ok(),
            None => false,
        }
    }

    async fn next(&mut self, wake: Instant) -> Input {
        let Some(port) = &mut self.port else {
            return Input::Lost;
        };
        let mut buffer = [0; 64];
        tokio::select! {
            read = port.read(&mut buffer) => match read {
                Ok(count) => Input::Received(buffer[..count].to_vec()),
                Err(_) => {
                    self.port = None;
                    Input::Lost
                }
            },
            () = sleep_until(wake) => Input::Woken,
        }
    }
}

/// Reads what waits; a line that is at its end is dead.
async fn is_dead(port: &mut Port) -> bool {
    let mut buffer = [0; 64];
    loop {
        match tokio::time::timeout(Duration::from_millis(1), port.read(&mut buffer)).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => return true,
            Err(_) => return false,
        }
    }
}

/// Whether the line should be opened anew for the next paper.
fn is_lost(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Unknown(_) | Outcome::Refused(Trouble::Absent | Trouble::Silent)
    )
}

impl Printer for WirePrinter {
    fn print<'a>(&'a mut self, document: &'a Document) -> Doing<'a, Outcome> {
        let bytes = typeset::bytes(document, self.paper);
        let job = PrintJob::new(bytes, self.timing);
        Box::pin(self.run(job))
    }

    fn health(&mut self) -> Doing<'_, Result<Option<Warning>, Trouble>> {
        let job = PrintJob::health_only(self.timing);
        Box::pin(async move {
            match self.run(job).await {
                Outcome::Printed(warning) => Ok(warning),
                Outcome::Refused(trouble) | Outcome::Unknown(Some(trouble)) => Err(trouble),
                Outcome::Unknown(None) => Err(Trouble::Silent),
            }
        })
    }
}
