//! Steps that nobody does by hand and no date brings about: they follow from a record's values, in
//! the transaction that set them. And fields that a new record takes from a dated parameter.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{
    self, Actor, Called, Command, Draft, Kind, Record, Role, Rulebook, Transition, Value,
};
use domain::id::RecordId;
use domain::time::UtcMs;

use crate::outreach;
use crate::store::{StoreError, Write};

use super::publishing::is_masked;
use super::telling::{self, Telling};
use super::{desk, sealing};

/// Most steps that follow one another.
const STEPS_MAX: usize = 4;
/// Kind, computed field and the parameter that it takes its value from when a record is opened.
const FROM_PARAMETERS: [(&str, &str, &str); 1] =
    [("led_publication", "review_levels", "led.review_levels")];
/// Kind and step at which the texts of a record are looked through for personal data.
const MASKING_CHECK: (&str, &str) = ("publicity_notice", "check");

/// The system as an actor.
pub(super) fn system() -> Actor {
    Actor {
        staff: None,
        roles: BTreeSet::from([Role::System]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

/// Gives a new record what it takes from parameters. One without a value stays as it is: the step
/// that needs it says so.
pub(super) fn fill(
    write: &mut Write<'_>,
    kind: &Kind,
    id: RecordId,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let mut draft = Draft::new();
    for (of_kind, field, parameter) in FROM_PARAMETERS {
        if kind.id.as_str() == of_kind
            && let Ok(number) = rules.number(parameter, now.hall_date())
        {
            draft.insert(field.to_owned(), Some(Value::Integer(number)));
        }
    }
    change(write, id, draft, rules, now)
}

/// Writes values as the system, which needs no reason; nothing, where there are none.
pub(super) fn change(
    write: &mut Write<'_>,
    id: RecordId,
    draft: Draft,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    if draft.is_empty() {
        return Ok(());
    }
    let reason = String::new();
    do_as_system(write, id, Command::Change { draft, reason }, rules, now).map(drop)
}

/// Does the steps that follow from the values of a record of this kind.
pub(super) fn follow(
    write: &mut Write<'_>,
    kind: &Kind,
    id: RecordId,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    // most kinds have no such step, and reading a record has its price when many come in
    if !kind.transitions.iter().any(|step| is_automatic(kind, step)) {
        return Ok(());
    }
    for _ in 0..STEPS_MAX {
        let Some(record) = write.record(id)? else {
            return Ok(());
        };
        let due = kind
            .transitions_from(&record.state)
            .find(|step| is_automatic(kind, step) && follows(kind, &record, step, rules, now));
        let Some(step) = due.map(|step| Command::step(&step.id)) else {
            return Ok(());
        };
        if !do_as_system(write, id, step, rules, now)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Does the steps that follow at once from a step of a person, as far as the engine lets them be done.
pub(super) fn go_on(
    write: &mut Write<'_>,
    kind: &Kind,
    id: RecordId,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let mut at_once: Vec<_> = kind.transitions.iter().filter(|s| s.is_at_once).collect();
    while !at_once.is_empty() {
        let Some(record) = write.record(id)? else {
            return Ok(());
        };
        let here = at_once
            .iter()
            .position(|step| step.from.contains(&record.state));
        // each is tried once, so that two which lead back and forth come to an end
        let Some(step) = here.map(|place| at_once.remove(place)) else {
            return Ok(());
        };
        do_as_system(write, id, Command::step(&step.id), rules, now)?;
    }
    Ok(())
}

/// Does the step that follows from how calling somebody about a record ended, where its kind has one.
pub(crate) fn after_call(
    write: &mut Write<'_>,
    id: RecordId,
    ended: Called,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let Some(record) = write.record(id)? else {
        return Ok(());
    };
    let kind = write.kind(&record.kind_hash)?;
    let step = kind
        .transitions_from(&record.state)
        .find(|step| step.when_called == Some(ended));
    if let Some(step) = step {
        do_as_system(write, id, Command::step(&step.id), rules, now)?;
    }
    Ok(())
}

/// Whether a step is the system's alone and waits for no date.
fn is_automatic(kind: &Kind, step: &Transition) -> bool {
    let waits = |rule: &case::DeadlineRule| rule.then.as_ref() == Some(&step.id);
    step.roles == [Role::System] && step.when_called.is_none() && !kind.deadlines.iter().any(waits)
}

/// Whether the conditions of such a step hold.
fn follows(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> bool {
    if (kind.id.as_str(), step.id.as_str()) == MASKING_CHECK {
        return record.values.values().all(is_masked);
    }
    let holds = |check: &case::Check| {
        let held = check
            .condition
            .holds(&record.values, now.hall_date(), rules);
        held.unwrap_or(false)
    };
    !step.only_if.is_empty() && step.only_if.iter().all(holds)
}

/// Whether the engine let it be done.
pub(super) fn do_as_system(
    write: &mut Write<'_>,
    id: RecordId,
    command: Command,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<bool, StoreError> {
    let Some(record) = write.record(id)? else {
        return Ok(false);
    };
    let kind = write.kind(&record.kind_hash)?;
    let seen = record.version;
    match case::decide(&kind, &record, seen, command, &system(), now, rules) {
        Ok(events) => {
            let (owner, steps) = (sealing::owner_of(&record), desk::steps_of(&events));
            let is_done = desk::append_all(write, &kind, owner, events, now)?.is_ok();
            if is_done {
                outreach::after_steps(write, &kind, id, &steps, now)?;
                telling::after(write, &kind, Some(&record), id, &Telling { rules, now })?;
            }
            Ok(is_done)
        }
        Err(refusal) => {
            tracing::debug!(%id, code = ?refusal.code, "a step does not follow");
            Ok(false)
        }
    }
}
