//! The routes of `/api/v1`: thin. Paths and bodies are `wire::api`'s, described for others by
//! `assets/api/openapi.json`; a test keeps the two lists equal.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::refusal::{Refusal, RefusalCode};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use tokio::time::{Instant, timeout_at};
use wire::api::{
    DeviceKind, EnrolRequest, Enrolled, FEED_ROWS_MAX, FeedPage, FindVisit, HOLD_MS_MAX,
    HelpAnswer, LogTail, NumberTaken, Pushed, RemoteCommands, ScreenState, TakeNumber, Topic,
    VisitFound, path,
};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::store::{DeviceRecord, FeedAnswer, FeedQuery, Standing};
use crate::{assets, authority, enrolment, ingest, readiness};

use super::code_limit::{CodeOf, Wrong};
use super::device_call::{DeviceCall, bad_request};
use super::line_routes;
use super::problem_answer::Refused;
use super::{appointment_routes, citizen_routes};

type Answer<T> = Result<Json<T>, Refused>;

/// Every route of the API: method and path.
pub const API_ROUTES: [(&str, &str); 27] = [
    ("post", path::ENROL),
    ("get", path::LOG_TAIL),
    ("post", path::LOG),
    ("get", path::FEED),
    ("post", path::TICKETS),
    ("get", path::APPOINTMENT_SLOTS),
    ("post", path::APPOINTMENTS),
    ("get", path::CHECK_IN),
    ("post", path::CHECK_IN),
    ("get", path::CITIZEN_SERVICES),
    ("post", path::CITIZEN_PROGRESS),
    ("post", path::CITIZEN_APPLICATIONS),
    ("post", path::CITIZEN_GUIDANCE),
    ("post", path::CITIZEN_FEEDBACK),
    ("post", path::VISITS_FIND),
    ("post", path::SCREEN),
    ("get", path::COMMANDS),
    ("post", path::HELP_ANSWER),
    ("post", path::STATUS),
    ("post", path::KEY),
    ("get", path::RELAY_TAILS),
    ("post", path::RELAY),
    ("post", path::RELAY_CITIZEN),
    ("get", path::NODE_STAFF),
    ("get", path::HEALTH),
    ("get", path::READY),
    ("get", path::OPENAPI),
];

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(path::ENROL, post(enrol))
        .route(path::LOG_TAIL, get(log_tail))
        .route(path::LOG, post(push))
        .route(path::FEED, get(feed))
        .route(path::TICKETS, post(take_number))
        .route(path::VISITS_FIND, post(find_visit))
        .route(path::SCREEN, post(show_screen))
        .route(path::COMMANDS, get(commands))
        .route(path::HELP_ANSWER, post(help_answer))
        .route(path::HEALTH, get(health))
        .route(path::READY, get(ready))
        .route(path::OPENAPI, get(openapi))
        .merge(line_routes::router())
        .merge(appointment_routes::router())
        .merge(citizen_routes::router())
}

async fn enrol(State(app): State<AppState>, Json(request): Json<EnrolRequest>) -> Answer<Enrolled> {
    Ok(Json(enrolment::enrol(&app, request).await?))
}

async fn log_tail(State(app): State<AppState>, call: DeviceCall) -> Answer<LogTail> {
    let head = app.inner.store.live().head_of(call.device.device);
    Ok(Json(LogTail { head }))
}

async fn push(State(app): State<AppState>, call: DeviceCall) -> Answer<Pushed> {
    let (device, push) = (call.device.device, call.json()?);
    match ingest::push(&app.inner.store, call.device, push, app.now()).await {
        Ok(pushed) => Ok(Json(pushed)),
        Err(problem) => {
            let is_recorded_already = problem.code == ProblemCode::Equivocation;
            if !problem.code.is_transient() && !is_recorded_already {
                app.record_refusal(device, (&problem).into()).await;
            }
            Err(problem.into())
        }
    }
}

async fn take_number(State(app): State<AppState>, call: DeviceCall) -> Answer<NumberTaken> {
    only_kiosks(&call.device)?;
    if call.device.standing == Standing::Equivocated {
        return Err(ingest::equivocation().into());
    }
    let (hall, asked, now) = (call.device.hall, call.json::<TakeNumber>()?, app.now());
    let taken = app
        .inner
        .store
        .write(move |write| authority::take_number(write, hall, &asked, now));
    let taken = taken.await?.map_err(Problem::from);
    Ok(Json(app.noted(call.device.device, taken).await?))
}

