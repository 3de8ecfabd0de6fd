//! A workbook that comes in: read, typed, decided row by row, opened as records; into a new store
//! beside bare SQLite with the rows that this left, and into the store that is full already.

use std::time::{Duration, Instant};

use acceptance::figures::{Usage, forget_peak, per_s, ratio};
use central::cases::{CaseDesk, SheetImport};
use central::serve::open_store;
use central::sheet::{Cell, Column, ExportHead, export_xlsx};
use central::store::Marking;
use domain::case::{Kind, Value, Values};
use sync::data_dir::DataDir;

use crate::invented::{self, Dice};
use crate::office::{Office, centre, desk, kind, now};
use crate::{Fault, Outcome, raw};

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
        let dir = DataDir::take(folder.path())?;
        let store = open_store(&dir, Marking::Synthetic, now())?;
        let into_new = import(office, &desk(&store)?, &kind, bytes.clone(), rows)?;
        drop(store);
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
        let into_full = import(office, &office.desk, &kind, bytes, rows)?;
        println!("  {id}, into the full store: {}", into_full.said(rows));
    }
    Ok(())
}

/// What one import took.
struct Import {
    /// Reading and deciding alone, as when a file is only tried.
    tried: Duration,
    taken: Duration,
    /// Memory above what was held before.
    peak_mib: u64,
}

impl Import {
    fn said(&self, rows: usize) -> String {
        format!(
            "{:.0} rows/s ({:.1?}; trying the file {:.1?}); {} MiB more at the peak",
            per_s(rows, self.taken),
            self.taken,
            self.tried,
            self.peak_mib
        )
    }
}

fn import(
    office: &Office,
    desk: &CaseDesk,
    kind: &Kind,
    bytes: Vec<u8>,
    rows: usize,
) -> Result<Import, Fault> {
    let sheet = SheetImport {
        file_name: format!("{}.xlsx", kind.name),
        bytes,
        actor: office.clerk.session.actor(&centre()?),
        station: centre()?,
    };
    let begun = Instant::now();
    desk.try_sheet(kind, &sheet, now())?;
    let tried = begun.elapsed();
    forget_peak()?;
    let before = Usage::of("self")?.rss_kib;
    let begun = Instant::now();
    let read = desk.import_sheet(kind, &sheet, now())?;
    let taken = begun.elapsed();
    let peak = Usage::of("self")?.peak_kib;
    let read = read.map_err(|fault| format!("{fault:?}"))?;
    if read.rows.len() != rows {
        let first = read.rejected.first();
        return Err(format!("{} of {rows} rows taken: {first:?}", read.rows.len()).into());
    }
    Ok(Import {
        tried,
        taken,
        peak_mib: peak.saturating_sub(before) / 1_024,
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
