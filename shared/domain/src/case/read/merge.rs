//! A kind with its workflow under it, or with the two states of a register.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Role;
use crate::case::kind::{Engine, State, StateStage, Transition};

use super::raw::{Draft, Flow, RawTransition};
use super::table::{Faults, Item, Marks, Place};

/// Who may change an entry of a register, unless its file says otherwise.
const REGISTER_EDITORS: [Role; 2] = [Role::Clerk, Role::Chief];

/// The draft with all of its states, transitions and deadlines.
pub(super) fn merged<'f>(
    mut draft: Draft<'f>,
    workflows: &BTreeMap<&str, Flow<'f>>,
    faults: &Faults,
) -> Draft<'f> {
    match draft.head.value.engine {
        Engine::Case => with_workflow(&mut draft, workflows, faults),
        Engine::Register => {
            forbid_own(&draft, "登记簿只有“在用”和“停用”两个状态，", faults);
            as_register(&mut draft);
        }
        Engine::Module => {
            forbid_own(&draft, "这一类型由专门的模块承办，", faults);
            draft.flow = Flow::default();
        }
    }
    if draft.head.value.engine != Engine::Register
        && let Some(role) = draft.editors.first()
    {
        let at = draft.head.place("editors", role.word());
        faults.say(
            at,
            "“editors”只有登记簿写在这里，别的类型写在 [[state]] 里。",
        );
    }
    draft
}

fn with_workflow<'f>(draft: &mut Draft<'f>, workflows: &BTreeMap<&str, Flow<'f>>, faults: &Faults) {
    let Some(name) = &draft.workflow else {
        if let Some(state) = draft.without.first() {
            let at = draft.head.place("without", state);
            faults.say(at, "没有写“workflow”，“without”就没有东西可去掉。");
        }
        return;
    };
    let Some(workflow) = workflows.get(name.as_str()) else {
        let at = draft.head.place("workflow", name);
        faults.say(at, format!("没有流程“{name}”：workflows 目录里找不到它。"));
        return;
    };
    for id in &draft.without {
        if !workflow.states.iter().any(|state| state.value.id == *id) {
            let at = draft.head.place("without", id);
            faults.say(at, format!("流程“{name}”没有状态“{id}”，去不掉。"));
        }
    }
    let own = std::mem::take(&mut draft.flow);
    let without: BTreeSet<_> = draft.without.iter().map(String::as_str).collect();
    draft.flow = over(without_states(workflow, &without), own);
}

/// The workflow without some states, every arrow at them, and what named such an arrow.
fn without_states<'f>(workflow: &Flow<'f>, without: &BTreeSet<&str>) -> Flow<'f> {
    let mut flow = workflow.clone();
    flow.states
        .retain(|state| !without.contains(state.value.id.as_str()));
    let mut dropped = BTreeSet::new();
    flow.transitions.retain_mut(|item| {
        let step = &mut item.value.transition;
        let had_from = !step.from.is_empty();
        step.from.retain(|from| !without.contains(from.as_str()));
        let is_dropped = without.contains(step.to.as_str()) || (had_from && step.from.is_empty());
        if is_dropped {
            dropped.insert(step.id.clone());
        }
        !is_dropped
    });
    for item in &mut flow.transitions {
        let step = &mut item.value.transition;
        step.differs_from.retain(|id| !dropped.contains(id));
        step.same_as.retain(|id| !dropped.contains(id));
    }
    flow.deadlines.retain_mut(|item| {
        let had_states = !item.value.states.is_empty();
        item.value
            .states
            .retain(|state| !without.contains(state.as_str()));
        !(had_states && item.value.states.is_empty())
    });
    for item in &mut flow.validities {
        item.value.steps.retain(|id| !dropped.contains(id));
    }
    flow
}

/// What a kind says replaces what its workflow says under the same id, in its place.
fn over<'f>(workflow: Flow<'f>, own: Flow<'f>) -> Flow<'f> {
    Flow {
        states: over_by_id(workflow.states, own.states, |state| &state.id),
        transitions: over_by_id(workflow.transitions, own.transitions, |raw| {
            &raw.transition.id
        }),
        deadlines: over_by_id(workflow.deadlines, own.deadlines, |rule| &rule.id),
        validities: [workflow.validities, own.validities].concat(),
    }
}

fn over_by_id<'f, T>(
    mut under: Vec<Item<'f, T>>,
    over: Vec<Item<'f, T>>,
    id: impl Fn(&T) -> &String,
) -> Vec<Item<'f, T>> {
    let of_workflow = under.len();
    for item in over {
        let mut workflow = under.iter_mut().take(of_workflow);
        match workflow
            .find(|other| id(&other.value) == id(&item.value) && other.at.path != item.at.path)
        {
            Some(place) => *place = item,
            None => under.push(item),
        }
    }
    under
}

fn forbid_own(draft: &Draft<'_>, why: &str, faults: &Faults) {
    let flow = &draft.flow;
    let places = flow
        .states
        .iter()
        .map(|item| item.at)
        .chain(flow.transitions.iter().map(|item| item.at));
    for at in places {
        faults.say(at, format!("{why}不能自己写状态和步骤。"));
    }
    let head = &draft.head;
    if let Some(name) = &draft.workflow {
        faults.say(head.place("workflow", name), format!("{why}不能用流程。"));
    }
    let initial = &head.value.initial;
    if !initial.is_empty() {
        faults.say(
            head.place("initial", initial),
            format!("{why}不用写“initial”。"),
        );
    }
}

fn as_register(draft: &mut Draft<'_>) {
    let at = draft.head.at;
    let editors = if draft.editors.is_empty() {
        REGISTER_EDITORS.to_vec()
    } else {
        draft.editors.clone()
    };
    draft.head.value.initial = "active".to_owned();
    draft.flow.states = vec![
        made(at, state("active", "在用", StateStage::Settled, editors)),
        made(at, state("closed", "停用", StateStage::End, Vec::new())),
    ];
    let mut close = with_reason(step("close", "停用", "active", "closed"));
    let reopen = step("reopen", "恢复", "closed", "active");
    let mut steps = vec![reopen];
    if draft.may_pause {
        let paused = state("paused", "暂停", StateStage::Waiting, Vec::new());
        draft.flow.states.insert(1, made(at, paused));
        close.transition.from.push("paused".to_owned());
        steps.push(with_reason(step("pause", "暂停", "active", "paused")));
        steps.push(step("resume", "恢复开放", "paused", "active"));
    }
    steps.insert(0, close);
    draft.flow.transitions = steps.into_iter().map(|step| made(at, step)).collect();
}

fn with_reason(mut step: RawTransition<'static>) -> RawTransition<'static> {
    step.transition.needs_reason = true;
    step
}

fn made<T>(at: Place<'_>, value: T) -> Item<'_, T> {
    Item {
        value,
        at,
        marks: Marks::default(),
    }
}

fn state(id: &str, name: &str, stage: StateStage, editors: Vec<Role>) -> State {
    State {
        id: id.to_owned(),
        name: name.to_owned(),
        stage,
        editors,
    }
}

fn step(id: &str, name: &str, from: &str, to: &str) -> RawTransition<'static> {
    RawTransition {
        transition: Transition {
            id: id.to_owned(),
            name: name.to_owned(),
            from: vec![from.to_owned()],
            to: to.to_owned(),
            roles: vec![Role::Chief],
            ..Transition::default()
        },
        only_if: Vec::new(),
        set: Vec::new(),
    }
}
