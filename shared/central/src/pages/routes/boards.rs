//! The requests about boards: the page with what is on them, their pictures, a text drawn as a board
//! will show it, everything withdrawn and let play again, and the display record.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use maud::Markup;
use serde::Deserialize;
use wire::board::{BoardContent, BoardPlay};
use wire::problem::{Problem, ProblemCode};

use super::devices::png_size;
use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::records::{XLSX, blocking, file, read};
use super::said_or_fault;
use crate::app_state::{AppState, not_found};
use crate::boards::clearing::{Whose, may_everywhere};
use crate::boards::drawn;
use crate::boards::editing::Known;
use crate::cases::CENTRE;
use crate::cases::announcing::KIND;
use crate::pages::boards::{
    AiredAsked, AiredView, BOARDS_PATH, BoardsFacts, BoardsView, boards_page, record_page,
};
use crate::pages::frame::Said;
use crate::sheet::{self, ExportHead};
use crate::staff::{ClearBoards, Right, SeeBoards, Staff, acts};
use crate::store::AiringQuery;

/// Most periods that are read to say what is played now.
const NOW_LIMIT: u32 = 500;
/// Most lines of a sheet.
const SHEET_LINES_MAX: u32 = 50_000;

/// The boards as drivers and the register tell of them.
pub(super) async fn known_boards(state: &AppState) -> Result<Known, PageError> {
    let told = read(state, |reader| {
        Ok((reader.described_boards()?, reader.registered_boards()?))
    });
    let (described, registered) = told.await?;
    let halls = state.halls();
    let name = |hall: HallId| halls.get(&hall).cloned().unwrap_or_default();
    Ok(Known {
        described: described
            .into_iter()
            .map(|board| {
                let hall = name(board.hall);
                (board, hall)
            })
            .collect(),
        registered,
    })
}

/// `GET /staff/boards`
pub(super) async fn show(
    staff: Staff<SeeBoards>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    state.watch_screens();
    page(&staff, &state, None).await
}

/// The halls of which somebody sees the boards: of all who is of the centre, else of the own one.
fn halls_of(staff: &Staff<SeeBoards>, state: &AppState) -> BTreeMap<HallId, (String, bool)> {
    let live = state.inner.store.live();
    let is_of_centre = staff
        .held_at()
        .is_none_or(|station| station.as_str() == CENTRE);
    let halls = state.halls().into_iter();
    halls
        .filter(|(hall, _)| is_of_centre || *hall == staff.hall)
        .map(|(hall, name)| (hall, (name, live.nodes.contains_key(&hall))))
        .collect()
}

async fn page(
    staff: &Staff<SeeBoards>,
    state: &AppState,
    notice: Option<&Said>,
) -> Result<Response, PageError> {
    let known = known_boards(state).await?;
    let devices = state.device_overview().await?;
    let reports = state.board_reports().await?;
    let open = AiringQuery {
        only_open: true,
        limit: NOW_LIMIT,
        ..AiringQuery::default()
    };
    let told = read(state, move |reader| {
        let airings = reader.airings(&open)?;
        let now = (airings, reader.running_clearings()?, reader.replacements()?);
        Ok((now, reader.device_statuses()?, reader.staff_names()?))
    });
    let ((airings, clearings, replacements), statuses, names) = told.await?;
    let size_of = |device: DeviceId, board: &str| {
        let picture = state.screen_picture(device, board)?;
        png_size(&picture.png)
    };
    let facts = BoardsFacts {
        known: &known,
        devices: &devices,
        reports: &reports,
        airings: &airings,
        clearings: &clearings,
        replacements: &replacements,
        statuses: &statuses,
        staff: &names,
        halls: &halls_of(staff, state),
        size_of: &size_of,
        offline_ms: state.inner.in_force.now().board_offline_ms,
        now: state.now(),
    };
    let mut view = BoardsView::of(&facts, staff.hall);
    let kind = super::records::kind_for(state, KIND, &staff.roles()).ok();
    view.may_write = kind.is_some_and(|kind| super::records::may_open_somewhere(staff, &kind));
    if let Some(clears) = staff.also::<ClearBoards>() {
        view.may_clear = true;
        view.may_everywhere = may_everywhere(&clears);
        for hall in &mut view.halls {
            hall.may_clear = hall.is_own || view.may_everywhere;
        }
    }
    let status = match notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        Some(Said::Done(_)) | None => StatusCode::OK,
    };
    Ok((status, boards_page(&desk(staff, state), &view, notice)).into_response())
}

