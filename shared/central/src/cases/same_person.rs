//! One person once: who is found by what was typed, who may be the same as somebody else, and a
//! registration that was merged into another. Merged is a registration that is closed and names
//! the one that stays; opened again, it stands by itself as before.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::case::{
    self, Actor, CaseRefusalCode, Command, Draft, LinkKind, Record, Rulebook, Value,
};
use domain::id::{PersonId, RecordId};
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;

use crate::store::{Reader, StoreError, Write};

use super::{CaseDesk, CaseFault, automatic, desk, person_register, refused};

pub(crate) use super::person_register::KIND;

/// The field that names the registration that stays.
pub(super) const MERGED_INTO: &str = "merged_into";
/// The state of a register's entry that is not in use.
pub(super) const CLOSED: &str = "closed";
const CLOSE: &str = "close";
/// So many merges in a row are followed: more are a circle.
const MERGES_MAX: usize = 8;

/// The registration that stands for a person now.
pub(crate) fn in_force(reader: &Reader<'_>, person: PersonId) -> Result<PersonId, StoreError> {
    let mut at = person;
    for _ in 0..MERGES_MAX {
        let record = reader.record(RecordId(at.0))?;
        let Some(next) = record.as_ref().and_then(merged_into) else {
            return Ok(at);
        };
        at = PersonId(next.0);
    }
    Ok(at)
}

fn merged_into(record: &Record) -> Option<RecordId> {
    match record.values.get(MERGED_INTO) {
        Some(Value::Record(to)) if record.state == CLOSED => Some(*to),
        _ => None,
    }
}

/// Who is meant by a number of the register or by the number of a document; each once.
pub(crate) fn found(reader: &Reader<'_>, typed: &str) -> Result<BTreeSet<PersonId>, StoreError> {
    let typed = typed.trim();
    let of_record = reader.record_by_number(typed)?;
    let candidates = match of_record {
        Some(record) => {
            let is_person = reader
                .record(record)?
                .is_some_and(|record| record.kind.as_str() == person_register::KIND);
            Vec::from_iter(is_person.then_some(PersonId(record.0)))
        }
        None => reader.persons_by_number(PersonField::IdNumber, typed)?,
    };
    candidates
        .into_iter()
        .map(|one| in_force(reader, one))
        .collect()
}

/// Everybody whose name begins with what was typed, in characters or letters, or whose number it
/// is: for lists, in which names are sealed.
pub(crate) fn found_for_list(
    reader: &Reader<'_>,
    typed: &str,
) -> Result<Vec<RecordId>, StoreError> {
    let mut persons = reader.persons_by_number(PersonField::IdNumber, typed)?;
    persons.extend(reader.persons_by_number(PersonField::Phone, typed)?);
    let named = reader.persons_by_name(typed)?.into_iter();
    persons.extend(named.map(|(person, _)| person));
    Ok(persons
        .into_iter()
        .map(|person| RecordId(person.0))
        .collect())
}

/// Others in use with this name and day of birth, of whom it is not certain that they are others:
/// two residents with two numbers are.
pub(super) fn alike(
    reader: &Reader<'_>,
    name: &Pii<String>,
    born: NaiveDate,
    (itself, is_resident): (PersonId, bool),
) -> Result<Vec<String>, StoreError> {
    let mut alike = Vec::new();
    for person in reader.persons_born(born, !is_resident)? {
        if person == itself || !reader.is_called(person, name)? {
            continue;
        }
        let record = reader.record(RecordId(person.0))?;
        alike.extend(
            record
                .filter(|record| record.state != CLOSED)
                .map(|record| record.case_no.0),
        );
    }
    Ok(alike)
}

/// A registration that was opened again names none that stays instead of it.
pub(super) fn after_step(
    write: &mut Write<'_>,
    id: RecordId,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let Some(record) = write.record(id)? else {
        return Ok(());
    };
    if let Some(Value::Record(into)) = record.values.get(MERGED_INTO)
        && record.state != CLOSED
    {
        let draft = Draft::from([(MERGED_INTO.to_owned(), None)]);
        automatic::change(write, id, draft, rules, now)?;
        automatic::do_as_system(write, id, tie(*into, true), rules, now)?;
    }
    Ok(())
}

/// By this the registration that stays finds those that were merged into it.
fn tie(into: RecordId, is_undone: bool) -> Command {
    Command::Link {
        kind: LinkKind::MergedInto,
        to: into,
        is_undone,
    }
}

/// A person's registration and those that were merged into it, one after another.
pub(crate) fn all_of(reader: &Reader<'_>, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let mut all = vec![record];
    let mut next = 0;
    while let Some(one) = all.get(next).copied() {
        for merged in reader.records_tied_to(one, LinkKind::MergedInto)? {
            if !all.contains(&merged) {
                all.push(merged);
            }
        }
        next += 1;
    }
    Ok(all)
}

impl CaseDesk {
    /// Closes a person's registration in favour of another one, with a reason. Opening it again
    /// undoes that.
    ///
    /// # Errors
    /// [`CaseFault`]; nothing has changed then.
    pub async fn merge_person(
        &self,
        (gone, seen): (RecordId, u64),
        kept: &str,
        reason: &str,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        let (kept, reason) = (kept.trim().to_owned(), reason.trim().to_owned());
        let rules = self.shared_rules();
        let merged = self.store().write(move |write| {
            let found = found(&write.reader(), &kept)?;
            let into = match found.first() {
                Some(into) if found.len() == 1 && into.0 != gone.0 => RecordId(into.0),
                _ => {
                    let sentence = "没找到要留下的那一条，或者就是这一条。请填另一条登记的编号。";
                    return Ok(Ok(Err(refused(CaseRefusalCode::Values, sentence))));
                }
            };
            let Some(record) = write.record(gone)? else {
                return Ok(Err(desk::not_found()));
            };
            let (kind, close) = (
                write.kind(&record.kind_hash)?,
                Command::because(CLOSE, &reason),
            );
            // decided first, so that nothing is written when it may not be closed
            let tried = case::decide(&kind, &record, seen, close.clone(), &actor, now, &*rules);
            if let Err(refusal) = tried {
                return Ok(Ok(Err(refusal)));
            }
            let draft = Draft::from([(MERGED_INTO.to_owned(), Some(Value::Record(into)))]);
            let names = Command::Change { draft, reason };
            automatic::do_as_system(write, gone, names, &*rules, now)?;
            automatic::do_as_system(write, gone, tie(into, false), &*rules, now)?;
            desk::act(write, gone, None, close, &actor, &*rules, now)
        });
        Ok(merged.await???)
    }
}
