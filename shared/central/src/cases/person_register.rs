//! One person once. A record of the register of persons is the person: its id is the person's, its
//! personal values also go to the vault, by which persons are found by name and number.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{self, CaseRefusal, CaseRefusalCode, FieldFault, Kind, Value, Values};
use domain::id::{PersonId, RecordId};
use domain::id_number::{Areas, IdMismatch, IdNumber, Sex};
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;

use crate::edge;
use crate::store::{StoreError, Write};

use super::sealing::personal_of;
use super::{refused, refused_at, same_person, sealing};

/// The id of the register's kind.
pub(crate) const KIND: &str = "person";

/// Sees to it that nobody else has the number, and makes the person known.
pub(super) fn take_in(
    write: &mut Write<'_>,
    kind: &Kind,
    person: PersonId,
    values: &Values,
    now: UtcMs,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    if let Err(refusal) = check_identity(write, kind, person, values)? {
        return Ok(Err(refusal));
    }
    if let Err(refusal) = check_alike(write, kind, person, values)? {
        return Ok(Err(refusal));
    }
    let fields = personal_fields(kind, values);
    if fields.is_empty() {
        return Ok(Ok(()));
    }
    if let Some(number) = fields.get(&PersonField::IdNumber)
        && has_number(write, person, number)?
    {
        let sentence = "这个证件号码已经登记过。请查出那个人，不要重复登记。";
        return Ok(Err(refused_at("id_number", sentence)));
    }
    match write.record_person(person, &fields, now, edge::fill_random)? {
        Ok(_) => Ok(Ok(())),
        Err(fault) => Err(StoreError::Corrupt(fault.to_string())),
    }
}

/// Fields that an identity number tells too.
const TOLD_BY_NUMBER: [&str; 4] = ["id_type", "id_number", "sex", "birth_date"];

/// The field in which somebody says how a number was compared with the paper.
const NUMBER_NOTE: &str = "id_number_note";

/// Whether an identity number is one, and agrees with the sex and the birth date that are told:
/// with what is typed, and beside it with what stands in the record. Only what changes is checked,
/// and only a reason that is given with it excuses it: one that stands was given for something else.
fn check_identity(
    write: &Write<'_>,
    kind: &Kind,
    person: PersonId,
    typed: &Values,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    if !TOLD_BY_NUMBER.iter().any(|id| typed.contains_key(*id)) {
        return Ok(Ok(()));
    }
    let record = write.record(RecordId(person.0))?;
    let held = |id: &str| record.as_ref().and_then(|record| record.values.get(id));
    let stands = |id: &str| typed.get(id).or(held(id));
    let is_resident = matches!(stands("id_type"), Some(Value::Choice(code)) if code == "resident");
    let number_held = match &record {
        Some(record) => sealing::open(&write.reader(), kind, record, "id_number")?,
        None => None,
    };
    let (number, is_new_number) = match typed.get("id_number") {
        Some(Value::Personal(number)) => (Some(number), !is_same(number, number_held.as_ref())),
        _ => (number_held.as_ref(), false),
    };
    let changes = |id: &str| typed.get(id).is_some_and(|value| Some(value) != held(id));
    let is_new_number = is_new_number || changes("id_type");
    let is_excused = matches!(typed.get(NUMBER_NOTE), Some(Value::Text(_))) && changes(NUMBER_NOTE);
    let Some(number) = number.filter(|_| is_resident && !is_excused) else {
        return Ok(Ok(()));
    };
    let areas = if write.reader().is_synthetic()? {
        Areas::WithSynthetic
    } else {
        Areas::Real
    };
    let told = Told {
        is_new_number,
        sex: sex_of(stands("sex")).filter(|_| is_new_number || changes("sex")),
        born: day_of(stands("birth_date")).filter(|_| is_new_number || changes("birth_date")),
    };
    let excuse = kind.field(NUMBER_NOTE).map(|note| &note.name);
    let excuse = excuse.map(|note| case::how_to_excuse(note, held(NUMBER_NOTE).is_some()));
    Ok(agreed(number, areas, &told, &excuse.unwrap_or_default()))
}