/// What withdrawing everything and its end send.
#[derive(Debug, Deserialize)]
pub(super) struct ClearForm {
    /// The id of a hall, or `all`.
    whose: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    confirmed: String,
}

impl ClearForm {
    fn whose(&self) -> Result<Whose, PageError> {
        if self.whose == "all" {
            return Ok(Whose::All);
        }
        let hall = self.whose.parse().map(Whose::Hall);
        Ok(hall.map_err(|_| not_found("没有这个大厅，请回到屏幕这一页再选。"))?)
    }
}

/// `POST /staff/boards/clear`
pub(super) async fn clear(
    staff: Staff<ClearBoards>,
    State(state): State<AppState>,
    Checked(form): Checked<ClearForm>,
) -> Result<Response, PageError> {
    let whose = form.whose()?;
    let cleared = match form.confirmed.as_str() {
        "yes" => state.clear_boards(&staff, whose, &form.reason).await,
        _ => {
            let text = "请先勾上“我知道，马上全部下屏”，再点一次。";
            Err(Problem::new(ProblemCode::Refused, text))
        }
    };
    done_or_said(&staff, &state, cleared).await
}

/// `POST /staff/boards/restore`
pub(super) async fn restore(
    staff: Staff<ClearBoards>,
    State(state): State<AppState>,
    Checked(form): Checked<ClearForm>,
) -> Result<Response, PageError> {
    let restored = state.restore_boards(&staff, form.whose()?).await;
    done_or_said(&staff, &state, restored).await
}

/// Back to the boards, which show what was done, or the page with why it was not.
async fn done_or_said<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    outcome: Result<(), Problem>,
) -> Result<Response, PageError> {
    match (said_or_fault(outcome)?, staff.also::<SeeBoards>()) {
        (Some(said), Some(staff)) => page(&staff, state, Some(&said)).await,
        _ => Ok(Redirect::to(BOARDS_PATH).into_response()),
    }
}

/// Query of a board's picture.
#[derive(Debug, Deserialize)]
pub(super) struct ScreenQuery {
    #[serde(default)]
    board: String,
}

