//! The requests of the audit trail.

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::gate::{Checked, NoFields, desk};
use super::page_error::PageError;
use crate::app_state::AppState;
use crate::pages::audit::{audit_csv, audit_page};
use crate::pages::frame::Said;
use crate::staff::{AuditQuery, ReadAudit, Staff};

/// The search as sent: what is not a day is no bound, what is not a page is the first one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AuditForm {
    person: String,
    act: String,
    subject: String,
    from: String,
    to: String,
    page: String,
}

impl AuditForm {
    fn query(self) -> AuditQuery {
        let day = |text: String| text.parse::<NaiveDate>().ok();
        AuditQuery {
            person: self.person,
            act: self.act,
            subject: self.subject,
            from: day(self.from),
            to: day(self.to),
            page: self.page.parse().unwrap_or(1).max(1),
        }
    }
}

/// `GET /staff/audit`
pub(super) async fn show(
    reader: Staff<ReadAudit>,
    State(state): State<AppState>,
    Query(form): Query<AuditForm>,
) -> Result<Response, PageError> {
    page(&reader, &state, form.query(), None).await
}

async fn page(
    reader: &Staff<ReadAudit>,
    state: &AppState,
    query: AuditQuery,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let view = state.audit(reader, query.clone()).await?;
    let status = match &notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        Some(Said::Done(_)) | None => StatusCode::OK,
    };
    let page = audit_page(&desk(reader, state), &query, &view, notice.as_ref());
    Ok((status, page).into_response())
}

/// `GET /staff/audit/export`
pub(super) async fn export(
    reader: Staff<ReadAudit>,
    State(state): State<AppState>,
    Query(form): Query<AuditForm>,
) -> Result<Response, PageError> {
    let lines = state.audit_export(&reader, form.query()).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ),
    ];
    Ok((headers, audit_csv(&lines)).into_response())
}

/// `POST /staff/audit/verify`
pub(super) async fn verify(
    reader: Staff<ReadAudit>,
    State(state): State<AppState>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    let (found, head) = state.audit_verify(&reader).await?;
    let notice = match found.faults.first() {
        None => Said::Done(format!(
            "链完整：{} 条记录、{} 条链都接得上，到记录第 {} 条为止。",
            found.events, found.chains, head
        )),
        Some(first) => Said::Refused(format!(
            "链不完整，有 {} 处不对，请马上告诉运维。第一处：{first}",
            found.faults.len() as u64 + found.more_faults
        )),
    };
    page(&reader, &state, AuditForm::default().query(), Some(notice)).await
}
