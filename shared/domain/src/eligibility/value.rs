//! What a condition comes to, for answers, parameters and a day.
//!
//! A number that is not quite known is the list of what it may be: where all of them compare alike the
//! condition is decided, and nobody is asked (a woman of 30 is not asked by which track she retires).

use chrono::{Datelike, Months, NaiveDate};

use crate::months::{YearMonth, age_on, full_months};
use crate::parameter::ParameterBook;

use super::answer::{Answer, Answers};
use super::condition::{Condition, Exact, Held, Missing, Operand, Operator, Subject, all_of};
use super::rules::EligibilityRules;

/// 不清楚 among the choices of a condition.
const UNCLEAR: &str = "unclear";
const MALE: &str = "male";
const MEN: &str = "man";
const MONTHS_A_YEAR: i128 = 12;

/// Everything that a condition is decided by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'f> {
    pub(super) rules: &'f EligibilityRules,
    pub(super) parameters: &'f ParameterBook,
    pub(super) on: NaiveDate,
    pub(super) answers: &'f Answers,
}

/// How an answer stands.
enum Known<'f> {
    Given(&'f Answer),
    /// It makes no sense to ask.
    NotAsked,
    /// Not given, or not clear.
    Not(Held),
}

/// A number, or what it may be.
struct Numbers {
    values: Vec<Exact>,
    /// What holds when the values do not compare alike.
    else_held: Held,
}

/// The keys of parameters that a condition asks for.
pub(super) fn keys_of(condition: &Condition) -> impl Iterator<Item = &str> {
    let compared = match &condition.operand {
        Operand::Parameter(key) => Some(key.as_str()),
        _ => None,
    };
    let own: &[&str] = match condition.subject {
        Subject::PartnerLoanExcess => &PARTNER_LOAN_KEYS,
        _ => &[],
    };
    compared.into_iter().chain(own.iter().copied())
}

const PARTNER_LOAN_KEYS: [&str; 3] = ["loan.cap_personal", "loan.cap_partner", "loan.cap_sme"];

impl<'f> Facts<'f> {
    /// What the condition comes to.
    pub(super) fn held(&self, condition: &Condition) -> Held {
        match (&condition.subject, &condition.operand) {
            (Subject::Answer(question), Operand::Choices(choices)) => {
                self.chosen(question, condition.operator, choices)
            }
            (subject, operand) => self
                .compared(subject, condition.operator, operand)
                .unwrap_or_else(|held| held),
        }
    }

    fn chosen(&self, question: &str, operator: Operator, choices: &[String]) -> Held {
        let wants_unclear = choices.iter().any(|choice| choice == UNCLEAR);
        let is_among = |id: &String| choices.contains(id);
        let found = match self.known(question) {
            Known::Given(Answer::Unclear) if wants_unclear => true,
            Known::Given(Answer::One(id)) => is_among(id),
            Known::Given(Answer::Several(ids)) => ids.iter().any(is_among),
            Known::Given(_) => return unclear(question),
            Known::NotAsked => return Held::No,
            Known::Not(held) => return held,
        };
        let wants_found = matches!(operator, Operator::Is | Operator::Has);
        yes_if(found == wants_found)
    }

    fn compared(
        &self,
        subject: &Subject,
        operator: Operator,
        operand: &Operand,
    ) -> Result<Held, Held> {
        let limit = self.limit(operand)?;
        let numbers = self.numbers(subject)?;
        let held = |value: &Exact| operator.holds(value.order(limit));
        let holding = numbers.values.iter().filter(|value| held(value)).count();
        Ok(match holding {
            0 => Held::No,
            all if all == numbers.values.len() => Held::Yes,
            _ => numbers.else_held,
        })
    }

    fn limit(&self, operand: &Operand) -> Result<Exact, Held> {
        match operand {
            Operand::Number(number) => Ok(Exact::from(*number)),
            Operand::Parameter(key) => self.parameter(key),
            // the loader lets no choices be compared
            Operand::Choices(_) => Err(Held::No),
        }
    }

    /// The number under a key; without one nobody knows.
    pub(super) fn parameter(&self, key: &str) -> Result<Exact, Held> {
        let missing = || Held::Unclear(Missing::Parameter(key.to_owned()));
        let found = self.parameters.on(key, None, self.on);
        let value = found.map_err(|_| missing())?.entry.value.decimal();
        let (units, power) = value.ok_or_else(missing)?.fraction();
        Exact::ratio(units, power).ok_or_else(missing)
    }

    fn numbers(&self, subject: &Subject) -> Result<Numbers, Held> {
        let one = match subject {
            Subject::Answer(question) => Exact::from(self.number(question)?),
            Subject::Age => Exact::from(i64::from(age_on(self.date("birth")?, self.on))),
            Subject::MonthsSince(question) => {
                Exact::from(full_months(self.date(question)?, self.on))
            }
            Subject::MonthsBegun(question) => {
                Exact::from(months_begun(self.date(question)?, self.on))
            }
            Subject::MonthsToRetirement(day) => return self.until_retirement(day.as_deref()),
            Subject::AverageInsured => self.average_insured()?,
            Subject::LayoffRate => self.layoff_rate()?,
            Subject::NewHireRate => {
                let (new, all) = (self.number("new_hires")?, self.number("staff_total")?);
                Exact::ratio(new.into(), all.into()).ok_or_else(|| unclear("staff_total"))?
            }
            Subject::PartnerLoanExcess => Exact::from(self.partner_loan_excess()?),
        };
        Ok(Numbers {
            values: vec![one],
            else_held: Held::No,
        })
    }

