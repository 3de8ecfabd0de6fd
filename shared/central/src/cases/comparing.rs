//! Lists from elsewhere against the people whom records concern (`domain::comparison`). A list is
//! first only tried: what is refused is told per row, and who is hit, who is possible, who has been
//! opened before. Then one word opens what the hits open, all in one transaction with a record of the
//! comparison itself, to which the list stays attached, sealed. Brought again, it opens nothing twice.
//!
//! Personal data: names and numbers of the list are looked up as keyed hashes and shown masked. Who
//! is not in the registers is nowhere but in the sealed file.

mod feedback;
mod opening;
mod sighting;

use std::collections::BTreeSet;

use domain::case::{FieldFault, Record, Value, Values};
use domain::comparison::{BATCH_NO, Doubt, Finding, ListComparison, NAME, NUMBER, compare};
use domain::id::{KindId, PersonId, RecordId};
use domain::personal::PersonField;
use domain::time::UtcMs;

use crate::sheet::{self, ColumnMap, Read, Reading, RowDraft, SheetError};
use crate::store::{Reader, Store, StoreError};

use super::{CaseDesk, CaseFault, masked};

use sighting::Sight;

/// The kind of the records of comparisons.
pub(crate) const KIND: &str = "list_comparison";
/// As what the list is attached to them.
pub(super) const LIST_FILE: &str = "list_file";
/// The field that names the list.
pub(super) const LIST: &str = "list";

/// A list that somebody brought.
#[derive(Clone)]
pub(crate) struct BroughtList {
    /// The id of its definition.
    pub(crate) list: String,
    /// The file's name, for sentences about it.
    pub(crate) file_name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
    /// What the form asked for the whole list.
    pub(crate) asked: Values,
}

impl std::fmt::Debug for BroughtList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BroughtList")
            .field("list", &self.list)
            .finish_non_exhaustive()
    }
}

impl BroughtList {
    /// The number of the paper with which it came.
    pub(crate) fn batch_no(&self) -> &str {
        match self.asked.get(BATCH_NO) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }
}

/// What a list would come to.
#[derive(Debug, Clone, Default)]
pub(crate) struct TriedList {
    /// The file as it was understood; rows that are refused are among the rejected ones.
    pub(crate) read: Read,
    /// Rows that are hit or possible, in the order of the file.
    pub(crate) rows: Vec<TriedRow>,
    /// Numbers of the comparisons in which the same file was compared before.
    pub(crate) earlier: Vec<String>,
}

/// A row that is hit or possible.
#[derive(Debug, Clone)]
pub(crate) struct TriedRow {
    /// As a table program counts it.
    pub(crate) line: u32,
    /// The name in the list, masked.
    pub(crate) name: String,
    /// The number in the list, masked.
    pub(crate) number: String,
    /// Who; of a possible one the first.
    pub(crate) person: PersonId,
    /// Why a person must look; `None` for a hit.
    pub(crate) doubt: Option<Doubt>,
    /// The person's records with which the list was compared.
    pub(crate) against: Vec<Record>,
    /// The number of what was opened for the same before.
    pub(crate) opened: Option<String>,
}

impl TriedList {
    /// Rows that were compared.
    pub(crate) fn compared(&self) -> usize {
        self.read.rows.len()
    }

    /// Rows of which it is certain who they are.
    pub(crate) fn hits(&self) -> impl Iterator<Item = &TriedRow> {
        self.rows.iter().filter(|row| row.doubt.is_none())
    }

    /// Rows at which a person must look.
    pub(crate) fn possible(&self) -> impl Iterator<Item = &TriedRow> {
        self.rows.iter().filter(|row| row.doubt.is_some())
    }
}

impl CaseDesk {
    /// Reads a list and compares it, without opening anything. Blocking.
    ///
    /// # Errors
    /// The outer one is the store's; the inner one is a sentence for who brought the file, when
    /// nothing of it can be used.
    pub(crate) fn try_list(
        &self,
        rule: &ListComparison,
        brought: &BroughtList,
        now: UtcMs,
    ) -> Result<Result<TriedList, String>, CaseFault> {
        let store = self.store();
        let read = match read_list(rule, &brought.file_name, &brought.bytes, now) {
            Ok(read) => read,
            Err(error) => return Ok(Err(error.to_string())),
        };
        if let Some(sentence) = missing_column(rule, &read) {
            return Ok(Err(sentence));
        }
        let known = store.read_blocking(|reader| records_of_content(reader, &brought.bytes))?;
        if let Some(sentence) = other_batch_no(&known, brought.batch_no()) {
            return Ok(Err(sentence));
        }
        let values = self.opened_with(rule, &brought.asked, now)?;
        let mut tried = tried(store, rule, read, &values)?;
        tried.earlier = known.into_iter().map(|record| record.case_no.0).collect();
        Ok(Ok(tried))
    }
}

/// Reads the columns of a list.
pub(super) fn read_list(
    rule: &ListComparison,
    file_name: &str,
    bytes: &[u8],
    now: UtcMs,
) -> Result<Read, SheetError> {
    let columns = ColumnMap::of(rule.headings(), rule.kept.clone());
    let reading = Reading {
        today: now.hall_date(),
        columns: &columns,
        resolve: &|_, _| None,
    };
    sheet::read(&rule.sheet(), file_name, bytes, &reading)
}

