//! The requests of a service point's pages. Everything is asked for at the places of the person's own
//! roles: the community's own stations, the stations of the street's own street. What belongs to
//! another place is not there, and acting on it is refused where records are decided.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::case::{self, Kind, Ledger, Record, Role, WorkGroup};
use domain::id::{KindId, StationCode};
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::desk;
use super::lines::pages;
use super::page_error::PageError;
use super::records::{may_see, read};
use crate::app_state::AppState;
use crate::cases::station_reports::{KIND, records_of};
use crate::cases::{RegisteredStation, registered_stations};
use crate::pages::pager::address;
use crate::pages::station::{
    LIST_PATH, ListLink, Place, ReportNow, StationGroup, StationView, no_place_page, station_page,
};
use crate::staff::{Staff, WorkAtStation};
use crate::start_pages::counts;
use crate::store::SeenKind;

mod list;
mod report;

pub(super) use list::list;
pub(super) use report::{report, report_form};

/// Roles whose work these pages are.
const ROLES: [Role; 2] = [Role::Community, Role::Street];
/// The step with which a report is made.
const REPORT: &str = "report";

/// Query of the pages.
#[derive(Debug, Default, Deserialize)]
pub(super) struct StationQuery {
    /// The station; the first of the person's own when it is none of them.
    #[serde(default)]
    at: String,
    /// Of a list: its group and its number there.
    #[serde(default)]
    group: String,
    #[serde(default)]
    list: usize,
}

/// Where somebody works, as the register calls it.
struct Places {
    /// Of the community: reports and everything that is done at the place.
    own: BTreeMap<StationCode, Option<RegisteredStation>>,
    /// With those of the street.
    all: BTreeMap<StationCode, Option<RegisteredStation>>,
}

impl Places {
    async fn of(staff: &Staff<WorkAtStation>, state: &AppState) -> Result<Self, PageError> {
        let registered = read(state, registered_stations).await?;
        let at = |roles: BTreeSet<Role>| {
            let codes = staff.stations(&roles).unwrap_or_default().into_iter();
            let named = codes.map(|code| {
                let station = registered.get(&code).cloned();
                (code, station)
            });
            named.collect()
        };
        Ok(Self {
            own: at(BTreeSet::from([Role::Community])),
            all: at(BTreeSet::from(ROLES)),
        })
    }

    /// The asked place, else the first one; `None` without any.
    fn chosen(&self, asked: &str) -> Option<StationCode> {
        let is_asked = |code: &&StationCode| code.as_str() == asked;
        let asked = self.all.keys().find(is_asked);
        let first = || self.own.keys().next().or_else(|| self.all.keys().next());
        asked.or_else(first).cloned()
    }

    fn place(&self, code: &StationCode) -> Place {
        let station = self.all.get(code).and_then(Option::as_ref);
        Place {
            code: code.to_string(),
            name: station.map_or_else(|| code.to_string(), |station| station.name.clone()),
        }
    }
}

/// `GET /staff/station`
pub(super) async fn show(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Query(query): Query<StationQuery>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let Some(here) = places.chosen(&query.at) else {
        return Ok(no_place_page(&desk(&staff, &state)).into_response());
    };
    let others = places.all.keys().filter(|code| **code != here);
    let view = StationView {
        report: report_now(&state, &places, &here).await?,
        groups: groups(&staff, &state, &here).await?,
        others: others.map(|code| places.place(code)).collect(),
        here: places.place(&here),
    };
    Ok(station_page(&desk(&staff, &state), &view).into_response())
}

async fn report_now(
    state: &AppState,
    places: &Places,
    here: &StationCode,
) -> Result<ReportNow, PageError> {
    let today = state.now().hall_date();
    let is_workday = state.inner.cases.rules().is_workday(today).unwrap_or(true);
    let report = report_of_today(state, here).await?;
    let until = state.inner.in_force.now().report_until;
    let until_text = until.format("%H:%M").to_string();
    let made = report.as_ref().and_then(made_at);
    Ok(match made {
        _ if !places.own.contains_key(here) => ReportNow::NotAsked,
        Some(at) => ReportNow::Done(at),
        None if !is_workday && report.is_none() => ReportNow::NotAsked,
        None if state.now().hall_time().time() > until => ReportNow::Late(until_text),
        None => ReportNow::Awaited(until_text),
    })
}

