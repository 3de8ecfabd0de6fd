//! Keys: what a keypad for the blind or a code scanner, which is a keyboard to the machine, sends.
//! A scanner types fast and ends with Enter; a person steps with Tab or arrows and presses Enter.
//!
//! A scanned code may be somebody's: it is wiped when it is dropped, bounded, never printed, and a
//! half of one does not stay. Nothing here means anything outside the page, so no key leads out.

use std::time::Duration;

use kiosk_peripherals::scanner::{Collector, ScanFault};

pub use kiosk_peripherals::scanner::Scan;

const TAB: char = '\t';
const BACK_TAB: char = '\u{19}';
const ENTER: [char; 2] = ['\n', '\r'];
const NEXT: [char; 3] = [TAB, '\u{F701}', '\u{F703}'];
const PREVIOUS: [char; 3] = [BACK_TAB, '\u{F700}', '\u{F702}'];

/// What a key came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAct {
    /// On to the next thing that can be touched.
    Next,
    /// Back to the one before.
    Previous,
    /// Touch it.
    Press,
    /// A code was scanned, or something that is too long to be one.
    Scanned(Result<Scan, ScanFault>),
}

/// The keys of one scan so far.
#[derive(Debug, Default)]
pub struct Keys {
    scan: Collector,
}

impl Keys {
    /// A key went down.
    pub fn press(&mut self, key: char, now: Duration) -> Option<KeyAct> {
        match key {
            _ if ENTER.contains(&key) => {
                let scanned = self.scan.key(now, key);
                Some(scanned.map_or(KeyAct::Press, KeyAct::Scanned))
            }
            _ if NEXT.contains(&key) => Some(KeyAct::Next),
            _ if PREVIOUS.contains(&key) => Some(KeyAct::Previous),
            // Function keys, Escape, combinations: nothing.
            _ if key.is_control() || ('\u{F700}'..='\u{F8FF}').contains(&key) => None,
            _ => self.scan.key(now, key).map(KeyAct::Scanned),
        }
    }

    /// Forgets a scan that broke off.
    pub fn forget_old(&mut self, now: Duration) {
        self.scan.forget_old(now);
    }

    /// Forgets what was typed.
    pub fn forget(&mut self) {
        self.scan.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn typed(keys: &mut Keys, text: &str, at: u64) -> Vec<KeyAct> {
        text.chars()
            .filter_map(|key| keys.press(key, ms(at)))
            .collect()
    }

    #[test]
    fn a_scanner_types_fast_and_ends_with_enter() {
        let mut keys = Keys::default();
        let acts = typed(&mut keys, "http://h/s/abc\n", 1_000);
        let [KeyAct::Scanned(Ok(scan))] = &acts[..] else {
            panic!("{acts:?}");
        };
        assert_eq!(scan.text(), "http://h/s/abc");
        assert!(!format!("{acts:?} {keys:?}").contains("abc"));
    }

    #[test]
    fn half_a_scan_is_forgotten_before_the_next_one() {
        let mut keys = Keys::default();
        typed(&mut keys, "999999", 1_000);
        let acts = typed(&mut keys, "A012\r", 2_000);
        assert!(matches!(&acts[..], [KeyAct::Scanned(Ok(scan))] if scan.text() == "A012"));
    }

    #[test]
    fn four_kilobytes_are_refused_and_the_next_code_is_read() {
        let mut keys = Keys::default();
        let flood = format!("{}\n", "9".repeat(4_096));
        assert_eq!(
            typed(&mut keys, &flood, 1_000),
            [KeyAct::Scanned(Err(ScanFault::TooLong))]
        );
        assert_eq!(typed(&mut keys, "A1\n", 1_010).len(), 1);
    }

    #[test]
    fn enter_alone_presses_and_arrows_step() {
        let mut keys = Keys::default();
        let acts = typed(&mut keys, "\t\u{19}\u{F701}\u{F700}\n", 0);
        let steps = [
            KeyAct::Next,
            KeyAct::Previous,
            KeyAct::Next,
            KeyAct::Previous,
        ];
        assert_eq!(acts[..4], steps);
        assert_eq!(acts[4], KeyAct::Press);
    }

    #[test]
    fn function_keys_escape_and_combinations_do_nothing() {
        let mut keys = Keys::default();
        let all = "\u{F704}\u{F70F}\u{1b}\u{7f}\u{8}\u{10}\u{11}\u{17}";
        assert_eq!(typed(&mut keys, all, 0), []);
        assert_eq!(typed(&mut keys, "\n", 0), [KeyAct::Press]);
    }
}
