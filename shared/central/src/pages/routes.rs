//! Addresses of the pages and what each asks of the service. Handlers read the request, call one
//! or two functions of [`AppState`], and give the answer to a pure page; a refusal is shown on
//! the page from which the act came, and the act's address answers 409.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use wire::problem::ProblemCode;

use super::frame::Said;
use super::guard::guard;
use crate::app_state::AppState;

mod attachments;
mod changes;
mod console;
mod devices;
mod door;
mod fleet;
mod listings;
mod page_error;
mod phone;
mod public;
mod scores;
mod start;
mod upload;

pub use attachments::{Gate, Slot, attachment_routes};
use page_error::PageError;
pub(crate) use upload::{refused_upload, upload_bytes_max};

/// All pages. Merge it with the API's router; its own layers do not reach that one.
pub fn router() -> Router<AppState> {
    router_with(Router::new())
}

/// All pages, and `more` of them, behind the same guard.
pub fn router_with(more: Router<AppState>) -> Router<AppState> {
    more.merge(public_pages())
        .merge(staff_pages())
        .layer(middleware::from_fn(guard))
}

fn public_pages() -> Router<AppState> {
    Router::new()
        .route("/", get(public::index))
        .route("/v", get(public::find_listing))
        .route("/v/{short_id}", get(public::listing))
        // boards write the whole address in capitals: then their QR codes are smaller
        .route("/V/{short_id}", get(public::listing))
        .route("/t/{token}", get(public::ticket).post(public::score))
        .route("/display", get(public::display))
        .route("/changes", get(changes::of_queues))
        .route("/assets/{name}", get(asset))
}

fn staff_pages() -> Router<AppState> {
    Router::new()
        .route("/staff", get(start::show))
        .route("/staff/sign-in", get(door::show).post(door::sign_in))
        .route("/staff/sign-out", post(door::sign_out))
        .route("/staff/changes", get(changes::of_everything))
        .route("/staff/console", get(console::show))
        .route("/staff/console/{act}", post(console::act))
        .route("/staff/scores", get(scores::show))
        .route("/staff/devices", get(devices::show))
        .route("/staff/devices/changes", get(changes::of_screens))
        .route("/staff/devices/{device}/screen", get(devices::picture))
        .route("/staff/devices/{device}/{act}", post(devices::act))
        .route("/staff/fleet", get(fleet::show))
        .route("/staff/fleet/{device}", get(fleet::one))
        .route("/staff/fleet/{device}/revoke", post(fleet::revoke))
        .route("/staff/listings", get(listings::show))
        .route("/staff/listings/withdraw", post(listings::withdraw))
}

/// The sheet, the scripts and the mark.
async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "staff.css" => (
            "text/css; charset=utf-8",
            include_str!("../../../../assets/pages/staff.css"),
        ),
        "live.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../../assets/pages/live.js"),
        ),
        "keys.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../../assets/pages/keys.js"),
        ),
        "capture.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../../assets/pages/capture.js"),
        ),
        "card.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../../assets/pages/card.js"),
        ),
        "mark.svg" => (
            "image/svg+xml",
            include_str!("../../../../assets/scene/mark.svg"),
        ),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    // short, because the addresses stay the same when a new version is installed
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "max-age=300"),
    ];
    (headers, text).into_response()
}

/// What an act on a page came to: done, or a sentence that the page must show.
///
/// # Errors
/// Everything that is not the hall's own "no".
fn said_or_fault(outcome: Result<(), wire::problem::Problem>) -> Result<Option<Said>, PageError> {
    match outcome {
        Ok(()) => Ok(None),
        Err(problem) if is_answer_for_the_page(problem.code) => {
            Ok(Some(Said::Refused(problem.detail)))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn is_answer_for_the_page(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::Refused | ProblemCode::NotFound | ProblemCode::TooMany
    )
}

#[cfg(test)]
mod attachments_test;
#[cfg(test)]
mod tests;
