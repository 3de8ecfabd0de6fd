//! Addresses of the pages and what each asks of the service. Handlers read the request, call one
//! or two functions of [`AppState`], and give the answer to a pure page; a refusal is shown on
//! the page from which the act came, and the act's address answers 409.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use wire::problem::ProblemCode;

use super::contacts::CONTACTS_PATH;
use super::documents::CHECK_PATH;
use super::feedback::FEEDBACK_PATH;
use super::frame::Said;
use super::guard::guard;
use super::lines::{COLLECTION_PATH, INSPECTIONS_PATH, REPORTS_PATH};
use super::outbox::OUTBOX_PATH;
use super::own_scores::OWN_SCORES_PATH;
use super::requirements::REQUIREMENTS_PATH;
use crate::app_state::{AppState, not_found};

mod accounts;
mod attachments;
mod audit;
mod boards;
mod changes;
mod console;
mod contacts;
mod devices;
mod documents;
mod door;
mod fleet;
mod gate;
mod guide;
mod hall;
mod kpi;
mod lines;
mod listings;
mod lists;
mod matching;
mod own_account;
mod page_error;
mod parameters;
mod phone;
mod public;
mod records;
mod requirements;
mod scores;
mod set_up;
mod start;
mod station;
mod table;
mod upload;
mod vacancy_sheet;
mod visit_records;

use attachments::ATTACHMENTS;
pub(crate) use lists::{ANSWER_ROUTE, COMPARE_ROUTE};
use page_error::PageError;
use phone::PHONE;
pub(crate) use records::SHEET_ROUTE;
use table::StaffRoutes;
pub(crate) use upload::{refused_upload, upload_bytes_max};
pub(crate) use vacancy_sheet::VACANCY_SHEET_ROUTE;

pub use table::RouteEntry;

/// All pages. Merge it with the API's router; its own layers do not reach that one.
pub fn router(state: &AppState) -> Router<AppState> {
    let to_work = middleware::map_response(page_error::with_way_to_work);
    Router::new()
        .merge(public_pages())
        .merge(door_pages())
        .merge(staff_pages().into_router().layer(to_work.clone()))
        .merge(
            Router::new()
                .route("/staff/{*rest}", get(nowhere))
                .layer(to_work),
        )
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(state.clone(), guard))
}