/// What must agree with a number: what changes, or all when the number is new.
struct Told {
    is_new_number: bool,
    sex: Option<Sex>,
    born: Option<NaiveDate>,
}

fn is_same(number: &Pii<String>, held: Option<&Pii<String>>) -> bool {
    held.is_some_and(|held| held.expose().trim() == number.expose().trim())
}

fn sex_of(value: Option<&Value>) -> Option<Sex> {
    match value? {
        Value::Choice(code) if code == "male" => Some(Sex::Male),
        Value::Choice(_) => Some(Sex::Female),
        _ => None,
    }
}

fn day_of(value: Option<&Value>) -> Option<NaiveDate> {
    match value? {
        Value::Date(day) => Some(*day),
        _ => None,
    }
}

/// Whether somebody with the same name and day of birth is registered who may be the same person,
/// unless who registers says that it is another one.
fn check_alike(
    write: &Write<'_>,
    kind: &Kind,
    person: PersonId,
    typed: &Values,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    if !["name", "birth_date", "id_type"]
        .iter()
        .any(|id| typed.contains_key(*id))
    {
        return Ok(Ok(()));
    }
    let record = write.record(RecordId(person.0))?;
    let stands = |id: &str| {
        let held = record.as_ref().and_then(|record| record.values.get(id));
        typed.get(id).or(held)
    };
    let name = match (typed.get("name"), &record) {
        (Some(Value::Personal(name)), _) => Some(name.clone()),
        (_, Some(record)) => sealing::open(&write.reader(), kind, record, "name")?,
        _ => None,
    };
    let (Some(name), Some(Value::Date(born)), None) =
        (name, stands("birth_date"), stands("other_person_note"))
    else {
        return Ok(Ok(()));
    };
    let is_resident = matches!(stands("id_type"), Some(Value::Choice(code)) if code == "resident");
    let alike = same_person::alike(&write.reader(), &name, *born, (person, is_resident))?;
    if alike.is_empty() {
        return Ok(Ok(()));
    }
    let sentence = format!(
        "已经登记过同名同生日的人：{}。是同一个人就用那一条；不是，就在“不是同一人的依据”里写明再存。",
        alike.join("、")
    );
    Ok(Err(refused_at("other_person_note", &sentence)))
}

fn agreed(
    number: &Pii<String>,
    areas: Areas,
    told: &Told,
    excuse: &str,
) -> Result<(), CaseRefusal> {
    let fault = |field: &str, text: String| {
        let mut refusal = refused(CaseRefusalCode::Values, "有几处要改，改好再存。");
        refusal.faults.push(FieldFault {
            field: field.to_owned(),
            text: format!("{text}{excuse}"),
        });
        refusal
    };
    let number = match IdNumber::read_in(number.expose(), areas) {
        Ok(number) => number,
        Err(why) if told.is_new_number => return Err(fault("id_number", why.to_string())),
        // believed when it was written, and nothing can be read from it
        Err(_) => return Ok(()),
    };
    number.agrees_with(told.sex, told.born).map_err(|why| {
        let field = match why {
            IdMismatch::Sex => "sex",
            IdMismatch::Birth => "birth_date",
        };
        fault(field, why.to_string())
    })
}

fn personal_fields(kind: &Kind, values: &Values) -> BTreeMap<PersonField, Pii<String>> {
    let plain = personal_of(values).filter_map(|(id, value)| {
        let field = kind.field(id)?.personal?;
        Some((field, value.clone()))
    });
    plain.collect()
}

/// Whether somebody else has the number.
fn has_number(
    write: &mut Write<'_>,
    person: PersonId,
    number: &Pii<String>,
) -> Result<bool, StoreError> {
    write.establish_keys(edge::fill_random)?;
    let known = write
        .reader()
        .persons_by_number(PersonField::IdNumber, number.expose())?;
    Ok(known.iter().any(|known| *known != person))
}
