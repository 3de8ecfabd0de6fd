//! Files that a form sends: read out of the multipart body, which is in memory within its bound,
//! and answered as a page or, to a script, as JSON.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, MatchedPath, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wire::problem::{Problem, ProblemCode};

use super::attachments::{ATTACHMENTS, Received};
use super::door::is_signed_in;
use super::page_error::PageError;
use super::phone::PHONE;
use crate::app_state::AppState;
use crate::attachments::Fault;
use crate::pages::guard::FormToken;

/// What stands around a file in a form.
const FORM_BYTES: usize = 64 << 10;
/// Most fields beside a file.
const FIELDS_MAX: usize = 32;
/// Longest name and longest field that are looked at, in bytes.
const TEXT_BYTES_MAX: usize = 256;

/// How many bytes a request that brings a file may have; `None` when it is none, or when nobody
/// stands behind it who may bring one.
pub(crate) async fn upload_bytes_max(app: &AppState, parts: &Parts) -> Option<usize> {
    let route = parts.extensions.get::<MatchedPath>()?;
    let is_admitted = match route.as_str() {
        _ if parts.method != Method::POST => false,
        ATTACHMENTS => is_signed_in(app, &parts.headers).await,
        PHONE => {
            let (_, token) = parts.uri.path().rsplit_once('/')?;
            app.inner.phones.look(token, app.now()).is_ok()
        }
        _ => false,
    };
    let bytes_max = app.inner.phones.rules().bytes_max;
    is_admitted.then(|| usize::try_from(bytes_max).unwrap_or(usize::MAX - FORM_BYTES) + FORM_BYTES)
}

/// The answer when the body of such a request was not taken.
pub(crate) fn refused_upload(app: &AppState, headers: &HeaderMap, problem: Problem) -> Response {
    let bytes_max = app.inner.phones.rules().bytes_max;
    let problem = match problem.code {
        ProblemCode::TooLarge => Fault::TooLong { bytes_max }.into(),
        _ => problem,
    };
    if asks_for_json(headers) {
        json_refusal(&problem)
    } else {
        PageError::from(problem).into_response()
    }
}

/// What a form brought.
#[derive(Default)]
pub(super) struct Upload {
    pub(super) form_token: String,
    pub(super) doc_type: String,
    /// Where the records of a sheet are dealt with.
    pub(super) station: String,
    /// As the browser gives it; only its ending is ever looked at.
    pub(super) file_name: String,
    pub(super) bytes: Bytes,
    /// What else was asked beside the file: fields of a record, by id.
    pub(super) fields: BTreeMap<String, String>,
}

impl FromRequest<AppState> for Upload {
    type Rejection = PageError;

    /// Taken only with the form token of the session.
    async fn from_request(request: Request, state: &AppState) -> Result<Self, PageError> {
        let token = request.extensions().get::<FormToken>().cloned();
        // what is no form in parts carries no token
        let form = Multipart::from_request(request, state).await;
        let upload = Self::read(form.map_err(|_| PageError::StaleForm)?).await?;
        if token.is_some_and(|token| token.is(&upload.form_token)) {
            Ok(upload)
        } else {
            Err(PageError::StaleForm)
        }
    }
}

impl Upload {
    /// Reads the fields; of several files the first that is not empty counts.
    pub(super) async fn read(mut form: Multipart) -> Result<Self, Problem> {
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await.map_err(not_a_form)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(not_a_form)?;
            match name.as_str() {
                "form_token" => upload.form_token = text(&bytes),
                "doc_type" => upload.doc_type = text(&bytes),
                "station" => upload.station = text(&bytes),
                "file" if upload.bytes.is_empty() => {
                    upload.file_name = text(file_name.as_bytes());
                    upload.bytes = bytes;
                }
                name => {
                    if let Some(field) = name.strip_prefix("f.")
                        && upload.fields.len() < FIELDS_MAX
                    {
                        upload.fields.insert(field.to_owned(), text(&bytes));
                    }
                }
            }
        }
        Ok(upload)
    }
}

/// A short text; of a longer one the end, where the ending of a name is.
fn text(bytes: &[u8]) -> String {
    let from = bytes.len().saturating_sub(TEXT_BYTES_MAX);
    String::from_utf8_lossy(&bytes[from..]).into_owned()
}

// by value, as `map_err` gives it
#[allow(clippy::needless_pass_by_value)]
fn not_a_form(error: MultipartError) -> Problem {
    tracing::debug!(%error, "a form with a file");
    Problem::new(ProblemCode::BadRequest, "文件没有传完整，请再传一次。")
}

/// Whether a script asks, which shows the answer itself.
pub(super) fn asks_for_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept.is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"))
}

/// What a script is told of something that came in.
pub(super) fn json_received(received: &Received) -> Response {
    Json(json!({
        "sha256": received.attachment.sha256,
        "mime": received.attachment.mime,
        "pages": received.attachment.pages,
        "elsewhere": received.elsewhere,
        "words": received.words(),
    }))
    .into_response()
}

/// What a script is told of something that did not.
pub(super) fn json_refusal(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(json!({ "words": problem.detail }))).into_response()
}
