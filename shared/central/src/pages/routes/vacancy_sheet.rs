//! Sheets of vacancies: trying one, importing what was tried, fetching what of it was not taken.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::id::StaffId;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, NoFields, desk};
use super::page_error::PageError;
use super::records::{CSV, blocking, file};
use super::upload::Upload;
use crate::app_state::AppState;
use crate::import::ImportReport;
use crate::pages::frame::Said;
use crate::pages::listings::{VacancyImport, vacancy_import_page};
use crate::staff::{ImportVacancies, Staff, acts};
use crate::vacancies::{SentFile, TriedFile};

/// Where a sheet is sent to: its body may be long.
pub(crate) const VACANCY_SHEET_ROUTE: &str = "/staff/listings/import";
const GONE: &str = "这个文件放得太久，或者已经导入过了。请重新选文件。";

/// `GET /staff/listings/import`
pub(super) async fn form(clerk: Staff<ImportVacancies>, State(state): State<AppState>) -> Response {
    page(&clerk, &state, &VacancyImport::Asking, None)
}

fn page(
    clerk: &Staff<ImportVacancies>,
    state: &AppState,
    stage: &VacancyImport,
    notice: Option<&Said>,
) -> Response {
    let status = match notice {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let page = vacancy_import_page(&desk(clerk, state), stage, notice);
    (status, page).into_response()
}

fn refused(clerk: &Staff<ImportVacancies>, state: &AppState, text: &str) -> Response {
    let said = Said::Refused(text.to_owned());
    page(clerk, state, &VacancyImport::Asking, Some(&said))
}

/// `POST /staff/listings/import`: tries the file.
pub(super) async fn try_file(
    clerk: Staff<ImportVacancies>,
    State(state): State<AppState>,
    sent: Upload,
) -> Result<Response, PageError> {
    let file = SentFile {
        name: sent.file_name,
        bytes: sent.bytes.to_vec(),
    };
    let (desk, now) = (state.inner.vacancies.clone(), state.now());
    let (tried, file) = blocking(move || (desk.try_sent(&file, now), file)).await?;
    let report = match tried {
        Ok(report) => Box::new(report),
        Err(error) => return Ok(refused(&clerk, &state, &error.to_string())),
    };
    let held = hold(&state, clerk.staff, file, &report);
    let stage = VacancyImport::Tried { report, held };
    Ok(page(&clerk, &state, &stage, None))
}

fn hold(state: &AppState, by: StaffId, file: SentFile, report: &ImportReport) -> String {
    let report = report.clone();
    let tried = TriedFile { file, report };
    state.inner.vacancy_files.hold(tried, by, state.now())
}

/// `POST /staff/listings/import/{held}`: imports what was tried.
pub(super) async fn import(
    clerk: Staff<ImportVacancies>,
    State(state): State<AppState>,
    Path(held): Path<String>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    let files = &state.inner.vacancy_files;
    let waits = |tried: &TriedFile| !tried.file.bytes.is_empty();
    let Some(mut tried) = files.take(&held, clerk.staff, waits) else {
        return Ok(refused(&clerk, &state, GONE));
    };
    let subject = format!("岗位表，文件里 {} 行", tried.report.rows());
    state.note(&clerk, acts::RECORDS_IMPORTED, &subject).await?;
    let file = std::mem::take(&mut tried.file);
    let (desk, now) = (state.inner.vacancies.clone(), state.now());
    let (imported, name) = blocking(move || (desk.import_sent(&file, now), file.name)).await?;
    let report = match imported {
        Ok(report) => Box::new(report),
        Err(error) => return Ok(refused(&clerk, &state, &error.to_string())),
    };
    // kept once more without its content, so that what was not taken can be fetched
    let bytes = Vec::new();
    let held = hold(&state, clerk.staff, SentFile { name, bytes }, &report);
    let stage = VacancyImport::Done { report, held };
    Ok(page(&clerk, &state, &stage, None))
}

/// `GET /staff/listings/import/{held}/rejects.csv`
pub(super) async fn rejects(
    clerk: Staff<ImportVacancies>,
    State(state): State<AppState>,
    Path(held): Path<String>,
) -> Result<Response, PageError> {
    let files = &state.inner.vacancy_files;
    let path = files.look(&held, clerk.staff, |tried| {
        tried.report.rejects_file.clone()
    });
    let gone = || Problem::new(ProblemCode::NotFound, GONE);
    let path = path.ok_or_else(gone)?;
    let bytes = blocking(move || std::fs::read(path))
        .await?
        .map_err(|_| gone())?;
    Ok(file(bytes, CSV, "岗位表不能导入的行.csv"))
}
