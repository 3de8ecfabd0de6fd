//! The requests of a service point's pages. Everything is asked for at the places of the person's own
//! roles: the community's own stations, the stations of the street's own street. What belongs to
//! another place is not there, and acting on it is refused where records are decided.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::{
    self, CaseRefusal, Channel, Command, Draft, FieldFault, FieldType, Kind, Ledger, LedgerOrder,
    Record, Role, Value, WorkGroup,
};
use domain::id::{KindId, RecordId, StationCode};
use domain::time::month_day_text;
use serde::Deserialize;
use wire::problem::{Problem, ProblemCode};

use super::gate::{Checked, Fields, desk};
use super::lines::pages;
use super::page_error::PageError;
use super::records::{draft, is_personal, may_see, read, refused_or_fault};
use crate::app_state::AppState;
use crate::cases::station_reports::{DAY, FIGURES, KIND, STATION, records_of};
use crate::cases::{NewCase, RegisteredStation, faults_of, registered_stations};
use crate::pages::frame::Said;
use crate::pages::pager::address;
use crate::pages::records::{due_mark, state_name};
use crate::pages::station::{
    FigureField, LIST_PATH, ListLink, Place, ReportForm, ReportNow, STATION_PATH, StationGroup,
    StationListView, StationRecord, StationView, no_place_page, report_page, station_list_page,
    station_page,
};
use crate::staff::{Staff, WorkAtStation};
use crate::start_pages::counts;
use crate::store::{CaseQuery, CaseSort, Page, SeenKind};

