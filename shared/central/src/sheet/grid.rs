//! A sheet as rows of cells, whatever file it came in: what a person sees in each cell, and what
//! the file says about it besides.

use super::fault::SheetError;
use super::{COLUMNS_MAX, ROWS_MAX};

/// Rows above the header that do not count as rows of the sheet.
pub(super) const HEADER_ROWS_SEARCHED: usize = 10;

/// Most bytes that the cells of one sheet take in memory. One text can stand in many cells, so a
/// small file may hold any amount.
const CELL_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What a cell is besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Nature {
    /// A text, or what is as good as one: a date, yes or no.
    #[default]
    Typed,
    /// A number cell.
    Number,
    /// A number cell of more digits than a table program keeps.
    LongNumber,
    /// `#N/A`, `#REF!`.
    Error,
    /// A formula that was saved without its result.
    NoResult,
    /// Part of cells merged across columns.
    Merged,
}

/// One cell.
#[derive(Clone, Default)]
pub(super) struct Raw {
    /// As a table program shows it.
    pub(super) text: String,
    pub(super) nature: Nature,
}

impl Raw {
    pub(super) fn typed(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            text,
            nature: Nature::Typed,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.nature != Nature::NoResult && self.text.trim().is_empty()
    }
}

/// One row.
pub(super) struct GridRow {
    /// As a table program counts it.
    pub(super) line: u32,
    pub(super) cells: Vec<Raw>,
}

/// One sheet; rows without any content are not in it.
#[derive(Default)]
pub(super) struct Grid {
    pub(super) rows: Vec<GridRow>,
    /// Whole sentences about the file for who chose it.
    pub(super) notices: Vec<String>,
    /// Whether its serial numbers of days count from 1904.
    pub(super) is_1904: bool,
    bytes: usize,
}

impl Grid {
    /// Puts a cell in its place; blank ones are left out.
    ///
    /// # Errors
    /// The bounds of a sheet.
    pub(super) fn put(&mut self, line: u32, column: usize, raw: Raw) -> Result<(), SheetError> {
        if raw.is_blank() {
            return Ok(());
        }
        if column >= COLUMNS_MAX {
            return Err(SheetError::TooManyColumns {
                line,
                columns_max: COLUMNS_MAX,
            });
        }
        let row = self.row(line)?;
        let slots = (column + 1).saturating_sub(row.cells.len());
        let bytes = slots * size_of::<Raw>() + raw.text.len();
        row.cells.resize_with(row.cells.len() + slots, Raw::default);
        row.cells[column] = raw;
        self.count(bytes)
    }

    /// Counts what a cell takes.
    ///
    /// # Errors
    /// The bound of all cells.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), SheetError> {
        self.bytes += bytes;
        if self.bytes > CELL_BYTES_MAX {
            let mib_max = CELL_BYTES_MAX / (1024 * 1024);
            return Err(SheetError::TooMuchText { mib_max });
        }
        Ok(())
    }

    fn row(&mut self, line: u32) -> Result<&mut GridRow, SheetError> {
        if self.rows.last().is_none_or(|last| last.line != line) {
            if self.rows.len() >= ROWS_MAX + HEADER_ROWS_SEARCHED {
                return Err(SheetError::TooManyRows { rows_max: ROWS_MAX });
            }
            let cells = Vec::new();
            self.rows.push(GridRow { line, cells });
        }
        Ok(self
            .rows
            .last_mut()
            .expect("a row, because one was pushed if there was none"))
    }
}
