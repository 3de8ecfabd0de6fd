//! The unified social credit code (统一社会信用代码, GB 32100-2015): 17 characters of a set of 31
//! and a check character.

use thiserror::Error;

/// The characters, each with the value of its place: no I, O, S, V or Z.
const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A well-formed code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreditCode(String);

/// A text that is no credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a credit code is 18 digits and capitals, of which the last checks the others.")]
pub struct NotCreditCode;

impl CreditCode {
    /// Reads a code of 18 characters.
    ///
    /// # Errors
    /// [`NotCreditCode`].
    pub fn read(text: &str) -> Result<Self, NotCreditCode> {
        let values: Option<Vec<usize>> = text.chars().map(|c| CHARACTERS.find(c)).collect();
        let values = values.filter(|values| values.len() == 18);
        let values = values.ok_or(NotCreditCode)?;
        let (sum, _) = values.iter().take(17).fold((0, 1), |(sum, weight), value| {
            (sum + value * weight, weight * 3 % 31)
        });
        if values.last() == Some(&((31 - sum % 31) % 31)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotCreditCode)
        }
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_is_checked() {
        assert!(CreditCode::read("91350100M000100Y43").is_ok());
        assert!(CreditCode::read("91350100M000100Y44").is_err());
        assert!(CreditCode::read("91350100M000100Y4").is_err());
    }
}
