//! Problems as answers: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::problem::{Problem, ProblemCode};

use crate::store::StoreError;

/// Seconds after which a client that was told `too_many` or `unavailable` may ask again.
const RETRY_AFTER_S: u16 = 5;

/// A problem on its way out.
#[derive(Debug)]
pub struct Refused(pub Problem);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let code = self.0.code;
        let is_limited = matches!(code, ProblemCode::TooMany | ProblemCode::Unavailable);
        let mut answer = (status, Json(self.0)).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        answer.headers_mut().insert(header::CONTENT_TYPE, json);
        // for the log and the counts
        answer.extensions_mut().insert(code);
        if is_limited {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        answer
    }
}