fn made_at(report: &Record) -> Option<String> {
    let mut acts = report.acts.iter();
    let made = acts.find(|act| act.transition == REPORT);
    made.map(|act| act.at.clock_text())
}

fn report_kind(state: &AppState) -> Result<Arc<Kind>, PageError> {
    let kind = KindId::new(KIND).ok();
    let kind = kind.and_then(|kind| state.inner.cases.kinds().kind(&kind).cloned());
    let text = "没有网点日报这种业务。";
    kind.ok_or_else(|| Problem::new(ProblemCode::NotFound, text).into())
}

async fn report_of_today(
    state: &AppState,
    here: &StationCode,
) -> Result<Option<Record>, PageError> {
    let (today, here) = (state.now().hall_date(), here.clone());
    read(state, move |reader| {
        match records_of(reader, today)?.get(&here) {
            Some(id) => reader.record(*id),
            None => Ok(None),
        }
    })
    .await
}

/// What is to be done at a place, by the page of service points.
async fn groups(
    staff: &Staff<WorkAtStation>,
    state: &AppState,
    here: &StationCode,
) -> Result<Vec<StationGroup>, PageError> {
    let (pages, actor) = (pages(), staff.actor(here));
    let kinds = |group: &WorkGroup| -> Vec<Arc<Kind>> {
        let known = group
            .ledgers
            .iter()
            .filter_map(|ledger| kind_of(state, &ledger.kind));
        known.filter(|kind| may_see(kind, &actor.roles)).collect()
    };
    let groups = &pages.station().groups;
    let at_here = Some(BTreeSet::from([here.clone()]));
    let seen: Vec<SeenKind> = groups
        .iter()
        .flat_map(kinds)
        .map(|kind| (kind.id.clone(), at_here.clone()))
        .collect();
    let today = state.now().hall_date();
    let asked = seen.clone();
    let counts = read(state, move |reader| counts(reader, &asked, today)).await?;
    let count = |ledger: &Ledger| -> u64 {
        let states = counts.get(&ledger.kind).map(|counted| &counted.states);
        let states = states.into_iter().flatten();
        let wanted = states.filter(|(state, _)| ledger.states.contains(state));
        wanted.map(|(_, count)| count).sum()
    };
    let view = |group: &WorkGroup| {
        let ledgers = group.ledgers.iter().enumerate();
        let visible =
            ledgers.filter(|(_, ledger)| seen.iter().any(|(kind, _)| *kind == ledger.kind));
        let lists = visible.map(|(number, ledger)| ListLink {
            name: ledger.name.clone(),
            address: address(
                LIST_PATH,
                &[
                    ("at", here.as_str()),
                    ("group", &group.id),
                    ("list", &number.to_string()),
                ],
            ),
            count: count(ledger),
        });
        let open = group.open.iter().filter_map(|id| kind_of(state, id));
        let open = open
            .filter(|kind| case::may_open(kind, &actor).is_ok())
            .map(|kind| {
                let to = format!("/staff/records/{}/new", kind.id);
                (
                    address(&to, &[("station", here.as_str())]),
                    format!("登记{}", kind.name),
                )
            });
        StationGroup {
            name: group.name.clone(),
            about: group.about.clone(),
            lists: lists.collect(),
            open: open.collect(),
        }
    };
    let groups = groups.iter().map(view);
    Ok(groups
        .filter(|group| !group.lists.is_empty() || !group.open.is_empty())
        .collect())
}

fn kind_of(state: &AppState, id: &KindId) -> Option<Arc<Kind>> {
    state.inner.cases.kinds().kind(id).cloned()
}