/// An address that leads nowhere: a sentence and a way on for people, nothing for machines.
async fn nowhere(address: Uri) -> Response {
    if address.path().starts_with("/api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    PageError::from(not_found("没有这个网址。请从首页或菜单进去。")).into_response()
}

/// Every staff route with the right that it takes.
#[must_use]
pub fn table() -> Vec<RouteEntry> {
    staff_pages().into_table()
}

fn public_pages() -> Router<AppState> {
    Router::new()
        .route("/", get(public::index))
        .route("/v", get(public::find_listing))
        .route("/v/{short_id}", get(public::listing))
        // boards write the whole address in capitals: then their QR codes are smaller
        .route("/V/{short_id}", get(public::listing))
        .route("/t/{token}", get(public::ticket).post(public::score))
        .route("/t/{token}/cancel", post(public::cancel))
        .route(PHONE, get(phone::show).post(phone::send))
        .route("/d/{code}", get(documents::public_check))
        .route("/display", get(public::display))
        .route("/changes", get(changes::of_queues))
        .route("/assets/{name}", get(asset))
}

/// What is open to whoever is not signed in yet. Each form is bound to its browser.
fn door_pages() -> Router<AppState> {
    Router::new()
        .route("/staff/sign-in", get(door::show).post(door::sign_in))
        .route("/staff/set-up", get(set_up::show).post(set_up::make))
}

fn staff_pages() -> StaffRoutes {
    let routes = StaffRoutes::new()
        .get("/staff", start::show)
        .post("/staff/sign-out", door::sign_out)
        .get("/staff/me", own_account::show)
        .post("/staff/me/password", own_account::change_password)
        .post("/staff/me/sessions/{id}/end", own_account::end_session)
        .get("/staff/changes", changes::of_everything)
        .get("/staff/console", console::show)
        .post("/staff/console/slip", console::slip)
        .post("/staff/console/{act}", console::act)
        .get("/staff/visits/{ticket}/new", visit_records::new_record)
        .post("/staff/visits/{ticket}/records", visit_records::tie)
        .get("/staff/guide", guide::show)
        .post("/staff/guide/take", guide::take)
        .post("/staff/guide/slip/{act}", guide::slip)
        .post("/staff/guide/answer", guide::answer)
        .post("/staff/guide/window", guide::window)
        .get("/staff/hall", hall::show)
        .post("/staff/hall/window/{act}", hall::act)
        .post("/staff/hall/emergency", hall::emergency)
        .post("/staff/hall/announce", hall::announce)
        .post("/staff/hall/emergency-end", hall::end_emergency)
        .get("/staff/hall/figures", hall::figures)
        .get("/staff/hall/figures.xlsx", hall::figures_sheet)
        .get("/staff/scores", scores::show)
        .get(OWN_SCORES_PATH, scores::mine)
        .get("/staff/devices", devices::show)
        .get("/staff/devices/changes", changes::of_screens)
        .get("/staff/devices/{device}/screen", devices::picture)
        .post("/staff/devices/{device}/{act}", devices::act)
        .get("/staff/boards", boards::show)
        .get("/staff/boards/changes", changes::of_boards)
        .get("/staff/boards/text.png", boards::text_picture)
        .get("/staff/boards/record", boards::record)
        .get("/staff/boards/record.xlsx", boards::record_sheet)
        .post("/staff/boards/clear", boards::clear)
        .post("/staff/boards/restore", boards::restore)
        .get("/staff/boards/{device}/screen", boards::screen)
        .get("/staff/fleet", fleet::show)
        .get("/staff/fleet/{device}", fleet::one)
        .post("/staff/fleet/{device}/revoke", fleet::revoke)
        .get("/staff/listings", listings::show)
        .post("/staff/listings/withdraw", listings::withdraw)
        .post("/staff/listings/publish", listings::publish)
        .get(VACANCY_SHEET_ROUTE, vacancy_sheet::form)
        .post(VACANCY_SHEET_ROUTE, vacancy_sheet::try_file)
        .post("/staff/listings/import/{held}", vacancy_sheet::import)
        .get(
            "/staff/listings/import/{held}/rejects.csv",
            vacancy_sheet::rejects,
        )
        .get("/staff/parameters", parameters::show)
        .post("/staff/parameters/propose", parameters::propose)
        .post("/staff/parameters/confirm", parameters::confirm)
        .post("/staff/parameters/withdraw", parameters::withdraw)
        .get("/staff/accounts", accounts::show)
        .get("/staff/accounts/new", accounts::new)
        .post("/staff/accounts/new", accounts::create)
        .get("/staff/accounts/{staff}", accounts::one)
        .post("/staff/accounts/{staff}/{act}", accounts::act)
        .get("/staff/audit", audit::show)
        .get("/staff/audit/export", audit::export)
        .post("/staff/audit/verify", audit::verify)
        .get(REQUIREMENTS_PATH, requirements::show);
    contact_pages(list_pages(line_pages(record_pages(routes))))
}

/// Lines of business, service points, and what the year is judged by.
fn line_pages(routes: StaffRoutes) -> StaffRoutes {
    routes
        .get("/staff/lines", lines::index)
        .get(COLLECTION_PATH, lines::collection)
        .get(INSPECTIONS_PATH, lines::inspections)
        .get(REPORTS_PATH, lines::reports)
        .get("/staff/lines/{line}", lines::show)
        .get("/staff/lines/{line}/due", lines::due)
        .get("/staff/station", station::show)
        .get("/staff/station/list", station::list)
        .get("/staff/station/report", station::report_form)
        .post("/staff/station/report", station::report)
        .get("/staff/kpi", kpi::show)
        .get("/staff/kpi.xlsx", kpi::export)
        .get("/staff/kpi/{line}", kpi::line)
}

/// Lists that are compared, batches, and banks' answers.
fn list_pages(routes: StaffRoutes) -> StaffRoutes {
    routes
        .get("/staff/lists", lists::index)
        .get(COMPARE_ROUTE, lists::compare_form)
        .post(COMPARE_ROUTE, lists::try_list)
        .get("/staff/lists/compare/{list}/template.xlsx", lists::template)
        .post("/staff/lists/compare/{list}/{held}", lists::open_list)
        .get(
            "/staff/lists/compare/{list}/{held}/rejects.xlsx",
            lists::rejects,
        )
        .get("/staff/lists/feedback/{record}", lists::feedback)
        .get("/staff/lists/batch/{batch}", lists::batch_form)
        .post("/staff/lists/batch/{batch}", lists::build)
        .get(ANSWER_ROUTE, lists::answer_form)
        .post(ANSWER_ROUTE, lists::try_answer)
        .post("/staff/lists/answer/{record}/{held}", lists::take_answer)
}

fn contact_pages(routes: StaffRoutes) -> StaffRoutes {
    routes
        .get(CONTACTS_PATH, contacts::show)
        .post("/staff/contacts/{outreach}/log", contacts::log)
        .post("/staff/contacts/{outreach}/reveal", contacts::reveal)
        .post("/staff/contacts/{outreach}/opt-out", contacts::opt_out)
        .get(OUTBOX_PATH, contacts::outbox)
        .get(FEEDBACK_PATH, contacts::feedback)
}

fn record_pages(routes: StaffRoutes) -> StaffRoutes {
    routes
        .get("/staff/records", records::index)
        .get("/staff/records/{kind}", records::list)
        .get("/staff/records/{kind}/new", records::new_form)
        .post("/staff/records/{kind}/new", records::open)
        .post("/staff/records/{kind}/bulk", records::bulk)
        .get("/staff/records/{kind}/template.xlsx", records::template)
        .get(SHEET_ROUTE, records::import_form)
        .post(SHEET_ROUTE, records::try_file)
        .post("/staff/records/{kind}/import/{held}", records::import)
        .get(
            "/staff/records/{kind}/import/{held}/rejects.xlsx",
            records::rejects,
        )
        .get("/staff/records/{kind}/export.xlsx", records::export_xlsx)
        .get("/staff/records/{kind}/export.csv", records::export_csv)
        .get("/staff/records/{kind}/ledger", records::ledger)
        .get("/staff/record/{record}/documents", documents::of_record)
        .get(
            "/staff/record/{record}/documents/{template}",
            documents::proof,
        )
        .post(
            "/staff/record/{record}/documents/{template}",
            documents::issue,
        )
        .get("/staff/document/{document}", documents::one)
        .post("/staff/document/{document}/withdraw", documents::withdraw)
        .get(CHECK_PATH, documents::check)
        .get("/staff/record/{record}", records::show)
        .get("/staff/record/{record}/matches", matching::show)
        .get("/staff/record/{record}/change", records::change_form)
        .post("/staff/record/{record}/change", records::change)
        .post("/staff/record/{record}/step/{step}", records::step)
        .post("/staff/record/{record}/hand-over", records::hand_over)
        .post("/staff/record/{record}/reveal", records::reveal)
        .post("/staff/record/{record}/merge", records::merge)
        .get(ATTACHMENTS, attachments::show)
        .post(ATTACHMENTS, attachments::take)
        .post("/staff/record/{record}/detach", attachments::detach)
        .get(
            "/staff/record/{record}/attachments/{sha256}",
            attachments::one,
        )
        .post("/staff/record/{record}/phone", phone::open)
        .get("/staff/record/{record}/phone/{phone}", phone::desk_again)
        .post("/staff/record/{record}/phone/{phone}/close", phone::close)
}

/// The sheet, the scripts and the mark.
async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "staff.css" => (
            "text/css; charset=utf-8",
            include_str!("../../../../assets/pages/staff.css"),
        ),
        "document.css" => (
            "text/css; charset=utf-8",
            include_str!("../../../../assets/pages/document.css"),
        ),
        "print.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../../assets/pages/print.js"),
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
        "boards.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../../assets/pages/boards.js"),
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
mod table_test;
#[cfg(test)]
mod tests;
