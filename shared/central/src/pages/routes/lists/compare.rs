//! A list is tried, opened, its refused rows fetched, and its answer taken out.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::case::{FieldFault, Kind, Record};
use domain::comparison::ListComparison;
use domain::id::RecordId;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::{Checked, Fields, desk};
use super::super::page_error::PageError;
use super::super::records::{XLSX, blocking, fault, file, may_see, roles_with, view_for};
use super::super::upload::Upload;
use super::{asked_fields, asked_values, everybody, may_open_at_the_centre, no_such};
use crate::app_state::AppState;
use crate::cases::comparing::{BroughtList, TriedList, TriedRow};
use crate::cases::typed::Typed;
use crate::cases::{CaseFault, kind_of};
use crate::pages::frame::Said;
use crate::pages::lists::{CompareStage, CompareView, DoneView, FoundRow, TriedView, compare_page};
use crate::pages::records::moment_text;
use crate::sheet::{self, ExportHead, SheetError};
use crate::staff::{ExportRecords, Staff, WorkOnRecords, acts};

const GONE: &str = "这个文件放得太久，或者已经开过了。请重新选文件；开过的不会再开。";

/// The list with this id, if this person may open what its hits open.
fn list_for<'s>(
    staff: &Staff<WorkOnRecords>,
    state: &'s AppState,
    id: &str,
) -> Result<(&'s ListComparison, &'s Arc<Kind>), PageError> {
    let list = state.inner.lists.comparison(id);
    let list = list.ok_or_else(|| no_such("名单"))?;
    let kind = kind_of(state.inner.cases.kinds(), &list.opens.kind);
    match may_open_at_the_centre(staff, kind) {
        true => Ok((list, kind)),
        false => Err(no_such("名单")),
    }
}

/// `GET /staff/lists/compare/{list}`
pub(in crate::pages::routes) async fn form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(list): Path<String>,
) -> Result<Response, PageError> {
    list_for(&staff, &state, &list)?;
    asking(&staff, &state, &list, &Typed::new(), (&[], None)).await
}

/// The form with what was typed, and what is wrong with it.
async fn asking(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    list: &str,
    typed: &Typed,
    (faults, refusal): (&[FieldFault], Option<String>),
) -> Result<Response, PageError> {
    let (rule, kind) = list_for(staff, state, list)?;
    let fields = asked_fields(kind, &rule.opens.asks, typed, faults);
    page(
        staff,
        state,
        rule,
        CompareStage::Asking(fields),
        refusal.map(Said::Refused),
    )
    .await
}

async fn page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    rule: &ListComparison,
    stage: CompareStage,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let kinds = state.inner.cases.kinds();
    let (against, opens) = (
        kind_of(kinds, &rule.against.kind),
        kind_of(kinds, &rule.opens.kind),
    );
    let states = rule
        .against
        .states
        .iter()
        .filter_map(|id| against.state(id));
    let states: Vec<_> = states.map(|state| state.name.as_str()).collect();
    let view = CompareView {
        id: rule.id.clone(),
        name: rule.name.clone(),
        about: rule.about.clone(),
        against: format!("{}（{}）", against.name, states.join("、")),
        opens: opens.name.clone(),
        staff: everybody(state).await?,
        stage,
    };
    let status = match notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let page = compare_page(&desk(staff, state), &view, notice.as_ref());
    Ok((status, page).into_response())
}

/// `POST /staff/lists/compare/{list}`: tries the file.
pub(in crate::pages::routes) async fn try_file(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(list): Path<String>,
    sent: Upload,
) -> Result<Response, PageError> {
    let (rule, kind) = list_for(&staff, &state, &list)?;
    let asked = match asked_values(&state, kind, &rule.opens.asks, &sent.fields).await? {
        Ok(asked) => asked,
        Err(faults) => {
            let text = "有几处要改。改好，把文件再选一次。".to_owned();
            return asking(&staff, &state, &list, &sent.fields, (&faults, Some(text))).await;
        }
    };
    let brought = BroughtList {
        list: list.clone(),
        file_name: sent.file_name.clone(),
        bytes: sent.bytes.to_vec(),
        asked,
    };
    // what a list says of persons is shown next, masked: that is written down before
    let subject = format!("{}，批次 {}", rule.name, brought.batch_no());
    state.audit_reading(&staff, &subject).await?;
    let tried = tried(&state, rule, brought.clone()).await?;
    let tried = match tried {
        Ok(tried) => tried,
        Err(text) => {
            return asking(&staff, &state, &list, &sent.fields, (&[], Some(text))).await;
        }
    };
    let batch_no = brought.batch_no().to_owned();
    let held = state
        .inner
        .brought_lists
        .hold(brought, staff.staff, state.now());
    let stage = CompareStage::Tried(tried_view(&staff, &state, tried, held, batch_no));
    page(&staff, &state, rule, stage, None).await
}

async fn tried(
    state: &AppState,
    rule: &ListComparison,
    brought: BroughtList,
) -> Result<Result<TriedList, String>, PageError> {
    let (cases, rule, now) = (state.inner.cases.clone(), rule.clone(), state.now());
    let tried = blocking(move || cases.try_list(&rule, &brought, now)).await?;
    tried.map_err(fault)
}

