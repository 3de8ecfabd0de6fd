//! What a hall kiosk asks about appointments, and how often it may be wrong about a code: the times
//! that are taken can be read at the glass, so four digits must not be tried out there.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::id::{DeviceId, GroupCode};
use domain::queue::{BookedSlot, CheckInSlots};
use domain::refusal::RefusalCode;
use domain::time::UtcMs;
use serde::Deserialize;
use wire::api::{AppointmentKept, AppointmentSlots, BookAppointment, CheckIn, CheckedIn, path};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::store::Standing;
use crate::{appointments, ingest};

use super::device_call::DeviceCall;
use super::device_routes::only_kiosks;
use super::problem_answer::Refused;

type Answer<T> = Result<Json<T>, Refused>;

/// Wrong codes of one device within five minutes after which it must wait: for one slot, and for
/// all of them.
const WRONG_OF_SLOT_MAX: u32 = 3;
const WRONG_OF_DEVICE_MAX: u32 = 10;
const WRONG_MS: i64 = 5 * 60_000;

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
    Ok(Json(kept.await?.map_err(Problem::from)?))
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
    let (slot, limit) = (asked.slot, &app.inner.wrong_appointment_codes);
    limit.check(device, slot, now)?;
    let checked_in = app
        .inner
        .store
        .write(move |write| appointments::check_in(write, hall, &asked, now));
    let checked_in = checked_in.await?;
    if let Err(refusal) = &checked_in
        && refusal.code == RefusalCode::TicketNotFound
    {
        limit.wrong(device, slot, now);
    }
    Ok(Json(checked_in.map_err(Problem::from)?))
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

/// Counts wrong codes per device and slot, in memory.
#[derive(Debug, Default)]
pub struct AppointmentCodeLimit {
    wrong: Mutex<BTreeMap<(DeviceId, BookedSlot), (u32, UtcMs)>>,
}

impl AppointmentCodeLimit {
    fn check(&self, device: DeviceId, slot: BookedSlot, now: UtcMs) -> Result<(), Problem> {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, (_, since)| now.ms_since(*since) < WRONG_MS);
        let of_slot = wrong.get(&(device, slot)).map_or(0, |(count, _)| *count);
        let of_device: u32 = wrong
            .iter()
            .filter(|((other, _), _)| *other == device)
            .map(|(_, (count, _))| count)
            .sum();
        if of_slot < WRONG_OF_SLOT_MAX && of_device < WRONG_OF_DEVICE_MAX {
            return Ok(());
        }
        let sentence = "输错太多次了，请过 5 分钟再试，或找工作人员，或直接取号。";
        Err(Problem::new(ProblemCode::TooMany, sentence))
    }

    fn wrong(&self, device: DeviceId, slot: BookedSlot, now: UtcMs) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.entry((device, slot)).or_insert((0, now)).0 += 1;
    }
}
