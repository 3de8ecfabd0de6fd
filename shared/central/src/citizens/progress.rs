//! Where a case stands, told to who it concerns: what entitles to be told, and in which words. No
//! name leaves this file; a wrong number and wrong characters come to the same.

use std::sync::Arc;

use domain::case::{CaseEvent, Kind, Record, Role, StateStage};
use domain::id::{PersonId, RecordId};
use domain::personal::{PersonField, Pii};
use subtle::ConstantTimeEq;
use wire::citizen::CaseProgress;

use crate::cases::{plain_value, same_person};
use crate::outreach::addressee;
use crate::store::{PersonRecord, Reader, StoreError};

use super::services::tells_progress;

/// Characters of a number that are asked for.
const LAST: usize = 4;
/// Longest case number that is looked up.
const CASE_NO_CHARS_MAX: usize = 60;
/// Most cases that are told of one person.
const CASES_MAX: u32 = 50;

/// The case with this number, if the characters are those of who it concerns.
pub(super) fn by_number(
    reader: &Reader<'_>,
    case_no: &str,
    last4: &Pii<String>,
) -> Result<Option<CaseProgress>, StoreError> {
    if case_no.len() > CASE_NO_CHARS_MAX {
        return Ok(None);
    }
    let Some(record) = reader.record_by_number(case_no)? else {
        return Ok(None);
    };
    let Some((record, kind)) = told(reader, reader.record(record)?)? else {
        return Ok(None);
    };
    let mut is_right = false;
    for number in numbers_of(reader, &kind, &record)? {
        is_right |= ends_with(&number, last4);
    }
    match is_right {
        true => progress_of(reader, &kind, &record).map(Some),
        false => Ok(None),
    }
}

/// The cases of the holder of a card, what changed last first.
pub(super) fn by_card(
    reader: &Reader<'_>,
    id_number: &Pii<String>,
) -> Result<Vec<CaseProgress>, StoreError> {
    let mut cases = Vec::new();
    for person in reader.persons_by_number(PersonField::IdNumber, id_number.expose())? {
        let person = same_person::in_force(reader, person)?;
        for registration in same_person::all_of(reader, RecordId(person.0))? {
            for record in reader.records_of_person(PersonId(registration.0), CASES_MAX)? {
                if let Some((record, kind)) = told(reader, Some(record))? {
                    let progress = progress_of(reader, &kind, &record)?;
                    if !cases.contains(&progress) {
                        cases.push(progress);
                    }
                }
            }
        }
    }
    Ok(cases)
}

/// A record of a kind about which citizens are told.
fn told(
    reader: &Reader<'_>,
    record: Option<Record>,
) -> Result<Option<(Record, Arc<Kind>)>, StoreError> {
    let Some(record) = record.filter(|record| tells_progress(&record.kind)) else {
        return Ok(None);
    };
    let kind = reader.kind(&record.kind_hash)?;
    Ok(Some((record, kind)))
}

/// The numbers of whom a case concerns: telephones, and the identity number.
fn numbers_of(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Vec<Pii<String>>, StoreError> {
    let mut numbers = Vec::new();
    let mut take = |field: PersonField, value: Option<&Pii<String>>| {
        let form = value.and_then(|value| field.lookup_form(value.expose()));
        numbers.extend(form);
    };
    let phone = addressee(reader, kind, record)?.phone;
    take(PersonField::Phone, phone.as_ref());
    if let Some(person) = record.person {
        let person = same_person::in_force(reader, person)?;
        if let Some(PersonRecord::Known(fields)) = reader.person(person)? {
            for field in [PersonField::IdNumber, PersonField::Phone] {
                take(field, fields.get(&field));
            }
        }
        return Ok(numbers);
    }
    let own = kind.fields.iter();
    for field in own.filter(|field| field.personal == Some(PersonField::IdNumber)) {
        let value = plain_value(reader, kind, record, &field.id)?;
        take(PersonField::IdNumber, value.as_ref());
    }
    Ok(numbers)
}

/// Compared in the same time, whatever the characters are.
fn ends_with(number: &Pii<String>, last4: &Pii<String>) -> bool {
    let typed = PersonField::IdNumber.lookup_form(last4.expose());
    let Some(typed) = typed.filter(|typed| typed.expose().len() == LAST) else {
        return false;
    };
    let number = number.expose().as_bytes();
    let end = number
        .len()
        .checked_sub(LAST)
        .and_then(|from| number.get(from..));
    end.is_some_and(|end| bool::from(end.ct_eq(typed.expose().as_bytes())))
}

fn progress_of(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<CaseProgress, StoreError> {
    let (is_yours, next) = next_step(kind, record);
    Ok(CaseProgress {
        case_no: record.case_no.0.clone(),
        kind_name: kind.name.clone(),
        state: kind
            .state(&record.state)
            .map_or_else(String::new, |state| state.name.clone()),
        is_yours,
        next,
        missing: missing(reader, kind, record)?,
        due_on: record.due.values().map(|due| due.on).min(),
        opened_on: record.opened_at.hall_date(),
    })
}

/// Whether the citizen must do something, and what comes next. What needs a reason (withdrawing,
/// objecting) may be done and is no next step.
fn next_step(kind: &Kind, record: &Record) -> (bool, String) {
    let mut steps = kind.transitions_from(&record.state);
    let yours = steps.find(|step| step.roles.contains(&Role::Citizen) && !step.needs_reason);
    let stage = kind.state(&record.state).map(|state| state.stage);
    let sentence = match (stage, yours) {
        (Some(StateStage::End), _) | (None, _) => "已经办结。有疑问请到窗口问。",
        (_, Some(step)) => {
            let sentence = format!("等您办：{}。请带齐材料到大厅窗口。", step.name);
            return (true, sentence);
        }
        (Some(StateStage::Open), None) => "工作人员正在办。有结果会联系您。",
        (Some(StateStage::Waiting), None) => "在等其他单位或约定的日子。有结果会联系您。",
        (Some(StateStage::Settled), None) => "已经办好，正在有效期内。",
    };
    (false, sentence.to_owned())
}

/// What was told to be missing and is still waited for, and what was put off with a last day.
fn missing(reader: &Reader<'_>, kind: &Kind, record: &Record) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for event in reader.record_history(record.id)?.into_iter().rev() {
        let CaseEvent::Moved(moved) = event.event else {
            continue;
        };
        if moved.act.to != record.state {
            break;
        }
        if !moved.notice.is_empty() {
            lines = moved.notice;
            break;
        }
    }
    for (id, day) in &record.deferred {
        let rule = kind.attachments.iter().find(|rule| rule.id == *id);
        let name = rule.map_or("", |rule| &rule.name);
        lines.push(format!("{name}（最晚 {} 交）", day));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(number: &str, last4: &str) -> bool {
        ends_with(&Pii::new(number.to_owned()), &Pii::new(last4.to_owned()))
    }

    #[test]
    fn four_characters_fit_the_end_of_a_number_and_nothing_shorter_does() {
        assert!(fits("99999919900101003X", "003x"));
        assert!(fits("99999919900101003X", "００３Ｘ"));
        assert!(fits("15400000001", "0001"));
        for wrong in ["", "1", "001", "00001", "0002", "无无无无"] {
            assert!(!fits("15400000001", wrong), "{wrong}");
        }
    }
}
