//! Sheets of a kind: template, trying and importing a file, rejected rows, exports.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::case::Kind;
use domain::id::StationCode;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::{Checked, NoFields, desk};
use super::super::page_error::PageError;
use super::super::upload::Upload;
use super::many::{ListQuery, among_persons, asked_of, case_query};
use super::{fault, is_about_persons, kind_for, may_open, roles_with, station_choices};
use crate::app_state::AppState;
use crate::cases::{HeldImport, SheetImport};
use crate::pages::frame::Said;
use crate::pages::records::{
    ImportStage, ImportView, ListAsked, import_page, moment_text, state_name,
};
use crate::sheet::{self, ExportHead, SheetError};
use crate::staff::{ExportRecords, Staff, WorkOnRecords, acts};

pub(in crate::pages::routes) const XLSX: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(in crate::pages::routes) const CSV: &str = "text/csv; charset=utf-8";

/// `GET /staff/records/{kind}/template.xlsx`
pub(in crate::pages::routes) async fn template(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &kind, &staff.roles())?;
    let bytes = sheet::template(&kind).map_err(|error| refused(&error))?;
    Ok(file(bytes, XLSX, &format!("{}模板.xlsx", kind.name)))
}

/// `GET /staff/records/{kind}/import`
pub(in crate::pages::routes) async fn form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
) -> Result<Response, PageError> {
    let kind = kind_for_import(&staff, &state, &kind)?;
    let stage = ImportStage::Asking {
        station: String::new(),
    };
    page(&staff, &state, &kind, stage, None).await
}

fn kind_for_import(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &str,
) -> Result<Arc<Kind>, PageError> {
    let kind = kind_for(state, kind, &staff.roles())?;
    if may_open(&kind, &staff.actor_anywhere()) {
        return Ok(kind);
    }
    let text = "您的角色不能登记这种业务，所以也不能导入。";
    Err(Problem::new(ProblemCode::Refused, text).into())
}

async fn page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Kind,
    stage: ImportStage,
    notice: Option<&Said>,
) -> Result<Response, PageError> {
    let view = ImportView {
        kind: kind.id.to_string(),
        kind_name: kind.name.clone(),
        stations: station_choices(state, kind, staff).await?,
        stage,
    };
    let status = if notice.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = import_page(&desk(staff, state), &view, notice);
    Ok((status, page).into_response())
}

/// `POST /staff/records/{kind}/import`: tries the file.
pub(in crate::pages::routes) async fn try_file(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    sent: Upload,
) -> Result<Response, PageError> {
    let kind = kind_for_import(&staff, &state, &kind)?;
    let chosen = sent.station.clone();
    let refuse = async |text: String| {
        let said = Said::Refused(text);
        let stage = ImportStage::Asking { station: chosen };
        page(&staff, &state, &kind, stage, Some(&said)).await
    };
    let station = StationCode::new(sent.station.clone()).ok();
    let Some(station) = station.filter(|station| may_open(&kind, &staff.actor(station))) else {
        return refuse("请选这些记录在哪里办。".to_owned()).await;
    };
    let import = for_import(sent, &staff, station);
    let (cases, now, of_kind) = (state.inner.cases.clone(), state.now(), Arc::clone(&kind));
    let tried = blocking(move || (cases.try_sheet(&of_kind, &import, now), import));
    let (read, import) = tried.await?;
    let read = match read {
        Ok(read) => read,
        Err(error) => return refuse(error.to_string()).await,
    };
    let held = HeldImport {
        kind: kind.id.clone(),
        import,
        rejected: read.clone(),
    };
    let held = state.inner.imports.hold(held, staff.staff, now);
    let read = Box::new(read);
    let stage = ImportStage::Tried { read, held };
    page(&staff, &state, &kind, stage, None).await
}

/// `POST /staff/records/{kind}/import/{held}`: imports what was tried.
pub(in crate::pages::routes) async fn import(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path((kind, held)): Path<(String, String)>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    let kind = kind_for_import(&staff, &state, &kind)?;
    let by = staff.staff;
    let waiting = &state.inner.imports;
    let Some(taken) = waiting.take(&held, by, |held| held.waits_for(&kind.id)) else {
        let text = "这个文件放得太久，或者已经导入过了。请重新选文件。";
        let said = Said::Refused(text.to_owned());
        let stage = ImportStage::Asking {
            station: String::new(),
        };
        return page(&staff, &state, &kind, stage, Some(&said)).await;
    };
    let subject = format!("{}，文件里 {} 行", kind.name, taken.rejected.rows.len());
    state.note(&staff, acts::RECORDS_IMPORTED, &subject).await?;
    let (cases, now, of_kind) = (state.inner.cases.clone(), state.now(), Arc::clone(&kind));
    let done = blocking(move || (cases.import_sheet(&of_kind, &taken.import, now), taken));
    let (read, taken) = done.await?;
    let read = read.map_err(|error| refused(&error))?.map_err(fault)?;
    // kept once more, so that the rejected rows can be fetched; it cannot be imported again
    let held = state.inner.imports.hold(taken.spent(read.clone()), by, now);
    let read = Box::new(read);
    let stage = ImportStage::Done { read, held };
    page(&staff, &state, &kind, stage, None).await
}

