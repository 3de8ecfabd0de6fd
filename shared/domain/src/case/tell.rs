//! What a record comes to in another one: how many were hired for a vacancy, what a store holds after
//! all movements. The kind of what is counted says so; the other record's field is computed and written
//! by the system, whenever a record that counts changes. Finding the records is the shell's.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{KindId, RecordId};

use super::validity::named_in;
use super::{
    CaseRefusal, Comparison, Condition, FieldType, Kind, Record, Rulebook, Value, formula,
};

/// A computed field of other records that the records of a kind make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellRule {
    /// Whose field it is.
    pub to: Told,
    /// The computed field there.
    pub field: String,
    /// What is made of the records that count.
    pub take: Take,
    /// Those in one of these states count; none: in any.
    pub states: Vec<String>,
    /// Those of which this holds; an empty field makes no record count.
    pub only_if: Option<Condition>,
}

/// Which records are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// What a field names: it is told what all records come to that name it there, or of the last one
    /// ([`Take::Same`]).
    Named(String),
    /// Those of a kind that name the record in a field: they are told of it alone.
    Naming(KindId, String),
}

/// What is made of the records that count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// How many.
    Count,
    /// A field of them added up; empty ones are nothing.
    Sum(String),
    /// The value of a field of the record that tells last; an empty one tells nothing.
    Same(String),
}

impl TellRule {
    /// The records that a record names where this rule asks for it.
    #[must_use]
    pub fn named(&self, record: &Record) -> Vec<RecordId> {
        match &self.to {
            Told::Named(field) => named_in(record, field),
            Told::Naming(..) => Vec::new(),
        }
    }

    /// Whether only the record counts that has just changed.
    #[must_use]
    pub fn is_of_one(&self) -> bool {
        matches!(self.take, Take::Same(_)) || matches!(self.to, Told::Naming(..))
    }

    /// What these records come to in a field of a kind; `None` for no value.
    ///
    /// # Errors
    /// When a dated parameter has no value on the day, or the calendar lacks a year.
    pub fn comes_to(
        &self,
        records: &[Record],
        told: &Kind,
        today: NaiveDate,
        rules: &dyn Rulebook,
    ) -> Result<Option<Value>, CaseRefusal> {
        let mut counting = Vec::new();
        for record in records {
            if self.counts(record, today, rules)? {
                counting.push(record);
            }
        }
        let values = |field: &str| -> Vec<Value> {
            let values = counting.iter().map(|record| record.values.get(field));
            values.flatten().cloned().collect()
        };
        let kind = told.field(&self.field).map(|field| &field.kind);
        let kind = kind.unwrap_or(&FieldType::Boolean);
        Ok(match &self.take {
            Take::Count => i64::try_from(counting.len()).ok().map(Value::Integer),
            Take::Sum(field) => formula::sum(&values(field), kind),
            Take::Same(field) => values(field).pop(),
        })
    }

    fn counts(
        &self,
        record: &Record,
        today: NaiveDate,
        rules: &dyn Rulebook,
    ) -> Result<bool, CaseRefusal> {
        if !self.states.is_empty() && !self.states.contains(&record.state) {
            return Ok(false);
        }
        let Some(condition) = &self.only_if else {
            return Ok(true);
        };
        let is_known = condition.comparison == Comparison::IsEmpty
            || record.values.contains_key(&condition.field);
        Ok(is_known && condition.holds(&record.values, today, rules)?)
    }
}
