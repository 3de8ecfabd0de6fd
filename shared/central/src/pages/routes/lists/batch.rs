//! A batch is looked at and built.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::batch::{BatchRule, Candidate};
use domain::case::{Field, FieldFault, FieldType, Values};
use domain::id::StationCode;
use wire::problem::ProblemCode;

use super::super::gate::{Checked, Fields, desk};
use super::super::page_error::PageError;
use super::super::records::{blocking, fault, is_personal};
use super::{asked_fields, asked_values, everybody, may_open_at_the_centre, no_such};
use crate::app_state::AppState;
use crate::cases::batches::{Due, DueBatch, MemberKey, NotBuilt, seen};
use crate::cases::typed::Typed;
use crate::cases::{CENTRE, CaseFault, faults_of, kind_of};
use crate::pages::frame::Said;
use crate::pages::lists::{BatchStage, BatchView, LeftOutLine, MemberLine, batch_page};
use crate::staff::{Staff, WorkOnRecords};

const NOBODY: &str = "现在没有该进这一批的，没有建。";

fn rule_for<'s>(
    staff: &Staff<WorkOnRecords>,
    state: &'s AppState,
    id: &str,
) -> Result<&'s BatchRule, PageError> {
    let rule = state.inner.lists.batch(id).ok_or_else(|| no_such("批"))?;
    let kind = kind_of(state.inner.cases.kinds(), &rule.kind);
    match may_open_at_the_centre(staff, kind) {
        true => Ok(rule),
        false => Err(no_such("批")),
    }
}

/// What its form asks: the month first.
fn asks(state: &AppState, rule: &BatchRule) -> Vec<Field> {
    let kind = kind_of(state.inner.cases.kinds(), &rule.kind);
    let month = rule.month.as_ref().and_then(|id| kind.field(id)).cloned();
    month.into_iter().chain(rule.asks.iter().cloned()).collect()
}

/// `GET /staff/lists/batch/{batch}`
pub(in crate::pages::routes) async fn form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(batch): Path<String>,
) -> Result<Response, PageError> {
    let rule = rule_for(&staff, &state, &batch)?;
    let mut typed = Typed::new();
    if let Some(month) = &rule.month {
        let today = state.now().hall_date();
        typed.insert(month.clone(), today.format("%Y-%m").to_string());
    }
    page(
        &staff,
        &state,
        rule,
        &typed,
        BatchStage::Asking,
        (&[], None),
    )
    .await
}

