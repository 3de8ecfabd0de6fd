//! The requests by which a clerk ties records to the visit at the window.

use std::collections::BTreeSet;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::{self, StateStage};
use domain::id::{RecordId, TicketId, WindowNo};
use serde::Deserialize;

use super::console;
use super::gate::Checked;
use super::page_error::PageError;
use super::records::{directory, kind_for, kinds_for, read, view_for};
use crate::app_state::AppState;
use crate::pages::console::VisitRecords;
use crate::pages::frame::Said;
use crate::pages::records::TiedRecord;
use crate::staff::{CallTickets, Staff, WorkOnRecords};

/// Which kind of record is to be opened.
#[derive(Debug, Deserialize)]
pub(super) struct KindQuery {
    kind: String,
}

/// `GET /staff/visits/{ticket}/new`: on to the form of a new record, which remembers the visit.
pub(super) async fn new_record(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(ticket): Path<TicketId>,
    Query(query): Query<KindQuery>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &query.kind, &staff.roles())?;
    let form = format!("/staff/records/{}/new?visit={ticket}", kind.id);
    Ok(Redirect::to(&form).into_response())
}

/// What the field for a record's number sends.
#[derive(Debug, Deserialize)]
pub(super) struct NumberForm {
    window: WindowNo,
    number: String,
}

/// `POST /staff/visits/{ticket}/records`
pub(super) async fn tie(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
    Path(ticket): Path<TicketId>,
    Checked(form): Checked<NumberForm>,
) -> Result<Response, PageError> {
    let number = form.number.clone();
    let found = read(&state, move |reader| reader.record_by_number(&number)).await?;
    let record = match (found, clerk.also::<WorkOnRecords>()) {
        (Some(record), Some(staff)) => {
            let seen = view_for(&staff, &state, &record.to_string()).await.is_ok();
            seen.then_some((record, staff))
        }
        _ => None,
    };
    let Some((record, staff)) = record else {
        let text = "没有这个编号的业务，或者您的身份看不到它。请核对编号。";
        let said = Said::Refused(text.to_owned());
        return console::page(&clerk, &state, form.window, Some(&said)).await;
    };
    state.tie_to_visit(&staff, ticket, record).await?;
    Ok(console::to_console(form.window))
}

/// The records of a visit as the console shows them; nothing where records are not held or the
/// clerk has no part in them.
pub(super) async fn of_visit(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    ticket: TicketId,
) -> Result<Option<VisitRecords>, PageError> {
    let Some(staff) = clerk.also::<WorkOnRecords>() else {
        return Ok(None);
    };
    if state.inner.cases.only_at_the_centre().is_err() {
        return Ok(None);
    }
    let records = read(state, move |reader| reader.records_of_visit(ticket)).await?;
    let mut tied = Vec::new();
    let directory = directory(state, BTreeSet::from_iter(records.clone()), Vec::new()).await?;
    for record in records {
        // who may not see a record is not told its title either
        if view_for(&staff, state, &record.to_string()).await.is_ok() {
            tied.extend(directory.called(record).map(|called| TiedRecord {
                how: called.case_no.clone(),
                address: address(record),
                name: called.title.clone(),
            }));
        }
    }
    let actor = staff.actor_anywhere();
    let kinds = kinds_for(state, &staff.roles()).into_values().flatten();
    let kinds = kinds.filter(|kind| {
        let is_worked_on = kind
            .states
            .iter()
            .any(|state| state.stage == StateStage::Open);
        is_worked_on && case::may_open(kind, &actor).is_ok()
    });
    Ok(Some(VisitRecords {
        ticket,
        tied,
        kinds: kinds
            .map(|kind| (kind.id.to_string(), kind.name.clone()))
            .collect(),
    }))
}

fn address(record: RecordId) -> String {
    format!("/staff/record/{record}")
}
