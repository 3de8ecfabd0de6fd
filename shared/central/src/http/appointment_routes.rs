//! What a hall kiosk asks about appointments. The times that are taken can be read at the glass, so
//! their four digits are counted by [`CodeLimit`](super::code_limit::CodeLimit).

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::id::GroupCode;
use domain::queue::CheckInSlots;
use domain::refusal::RefusalCode;
use serde::Deserialize;
use wire::api::{AppointmentKept, AppointmentSlots, BookAppointment, CheckIn, CheckedIn, path};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::store::Standing;
use crate::{appointments, ingest};

use super::code_limit::{CodeOf, Wrong};
use super::device_call::DeviceCall;
use super::device_routes::only_kiosks;
use super::problem_answer::Refused;

type Answer<T> = Result<Json<T>, Refused>;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(path::APPOINTMENT_SLOTS, get(free_slots))
        .route(path::APPOINTMENTS, post(book))
        .route(path::CHECK_IN, get(check_in_slots).post(check_in))
}

#[derive(Deserialize)]
struct OfGroup {
    group: GroupCode,
}

async fn free_slots(
    State(app): State<AppState>,
    Query(asked): Query<OfGroup>,
    call: DeviceCall,
) -> Answer<AppointmentSlots> {
    only_kiosks(&call.device)?;
    let live = app.inner.store.live();
    let hall = live.halls.get(&call.device.hall).ok_or_else(no_hall)?;
    Ok(Json(appointments::free(hall, asked.group, app.now())))
}

async fn book(State(app): State<AppState>, call: DeviceCall) -> Answer<AppointmentKept> {
    may_act(&call)?;
    let (hall, asked, now) = (call.device.hall, call.json::<BookAppointment>()?, app.now());
    let kept = app
        .inner
        .store
        .write(move |write| appointments::book(write, hall, &asked, now));
    let kept = kept.await?.map_err(Problem::from);
    Ok(Json(app.noted(call.device.device, kept).await?))
}

async fn check_in_slots(State(app): State<AppState>, call: DeviceCall) -> Answer<CheckInSlots> {
    only_kiosks(&call.device)?;
    let live = app.inner.store.live();
    let hall = live.halls.get(&call.device.hall).ok_or_else(no_hall)?;
    Ok(Json(appointments::open_for_check_in(hall, app.now())))
}

async fn check_in(State(app): State<AppState>, call: DeviceCall) -> Answer<CheckedIn> {
    may_act(&call)?;
    let (device, hall, now) = (call.device.device, call.device.hall, app.now());
    let asked = call.json::<CheckIn>()?;
    let (limit, code_of) = (&app.inner.wrong_digits, CodeOf::Slot(device, asked.slot));
    limit.check(device, &code_of, now)?;
    let checked_in = app
        .inner
        .store
        .write(move |write| appointments::check_in(write, hall, &asked, now));
    let checked_in = checked_in.await?;
    if let Err(refusal) = &checked_in
        && refusal.code == RefusalCode::TicketNotFound
        && limit.wrong(device, &code_of, now) == Wrong::MustWait
    {
        app.record_refusal(device, ProblemCode::TooMany.into())
            .await;
    }
    let checked_in = checked_in.map_err(Problem::from);
    Ok(Json(app.noted(device, checked_in).await?))
}

fn may_act(call: &DeviceCall) -> Result<(), Problem> {
    only_kiosks(&call.device)?;
    if call.device.standing == Standing::Equivocated {
        return Err(ingest::equivocation());
    }
    Ok(())
}

fn no_hall() -> Problem {
    not_found("这个大厅还没有设置好，请找工作人员。")
}