async fn page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    rule: &BatchRule,
    typed: &Typed,
    stage: BatchStage,
    (faults, refusal): (&[FieldFault], Option<String>),
) -> Result<Response, PageError> {
    let kind = kind_of(state.inner.cases.kinds(), &rule.kind);
    let view = BatchView {
        id: rule.id.clone(),
        name: rule.name.clone(),
        about: rule.about.clone(),
        fields: asked_fields(kind, &asks(state, rule), typed, faults),
        staff: everybody(state).await?,
        stage,
    };
    let status = match refusal {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let said = refusal.map(Said::Refused);
    let page = batch_page(&desk(staff, state), &view, said.as_ref());
    Ok((status, page).into_response())
}

/// `POST /staff/lists/batch/{batch}`: shows who would be in it, then, confirmed, builds it.
pub(in crate::pages::routes) async fn send(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(batch): Path<String>,
    Checked(sent): Checked<Fields>,
) -> Result<Response, PageError> {
    let rule = rule_for(&staff, &state, &batch)?;
    let asks = asks(&state, rule);
    let typed = typed_of(&sent);
    let kind = kind_of(state.inner.cases.kinds(), &rule.kind);
    let back = async |faults: &[FieldFault], text: Option<String>| {
        let stage = BatchStage::Asking;
        page(&staff, &state, rule, &typed, stage, (faults, text)).await
    };
    if sent.text("again") == "yes" {
        return back(&[], None).await;
    }
    let values = match asked_values(&state, kind, &asks, &typed).await? {
        Ok(values) => values,
        Err(faults) => return back(&faults, Some("有几处要改，改好再看。".to_owned())).await,
    };
    let faults = wrong_month(rule, &values);
    if !faults.is_empty() {
        return back(&faults, Some(faults[0].text.clone())).await;
    }
    if sent.text("confirmed") != "yes" {
        return match look(&staff, &state, rule, &values).await? {
            Ok(choice) => looking(&staff, &state, rule, &typed, &choice, None).await,
            Err((faults, text)) => back(&faults, Some(text)).await,
        };
    }
    match built(&staff, &state, rule, &values, sent.text("seen")).await? {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(NotBuilt::Changed) => {
            let text = "刚才有人改了，下面是现在的，请再看一遍再建。".to_owned();
            match look(&staff, &state, rule, &values).await? {
                Ok(choice) => looking(&staff, &state, rule, &typed, &choice, Some(text)).await,
                Err((faults, text)) => back(&faults, Some(text)).await,
            }
        }
        Err(NotBuilt::Empty) => back(&[], Some(NOBODY.to_owned())).await,
        Err(NotBuilt::MonthTaken(batch)) => {
            let text = format!("这个月已经有一批了：{batch}。要重建，先把那一批取消。");
            back(&[], Some(text)).await
        }
        Err(NotBuilt::Refused(refusal)) => {
            back(&faults_of(&refusal), Some(refusal.text.clone())).await
        }
    }
}

/// The fields of the batch, as typed. Of what was typed twice under one name a line for each.
fn typed_of(sent: &Fields) -> Typed {
    let mut typed = Typed::new();
    for (name, value) in sent.all() {
        if let Some(id) = name.strip_prefix("f.") {
            let held = typed.entry(id.to_owned()).or_default();
            if !held.is_empty() {
                held.push('\n');
            }
            held.push_str(value);
        }
    }
    typed
}

/// A month that is none: it must be one by which months can be compared.
fn wrong_month(rule: &BatchRule, values: &Values) -> Vec<FieldFault> {
    let Some(field) = &rule.month else {
        return Vec::new();
    };
    let is_month = match values.get(field) {
        Some(domain::case::Value::Text(text)) => {
            let day = chrono::NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
            day.is_ok_and(|day| day.format("%Y-%m").to_string() == *text)
        }
        _ => false,
    };
    let fault = FieldFault {
        field: field.clone(),
        text: "月份要写成年加月，例：2026-11。".to_owned(),
    };
    match is_month {
        true => Vec::new(),
        false => vec![fault],
    }
}

type Looked = Result<DueBatch, (Vec<FieldFault>, String)>;

/// Who would be in a batch, or why none can be built.
async fn look(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    rule: &BatchRule,
    values: &Values,
) -> Result<Looked, PageError> {
    let (cases, rule, values) = (state.inner.cases.clone(), rule.clone(), values.clone());
    let centre = StationCode::new(CENTRE).map_err(|_| no_such("批"))?;
    let (actor, now) = (staff.actor(&centre), state.now());
    let looked = blocking(move || -> Result<Looked, CaseFault> {
        if let Some(batch) = cases.batch_of_month(&rule, &values)? {
            let text = format!("这个月已经有一批了：{batch}。要重建，先把那一批取消。");
            return Ok(Err((Vec::new(), text)));
        }
        let choice = cases.due_batch(&rule, &values)?;
        match cases.try_batch(&rule, &values, Some(&choice), &actor, now) {
            Ok(()) => Ok(Ok(choice)),
            Err(refusal) => Ok(Err((faults_of(&refusal), refusal.text))),
        }
    });
    looked.await?.map_err(fault)
}

async fn looking(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    rule: &BatchRule,
    typed: &Typed,
    choice: &DueBatch,
    refusal: Option<String>,
) -> Result<Response, PageError> {
    let kinds = state.inner.cases.kinds();
    let mut of_kinds = rule.from.iter().map(|source| kind_of(kinds, &source.kind));
    if of_kinds.any(|kind| is_personal(kind.sensitivity)) {
        let subject = format!("{}，{} 条", rule.name, choice.members.len());
        state.audit_reading(staff, &subject).await?;
    }
    let total = choice.total().filter(|_| rule.total.is_some());
    let left_out = choice.left_out.iter().map(|(candidate, why)| LeftOutLine {
        member: member_line(candidate),
        why: why.to_string(),
    });
    let hidden = asks(state, rule).into_iter().flat_map(|field| {
        let text = typed.get(&field.id).cloned().unwrap_or_default();
        hidden(&field, &text)
    });
    let stage = BatchStage::Looking {
        members: choice.members.iter().map(member_line).collect(),
        left_out: left_out.collect(),
        total: total.map(|total| format!("{total} 元")).unwrap_or_default(),
        seen: seen(choice),
        is_buildable: choice.members.len() >= rule.members_min,
        typed: hidden.collect(),
    };
    page(staff, state, rule, typed, stage, (&[], refusal)).await
}

/// What goes on with the form: of a list one hidden field a line.
fn hidden(field: &Field, text: &str) -> Vec<(String, String)> {
    let name = format!("f.{}", field.id);
    match field.kind {
        FieldType::List { .. } => text
            .lines()
            .map(|line| (name.clone(), line.to_owned()))
            .collect(),
        _ => vec![(name, text.to_owned())],
    }
}

fn member_line(member: &Candidate<Due, MemberKey>) -> MemberLine {
    MemberLine {
        address: format!("/staff/record/{}", member.record.record.id),
        number: member.number.clone(),
        subject: member.record.subject.clone(),
        amount: member
            .amount
            .map(|amount| format!("{amount} 元"))
            .unwrap_or_default(),
    }
}

/// Where the batch is that was built.
async fn built(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    rule: &BatchRule,
    values: &Values,
    looked_at: &str,
) -> Result<Result<String, NotBuilt>, PageError> {
    let (cases, rule, values) = (state.inner.cases.clone(), rule.clone(), values.clone());
    let (looked_at, actor_at, now) = (looked_at.to_owned(), staff.actor_at(), state.now());
    let built =
        blocking(move || cases.build_batch(&rule, &values, &looked_at, actor_at, now)).await?;
    match built {
        Ok(built) => Ok(built.map(|record| format!("/staff/record/{record}"))),
        Err(CaseFault::Problem(problem)) if problem.code == ProblemCode::Refused => {
            Ok(Err(NotBuilt::Refused(domain::case::CaseRefusal {
                code: domain::case::CaseRefusalCode::NotNow,
                text: problem.detail,
                faults: Vec::new(),
                missing: Vec::new(),
            })))
        }
        Err(other) => Err(fault(other)),
    }
}
