//! Rules between records, as their kinds say them: what a second record claims that another one has,
//! a file that serves a second record, a record that is named and no longer in order. Asked in the
//! transaction that would write, because two desks may write at once. The rules are pure
//! (`domain::case`); here their records are found.

use chrono::NaiveDate;
use domain::case::{
    CaseEvent, CaseRefusal, CaseRefusalCode, Claim, FieldFault, Kind, LinkKind, Named, OPEN,
    Record, Rulebook, ValidityRule, Value, claims, claims_twice,
};
use domain::id::RecordId;
use domain::time::UtcMs;

use crate::attachments::BlobName;
use crate::store::{Reader, StoreError};

use super::{EMPLOYER_HEAD, PERSON_HEAD, refused};

/// So many clashes are told at once: who mends them sees the next ones then.
const TOLD_MAX: usize = 5;

/// The field by which kinds of the books name what a record corrects.
const CORRECTION_OF: &str = "correction_of";

/// What would be written.
struct Wanted<'w> {
    kind: &'w Kind,
    /// As the record stands; `None` of one that is opened.
    before: Option<&'w Record>,
    /// As it would stand.
    after: &'w Record,
    events: &'w [CaseEvent],
}

/// Why another record bars what these events would make of one.
pub(super) fn bar(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    events: &[CaseEvent],
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<Option<CaseRefusal>, StoreError> {
    let mut after = record.clone();
    events.iter().for_each(|event| after.apply(event));
    let wanted = Wanted {
        kind,
        before: Some(record),
        after: &after,
        events,
    };
    barred(reader, &wanted, now.hall_date(), rules)
}

/// Why another record bars that one begins.
pub(super) fn bar_opening(
    reader: &Reader<'_>,
    kind: &Kind,
    events: &[CaseEvent],
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<Option<CaseRefusal>, StoreError> {
    let Some((CaseEvent::Opened(opened), more)) = events.split_first() else {
        return Ok(None);
    };
    let mut after = Record::begin(opened);
    more.iter().for_each(|event| after.apply(event));
    let wanted = Wanted {
        kind,
        before: None,
        after: &after,
        events,
    };
    barred(reader, &wanted, now.hall_date(), rules)
}

fn barred(
    reader: &Reader<'_>,
    wanted: &Wanted<'_>,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Option<CaseRefusal>, StoreError> {
    let mut faults = doubles(reader, wanted)?;
    faults.extend(used_files(reader, wanted)?);
    for rule in asked(wanted) {
        match out_of_order(reader, wanted, rule, today, rules)? {
            Ok(fault) => faults.extend(fault),
            Err(refusal) => return Ok(Some(refusal)),
        }
    }
    let Some(first) = faults.first() else {
        return Ok(None);
    };
    let mut refusal = refused(CaseRefusalCode::Values, first.text.clone());
    refusal.faults = faults;
    Ok(Some(refusal))
}

/// What it claims anew and another record has, or it has twice itself.
fn doubles(reader: &Reader<'_>, wanted: &Wanted<'_>) -> Result<Vec<FieldFault>, StoreError> {
    let (kind, after) = (wanted.kind, wanted.after);
    if kind.doubles.is_empty() {
        return Ok(Vec::new());
    }
    let held = wanted.before.map(|before| claims(kind, before));
    let held = held.unwrap_or_default();
    let is_new = |claim: &Claim| {
        let mut held = held.iter();
        !held.any(|one| one.clashes(claim) && (one.from, one.until) == (claim.from, claim.until))
    };
    let all = claims(kind, after);
    let mut faults: Vec<_> = claims_twice(&all)
        .into_iter()
        .filter(|pair| is_new(pair.0))
        .map(|(one, other)| fault(kind, one, &format!("和第 {} 项重了", other.item)))
        .collect();
    let mut than = corrected_by(after);
    than.push(after.id);
    for claim in all.iter().filter(|claim| is_new(claim)) {
        if faults.len() >= TOLD_MAX {
            break;
        }
        if let Some(other) = reader.claimed_by_another(claim, &than)? {
            faults.push(fault(kind, claim, &called(reader, other)?));
        }
    }
    Ok(faults)
}

/// A correction stands for what it corrects: it may claim the same.
fn corrected_by(record: &Record) -> Vec<RecordId> {
    let linked = record.links.iter();
    let linked = linked.filter(|link| link.kind == LinkKind::CorrectionOf);
    let named = match record.values.get(CORRECTION_OF) {
        Some(Value::Record(id)) => Some(*id),
        _ => None,
    };
    linked.map(|link| link.to).chain(named).collect()
}

fn fault(kind: &Kind, claim: &Claim, by: &str) -> FieldFault {
    let rule = kind.doubles.iter().find(|rule| rule.id == claim.rule);
    let (text, field) = rule.map_or(("", ""), |rule| (rule.text.as_str(), rule.field.as_str()));
    let name = kind.field(field).map(|field| field.name.as_str());
    let text = match (claim.item, name) {
        (item @ 1.., Some(name)) => format!("“{name}”第 {item} 项：{text}（{by}）"),
        _ => format!("{text}（{by}）"),
    };
    let field = if field.is_empty() { PERSON_HEAD } else { field };
    FieldFault {
        field: field.to_owned(),
        text,
    }
}

/// Another record as whoever is refused can look it up: nothing of what stands in it.
fn called(reader: &Reader<'_>, other: RecordId) -> Result<String, StoreError> {
    let Some(record) = reader.record(other)? else {
        return Ok("已有一条".to_owned());
    };
    let kind = reader.kind(&record.kind_hash)?;
    let state = kind.state(&record.state).map_or("", |state| &state.name);
    let number = &record.case_no.0;
    Ok(format!("已有：{} {number}，{state}", kind.name))
}

/// Files that serve one record only, and are attached to another one already.
fn used_files(reader: &Reader<'_>, wanted: &Wanted<'_>) -> Result<Vec<FieldFault>, StoreError> {
    let mut faults = Vec::new();
    for event in wanted.events {
        let CaseEvent::Attached(attached) = event else {
            continue;
        };
        let attachment = &attached.attachment;
        let rule = wanted.kind.attachment(&attachment.doc_type);
        let Some(rule) = rule.filter(|rule| rule.is_once) else {
            continue;
        };
        if let Some(other) = used_at(reader, wanted.after.id, &attachment.sha256)? {
            let by = called(reader, other)?;
            let text = format!(
                "这份“{}”别处已经用过，不能再用，请交这一次拍的、这一次的原件（{by}）。",
                rule.name
            );
            faults.push(FieldFault {
                field: rule.id.clone(),
                text,
            });
        }
    }
    Ok(faults)
}

/// Another record that still holds the same content: what was set aside there is free again.
fn used_at(
    reader: &Reader<'_>,
    record: RecordId,
    sha256: &str,
) -> Result<Option<RecordId>, StoreError> {
    let Ok(name) = sha256.parse::<BlobName>() else {
        return Ok(None);
    };
    for (other, name) in reader.attached_elsewhere(record, &name)? {
        let held = reader.record(other)?.map(|record| record.attachments);
        let mut held = held.into_iter().flatten();
        if held.any(|one| one.sha256 == name.as_str()) {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// The rules about named records that what happens asks.
fn asked<'w>(wanted: &Wanted<'w>) -> impl Iterator<Item = &'w ValidityRule> {
    let steps: Vec<_> = wanted.events.iter().filter_map(step).collect();
    let rules = wanted.kind.validities.iter();
    rules.filter(move |rule| rule.steps.iter().any(|step| steps.contains(&step.as_str())))
}

fn step(event: &CaseEvent) -> Option<&str> {
    match event {
        CaseEvent::Opened(_) => Some(OPEN),
        CaseEvent::Moved(moved) => Some(&moved.act.transition),
        _ => None,
    }
}

fn out_of_order(
    reader: &Reader<'_>,
    wanted: &Wanted<'_>,
    rule: &ValidityRule,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Result<Option<FieldFault>, CaseRefusal>, StoreError> {
    for id in rule.named(wanted.after) {
        let Some(named) = reader.record(id)? else {
            continue;
        };
        match rule.holds(&named, today, rules) {
            Ok(true) => {}
            Ok(false) => {
                let field = match &rule.of {
                    Named::Person => PERSON_HEAD,
                    Named::Employer => EMPLOYER_HEAD,
                    Named::Field(field) => field,
                };
                let text = format!("{}（{}）", rule.text, named.case_no.0);
                return Ok(Ok(Some(FieldFault {
                    field: field.to_owned(),
                    text,
                })));
            }
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Ok(None))
}
