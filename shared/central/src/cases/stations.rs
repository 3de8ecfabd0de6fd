//! What stations are called: the register of stations knows a name for a code.

use std::collections::BTreeMap;

use domain::case::Value;
use domain::id::KindId;

use crate::store::{CaseQuery, CaseSort, Page, Reader, StoreError};

/// The id of the register's kind.
const KIND: &str = "station";

/// More stations than any district has.
const STATIONS_MAX: u32 = 500;

/// Names of the stations in the register that are not closed, by code.
pub(crate) fn station_names(reader: &Reader<'_>) -> Result<BTreeMap<String, String>, StoreError> {
    let kind = KindId::new(KIND).map_err(|bad| StoreError::Corrupt(bad.to_string()))?;
    let found = reader.case_lines(&CaseQuery {
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
    let named = found.iter().filter_map(|line| {
        let text = |id: &str| match line.body.values.get(id)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        Some((text("station_no")?, text("name")?))
    });
    Ok(named.collect())
}
