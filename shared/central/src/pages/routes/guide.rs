//! The guide's requests.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{DeviceId, GroupCode, TicketId};
use domain::personal::Pii;
use domain::queue::{PriorityKind, Ticket, TicketLabel, TicketState};
use domain::time::UtcMs;
use maud::Markup;
use serde::Deserialize;
use wire::problem::Problem;

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
        help: help(state, now).await?,
        windows: window_cells(&hall.queue, now),
    };
    Ok(guide_page(&desk(guide, state), &view, notice))
}

fn hall(guide: &Staff<GuideCitizens>, state: &AppState) -> Result<HallSnapshot, PageError> {
    let hall = state.hall_snapshot(guide.hall);
    hall.ok_or_else(|| not_found("这个大厅还没有设好，请找管理员。").into())
}

async fn help(state: &AppState, now: UtcMs) -> Result<Vec<HelpRow>, PageError> {
    let calls = state.help_calls().await?;
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

/// What the form of a number sends.
#[derive(Debug, Deserialize)]
pub(super) struct TakeForm {
    ticket: TicketId,
    group: GroupCode,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    id_number: String,
}

/// `POST /staff/guide/take`
pub(super) async fn take(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(form): Checked<TakeForm>,
) -> Result<Response, PageError> {
    let typed = form.id_number.trim();
    let wanted = NumberForSomebody {
        ticket: form.ticket,
        group: form.group,
        priority: claimed(&form.priority),
        next_groups: Vec::new(),
        id_number: (!typed.is_empty()).then(|| Pii::new(typed.to_owned())),
    };
    let mut given = None;
    let outcome = state
        .take_for(&guide, wanted)
        .await
        .map(|number| given = Some(number));
    let notice = said_or_fault(outcome)?;
    match (given, notice) {
        (Some(number), _) => {
            let hall = hall(&guide, &state)?;
            let slip = slip_view(&hall, form.group, number, &state.inner.config.public_url);
            Ok(slip_page(&desk(&guide, &state), &slip).into_response())
        }
        (None, notice) => refused(&guide, &state, String::new(), notice.as_ref()).await,
    }
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

/// `POST /staff/guide/return`
pub(super) async fn take_back(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(form): Checked<SlipForm>,
) -> Result<Response, PageError> {
    let outcome = state.take_back(&guide, form.ticket).await;
    shown_again(&guide, &state, form.ticket, outcome).await
}

/// `POST /staff/guide/give-up`
pub(super) async fn give_up(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(form): Checked<SlipForm>,
) -> Result<Response, PageError> {
    let outcome = state.give_up_for(&guide, form.ticket).await;
    shown_again(&guide, &state, form.ticket, outcome).await
}

/// `POST /staff/guide/priority`
pub(super) async fn priority(
    guide: Staff<GuideCitizens>,
    State(state): State<AppState>,
    Checked(form): Checked<SlipForm>,
) -> Result<Response, PageError> {
    let priority = claimed(&form.priority);
    let outcome = state.set_priority(&guide, form.ticket, priority).await;
    shown_again(&guide, &state, form.ticket, outcome).await
}

/// The slip as it is after an act.
async fn shown_again(
    guide: &Staff<GuideCitizens>,
    state: &AppState,
    ticket: TicketId,
    outcome: Result<(), Problem>,
) -> Result<Response, PageError> {
    let hall = hall(guide, state)?;
    let known = hall.queue.tickets.get(&ticket);
    let label = known.map(|ticket| ticket.issued.label.to_string());
    let asked = label.unwrap_or_default();
    match said_or_fault(outcome)? {
        None => Ok(Redirect::to(&format!("{GUIDE_PATH}?number={asked}")).into_response()),
        Some(notice) => refused(guide, state, asked, Some(&notice)).await,
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
