//! Answers of the API as gzip for who accepts it. Only whole JSON answers of the API are packed,
//! never pages: a page holds a secret beside what a visitor typed, and its packed length would
//! tell of it.

use std::io::Write as _;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter answers are sent as they are.
const PLAIN_BYTES_MAX: u64 = 1_024;
/// Longer ones too: no route answers with so much.
const PACKED_BYTES_MAX: u64 = 64 << 20;
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Packs the answer when it is worth it, and says that requests may be packed too (RFC 7694).
pub(super) async fn packed(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_wanted = accepts_gzip(request.headers());
    let mut answer = next.run(request).await;
    if !is_api {
        return answer;
    }
    answer.headers_mut().insert(ACCEPT_ENCODING, GZIP);
    if is_wanted && is_worth_it(&answer) {
        pack(answer).await
    } else {
        answer
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING);
    let accepted = accepted
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|coding| coding.trim() == "gzip")
}

fn is_worth_it(answer: &Response) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let length = answer.body().size_hint().exact();
    is_json && length.is_some_and(|length| (PLAIN_BYTES_MAX..PACKED_BYTES_MAX).contains(&length))
}

async fn pack(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let plain = to_bytes(body, usize::MAX).await;
    let plain = plain.expect("the body, because its length is known and in memory");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(&plain).and_then(|()| encoder.finish());
    let packed = written.expect("gzip, because a vector takes every byte");
    parts.headers.insert(CONTENT_ENCODING, GZIP);
    parts
        .headers
        .insert(VARY, HeaderValue::from_static("accept-encoding"));
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}
