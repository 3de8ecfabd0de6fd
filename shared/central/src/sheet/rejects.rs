//! The sheet of rows that were not taken: as they were, with the reasons behind them. It can be
//! corrected and imported again; the reasons are then ignored.

use domain::case::Kind;
use rust_xlsxwriter::Workbook;

use super::draft::{Read, RejectedRow};
use super::fault::SheetError;
use super::header::REASON_HEADINGS;
use super::style::{self, Looks};
use super::text::key;

/// Width of columns whose content is not known.
const WIDTH: f64 = 18.0;

/// Width of the reasons.
const REASONS_WIDTH: f64 = 80.0;

/// Makes the sheet. Every cell is text, so that no table program changes what stands in it.
///
/// # Errors
/// [`SheetError::Workbook`].
pub fn rejects(kind: &Kind, read: &Read) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(style::sheet_name(&kind.name))?;
    let looks = Looks::new();
    let reasons = u16::try_from(read.headings.len()).unwrap_or(u16::MAX);
    for (column, heading) in (0..).zip(&read.headings) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.set_column_format(column, looks.of(super::Format::Text))?;
        sheet.write_string_with_format(0, column, heading, &style::heading())?;
    }
    sheet.set_column_width(reasons, REASONS_WIDTH)?;
    sheet.write_string_with_format(0, reasons, reason_heading(kind), &style::heading())?;
    sheet.set_freeze_panes(1, 0)?;
    for (row, rejected) in (1..).zip(&read.rejected) {
        for (column, cell) in (0..).zip(&rejected.cells) {
            looks.text(sheet, row, column, cell)?;
        }
        looks.text(sheet, row, reasons, &reason(rejected))?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn reason_heading(kind: &Kind) -> &'static str {
    let is_field = |heading: &str| kind.fields.iter().any(|field| key(&field.name) == heading);
    let [usual, other] = REASON_HEADINGS;
    if is_field(usual) { other } else { usual }
}

/// Where and what, all of it: "第 7 行。户籍：……" with the line of the file that was imported.
fn reason(rejected: &RejectedRow) -> String {
    let faults = rejected.faults.iter();
    let faults: String = faults
        .map(|fault| format!("【{}】{}", fault.column, fault.text))
        .collect();
    format!("原文件第 {} 行：{faults}", rejected.line)
}
