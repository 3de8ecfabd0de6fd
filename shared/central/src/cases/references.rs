//! What a record names must be there and be of the right kind: whom it concerns, its employer, the
//! records in its fields, the one that it corrects.

use domain::case::{
    CaseRefusal, CaseRefusalCode, FieldFault, FieldType, Kind, StateStage, Value, Values,
};
use domain::id::{KindId, RecordId};

use crate::store::{StoreError, Write};

use super::desk::NewCase;
use super::{person_register, refused, refused_at};

/// The kind of employers.
const EMPLOYER: &str = "employer";
/// The field of other kinds that holds an employer's name.
const EMPLOYER_NAME: &str = "employer_name";

/// Where a fault says that it is about whom a record concerns: no field is called so.
pub(crate) const PERSON_HEAD: &str = "head.person";
/// Where a fault says that it is about the employer whom a record concerns.
pub(crate) const EMPLOYER_HEAD: &str = "head.employer";

/// Checks what a new record names beside its fields.
pub(super) fn check_head(
    write: &Write<'_>,
    kind: &Kind,
    new: &NewCase,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    let person = new.person.map(|person| RecordId(person.0));
    for (record, wanted, head, sentence) in [
        (
            person,
            person_register::KIND,
            PERSON_HEAD,
            "没找到这个人。先在“自然人”里登记，再来办。",
        ),
        (
            new.employer,
            EMPLOYER,
            EMPLOYER_HEAD,
            "没找到这个单位。先在“用人单位”里登记，再来办。",
        ),
    ] {
        if let Some(record) = record
            && kind_of(write, record)?.is_none_or(|kind| kind.as_str() != wanted)
        {
            return Ok(Err(refused_at(head, sentence)));
        }
    }
    match new.corrects {
        Some(corrects) => check_corrected(write, kind, corrects),
        None => Ok(Ok(())),
    }
}

/// Gives a new record its employer's name, where its kind has a field for it that holds nothing: by
/// it lists show and find the record.
pub(super) fn name_employer(
    write: &Write<'_>,
    kind: &Kind,
    new: &mut NewCase,
) -> Result<(), StoreError> {
    let is_wanted = kind.field(EMPLOYER_NAME).is_some() && !new.values.contains_key(EMPLOYER_NAME);
    if let (true, Some(employer)) = (is_wanted, new.employer)
        && let Some((_, name)) = write.reader().record_called(employer)?
    {
        new.values
            .insert(EMPLOYER_NAME.to_owned(), Value::Text(name));
    }
    Ok(())
}

/// Only what has ended is corrected, by a record of its own kind.
fn check_corrected(
    write: &Write<'_>,
    kind: &Kind,
    corrects: RecordId,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    let record = write.record(corrects)?;
    let record = record.filter(|record| record.kind == kind.id);
    let Some(record) = record else {
        let sentence = "没找到要更正的那一条，或者不是同一种业务。";
        return Ok(Err(refused(CaseRefusalCode::Values, sentence)));
    };
    let its_kind = write.kind(&record.kind_hash)?;
    let state = its_kind.state(&record.state);
    if state.is_some_and(|state| state.stage == StateStage::End) {
        return Ok(Ok(()));
    }
    let sentence = "那一条还没有办结，直接改就行，不用更正。";
    Ok(Err(refused(CaseRefusalCode::NotNow, sentence)))
}

/// Checks the records that stand in fields.
pub(super) fn check_fields(
    write: &Write<'_>,
    kind: &Kind,
    typed: &Values,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    let mut faults = Vec::new();
    for (id, value) in typed {
        let Some(field) = kind.field(id) else {
            continue;
        };
        if !names_fit(write, &field.kind, value)? {
            let text = format!("“{}”里填的那条登记不是这一种。请核对编号。", field.name);
            faults.push(FieldFault {
                field: id.clone(),
                text,
            });
        }
    }
    if faults.is_empty() {
        return Ok(Ok(()));
    }
    let mut refusal = refused(CaseRefusalCode::Values, "有几处要改，改好再存。");
    refusal.faults = faults;
    Ok(Err(refusal))
}

fn names_fit(write: &Write<'_>, of: &FieldType, value: &Value) -> Result<bool, StoreError> {
    match (of, value) {
        (FieldType::Record(to), Value::Record(record)) => {
            let kind = kind_of(write, *record)?;
            Ok(kind.is_some_and(|kind| to.is_empty() || to.contains(&kind)))
        }
        (FieldType::List { of, .. }, Value::List(values)) => {
            for value in values {
                if !names_fit(write, of, value)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Ok(true),
    }
}

fn kind_of(write: &Write<'_>, record: RecordId) -> Result<Option<KindId>, StoreError> {
    Ok(write.record(record)?.map(|record| record.kind))
}
