//! The door: signing in and out, and the extractor by which a page proves that somebody is
//! signed in. The session's secret is in a cookie that scripts cannot read; the sign-in form,
//! made before there is a session, is bound to its browser by a cookie of its own.

use axum::Form;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use wire::problem::ProblemCode;

use super::page_error::PageError;
use super::public::site;
use crate::app_state::AppState;
use crate::edge::new_secret;
use crate::pages::frame::{Desk, Site};
use crate::pages::guard::FormToken;
use crate::pages::sign_in::{SignInView, sign_in_page};
use crate::staff::StaffSession;

const SESSION_COOKIE: &str = "staff_session";
/// Binds the sign-in form to the browser that asked for it, before there is a session.
const DOOR_COOKIE: &str = "staff_door";
const NAME_CHARS_MAX: usize = 64;
const PASSWORD_CHARS_MAX: usize = 256;

/// Somebody who is signed in. A handler with this argument cannot be reached without.
#[derive(Debug)]
pub(super) struct Clerk(pub(super) StaffSession);

impl FromRequestParts<AppState> for Clerk {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let sign_in_first = || PageError::SignIn(way_back(parts));
        let secret = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(sign_in_first)?;
        match state.session(secret).await {
            Ok(session) => Ok(Self(session)),
            Err(problem) if problem.code == ProblemCode::SignInNeeded => Err(sign_in_first()),
            Err(problem) => Err(problem.into()),
        }
    }
}

/// What was asked for, if asking again after signing in does no harm.
fn way_back(parts: &Parts) -> Option<String> {
    let address = parts
        .uri
        .path_and_query()
        .filter(|_| parts.method == Method::GET)?;
    Some(encoded(address.as_str()))
}

impl Clerk {
    /// What the frame of a page needs.
    pub(super) fn desk(&self, state: &AppState) -> Desk {
        let site = match state.halls().remove(&self.0.hall) {
            Some(station_name) => Site {
                station_name,
                is_demo: state.is_demo(),
            },
            None => site(state),
        };
        Desk {
            site,
            staff_name: self.0.name.clone(),
            form_token: self.form_token(),
        }
    }

    fn form_token(&self) -> FormToken {
        FormToken::of_session(&self.0.csrf)
    }

    /// Refuses a form that was not made for this session.
    pub(super) fn check(&self, sent: &str) -> Result<(), PageError> {
        if self.form_token().is(sent) {
            Ok(())
        } else {
            Err(PageError::StaleForm)
        }
    }
}

/// Whether these headers bring a session that holds.
pub(super) async fn is_signed_in(state: &AppState, headers: &HeaderMap) -> bool {
    match cookie(headers, SESSION_COOKIE) {
        Some(secret) => state.session(secret).await.is_ok(),
        None => false,
    }
}

fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
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

/// A header that sets a cookie of the staff pages. `Secure` when staff come by HTTPS.
fn set_cookie(
    state: &AppState,
    name: &str,
    value: &str,
    lasts: Lasts,
) -> AppendHeaders<[(HeaderName, String); 1]> {
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

/// Writes out every byte of an address that has a meaning in a query.
fn encoded(address: &str) -> String {
    address
        .replace('%', "%25")
        .replace('&', "%26")
        .replace('+', "%2B")
        .replace('#', "%23")
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
    door_page(&state, StatusCode::OK, query.next, String::new(), None)
}

fn door_page(
    state: &AppState,
    status: StatusCode,
    next: String,
    login: String,
    error: Option<String>,
) -> Response {
    let secret = new_secret();
    let form_token = FormToken::of(&secret);
    let view = SignInView {
        site: site(state),
        form_token,
        next,
        login,
        error,
    };
    let cookie = set_cookie(state, DOOR_COOKIE, &secret, Lasts::BrowserSession);
    (status, cookie, sign_in_page(&view)).into_response()
}

/// `POST /staff/sign-in`
pub(super) async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response, PageError> {
    let is_ours =
        cookie(&headers, DOOR_COOKIE).is_some_and(|door| FormToken::of(door).is(&form.form_token));
    let (login, password) = (form.login.trim().to_owned(), form.password);
    let too_long =
        login.chars().count() > NAME_CHARS_MAX || password.chars().count() > PASSWORD_CHARS_MAX;
    let refused = |status, login, why: &str| {
        Ok(door_page(
            &state,
            status,
            form.next.clone(),
            login,
            Some(why.to_owned()),
        ))
    };
    if !is_ours {
        return refused(
            StatusCode::FORBIDDEN,
            login,
            "这一页放得太久了，请再登录一次。",
        );
    }
    if too_long {
        return refused(
            StatusCode::UNAUTHORIZED,
            String::new(),
            "登录名或密码不对，请再试一次。",
        );
    }
    match state.sign_in(&login, &password).await {
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

/// What a form without fields of its own sends.
#[derive(Debug, Deserialize)]
pub(super) struct TokenForm {
    /// See [`Clerk::check`].
    pub(super) form_token: String,
}

/// `POST /staff/sign-out`
pub(super) async fn sign_out(
    clerk: Clerk,
    State(state): State<AppState>,
    Form(form): Form<TokenForm>,
) -> Result<Response, PageError> {
    clerk.check(&form.form_token)?;
    state.sign_out(&clerk.0).await?;
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
