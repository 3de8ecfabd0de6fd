//! One record: showing it, changing it, doing a step, revealing a value, handing it over.

use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use domain::case::{Actor, CaseRefusal, Command, Draft, FieldFault, Kind};
use domain::id::{RecordId, StaffId};
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::{Checked, desk};
use super::super::page_error::PageError;
use super::{Sent, directory, fault, is_about_persons, may_see, typed_parts};
use crate::app_state::AppState;
use crate::cases::typed::{self, Typed, written};
use crate::cases::{CaseFault, RecordView, faults_of, named_by};
use crate::pages::frame::Said;
use crate::pages::guard::AtTheDesk;
use crate::pages::records::{
    FormView, Parts, Tried, compose, fields, form_page, is_asked_later, one_page, staff_choices,
};
use crate::staff::{RevealPersonal, Right, Staff, WorkOnRecords};

/// Query of the page.
#[derive(Debug, Deserialize)]
pub(in crate::pages::routes) struct OneQuery {
    /// As of the end of this day.
    #[serde(default)]
    on: String,
}

/// `GET /staff/record/{record}`
pub(in crate::pages::routes) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Query(query): Query<OneQuery>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let on = query.on.parse().ok();
    page(&staff, &state, &view, &actor, on, None, None).await
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
    // who may see the person may not see every record of theirs
    view.of_person
        .retain(|(record, kind)| may_see(kind, &staff.actor(&record.station).roles));
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

async fn page<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    view: &RecordView,
    actor: &Actor,
    on: Option<NaiveDate>,
    tried: Option<&Tried>,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    note_reading(staff, state, view).await?;
    let cases = &state.inner.cases;
    let mut named = named_by(&view.record);
    named.extend(view.linked_from.iter().copied());
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
    let one = compose(&Parts {
        view,
        history: &history,
        directory: &directory,
        actor,
        rules: cases.rules(),
        today: state.now().hall_date(),
        tried,
        as_of: on.zip(stood.as_ref()),
    });
    let status = match notice {
        Some(Said::Refused(_)) if on.is_none() => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let page = one_page(&desk(staff, state), &one, notice.as_ref());
    Ok((status, page).into_response())
}

fn to_record(record: RecordId) -> Response {
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
    let mut tried = Tried {
        step: step.clone(),
        typed: sent.typed(),
        faults: Vec::new(),
        texts: ["reason", "rule", "remedy", "notice"]
            .map(|name| (name.to_owned(), sent.text(name)))
            .into(),
    };
    let outcome = match draft(&state, &view.kind, &tried.typed).await? {
        Err(faults) => Err((faults, "有几处要改，改好再办。".to_owned())),
        Ok(draft) => {
            let command = move_command(step, draft, &sent);
            let now = state.now();
            let acted =
                state
                    .inner
                    .cases
                    .act(view.record.id, sent.seen(), command, actor.clone(), now);
            refused_or_fault(acted.await)?.map_err(|refusal| (faults_of(&refusal), refusal.text))
        }
    };
    match outcome {
        Ok(()) => Ok(to_record(view.record.id)),
        Err((faults, text)) => {
            tried.faults = faults;
            let said = Some(Said::Refused(text));
            // what somebody else changed meanwhile is shown as it is now
            let (view, actor) = view_for(&staff, &state, &record).await?;
            page(&staff, &state, &view, &actor, None, Some(&tried), said).await
        }
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
pub(super) async fn draft(
    state: &AppState,
    kind: &Kind,
    typed: &Typed,
) -> Result<Result<Draft, Vec<FieldFault>>, PageError> {
    let names = directory(state, Default::default(), typed_parts(typed)).await?;
    Ok(typed::read(kind, typed, &names, state.now().hall_date()))
}

/// A refusal that the page shows; every other fault is the page's own.
pub(super) fn refused_or_fault<T>(
    outcome: Result<T, CaseFault>,
) -> Result<Result<T, CaseRefusal>, PageError> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(CaseFault::Refused(refusal)) => Ok(Err(refusal)),
        Err(fault @ CaseFault::Problem(_)) => Err(self::fault(fault)),
    }
}

/// `GET /staff/record/{record}/change`
pub(in crate::pages::routes) async fn change_form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(&staff, &state, &record).await?;
    let seen = view.record.version;
    change_page(&staff, &state, (&view, seen), None, &[], None).await
}

