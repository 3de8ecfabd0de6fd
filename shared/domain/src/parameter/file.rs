//! The files that come with the program (`assets/parameters/*.toml`): `[[parameter]]` with `key`,
//! `region` (optional), `name`, `value`, `unit`, `effective_from`, `effective_to` (optional) and
//! `source`; other keys are notes for readers.

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::{ParameterBook, ParameterEntry, ParameterKey, ParameterRefusal, ParameterValue};

/// A file of parameters that cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParameterFileFault {
    /// Not TOML of the expected form.
    #[error("the parameter file {file} cannot be read: {reason}.")]
    Unreadable {
        /// Its name.
        file: String,
        /// Why.
        reason: String,
    },
    /// An entry that does not follow the one before it.
    #[error("the parameter files do not fit together: {0}")]
    Unfit(#[from] ParameterRefusal),
}

#[derive(Deserialize)]
struct File {
    parameter: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    key: String,
    region: Option<String>,
    #[serde(default)]
    name: String,
    value: toml::Value,
    #[serde(default)]
    unit: String,
    effective_from: toml::value::Datetime,
    effective_to: Option<toml::value::Datetime>,
    source: String,
}

impl ParameterBook {
    /// The book that comes with the program, out of its files: (name, text).
    ///
    /// # Errors
    /// [`ParameterFileFault`] naming the first thing that is wrong.
    pub fn read_base<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<Self, ParameterFileFault> {
        let mut entries = Vec::new();
        for (file, text) in files {
            let unreadable = |reason: String| ParameterFileFault::Unreadable {
                file: file.to_owned(),
                reason,
            };
            let read: File = toml::from_str(text).map_err(|error| unreadable(error.to_string()))?;
            for written in read.parameter {
                let key = written.key.clone();
                let entry = written.entry();
                let said = || unreadable(format!("{key} has a value or a day of no known kind"));
                entries.push(entry.ok_or_else(said)?);
            }
        }
        Ok(Self::of_base(entries)?)
    }
}

impl Written {
    fn entry(self) -> Option<ParameterEntry> {
        let effective_to = match self.effective_to {
            Some(last) => Some(civil(last)?),
            None => None,
        };
        Some(ParameterEntry {
            key: ParameterKey {
                key: self.key,
                region: self.region,
            },
            name: self.name,
            value: value(self.value)?,
            unit: self.unit,
            effective_from: civil(self.effective_from)?,
            effective_to,
            source: self.source,
        })
    }
}

fn value(value: toml::Value) -> Option<ParameterValue> {
    Some(match value {
        toml::Value::Integer(number) => ParameterValue::Whole(number),
        toml::Value::Boolean(flag) => ParameterValue::Flag(flag),
        toml::Value::String(text) => ParameterValue::Text(text),
        toml::Value::Array(rows) => {
            ParameterValue::Table(rows.into_iter().map(row).collect::<Option<_>>()?)
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => return None,
    })
}

fn row(row: toml::Value) -> Option<Vec<String>> {
    let cell = |cell: toml::Value| match cell {
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::String(text) => Some(text),
        _ => None,
    };
    match row {
        toml::Value::Array(cells) => cells.into_iter().map(cell).collect(),
        single => cell(single).map(|cell| vec![cell]),
    }
}

fn civil(written: toml::value::Datetime) -> Option<NaiveDate> {
    let date = written.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}
