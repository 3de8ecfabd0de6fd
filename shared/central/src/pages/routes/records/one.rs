//! One record: showing it, doing a step, revealing a value, handing it over. Its form of changes is
//! in `change`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use domain::case::{Actor, CaseRefusal, Command, Draft, Effect, FieldFault, Kind};
use domain::id::{RecordId, StaffId};
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::{Checked, desk};
use super::super::page_error::PageError;
use super::on_boards::OnBoards;
use super::{Sent, directory, fault, is_about_persons, may_see, typed_parts};
use crate::app_state::AppState;
use crate::cases::comparing::is_comparison;
use crate::cases::typed::{self, Typed};
use crate::cases::{CaseFault, RecordView, faults_of, named_by};
use crate::pages::boards::display_record_of;
use crate::pages::frame::Said;
use crate::pages::lists::{answer_to, feedback_of};
use crate::pages::records::{
    HAND_OVER, MERGE, Parts, Returned, TIES_SHOWN_MAX, Tried, compose, one_page,
};
use crate::staff::{ExportRecords, RevealPersonal, Right, SeeBoards, Staff, WorkOnRecords};

/// Query of the page.
#[derive(Debug, Deserialize)]
pub(in crate::pages::routes) struct OneQuery {
    /// As of the end of this day.
    #[serde(default)]
    on: String,
    /// The number of the board on which its text is looked at.
    #[serde(default)]
    looking: String,
}

/// `GET /staff/record/{record}`
pub(in crate::pages::routes) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Query(query): Query<OneQuery>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let looked = Looked {
        on: query.on.parse().ok(),
        board: query.looking,
    };
    page(&staff, &state, &view, &actor, &looked, None, None).await
}

/// How somebody looks at a record.
#[derive(Debug, Default)]
struct Looked {
    /// As of the end of this day.
    on: Option<NaiveDate>,
    /// At its text on the board with this number.
    board: String,
}

/// A record that this person may see; one that may not be seen is like one that does not exist.
pub(in crate::pages::routes) async fn view_for<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    record: &str,
) -> Result<(RecordView, Actor), PageError> {
    let not_found = || -> PageError {
        Problem::new(
            ProblemCode::NotFound,
            "没有这条记录，或者您的角色看不到它。",
        )
        .into()
    };
    let id: RecordId = record.parse().map_err(|_| not_found())?;
    let view = state.inner.cases.view(id).await.map_err(fault)?;
    let actor = staff.actor(&view.record.station);
    if !may_see(&view.kind, &actor.roles) {
        return Err(not_found());
    }
    let mut view = view;
    // who may see the person may not see every record of theirs, nor all that name a record
    for shown in [&mut view.of_person, &mut view.naming] {
        shown.retain(|(record, kind)| may_see(kind, &staff.actor(&record.station).roles));
    }
    Ok((view, actor))
}

/// That somebody looks at what is personal is written down before it is shown.
pub(in crate::pages::routes) async fn note_reading<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
) -> Result<(), PageError> {
    if is_about_persons(&view.kind) {
        let subject = &view.record.case_no.0;
        state.audit_reading(staff, subject).await?;
    }
    Ok(())
}

/// Looked up while the reading is written down; shown when both are done.
async fn page<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
    actor: &Actor,
    looked: &Looked,
    tried: Option<&Tried>,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let made = made(staff, state, view, actor, looked, tried, notice);
    let (page, ()) = tokio::try_join!(made, note_reading(staff, state, view))?;
    Ok(page)
}

async fn made<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
    actor: &Actor,
    looked: &Looked,
    tried: Option<&Tried>,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let (cases, on) = (&state.inner.cases, looked.on);
    let mut named = named_by(&view.record);
    named.extend(view.linked_from.iter().take(TIES_SHOWN_MAX).copied());
    named.extend(view.naming.iter().map(|(record, _)| record.id));
    let directory = directory(state, named, Vec::new()).await?;
    let history = cases.history(view.record.id).await.map_err(fault)?;
    let stood = match on {
        Some(day) => cases.as_of(view.record.id, day).await.map_err(fault)?,
        None => None,
    };
    let notice = match (&notice, on, &stood) {
        (None, Some(_), None) => Some(Said::Refused(
            "那天还没有这条记录，下面是现在的。".to_owned(),
        )),
        _ => notice,
    };
    let mut one = compose(&Parts {
        view,
        history: &history,
        directory: &directory,
        actor,
        rules: cases.rules(),
        today: state.now().hall_date(),
        tried,
        as_of: on.zip(stood.as_ref()),
    });
    if let Some(boards) = OnBoards::of(state, &view.kind).await? {
        let (kind, values) = (&view.kind, &view.record.values);
        one.editor = Some(boards.editor(state, kind, values, &looked.board).await?);
    }
    one.documents = state.inner.documents.titles_of(&view.record.kind);
    if is_played(&view.kind) && staff.also::<SeeBoards>().is_some() {
        one.aired = Some(display_record_of(view.record.id));
    }
    one.goes_on = goes_on(staff, state, view, actor);
    let status = match notice {
        Some(Said::Refused(_)) if on.is_none() => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let page = one_page(&desk(staff, state), &one, notice.as_ref());
    Ok((status, page).into_response())
}

