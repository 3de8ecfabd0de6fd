//! Some weeks as the demo has them: the same for one seed, through every service line, with nothing
//! stuck but what a rule holds back.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{Role, ServiceLine, StateStage, Value};
use domain::id::{DeviceId, StaffId};
use domain::time::UtcMs;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::cases::KindShelf;
use crate::parameters::Parameters;
use crate::staff::GRANTABLE;
use crate::store::{CaseQuery, Marking, Opening, Role as StoreRole, Store};
use crate::synthetic::Cast;
use crate::synthetic_years::{YearsOrder, live_in, span};
use crate::vault::KeyCustody;

/// 2026-11-23 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);

fn store() -> (Store, TempDir) {
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
    (store, folder)
}

fn lived(store: &Store, seed: u64) -> Lived {
    let volumes = Volumes::read(EMBEDDED_VOLUMES).unwrap();
    let order = YearsOrder {
        extent: Extent::Demo,
        seed,
        until: MORNING.hall_date(),
    };
    let roles = Role::ALL.iter().filter(|role| GRANTABLE(**role));
    let people = roles.enumerate().flat_map(|(place, role)| {
        let staff = move |n| StaffId(Uuid::from_u128((place as u128 + 1) * 100 + n));
        (0..3).map(move |n| (*role, staff(n)))
    });
    let span = span(order.extent, order.until, volumes.demo_days());
    let cast = Cast::of(people);
    live_in(store, cast, &volumes, order, span, &mut |_, _| {}).unwrap()
}

/// Number, state and open values of every record, by kind.
type Told = BTreeMap<String, Vec<(String, String, String)>>;

fn told(store: &Store) -> Told {
    let shelf = KindShelf::embedded().unwrap();
    let mut told = Told::new();
    for kind in shelf.all() {
        let asked = CaseQuery::of(kind.id.clone(), 1_000);
        let lines = store
            .read_blocking(|reader| reader.case_lines(&asked))
            .unwrap();
        let lines = lines.into_iter().map(|line| {
            let mut values = line.body.values;
            // sealed under keys that are drawn anew
            values.retain(|_, value| !matches!(value, Value::Sealed(_)));
            (line.case_no, line.state, format!("{values:?}"))
        });
        told.insert(kind.id.to_string(), lines.collect());
    }
    told
}

#[test]
fn one_seed_gives_the_same_records_and_another_gives_others() {
    let ((one, _a), (same, _b), (other, _c)) = (store(), store(), store());
    let (first, second) = (lived(&one, 7), lived(&same, 7));
    assert_eq!(first, second);
    assert_eq!(told(&one), told(&same));
    lived(&other, 8);
    assert_ne!(told(&one), told(&other));
}

#[test]
fn some_weeks_reach_every_line_and_many_records_are_over() {
    let (store, _folder) = store();
    let lived = lived(&store, 7);
    assert!((300..=1_500).contains(&lived.records), "{lived:?}");
    let stuck: u64 = lived.stuck.values().sum();
    assert!(
        stuck * 50 <= lived.records,
        "more than one in fifty is stuck: {lived:#?}"
    );
    let shelf = KindShelf::embedded().unwrap();
    let told = told(&store);
    let (mut lines, mut over, mut waiting) = (BTreeSet::new(), 0, 0);
    for kind in shelf.all() {
        for (_, state, _) in &told[kind.id.as_str()] {
            lines.insert(kind.line);
            let stage = kind.state(state).map(|state| state.stage);
            over += usize::from(stage == Some(StateStage::End));
            waiting += usize::from(stage == Some(StateStage::Open));
        }
    }
    let all = [
        ServiceLine::Employment,
        ServiceLine::Startup,
        ServiceLine::UnemploymentInsurance,
        ServiceLine::Training,
        ServiceLine::Gig,
        ServiceLine::Administration,
    ];
    assert!(all.iter().all(|line| lines.contains(line)), "{lines:?}");
    assert!(over > 50 && waiting > 20, "{over} are over, {waiting} wait");
}

#[test]
fn the_tables_that_years_leave_can_be_made_anew_from_their_events() {
    let (store, _folder) = store();
    lived(&store, 7);
    let before = told(&store);
    store.write_blocking(|write| write.rebuild()).unwrap();
    assert_eq!(told(&store), before);
}

#[test]
fn the_volumes_name_kinds_that_there_are() {
    let volumes = Volumes::read(EMBEDDED_VOLUMES).unwrap();
    let shelf = KindShelf::embedded().unwrap();
    for volume in &volumes.volume {
        assert!(shelf.kind(&volume.kind).is_some(), "{}", volume.kind);
    }
}
