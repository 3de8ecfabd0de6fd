//! One log line and a few counts for each request: its id, method, route template, status, time
//! and device. Never the address that was asked for, the query or a body: they hold tokens and
//! names of citizens.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use wire::problem::ProblemCode;

use crate::app_state::AppState;
use crate::edge;

use super::rate::claimed_device;

/// The request's id on the answer, by which a line of the log is found.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The route of what is not routed.
const UNMATCHED: &str = "unmatched";

/// Watches a request from outside of everything else.
pub(super) async fn observed(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (begun, id) = (Instant::now(), hex::encode(edge::random_bytes::<8>()));
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let (method, device) = (request.method().clone(), claimed_device(&app, &request));
    let running = app.inner.metrics.request_begins(&route);
    let mut answer = next.run(request).await;
    drop(running);
    let (status, elapsed) = (answer.status().as_u16(), begun.elapsed());
    let code = answer.extensions().get::<ProblemCode>().copied();
    app.inner
        .metrics
        .request_ended(&route, status, code, elapsed);
    let device = device.map(tracing::field::display);
    let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(id, %method, route, status, ms, device, code = code.map(tracing::field::debug), "request");
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}