pub(super) fn only_kiosks(device: &DeviceRecord) -> Result<(), Problem> {
    match device.kind {
        DeviceKind::HallKiosk { .. } => Ok(()),
        _ => Err(bad_request("only a hall kiosk may ask this")),
    }
}

async fn find_visit(State(app): State<AppState>, call: DeviceCall) -> Answer<VisitFound> {
    only_kiosks(&call.device)?;
    let (device, hall, now) = (call.device.device, call.device.hall, app.now());
    let FindVisit { label, code } = call.json()?;
    let (limit, code_of) = (&app.inner.wrong_digits, CodeOf::number(hall, &label));
    limit.check(device, &code_of, now)?;
    let since = authority::first_scorable(now);
    let visits = app.inner.store.read({
        let label = label.clone();
        move |reader| reader.visits_by_label(hall, &label, since)
    });
    let visits = visits.await?;
    let fits = |hash: [u8; 32], known: [u8; 32]| bool::from(hash.ct_eq(&known));
    let visit = visits
        .iter()
        .find(|v| fits(code.code_hash(v.ticket).0, v.code_hash.0));
    let live = app.inner.store.live();
    let here = live.halls.get(&hall);
    let scorable = authority::may_score(visit, here.map(Arc::as_ref), now);
    if let Err(Refusal {
        code: RefusalCode::TicketNotFound,
        ..
    }) = &scorable
        && limit.wrong(device, &code_of, now) == Wrong::MustWait
    {
        app.record_refusal(device, ProblemCode::TooMany.into())
            .await;
    }
    app.noted(device, scorable.map_err(Problem::from)).await?;
    let found = visit.and_then(|visit| visit.window.map(|window| (visit, window)));
    let (visit, window) = found.ok_or_else(|| Problem::new(ProblemCode::NotFound, "没找到。"))?;
    let group = here.and_then(|h| h.queue.layout.groups.get(&visit.group).cloned());
    let group_name = group.map(|group| group.name).unwrap_or_default();
    Ok(Json(VisitFound {
        ticket: visit.ticket,
        window,
        group_name,
    }))
}

#[derive(Deserialize)]
struct FeedParameters {
    #[serde(default)]
    after: u64,
    /// Words with commas between them; absent for all.
    topics: Option<String>,
    snapshot: Option<u64>,
    limit: Option<u32>,
    #[serde(default)]
    wait_ms: u32,
}

impl FeedParameters {
    fn topics(&self) -> Result<Vec<Topic>, Problem> {
        let Some(words) = &self.topics else {
            return Ok(Topic::ALL.to_vec());
        };
        let topic = |word: &str| {
            let known = Topic::ALL.into_iter().find(|topic| topic.as_str() == word);
            known.ok_or_else(|| bad_request(&format!("topic {word:?} is not known")))
        };
        words.split(',').map(topic).collect()
    }
}

/// Holds the request while there is nothing to tell, at most `wait_ms`.
async fn feed(
    State(app): State<AppState>,
    Query(asked): Query<FeedParameters>,
    call: DeviceCall,
) -> Answer<FeedPage> {
    let deadline = Instant::now() + hold(asked.wait_ms);
    let (mut head, mut stopping) = (app.inner.store.feed_head(), app.stopping());
    let mut query = FeedQuery {
        snapshot: asked.snapshot,
        reads: call.feed_dialect(),
        device: call.device.device,
        hall: call.device.hall,
        topics: asked.topics()?,
        after: asked.after,
        limit: asked.limit.unwrap_or(FEED_ROWS_MAX).clamp(1, FEED_ROWS_MAX),
        now: app.now(),
    };
    let mut is_woken = false;
    loop {
        head.mark_unchanged();
        query.now = app.now();
        let (store, asked_now) = (&app.inner.store, query.clone());
        let answer = if is_woken {
            app.inner.shared_pages.page(store, &asked_now).await?
        } else {
            store
                .read(move |reader| reader.feed_page(&asked_now))
                .await?
        };
        let FeedAnswer::Page(page) = answer else {
            let sentence = "离开太久，请从头读取。";
            return Err(Problem::new(ProblemCode::CursorTooOld, sentence).into());
        };
        // Who does not wait is answered at once, also with nothing: a timer of no length would
        // still take a tick.
        if !page.rows.is_empty() || asked.wait_ms == 0 {
            app.inner.metrics.feed_served(page.rows.len());
            return Ok(Json(page));
        }
        query.after = page.next_after;
        is_woken = true;
        tokio::select! {
            changed = timeout_at(deadline, head.changed()) => {
                if !matches!(changed, Ok(Ok(()))) {
                    return Ok(Json(page));
                }
            }
            _ = stopping.wait_for(|stopping| *stopping) => return Ok(Json(page)),
        }
        call.check_standing(&app)?;
    }
}

