//! Records out of a sheet and into one. A file is first only tried: every row is decided by the
//! engine as if it were opened, and what is refused is told per row; only then it is imported, and
//! rows that are still refused go back to the person in a file. Rows come in in parts, each part
//! durable by itself, and each row whole or not at all.

use chrono::NaiveDate;
use domain::case::{self, Actor, CaseNo, CaseRefusal, Channel, FieldFault, Kind, Opening, Record};
use domain::id::{KindId, RecordId, StationCode};
use domain::time::UtcMs;
use uuid::Uuid;

use crate::sheet::{self, Cell, Column, ColumnMap, Format, Read, Reading, RowDraft, SheetError};
use crate::store::{CaseQuery, Page, Reader};

use super::{CaseDesk, CaseFault, Directory, NewCase, faults_of};

/// Rows of one transaction. Each part touches the same few thousand pages of the indices, whatever its
/// size, so larger parts bring in more rows a second; but nobody else writes while one is on its way:
/// a third of a second with this many persons (`cargo bench -p acceptance --bench records -- import`).
const ROWS_PER_PART: usize = 1_000;
/// Most records of one export.
const EXPORT_MAX: u32 = 100_000;
/// Records that an export reads at once.
const EXPORT_PART: u32 = 2_000;

/// A sheet with who brings it and for where.
#[derive(Debug, Clone)]
pub struct SheetImport {
    /// Its name, for sentences about it.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Who.
    pub actor: Actor,
    /// Where the records are dealt with.
    pub station: StationCode,
}

/// A sheet that was tried and waits for the word to import it.
#[derive(Debug, Clone)]
pub struct HeldImport {
    /// Of this kind.
    pub kind: KindId,
    /// The file, and who brought it.
    pub import: SheetImport,
    /// What of it cannot be imported.
    pub rejected: Read,
}

impl HeldImport {
    /// Without its content: it was imported, but for what stands in `rejected`.
    #[must_use]
    pub fn spent(mut self, rejected: Read) -> Self {
        self.import.bytes.clear();
        Self { rejected, ..self }
    }

    /// Whether it can be imported as records of this kind.
    #[must_use]
    pub fn waits_for(&self, kind: &KindId) -> bool {
        self.kind == *kind && !self.import.bytes.is_empty()
    }
}

impl CaseDesk {
    /// Reads a sheet and asks the engine about each row, without opening anything. Blocking.
    ///
    /// # Errors
    /// [`SheetError`], when nothing of the file can be used.
    pub fn try_sheet(
        &self,
        kind: &Kind,
        import: &SheetImport,
        now: UtcMs,
    ) -> Result<Read, SheetError> {
        let columns = ColumnMap::default();
        let store = self.store().clone();
        let resolve = move |_: &case::Field, text: &str| {
            let found = store.read_blocking(|reader| reader.record_by_number(text));
            found.ok().flatten().map(case::Value::Record)
        };
        let reading = Reading {
            today: now.hall_date(),
            columns: &columns,
            resolve: &resolve,
        };
        let mut read = sheet::read(kind, &import.file_name, &import.bytes, &reading)?;
        read.reject_where(|row| self.row_faults(kind, import, row, now));
        Ok(read)
    }

    fn row_faults(
        &self,
        kind: &Kind,
        import: &SheetImport,
        row: &RowDraft,
        now: UtcMs,
    ) -> Vec<FieldFault> {
        let opening = Opening {
            record: RecordId(Uuid::nil()),
            case_no: CaseNo(String::new()),
            channel: Channel::Import,
            station: import.station.clone(),
            person: None,
            employer: None,
            values: row.values.clone(),
            is_import: true,
        };
        match case::open(kind, opening, &import.actor, now, self.rules()) {
            Ok(_) => Vec::new(),
            Err(refusal) => faults_of_row(refusal),
        }
    }

