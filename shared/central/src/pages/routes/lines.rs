//! The requests of the start pages of the lines: what somebody may see of each, counted in two
//! statements however many kinds there are. Lists that are pages of their own are in `collection`,
//! `inspections` and `reports`, what is due in `due`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::case::{
    self, Kind, Ledger, LedgerOrder, ServiceLine, StartPage, StartPages, StateStage, WorkGroup,
};
use domain::id::KindId;
use wire::problem::{Problem, ProblemCode};

use super::gate::desk;
use super::page_error::PageError;
use super::records::{may_see, read, roles_with, seen_by};
use crate::app_state::AppState;
use crate::pages::lines::{
    GroupView, KindView, LedgerView, LineTile, LineView, line_page, lines_page,
};
use crate::pages::pager;
use crate::staff::{ExportRecords, Right, Staff, WorkOnRecords};
use crate::start_pages::{self, Counts, DueCounts, KindCounts, counts};
use crate::store::SeenKind;

mod collection;
mod due;
mod inspections;
mod reports;

pub(super) use collection::show as collection;
pub(super) use due::show as due;
pub(super) use inspections::show as inspections;
pub(super) use reports::show as reports;

/// The start pages of the program.
///
/// # Panics
/// When the program's own files are broken: `serve` says so before, and a test does.
pub(super) fn pages() -> Arc<StartPages> {
    start_pages::embedded().expect("start pages, because a test reads their files")
}

/// Kinds that somebody may see, with the stations at which.
fn seen<'k, R: Right>(
    staff: &Staff<R>,
    state: &AppState,
    kinds: impl Iterator<Item = &'k KindId>,
) -> Vec<SeenKind> {
    let roles = staff.roles();
    let known = kinds.filter_map(|id| state.inner.cases.kinds().kind(id));
    let seen = known.filter(|kind| may_see(kind, &roles));
    seen.map(|kind| (kind.id.clone(), staff.stations(&seen_by(kind))))
        .collect()
}

/// The page of an address, if it is one.
fn page_of<'p>(
    pages: &'p StartPages,
    word: &str,
) -> Result<(ServiceLine, &'p StartPage), PageError> {
    let line = ServiceLine::of_word(word);
    let page = line.and_then(|line| Some((line, pages.line(line)?)));
    let text = "没有这条业务线。请从“业务线”里进去。";
    page.ok_or_else(|| Problem::new(ProblemCode::NotFound, text).into())
}

/// The lines of which this person sees anything: those with own records first, then those in which
/// they act, then the others; what serves all lines comes last.
pub(super) async fn tiles<R: Right>(
    staff: &Staff<R>,
    state: &AppState,
) -> Result<Vec<LineTile>, PageError> {
    let pages = pages();
    let seen = seen(
        staff,
        state,
        pages.lines().flat_map(|(_, page)| page.kinds()),
    );
    let (today, who) = (state.now().hall_date(), staff.staff);
    let asked = seen.clone();
    let (counts, owned) = read(state, move |reader| {
        Ok((counts(reader, &asked, today)?, reader.owned_by(who)?))
    })
    .await?;
    let mut tiles = Vec::new();
    for (line, page) in pages.lines() {
        let kinds: Vec<&KindId> = page.kinds().filter(|id| is_among(&seen, id)).collect();
        if kinds.is_empty() {
            continue;
        }
        let of_line = owned.iter().filter(|(kind, _)| kinds.contains(&kind));
        let owned: u64 = of_line.map(|(_, count)| count).sum();
        let acts = kinds.iter().any(|id| acts_on(staff, state, id));
        let tile = tile(state, line, page, &kinds, &counts, owned > 0);
        tiles.push((
            line == ServiceLine::Common,
            std::cmp::Reverse(owned),
            !acts,
            tile,
        ));
    }
    tiles.sort_by_key(|(is_common, owned, does_not_act, _)| (*is_common, *owned, *does_not_act));
    Ok(tiles.into_iter().map(|(.., tile)| tile).collect())
}

fn is_among(seen: &[SeenKind], id: &KindId) -> bool {
    seen.iter().any(|(known, _)| known == id)
}

/// Whether some step or change of such records is this person's.
fn acts_on<R: Right>(staff: &Staff<R>, state: &AppState, id: &KindId) -> bool {
    let roles = staff.roles();
    state.inner.cases.kinds().kind(id).is_some_and(|kind| {
        let by_step = kind.transitions.iter().flat_map(|step| &step.roles);
        let mut acting = by_step.chain(kind.states.iter().flat_map(|state| &state.editors));
        acting.any(|role| roles.contains(role))
    })
}

fn tile(
    state: &AppState,
    line: ServiceLine,
    page: &StartPage,
    kinds: &[&KindId],
    counts: &Counts,
    is_own: bool,
) -> LineTile {
    let shelf = state.inner.cases.kinds();
    let (mut due, mut open) = (DueCounts::default(), 0);
    for (kind, counted) in kinds
        .iter()
        .filter_map(|id| Some((shelf.kind(id)?, counts.get(*id)?)))
    {
        due.add(counted.due);
        open += in_stage(kind, counted, |stage| stage == StateStage::Open);
    }
    LineTile {
        line,
        name: page.name.clone(),
        about: page.about.clone(),
        due,
        open,
        is_own,
    }
}

