//! Importing vacancies into the store. The file is read and compared with what is held outside the
//! writer; then new and changed rows are appended in one transaction, with their publication if a
//! person approves it. Either the whole file is in, or nothing of it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use chrono::NaiveDate;
use domain::id::{ImportId, ListingId};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use wire::envelope::EVENT_BYTES_MAX;
use wire::event::{Event, ImportedRow, RawRow, VacanciesImported, VacanciesPublished};
use wire::problem::Problem;

use crate::edge;
use crate::import::{
    self, BadRules, ImportFault, ImportReport, ImportRequest, ImportRules, Kept, PreparedRow,
    Progress,
};
use crate::parameters::{ParameterError, Parameters};
use crate::store::{Reader, Store, StoreError, Write};

/// Most rows in one event.
const EVENT_ROWS_MAX: usize = 256;
/// Room in an event for everything but the raw rows.
const EVENT_OVERHEAD_BYTES: usize = 128 << 10;
/// Most bytes of raw rows in one event, and so of one row.
const EVENT_RAW_BYTES_MAX: usize = EVENT_BYTES_MAX - EVENT_OVERHEAD_BYTES;

/// What to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOrder {
    /// The file.
    pub file: PathBuf,
    /// The day that relative dates are counted from; absent = today.
    pub as_of: Option<NaiveDate>,
    /// Who approves what comes in; absent = it waits.
    pub publish_by: Option<String>,
}

