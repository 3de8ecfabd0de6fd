//! Lists of records.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::case::{Kind, Role, StateStage};
use domain::id::RecordId;
use serde::Deserialize;

use super::super::gate::desk;
use super::super::page_error::PageError;
use super::{
    directory, fault, is_about_persons, kind_for, kinds_for, may_open, may_see, read, roles_with,
    seen_by,
};
use crate::app_state::AppState;
use crate::cases::same_person;
use crate::cases::{Directory, masked_values, named_by, tokens_of_query};
use crate::pages::records::{
    Cell, IndexView, KindLine, LINES_PER_PAGE, ListAsked, ListLine, ListView, Set, StateChip,
    due_mark, index_page, list_page, moment_text, state_name,
};
use crate::staff::{ExportRecords, Right, Staff, WorkOnRecords};
use crate::store::{CaseLine, CaseQuery, CaseSort, Page, Reader};

/// Query of a list.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages::routes) struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: u32,
}

/// `GET /staff/records`
pub(in crate::pages::routes) async fn index(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    let kinds = kinds_for(&state, &staff.roles());
    let mut lines = Vec::new();
    for (line, kinds) in kinds {
        let mut shown = Vec::new();
        for kind in kinds {
            let counts = counts(&staff, &state, &kind).await?;
            shown.push(kind_line(&kind, &counts));
        }
        lines.push((line, shown));
    }
    Ok(index_page(&desk(&staff, &state), &IndexView { lines }).into_response())
}

/// How many records there are in each state, of those that this person may see.
async fn counts(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Kind,
) -> Result<Vec<(String, u64)>, PageError> {
    let (id, stations) = (kind.id.clone(), staff.stations(&seen_by(kind)));
    read(state, move |reader| {
        reader.case_counts(&id, stations.as_ref())
    })
    .await
}

fn kind_line(kind: &Kind, counts: &[(String, u64)]) -> KindLine {
    let is_open = |id: &str| kind.state(id).is_some_and(|s| s.stage == StateStage::Open);
    let open = counts.iter().filter(|(state, _)| is_open(state));
    KindLine {
        id: kind.id.to_string(),
        name: kind.name.clone(),
        about: kind.about.clone(),
        open: open.map(|(_, count)| count).sum(),
        total: counts.iter().map(|(_, count)| count).sum(),
    }
}

/// `GET /staff/records/{kind}`
pub(in crate::pages::routes) async fn list(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &kind, &staff.roles())?;
    let asked = asked_of(&kind, query);
    if is_about_persons(&kind) {
        let subject = list_subject(&kind, &asked);
        state.audit_reading(&staff, &subject).await?;
    }
    let asking = among_persons(&state, case_query(&staff, &kind, &asked), &asked).await?;
    let found = state.inner.cases.list(asking).await;
    let found = found.map_err(fault)?;
    let counts = counts(&staff, &state, &kind).await?;
    let named = found
        .lines
        .iter()
        .flat_map(|line| named_by(&line.body))
        .collect();
    let directory = directory(&state, named, Vec::new()).await?;
    let masked = masked_cells(&state, &kind, &found.lines).await?;
    let names = (&directory, &masked);
    let lines = found
        .lines
        .iter()
        .map(|line| list_line(&state, &kind, line, names));
    let actor = staff.actor_anywhere();
    let view = ListView {
        name: kind.name.clone(),
        about: kind.about.clone(),
        chips: chips(&kind, &counts),
        columns: columns(&kind).map(|field| field.name.clone()).collect(),
        lines: lines.collect(),
        total: found.total,
        may_open: may_open(&kind, &actor),
        may_import: may_open(&kind, &actor),
        may_export: staff
            .also::<ExportRecords>()
            .is_some_and(|exporter| may_see(&kind, &roles_with(&exporter))),
        bulk_steps: bulk_steps(&kind, &staff.roles()),
        asked,
    };
    Ok(list_page(&desk(&staff, &state), &view, None).into_response())
}

/// A page of a list as the trail calls it: what was typed may be a name and is left out.
fn list_subject(kind: &Kind, asked: &ListAsked) -> String {
    let state = kind.state(&asked.state);
    let state = state.map_or_else(String::new, |state| format!("，状态 {}", state.name));
    let typed = if asked.typed.is_empty() {
        ""
    } else {
        "，按字找"
    };
    format!("{}名单第 {} 页{state}{typed}", kind.name, asked.page)
}

/// What the address asks for.
pub(super) fn asked_of(kind: &Kind, query: ListQuery) -> ListAsked {
    ListAsked {
        kind: kind.id.to_string(),
        typed: query.q.trim().chars().take(60).collect(),
        state: query.state,
        sort: query.sort,
        page: query.page.max(1),
    }
}

