//! From a table's rows to rows ready for the store, one by one. A row that cannot be taken becomes
//! a [`RowFault`] with its cells as they were; it never stops the rows after it.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::vacancy::{Context, Field, Flag, ListingDraft, RawVacancy, SourceKey, normalise};
use sha2::{Digest, Sha256};

use super::columns::{Column, Layout};
use super::report::Unfit;
use super::table::{CellFault, Row, Table};

/// A longer row is a slipped quote or a pasted document, not a vacancy. The bound holds for the
/// file's bytes and for the canonical raw row, which an event of at most 1 MiB must carry even when
/// every character of it is escaped once more.
const ROW_BYTES_MAX: usize = 256 * 1024;

/// A row ready for the store, which compares [`raw`](Self::raw) with what it has under
/// [`key`](Self::key): equal bytes are *unchanged*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedRow {
    /// Line in a CSV, row number in a sheet.
    pub line: u64,
    /// By what the vacancy is known again.
    pub key: SourceKey,
    /// The raw row, canonical: a JSON object of the cells that are not empty, verbatim, known
    /// columns under their standard names in a fixed order, then the others by header. The order
    /// of columns, the spelling of headers and the file format leave it as it is.
    pub raw: Vec<u8>,
    /// SHA-256 of [`raw`](Self::raw).
    pub raw_sha256: [u8; 32],
    /// The listing fields.
    pub draft: ListingDraft,
    /// What is remarkable about the row.
    pub flags: Vec<Flag>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Line in a CSV, row number in a sheet.
    pub line: u64,
    /// The header of the cell at fault; `None` = the row as a whole.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: RowFaultReason,
    /// The cells as they were in the file.
    pub cells: Vec<String>,
}

/// Why a row was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFaultReason {
    /// Longer than a vacancy can be.
    TooLong {
        /// Its size.
        bytes: usize,
    },
    /// More or fewer cells than columns.
    CellCount {
        /// Number of columns.
        columns: usize,
        /// Number of cells.
        cells: usize,
    },
    /// The title is empty.
    NoTitle,
    /// An earlier row has the same source id. The earlier one counts: which of two contradicting
    /// rows is right is not for the program to guess.
    SameId {
        /// The earlier row.
        first_line: u64,
    },
    /// Without a source id, an earlier row has the same title, employer and place.
    SameContent {
        /// The earlier row.
        first_line: u64,
    },
    /// A formula without its result.
    FormulaWithoutValue,
    /// `#REF!` and the like.
    ErrorValue,
    /// It says what a vacancy must not say.
    Unfit {
        /// What is wrong, in a sentence.
        text: String,
    },
}

impl RowFaultReason {
    /// What is wrong, for the clerk.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::TooLong { bytes } => {
                format!(
                    "这一行有 {} KiB，最多 {} KiB",
                    bytes / 1024,
                    ROW_BYTES_MAX / 1024
                )
            }
            Self::CellCount { columns, cells } => format!("应有 {columns} 格，实际 {cells} 格"),
            Self::NoTitle => "岗位名称是空的".to_owned(),
            Self::SameId { first_line } => format!("编号与第 {first_line} 行相同"),
            Self::SameContent { first_line } => {
                format!("没有编号，岗位名称、用人单位、工作地点与第 {first_line} 行都相同")
            }
            Self::FormulaWithoutValue => "这一格是公式，文件里没有它的结果".to_owned(),
            Self::ErrorValue => "这一格的公式出错".to_owned(),
            Self::Unfit { text } => text.clone(),
        }
    }

    /// What to do about it, for the clerk.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "检查引号是否配对，或缩短这一行的文字",
            Self::CellCount { .. } => "检查这一行的逗号和引号：格子里有逗号的要用引号括起来",
            Self::NoTitle => "填上岗位名称",
            Self::SameId { .. } => "确认哪一行是对的，删掉另一行，或给它一个新编号",
            Self::SameContent { .. } => "删掉重复的一行；如果是两个岗位，给每行一个编号",
            Self::FormulaWithoutValue => "在表格软件里打开文件，重新计算并保存",
            Self::ErrorValue => "在表格软件里改正公式，或直接填上结果",
            Self::Unfit { .. } => "按原因改好，再导入一次",
        }
    }
}

/// Prepares every row of a table, in the order of the file.
pub fn prepare<'t>(
    table: &'t Table,
    context: Context<'t>,
) -> impl Iterator<Item = Result<PreparedRow, RowFault>> + 't {
    let mut preparation = Preparation {
        layout: &table.layout,
        raw_keys: raw_keys(&table.layout),
        context,
        seen: HashMap::new(),
    };
    table.iter().map(move |row| preparation.prepare(row))
}

impl Table {
    /// The row as one that the store does not take.
    pub(super) fn unfit(&self, row: Row<'_>, unfit: Unfit) -> RowFault {
        let column = unfit
            .column
            .and_then(|field| column_of(&self.layout, field));
        let reason = RowFaultReason::Unfit { text: unfit.text };
        fault_of(&self.layout, row, column, reason)
    }
}

struct Preparation<'t> {
    layout: &'t Layout,
    raw_keys: Vec<RawKey>,
    context: Context<'t>,
    /// The line on which each vacancy was seen first.
    seen: HashMap<SourceKey, u64>,
}

