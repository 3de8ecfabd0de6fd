//! What stations are called: the register of stations knows a name for a code.

use std::collections::BTreeMap;

use domain::case::{Record, Value};
use domain::id::KindId;

use crate::store::{CaseQuery, CaseSort, Page, Reader, StoreError};

/// The id of the register's kind.
const KIND: &str = "station";

/// More stations than any district has.
const STATIONS_MAX: u32 = 500;

/// Names of the stations in the register that are not closed, by code.
pub(crate) fn station_names(reader: &Reader<'_>) -> Result<BTreeMap<String, String>, StoreError> {
    let kind = KindId::new(KIND).map_err(|bad| StoreError::Corrupt(bad.to_string()))?;
    let found = reader.case_list(&CaseQuery {
        kind,
        states: vec!["active".to_owned()],
        stations: None,
        owner: None,
        person: None,
        among: None,
        tokens: Vec::new(),
        sort: CaseSort::Number,
        page: Page {
            offset: 0,
            limit: STATIONS_MAX,
        },
    })?;
    let records = found.lines.iter();
    let records = records.filter_map(|line| serde_json::from_str::<Record>(&line.body).ok());
    let named = records.filter_map(|record| {
        let text = |id: &str| match record.values.get(id)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        Some((text("station_no")?, text("name")?))
    });
    Ok(named.collect())
}
