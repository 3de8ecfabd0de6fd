//! The report of the day: its form, and reporting with the record that the clock has opened, or with
//! a new one. What a report may say, and of which place, is decided where records are.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::{
    CaseRefusal, CaseRefusalCode, Channel, Command, Draft, FieldFault, FieldType, Value,
};
use domain::id::{RecordId, StationCode};
use domain::time::month_day_text;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::{Checked, Fields, desk};
use super::super::page_error::PageError;
use super::super::records::{draft, refused_or_fault};
use super::{Places, REPORT, StationQuery, made_at, report_kind, report_of_today};
use crate::app_state::AppState;
use crate::cases::station_reports::{DAY, FIGURES, STATION};
use crate::cases::{NewCase, faults_of, refused};
use crate::pages::frame::Said;
use crate::pages::station::{
    FigureField, Place, ReportForm, STATION_PATH, no_place_page, report_page,
};
use crate::staff::{Staff, WorkAtStation};

/// The state before a report is made.
const DUE: &str = "due";

/// `GET /staff/station/report`
pub(in crate::pages::routes) async fn report_form(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Query(query): Query<StationQuery>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let Some(here) = places
        .chosen(&query.at)
        .filter(|code| places.own.contains_key(code))
    else {
        return Ok(no_place_page(&desk(&staff, &state)).into_response());
    };
    if report_of_today(&state, &here)
        .await?
        .as_ref()
        .is_some_and(|report| made_at(report).is_some())
    {
        return Ok(Redirect::to(&format!("{STATION_PATH}?at={here}")).into_response());
    }
    let form = form(&state, places.place(&here), &BTreeMap::new(), Vec::new())?;
    Ok(report_page(&desk(&staff, &state), &form, None).into_response())
}

fn form(
    state: &AppState,
    here: Place,
    typed: &BTreeMap<String, String>,
    faults: Vec<FieldFault>,
) -> Result<ReportForm, PageError> {
    let kind = report_kind(state)?;
    let fields = FIGURES.iter().filter_map(|id| kind.field(id));
    let fields = fields.map(|field| FigureField {
        id: field.id.clone(),
        name: field.name.clone(),
        unit: match &field.kind {
            FieldType::Integer { unit, .. } => unit.clone(),
            _ => String::new(),
        },
        value: typed.get(&field.id).cloned().unwrap_or_default(),
    });
    let until = state.inner.in_force.now().report_until;
    Ok(ReportForm {
        here,
        day: month_day_text(state.now().hall_date()),
        until: until.format("%H:%M").to_string(),
        fields: fields.collect(),
        faults,
    })
}

/// `POST /staff/station/report`
pub(in crate::pages::routes) async fn report(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Checked(sent): Checked<Fields>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let own = places
        .own
        .keys()
        .find(|code| code.as_str() == sent.text("at"));
    let Some(here) = own.cloned() else {
        let text = "您只能报自己网点的数。请从“网点”里进去再报。";
        return Err(Problem::new(ProblemCode::Refused, text).into());
    };
    let typed: BTreeMap<String, String> = FIGURES
        .iter()
        .map(|id| ((*id).to_owned(), sent.text(id).to_owned()))
        .collect();
    let refusal = match reported(&staff, &state, &places, &here, &typed).await? {
        Ok(()) => return Ok(Redirect::to(&format!("{STATION_PATH}?at={here}")).into_response()),
        Err(refusal) => refusal,
    };
    let form = form(&state, places.place(&here), &typed, faults_of(&refusal))?;
    let said = Said::Refused(refusal.text);
    let page = report_page(&desk(&staff, &state), &form, Some(&said));
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Reports the day: with the record that the clock has opened, or with a new one.
async fn reported(
    staff: &Staff<WorkAtStation>,
    state: &AppState,
    places: &Places,
    here: &StationCode,
    typed: &BTreeMap<String, String>,
) -> Result<Result<(), CaseRefusal>, PageError> {
    let kind = report_kind(state)?;
    let draft = match draft(state, &kind, typed).await? {
        Ok(draft) => draft,
        Err(faults) => return Ok(Err(wrong(faults))),
    };
    let (record, version) = match report_of_today(state, here).await? {
        Some(report) if report.state == DUE => (report.id, report.version),
        Some(_) => {
            let text = "今天的数已经报过了，不能再报。报错了，请给中心打电话。";
            return Ok(Err(refused(CaseRefusalCode::NotNow, text)));
        }
        None => match opened(staff, state, places, here).await? {
            Ok(record) => (record, 1),
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    let command = step(draft);
    let acted = state
        .inner
        .cases
        .act(record, version, command, staff.actor(here), state.now());
    refused_or_fault(acted.await)
}

fn step(draft: Draft) -> Command {
    Command::Move {
        transition: REPORT.to_owned(),
        draft,
        reason: String::new(),
        rule: String::new(),
        remedy: String::new(),
        deferred: BTreeMap::new(),
        notice: Vec::new(),
    }
}

fn wrong(faults: Vec<FieldFault>) -> CaseRefusal {
    CaseRefusal {
        faults,
        ..refused(CaseRefusalCode::Values, "有几处要改，改好再报。")
    }
}

async fn opened(
    staff: &Staff<WorkAtStation>,
    state: &AppState,
    places: &Places,
    here: &StationCode,
) -> Result<Result<RecordId, CaseRefusal>, PageError> {
    let Some(station) = places.all.get(here).and_then(Option::as_ref) else {
        let text = "登记簿里没有您的网点，报不了。请给中心打电话，先登记网点。";
        return Ok(Err(refused(CaseRefusalCode::NotNow, text)));
    };
    let today = state.now().hall_date();
    let values = [
        (STATION.to_owned(), Value::Record(station.record)),
        (DAY.to_owned(), Value::Date(today)),
    ];
    let new = NewCase {
        kind: report_kind(state)?.id.clone(),
        channel: Channel::Station,
        station: here.clone(),
        person: None,
        employer: None,
        values: values.into(),
        corrects: None,
    };
    let opened = state.inner.cases.open(new, staff.actor(here), state.now());
    refused_or_fault(opened.await)
}
