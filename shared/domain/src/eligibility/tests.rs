//! The rules as they are delivered, by hand-written cases: none of them is made from the data.

mod laws;
mod loading;
mod rows;
mod way;

use super::*;
use crate::parameter::ParameterBook;

use chrono::NaiveDate;

pub(super) const FILES: [(&str, &str); 5] = [
    (
        "rules.toml",
        include_str!("../../../../assets/eligibility/rules.toml"),
    ),
    (
        "questions.toml",
        include_str!("../../../../assets/eligibility/questions.toml"),
    ),
    (
        "person.toml",
        include_str!("../../../../assets/eligibility/person.toml"),
    ),
    (
        "org.toml",
        include_str!("../../../../assets/eligibility/org.toml"),
    ),
    (
        "together.toml",
        include_str!("../../../../assets/eligibility/together.toml"),
    ),
];
pub(super) const RETIREMENT: &str = include_str!("../../../../assets/codes/retirement.toml");
const PARAMETERS: [(&str, &str); 2] = [
    (
        "flow.toml",
        include_str!("../../../../assets/parameters/flow.toml"),
    ),
    (
        "eligibility.toml",
        include_str!("../../../../assets/parameters/eligibility.toml"),
    ),
];
/// The day of most cases.
pub(super) const TODAY: &str = "2026-11-23";

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Rules and parameters as they come with the program.
pub(super) struct World {
    pub(super) rules: EligibilityRules,
    pub(super) parameters: ParameterBook,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            rules: EligibilityRules::read(&FILES, RETIREMENT).unwrap(),
            parameters: ParameterBook::read_base(PARAMETERS).unwrap(),
        }
    }

    /// Answers written as `birth=1980-01-01 groups=disabled,poverty contrib_months=59 recognised=?`.
    pub(super) fn answers(&self, written: &str) -> Answers {
        let mut answers = Answers::default();
        for one in written.split_whitespace() {
            let (id, text) = one.split_once('=').unwrap();
            let question = self.rules.question(id).unwrap_or_else(|| panic!("{id}"));
            let answer = match (&question.kind, text) {
                (_, "?") => Answer::Unclear,
                (AnswerKind::One(_), text) => Answer::One(text.to_owned()),
                (AnswerKind::Several(_), text) => {
                    Answer::Several(text.split(',').map(str::to_owned).collect())
                }
                (AnswerKind::Number { .. }, text) => Answer::Number(text.parse().unwrap()),
                (AnswerKind::Date, text) => Answer::Date(day(text)),
            };
            answers
                .give(question, answer)
                .unwrap_or_else(|bad| panic!("{one}: {bad}"));
        }
        answers
    }

    pub(super) fn check<'w>(&'w self, benefit: &str, on: &str) -> Check<'w> {
        Check::of_benefits(&self.rules, &self.parameters, [benefit], day(on))
    }

    pub(super) fn finding(&self, benefit: &str, on: &str, written: &str) -> Finding {
        let checkup = self.check(benefit, on).result(&self.answers(written));
        let mut findings = checkup.findings.into_iter();
        findings
            .next()
            .unwrap_or_else(|| panic!("{benefit} is not told: {written}"))
    }
}

impl Finding {
    pub(super) fn codes(&self) -> Vec<&str> {
        self.reasons
            .iter()
            .map(|reason| reason.code.as_str())
            .collect()
    }
}
