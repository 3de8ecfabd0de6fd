//! The rules as data: questions, benefits with their rows, reasons, exclusions, and who they are for. Read
//! once from the files (`read`), never changed.

use std::collections::BTreeMap;

use crate::id::GroupCode;
use crate::months::RetirementTrack;

use super::condition::Condition;
use super::finding::{Material, Relation, Verdict};
use super::question::{Party, Question};

/// All rules of the self-check.
#[derive(Debug, Clone)]
pub struct EligibilityRules {
    pub(super) version: String,
    pub(super) disclaimer: String,
    pub(super) questions: Vec<Question>,
    /// By what one unit of a number is multiplied: 万元 to fen.
    pub(super) scales: BTreeMap<String, i64>,
    pub(super) audiences: Vec<Audience>,
    pub(super) benefits: Vec<Benefit>,
    pub(super) reasons: BTreeMap<String, String>,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) tracks: Vec<RetirementTrack>,
}

/// Whom a check is for (选人群): a button that leads to the benefits of such people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Audience {
    /// Its id: `lost_job`.
    pub id: String,
    /// What the button says: 失业了.
    pub name: String,
    /// A person or an organisation.
    pub party: Party,
    /// The ids of the benefits, in the order in which they are told.
    pub benefits: Vec<String>,
}

/// A benefit with its decision table.
#[derive(Debug, Clone)]
pub struct Benefit {
    /// Its id: `hardship`.
    pub id: String,
    /// Its table in the sheet of eligibility: E1.
    pub sheet: String,
    /// Its name: 就业困难人员认定.
    pub name: String,
    /// Who may have it.
    pub party: Party,
    pub(super) group: Option<GroupCode>,
    pub(super) kind: Option<String>,
    pub(super) place: String,
    pub(super) deadline: Option<String>,
    pub(super) materials: Vec<Material>,
    /// It is not about who asks as soon as one of these holds; then nothing is told of it.
    pub(super) skip_if: Vec<Condition>,
    pub(super) amounts: Vec<Amount>,
    pub(super) rows: Vec<Row>,
}

/// What is told of the amount, when all of its conditions hold.
#[derive(Debug, Clone)]
pub(super) struct Amount {
    pub(super) conditions: Vec<Condition>,
    pub(super) text: String,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its number in the sheet; several rows that stand for one row of the sheet share it.
    pub(super) no: String,
    pub(super) verdict: Verdict,
    /// The code of its reason.
    pub(super) reason: String,
    pub(super) conditions: Vec<Condition>,
}

/// Two things of which one excludes the other, or does not.
#[derive(Debug, Clone)]
pub(super) struct Exclusion {
    pub(super) one: String,
    /// The id of a benefit, or the name of something that is not checked here.
    pub(super) other: String,
    pub(super) relation: Relation,
    pub(super) text: String,
}

impl EligibilityRules {
    /// Counted by who changes them; printed on every slip.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The groups of people to choose from, in order.
    #[must_use]
    pub fn audiences(&self) -> &[Audience] {
        &self.audiences
    }

    /// The benefits, in the order of the sheet.
    #[must_use]
    pub fn benefits(&self) -> &[Benefit] {
        &self.benefits
    }

    /// A question by its id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// Every key of a dated parameter that a rule or a text asks for.
    #[must_use]
    pub fn parameter_keys(&self) -> Vec<&str> {
        let told = self.reasons.values();
        let told = told.flat_map(|text| super::amount::keys_of(text));
        let mut keys: Vec<&str> = self
            .benefits
            .iter()
            .flat_map(Benefit::keys)
            .chain(told)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl Benefit {
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let rows = self.rows.iter().flat_map(|row| &row.conditions);
        let amounts = self.amounts.iter().flat_map(|amount| &amount.conditions);
        rows.chain(amounts).chain(&self.skip_if)
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        let compared = self.conditions().flat_map(super::value::keys_of);
        let texts = self.amounts.iter().map(|amount| amount.text.as_str());
        let texts = texts.chain(self.deadline.as_deref());
        compared.chain(texts.flat_map(super::amount::keys_of))
    }
}
