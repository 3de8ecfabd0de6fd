//! What somebody may do with a record now, and what they had asked when it was refused: what was
//! typed is shown again at its step, or by itself when the step is no longer there. Pure.

use std::collections::BTreeMap;

use domain::case::{self, Field, Missing, Role, Transition};

use super::act_forms::{ActsView, DeferView, GoneAct, HandOverView, MergeView, StepView};
use super::compose::{Parts, staff_choices};
use super::fields;
use super::standing::{Returned, Standing};
use crate::cases::same_person;

/// Handing a record over, beside the steps of its kind: no step is called so.
pub(crate) const HAND_OVER: &str = "hand-over";
/// Closing a registration in favour of another one.
pub(crate) const MERGE: &str = "merge-into";

/// What was asked of a record and refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tried {
    /// The step, or one of the acts beside the steps.
    pub(crate) act: String,
    /// What came with it into fields.
    pub(crate) returned: Returned,
    /// Everything else that was typed, by the name of its field in the form.
    pub(crate) texts: BTreeMap<String, String>,
}

impl Tried {
    fn text(&self, name: &str) -> String {
        self.texts.get(name).cloned().unwrap_or_default()
    }
}

/// Everything that may be done now.
pub(super) fn acts(parts: &Parts<'_>, is_open: bool) -> ActsView {
    let (kind, actor) = (&*parts.view.kind, parts.actor);
    let tried = |act: &str| parts.tried.filter(|tried| tried.act == act);
    let text = |act: &str, name: &str| tried(act).map(|tried| tried.text(name)).unwrap_or_default();
    let handing_over = HandOverView {
        to: text(HAND_OVER, "to"),
        reason: text(HAND_OVER, "reason"),
        is_open: tried(HAND_OVER).is_some(),
    };
    let merging = MergeView {
        kept: text(MERGE, "kept"),
        reason: text(MERGE, "reason"),
        is_open: tried(MERGE).is_some(),
    };
    let mut view = ActsView {
        steps: steps(parts),
        handing_over: (is_open && actor.roles.contains(&Role::Chief)).then_some(handing_over),
        merging: (is_open && may_merge(kind, actor)).then_some(merging),
        gone: None,
        staff: staff_choices(parts.directory),
    };
    view.gone = parts
        .tried
        .filter(|tried| !is_offered(&view, &tried.act))
        .and_then(|tried| gone(parts, tried));
    view
}

fn is_offered(view: &ActsView, act: &str) -> bool {
    match act {
        HAND_OVER => view.handing_over.is_some(),
        MERGE => view.merging.is_some(),
        step => {
            let mut steps = view.steps.iter();
            steps.any(|one| one.id == step && one.refusal.is_none())
        }
    }
}

/// What was typed for something that cannot be done any more; `None` when nothing was.
fn gone(parts: &Parts<'_>, tried: &Tried) -> Option<GoneAct> {
    let kind = &parts.view.kind;
    let name = match tried.act.as_str() {
        HAND_OVER => "交办".to_owned(),
        MERGE => "并入".to_owned(),
        step => kind
            .transition(step)
            .map_or_else(|| "这一步".to_owned(), |step| step.name.clone()),
    };
    let words = [
        ("reason", "理由"),
        ("rule", "依据"),
        ("remedy", "不服可以怎么办"),
        ("notice", "还要补什么"),
        ("kept", "留下哪一条"),
    ];
    let words = words.map(|(id, label)| (label.to_owned(), tried.text(id)));
    let typed = tried.returned.touched.iter().filter_map(|(id, text)| {
        let label = kind.field(id)?.name.clone();
        Some((label, text.clone()))
    });
    let texts: Vec<_> = typed
        .chain(words)
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    (!texts.is_empty()).then_some(GoneAct { name, texts })
}

/// Who may close a person's registration may close it in favour of another one.
fn may_merge(kind: &case::Kind, actor: &case::Actor) -> bool {
    let close = kind.transition("close");
    kind.id.as_str() == same_person::KIND
        && close.is_some_and(|step| step.roles.iter().any(|role| actor.roles.contains(role)))
}

fn steps(parts: &Parts<'_>) -> Vec<StepView> {
    let (kind, record) = (&*parts.view.kind, &parts.view.record);
    let allowed = case::allowed(kind, record, parts.actor);
    let by_people = allowed.into_iter().filter(|one| {
        let mut roles = one.transition.roles.iter();
        roles.any(|role| *role != Role::System)
    });
    by_people
        .map(|one| step(parts, one.transition, one.bar.map(|bar| bar.text)))
        .collect()
}

fn step(parts: &Parts<'_>, transition: &Transition, refusal: Option<String>) -> StepView {
    let (kind, record) = (&*parts.view.kind, &parts.view.record);
    let tried = parts.tried.filter(|tried| tried.act == transition.id);
    let missing = case::missing(kind, record, transition);
    let returned = tried.map(|tried| &tried.returned);
    let standing = Standing::new(parts.view, parts.directory, parts.history, returned);
    let is_asked = |field: &Field| {
        transition.asks.contains(&field.id)
            || missing
                .iter()
                .any(|one| matches!(one, Missing::Field { id, .. } if *id == field.id))
    };
    let text = |name: &str| tried.map(|tried| tried.text(name)).unwrap_or_default();
    let filled = |field: &Field| standing.filled(field);
    StepView {
        id: transition.id.clone(),
        name: transition.name.clone(),
        fields: fields(kind, is_asked, filled, standing.faults()),
        needs_reason: transition.needs_reason,
        needs_rule: transition.needs_rule,
        is_notice: transition.is_notice,
        deferrable: deferrable(transition, &missing, text),
        missing: if transition.is_notice {
            Vec::new()
        } else {
            missing.iter().map(missing_name).collect()
        },
        reason: text("reason"),
        rule: text("rule"),
        remedy: text("remedy"),
        notice: text("notice"),
        is_open: tried.is_some(),
        refusal,
    }
}

fn deferrable(
    transition: &Transition,
    missing: &[Missing],
    typed: impl Fn(&str) -> String,
) -> Vec<DeferView> {
    let attachments = missing.iter().filter_map(|one| match one {
        Missing::Attachment { id, name } => Some(DeferView {
            typed: typed(&format!("defer.{id}")),
            id: id.clone(),
            name: name.clone(),
        }),
        Missing::Field { .. } => None,
    });
    if transition.may_defer {
        attachments.collect()
    } else {
        Vec::new()
    }
}

fn missing_name(missing: &Missing) -> String {
    let (Missing::Field { name, .. } | Missing::Attachment { name, .. }) = missing;
    name.clone()
}
