//! Every kind is walked: each of its steps is done at least once, from the opening on, by people with
//! the roles that its file names and others where duties are apart, until an end. A kind that cannot
//! be walked is a kind that clerks cannot work with.

mod office;
mod sheets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::case::{Engine, Kind, StateStage, Transition};
use domain::id::RecordId;

use super::*;
use office::{MORNING, Office};

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
    walk.faults.push(format!("{}, by {last}", step.id));
}

fn walk_way(
    office: &mut Office,
    kind: &Arc<Kind>,
    way: &[&Transition],
    walk: &mut Walk,
) -> Result<RecordId, String> {
    let record = office
        .begin(kind, way)
        .map_err(|why| format!("open: {why}"))?;
    for (place, step) in way.iter().enumerate() {
        let taken = office.take(kind, record, step, &way[place + 1..]);
        taken.map_err(|why| format!("{}: {why}", step.id))?;
        walk.taken.insert(step.id.clone());
    }
    Ok(record)
}

fn go_on(office: &mut Office, kind: &Arc<Kind>, record: RecordId, walk: &mut Walk) {
    for _ in 0..12 {
        let state = office.state(record);
        let is_end = kind
            .state(&state)
            .is_some_and(|state| state.stage == StateStage::End);
        if is_end || kind.transitions_from(&state).next().is_none() {
            walk.has_ended = true;
            return;
        }
        let steps = nearest_end(kind, &state);
        let Some(step) = steps
            .into_iter()
            .find(|step| office.take(kind, record, step, &[]).is_ok())
        else {
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
