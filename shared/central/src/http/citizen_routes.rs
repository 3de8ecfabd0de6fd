//! What a hall kiosk asks for a citizen, with personal data: signed by the device, answered at once,
//! counted. Three misses make the number of a case and the device wait (kiosk-flows, progress).

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::personal::Pii;
use wire::api::path;
use wire::citizen::{
    AskApplication, AskGuidance, AskProgress, Asked, GiveFeedback, Progress, Services, Typed,
};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::ingest;
use crate::store::{DeviceRecord, Standing};

use super::code_limit::{CodeOf, Wrong};
use super::device_call::DeviceCall;
use super::device_routes::only_kiosks;
use super::problem_answer::Refused;

type Answer<T> = Result<Json<T>, Refused>;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(path::CITIZEN_SERVICES, get(services))
        .route(path::CITIZEN_PROGRESS, post(progress))
        .route(path::CITIZEN_APPLICATIONS, post(apply))
        .route(path::CITIZEN_GUIDANCE, post(ask_guidance))
        .route(path::CITIZEN_FEEDBACK, post(give_feedback))
}

async fn services(State(app): State<AppState>, call: DeviceCall) -> Answer<Services> {
    only_kiosks(&call.device)?;
    Ok(Json(app.citizen_services().await?))
}

/// A post, so that no number stands in an address or a log of addresses.
async fn progress(State(app): State<AppState>, call: DeviceCall) -> Answer<Progress> {
    may_ask(&app, &call)?;
    let device = &call.device;
    let cases = match call.json()? {
        AskProgress::CaseNo { case_no, last4 } => {
            vec![one_case(&app, device, &case_no, &last4).await?]
        }
        AskProgress::Card { id_number } => {
            let number = Pii::new(id_number.expose().to_owned());
            app.progress_by_card(device, number).await?
        }
    };
    Ok(Json(Progress { cases }))
}

async fn one_case(
    app: &AppState,
    device: &DeviceRecord,
    case_no: &str,
    last4: &Typed,
) -> Result<wire::citizen::CaseProgress, Problem> {
    let (case_no, now) = (case_no.trim().to_ascii_uppercase(), app.now());
    let (limit, code_of) = (&app.inner.wrong_digits, CodeOf::Case(case_no.clone()));
    limit.check(device.device, &code_of, now)?;
    let last4 = Pii::new(last4.expose().to_owned());
    let found = app.progress_by_number(device, case_no, last4).await?;
    if found.is_none() && limit.wrong(device.device, &code_of, now) == Wrong::MustWait {
        app.record_refusal(device.device, ProblemCode::TooMany.into())
            .await;
    }
    found.ok_or_else(|| not_found("没查到。请核对受理编号，和证件号或手机号的最后 4 位。"))
}

async fn apply(State(app): State<AppState>, call: DeviceCall) -> Answer<Asked> {
    may_ask(&app, &call)?;
    let asked = app
        .ask_application(&call.device, call.json::<AskApplication>()?)
        .await;
    Ok(Json(app.noted(call.device.device, asked).await?))
}

async fn ask_guidance(State(app): State<AppState>, call: DeviceCall) -> Answer<Asked> {
    may_ask(&app, &call)?;
    let asked = app
        .ask_guidance(&call.device, call.json::<AskGuidance>()?)
        .await;
    Ok(Json(app.noted(call.device.device, asked).await?))
}

async fn give_feedback(
    State(app): State<AppState>,
    call: DeviceCall,
) -> Result<StatusCode, Refused> {
    may_ask(&app, &call)?;
    app.take_feedback(&call.device, call.json::<GiveFeedback>()?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A working kiosk of a hall, that has not asked too often.
fn may_ask(app: &AppState, call: &DeviceCall) -> Result<(), Problem> {
    only_kiosks(&call.device)?;
    if call.device.standing == Standing::Equivocated {
        return Err(ingest::equivocation());
    }
    app.count_ask(&call.device)
}
