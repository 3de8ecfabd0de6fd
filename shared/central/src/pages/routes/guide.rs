//! The guide's requests.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{DeviceId, GroupCode, TicketId, WindowNo};
use domain::personal::Pii;
use domain::queue::{PriorityKind, Ticket, TicketLabel, TicketState, WindowStatus};
use domain::time::UtcMs;
use maud::Markup;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::{AppState, not_found};
use crate::edge;
use crate::guide_desk::{GivenNumber, NumberForSomebody};
use crate::overview::HallSnapshot;
use crate::pages::console::{minutes_since, window_cells};
use crate::pages::frame::Said;
use crate::pages::guide::{
    FoundSlip, GUIDE_PATH, GuideGroup, GuideView, HelpRow, SlipView, guide_page, slip_page,
};
use crate::staff::{GuideCitizens, Staff};

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GuideQuery {
    number: Option<String>,
}

/// `GET /staff/guide`
pub(super) async fn show(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Query(query): Query<GuideQuery>,
) -> Result<Markup, PageError> {
    page(&guide, &state, query.number.unwrap_or_default(), None).await
}

async fn page(
    guide: &Staff<GuideCitizens>,
    state: &AppState,
    asked: String,
    notice: Option<&Said>,
) -> Result<Markup, PageError> {
    let now = state.now();
    let hall = hall(guide, state)?;
    let parameters = state.inner.in_force.now();
    let (rules, hours) = (&parameters.hall.queue, &parameters.hall.hours);
    let groups = hall.groups.iter().map(|(code, line)| GuideGroup {
        code: *code,
        name: line.name.clone(),
        waiting: format!("{} 人在等，{}", line.waiting, line.wait.text()),
    });
    let label: Option<TicketLabel> = asked.trim().to_uppercase().parse().ok();
    let found = label.and_then(|label| hall.queue.ticket_by_label(&label).cloned());
    let view = GuideView {
        next_ticket: TicketId(edge::new_uuid(now)),
        groups: groups.collect(),
        closed_text: hours
            .on(now.hall_date())
            .closed_text(now, rules.stop_before_minutes),
        found: found.map(|ticket| found_slip(&hall, &ticket, now)),
        asked,
        help: help(guide, state, now).await?,
        windows: window_cells(&hall.queue, now),
        statuses: statuses(&hall),
    };
    Ok(guide_page(&desk(guide, state), &view, notice))
}

fn statuses(hall: &HallSnapshot) -> Vec<(WindowNo, WindowStatus)> {
    let windows = hall.queue.windows.iter();
    windows.map(|(no, window)| (*no, window.status)).collect()
}

fn hall(guide: &Staff<GuideCitizens>, state: &AppState) -> Result<HallSnapshot, PageError> {
    let hall = state.hall_snapshot(guide.hall);
    hall.ok_or_else(|| not_found("这个大厅还没有设好，请找管理员。").into())
}

/// Calls of the own hall; the other kiosks are too far to walk to.
async fn help(
    guide: &Staff<GuideCitizens>,
    state: &AppState,
    now: UtcMs,
) -> Result<Vec<HelpRow>, PageError> {
    let mut calls = state.help_calls().await?;
    calls.retain(|call| call.hall == guide.hall);
    let row = |call: crate::overview::HelpCallLine| HelpRow {
        device: call.device,
        name: call.device_name,
        minutes: minutes_since(call.at, now),
    };
    Ok(calls.into_iter().map(row).collect())
}

fn found_slip(hall: &HallSnapshot, ticket: &Ticket, now: UtcMs) -> FoundSlip {
    let group = hall.groups.get(&ticket.group);
    let state = ticket.state;
    FoundSlip {
        ticket: ticket.issued.ticket,
        label: ticket.issued.label.to_string(),
        group_name: group.map(|group| group.name.clone()).unwrap_or_default(),
        state: state_text(hall, ticket, now),
        priority: ticket.priority,
        is_waiting: state.is_waiting(),
        may_return: matches!(
            state,
            TicketState::Missed { .. } | TicketState::Pending { .. } | TicketState::Parked { .. }
        ),
        may_leave: !state.is_over() && !matches!(state, TicketState::Serving { .. }),
    }
}

fn state_text(hall: &HallSnapshot, ticket: &Ticket, now: UtcMs) -> String {
    let minutes = |since: UtcMs| minutes_since(since, now);
    match ticket.state {
        TicketState::Waiting(_) => {
            let ahead = domain::queue::people_ahead(&hall.queue, ticket.issued.ticket);
            let waited = minutes(ticket.issued.arrived_at);
            format!("在等，前面还有 {ahead} 人，已经等了 {waited} 分。")
        }
        TicketState::Called { window, times, .. } => {
            format!("{window} 号窗口在叫，第 {times} 遍。请他马上过去。")
        }
        TicketState::Serving { window, since } => {
            format!("{window} 号窗口在办，办了 {} 分。", minutes(since))
        }
        TicketState::Pending { window, since } => format!(
            "去补材料 {} 分了。材料齐了直接到 {window} 号窗口。",
            minutes(since)
        ),
        TicketState::Parked { window, since } => {
            format!("{window} 号窗口先放着，{} 分了。", minutes(since))
        }
        TicketState::Missed { at } => format!("叫了没来，过号 {} 分。", minutes(at)),
        TicketState::Done { window, at } => {
            format!("{} 在 {window} 号窗口办完了。", at.clock_text())
        }
        TicketState::Left { at } => format!("{} 取消了。", at.clock_text()),
        TicketState::Lapsed => "当天没办完，过期了。".to_owned(),
    }
}

