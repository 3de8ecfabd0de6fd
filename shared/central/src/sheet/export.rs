//! Exports: XLSX to be read and printed, CSV for other programs.

use std::borrow::Cow;

use rust_xlsxwriter::{Format as Look, Workbook, Worksheet, XlsxError};

use super::cell::{Cell, Column};
use super::fault::SheetError;
use super::style::{self, Looks};

/// What a table program takes for the beginning of a formula.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// What every sheet with made-up data says.
const DEMO_TEXT: &str = "演示数据，不是真实业务。";

/// What stands above an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportHead {
    /// What it is.
    pub title: String,
    /// Which records: the filter in words.
    pub filter_text: String,
    /// When it was made, in words.
    pub made_at_text: String,
    /// Who made it.
    pub made_by: String,
    /// Whether its data is made up.
    pub is_demo: bool,
}

/// A workbook of one sheet. Rows go out as they come, so any number of them takes little memory.
///
/// # Errors
/// [`SheetError::Workbook`], also for more rows than a sheet has.
pub fn export_xlsx(
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
    head: &ExportHead,
) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory();
    sheet.set_name(style::sheet_name(&head.title))?;
    let looks = Looks::new();
    let first = head_rows(sheet, columns, &looks, head)?;
    sheet.set_freeze_panes(first, 0)?;
    sheet.set_repeat_rows(first - 1, first - 1)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    for (row, cells) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(&cells) {
            looks.write(sheet, row, column, cell)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// Title, what and by whom, headings; the first row below them.
fn head_rows(
    sheet: &mut Worksheet,
    columns: &[Column],
    looks: &Looks,
    head: &ExportHead,
) -> Result<u32, XlsxError> {
    for (index, column) in (0..).zip(columns) {
        sheet.set_column_width(index, column.width)?;
        sheet.set_column_format(index, looks.of(column.format))?;
    }
    let title = Look::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, &head.title, &title)?;
    let made = format!(
        "范围：{}　制表人：{}　制表时间：{}",
        head.filter_text, head.made_by, head.made_at_text
    );
    sheet.write_string(1, 0, made)?;
    let mut row = 2;
    if head.is_demo {
        sheet.write_string(row, 0, DEMO_TEXT)?;
        row += 1;
    }
    for (index, column) in (0..).zip(columns) {
        sheet.write_string_with_format(row, index, &column.heading, &style::heading())?;
    }
    Ok(row + 1)
}

/// A CSV for other programs: UTF-8 with its mark, CRLF, headings first. Only made-up data has a
/// line above them that says so. Texts that would be formulas get an apostrophe, which
/// [`read`](super::read) takes off again.
///
/// # Errors
/// [`SheetError::Csv`].
pub fn export_csv(
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
    head: &ExportHead,
) -> Result<Vec<u8>, SheetError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    if head.is_demo {
        writer.write_record([DEMO_TEXT])?;
    }
    writer.write_record(
        columns
            .iter()
            .map(|column| guarded(&column.heading).into_owned()),
    )?;
    for cells in rows {
        writer.write_record(cells.iter().map(csv_text))?;
    }
    writer.into_inner().map_err(|error| {
        let source = std::io::Error::other(error.to_string());
        SheetError::Csv(source.into())
    })
}

fn csv_text(cell: &Cell) -> String {
    let text = style::shown(cell);
    match cell {
        Cell::Text(_) | Cell::Masked(_) => guarded(&text).into_owned(),
        _ => text,
    }
}

/// A text that no table program computes. Texts that look guarded already get one more apostrophe,
/// so that taking one off always gives the text back.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.trim_start_matches('\'').starts_with(FORMULA_STARTS) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that was guarded.
pub(super) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA_STARTS) => rest,
        _ => text,
    }
}