/// The page as the record is now, with a sentence about what was asked.
async fn page_now<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
    actor: &Actor,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    page(staff, state, view, actor, &Looked::default(), None, notice).await
}

/// Where a comparison or a batch goes on, for who may go there.
fn goes_on<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
    actor: &Actor,
) -> Option<(String, &'static str)> {
    let record = &view.record;
    if is_comparison(record) {
        staff.also::<ExportRecords>()?;
        return Some((feedback_of(record.id), "下载反馈"));
    }
    let rule = state.inner.lists.answered_batch(&record.kind)?;
    let answer = rule.answer.as_ref()?;
    let may = answer.roles.iter().any(|role| actor.roles.contains(role));
    (may && answer.state == record.state).then(|| (answer_to(record.id), "收回盘"))
}

/// Whether boards play what such records are published as.
fn is_played(kind: &Kind) -> bool {
    let withdraws = |effect: &Effect| {
        matches!(
            effect,
            Effect::WithdrawListing | Effect::WithdrawPolicy | Effect::WithdrawNotice
        )
    };
    let mut effects = kind.transitions.iter().flat_map(|step| &step.effects);
    effects.any(|effect| !withdraws(effect))
}

pub(super) fn to_record(record: RecordId) -> Response {
    Redirect::to(&format!("/staff/record/{record}")).into_response()
}

/// `POST /staff/record/{record}/step/{step}`
pub(in crate::pages::routes) async fn step(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path((record, step)): Path<(String, String)>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let touched = sent.touched(&view.kind);
    let outcome = match draft(&state, &view.kind, &touched).await? {
        Err(faults) => Err((faults, "有几处要改，改好再办。".to_owned())),
        Ok(draft) => {
            let command = move_command(step.clone(), draft, &sent);
            let acted = acted(&state, view.record.id, &sent, command, actor).await?;
            acted.map_err(|refusal| (faults_of(&refusal), refusal.text))
        }
    };
    let Err((faults, text)) = outcome else {
        return Ok(to_record(view.record.id));
    };
    let mut tried = tried(step, &sent);
    tried.returned.touched = touched;
    tried.returned.faults = faults;
    refused_page(&staff, &state, &record, &tried, text).await
}

/// Carries out what was asked by who saw the version that the form tells.
pub(super) async fn acted(
    state: &AppState,
    record: RecordId,
    sent: &Sent,
    command: Command,
    actor: Actor,
) -> Result<Result<(), CaseRefusal>, PageError> {
    let cases = &state.inner.cases;
    let acted = cases.act(record, sent.seen(), command, actor, state.now());
    refused_or_fault(acted.await)
}

/// What was typed for an act, to be shown again.
fn tried(act: impl Into<String>, sent: &Sent) -> Tried {
    let deferred = sent.with_prefix("defer.");
    let deferred = deferred.map(|(doc, day)| (format!("defer.{doc}"), day));
    let words = ["reason", "rule", "remedy", "notice", "to", "kept"];
    let words = words.map(|name| (name.to_owned(), sent.text(name)));
    Tried {
        act: act.into(),
        returned: Returned {
            seen: sent.seen(),
            ..Returned::default()
        },
        texts: words.into_iter().chain(deferred).collect(),
    }
}

/// The page of a record after a refusal: as the record is now, with what was typed.
async fn refused_page<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    record: &str,
    tried: &Tried,
    text: String,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(staff, state, record).await?;
    let text = refusal_text(&view, &tried.returned, text);
    let said = Some(Said::Refused(text));
    page(
        staff,
        state,
        &view,
        &actor,
        &Looked::default(),
        Some(tried),
        said,
    )
    .await
}

/// What a refusal says; of a record that somebody else changed meanwhile it says that, because what
/// the page shows is no longer what was seen.
pub(super) fn refusal_text(view: &RecordView, returned: &Returned, text: String) -> String {
    if view.record.version == returned.seen {
        return text;
    }
    let outdated = "这条记录刚被别人改过，您的还没有存。下面是最新的内容，您填的也还在；看过再办。";
    if returned.faults.is_empty() {
        outdated.to_owned()
    } else {
        format!("{outdated}还有几处要改。")
    }
}