/// Without a column that must be there it is another list, or one whose headings nobody knows.
fn missing_column(rule: &ListComparison, read: &Read) -> Option<String> {
    let missing = read.missing_columns.first()?;
    let column = rule
        .columns
        .iter()
        .find(|column| column.field.name == *missing)?;
    let known: Vec<&str> = std::iter::once(missing.as_str())
        .chain(column.headings.iter().map(String::as_str))
        .collect();
    Some(format!(
        "表里没有“{missing}”这一列，没法比。认得的列名有：{}。请看是不是选错了文件，或者把列名改成其中一个再传。",
        known.join("、")
    ))
}

/// Comparisons to which the same content is attached, oldest first; those that were cancelled do
/// not count.
fn records_of_content(reader: &Reader<'_>, bytes: &[u8]) -> Result<Vec<Record>, StoreError> {
    if reader.centre_box_public()?.is_none() {
        return Ok(Vec::new());
    }
    let mut known = Vec::new();
    for id in reader.records_with_content(reader.content_hash(bytes)?)? {
        let record = reader.record(id)?;
        known.extend(
            record.filter(|record| record.kind.as_str() == KIND && record.state != "cancelled"),
        );
    }
    Ok(known)
}

/// The same file under another number would open everything twice.
fn other_batch_no(known: &[Record], batch_no: &str) -> Option<String> {
    let text = |record: &Record| match record.values.get(BATCH_NO) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let other = known.iter().find(|record| text(record) != batch_no)?;
    let (day, number) = (other.opened_at.hall_date(), &other.case_no.0);
    Some(format!(
        "这份名单 {} 用批次号“{}”比过了（{number}）。再比一次请填同一个批次号，这样不会重复开。",
        day.format("%Y年%-m月%-d日"),
        text(other)
    ))
}

fn tried(
    store: &Store,
    rule: &ListComparison,
    mut read: Read,
    values: &Values,
) -> Result<TriedList, CaseFault> {
    let is_synthetic = store.is_synthetic();
    read.reject_where(|row| sighting::row_faults(rule, row, is_synthetic));
    let (sights, findings) = store.read_blocking(|reader| {
        let sights = sighting::sights(reader, rule, &read.rows)?;
        let is_concerned = |person: PersonId| sights.concerned.contains_key(&person);
        let findings = compare(&sights.rows, is_concerned);
        Ok((sights, findings))
    })?;
    let rows = store.read_blocking(|reader| {
        let each = read.rows.iter().zip(&findings);
        let found =
            each.map(|(row, finding)| tried_row(reader, rule, row, finding, &sights, values));
        found.collect::<Result<Vec<_>, _>>()
    })?;
    let mut findings = findings.into_iter();
    read.reject_where(|_| match findings.next() {
        Some(Finding::Again(first)) => vec![FieldFault {
            field: NUMBER.to_owned(),
            text: format!("和第 {first} 行是同一个人。一个人只留一行。"),
        }],
        _ => Vec::new(),
    });
    Ok(TriedList {
        read,
        rows: rows.into_iter().flatten().collect(),
        earlier: Vec::new(),
    })
}

fn tried_row(
    reader: &Reader<'_>,
    rule: &ListComparison,
    row: &RowDraft,
    finding: &Finding<PersonId>,
    sights: &Sight,
    values: &Values,
) -> Result<Option<TriedRow>, StoreError> {
    let (persons, doubt) = match finding {
        Finding::Hit(person) => (BTreeSet::from([*person]), None),
        Finding::Possible(persons, doubt) => (persons.clone(), Some(*doubt)),
        Finding::Nothing | Finding::Again(_) => return Ok(None),
    };
    let Some(person) = persons.first().copied() else {
        return Ok(None);
    };
    let against = persons
        .iter()
        .filter_map(|person| sights.concerned.get(person));
    let against: Vec<Record> = against.flatten().cloned().collect();
    let opened = opening::opened_before(reader, rule, person, values)?;
    Ok(Some(TriedRow {
        line: row.line,
        name: shown(row, NAME, PersonField::Name),
        number: shown(row, NUMBER, PersonField::IdNumber),
        person,
        doubt,
        against,
        opened: opened.map(|record| record.case_no.0),
    }))
}

fn shown(row: &RowDraft, column: &str, field: PersonField) -> String {
    match row.values.get(column) {
        Some(Value::Personal(value)) => masked(field, value),
        _ => String::new(),
    }
}

/// The kind of comparisons, as an id.
pub(super) fn kind_id() -> KindId {
    KindId::new(KIND).expect("a kind's id, because it is short")
}

/// Comparisons that a record of one was made by, for its page.
pub(crate) fn is_comparison(record: &Record) -> bool {
    record.kind.as_str() == KIND
}

/// As records are called.
pub(crate) fn numbers(records: &[Record]) -> Vec<String> {
    records
        .iter()
        .map(|record| record.case_no.0.clone())
        .collect()
}

/// A person's own record in the register.
pub(super) fn record_of(person: PersonId) -> RecordId {
    RecordId(person.0)
}
