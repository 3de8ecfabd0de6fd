//! The window console's requests. Every act names the ticket that the clerk saw: if something
//! else is at the window by now, nothing is done and the page says so. Nobody acts for a window at
//! which he does not sit.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{GroupCode, TicketId, WindowNo};
use domain::queue::{LeavingWindow, WindowAct};
use domain::refusal::RefusalCode;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::{said_or_fault, visit_records};
use crate::app_state::{AppState, not_found};
use crate::overview::HallSnapshot;
use crate::pages::console::{
    ConsoleView, choose_window_page, confirm_pause_page, console_page, window_cells,
};
use crate::pages::frame::Said;
use crate::staff::{CallTickets, Staff};
use crate::window_desk::Seen;

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
    /// Who was at the window on the page.
    ticket: Option<TicketId>,
    /// On whom else the act is done.
    whom: Option<TicketId>,
    /// To which group somebody is sent on.
    group: Option<GroupCode>,
}

/// The acts, as their addresses name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConsoleAct {
    /// 坐到这个窗口
    Sit,
    /// 叫下一个
    CallNext,
    /// 叫他
    Call,
    /// 再叫一遍
    CallAgain,
    /// 开始办
    Start,
    /// 去补材料
    Pend,
    /// 先放一放
    Park,
    /// 接着办
    Resume,
    /// 放回等候，人回来了
    Return,
    /// 转到别的组
    Transfer,
    /// 办结
    Finish,
    /// 办结，叫下一个
    FinishAndCallNext,
    /// 人没来
    Missed,
    /// 打开本窗口
    Open,
    /// 暂停本窗口
    Pause,
    /// 暂停，值班长知道了
    PauseConfirmed,
}

/// `GET /staff/console`
pub(super) async fn show(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
    Query(query): Query<ConsoleQuery>,
) -> Result<Response, PageError> {
    let seat = clerk.window.filter(|_| query.choose.is_none());
    match (query.window, seat) {
        (Some(window), _) => page(&clerk, &state, window, None).await,
        (None, Some(seat)) => Ok(to_console(seat)),
        (None, None) => {
            let hall = hall(&clerk, &state)?;
            let windows = window_cells(&hall.queue, state.now());
            Ok(choose_window_page(&desk(&clerk, &state), &windows, None).into_response())
        }
    }
}

/// What the field for slips sends.
#[derive(Debug, Deserialize)]
pub(super) struct SlipForm {
    window: WindowNo,
    slip: String,
}

/// `POST /staff/console/slip`
pub(super) async fn slip(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
    Checked(form): Checked<SlipForm>,
) -> Result<Response, PageError> {
    let mut label = None;
    let outcome = state
        .take_in_slip(&clerk, &form.slip)
        .await
        .map(|taken| label = Some(taken));
    let notice = said_or_fault(outcome)?;
    let done = label.map(|label| Said::Done(format!("{label} 已经登记，看右边的等候。")));
    page(&clerk, &state, form.window, done.or(notice).as_ref()).await
}

/// `POST /staff/console/{act}`
pub(super) async fn act(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
    Path(act): Path<ConsoleAct>,
    Checked(form): Checked<ActForm>,
) -> Result<Response, PageError> {
    if act == ConsoleAct::Sit {
        return match said_or_fault(state.sit_at(&clerk, Some(form.window)).await)? {
            None => Ok(to_console(form.window)),
            Some(notice) => page(&clerk, &state, form.window, Some(&notice)).await,
        };
    }
    if clerk.window.is_none() {
        state.sit_at(&clerk, Some(form.window)).await?;
    }
    let outcome = carry_out(&clerk, &state, act, &form).await;
    let asks = matches!(&outcome, Err(problem) if is_refused(problem, RefusalCode::LastWindow));
    match said_or_fault(outcome)? {
        None => Ok(to_console(form.window)),
        Some(notice) if asks && act == ConsoleAct::Pause => {
            confirm(&clerk, &state, form.window, &notice)
        }
        Some(notice) => page(&clerk, &state, form.window, Some(&notice)).await,
    }
}

