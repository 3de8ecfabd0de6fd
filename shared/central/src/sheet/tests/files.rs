//! Files as a whole: what they are, their header, their bounds.

use domain::case::Value;
use domain::money::Fen;
use std::io::Write as _;

use super::super::{ColumnMap, FILE_BYTES_MAX, ROWS_MAX, Reading, SheetError, read};
use super::{book, book_of, kind, only, read_as, read_book, resolve, today};

/// Made with xlwt: a merged title, a merge down a column, a date cell, 0.1 + 0.2, a phone number
/// as a number.
const OLD_WORKBOOK: &[u8] = include_bytes!("old.xls");

fn fault(name: &str, bytes: &[u8]) -> String {
    let fault = read_as(name, bytes).unwrap_err();
    fault.to_string()
}

#[test]
fn an_old_workbook_is_read_like_a_new_one() {
    let read = read_as("名单.xls", OLD_WORKBOOK).unwrap();
    assert_eq!(read.rejected, []);
    assert_eq!(read.notices, [""; 0]);
    assert_eq!(read.unknown_columns, ["办事单位电话"]);
    let [first, second] = &read.rows[..] else {
        panic!("{read:?}");
    };
    assert_eq!(first.values["title"], second.values["title"]);
    assert_eq!(first.values["start"], second.values["start"]);
    assert_eq!(first.values["wage"], Value::Money(Fen(30)));
    assert_eq!(second.values["wage"], Value::Money(Fen(1_200_000)));
    assert_eq!(second.values["headcount"], Value::Integer(3));
    assert_eq!((first.line, second.line), (3, 4));
}

#[test]
fn broken_old_workbooks_are_refused_and_do_not_panic() {
    for cut in (600..OLD_WORKBOOK.len()).step_by(97) {
        let _ = read_as("名单.xls", &OLD_WORKBOOK[..cut]);
        let mut bytes = OLD_WORKBOOK.to_vec();
        bytes[cut] ^= 0x7F;
        let _ = read_as("名单.xls", &bytes);
    }
}

#[test]
fn csv_in_utf8_with_and_without_mark_and_in_gbk_is_one_file() {
    let text = "岗位名称,人数\r\n装配工,\"1,200 人\"\r\n";
    let marked = format!("\u{FEFF}{text}").into_bytes();
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    for bytes in [text.as_bytes(), &marked, &gbk] {
        let values = only(read_as("名单.csv", bytes).unwrap());
        assert_eq!(values["headcount"], Value::Integer(1200));
    }
    let fault = fault("名单.csv", "岗位名称\n\"装配工\n".as_bytes());
    assert!(fault.contains("引号"), "{fault}");
}

#[test]
fn the_header_may_stand_under_titles_and_be_spelt_in_many_ways() {
    let read = read_book(&book_of(&[
        &["某某市招聘会岗位汇总表"],
        &["填表单位：", "示例中心"],
        &[
            "＊岗位名称（必填）",
            " 人 数＊",
            "月工资(元)",
            "start",
            "序号",
            "已招人数",
            "",
        ],
        &["装配工", "3", "5000", "2026-11-26", "1", "2", "无列名"],
        &[
            "＊岗位名称（必填）",
            "人 数＊",
            "月工资(元)",
            "start",
            "序号",
            "已招人数",
        ],
    ]));
    assert_eq!(read.unknown_columns, ["序号", "第 7 列（没有列名）"]);
    assert_eq!(read.computed_columns, ["已招人数"]);
    assert_eq!(read.missing_columns, [""; 0]);
    assert_eq!(read.rows[0].line, 4);
    assert_eq!(only(read).len(), 4);
}

#[test]
fn a_column_map_names_the_columns_of_foreign_files() {
    let kind = kind();
    let example = include_str!("../../../../../assets/import/column-map.example.toml");
    let columns = ColumnMap::read(example, &kind).unwrap();
    let reading = Reading {
        today: today(),
        columns: &columns,
        resolve: &resolve,
    };
    let bytes = book_of(&[&["序号", "招聘岗位", "需求（人）"], &["1", "装配工", "3"]]);
    let read = read(&kind, "外来.xlsx", &bytes, &reading).unwrap();
    assert_eq!(read.unknown_columns, [""; 0]);
    assert_eq!(only(read)["headcount"], Value::Integer(3));
    for (bad, says) in [
        ("columns = [[\"甲\", \"nothing\"]]", "“nothing”"),
        (
            "columns = [[\"甲\", \"title\"], [\"甲 \", \"note\"]]",
            "写了两次",
        ),
        ("colums = []", "colums"),
    ] {
        let fault = ColumnMap::read(bad, &kind).unwrap_err().to_string();
        assert!(fault.contains(says), "{fault}");
    }
}

