//! The requests of the pages of lists and batches: what they share, and the page from which they
//! begin. Comparing is in `compare`, building a batch in `batch`, a bank's answer in `answer`.

mod answer;
mod batch;
mod compare;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::batch::BatchRule;
use domain::case::{self, Field, FieldFault, Kind, Record, StateStage, Value, Values};
use domain::id::{KindId, StationCode};
use wire::problem::{Problem, ProblemCode};

use super::gate::desk;
use super::page_error::PageError;
use super::records::{directory, fault, may_see, read};
use crate::app_state::AppState;
use crate::cases::batches::WantedBatch;
use crate::cases::typed::{self, Typed, values_of};
use crate::cases::{CENTRE, comparing, kind_of};
use crate::pages::lists::{BeginLine, ListsView, PastBatch, PastComparison, lists_page};
use crate::pages::records::{
    FieldView, Filled, StaffChoice, fields, moment_text, staff_choices, state_name,
};
use crate::staff::{ExportRecords, Staff, WorkOnRecords};
use crate::store::{CaseLine, CaseQuery};

pub(super) use answer::{form as answer_form, take as take_answer, try_file as try_answer};
pub(super) use batch::{form as batch_form, send as build};
pub(super) use compare::{
    feedback, form as compare_form, open as open_list, rejects, template, try_file as try_list,
};

/// Where lists are brought: its body may be as long as a sheet.
pub(crate) const COMPARE_ROUTE: &str = "/staff/lists/compare/{list}";
/// Where banks' answers are brought.
pub(crate) const ANSWER_ROUTE: &str = "/staff/lists/answer/{record}";

/// Comparisons and batches of one kind that are shown.
const PAST_MAX: u32 = 20;

/// `GET /staff/lists`
pub(super) async fn index(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    let (lists, kinds) = (&state.inner.lists, state.inner.cases.kinds());
    let may_open = |id: &KindId| may_open_at_the_centre(&staff, kind_of(kinds, id));
    let comparisons = lists.comparisons().iter();
    let comparisons = comparisons.filter(|list| may_open(&list.opens.kind));
    let batches = lists.batches().iter().filter(|rule| may_open(&rule.kind));
    let view = ListsView {
        comparisons: comparisons
            .map(|list| begin(&list.id, &list.name, &list.about))
            .collect(),
        batches: batches
            .map(|rule| begin(&rule.id, &rule.name, &rule.about))
            .collect(),
        past: past(&staff, &state).await?,
        built: built(&staff, &state).await?,
        may_export: staff.also::<ExportRecords>().is_some(),
    };
    Ok(lists_page(&desk(&staff, &state), &view).into_response())
}

/// The batches that this person may make, of which one is missing today.
pub(super) async fn wanted(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
) -> Result<Vec<WantedBatch>, PageError> {
    let (cases, today) = (&state.inner.cases, state.now().hall_date());
    let may_open = |rule: &&BatchRule| {
        rule.every.is_some() && may_open_at_the_centre(staff, kind_of(cases.kinds(), &rule.kind))
    };
    let rules = state.inner.lists.batches().iter().filter(may_open);
    let wanted = cases.wanted_batches(rules.cloned().collect(), today);
    wanted.await.map_err(fault)
}

/// Lists and batches are of the whole district: who only deals with a station's records is told
/// nothing of them.
fn may_open_at_the_centre(staff: &Staff<WorkOnRecords>, kind: &Kind) -> bool {
    let centre = StationCode::new(CENTRE);
    centre.is_ok_and(|centre| case::may_open(kind, &staff.actor(&centre)).is_ok())
}

fn begin(id: &str, name: &str, about: &str) -> BeginLine {
    BeginLine {
        id: id.to_owned(),
        name: name.to_owned(),
        about: about.to_owned(),
    }
}

async fn past(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
) -> Result<Vec<PastComparison>, PageError> {
    let id = KindId::new(comparing::KIND).map_err(|_| no_such("名单比对"))?;
    let kind = Arc::clone(kind_of(state.inner.cases.kinds(), &id));
    let lines = newest(staff, state, &kind, Vec::new()).await?;
    let line = |line: CaseLine| PastComparison {
        counts: ["rows", "hits", "possible", "opened"].map(|id| count(&line.body, id)),
        record: line.record.to_string(),
        case_no: line.case_no,
        title: line.title,
        state: state_name(&kind, &line.state),
        at: moment_text(line.body.opened_at),
    };
    Ok(lines.into_iter().map(line).collect())
}

