//! A workbook that comes in: read, typed, decided row by row, opened as records; into a new store
//! beside bare SQLite with the rows that this left, and into the store that is full already. The
//! new store is of a process of its own, this program under another word, so that its memory is
//! nobody else's.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use acceptance::figures::{Usage, forget_peak, per_s, ratio};
use central::cases::{CaseDesk, SheetImport};
use central::serve::open_store;
use central::sheet::{Cell, Column, ExportHead, export_xlsx};
use central::store::Marking;
use domain::case::{Actor, Kind, Role, Value, Values};
use domain::id::StaffId;
use sync::data_dir::DataDir;

use crate::invented::{self, Dice};
use crate::office::{Office, centre, desk, kind, now, system};
use crate::{Fault, Outcome, raw};

/// The word under which this program is a process of its own.
pub(crate) const ALONE: &str = "import-alone";
const WORKBOOK: &str = "workbook.xlsx";
/// Rows of a workbook; a small store gets fewer.
const ROWS_MAX: usize = 20_000;
/// Persons that no other part has.
const PERSONS_FROM: usize = 400_000;

pub(crate) fn measure(office: &Office) -> Outcome {
    let count = office.requests * 10;
    let rows = count.min(ROWS_MAX);
    println!("import of workbooks of {rows} rows (aim ≥ 2000 rows/s):");
    for id in ["vacancy", "jobseek_once", "person"] {
        let kind = kind(&office.desk, id)?;
        let bytes = workbook(&kind, rows)?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join(WORKBOOK);
        std::fs::write(&file, &bytes)?;
        let into_new = in_a_process(folder.path(), id)?;
        let bare = raw::insert_again(&folder.path().join("central.db"), rows)?;
        println!(
            "  {id}, {} KiB, into a new store: {}",
            bytes.len() / 1_024,
            into_new.said(rows)
        );
        println!(
            "    bare SQLite, the same rows: {:.0}/s; ratio {:.1}",
            per_s(rows, bare),
            ratio(into_new.taken, bare)
        );
        let actor = office.clerk.session.actor(&centre()?);
        let into_full = import(&office.desk, &kind, bytes, actor)?;
        println!("  {id}, into the full store: {}", into_full.said(rows));
    }
    Ok(())
}

/// What one import took.
struct Import {
    /// Reading and deciding alone, as when a file is only tried.
    tried: Duration,
    taken: Duration,
    /// Memory at the peak, the workbook included.
    peak_mib: u64,
}

/// A new store in `folder` and the workbook that lies there, in a process of its own.
fn in_a_process(folder: &Path, kind: &str) -> Result<Import, Fault> {
    let mut alone = Command::new(std::env::current_exe()?);
    let output = alone.arg(ALONE).arg(folder).arg(kind).output()?;
    let said = String::from_utf8(output.stdout)?;
    let mut numbers = said.split_whitespace().map(str::parse);
    let mut number = || match numbers.next() {
        Some(Ok(number)) => Ok(number),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    };
    Ok(Import {
        tried: Duration::from_micros(number()?),
        taken: Duration::from_micros(number()?),
        peak_mib: number()?,
    })
}

/// The child's side of it.
pub(crate) fn alone(words: &[String]) -> Outcome {
    let (folder, id) = (
        words.first().ok_or("a folder")?,
        words.get(1).ok_or("a kind")?,
    );
    let folder = Path::new(folder);
    let bytes = std::fs::read(folder.join(WORKBOOK))?;
    let dir = DataDir::take(folder)?;
    let desk = desk(&open_store(&dir, Marking::Synthetic, now())?)?;
    let importer = Actor {
        staff: Some(StaffId(uuid::Uuid::from_u128(1))),
        roles: Role::ALL.iter().copied().collect(),
        ..system()
    };
    let kind = kind(&desk, id)?;
    let import = import(&desk, &kind, bytes, importer)?;
    let (tried, taken) = (import.tried.as_micros(), import.taken.as_micros());
    println!("{tried} {taken} {}", import.peak_mib);
    Ok(())
}

impl Import {
    fn said(&self, rows: usize) -> String {
        format!(
            "{:.0} rows/s ({:.1?}; trying the file {:.1?}); memory at the peak {} MiB",
            per_s(rows, self.taken),
            self.taken,
            self.tried,
            self.peak_mib
        )
    }
}

fn import(desk: &CaseDesk, kind: &Kind, bytes: Vec<u8>, actor: Actor) -> Result<Import, Fault> {
    let sheet = SheetImport {
        file_name: format!("{}.xlsx", kind.name),
        bytes,
        actor,
        station: centre()?,
    };
    let begun = Instant::now();
    let rows = desk.try_sheet(kind, &sheet, now())?.rows.len();
    let tried = begun.elapsed();
    forget_peak()?;
    let begun = Instant::now();
    let read = desk.import_sheet(kind, &sheet, now())?;
    let taken = begun.elapsed();
    let read = read.map_err(|fault| format!("{fault:?}"))?;
    if read.rows.len() != rows || !read.rejected.is_empty() {
        let first = read.rejected.first();
        return Err(format!("{} of {rows} rows taken: {first:?}", read.rows.len()).into());
    }
    Ok(Import {
        tried,
        taken,
        peak_mib: Usage::of("self")?.peak_kib / 1_024,
    })
}

/// A workbook as people fill it in: one column a field, a row a record.
fn workbook(kind: &Kind, rows: usize) -> Result<Vec<u8>, Fault> {
    let fields: Vec<_> = kind
        .fields
        .iter()
        .filter(|field| !field.is_computed)
        .collect();
    let columns: Vec<_> = fields.iter().map(|field| Column::of(field)).collect();
    let (mut dice, day) = (Dice::of(17), now().hall_date());
    let row = |index: usize| {
        let values = match kind.id.as_str() {
            "person" => invented::person(&mut dice, PERSONS_FROM + index),
            "vacancy" => invented::vacancy(&mut dice, day),
            _ => invented::application(&mut dice, day),
        };
        fields.iter().map(|field| cell(field, &values)).collect()
    };
    let head = ExportHead {
        title: kind.name.clone(),
        filter_text: "样例".to_owned(),
        made_at_text: day.to_string(),
        made_by: "样例".to_owned(),
        is_demo: false,
    };
    Ok(export_xlsx(&columns, (0..rows).map(row), &head)?)
}

fn cell(field: &domain::case::Field, values: &Values) -> Cell {
    match values.get(&field.id) {
        None => Cell::Empty,
        Some(Value::Personal(plain)) => Cell::Text(plain.expose().clone()),
        Some(value) => Cell::of(field, value, &|_| None),
    }
}
