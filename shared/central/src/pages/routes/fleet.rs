//! The fleet's requests: the page, one machine, and withdrawing its rights.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{DeviceId, HallId};
use maud::Markup;
use serde::Deserialize;

use super::door::{Clerk, TokenForm};
use super::page_error::PageError;
use crate::app_state::{AppState, not_found};
use crate::pages::fleet::{DeviceView, FleetView, Shown, address, device_page, fleet_page};

/// Query of the page. The list of halls sends an empty text for all of them.
#[derive(Debug, Deserialize)]
pub(super) struct FleetQuery {
    hall: Option<String>,
    only: Option<String>,
}

/// `GET /staff/fleet`
pub(super) async fn show(
    clerk: Clerk,
    State(state): State<AppState>,
    Query(query): Query<FleetQuery>,
) -> Result<Markup, PageError> {
    let page = state.fleet().await?;
    let hall = query.hall.and_then(|hall| hall.parse::<HallId>().ok());
    let view = FleetView {
        page: match hall {
            Some(hall) => page.only_hall(hall),
            None => page,
        },
        own_hall: clerk.0.hall,
        hall,
        shown: Shown::of_query(query.only.as_deref()),
    };
    Ok(fleet_page(&clerk.desk(&state), &view))
}

/// `GET /staff/fleet/{device}`
pub(super) async fn one(
    clerk: Clerk,
    State(state): State<AppState>,
    Path(device): Path<DeviceId>,
) -> Result<Markup, PageError> {
    let view = DeviceView::of(state.fleet().await?, device, clerk.0.hall);
    let view = view.ok_or_else(|| not_found("没有这台设备，请回设备情况再找。"))?;
    Ok(device_page(&clerk.desk(&state), &view))
}

/// `POST /staff/fleet/{device}/revoke`
pub(super) async fn revoke(
    clerk: Clerk,
    State(state): State<AppState>,
    Path(device): Path<DeviceId>,
    Form(form): Form<TokenForm>,
) -> Result<Response, PageError> {
    clerk.check(&form.form_token)?;
    state.revoke_device(device, clerk.0.staff).await?;
    Ok(Redirect::to(&address(device)).into_response())
}
