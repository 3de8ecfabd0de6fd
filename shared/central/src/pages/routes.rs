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

mod changes;
mod console;
mod devices;
mod door;
mod fleet;
mod listings;
mod page_error;
mod parameters;
mod public;
mod records;
mod scores;
mod staff;
mod start;

use page_error::PageError;
pub(crate) use records::SHEET_ROUTE;
use staff::Staff;

/// All pages. Merge it with the API's router; its own layers do not reach that one.
pub fn router() -> Router<AppState> {
    Router::new()
        .merge(public_pages())
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
        .merge(record_pages())
        .route("/staff/listings", get(listings::show))
        .route("/staff/listings/withdraw", post(listings::withdraw))
        .route("/staff/parameters", get(parameters::show))
        .route("/staff/parameters/propose", post(parameters::propose))
        .route("/staff/parameters/confirm", post(parameters::confirm))
        .route("/staff/parameters/withdraw", post(parameters::withdraw))
}

fn record_pages() -> Router<AppState> {
    Router::new()
        .route("/staff/records", get(records::index))
        .route("/staff/records/{kind}", get(records::list))
        .route(
            "/staff/records/{kind}/new",
            get(records::new_form).post(records::open),
        )
        .route("/staff/records/{kind}/bulk", post(records::bulk))
        .route(
            "/staff/records/{kind}/template.xlsx",
            get(records::template),
        )
        .route(
            SHEET_ROUTE,
            get(records::import_form).post(records::try_file),
        )
        .route("/staff/records/{kind}/import/{held}", post(records::import))
        .route(
            "/staff/records/{kind}/import/{held}/rejects.xlsx",
            get(records::rejects),
        )
        .route(
            "/staff/records/{kind}/export.xlsx",
            get(records::export_xlsx),
        )
        .route("/staff/records/{kind}/export.csv", get(records::export_csv))
        .route("/staff/record/{record}", get(records::show))
        .route(
            "/staff/record/{record}/change",
            get(records::change_form).post(records::change),
        )
        .route("/staff/record/{record}/step/{step}", post(records::step))
        .route("/staff/record/{record}/hand-over", post(records::hand_over))
        .route("/staff/record/{record}/reveal", post(records::reveal))
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
mod tests;
