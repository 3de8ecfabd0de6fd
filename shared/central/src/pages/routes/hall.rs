//! The manager's requests: the hall now, its windows, and what its days came to.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use domain::case::Actor;
use domain::hall_figures::HallFigures;
use domain::id::{EmergencyId, GroupCode, StaffId, StationCode, WindowNo};
use domain::queue::{LeavingWindow, WindowAct};
use domain::refusal::RefusalCode;
use maud::Markup;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::console::is_refused;
use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::records::{self, XLSX, blocking, file};
use super::said_or_fault;
use crate::app_state::{AppState, not_found};
use crate::cases::announcing::Announcement;
use crate::cases::{CENTRE, CaseFault};
use crate::emergency_desk::emergency_texts;
use crate::pages::boards::HallBoards;
use crate::pages::figures::{FiguresView, Span, figures_page};
use crate::pages::frame::Said;
use crate::pages::hall::{HALL_PATH, HallView, confirm_page, hall_page};
use crate::sheet::{self, ExportHead};
use crate::staff::{ClearBoards, Right, RunHall, SeeHall, Staff};
use crate::store::RunningClearing;

/// `GET /staff/hall`
pub(super) async fn show(
    manager: Staff<SeeHall>,
    State(state): State<AppState>,
) -> Result<Markup, PageError> {
    page(&manager, &state, None).await
}

async fn page<R: Right>(
    manager: &Staff<R>,
    state: &AppState,
    notice: Option<&Said>,
) -> Result<Markup, PageError> {
    let hall = state.hall_snapshot(manager.hall);
    let hall = hall.ok_or_else(|| not_found("这个大厅还没有设好，请找管理员。"))?;
    let may_run = manager.also::<RunHall>().is_some();
    let parameters = state.inner.in_force.now();
    let mut view = HallView::of(&hall, &parameters.hall.queue, may_run, state.now());
    let mut calls = state.help_calls().await?;
    calls.retain(|call| call.hall == manager.hall);
    view.alert_of_help(&calls, state.now());
    let hall = manager.hall;
    let (emergency, clearings, names) = records::read(state, move |reader| {
        let clearings = reader.running_clearings()?;
        Ok((
            reader.running_emergency(hall)?,
            clearings,
            reader.staff_names()?,
        ))
    })
    .await?;
    view.emergency = emergency;
    view.boards = Some(boards_of(manager, state, &clearings, &names));
    Ok(hall_page(&desk(manager, state), &view, notice))
}

/// Whether everything is withdrawn from the boards of the manager's hall.
fn boards_of<R: Right>(
    manager: &Staff<R>,
    state: &AppState,
    clearings: &[RunningClearing],
    names: &BTreeMap<StaffId, String>,
) -> HallBoards {
    let (hall, live) = (manager.hall, state.inner.store.live());
    let name = state.halls().remove(&hall).unwrap_or_default();
    let running = clearings.iter().find(|one| one.hall == hall);
    let has_node = live.nodes.contains_key(&hall);
    HallBoards {
        may_clear: manager.also::<ClearBoards>().is_some(),
        ..HallBoards::without_boards(hall, &name, running, names, has_node)
    }
}

/// What a window's button sends; the boxes of groups are called `group-A`.
#[derive(Debug)]
struct WindowForm {
    window: WindowNo,
    leaving: LeavingWindow,
    groups: BTreeSet<GroupCode>,
}

impl WindowForm {
    fn read(fields: &BTreeMap<String, String>) -> Option<Self> {
        let window = fields.get("window")?.parse().ok()?;
        let letters = fields.keys().filter_map(|name| name.strip_prefix("group-"));
        Some(Self {
            window,
            leaving: match fields.contains_key("confirmed") {
                true => LeavingWindow::Confirmed,
                false => LeavingWindow::Asks,
            },
            groups: letters
                .map(|letter| letter.parse().ok())
                .collect::<Option<_>>()?,
        })
    }

    fn act(&self, word: &str) -> Option<WindowAct> {
        Some(match word {
            "open" => WindowAct::Open,
            "pause" => WindowAct::Pause(self.leaving),
            "close" => WindowAct::Close(self.leaving),
            "groups" => WindowAct::Serve(self.groups.clone(), self.leaving),
            _ => return None,
        })
    }
}