/// Why nothing was imported. The sentences are for the clerk.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file, or writing its rejects.
    #[error(transparent)]
    Fault(#[from] ImportFault<StoreError>),
    /// A row does not fit into the record.
    #[error("第 {line} 行有 {kib} KiB，太长了，什么也没有导入。请缩短这一行再导入。")]
    RowTooLong {
        /// Its line.
        line: u64,
        /// Its size.
        kib: usize,
    },
    /// The store.
    #[error("{}什么也没有导入。", Problem::from(.0.clone()).detail)]
    Store(#[from] StoreError),
    /// The program's own data.
    #[error("程序自带的数据有误：{0}")]
    Rules(#[from] BadRules),
    /// The program's own parameters.
    #[error("程序自带的参数有误：{0}")]
    Parameters(#[from] ParameterError),
}

/// Imports into one store, one file at a time.
#[derive(Debug)]
pub struct ImportDesk {
    store: Store,
    data: PathBuf,
    /// Only imports change raw rows, so that what was compared still holds when it is written.
    running: Mutex<()>,
}

/// Rows that must be written.
#[derive(Default)]
struct Changes {
    rows: Vec<ImportedRow>,
    too_long: Option<(u64, usize)>,
}

impl ImportDesk {
    /// A desk for `store`; rejects go to `rejects/` in `data`.
    #[must_use]
    pub fn new(store: Store, data: &Path) -> Self {
        Self {
            store,
            data: data.to_owned(),
            running: Mutex::default(),
        }
    }

    /// Imports a file. Blocks; not for the runtime's threads.
    ///
    /// # Errors
    /// [`ImportError`]; nothing has been imported then.
    pub fn import(
        &self,
        order: &ImportOrder,
        now: UtcMs,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ImportReport, ImportError> {
        let _running = self
            .running
            .lock()
            .expect("the import's lock, because no holder panics");
        let as_of = order.as_of.unwrap_or_else(|| now.hall_date());
        let parameters = Parameters::in_book(&self.store.live().parameters, now.hall_date())?;
        let rules = ImportRules::embedded(parameters.pay)?;
        let request = ImportRequest {
            file: &order.file,
            data: &self.data,
            imported_at: now,
            as_of,
            rules: &rules,
        };
        let mut changes = Changes::default();
        let is_published = order.publish_by.is_some();
        let compared = self.store.read_blocking(|reader| {
            let mut keep =
                |row| changes.keep(reader, row, is_published, || ListingId(edge::new_uuid(now)));
            Ok(import::run(&request, &mut keep, progress))
        })?;
        let report = compared?;
        if let Some((line, bytes)) = changes.too_long {
            return Err(ImportError::RowTooLong {
                line,
                kib: bytes / 1024,
            });
        }
        let import = ImportId(edge::new_uuid(now));
        let by = order.publish_by.clone();
        self.store.write_blocking(move |write| {
            append(
                write,
                Imported {
                    import,
                    as_of,
                    rows: changes.rows,
                    by,
                },
                now,
            )
        })?;
        Ok(report)
    }
}

impl Changes {
    /// Says what a row is to the store. Unchanged rows that still wait are written again when the
    /// import is approved, so that the approval covers what the file shows.
    fn keep(
        &mut self,
        reader: &Reader<'_>,
        row: PreparedRow,
        is_published: bool,
        new_id: impl Fn() -> ListingId,
    ) -> Result<Kept, StoreError> {
        let source_key = row.key.to_string();
        let raw = String::from_utf8(row.raw).expect("JSON text, because the import writes UTF-8");
        if raw.len() > EVENT_RAW_BYTES_MAX {
            self.too_long = self.too_long.or(Some((row.line, raw.len())));
        }
        let known = reader.vacancy_by_source_key(&source_key)?;
        let (listing, kept, is_written) = match known {
            None => (new_id(), Kept::Imported, true),
            Some(known) if known.raw != raw => (known.listing, Kept::Updated, true),
            Some(known) => (
                known.listing,
                Kept::Unchanged,
                is_published && known.is_pending,
            ),
        };
        if is_written {
            self.rows.push(ImportedRow {
                listing,
                source_key,
                raw: RawRow(raw),
            });
        }
        Ok(kept)
    }
}

struct Imported {
    import: ImportId,
    as_of: NaiveDate,
    rows: Vec<ImportedRow>,
    by: Option<String>,
}

fn append(write: &mut Write<'_>, imported: Imported, now: UtcMs) -> Result<(), StoreError> {
    let Imported {
        import,
        as_of,
        rows,
        by,
    } = imported;
    if rows.is_empty() {
        return Ok(());
    }
    for rows in parts(rows) {
        let part = VacanciesImported {
            import,
            as_of,
            rows,
        };
        write.append(&Event::VacanciesImported(part), now)?;
    }
    if let Some(by) = by {
        let published = VacanciesPublished {
            import,
            by,
            on: now.hall_date(),
        };
        write.append(&Event::VacanciesPublished(published), now)?;
    }
    Ok(())
}

/// Rows in parts that fit into one event each, in their order.
fn parts(rows: Vec<ImportedRow>) -> Vec<Vec<ImportedRow>> {
    let mut parts: Vec<Vec<ImportedRow>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let row_bytes = row.raw.0.len();
        match parts.last_mut() {
            Some(part)
                if part.len() < EVENT_ROWS_MAX && bytes + row_bytes <= EVENT_RAW_BYTES_MAX =>
            {
                bytes += row_bytes;
                part.push(row);
            }
            _ => {
                bytes = row_bytes;
                parts.push(vec![row]);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn parts_are_bounded_in_rows_and_bytes_and_lose_nothing() {
        let row = |n: usize, bytes: usize| ImportedRow {
            listing: ListingId(Uuid::from_u128(n as u128)),
            source_key: format!("id:{n}"),
            raw: RawRow("x".repeat(bytes)),
        };
        let rows: Vec<_> = (0..600)
            .map(|n| row(n, 10))
            .chain([row(600, 700_000)])
            .collect();
        let parts = parts(rows.clone());
        assert!(parts.iter().all(|part| part.len() <= EVENT_ROWS_MAX));
        assert_eq!(parts.len(), 3);
        assert_eq!(parts.concat(), rows);
        let large: Vec<_> = (0..3).map(|n| row(n, 500_000)).collect();
        assert_eq!(super::parts(large).len(), 3);
    }
}
