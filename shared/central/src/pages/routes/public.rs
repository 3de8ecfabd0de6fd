//! Requests of the public: one listing, the own ticket and its score, the hall display. Nobody
//! is signed in here; what may be seen hangs on the secret token in the slip's QR code alone.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{HallId, ShortId};
use domain::rating::{Level, TicketSecret};
use maud::Markup;
use serde::Deserialize;
use wire::event::PHONES;
use wire::problem::Problem;

use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::{AppState, not_found};
use crate::overview::ListingPage;
use crate::pages::appointment::{PhoneAppointmentView, appointment_page};
use crate::pages::display::{DisplayView, display_page};
use crate::pages::frame::{Said, Site};
use crate::pages::guard::FormToken;
use crate::pages::index::index_page;
use crate::pages::ticket::{PhoneTicketView, ticket_page, unknown_ticket_page};
use crate::pages::vacancy;
use crate::poor_reasons;
use crate::public_desk::unknown_ticket;

/// Longer ones are no token; they are not looked up.
const TOKEN_CHARS_MAX: usize = 64;

/// Whose pages these are: the first hall's station.
pub(super) fn site(state: &AppState) -> Site {
    let station = state.halls().into_values().next();
    let station_name = station.unwrap_or_else(|| "公共就业服务".to_owned());
    Site {
        station_name,
        is_demo: state.is_demo(),
    }
}

/// `GET /`
pub(super) async fn index(State(state): State<AppState>) -> Markup {
    index_page(&site(&state), None)
}

/// Query of the search by number.
#[derive(Debug, Deserialize)]
pub(super) struct NumberQuery {
    #[serde(default)]
    number: String,
}

/// `GET /v`
pub(super) async fn find_listing(
    State(state): State<AppState>,
    Query(query): Query<NumberQuery>,
) -> Response {
    match ShortId::try_from(query.number.trim().to_owned()) {
        Ok(short_id) => Redirect::to(&format!("/v/{short_id}")).into_response(),
        Err(_) => {
            let page = index_page(&site(&state), Some(&query.number));
            (StatusCode::NOT_FOUND, page).into_response()
        }
    }
}

/// `GET /v/{short_id}`
pub(super) async fn listing(
    State(state): State<AppState>,
    Path(short_id): Path<String>,
) -> Result<Response, PageError> {
    let site = site(&state);
    let Ok(short_id) = ShortId::try_from(short_id) else {
        return Ok((StatusCode::NOT_FOUND, vacancy::unknown_page(&site)).into_response());
    };
    Ok(match state.listing_by_short_id(&short_id).await? {
        ListingPage::Open(listing) => {
            let today = state.now().hall_date();
            vacancy::vacancy_page(&site, &listing, today, state.public_url()).into_response()
        }
        ListingPage::Closed => (StatusCode::GONE, vacancy::closed_page(&site)).into_response(),
        ListingPage::Unknown => {
            (StatusCode::NOT_FOUND, vacancy::unknown_page(&site)).into_response()
        }
    })
}

/// `GET /t/{token}`
pub(super) async fn ticket(
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    phone_page(&state, token, None).await
}

async fn phone_page(
    state: &AppState,
    token: String,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let is_plausible = token.len() <= TOKEN_CHARS_MAX
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let (address, form_token) = (format!("/t/{token}"), FormToken::of(&token));
    let (site, secret) = (site(state), TicketSecret(token));
    let status = if notice.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let appointment = is_plausible.then(|| state.appointment_by_token(&secret));
    if let Some(appointment) = appointment.flatten() {
        let view = PhoneAppointmentView {
            site,
            address,
            form_token,
            appointment,
        };
        return Ok((status, appointment_page(&view, notice.as_ref())).into_response());
    }
    let ticket = match is_plausible {
        true => state.ticket_by_token(&secret).await?,
        false => None,
    };
    let Some(ticket) = ticket else {
        let unknown = Problem::from(unknown_ticket());
        state.record_refusal(PHONES, (&unknown).into()).await;
        return Ok((StatusCode::NOT_FOUND, unknown_ticket_page(&site)).into_response());
    };
    let view = PhoneTicketView {
        site,
        address,
        form_token,
        ticket,
        comeback_minutes: state.inner.in_force.now().hall.queue.comeback_minutes,
        reasons: poor_reasons::all(),
    };
    Ok((status, ticket_page(&view, notice.as_ref())).into_response())
}

