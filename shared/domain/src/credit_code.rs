//! The unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters of 31, the last of
//! which checks the others. The code is public: it is printed as it is.
//!
//! Some early codes of pilot places bear a wrong check character. A reviewer who sees the licence
//! may let such a code pass; length and characters bind everybody.

use std::fmt;

use thiserror::Error;

/// The characters in the order of their values: digits and capitals without I, O, S, V, Z.
const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 characters: powers of 3 modulo 31.
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

/// A well-formed code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode {
    text: String,
    is_overridden: bool,
}

/// Why a text is not a credit code, in the order in which it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CreditCodeFault {
    /// Not 18 characters.
    #[error("统一社会信用代码要 18 位，现在是 {found} 位。请对照营业执照检查。")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no code has.
    #[error("统一社会信用代码只用数字和大写字母，不用 I、O、S、V、Z。请对照营业执照检查。")]
    Charset,
    /// The last character is another one. A reviewer may let it pass.
    #[error("统一社会信用代码的最后一位对不上，有一位写错了。请对照营业执照检查每一位。")]
    CheckDigit,
}

impl CreditCodeFault {
    /// The stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Length { .. } => "length",
            Self::Charset => "charset",
            Self::CheckDigit => "check_digit",
        }
    }
}

impl CreditCode {
    /// Reads a code as typed: blanks dropped, full-width characters narrowed, small letters raised.
    ///
    /// # Errors
    /// [`CreditCodeFault`].
    pub fn read(text: &str) -> Result<Self, CreditCodeFault> {
        let code = Self::read_overridden(text)?;
        if code.is_overridden {
            return Err(CreditCodeFault::CheckDigit);
        }
        Ok(code)
    }

    /// As [`read`](Self::read), for a reviewer who has seen the licence: a wrong check character
    /// passes, and the code says so.
    ///
    /// # Errors
    /// [`CreditCodeFault`], never [`CreditCodeFault::CheckDigit`].
    pub fn read_overridden(text: &str) -> Result<Self, CreditCodeFault> {
        let narrowed = text.chars().map(crate::personal::narrow);
        let typed = narrowed.filter(|c| !c.is_whitespace());
        let text: String = typed.map(|c| c.to_ascii_uppercase()).collect();
        let found = text.chars().count();
        if found != WEIGHTS.len() + 1 {
            return Err(CreditCodeFault::Length { found });
        }
        let values: Option<Vec<usize>> = text.chars().map(|c| CHARACTERS.find(c)).collect();
        let values = values.ok_or(CreditCodeFault::Charset)?;
        Ok(Self {
            is_overridden: values.last() != Some(&check_value(&values)),
            text,
        })
    }

    /// The 18 characters.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether its check character is wrong and a reviewer let it pass.
    #[must_use]
    pub fn is_overridden(&self) -> bool {
        self.is_overridden
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The value of the check character: (31 − Σ mod 31) mod 31.
fn check_value(values: &[usize]) -> usize {
    let base = CHARACTERS.len();
    let weighted = values.iter().zip(WEIGHTS);
    let sum: usize = weighted.map(|(value, weight)| value * weight).sum();
    (base - sum % base) % base
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An invented body in 360602 with its check character.
    fn with_check(first: &str) -> String {
        let values: Vec<usize> = first.chars().map(|c| CHARACTERS.find(c).unwrap()).collect();
        let check = CHARACTERS.chars().nth(check_value(&values)).unwrap();
        format!("{first}{check}")
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // the example of GB 32100-2015, annex
        assert_eq!(
            CreditCode::read("91350100M000100Y43").unwrap().to_string(),
            "91350100M000100Y43"
        );
    }

    #[test]
    fn a_code_is_the_same_however_it_was_typed() {
        let code = with_check("91360602MA0000000");
        let wide: String = code
            .chars()
            .filter_map(|c| char::from_u32(u32::from(c) + 0xfee0))
            .collect();
        for typed in [
            code.to_ascii_lowercase(),
            format!(" {} {}\u{3000}", &code[..8], &code[8..]),
            wide,
        ] {
            assert_eq!(CreditCode::read(&typed).unwrap().text(), code, "{typed}");
        }
    }

    #[test]
    fn length_comes_before_characters_and_both_before_the_check_character() {
        let fault = |text: &str| CreditCode::read(text).unwrap_err().code();
        assert_eq!(fault(""), "length");
        assert_eq!(fault("I"), "length");
        assert_eq!(fault("91360602MI00000000"), "charset");
        assert_eq!(fault("91360602-A0000000X"), "charset");
        assert_eq!(fault("9136060２中A0000000X"), "charset");
        let right = with_check("91360602MA0000000");
        let other = if right.ends_with('0') { '1' } else { '0' };
        let wrong = format!("{}{other}", &right[..17]);
        assert_eq!(fault(&wrong), "check_digit");
    }

    #[test]
    fn only_a_wrong_check_character_can_be_let_pass_and_is_said() {
        let right = with_check("91360602MA0000000");
        let other = if right.ends_with('0') { '1' } else { '0' };
        let wrong = format!("{}{other}", &right[..17]);
        assert!(CreditCode::read_overridden(&wrong).unwrap().is_overridden());
        assert!(!CreditCode::read_overridden(&right).unwrap().is_overridden());
        assert!(CreditCode::read_overridden("91360602MI00000000").is_err());
        assert!(CreditCode::read_overridden(&wrong[1..]).is_err());
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_found(first in "[0-9A-HJ-NPQRTUWXY]{17}", place in 0_usize..18, by in 1_usize..31) {
            let right = with_check(&first);
            prop_assert!(CreditCode::read(&right).is_ok());
            let mut changed: Vec<char> = right.chars().collect();
            let value = CHARACTERS.find(changed[place]).unwrap();
            changed[place] = CHARACTERS.chars().nth((value + by) % 31).unwrap();
            let changed: String = changed.into_iter().collect();
            prop_assert_eq!(CreditCode::read(&changed), Err(CreditCodeFault::CheckDigit));
        }

        #[test]
        fn any_text_gives_a_code_or_a_fault(text in ".{0,24}") {
            let _ = CreditCode::read(&text);
        }
    }
}
