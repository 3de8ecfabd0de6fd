//! What of a person is personal data (DESIGN.md §6), how it is kept from being printed, and the
//! form in which a number is looked up. Encryption is elsewhere: here are only the words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that belongs to a person. It cannot be printed or serialised by accident: both `Debug`
/// and `Display` show `***`, and there is no `Serialize`.
///
/// ```
/// let name = domain::personal::Pii::new("测试甲".to_owned());
/// assert_eq!(format!("{name} {name:?}"), "*** ***");
/// assert_eq!(name.expose(), "测试甲");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Masks a value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for where a person entitled to it reads it, or where it is encrypted.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The personal fields: the closed list of what stands in events only as ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonField {
    /// 姓名.
    Name,
    /// 公民身份号码.
    IdNumber,
    /// Telephone number.
    Phone,
    /// 住址.
    Address,
    /// Number of a bank account or card.
    BankAccount,
}

impl PersonField {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::IdNumber,
        Self::Phone,
        Self::Address,
        Self::BankAccount,
    ];

    /// The stable word of the field, as it is stored and authenticated.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdNumber => "id_number",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::BankAccount => "bank_account",
        }
    }

    /// The field of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word() == word)
    }

    /// The one form of a number under which a person is found however it was typed: full-width
    /// digits narrowed, blanks and hyphens dropped, `x` as `X`, a phone without +86. `None` for
    /// fields that are not numbers, and for a text without a digit.
    #[must_use]
    pub fn lookup_form(self, text: &str) -> Option<Pii<String>> {
        let form = match self {
            Self::Name | Self::Address => return None,
            Self::IdNumber => kept(text, |c| c.is_ascii_alphanumeric()).to_ascii_uppercase(),
            Self::Phone => without_country(&kept(text, |c| c.is_ascii_digit())).to_owned(),
            Self::BankAccount => kept(text, |c| c.is_ascii_digit()),
        };
        form.contains(|c: char| c.is_ascii_digit())
            .then(|| Pii::new(form))
    }
}

/// The eleven digits of a mobile number of the mainland, however it was typed; `None` for what is
/// none (`^1[3-9]\d{9}$`).
#[must_use]
pub fn mobile(text: &str) -> Option<Pii<String>> {
    let digits = PersonField::Phone.lookup_form(text)?;
    let second = digits.expose().as_bytes().get(1);
    let is_mobile = digits.expose().len() == 11
        && digits.expose().starts_with('1')
        && matches!(second, Some(b'3'..=b'9'));
    is_mobile.then_some(digits)
}

fn kept(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    text.chars().map(narrow).filter(|c| is_kept(*c)).collect()
}

/// The ASCII character of a full-width one (U+FF01 to U+FF5E); others stay.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A mobile number without 86 or 0086 before its eleven digits.
fn without_country(digits: &str) -> &str {
    ["0086", "86"]
        .into_iter()
        .filter_map(|prefix| digits.strip_prefix(prefix))
        .find(|rest| rest.len() == 11 && rest.starts_with('1'))
        .unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(field: PersonField, text: &str) -> Option<String> {
        field.lookup_form(text).map(|form| form.expose().clone())
    }

    #[test]
    fn a_number_has_one_form_however_it_was_typed() {
        for typed in [
            "99999919900101003x",
            " 999999 19900101 003X",
            "９99999-19900101-003ｘ",
        ] {
            let expected = Some("99999919900101003X".to_owned());
            assert_eq!(form(PersonField::IdNumber, typed), expected, "{typed}");
        }
        for typed in [
            "15400000001",
            "+86 154-0000-0001",
            "008615400000001",
            "１５４００００００01",
        ] {
            let expected = Some("15400000001".to_owned());
            assert_eq!(form(PersonField::Phone, typed), expected, "{typed}");
        }
        assert_eq!(
            form(PersonField::BankAccount, "9999 9900 0000 0000"),
            Some("9999990000000000".to_owned())
        );
    }

    #[test]
    fn a_landline_that_begins_with_86_keeps_it() {
        assert_eq!(form(PersonField::Phone, "8612345"), Some("8612345".into()));
    }

    #[test]
    fn names_addresses_and_texts_without_digits_are_not_looked_up_by_number() {
        assert_eq!(form(PersonField::Name, "测试1"), None);
        assert_eq!(form(PersonField::Address, "示例巷 3 号"), None);
        assert_eq!(form(PersonField::Phone, "无"), None);
        assert_eq!(form(PersonField::IdNumber, "x"), None);
    }

    #[test]
    fn the_word_of_a_field_is_the_one_it_is_serialised_as() {
        for field in PersonField::ALL {
            let json = serde_json::to_string(&field).unwrap();
            assert_eq!(json, format!("\"{}\"", field.word()));
            assert_eq!(PersonField::of_word(field.word()), Some(field));
        }
        assert_eq!(PersonField::of_word("iris"), None);
    }
}
