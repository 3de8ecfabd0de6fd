//! How our workbooks look, and how a cell is written into one.

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{Color, Format as Look, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::cell::{Cell, Format, clock, yuan};

/// Digits that a number cell keeps; longer numbers are written as text.
const NUMBER_DIGITS_MAX: usize = 15;

/// A table program takes no longer cell.
const CELL_CHARS_MAX: usize = 32_767;

/// The format "text" that every table program has.
const TEXT_FORMAT: u8 = 49;

/// Years whose days a table program can hold as dates. It takes 1900 for a leap year.
const DATE_YEARS: std::ops::RangeInclusive<i32> = 1901..=9998;

/// The look of a heading.
pub(super) fn heading() -> Look {
    Look::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00DD_EBF7))
        .set_border(FormatBorder::Thin)
}

/// The look of prose on a page.
pub(super) fn prose() -> Look {
    Look::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_num_format_index(TEXT_FORMAT)
}

/// The looks of the cells of all formats, made once per workbook.
pub(super) struct Looks {
    text: Look,
    whole: Look,
    money: Look,
    decimal: Look,
    date: Look,
    moment: Look,
}

impl Looks {
    pub(super) fn new() -> Self {
        let of = |code: &str| Look::new().set_num_format(code);
        Self {
            text: Look::new().set_num_format_index(TEXT_FORMAT),
            whole: of("0"),
            money: of("#,##0.00"),
            decimal: of("General"),
            date: of("yyyy-mm-dd"),
            moment: of("yyyy-mm-dd hh:mm:ss"),
        }
    }

    pub(super) fn of(&self, format: Format) -> &Look {
        match format {
            Format::Text => &self.text,
            Format::Whole => &self.whole,
            Format::Money => &self.money,
            Format::Decimal => &self.decimal,
            Format::Date => &self.date,
            Format::Moment => &self.moment,
        }
    }

    /// Writes a cell as what it is, where a table program can hold that exactly; else as text.
    pub(super) fn write(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        cell: &Cell,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Integer(_) => self.number(sheet, row, column, cell, Format::Whole)?,
            Cell::Money(_) => self.number(sheet, row, column, cell, Format::Money)?,
            Cell::Decimal(_) => self.number(sheet, row, column, cell, Format::Decimal)?,
            Cell::Date(day) if is_dateable(*day) => {
                sheet.write_datetime_with_format(row, column, day, &self.date)?;
            }
            Cell::Moment(at) if is_dateable(at.hall_date()) => {
                let local = at.hall_time().naive_local();
                sheet.write_datetime_with_format(row, column, local, &self.moment)?;
            }
            Cell::Text(_) | Cell::Masked(_) | Cell::Date(_) | Cell::Moment(_) => {
                self.text(sheet, row, column, &shown(cell))?;
            }
        }
        Ok(())
    }

    pub(super) fn text(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        text: &str,
    ) -> Result<(), XlsxError> {
        if !text.is_empty() {
            sheet.write_string_with_format(row, column, shortened(text), &self.text)?;
        }
        Ok(())
    }

    fn number(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        cell: &Cell,
        format: Format,
    ) -> Result<(), XlsxError> {
        let digits = shown(cell);
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        match digits.parse::<f64>() {
            Ok(number) if count <= NUMBER_DIGITS_MAX => {
                sheet.write_number_with_format(row, column, number, self.of(format))?;
                Ok(())
            }
            _ => self.text(sheet, row, column, &digits),
        }
    }
}

/// A cell in plain digits and letters.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Masked(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Money(fen) => yuan(*fen),
        Cell::Decimal(decimal) => decimal.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Moment(at) => clock(*at),
    }
}

/// The name of a kind's sheet: table programs refuse some characters and more than 31.
pub(super) fn sheet_name(name: &str) -> String {
    let kept = name.chars().filter(|c| !r"[]:*?/\'".contains(*c));
    kept.take(31).collect()
}

fn is_dateable(day: NaiveDate) -> bool {
    DATE_YEARS.contains(&day.year())
}

fn shortened(text: &str) -> String {
    let chars = text.chars().count();
    if chars <= CELL_CHARS_MAX {
        return text.to_owned();
    }
    let note = format!("…（共 {chars} 字，此处截短）");
    let kept = CELL_CHARS_MAX - note.chars().count();
    text.chars().take(kept).chain(note.chars()).collect()
}
