//! Commands on records and whether they are carried out. Who may is in [`standing`], what is taken
//! in is in [`intake`], what is still missing in [`want`], what
//! must hold in [`checks`] and be written in [`words`], what is no step in [`aside`].

mod aside;
mod checks;
mod form;
mod intake;
mod standing;
mod want;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::time::UtcMs;

use super::command::{Actor, CaseRefusal, CaseRefusalCode, Command, Draft, Opening};
use super::deadline;
use super::event::{CaseChanged, CaseEvent, CaseMoved, CaseOpened};
use super::kind::{Engine, Kind, OPEN, Transition};
use super::record::{Act, Channel, Record};
use super::rulebook::Rulebook;
use super::{Role, Values};

use checks::{failed, hold, touched};
use intake::Taken;
use standing::Standing;
use words::{bounded, need_words};

pub use checks::hints;
pub use intake::how_to_excuse;
pub use standing::{Allowed, allowed, may_change, may_open};
pub use want::missing;

/// What a decision is made with besides the record: who asks, when, and the rules of the world.
#[derive(Clone, Copy)]
struct Circumstances<'c> {
    actor: &'c Actor,
    now: UtcMs,
    today: NaiveDate,
    rules: &'c dyn Rulebook,
}

impl<'c> Circumstances<'c> {
    fn new(actor: &'c Actor, now: UtcMs, rules: &'c dyn Rulebook) -> Self {
        Self {
            actor,
            now,
            today: now.hall_date(),
            rules,
        }
    }
}

/// Decides whether a record of a kind begins.
///
/// # Errors
/// A [`CaseRefusal`] in the words of who asked; nothing has begun.
pub fn open(
    kind: &Kind,
    opening: Opening,
    actor: &Actor,
    now: UtcMs,
    rules: &dyn Rulebook,
) -> Result<CaseOpened, CaseRefusal> {
    let around = Circumstances::new(actor, now, rules);
    let is_import = opening.is_import || opening.channel == Channel::Import;
    let role = standing::opener(kind, actor, opening.person, is_import)?;
    let draft: Draft = opening
        .values
        .into_iter()
        .map(|(id, value)| (id, Some(value)))
        .collect();
    let mut taken = intake::take(kind, &Values::new(), draft, role, around)?;
    taken.compute(kind, &Values::new(), around)?;
    let mut faults = taken.faults;
    faults.extend(failed(
        touched(kind, &taken.changed),
        &taken.values,
        around,
    )?);
    // a register has no first submission: its opening is one
    let wanted = if kind.engine == Engine::Register && !is_import {
        want::required_fields(kind, &taken.values)
    } else {
        Vec::new()
    };
    intake::refuse_if_any(kind, faults, wanted)?;
    let due = deadline::begin(kind, &taken.values, around.today, rules)?;
    Ok(CaseOpened {
        record: opening.record,
        case_no: opening.case_no,
        kind: kind.id.clone(),
        kind_hash: kind.hash.clone(),
        channel: opening.channel,
        station: opening.station,
        person: opening.person,
        employer: opening.employer,
        owner: actor.staff,
        values: taken.values,
        act: Act {
            transition: OPEN.to_owned(),
            from: String::new(),
            to: kind.initial.clone(),
            by: actor.staff,
            role,
            deputy_of: actor.deputy.get(&role).copied(),
            at: now,
            reason: String::new(),
        },
        due,
    })
}

/// Decides a command of somebody who saw version `seen` of a record. No events when everything is
/// already as asked.
///
/// # Errors
/// A [`CaseRefusal`] in the words of who asked; the record is as it was.
pub fn decide(
    kind: &Kind,
    record: &Record,
    seen: u64,
    command: Command,
    actor: &Actor,
    now: UtcMs,
    rules: &dyn Rulebook,
) -> Result<Vec<CaseEvent>, CaseRefusal> {
    if seen != record.version {
        let text = "这条记录刚被别人改过。请刷新后看看最新内容，再办。";
        return Err(CaseRefusal::new(CaseRefusalCode::Outdated, text));
    }
    let around = Circumstances::new(actor, now, rules);
    match command {
        Command::Change { draft, reason } => change(kind, record, draft, reason, around),
        Command::Move {
            transition,
            draft,
            reason,
            rule,
            remedy,
            deferred,
            notice,
        } => {
            let step = standing::step(kind, record, &transition)?;
            let wish = Wish {
                draft,
                reason,
                rule,
                remedy,
                deferred,
                notice,
            };
            do_step(kind, record, step, wish, around)
        }
        Command::Attach(attachment) => aside::attach(kind, record, attachment, around),
        Command::Detach {
            doc_type,
            sha256,
            reason,
        } => aside::detach(kind, record, doc_type, sha256, reason, around),
        Command::Link {
            kind: link,
            to,
            is_undone,
        } => aside::link(kind, record, link, to, is_undone, around),
        Command::HandOver { to, reason } => aside::hand_over(kind, record, to, reason, around),
    }
}