/// `POST /staff/record/{record}/change`
pub(in crate::pages::routes) async fn change(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let typed = sent.typed();
    let refused = match draft(&state, &view.kind, &typed).await? {
        Err(faults) => (faults, "有几处要改，改好再存。".to_owned()),
        Ok(draft) => {
            let draft = unchanged_personal_left_out(&view.kind, draft);
            let command = Command::Change {
                draft,
                reason: String::new(),
            };
            let now = state.now();
            let acted = state
                .inner
                .cases
                .act(view.record.id, sent.seen(), command, actor, now);
            match refused_or_fault(acted.await)? {
                Ok(()) => return Ok(to_record(view.record.id)),
                Err(refusal) => (faults_of(&refusal), refusal.text),
            }
        }
    };
    let (faults, text) = refused;
    let said = Some(Said::Refused(text));
    // what was typed goes with what was seen: else it would go over what somebody else wrote
    change_page(
        &staff,
        &state,
        (&view, sent.seen()),
        Some(&typed),
        &faults,
        said,
    )
    .await
}

/// A personal field that was left empty keeps what it holds: the form never showed it.
fn unchanged_personal_left_out(kind: &Kind, draft: Draft) -> Draft {
    let is_personal = |id: &str| kind.field(id).is_some_and(|field| field.personal.is_some());
    draft
        .into_iter()
        .filter(|(id, value)| value.is_some() || !is_personal(id))
        .collect()
}

async fn change_page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    (view, seen): (&RecordView, u64),
    typed: Option<&Typed>,
    faults: &[FieldFault],
    notice: Option<Said>,
) -> Result<Response, PageError> {
    note_reading(staff, state, view).await?;
    let directory = directory(state, named_by(&view.record), Vec::new()).await?;
    let stands = |field: &domain::case::Field| match typed.and_then(|typed| typed.get(&field.id)) {
        Some(typed) => typed.clone(),
        None => {
            let value = view.record.values.get(&field.id);
            value
                .map(|value| written(value, &directory))
                .unwrap_or_default()
        }
    };
    let masked =
        |field: &domain::case::Field| view.masked.get(&field.id).cloned().unwrap_or_default();
    let shown = |field: &domain::case::Field| {
        view.record.values.contains_key(&field.id) || !is_asked_later(&view.kind, field)
    };
    let record = view.record.id;
    let form = FormView {
        title: format!("修改 {}", view.record.case_no.0),
        about: view.kind.about.clone(),
        action: format!("/staff/record/{record}/change"),
        back: format!("/staff/record/{record}"),
        button: "存下".to_owned(),
        seen,
        fields: fields(&view.kind, shown, stands, masked, faults),
        staff: staff_choices(&directory),
        stations: Vec::new(),
        asks_person: false,
        person_typed: String::new(),
        asks_employer: false,
        employer_typed: String::new(),
        corrects: String::new(),
    };
    let status = if notice.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = form_page(&desk(staff, state), &form, notice.as_ref());
    Ok((status, Extension(AtTheDesk), page).into_response())
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
        let said = Some(Said::Refused("请选交给谁。".to_owned()));
        return page(&staff, &state, &view, &actor, None, None, said).await;
    };
    let command = Command::HandOver {
        to,
        reason: sent.text("reason").trim().to_owned(),
    };
    let now = state.now();
    let acted = state
        .inner
        .cases
        .act(view.record.id, sent.seen(), command, actor.clone(), now);
    match refused_or_fault(acted.await)? {
        Ok(()) => Ok(to_record(view.record.id)),
        Err(refusal) => {
            let said = Some(Said::Refused(refusal.text));
            page(&staff, &state, &view, &actor, None, None, said).await
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
    let merged = cases.merge_person(gone, &kept, &reason, actor.clone(), state.now());
    match refused_or_fault(merged.await)? {
        Ok(()) => Ok(to_record(view.record.id)),
        Err(refusal) => {
            let said = Some(Said::Refused(refusal.text));
            page(&staff, &state, &view, &actor, None, None, said).await
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
        return page(&staff, &state, &view, &actor, None, None, None).await;
    };
    // the right may come from a role at another station than the record's
    if !actor
        .roles
        .iter()
        .any(|role| RevealPersonal::ENTRY.has(*role))
    {
        let text = "您在这个网点的身份不能显示全名或全号。";
        let said = Some(Said::Refused(text.to_owned()));
        return page(&staff, &state, &view, &actor, None, None, said).await;
    }
    let subject = &view.record.case_no.0;
    let proof = match state.reveal(&staff, subject, known, &reason).await {
        Ok(proof) => proof,
        Err(problem) if problem.code == ProblemCode::Refused => {
            let said = Some(Said::Refused(problem.detail));
            return page(&staff, &state, &view, &actor, None, None, said).await;
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
    page(&staff, &state, &shown, &actor, None, None, said).await
}