/// `GET /staff/records/{kind}/import/{held}/rejects.xlsx`
pub(in crate::pages::routes) async fn rejects(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path((kind, held)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let kind = kind_for_import(&staff, &state, &kind)?;
    let by = staff.staff;
    let of_kind = |held: &HeldImport| (held.kind == kind.id).then(|| held.rejected.clone());
    let read = state.inner.imports.look(&held, by, of_kind);
    let gone = || {
        let text = "这个文件放得太久，已经没有了。请重新导入一次。";
        Problem::new(ProblemCode::NotFound, text)
    };
    let read = read.ok_or_else(gone)?;
    if is_about_persons(&kind) {
        let subject = format!("{}不能导入的 {} 行", kind.name, read.rejected.len());
        state.audit_reading(&staff, &subject).await?;
    }
    let bytes = sheet::rejects(&kind, &read).map_err(|error| refused(&error))?;
    Ok(file(
        bytes,
        XLSX,
        &format!("{}不能导入的行.xlsx", kind.name),
    ))
}

/// `GET /staff/records/{kind}/export.xlsx`
pub(in crate::pages::routes) async fn export_xlsx(
    staff: Staff<ExportRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    export(&staff, &state, &kind, query, true).await
}

/// `GET /staff/records/{kind}/export.csv`
pub(in crate::pages::routes) async fn export_csv(
    staff: Staff<ExportRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    export(&staff, &state, &kind, query, false).await
}

async fn export(
    staff: &Staff<ExportRecords>,
    state: &AppState,
    kind: &str,
    query: ListQuery,
    is_workbook: bool,
) -> Result<Response, PageError> {
    let kind = kind_for(state, kind, &roles_with(staff))?;
    let asked = asked_of(&kind, query);
    let query = among_persons(state, case_query(staff, &kind, &asked), &asked).await?;
    let found = state.inner.cases.export(&kind, query).await;
    let (columns, rows) = found.map_err(fault)?;
    let subject = format!("{} {} 条", kind.name, rows.len());
    state.note(staff, acts::RECORDS_EXPORTED, &subject).await?;
    let desk = desk(staff, state);
    let head = ExportHead {
        title: kind.name.clone(),
        filter_text: filter_text(&kind, &asked),
        made_at_text: moment_text(state.now()),
        made_by: desk.staff_name,
        is_demo: desk.site.is_demo,
    };
    let make = move || match is_workbook {
        true => sheet::export_xlsx(&columns, rows.into_iter(), &head),
        false => sheet::export_csv(&columns, rows.into_iter(), &head),
    };
    let bytes = blocking(make).await?.map_err(|error| refused(&error))?;
    let (media, ending) = if is_workbook {
        (XLSX, "xlsx")
    } else {
        (CSV, "csv")
    };
    Ok(file(bytes, media, &format!("{}.{ending}", kind.name)))
}

/// How the records of a file were chosen. A name that was typed does not go out with a list of
/// persons: beside masked names it would tell whose they are.
fn filter_text(kind: &Kind, asked: &ListAsked) -> String {
    let mut parts = Vec::new();
    if kind.state(&asked.state).is_some() {
        parts.push(format!("状态 {}", state_name(kind, &asked.state)));
    }
    if !asked.typed.is_empty() {
        parts.push(match is_about_persons(kind) {
            true => "按字找".to_owned(),
            false => format!("含“{}”", asked.typed),
        });
    }
    if parts.is_empty() {
        "全部".to_owned()
    } else {
        parts.join("，")
    }
}

fn refused(error: &SheetError) -> PageError {
    Problem::new(ProblemCode::Refused, error.to_string()).into()
}

/// Work that blocks, on a thread of its own.
pub(in crate::pages::routes) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PageError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::new(ProblemCode::Internal, "系统出了故障，请稍后再试。").into())
}

/// A file to be kept by the browser, under a Chinese name.
pub(in crate::pages::routes) fn file(bytes: Vec<u8>, media: &'static str, name: &str) -> Response {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}

fn for_import(sent: Upload, staff: &Staff<WorkOnRecords>, station: StationCode) -> SheetImport {
    SheetImport {
        actor: staff.actor(&station),
        file_name: sent.file_name,
        bytes: sent.bytes.to_vec(),
        station,
    }
}
