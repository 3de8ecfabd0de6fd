//! Importing vacancy files: CSV (UTF-8 or GBK) and XLSX, columns by header name. A file-level
//! fault imports nothing; a row-level fault puts that row into the rejects file and goes on.
//!
//! Opening, checking and reading rows is here; keeping them is the store's, which gets one
//! [`PreparedRow`] after another and says what it will do with each. Nothing is published here:
//! imported means waiting.

mod columns;
mod csv_text;
mod encoding;
mod fault;
mod prepare;
mod rejects;
mod report;
mod shapes;
mod sheet;
mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use domain::pay::PayParameters;
use domain::time::UtcMs;
use domain::vacancy::{
    BadCodes, CodeTexts, Context, Field, ListingDraft, RawVacancy, RowUnusable, VacancyCodes,
    normalise,
};
use thiserror::Error;

pub use columns::ColumnNames;
pub(crate) use csv_text::Records;
pub(crate) use encoding::decode;
pub use fault::{FileFault, TextPlace};
pub use prepare::{PreparedRow, RowFault, RowFaultReason, prepare};
pub use report::{ImportReport, Kept, Unfit};
pub use shapes::{ShapeCount, ShapeCounts};
pub use table::{Table, read_file};

/// The column names built into the program.
pub const EMBEDDED_COLUMNS: &str = include_str!("../../../assets/import/vacancy-columns.json");

/// The code lists built into the program.
pub const EMBEDDED_CODES: CodeTexts<'static> = CodeTexts {
    education: include_str!("../../../assets/codes/education.json"),
    experience: include_str!("../../../assets/codes/experience.json"),
    job_forms: include_str!("../../../assets/codes/job-forms.json"),
};

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 2_000;

/// The data by which files are read.
#[derive(Debug, Clone)]
pub struct ImportRules {
    /// Spellings of headers.
    pub columns: ColumnNames,
    /// Spellings of codes.
    pub codes: VacancyCodes,
    /// For the monthly value of pay.
    pub pay: PayParameters,
}

/// Rules that cannot be used.
#[derive(Debug, Error)]
pub enum BadRules {
    /// The column names.
    #[error(transparent)]
    Columns(#[from] FileFault),
    /// The code lists.
    #[error(transparent)]
    Codes(#[from] BadCodes),
}

impl ImportRules {
    /// Reads rules from their texts.
    ///
    /// # Errors
    /// [`BadRules`] names the list that is broken.
    pub fn read(
        columns: &str,
        codes: &CodeTexts<'_>,
        pay: PayParameters,
    ) -> Result<Self, BadRules> {
        Ok(Self {
            columns: ColumnNames::read(columns)?,
            codes: VacancyCodes::read(codes)?,
            pay,
        })
    }

    /// The rules built into the program, with the pay parameters in force on the day.
    ///
    /// # Errors
    /// None, as long as the embedded lists are sound, which a test checks.
    pub fn embedded(pay: PayParameters) -> Result<Self, BadRules> {
        Self::read(EMBEDDED_COLUMNS, &EMBEDDED_CODES, pay)
    }

    /// What a row is read with when relative dates count from `as_of`.
    #[must_use]
    pub fn context(&self, as_of: chrono::NaiveDate) -> Context<'_> {
        Context {
            as_of,
            pay: &self.pay,
            codes: &self.codes,
        }
    }
}

/// What to import, and when it is.
#[derive(Debug, Clone, Copy)]
pub struct ImportRequest<'r> {
    /// The vacancy file.
    pub file: &'r Path,
    /// The data directory; rejects go to `rejects/` in it.
    pub data: &'r Path,
    /// Now: names the rejects file.
    pub imported_at: UtcMs,
    /// The day that relative dates are counted from.
    pub as_of: chrono::NaiveDate,
    /// The data by which the file is read.
    pub rules: &'r ImportRules,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows done.
    pub rows_done: u64,
    /// Rows of the file.
    pub rows: u64,
}

/// Why an import ended without a result.
#[derive(Debug, Error)]
pub enum ImportFault<E: std::error::Error + 'static> {
    /// The file as a whole.
    #[error(transparent)]
    File(#[from] FileFault),
    /// The rejects file cannot be written.
    #[error("写不了没有导入的行的文件：{0}。什么也没有导入；请检查磁盘空间和数据目录的权限。")]
    Rejects(std::io::Error),
    /// The store refused a row.
    #[error(transparent)]
    Store(E),
}

/// Reads a file: every row goes to `keep`, in the order of the file, or to the rejects file, where
/// those go too that `keep` refuses. The caller writes nothing before `Ok`.
///
/// # Errors
/// [`ImportFault`]; no rejects file is left.
pub fn run<E: std::error::Error + 'static>(
    request: &ImportRequest<'_>,
    keep: &mut dyn FnMut(&PreparedRow) -> Result<Kept, E>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportFault<E>> {
    let table = read_file(request.file, &request.rules.columns)?;
    run_table(&table, request, keep, progress)
}

/// As [`run`], with a table that is read already; the request's file only names its rejects.
///
/// # Errors
/// As [`run`].
pub fn run_table<E: std::error::Error + 'static>(
    table: &Table,
    request: &ImportRequest<'_>,
    keep: &mut dyn FnMut(&PreparedRow) -> Result<Kept, E>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportFault<E>> {
    let ImportRequest {
        file,
        data,
        imported_at,
        as_of,
        rules,
    } = *request;
    let mut rejects = rejects::RejectsFile::new(data, imported_at, file, table.headers());
    let mut report = ImportReport {
        notices: table.notices().to_vec(),
        ..ImportReport::default()
    };
    for (prepared, row) in prepare(table, rules.context(as_of)).zip(table.iter()) {
        let fault = match prepared {
            Ok(prepared) => match keep(&prepared).map_err(ImportFault::Store)? {
                Kept::Refused(unfit) => Some(table.unfit(row, unfit)),
                kept => {
                    report.note_content(&prepared);
                    report.count(&kept);
                    None
                }
            },
            Err(fault) => Some(fault),
        };
        if let Some(fault) = fault {
            rejects.add(&fault).map_err(ImportFault::Rejects)?;
            report.rejected += 1;
        }
        if report.rows().is_multiple_of(PROGRESS_ROWS) {
            progress(Progress {
                rows_done: report.rows(),
                rows: table.rows(),
            });
        }
    }
    report.rejects_file = rejects.finish().map_err(ImportFault::Rejects)?;
    progress(Progress {
        rows_done: report.rows(),
        rows: table.rows(),
    });
    Ok(report)
}

/// What a canonical raw row says ([`PreparedRow::raw`]).
///
/// # Errors
/// The text is no such row.
pub(crate) fn read_raw(raw: &str, context: &Context<'_>) -> Result<ListingDraft, BadRawRow> {
    let cells: BTreeMap<Cow<'_, str>, Cow<'_, str>> = serde_json::from_str(raw)?;
    let known = Field::ALL
        .iter()
        .filter_map(|field| cells.get(field.name()).map(|cell| (*field, cell.as_ref())));
    let (draft, _) = normalise(&RawVacancy::from_cells(known), context)?;
    Ok(draft)
}

/// A raw row in the store that is none.
#[derive(Debug, Error)]
pub(crate) enum BadRawRow {
    /// It is not the JSON that it was.
    #[error("A raw row cannot be read: {0}.")]
    Unreadable(#[from] serde_json::Error),
    /// It names no job.
    #[error(transparent)]
    Unusable(#[from] RowUnusable),
}

#[cfg(test)]
mod tests;
