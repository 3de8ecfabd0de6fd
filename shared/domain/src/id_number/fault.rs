//! What can be wrong with an identity number, in words for who reads it off a card.

use thiserror::Error;

/// Why a text is not an identity number, in the order in which it is judged. The text itself is
/// never in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdNumberFault {
    /// 15 digits: a number of the old kind.
    #[error("这是 15 位的旧号码。请用现在的 18 位身份证；没有换领的，证件类型另选“旧证件”。")]
    Old,
    /// Not 18 characters.
    #[error("身份号码要 18 位，现在是 {found} 位。请对照身份证检查。")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// Not 17 digits and a digit or X.
    #[error("身份号码前 17 位是数字，最后一位是数字或 X。请对照身份证检查。")]
    Charset,
    /// The first two digits are no province.
    #[error("身份号码的前两位不是省级代码。请对照身份证检查；外国人、港澳台居民请另选证件类型。")]
    Region,
    /// The digits of birth are no day.
    #[error("身份号码第 7 到 14 位不是真实的日期。请对照身份证检查。")]
    BirthDate,
    /// The check character is another one.
    #[error("身份号码的最后一位对不上，有一位写错了。请对照身份证检查每一位。")]
    CheckDigit,
}

impl IdNumberFault {
    /// The stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Old => "old_number",
            Self::Length { .. } => "length",
            Self::Charset => "charset",
            Self::Region => "region",
            Self::BirthDate => "birth_date",
            Self::CheckDigit => "check_digit",
        }
    }
}

/// What was told of a person is not what the number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdMismatch {
    /// The sex.
    #[error("填的性别和身份号码不一致。请对照身份证改正。")]
    Sex,
    /// The day of birth.
    #[error("填的出生日期和身份号码不一致。请对照身份证改正。")]
    Birth,
}

impl IdMismatch {
    /// The stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sex => "sex_mismatch",
            Self::Birth => "birth_mismatch",
        }
    }
}
