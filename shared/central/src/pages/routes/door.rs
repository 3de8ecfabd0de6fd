//! The door: signing in and out. The session's secret is in a cookie that scripts cannot read; the sign-in form,
//! made before there is a session, is bound to its browser by a cookie of its own.

use std::convert::Infallible;

use axum::Form;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::gate::{Checked, NoFields, address};
use super::page_error::PageError;
use super::public::site;
use crate::app_state::AppState;
use crate::edge::new_secret;
use crate::pages::guard::FormToken;
use crate::pages::sign_in::{SignInView, sign_in_page};
use crate::staff::{OwnAccount, Staff};

pub(super) const SESSION_COOKIE: &str = "staff_session";
/// Binds the sign-in form to the browser that asked for it, before there is a session.
const DOOR_COOKIE: &str = "staff_door";
const NAME_CHARS_MAX: usize = 64;
const PASSWORD_CHARS_MAX: usize = 256;

/// Whether these headers bring a session that holds.
pub(super) async fn is_signed_in(state: &AppState, headers: &HeaderMap) -> bool {
    match cookie(headers, SESSION_COOKIE) {
        Some(secret) => state.session(secret).await.is_ok(),
        None => false,
    }
}

pub(super) fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(name, _)| name.trim() == wanted)
        .map(|(_, value)| value.trim())
}

/// How long a cookie lasts.
#[derive(Debug, Clone, Copy)]
enum Lasts {
    /// As long as the browser runs.
    BrowserSession,
    /// It is removed.
    Not,
}

/// A header that sets a cookie.
pub(super) type SetCookie = AppendHeaders<[(HeaderName, String); 1]>;

/// A header that sets a cookie of the staff pages. `Secure` when staff come by HTTPS.
fn set_cookie(state: &AppState, name: &str, value: &str, lasts: Lasts) -> SetCookie {
    let secure = if state.public_url().starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let age = match lasts {
        Lasts::BrowserSession => "",
        Lasts::Not => "; Max-Age=0",
    };
    let line = format!("{name}={value}; Path=/staff; HttpOnly; SameSite=Strict{secure}{age}");
    AppendHeaders([(header::SET_COOKIE, line)])
}

/// Where to go after signing in: back, but never to another host.
fn next_address(next: &str) -> &str {
    let is_ours = next == "/staff" || next.starts_with("/staff/") || next.starts_with("/staff?");
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours && is_plain { next } else { "/staff" }
}

/// Query of the sign-in page.
#[derive(Debug, Deserialize)]
pub(super) struct DoorQuery {
    #[serde(default)]
    next: String,
}

/// What the sign-in form sends.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    form_token: String,
    next: String,
    login: String,
    password: String,
}

/// `GET /staff/sign-in`
pub(super) async fn show(
    State(state): State<AppState>,
    Query(query): Query<DoorQuery>,
) -> Response {
    if state.is_set_up_open() {
        return Redirect::to("/staff/set-up").into_response();
    }
    door_page(&state, StatusCode::OK, query.next, String::new(), None)
}

fn door_page(
    state: &AppState,
    status: StatusCode,
    next: String,
    login: String,
    error: Option<String>,
) -> Response {
    let (cookie, form_token) = new_door(state);
    let view = SignInView {
        site: site(state),
        form_token,
        next,
        login,
        error,
    };
    (status, cookie, sign_in_page(&view)).into_response()
}

/// A token for a form before there is a session, and the cookie that binds it to the browser.
pub(super) fn new_door(state: &AppState) -> (SetCookie, FormToken) {
    let secret = new_secret();
    let cookie = set_cookie(state, DOOR_COOKIE, &secret, Lasts::BrowserSession);
    (cookie, FormToken::of(&secret))
}

/// `POST /staff/sign-in`
pub(super) async fn sign_in(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(form): Form<SignInForm>,
) -> Result<Response, PageError> {
    let (login, password) = (form.login.trim().to_owned(), form.password);
    let refused = |status, login, why: &str| {
        let (next, why) = (form.next.clone(), Some(why.to_owned()));
        Ok(door_page(&state, status, next, login, why))
    };
    if !visitor.made(&form.form_token) {
        let sentence = "这一页放得太久了，请再登录一次。";
        return refused(StatusCode::FORBIDDEN, login, sentence);
    }
    let is_too_long =
        login.chars().count() > NAME_CHARS_MAX || password.chars().count() > PASSWORD_CHARS_MAX;
    if is_too_long {
        let sentence = "登录名或密码不对，请再试一次。";
        return refused(StatusCode::UNAUTHORIZED, String::new(), sentence);
    }
    match state.sign_in(&login, &password, &visitor.address).await {
        Ok(new) => {
            let cookie = set_cookie(&state, SESSION_COOKIE, &new.cookie, Lasts::BrowserSession);
            Ok((cookie, Redirect::to(next_address(&form.next))).into_response())
        }
        Err(problem) if problem.status < 500 => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED);
            refused(status, login, &problem.detail)
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Where a form came from that was made before there is a session.
pub(super) struct Visitor {
    pub(super) address: String,
    door: Option<FormToken>,
}

impl Visitor {
    /// Whether the form was made for this browser.
    pub(super) fn made(&self, sent: &str) -> bool {
        self.door.as_ref().is_some_and(|token| token.is(sent))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            address: address(parts),
            door: cookie(&parts.headers, DOOR_COOKIE).map(FormToken::of),
        })
    }
}

/// `POST /staff/sign-out`
pub(super) async fn sign_out(
    staff: Staff<OwnAccount>,
    State(state): State<AppState>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    state.sign_out(&staff).await?;
    let cookie = set_cookie(&state, SESSION_COOKIE, "", Lasts::Not);
    Ok((cookie, Redirect::to("/staff/sign-in")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_host() {
        for (next, goes_to) in [
            ("/staff/console?window=3", "/staff/console?window=3"),
            ("//evil.test", "/staff"),
            ("https://evil.test/staff", "/staff"),
            ("/staff\\@evil.test", "/staff"),
            ("/staffroom.evil", "/staff"),
            ("", "/staff"),
        ] {
            assert_eq!(next_address(next), goes_to);
        }
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "a=1; staff_door=xy; staff_session=2".parse().unwrap(),
        );
        assert_eq!(cookie(&headers, DOOR_COOKIE), Some("xy"));
        headers.insert(header::COOKIE, "not_staff_door=xy".parse().unwrap());
        assert_eq!(cookie(&headers, DOOR_COOKIE), None);
    }
}
