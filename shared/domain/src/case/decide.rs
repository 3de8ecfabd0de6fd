//! Commands on records and whether they are carried out. Who may is in [`standing`], what is taken
//! in is in [`intake`], what is still missing in [`want`], what is no step in [`aside`].

mod aside;
mod form;
mod intake;
mod standing;
mod want;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::time::UtcMs;

use super::command::{Actor, CaseRefusal, CaseRefusalCode, Command, Draft, FieldFault, Opening};
use super::deadline;
use super::event::{CaseChanged, CaseEvent, CaseMoved, CaseOpened};
use super::kind::{Check, Engine, Kind, OPEN, Transition};
use super::record::{Act, Channel, Record};
use super::rulebook::{NoParameter, Rulebook};
use super::{Role, Values};

use intake::Taken;
use standing::Standing;

pub use standing::{Allowed, allowed, may_change, may_open};
pub use want::missing;

/// Most characters of a reason, a rule, a remedy or a line of a notice.
const WORDS_CHARS_MAX: usize = 2_000;
/// Most lines that a person adds to a notice.
const NOTICE_LINES_MAX: usize = 50;

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
    let taken = intake::take(kind, &Values::new(), draft, role, around)?;
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
    let taken = intake::take(kind, &record.values, draft, role, around)?;
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
    let taken = take_for_step(kind, record, step, wish.draft, standing.role, around)?;
    let wanted = want::of_step(kind, record, step, &taken.values, standing.role);
    let (deferred, wanted) = want::defer(record, step, wanted, &wish.deferred, around.today)?;
    intake::refuse_if_any(kind, taken.faults, wanted)?;
    hold(&step.only_if, &taken.values, around)?;
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

/// The values of a step: those that came with it, then those that it sets. A first submission is
/// checked as a whole, a later step only where it changes something.
fn take_for_step(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    draft: Draft,
    role: Role,
    around: Circumstances<'_>,
) -> Result<Taken, CaseRefusal> {
    let uninvited = intake::uninvited(kind, record, step, &draft, around.actor);
    let mut taken = intake::take(kind, &record.values, draft, role, around)?;
    taken.faults.extend(uninvited);
    taken
        .faults
        .extend(intake::emptied(kind, record, &taken.cleared));
    taken.set_all(&record.values, &step.sets);
    let checks = if want::is_submission(kind, record, step, role) {
        kind.checks.iter().collect()
    } else {
        touched(kind, &taken.changed)
    };
    taken.faults.extend(failed(checks, &taken.values, around)?);
    Ok(taken)
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

/// The system gives no reasons: what it does follows from a date or from another record.
fn need_words(step: &Transition, role: Role, wish: &Wish) -> Result<(), CaseRefusal> {
    bounded([&wish.reason, &wish.rule, &wish.remedy])?;
    bounded(&wish.notice)?;
    if wish.notice.len() > NOTICE_LINES_MAX {
        let text = format!("告知书最多加 {NOTICE_LINES_MAX} 行，请合并几行。");
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    if role == Role::System {
        return Ok(());
    }
    let is_blank = |text: &str| text.trim().is_empty();
    let wants = [
        (step.needs_reason && is_blank(&wish.reason), "理由"),
        (step.needs_rule && is_blank(&wish.rule), "所依据的法规条款"),
        (
            step.needs_rule && is_blank(&wish.remedy),
            "当事人的救济途径",
        ),
    ];
    let lacking: Vec<_> = wants
        .iter()
        .filter(|(is_lacking, _)| *is_lacking)
        .map(|(_, name)| *name)
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let text = format!("办“{}”要写明{}。", step.name, lacking.join("、"));
    Err(CaseRefusal::new(CaseRefusalCode::ReasonNeeded, text))
}

fn bounded<'t>(texts: impl IntoIterator<Item = &'t String>) -> Result<(), CaseRefusal> {
    let is_long = |text: &String| text.chars().count() > WORDS_CHARS_MAX;
    if texts.into_iter().any(is_long) {
        let text = format!("写得太长了：理由、依据、告知等每项最多 {WORDS_CHARS_MAX} 个字。");
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    Ok(())
}

fn need_reason(what: &str, reason: &str) -> Result<(), CaseRefusal> {
    if reason.trim().is_empty() {
        let text = format!("{what}要写明理由。");
        return Err(CaseRefusal::new(CaseRefusalCode::ReasonNeeded, text));
    }
    Ok(())
}

/// The checks that concern a field that changes: a value that was right when it was taken in must
/// not bar the change of another one.
fn touched<'k>(kind: &'k Kind, changed: &std::collections::BTreeSet<String>) -> Vec<&'k Check> {
    let concerns = |check: &&Check| {
        changed
            .iter()
            .any(|field| check.field == *field || check.condition.concerns(field))
    };
    kind.checks.iter().filter(concerns).collect()
}

fn failed(
    checks: Vec<&Check>,
    values: &Values,
    around: Circumstances<'_>,
) -> Result<Vec<FieldFault>, NoParameter> {
    let binding = checks.into_iter().filter(|check| !check.is_hint);
    faults_of(binding, values, around.today, around.rules)
}

/// What a person should be told about these values although they are taken in.
///
/// # Errors
/// [`NoParameter`].
pub fn hints(
    kind: &Kind,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Vec<FieldFault>, NoParameter> {
    let hints = kind.checks.iter().filter(|check| check.is_hint);
    faults_of(hints, values, today, rules)
}

fn faults_of<'k>(
    checks: impl Iterator<Item = &'k Check>,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Vec<FieldFault>, NoParameter> {
    let mut faults = Vec::new();
    for check in checks {
        if !check.condition.holds(values, today, rules)? {
            faults.push(FieldFault {
                field: check.field.clone(),
                text: check.text.clone(),
            });
        }
    }
    Ok(faults)
}

fn hold(
    conditions: &[Check],
    values: &Values,
    around: Circumstances<'_>,
) -> Result<(), CaseRefusal> {
    let faults = faults_of(conditions.iter(), values, around.today, around.rules)?;
    let Some(first) = faults.first() else {
        return Ok(());
    };
    let text = format!("现在还不能办：{}", first.text);
    let mut refusal = CaseRefusal::new(CaseRefusalCode::NotNow, text);
    refusal.faults = faults;
    Err(refusal)
}
