//! The sheet that people fill.

use domain::case::{Field, FieldType, Kind};
use rust_xlsxwriter::{DataValidation, Formula, Workbook, Worksheet, XlsxError};

use super::cell::Column;
use super::fault::SheetError;
use super::style::{self, Looks};
use super::{ROWS_MAX, guide};

/// The sheet that says how to fill the other.
const GUIDE_SHEET: &str = "填写说明";

/// The hidden sheet with the entries of drop-down lists: inside a rule they may have 255
/// characters at most.
const CHOICES_SHEET: &str = "选项";

/// An empty sheet of a kind with its rules: formats, drop-down lists, and a page that explains
/// each column. Fields that nobody types are not in it.
///
/// # Errors
/// [`SheetError::Workbook`].
pub fn template(kind: &Kind) -> Result<Vec<u8>, SheetError> {
    let fields: Vec<&Field> = kind
        .fields
        .iter()
        .filter(|field| !field.is_computed)
        .collect();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(style::sheet_name(&kind.name))?;
    let looks = Looks::new();
    for (column, field) in (0..).zip(&fields) {
        column_of(sheet, column, field, &looks)?;
    }
    sheet.set_row_height(0, 24)?;
    sheet.set_freeze_panes(1, 0)?;
    guide_sheet(workbook.add_worksheet(), kind, &fields)?;
    if fields.iter().any(|field| entries(&field.kind).is_some()) {
        choices_sheet(workbook.add_worksheet(), &fields)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn column_of(
    sheet: &mut Worksheet,
    column: u16,
    field: &Field,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let shape = Column::of(field);
    let mark = if field.is_required { "＊" } else { "" };
    let heading = format!("{}{mark}", field.name);
    sheet.set_column_width(column, shape.width)?;
    sheet.set_column_format(column, looks.of(shape.format))?;
    sheet.write_string_with_format(0, column, heading, &style::heading())?;
    if let Some(entries) = entries(&field.kind) {
        let last = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        sheet.add_data_validation(1, column, last, column, &drop_down(column, entries.len())?)?;
    }
    Ok(())
}

/// The list that stands in the same column of the hidden sheet.
fn drop_down(column: u16, entries: usize) -> Result<DataValidation, XlsxError> {
    let letters = rust_xlsxwriter::utility::column_number_to_name(column);
    let list = format!("='{CHOICES_SHEET}'!${letters}$1:${letters}${entries}");
    DataValidation::new()
        .allow_list_formula(Formula::new(list))
        .set_error_title("内容不在列表里")?
        .set_error_message("请从下拉列表里选一个。")
}

/// What a drop-down list offers; lists of several take free text.
fn entries(kind: &FieldType) -> Option<Vec<&str>> {
    match kind {
        FieldType::Boolean => Some(vec!["是", "否"]),
        FieldType::Choice(choices) => Some(choices.iter().map(|(_, name)| name.as_str()).collect()),
        _ => None,
    }
}

/// The entries of each list stand in the column that the field has on the first sheet.
fn choices_sheet(sheet: &mut Worksheet, fields: &[&Field]) -> Result<(), XlsxError> {
    sheet.set_name(CHOICES_SHEET)?;
    sheet.set_hidden(true);
    for (column, field) in (0..).zip(fields) {
        for (row, entry) in (0..).zip(entries(&field.kind).unwrap_or_default()) {
            sheet.write_string(row, column, entry)?;
        }
    }
    Ok(())
}

fn guide_sheet(sheet: &mut Worksheet, kind: &Kind, fields: &[&Field]) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE_SHEET)?;
    let prose = style::prose();
    for (column, (heading, width)) in (0..).zip(guide::HEADINGS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &style::heading())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut row = 1;
    for field in fields {
        for (column, text) in (0..).zip(guide::row(field)) {
            sheet.write_string_with_format(row, column, text, &prose)?;
        }
        row += 1;
    }
    let advice = format!(
        "在“{}”这一页从第 2 行开始填，一行一条。标“＊”的列要填。不要改列名，不要合并单元格。",
        kind.name
    );
    sheet.write_string(row + 1, 0, advice)?;
    Ok(())
}
