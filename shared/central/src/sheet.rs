//! Sheets in and out, for every kind of record: a template, reading a filled one, the rows that
//! were not taken, and exports. Bytes in, bytes out: nothing here knows the store, so reading a
//! file *is* its dry run.
//!
//! ```text
//! template(kind) ──▶ people fill it ──▶ read(kind, …) ──▶ Read { rows, rejected, … }
//!                          ▲                                │ reject_where: the engine's faults
//!                          └── corrected ◀── rejects(…) ◀───┘
//! ```
//!
//! Only types are converted here. Bounds, checks between fields and duties are the engine's
//! (`domain::case`); its faults join those of this module through [`Read::reject_where`].
//!
//! What a cell may be changed by on its way in, and nothing else: blanks around it go, full-width
//! digits and letters become ASCII, line ends become LF. No number passes through a float that was
//! computed with: cells are taken in the 15 digits that a table program shows.

mod cell;
mod column_map;
mod convert;
mod date;
mod draft;
mod export;
mod fault;
mod file;
mod grid;
mod guide;
mod header;
mod list;
mod merged;
mod number;
mod rejects;
mod style;
mod template;
mod text;
mod workbook;

use chrono::NaiveDate;
use domain::case::{Field, Kind, Value};

pub use cell::{Cell, Column, Format, columns};
pub use column_map::ColumnMap;
pub use draft::{CellFault, Read, RejectedRow, RowDraft};
pub use export::{ExportHead, export_csv, export_xlsx};
pub use fault::SheetError;
pub use rejects::rejects;
pub use template::template;

/// Largest file: a hundred thousand rows of a register are under 10 MB.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// Most rows in one file, so that one import is one transaction of bearable length.
pub const ROWS_MAX: usize = 100_000;

/// Most columns; no kind has half as many fields.
pub const COLUMNS_MAX: usize = 200;

/// By what a file is read besides its kind.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    /// The day on which it is read; examples in faults are written with it, and dates that cannot
    /// be meant are measured from it.
    pub today: NaiveDate,
    /// What the file calls its columns, besides names and ids of the kind's fields.
    pub columns: &'r ColumnMap,
    /// The record or the member of staff that a text means; `None` when there is none, or several.
    pub resolve: &'r dyn Fn(&Field, &str) -> Option<Value>,
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("today", &self.today)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Reads a sheet of a kind: XLSX, XLS or CSV, by its content whatever its name says.
///
/// # Errors
/// [`SheetError`], when nothing of the file can be used.
pub fn read(
    kind: &Kind,
    file_name: &str,
    bytes: &[u8],
    reading: &Reading<'_>,
) -> Result<Read, SheetError> {
    let grid = file::open(file_name, bytes, &kind.name)?;
    let layout = header::find(kind, reading.columns, &grid)?;
    draft::read(grid, &layout, reading)
}

/// The value of a field as a person typed it into a form: read as a cell is.
///
/// # Errors
/// A Chinese sentence: what is wrong, and what to do. Personal data is not repeated in it.
pub fn typed(field: &Field, text: &str, reading: &Reading<'_>) -> Result<Option<Value>, String> {
    let converter = convert::Converter {
        reading,
        is_1904: false,
    };
    let taken = converter.value(field, &grid::Raw::typed(text))?;
    Ok(taken.map(|taken| taken.value))
}

#[cfg(test)]
pub(crate) mod tests;