fn change(
    kind: &Kind,
    record: &Record,
    draft: Draft,
    reason: String,
    around: Circumstances<'_>,
) -> Result<Vec<CaseEvent>, CaseRefusal> {
    let role = may_change(kind, record, around.actor)?;
    bounded([&reason])?;
    let mut taken = intake::take(kind, &record.values, draft, role, around)?;
    taken.compute(kind, &record.values, around)?;
    let mut faults = taken.faults;
    faults.extend(intake::emptied(kind, record, &taken.cleared));
    faults.extend(failed(
        touched(kind, &taken.changed),
        &taken.values,
        around,
    )?);
    intake::refuse_if_any(kind, faults, Vec::new())?;
    if taken.changed.is_empty() {
        return Ok(Vec::new());
    }
    let due = deadline::change(
        kind,
        record,
        &record.state,
        &taken.values,
        around.today,
        around.rules,
    )?;
    Ok(vec![CaseEvent::Changed(CaseChanged {
        record: record.id,
        version: record.version.saturating_add(1),
        set: taken.set,
        cleared: taken.cleared,
        ended: due.ended,
        due: due.due,
        by: around.actor.staff,
        role,
        at: around.now,
        reason,
    })])
}

/// What comes with a step.
struct Wish {
    draft: Draft,
    reason: String,
    rule: String,
    remedy: String,
    deferred: BTreeMap<String, NaiveDate>,
    notice: Vec<String>,
}

fn do_step(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    wish: Wish,
    around: Circumstances<'_>,
) -> Result<Vec<CaseEvent>, CaseRefusal> {
    let standing = standing::of_step(kind, record, step, around.actor)?;
    need_words(step, standing.role, &wish)?;
    let (taken, given) = take_for_step(kind, record, step, wish.draft, standing.role, around)?;
    let wanted = want::of_step(kind, record, step, &taken.values, standing.role);
    let (deferred, wanted) = want::defer(record, step, wanted, &wish.deferred, around.today)?;
    intake::refuse_if_any(kind, taken.faults, wanted)?;
    hold(&step.only_if, &given, around)?;
    let notice = if step.is_notice {
        want::notice(kind, record, step, &taken.values, &wish.notice)?
    } else {
        Vec::new()
    };
    let due = deadline::change(
        kind,
        record,
        &step.to,
        &taken.values,
        around.today,
        around.rules,
    )?;
    Ok(vec![CaseEvent::Moved(CaseMoved {
        record: record.id,
        version: record.version.saturating_add(1),
        act: act_of(record, step, standing, wish.reason, around),
        set: taken.set,
        cleared: taken.cleared,
        ended: due.ended,
        due: due.due,
        deferred,
        rule: wish.rule,
        remedy: wish.remedy,
        notice,
        is_end: kind.is_end(&step.to),
        effects: step.effects.clone(),
    })])
}

/// The values of a step: those that came with it, then those that it sets; and as they are before it
/// sets any, for its conditions: a step that marks itself as done is asked whether it was done before.
/// A first submission is checked as a whole, a later step only where it changes something.
fn take_for_step(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    draft: Draft,
    role: Role,
    around: Circumstances<'_>,
) -> Result<(Taken, Values), CaseRefusal> {
    let uninvited = intake::uninvited(kind, record, step, &draft, around.actor);
    let mut taken = intake::take(kind, &record.values, draft, role, around)?;
    taken.faults.extend(uninvited);
    taken
        .faults
        .extend(intake::emptied(kind, record, &taken.cleared));
    taken.compute(kind, &record.values, around)?;
    let given = taken.values.clone();
    taken.set_all(kind, &record.values, step, around);
    taken.compute(kind, &record.values, around)?;
    let checks = if want::is_submission(kind, record, step, role) {
        kind.checks.iter().collect()
    } else {
        touched(kind, &taken.changed)
    };
    taken.faults.extend(failed(checks, &taken.values, around)?);
    Ok((taken, given))
}

fn act_of(
    record: &Record,
    step: &Transition,
    standing: Standing,
    reason: String,
    around: Circumstances<'_>,
) -> Act {
    Act {
        transition: step.id.clone(),
        from: record.state.clone(),
        to: step.to.clone(),
        by: around.actor.staff,
        role: standing.role,
        deputy_of: standing.deputy_of,
        at: around.now,
        reason,
    }
}