#[test]
fn a_file_without_a_header_and_one_with_twins_are_refused() {
    let none = fault("a.xlsx", &book_of(&[&["甲", "乙"], &["1", "2"]]));
    assert!(
        none.contains("甲、乙") && none.contains("岗位名称"),
        "{none}"
    );
    let twins = fault("a.xlsx", &book_of(&[&["岗位名称", "title"], &["1", "2"]]));
    assert!(twins.contains("“岗位名称”和“title”"), "{twins}");
    for empty in [Vec::new(), b"\n\n".to_vec(), book(|_| ())] {
        assert!(matches!(read_as("a.csv", &empty), Err(SheetError::Empty)));
    }
}

#[test]
fn the_sheet_with_the_kinds_name_is_read_and_the_others_are_named() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "别的").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("招聘登记").unwrap();
    sheet.write_string(0, 0, "岗位名称").unwrap();
    sheet.write_string(1, 0, "装配工").unwrap();
    sheet.set_row_hidden(1).unwrap();
    let read = read_book(&workbook.save_to_buffer().unwrap());
    assert!(read.notices[0].contains("2 个工作表"), "{:?}", read.notices);
    assert_eq!(only(read).len(), 1, "hidden rows are rows");
}

#[test]
fn files_are_known_by_their_content() {
    let html = "\u{FEFF}<html><body><table><tr><td>岗位名称</td></tr></table>".as_bytes();
    assert!(fault("导出.xls", html).contains("网页"));
    assert!(fault("a.xlsx", b"%PDF-1.7").contains("PDF"));
    let mut encrypted = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(fault("a.xlsx", &encrypted).contains("密码"));
    let mut old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    old.extend("Workbook".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(fault("a.xls", &old).contains("另存为 XLSX"));
    let read = read_as("名单.xlsx", "岗位名称\n装配工\n".as_bytes()).unwrap();
    assert!(read.notices[0].contains("CSV"), "{:?}", read.notices);
    assert!(fault("a.xlsx", b"PK\x03\x04garbage").contains("打不开"));
    assert!(fault("a.xlsx", &zip_of("word/document.xml", 9)).contains("Word"));
}

#[test]
fn files_beyond_the_bounds_are_refused() {
    let large = fault("a.csv", &vec![b'a'; FILE_BYTES_MAX + 1]);
    assert!(
        large.contains("21 MB") && large.contains("20 MB"),
        "{large}"
    );
    let rows = format!("岗位名称\n{}", "甲\n".repeat(ROWS_MAX + 1));
    assert!(fault("a.csv", rows.as_bytes()).contains("100000 行"));
    let wide = fault(
        "a.csv",
        format!("岗位名称\n{}甲", ",".repeat(200)).as_bytes(),
    );
    assert!(
        wide.contains("第 2 行") && wide.contains("第 200 列"),
        "{wide}"
    );
    let bomb = zip_of("xl/workbook.xml", 401 * 1024 * 1024);
    assert!(bomb.len() < FILE_BYTES_MAX);
    assert!(fault("a.xlsx", &bomb).contains("400 MB"));
}

#[test]
fn one_text_in_very_many_cells_is_refused_before_memory_is_full() {
    let bytes = book(|sheet| {
        sheet.write_string(0, 0, "岗位名称").unwrap();
        let text = "甲".repeat(30_000);
        for row in 1..4_000 {
            sheet.write_string(row, 0, &text).unwrap();
        }
    });
    assert!(fault("a.xlsx", &bytes).contains("256 MB"));
}

/// A zip with one file of so many zeros.
fn zip_of(name: &str, bytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().large_file(false);
    zip.start_file(name, options).unwrap();
    let block = vec![0_u8; 1024 * 1024];
    for _ in 0..bytes / block.len() {
        zip.write_all(&block).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
