//! What a field of a record holds.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::RecordId;
use crate::money::Fen;
use crate::personal::Pii;
use crate::time::UtcMs;

/// Values by field id. A field without a value is absent.
pub type Values = BTreeMap<String, Value>;

/// The value of one field. Never empty: an empty text is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// One line or several.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Money.
    Money(Fen),
    /// An exact decimal, also of per cents and basis points.
    Decimal(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(UtcMs),
    /// Yes or no.
    Boolean(bool),
    /// A code of the field's list.
    Choice(String),
    /// Another record; which kind, the field says.
    Record(RecordId),
    /// A member of staff.
    Staff(crate::id::StaffId),
    /// Several, in order.
    List(Vec<Value>),
    /// Personal data as typed. Is never written anywhere: the shell makes [`Sealed`](Self::Sealed)
    /// of it before an event is.
    #[serde(skip)]
    Personal(Pii<String>),
    /// Personal data under the key of a person or of the record.
    Sealed(String),
}

/// An exact decimal: digits, at most one point, an optional leading minus, without needless zeros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    /// The number times 10 to the power of `places`.
    units: i128,
    places: u8,
}

/// A text that is no decimal of at most 12 places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a decimal number of at most 12 places.")]
pub struct NotDecimal(pub String);

impl Decimal {
    /// Reads what a person writes: "0.25", "-3", "12.50".
    ///
    /// # Errors
    /// [`NotDecimal`].
    pub fn read(text: &str) -> Result<Self, NotDecimal> {
        let bad = || NotDecimal(text.chars().take(40).collect());
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = !whole.is_empty()
            && whole.len() <= 18
            && part.len() <= 12
            && !digits.ends_with('.')
            && whole
                .chars()
                .chain(part.chars())
                .all(|c| c.is_ascii_digit());
        if !is_number {
            return Err(bad());
        }
        let part = part.trim_end_matches('0');
        let units: i128 = format!("{whole}{part}").parse().map_err(|_| bad())?;
        Ok(Self {
            units: if is_negative { -units } else { units },
            places: u8::try_from(part.len()).map_err(|_| bad())?,
        })
    }

    /// So many units of this many places, at most 12.
    #[must_use]
    pub(super) fn of(units: i64, places: u8) -> Self {
        let (mut units, mut places) = (i128::from(units), places);
        while places > 0 && units % 10 == 0 {
            units /= 10;
            places -= 1;
        }
        Self { units, places }
    }

    /// As a fraction: numerator and a power of ten.
    #[must_use]
    pub fn fraction(&self) -> (i128, i128) {
        (self.units, 10_i128.pow(u32::from(self.places)))
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self {
            units: number.into(),
            places: 0,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.places.max(other.places);
        let scaled = |of: &Self| of.units * 10_i128.pow(u32::from(places - of.places));
        scaled(self).cmp(&scaled(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs().to_string();
        let places = usize::from(self.places);
        if places == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{part}")
    }
}

impl TryFrom<String> for Decimal {
    type Error = NotDecimal;

    fn try_from(text: String) -> Result<Self, NotDecimal> {
        Self::read(&text)
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_and_spelt_in_one_way() {
        for (typed, kept) in [
            ("0.250", "0.25"),
            ("-3", "-3"),
            ("12.0", "12"),
            ("-0.05", "-0.05"),
        ] {
            assert_eq!(Decimal::read(typed).unwrap().to_string(), kept);
        }
        for bad in ["", ".", "1.", ".5", "1e3", "１", "1,000", "0.1234567890123"] {
            assert!(Decimal::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn typed_personal_data_cannot_be_written() {
        let value = Value::Personal(Pii::new("秘密".to_owned()));
        assert!(serde_json::to_string(&value).is_err());
        assert!(!format!("{value:?}").contains("秘密"));
    }
}
