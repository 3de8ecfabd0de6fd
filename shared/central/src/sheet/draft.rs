//! What was read: rows to be taken, rows that were not taken, and what is to be said.

use std::fmt;

use domain::case::{Field, FieldFault, Values};

use super::Reading;
use super::convert::Converter;
use super::fault::SheetError;
use super::grid::{Grid, GridRow, Raw};
use super::header::{Layout, Usage};

/// Something about one cell, in words for who filled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The column's heading in the file, or the field's name when the file has no such column.
    pub column: String,
    /// Chinese sentences: what is wrong, and what to do. Never repeats personal data.
    pub text: String,
}

/// A row with values that can be asked for.
#[derive(Clone, PartialEq)]
pub struct RowDraft {
    /// As a table program counts it.
    pub line: u32,
    /// What was read; fields of blank cells are absent.
    pub values: Values,
    /// What the person should look at again; it does not keep the row out.
    pub hints: Vec<CellFault>,
    cells: Vec<String>,
}

impl RowDraft {
    /// Its cells as they were, in the order of [`Read::headings`].
    pub(crate) fn cells(&self) -> &[String] {
        &self.cells
    }
}

/// A row that was not taken.
#[derive(Clone, PartialEq)]
pub struct RejectedRow {
    /// As a table program counts it.
    pub line: u32,
    /// Its cells as they were, in the order of [`Read::headings`].
    pub cells: Vec<String>,
    /// Everything that is wrong with it.
    pub faults: Vec<CellFault>,
}

/// A file as it was understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// Rows to be taken, in the order of the file.
    pub rows: Vec<RowDraft>,
    /// Rows that were not taken, in the order of the file.
    pub rejected: Vec<RejectedRow>,
    /// Headings of the file's columns, without those of a rejects file.
    pub headings: Vec<String>,
    /// Columns that no field is called like; not imported.
    pub unknown_columns: Vec<String>,
    /// Columns of fields that the system fills in itself; not imported.
    pub computed_columns: Vec<String>,
    /// Names of required fields without a column.
    pub missing_columns: Vec<String>,
    /// Whole sentences about the file.
    pub notices: Vec<String>,
    /// Headings by field, for faults that name a field.
    fields: Vec<(String, String)>,
}

impl Read {
    /// Asks somebody who knows more (the engine) about each row to be taken; a row with faults
    /// becomes a rejected one.
    pub fn reject_where(&mut self, mut faults: impl FnMut(&RowDraft) -> Vec<FieldFault>) {
        for row in std::mem::take(&mut self.rows) {
            let found = faults(&row);
            if found.is_empty() {
                self.rows.push(row);
                continue;
            }
            let faults = found.into_iter().map(|fault| self.cell_fault(fault));
            self.rejected.push(RejectedRow {
                line: row.line,
                faults: faults.collect(),
                cells: row.cells,
            });
        }
        self.rejected.sort_by_key(|row| row.line);
    }

    fn cell_fault(&self, fault: FieldFault) -> CellFault {
        let heading = self.fields.iter().find(|(field, _)| *field == fault.field);
        CellFault {
            column: heading.map_or(fault.field, |(_, heading)| heading.clone()),
            text: fault.text,
        }
    }
}

/// Reads the rows below the header.
///
/// # Errors
/// [`SheetError::TooManyRows`].
pub(super) fn read(
    grid: Grid,
    layout: &Layout<'_>,
    reading: &Reading<'_>,
) -> Result<Read, SheetError> {
    let converter = Converter {
        reading,
        is_1904: grid.is_1904,
    };
    let mut read = outline(layout);
    read.notices = grid.notices;
    let mut unnamed = vec![false; super::COLUMNS_MAX];
    for row in grid.rows.into_iter().skip(layout.header + 1) {
        if layout.is_header_again(&row) {
            continue;
        }
        note_unnamed(layout, &row, &mut unnamed);
        match one(layout, &converter, row) {
            Ok(draft) => read.rows.push(draft),
            Err(rejected) => read.rejected.push(rejected),
        }
    }
    if read.rows.len() + read.rejected.len() > super::ROWS_MAX {
        let rows_max = super::ROWS_MAX;
        return Err(SheetError::TooManyRows { rows_max });
    }
    let unnamed = unnamed.iter().enumerate().filter(|(_, is_used)| **is_used);
    let named = unnamed.map(|(column, _)| format!("第 {} 列（没有列名）", column + 1));
    read.unknown_columns.extend(named);
    Ok(read)
}

