//! The register of stations (网点): which there are, what they are called, in which street they lie.

use std::collections::BTreeMap;

use domain::case::Value;
use domain::id::{KindId, RecordId, StationCode};

use crate::store::{CaseLine, CaseQuery, Reader, StoreError};

/// The id of the register's kind.
const KIND: &str = "station";

/// More stations than any district has.
const STATIONS_MAX: u32 = 500;

/// A station of the register that is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegisteredStation {
    /// Its entry.
    pub(crate) record: RecordId,
    /// Its code.
    pub(crate) code: StationCode,
    /// Its name.
    pub(crate) name: String,
    /// The street or town; empty when the entry does not say.
    pub(crate) street: String,
    /// The number that is told to the public.
    pub(crate) tel: String,
}

/// The stations in the register that are not closed, by code. An entry whose number is no code of a
/// station is left out: nothing can be dealt with there.
pub(crate) fn registered_stations(
    reader: &Reader<'_>,
) -> Result<BTreeMap<StationCode, RegisteredStation>, StoreError> {
    let kind = KindId::new(KIND).map_err(|bad| StoreError::Corrupt(bad.to_string()))?;
    let found = reader.case_lines(&CaseQuery {
        states: vec!["active".to_owned()],
        ..CaseQuery::of(kind, STATIONS_MAX)
    })?;
    let stations = found.iter().filter_map(entry);
    Ok(stations
        .map(|station| (station.code.clone(), station))
        .collect())
}

fn entry(line: &CaseLine) -> Option<RegisteredStation> {
    let text = |id: &str| match line.body.values.get(id)? {
        Value::Text(text) => Some(text.trim().to_owned()),
        _ => None,
    };
    Some(RegisteredStation {
        record: line.record,
        code: StationCode::new(text("station_no")?).ok()?,
        name: text("name")?,
        street: text("street").unwrap_or_default(),
        tel: text("tel").unwrap_or_default(),
    })
}

/// Names of the stations in the register that are not closed, by code.
pub(crate) fn station_names(reader: &Reader<'_>) -> Result<BTreeMap<String, String>, StoreError> {
    let stations = registered_stations(reader)?.into_values();
    Ok(stations
        .map(|station| (station.code.to_string(), station.name))
        .collect())
}
