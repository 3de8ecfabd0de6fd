//! The citizen identity number (公民身份号码, GB 11643-1999): six digits of area, eight of birth,
//! three in sequence (odd for men), and a check character.
//!
//! Of the area only the province is checked: the other four digits are those of the first
//! registration, which may be of a division that no longer exists. Area 999999, which no person
//! has, belongs to invented persons and passes only where a store is synthetic.

mod fault;

use chrono::NaiveDate;

use crate::personal::{Pii, narrow};

pub use fault::{IdMismatch, IdNumberFault};

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character by the weighted sum modulo 11.
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// Digits of a number as it was given before 1999.
const OLD_LENGTH: usize = 15;
/// The area of invented persons.
const SYNTHETIC_AREA: &str = "999999";

/// A well-formed number. Not printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdNumber {
    text: Pii<String>,
    born: Pii<NaiveDate>,
}

/// Whether invented persons are among those of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Areas {
    /// Real areas only.
    Real,
    /// Area 999999 too: everything in the store is invented.
    WithSynthetic,
}

/// Male or female, as the number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl IdNumber {
    /// Reads a real person's number in its look-up form or as typed (blanks, hyphens, full-width
    /// digits, small x).
    ///
    /// # Errors
    /// [`IdNumberFault`].
    pub fn read(text: &str) -> Result<Self, IdNumberFault> {
        Self::read_in(text, Areas::Real)
    }

    /// As [`read`](Self::read), with the invented area or without.
    ///
    /// # Errors
    /// [`IdNumberFault`].
    pub fn read_in(text: &str, areas: Areas) -> Result<Self, IdNumberFault> {
        let form = tidy(text);
        let digits = digits(&form)?;
        let area = &digits[..6];
        let is_synthetic = areas == Areas::WithSynthetic && area == SYNTHETIC_AREA;
        if !(is_synthetic || is_province(&area[..2])) {
            return Err(IdNumberFault::Region);
        }
        let born = NaiveDate::parse_from_str(&digits[6..14], "%Y%m%d");
        let born = born.map_err(|_| IdNumberFault::BirthDate)?;
        if check_character(digits) != form.chars().last() {
            return Err(IdNumberFault::CheckDigit);
        }
        Ok(Self {
            text: Pii::new(form),
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

    /// The sex: the 17th digit is odd for men.
    #[must_use]
    pub fn sex(&self) -> Pii<Sex> {
        let is_even = |c: char| matches!(c, '0' | '2' | '4' | '6' | '8');
        let is_female = self.text.expose().chars().nth(16).is_some_and(is_even);
        Pii::new(if is_female { Sex::Female } else { Sex::Male })
    }

    /// Compares with what was told; what was not told is not compared.
    ///
    /// # Errors
    /// [`IdMismatch`], the sex before the birth.
    pub fn agrees_with(&self, sex: Option<Sex>, born: Option<NaiveDate>) -> Result<(), IdMismatch> {
        if sex.is_some_and(|told| told != *self.sex().expose()) {
            return Err(IdMismatch::Sex);
        }
        if born.is_some_and(|told| told != *self.born.expose()) {
            return Err(IdMismatch::Birth);
        }
        Ok(())
    }
}

/// Blanks and hyphens dropped, full-width characters narrowed, `x` as `X`. Of a valid number this
/// is its look-up form; other characters stay, so that they can be told from a wrong length.
fn tidy(text: &str) -> String {
    let narrowed = text.chars().map(narrow);
    let typed = narrowed.filter(|c| !(c.is_whitespace() || *c == '-'));
    typed.map(|c| c.to_ascii_uppercase()).collect()
}

/// The first 17 characters, which are digits.
fn digits(form: &str) -> Result<&str, IdNumberFault> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let found = form.chars().count();
    if found == OLD_LENGTH && is_digits(form) {
        return Err(IdNumberFault::Old);
    }
    if found != WEIGHTS.len() + 1 {
        return Err(IdNumberFault::Length { found });
    }
    let (first, last) = form
        .split_at_checked(WEIGHTS.len())
        .ok_or(IdNumberFault::Charset)?;
    if is_digits(first) && (is_digits(last) || last == "X") {
        Ok(first)
    } else {
        Err(IdNumberFault::Charset)
    }
}

/// Codes of provinces by GB/T 2260.
fn is_province(code: &str) -> bool {
    let number: u8 = code.parse().unwrap_or_default();
    matches!(
        number,
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82
    )
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

    fn with_check(first: &str) -> String {
        format!("{first}{}", check_character(first).unwrap())
    }

    fn fault(text: &str) -> &'static str {
        IdNumber::read(text).unwrap_err().code()
    }

    #[test]
    fn the_first_thing_that_is_wrong_is_the_reason() {
        assert_eq!(fault(""), "length");
        assert_eq!(fault("36060219900229999"), "length");
        assert_eq!(fault("3606021990022999中"), "length");
        assert_eq!(fault("36060219900229999Y"), "charset");
        assert_eq!(fault("3606021990022999X0"), "charset");
        assert_eq!(fault("36060219900229999中"), "charset");
        assert_eq!(fault("66060219900229999X"), "region");
        assert_eq!(fault("36060219900229999X"), "birth_date");
        let right = with_check("36060219920229991");
        let other = if right.ends_with('0') { '1' } else { '0' };
        assert_eq!(fault(&format!("{}{other}", &right[..17])), "check_digit");
    }

    #[test]
    fn an_old_number_has_its_own_reason_with_what_to_do() {
        let old = IdNumber::read(" 360602 900228 999").unwrap_err();
        assert_eq!(old, IdNumberFault::Old);
        assert!(old.to_string().contains("18 位身份证"));
        assert_eq!(fault("36060290022899X"), "length");
    }

    #[test]
    fn only_the_exact_reserved_area_passes_and_only_where_all_is_invented() {
        let invented = with_check("99999919920229999");
        assert_eq!(fault(&invented), "region");
        assert!(IdNumber::read_in(&invented, Areas::WithSynthetic).is_ok());
        let other = with_check("99999819920229999");
        let read = IdNumber::read_in(&other, Areas::WithSynthetic);
        assert_eq!(read, Err(IdNumberFault::Region));
    }

    #[test]
    fn what_was_told_is_compared_with_the_number() {
        // testdata.md §8: sequence 991 is odd, so this is a man
        let number = IdNumber::read("360602199202299919").unwrap();
        assert_eq!(number.sex().expose(), &Sex::Male);
        let born = NaiveDate::from_ymd_opt(1992, 2, 29);
        assert_eq!(number.agrees_with(Some(Sex::Male), born), Ok(()));
        assert_eq!(number.agrees_with(None, None), Ok(()));
        let sex = number.agrees_with(Some(Sex::Female), born).unwrap_err();
        let birth = number.agrees_with(None, born.and_then(|day| day.succ_opt()));
        assert_eq!(sex.code(), "sex_mismatch");
        assert_eq!(birth.unwrap_err().code(), "birth_mismatch");
        let woman = IdNumber::read(&with_check("36060219920229990")).unwrap();
        assert_eq!(woman.sex().expose(), &Sex::Female);
    }

    #[test]
    fn a_valid_number_is_kept_in_its_look_up_form() {
        let typed = "３６０602-19920229 9919";
        let form = crate::personal::PersonField::IdNumber.lookup_form(typed);
        assert_eq!(IdNumber::read(typed).unwrap().text(), &form.unwrap());
    }

    #[test]
    fn neither_the_number_nor_its_sex_prints() {
        let number = IdNumber::read("360602199202299919").unwrap();
        let printed = format!("{number:?} {}", number.sex());
        assert!(!printed.contains(|c: char| c.is_ascii_digit()));
        assert!(!printed.contains("Male"));
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
