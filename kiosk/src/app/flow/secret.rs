//! Digits of a person: typed here, shown masked, sent once, and out of memory when the page goes.

use std::fmt;

use wire::citizen::Typed;
use zeroize::Zeroizing;

/// What is typed, up to a number of characters. Not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretDigits {
    typed: Zeroizing<String>,
    places: usize,
}

impl fmt::Debug for SecretDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretDigits({} of {})", self.typed.len(), self.places)
    }
}

impl SecretDigits {
    /// Room for so many characters. It never grows, so no copy is left behind in memory.
    #[must_use]
    pub fn of(places: usize) -> Self {
        Self {
            typed: Zeroizing::new(String::with_capacity(places)),
            places,
        }
    }

    /// Takes a digit, or the X of an identity number, while there is room.
    pub fn push(&mut self, c: char) {
        let is_meant = c.is_ascii_digit() || c == 'X';
        if is_meant && self.typed.len() < self.places {
            self.typed.push(c);
        }
    }

    /// 退格
    pub fn erase(&mut self) {
        self.typed.pop();
    }

    /// 清空
    pub fn clear(&mut self) {
        self.typed.clear();
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Whether every place is filled.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.typed.len() == self.places
    }

    /// For sending.
    #[must_use]
    pub fn typed(&self) -> Typed {
        Typed::new(self.typed.as_str())
    }

    /// For the screen: characters at the places that `is_shown`, dots for the others, lines for what
    /// is missing.
    #[must_use]
    pub fn masked(&self, is_shown: impl Fn(usize) -> bool) -> String {
        let mut places = self.typed.chars().map(Some).chain(std::iter::repeat(None));
        let place = |index| match places.next().flatten() {
            Some(c) if is_shown(index) => c,
            Some(_) => '●',
            None => '_',
        };
        (0..self.places).map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_masked_bounded_and_never_printed() {
        let mut digits = SecretDigits::of(4);
        "003X9a".chars().for_each(|c| digits.push(c));
        assert!(digits.is_whole());
        assert_eq!(digits.typed().expose(), "003X");
        assert_eq!(digits.masked(|_| false), "●●●●");
        digits.erase();
        assert_eq!(digits.masked(|index| index < 1), "0●●_");
        assert_eq!(format!("{digits:?}"), "SecretDigits(3 of 4)");
    }
}
