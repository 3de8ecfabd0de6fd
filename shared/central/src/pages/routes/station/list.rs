//! One list of a place: records of its page, the most urgent first.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::case::{Ledger, LedgerOrder};
use domain::id::StationCode;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::desk;
use super::super::lines::pages;
use super::super::page_error::PageError;
use super::super::records::{fault, is_personal, may_see};
use super::{Places, StationQuery, kind_of};
use crate::app_state::AppState;
use crate::pages::records::{due_mark, state_name};
use crate::pages::station::{StationListView, StationRecord, no_place_page, station_list_page};
use crate::staff::{Staff, WorkAtStation};
use crate::store::{CaseQuery, CaseSort};

/// Records of a list on a phone.
const RECORDS_SHOWN: u32 = 50;

/// `GET /staff/station/list`
pub(in crate::pages::routes) async fn list(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Query(query): Query<StationQuery>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let Some(here) = places.chosen(&query.at) else {
        return Ok(no_place_page(&desk(&staff, &state)).into_response());
    };
    let pages = pages();
    let group = pages
        .station()
        .groups
        .iter()
        .find(|group| group.id == query.group);
    let ledger = group.and_then(|group| group.ledgers.get(query.list));
    let kind = ledger.and_then(|ledger| Some((ledger, kind_of(&state, &ledger.kind)?)));
    let kind = kind.filter(|(_, kind)| may_see(kind, &staff.actor(&here).roles));
    let (ledger, kind) = kind.ok_or_else(|| -> PageError {
        let text = "没有这张清单，或者您的角色看不到它。请从“网点”里进去。";
        Problem::new(ProblemCode::NotFound, text).into()
    })?;
    let found = state.inner.cases.list(query_of(ledger, &here)).await;
    let found = found.map_err(fault)?;
    if is_personal(kind.sensitivity) && !found.lines.is_empty() {
        let subject = format!("{}，{}", ledger.name, here);
        state.audit_reading_of_day(&staff, &subject).await?;
    }
    let (today, rules) = (state.now().hall_date(), state.inner.cases.rules());
    let records = found.lines.iter().map(|line| StationRecord {
        record: line.record.to_string(),
        title: line.title.clone(),
        case_no: line.case_no.clone(),
        state: state_name(&kind, &line.state),
        due: line.due_on.map(|due| due_mark(due, today, rules)),
    });
    let view = StationListView {
        here: places.place(&here),
        name: ledger.name.clone(),
        records: records.collect(),
        total: found.total,
    };
    Ok(station_list_page(&desk(&staff, &state), &view).into_response())
}

fn query_of(ledger: &Ledger, here: &StationCode) -> CaseQuery {
    CaseQuery {
        states: ledger.states.clone(),
        stations: Some(BTreeSet::from([here.clone()])),
        sort: match ledger.order {
            LedgerOrder::Changed => CaseSort::Changed,
            LedgerOrder::Due => CaseSort::Due,
            LedgerOrder::Title => CaseSort::Title,
            LedgerOrder::Number => CaseSort::Number,
        },
        ..CaseQuery::of(ledger.kind.clone(), RECORDS_SHOWN)
    }
}
