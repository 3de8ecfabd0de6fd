//! The citizen identity number (公民身份号码, GB 11643-1999): six digits of area, eight of birth,
//! three in sequence, and a check character. Whether the area exists is not checked here: the list
//! of areas is data. Tests use area 999999, which no person has.

use chrono::NaiveDate;
use thiserror::Error;

use crate::personal::Pii;

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character by the weighted sum modulo 11.
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// A well-formed number. Not printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdNumber {
    text: Pii<String>,
    born: Pii<NaiveDate>,
}

/// Why a text is not an identity number. The text itself is never in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdNumberFault {
    /// Not 17 digits and a digit or X.
    #[error("an identity number is 17 digits and a digit or X.")]
    Form,
    /// The digits of birth are no day.
    #[error("the digits 7 to 14 of the identity number are not a day.")]
    Birth,
    /// The check character is another one.
    #[error("the check character of the identity number is wrong.")]
    Check,
}

impl IdNumber {
    /// Reads a number in its look-up form or as typed (blanks, full-width digits, small x).
    ///
    /// # Errors
    /// [`IdNumberFault`].
    pub fn read(text: &str) -> Result<Self, IdNumberFault> {
        let form = crate::personal::PersonField::IdNumber.lookup_form(text);
        let form = form.ok_or(IdNumberFault::Form)?;
        let (first, check) = form
            .expose()
            .split_at_checked(WEIGHTS.len())
            .ok_or(IdNumberFault::Form)?;
        let is_checked_by = |c: char| check.chars().eq([c]);
        if !(is_checked_by('X') || ('0'..='9').any(is_checked_by)) {
            return Err(IdNumberFault::Form);
        }
        let expected = check_character(first).ok_or(IdNumberFault::Form)?;
        let born = NaiveDate::parse_from_str(&first[6..14], "%Y%m%d");
        let born = born.map_err(|_| IdNumberFault::Birth)?;
        if !is_checked_by(expected) {
            return Err(IdNumberFault::Check);
        }
        Ok(Self {
            text: form,
            born: Pii::new(born),
        })
    }

    /// The 18 characters.
    #[must_use]
    pub fn text(&self) -> &Pii<String> {
        &self.text
    }

    /// The day of birth.
    #[must_use]
    pub fn born(&self) -> &Pii<NaiveDate> {
        &self.born
    }
}

/// The check character of the first 17 digits; `None` when they are not 17 digits.
#[must_use]
pub fn check_character(first: &str) -> Option<char> {
    if first.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (c, weight) in first.chars().zip(WEIGHTS) {
        sum += c.to_digit(10)? * weight;
    }
    CHECK_CHARACTERS.get((sum % 11) as usize).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example_has_its_check_digit() {
        // testdata.md §8: the weighted sum is 377, 377 mod 11 = 3, so the check digit is 9
        assert_eq!(check_character("36060219920229991"), Some('9'));
        assert_eq!(check_character("3606021992022999"), None);
        assert_eq!(check_character("3606021992022999a"), None);
    }

    #[test]
    fn a_day_that_is_none_and_a_wrong_check_character_are_told_apart() {
        let with_check = |first: &str| format!("{first}{}", check_character(first).unwrap());
        let leap = with_check("99999919920229999");
        assert!(IdNumber::read(&leap).is_ok());
        let no_day = with_check("99999919900229999");
        assert_eq!(IdNumber::read(&no_day), Err(IdNumberFault::Birth));
        let other = if leap.ends_with('0') { '1' } else { '0' };
        let wrong = format!("{}{other}", &leap[..17]);
        assert_eq!(IdNumber::read(&wrong), Err(IdNumberFault::Check));
        assert_eq!(IdNumber::read("999999920229999"), Err(IdNumberFault::Form));
    }

    #[test]
    fn neither_the_number_nor_its_fault_prints_a_digit() {
        let first = "99999919920229999";
        let number = IdNumber::read(&format!("{first}{}", check_character(first).unwrap()));
        assert!(!format!("{:?}", number.unwrap()).contains('9'));
        assert!(!IdNumberFault::Birth.to_string().contains('9'));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_number_or_a_fault(text in ".{0,24}") {
            let _ = IdNumber::read(&text);
        }

        #[test]
        fn one_wrong_digit_is_always_found(sequence in 0_u16..1000, place in 0_usize..17, by in 1_u32..10) {
            let first = format!("99999919920229{sequence:03}");
            let check = check_character(&first).unwrap();
            let mut digits: Vec<u32> = first.chars().filter_map(|c| c.to_digit(10)).collect();
            digits[place] = (digits[place] + by) % 10;
            let changed: String = digits.into_iter().filter_map(|d| char::from_digit(d, 10)).collect();
            prop_assert_ne!(check_character(&changed), Some(check));
        }
    }
}
