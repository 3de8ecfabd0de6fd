//! Ways through the states of a kind.

use std::collections::{BTreeMap, VecDeque};

use domain::case::{Kind, StateStage, Transition};

/// Most ways to one state that are offered.
const WAYS_MAX: usize = 24;
/// Most beginnings of ways that are followed.
const LOOKED_AT_MAX: usize = 50_000;

/// Ways from the beginning to a state, each as steps, shortest first; no state twice in one way.
pub(crate) fn ways_to<'k>(kind: &'k Kind, state: &str) -> Vec<Vec<&'k Transition>> {
    let mut found = Vec::new();
    let mut open: VecDeque<(&str, Vec<&'k Transition>)> = VecDeque::new();
    open.push_back((&kind.initial, Vec::new()));
    let mut looked = 0;
    while let Some((at, way)) = open.pop_front() {
        if at == state {
            found.push(way.clone());
        }
        looked += 1;
        if found.len() == WAYS_MAX || looked > LOOKED_AT_MAX {
            break;
        }
        if at == state {
            continue;
        }
        for step in kind.transitions_from(at) {
            let is_new = step.to != kind.initial && !way.iter().any(|known| known.to == step.to);
            if is_new {
                let mut longer = way.clone();
                longer.push(step);
                open.push_back((&step.to, longer));
            }
        }
    }
    found.truncate(WAYS_MAX);
    found
}

/// From each state, how many steps it is to an end.
fn distances(kind: &Kind) -> BTreeMap<&str, usize> {
    let mut distances: BTreeMap<&str, usize> = kind
        .states
        .iter()
        .filter(|state| state.stage == StateStage::End)
        .map(|state| (state.id.as_str(), 0))
        .collect();
    loop {
        let known = distances.len();
        for step in &kind.transitions {
            let Some(to) = distances.get(step.to.as_str()).copied() else {
                continue;
            };
            for from in &step.from {
                let here = distances.entry(from).or_insert(to + 1);
                *here = (*here).min(to + 1);
            }
        }
        if distances.len() == known {
            return distances;
        }
    }
}

/// The steps from a state, those that lead to an end soonest first; of those as near, the ones that
/// need no reason first: what was asked for is granted rather than given up.
pub(crate) fn nearest_end<'k>(kind: &'k Kind, state: &str) -> Vec<&'k Transition> {
    let distances = distances(kind);
    let mut steps: Vec<_> = kind
        .transitions_from(state)
        .filter(|step| step.to != state)
        .collect();
    steps.sort_by_key(|step| {
        let distance = distances.get(step.to.as_str()).copied();
        (distance.unwrap_or(usize::MAX), step.needs_reason)
    });
    steps
}
