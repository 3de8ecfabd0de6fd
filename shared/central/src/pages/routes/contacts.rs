//! The requests of the list of calls, of the state of the outbox, and of what citizens said. Whom a
//! person may call is who stands in a record that the person may see.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{NaiveDateTime, NaiveTime};
use domain::case::{Kind, Record, ServiceLine};
use domain::id::{KindId, OutreachId, StaffId};
use domain::outreach::ContactResult;
use domain::personal::PersonField;
use domain::time::UtcMs;
use maud::Markup;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, Fields, desk};
use super::page_error::PageError;
use super::records::{may_open_somewhere, may_see};
use super::said_or_fault;
use crate::app_state::{AppState, not_found};
use crate::citizens::{FeedbackLine, about_name};
use crate::outreach::CallLine;
use crate::pages::contacts::{
    CALLS_PER_PAGE, CallCard, ContactsView, TriedCall, contacts_page, line_word,
};
use crate::pages::feedback::{FEEDBACK_PER_PAGE, FeedbackShown, FeedbackView, feedback_page};
use crate::pages::frame::Said;
use crate::pages::outbox::outbox_page;
use crate::staff::{
    Denied, MakeContacts, ReadFeedback, RevealPersonal, Right, SeeOutbox, Staff, StaffSession,
    WorkOnRecords,
};

/// The kind in which somebody deals with what a citizen said.
const FEEDBACK_KIND: &str = "policy_feedback";
/// What the audit trail calls the list.
const LIST: &str = "要打的电话";

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ContactsQuery {
    #[serde(default)]
    line: String,
    #[serde(default)]
    page: String,
}

impl ContactsQuery {
    fn of(form: &Fields) -> Self {
        Self {
            line: form.text("line").to_owned(),
            page: form.text("page").to_owned(),
        }
    }

    fn line(&self) -> Option<ServiceLine> {
        const ALL: [ServiceLine; 7] = [
            ServiceLine::Employment,
            ServiceLine::Startup,
            ServiceLine::UnemploymentInsurance,
            ServiceLine::Training,
            ServiceLine::Gig,
            ServiceLine::Administration,
            ServiceLine::Common,
        ];
        ALL.into_iter().find(|line| line_word(*line) == self.line)
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }
}

/// What the list shows of one call after an act.
#[derive(Debug, Default)]
struct OfOne {
    outreach: Option<OutreachId>,
    /// The whole number, shown this once.
    phone: Option<String>,
    tried: TriedCall,
}

/// `GET /staff/contacts`
pub(super) async fn show(
    staff: Staff<MakeContacts>,
    State(state): State<AppState>,
    Query(query): Query<ContactsQuery>,
) -> Result<Response, PageError> {
    list(&staff, &state, &query, OfOne::default(), None).await
}

/// `POST /staff/contacts/{outreach}/log`
pub(super) async fn log(
    staff: Staff<MakeContacts>,
    State(state): State<AppState>,
    Path(outreach): Path<String>,
    Checked(form): Checked<Fields>,
) -> Result<Response, PageError> {
    let query = ContactsQuery::of(&form);
    let tried = TriedCall {
        result: ContactResult::of_word(form.text("result"))
            .filter(|result| ContactResult::OF_CALLS.contains(result)),
        again: form.text("again").to_owned(),
        reason: String::new(),
    };
    let mut line = call(&staff, &state, &outreach).await?;
    // who saw an older page is told so by the desk
    line.row.calls = form.text("seen").parse().unwrap_or(line.row.calls);
    let outcome = match tried.result {
        None => Err(refused("请先选打电话的结果，再点“记下”。")),
        Some(result) => {
            let wished = moment(&tried.again);
            state.log_call(&staff, &line, result, wished).await
        }
    };
    match said_or_fault(outcome)? {
        None => {
            let done = Some(Said::Done("记下了，办件的“经过”里看得到。".to_owned()));
            list(&staff, &state, &query, OfOne::default(), done).await
        }
        said => {
            let of_one = OfOne {
                outreach: Some(line.row.outreach),
                phone: None,
                tried,
            };
            list(&staff, &state, &query, of_one, said).await
        }
    }
}

