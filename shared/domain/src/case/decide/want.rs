//! What is not there yet: required fields and attachments, deferral with a date (容缺受理), and the
//! notice that tells everything at once (一次性告知).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::command::{CaseRefusal, CaseRefusalCode, Missing};
use super::super::kind::{Engine, Kind, StateStage, Transition};
use super::super::record::{Channel, Record};
use super::super::{Role, Values};

/// What a step would find missing, with the values as they are; for a step that gives notice,
/// everything that the steps forward from the same state need.
#[must_use]
pub fn missing(kind: &Kind, record: &Record, transition: &Transition) -> Vec<Missing> {
    if transition.is_notice {
        lacking_forward(kind, record, &record.values)
    } else {
        let role = transition.roles.first().copied().unwrap_or(Role::Clerk);
        of_step(kind, record, transition, &record.values, role)
    }
}

/// Whether a step is the first submission: it leaves the initial state, not to give the record up.
/// What came out of a file is never bound by the form: what is not in it is not known.
pub(super) fn is_submission(kind: &Kind, record: &Record, step: &Transition, role: Role) -> bool {
    kind.engine == Engine::Case
        && record.channel != Channel::Import
        && record.state == kind.initial
        && step.to != kind.initial
        && !is_giving_up(kind, step, role)
}

/// Sent back, withdrawn, rejected or lapsed: nobody must complete what is given up.
fn is_giving_up(kind: &Kind, step: &Transition, role: Role) -> bool {
    let is_explained = step.needs_reason || step.needs_rule || role == Role::System;
    let is_end = |state: &str| {
        kind.state(state)
            .is_some_and(|state| state.stage == StateStage::End)
    };
    step.is_notice || (is_explained && is_end(&step.to))
}

/// What a step needs and does not have.
pub(super) fn of_step(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    values: &Values,
    role: Role,
) -> Vec<Missing> {
    let is_submission = is_submission(kind, record, step, role);
    let needs_field = |id: &str, is_required| {
        (is_required && is_submission) || step.requires.iter().any(|other| other == id)
    };
    let needs_paper = |id: &str, is_required| {
        (is_required && is_submission) || step.attachments.iter().any(|other| other == id)
    };
    lacking(kind, record, values, needs_field, needs_paper)
}

/// Required fields without a value.
pub(super) fn required_fields(kind: &Kind, values: &Values) -> Vec<Missing> {
    let fields = kind.fields.iter().filter(|field| field.is_required);
    let fields = fields.filter(|field| !values.contains_key(&field.id));
    let missing = fields.map(|field| Missing::Field {
        id: field.id.clone(),
        name: field.name.clone(),
    });
    missing.collect()
}

/// Everything that the record needs to go on: what is required at all, and what the steps forward
/// from its state require of who applies (not what the form of the step itself asks for).
fn lacking_forward(kind: &Kind, record: &Record, values: &Values) -> Vec<Missing> {
    let steps: Vec<_> = kind
        .transitions_from(&record.state)
        .filter(|step| !is_giving_up(kind, step, Role::Clerk))
        .collect();
    let is_bound = record.channel != Channel::Import;
    let needs_field = |id: &str, is_required| {
        (is_required && is_bound)
            || steps.iter().any(|step| {
                step.requires.iter().any(|other| other == id)
                    && !step.asks.iter().any(|other| other == id)
            })
    };
    let needs_paper = |id: &str, is_required| {
        (is_required && is_bound)
            || steps
                .iter()
                .any(|step| step.attachments.iter().any(|other| other == id))
    };
    lacking(kind, record, values, needs_field, needs_paper)
}

fn lacking(
    kind: &Kind,
    record: &Record,
    values: &Values,
    needs_field: impl Fn(&str, bool) -> bool,
    needs_paper: impl Fn(&str, bool) -> bool,
) -> Vec<Missing> {
    let is_attached = |id: &str| record.attachments.iter().any(|paper| paper.doc_type == id);
    let fields = kind.fields.iter();
    let fields = fields.filter(|field| needs_field(&field.id, field.is_required));
    let fields = fields.filter(|field| !values.contains_key(&field.id));
    let papers = kind.attachments.iter();
    let papers = papers.filter(|paper| needs_paper(&paper.id, paper.is_required));
    let papers = papers.filter(|paper| !is_attached(&paper.id));
    let fields = fields.map(|field| Missing::Field {
        id: field.id.clone(),
        name: field.name.clone(),
    });
    let papers = papers.map(|paper| Missing::Attachment {
        id: paper.id.clone(),
        name: paper.name.clone(),
    });
    fields.chain(papers).collect()
}

/// Deferred attachments with the last day for each, and what is missing besides them.
type Deferral = (BTreeMap<String, NaiveDate>, Vec<Missing>);

/// Takes out of what is missing the attachments that are to come later.
pub(super) fn defer(
    record: &Record,
    step: &Transition,
    wanted: Vec<Missing>,
    asked: &BTreeMap<String, NaiveDate>,
    today: NaiveDate,
) -> Result<Deferral, CaseRefusal> {
    if !asked.is_empty() && !step.may_defer {
        let text = format!("办“{}”不能容缺，请先补齐材料。", step.name);
        return Err(CaseRefusal::new(CaseRefusalCode::Missing, text));
    }
    if let Some((_, day)) = asked.iter().find(|(_, day)| **day < today) {
        let text = format!("容缺补交的日期 {day} 已经过了，请填今天或以后的一天。");
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    let is_promised = |id: &str| {
        let earlier = record.deferred.get(id).filter(|day| **day >= today);
        step.may_defer && (earlier.is_some() || asked.contains_key(id))
    };
    let mut deferred = BTreeMap::new();
    let mut left = Vec::new();
    for missing in wanted {
        match missing {
            Missing::Attachment { id, .. } if is_promised(&id) => {
                deferred.extend(asked.get(&id).map(|day| (id, *day)));
            }
            missing => left.push(missing),
        }
    }
    Ok((deferred, left))
}

/// The lines of a notice: what is missing, then what a person adds.
pub(super) fn notice(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    values: &Values,
    added: &[String],
) -> Result<Vec<String>, CaseRefusal> {
    let missing = lacking_forward(kind, record, values);
    let mut lines: Vec<_> = missing.iter().map(|missing| line(kind, missing)).collect();
    let added = added.iter().map(|line| line.trim());
    lines.extend(added.filter(|line| !line.is_empty()).map(str::to_owned));
    if lines.is_empty() {
        let text = format!("该填的、该交的都齐了。办“{}”请写明要补正什么。", step.name);
        return Err(CaseRefusal::new(CaseRefusalCode::ReasonNeeded, text));
    }
    Ok(lines)
}

fn line(kind: &Kind, missing: &Missing) -> String {
    match missing {
        Missing::Field { name, .. } => format!("请填写：{name}"),
        Missing::Attachment { id, name } => match kind.attachment(id) {
            Some(rule) if !rule.hint.is_empty() => format!("请提交：{name}（{}）", rule.hint),
            _ => format!("请提交：{name}"),
        },
    }
}