/// The score as the form sends it; a list of pairs, because reasons repeat their name.
#[derive(Debug, PartialEq, Eq)]
struct SentScore {
    level: Option<Level>,
    reasons: Vec<String>,
    form_token: String,
}

impl SentScore {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self {
            level: None,
            reasons: Vec::new(),
            form_token: String::new(),
        };
        for (name, value) in fields {
            match name.as_str() {
                "level" => {
                    let number = value.parse::<u8>().ok();
                    sent.level = number.and_then(|number| Level::try_from(number).ok());
                }
                "reason" => sent.reasons.push(value),
                "form_token" => sent.form_token = value,
                _ => {}
            }
        }
        sent
    }
}

/// `POST /t/{token}`: thanks come from the page that reads the score back.
pub(super) async fn score(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let sent = SentScore::of(fields);
    if !FormToken::of(&token).is(&sent.form_token) {
        return Err(PageError::StaleForm);
    }
    let Some(level) = sent.level else {
        let choose = Said::Refused("请先选一个，再点提交。".to_owned());
        return phone_page(&state, token, Some(choose)).await;
    };
    let reasons = poor_reasons::kept(level, &sent.reasons);
    let secret = TicketSecret(token.clone());
    let scored = state.submit_phone_score(&secret, level, reasons).await;
    match said_or_fault(state.noted(PHONES, scored).await)? {
        None => Ok(Redirect::to(&format!("/t/{token}")).into_response()),
        notice => phone_page(&state, token, notice).await,
    }
}

/// What the button that cancels sends.
#[derive(Debug, Deserialize)]
pub(super) struct CancelForm {
    form_token: String,
}

/// `POST /t/{token}/cancel`
pub(super) async fn cancel(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Form(form): Form<CancelForm>,
) -> Result<Response, PageError> {
    if !FormToken::of(&token).is(&form.form_token) {
        return Err(PageError::StaleForm);
    }
    let secret = TicketSecret(token.clone());
    match said_or_fault(state.cancel_ticket(&secret).await)? {
        None => Ok(Redirect::to(&format!("/t/{token}")).into_response()),
        notice => phone_page(&state, token, notice).await,
    }
}

/// Query of the display.
#[derive(Debug, Deserialize)]
pub(super) struct DisplayQuery {
    hall: Option<HallId>,
}

/// `GET /display`
pub(super) async fn display(
    State(state): State<AppState>,
    Query(query): Query<DisplayQuery>,
) -> Result<Markup, PageError> {
    let hall = query.hall.or_else(|| state.halls().into_keys().next());
    let snapshot = hall.and_then(|hall| state.hall_snapshot(hall));
    let snapshot = snapshot.ok_or_else(|| not_found("还没有这个大厅。"))?;
    Ok(display_page(&DisplayView::of(
        &snapshot,
        state.is_demo(),
        state.now(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_read_with_all_its_reasons_and_an_unknown_level_is_none() {
        let pairs = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect()
        };
        let sent = SentScore::of(pairs(&[
            ("level", "2"),
            ("reason", "R05"),
            ("reason", "R07"),
        ]));
        assert_eq!((sent.level, sent.reasons.len()), (Some(Level::Bad), 2));
        assert_eq!(SentScore::of(pairs(&[("level", "6")])).level, None);
        assert_eq!(SentScore::of(pairs(&[("level", "")])).level, None);
    }
}
