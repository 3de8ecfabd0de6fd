//! One step of one record, done as a careful office does it: what is missing is filled in by who may,
//! papers are taken in, and where a date must pass first, time goes on.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{
    self, Actor, Attachment, CaseRefusal, Command, Condition, Draft, Kind, Missing, Record,
    Rulebook, Transition, Values,
};
use domain::id::RecordId;
use domain::time::UtcMs;
use thiserror::Error;

use crate::store::StoreError;

use super::cast::{Cast, system};
use super::invent::Inventor;
use super::settle::{World, computed, settle};

/// Tries of one step; each brings what the one before lacked.
const TRIES_MAX: usize = 5;
/// Most days that one waits for a condition.
const WAIT_DAYS_MAX: i64 = 420;
const DAY_MS: i64 = 24 * 3_600_000;

/// Where records are kept while they live.
pub(crate) trait Playing {
    /// The record as it stands.
    fn record(&mut self, record: RecordId) -> Result<Record, Stuck>;

    /// Does what somebody asks.
    fn act(
        &mut self,
        record: RecordId,
        command: Command,
        actor: &Actor,
        now: UtcMs,
    ) -> Result<Result<(), CaseRefusal>, Stuck>;
}

/// Why a record cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Stuck {
    /// A fault of storage: nothing goes on.
    #[error(transparent)]
    Fault(#[from] StoreError),
    /// The engine says no, or nobody may.
    #[error("{0}")]
    Refused(String),
    /// A date must pass first: not before then.
    #[error("not before a date has passed")]
    Later(UtcMs),
}

/// Where a date must pass first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Time goes on here and now.
    #[cfg(test)]
    Here,
    /// Who asked comes back later ([`Stuck::Later`]).
    Elsewhere,
}

/// The people and the values of a play.
pub(crate) struct Troupe<'t> {
    pub(crate) cast: &'t Cast,
    pub(crate) inventor: &'t mut Inventor,
    pub(crate) rules: &'t dyn Rulebook,
    pub(crate) everybody: &'t [domain::id::StaffId],
    /// The steps that are to follow: what is typed now is chosen so that they can.
    pub(crate) ahead: &'t [&'t Transition],
}

/// First values of a record that is to take these steps: every field of the form that is known, in
/// agreement with the kind's checks and, as far as it goes, with what the steps ask.
pub(crate) fn open(
    kind: &Kind,
    given: &Values,
    way: &[&Transition],
    troupe: &mut Troupe<'_>,
    now: UtcMs,
) -> Values {
    let mut values = given.clone();
    for field in &kind.fields {
        let asked_later = |step: &Transition| step.asks.contains(&field.id);
        let is_asked_later = !field.is_required && kind.transitions.iter().any(asked_later);
        if field.is_computed || is_asked_later || values.contains_key(&field.id) {
            continue;
        }
        // a note excuses a value that is wrong, and none is
        if !field.is_required && field.id.ends_with("_note") {
            continue;
        }
        let value = troupe.inventor.value(field, now, troupe.rules);
        values.extend(value.map(|value| (field.id.clone(), value)));
    }
    put_off_ends(kind, given, &mut values, troupe, now);
    let may = |id: &str| {
        let is_typed = kind.field(id).is_some_and(|field| !field.is_computed);
        is_typed && !given.contains_key(id)
    };
    let world = troupe.world(now);
    // what the first steps ask counts most, so it is settled last
    for step in way.iter().rev() {
        let asked: Vec<_> = step.only_if.iter().map(|check| &check.condition).collect();
        let may_here = |id: &str| may(id) && !is_set_before(way, step, id);
        settle(kind, &mut values, &asked, may_here, world);
    }
    let first = way
        .first()
        .map(|step| &step.only_if[..])
        .unwrap_or_default();
    let checks = binding(kind).chain(first.iter().map(|check| &check.condition));
    settle(kind, &mut values, &checks.collect::<Vec<_>>(), may, world);
    values
}

/// A date that is itself a deadline lies some weeks ahead.
fn put_off_ends(
    kind: &Kind,
    given: &Values,
    values: &mut Values,
    troupe: &mut Troupe<'_>,
    now: UtcMs,
) {
    let ends = kind.deadlines.iter().filter_map(|rule| rule.until.as_ref());
    for id in ends.filter(|id| !given.contains_key(*id)) {
        let days = 15 + i64::try_from(troupe.inventor.below(40)).unwrap_or(0);
        let later = now.plus_ms(days * DAY_MS);
        if let (Some(field), true) = (kind.field(id), values.contains_key(id)) {
            let value = troupe.inventor.value(field, later, troupe.rules);
            values.extend(value.map(|value| (id.clone(), value)));
        }
    }
}

fn is_set_before(way: &[&Transition], step: &Transition, id: &str) -> bool {
    let before = way.iter().take_while(|one| one.id != step.id);
    before.into_iter().any(|one| sets(one, id))
}