fn move_command(transition: String, draft: Draft, sent: &Sent) -> Command {
    let deferred = sent.with_prefix("defer.");
    let lines = sent.text("notice");
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    Command::Move {
        transition,
        draft,
        reason: sent.text("reason").trim().to_owned(),
        rule: sent.text("rule").trim().to_owned(),
        remedy: sent.text("remedy").trim().to_owned(),
        deferred: deferred
            .filter_map(|(doc, day)| Some((doc, day.parse().ok()?)))
            .collect(),
        notice: lines.map(str::to_owned).collect(),
    }
}

/// What was typed as a draft, or what is wrong with it.
pub(in crate::pages::routes) async fn draft(
    state: &AppState,
    kind: &Kind,
    typed: &Typed,
) -> Result<Result<Draft, Vec<FieldFault>>, PageError> {
    let names = directory(state, Default::default(), typed_parts(typed)).await?;
    Ok(typed::read(kind, typed, &names, state.now().hall_date()))
}

/// A refusal that the page shows; every other fault is the page's own.
pub(in crate::pages::routes) fn refused_or_fault<T>(
    outcome: Result<T, CaseFault>,
) -> Result<Result<T, CaseRefusal>, PageError> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(CaseFault::Refused(refusal)) => Ok(Err(refusal)),
        Err(fault @ CaseFault::Problem(_)) => Err(self::fault(fault)),
    }
}

/// `POST /staff/record/{record}/hand-over`
pub(in crate::pages::routes) async fn hand_over(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let Ok(to) = sent.text("to").parse::<StaffId>() else {
        let text = "请选交给谁。".to_owned();
        return refused_page(&staff, &state, &record, &tried(HAND_OVER, &sent), text).await;
    };
    let command = Command::HandOver {
        to,
        reason: sent.text("reason").trim().to_owned(),
    };
    match acted(&state, view.record.id, &sent, command, actor).await? {
        Ok(()) => Ok(to_record(view.record.id)),
        Err(refusal) => {
            let tried = tried(HAND_OVER, &sent);
            refused_page(&staff, &state, &record, &tried, refusal.text).await
        }
    }
}

/// `POST /staff/record/{record}/merge`: a person's registration is closed in favour of another.
pub(in crate::pages::routes) async fn merge(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let gone = (view.record.id, sent.seen());
    let (kept, reason) = (sent.text("kept"), sent.text("reason"));
    let cases = &state.inner.cases;
    let merged = cases.merge_person(gone, &kept, &reason, actor, state.now());
    match refused_or_fault(merged.await)? {
        Ok(()) => Ok(to_record(view.record.id)),
        Err(refusal) => {
            let tried = tried(MERGE, &sent);
            refused_page(&staff, &state, &record, &tried, refusal.text).await
        }
    }
}

/// `POST /staff/record/{record}/reveal`: the whole value, once, with the reason in the audit.
pub(in crate::pages::routes) async fn reveal(
    staff: Staff<RevealPersonal>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let (field, reason) = (sent.text("field"), sent.text("reason"));
    let known = view.kind.field(&field).and_then(|field| field.personal);
    let Some(known) = known else {
        return page_now(&staff, &state, &view, &actor, None).await;
    };
    // the right may come from a role at another station than the record's
    if !actor
        .roles
        .iter()
        .any(|role| RevealPersonal::ENTRY.has(*role))
    {
        let text = "您在这个网点的身份不能显示全名或全号。";
        let said = Some(Said::Refused(text.to_owned()));
        return page_now(&staff, &state, &view, &actor, said).await;
    }
    let subject = &view.record.case_no.0;
    let proof = match state.reveal(&staff, subject, known, &reason).await {
        Ok(proof) => proof,
        Err(problem) if problem.code == ProblemCode::Refused => {
            let said = Some(Said::Refused(problem.detail));
            return page_now(&staff, &state, &view, &actor, said).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    let cases = &state.inner.cases;
    let plain = cases.reveal(view.record.id, field.clone(), proof).await;
    let plain = plain.map_err(fault)?;
    let text = plain.map_or_else(|| "已删除".to_owned(), |plain| plain.expose().clone());
    let mut shown = view;
    shown.masked.insert(field, text);
    let said = Some(Said::Done(
        "只这一次显示全部，离开这一页就没有了。".to_owned(),
    ));
    page_now(&staff, &state, &shown, &actor, said).await
}
