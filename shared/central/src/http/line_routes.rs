//! The routes that keep the lines in order: status, replacement of keys, and what hall nodes ask.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use wire::api::{DeviceKind, path};
use wire::problem::{Problem, ProblemCode};
use wire::relay::{AskForCitizen, NodeStaffList, Relay, Tails};
use wire::status::{DeviceStatus, LogCondition, RotateKey, StatusAnswer};
use wire::version::Capability;

use crate::app_state::AppState;
use crate::store::DeviceRecord;
use crate::{enrolment, ingest, relayed};

use super::citizen_routes::{Ask, answer};
use super::device_call::{DeviceCall, bad_request};
use super::problem_answer::Refused;

/// What this server can do beyond version 1 of the wire.
const CAPABILITIES: [Capability; 3] = [
    Capability::FeedSnapshot,
    Capability::KeyRotation,
    Capability::Relay,
];

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(path::STATUS, post(status))
        .route(path::KEY, post(rotate_key))
        .route(path::RELAY_TAILS, get(relay_tails))
        .route(path::RELAY, post(relay))
        .route(path::RELAY_CITIZEN, post(ask_for_citizen))
        .route(path::NODE_STAFF, get(node_staff))
}

async fn status(
    State(app): State<AppState>,
    call: DeviceCall,
) -> Result<Json<StatusAnswer>, Refused> {
    let (told, now) = (call.json::<DeviceStatus>()?, app.now());
    let device = Arc::clone(&call.device);
    let kept = app.inner.store.write(move |write| {
        if told.log == LogCondition::Halted {
            ingest::note_halted(write, device.device, now)?;
        }
        write.keep_status(device.device, &told, now)
    });
    kept.await?;
    let key_age_ms = now.ms_since(call.device.key_since);
    Ok(Json(StatusAnswer {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        capabilities: CAPABILITIES.to_vec(),
        key_is_due: key_age_ms > app.inner.in_force.now().device_key_ms,
    }))
}

async fn rotate_key(State(app): State<AppState>, call: DeviceCall) -> Result<StatusCode, Refused> {
    let asked: RotateKey = call.json()?;
    enrolment::rotate_key(&app, &call.device, asked).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn only_nodes(device: &DeviceRecord) -> Result<(), Problem> {
    match device.kind {
        DeviceKind::HallNode => Ok(()),
        _ => Err(bad_request("only a hall node may ask this")),
    }
}

async fn relay_tails(
    State(app): State<AppState>,
    call: DeviceCall,
) -> Result<Json<Tails>, Refused> {
    only_nodes(&call.device)?;
    let live = app.inner.store.live();
    Ok(Json(relayed::tails_of(&live, &call.device)))
}

async fn relay(State(app): State<AppState>, call: DeviceCall) -> Result<Json<Tails>, Refused> {
    only_nodes(&call.device)?;
    let (node, relay) = (call.device.device, call.json::<Relay>()?);
    match relayed::take(&app.inner.store, call.device, relay, app.now()).await {
        Ok(tails) => Ok(Json(tails)),
        Err(problem) => {
            if !problem.code.is_transient() && problem.code != ProblemCode::ChainGap {
                app.record_refusal(node, (&problem).into()).await;
            }
            Err(problem.into())
        }
    }
}

/// A kiosk of the node's hall is answered as one that asks the centre itself.
async fn ask_for_citizen(
    State(app): State<AppState>,
    call: DeviceCall,
) -> Result<Json<serde_json::Value>, Refused> {
    only_nodes(&call.device)?;
    let asked = call.json::<AskForCitizen>()?;
    let ask = Ask::of_path(&asked.path)
        .ok_or_else(|| bad_request("a node passes on only what is asked for a citizen"))?;
    let live = app.inner.store.live();
    let kiosk = live.devices.get(&asked.device);
    let kiosk = kiosk.filter(|kiosk| kiosk.hall == call.device.hall);
    let kiosk = Arc::clone(kiosk.ok_or_else(not_told_yet)?);
    let body = asked.body.expose().as_bytes();
    Ok(Json(answer(&app, &kiosk, ask, body).await?))
}

/// The node tells of its machines in its own time.
fn not_told_yet() -> Problem {
    let sentence = "中心还不认识这台自助机，请过一会儿再试，或到窗口办。";
    Problem::new(ProblemCode::Unavailable, sentence)
}

async fn node_staff(
    State(app): State<AppState>,
    call: DeviceCall,
) -> Result<Json<NodeStaffList>, Refused> {
    only_nodes(&call.device)?;
    let hall = call.device.hall;
    let staff = app
        .inner
        .store
        .read(move |reader| reader.staff_of_hall(hall));
    Ok(Json(NodeStaffList {
        staff: staff.await?,
    }))
}