async fn carry_out(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    act: ConsoleAct,
    form: &ActForm,
) -> Result<(), Problem> {
    let seen = Seen::Current(form.ticket);
    let at = |act| state.at_window(clerk, form.window, act, seen);
    let missing = || {
        Problem::new(
            ProblemCode::BadRequest,
            "这个按钮没带上号或组，请刷新这一页。",
        )
    };
    let whom = || form.whom.ok_or_else(missing);
    match act {
        ConsoleAct::Sit => Ok(()),
        ConsoleAct::CallNext => at(WindowAct::CallNext).await,
        ConsoleAct::Call => at(WindowAct::Call(whom()?)).await,
        ConsoleAct::CallAgain => at(WindowAct::CallAgain).await,
        ConsoleAct::Start => at(WindowAct::Start).await,
        ConsoleAct::Pend => at(WindowAct::Pend).await,
        ConsoleAct::Park => at(WindowAct::Park).await,
        ConsoleAct::Resume => at(WindowAct::Resume(whom()?)).await,
        ConsoleAct::Return => state.take_back(clerk, whom()?).await,
        ConsoleAct::Transfer => at(WindowAct::Transfer(form.group.ok_or_else(missing)?)).await,
        ConsoleAct::Finish => at(WindowAct::Finish).await,
        ConsoleAct::FinishAndCallNext => {
            at(WindowAct::Finish).await?;
            call_next_if_anybody_waits(clerk, state, form.window).await
        }
        ConsoleAct::Missed => at(WindowAct::MarkMissed).await,
        ConsoleAct::Open => at(WindowAct::Open).await,
        ConsoleAct::Pause => at(WindowAct::Pause(LeavingWindow::Asks)).await,
        ConsoleAct::PauseConfirmed => at(WindowAct::Pause(LeavingWindow::Confirmed)).await,
    }
}

/// The last one may have been called elsewhere in between; then the window is simply free.
async fn call_next_if_anybody_waits(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    window: WindowNo,
) -> Result<(), Problem> {
    let called = state.at_window(clerk, window, WindowAct::CallNext, Seen::Current(None));
    match called.await {
        Err(problem) if is_refused(&problem, RefusalCode::NobodyWaits) => Ok(()),
        other => other,
    }
}

pub(super) fn is_refused(problem: &Problem, code: RefusalCode) -> bool {
    let refusal = problem.refusal.as_ref();
    refusal.is_some_and(|refusal| refusal.code == code)
}

/// Asks once more before people are left without a window.
fn confirm(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    window: WindowNo,
    notice: &Said,
) -> Result<Response, PageError> {
    let hall = hall(clerk, state)?;
    let current = hall.queue.windows.get(&window).and_then(|w| w.current);
    let page = confirm_pause_page(&desk(clerk, state), window, current, notice);
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn hall(clerk: &Staff<CallTickets>, state: &AppState) -> Result<HallSnapshot, PageError> {
    let hall = state.hall_snapshot(clerk.hall);
    hall.ok_or_else(|| not_found("这个大厅还没有设好，请找管理员。").into())
}

pub(super) fn to_console(window: WindowNo) -> Response {
    Redirect::to(&format!("/staff/console?window={window}")).into_response()
}

/// The console of a window, with what the last act came to.
pub(super) async fn page(
    clerk: &Staff<CallTickets>,
    state: &AppState,
    window: WindowNo,
    notice: Option<&Said>,
) -> Result<Response, PageError> {
    let (hall, now) = (hall(clerk, state)?, state.now());
    let desk = desk(clerk, state);
    let parameters = state.inner.in_force.now();
    let rules = &parameters.hall.queue;
    let view = ConsoleView::of(&hall.queue, window, clerk.window, rules, now);
    let Some(mut view) = view else {
        let unknown = Said::Refused(format!("这个大厅没有 {window} 号窗口，请选一个。"));
        let windows = window_cells(&hall.queue, now);
        let page = choose_window_page(&desk, &windows, Some(&unknown));
        return Ok((StatusCode::NOT_FOUND, page).into_response());
    };
    if let Some(current) = view.current.as_ref().filter(|_| view.is_mine) {
        view.records = visit_records::of_visit(clerk, state, current.ticket).await?;
    }
    let status = match notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        Some(Said::Done(_)) | None => StatusCode::OK,
    };
    Ok((status, console_page(&desk, &view, notice)).into_response())
}
