//! Who may do what on a record: roles, deputies, separation of duties (职责分离) and 回避.

use crate::id::{PersonId, StaffId};

use super::super::command::{Actor, CaseRefusal, CaseRefusalCode};
use super::super::kind::{Engine, Kind, OPEN, Transition};
use super::super::record::{Act, Record};
use super::super::{Role, Value};

/// In which role somebody acts, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) role: Role,
    pub(super) deputy_of: Option<StaffId>,
}

/// A step from the present state of a record, for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed<'k> {
    /// The step.
    pub transition: &'k Transition,
    /// Why this person may not do it; `None` when they may.
    pub bar: Option<CaseRefusal>,
}

/// The steps from the present state, in the order of the buttons, each with whether this person
/// may do it. What the step itself demands (values, attachments, conditions) is not asked here.
#[must_use]
pub fn allowed<'k>(kind: &'k Kind, record: &Record, actor: &Actor) -> Vec<Allowed<'k>> {
    kind.transitions_from(&record.state)
        .map(|transition| Allowed {
            transition,
            bar: of_step(kind, record, transition, actor).err(),
        })
        .collect()
}

/// In which role this person may open a record of a kind.
///
/// # Errors
/// [`CaseRefusalCode::WrongRole`], or [`CaseRefusalCode::NoSuchStep`] for a module.
pub fn may_open(kind: &Kind, actor: &Actor) -> Result<Role, CaseRefusal> {
    if kind.engine == Engine::Module {
        let text = format!("“{}”不在这里登记，请到它自己的页面办理。", kind.name);
        return Err(CaseRefusal::new(CaseRefusalCode::NoSuchStep, text));
    }
    // who only takes a record on from its first state does not write it
    let editors = kind.state(&kind.initial).map(|state| &state.editors[..]);
    let roles = match editors {
        None | Some([]) => roles_in(kind, &kind.initial),
        Some(editors) => editors.to_vec(),
    };
    role_of(&roles, actor).ok_or_else(|| wrong_role(&format!("登记“{}”", kind.name), &roles))
}

pub(super) fn opener(
    kind: &Kind,
    actor: &Actor,
    person: Option<PersonId>,
    is_import: bool,
) -> Result<Role, CaseRefusal> {
    if person.is_some_and(|person| actor.kin.contains(&person)) {
        return Err(too_close());
    }
    match may_open(kind, actor) {
        Err(refusal) if refusal.code == CaseRefusalCode::WrongRole => {
            let is_system = is_import && actor.roles.contains(&Role::System);
            is_system.then_some(Role::System).ok_or(refusal)
        }
        answer => answer,
    }
}

/// In which role this person may change values in the present state.
///
/// # Errors
/// Ended, too close, or none of the roles.
pub fn may_change(kind: &Kind, record: &Record, actor: &Actor) -> Result<Role, CaseRefusal> {
    not_ended(kind, record)?;
    not_close(record, actor)?;
    let editors = kind
        .state(&record.state)
        .map_or(&[][..], |state| &state.editors);
    // what other records or the clock make of a value is set by the system in any state
    let system = [Role::System];
    let role = role_of(editors, actor).or_else(|| role_of(&system, actor));
    role.ok_or_else(|| match editors {
        [] => {
            let state = kind.state(&record.state).map_or("", |state| &state.name);
            let text = format!("现在是“{state}”，内容不能改。要改请先退回。");
            CaseRefusal::new(CaseRefusalCode::WrongRole, text)
        }
        editors => wrong_role("改这里的内容", editors),
    })
}

/// In which role this person deals with the record in its present state.
pub(super) fn may_deal(
    kind: &Kind,
    record: &Record,
    actor: &Actor,
    what: &str,
) -> Result<Role, CaseRefusal> {
    let roles = roles_in(kind, &record.state);
    role_of(&roles, actor).ok_or_else(|| wrong_role(what, &roles))
}

/// In which role this person deals with records of the kind at all.
pub(super) fn may_deal_ever(kind: &Kind, actor: &Actor, what: &str) -> Result<Role, CaseRefusal> {
    let mut roles = Vec::new();
    for state in &kind.states {
        roles.extend(roles_in(kind, &state.id));
    }
    roles.sort_unstable();
    roles.dedup();
    role_of(&roles, actor).ok_or_else(|| wrong_role(what, &roles))
}

/// Editors first, then who may do a step, in the order of the buttons.
fn roles_in(kind: &Kind, state: &str) -> Vec<Role> {
    let editors = kind.state(state).map_or(&[][..], |state| &state.editors);
    let mut roles = editors.to_vec();
    for role in kind.transitions_from(state).flat_map(|step| &step.roles) {
        if !roles.contains(role) {
            roles.push(*role);
        }
    }
    roles
}

fn role_of(roles: &[Role], actor: &Actor) -> Option<Role> {
    roles
        .iter()
        .copied()
        .find(|role| actor.roles.contains(role))
}

/// The step of this id from the present state.
pub(super) fn step<'k>(
    kind: &'k Kind,
    record: &Record,
    id: &str,
) -> Result<&'k Transition, CaseRefusal> {
    let step = kind.transition(id);
    if let Some(step) = step.filter(|step| step.from.contains(&record.state)) {
        return Ok(step);
    }
    not_ended(kind, record)?;
    let state = kind
        .state(&record.state)
        .map_or(record.state.as_str(), |state| &state.name);
    let text = match step {
        Some(step) => format!("现在是“{state}”，不能办“{}”。请刷新后再看。", step.name),
        None => format!("“{}”没有这一步。请刷新后再办。", kind.name),
    };
    Err(CaseRefusal::new(CaseRefusalCode::NoSuchStep, text))
}

