//! Which records are due for a batch.

use std::collections::BTreeMap;

use domain::batch::{BatchRule, Candidate, LinePart, Members, OncePer, Source, choose};
use domain::case::{LinkKind, Record, Value, Values};
use domain::id::{KindId, PersonId, RecordId};
use domain::money::Fen;
use domain::personal::PersonField;

use crate::cases::{CaseDesk, CaseFault, masked, same_person};
use crate::store::{CaseQuery, PersonRecord, Reader, StoreError};

use super::{Due, DueBatch, MemberKey, month_of};

/// Records that are looked at for one batch; what is beyond goes into the next one.
const CANDIDATES_MAX: u32 = 20_000;

impl CaseDesk {
    /// What a batch with these values would hold. Blocking.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn due_batch(
        &self,
        rule: &BatchRule,
        values: &Values,
    ) -> Result<DueBatch, CaseFault> {
        let due = self
            .store()
            .read_blocking(|reader| due_batch(reader, rule, values));
        Ok(due?)
    }

    /// The batch that there is for the same month already, if a month has only one. Blocking.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn batch_of_month(
        &self,
        rule: &BatchRule,
        values: &Values,
    ) -> Result<Option<String>, CaseFault> {
        let found = self
            .store()
            .read_blocking(|reader| batch_of_month(reader, rule, values));
        Ok(found?)
    }
}

pub(super) fn batch_of_month(
    reader: &Reader<'_>,
    rule: &BatchRule,
    values: &Values,
) -> Result<Option<String>, StoreError> {
    let Some(month) = month_of(rule, values) else {
        return Ok(None);
    };
    let same = in_states(reader, &rule.kind, &[])?
        .into_iter()
        .find(|batch| {
            month_of(rule, &batch.values) == Some(month) && !rule.frees.contains(&batch.state)
        });
    Ok(same.map(|batch| batch.case_no.0))
}

pub(super) fn due_batch(
    reader: &Reader<'_>,
    rule: &BatchRule,
    values: &Values,
) -> Result<DueBatch, StoreError> {
    let mut candidates = Vec::new();
    let mut dealt_with: BTreeMap<MemberKey, String> = BTreeMap::new();
    for source in &rule.from {
        for record in in_states(reader, &source.kind, &source.states)? {
            if !fits(source, &record, values) {
                continue;
            }
            let key = key_of(reader, source, &record)?;
            if let Some(key) = &key
                && let Some(other) = dealt_with_before(reader, source, &record, key)?
            {
                dealt_with.insert(key.clone(), other);
            }
            candidates.push(candidate(reader, rule, source, record, key)?);
        }
    }
    Ok(choose(candidates, &dealt_with, rule))
}

fn in_states(
    reader: &Reader<'_>,
    kind: &KindId,
    states: &[String],
) -> Result<Vec<Record>, StoreError> {
    let lines = reader.case_lines(&CaseQuery {
        states: states.to_vec(),
        ..CaseQuery::of(kind.clone(), CANDIDATES_MAX)
    })?;
    Ok(lines.into_iter().map(|line| line.body).collect())
}

fn fits(source: &Source, record: &Record, batch: &Values) -> bool {
    let mut only = source.only.iter();
    let mut same = source.same.iter();
    only.all(|(field, value)| record.values.get(field) == Some(value))
        && same.all(|field| record.values.get(field) == batch.get(field))
}

/// By what a record is one with others; of a merged registration, the one that stays.
fn key_of(
    reader: &Reader<'_>,
    source: &Source,
    record: &Record,
) -> Result<Option<MemberKey>, StoreError> {
    if source.one_per.is_empty() {
        return Ok(None);
    }
    let mut key = vec![source.kind.to_string()];
    for part in &source.one_per {
        key.push(match part {
            OncePer::Subject => subject_key(reader, record)?,
            OncePer::Field(field) => serde_json::to_string(&record.values.get(field))?,
        });
    }
    Ok(Some(key))
}

fn subject_key(reader: &Reader<'_>, record: &Record) -> Result<String, StoreError> {
    Ok(match (record.person, record.employer) {
        (Some(person), _) => same_person::in_force(reader, person)?.to_string(),
        (None, Some(employer)) => employer.to_string(),
        // concerns nobody: it is one with itself
        (None, None) => record.id.to_string(),
    })
}

