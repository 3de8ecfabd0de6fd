//! A vacancy file as rows of cells, whatever its format. Opening checks the whole file, so that a
//! file-level fault is known before the first row is handed out.

use std::borrow::Cow;
use std::path::Path;

use super::columns::{ColumnNames, Layout};
use super::csv_text::{Record, Records};
use super::encoding;
use super::fault::FileFault;
use super::sheet::{self, SheetRow};

/// Largest file, in bytes: an import holds about three copies of it in memory.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// A table may have a heading above its column names; they are looked for in this many rows.
const HEADER_ROWS_SEARCHED: usize = 10;

/// An opened file: its columns are known and its structure is sound.
#[derive(Debug)]
pub struct Table {
    pub(super) layout: Layout,
    content: Content,
    rows: u64,
    notices: Vec<String>,
}

#[derive(Debug)]
enum Content {
    Csv {
        text: String,
        /// Records up to and with the header.
        header_records: usize,
    },
    Sheet(Vec<SheetRow>),
}

/// Why a cell of a sheet cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellFault {
    /// A formula that was saved without its result.
    FormulaWithoutValue,
    /// `#REF!`, `#N/A`.
    ErrorValue,
}

/// One row with its place in the file.
#[derive(Debug)]
pub(super) struct Row<'t> {
    pub(super) line: u64,
    pub(super) bytes: usize,
    pub(super) cells: Vec<Cow<'t, str>>,
    /// Column index and fault of the cells that cannot be used.
    pub(super) faults: &'t [(usize, CellFault)],
}

/// Opens a vacancy file: XLSX by its first bytes, else CSV in UTF-8 or GBK.
///
/// # Errors
/// [`FileFault`]: nothing of the file may be imported.
pub fn read_file(path: &Path, names: &ColumnNames) -> Result<Table, FileFault> {
    let unreadable = |source| FileFault::Unreadable {
        path: path.to_owned(),
        source,
    };
    let bytes_count = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes_count > FILE_BYTES_MAX {
        return Err(FileFault::TooLarge {
            mib: bytes_count.div_ceil(1024 * 1024),
            mib_max: FILE_BYTES_MAX / (1024 * 1024),
        });
    }
    Table::from_bytes(std::fs::read(path).map_err(unreadable)?, names)
}

impl Table {
    /// Opens a vacancy file that is in memory already.
    ///
    /// # Errors
    /// See [`read_file`].
    pub fn from_bytes(bytes: Vec<u8>, names: &ColumnNames) -> Result<Self, FileFault> {
        if bytes.starts_with(b"PK\x03\x04") {
            Self::from_sheet(sheet::read(bytes)?, names)
        } else {
            Self::from_csv(encoding::decode(bytes)?, names)
        }
    }

    fn from_csv(text: String, names: &ColumnNames) -> Result<Self, FileFault> {
        let mut first_rows: Vec<Vec<String>> = Vec::new();
        let mut records = 0;
        for record in Records::new(&text) {
            let record = record?;
            records += 1;
            if first_rows.len() < HEADER_ROWS_SEARCHED {
                first_rows.push(record.cells.into_iter().map(Cow::into_owned).collect());
            }
        }
        let (layout, header_records, notices) = find_header(first_rows, names)?;
        let rows = records - header_records as u64;
        Ok(Self {
            layout,
            content: Content::Csv {
                text,
                header_records,
            },
            rows,
            notices,
        })
    }

    fn from_sheet(sheet: sheet::Sheet, names: &ColumnNames) -> Result<Self, FileFault> {
        let sheet::Sheet {
            mut rows,
            notices: mut said,
        } = sheet;
        let first_rows = rows
            .iter()
            .take(HEADER_ROWS_SEARCHED)
            .map(|row| row.cells.clone());
        let (layout, header_rows, notices) = find_header(first_rows.collect(), names)?;
        said.extend(notices);
        rows.drain(..header_rows);
        let count = rows.len() as u64;
        Ok(Self {
            layout,
            content: Content::Sheet(rows),
            rows: count,
            notices: said,
        })
    }

    /// Rows below the header.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What the clerk should know about the file as a whole, in whole sentences.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The header cells as they stand in the file.
    #[must_use]
    pub fn headers(&self) -> &[String] {
        &self.layout.headers
    }

    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = Row<'_>> + '_> {
        match &self.content {
            Content::Csv {
                text,
                header_records,
            } => {
                let sound = "quoting is sound, because opening the table read every record";
                let records = Records::new(text).map(move |record| record.expect(sound));
                Box::new(records.skip(*header_records).map(csv_row))
            }
            Content::Sheet(rows) => Box::new(
                rows.iter()
                    .map(|row| sheet_row(row, self.layout.headers.len())),
            ),
        }
    }
}

fn csv_row(record: Record<'_>) -> Row<'_> {
    Row {
        line: record.line,
        bytes: record.bytes,
        cells: record.cells,
        faults: &[],
    }
}

/// A sheet has no empty cells at the end of a row; here it gets them back.
fn sheet_row(row: &SheetRow, columns: usize) -> Row<'_> {
    let mut cells: Vec<Cow<'_, str>> = row
        .cells
        .iter()
        .map(|cell| Cow::Borrowed(&**cell))
        .collect();
    cells.resize(cells.len().max(columns), Cow::Borrowed(""));
    let bytes = row.cells.iter().map(String::len).sum();
    Row {
        line: row.line,
        bytes,
        cells,
        faults: &row.faults,
    }
}

/// The layout, the number of rows down to the header, and what to say about rows above it.
fn find_header(
    mut first_rows: Vec<Vec<String>>,
    names: &ColumnNames,
) -> Result<(Layout, usize, Vec<String>), FileFault> {
    if first_rows.is_empty() {
        return Err(FileFault::Empty);
    }
    let header = first_rows
        .iter()
        .position(|cells| names.is_header(cells))
        .unwrap_or(0);
    let layout = names.layout(first_rows.swap_remove(header))?;
    let mut notices = Vec::new();
    if header > 0 {
        notices.push(format!("列名上面的 {header} 行没有导入。"));
    }
    let others: Vec<&str> = layout.others().collect();
    if !others.is_empty() {
        notices.push(format!(
            "这些列不认识，只留在原始记录里：{}。",
            others.join("、")
        ));
    }
    Ok((layout, header + 1, notices))
}
