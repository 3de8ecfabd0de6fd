//! The materials of a record: shown, taken in from a form or a script, set aside. Who may do that
//! with which record is for the engine to say.

use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::case::{Actor, Attachment, Command};
use domain::id::StaffId;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::records::{note_reading, view_for};
use super::table::ChecksToken;
use super::upload::{Upload, asks_for_json, json_received, json_refusal};
use crate::app_state::{AppState, not_found};
use crate::attachments::{self, Offered, Owner};
use crate::cases::{CaseFault, RecordView, Slot};
use crate::pages::capture::{HeldMaterial, MaterialsView, materials_page};
use crate::pages::frame::Said;
use crate::pages::guard::AtTheDesk;
use crate::pages::records::moment_text;
use crate::staff::{Staff, WorkOnRecords};

pub(super) const ATTACHMENTS: &str = "/staff/record/{record}/attachments";
/// A picture as it is: nothing of it runs, nothing is fetched.
const PICTURE_POLICY: &str = "default-src 'none'; sandbox";
/// The browser's own viewer does not open in a sandbox; what a PDF could do was refused before.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; \
     frame-ancestors 'none'";

/// What came in.
pub(super) struct Received {
    pub(super) attachment: Attachment,
    /// At how many other records the same content is.
    pub(super) elsewhere: usize,
}

impl Received {
    /// For the person at the desk.
    pub(super) fn words(&self) -> String {
        let pages = self.attachment.pages;
        let mut words = match self.attachment.mime.as_str() {
            "application/pdf" => format!("收到了，{pages} 页。"),
            _ => "收到了。".to_owned(),
        };
        if self.elsewhere > 0 {
            let more = format!("注意：另外 {} 件事项里也有一模一样的文件。", self.elsewhere);
            words.push_str(&more);
        }
        words
    }
}

/// Takes something in and hands it to its record, or throws it away again.
pub(super) async fn attach(
    app: &AppState,
    owner: Owner,
    (by, actor): (StaffId, &Actor),
    offered: Offered,
) -> Result<Received, Problem> {
    let (store, rules) = (&app.inner.store, app.inner.phones.rules());
    let record = owner.record;
    let taken = attachments::take_in(store, rules, owner, by, offered, app.now()).await?;
    let attachment = taken.attachment;
    let cases = &app.inner.cases;
    let attached = cases.attach(record, attachment.clone(), actor.clone(), app.now());
    if let Err(fault) = attached.await {
        if taken.is_new {
            attachments::discard(store, record, &attachment.sha256).await?;
        }
        return Err(in_words(fault));
    }
    let elsewhere = attachments::elsewhere(store, &attachment.sha256, record).await?;
    Ok(Received {
        attachment,
        elsewhere: elsewhere.len(),
    })
}

/// Which rule of the record's kind.
#[derive(Debug, Deserialize)]
pub(super) struct RuleQuery {
    #[serde(default)]
    doc_type: String,
}

/// A fault of the records as the desk is told it.
pub(super) fn in_words(fault: CaseFault) -> Problem {
    match fault {
        CaseFault::Problem(problem) => problem,
        CaseFault::Refused(refusal) => Problem::new(ProblemCode::Refused, refusal.text),
    }
}

/// A record that this person may see, what they are there, and the slot under one of its rules.
pub(super) async fn slot_for(
    clerk: &Staff<WorkOnRecords>,
    app: &AppState,
    record: &str,
    doc_type: &str,
) -> Result<(RecordView, Actor, Slot), PageError> {
    let (view, actor) = view_for(clerk, app, record).await?;
    let cases = &app.inner.cases;
    let slot = cases.may_attach(view.record.id, doc_type, &actor, app.now());
    let slot = slot.await.map_err(in_words)?;
    Ok((view, actor, slot))
}

/// `GET /staff/record/{record}/attachments?doc_type=…`
pub(super) async fn show(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path(record): Path<String>,
    Query(query): Query<RuleQuery>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&clerk, &app, &record).await?;
    let cases = &app.inner.cases;
    let slot = cases.may_attach(view.record.id, &query.doc_type, &actor, app.now());
    // what was attached before may be looked at also when nothing may be added
    let refusal = slot.await.err().map(in_words);
    page(&app, &clerk, &view, &query.doc_type, refusal, None).await
}

