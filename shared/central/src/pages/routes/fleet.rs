//! The fleet's requests: the page, one machine, and withdrawing its rights.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{DeviceId, HallId};
use maud::Markup;
use serde::Deserialize;

use super::gate::{Checked, NoFields, desk};
use super::page_error::PageError;
use crate::app_state::{AppState, not_found};
use crate::pages::fleet::{DeviceView, FleetView, Shown, address, device_page, fleet_page};
use crate::staff::{RevokeDevices, SeeFleet, Staff};

/// Query of the page. The list of halls sends an empty text for all of them.
#[derive(Debug, Deserialize)]
pub(super) struct FleetQuery {
    hall: Option<String>,
    only: Option<String>,
}

/// `GET /staff/fleet`
pub(super) async fn show(
    clerk: Staff<SeeFleet>,
    State(state): State<AppState>,
    Query(query): Query<FleetQuery>,
) -> Result<Markup, PageError> {
    let page = state.fleet(&clerk).await?;
    let hall = query.hall.and_then(|hall| hall.parse::<HallId>().ok());
    let view = FleetView {
        page: match hall {
            Some(hall) => page.only_hall(hall),
            None => page,
        },
        own_hall: clerk.hall,
        hall,
        shown: Shown::of_query(query.only.as_deref()),
    };
    Ok(fleet_page(&desk(&clerk, &state), &view))
}

/// `GET /staff/fleet/{device}`
pub(super) async fn one(
    clerk: Staff<SeeFleet>,
    State(state): State<AppState>,
    Path(device): Path<DeviceId>,
) -> Result<Markup, PageError> {
    let view = DeviceView::of(state.fleet(&clerk).await?, device, clerk.hall);
    let view = view.ok_or_else(|| not_found("没有这台设备，请回设备情况再找。"))?;
    Ok(device_page(&desk(&clerk, &state), &view))
}

/// `POST /staff/fleet/{device}/revoke`
pub(super) async fn revoke(
    clerk: Staff<RevokeDevices>,
    State(state): State<AppState>,
    Path(device): Path<DeviceId>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    state.revoke_device(device, &clerk).await?;
    Ok(Redirect::to(&address(device)).into_response())
}