    pub(super) fn average_insured(&self) -> Result<Exact, Held> {
        let sum = self.number("insured_sum")?;
        Exact::ratio(sum.into(), MONTHS_A_YEAR).ok_or_else(|| unclear("insured_sum"))
    }

    pub(super) fn layoff_rate(&self) -> Result<Exact, Held> {
        let (sum, claims) = (self.number("insured_sum")?, self.number("claims")?);
        let claims = i128::from(claims) * MONTHS_A_YEAR;
        Exact::ratio(claims, sum.into()).ok_or_else(|| unclear("insured_sum"))
    }

    /// Each may have the personal cap and a share more, all together no more than a small enterprise.
    fn partner_loan_excess(&self) -> Result<i64, Held> {
        let (partners, wanted) = (self.number("partners")?, self.number("loan_amount")?);
        let [personal, share, enterprise] = PARTNER_LOAN_KEYS.map(|key| {
            let missing = || Held::Unclear(Missing::Parameter(key.to_owned()));
            let found = self.parameters.on(key, None, self.on);
            let value = found.map_err(|_| missing())?.entry.value.decimal();
            Ok(value.ok_or_else(missing)?.fraction())
        });
        let ((personal, _), (share, power), (enterprise, _)) = (personal?, share?, enterprise?);
        let together = personal * i128::from(partners) * share / power;
        let excess = i128::from(wanted) - together.min(enterprise);
        Ok(i64::try_from(excess).unwrap_or(i64::MAX))
    }

    /// Months until retirement, by every track that may be hers.
    fn until_retirement(&self, day: Option<&str>) -> Result<Numbers, Held> {
        let is_man = match self.known("sex") {
            Known::Given(Answer::One(sex)) => sex == MALE,
            Known::Given(_) => return Err(unclear("sex")),
            Known::NotAsked => return Err(Held::No),
            Known::Not(held) => return Err(held),
        };
        let born = YearMonth::of(self.date("birth")?);
        let from = match day {
            Some(question) => self.date(question)?,
            None => self.on,
        };
        let (known_track, else_held) = match (is_man, self.known("retire_track")) {
            (true, _) => (Some(MEN.to_owned()), Held::No),
            (false, Known::Given(Answer::One(track))) => (Some(track.clone()), Held::No),
            (false, Known::Given(_) | Known::NotAsked) => (None, unclear("retire_track")),
            (false, Known::Not(held)) => (None, held),
        };
        let is_hers = |id: &str| match &known_track {
            Some(track) => id == track,
            None => id != MEN,
        };
        let tracks = self.rules.tracks.iter().filter(|track| is_hers(&track.id));
        let months = tracks.map(|track| track.retires_in(born).months_since(YearMonth::of(from)));
        Ok(Numbers {
            values: months
                .map(|months| Exact::from(i64::from(months)))
                .collect(),
            else_held,
        })
    }

    /// The whole number that answers a question, in the unit of the rules.
    pub(super) fn number(&self, question: &str) -> Result<i64, Held> {
        match self.known(question) {
            Known::Given(Answer::Number(number)) => {
                let scale = self.rules.scales.get(question).copied().unwrap_or(1);
                Ok(number.saturating_mul(scale))
            }
            Known::Given(_) => Err(unclear(question)),
            Known::NotAsked => Err(Held::No),
            Known::Not(held) => Err(held),
        }
    }

    fn date(&self, question: &str) -> Result<NaiveDate, Held> {
        match self.known(question) {
            Known::Given(Answer::Date(day)) => Ok(*day),
            Known::Given(_) => Err(unclear(question)),
            Known::NotAsked => Err(Held::No),
            Known::Not(held) => Err(held),
        }
    }

    fn known(&self, question: &str) -> Known<'f> {
        let Some(asked) = self.rules.question(question) else {
            return Known::NotAsked;
        };
        let together = all_of(asked.asked_if.iter().map(|condition| self.held(condition)));
        if together.is_no() {
            return Known::NotAsked;
        }
        if together.is_open() {
            return Known::Not(Held::Open(together.open));
        }
        if let Some(missing) = together.missing.into_iter().next() {
            return Known::Not(Held::Unclear(missing));
        }
        match self.answers.to(question) {
            Some(answer) => Known::Given(answer),
            None => Known::Not(Held::Open(vec![question.to_owned()])),
        }
    }

    /// The day on which a condition that does not hold yet will, if only time has to pass.
    pub(super) fn reached_on(&self, condition: &Condition) -> Option<NaiveDate> {
        if !condition.operator.is_reached_by_growing() {
            return None;
        }
        let Ok(limit) = self.limit(&condition.operand) else {
            return None;
        };
        let count: u32 = limit.to_string().parse().ok()?;
        match &condition.subject {
            Subject::Age => birthday(self.date("birth").ok()?, count),
            Subject::MonthsSince(question) => {
                let from = self.date(question).ok()?;
                from.checked_add_months(Months::new(count))
            }
            _ => None,
        }
    }
}

fn unclear(question: &str) -> Held {
    Held::Unclear(Missing::Answer(question.to_owned()))
}

fn yes_if(holds: bool) -> Held {
    if holds { Held::Yes } else { Held::No }
}

/// Months begun: on the very day of the month it is as many as are full.
fn months_begun(from: NaiveDate, to: NaiveDate) -> i64 {
    let full = full_months(from, to);
    let whole = u32::try_from(full).unwrap_or(0);
    let is_day = from.checked_add_months(Months::new(whole)) == Some(to);
    if is_day { full } else { full + 1 }
}

/// The birthday on which somebody is so many years old: 1 March for 29 February in other years.
fn birthday(born: NaiveDate, years: u32) -> Option<NaiveDate> {
    let year = born.year().checked_add(i32::try_from(years).ok()?)?;
    born.with_year(year)
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}