/// The number of another record for the same that was dealt with before.
fn dealt_with_before(
    reader: &Reader<'_>,
    source: &Source,
    record: &Record,
    key: &MemberKey,
) -> Result<Option<String>, StoreError> {
    if source.dealt_with.is_empty() {
        return Ok(None);
    }
    let mut others = Vec::new();
    if let Some(person) = record.person {
        let person = same_person::in_force(reader, person)?;
        for one in same_person::all_of(reader, RecordId(person.0))? {
            let person = PersonId(one.0);
            others.extend(reader.records_concerning(person, &source.kind, &source.dealt_with)?);
        }
    } else if let Some(employer) = record.employer {
        others = reader.records_of_employer(employer, &source.kind, &source.dealt_with)?;
    }
    for other in others {
        if other.id != record.id && key_of(reader, source, &other)?.as_ref() == Some(key) {
            return Ok(Some(other.case_no.0));
        }
    }
    Ok(None)
}

fn candidate(
    reader: &Reader<'_>,
    rule: &BatchRule,
    source: &Source,
    record: Record,
    key: Option<MemberKey>,
) -> Result<Candidate<Due, MemberKey>, StoreError> {
    let amount = amount_of(source, &record);
    let in_batch = match source.again {
        true => None,
        false => holding_batch(reader, rule, &record)?,
    };
    let names = Names::of(reader, &record)?;
    let line = match &rule.members {
        Members::Records(_) => String::new(),
        Members::Lines(_, parts) => line_of(parts, &record, amount, &names),
    };
    let number = record.case_no.0.clone();
    let due = Due {
        subject: names.shown(),
        line,
        step: source.step.clone(),
        record,
    };
    Ok(Candidate {
        record: due,
        number,
        key,
        amount,
        in_batch,
    })
}

pub(super) fn amount_of(source: &Source, record: &Record) -> Option<Fen> {
    match record.values.get(source.amount.as_ref()?) {
        Some(Value::Money(fen)) => Some(*fen),
        _ => None,
    }
}

/// The batch of the same kind that holds a record, if one does.
fn holding_batch(
    reader: &Reader<'_>,
    rule: &BatchRule,
    record: &Record,
) -> Result<Option<String>, StoreError> {
    let tied = record
        .links
        .iter()
        .filter(|link| link.kind == LinkKind::Related);
    for link in tied {
        let batch = reader.record(link.to)?;
        let holds = |batch: &Record| batch.kind == rule.kind && !rule.frees.contains(&batch.state);
        if let Some(batch) = batch.filter(holds) {
            return Ok(Some(batch.case_no.0));
        }
    }
    Ok(None)
}

/// Whom a record concerns, as that may be shown to anybody.
struct Names {
    name: String,
    id_number: String,
    employer: String,
}

impl Names {
    fn of(reader: &Reader<'_>, record: &Record) -> Result<Self, StoreError> {
        let mut names = Self {
            name: String::new(),
            id_number: String::new(),
            employer: String::new(),
        };
        if let Some(person) = record.person
            && let Some(PersonRecord::Known(fields)) =
                reader.person(same_person::in_force(reader, person)?)?
        {
            let shown = |field| fields.get(&field).map(|value| masked(field, value));
            names.name = shown(PersonField::Name).unwrap_or_default();
            names.id_number = shown(PersonField::IdNumber).unwrap_or_default();
        }
        if let Some(employer) = record.employer
            && let Some((_, name)) = reader.record_called(employer)?
        {
            names.employer = name;
        }
        Ok(names)
    }

    fn shown(&self) -> String {
        match self.employer.is_empty() {
            true => self.name.clone(),
            false => self.employer.clone(),
        }
    }
}

fn line_of(parts: &[LinePart], record: &Record, amount: Option<Fen>, names: &Names) -> String {
    let part = |part: &LinePart| match part {
        LinePart::Text(text) => text.clone(),
        LinePart::Number => record.case_no.0.clone(),
        LinePart::Amount => amount.map(yuan).unwrap_or_default(),
        LinePart::Name => names.name.clone(),
        LinePart::IdNumber => names.id_number.clone(),
        LinePart::Employer => names.employer.clone(),
    };
    parts.iter().map(part).collect()
}

/// `1234.50`, as a bank reads it.
fn yuan(fen: Fen) -> String {
    let sign = if fen.0 < 0 { "-" } else { "" };
    let fen = fen.0.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}
