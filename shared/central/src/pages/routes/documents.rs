//! The requests of documents: what a record offers, a proof, the numbered sheet, checking one. The
//! ledger of a kind is in `routes::records::ledger`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::Actor;
use domain::id::{CheckCode, DocumentId};
use serde::Deserialize;
use wire::problem::ProblemCode;

use super::gate::{Checked as CheckedForm, desk};
use super::page_error::PageError;
use super::public::site;
use super::records::{note_reading, view_for};
use crate::app_state::{AppState, not_found};
use crate::cases::RecordView;
use crate::documents::{Asked, Checked};
use crate::pages::documents::{
    CheckView, OfRecordView, SheetView, check_page, of_record_page, proof_page, public_check_page,
    sheet_page, unknown_code_page,
};
use crate::pages::frame::Said;
use crate::pages::records::{moment_text, state_name};
use crate::staff::{IssueDocuments, Right, Staff, WorkOnRecords, acts};
use crate::store::DocumentRow;

/// What a form of documents sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DocumentForm {
    seen: u64,
    reason: String,
}

/// `GET /staff/record/{record}/documents`
pub(super) async fn of_record(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(&staff, &state, &record).await?;
    of_record_with(&staff, &state, &view, None).await
}

async fn of_record_with<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    note_reading(staff, state, view).await?;
    let shown = of_record_view(staff, state, view).await?;
    let status = match notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let page = of_record_page(&desk(staff, state), &shown, notice.as_ref());
    Ok((status, page).into_response())
}

async fn of_record_view<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
) -> Result<OfRecordView, PageError> {
    let (offers, in_hand) = state.documents_of(view.record.id).await?;
    let roles = staff.actor(&view.record.station).roles;
    Ok(OfRecordView {
        record: view.record.id.to_string(),
        case_no: view.record.case_no.0.clone(),
        title: view.title.clone(),
        kind_name: view.kind.name.clone(),
        state: state_name(&view.kind, &view.record.state),
        offers,
        in_hand,
        may_issue: roles.iter().any(|role| IssueDocuments::ENTRY.has(*role)),
    })
}

/// `GET /staff/record/{record}/documents/{template}`
pub(super) async fn proof(
    staff: Staff<IssueDocuments>,
    State(state): State<AppState>,
    Path((record, template)): Path<(String, String)>,
) -> Result<Response, PageError> {
    proof_with(&staff, &state, &record, &template, None).await
}

async fn proof_with(
    staff: &Staff<IssueDocuments>,
    state: &AppState,
    record: &str,
    template: &str,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(staff, state, record).await?;
    note_reading(staff, state, &view).await?;
    let shown = of_record_view(staff, state, &view).await?;
    let offered = shown.offers.iter().find(|offer| offer.template == template);
    let Some(title) = offered.map(|offer| offer.title.clone()) else {
        let text = "这条记录现在的状态不能出这种文书。下面是现在能出的。";
        let said = notice.unwrap_or(Said::Refused(text.to_owned()));
        return of_record_with(staff, state, &view, Some(said)).await;
    };
    let proof = state.proof(staff, view.record.id, template).await?;
    let status = match notice {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let page = proof_page(
        &desk(staff, state),
        &shown,
        (template, &title),
        view.record.version,
        &proof,
        notice.as_ref(),
    );
    Ok((status, page).into_response())
}

/// `POST /staff/record/{record}/documents/{template}`
pub(super) async fn issue(
    staff: Staff<IssueDocuments>,
    State(state): State<AppState>,
    Path((record, template)): Path<(String, String)>,
    CheckedForm(form): CheckedForm<DocumentForm>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(&staff, &state, &record).await?;
    let asked = Asked {
        record: view.record.id,
        seen: form.seen,
        template: template.clone(),
    };
    match state.issue_document(&staff, asked).await {
        Ok(document) => Ok(to_document(document)),
        Err(problem) if problem.code == ProblemCode::Refused => {
            let said = Said::Refused(problem.detail);
            proof_with(&staff, &state, &record, &template, Some(said)).await
        }
        Err(problem) => Err(problem.into()),
    }
}

fn to_document(document: DocumentId) -> Response {
    Redirect::to(&format!("/staff/document/{document}")).into_response()
}

/// A document with its record, for who may see the record; else it is as if there were none.
async fn found_for<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    document: &str,
) -> Result<(DocumentRow, RecordView, Actor), PageError> {
    let nothing = || PageError::from(not_found("没有这份文书，或者您的角色看不到它。"));
    let id: DocumentId = document.parse().map_err(|_| nothing())?;
    let row = state.document(id).await?;
    let record = row.issued.record.to_string();
    let (view, actor) = view_for(staff, state, &record).await?;
    Ok((row, view, actor))
}

