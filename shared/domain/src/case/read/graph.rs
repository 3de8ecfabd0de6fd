//! Whether every state is reached, and leads to an end.

use std::collections::BTreeSet;

use crate::case::kind::{Engine, State, StateStage, Transition};

use super::raw::Draft;
use super::table::{Faults, Item, Place};

/// Walks the states of a case. A register has two, which lead to each other.
pub(super) fn check(draft: &Draft<'_>, faults: &Faults) {
    if draft.head.value.engine != Engine::Case {
        return;
    }
    let steps: Vec<_> = draft
        .flow
        .transitions
        .iter()
        .map(|item| &item.value.transition)
        .collect();
    let states = &draft.flow.states;
    let ends = states
        .iter()
        .filter(|state| state.value.stage == StateStage::End);
    let initial = draft.head.value.initial.as_str();
    // without a beginning nothing is reached: that is one fault, told elsewhere
    let has_initial = states.iter().any(|state| state.value.id == initial);
    let reached = closure(
        [initial],
        |state, step| {
            leaves(step, state)
                .then_some(step.to.as_str())
                .into_iter()
                .collect()
        },
        &steps,
    );
    let ending = closure(
        ends.map(|state| state.value.id.as_str()),
        |state, step| {
            let is_into = step.to == state;
            step.from
                .iter()
                .filter(|_| is_into)
                .map(String::as_str)
                .collect()
        },
        &steps,
    );
    for item in states {
        let id = item.value.id.as_str();
        let is_end = item.value.stage == StateStage::End;
        let has_exit = steps.iter().any(|step| leaves(step, id));
        let wrong = match (is_end, has_exit) {
            (true, true) => Some("是终点，却有步骤离开它。"),
            (false, false) => Some("没有出路，又不是终点。"),
            (false, true) if !ending.contains(id) => Some("走不到任何终点。"),
            _ => None,
        };
        let unreached = "到不了：没有步骤从起点走到它。";
        let unreached = (has_initial && !reached.contains(id)).then_some(unreached);
        for wrong in unreached.into_iter().chain(wrong) {
            let of = &draft.head.value.id;
            faults.say(place(draft, item), format!("类型“{of}”的状态“{id}”{wrong}"));
        }
    }
}

/// Where it is told: a state of a workflow, which other kinds use too, at the kind that spoils it.
fn place<'f>(draft: &Draft<'f>, item: &Item<'f, State>) -> Place<'f> {
    match &draft.workflow {
        Some(workflow) if item.at.path != draft.head.at.path => {
            draft.head.place("workflow", workflow)
        }
        _ => item.place("id", &item.value.id),
    }
}

fn leaves(step: &Transition, state: &str) -> bool {
    step.from.iter().any(|from| from == state) && step.to != state
}

/// Everything that is reached from some states over the steps, in the direction of `next`.
fn closure<'s>(
    from: impl IntoIterator<Item = &'s str>,
    next: impl Fn(&str, &'s Transition) -> Vec<&'s str>,
    steps: &[&'s Transition],
) -> BTreeSet<&'s str> {
    let mut todo: Vec<_> = from.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(state) = todo.pop() {
        if reached.insert(state) {
            todo.extend(steps.iter().flat_map(|step| next(state, step)));
        }
    }
    reached
}
