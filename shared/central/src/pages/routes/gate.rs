//! The gate of the staff pages: who is signed in, with which right, from where; and forms that are
//! taken only from the session for which they were made.

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use axum::http::request::Parts;
use axum::http::{Method, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wire::problem::{Problem, ProblemCode};

use super::door::{SESSION_COOKIE, cookie};
use super::page_error::PageError;
use super::public::site;
use super::table::ChecksToken;
use crate::app_state::AppState;
use crate::http::Peer;
use crate::pages::frame::{Desk, MenuEntry, Site};
use crate::pages::guard::FormToken;
use crate::staff::{Right, Staff};

const FORM: &str = "application/x-www-form-urlencoded";

/// The address from which a request came; empty where there is no connection.
pub(super) fn address(parts: &Parts) -> String {
    let peer = parts.extensions.get::<Peer>();
    peer.map_or_else(String::new, Peer::to_string)
}

impl<R: Right> FromRequestParts<AppState> for Staff<R> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let sign_in_first = || PageError::SignIn(way_back(parts));
        let secret = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(sign_in_first)?;
        let session = match state.session(secret).await {
            Ok(session) => session.from_address(address(parts)),
            Err(problem) if problem.code == ProblemCode::SignInNeeded => {
                return Err(sign_in_first());
            }
            Err(problem) => return Err(problem.into()),
        };
        parts
            .extensions
            .insert(FormToken::of_session(&session.csrf));
        Self::of(session).map_err(PageError::Denied)
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

/// Writes out every byte of an address that has a meaning in a query.
fn encoded(address: &str) -> String {
    address
        .replace('%', "%25")
        .replace('&', "%26")
        .replace('+', "%2B")
        .replace('#', "%23")
}

/// What the frame of a page needs.
pub(super) fn desk<R: Right>(staff: &Staff<R>, state: &AppState) -> Desk {
    let site = match state.halls().remove(&staff.hall) {
        Some(station_name) => Site {
            station_name,
            is_demo: state.is_demo(),
        },
        None => site(state),
    };
    Desk {
        site,
        staff_name: staff.name.clone(),
        form_token: FormToken::of_session(&staff.csrf),
        menu: MenuEntry::of(staff),
    }
}

/// A form that was made for this session.
#[derive(Debug)]
pub(super) struct Checked<T>(pub(super) T);

impl<T> ChecksToken for Checked<T> {}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    form_token: String,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Checked<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, PageError> {
        let token = request.extensions().get::<FormToken>().cloned();
        let RawForm(body) = RawForm::from_request(request, state)
            .await
            .map_err(unreadable)?;
        let sent: Token = parsed(body.clone(), state).await?;
        // without a session there is no token, and nothing is taken
        if !token.is_some_and(|token| token.is(&sent.form_token)) {
            return Err(PageError::StaleForm);
        }
        parsed(body, state).await.map(Self)
    }
}

async fn parsed<T: DeserializeOwned>(
    body: axum::body::Bytes,
    state: &AppState,
) -> Result<T, PageError> {
    let request = Request::post("/").header(header::CONTENT_TYPE, FORM);
    let request = request.body(Body::from(body)).map_err(unreadable)?;
    let form = Form::<T>::from_request(request, state).await;
    form.map(|Form(form)| form).map_err(unreadable)
}

fn unreadable<E>(_: E) -> PageError {
    let sentence = "这一页填的东西没有读懂。请回到上一页，看清再填一次。";
    PageError::Problem(Problem::new(ProblemCode::BadRequest, sentence))
}

/// What a form without fields of its own sends.
#[derive(Debug, Deserialize)]
pub(super) struct NoFields {}

/// A form with fields that vary.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field without blanks around; empty when it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        let sent = self.0.iter().find(|(sent, _)| sent == name);
        sent.map_or("", |(_, value)| value.trim())
    }

    /// Every field in the order sent.
    pub(super) fn all(&self) -> &[(String, String)] {
        &self.0
    }
}
