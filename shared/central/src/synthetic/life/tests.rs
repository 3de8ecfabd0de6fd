//! Every kind is walked: each of its steps is done at least once, from the opening on, by people with
//! the roles that its file names and others where duties are apart, until an end. A kind that cannot
//! be walked is a kind that clerks cannot work with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::case::{Channel, Engine, Kind, Role, StateStage, Subject, Transition, Values};
use domain::id::{DeviceId, KindId, PersonId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::cases::{CaseDesk, KindShelf, LiveRules, NewCase};
use crate::edge;
use crate::parameters::Parameters;
use crate::store::{Marking, Opening, Role as StoreRole, Store};
use crate::vault::KeyCustody;

/// 2025-03-03 (a Monday) 09:00 in the hall: the years after it are in the calendar.
const MORNING: UtcMs = UtcMs(1_740_963_600_000);
/// People of each role.
const PEOPLE: u128 = 5;
const MINUTE_MS: i64 = 60_000;

/// A store, the program's kinds, and people of every role.
struct Office {
    store: Store,
    rules: Arc<LiveRules>,
    desk: CaseDesk,
    cast: Cast,
    everybody: Vec<StaffId>,
    inventor: Inventor,
    now: UtcMs,
    person: PersonId,
    employer: RecordId,
    _folder: TempDir,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opening = Opening {
            marking: Marking::Synthetic,
            centre_if_new: DeviceId(Uuid::from_u128(99)),
            hall_parameters: Parameters::on(MORNING.hall_date()).unwrap().hall,
            role: StoreRole::Centre,
            vfs: None,
            custody: KeyCustody::of(folder.path(), None, None).unwrap(),
            now: MORNING,
        };
        let store = Store::open(&folder.path().join("c.db"), opening).unwrap();
        let rules = Arc::new(LiveRules::of(store.clone()));
        let kinds = KindShelf::embedded().unwrap();
        let desk = CaseDesk::new(store.clone(), kinds, Arc::clone(&rules) as _);
        let roles = Role::ALL.iter().filter(|role| **role != Role::System);
        let people = roles.enumerate().flat_map(|(place, role)| {
            let staff = move |n| StaffId(Uuid::from_u128((place as u128 + 1) * 100 + n));
            (0..PEOPLE).map(move |n| (*role, staff(n)))
        });
        let cast = Cast::of(people);
        let everybody = cast.everybody();
        let mut office = Self {
            inventor: Inventor::new(7, "walk", everybody.clone()),
            store,
            rules,
            desk,
            cast,
            everybody,
            now: MORNING,
            person: PersonId(Uuid::nil()),
            employer: RecordId(Uuid::nil()),
            _folder: folder,
        };
        let (person, employer) = (office.kind("person"), office.kind("employer"));
        office.person = PersonId(office.begin(&person, &[]).unwrap().0);
        office.employer = office.begin(&employer, &[]).unwrap();
        office
    }

    fn kind(&self, id: &str) -> Arc<Kind> {
        let id = KindId::new(id).unwrap();
        Arc::clone(self.desk.kinds().kind(&id).unwrap())
    }

    fn kinds(&self) -> Vec<Arc<Kind>> {
        let all = self.desk.kinds().all();
        let carried = all.filter(|kind| kind.engine != Engine::Module);
        carried.cloned().collect()
    }

    /// Opens a record that is to take these steps.
    fn begin(&mut self, kind: &Arc<Kind>, way: &[&Transition]) -> Result<RecordId, String> {
        self.now = self.now.plus_ms(MINUTE_MS);
        self.know_what_it_names(kind);
        let given = given(kind, &mut self.inventor);
        let values = self.values(kind, given, way);
        let actor = self.cast.opener(kind, 0).ok_or("nobody may open it")?;
        let new = NewCase {
            kind: kind.id.clone(),
            channel: Channel::Window,
            station: StationCode::new("YH-C").unwrap(),
            person: (kind.subject == Subject::Person).then_some(self.person),
            employer: (kind.subject == Subject::Employer).then_some(self.employer),
            values,
            corrects: None,
        };
        let (record, now) = (RecordId(edge::new_uuid(self.now)), self.now);
        let opened = self.desk.play(move |stage| stage.open(record, new, &actor, now));
        let refusal = opened.unwrap().err();
        match refusal {
            None => {
                self.inventor.knows(&kind.id, record);
                Ok(record)
            }
            Some(refusal) => Err(format!("{} {:?}", refusal.text, refusal.faults)),
        }
    }

    fn values(&mut self, kind: &Kind, given: Values, way: &[&Transition]) -> Values {
        let rules = &*self.rules;
        let mut troupe = Troupe {
            cast: &self.cast,
            inventor: &mut self.inventor,
            rules,
            everybody: &self.everybody,
        };
        open(kind, given, way, &mut troupe, self.now)
    }

    /// Opens what the kind's fields name, if there is none yet: as out of a file, with what is known.
    fn know_what_it_names(&mut self, kind: &Kind) {
        for named in kinds_named(kind) {
            let is_known = self.inventor.record_of(std::slice::from_ref(&named)).is_some();
            if is_known || self.desk.kinds().kind(&named).is_none() {
                continue;
            }
            let (record, now) = (RecordId(edge::new_uuid(self.now)), self.now);
            let new = NewCase {
                kind: named.clone(),
                channel: Channel::Import,
                station: StationCode::new("YH-C").unwrap(),
                person: None,
                employer: None,
                values: Values::new(),
                corrects: None,
            };
            let opened = self
                .desk
                .play(move |stage| stage.open(record, new, &cast::system(), now));
            if opened.unwrap().is_ok() {
                self.inventor.knows(&named, record);
            }
        }
    }

    fn take(&mut self, kind: &Arc<Kind>, record: RecordId, step: &Transition) -> Result<(), String> {
        let (kind, step) = (Arc::clone(kind), step.clone());
        let (cast, everybody) = (self.cast.clone(), self.everybody.clone());
        let mut inventor = std::mem::replace(&mut self.inventor, Inventor::new(0, "", Vec::new()));
        let mut now = self.now.plus_ms(MINUTE_MS);
        let rules = Arc::clone(&self.rules);
        let played = self.desk.play(move |stage| {
            let mut troupe = Troupe {
                cast: &cast,
                inventor: &mut inventor,
                rules: &*rules,
                everybody: &everybody,
            };
            let taken = take(stage, &kind, record, &step, &mut troupe, &mut now);
            Ok((taken.map_err(|stuck| stuck.to_string()), inventor, now))
        });
        let (taken, inventor, now) = played.unwrap();
        (self.inventor, self.now) = (inventor, now);
        taken
    }

    fn state(&self, record: RecordId) -> String {
        let found = self.store.read_blocking(|reader| reader.record(record));
        found.unwrap().unwrap().state
    }
}

