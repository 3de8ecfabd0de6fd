//! XLSX through calamine, cell by cell: a dense range would be as large as the sheet's corners
//! say, which a single far-off cell can make enormous. Formulas are never computed; the result
//! that the table program saved is taken, and said.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::fault::FileFault;
use super::table::CellFault;

/// Columns beyond this are not a vacancy's.
const COLUMNS_MAX: usize = 200;

/// Whole numbers up to 2^53 are exact in a sheet's floating-point cells.
const WHOLE_NUMBER_MAX: f64 = 9_007_199_254_740_992.0;

/// The cells of the first worksheet that has any.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) rows: Vec<SheetRow>,
    pub(super) notices: Vec<String>,
}

#[derive(Debug)]
pub(super) struct SheetRow {
    /// Row number as the table program shows it.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
    pub(super) faults: Vec<(usize, CellFault)>,
}

pub(super) fn read(bytes: Vec<u8>) -> Result<Sheet, FileFault> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| bad_workbook(&error))?;
    let names = workbook.sheet_names();
    for name in &names {
        let mut sheet = read_sheet(&mut workbook, name)?;
        if sheet.rows.is_empty() {
            continue;
        }
        if names.len() > 1 {
            sheet.notices.push(format!(
                "文件有 {} 个工作表，只导入了“{name}”。",
                names.len()
            ));
        }
        return Ok(sheet);
    }
    Err(FileFault::Empty)
}

fn read_sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<Sheet, FileFault> {
    let mut reader = workbook
        .worksheet_cells_reader(name)
        .map_err(|error| bad_workbook(&error))?;
    let mut sheet = Sheet::default();
    let mut formulas = 0_u64;
    while let Some(cell) = reader
        .next_cell_with_formula_metadata()
        .map_err(|error| bad_workbook(&error))?
    {
        let (row, column) = cell.pos;
        let column = column as usize;
        if column >= COLUMNS_MAX || (cell.value == DataRef::Empty && cell.formula.is_none()) {
            continue;
        }
        let line = u64::from(row) + 1;
        if sheet.rows.last().is_none_or(|last| last.line != line) {
            sheet.rows.push(SheetRow {
                line,
                cells: Vec::new(),
                faults: Vec::new(),
            });
        }
        let row = sheet
            .rows
            .last_mut()
            .expect("a row, because one was pushed if there was none");
        formulas += u64::from(cell.formula.is_some());
        let fault = match &cell.value {
            DataRef::Error(_) => Some(CellFault::ErrorValue),
            DataRef::Empty => Some(CellFault::FormulaWithoutValue),
            _ => None,
        };
        row.faults.extend(fault.map(|fault| (column, fault)));
        row.cells
            .resize(row.cells.len().max(column + 1), String::new());
        row.cells[column] = cell_text(&cell.value);
    }
    sheet.rows.retain(|row| {
        !row.faults.is_empty() || row.cells.iter().any(|cell| !cell.trim().is_empty())
    });
    if formulas > 0 {
        sheet.notices.push(format!(
            "有 {formulas} 格是公式，用的是表格软件保存时的结果。"
        ));
    }
    Ok(sheet)
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(true) => "是".to_owned(),
        DataRef::Bool(false) => "否".to_owned(),
        DataRef::DateTime(time) => date_text(time),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// `8000`, not `8000.0`; other numbers in the shortest form that reads back the same.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() <= WHOLE_NUMBER_MAX {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

fn date_text(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return number_text(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

fn bad_workbook(error: &calamine::XlsxError) -> FileFault {
    FileFault::BadWorkbook {
        detail: error.to_string(),
    }
}