fn in_stage(kind: &Kind, counted: &KindCounts, is_wanted: impl Fn(StateStage) -> bool) -> u64 {
    let states = counted.states.iter();
    let wanted =
        states.filter(|(id, _)| kind.state(id).is_some_and(|state| is_wanted(state.stage)));
    wanted.map(|(_, count)| count).sum()
}

/// `GET /staff/lines`
pub(super) async fn index(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    let tiles = tiles(&staff, &state).await?;
    Ok(lines_page(&desk(&staff, &state), &tiles).into_response())
}

/// `GET /staff/lines/{line}`
pub(super) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(line): Path<String>,
) -> Result<Response, PageError> {
    let pages = pages();
    let (line, page) = page_of(&pages, &line)?;
    let ledgers = page.groups.iter().flat_map(|group| &group.ledgers);
    let named = page.kinds().chain(ledgers.map(|ledger| &ledger.kind));
    let seen = seen(&staff, &state, named);
    let (asked, today) = (seen.clone(), state.now().hall_date());
    let counts = read(&state, move |reader| counts(reader, &asked, today)).await?;
    let looking = Looking {
        staff: &staff,
        state: &state,
        seen: &seen,
        counts: &counts,
    };
    let tabs = pages.lines().filter(|(_, page)| looking.sees_any(page));
    let view = LineView {
        line,
        name: page.name.clone(),
        about: page.about.clone(),
        tabs: tabs.map(|(line, page)| (line, page.name.clone())).collect(),
        groups: page
            .groups
            .iter()
            .filter_map(|group| looking.group(group))
            .collect(),
    };
    Ok(line_page(&desk(&staff, &state), &view).into_response())
}

/// Somebody at a page, with what they may see of it.
struct Looking<'l> {
    staff: &'l Staff<WorkOnRecords>,
    state: &'l AppState,
    seen: &'l [SeenKind],
    counts: &'l Counts,
}

impl Looking<'_> {
    fn kind(&self, id: &KindId) -> Option<&Arc<Kind>> {
        self.state.inner.cases.kinds().kind(id)
    }

    fn sees_any(&self, page: &StartPage) -> bool {
        let roles = self.staff.roles();
        let mut kinds = page.kinds().filter_map(|id| self.kind(id));
        kinds.any(|kind| may_see(kind, &roles))
    }

    /// `None` for a group of which nothing may be seen.
    fn group(&self, group: &WorkGroup) -> Option<GroupView> {
        let seen = |id: &&KindId| is_among(self.seen, id);
        let kinds = group
            .kinds
            .iter()
            .filter(seen)
            .filter_map(|id| self.kind_view(id));
        let kinds: Vec<_> = kinds.collect();
        let ledgers = group
            .ledgers
            .iter()
            .filter_map(|ledger| self.ledger(ledger));
        let ledgers: Vec<_> = ledgers.collect();
        if kinds.is_empty() && ledgers.is_empty() {
            return None;
        }
        let actor = self.staff.actor_anywhere();
        let open = group.open.iter().filter_map(|id| self.kind(id));
        let open = open.filter(|kind| case::may_open(kind, &actor).is_ok());
        Some(GroupView {
            id: group.id.clone(),
            name: group.name.clone(),
            about: group.about.clone(),
            open: open
                .map(|kind| (kind.id.to_string(), kind.name.clone()))
                .collect(),
            work_lists: if kinds.is_empty() {
                Vec::new()
            } else {
                group.work_lists.clone()
            },
            ledgers,
            kinds,
        })
    }

    fn kind_view(&self, id: &KindId) -> Option<KindView> {
        let kind = self.kind(id)?;
        let counted = self.counts.get(id).cloned().unwrap_or_default();
        let running = kind
            .states
            .iter()
            .filter(|state| state.stage != StateStage::End);
        let states = running.filter_map(|state| {
            let count = *counted.states.get(&state.id)?;
            Some((state.id.clone(), state.name.clone(), count))
        });
        Some(KindView {
            id: id.to_string(),
            name: kind.name.clone(),
            about: kind.about.clone(),
            states: states.collect(),
            total: counted.states.values().sum(),
            due: counted.due,
        })
    }

    fn ledger(&self, ledger: &Ledger) -> Option<LedgerView> {
        let kind = self
            .kind(&ledger.kind)
            .filter(|kind| is_among(self.seen, &kind.id))?;
        let exporter = self.staff.also::<ExportRecords>();
        let may_export = exporter.is_some_and(|one| may_see(kind, &roles_with(&one)));
        let is_in = |state: &String| ledger.states.is_empty() || ledger.states.contains(state);
        let states = self.counts.get(&ledger.kind).map(|counted| &counted.states);
        let states = states.into_iter().flatten();
        Some(LedgerView {
            name: ledger.name.clone(),
            kind: ledger.kind.to_string(),
            query: query_of(ledger),
            count: states
                .filter(|(state, _)| is_in(state))
                .map(|(_, count)| count)
                .sum(),
            may_export,
        })
    }
}

/// The query with which the list of the kind is this ledger.
fn query_of(ledger: &Ledger) -> String {
    let sort = match ledger.order {
        LedgerOrder::Changed => "",
        order => order.word(),
    };
    let state = ledger.states.first().map_or("", String::as_str);
    let address = pager::address("", &[("state", state), ("sort", sort)]);
    address.trim_start_matches('?').to_owned()
}
