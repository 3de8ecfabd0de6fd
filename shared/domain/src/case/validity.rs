//! What a record names must be in order when it counts: an employer whose licence has ended offers no
//! work and gets no subsidy, an institution that was closed opens no class. A kind's rule says what
//! must be so of the other record, and at which steps it is asked. What changes afterwards undoes
//! nothing: a record that was right when it was taken in stands.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::RecordId;

use super::{CaseRefusal, Condition, Record, Rulebook, Value};

/// What must be so of a record that another one names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidityRule {
    /// Which record: whom it concerns, or what a field names.
    pub of: Named,
    /// States in which it must be; none: in any.
    pub states: Vec<String>,
    /// What must hold of its values; nothing: whatever they are.
    pub condition: Option<Condition>,
    /// Steps at which it is asked, the opening among them.
    pub steps: Vec<String>,
    /// What a person is told.
    pub text: String,
}

/// A record that another one names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The person whom it concerns.
    Person,
    /// The employer whom it concerns.
    Employer,
    /// What a field names; of a list each.
    Field(String),
}

impl ValidityRule {
    /// The records that must be in order.
    #[must_use]
    pub fn named(&self, record: &Record) -> Vec<RecordId> {
        match &self.of {
            Named::Person => record.person.map(|id| RecordId(id.0)).into_iter().collect(),
            Named::Employer => record.employer.into_iter().collect(),
            Named::Field(field) => named_in(record, field),
        }
    }

    /// Whether a record that is named is in order on a day.
    ///
    /// # Errors
    /// When a dated parameter has no value on the day, or the calendar lacks a year.
    pub fn holds(
        &self,
        named: &Record,
        today: NaiveDate,
        rules: &dyn Rulebook,
    ) -> Result<bool, CaseRefusal> {
        let is_in_state = self.states.is_empty() || self.states.contains(&named.state);
        let condition = self.condition.as_ref();
        let holds = condition.map(|one| one.holds(&named.values, today, rules));
        Ok(is_in_state && holds.transpose()?.unwrap_or(true))
    }
}

/// The records that a field names; of a list each.
pub(super) fn named_in(record: &Record, field: &str) -> Vec<RecordId> {
    match record.values.get(field) {
        Some(Value::Record(id)) => vec![*id],
        Some(Value::List(items)) => items.iter().filter_map(record_in).collect(),
        _ => Vec::new(),
    }
}

fn record_in(value: &Value) -> Option<RecordId> {
    match value {
        Value::Record(id) => Some(*id),
        _ => None,
    }
}
