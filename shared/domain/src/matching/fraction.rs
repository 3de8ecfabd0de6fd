//! Exact shares and points. No rounding happens here but in [`Points::hundredths_half_up`].

use std::cmp::Ordering;

/// A share between nothing and all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share {
    numerator: u64,
    denominator: u64,
}

impl Share {
    /// Nothing.
    pub const NONE: Self = Self {
        numerator: 0,
        denominator: 1,
    };
    /// All.
    pub const ALL: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// So many of so many, at most all; all of nothing.
    #[must_use]
    pub fn of(numerator: u64, denominator: u64) -> Self {
        if numerator >= denominator {
            return Self::ALL;
        }
        let divisor = common_divisor(numerator.into(), denominator.into());
        let divided = |number: u64| {
            let divided = u128::from(number) / divisor;
            u64::try_from(divided).expect("64 bits, because a 64-bit number was divided")
        };
        Self {
            numerator: divided(numerator),
            denominator: divided(denominator),
        }
    }

    /// So many percent, at most 100.
    #[must_use]
    pub fn percent(percent: u32) -> Self {
        Self::of(percent.into(), 100)
    }

    /// The points that a weight earns with it.
    #[must_use]
    pub fn of_weight(self, weight: u32) -> Points {
        Points::reduced(
            u128::from(self.numerator) * u128::from(weight),
            self.denominator.into(),
        )
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = u128::from(self.numerator) * u128::from(other.denominator);
        let right = u128::from(other.numerator) * u128::from(self.denominator);
        left.cmp(&right)
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Points of a hundred, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Points {
    numerator: u128,
    denominator: u128,
}

impl Points {
    /// None.
    pub const NONE: Self = Self {
        numerator: 0,
        denominator: 1,
    };

    /// Whole points.
    #[must_use]
    pub fn whole(points: u32) -> Self {
        Self {
            numerator: points.into(),
            denominator: 1,
        }
    }

    fn reduced(numerator: u128, denominator: u128) -> Self {
        let divisor = common_divisor(numerator, denominator);
        Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        }
    }

    /// Both together.
    ///
    /// # Panics
    /// Never with shares of this module's rules: their denominators are bounded (`weigh`).
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let divisor = common_divisor(self.denominator, other.denominator);
        let (left, right) = (other.denominator / divisor, self.denominator / divisor);
        Self::reduced(
            self.numerator * left + other.numerator * right,
            self.denominator * left,
        )
    }

    /// Numerator and denominator, without a common divisor.
    #[must_use]
    pub fn fraction(self) -> (u128, u128) {
        (self.numerator, self.denominator)
    }

    /// Hundredths of a point, rounded half up (四舍五入到百分之一分): for what is written into records
    /// and shown; never for order.
    #[must_use]
    pub fn hundredths_half_up(self) -> u32 {
        let rounded = (200 * self.numerator + self.denominator) / (2 * self.denominator);
        u32::try_from(rounded).unwrap_or(u32::MAX)
    }
}

impl Ord for Points {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = self.numerator * other.denominator;
        left.cmp(&(other.numerator * self.denominator))
    }
}

impl PartialOrd for Points {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The greatest common divisor; 1 of two zeros.
fn common_divisor(left: u128, right: u128) -> u128 {
    let (mut left, mut right) = (left, right);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_add_up_to_all_and_are_rounded_only_when_shown() {
        let third = Share::of(1, 3).of_weight(100);
        assert_eq!(third.hundredths_half_up(), 3_333);
        assert_eq!(third.plus(third).plus(third), Points::whole(100));
        assert_eq!(Share::of(1, 8).of_weight(1).hundredths_half_up(), 13);
    }

    #[test]
    fn a_share_is_never_more_than_all() {
        assert_eq!(Share::of(7, 3), Share::ALL);
        assert_eq!(Share::of(0, 0), Share::ALL);
        assert!(Share::percent(40) < Share::of(1, 2));
    }
}