async fn page(
    app: &AppState,
    clerk: &Staff<WorkOnRecords>,
    view: &RecordView,
    doc_type: &str,
    refusal: Option<Problem>,
    said: Option<&Said>,
) -> Result<Response, PageError> {
    let rule = view.kind.attachment(doc_type);
    let rule = rule.ok_or_else(|| not_found("没有这一种材料。"))?;
    note_reading(clerk, app, view).await?;
    let desk = desk(clerk, app);
    let held = view.record.attachments.iter();
    let page = MaterialsView {
        record: view.record.id,
        case_no: view.record.case_no.0.clone(),
        doc_type: doc_type.to_owned(),
        title: rule.name.clone(),
        hint: rule.hint.clone(),
        held: held
            .filter(|one| one.doc_type == doc_type)
            .map(|one| HeldMaterial {
                sha256: one.sha256.clone(),
                is_picture: one.mime.starts_with("image/"),
                pages: one.pages,
                at: moment_text(one.at),
            })
            .collect(),
        refusal: refusal.map(|problem| problem.detail),
        bytes_max: app.inner.phones.rules().bytes_max,
    };
    Ok((Extension(AtTheDesk), materials_page(&desk, &page, said)).into_response())
}

/// A form with a file for one rule of a record.
impl ChecksToken for Upload {}

/// `POST /staff/record/{record}/attachments`
pub(super) async fn take(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path(record): Path<String>,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, PageError> {
    let doc_type = upload.doc_type.clone();
    let (_, actor, slot) = slot_for(&clerk, &app, &record, &doc_type).await?;
    let offered = Offered {
        doc_type: upload.doc_type,
        claimed_name: upload.file_name,
        bytes: upload.bytes,
    };
    let outcome = attach(&app, slot.owner, (clerk.staff, &actor), offered).await;
    if asks_for_json(&headers) {
        return Ok(match outcome {
            Ok(received) => json_received(&received),
            Err(problem) => json_refusal(&problem),
        });
    }
    let (status, said) = match outcome {
        Ok(received) => (StatusCode::OK, Said::Done(received.words())),
        Err(problem) if problem.status < 500 => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
            (status, Said::Refused(problem.detail))
        }
        Err(problem) => return Err(problem.into()),
    };
    let (view, _) = view_for(&clerk, &app, &record).await?;
    let page = page(&app, &clerk, &view, &doc_type, None, Some(&said)).await?;
    Ok((status, page).into_response())
}

/// What sets something attached aside.
#[derive(Debug, Deserialize)]
pub(super) struct DetachForm {
    doc_type: String,
    sha256: String,
    #[serde(default)]
    reason: String,
}

/// `POST /staff/record/{record}/detach`
pub(super) async fn detach(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path(record): Path<String>,
    Checked(form): Checked<DetachForm>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&clerk, &app, &record).await?;
    let command = Command::Detach {
        doc_type: form.doc_type.clone(),
        sha256: form.sha256,
        reason: form.reason.trim().to_owned(),
    };
    let (id, seen) = (view.record.id, view.record.version);
    let done = app
        .inner
        .cases
        .act(id, seen, command, actor, app.now())
        .await;
    let (status, said) = match done {
        Ok(()) => (
            StatusCode::OK,
            Said::Done("撤下了，历史里还查得到。".to_owned()),
        ),
        Err(fault) => (StatusCode::CONFLICT, Said::Refused(in_words(fault).detail)),
    };
    let (view, _) = view_for(&clerk, &app, &record).await?;
    let page = page(&app, &clerk, &view, &form.doc_type, None, Some(&said)).await?;
    Ok((status, page).into_response())
}

/// `GET /staff/record/{record}/attachments/{sha256}`
pub(super) async fn one(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path((record, sha256)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(&clerk, &app, &record).await?;
    note_reading(&clerk, &app, &view).await?;
    let content = attachments::open(&app.inner.store, view.record.id, &sha256).await?;
    let policy = match content.mime.as_str() {
        "application/pdf" => PDF_POLICY,
        _ => PICTURE_POLICY,
    };
    // a sheet is for another program: a browser only saves it
    let shown = match content.mime.starts_with("image/") || content.mime == "application/pdf" {
        true => "inline",
        false => "attachment",
    };
    let kind = HeaderValue::try_from(content.mime);
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(shown)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
    ];
    Ok((headers, content.bytes.to_vec()).into_response())
}
