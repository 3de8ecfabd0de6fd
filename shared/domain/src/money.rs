//! Money is integer fen. There is no float near it; rounding happens in named functions only.

mod capitals;

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in fen (1/100 yuan).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Whole yuan as fen; `None` on overflow.
    #[must_use]
    pub fn from_yuan(yuan: i64) -> Option<Self> {
        yuan.checked_mul(100).map(Self)
    }

    /// `self × numerator ÷ denominator`, rounded half up to the fen (四舍五入到分). `None` on
    /// overflow or a denominator that is not positive.
    #[must_use]
    pub fn times_fraction_half_up(self, numerator: i64, denominator: i64) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let product = i128::from(self.0) * i128::from(numerator);
        let denominator = i128::from(denominator);
        let rounded = (2 * product + denominator).div_euclid(2 * denominator);
        i64::try_from(rounded).ok().map(Self)
    }
}

impl fmt::Display for Fen {
    /// Yuan with thousands separators; the fen only where there are any: `5,500`, `26.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let yuan = (self.0.unsigned_abs() / 100).to_string();
        let fen = self.0.unsigned_abs() % 100;
        f.write_str(sign)?;
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if fen > 0 {
            write!(f, ".{fen:02}")
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_groups_thousands_and_hides_empty_fen() {
        for (fen, text) in [
            (550_000, "5,500"),
            (2_650, "26.50"),
            (0, "0"),
            (-123_456_789, "-1,234,567.89"),
        ] {
            assert_eq!(Fen(fen).to_string(), text);
        }
    }

    #[test]
    fn fractions_round_half_up_to_the_fen() {
        assert_eq!(Fen(200).times_fraction_half_up(87, 4), Some(Fen(4_350)));
        assert_eq!(Fen(1).times_fraction_half_up(1, 2), Some(Fen(1)));
        assert_eq!(Fen(1).times_fraction_half_up(1, 3), Some(Fen(0)));
        assert_eq!(Fen(1).times_fraction_half_up(1, 0), None);
        assert_eq!(Fen(i64::MAX).times_fraction_half_up(2, 1), None);
    }
}
