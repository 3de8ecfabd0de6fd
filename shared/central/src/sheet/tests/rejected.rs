//! Rows that were not taken, and their way back.

use domain::case::{FieldFault, Value};

use super::super::{RejectedRow, rejects};
use super::{book_of, cells_of, kind, read_book};

const HEADINGS: &[&str] = &["岗位名称", "人数", "身份证号", "随便"];

#[test]
fn a_rejects_file_imports_cleanly_after_correction() {
    let rows: &[&[&str]] = &[
        HEADINGS,
        &["装配工", "3", "", "1"],
        &["电工", "三", "1.1E+17", "=1+1"],
    ];
    let read = read_book(&book_of(rows));
    assert_eq!((read.rows.len(), read.rejected.len()), (1, 1));
    let file = rejects(&kind(), &read).unwrap();

    let again = read_book(&file);
    assert_eq!(again.headings, HEADINGS);
    assert_eq!(again.rejected[0].cells, ["电工", "三", "1.1E+17", "=1+1"]);
    assert_eq!(again.rejected[0].faults, read.rejected[0].faults);

    let reason = cells_of(&file).pop().unwrap();
    assert!(
        reason.starts_with("原文件第 3 行：【人数】“三”不是整数"),
        "{reason}"
    );
    assert!(reason.contains("【身份证号】"), "{reason}");
    let mut corrected = again.rejected[0].cells.clone();
    corrected[1] = "3".to_owned();
    corrected[2] = "110101199001011234".to_owned();
    corrected.push(reason);
    let corrected: Vec<&str> = corrected.iter().map(String::as_str).collect();
    let headings = [HEADINGS, &["原因"]].concat();
    let last = read_book(&book_of(&[&headings, &corrected]));
    assert_eq!(last.rejected, []);
    assert_eq!(last.unknown_columns, ["随便"]);
    assert_eq!(last.rows[0].values["headcount"], Value::Integer(3));
}

#[test]
fn the_engines_faults_move_rows_and_keep_the_order_of_the_file() {
    let mut read = read_book(&book_of(&[
        &["岗位名称", "人数"],
        &["甲", "0"],
        &["乙", "无"],
        &["丙", "2"],
    ]));
    read.reject_where(|row| {
        let fault = |field: &str, text: &str| FieldFault {
            field: field.to_owned(),
            text: text.to_owned(),
        };
        match row.values["headcount"] {
            Value::Integer(0) => vec![fault("headcount", "至少 1 人。"), fault("wage", "要填。")],
            _ => Vec::new(),
        }
    });
    assert_eq!(read.rows.len(), 1);
    let lines: Vec<u32> = read.rejected.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 3]);
    let RejectedRow { cells, faults, .. } = &read.rejected[0];
    assert_eq!(cells, &["甲", "0"]);
    let columns: Vec<_> = faults.iter().map(|fault| fault.column.as_str()).collect();
    assert_eq!(columns, ["人数", "月工资（元）"]);
}

#[test]
fn a_kind_with_a_field_of_that_name_gets_another_heading_for_the_reasons() {
    let mut kind = kind();
    kind.fields[1].name = "原因".to_owned();
    let read = super::super::Read::default();
    assert_eq!(cells_of(&rejects(&kind, &read).unwrap()), ["未导入原因"]);
}

#[test]
fn rows_do_not_show_their_cells() {
    let read = read_book(&book_of(&[
        &["联系人", "人数"],
        &["秘密甲", "x"],
        &["秘密乙", "1"],
    ]));
    assert_eq!((read.rows.len(), read.rejected.len()), (1, 1));
    assert!(!format!("{read:?}").contains("秘密"));
}
