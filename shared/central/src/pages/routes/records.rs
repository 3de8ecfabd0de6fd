//! The requests of the pages of records: what everybody asks in the same way. Lists are in `many`,
//! one step with many in `bulk`, a new record in `new`, a record in `one`, its changes in `change`, files in `sheets`.

mod bulk;
mod change;
mod ledger;
mod many;
mod new;
mod on_boards;
mod one;
mod sheets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::case::{self, Actor, Kind, Role, Sensitivity, ServiceLine};
use domain::id::{KindId, RecordId, StationCode};
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::page_error::PageError;
use crate::app_state::AppState;
use crate::cases::touched;
use crate::cases::typed::Typed;
use crate::cases::{CaseFault, Directory, station_names};
use crate::staff::{Right, Staff, WorkOnRecords};
use crate::store::StoreError;

/// Where sheets are brought: its body may be as long as a sheet.
pub(crate) const SHEET_ROUTE: &str = "/staff/records/{kind}/import";

pub(super) use bulk::bulk;
pub(super) use change::{change, change_form};
pub(super) use ledger::ledger;
pub(super) use many::{index, list};
pub(super) use new::{new_form, open};
pub(super) use one::{
    draft, hand_over, merge, note_reading, refused_or_fault, reveal, show, step, view_for,
};
pub(super) use sheets::{
    CSV, XLSX, blocking, export_csv, export_xlsx, file, form as import_form, import, rejects,
    template, try_file,
};

/// What a form of a record sent: names and values, in order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    /// The last value under a name.
    fn text(&self, name: &str) -> String {
        let mut found = self.0.iter().rev().filter(|(known, _)| known == name);
        found
            .next()
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    fn all(&self, name: &str) -> Vec<String> {
        let found = self.0.iter().filter(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).collect()
    }

    /// The record's own fields; of what was ticked under one name a line for each.
    fn typed(&self) -> Typed {
        let mut typed = Typed::new();
        for (id, value) in self.with_prefix("f.") {
            typed
                .entry(id)
                .and_modify(|lines| {
                    lines.push('\n');
                    lines.push_str(&value);
                })
                .or_insert(value);
        }
        typed
    }

    /// Those of them that were touched since their page was made.
    fn touched(&self, kind: &Kind) -> Typed {
        let shown = self.with_prefix("was.").collect();
        touched::touched(kind, &self.typed(), &shown)
    }

    fn with_prefix(&self, prefix: &'static str) -> impl Iterator<Item = (String, String)> {
        self.0.iter().filter_map(move |(name, value)| {
            Some((name.strip_prefix(prefix)?.to_owned(), value.clone()))
        })
    }

    fn seen(&self) -> u64 {
        self.text("seen").parse().unwrap_or(0)
    }
}

/// Who may see records of a kind.
pub(super) fn seen_by(kind: &Kind) -> BTreeSet<Role> {
    let by_step = kind.transitions.iter().flat_map(|step| &step.roles);
    let by_state = kind.states.iter().flat_map(|state| &state.editors);
    let may = by_step.chain(by_state).chain(&kind.readers).copied();
    may.filter(|role| *role != Role::System).collect()
}

/// Whether somebody with these roles may see records of a kind.
pub(in crate::pages::routes) fn may_see(kind: &Kind, roles: &BTreeSet<Role>) -> bool {
    !seen_by(kind).is_disjoint(roles)
}

/// The roles of somebody, at any station, that give the right of which this is the proof. What is
/// asked for with a right is seen by these roles alone: nobody takes out as a chief here what they
/// see as a clerk there.
pub(super) fn roles_with<R: Right>(staff: &Staff<R>) -> BTreeSet<Role> {
    let roles = staff.roles().into_iter();
    roles.filter(|role| R::ENTRY.has(*role)).collect()
}

/// Whether somebody may open one.
fn may_open(kind: &Kind, actor: &Actor) -> bool {
    case::may_open(kind, actor).is_ok()
}

/// Whether somebody may open one anywhere.
pub(super) fn may_open_somewhere<R: Right>(staff: &Staff<R>, kind: &Kind) -> bool {
    match staff.stations(&seen_by(kind)) {
        None => {
            StationCode::new(CENTRE.0).is_ok_and(|centre| may_open(kind, &staff.actor(&centre)))
        }
        Some(stations) => {
            let mut stations = stations.into_iter();
            stations.any(|station| may_open(kind, &staff.actor(&station)))
        }
    }
}

