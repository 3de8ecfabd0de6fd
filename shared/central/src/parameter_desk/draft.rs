//! A new entry as a person types it.

use chrono::NaiveDate;
use domain::parameter::{
    ParameterBook, ParameterEntry, ParameterKey, ParameterRefusal, ParameterValue,
};
use wire::problem::Problem;

use super::refused;

/// The fields of the form, as typed. Name and unit may be left out where the key has them already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParameterDraft {
    /// The key.
    pub key: String,
    /// The region; empty for the district's default.
    pub region: String,
    /// The Chinese name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// The first day: `2027-01-01`.
    pub from: String,
    /// The last day, or nothing.
    pub last: String,
    /// The document.
    pub source: String,
}

impl ParameterDraft {
    /// Key and region as typed.
    #[must_use]
    pub fn key(&self) -> ParameterKey {
        let region = self.region.trim();
        ParameterKey {
            key: self.key.trim().to_owned(),
            region: (!region.is_empty()).then(|| region.to_owned()),
        }
    }

    /// The first day, for an entry that is to be withdrawn.
    ///
    /// # Errors
    /// `Refused` when it is no day.
    pub fn first_day(&self) -> Result<NaiveDate, Problem> {
        day(&self.from).map_err(|refusal| refused(&refusal))
    }

    /// The entry that it means.
    pub(super) fn entry(&self, book: &ParameterBook) -> Result<ParameterEntry, ParameterRefusal> {
        let key = self.key();
        let known = book.newest(&key);
        let or_known = |typed: &str, known: Option<&String>| match typed.trim() {
            "" => known.cloned().unwrap_or_default(),
            typed => typed.to_owned(),
        };
        let last = self.last.trim();
        Ok(ParameterEntry {
            name: or_known(&self.name, known.map(|known| &known.name)),
            value: ParameterValue::typed(&self.value, known.map(|known| &known.value))?,
            unit: or_known(&self.unit, known.map(|known| &known.unit)),
            effective_from: day(&self.from)?,
            effective_to: if last.is_empty() {
                None
            } else {
                Some(day(last)?)
            },
            source: self.source.trim().to_owned(),
            key,
        })
    }
}

fn day(text: &str) -> Result<NaiveDate, ParameterRefusal> {
    text.trim().parse().map_err(|_| ParameterRefusal::Day)
}
