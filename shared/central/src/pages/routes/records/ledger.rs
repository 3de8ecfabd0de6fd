//! The printed ledger of a kind in a month.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Months, NaiveDate};
use domain::case::{Field, Kind};
use domain::time::UtcMs;
use serde::Deserialize;

use super::super::gate::desk;
use super::super::page_error::PageError;
use super::many::cell_text;
use super::{directory, is_about_persons, kind_for, read, seen_by};
use crate::app_state::AppState;
use crate::cases::{Directory, masked_values, named_by};
use crate::pages::documents::{LedgerLine, LedgerView, ledger_page};
use crate::pages::records::{moment_text, state_name};
use crate::staff::{Staff, WorkOnRecords, acts};
use crate::store::CaseLine;

/// More do not make a readable ledger of a month; the export takes them.
const LINES_MAX: u32 = 1_500;

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::routes) struct LedgerQuery {
    /// `2026-11`; the current month where it is no month.
    month: String,
}

/// `GET /staff/records/{kind}/ledger`
pub(in crate::pages::routes) async fn ledger(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(query): Query<LedgerQuery>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &kind, &staff.roles())?;
    let first = first_of(&query.month, state.now().hall_date());
    let month_words = format!("{}年{}月", first.year(), first.month());
    let act = match is_about_persons(&kind) {
        true => acts::READ_PERSONAL,
        false => acts::LEDGER_PRINTED,
    };
    let subject = format!("{}台账 {month_words}", kind.name);
    state.note(&staff, act, &subject).await?;
    let found = found(&staff, &state, &kind, first).await?;
    let is_cut = found.len() > LINES_MAX as usize;
    let ledger = state.inner.documents.ledger(&kind);
    let columns: Vec<&Field> = ledger
        .columns
        .iter()
        .filter_map(|id| kind.field(id))
        .collect();
    let lines = lines(&state, &kind, &columns, &found).await?;
    let view = LedgerView {
        kind: kind.id.to_string(),
        centre: state.centre_name(&staff),
        title: ledger.title,
        month: first.format("%Y-%m").to_string(),
        month_words,
        columns: columns.iter().map(|field| field.name.clone()).collect(),
        lines,
        is_cut,
        printed: format!("{} {} 打印", staff.name, moment_text(state.now())),
    };
    Ok(ledger_page(&desk(&staff, &state), &view).into_response())
}

/// The first day of the month that is asked for.
fn first_of(month: &str, today: NaiveDate) -> NaiveDate {
    let asked = format!("{month}-01").parse::<NaiveDate>();
    asked.unwrap_or_else(|_| today.with_day(1).unwrap_or(today))
}

/// Records opened in the month that begins on `first`, oldest first; one more than are shown.
async fn found(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Kind,
    first: NaiveDate,
) -> Result<Vec<CaseLine>, PageError> {
    let after = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let within = (UtcMs::start_of(first), UtcMs::start_of(after));
    let (id, stations) = (kind.id.clone(), staff.stations(&seen_by(kind)));
    read(state, move |reader| {
        reader.case_lines_opened(&id, stations.as_ref(), within, LINES_MAX + 1)
    })
    .await
}

async fn lines(
    state: &AppState,
    kind: &Kind,
    columns: &[&Field],
    found: &[CaseLine],
) -> Result<Vec<LedgerLine>, PageError> {
    let shown = found.get(..LINES_MAX as usize).unwrap_or(found);
    let named = shown.iter().flat_map(|line| named_by(&line.body)).collect();
    let directory = directory(state, named, Vec::new()).await?;
    let mut lines = Vec::new();
    for (line, masked) in shown.iter().zip(masked(state, kind, columns, shown).await?) {
        let cells = columns
            .iter()
            .map(|field| cell(field, line, &masked, &directory));
        lines.push(LedgerLine {
            case_no: line.case_no.clone(),
            opened_on: line.body.opened_at.hall_date().to_string(),
            cells: cells.collect(),
            state: state_name(kind, &line.state),
        });
    }
    Ok(lines)
}

fn cell(
    field: &Field,
    line: &CaseLine,
    masked: &BTreeMap<String, String>,
    directory: &Directory,
) -> String {
    if let Some(masked) = masked.get(&field.id) {
        return masked.clone();
    }
    let value = line.body.values.get(&field.id);
    value.map_or_else(String::new, |value| cell_text(field, value, directory))
}

/// The masked personal values of each record.
async fn masked(
    state: &AppState,
    kind: &Kind,
    columns: &[&Field],
    shown: &[CaseLine],
) -> Result<Vec<BTreeMap<String, String>>, PageError> {
    if columns.iter().all(|field| field.personal.is_none()) {
        return Ok(vec![BTreeMap::new(); shown.len()]);
    }
    let (kind, shown) = (kind.clone(), shown.to_vec());
    let ids: Vec<String> = columns.iter().map(|field| field.id.clone()).collect();
    read(state, move |reader| {
        let each = shown.iter().map(|line| {
            let columns = ids.iter().filter_map(|id| kind.field(id));
            masked_values(reader, &kind, &line.body, columns)
        });
        each.collect()
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_that_is_none_is_the_current_one() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        let first = |month| first_of(month, today).to_string();
        assert_eq!(first("2026-02"), "2026-02-01");
        for none in ["", "2026", "2026-13", "二月"] {
            assert_eq!(first(none), "2026-11-01", "{none}");
        }
    }
}
