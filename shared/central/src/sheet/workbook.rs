//! XLSX through calamine, cell by cell. Formulas are never computed; the result that the
//! table program saved is taken, and said. Hidden rows are rows.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};

use super::fault::SheetError;
use super::grid::{Grid, Nature, Raw};
use super::{merged, number};

/// From here on a table program has lost digits of a number.
const EXACT_BELOW: f64 = 1.0e15;

type XlsxFile<'b> = Xlsx<Cursor<&'b [u8]>>;

/// The sheet with the wanted name, or the first that has any content.
pub(super) fn xlsx(bytes: &[u8], wanted: &str) -> Result<Grid, SheetError> {
    let mut workbook: XlsxFile<'_> = Xlsx::new(Cursor::new(bytes)).map_err(bad_workbook)?;
    let names = workbook.sheet_names();
    chosen(&names, wanted, |name| {
        let mut grid = xlsx_sheet(&mut workbook, name)?;
        let merges = workbook
            .merge_cells_by_sheet_name(name)
            .map_err(bad_workbook)?;
        grid.is_1904 = workbook.has_1904_epoch();
        merged::apply(&mut grid, &merges)?;
        Ok(grid)
    })
}

fn chosen(
    names: &[String],
    wanted: &str,
    mut read: impl FnMut(&str) -> Result<Grid, SheetError>,
) -> Result<Grid, SheetError> {
    let (first, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| name.trim() == wanted);
    for name in first.into_iter().chain(others) {
        let mut grid = read(name)?;
        if grid.rows.is_empty() {
            continue;
        }
        if names.len() > 1 {
            let count = names.len();
            grid.notices.push(format!(
                "文件有 {count} 个工作表，只读了“{name}”。要导入别的工作表，请把它另存为单独的文件。"
            ));
        }
        return Ok(grid);
    }
    Err(SheetError::Empty)
}

fn xlsx_sheet(workbook: &mut XlsxFile<'_>, name: &str) -> Result<Grid, SheetError> {
    let mut grid = Grid::default();
    let mut formulas = 0_u64;
    let mut cells = workbook
        .worksheet_cells_reader(name)
        .map_err(bad_workbook)?;
    let has_per_cents = cells.styles().iter().any(is_per_cent);
    while let Some(cell) = cells
        .next_cell_with_formula_metadata()
        .map_err(bad_workbook)?
    {
        formulas += u64::from(cell.formula.is_some());
        let raw = match cell.value {
            DataRef::Empty if cell.formula.is_some() => Raw {
                nature: Nature::NoResult,
                ..Raw::default()
            },
            value => raw(&Data::from(value)),
        };
        grid.put(cell.pos.0.saturating_add(1), cell.pos.1 as usize, raw)?;
    }
    drop(cells);
    if has_per_cents {
        show_per_cents(workbook, name, &mut grid)?;
    }
    if formulas > 0 {
        grid.notices.push(format!(
            "有 {formulas} 格是公式，用的是表格软件保存时的结果。请核对这些结果是不是最新的。"
        ));
    }
    Ok(grid)
}

/// A cell that shows 25% holds 0.25: people mean what they see.
fn show_per_cents(
    workbook: &mut XlsxFile<'_>,
    name: &str,
    grid: &mut Grid,
) -> Result<(), SheetError> {
    grid.rows.sort_by_key(|row| row.line);
    let mut cells = workbook
        .worksheet_cells_reader(name)
        .map_err(bad_workbook)?;
    let styles: Vec<bool> = cells.styles().iter().map(is_per_cent).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(bad_workbook)? {
        let line = cell.get_position().0.saturating_add(1);
        let column = cell.get_position().1 as usize;
        let is_per_cent = styles.get(style).copied().unwrap_or_default();
        if !is_per_cent {
            continue;
        }
        let row = grid.rows.binary_search_by_key(&line, |row| row.line);
        let row = row.ok().map(|index| &mut grid.rows[index]);
        let raw = row.and_then(|row| row.cells.get_mut(column));
        if let Some(raw) = raw.filter(|raw| raw.nature == Nature::Number) {
            raw.text = format!("{}%", number::hundredfold(&raw.text));
        }
    }
    Ok(())
}

fn is_per_cent(style: &calamine::Style) -> bool {
    let format = style.number_format.as_ref();
    format.is_some_and(|format| format.format_code.contains('%'))
}

fn raw(value: &Data) -> Raw {
    match value {
        Data::Float(number) => number_cell(*number),
        Data::Int(number) => Raw {
            text: number.to_string(),
            nature: Nature::Number,
        },
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Raw::typed(text.as_str())
        }
        Data::Bool(true) => Raw::typed("是"),
        Data::Bool(false) => Raw::typed("否"),
        Data::DateTime(time) => date_cell(time),
        Data::Error(error) => Raw {
            text: error.to_string(),
            nature: Nature::Error,
        },
        Data::Empty => Raw::default(),
    }
}

fn number_cell(number: f64) -> Raw {
    Raw {
        text: number::shown(number),
        nature: if number.abs() < EXACT_BELOW {
            Nature::Number
        } else {
            Nature::LongNumber
        },
    }
}

fn date_cell(time: &ExcelDateTime) -> Raw {
    if time.is_duration() {
        return number_cell(time.as_f64());
    }
    let (year, month, day, hour, minute, second, ms) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Raw::typed(match (hour, minute, second, ms) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{ms:03}"),
    })
}

fn bad_workbook(error: impl std::fmt::Display) -> SheetError {
    SheetError::BadWorkbook {
        detail: error.to_string(),
    }
}