fn tried_view(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    tried: TriedList,
    held: String,
    batch_no: String,
) -> TriedView {
    let against = |record: &Record| {
        let kind = kind_of(state.inner.cases.kinds(), &record.kind);
        // a record that this person may not see is only said to be there
        match may_see(kind, &staff.actor(&record.station).roles) {
            true => (
                format!("/staff/record/{}", record.id),
                record.case_no.0.clone(),
            ),
            false => (String::from("#content"), kind.name.clone()),
        }
    };
    let row = |row: &TriedRow| FoundRow {
        line: row.line,
        name: row.name.clone(),
        number: row.number.clone(),
        against: row.against.iter().map(against).collect(),
        doubt: row.doubt.map(|doubt| doubt.to_string()).unwrap_or_default(),
        opened: row.opened.clone().unwrap_or_default(),
    };
    TriedView {
        held,
        batch_no,
        compared: tried.compared(),
        hits: tried.hits().map(row).collect(),
        possible: tried.possible().map(row).collect(),
        earlier: tried.earlier,
        read: Box::new(tried.read),
    }
}

/// `POST /staff/lists/compare/{list}/{held}`: opens what was tried.
pub(in crate::pages::routes) async fn open(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path((list, held)): Path<(String, String)>,
    Checked(sent): Checked<Fields>,
) -> Result<Response, PageError> {
    let (rule, _) = list_for(&staff, &state, &list)?;
    let waiting = &state.inner.brought_lists;
    let Some(brought) = waiting.take(&held, staff.staff, |brought| brought.list == list) else {
        let gone = Some(GONE.to_owned());
        return asking(&staff, &state, &list, &Typed::new(), (&[], gone)).await;
    };
    let ticked = sent.all().iter().filter(|(name, _)| name == "line");
    let ticked: BTreeSet<u32> = ticked.filter_map(|(_, line)| line.parse().ok()).collect();
    let (cases, now) = (state.inner.cases.clone(), state.now());
    let (wanted, actor_at) = (rule.clone(), staff.actor_at());
    let opened =
        blocking(move || cases.open_list(&wanted, &brought, &ticked, actor_at, now)).await?;
    let compared = match opened {
        Ok(Ok(compared)) => compared,
        Ok(Err(text)) => {
            return asking(&staff, &state, &list, &Typed::new(), (&[], Some(text))).await;
        }
        Err(CaseFault::Problem(problem)) if problem.code == ProblemCode::Refused => {
            let text = Some(problem.detail);
            return asking(&staff, &state, &list, &Typed::new(), (&[], text)).await;
        }
        Err(other) => return Err(fault(other)),
    };
    let stage = CompareStage::Done(DoneView {
        record: compared.record.to_string(),
        opened: compared.opened,
        before: compared.before,
        refused: compared.refused,
    });
    page(&staff, &state, rule, stage, None).await
}

/// `GET /staff/lists/compare/{list}/{held}/rejects.xlsx`
pub(in crate::pages::routes) async fn rejects(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path((list, held)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (rule, _) = list_for(&staff, &state, &list)?;
    let of_list = |brought: &BroughtList| (brought.list == list).then(|| brought.clone());
    let brought = state.inner.brought_lists.look(&held, staff.staff, of_list);
    let gone = || {
        let text = "这个文件放得太久，已经没有了。请重新传一次。";
        Problem::new(ProblemCode::NotFound, text)
    };
    let brought = brought.ok_or_else(gone)?;
    let tried = tried(&state, rule, brought).await?;
    let tried = tried.map_err(|text| Problem::new(ProblemCode::Refused, text))?;
    let subject = format!("{}没有比的 {} 行", rule.name, tried.read.rejected.len());
    state.audit_reading(&staff, &subject).await?;
    let bytes = sheet::rejects(&rule.sheet(), &tried.read).map_err(|error| refused(&error))?;
    Ok(file(bytes, XLSX, &format!("{}没有比的行.xlsx", rule.name)))
}

/// `GET /staff/lists/compare/{list}/template.xlsx`
pub(in crate::pages::routes) async fn template(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(list): Path<String>,
) -> Result<Response, PageError> {
    let (rule, _) = list_for(&staff, &state, &list)?;
    let bytes = sheet::template(&rule.sheet()).map_err(|error| refused(&error))?;
    Ok(file(bytes, XLSX, &format!("{}空表.xlsx", rule.name)))
}

/// `GET /staff/lists/feedback/{record}`: the list with what was found, for who sent it.
pub(in crate::pages::routes) async fn feedback(
    staff: Staff<ExportRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let may = may_see(&view.kind, &(&actor.roles & &roles_with(&staff)));
    let id: RecordId = view.record.id;
    if !may {
        return Err(no_such("比对"));
    }
    let (cases, lists, now) = (
        state.inner.cases.clone(),
        state.inner.lists.clone(),
        state.now(),
    );
    let made = blocking(move || cases.feedback(&lists, id, now)).await?;
    let made = made.map_err(fault)?;
    let subject = format!("{} 反馈 {} 行", made.case_no, made.rows.len());
    state.note(&staff, acts::RECORDS_EXPORTED, &subject).await?;
    let head = ExportHead {
        title: format!("{}反馈", made.list),
        filter_text: made.case_no.clone(),
        made_at_text: moment_text(now),
        made_by: staff.name.clone(),
        is_demo: state.is_demo(),
    };
    let name = format!("{}反馈 {}.xlsx", made.list, made.case_no);
    let make = move || sheet::export_xlsx(&made.columns, made.rows.into_iter(), &head);
    let bytes = blocking(make).await?.map_err(|error| refused(&error))?;
    Ok(file(bytes, XLSX, &name))
}

fn refused(error: &SheetError) -> PageError {
    Problem::new(ProblemCode::Refused, error.to_string()).into()
}
