//! A person's work today: what others have let pass and came up to them, records of which some step
//! is theirs to do, their own of which a day comes near, and their own that wait for somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};
use domain::case::{self, Actor, Kind, Record, Reminder, Role, Sensitivity, StateStage, Way};
use domain::id::{KindId, RecordId, StaffId};

use crate::staff::StaffSession;
use crate::store::{CaseLine, CaseQuery, CaseSort, Reader, StoreError};

use super::{CaseDesk, CaseFault, shown_title};

/// Records of one kind that are looked at: nobody does more in a day.
const LINES_PER_KIND: u32 = 60;
/// Records of one group that are shown: a page that nobody reads to its end hides what is urgent.
const SHOWN_PER_GROUP: usize = 8;

/// How soon something wants doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkGroup {
    /// Somebody else's day has passed, and it is for this person to see that it is done.
    Escalated,
    /// Its day has passed.
    Late,
    /// Today.
    Today,
    /// Until Sunday.
    ThisWeek,
    /// Later, or without a day.
    Later,
    /// Their own, at which somebody else must act.
    WaitsForOthers,
}

/// What wants doing equally soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupOfWork {
    /// How soon.
    pub group: WorkGroup,
    /// The most urgent of it.
    pub shown: Vec<WorkItem>,
    /// What else there is, the most of a kind first.
    pub rest: Vec<WorkRest>,
}

/// Records of one kind that are not shown one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRest {
    /// Which kind.
    pub kind: KindId,
    /// Its name.
    pub kind_name: String,
    /// How many.
    pub records: usize,
}

/// A record that wants doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// Which.
    pub record: RecordId,
    /// Its kind's name.
    pub kind_name: String,
    /// How much of persons its kind tells.
    pub sensitivity: Sensitivity,
    /// Its number.
    pub case_no: String,
    /// Its title.
    pub title: String,
    /// Its state's name.
    pub state: String,
    /// The next deadline.
    pub due_on: Option<NaiveDate>,
    /// What this person can do with it; empty for what waits for others.
    pub step: String,
    /// The deadlines of which somebody is to be reminded now.
    pub reminders: Vec<String>,
}

/// A record that was found to want doing; what it is called is looked up only of those that are shown.
struct Found {
    group: WorkGroup,
    kind: Arc<Kind>,
    line: CaseLine,
    step: String,
    reminders: Vec<String>,
}

impl CaseDesk {
    /// The work of a person, what is most urgent first.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn work_of(
        &self,
        person: StaffSession,
        today: NaiveDate,
    ) -> Result<Vec<GroupOfWork>, CaseFault> {
        let kinds: Vec<_> = self.kinds().all().cloned().collect();
        let read = self.store().read(move |reader| {
            let mut found = Vec::new();
            for kind in &kinds {
                found.extend(to_do(reader, kind, &person, today)?);
                found.extend(waiting(reader, kind, &person)?);
            }
            // what is shown with its step, or as come up, is not shown as waiting besides
            let mut seen = BTreeSet::new();
            found.retain(|one: &Found| seen.insert(one.line.record));
            found.sort_by_key(|one| (one.group, one.line.due_on.is_none(), one.line.due_on));
            let groups = found.chunk_by(|one, next| one.group == next.group);
            groups.map(|group| group_of_work(reader, group)).collect()
        });
        Ok(read.await?)
    }
}

fn group_of_work(reader: &Reader<'_>, found: &[Found]) -> Result<GroupOfWork, StoreError> {
    let (shown, rest) = found.split_at(found.len().min(SHOWN_PER_GROUP));
    let mut kinds = BTreeMap::<&KindId, WorkRest>::new();
    for one in rest {
        let of_kind = kinds.entry(&one.kind.id).or_insert_with(|| WorkRest {
            kind: one.kind.id.clone(),
            kind_name: one.kind.name.clone(),
            records: 0,
        });
        of_kind.records += 1;
    }
    let mut rest: Vec<_> = kinds.into_values().collect();
    rest.sort_by_key(|kind| std::cmp::Reverse(kind.records));
    let items = shown.iter().map(|one| item(reader, one));
    Ok(GroupOfWork {
        group: found[0].group,
        shown: items.collect::<Result<_, _>>()?,
        rest,
    })
}

fn to_do(
    reader: &Reader<'_>,
    kind: &Arc<Kind>,
    person: &StaffSession,
    today: NaiveDate,
) -> Result<Vec<Found>, StoreError> {
    let roles = person.roles();
    let states = states_to_look_at(kind, &roles);
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let stations = person.stations(&roles);
    let lines = reader.case_work(&kind.id, &states, stations.as_ref(), LINES_PER_KIND)?;
    let mut found = Vec::new();
    for line in lines {
        let record = &line.body;
        let actor = person.actor(&record.station);
        let reminders = case::reminders(kind, record, today);
        let step = first_step(kind, record, &actor);
        let group = match &step {
            Some(_) if acts_in(kind, &record.state, &roles) => group_of(line.due_on, today),
            _ if has_come_up_to(&reminders, &actor) => WorkGroup::Escalated,
            _ if !reminders.is_empty() && keeps(kind, record, person.staff, &roles) => {
                group_of(line.due_on, today)
            }
            _ => continue,
        };
        found.push(Found {
            group,
            kind: Arc::clone(kind),
            step: step.unwrap_or_default(),
            reminders: reminders.iter().map(|one| one.name.clone()).collect(),
            line,
        });
    }
    Ok(found)
}

