//! What a hall kiosk asks for a citizen, with personal data: signed by the device, answered at once,
//! counted. Three misses make the number of a case and the device wait (kiosk-flows, progress).
//!
//! A hall node holds no case and no person: it passes on what its kiosks ask to the centre, which
//! counts and answers, and keeps nothing of it. Without the line it says so at once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::personal::Pii;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::client::CallError;
use wire::api::path;
use wire::citizen::{AskApplication, AskGuidance, AskProgress, GiveFeedback, Progress, Typed};
use wire::problem::{Problem, ProblemCode};
use wire::relay::AskForCitizen;

use crate::app_state::{AppState, not_found};
use crate::ingest;
use crate::store::{DeviceRecord, Role, Standing};

use super::code_limit::{CodeOf, Wrong};
use super::device_call::{DeviceCall, bad_request};
use super::device_routes::only_kiosks;
use super::problem_answer::Refused;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// What can be applied for.
    Services,
    /// Where a case stands.
    Progress,
    /// That a clerk calls back about an application.
    Application,
    /// That a clerk calls back with guidance.
    Guidance,
    /// That somebody reads what was said.
    Feedback,
}

impl Ask {
    const ALL: [Self; 5] = [
        Self::Services,
        Self::Progress,
        Self::Application,
        Self::Guidance,
        Self::Feedback,
    ];

    fn path(self) -> &'static str {
        match self {
            Self::Services => path::CITIZEN_SERVICES,
            Self::Progress => path::CITIZEN_PROGRESS,
            Self::Application => path::CITIZEN_APPLICATIONS,
            Self::Guidance => path::CITIZEN_GUIDANCE,
            Self::Feedback => path::CITIZEN_FEEDBACK,
        }
    }

    /// What is asked under a path.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.path() == path)
    }
}

pub(super) fn router() -> Router<AppState> {
    let mut router = Router::new();
    for ask in Ask::ALL {
        let handler = move |State(app): State<AppState>, call: DeviceCall| async move {
            handle(&app, &call, ask).await
        };
        let route = match ask {
            Ask::Services => get(handler),
            // posts, so that no number stands in an address or a log of addresses
            _ => post(handler),
        };
        router = router.route(ask.path(), route);
    }
    router
}

async fn handle(app: &AppState, call: &DeviceCall, ask: Ask) -> Result<Response, Refused> {
    let answered = match app.inner.store.role() {
        Role::Centre => answer(app, &call.device, ask, &call.body).await?,
        Role::HallNode { .. } => pass_on(app, call, ask).await?,
    };
    Ok(match answered {
        Value::Null => StatusCode::NO_CONTENT.into_response(),
        answered => Json(answered).into_response(),
    })
}

/// Asks the centre for a kiosk of this node.
async fn pass_on(app: &AppState, call: &DeviceCall, ask: Ask) -> Result<Value, Problem> {
    only_working_kiosks(&call.device)?;
    let centre = app.inner.centre.get().ok_or_else(no_line)?;
    let body = std::str::from_utf8(&call.body);
    let body = body.map_err(|error| bad_request(&error.to_string()))?;
    let asked = AskForCitizen {
        device: call.device.device,
        path: ask.path().to_owned(),
        body: Typed::new(body),
    };
    let answered = centre.ask_for_citizen(&asked).await;
    answered.map_err(|error| match error {
        CallError::Refused(problem) | CallError::Problem { problem, .. } => problem,
        CallError::Unreachable { .. } | CallError::Malformed { .. } => {
            tracing::debug!(%error, "the centre did not answer for a kiosk");
            no_line()
        }
    })
}

fn no_line() -> Problem {
    let sentence = "这里和中心的网络断了，现在办不了这一项。请过几分钟再试，或到窗口办。";
    Problem::new(ProblemCode::Unavailable, sentence)
}

/// Answers a kiosk, whether it asked here or at its node. Null where there is nothing to say.
///
/// # Errors
/// What the kiosk is told.
pub(super) async fn answer(
    app: &AppState,
    device: &DeviceRecord,
    ask: Ask,
    body: &[u8],
) -> Result<Value, Problem> {
    only_working_kiosks(device)?;
    if ask != Ask::Services {
        app.count_ask(device)?;
    }
    match ask {
        Ask::Services => json(&app.citizen_services().await?),
        Ask::Progress => json(&progress(app, device, read(body)?).await?),
        Ask::Application => {
            let asked = app.ask_application(device, read::<AskApplication>(body)?);
            json(&app.noted(device.device, asked.await).await?)
        }
        Ask::Guidance => {
            let asked = app.ask_guidance(device, read::<AskGuidance>(body)?);
            json(&app.noted(device.device, asked.await).await?)
        }
        Ask::Feedback => {
            app.take_feedback(device, read::<GiveFeedback>(body)?)
                .await?;
            Ok(Value::Null)
        }
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| bad_request(&error.to_string()))
}

fn json(answer: &impl Serialize) -> Result<Value, Problem> {
    let value = serde_json::to_value(answer);
    value.map_err(|_| Problem::new(ProblemCode::Internal, "服务器出了问题，请稍后再试。"))
}

async fn progress(
    app: &AppState,
    device: &DeviceRecord,
    asked: AskProgress,
) -> Result<Progress, Problem> {
    let cases = match asked {
        AskProgress::CaseNo { case_no, last4 } => {
            vec![one_case(app, device, &case_no, &last4).await?]
        }
        AskProgress::Card { id_number } => {
            let number = Pii::new(id_number.expose().to_owned());
            app.progress_by_card(device, number).await?
        }
    };
    Ok(Progress { cases })
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

/// A kiosk of a hall whose record has one history.
fn only_working_kiosks(device: &DeviceRecord) -> Result<(), Problem> {
    only_kiosks(device)?;
    match device.standing {
        Standing::Equivocated => Err(ingest::equivocation()),
        _ => Ok(()),
    }
}
