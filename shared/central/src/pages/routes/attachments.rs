//! What is attached to a record: shown, taken in from a form or a script. Who may do that with
//! which record is the records' own affair, and asked of a [`Gate`].

use axum::extract::{Extension, Multipart, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, http::StatusCode};
use domain::case::Attachment;
use domain::id::{RecordId, StaffId};
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::door::Clerk;
use super::page_error::PageError;
use super::phone;
use super::upload::{Upload, asks_for_json, json_received, json_refusal};
use crate::app_state::AppState;
use crate::attachments::{self, Offered, Owner};
use crate::pages::capture::{CaptureView, attach_page};
use crate::pages::frame::Said;
use crate::pages::guard::AtTheDesk;
use crate::staff::StaffSession;

pub(super) const ATTACHMENTS: &str = "/staff/records/{record}/attachments";
/// A picture as it is: nothing of it runs, nothing is fetched.
const PICTURE_POLICY: &str = "default-src 'none'; sandbox";
/// The browser's own viewer does not open in a sandbox; what a PDF could do was refused before.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; \
     frame-ancestors 'none'";

/// What a record asks for, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Whose what comes in will be.
    pub owner: Owner,
    /// What the rule asks for, in words without names: 身份证正面.
    pub title: String,
}

/// The records, as far as attachments are concerned.
pub trait Gate: Clone + Send + Sync + 'static {
    /// Whether somebody may attach something to a record under one of its rules.
    ///
    /// # Errors
    /// Why not, in words.
    fn may_attach(
        &self,
        app: &AppState,
        by: &StaffSession,
        record: RecordId,
        doc_type: &str,
    ) -> impl Future<Output = Result<Slot, Problem>> + Send;

    /// Whether somebody may see what is attached.
    ///
    /// # Errors
    /// Why not, in words.
    fn may_read(
        &self,
        app: &AppState,
        by: &StaffSession,
        record: RecordId,
    ) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Something was taken in for a record and is durable; who brought it is in it. The same
    /// content may come again.
    ///
    /// # Errors
    /// Why the record does not take it; it is thrown away then.
    fn attached(
        &self,
        app: &AppState,
        record: RecordId,
        attachment: Attachment,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// The pages of attachments and of phones that send some, for the records behind `gate`.
pub fn attachment_routes<G: Gate>(gate: G) -> Router<AppState> {
    Router::new()
        .route(ATTACHMENTS, get(show::<G>).post(take::<G>))
        .route(
            "/staff/records/{record}/attachments/{sha256}",
            get(one::<G>),
        )
        .merge(phone::routes::<G>())
        .layer(Extension(gate))
}

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
pub(super) async fn attach<G: Gate>(
    app: &AppState,
    gate: &G,
    owner: Owner,
    by: StaffId,
    offered: Offered,
) -> Result<Received, Problem> {
    let (store, rules) = (&app.inner.store, app.inner.phones.rules());
    let record = owner.record;
    let taken = attachments::take_in(store, rules, owner, by, offered, app.now()).await?;
    let attachment = taken.attachment;
    if let Err(problem) = gate.attached(app, record, attachment.clone()).await {
        if taken.is_new {
            attachments::discard(store, record, &attachment.sha256).await?;
        }
        return Err(problem);
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

pub(super) fn record_id(text: &str) -> Result<RecordId, Problem> {
    text.parse()
        .map_err(|_| Problem::new(ProblemCode::NotFound, "没有这件事项。"))
}

/// `GET /staff/records/{record}/attachments?doc_type=…`
async fn show<G: Gate>(
    clerk: Clerk,
    State(app): State<AppState>,
    Extension(gate): Extension<G>,
    Path(record): Path<String>,
    Query(query): Query<RuleQuery>,
) -> Result<Response, PageError> {
    let record = record_id(&record)?;
    let slot = gate.may_attach(&app, &clerk.0, record, &query.doc_type);
    let slot = slot.await?;
    Ok(page(&app, &clerk, &slot, query.doc_type, None))
}

fn page(
    app: &AppState,
    clerk: &Clerk,
    slot: &Slot,
    doc_type: String,
    said: Option<&Said>,
) -> Response {
    let desk = clerk.desk(app);
    let view = CaptureView {
        record: slot.owner.record,
        doc_type,
        title: slot.title.clone(),
        bytes_max: app.inner.phones.rules().bytes_max,
        form_token: desk.form_token.clone(),
    };
    (Extension(AtTheDesk), attach_page(&desk, &view, said)).into_response()
}

/// `POST /staff/records/{record}/attachments`
async fn take<G: Gate>(
    clerk: Clerk,
    State(app): State<AppState>,
    Extension(gate): Extension<G>,
    Path(record): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, PageError> {
    let record = record_id(&record)?;
    let upload = Upload::read(form).await?;
    clerk.check(&upload.form_token)?;
    let slot = gate.may_attach(&app, &clerk.0, record, &upload.doc_type);
    let slot = slot.await?;
    let doc_type = upload.doc_type.clone();
    let offered = Offered {
        doc_type: upload.doc_type,
        claimed_name: upload.file_name,
        bytes: upload.bytes,
    };
    let outcome = attach(&app, &gate, slot.owner, clerk.0.staff, offered).await;
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
    Ok((status, page(&app, &clerk, &slot, doc_type, Some(&said))).into_response())
}

/// `GET /staff/records/{record}/attachments/{sha256}`
async fn one<G: Gate>(
    clerk: Clerk,
    State(app): State<AppState>,
    Extension(gate): Extension<G>,
    Path((record, sha256)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let record = record_id(&record)?;
    gate.may_read(&app, &clerk.0, record).await?;
    let content = attachments::open(&app.inner.store, record, &sha256).await?;
    let policy = match content.mime.as_str() {
        "application/pdf" => PDF_POLICY,
        _ => PICTURE_POLICY,
    };
    let kind = HeaderValue::try_from(content.mime);
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
    ];
    Ok((headers, content.bytes.to_vec()).into_response())
}
