//! Which service points have reported a day, for who sees to it at the centre.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::case::{Record, Value};
use domain::id::StationCode;
use domain::time::UtcMs;
use serde::Deserialize;

use super::super::gate::desk;
use super::super::page_error::PageError;
use super::super::records::{kind_for, read, seen_by};
use crate::app_state::AppState;
use crate::cases::station_reports::{FIGURES, KIND, records_of};
use crate::cases::{CENTRE, RegisteredStation, registered_stations};
use crate::pages::lines::{ReportState, ReportsView, StationRow, reports_page};
use crate::staff::{Staff, WorkOnRecords};
use crate::store::StoreError;

/// The step with which a report is made.
const REPORT: &str = "report";

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages::routes) struct ReportsQuery {
    #[serde(default)]
    day: String,
}

/// `GET /staff/lines/gig/reports`
pub(in crate::pages::routes) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Query(query): Query<ReportsQuery>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, KIND, &staff.roles())?;
    let seen = staff.stations(&seen_by(&kind));
    let now = state.now();
    let today = now.hall_date();
    let asked: Option<NaiveDate> = query.day.parse().ok();
    let day = asked.filter(|day| *day <= today).unwrap_or(today);
    let read = read(&state, move |reader| {
        let mut reports = BTreeMap::new();
        for (station, id) in records_of(reader, day)? {
            reports.extend(reader.record(id)?.map(|report| (station, report)));
        }
        Ok::<_, StoreError>((registered_stations(reader)?, reports))
    });
    let (mut stations, reports) = read.await?;
    let is_seen = |code: &StationCode| seen.as_ref().is_none_or(|some| some.contains(code));
    stations.retain(|code, _| code.as_str() != CENTRE && is_seen(code));
    let until = state.inner.in_force.now().report_until;
    let is_workday = state.inner.cases.rules().is_workday(day).unwrap_or(true);
    let lacking = match day < today || now.hall_time().time() > until {
        _ if !is_workday => ReportState::NotAsked,
        true => ReportState::Missing,
        false => ReportState::Awaited,
    };
    let is_late = |at: UtcMs| at.hall_time().time() > until;
    let rows = stations.into_values().map(|station| {
        let report = reports.get(&station.code);
        row(station, report, &lacking, is_late)
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|one, other| (&one.state, &one.code).cmp(&(&other.state, &other.code)));
    let view = ReportsView {
        day,
        today,
        until: until.format("%H:%M").to_string(),
        is_workday,
        stations: rows,
    };
    Ok(reports_page(&desk(&staff, &state), &view).into_response())
}

fn row(
    station: RegisteredStation,
    report: Option<&Record>,
    lacking: &ReportState,
    is_late: impl Fn(UtcMs) -> bool,
) -> StationRow {
    let made = report.and_then(|report| report.acts.iter().find(|act| act.transition == REPORT));
    let figures = report.filter(|_| made.is_some()).map(figures);
    StationRow {
        code: station.code.to_string(),
        name: station.name,
        street: station.street,
        tel: station.tel,
        state: match made {
            Some(act) if is_late(act.at) => ReportState::Late(act.at.clock_text()),
            Some(act) => ReportState::Reported(act.at.clock_text()),
            None => lacking.clone(),
        },
        record: report.map(|report| report.id.to_string()),
        figures,
    }
}

fn figures(report: &Record) -> [i64; 5] {
    FIGURES.map(|field| match report.values.get(field) {
        Some(Value::Integer(number)) => *number,
        _ => 0,
    })
}