/// Whether reading records of a kind is written down.
fn is_about_persons(kind: &Kind) -> bool {
    is_personal(kind.sensitivity)
}

/// Whether what tells so much of persons is written down when it is read.
pub(super) fn is_personal(sensitivity: Sensitivity) -> bool {
    matches!(sensitivity, Sensitivity::Personal | Sensitivity::Sensitive)
}

/// The centre as a station, also where the register does not name it.
const CENTRE: (&str, &str) = ("YH-C", "中心");

/// Stations at which somebody may open records of a kind: code and name. Who may everywhere is
/// offered the centre first, then every station of the register.
async fn station_choices(
    state: &AppState,
    kind: &Kind,
    staff: &Staff<WorkOnRecords>,
) -> Result<Vec<(String, String)>, PageError> {
    let mut names = read(state, station_names).await?;
    let (code, name) = CENTRE;
    names.entry(code.to_owned()).or_insert(name.to_owned());
    let codes: Vec<String> = match staff.stations(&seen_by(kind)) {
        None => {
            let others = names.keys().filter(|known| *known != code);
            std::iter::once(code.to_owned())
                .chain(others.cloned())
                .collect()
        }
        Some(stations) => {
            let stations = stations.into_iter();
            let may = stations.filter(|station| may_open(kind, &staff.actor(station)));
            may.map(|station| station.to_string()).collect()
        }
    };
    let choices = codes.into_iter().map(|code| {
        let called = names.get(&code).map(|name| format!("{name}（{code}）"));
        (code.clone(), called.unwrap_or(code))
    });
    Ok(choices.collect())
}

/// The kind with this id, if this person may see it: who may not is told nothing else than who
/// asks for one that does not exist.
pub(super) fn kind_for(
    state: &AppState,
    id: &str,
    roles: &BTreeSet<Role>,
) -> Result<Arc<Kind>, PageError> {
    let id = KindId::new(id).map_err(|_| no_such_kind())?;
    let kind = state.inner.cases.kinds().kind(&id).cloned();
    let kind = kind.filter(|kind| may_see(kind, roles));
    kind.ok_or_else(no_such_kind)
}

pub(super) fn no_such_kind() -> PageError {
    Problem::new(
        ProblemCode::NotFound,
        "没有这种业务，或者您的角色看不到它。",
    )
    .into()
}

pub(super) fn fault(fault: CaseFault) -> PageError {
    match fault {
        CaseFault::Problem(problem) => problem.into(),
        CaseFault::Refused(refusal) => Problem::new(ProblemCode::Refused, refusal.text).into(),
    }
}

/// Names for a page: of these records, and of what was typed.
pub(super) async fn directory(
    state: &AppState,
    records: BTreeSet<RecordId>,
    typed: Vec<String>,
) -> Result<Directory, PageError> {
    let read = state.inner.store.read(move |reader| {
        Directory::read(reader, records)?.and_typed(reader, typed.iter().map(String::as_str))
    });
    Ok(read.await.map_err(Problem::from)?)
}

/// Everything typed that may name a record.
fn typed_parts(typed: &BTreeMap<String, String>) -> Vec<String> {
    let parts = typed
        .values()
        .flat_map(|text| text.split(['\n', '、', '；', ';']));
    let parts = parts.map(|part| part.trim().to_owned());
    parts
        .filter(|part| !part.is_empty() && part.len() < 80)
        .collect()
}

/// Kinds that somebody may see, by service line.
pub(super) fn kinds_for(
    state: &AppState,
    roles: &BTreeSet<Role>,
) -> BTreeMap<ServiceLine, Vec<Arc<Kind>>> {
    let mut lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for kind in state.inner.cases.kinds().all() {
        if may_see(kind, roles) {
            lines.entry(kind.line).or_default().push(Arc::clone(kind));
        }
    }
    lines
}

/// Reads with the store, as a page's answer.
pub(super) async fn read<T: Send + 'static>(
    state: &AppState,
    query: impl FnOnce(&crate::store::Reader<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, PageError> {
    let read = state.inner.store.read(query).await;
    Ok(read.map_err(Problem::from)?)
}
