//! The requests of one's own account. They are open also with a password that must be changed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::FieldFault;
use serde::Deserialize;

use super::gate::{Checked, NoFields, desk};
use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::AppState;
use crate::pages::form::fault;
use crate::pages::frame::Said;
use crate::pages::own_account::{OwnPage, own_page};
use crate::staff::{OwnAccount, Staff};

/// What the form of the password sends.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

/// `GET /staff/me`
pub(super) async fn show(
    own: Staff<OwnAccount>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    page(&own, &state, Vec::new(), None).await
}

async fn page(
    own: &Staff<OwnAccount>,
    state: &AppState,
    faults: Vec<FieldFault>,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let is_done = matches!(notice, Some(Said::Done(_)));
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    let page = OwnPage {
        staff: own.staff,
        grants: own.grants.clone(),
        view: state.own_account(own).await?,
        token_hash: own.token_hash,
        must_change: own.must_change && !is_done,
        rules: state.password_rules().words(),
        faults,
        notice,
    };
    Ok((status, own_page(&desk(own, state), &page)).into_response())
}

/// `POST /staff/me/password`
pub(super) async fn change_password(
    own: Staff<OwnAccount>,
    State(state): State<AppState>,
    Checked(form): Checked<PasswordForm>,
) -> Result<Response, PageError> {
    if form.new != form.again {
        let faults = vec![fault("again", "两遍不一样，请再输一次。")];
        return page(&own, &state, faults, None).await;
    }
    let changed = state.change_password(&own, &form.old, &form.new).await;
    match said_or_fault(changed)? {
        None => {
            let done = Said::Done("密码改好了。下次用新密码登录。".to_owned());
            page(&own, &state, Vec::new(), Some(done)).await
        }
        Some(Said::Refused(why) | Said::Done(why)) => {
            let field = if why.contains("旧密码") {
                "old"
            } else {
                "new"
            };
            page(&own, &state, vec![fault(field, why)], None).await
        }
    }
}

/// `POST /staff/me/sessions/{id}/end`
pub(super) async fn end_session(
    own: Staff<OwnAccount>,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    state.end_own_session(&own, id).await?;
    Ok(Redirect::to("/staff/me").into_response())
}