/// In which role this person may do a step: of the roles that they hold, the first in the order of
/// the file in which nothing bars them.
pub(super) fn of_step(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    actor: &Actor,
) -> Result<Standing, CaseRefusal> {
    not_close(record, actor)?;
    let mut barred = None;
    for role in step
        .roles
        .iter()
        .copied()
        .filter(|role| actor.roles.contains(role))
    {
        let deputy_of = actor.deputy.get(&role).copied();
        match bar(kind, record, step, [actor.staff, deputy_of]) {
            None => return Ok(Standing { role, deputy_of }),
            Some(refusal) => barred = barred.or(Some(refusal)),
        }
    }
    let what = format!("办“{}”", step.name);
    Err(barred.unwrap_or_else(|| wrong_role(&what, &step.roles)))
}

/// Who acts and for whom: a deputy counts as both.
type Persons = [Option<StaffId>; 2];

fn bar(kind: &Kind, record: &Record, step: &Transition, persons: Persons) -> Option<CaseRefusal> {
    let [who, _] = persons;
    who?;
    let is_me = |staff: &StaffId| persons.contains(&Some(*staff));
    let is_mine = |act: &&Act| persons_of(act).iter().flatten().any(is_me);
    let did = |act: &&Act| step.differs_from.contains(&act.transition);
    if let Some(act) = record.acts.iter().filter(did).find(is_mine) {
        let whose = if act.by == who {
            "您"
        } else {
            "您所代理或代理过您的人"
        };
        let text = format!(
            "{whose}已经办了“{}”这一步，不能再办“{}”。请换一位同事办。",
            kind.act_name(&act.transition),
            step.name
        );
        return Some(CaseRefusal::new(CaseRefusalCode::DutiesSeparate, text));
    }
    let is_apart_from_writing = step.differs_from.iter().any(|id| id == OPEN);
    if is_apart_from_writing && record.authors.iter().any(is_me) {
        let text = format!(
            "您改过这里的内容，不能再办“{}”。请换一位同事办。",
            step.name
        );
        return Some(CaseRefusal::new(CaseRefusalCode::DutiesSeparate, text));
    }
    named(kind, record, step, is_me).or_else(|| not_the_same(record, step, is_me))
}

fn persons_of(act: &Act) -> Persons {
    [act.by, act.deputy_of]
}

/// Whether a field that names who is concerned names this person.
fn named(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    is_me: impl Fn(&StaffId) -> bool,
) -> Option<CaseRefusal> {
    let names_me = |value: &Value| matches!(value, Value::Staff(staff) if is_me(staff));
    let field = step.not_by.iter().find(|id| match record.values.get(*id) {
        Some(Value::List(items)) => items.iter().any(names_me),
        Some(value) => names_me(value),
        None => false,
    })?;
    let name = kind
        .field(field)
        .map_or(field.as_str(), |field| &field.name);
    let text = format!(
        "您是这条记录的“{name}”，不能办“{}”。请换一位同事办。",
        step.name
    );
    Some(CaseRefusal::new(CaseRefusalCode::DutiesSeparate, text))
}

/// Whether the step is for somebody else: who did the last of the acts it names, else who opened
/// the record, or who was given it since. Acts of nobody in the house bind nobody.
fn not_the_same(
    record: &Record,
    step: &Transition,
    is_me: impl Fn(&StaffId) -> bool,
) -> Option<CaseRefusal> {
    if step.same_as.is_empty() {
        return None;
    }
    let did = |act: &&Act| step.same_as.contains(&act.transition);
    let opening = record.acts.first()?;
    let act = record.acts.iter().rev().find(did).unwrap_or(opening);
    let was_given = record.owner.filter(|owner| Some(*owner) != opening.by);
    let is_free = act.by.is_none() && was_given.is_none();
    let mine = persons_of(act).into_iter().chain([was_given]);
    if is_free || mine.flatten().any(|staff| is_me(&staff)) {
        return None;
    }
    let text = format!("“{}”要由原来经手的人办，或先转交给您。", step.name);
    Some(CaseRefusal::new(CaseRefusalCode::DutiesSeparate, text))
}

pub(super) fn not_ended(kind: &Kind, record: &Record) -> Result<(), CaseRefusal> {
    if kind.is_end(&record.state) {
        let text = "这条记录已经办结，不能再改。有错请另立一条更正记录。";
        return Err(CaseRefusal::new(CaseRefusalCode::Ended, text));
    }
    Ok(())
}

pub(super) fn not_close(record: &Record, actor: &Actor) -> Result<(), CaseRefusal> {
    match record.person {
        Some(person) if actor.kin.contains(&person) => Err(too_close()),
        _ => Ok(()),
    }
}

fn too_close() -> CaseRefusal {
    let text = "这是您本人或近亲属的事，您要回避。请交给别的同事办。";
    CaseRefusal::new(CaseRefusalCode::TooClose, text)
}

fn wrong_role(what: &str, roles: &[Role]) -> CaseRefusal {
    let people: Vec<_> = roles
        .iter()
        .filter(|role| **role != Role::System)
        .map(|role| role.name())
        .collect();
    let text = if people.is_empty() {
        format!("{what}由系统自动进行，不用人办。")
    } else {
        format!("{what}要由{}来办，您没有这个角色。", people.join("或"))
    };
    CaseRefusal::new(CaseRefusalCode::WrongRole, text)
}