/// What the header alone says.
fn outline(layout: &Layout<'_>) -> Read {
    let mut read = Read::default();
    for (usage, heading) in layout.usages.iter().zip(&layout.headings) {
        match usage {
            Usage::Field(field) => read.fields.push((field.id.clone(), heading.clone())),
            Usage::Computed(_) => read.computed_columns.push(heading.clone()),
            Usage::Unknown => read.unknown_columns.push(heading.clone()),
            Usage::Reason | Usage::Ignored | Usage::Unnamed => {}
        }
        if *usage != Usage::Reason {
            read.headings.push(heading.clone());
        }
    }
    let has = |field: &Field| read.fields.iter().any(|(id, _)| *id == field.id);
    for field in layout.kind.fields.iter().filter(|field| !field.is_computed) {
        if !has(field) && field.is_required {
            read.missing_columns.push(field.name.clone());
        }
    }
    let others = layout
        .kind
        .fields
        .iter()
        .map(|field| (field.id.clone(), field.name.clone()));
    // Behind those of the file: a fault of a field without a column is told under its name.
    read.fields.extend(others.collect::<Vec<_>>());
    read
}

/// Values in a column without a heading would otherwise vanish unsaid.
fn note_unnamed(layout: &Layout<'_>, row: &GridRow, unnamed: &mut [bool]) {
    for (column, cell) in row.cells.iter().enumerate() {
        let usage = layout.usages.get(column).unwrap_or(&Usage::Unnamed);
        if *usage == Usage::Unnamed && !cell.text.trim().is_empty() {
            unnamed[column] = true;
        }
    }
}

fn one(
    layout: &Layout<'_>,
    converter: &Converter<'_>,
    row: GridRow,
) -> Result<RowDraft, RejectedRow> {
    let (mut values, mut hints, mut faults) = (Values::new(), Vec::new(), Vec::new());
    let columns = layout.usages.iter().zip(&layout.headings);
    for ((usage, heading), raw) in columns.zip(&row.cells) {
        let Usage::Field(field) = usage else {
            continue;
        };
        let column = heading.clone();
        match converter.value(field, raw) {
            Ok(Some(taken)) => {
                hints.extend(taken.hint.map(|text| CellFault { column, text }));
                values.insert(field.id.clone(), taken.value);
            }
            Ok(None) => {}
            Err(text) => faults.push(CellFault { column, text }),
        }
    }
    let (line, cells) = (row.line, kept(layout, row.cells));
    if faults.is_empty() {
        Ok(RowDraft {
            line,
            values,
            hints,
            cells,
        })
    } else {
        Err(RejectedRow {
            line,
            cells,
            faults,
        })
    }
}

/// The cells of a row under its headings.
fn kept(layout: &Layout<'_>, mut cells: Vec<Raw>) -> Vec<String> {
    cells.resize_with(layout.headings.len(), Raw::default);
    let kept = cells.into_iter().zip(&layout.usages);
    kept.filter(|(_, usage)| **usage != Usage::Reason)
        .map(|(raw, _)| raw.text)
        .collect()
}

/// Cells may be personal data in plain text, so they are only counted.
impl fmt::Debug for RowDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowDraft")
            .field("line", &self.line)
            .field("values", &self.values)
            .field("hints", &self.hints)
            .field("cells", &self.cells.len())
            .finish()
    }
}

/// Cells may be personal data in plain text, so they are only counted.
impl fmt::Debug for RejectedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RejectedRow")
            .field("line", &self.line)
            .field("cells", &self.cells.len())
            .field("faults", &self.faults)
            .finish()
    }
}
