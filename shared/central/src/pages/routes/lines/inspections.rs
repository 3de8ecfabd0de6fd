//! The classes of this year, and whether each was inspected while it ran.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::case::{self, Record};
use domain::id::{KindId, StationCode};
use domain::kpi::{ClassFacts, KpiPeriod};
use domain::time::month_day_text;

use super::super::gate::desk;
use super::super::page_error::PageError;
use super::super::records::{kind_for, read, seen_by};
use crate::app_state::AppState;
use crate::cases::title_of;
use crate::kpi_desk::begun_classes;
use crate::pages::lines::{ClassRow, ClassesView, Inspected, classes_page};
use crate::pages::records::state_name;
use crate::staff::{Staff, WorkOnRecords};
use crate::store::{Reader, StoreError};

const CLASS: &str = "training_class";
const INSPECTION: &str = "class_inspection";
/// How often a class is inspected at least.
const TIMES_MIN: &str = "kpi.inspections_min";

/// `GET /staff/lines/training/inspections`
pub(in crate::pages::routes) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, CLASS, &staff.roles())?;
    let stations = staff.stations(&seen_by(&kind));
    let today = state.now().hall_date();
    let rules = state.inner.cases.rules();
    let times_min = rules.number(TIMES_MIN, today).unwrap_or(1);
    let times_min = u64::try_from(times_min).unwrap_or(1);
    let classes = read(&state, move |reader| {
        let mut classes = begun_classes(reader, KpiPeriod::year_of(today))?;
        let is_seen = |at: &StationCode| stations.as_ref().is_none_or(|some| some.contains(at));
        classes.retain(|(record, _)| is_seen(&record.station));
        let rows = classes
            .iter()
            .map(|(record, facts)| row(reader, record, facts, times_min));
        rows.collect::<Result<Vec<_>, StoreError>>()
    });
    let mut classes = classes.await?;
    classes.sort_by_key(|class| class.inspected);
    let view = ClassesView {
        classes,
        times_min,
        may_inspect: may_inspect(&staff, &state),
    };
    Ok(classes_page(&desk(&staff, &state), &view).into_response())
}

fn may_inspect(staff: &Staff<WorkOnRecords>, state: &AppState) -> bool {
    let kind = KindId::new(INSPECTION).ok();
    let kind = kind.and_then(|kind| state.inner.cases.kinds().kind(&kind));
    kind.is_some_and(|kind| case::may_open(kind, &staff.actor_anywhere()).is_ok())
}

fn row(
    reader: &Reader<'_>,
    record: &Record,
    facts: &ClassFacts,
    times_min: u64,
) -> Result<ClassRow, StoreError> {
    let kind = reader.kind(&record.kind_hash)?;
    let ended = facts.ended_on.map(month_day_text);
    Ok(ClassRow {
        record: record.id.to_string(),
        title: title_of(&kind, record, &|_| None),
        state: state_name(&kind, &record.state),
        days: format!(
            "{} 到 {}",
            month_day_text(facts.began_on),
            ended.as_deref().unwrap_or("现在")
        ),
        inspected: match (facts.is_inspected(times_min), facts.ended_on) {
            (true, _) => Inspected::Enough,
            (false, None) => Inspected::NotYet,
            (false, Some(_)) => Inspected::Never,
        },
        times: facts.inspected_on.len(),
        conclusions: facts.conclusions,
    })
}