fn hold(wait_ms: u32) -> Duration {
    Duration::from_millis(u64::from(wait_ms.min(HOLD_MS_MAX)))
}

async fn show_screen(
    State(app): State<AppState>,
    Query(state): Query<ScreenState>,
    call: DeviceCall,
) -> Result<StatusCode, Refused> {
    app.inner
        .screens
        .show(&call.device, state, call.body, app.now())?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct CommandParameters {
    #[serde(default)]
    wait_ms: u32,
}

/// Holds the request until there are commands, or the watching begins or goes on.
async fn commands(
    State(app): State<AppState>,
    Query(asked): Query<CommandParameters>,
    call: DeviceCall,
) -> Answer<RemoteCommands> {
    let (device, deadline) = (call.device.device, Instant::now() + hold(asked.wait_ms));
    let mut watched = app.inner.screens.watched();
    let (mut queued, mut stopping) = (app.inner.help.commands_changed(), app.stopping());
    let mut told = *watched.borrow_and_update();
    loop {
        queued.mark_unchanged();
        let commands = app.inner.help.take_commands(device);
        let is_news = !commands.is_empty() || app.inner.screens.is_news_for(device, told);
        if is_news {
            return Ok(Json(RemoteCommands {
                watched_until: told,
                commands,
            }));
        }
        let is_over = tokio::select! {
            changed = timeout_at(deadline, queued.changed()) => !matches!(changed, Ok(Ok(()))),
            changed = watched.changed() => changed.is_err(),
            _ = stopping.wait_for(|stopping| *stopping) => true,
        };
        told = *watched.borrow_and_update();
        if is_over {
            return Ok(Json(RemoteCommands {
                watched_until: told,
                commands: Vec::new(),
            }));
        }
    }
}

async fn help_answer(State(app): State<AppState>, call: DeviceCall) -> Result<StatusCode, Refused> {
    let answer: HelpAnswer = call.json()?;
    app.inner
        .help
        .answered(call.device.device, &answer, app.now());
    Ok(StatusCode::NO_CONTENT)
}

/// `ok` when a query gets its answer.
async fn health(State(app): State<AppState>) -> Result<&'static str, Refused> {
    app.inner.store.read(|reader| reader.answers()).await?;
    Ok("ok")
}

/// `ready` when the service can do its work now.
async fn ready(State(app): State<AppState>) -> Result<&'static str, Refused> {
    readiness::ready(&app).await?;
    Ok("ready")
}

async fn openapi() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        assets::OPENAPI,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described_and_every_description_is_routed() {
        let document: serde_json::Value = serde_json::from_str(assets::OPENAPI).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let described: BTreeSet<(&str, &str)> = paths
            .iter()
            .flat_map(|(path, methods)| {
                methods
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|method| (method.as_str(), path.as_str()))
            })
            .collect();
        assert_eq!(described, BTreeSet::from(API_ROUTES));
    }

    #[test]
    fn every_problem_code_and_topic_of_the_wire_is_described() {
        let document: serde_json::Value = serde_json::from_str(assets::OPENAPI).unwrap();
        let schemas = &document["components"]["schemas"];
        let codes = schemas["Problem"]["properties"]["code"]["enum"]
            .as_array()
            .unwrap();
        for code in codes {
            serde_json::from_value::<ProblemCode>(code.clone()).unwrap();
        }
        assert!(codes.contains(&serde_json::to_value(ProblemCode::StorageFull).unwrap()));
        let topics = &schemas["FeedRow"]["properties"]["topic"]["enum"];
        assert_eq!(*topics, serde_json::to_value(Topic::ALL).unwrap());
    }
}
