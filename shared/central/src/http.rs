//! The HTTP side: `/api/v1` for devices, and the pages. Handlers parse, call [`AppState`], map.
//! Every answer carries the service's time; every error is problem+json with a stable code.

mod device_call;
mod device_routes;
mod line_routes;
mod problem_answer;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use wire::sign::header;

use crate::app_state::AppState;
use crate::pages;

pub use device_call::DeviceCall;
pub use device_routes::{API_ROUTES, SlipCodeLimit};
pub use problem_answer::Refused;

/// Largest body of any request: a push whose texts are escaped as JSON.
const BODY_BYTES_MAX: usize = 12 << 20;

/// The whole service as a router.
pub fn app(state: AppState) -> Router {
    device_routes::router()
        .merge(pages::router())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(state.clone(), tell_time))
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