fn count(record: &Record, field: &str) -> String {
    match record.values.get(field) {
        Some(Value::Integer(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Batches that have not ended, of every kind of batch that this person may see.
async fn built(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
) -> Result<Vec<PastBatch>, PageError> {
    let (lists, kinds) = (&state.inner.lists, state.inner.cases.kinds());
    let of_kinds: BTreeMap<_, _> = lists
        .batches()
        .iter()
        .map(|rule| (rule.kind.clone(), Arc::clone(kind_of(kinds, &rule.kind))))
        .collect();
    let mut built = Vec::new();
    for kind in of_kinds.values() {
        let in_hand = kind
            .states
            .iter()
            .filter(|state| state.stage != StateStage::End);
        let in_hand = in_hand.map(|state| state.id.clone()).collect();
        let answer = lists
            .answered_batch(&kind.id)
            .and_then(|rule| rule.answer.as_ref());
        for line in newest(staff, state, kind, in_hand).await? {
            let roles = staff.actor(&line.body.station).roles;
            let awaits_answer = answer.is_some_and(|answer| {
                answer.state == line.state && answer.roles.iter().any(|role| roles.contains(role))
            });
            built.push(PastBatch {
                record: line.record.to_string(),
                case_no: line.case_no,
                kind_name: kind.name.clone(),
                title: line.title,
                state: state_name(kind, &line.state),
                at: moment_text(line.body.opened_at),
                awaits_answer,
            });
        }
    }
    Ok(built)
}

/// The newest records of a kind that this person may see.
async fn newest(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Kind,
    states: Vec<String>,
) -> Result<Vec<CaseLine>, PageError> {
    if !may_see(kind, &staff.roles()) {
        return Ok(Vec::new());
    }
    let query = CaseQuery {
        states,
        stations: staff.stations(&super::records::seen_by(kind)),
        ..CaseQuery::of(kind.id.clone(), PAST_MAX)
    };
    read(state, move |reader| reader.case_lines(&query)).await
}

fn no_such(what: &str) -> PageError {
    let text = format!("没有这种{what}，或者您的角色用不到它。请从“名单和批次”里选。");
    Problem::new(ProblemCode::NotFound, text).into()
}

/// The fields that a form asks for, all of them needed, with what was typed and what is wrong.
fn asked_fields(
    kind: &Kind,
    asked: &[Field],
    typed: &Typed,
    faults: &[FieldFault],
) -> Vec<FieldView> {
    let is_asked = |field: &Field| asked.iter().any(|one| one.id == field.id);
    let filled = |field: &Field| Filled {
        typed: typed.get(&field.id).cloned().unwrap_or_default(),
        ..Filled::default()
    };
    let mut views = fields(kind, is_asked, filled, faults);
    for view in &mut views {
        view.is_needed = true;
    }
    views
}

/// Values of the fields that a form asks for, or what is wrong or lacking, at every field at once.
async fn asked_values(
    state: &AppState,
    kind: &Kind,
    asked: &[Field],
    typed: &Typed,
) -> Result<Result<Values, Vec<FieldFault>>, PageError> {
    let typed: Typed = asked
        .iter()
        .map(|field| {
            (
                field.id.clone(),
                typed.get(&field.id).cloned().unwrap_or_default(),
            )
        })
        .collect();
    let names = directory(state, Default::default(), Vec::new()).await?;
    let draft = match typed::read(kind, &typed, &names, state.now().hall_date()) {
        Ok(draft) => draft,
        Err(faults) => return Ok(Err(faults)),
    };
    let lacking: Vec<_> = asked
        .iter()
        .filter(|field| draft.get(&field.id).is_none_or(Option::is_none))
        .map(|field| FieldFault {
            field: field.id.clone(),
            text: format!("“{}”还没填。", field.name),
        })
        .collect();
    Ok(match lacking.is_empty() {
        true => Ok(values_of(draft)),
        false => Err(lacking),
    })
}

/// Everybody who can be chosen in a form.
async fn everybody(state: &AppState) -> Result<Vec<StaffChoice>, PageError> {
    let names = directory(state, Default::default(), Vec::new()).await?;
    Ok(staff_choices(&names))
}
