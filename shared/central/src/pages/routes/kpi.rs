//! The requests of the yearly assessment.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::kpi::KpiPeriod;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::desk;
use super::page_error::PageError;
use super::records::{XLSX, blocking, file};
use crate::app_state::AppState;
use crate::pages::kpi::{columns, kpi_line_page, kpi_page, rows};
use crate::sheet::{self, ExportHead};
use crate::staff::{SeeKpi, Staff};

/// Query of the pages.
#[derive(Debug, Default, Deserialize)]
pub(super) struct KpiQuery {
    /// `2026` or `2026-03`.
    #[serde(default)]
    period: String,
}

impl KpiQuery {
    fn period(&self, state: &AppState) -> KpiPeriod {
        KpiPeriod::of_word(self.period.trim(), state.now().hall_date())
    }
}

/// `GET /staff/kpi`
pub(super) async fn show(
    staff: Staff<SeeKpi>,
    State(state): State<AppState>,
    Query(query): Query<KpiQuery>,
) -> Result<Response, PageError> {
    let sheet = state.kpi_sheet(&staff, query.period(&state)).await?;
    Ok(kpi_page(&desk(&staff, &state), &sheet).into_response())
}

/// `GET /staff/kpi/{line}`
pub(super) async fn line(
    staff: Staff<SeeKpi>,
    State(state): State<AppState>,
    Path(line): Path<String>,
    Query(query): Query<KpiQuery>,
) -> Result<Response, PageError> {
    let sheet = state.kpi_sheet(&staff, query.period(&state)).await?;
    let figure = sheet.lines.iter().find(|figure| figure.line.id == line);
    let figure = figure.ok_or_else(|| -> PageError {
        let text = "没有这条考核项。请从“考核”里进去。";
        Problem::new(ProblemCode::NotFound, text).into()
    })?;
    Ok(kpi_line_page(&desk(&staff, &state), sheet.period, figure).into_response())
}

/// `GET /staff/kpi.xlsx`
pub(super) async fn export(
    staff: Staff<SeeKpi>,
    State(state): State<AppState>,
    Query(query): Query<KpiQuery>,
) -> Result<Response, PageError> {
    let figures = state.kpi_sheet(&staff, query.period(&state)).await?;
    let desk = desk(&staff, &state);
    let period = figures.period.text();
    let head = ExportHead {
        title: "考核表".to_owned(),
        filter_text: period.clone(),
        made_at_text: state.now().day_and_clock_text(),
        made_by: desk.staff_name,
        is_demo: desk.site.is_demo,
    };
    let make = move || sheet::export_xlsx(&columns(), rows(&figures).into_iter(), &head);
    let made = blocking(make).await?;
    let bytes = made.map_err(|error| {
        PageError::Problem(Problem::new(ProblemCode::Internal, error.to_string()))
    })?;
    Ok(file(bytes, XLSX, &format!("考核表 {period}.xlsx")))
}