/// What the form of a number sends; the boxes of further groups are called `then-B`.
struct TakeForm {
    group: GroupCode,
    wanted: NumberForSomebody,
}

impl TakeForm {
    fn read(fields: &BTreeMap<String, String>) -> Option<Self> {
        let ticket: TicketId = fields.get("ticket")?.parse().ok()?;
        let group: GroupCode = fields.get("group")?.parse().ok()?;
        let then = fields.keys().filter_map(|name| name.strip_prefix("then-"));
        let next_groups: Option<Vec<GroupCode>> = then.map(|letter| letter.parse().ok()).collect();
        let text = |name: &str| fields.get(name).map_or("", |text| text.trim());
        let id_number = Some(text("id_number")).filter(|typed| !typed.is_empty());
        let wanted = NumberForSomebody {
            ticket,
            group,
            priority: claimed(text("priority")),
            next_groups: next_groups?
                .into_iter()
                .filter(|next| *next != group)
                .collect(),
            id_number: id_number.map(|typed| Pii::new(typed.to_owned())),
        };
        Some(Self { group, wanted })
    }
}

/// `POST /staff/guide/take`
pub(super) async fn take(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(fields): Checked<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let Some(form) = TakeForm::read(&fields) else {
        let text = "没看出要办哪一组，请回到导办台再点。";
        return Err(PageError::Problem(Problem::new(
            ProblemCode::BadRequest,
            text,
        )));
    };
    let mut given = None;
    let taken = state.take_for(&guide, form.wanted).await;
    let notice = said_or_fault(taken.map(|number| given = Some(number)))?;
    let Some(number) = given else {
        return refused(&guide, &state, String::new(), notice.as_ref()).await;
    };
    let hall = hall(&guide, &state)?;
    let slip = slip_view(&hall, form.group, number, &state.inner.config.public_url);
    Ok(slip_page(&desk(&guide, &state), &slip).into_response())
}

fn claimed(sent: &str) -> Option<PriorityKind> {
    let index: usize = sent.parse().ok()?;
    PriorityKind::CLAIMED.get(index).copied()
}

fn slip_view(
    hall: &HallSnapshot,
    group: GroupCode,
    number: GivenNumber,
    public_url: &str,
) -> SlipView {
    let group = hall.groups.get(&group);
    SlipView {
        label: number.label.to_string(),
        group_name: group.map(|group| group.name.clone()).unwrap_or_default(),
        code: number.code.0,
        address: format!("{public_url}/t/{}", number.token.0),
        ahead: format!("前面 {} 人", number.people_ahead),
        wait: number.wait.text(),
        taken_at: number.taken_at.clock_text(),
    }
}

async fn refused(
    guide: &Staff<GuideCitizens>,
    state: &AppState,
    asked: String,
    notice: Option<&Said>,
) -> Result<Response, PageError> {
    let page = page(guide, state, asked, notice).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// What the buttons of a found slip send.
#[derive(Debug, Deserialize)]
pub(super) struct SlipForm {
    ticket: TicketId,
    #[serde(default)]
    priority: String,
}

/// What is done with a found slip, as its address names it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SlipAct {
    /// 恢复这个号
    Return,
    /// 取消这个号
    GiveUp,
    /// 改优先
    Priority,
}

/// `POST /staff/guide/slip/{act}`: shows the slip as it is afterwards.
pub(super) async fn slip(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Path(act): Path<SlipAct>,
    Checked(form): Checked<SlipForm>,
) -> Result<Response, PageError> {
    let outcome = match act {
        SlipAct::Return => state.take_back(&guide, form.ticket).await,
        SlipAct::GiveUp => state.give_up_for(&guide, form.ticket).await,
        SlipAct::Priority => {
            let priority = claimed(&form.priority);
            state.set_priority(&guide, form.ticket, priority).await
        }
    };
    let notice = said_or_fault(outcome)?;
    let hall = hall(&guide, &state)?;
    let known = hall.queue.tickets.get(&form.ticket);
    let asked = known.map_or_else(String::new, |ticket| ticket.issued.label.to_string());
    match notice {
        None => Ok(Redirect::to(&format!("{GUIDE_PATH}?number={asked}")).into_response()),
        Some(notice) => refused(&guide, &state, asked, Some(&notice)).await,
    }
}

/// What the button of a call for help sends.
#[derive(Debug, Deserialize)]
pub(super) struct AnswerForm {
    device: DeviceId,
}

/// `POST /staff/guide/answer`
pub(super) async fn answer(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(form): Checked<AnswerForm>,
) -> Result<Response, PageError> {
    state.answer_help(&guide, form.device).await?;
    Ok(Redirect::to(GUIDE_PATH).into_response())
}

/// What the buttons beside the windows send.
#[derive(Debug, Deserialize)]
pub(super) struct WindowForm {
    window: WindowNo,
    act: WindowWord,
}

/// What is done with a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WindowWord {
    /// 暂停
    Pause,
    /// 打开
    Open,
}

/// `POST /staff/guide/window`
pub(super) async fn window(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(form): Checked<WindowForm>,
) -> Result<Response, PageError> {
    let pause = form.act == WindowWord::Pause;
    let outcome = state.pause_for(&guide, form.window, pause).await;
    match said_or_fault(outcome)? {
        None => Ok(Redirect::to(GUIDE_PATH).into_response()),
        Some(notice) => refused(&guide, &state, String::new(), Some(&notice)).await,
    }
}