/// Whether a step itself says what a field holds.
fn sets(step: &Transition, id: &str) -> bool {
    step.sets.contains_key(id) || step.stamps.iter().any(|one| one == id)
}

fn binding(kind: &Kind) -> impl Iterator<Item = &Condition> {
    let checks = kind.checks.iter().filter(|check| !check.is_hint);
    checks.map(|check| &check.condition)
}

/// Does a step. Time may have gone on afterwards.
pub(crate) fn take(
    stage: &mut dyn Playing,
    kind: &Kind,
    id: RecordId,
    step: &Transition,
    troupe: &mut Troupe<'_>,
    now: &mut UtcMs,
    patience: Patience,
) -> Result<(), Stuck> {
    let mut last = Stuck::Refused("no try was made".to_owned());
    for turn in 0..TRIES_MAX {
        let record = stage.record(id)?;
        if !step.from.contains(&record.state) {
            // the system may have done it already, and gone on
            let did = |act: &case::Act| act.transition == step.id;
            let is_done = record.acts.iter().any(did);
            return if is_done { Ok(()) } else { Err(last) };
        }
        let Some(actor) = troupe.cast.for_step(kind, &record, step, turn) else {
            return Err(Stuck::Refused(format!("nobody may do {}", step.id)));
        };
        match attempt(stage, kind, &record, (step, &actor), troupe, now, patience)? {
            Ok(()) => return Ok(()),
            Err(refusal) => last = Stuck::Refused(said(&refusal)),
        }
    }
    Err(last)
}

/// Everything that a refusal says.
fn said(refusal: &CaseRefusal) -> String {
    let faults = refusal.faults.iter();
    let faults = faults.map(|fault| format!("{}: {}", fault.field, fault.text));
    let said: Vec<_> = std::iter::once(refusal.text.clone())
        .chain(faults)
        .collect();
    format!("{:?} {}", refusal.code, said.join(" | "))
}

fn attempt(
    stage: &mut dyn Playing,
    kind: &Kind,
    record: &Record,
    (step, actor): (&Transition, &Actor),
    troupe: &mut Troupe<'_>,
    now: &mut UtcMs,
    patience: Patience,
) -> Result<Result<(), CaseRefusal>, Stuck> {
    take_in_papers(stage, kind, record, step, troupe, *now)?;
    let (wanted, ready_at) = wanted(kind, record, step, troupe, *now);
    if ready_at > *now && patience == Patience::Elsewhere {
        return Err(Stuck::Later(ready_at));
    }
    *now = ready_at;
    let (with_step, before) = parted(kind, record, step, actor, wanted);
    for (by, draft) in before.of(kind, record, troupe.cast) {
        let reason = String::new();
        let command = Command::Change { draft, reason };
        if let Err(refusal) = stage.act(record.id, command, &by, *now)? {
            return Ok(Err(refusal));
        }
    }
    if !step.from.contains(&stage.record(record.id)?.state) {
        return Ok(Ok(()));
    }
    stage.act(record.id, command(step, with_step), actor, *now)
}

fn command(step: &Transition, draft: Draft) -> Command {
    let written = |is_needed: bool, text: &str| if is_needed { text } else { "" }.to_owned();
    Command::Move {
        transition: step.id.clone(),
        draft,
        reason: written(step.needs_reason, "样例理由：按实际情况办理"),
        rule: written(step.needs_rule, "样例依据：《就业促进法》"),
        remedy: written(step.needs_rule, "可以在六十日内申请行政复议"),
        deferred: BTreeMap::new(),
        notice: match step.is_notice {
            true => vec!["样例：请补正一份材料".to_owned()],
            false => Vec::new(),
        },
    }
}

fn take_in_papers(
    stage: &mut dyn Playing,
    kind: &Kind,
    record: &Record,
    step: &Transition,
    troupe: &Troupe<'_>,
    now: UtcMs,
) -> Result<(), Stuck> {
    if step.is_notice {
        return Ok(());
    }
    for missing in case::missing(kind, record, step) {
        let Missing::Attachment { id, .. } = missing else {
            continue;
        };
        let mut handlers = troupe.cast.handlers(kind, record);
        let Some((actor, by)) = handlers.find_map(|actor| Some((actor.clone(), actor.staff?)))
        else {
            return Err(Stuck::Refused(format!(
                "nobody may take in {id} for {}",
                step.id
            )));
        };
        let paper = paper(&id, by, now);
        let taken = stage.act(record.id, Command::Attach(paper), &actor, now)?;
        taken.map_err(|refusal| Stuck::Refused(format!("{id}: {}", said(&refusal))))?;
    }
    Ok(())
}

/// What stands for the content is a name that no content has.
pub(crate) fn paper(doc_type: &str, by: domain::id::StaffId, now: UtcMs) -> Attachment {
    Attachment {
        doc_type: doc_type.to_owned(),
        sha256: format!("{:064x}", now.0.unsigned_abs()),
        mime: "image/png".to_owned(),
        pages: 1,
        bytes: 1_000,
        at: now,
        by,
    }
}