/// A column's place in the canonical raw row.
struct RawKey {
    column: usize,
    /// The name as JSON, with its quotes.
    json: Vec<u8>,
}

impl Preparation<'_> {
    fn prepare(&mut self, row: Row<'_>) -> Result<PreparedRow, RowFault> {
        if let Err((column, reason)) = self.check(&row) {
            return Err(self.fault(row, column, reason));
        }
        let known = self.layout.columns.iter().zip(&row.cells);
        let raw_vacancy = RawVacancy::from_cells(known.filter_map(|(column, cell)| match column {
            Column::Known(field) => Some((*field, cell.as_ref())),
            Column::Other(_) | Column::Ignored => None,
        }));
        let Ok((draft, flags)) = normalise(&raw_vacancy, &self.context) else {
            return Err(self.fault(row, self.title_column(), RowFaultReason::NoTitle));
        };
        let key = SourceKey::of(&raw_vacancy);
        if let Some(first_line) = self.seen.get(&key).copied() {
            let reason = match key {
                SourceKey::Given(_) => RowFaultReason::SameId { first_line },
                SourceKey::Derived(_) => RowFaultReason::SameContent { first_line },
            };
            return Err(self.fault(row, self.id_column(), reason));
        }
        let raw = raw_row(&self.raw_keys, &row.cells);
        if raw.len() > ROW_BYTES_MAX {
            let column = longest_cell(&row);
            return Err(self.fault(row, column, RowFaultReason::TooLong { bytes: raw.len() }));
        }
        self.seen.insert(key.clone(), row.line);
        let raw_sha256 = Sha256::digest(&raw).into();
        Ok(PreparedRow {
            line: row.line,
            key,
            raw,
            raw_sha256,
            draft,
            flags,
        })
    }

    /// Faults of the row's form, before anything is read.
    fn check(&self, row: &Row<'_>) -> Result<(), (Option<usize>, RowFaultReason)> {
        if row.bytes > ROW_BYTES_MAX {
            let reason = RowFaultReason::TooLong { bytes: row.bytes };
            return Err((longest_cell(row), reason));
        }
        let (columns, cells) = (self.layout.columns.len(), row.cells.len());
        if columns != cells {
            return Err((None, RowFaultReason::CellCount { columns, cells }));
        }
        let needed = |column: &usize| matches!(self.layout.columns[*column], Column::Known(_));
        match row.faults.iter().find(|(column, _)| needed(column)) {
            Some((column, CellFault::FormulaWithoutValue)) => {
                Err((Some(*column), RowFaultReason::FormulaWithoutValue))
            }
            Some((column, CellFault::ErrorValue)) => {
                Err((Some(*column), RowFaultReason::ErrorValue))
            }
            None => Ok(()),
        }
    }

    fn fault(&self, row: Row<'_>, column: Option<usize>, reason: RowFaultReason) -> RowFault {
        fault_of(self.layout, row, column, reason)
    }

    fn title_column(&self) -> Option<usize> {
        column_of(self.layout, Field::Title)
    }

    fn id_column(&self) -> Option<usize> {
        column_of(self.layout, Field::SourceId)
    }
}

fn fault_of(
    layout: &Layout,
    row: Row<'_>,
    column: Option<usize>,
    reason: RowFaultReason,
) -> RowFault {
    let column = column.and_then(|index| layout.headers.get(index)).cloned();
    let cells = row.cells.into_iter().map(Cow::into_owned).collect();
    RowFault {
        line: row.line,
        column,
        reason,
        cells,
    }
}

fn column_of(layout: &Layout, field: Field) -> Option<usize> {
    let wanted = Column::Known(field);
    layout.columns.iter().position(|column| *column == wanted)
}

fn longest_cell(row: &Row<'_>) -> Option<usize> {
    let longest = row
        .cells
        .iter()
        .enumerate()
        .max_by_key(|(_, cell)| cell.len());
    longest.map(|(column, _)| column)
}

/// The columns of the canonical raw row, in its order.
fn raw_keys(layout: &Layout) -> Vec<RawKey> {
    let mut named: Vec<(usize, &str, usize)> = Vec::new();
    for (index, column) in layout.columns.iter().enumerate() {
        match column {
            Column::Known(field) => {
                let rank = Field::ALL.iter().position(|known| known == field);
                named.push((rank.unwrap_or(Field::ALL.len()), field.name(), index));
            }
            Column::Other(name) => named.push((Field::ALL.len(), name, index)),
            Column::Ignored => {}
        }
    }
    named.sort_unstable();
    let json = |name: &str| serde_json::Value::from(name).to_string().into_bytes();
    named
        .into_iter()
        .map(|(_, name, column)| RawKey {
            column,
            json: json(name),
        })
        .collect()
}

fn raw_row(keys: &[RawKey], cells: &[Cow<'_, str>]) -> Vec<u8> {
    let text_bytes: usize = cells.iter().map(|cell| cell.len() + 24).sum();
    let mut raw = Vec::with_capacity(text_bytes);
    raw.push(b'{');
    for key in keys {
        let cell = &cells[key.column];
        if cell.is_empty() {
            continue;
        }
        if raw.len() > 1 {
            raw.push(b',');
        }
        raw.extend_from_slice(&key.json);
        raw.push(b':');
        serde_json::to_writer(&mut raw, cell)
            .expect("a string becomes JSON, because writing to memory does not fail");
    }
    raw.push(b'}');
    raw
}
