//! The yearly assessment (考核): what each line of the contract counts, and whether it is reached. Every
//! line stands for itself: a bad one is never hidden behind a good one. A figure is an exact fraction;
//! two decimals are shown, the verdict is drawn from the fraction (97.996 % is shown as 97.99 % and has
//! not reached 98 %). Nothing counted is 无数据, never 100 %. Source: annex of the contract; reports §7.
//!
//! Not here: where records are (`store`), what they are called (`pages`), and money: what is lent and
//! paid back is a later issue, and said to be so.

mod class;
mod line;
mod period;
mod sample;

use std::cmp::Ordering;

use crate::case::Decimal;
use crate::rating::Share;

pub use class::{CONCLUSIONS, ClassFacts, LedgerCheck};
pub use line::{BadKpiLines, KpiLine, KpiLines, Measure};
pub use period::KpiPeriod;
pub use sample::{INTERNAL_GOOD_MIN, SampleCheck, accuracy, internal_scores};

/// What a line came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The target is reached, exactly.
    Met,
    /// So many more would have to be good.
    Short(u64),
    /// Nothing was counted.
    NoData,
}

/// Judges a share by a target from 0 to 1, exactly.
///
/// # Panics
/// Never for targets that [`is_target`] takes; a negative one is reached by anything.
#[must_use]
pub fn judge(share: Share, target: &Decimal) -> Verdict {
    if share.whole == 0 {
        return Verdict::NoData;
    }
    let (numerator, denominator) = target.fraction();
    // part ÷ whole ≥ numerator ÷ denominator, without dividing
    let wanted = (i128::from(share.whole) * numerator + denominator - 1).div_euclid(denominator);
    let part = i128::from(share.part);
    match part.cmp(&wanted) {
        Ordering::Less => Verdict::Short(u64::try_from(wanted - part).unwrap_or(u64::MAX)),
        Ordering::Equal | Ordering::Greater => Verdict::Met,
    }
}

/// Whether a share can be judged by it: a number from 0 to 1 of at most six places.
#[must_use]
pub fn is_target(target: &Decimal) -> bool {
    let (numerator, denominator) = target.fraction();
    (0..=denominator).contains(&numerator) && denominator <= 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Decimal {
        Decimal::read(text).unwrap()
    }

    #[test]
    fn a_target_is_reached_by_the_fraction_and_not_by_what_is_shown() {
        let of = |part, whole| judge(Share { part, whole }, &target("0.98"));
        assert_eq!(of(49, 50), Verdict::Met);
        assert_eq!(of(98, 100), Verdict::Met);
        // 97.996 %: one more would do
        assert_eq!(of(24_499, 25_000), Verdict::Short(1));
        assert_eq!(of(24_500, 25_000), Verdict::Met);
        // of 101 it takes 99: 98 of 101 are 97.03 %
        assert_eq!(of(98, 101), Verdict::Short(1));
        assert_eq!(of(0, 3), Verdict::Short(3));
        assert_eq!(of(u64::MAX - 1, u64::MAX), Verdict::Met);
    }

    #[test]
    fn all_of_all_is_what_a_hundred_per_cent_takes() {
        let of = |part, whole| judge(Share { part, whole }, &target("1"));
        assert_eq!(of(64, 64), Verdict::Met);
        assert_eq!(of(63, 64), Verdict::Short(1));
    }

    #[test]
    fn nothing_counted_is_no_verdict() {
        assert_eq!(
            judge(Share { part: 0, whole: 0 }, &target("0")),
            Verdict::NoData
        );
    }

    #[test]
    fn a_target_is_a_share() {
        assert!(is_target(&target("0.98")) && is_target(&target("1")) && is_target(&target("0")));
        assert!(!is_target(&target("98")) && !is_target(&target("-0.1")));
        assert!(!is_target(&target("0.1234567")));
    }

    proptest::proptest! {
        /// The verdict is the comparison of the two fractions, and the distance is the least one.
        #[test]
        fn so_many_more_reach_the_target_and_one_less_does_not(whole in 1_u64..2_000_000, part in 0_u64..2_000_000, places in 0_i64..=1_000) {
            let part = part.min(whole);
            let target = Decimal::read(&format!("{}.{:03}", places / 1_000, places % 1_000)).unwrap();
            let reaches = |part: u64| u128::from(part) * 1_000 >= u128::from(whole) * u128::from(places.unsigned_abs());
            match judge(Share { part, whole }, &target) {
                Verdict::Met => proptest::prop_assert!(reaches(part)),
                Verdict::Short(more) => {
                    proptest::prop_assert!(!reaches(part) && !reaches(part + more - 1));
                    proptest::prop_assert!(reaches(part + more));
                }
                Verdict::NoData => proptest::prop_assert!(false),
            }
        }
    }
}
