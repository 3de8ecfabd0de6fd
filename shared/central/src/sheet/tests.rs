//! Laws and bad inputs. Every file is made in its test, except the old workbook, which no crate
//! writes.

mod cells;
mod exports;
mod files;
mod rejected;
mod round_trip;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{
    Engine, Field, FieldType, Kind, KindHash, Sensitivity, ServiceLine, Subject, TextForm, Value,
};
use domain::id::{KindId, RecordId, StaffId};
use domain::personal::PersonField;
use rust_xlsxwriter::{Workbook, Worksheet};

use super::{ColumnMap, Read, Reading, SheetError, read};

/// All texts of a workbook's first sheet, for whoever tests what comes out as one.
pub(crate) fn cells_of(bytes: &[u8]) -> Vec<String> {
    use calamine::{Data, Reader as _};
    let cursor = std::io::Cursor::new(bytes);
    let mut workbook: calamine::Xlsx<_> = calamine::Xlsx::new(cursor).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let cells = range.used_cells().map(|(_, _, cell)| cell);
    cells.map(Data::to_string).collect()
}

/// A kind with a field of every type.
pub(super) fn kind() -> Kind {
    Kind {
        id: KindId::new("job_fair").unwrap(),
        name: "招聘登记".to_owned(),
        line: ServiceLine::Employment,
        engine: Engine::Case,
        version: 1,
        hash: KindHash(String::new()),
        about: String::new(),
        dept: "employment".to_owned(),
        subject: Subject::Employer,
        sensitivity: Sensitivity::Internal,
        readers: Vec::new(),
        title: Vec::new(),
        list: ["title", "wage", "start"].map(str::to_owned).to_vec(),
        search: Vec::new(),
        fields: fields(),
        checks: Vec::new(),
        computations: Vec::new(),
        initial: "draft".to_owned(),
        states: Vec::new(),
        transitions: Vec::new(),
        deadlines: Vec::new(),
        attachments: Vec::new(),
        doubles: Vec::new(),
        validities: Vec::new(),
        tells: Vec::new(),
    }
}

fn fields() -> Vec<Field> {
    let list = |of| FieldType::List {
        of: Box::new(of),
        count_min: 0,
        count_max: 9,
    };
    let number = |unit: &str| FieldType::Integer {
        min: 1,
        max: 999,
        unit: unit.to_owned(),
    };
    let rate = FieldType::Decimal {
        unit: "%".to_owned(),
    };
    let day = FieldType::Date { is_workday: false };
    let mut fields = vec![
        field("title", "岗位名称", text(None)),
        field("note", "备注", text(None)),
        field("contact", "联系人", text(None)),
        field("phone", "联系电话", text(Some(TextForm::Mobile))),
        field("id_number", "身份证号", text(Some(TextForm::IdNumber))),
        field("credit", "信用代码", text(Some(TextForm::CreditCode))),
        field("headcount", "人数", number("人")),
        field("wage", "月工资（元）", FieldType::Money { min_fen: 0 }),
        field("rate", "缴费比例", rate),
        field("start", "开始日期", day.clone()),
        field("at", "面试时间", FieldType::Moment),
        field("urgent", "急招", FieldType::Boolean),
        field("form", "用工形式", choices()),
        field("employer", "用人单位", FieldType::Record(Vec::new())),
        field("clerk", "经办人", FieldType::Staff),
        field("skills", "技能", list(text(None))),
        field("forms", "可选形式", list(choices())),
        field("days", "面试日", list(day)),
        field("filled", "已招人数", number("人")),
    ];
    fields[0].is_required = true;
    fields[6].is_required = true;
    fields[2].personal = Some(PersonField::Name);
    fields[3].personal = Some(PersonField::Phone);
    fields[4].personal = Some(PersonField::IdNumber);
    fields[18].is_computed = true;
    fields
}

fn field(id: &str, name: &str, kind: FieldType) -> Field {
    Field {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        is_required: false,
        is_computed: false,
        hint: String::new(),
        personal: None,
        excused_by: None,
        columns: Vec::new(),
    }
}

fn text(form: Option<TextForm>) -> FieldType {
    FieldType::Text {
        chars_min: 1,
        chars_max: 200,
        is_long: false,
        form,
        without_words: None,
    }
}

fn choices() -> FieldType {
    let named = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    FieldType::Choice(vec![
        named("fulltime", "全职"),
        named("part", "非全日制（小时工）"),
    ])
}

pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()
}

/// Records and staff are found by their ids.
fn resolve(field: &Field, text: &str) -> Option<Value> {
    match field.kind {
        FieldType::Staff => text.parse::<StaffId>().ok().map(Value::Staff),
        _ => text.parse::<RecordId>().ok().map(Value::Record),
    }
}

/// A workbook of one sheet.
fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

/// A workbook of text cells.
fn book_of(rows: &[&[&str]]) -> Vec<u8> {
    book(|sheet| {
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    })
}

fn read_as(name: &str, bytes: &[u8]) -> Result<Read, SheetError> {
    let reading = Reading {
        today: today(),
        columns: &ColumnMap::default(),
        resolve: &resolve,
    };
    read(&kind(), name, bytes, &reading)
}

fn read_book(bytes: &[u8]) -> Read {
    read_as("名单.xlsx", bytes).unwrap()
}

/// The values of the only row.
fn only(read: Read) -> BTreeMap<String, Value> {
    assert_eq!(read.rejected, [], "{read:?}");
    let [row] = <[_; 1]>::try_from(read.rows).unwrap();
    row.values
}

/// What one text cell under a heading becomes, or the fault's text.
fn cell(heading: &str, text: &str) -> Result<Value, String> {
    outcome(read_book(&book_of(&[&[heading], &[text]])))
}

/// What the only cell of the only row became, or the fault's text.
fn outcome(mut read: Read) -> Result<Value, String> {
    match read.rejected.pop() {
        Some(row) => Err(row.faults[0].text.clone()),
        None => Ok(only(read).into_values().next().unwrap()),
    }
}
