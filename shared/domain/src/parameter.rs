//! Dated parameters (政策参数): numbers that a law, a year or the district may change, as pure data.
//!
//! A value is looked up by key, region and day; a missing one is an error, never 0. Of each key and
//! region the entries follow each other without overlap: an entry ends the day before the next one
//! begins. Entries are only ever added; one that is not in force yet may be withdrawn. Every change
//! is [`propose`]d by one person and [`confirm`]ed by another.

mod book;
mod change;
mod file;
mod refusal;
mod value;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{ProposalId, StaffId};

pub use book::{InBook, ParameterBook};
pub use change::{confirm, propose};
pub use file::ParameterFileFault;
pub use refusal::ParameterRefusal;
pub use value::ParameterValue;

/// What a value is looked up by, besides the day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ParameterKey {
    /// The stable key: `min_wage.month`.
    pub key: String,
    /// Digits of GB/T 2260; absent: the district's default, which holds where no region says more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

impl ParameterKey {
    /// The district's default under a key.
    #[must_use]
    pub fn of_district(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            region: None,
        }
    }
}

impl fmt::Display for ParameterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.region {
            Some(region) => write!(f, "{}（{region}）", self.key),
            None => f.write_str(&self.key),
        }
    }
}

/// A value with the days on which it holds and the document that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterEntry {
    /// Key and region.
    #[serde(flatten)]
    pub key: ParameterKey,
    /// Its Chinese name.
    pub name: String,
    /// The value.
    pub value: ParameterValue,
    /// Its unit, in Chinese; may be empty.
    pub unit: String,
    /// The first day.
    pub effective_from: NaiveDate,
    /// The last day, where the document states one. A next entry ends this one in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<NaiveDate>,
    /// The document: its title or number (依据文号).
    pub source: String,
}

/// A change of the book. Nothing is ever taken out of the record: both are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ParameterChange {
    /// A new entry.
    Set(ParameterEntry),
    /// An entry that is not in force yet was wrong.
    Withdraw {
        /// Key and region.
        #[serde(flatten)]
        key: ParameterKey,
        /// Which of its entries.
        effective_from: NaiveDate,
        /// Why.
        reason: String,
    },
}

impl ParameterChange {
    /// Whose entries it changes.
    #[must_use]
    pub fn key(&self) -> &ParameterKey {
        match self {
            Self::Set(entry) => &entry.key,
            Self::Withdraw { key, .. } => key,
        }
    }

    /// The first day of the entry that it adds or withdraws.
    #[must_use]
    pub fn effective_from(&self) -> NaiveDate {
        match self {
            Self::Set(entry) => entry.effective_from,
            Self::Withdraw { effective_from, .. } => *effective_from,
        }
    }
}

/// A change that waits for its second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterProposal {
    /// Made at the edge.
    pub proposal: ProposalId,
    /// What is to change.
    #[serde(flatten)]
    pub change: ParameterChange,
    /// Who entered it.
    pub by: StaffId,
}

/// The two persons behind an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoPersons {
    /// Who entered it (录入人).
    pub entered_by: StaffId,
    /// Who confirmed it (复核人).
    pub confirmed_by: StaffId,
}

#[cfg(test)]
mod tests;