/// Whether a record is this person's to look after: who has it, or, where nobody does, who may change it.
fn keeps(kind: &Kind, record: &Record, staff: StaffId, roles: &BTreeSet<Role>) -> bool {
    let may_change = || {
        let state = kind.state(&record.state);
        state.is_some_and(|state| state.editors.iter().any(|role| roles.contains(role)))
    };
    record.owner.map_or_else(may_change, |owner| owner == staff)
}

fn has_come_up_to(reminders: &[Reminder], actor: &Actor) -> bool {
    let mut to = reminders.iter().filter_map(|one| one.escalates_to);
    to.any(|role| actor.roles.contains(&role))
}

/// States in which one of the roles has to act, and states in which a day may come near.
fn states_to_look_at(kind: &Kind, roles: &BTreeSet<Role>) -> Vec<String> {
    let has_deadline = |state: &str| {
        let mut states = kind.deadlines.iter().flat_map(|rule| &rule.states);
        states.any(|one| one == state)
    };
    let is_seen = |state: &&case::State| {
        acts_in(kind, &state.id, roles) || (has_deadline(&state.id) && has_part(kind, roles))
    };
    let states = kind.states.iter().filter(is_seen);
    states.map(|state| state.id.clone()).collect()
}

/// Whether a state is open and one of the roles may lead out of it.
fn acts_in(kind: &Kind, state: &str, roles: &BTreeSet<Role>) -> bool {
    let is_open = kind
        .state(state)
        .is_some_and(|state| state.stage == StateStage::Open);
    let mut steps = kind.transitions_from(state);
    is_open && steps.any(|step| step.roles.iter().any(|role| may(*role, roles)))
}

/// Whether one of the roles does anything with records of the kind, or is told when they are late.
fn has_part(kind: &Kind, roles: &BTreeSet<Role>) -> bool {
    let steps = kind.transitions.iter().flat_map(|step| &step.roles);
    let told = kind
        .deadlines
        .iter()
        .filter_map(|rule| rule.escalates_to.as_ref());
    steps.chain(told).any(|role| may(*role, roles))
}

fn may(role: Role, roles: &BTreeSet<Role>) -> bool {
    role != Role::System && roles.contains(&role)
}

/// The step forward that the person can do with a record; none, when another one must.
fn first_step(kind: &Kind, record: &Record, actor: &Actor) -> Option<String> {
    let allowed = case::allowed(kind, record, actor);
    let free = allowed.iter().filter(|one| {
        let mut roles = one.transition.roles.iter();
        one.bar.is_none() && roles.any(|role| may(*role, &actor.roles))
    });
    let forward = free
        .map(|one| (kind.way(one.transition), one.transition))
        .filter(|(way, _)| *way != Way::Aside);
    let first = forward.min_by_key(|(way, _)| *way);
    first.map(|(_, step)| step.name.clone())
}

/// The person's own records in which it is not they who act next.
fn waiting(
    reader: &Reader<'_>,
    kind: &Arc<Kind>,
    person: &StaffSession,
) -> Result<Vec<Found>, StoreError> {
    let not_over =
        |state: &&case::State| matches!(state.stage, StateStage::Open | StateStage::Waiting);
    let states = kind.states.iter().filter(not_over);
    let states: Vec<_> = states.map(|state| state.id.clone()).collect();
    // of a register nothing waits; no states would mean all of them
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let own = reader.case_lines(&CaseQuery {
        states,
        owner: Some(person.staff),
        sort: CaseSort::Due,
        ..CaseQuery::of(kind.id.clone(), LINES_PER_KIND)
    })?;
    let waits = |line: &CaseLine| {
        let record = &line.body;
        first_step(kind, record, &person.actor(&record.station)).is_none()
    };
    let found = own.into_iter().filter(waits).map(|line| Found {
        group: WorkGroup::WaitsForOthers,
        kind: Arc::clone(kind),
        line,
        step: String::new(),
        reminders: Vec::new(),
    });
    Ok(found.collect())
}

fn item(reader: &Reader<'_>, found: &Found) -> Result<WorkItem, StoreError> {
    let Found { kind, line, .. } = found;
    Ok(WorkItem {
        record: line.record,
        kind_name: kind.name.clone(),
        sensitivity: kind.sensitivity,
        case_no: line.case_no.clone(),
        title: shown_title(reader, kind, &line.body, &line.title)?,
        state: kind
            .state(&line.state)
            .map_or_else(|| line.state.clone(), |state| state.name.clone()),
        due_on: line.due_on,
        step: found.step.clone(),
        reminders: found.reminders.clone(),
    })
}

/// The last day of the week of `today`.
pub(crate) fn sunday_of(today: NaiveDate) -> NaiveDate {
    let days_left = 6 - u64::from(today.weekday().num_days_from_monday());
    today
        .checked_add_days(Days::new(days_left))
        .unwrap_or(today)
}

fn group_of(due_on: Option<NaiveDate>, today: NaiveDate) -> WorkGroup {
    let sunday = sunday_of(today);
    match due_on {
        Some(day) if day < today => WorkGroup::Late,
        Some(day) if day == today => WorkGroup::Today,
        Some(day) if day <= sunday => WorkGroup::ThisWeek,
        _ => WorkGroup::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_ends_with_sunday() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let group = |due| group_of(Some(day(due)), day(26));
        assert_eq!(group(25), WorkGroup::Late);
        assert_eq!(group(26), WorkGroup::Today);
        assert_eq!(group(29), WorkGroup::ThisWeek);
        assert_eq!(group(30), WorkGroup::Later);
        assert_eq!(group_of(None, day(26)), WorkGroup::Later);
    }
}