/// `POST /staff/contacts/{outreach}/reveal`: the whole number, once, with the reason in the audit.
pub(super) async fn reveal(
    revealing: Staff<RevealPersonal>,
    State(state): State<AppState>,
    Path(outreach): Path<String>,
    Checked(form): Checked<Fields>,
) -> Result<Response, PageError> {
    let staff = revealing.also::<MakeContacts>();
    let staff = staff.ok_or(PageError::Denied(Denied::Role(MakeContacts::ENTRY)))?;
    let query = ContactsQuery::of(&form);
    let line = call(&staff, &state, &outreach).await?;
    let reason = form.text("reason");
    let mut of_one = OfOne {
        outreach: Some(line.row.outreach),
        ..OfOne::default()
    };
    // the right may come from a role at another station than the record's
    let roles = staff.actor(&line.station).roles;
    if !roles.iter().any(|role| RevealPersonal::ENTRY.has(*role)) {
        let said = Said::Refused("您在这个网点的身份不能看全号。请找经办的人打。".to_owned());
        return list(&staff, &state, &query, of_one, Some(said)).await;
    }
    let field = PersonField::Phone;
    let proof = match state.reveal(&revealing, &line.case_no, field, reason).await {
        Ok(proof) => proof,
        Err(problem) if problem.code == ProblemCode::Refused => {
            of_one.tried.reason = reason.to_owned();
            let said = Some(Said::Refused(problem.detail));
            return list(&staff, &state, &query, of_one, said).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    let phone = state.number_to_call(&line, proof).await?;
    of_one.phone = phone.map(|phone| phone.expose().clone());
    let said = match of_one.phone {
        Some(_) => Said::Done("号码只这一次显示，离开这一页就没有了。".to_owned()),
        None => Said::Refused("没有登记电话。请到办件里补上，再打。".to_owned()),
    };
    list(&staff, &state, &query, of_one, Some(said)).await
}

/// `POST /staff/contacts/{outreach}/opt-out`
pub(super) async fn opt_out(
    staff: Staff<MakeContacts>,
    State(state): State<AppState>,
    Path(outreach): Path<String>,
    Checked(form): Checked<Fields>,
) -> Result<Response, PageError> {
    let query = ContactsQuery::of(&form);
    let line = call(&staff, &state, &outreach).await?;
    let is_out = form.text("out") != "no";
    let outcome = state.set_opt_out(&staff, &line, is_out).await;
    let done = match is_out {
        true => "记下了：这个号码以后不发短信，只打电话。",
        false => "记下了：这个号码又可以发短信了。",
    };
    let said = said_or_fault(outcome)?.unwrap_or_else(|| Said::Done(done.to_owned()));
    list(&staff, &state, &query, OfOne::default(), Some(said)).await
}

/// Whether somebody may see a record, by the roles at the record's station.
fn seen_by_session(session: StaffSession) -> impl Fn(&Kind, &Record) -> bool + Send + 'static {
    move |kind, record| may_see(kind, &session.actor(&record.station).roles)
}

async fn call(
    staff: &Staff<MakeContacts>,
    state: &AppState,
    outreach: &str,
) -> Result<CallLine, PageError> {
    let id = outreach.parse::<OutreachId>();
    let id = id.map_err(|_| not_found("没有这个要联系的事。请回联系页再找。"))?;
    let sees = seen_by_session(StaffSession::clone(staff));
    Ok(state.call(staff, id, sees).await?)
}

async fn list(
    staff: &Staff<MakeContacts>,
    state: &AppState,
    query: &ContactsQuery,
    of_one: OfOne,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let sees = seen_by_session(StaffSession::clone(staff));
    let mut calls = state.calls(staff, sees).await?;
    let now = state.now();
    let (own_lines, by_line) = (own_lines(&calls, staff.staff), by_line(&calls));
    let line = query.line();
    calls.retain(|call| line.is_none_or(|line| call.line == line));
    calls.sort_by_key(|call| {
        let is_today = call.row.due_at.hall_date() <= now.hall_date();
        let is_own = call.owner == Some(staff.staff);
        let is_own_line = own_lines.contains(&call.line);
        (Reverse((is_today, is_own, is_own_line)), call.row.due_at)
    });
    let (count, page) = (calls.len(), query.page());
    let skip = usize::try_from(page - 1)
        .unwrap_or(0)
        .saturating_mul(CALLS_PER_PAGE);
    let shown = calls.iter().skip(skip).take(CALLS_PER_PAGE);
    let shown: Vec<_> = shown
        .map(|call| card(call, staff.staff, now, &of_one))
        .collect();
    if !shown.is_empty() {
        state.audit_reading_of_day(staff, LIST).await?;
    }
    let view = ContactsView {
        lines: by_line.into_iter().collect(),
        line,
        calls: shown,
        count,
        page,
        may_reveal: staff.also::<RevealPersonal>().is_some(),
    };
    let status = match &notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        Some(Said::Done(_)) | None => StatusCode::OK,
    };
    let page = contacts_page(&desk(staff, state), &view, notice.as_ref());
    Ok((status, page).into_response())
}

