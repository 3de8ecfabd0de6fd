//! The window console's requests. Every act names the ticket that the clerk saw: if something
//! else is at the window by now, nothing is done and the page says so.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{TicketId, WindowNo};
use domain::refusal::RefusalCode;
use serde::Deserialize;
use wire::problem::Problem;

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::{AppState, not_found};
use crate::overview::HallSnapshot;
use crate::pages::console::{ConsoleView, choose_window_page, console_page, window_cells};
use crate::pages::frame::Said;
use crate::staff::{CallTickets, Staff};

/// Query of the console.
#[derive(Debug, Deserialize)]
pub(super) struct ConsoleQuery {
    window: Option<WindowNo>,
    choose: Option<String>,
}

/// What a console's button sends.
#[derive(Debug, Deserialize)]
pub(super) struct ActForm {
    window: WindowNo,
    ticket: Option<TicketId>,
}

/// The acts, as their addresses name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConsoleAct {
    /// 叫下一个
    CallNext,
    /// 再叫一遍
    CallAgain,
    /// 开始办
    Start,
    /// 办结
    Finish,
    /// 办结，叫下一个
    FinishAndCallNext,
    /// 人没来
    Missed,
    /// 打开本窗口
    Open,
    /// 暂停本窗口
    Close,
}

/// `GET /staff/console`
pub(super) async fn show(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
    Query(query): Query<ConsoleQuery>,
) -> Result<Response, PageError> {
    let seat = clerk.window.filter(|_| query.choose.is_none());
    match (query.window, seat) {
        (Some(window), _) => page(&clerk, &state, window, None),
        (None, Some(seat)) => Ok(to_console(seat)),
        (None, None) => {
            let hall = hall(&clerk, &state)?;
            let windows = window_cells(&hall.queue, state.now());
            Ok(choose_window_page(&desk(&clerk, &state), &windows, None).into_response())
        }
    }
}

/// `POST /staff/console/{act}`
pub(super) async fn act(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
    Path(act): Path<ConsoleAct>,
    Checked(form): Checked<ActForm>,
) -> Result<Response, PageError> {
    if clerk.window != Some(form.window) {
        state.sit_at(&clerk, Some(form.window)).await?;
    }
    let outcome = match as_seen(&clerk, &state, &form)? {
        true => said_or_fault(carry_out(&clerk, &state, act, form.window).await)?,
        false => Some(Said::Refused(
            "这一步刚才已经办过了，请看清现在的号再点。".to_owned(),
        )),
    };
    match outcome {
        None => Ok(to_console(form.window)),
        Some(notice) => page(&clerk, &state, form.window, Some(&notice)),
    }
}

async fn carry_out(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    act: ConsoleAct,
    window: WindowNo,
) -> Result<(), Problem> {
    match act {
        ConsoleAct::CallNext => state.call_next(window, clerk).await,
        ConsoleAct::CallAgain => state.call_again(window, clerk).await,
        ConsoleAct::Start => state.start(window, clerk).await,
        ConsoleAct::Finish => state.finish(window, clerk).await,
        ConsoleAct::FinishAndCallNext => {
            state.finish(window, clerk).await?;
            call_next_if_anybody_waits(state, window, clerk).await
        }
        ConsoleAct::Missed => state.mark_missed(window, clerk).await,
        ConsoleAct::Open => state.open_window(window, clerk).await,
        ConsoleAct::Close => state.close_window(window, clerk).await,
    }
}

/// The last one may have been called elsewhere in between; then the window is simply free.
async fn call_next_if_anybody_waits(
    state: &AppState,
    window: WindowNo,
    clerk: &Staff<CallTickets>,
) -> Result<(), Problem> {
    match state.call_next(window, clerk).await {
        Err(problem) if nobody_waits(&problem) => Ok(()),
        other => other,
    }
}

fn nobody_waits(problem: &Problem) -> bool {
    problem
        .refusal
        .as_ref()
        .is_some_and(|refusal| refusal.code == RefusalCode::NobodyWaits)
}

/// Whether the ticket at the window is still the one on the clerk's page.
fn as_seen(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    form: &ActForm,
) -> Result<bool, PageError> {
    let hall = hall(clerk, state)?;
    Ok(hall
        .queue
        .windows
        .get(&form.window)
        .is_some_and(|window| window.current == form.ticket))
}

fn hall(clerk: &Staff<CallTickets>, state: &AppState) -> Result<HallSnapshot, PageError> {
    let hall = state.hall_snapshot(clerk.hall);
    hall.ok_or_else(|| not_found("这个大厅还没有设好，请找管理员。").into())
}

fn to_console(window: WindowNo) -> Response {
    Redirect::to(&format!("/staff/console?window={window}")).into_response()
}

fn page(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    window: WindowNo,
    notice: Option<&Said>,
) -> Result<Response, PageError> {
    let (hall, now) = (hall(clerk, state)?, state.now());
    let desk = desk(clerk, state);
    let parameters = state.inner.in_force.now();
    let view = ConsoleView::of(&hall.queue, window, &parameters.hall.queue, now);
    let Some(view) = view else {
        let unknown = Said::Refused(format!("这个大厅没有 {window} 号窗口，请选一个。"));
        let windows = window_cells(&hall.queue, now);
        let page = choose_window_page(&desk, &windows, Some(&unknown));
        return Ok((StatusCode::NOT_FOUND, page).into_response());
    };
    let status = if notice.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    Ok((status, console_page(&desk, &view, notice)).into_response())
}