/// `POST /staff/hall/window/{act}`
pub(super) async fn act(
    manager: Staff<RunHall>,
    State(state): State<AppState>,
    Path(word): Path<String>,
    Checked(fields): Checked<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let form = WindowForm::read(&fields);
    let asked = form.and_then(|form| Some((form.act(&word)?, form)));
    let Some((act, form)) = asked else {
        let text = "没有这个操作，请回到大厅现在再点。";
        return Err(PageError::Problem(Problem::new(
            ProblemCode::BadRequest,
            text,
        )));
    };
    let outcome = state.run_window(&manager, form.window, act).await;
    let asks = matches!(&outcome, Err(problem) if is_refused(problem, RefusalCode::LastWindow));
    let page = match said_or_fault(outcome)? {
        None => return Ok(Redirect::to(HALL_PATH).into_response()),
        Some(notice) if asks => {
            let groups: Vec<GroupCode> = form.groups.into_iter().collect();
            confirm_page(
                &desk(&manager, &state),
                &word,
                form.window,
                &groups,
                &notice,
            )
        }
        Some(notice) => page(&manager, &state, Some(&notice)).await?,
    };
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Which of the texts for emergencies.
#[derive(Debug, Deserialize)]
pub(super) struct EmergencyForm {
    text: String,
}

/// `POST /staff/hall/emergency`
pub(super) async fn emergency(
    manager: Staff<RunHall>,
    State(state): State<AppState>,
    Checked(form): Checked<EmergencyForm>,
) -> Result<Response, PageError> {
    let text = emergency_texts().iter().find(|text| text.id == form.text);
    let text = text.ok_or_else(|| not_found("没有这条应急内容，请回到大厅现在再选。"))?;
    let raised = state.raise_emergency(&manager, text).await;
    done_or_said(&manager, &state, raised).await
}

/// Which emergency is over.
#[derive(Debug, Deserialize)]
pub(super) struct EmergencyEndForm {
    emergency: EmergencyId,
}

/// `POST /staff/hall/emergency-end`
pub(super) async fn end_emergency(
    manager: Staff<RunHall>,
    State(state): State<AppState>,
    Checked(form): Checked<EmergencyEndForm>,
) -> Result<Response, PageError> {
    let ended = state.end_emergency(&manager, form.emergency).await;
    done_or_said(&manager, &state, ended).await
}

/// Back to the hall, which shows what was done, or the page with why it was not.
async fn done_or_said(
    manager: &Staff<RunHall>,
    state: &AppState,
    outcome: Result<(), Problem>,
) -> Result<Response, PageError> {
    match said_or_fault(outcome)? {
        None => Ok(Redirect::to(HALL_PATH).into_response()),
        Some(said) => {
            let page = page(manager, state, Some(&said)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// The manager's own words.
#[derive(Debug, Deserialize)]
pub(super) struct AnnounceForm {
    title: String,
    body: String,
    last_day: NaiveDate,
}

/// `POST /staff/hall/announce`
pub(super) async fn announce(
    manager: Staff<RunHall>,
    State(state): State<AppState>,
    Checked(form): Checked<AnnounceForm>,
) -> Result<Response, PageError> {
    let hall = state.hall_snapshot(manager.hall);
    let hall = hall.ok_or_else(|| not_found("这个大厅还没有设好，请找管理员。"))?;
    let done = format!("“{}”已经送审，签发后就播。", form.title.trim());
    let announcement = Announcement {
        title: form.title.trim().to_owned(),
        body: form.body.trim().to_owned(),
        last_day: form.last_day,
    };
    let (station, actor) = station_and_actor(&manager);
    let place = (station, hall.station_name);
    let cases = &state.inner.cases;
    let opened = cases.announce(announcement, place, actor, state.now());
    let (status, said) = match opened.await {
        Ok(_) => (StatusCode::OK, Said::Done(done)),
        Err(CaseFault::Refused(refusal)) => (StatusCode::CONFLICT, Said::Refused(refusal.text)),
        Err(fault) => return Err(records::fault(fault)),
    };
    Ok((status, page(&manager, &state, Some(&said)).await?).into_response())
}

/// Where a manager's announcements are dealt with, and who does it.
fn station_and_actor(manager: &Staff<RunHall>) -> (StationCode, Actor) {
    let station = manager.held_at().cloned();
    let station = station.unwrap_or_else(|| {
        StationCode::new(CENTRE).expect("the centre's code, because it is short")
    });
    let actor = manager.actor(&station);
    (station, actor)
}

/// Query of the figures.
#[derive(Debug, Deserialize)]
pub(super) struct FiguresQuery {
    day: Option<String>,
    month: Option<String>,
}

/// `GET /staff/hall/figures`
pub(super) async fn figures(
    manager: Staff<SeeHall>,
    State(state): State<AppState>,
    Query(query): Query<FiguresQuery>,
) -> Result<Markup, PageError> {
    let view = figures_view(&manager, &state, &query).await?;
    Ok(figures_page(&desk(&manager, &state), &view))
}

/// `GET /staff/hall/figures.xlsx`
pub(super) async fn figures_sheet(
    manager: Staff<SeeHall>,
    State(state): State<AppState>,
    Query(query): Query<FiguresQuery>,
) -> Result<Response, PageError> {
    let view = figures_view(&manager, &state, &query).await?;
    let desk = desk(&manager, &state);
    let head = ExportHead {
        title: "大厅的数字".to_owned(),
        filter_text: view.span.text(),
        made_at_text: state.now().day_and_clock_text(),
        made_by: desk.staff_name,
        is_demo: desk.site.is_demo,
    };
    let name = format!("大厅的数字 {}.xlsx", view.span.text());
    let make = move || sheet::export_xlsx(&FiguresView::columns(), view.rows().into_iter(), &head);
    let made = blocking(make).await?;
    let bytes = made.map_err(|error| {
        PageError::Problem(Problem::new(ProblemCode::Internal, error.to_string()))
    })?;
    Ok(file(bytes, XLSX, &name))
}

async fn figures_view(
    manager: &Staff<SeeHall>,
    state: &AppState,
    query: &FiguresQuery,
) -> Result<FiguresView, PageError> {
    let today = state.now().hall_date();
    let span = Span::of_query(query.day.as_deref(), query.month.as_deref(), today);
    let ((from, to), hall) = (span.days(), manager.hall);
    let counted = state.inner.store.read(move |reader| {
        let visits = reader.visit_facts(hall, from, to)?;
        let turns = reader.turn_facts(hall, from, to)?;
        Ok(HallFigures::of(&visits, &turns))
    });
    let figures = counted.await.map_err(Problem::from)?;
    let hall = state.hall_snapshot(manager.hall);
    Ok(FiguresView {
        span,
        figures,
        group_names: hall.map_or_else(BTreeMap::new, |hall| {
            let groups = hall.groups.into_iter();
            groups.map(|(code, line)| (code, line.name)).collect()
        }),
    })
}