/// The lines of the records that somebody deals with.
fn own_lines(calls: &[CallLine], staff: StaffId) -> BTreeSet<ServiceLine> {
    let own = calls.iter().filter(|call| call.owner == Some(staff));
    own.map(|call| call.line).collect()
}

fn by_line(calls: &[CallLine]) -> BTreeMap<ServiceLine, usize> {
    let mut lines = BTreeMap::new();
    for call in calls {
        *lines.entry(call.line).or_default() += 1;
    }
    lines
}

fn card(call: &CallLine, staff: StaffId, now: UtcMs, of_one: &OfOne) -> CallCard {
    let row = &call.row;
    let is_this = of_one.outreach == Some(row.outreach);
    let whole = of_one.phone.clone().filter(|_| is_this);
    CallCard {
        outreach: row.outreach.to_string(),
        name: row.name.clone(),
        kind_name: call.kind_name.clone(),
        case_no: call.case_no.clone(),
        record: format!("/staff/record/{}", row.record),
        who: call.who.clone(),
        is_whole: whole.is_some(),
        phone: whole.unwrap_or_else(|| call.phone.clone()),
        words: call.words.clone(),
        mark: mark(row.due_at, now),
        before: before(call),
        is_opted_out: call.is_opted_out,
        is_own: call.owner == Some(staff),
        seen: row.calls,
        tried: if is_this {
            of_one.tried.clone()
        } else {
            TriedCall::default()
        },
    }
}

/// When the call is to be made, with the tag's class.
fn mark(due_at: UtcMs, now: UtcMs) -> (String, &'static str) {
    let days = (now.hall_date() - due_at.hall_date()).num_days();
    match days {
        _ if due_at > now && days == 0 => (format!("{} 再打", due_at.clock_text()), "now"),
        _ if due_at > now => (format!("{} 再打", due_at.day_and_clock_text()), "now"),
        0 => ("现在打".to_owned(), "care"),
        _ => (format!("等了 {days} 天"), "stop"),
    }
}

fn before(call: &CallLine) -> String {
    match (call.row.last, call.row.calls) {
        (None, _) => String::new(),
        (Some(last), 0) => format!("为什么打电话：{}。", last.name()),
        (Some(last), calls) => format!("打过 {calls} 次，上次：{}。", last.name()),
    }
}

/// A moment on the hall's clock as a form sends it.
fn moment(text: &str) -> Option<UtcMs> {
    let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    let since = read.time().signed_duration_since(NaiveTime::MIN);
    Some(UtcMs::start_of(read.date()).plus_ms(since.num_milliseconds()))
}

fn refused(sentence: &str) -> Problem {
    Problem::new(ProblemCode::Refused, sentence)
}

/// `GET /staff/outbox`
pub(super) async fn outbox(
    staff: Staff<SeeOutbox>,
    State(state): State<AppState>,
) -> Result<Markup, PageError> {
    let view = state.outbox(&staff).await?;
    Ok(outbox_page(&desk(&staff, &state), &view))
}

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct FeedbackQuery {
    #[serde(default)]
    page: String,
}

/// `GET /staff/feedback`
pub(super) async fn feedback(
    staff: Staff<ReadFeedback>,
    State(state): State<AppState>,
    Query(query): Query<FeedbackQuery>,
) -> Result<Markup, PageError> {
    let page = query.page.parse::<u64>().unwrap_or(1).max(1);
    let skip = (page - 1).saturating_mul(FEEDBACK_PER_PAGE.into());
    let (lines, count) = state.feedback(&staff, skip, FEEDBACK_PER_PAGE).await?;
    let halls = state.halls();
    let shown = |line: &FeedbackLine| FeedbackShown {
        at: line.row.at.day_and_clock_text(),
        hall: halls.get(&line.row.hall).cloned().unwrap_or_default(),
        level: line.row.level,
        about: about_name(&line.row.about),
        words: line
            .words
            .as_ref()
            .map(|words| words.expose().clone())
            .unwrap_or_default(),
        is_shut: line.row.text.is_some() && line.words.is_none(),
    };
    let view = FeedbackView {
        lines: lines.iter().map(shown).collect(),
        count,
        page,
        may_record: may_record(&staff, &state),
    };
    Ok(feedback_page(&desk(&staff, &state), &view))
}

fn may_record(staff: &Staff<ReadFeedback>, state: &AppState) -> bool {
    let kind = KindId::new(FEEDBACK_KIND).ok();
    let kind = kind.and_then(|kind| state.inner.cases.kinds().kind(&kind).cloned());
    let worker = staff.also::<WorkOnRecords>();
    kind.zip(worker)
        .is_some_and(|(kind, worker)| may_open_somewhere(&worker, &kind))
}
