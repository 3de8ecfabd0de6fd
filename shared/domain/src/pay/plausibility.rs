//! Pay that can be read and is hard to believe: a year's pay typed as a month's, a slipped zero.
//! It is said to the clerk and changes nothing; whether to publish is a person's decision.

use serde::{Deserialize, Serialize};

use super::{Pay, PayParameters};
use crate::money::Fen;

/// Below 500 yuan a month: under a third of any minimum wage, so probably another unit.
const MONTHLY_LOW_MIN: Fen = Fen(50_000);

/// From 100,000 yuan a month: in practice a year's pay in a month's place.
const MONTHLY_HIGH_MAX: Fen = Fen(10_000_000);

/// An upper end over five times the lower end tells a job seeker nothing.
const SPREAD_MAX: i64 = 5;

/// Why pay is hard to believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Implausible {
    /// The month comes to less than 500 yuan.
    TooLow,
    /// The month comes to 100,000 yuan or more.
    TooHigh,
    /// The upper end is over five times the lower end.
    TooWide,
}

impl Implausible {
    /// The reason in plain words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::TooLow => "折合每月不到 500 元",
            Self::TooHigh => "折合每月达到 10 万元，可能把年薪写成了月薪",
            Self::TooWide => "上限超过下限的 5 倍",
        }
    }
}

/// Why this pay is hard to believe, the gravest reason first; `None` if it is not.
#[must_use]
pub fn plausibility(pay: &Pay, parameters: &PayParameters) -> Option<Implausible> {
    let month = pay.monthly(parameters);
    let lowest = month.low.or(month.high)?;
    let highest = month.high.or(month.low)?;
    if highest >= MONTHLY_HIGH_MAX {
        Some(Implausible::TooHigh)
    } else if lowest < MONTHLY_LOW_MIN {
        Some(Implausible::TooLow)
    } else if highest.0 > lowest.0.saturating_mul(SPREAD_MAX) {
        Some(Implausible::TooWide)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pay::text;

    const PARAMETERS: PayParameters = PayParameters {
        paid_days_per_month_hundredths: 2_175,
        hours_per_day: 8,
    };

    fn check(text: &str, expected: Option<Implausible>) {
        let pay = text::read(text).unwrap();
        assert_eq!(plausibility(&pay, &PARAMETERS), expected, "{text}");
    }

    #[test]
    fn each_bound_is_where_it_says() {
        check("500-2500元/月", None);
        check("499-2000元/月", Some(Implausible::TooLow));
        check("500-2501元/月", Some(Implausible::TooWide));
        check("30-99.9K", None);
        check("30-100K", Some(Implausible::TooHigh));
        check("面议", None);
    }

    #[test]
    fn the_monthly_value_decides_not_the_stated_number() {
        check("24元/小时", None);
        check("2元/小时", Some(Implausible::TooLow));
        check("24万/年", None);
        check("200元/月以下", Some(Implausible::TooLow));
        check("5000元/天", Some(Implausible::TooHigh));
    }
}
