//! Importing vacancies: rows of a file become records of the kind `vacancy`, and are published by
//! a step of theirs if a named person approves the file. The file is read and compared with the
//! records outside of the writer; then the records follow in parts, each durable by itself. An
//! import that was cut off is simply done again: rows that are in already are unchanged.
//!
//! What a row is to its record is in [`plan`], how the record keeps the row in [`source_row`], who
//! publishes on a page what waits in [`waiting`], what there was before there were records in
//! [`adoption`].

mod adoption;
mod plan;
mod source_row;
mod waiting;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use chrono::NaiveDate;
use domain::id::{ImportId, RecordId};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use wire::event::{Event, VacanciesPublished};
use wire::problem::Problem;

use crate::cases::{CaseDesk, CaseFault, Deed};
use crate::edge;
use crate::import::{
    self, BadRules, ImportFault, ImportReport, ImportRequest, ImportRules, PreparedRow, Progress,
    Table,
};
use crate::parameters::{ListingParameters, ParameterError};
use crate::store::{Store, StoreError};

use plan::{Plan, Planning};
pub(crate) use waiting::Published;

/// Records of one transaction: so many are written in well under the time that a ticket may wait.
const DEEDS_PER_PART: u32 = 200;

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

/// A file that was sent and is not on this machine's disk.
#[derive(Debug, Clone, Default)]
pub struct SentFile {
    /// Its name, by which its rejects are called.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file that was tried: what it would come to. Once it is imported, its content is gone.
#[derive(Debug, Clone)]
pub struct TriedFile {
    /// The file.
    pub file: SentFile,
    /// What it would come to, or came to.
    pub report: ImportReport,
}

/// Why an import ended. The sentences are for the clerk.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file, or writing its rejects.
    #[error(transparent)]
    Fault(#[from] ImportFault<StoreError>),
    /// The store, before anything was written.
    #[error("{}什么也没有导入。", Problem::from(.0.clone()).detail)]
    Store(#[from] StoreError),
    /// Between two parts.
    #[error("{sentence}前面 {done} 行已经导入。处理好以后，把同一个文件再导入一次，会接着做完。")]
    CutOff {
        /// What happened.
        sentence: String,
        /// Rows that are in.
        done: u64,
    },
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
    cases: CaseDesk,
    data: PathBuf,
    /// Two files at once could open two records for one row.
    running: Mutex<()>,
}

impl ImportDesk {
    /// A desk that makes records through `cases`; rejects go to `rejects/` in `data`.
    #[must_use]
    pub fn new(store: Store, cases: CaseDesk, data: &Path) -> Self {
        Self {
            store,
            cases,
            data: data.to_owned(),
            running: Mutex::default(),
        }
    }

    /// Imports a file. Blocks; not for the runtime's threads.
    ///
    /// # Errors
    /// [`ImportError`]; it says what has been imported by then.
    pub fn import(
        &self,
        order: &ImportOrder,
        now: UtcMs,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ImportReport, ImportError> {
        let as_of = order.as_of.unwrap_or_else(|| now.hall_date());
        self.with_planning(as_of, now, order.publish_by.as_deref(), |planning| {
            let table = import::read_file(&order.file, &planning.rules.columns);
            let table = table.map_err(ImportFault::File)?;
            self.import_table(&table, &order.file, planning, progress)
        })
    }

    /// Says what a file that was sent would come to. Nothing but its rejects is written. Blocks.
    ///
    /// # Errors
    /// [`ImportError`].
    pub fn try_sent(&self, sent: &SentFile, now: UtcMs) -> Result<ImportReport, ImportError> {
        self.with_planning(now.hall_date(), now, None, |planning| {
            let table = table_of(sent, planning)?;
            let (mut report, plan) = self.plan(&table, Path::new(&sent.name), planning)?;
            report.notices.extend(plan.notices());
            Ok(report)
        })
    }

    /// Imports a file that was sent, so that it waits. Blocks.
    ///
    /// # Errors
    /// As [`import`](Self::import).
    pub fn import_sent(&self, sent: &SentFile, now: UtcMs) -> Result<ImportReport, ImportError> {
        self.with_planning(now.hall_date(), now, None, |planning| {
            let table = table_of(sent, planning)?;
            self.import_table(&table, Path::new(&sent.name), planning, &mut |_| {})
        })
    }

    fn import_table(
        &self,
        table: &Table,
        name: &Path,
        planning: &Planning<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ImportReport, ImportError> {
        self.adopt(planning)?;
        let (mut report, plan) = self.plan(table, name, planning)?;
        report.notices.extend(plan.notices());
        self.carry_out(plan.deeds, planning, &mut report, progress)?;
        Ok(report)
    }

    /// Makes records of the vacancies that an older version of the program kept. Blocks.
    ///
    /// # Errors
    /// [`ImportError`]; what is done by then stays done.
    pub fn adopt_old(&self, now: UtcMs) -> Result<usize, ImportError> {
        self.with_planning(now.hall_date(), now, None, |planning| self.adopt(planning))
    }

    fn with_planning<T>(
        &self,
        as_of: NaiveDate,
        now: UtcMs,
        by: Option<&str>,
        act: impl FnOnce(&Planning<'_>) -> Result<T, ImportError>,
    ) -> Result<T, ImportError> {
        let _running = self
            .running
            .lock()
            .expect("the import's lock, because no holder panics");
        let book = &self.store.live().parameters;
        let parameters = ListingParameters::in_book(book, now.hall_date())?;
        let rules = ImportRules::embedded(parameters.pay)?;
        act(&Planning {
            cases: &self.cases,
            rules: &rules,
            as_of,
            term: parameters.term,
            now,
            by,
        })
    }

    /// Says what is to be done for a file. Writes nothing but the rejects file.
    fn plan(
        &self,
        table: &Table,
        name: &Path,
        planning: &Planning<'_>,
    ) -> Result<(ImportReport, Plan), ImportError> {
        let request = ImportRequest {
            file: name,
            data: &self.data,
            imported_at: planning.now,
            as_of: planning.as_of,
            rules: planning.rules,
        };
        let mut plan = Plan::default();
        let report = self.store.read_blocking(|reader| {
            let new_id = || RecordId(edge::new_uuid(planning.now));
            let mut keep = |row: &PreparedRow| planning.row(reader, row, &mut plan, new_id);
            Ok(import::run_table(table, &request, &mut keep, &mut |_| {}))
        })?;
        Ok((report?, plan))
    }

    fn carry_out(
        &self,
        deeds: Vec<Deed>,
        planning: &Planning<'_>,
        report: &mut ImportReport,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ImportError> {
        let (rows, now) = (report.rows(), planning.now);
        let is_any = !deeds.is_empty();
        let mut rows_done = rows - deeds.len() as u64;
        let mut overtaken = 0;
        let mut deeds = deeds.into_iter().peekable();
        while deeds.peek().is_some() {
            let part: Vec<Deed> = deeds.by_ref().take(DEEDS_PER_PART as usize).collect();
            let rows_of_part = part.len() as u64;
            let done = self.cases.do_deeds(part, now);
            let outcomes = done.map_err(|fault| cut_off(fault, rows_done))?;
            overtaken += outcomes.iter().filter(|outcome| outcome.is_err()).count();
            rows_done += rows_of_part;
            progress(Progress { rows_done, rows });
        }
        if overtaken > 0 {
            report.notices.push(format!(
                "有 {overtaken} 行的岗位在导入时刚好被别人办了，没有动。再导入一次就会核对它们。"
            ));
        }
        match planning.by {
            Some(by) if is_any => self.note_approval(by, now),
            _ => Ok(()),
        }
    }

    /// One line of the audit trail for the whole file; each record also says who approved it.
    fn note_approval(&self, by: &str, now: UtcMs) -> Result<(), ImportError> {
        let published = Event::VacanciesPublished(VacanciesPublished {
            import: ImportId(edge::new_uuid(now)),
            by: by.to_owned(),
            on: now.hall_date(),
        });
        let append = self
            .store
            .write_blocking(move |write| write.append(&published, now).map(drop));
        Ok(append?)
    }
}

fn table_of(sent: &SentFile, planning: &Planning<'_>) -> Result<Table, ImportError> {
    let table = Table::from_bytes(sent.bytes.clone(), &planning.rules.columns);
    Ok(table.map_err(ImportFault::File)?)
}

impl Plan {
    /// What to know about rows that were not followed.
    fn notices(&self) -> Vec<String> {
        let left_alone = (self.left_alone > 0).then(|| {
            let rows = self.left_alone;
            format!("有 {rows} 行的岗位已由工作人员暂停、撤下、招满或正在审核，没有动。")
        });
        let unapproved = (self.unapproved > 0).then(|| {
            let rows = self.unapproved;
            format!(
                "有 {rows} 行改动了正在公布的岗位，批准以后才生效：请带 --publish --by 再导入。"
            )
        });
        left_alone.into_iter().chain(unapproved).collect()
    }
}

fn cut_off(fault: CaseFault, done: u64) -> ImportError {
    let sentence = match fault {
        CaseFault::Problem(problem) => problem.detail,
        CaseFault::Refused(refusal) => refusal.text,
    };
    ImportError::CutOff { sentence, done }
}

#[cfg(test)]
mod tests;
