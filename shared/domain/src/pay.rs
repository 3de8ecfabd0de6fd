//! Pay as vacancies state it. The stated unit is kept; a monthly value exists beside it for
//! filters only, by dated parameters. Reading free text into a [`Pay`] is in [`text`].

use serde::{Deserialize, Serialize};

use crate::money::Fen;

mod plausibility;
pub mod text;

pub use plausibility::{Implausible, plausibility};

/// What a vacancy says about pay, in the unit in which it says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pay {
    /// The amount per [`unit`](Self::unit).
    pub amount: PayAmount,
    /// What the amount is paid for.
    pub unit: PayUnit,
    /// Whether the text named the unit or we inferred it.
    pub basis: UnitBasis,
    /// Months paid per year where the text says so (`14薪`); 12 is then stated, not assumed.
    pub months_per_year: Option<u8>,
}

/// The shape of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum PayAmount {
    /// From `low` to `high`, both included, `low <= high`.
    Range {
        /// Lower end.
        low: Fen,
        /// Upper end.
        high: Fen,
    },
    /// At least this much.
    From {
        /// Lower end.
        low: Fen,
    },
    /// At most this much.
    UpTo {
        /// Upper end.
        high: Fen,
    },
    /// 面议: to be agreed.
    Negotiable,
}

/// What an amount is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayUnit {
    /// 元/小时
    Hour,
    /// 元/天
    Day,
    /// 元/月
    Month,
    /// 元/年
    Year,
}

/// Where the unit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitBasis {
    /// The text names the unit.
    Stated,
    /// The text does not; the unit is the usual reading of its shape.
    Inferred,
}

/// Dated parameters for comparing pay of different units by month.
/// Source: 人社部发〔2025〕2号 and 劳社部发〔2008〕3号: 21.75 paid days a month, 8 hours a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayParameters {
    /// Paid days a month, in hundredths (2175 = 21.75).
    pub paid_days_per_month_hundredths: i64,
    /// Working hours a day.
    pub hours_per_day: i64,
}

/// A monthly value, for filters and sorting only; never shown as what the vacancy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct MonthlyPay {
    /// Lower end, if the vacancy has one.
    pub low: Option<Fen>,
    /// Upper end, if the vacancy has one.
    pub high: Option<Fen>,
}

impl Pay {
    /// Whether the unit is our reading of the shape and not the text's own word. Negotiable pay
    /// has no unit to infer.
    #[must_use]
    pub fn unit_is_inferred(&self) -> bool {
        self.basis == UnitBasis::Inferred && self.amount != PayAmount::Negotiable
    }

    /// The amount converted to a month: a day × 21.75, an hour × 8 × 21.75, a year ÷ 12, rounded
    /// half up to the fen. Negotiable pay has neither end; an overflow drops that end.
    #[must_use]
    pub fn monthly(&self, parameters: &PayParameters) -> MonthlyPay {
        let (numerator, denominator) = match self.unit {
            PayUnit::Hour => (
                parameters.paid_days_per_month_hundredths * parameters.hours_per_day,
                100,
            ),
            PayUnit::Day => (parameters.paid_days_per_month_hundredths, 100),
            PayUnit::Month => (1, 1),
            PayUnit::Year => (1, 12),
        };
        let convert = |fen: Fen| fen.times_fraction_half_up(numerator, denominator);
        match self.amount {
            PayAmount::Range { low, high } => MonthlyPay {
                low: convert(low),
                high: convert(high),
            },
            PayAmount::From { low } => MonthlyPay {
                low: convert(low),
                high: None,
            },
            PayAmount::UpTo { high } => MonthlyPay {
                low: None,
                high: convert(high),
            },
            PayAmount::Negotiable => MonthlyPay::default(),
        }
    }

    /// The number that decides, for rows and boards: `5,500–7,000 元`, `320 元/天`,
    /// `6,000 元以上`, `最高 1,500 元`, `面议`.
    #[must_use]
    pub fn short_text(&self) -> String {
        let per = match self.unit {
            PayUnit::Hour => "/小时",
            PayUnit::Day => "/天",
            PayUnit::Month => "",
            PayUnit::Year => "/年",
        };
        match self.amount {
            PayAmount::Range { low, high } if low == high => format!("{low} 元{per}"),
            PayAmount::Range { low, high } => format!("{low}–{high} 元{per}"),
            PayAmount::From { low } => format!("{low} 元{per}以上"),
            PayAmount::UpTo { high } => format!("最高 {high} 元{per}"),
            PayAmount::Negotiable => "面议".to_owned(),
        }
    }
}
