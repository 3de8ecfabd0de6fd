//! The requests of the first account. When there is one, the page is no more than a way to the door.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::FieldFault;
use serde::Deserialize;

use super::door::{Visitor, new_door};
use super::page_error::PageError;
use super::public::site;
use crate::app_state::AppState;
use crate::pages::form::fault;
use crate::pages::set_up::{SetUpView, set_up_page};
use crate::staff::NewKeeper;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct SetUpForm {
    form_token: String,
    code: String,
    name: String,
    login: String,
    password: String,
    again: String,
}

/// `GET /staff/set-up`
pub(super) async fn show(State(state): State<AppState>) -> Response {
    if !state.is_set_up_open() {
        return Redirect::to("/staff/sign-in").into_response();
    }
    page(&state, StatusCode::OK, ("", ""), Vec::new())
}

fn page(
    state: &AppState,
    status: StatusCode,
    (name, login): (&str, &str),
    faults: Vec<FieldFault>,
) -> Response {
    let (cookie, form_token) = new_door(state);
    let view = SetUpView {
        site: site(state),
        form_token,
        name: name.to_owned(),
        login: login.to_owned(),
        rules: state.password_rules().words(),
        faults,
    };
    (status, cookie, set_up_page(&view)).into_response()
}

/// `POST /staff/set-up`
pub(super) async fn make(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(form): Form<SetUpForm>,
) -> Result<Response, PageError> {
    let again = |status, field: &str, why: &str| {
        let typed = (form.name.as_str(), form.login.as_str());
        Ok(page(&state, status, typed, vec![fault(field, why)]))
    };
    if !visitor.made(&form.form_token) {
        return again(
            StatusCode::FORBIDDEN,
            "code",
            "这一页放得太久了，请再填一次。",
        );
    }
    if form.password != form.again {
        return again(StatusCode::CONFLICT, "again", "两遍不一样，请再输一次。");
    }
    let new = NewKeeper {
        code: form.code.clone(),
        name: form.name.clone(),
        login: form.login.clone(),
        password: form.password.clone(),
    };
    match state.set_up(new, &visitor.address).await {
        Ok(()) => Ok(Redirect::to("/staff/sign-in").into_response()),
        Err((field, problem)) if problem.status < 500 => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
            again(status, field, &problem.detail)
        }
        Err((_, problem)) => Err(problem.into()),
    }
}