/// Roles whose work these pages are.
const ROLES: [Role; 2] = [Role::Community, Role::Street];
/// The step with which a report is made, and the state before it.
const REPORT: &str = "report";
const DUE: &str = "due";
/// Records of a list on a phone.
const RECORDS_SHOWN: u32 = 50;

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
    let (kind, today, here) = (report_kind(state)?, state.now().hall_date(), here.clone());
    read(state, move |reader| {
        match records_of(reader, &kind, today)?.get(&here) {
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

/// `GET /staff/station/list`
pub(super) async fn list(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Query(query): Query<StationQuery>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let Some(here) = places.chosen(&query.at) else {
        return Ok(no_place_page(&desk(&staff, &state)).into_response());
    };
    let pages = pages();
    let group = pages
        .station()
        .groups
        .iter()
        .find(|group| group.id == query.group);
    let ledger = group.and_then(|group| group.ledgers.get(query.list));
    let kind = ledger.and_then(|ledger| Some((ledger, kind_of(&state, &ledger.kind)?)));
    let kind = kind.filter(|(_, kind)| may_see(kind, &staff.actor(&here).roles));
    let (ledger, kind) = kind.ok_or_else(|| -> PageError {
        let text = "没有这张清单，或者您的角色看不到它。请从“网点”里进去。";
        Problem::new(ProblemCode::NotFound, text).into()
    })?;
    let found = state.inner.cases.list(query_of(ledger, &here)).await;
    let found = found.map_err(super::records::fault)?;
    if is_personal(kind.sensitivity) && !found.lines.is_empty() {
        let subject = format!("{}，{}", ledger.name, here);
        state.audit_reading_of_day(&staff, &subject).await?;
    }
    let (today, rules) = (state.now().hall_date(), state.inner.cases.rules());
    let records = found.lines.iter().map(|line| StationRecord {
        record: line.record.to_string(),
        title: line.title.clone(),
        case_no: line.case_no.clone(),
        state: state_name(&kind, &line.state),
        due: line.due_on.map(|due| due_mark(due, today, rules)),
    });
    let view = StationListView {
        here: places.place(&here),
        name: ledger.name.clone(),
        records: records.collect(),
        total: found.total,
    };
    Ok(station_list_page(&desk(&staff, &state), &view).into_response())
}

fn query_of(ledger: &Ledger, here: &StationCode) -> CaseQuery {
    CaseQuery {
        kind: ledger.kind.clone(),
        states: ledger.states.clone(),
        stations: Some(BTreeSet::from([here.clone()])),
        owner: None,
        person: None,
        among: None,
        tokens: Vec::new(),
        sort: match ledger.order {
            LedgerOrder::Changed => CaseSort::Changed,
            LedgerOrder::Due => CaseSort::Due,
            LedgerOrder::Title => CaseSort::Title,
            LedgerOrder::Number => CaseSort::Number,
        },
        page: Page {
            offset: 0,
            limit: RECORDS_SHOWN,
        },
    }
}

/// `GET /staff/station/report`
pub(super) async fn report_form(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Query(query): Query<StationQuery>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let Some(here) = places
        .chosen(&query.at)
        .filter(|code| places.own.contains_key(code))
    else {
        return Ok(no_place_page(&desk(&staff, &state)).into_response());
    };
    if report_of_today(&state, &here)
        .await?
        .as_ref()
        .is_some_and(|report| made_at(report).is_some())
    {
        return Ok(Redirect::to(&format!("{STATION_PATH}?at={here}")).into_response());
    }
    let form = form(&state, places.place(&here), &BTreeMap::new(), Vec::new())?;
    Ok(report_page(&desk(&staff, &state), &form, None).into_response())
}

fn form(
    state: &AppState,
    here: Place,
    typed: &BTreeMap<String, String>,
    faults: Vec<FieldFault>,
) -> Result<ReportForm, PageError> {
    let kind = report_kind(state)?;
    let fields = FIGURES.iter().filter_map(|id| kind.field(id));
    let fields = fields.map(|field| FigureField {
        id: field.id.clone(),
        name: field.name.clone(),
        unit: match &field.kind {
            FieldType::Integer { unit, .. } => unit.clone(),
            _ => String::new(),
        },
        value: typed.get(&field.id).cloned().unwrap_or_default(),
    });
    let until = state.inner.in_force.now().report_until;
    Ok(ReportForm {
        here,
        day: month_day_text(state.now().hall_date()),
        until: until.format("%H:%M").to_string(),
        fields: fields.collect(),
        faults,
    })
}

/// `POST /staff/station/report`
pub(super) async fn report(
    staff: Staff<WorkAtStation>,
    State(state): State<AppState>,
    Checked(sent): Checked<Fields>,
) -> Result<Response, PageError> {
    let places = Places::of(&staff, &state).await?;
    let own = places
        .own
        .keys()
        .find(|code| code.as_str() == sent.text("at"));
    let Some(here) = own.cloned() else {
        let text = "您只能报自己网点的数。请从“网点”里进去再报。";
        return Err(Problem::new(ProblemCode::Refused, text).into());
    };
    let typed: BTreeMap<String, String> = FIGURES
        .iter()
        .map(|id| ((*id).to_owned(), sent.text(id).to_owned()))
        .collect();
    let refusal = match reported(&staff, &state, &places, &here, &typed).await? {
        Ok(()) => return Ok(Redirect::to(&format!("{STATION_PATH}?at={here}")).into_response()),
        Err(refusal) => refusal,
    };
    let form = form(&state, places.place(&here), &typed, faults_of(&refusal))?;
    let said = Said::Refused(refusal.text);
    let page = report_page(&desk(&staff, &state), &form, Some(&said));
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Reports the day: with the record that the clock has opened, or with a new one.
async fn reported(
    staff: &Staff<WorkAtStation>,
    state: &AppState,
    places: &Places,
    here: &StationCode,
    typed: &BTreeMap<String, String>,
) -> Result<Result<(), CaseRefusal>, PageError> {
    let kind = report_kind(state)?;
    let draft = match draft(state, &kind, typed).await? {
        Ok(draft) => draft,
        Err(faults) => return Ok(Err(wrong(faults))),
    };
    let (record, version) = match report_of_today(state, here).await? {
        Some(report) if report.state == DUE => (report.id, report.version),
        Some(_) => {
            let text = "今天的数已经报过了，不能再报。报错了，请给中心打电话。";
            return Ok(Err(crate::cases::refused(
                case::CaseRefusalCode::NotNow,
                text,
            )));
        }
        None => match opened(staff, state, places, here).await? {
            Ok(record) => (record, 1),
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    let command = step(draft);
    let acted = state
        .inner
        .cases
        .act(record, version, command, staff.actor(here), state.now());
    refused_or_fault(acted.await)
}

fn step(draft: Draft) -> Command {
    Command::Move {
        transition: REPORT.to_owned(),
        draft,
        reason: String::new(),
        rule: String::new(),
        remedy: String::new(),
        deferred: BTreeMap::new(),
        notice: Vec::new(),
    }
}

fn wrong(faults: Vec<FieldFault>) -> CaseRefusal {
    CaseRefusal {
        faults,
        ..crate::cases::refused(case::CaseRefusalCode::Values, "有几处要改，改好再报。")
    }
}

async fn opened(
    staff: &Staff<WorkAtStation>,
    state: &AppState,
    places: &Places,
    here: &StationCode,
) -> Result<Result<RecordId, CaseRefusal>, PageError> {
    let Some(station) = places.all.get(here).and_then(Option::as_ref) else {
        let text = "登记簿里没有您的网点，报不了。请给中心打电话，先登记网点。";
        return Ok(Err(crate::cases::refused(
            case::CaseRefusalCode::NotNow,
            text,
        )));
    };
    let today = state.now().hall_date();
    let values = [
        (STATION.to_owned(), Value::Record(station.record)),
        (DAY.to_owned(), Value::Date(today)),
    ];
    let new = NewCase {
        kind: report_kind(state)?.id.clone(),
        channel: Channel::Station,
        station: here.clone(),
        person: None,
        employer: None,
        values: values.into(),
        corrects: None,
    };
    let opened = state.inner.cases.open(new, staff.actor(here), state.now());
    refused_or_fault(opened.await)
}