/// `GET /staff/boards/{device}/screen`: of boards alone, because what a kiosk shows is not for
/// everybody who sees boards.
pub(super) async fn screen(
    staff: Staff<SeeBoards>,
    State(state): State<AppState>,
    Path(device): Path<DeviceId>,
    Query(query): Query<ScreenQuery>,
) -> Response {
    let live = state.inner.store.live();
    let hall = live.devices.get(&device).map(|record| record.hall);
    let may_see = hall.is_some_and(|hall| halls_of(&staff, &state).contains_key(&hall));
    let picture = state
        .screen_picture(device, &query.board)
        .filter(|_| may_see && !query.board.is_empty());
    match picture {
        Some(picture) => ([(header::CONTENT_TYPE, PNG)], picture.png).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

const PNG: &str = "image/png";

/// Which page of which text on which board.
#[derive(Debug, Deserialize)]
pub(super) struct TextQuery {
    device: DeviceId,
    board: String,
    /// From 1.
    page: usize,
    content: BoardContent,
    priority: u8,
    #[serde(default)]
    text: String,
}

impl TextQuery {
    fn play(self) -> BoardPlay {
        BoardPlay {
            content: self.content,
            text: self.text,
            boards: Vec::new(),
            daily: None,
            priority: self.priority,
        }
    }
}

/// `GET /staff/boards/text.png`
pub(super) async fn text_picture(
    _: Staff<SeeBoards>,
    State(state): State<AppState>,
    Query(query): Query<TextQuery>,
) -> Result<Response, PageError> {
    let known = known_boards(&state).await?;
    let board = known
        .described
        .into_iter()
        .find(|(board, _)| board.device == query.device && board.described.board == query.board);
    let drawn = match board {
        Some((board, _)) => {
            let page = query.page.saturating_sub(1);
            let play = query.play();
            blocking(move || drawn::picture(&board.described, &play, page)).await?
        }
        None => None,
    };
    Ok(match drawn {
        Some(png) => ([(header::CONTENT_TYPE, PNG)], png).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// The filter as sent: what cannot be read does not narrow.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AiredForm {
    day: String,
    board: String,
    item: String,
    page: String,
}

impl AiredForm {
    fn asked(self) -> AiredAsked {
        AiredAsked {
            day: self.day.parse().ok(),
            board: self.board,
            item: self.item,
            page: self.page.parse().unwrap_or(1).max(1),
        }
    }
}

/// `GET /staff/boards/record`
pub(super) async fn record(
    staff: Staff<SeeBoards>,
    State(state): State<AppState>,
    Query(form): Query<AiredForm>,
) -> Result<Markup, PageError> {
    let per_page = crate::pages::boards::LINES_PER_PAGE;
    let asked = form.asked();
    let skip = (asked.page - 1).saturating_mul(per_page);
    let limit = u32::try_from(per_page).unwrap_or(u32::MAX);
    let view = aired(&staff, &state, asked, (skip, limit)).await?;
    Ok(record_page(&desk(&staff, &state), &view))
}

/// `GET /staff/boards/record.xlsx`
pub(super) async fn record_sheet(
    staff: Staff<SeeBoards>,
    State(state): State<AppState>,
    Query(form): Query<AiredForm>,
) -> Result<Response, PageError> {
    let view = aired(&staff, &state, form.asked(), (0, SHEET_LINES_MAX)).await?;
    if view.count > u64::from(SHEET_LINES_MAX) {
        let text = "一张表放不下 5 万条以上，请选一天或一块屏再下载。";
        let problem = Problem::new(ProblemCode::TooLarge, text);
        return Err(PageError::Problem(problem));
    }
    let filter_text = view.filter_text();
    let acted = staff.acted(acts::DISPLAY_RECORD_EXPORTED, filter_text.clone());
    state.record(acted).await?;
    let desk = desk(&staff, &state);
    let head = ExportHead {
        title: "播出记录".to_owned(),
        filter_text: filter_text.clone(),
        made_at_text: state.now().day_and_clock_text(),
        made_by: desk.staff_name,
        is_demo: desk.site.is_demo,
    };
    let name = format!("播出记录 {filter_text}.xlsx");
    let make = move || sheet::export_xlsx(&AiredView::columns(), view.rows().into_iter(), &head);
    let made = blocking(make).await?;
    let bytes = made.map_err(|error| {
        PageError::Problem(Problem::new(ProblemCode::Internal, error.to_string()))
    })?;
    Ok(file(bytes, XLSX, &name))
}

async fn aired(
    staff: &Staff<SeeBoards>,
    state: &AppState,
    asked: AiredAsked,
    (skip, limit): (u64, u32),
) -> Result<AiredView, PageError> {
    let halls = halls_of(staff, state);
    let only = match halls.len() {
        1 => halls.into_keys().next(),
        _ => None,
    };
    let typed = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let query = AiringQuery {
        hall: only,
        from: asked.day.map(UtcMs::start_of),
        before: asked
            .day
            .and_then(|day| day.succ_opt())
            .map(UtcMs::start_of),
        board: typed(&asked.board),
        item: typed(&asked.item),
        only_open: false,
        skip,
        limit,
    };
    let (lines, count) = read(state, move |reader| {
        Ok((reader.airings(&query)?, reader.airing_count(&query)?))
    })
    .await?;
    let known = known_boards(state).await?;
    let boards = known.described.into_iter();
    let mut boards: Vec<_> = boards
        .filter(|(board, _)| only.is_none_or(|hall| board.hall == hall))
        .map(|(board, _)| (board.described.board, board.described.name))
        .collect();
    boards.dedup();
    Ok(AiredView {
        asked,
        lines,
        count,
        boards,
        today: state.now().hall_date(),
    })
}
