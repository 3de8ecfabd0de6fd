//! What records come to in other ones (`domain::case::TellRule`): found and written by the system in the
//! transaction that changed a record that counts. What follows from it there goes on from there.

use std::collections::BTreeSet;

use domain::case::{Draft, Kind, Record, Rulebook, TellRule, Told, Value};
use domain::id::{KindId, RecordId};
use domain::time::UtcMs;

use crate::store::{StoreError, Write};

use super::automatic;

/// By which rules it is counted, and when.
pub(super) struct Telling<'t> {
    pub(super) rules: &'t dyn Rulebook,
    pub(super) now: UtcMs,
}

/// Tells what a record that has just been opened or changed comes to; and it, what others come to that
/// it names now.
pub(super) fn after(
    write: &mut Write<'_>,
    kind: &Kind,
    before: Option<&Record>,
    id: RecordId,
    around: &Telling<'_>,
) -> Result<(), StoreError> {
    let is_told = kind
        .fields
        .iter()
        .any(|field| field.is_computed && !kind.is_derived(&field.id));
    if kind.tells.is_empty() && !is_told {
        return Ok(());
    }
    let Some(after) = write.record(id)? else {
        return Ok(());
    };
    if before.is_some_and(|before| before.values == after.values && before.state == after.state) {
        return Ok(());
    }
    for rule in &kind.tells {
        tell(write, rule, before, &after, around)?;
    }
    if is_told {
        hear(write, kind, before, &after, around)?;
    }
    Ok(())
}

fn tell(
    write: &mut Write<'_>,
    rule: &TellRule,
    before: Option<&Record>,
    after: &Record,
    around: &Telling<'_>,
) -> Result<(), StoreError> {
    match &rule.to {
        Told::Named(field) => {
            let named = before.into_iter().chain([after]);
            let named: BTreeSet<_> = named.flat_map(|record| rule.named(record)).collect();
            for target in named {
                let records = if rule.is_of_one() {
                    vec![after.clone()]
                } else {
                    all_naming(write, target, &after.kind, field)?
                };
                put(write, rule, &records, target, around)?;
            }
        }
        Told::Naming(kind, field) => {
            let alone = std::slice::from_ref(after);
            for target in write.reader().records_naming(after.id, kind, field)? {
                put(write, rule, alone, target, around)?;
            }
        }
    }
    Ok(())
}

fn all_naming(
    write: &Write<'_>,
    target: RecordId,
    kind: &KindId,
    field: &str,
) -> Result<Vec<Record>, StoreError> {
    let ids = write.reader().records_naming(target, kind, field)?;
    let records = ids.into_iter().map(|id| write.record(id));
    records.filter_map(Result::transpose).collect()
}

/// A record that names another one takes what that one tells.
fn hear(
    write: &mut Write<'_>,
    kind: &Kind,
    before: Option<&Record>,
    after: &Record,
    around: &Telling<'_>,
) -> Result<(), StoreError> {
    let fields = after
        .values
        .iter()
        .filter_map(|(field, value)| match value {
            Value::Record(named) => Some((field.clone(), *named)),
            _ => None,
        });
    let is_new = |(field, named): &(String, RecordId)| {
        let held = before.and_then(|before| before.values.get(field));
        held != Some(&Value::Record(*named))
    };
    for (field, named) in fields.filter(is_new).collect::<Vec<_>>() {
        let Some(teller) = write.record(named)? else {
            continue;
        };
        let of_teller = write.kind(&teller.kind_hash)?;
        let to = Told::Naming(kind.id.clone(), field);
        for rule in of_teller.tells.iter().filter(|rule| rule.to == to) {
            put(write, rule, std::slice::from_ref(&teller), after.id, around)?;
        }
    }
    Ok(())
}

/// Writes what records come to into the record that is told, if that is new there.
fn put(
    write: &mut Write<'_>,
    rule: &TellRule,
    records: &[Record],
    target: RecordId,
    around: &Telling<'_>,
) -> Result<(), StoreError> {
    let Some(told) = write.record(target)? else {
        return Ok(());
    };
    let kind = write.kind(&told.kind_hash)?;
    // a record of a version that has no such field stays as it is
    if kind
        .field(&rule.field)
        .is_none_or(|field| !field.is_computed)
    {
        return Ok(());
    }
    let value = match rule.comes_to(records, &kind, around.now.hall_date(), around.rules) {
        Ok(value) => value,
        Err(refusal) => {
            tracing::debug!(%target, code = ?refusal.code, "what it comes to is not known");
            return Ok(());
        }
    };
    let has_nothing_to_say = value.is_none() && rule.is_of_one();
    if has_nothing_to_say || told.values.get(&rule.field) == value.as_ref() {
        return Ok(());
    }
    let draft = Draft::from([(rule.field.clone(), value)]);
    automatic::change(write, target, draft, around.rules, around.now)?;
    automatic::follow(write, &kind, target, around.rules, around.now)
}
