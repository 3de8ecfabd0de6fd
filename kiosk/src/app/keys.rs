//! Keys: what a keypad for the blind or a code scanner, which is a keyboard to the machine, sends.
//! A scanner types fast and ends with Enter; a person steps with Tab or arrows and presses Enter.
//!
//! A scanned code may be somebody's: it is wiped when it is dropped, bounded, never printed, and a
//! half of one does not stay. Nothing here means anything outside the page, so no key leads out.

use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

/// The longest code that is taken; those that we read have about a hundred characters.
pub const SCAN_BYTES_MAX: usize = 1_024;
/// A scanner pauses no longer than this between two characters.
const GAP_MAX: Duration = Duration::from_millis(300);

const TAB: char = '\t';
const BACK_TAB: char = '\u{19}';
const ENTER: [char; 2] = ['\n', '\r'];
const NEXT: [char; 3] = [TAB, '\u{F701}', '\u{F703}'];
const PREVIOUS: [char; 3] = [BACK_TAB, '\u{F700}', '\u{F702}'];

/// A scanned code.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan(Zeroizing<String>);

impl Scan {
    /// What the code says.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scan({} bytes)", self.0.len())
    }
}

/// What a key came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAct {
    /// On to the next thing that can be touched.
    Next,
    /// Back to the one before.
    Previous,
    /// Touch it.
    Press,
    /// A code was scanned.
    Scanned(Scan),
    /// A code was scanned that is too long to be one of ours.
    TooLong,
}

/// The keys of one scan so far.
pub struct Keys {
    typed: Zeroizing<String>,
    is_too_long: bool,
    last: Duration,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} bytes)", self.typed.len())
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            // All of it at once: a string that grows leaves copies behind.
            typed: Zeroizing::new(String::with_capacity(SCAN_BYTES_MAX)),
            is_too_long: false,
            last: Duration::ZERO,
        }
    }
}

impl Keys {
    /// A key went down.
    pub fn press(&mut self, key: char, now: Duration) -> Option<KeyAct> {
        self.forget_old(now);
        self.last = now;
        match key {
            _ if ENTER.contains(&key) => return Some(self.entered()),
            _ if NEXT.contains(&key) => return Some(KeyAct::Next),
            _ if PREVIOUS.contains(&key) => return Some(KeyAct::Previous),
            // Function keys, Escape, combinations: nothing.
            _ if key.is_control() || ('\u{F700}'..='\u{F8FF}').contains(&key) => {}
            _ if self.typed.len() + key.len_utf8() > SCAN_BYTES_MAX => self.is_too_long = true,
            _ => self.typed.push(key),
        }
        None
    }

    /// Forgets a scan that broke off.
    pub fn forget_old(&mut self, now: Duration) {
        if now.saturating_sub(self.last) > GAP_MAX {
            self.forget();
        }
    }

    /// Forgets what was typed.
    pub fn forget(&mut self) {
        self.typed.zeroize();
        self.is_too_long = false;
    }

    fn entered(&mut self) -> KeyAct {
        let act = match (self.is_too_long, self.typed.is_empty()) {
            (true, _) => KeyAct::TooLong,
            (false, true) => KeyAct::Press,
            (false, false) => KeyAct::Scanned(Scan(self.typed.clone())),
        };
        self.forget();
        act
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
        let [KeyAct::Scanned(scan)] = &acts[..] else {
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
        assert!(matches!(&acts[..], [KeyAct::Scanned(scan)] if scan.text() == "A012"));
    }

    #[test]
    fn four_kilobytes_are_refused_and_the_next_code_is_read() {
        let mut keys = Keys::default();
        let flood = format!("{}\n", "9".repeat(4_096));
        assert_eq!(typed(&mut keys, &flood, 1_000), [KeyAct::TooLong]);
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
