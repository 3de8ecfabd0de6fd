//! What a code scanner types: a line that ends with Enter.
//!
//! Scanners type like keyboards, only faster; [`WireScanner`] is for one on a serial line. [`Collector`] tells a scanned line from touches of a key by
//! its speed, holds no more than [`SCAN_BYTES_MAX`] and refuses what is longer until the line has ended,
//! so that 4 kB of garbage cost one sentence. [`recognise`] says what a line is. Pure: moments are
//! arguments. Whatever is held is overwritten when it is taken or dropped: it may be a phone's identity code.

mod wire_scanner;

use std::time::Duration;

use thiserror::Error;
use wire::slip::{self, ScannedSlip};
use zeroize::{Zeroize as _, Zeroizing};

pub use wire_scanner::{Scanner, VirtualScanner, WireScanner};

/// Longest line: a QR code of version 40 holds less than 3 kB, ours and the phone codes under 1 kB.
pub const SCAN_BYTES_MAX: usize = 1_024;
/// Scanners type a character in a few milliseconds; a person does not.
const BETWEEN_KEYS_MAX: Duration = Duration::from_millis(80);
/// Digits of the code beside a ticket's number.
const CODE_DIGITS: usize = 4;

/// A scanned line.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan(Zeroizing<String>);

impl std::fmt::Debug for Scan {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Scan({} bytes)", self.0.len())
    }
}

impl Scan {
    /// The line without its end.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Why a scan is not used; for the person who scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScanFault {
    /// More than any code of ours.
    #[error("这个码太长，本机不认识。请扫小票上的二维码。")]
    TooLong,
    /// There is no scanner, or it was unplugged.
    #[error("扫码器没有接上。请在屏幕上输入小票上的号码。")]
    Absent,
    /// Not ours.
    #[error("这不是本中心的码。请扫小票上的二维码。")]
    Unknown,
}

/// Gathers keys into lines.
pub struct Collector {
    held: Zeroizing<String>,
    is_too_long: bool,
    last_key: Option<Duration>,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Collector({} bytes)", self.held.len())
    }
}

impl Default for Collector {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector {
    /// Nothing was typed.
    #[must_use]
    pub fn new() -> Self {
        Self {
            held: Zeroizing::new(String::with_capacity(SCAN_BYTES_MAX)),
            is_too_long: false,
            last_key: None,
        }
    }

    /// A key at a moment. Gives the line when it ends one.
    pub fn key(&mut self, now: Duration, key: char) -> Option<Result<Scan, ScanFault>> {
        self.forget_old(now);
        self.last_key = Some(now);
        match key {
            '\r' | '\n' => self.end(),
            _ if key.is_control() => None,
            _ => {
                self.take(key);
                None
            }
        }
    }

    /// Forgets a line that broke off.
    pub fn forget_old(&mut self, now: Duration) {
        let is_late = |last| now.saturating_sub(last) > BETWEEN_KEYS_MAX;
        if self.last_key.is_some_and(is_late) {
            self.reset();
        }
    }

    /// Forgets what was typed: another page, another person.
    pub fn reset(&mut self) {
        self.held.zeroize();
        self.is_too_long = false;
        self.last_key = None;
    }

    fn take(&mut self, key: char) {
        if self.held.len() + key.len_utf8() > SCAN_BYTES_MAX {
            self.held.zeroize();
            self.is_too_long = true;
        }
        if !self.is_too_long {
            self.held.push(key);
        }
    }

    fn end(&mut self) -> Option<Result<Scan, ScanFault>> {
        let outcome = if self.is_too_long {
            Some(Err(ScanFault::TooLong))
        } else if self.held.is_empty() {
            None
        } else {
            let line = self.held.trim();
            let mut copy = String::with_capacity(line.len());
            copy.push_str(line);
            Some(Ok(Scan(Zeroizing::new(copy))))
        };
        self.reset();
        outcome
    }
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    /// The code of a slip.
    Slip(Box<ScannedSlip>),
    /// Four digits, as beside a number.
    FourDigits(String),
}

/// Looks at a line.
///
/// # Errors
/// [`ScanFault::Unknown`] for everything else.
pub fn recognise(scan: &Scan) -> Result<Recognised, ScanFault> {
    let text = scan.text();
    let is_code = text.len() == CODE_DIGITS && text.bytes().all(|it| it.is_ascii_digit());
    if is_code {
        return Ok(Recognised::FourDigits(text.to_owned()));
    }
    let slip = slip::read(text).map(|slip| Recognised::Slip(Box::new(slip)));
    slip.ok_or(ScanFault::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Types a text, a key every so many milliseconds.
    fn typed(collector: &mut Collector, text: &str, every: u64) -> Vec<Result<Scan, ScanFault>> {
        let keys = text.chars().zip(0_u64..);
        keys.filter_map(|(key, index)| collector.key(ms(index * every), key))
            .collect()
    }

    fn scanned(text: &str) -> Result<Recognised, ScanFault> {
        let scans = typed(&mut Collector::new(), &format!("{text}\r"), 5);
        recognise(scans[0].as_ref().map_err(|fault| *fault)?)
    }

    #[test]
    fn the_code_of_a_slip_and_four_digits_are_recognised() {
        let Ok(Recognised::Slip(slip)) = scanned("https://hall.invalid/t/7f3k9abc") else {
            panic!("a slip");
        };
        assert_eq!(slip.token.0, "7f3k9abc");
        assert_eq!(scanned("0471"), Ok(Recognised::FourDigits("0471".into())));
        for other in [
            "https://evil.invalid/",
            "12345",
            "+8613800000000",
            "[\u{202E}]",
        ] {
            assert_eq!(scanned(other), Err(ScanFault::Unknown), "{other}");
        }
    }

    #[test]
    fn four_kilobytes_are_refused_once_and_the_next_line_is_read() {
        let mut collector = Collector::new();
        let garbage = format!("{}\r0471\r", "A".repeat(4_096));
        let outcomes = typed(&mut collector, &garbage, 1);
        assert_eq!(outcomes[0], Err(ScanFault::TooLong));
        assert_eq!(outcomes[1].as_ref().unwrap().text(), "0471");
        assert_eq!(outcomes.len(), 2);
        assert!(collector.held.capacity() <= SCAN_BYTES_MAX);
    }

    #[test]
    fn keys_of_a_person_make_no_scan() {
        let outcomes = typed(&mut Collector::new(), "0471\r", 200);
        assert_eq!(outcomes, []);
    }

    #[test]
    fn a_line_that_was_never_ended_does_not_begin_the_next_one() {
        let mut collector = Collector::new();
        assert_eq!(typed(&mut collector, "https://ha", 5), []);
        let late = "0471\n".chars().zip(0_u64..);
        let scans: Vec<_> = late
            .filter_map(|(key, index)| collector.key(ms(5_000 + index), key))
            .collect();
        assert_eq!(scans[0].as_ref().unwrap().text(), "0471");
        assert!(!format!("{scans:?}").contains("0471"));
    }
}
