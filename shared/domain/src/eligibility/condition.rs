//! One condition of a row, as the files write it: `SUBJECT OPERATOR VALUE`.
//!
//! ```text
//! lost_reason = expired|dismissed        one of these; `unclear` may be among them
//! groups has disabled|lowincome          at least one of these;  `lacks`: none of them
//! contrib_months >= ui.min_contrib_months    a number, or a dated parameter by its key
//! age >= 16        months_since:unemployed_since >= 12        months_to_retirement > 0
//! ```
//!
//! What a condition comes to is one of four: it holds, it does not, nobody knows, or a question is open.

use std::cmp::Ordering;
use std::fmt;

/// What a condition is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// The answer itself.
    Answer(String),
    /// Full years by the birthday.
    Age,
    /// Full months since the day that answers a question.
    MonthsSince(String),
    /// Months begun since the day that answers a question: "within 12 months" is `<= 12`.
    MonthsBegun(String),
    /// Months until the month of retirement: today, or on the day that answers a question.
    MonthsToRetirement(Option<String>),
    /// Insured staff by the month, not rounded (上年月均参保人数).
    AverageInsured,
    /// New claims by average staff (裁员率).
    LayoffRate,
    /// New hires by staff (新招比例).
    NewHireRate,
    /// What is asked for above what partners may have together, in fen.
    PartnerLoanExcess,
}

impl Subject {
    fn read(text: &str) -> Option<Self> {
        let of = |question: &str| question.to_owned();
        Some(match text.split_once(':') {
            Some(("months_since", question)) => Self::MonthsSince(of(question)),
            Some(("months_begun", question)) => Self::MonthsBegun(of(question)),
            Some(("months_to_retirement", question)) => {
                Self::MonthsToRetirement(Some(of(question)))
            }
            Some(_) => return None,
            None => match text {
                "age" => Self::Age,
                "months_to_retirement" => Self::MonthsToRetirement(None),
                "average_insured" => Self::AverageInsured,
                "layoff_rate" => Self::LayoffRate,
                "new_hire_rate" => Self::NewHireRate,
                "partner_loan_excess" => Self::PartnerLoanExcess,
                question => Self::Answer(of(question)),
            },
        })
    }

    /// The questions that it needs, in the order in which they are asked.
    pub(super) fn questions(&self) -> Vec<&str> {
        match self {
            Self::Answer(question) | Self::MonthsSince(question) | Self::MonthsBegun(question) => {
                vec![question]
            }
            Self::Age => vec!["birth"],
            Self::MonthsToRetirement(day) => {
                let mut questions = vec!["sex", "birth", "retire_track"];
                questions.extend(day.as_deref());
                questions
            }
            Self::AverageInsured => vec!["insured_sum"],
            Self::LayoffRate => vec!["insured_sum", "claims"],
            Self::NewHireRate => vec!["staff_total", "new_hires"],
            Self::PartnerLoanExcess => vec!["partners", "loan_amount"],
        }
    }
}

/// How it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    IsNot,
    Has,
    Lacks,
    Less,
    AtMost,
    Above,
    AtLeast,
}

impl Operator {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "=" => Self::Is,
            "!=" => Self::IsNot,
            "has" => Self::Has,
            "lacks" => Self::Lacks,
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::Above,
            ">=" => Self::AtLeast,
            _ => return None,
        })
    }

    /// Whether a number compares so.
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Is | Self::Has => order.is_eq(),
            Self::IsNot | Self::Lacks => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }

    /// Whether time alone may make it hold: what grows is still too small.
    pub(super) fn is_reached_by_growing(self) -> bool {
        matches!(self, Self::AtLeast)
    }
}

/// What it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    /// Ids of choices.
    Choices(Vec<String>),
    /// A number.
    Number(i64),
    /// The parameter under this key, on the day of the check.
    Parameter(String),
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) subject: Subject,
    pub(super) operator: Operator,
    pub(super) operand: Operand,
}

impl Condition {
    /// Reads it; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (subject, operator, operand) = (words.next()?, words.next()?, words.next()?);
        if words.next().is_some() {
            return None;
        }
        let condition = Self {
            subject: Subject::read(subject)?,
            operator: Operator::read(operator)?,
            operand: Operand::read(operand)?,
        };
        condition.fits().then_some(condition)
    }

    /// Choices are told apart, numbers compared.
    fn fits(&self) -> bool {
        let is_of_choices = matches!(self.operand, Operand::Choices(_));
        let compares = !matches!(
            self.operator,
            Operator::Is | Operator::IsNot | Operator::Has | Operator::Lacks
        );
        let is_answer = matches!(self.subject, Subject::Answer(_));
        if is_of_choices {
            is_answer && !compares
        } else {
            !matches!(self.operator, Operator::Has | Operator::Lacks)
        }
    }
}

impl Operand {
    /// A number, else a key (which has a point), else choices.
    fn read(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse() {
            return Some(Self::Number(number));
        }
        if text.contains('.') {
            return Some(Self::Parameter(text.to_owned()));
        }
        let choices: Vec<String> = text.split('|').map(str::to_owned).collect();
        let is_whole = choices.iter().all(|choice| !choice.is_empty());
        is_whole.then_some(Self::Choices(choices))
    }
}

