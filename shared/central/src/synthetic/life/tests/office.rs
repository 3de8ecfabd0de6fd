//! An office in a scratch directory: the program's kinds, people of every role, a person and an employer.

use std::sync::Arc;

use domain::case::{Channel, Engine, Kind, Role, Subject, Transition, Values};
use domain::id::{DeviceId, KindId, PersonId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use tempfile::TempDir;
use uuid::Uuid;

use super::super::*;
use crate::cases::station_reports::KIND as REPORT;
use crate::cases::{CaseDesk, KindShelf, LiveRules, NewCase};
use crate::edge;
use crate::parameters::Parameters;
use crate::store::{Marking, Opening, Role as StoreRole, Store};
use crate::vault::KeyCustody;

/// 2025-03-03 (a Monday) 09:00 in the hall: the years after it are in the calendar.
pub(super) const MORNING: UtcMs = UtcMs(1_740_963_600_000);
/// People of each role.
const PEOPLE: u128 = 5;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Days that are tried.
const CLASHES_MAX: u32 = 8;

/// A store, the program's kinds, and people of every role.
pub(super) struct Office {
    pub(super) store: Store,
    pub(super) rules: Arc<LiveRules>,
    pub(super) desk: CaseDesk,
    pub(super) cast: Cast,
    pub(super) everybody: Vec<StaffId>,
    pub(super) inventor: Inventor,
    pub(super) now: UtcMs,
    pub(super) person: PersonId,
    pub(super) employer: RecordId,
    _folder: TempDir,
}

impl Office {
    pub(super) fn open() -> Self {
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

    pub(super) fn kind(&self, id: &str) -> Arc<Kind> {
        let id = KindId::new(id).unwrap();
        Arc::clone(self.desk.kinds().kind(&id).unwrap())
    }

    pub(super) fn kinds(&self) -> Vec<Arc<Kind>> {
        let all = self.desk.kinds().all();
        // the report of a day is of the service point that makes it: its own tests walk it
        let carried =
            all.filter(|kind| kind.engine != Engine::Module && kind.id.as_str() != REPORT);
        carried.cloned().collect()
    }

    /// Opens a record that is to take these steps, about somebody of whom there is nothing yet: a
    /// second record may not stand beside the first. What another record bars all the same, because it
    /// clashes or is named and was given up, is tried another day with others.
    pub(super) fn begin(
        &mut self,
        kind: &Arc<Kind>,
        way: &[&Transition],
    ) -> Result<RecordId, String> {
        if kind.subject == Subject::Person {
            self.person = PersonId(self.begin_about_nobody("person")?.0);
        }
        if kind.subject == Subject::Employer {
            self.employer = self.begin_about_nobody("employer")?;
        }
        let mut last = String::new();
        for _ in 0..CLASHES_MAX {
            match self.begin_once(kind, way) {
                Err(why) => last = why,
                opened => return opened,
            }
            self.now = self.now.plus_ms(DAY_MS);
        }
        Err(last)
    }

    /// A person or an employer of whom there is nothing yet.
    pub(super) fn begin_about_nobody(&mut self, kind: &str) -> Result<RecordId, String> {
        let kind = self.kind(kind);
        self.begin_once(&kind, &[])
    }

    fn begin_once(&mut self, kind: &Arc<Kind>, way: &[&Transition]) -> Result<RecordId, String> {
        self.now = self.now.plus_ms(MINUTE_MS);
        self.know_what_it_names(kind);
        let given = given(kind, &mut self.inventor);
        let values = self.values(kind, &given, way);
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
        let opened = self
            .desk
            .play(move |stage| stage.open(record, new, &actor, now));
        let refusal = opened.unwrap().err();
        match refusal {
            None => {
                self.inventor.knows(&kind.id, record);
                Ok(record)
            }
            Some(refusal) => Err(format!("{} {:?}", refusal.text, refusal.faults)),
        }
    }

    pub(super) fn values(&mut self, kind: &Kind, given: &Values, way: &[&Transition]) -> Values {
        let rules = &*self.rules;
        let mut troupe = Troupe {
            cast: &self.cast,
            inventor: &mut self.inventor,
            rules,
            everybody: &self.everybody,
            ahead: &[],
        };
        open(kind, given, way, &mut troupe, self.now)
    }

    /// Opens what the kind's fields name, if there is none yet: as out of a file, with what is known.
    pub(super) fn know_what_it_names(&mut self, kind: &Kind) {
        for named in kinds_named(kind) {
            let is_known = self
                .inventor
                .record_of(std::slice::from_ref(&named))
                .is_some();
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
                .play(move |stage| stage.open(record, new, &system(), now));
            if opened.unwrap().is_ok() {
                self.inventor.knows(&named, record);
            }
        }
    }

    pub(super) fn take(
        &mut self,
        kind: &Arc<Kind>,
        record: RecordId,
        step: &Transition,
        ahead: &[&Transition],
    ) -> Result<(), String> {
        let (kind, step) = (Arc::clone(kind), step.clone());
        let ahead: Vec<Transition> = ahead.iter().copied().cloned().collect();
        let (cast, everybody) = (self.cast.clone(), self.everybody.clone());
        let mut inventor = std::mem::replace(&mut self.inventor, Inventor::new(0, "", Vec::new()));
        let mut now = self.now.plus_ms(MINUTE_MS);
        let rules = Arc::clone(&self.rules);
        let played = self.desk.play(move |stage| {
            let ahead: Vec<&Transition> = ahead.iter().collect();
            let mut troupe = Troupe {
                cast: &cast,
                inventor: &mut inventor,
                rules: &*rules,
                everybody: &everybody,
                ahead: &ahead,
            };
            let taken = take(
                stage,
                &kind,
                record,
                &step,
                &mut troupe,
                &mut now,
                Patience::Here,
            );
            Ok((taken.map_err(|stuck| stuck.to_string()), inventor, now))
        });
        let (taken, inventor, now) = played.unwrap();
        (self.inventor, self.now) = (inventor, now);
        taken
    }

    pub(super) fn state(&self, record: RecordId) -> String {
        let found = self.store.read_blocking(|reader| reader.record(record));
        found.unwrap().unwrap().state
    }
}