/// What the list asks of the store: records at stations where the person has the right by a role
/// that may see them.
pub(super) fn case_query<R: Right>(staff: &Staff<R>, kind: &Kind, asked: &ListAsked) -> CaseQuery {
    CaseQuery {
        kind: kind.id.clone(),
        states: Some(asked.state.clone())
            .filter(|state| kind.state(state).is_some())
            .into_iter()
            .collect(),
        stations: staff.stations(&(&seen_by(kind) & &roles_with(staff))),
        owner: None,
        person: None,
        among: None,
        tokens: tokens_of_query(&asked.typed),
        sort: match asked.sort.as_str() {
            "due" => CaseSort::Due,
            "title" => CaseSort::Title,
            "number" => CaseSort::Number,
            _ => CaseSort::Changed,
        },
        page: Page {
            offset: (asked.page - 1).saturating_mul(LINES_PER_PAGE),
            limit: LINES_PER_PAGE,
        },
    }
}

/// Persons are found by what is sealed in their records: by name and by number.
pub(super) async fn among_persons(
    state: &AppState,
    mut query: CaseQuery,
    asked: &ListAsked,
) -> Result<CaseQuery, PageError> {
    let typed = asked.typed.clone();
    let is_of_persons = query.kind.as_str() == same_person::KIND;
    if typed.is_empty() || !is_of_persons {
        return Ok(query);
    }
    let among = read(state, move |reader| {
        same_person::found_for_list(reader, &typed)
    })
    .await?;
    // a number of the register and words of a remark are found as in every list
    if !among.is_empty() {
        (query.among, query.tokens) = (Some(among), Vec::new());
    }
    Ok(query)
}

fn chips(kind: &Kind, counts: &[(String, u64)]) -> Vec<StateChip> {
    let count = |id: &str| counts.iter().find(|(state, _)| state == id);
    let chip = |state: &domain::case::State| StateChip {
        id: state.id.clone(),
        name: state.name.clone(),
        count: count(&state.id).map_or(0, |(_, count)| *count),
    };
    kind.states.iter().map(chip).collect()
}

/// The kind's own columns, but for those of which the title is made.
fn columns(kind: &Kind) -> impl Iterator<Item = &domain::case::Field> {
    kind.list
        .iter()
        .filter(|id| !kind.title.contains(id))
        .filter_map(|id| kind.field(id))
}

/// What is shown of the sealed values of each line.
type Masked = BTreeMap<RecordId, BTreeMap<String, String>>;

async fn masked_cells(
    state: &AppState,
    kind: &Arc<Kind>,
    lines: &[CaseLine],
) -> Result<Masked, PageError> {
    if columns(kind).all(|field| field.personal.is_none()) {
        return Ok(Masked::new());
    }
    let (kind, lines) = (Arc::clone(kind), lines.to_vec());
    let masked = move |reader: &Reader<'_>| {
        let each = lines.iter().map(|line| {
            let shown = masked_values(reader, &kind, &line.body, columns(&kind))?;
            Ok((line.record, shown))
        });
        each.collect()
    };
    read(state, masked).await
}

fn list_line(
    state: &AppState,
    kind: &Kind,
    line: &CaseLine,
    (directory, masked): (&Directory, &Masked),
) -> ListLine {
    let today = state.now().hall_date();
    let rules = state.inner.cases.rules();
    let cell = |field: &domain::case::Field| {
        let value = line.body.values.get(&field.id);
        let shown = masked
            .get(&line.record)
            .and_then(|shown| shown.get(&field.id));
        Cell {
            text: shown.cloned().unwrap_or_else(|| {
                value
                    .map(|value| cell_text(field, value, directory))
                    .unwrap_or_default()
            }),
            set: set_of(&field.kind),
        }
    };
    ListLine {
        record: line.record.to_string(),
        case_no: line.case_no.clone(),
        title: line.title.clone(),
        state: state_name(kind, &line.state),
        due: line.due_on.map(|due| due_mark(due, today, rules)),
        owner: line
            .owner
            .map(|owner| directory.staff(Some(owner)))
            .unwrap_or_default(),
        changed: moment_text(line.changed_at),
        cells: columns(kind).map(cell).collect(),
    }
}

fn set_of(kind: &domain::case::FieldType) -> Set {
    use domain::case::FieldType::{Date, Decimal, Integer, Moment, Money};
    match kind {
        Integer { .. } | Money { .. } | Decimal { .. } => Set::Number,
        Date { .. } | Moment => Set::Date,
        _ => Set::Words,
    }
}

pub(super) fn cell_text(
    field: &domain::case::Field,
    value: &domain::case::Value,
    directory: &Directory,
) -> String {
    use domain::case::Value;
    match value {
        Value::Sealed(_) => "已删除".to_owned(),
        value => directory.words(field, value),
    }
}

/// Steps that somebody may do and that ask nothing but a reason.
fn bulk_steps(kind: &Kind, roles: &std::collections::BTreeSet<Role>) -> Vec<(String, String)> {
    let plain = kind.transitions.iter().filter(|step| {
        step.asks.is_empty() && !step.needs_rule && !step.is_notice && step.same_as.is_empty()
    });
    plain
        .filter(|step| {
            step.roles
                .iter()
                .any(|role| *role != Role::System && roles.contains(role))
        })
        .map(|step| (step.id.clone(), step.name.clone()))
        .collect()
}
