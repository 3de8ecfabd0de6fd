//! The requests of the keeper of accounts.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::StaffId;
use maud::Markup;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, Fields, desk};
use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::AppState;
use crate::pages::accounts::{
    AccountForm, AccountPage, AccountsView, DeputyForm, PATH, account_page, accounts_page,
    new_account_page, one_time_page,
};
use crate::pages::form::fault;
use crate::pages::frame::Said;
use crate::staff::{KeepAccounts, Staff};

/// Query of the list.
#[derive(Debug, Deserialize)]
pub(super) struct AccountsQuery {
    #[serde(default)]
    q: String,
    page: Option<usize>,
}

/// `GET /staff/accounts`
pub(super) async fn show(
    keeper: Staff<KeepAccounts>,
    State(state): State<AppState>,
    Query(query): Query<AccountsQuery>,
) -> Result<Markup, PageError> {
    let view = AccountsView {
        typed: query.q,
        accounts: state.accounts(&keeper).await?,
        page: query.page.unwrap_or(1),
        now: state.now(),
    };
    Ok(accounts_page(&desk(&keeper, &state), &view))
}

/// `GET /staff/accounts/new`
pub(super) async fn new(keeper: Staff<KeepAccounts>, State(state): State<AppState>) -> Markup {
    let form = AccountForm {
        hall: keeper.hall.to_string(),
        ..AccountForm::default()
    };
    new_account_page(&desk(&keeper, &state), &form, &state.halls())
}

/// `POST /staff/accounts/new`
pub(super) async fn create(
    keeper: Staff<KeepAccounts>,
    State(state): State<AppState>,
    Checked(fields): Checked<Fields>,
) -> Result<Response, PageError> {
    let mut form = AccountForm::of_fields(fields.all());
    form.check_login();
    if let Some(draft) = form.check(&state.halls()) {
        let name = draft.name.clone();
        match state.create_account(&keeper, &form.login, draft).await {
            Ok((staff, password)) => {
                let to = format!("{PATH}/{staff}");
                let page = one_time_page(&desk(&keeper, &state), &name, &to, &password);
                return Ok(page.into_response());
            }
            Err(problem) if problem.code == ProblemCode::Refused => {
                form.faults.push(fault("login", problem.detail));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    let page = new_account_page(&desk(&keeper, &state), &form, &state.halls());
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// `GET /staff/accounts/{staff}`
pub(super) async fn one(
    keeper: Staff<KeepAccounts>,
    State(state): State<AppState>,
    Path(staff): Path<StaffId>,
) -> Result<Response, PageError> {
    page(&keeper, &state, staff, Typed::default()).await
}

/// What was typed on the page of an account and not taken, and why.
#[derive(Debug, Default)]
struct Typed {
    form: Option<AccountForm>,
    deputy: DeputyForm,
    notice: Option<Said>,
}

async fn page(
    keeper: &Staff<KeepAccounts>,
    state: &AppState,
    staff: StaffId,
    typed: Typed,
) -> Result<Response, PageError> {
    let view = state.account(keeper, staff).await?;
    let has_faults = typed
        .form
        .as_ref()
        .is_some_and(|form| !form.faults.is_empty())
        || !typed.deputy.faults.is_empty()
        || matches!(typed.notice, Some(Said::Refused(_)));
    let status = if has_faults {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = AccountPage {
        form: typed
            .form
            .unwrap_or_else(|| AccountForm::of_account(&view.line)),
        view,
        deputy: typed.deputy,
        halls: state.halls(),
        notice: typed.notice,
        now: state.now(),
    };
    Ok((status, account_page(&desk(keeper, state), &page)).into_response())
}

/// The acts, as their addresses name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AccountAct {
    /// 保存
    Save,
    /// 重设密码
    ResetPassword,
    /// 停用
    Disable,
    /// 恢复
    Enable,
    /// 解锁
    Unlock,
    /// 在各处退出
    EndSessions,
    /// 安排代理
    Deputy,
}

/// `POST /staff/accounts/{staff}/{act}`
pub(super) async fn act(
    keeper: Staff<KeepAccounts>,
    State(state): State<AppState>,
    Path((staff, act)): Path<(StaffId, AccountAct)>,
    Checked(fields): Checked<Fields>,
) -> Result<Response, PageError> {
    let done = match act {
        AccountAct::Save => return save(&keeper, &state, staff, &fields).await,
        AccountAct::ResetPassword => return reset(&keeper, &state, staff).await,
        AccountAct::Deputy => return deputy(&keeper, &state, staff, &fields).await,
        AccountAct::Disable => state.disable_account(&keeper, staff, true).await,
        AccountAct::Enable => state.disable_account(&keeper, staff, false).await,
        AccountAct::Unlock => state.unlock_account(&keeper, staff).await,
        AccountAct::EndSessions => state.end_sessions(&keeper, staff).await,
    };
    ended(&keeper, &state, staff, done, Typed::default()).await
}

/// Back to the account when it was done, else the page with what was typed and why not.
async fn ended(
    keeper: &Staff<KeepAccounts>,
    state: &AppState,
    staff: StaffId,
    done: Result<(), Problem>,
    typed: Typed,
) -> Result<Response, PageError> {
    match said_or_fault(done)? {
        None => Ok(Redirect::to(&format!("{PATH}/{staff}")).into_response()),
        notice => page(keeper, state, staff, Typed { notice, ..typed }).await,
    }
}

async fn save(
    keeper: &Staff<KeepAccounts>,
    state: &AppState,
    staff: StaffId,
    fields: &Fields,
) -> Result<Response, PageError> {
    let mut form = AccountForm::of_fields(fields.all());
    let draft = form.check(&state.halls());
    let typed = Typed {
        form: Some(form),
        ..Typed::default()
    };
    match draft {
        Some(draft) => {
            let done = state.change_account(keeper, staff, draft).await;
            ended(keeper, state, staff, done, typed).await
        }
        None => page(keeper, state, staff, typed).await,
    }
}

async fn reset(
    keeper: &Staff<KeepAccounts>,
    state: &AppState,
    staff: StaffId,
) -> Result<Response, PageError> {
    let view = state.account(keeper, staff).await?;
    match state.reset_password(keeper, staff).await {
        Ok(password) => {
            let (name, to) = (&view.line.account.name, format!("{PATH}/{staff}"));
            Ok(one_time_page(&desk(keeper, state), name, &to, &password).into_response())
        }
        Err(problem) => ended(keeper, state, staff, Err(problem), Typed::default()).await,
    }
}

async fn deputy(
    keeper: &Staff<KeepAccounts>,
    state: &AppState,
    staff: StaffId,
    fields: &Fields,
) -> Result<Response, PageError> {
    let mut deputy = DeputyForm {
        login: fields.text("deputy-login").to_owned(),
        from: fields.text("deputy-from").to_owned(),
        to: fields.text("deputy-to").to_owned(),
        is_ended: fields.text("do") == "end",
        faults: Vec::new(),
    };
    let roles = state.account(keeper, staff).await?.line.roles;
    let draft = deputy.check(staff, roles.into_iter().map(|grant| grant.role).collect());
    let typed = Typed {
        deputy,
        ..Typed::default()
    };
    match draft {
        Some(draft) => {
            let done = state.set_deputy(keeper, draft).await;
            ended(keeper, state, staff, done, typed).await
        }
        None => page(keeper, state, staff, typed).await,
    }
}