    /// Opens a record for each row of a sheet that is not refused; what is refused, also only now,
    /// is among the rejected rows of the answer. Blocking.
    ///
    /// # Errors
    /// The outer one for the file, the inner one for the store: rows before it are in.
    pub fn import_sheet(
        &self,
        kind: &Kind,
        import: &SheetImport,
        now: UtcMs,
    ) -> Result<Result<Read, CaseFault>, SheetError> {
        let mut read = self.try_sheet(kind, import, now)?;
        let mut refused = Vec::new();
        for part in read.rows.chunks(ROWS_PER_PART) {
            let new = part.iter().map(|row| new_case(kind, import, row)).collect();
            match self.open_all(new, import.actor.clone(), now) {
                Ok(outcomes) => refused.extend(outcomes.into_iter().map(Result::err)),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        let mut refused = refused.into_iter();
        read.reject_where(|_| {
            refused
                .next()
                .flatten()
                .map(faults_of_row)
                .unwrap_or_default()
        });
        Ok(Ok(read))
    }

    /// The records that a list shows, on all its pages, as columns and rows of a sheet. Personal
    /// values come out masked.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn export(
        &self,
        kind: &Kind,
        asked: CaseQuery,
    ) -> Result<(Vec<Column>, Vec<Vec<Cell>>), CaseFault> {
        let (columns, kind) = (export_columns(kind), kind.clone());
        let wanted = columns.clone();
        let rows = self.store().read(move |reader| {
            let mut rows = Vec::new();
            for offset in (0..EXPORT_MAX).step_by(EXPORT_PART as usize) {
                let page = Page {
                    offset,
                    limit: EXPORT_PART,
                };
                let part = reader.case_lines(&CaseQuery {
                    page,
                    ..asked.clone()
                })?;
                let is_last = part.len() < EXPORT_PART as usize;
                for line in part {
                    rows.push(export_row(reader, &kind, &wanted, &line.body)?);
                }
                if is_last {
                    break;
                }
            }
            Ok(rows)
        });
        Ok((columns, rows.await?))
    }
}

/// What a row is refused for; what no field is to blame for belongs to the row.
fn faults_of_row(refusal: CaseRefusal) -> Vec<FieldFault> {
    let faults = faults_of(&refusal);
    if !faults.is_empty() {
        return faults;
    }
    vec![FieldFault {
        field: String::new(),
        text: refusal.text,
    }]
}

fn new_case(kind: &Kind, import: &SheetImport, row: &RowDraft) -> NewCase {
    NewCase {
        kind: kind.id.clone(),
        channel: Channel::Import,
        station: import.station.clone(),
        person: None,
        employer: None,
        values: row.values.clone(),
        corrects: None,
    }
}

/// Number, state and dates of a record, then all of its kind's fields.
fn export_columns(kind: &Kind) -> Vec<Column> {
    let own = |heading: &str, width: f64, format| Column {
        field: String::new(),
        heading: heading.to_owned(),
        width,
        format,
    };
    let head = [
        own("编号", 26.0, Format::Text),
        own("状态", 12.0, Format::Text),
        own("登记时间", 20.0, Format::Moment),
        own("期限", 12.0, Format::Date),
    ];
    head.into_iter()
        .chain(kind.fields.iter().map(Column::of))
        .collect()
}

fn export_row(
    reader: &Reader<'_>,
    kind: &Kind,
    columns: &[Column],
    record: &Record,
) -> Result<Vec<Cell>, crate::store::StoreError> {
    let state = kind.state(&record.state);
    let due: Option<NaiveDate> = record.due.values().map(|due| due.on).min();
    let mut cells = vec![
        Cell::Text(record.case_no.0.clone()),
        Cell::Text(state.map_or_else(|| record.state.clone(), |state| state.name.clone())),
        Cell::Moment(record.opened_at),
        due.map_or(Cell::Empty, Cell::Date),
    ];
    let directory = Directory::read_named_by(reader, record)?;
    let label = |value: &case::Value| directory.label(value);
    for column in &columns[cells.len()..] {
        let cell = kind.field(&column.field).and_then(|field| {
            let value = record.values.get(&field.id)?;
            Some(Cell::of(field, value, &label))
        });
        cells.push(cell.unwrap_or(Cell::Empty));
    }
    Ok(cells)
}