/// A number that is exact, whole or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Exact {
    /// `numerator ÷ denominator`; `None` for a denominator that is not above 0.
    pub(super) fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        (denominator > 0).then_some(Self {
            numerator,
            denominator,
        })
    }

    /// How it stands to another. Both come from answers and parameters, so nothing overflows.
    pub(super) fn order(self, other: Self) -> Ordering {
        let left = self.numerator.saturating_mul(other.denominator);
        left.cmp(&other.numerator.saturating_mul(self.denominator))
    }

    /// In hundredths, cut: for showing.
    fn hundredths(self, times: i128) -> i128 {
        self.numerator.saturating_mul(times * 100) / self.denominator
    }

    /// As per cents: `6.56%`, rounded to the nearest hundredth.
    pub(super) fn percent(self) -> String {
        let doubled = self.hundredths(200);
        let rounded = (doubled + 1) / 2;
        format!("{}.{:02}%", rounded / 100, rounded % 100)
    }
}

impl From<i64> for Exact {
    fn from(number: i64) -> Self {
        Self {
            numerator: number.into(),
            denominator: 1,
        }
    }
}

impl fmt::Display for Exact {
    /// With two places at most: `30.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.hundredths(1);
        let (whole, part) = (hundredths / 100, hundredths % 100);
        match part {
            0 => write!(f, "{whole}"),
            tens if tens % 10 == 0 => write!(f, "{whole}.{}", tens / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

/// What a condition comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Held {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// Nobody knows, for want of this.
    Unclear(Missing),
    /// These questions have no answer yet, the first one first.
    Open(Vec<String>),
}

/// What is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Missing {
    /// The answer to a question.
    Answer(String),
    /// The value of a parameter on the day.
    Parameter(String),
}

/// All of them: one no is a no, else an open question stays open, else what nobody knows stays so.
pub(super) fn all_of(held: impl IntoIterator<Item = Held>) -> Together {
    let mut together = Together::default();
    for one in held {
        match one {
            Held::Yes => {}
            Held::No => together.unmet += 1,
            Held::Unclear(missing) => together.missing.push(missing),
            Held::Open(questions) => together.open.extend(questions),
        }
    }
    together
}

/// What the conditions of a row come to together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Together {
    /// How many do not hold.
    pub(super) unmet: usize,
    /// What is not known.
    pub(super) missing: Vec<Missing>,
    /// Which questions are open.
    pub(super) open: Vec<String>,
}

impl Together {
    pub(super) fn is_no(&self) -> bool {
        self.unmet > 0
    }

    pub(super) fn is_open(&self) -> bool {
        !self.is_no() && !self.open.is_empty()
    }

    pub(super) fn is_unclear(&self) -> bool {
        !self.is_no() && self.open.is_empty() && !self.missing.is_empty()
    }

    pub(super) fn is_yes(&self) -> bool {
        !self.is_no() && self.open.is_empty() && self.missing.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn conditions_read_as_written_and_nothing_else_reads() {
        let read = Condition::read("age >= age.older.m").unwrap();
        assert_eq!(read.subject, Subject::Age);
        assert_eq!(read.operand, Operand::Parameter("age.older.m".into()));
        let read = Condition::read("groups has disabled|lowincome").unwrap();
        assert_eq!(
            read.operand,
            Operand::Choices(vec!["disabled".into(), "lowincome".into()])
        );
        for bad in [
            "",
            "age",
            "age >=",
            "age ~ 3",
            "age has 3",
            "age = old",
            "status < employed",
            "weeks_since:birth > 3",
            "status = a||b",
            "status = a b",
        ] {
            assert_eq!(Condition::read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn rates_are_exact_and_rounded_only_to_be_shown() {
        let rate = Exact::ratio(2 * 12, 366).unwrap();
        assert_eq!(rate.percent(), "6.56%");
        assert_eq!(Exact::ratio(366, 12).unwrap().to_string(), "30.5");
        let limit = Exact::ratio(55, 1000).unwrap();
        assert_eq!(rate.order(limit), Ordering::Greater);
        assert_eq!(Exact::ratio(1, 0), None);
    }

    fn held() -> impl Strategy<Value = Held> {
        prop_oneof![
            Just(Held::Yes),
            Just(Held::No),
            Just(Held::Unclear(Missing::Answer("a".into()))),
            Just(Held::Open(vec!["b".into()])),
        ]
    }

    fn rank(together: &Together) -> u8 {
        match () {
            () if together.is_no() => 0,
            () if together.is_yes() => 2,
            () => 1,
        }
    }

    proptest! {
        /// AND is monotone: another condition never makes a row truer, and knowing more of one that is
        /// not known never turns a yes into a no of the row or the other way round.
        #[test]
        fn another_condition_never_makes_a_row_truer(
            row in prop::collection::vec(held(), 0..6),
            more in held(),
        ) {
            let before = all_of(row.clone());
            let after = all_of(row.into_iter().chain([more]));
            prop_assert!(rank(&after) <= rank(&before));
        }

        #[test]
        fn learning_what_was_not_known_keeps_every_yes_and_no(
            row in prop::collection::vec(held(), 1..6),
            learnt in prop::collection::vec(any::<bool>(), 6),
        ) {
            let before = all_of(row.clone());
            let known = row.into_iter().zip(learnt).map(|(held, yes)| match held {
                Held::Unclear(_) | Held::Open(_) if yes => Held::Yes,
                Held::Unclear(_) | Held::Open(_) => Held::No,
                known => known,
            });
            let after = all_of(known);
            if before.is_no() { prop_assert!(after.is_no()); }
            if before.is_yes() { prop_assert!(after.is_yes()); }
            prop_assert!(after.is_no() || after.is_yes());
        }
    }
}
