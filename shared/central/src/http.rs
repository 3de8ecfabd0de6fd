//! The HTTP side: `/api/v1` for devices, and the pages. Handlers parse, call [`AppState`], map.
//! Every answer carries the service's time; every error is problem+json with a stable code.

mod appointment_routes;
mod body;
mod citizen_routes;
mod code_limit;
mod device_call;
mod device_routes;
mod gzip;
mod line_routes;
mod listener;
mod observe;
mod problem_answer;
mod rate;
mod shared_pages;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use wire::sign::header;

use crate::app_state::AppState;
use crate::pages;

pub(crate) use body::BodyBudget;
pub use code_limit::CodeLimit;
pub use device_call::DeviceCall;
pub use device_routes::API_ROUTES;
pub use listener::Listener;
pub use problem_answer::Refused;
pub use rate::{Buckets, Peer, RateLimits};
pub(crate) use shared_pages::SharedPages;

/// The whole service as a router. From the outside in: the log line and the counts, the time, the
/// rates, the bounds of the body, the handler. Rates hold for connections of [`Listener`] only.
pub fn app(state: AppState) -> Router {
    device_routes::router()
        .merge(pages::router(&state))
        .layer(DefaultBodyLimit::max(body::BODY_BYTES_MAX))
        .layer(from_fn_with_state(state.clone(), body::bounded))
        .layer(from_fn_with_state(state.clone(), rate::limited))
        .layer(from_fn(gzip::packed))
        .layer(from_fn_with_state(state.clone(), tell_time))
        .layer(from_fn_with_state(state.clone(), observe::observed))
        .with_state(state)
}

/// Devices correct their clocks by this header.
async fn tell_time(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let name = HeaderName::from_static(header::SERVER_TIME);
    answer
        .headers_mut()
        .insert(name, HeaderValue::from(app.now().0));
    answer
}
