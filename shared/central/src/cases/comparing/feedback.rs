//! The answer to who sent a list: the list as it came, row by row, and beside each row what it came to
//! and what was found since. Made from the sealed file and the record of the comparison.

use std::collections::BTreeMap;

use domain::case::{Kind, Record, Value};
use domain::comparison::{FoundLine, ListComparison, Outcome};
use domain::id::RecordId;
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

use crate::attachments;
use crate::cases::desk::not_found;
use crate::cases::reading::record_and_kind;
use crate::cases::{CaseDesk, CaseFault, ListShelf, value_text};
use crate::sheet::{Cell, Column, Format, Read};
use crate::store::{Reader, StoreError};

use super::sighting::row_faults;
use super::{LIST, LIST_FILE, is_comparison, read_list};

/// Widths of the columns that are added, in characters.
const RESULT_WIDTH: f64 = 16.0;
const WORDS_WIDTH: f64 = 30.0;

/// The answer, as columns and rows of a sheet.
#[derive(Debug, Clone)]
pub(crate) struct Feedback {
    /// What the list is called.
    pub(crate) list: String,
    /// The comparison's number.
    pub(crate) case_no: String,
    /// The list's own columns, then ours.
    pub(crate) columns: Vec<Column>,
    /// One for every row of the list, in its order.
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl CaseDesk {
    /// The answer to who sent the list of a comparison. Blocking.
    ///
    /// # Errors
    /// `NotFound` for a record that is none; `Refused` when the list is not there any more, or nobody
    /// knows any more how to read it.
    pub(crate) fn feedback(
        &self,
        lists: &ListShelf,
        record: RecordId,
        now: UtcMs,
    ) -> Result<Feedback, CaseFault> {
        let store = self.store();
        let found = store.read_blocking(|reader| record_and_kind(reader, record))?;
        let (record, _) = found
            .filter(|(record, _)| is_comparison(record))
            .ok_or_else(not_found)?;
        let rule = rule_of(lists, &record)?;
        let file = record
            .attachments
            .iter()
            .find(|one| one.doc_type == LIST_FILE)
            .ok_or_else(|| refused("这次比对的名单已经不在了，没法做反馈。"))?;
        let content = attachments::open_blocking(store, record.id, &file.sha256)?;
        let mut read = read_list(rule, "名单", &content.bytes, now)
            .map_err(|error| refused(&error.to_string()))?;
        read.reject_where(|row| row_faults(rule, row, store.is_synthetic()));
        let lines = lines_of(&record);
        let opened = store.read_blocking(|reader| opened(reader, lines.values()))?;
        let rows = rows_of(&read);
        let each = rows.into_iter().map(|(line, cells, fault)| {
            let head = cells.into_iter().map(Cell::Text);
            let found = lines.get(&line);
            head.chain(answer(rule, found, &fault, &opened)).collect()
        });
        Ok(Feedback {
            list: rule.name.clone(),
            case_no: record.case_no.0.clone(),
            columns: columns(rule, &read),
            rows: each.collect(),
        })
    }
}

fn refused(text: &str) -> Problem {
    Problem::new(ProblemCode::Refused, text)
}

fn rule_of<'l>(lists: &'l ListShelf, record: &Record) -> Result<&'l ListComparison, Problem> {
    let name = match record.values.get(LIST) {
        Some(Value::Text(name)) => name.as_str(),
        _ => "",
    };
    lists.comparison_named(name).ok_or_else(|| {
        refused(&format!(
            "已经没有“{name}”这种名单了，不知道怎么读它。请找管系统的人把它的文件放回来。"
        ))
    })
}

/// What each line came to.
fn lines_of(record: &Record) -> BTreeMap<u32, FoundLine> {
    let Some(Value::List(lines)) = record.values.get("findings") else {
        return BTreeMap::new();
    };
    let texts = lines.iter().filter_map(|line| match line {
        Value::Text(text) => text.parse::<FoundLine>().ok(),
        _ => None,
    });
    texts.map(|line| (line.line, line)).collect()
}

type Opened = BTreeMap<String, (Record, std::sync::Arc<Kind>)>;

/// The records that were opened, by number, as they stand now.
fn opened<'l>(
    reader: &Reader<'_>,
    lines: impl Iterator<Item = &'l FoundLine>,
) -> Result<Opened, StoreError> {
    let mut opened = Opened::new();
    for number in lines.filter_map(|line| line.opened.as_ref()) {
        if let Some(id) = reader.record_by_number(number)?
            && let Some(known) = record_and_kind(reader, id)?
        {
            opened.insert(number.clone(), known);
        }
    }
    Ok(opened)
}

/// Every row of the file in its order, with why it was refused, if it was.
fn rows_of(read: &Read) -> Vec<(u32, Vec<String>, String)> {
    let taken = read.rows.iter();
    let taken = taken.map(|row| (row.line, row.cells().to_vec(), String::new()));
    let rejected = read.rejected.iter().map(|row| {
        let why: String = row.faults.iter().map(|fault| fault.text.as_str()).collect();
        (row.line, row.cells.clone(), why)
    });
    let mut rows: Vec<_> = taken.chain(rejected).collect();
    rows.sort_by_key(|(line, _, _)| *line);
    rows
}

fn columns(rule: &ListComparison, read: &Read) -> Vec<Column> {
    let column = |heading: &str, width: f64| Column {
        field: String::new(),
        heading: heading.to_owned(),
        width,
        format: Format::Text,
    };
    let own = read
        .headings
        .iter()
        .map(|heading| column(heading, RESULT_WIDTH));
    let ours = [
        column("比对结果", RESULT_WIDTH),
        column("核查编号", WORDS_WIDTH),
        column("核查进度", RESULT_WIDTH),
    ];
    let told = rule.feedback.iter();
    let told = told.map(|field| column(&format!("核查{}", field.name), RESULT_WIDTH));
    own.chain(ours)
        .chain(told)
        .chain([
            column("更新日期", RESULT_WIDTH),
            column("说明", WORDS_WIDTH),
        ])
        .collect()
}

/// What stands beside a row.
fn answer(
    rule: &ListComparison,
    found: Option<&FoundLine>,
    fault: &str,
    opened: &Opened,
) -> Vec<Cell> {
    let result = match found {
        Some(line) => line.outcome.word(),
        None => "没有比上",
    };
    let number = found.and_then(|line| line.opened.clone());
    let known = number.as_ref().and_then(|number| opened.get(number));
    let state = known.map(|(record, kind)| {
        let state = kind.state(&record.state);
        state.map_or_else(|| record.state.clone(), |state| state.name.clone())
    });
    let told = rule.feedback.iter().map(|field| {
        let value = known.and_then(|(record, _)| record.values.get(&field.id));
        text(value.map(|value| value_text(field, value)))
    });
    let day = known.map(|(record, _)| record.state_since.hall_date());
    let say = match found.map(|line| line.outcome) {
        Some(Outcome::Possible) => "姓名生日相近，没有认定是同一人。".to_owned(),
        Some(Outcome::Confirmed) => "经人工核对认定。".to_owned(),
        Some(Outcome::Refused) if fault.is_empty() => "和前面一行是同一个人。".to_owned(),
        _ => fault.to_owned(),
    };
    [Cell::Text(result.to_owned()), text(number), text(state)]
        .into_iter()
        .chain(told.collect::<Vec<_>>())
        .chain([day.map_or(Cell::Empty, Cell::Date), text(Some(say))])
        .collect()
}

fn text(text: Option<String>) -> Cell {
    match text {
        Some(text) if !text.is_empty() => Cell::Text(text),
        _ => Cell::Empty,
    }
}