/// One kind's walk: which steps were taken, and what could not be.
#[derive(Default)]
struct Walk {
    taken: BTreeSet<String>,
    faults: Vec<String>,
    has_ended: bool,
}

fn walk(office: &mut Office, kind: &Arc<Kind>) -> Walk {
    let mut walk = Walk::default();
    for step in &kind.transitions {
        if !walk.taken.contains(&step.id) {
            walk_to(office, kind, step, &mut walk);
        }
    }
    if kind.transitions.is_empty() {
        walk.faults.push("it has no steps".to_owned());
    }
    walk
}

/// Takes a step that was not taken yet, by the shortest way on which it can be, and goes on to an end.
fn walk_to(office: &mut Office, kind: &Arc<Kind>, step: &Transition, walk: &mut Walk) {
    let mut last = format!("{}: no way leads to it", step.id);
    let ways = step.from.iter().flat_map(|from| ways_to(kind, from));
    for mut way in ways.collect::<Vec<_>>() {
        way.push(step);
        match walk_way(office, kind, &way, walk) {
            Ok(record) => {
                walk.taken.insert(step.id.clone());
                go_on(office, kind, record, walk);
                return;
            }
            Err(why) => last = why,
        }
    }
    walk.faults.push(last);
}

fn walk_way(
    office: &mut Office,
    kind: &Arc<Kind>,
    way: &[&Transition],
    walk: &mut Walk,
) -> Result<RecordId, String> {
    let record = office.begin(kind, way).map_err(|why| format!("open: {why}"))?;
    for step in way {
        let taken = office.take(kind, record, step);
        taken.map_err(|why| format!("{}: {why}", step.id))?;
        walk.taken.insert(step.id.clone());
    }
    Ok(record)
}

fn go_on(office: &mut Office, kind: &Arc<Kind>, record: RecordId, walk: &mut Walk) {
    for _ in 0..12 {
        let state = office.state(record);
        let is_end = kind.state(&state).is_some_and(|state| state.stage == StateStage::End);
        if is_end || kind.transitions_from(&state).next().is_none() {
            walk.has_ended = true;
            return;
        }
        let steps = nearest_end(kind, &state);
        let Some(step) = steps.into_iter().find(|step| office.take(kind, record, step).is_ok()) else {
            return;
        };
        walk.taken.insert(step.id.clone());
    }
}

#[test]
fn every_step_of_every_kind_can_be_taken_by_those_whom_its_file_names() {
    let mut office = Office::open();
    let mut faults = BTreeMap::new();
    for kind in office.kinds() {
        office.now = MORNING;
        let walk = walk(&mut office, &kind);
        let mut found = walk.faults;
        if kind.engine == Engine::Case && !walk.has_ended {
            found.push("no walk came to an end".to_owned());
        }
        if !found.is_empty() {
            faults.insert(kind.id.to_string(), found);
        }
    }
    assert!(faults.is_empty(), "{} kinds: {faults:#?}", faults.len());
}
