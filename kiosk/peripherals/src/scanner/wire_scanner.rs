//! A scanner on a serial line (many USB scanners can be set to be one), and its twin. What is on a
//! keyboard comes to the application's window and goes to a [`Collector`] there.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{Collector, Scan, ScanFault};
use crate::port::{Plug, Port};
use crate::printer::Doing;
use crate::twin::Twin;

const READ_BYTES: usize = 256;

/// Something that scans codes.
pub trait Scanner: Send {
    /// Waits for a code. Dropped, it forgets what was half scanned.
    fn scan(&mut self) -> Doing<'_, Result<Scan, ScanFault>>;
}

/// A scanner at the end of a line.
#[derive(Debug)]
pub struct WireScanner {
    plug: Plug,
    port: Option<Port>,
    collector: Collector,
    start: Instant,
    waiting: VecDeque<Result<Scan, ScanFault>>,
}

impl WireScanner {
    /// A scanner there; the line is opened when a code is asked for.
    #[must_use]
    pub fn new(plug: Plug) -> Self {
        Self {
            plug,
            port: None,
            collector: Collector::new(),
            start: Instant::now(),
            waiting: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Result<Scan, ScanFault> {
        // What was scanned before anybody asked was meant for another page.
        self.collector.reset();
        self.waiting.clear();
        let mut buffer = Zeroizing::new([0; READ_BYTES]);
        loop {
            if let Some(outcome) = self.waiting.pop_front() {
                return outcome;
            }
            if self.port.is_none() {
                let opened = self.plug.open().await;
                self.port = Some(opened.map_err(|_| ScanFault::Absent)?);
            }
            let Some(port) = &mut self.port else { continue };
            match port.read(&mut *buffer).await {
                Ok(count) => self.take(&buffer[..count]),
                Err(_) => {
                    self.port = None;
                    return Err(ScanFault::Absent);
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let now = self.start.elapsed();
        for byte in bytes {
            // No code of ours has other characters; what has is refused as a whole.
            let key = if byte.is_ascii() {
                char::from(*byte)
            } else {
                '\u{FFFD}'
            };
            self.waiting.extend(self.collector.key(now, key));
        }
    }
}

impl Scanner for WireScanner {
    fn scan(&mut self) -> Doing<'_, Result<Scan, ScanFault>> {
        Box::pin(self.next())
    }
}

/// A scanner without hardware: somebody shows it codes.
#[derive(Debug, Default)]
pub struct VirtualScanner {
    shown: Vec<u8>,
}

impl VirtualScanner {
    /// Shows it a code.
    pub fn show(&mut self, code: &str) {
        self.shown.extend_from_slice(code.as_bytes());
        self.shown.push(b'\r');
    }
}

impl Twin for VirtualScanner {
    fn receive(&mut self, _now: Duration, _bytes: &[u8]) {}

    fn answers(&mut self, _now: Duration) -> Vec<u8> {
        std::mem::take(&mut self.shown)
    }

    fn next_answer(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scanner::{Recognised, recognise};
    use crate::twin::Shared;

    #[tokio::test]
    async fn codes_are_read_over_a_line_and_garbage_costs_one_sentence() {
        let twin = Shared::new(VirtualScanner::default());
        let mut scanner = WireScanner::new(Plug::twin(&twin));
        let hand = twin.clone();
        tokio::spawn(async move {
            for code in ["A".repeat(4_096).as_str(), "0471"] {
                tokio::time::sleep(Duration::from_millis(50)).await;
                hand.with(|twin| twin.show(code));
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        });
        assert_eq!(scanner.scan().await, Err(ScanFault::TooLong));
        let scan = scanner.scan().await.unwrap();
        assert_eq!(recognise(&scan), Ok(Recognised::FourDigits("0471".into())));
        twin.unplug();
        assert_eq!(scanner.scan().await, Err(ScanFault::Absent));
        assert_eq!(scanner.scan().await, Err(ScanFault::Absent));
        twin.plug_in();
        twin.with(|twin| twin.show("12"));
        assert_eq!(scanner.scan().await.unwrap().text(), "12");
    }
}
