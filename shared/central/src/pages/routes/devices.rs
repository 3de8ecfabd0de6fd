//! The device wall's requests: the page, the pictures, and remote help at one kiosk.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::DeviceId;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::AppState;
use crate::overview::DeviceLine;
use crate::pages::devices::{Side, WallView, address, devices_page, help_panel, touched_per_mille};
use crate::pages::frame::Said;
use crate::staff::{HelpCitizens, Right, SeeDevices, Staff};

/// Query of the page.
#[derive(Debug, Deserialize)]
pub(super) struct WallQuery {
    device: Option<DeviceId>,
}

/// `GET /staff/devices`
pub(super) async fn show(
    clerk: Staff<SeeDevices>,
    State(state): State<AppState>,
    Query(query): Query<WallQuery>,
) -> Result<Response, PageError> {
    state.watch_screens();
    page(&clerk, &state, query.device, None).await
}

async fn page<R: Right>(
    clerk: &Staff<R>,
    state: &AppState,
    chosen: Option<DeviceId>,
    notice: Option<&Said>,
) -> Result<Response, PageError> {
    let devices = state.device_overview().await?;
    let (reports, calls) = (state.board_reports().await?, state.help_calls().await?);
    let (hall, now) = (clerk.hall, state.now());
    let size_of = |device: DeviceId, board: &str| {
        state
            .screen_picture(device, board)
            .and_then(|picture| png_size(&picture.png))
    };
    let offline_ms = state.inner.in_force.now().board_offline_ms;
    let at = (now, offline_ms);
    let view = WallView::of(hall, &devices, &reports, &calls, &size_of, at);
    let here: Vec<DeviceLine> = devices
        .into_iter()
        .filter(|line| line.hall == hall)
        .collect();
    let panel = chosen.and_then(|chosen| help_panel(chosen, &here, &clerk.name, &size_of, now));
    let side = panel.map_or(Side::Nothing, |panel| Side::Kiosk(Box::new(panel)));
    let status = if notice.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = devices_page(&desk(clerk, state), &view, &side, notice);
    Ok((status, page).into_response())
}

/// Width and height of a PNG: its first chunk is always the header (PNG, section 5.6).
pub(super) fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let side = |from: usize| {
        let bytes = png.get(from..from + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    Some((side(16)?, side(20)?)).filter(|(width, height)| *width > 0 && *height > 0)
}

/// Query of a picture.
#[derive(Debug, Deserialize)]
pub(super) struct PictureQuery {
    #[serde(default)]
    board: String,
}

/// `GET /staff/devices/{device}/screen`
pub(super) async fn picture(
    _: Staff<SeeDevices>,
    State(state): State<AppState>,
    Path(device): Path<DeviceId>,
    Query(query): Query<PictureQuery>,
) -> Response {
    let Some(picture) = state.screen_picture(device, &query.board) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    ([(header::CONTENT_TYPE, "image/png")], picture.png).into_response()
}

/// The acts, as their addresses name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HelpAct {
    /// 帮忙
    Help,
    /// A click on the picture.
    Touch,
    /// 不帮了
    Stop,
}

/// What the panel's buttons send. A picture that is a button sends where it was clicked.
#[derive(Debug, Deserialize)]
pub(super) struct HelpForm {
    #[serde(default)]
    session: u64,
    #[serde(default, rename = "at.x")]
    at_x: u32,
    #[serde(default, rename = "at.y")]
    at_y: u32,
    #[serde(default)]
    shown_width: u32,
    #[serde(default)]
    shown_height: u32,
}

/// `POST /staff/devices/{device}/{act}`
pub(super) async fn act(
    clerk: Staff<HelpCitizens>,
    State(state): State<AppState>,
    Path((device, act)): Path<(DeviceId, HelpAct)>,
    Checked(form): Checked<HelpForm>,
) -> Result<Response, PageError> {
    let by = &clerk;
    let outcome = match act {
        HelpAct::Help => state.ask_help(device, by).await.map(drop),
        HelpAct::Stop => state.stop_help(device, form.session, by).await,
        HelpAct::Touch => touch(&state, device, &form, by),
    };
    match said_or_fault(outcome)? {
        None => Ok(Redirect::to(&address(device)).into_response()),
        Some(notice) => page(&clerk, &state, Some(device), Some(&notice)).await,
    }
}

fn touch(
    state: &AppState,
    device: DeviceId,
    form: &HelpForm,
    by: &Staff<HelpCitizens>,
) -> Result<(), Problem> {
    let at = touched_per_mille(
        (form.at_x, form.at_y),
        (form.shown_width, form.shown_height),
    );
    let at = at.ok_or_else(|| {
        Problem::new(
            ProblemCode::NotFound,
            "没看出点在哪里，请用鼠标在画面上点一下。",
        )
    })?;
    state.touch(device, form.session, at, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_read_from_the_header_and_rubbish_has_none() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        assert_eq!(png_size(&png), None);
        png.extend([0, 0, 2, 0, 0, 0, 1, 0]);
        assert_eq!(png_size(&png), Some((512, 256)));
        assert_eq!(png_size(b""), None);
    }
}