/// `GET /staff/document/{document}`
pub(super) async fn one(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(document): Path<String>,
) -> Result<Response, PageError> {
    one_with(&staff, &state, &document, None).await
}

async fn one_with(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    document: &str,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let (row, view, actor) = found_for(staff, state, document).await?;
    let case_no = &view.record.case_no.0;
    let shown = state.show_document(staff, row, case_no, &actor).await?;
    let issued = &shown.row.issued;
    let sheet = SheetView {
        check_address: format!("{}/d/{}", state.public_url(), issued.code),
        issued_at: moment_text(issued.at),
        printed_at: moment_text(state.now()),
        shown,
    };
    let status = match notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let page = sheet_page(&desk(staff, state), &sheet, notice.as_ref());
    Ok((status, page).into_response())
}

/// `POST /staff/document/{document}/withdraw`
pub(super) async fn withdraw(
    staff: Staff<IssueDocuments>,
    State(state): State<AppState>,
    Path(document): Path<String>,
    CheckedForm(form): CheckedForm<DocumentForm>,
) -> Result<Response, PageError> {
    let (row, _, actor) = found_for(&staff, &state, &document).await?;
    let withdrawn = state
        .withdraw_document(&staff, &row, &actor, &form.reason)
        .await;
    match withdrawn {
        Ok(()) => Ok(to_document(row.issued.document)),
        Err(problem) if problem.code == ProblemCode::Refused => {
            let said = Some(Said::Refused(problem.detail));
            match staff.also::<WorkOnRecords>() {
                Some(reader) => one_with(&reader, &state, &document, said).await,
                None => Err(not_found("没有这份文书，或者您的角色看不到它。").into()),
            }
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Query of the page on which documents are checked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CheckQuery {
    q: String,
}

/// `GET /staff/documents`
pub(super) async fn check(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Query(query): Query<CheckQuery>,
) -> Result<Response, PageError> {
    let mut view = CheckView {
        typed: query.q.trim().chars().take(60).collect(),
        found: None,
    };
    let notice = match view.typed.is_empty() {
        true => None,
        false => look_up(&staff, &state, &mut view).await?,
    };
    let page = check_page(&desk(&staff, &state), &view, notice.as_ref());
    Ok(page.into_response())
}

async fn look_up(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    view: &mut CheckView,
) -> Result<Option<Said>, PageError> {
    let Some(row) = state.find_document(&view.typed).await? else {
        let text = "没有查到。请核对编号：代字、年份、号数都要对；或者输纸上最下面的十六位查验码。";
        return Ok(Some(Said::Refused(text.to_owned())));
    };
    let number = row.issued.number.clone();
    state.note(staff, acts::DOCUMENT_CHECKED, &number).await?;
    let record = row.issued.record.to_string();
    let address = view_for(staff, state, &record)
        .await
        .ok()
        .map(|_| format!("/staff/document/{}", row.issued.document));
    let checked = Checked {
        title: row.issued.content.title,
        number,
        centre: row.issued.content.centre,
        at: row.issued.at,
        is_withdrawn: row.withdrawn.is_some(),
    };
    view.found = Some((checked, address));
    Ok(None)
}

/// `GET /d/{code}`
pub(super) async fn public_check(
    State(state): State<AppState>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let site = site(&state);
    let found = match CheckCode::new(code) {
        Ok(code) => state.check_document(code).await?,
        Err(_) => None,
    };
    Ok(match found {
        Some(checked) => public_check_page(&site, &checked).into_response(),
        None => (StatusCode::NOT_FOUND, unknown_code_page(&site)).into_response(),
    })
}