/// The values with which a step can be done, and the time at which it can.
fn wanted(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    troupe: &mut Troupe<'_>,
    now: UtcMs,
) -> (Values, UtcMs) {
    let mut values = record.values.clone();
    let missing = if step.is_notice {
        Vec::new()
    } else {
        case::missing(kind, record, step)
    };
    let missing = missing.iter().filter_map(|missing| match missing {
        Missing::Field { id, .. } => Some(id),
        Missing::Attachment { .. } => None,
    });
    let needed: Vec<&str> = missing.chain(&step.requires).map(String::as_str).collect();
    for field in needed.iter().filter_map(|id| kind.field(id)) {
        if !values.contains_key(&field.id)
            && let Some(value) = troupe.inventor.value(field, now, troupe.rules)
        {
            values.insert(field.id.clone(), value);
        }
    }
    let asked = step.only_if.iter().map(|check| &check.condition);
    let asked: Vec<_> = asked.collect();
    let conditions: Vec<_> = asked.iter().copied().chain(binding(kind)).collect();
    let may = |id: &str| !sets(step, id) && may_be_changed(kind, record, step, id);
    let ahead = troupe.ahead.iter().flat_map(|step| &step.only_if);
    let ahead = ahead.map(|check| &check.condition);
    let with_ahead: Vec<_> = conditions.iter().copied().chain(ahead).collect();
    let world = World {
        needed: &needed,
        ..troupe.world(now)
    };
    settle(kind, &mut values, &with_ahead, may, world);
    // this step counts more than those that may follow
    settle(kind, &mut values, &conditions, may, world);
    let whole = computed(kind, &values, world);
    let ready_at = ready_at(&asked, &whole, troupe.rules, now);
    (values, ready_at)
}

/// What may change with or before a step: what it asks, what the state's editors write, and what the
/// system computes.
fn may_be_changed(kind: &Kind, record: &Record, step: &Transition, id: &str) -> bool {
    let has_editors = kind
        .state(&record.state)
        .is_some_and(|state| !state.editors.is_empty());
    if kind.is_derived(id) {
        return false;
    }
    let is_computed = kind.field(id).is_some_and(|field| field.is_computed);
    let is_asked = step.asks.iter().chain(&step.requires).any(|one| one == id);
    is_asked || is_computed || has_editors
}

/// When all of these conditions hold: now, or on a later day; now, when no day makes them.
fn ready_at(asked: &[&Condition], values: &Values, rules: &dyn Rulebook, now: UtcMs) -> UtcMs {
    let at = |days: i64| now.plus_ms(days * DAY_MS);
    let hold = |days: &i64| {
        let today = at(*days).hall_date();
        let mut all = asked.iter();
        all.all(|one| one.holds(values, today, rules).unwrap_or(false))
    };
    (0..=WAIT_DAYS_MAX).find(hold).map_or(now, at)
}

/// What comes before a step, by who may.
struct Before {
    by_editors: Draft,
    by_system: Draft,
}

impl Before {
    fn of(self, kind: &Kind, record: &Record, cast: &Cast) -> Vec<(Actor, Draft)> {
        let mut by = Vec::new();
        let (mut editors, mut systems) = (self.by_editors, self.by_system);
        match cast.editor(kind, record) {
            Some(editor) if !editors.is_empty() => by.push((editor, editors)),
            _ => systems.append(&mut editors),
        }
        if !systems.is_empty() {
            by.push((system(), systems));
        }
        by
    }
}

/// Parts what is new in what comes with the step and what comes before it.
fn parted(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    actor: &Actor,
    wanted: Values,
) -> (Draft, Before) {
    let mut with_step = Draft::new();
    let mut before = Before {
        by_editors: Draft::new(),
        by_system: Draft::new(),
    };
    let cleared: BTreeSet<&String> = record
        .values
        .keys()
        .filter(|id| !wanted.contains_key(*id))
        .collect();
    let cleared = cleared.into_iter().map(|id| (id.clone(), None));
    let changed = wanted.into_iter().map(|(id, value)| (id, Some(value)));
    for (id, value) in cleared.chain(changed) {
        if record.values.get(&id) == value.as_ref() {
            continue;
        }
        let is_system = actor.staff.is_none();
        let is_asked = step.asks.contains(&id) || step.requires.contains(&id);
        let is_computed = kind.field(&id).is_some_and(|field| field.is_computed);
        if is_computed && !is_system {
            before.by_system.insert(id, value);
        } else if is_asked || is_system {
            with_step.insert(id, value);
        } else {
            before.by_editors.insert(id, value);
        }
    }
    (with_step, before)
}

impl Troupe<'_> {
    fn world(&self, now: UtcMs) -> World<'_> {
        World {
            now,
            rules: self.rules,
            staff: self.everybody,
            needed: &[],
        }
    }
}
