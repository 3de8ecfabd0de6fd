//! What exports say besides values.

use domain::case::Value;
use domain::personal::Pii;

use super::super::{Cell, Column, ExportHead, export_csv, export_xlsx};
use super::round_trip::head;
use super::{cell, kind, read_as};

fn csv(rows: Vec<Vec<Cell>>, head: &ExportHead) -> String {
    let kind = kind();
    let columns: Vec<Column> = ["title", "wage"]
        .map(|id| Column::of(kind.field(id).unwrap()))
        .to_vec();
    let bytes = export_csv(&columns, rows.into_iter(), head).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn real() -> ExportHead {
    ExportHead {
        is_demo: false,
        ..head()
    }
}

#[test]
fn a_csv_has_its_mark_crlf_quotes_and_no_formulas() {
    let text = |text: &str| Cell::Text(text.to_owned());
    let money = Cell::Money(domain::money::Fen(-1_200_050));
    let rows = vec![
        vec![text("=HYPERLINK(\"x\")"), money],
        vec![text("甲,\"乙\"\n丙"), Cell::Empty],
        vec![text("@x"), text("＋1")],
    ];
    assert_eq!(
        csv(rows, &real()),
        "\u{FEFF}岗位名称,月工资（元）\r\n\"'=HYPERLINK(\"\"x\"\")\",-12000.50\r\n\
         \"甲,\"\"乙\"\"\n丙\",\r\n'@x,'＋1\r\n"
    );
}

#[test]
fn made_up_data_is_said_to_be_made_up() {
    assert!(csv(Vec::new(), &head()).starts_with("\u{FEFF}演示数据"));
    assert!(!csv(Vec::new(), &real()).contains("演示"));
}

#[test]
fn personal_data_is_masked_and_a_mask_is_not_taken_for_data() {
    let kind = kind();
    let phone = kind.field("phone").unwrap();
    for value in [
        Value::Personal(Pii::new("13800138000".to_owned())),
        Value::Sealed("c2VhbGVk".to_owned()),
    ] {
        let Cell::Masked(shown) = Cell::of(phone, &value, &|_| None) else {
            panic!("a masked cell");
        };
        assert!(cell("联系电话", &shown).unwrap_err().contains("遮住"));
    }
}

#[test]
fn a_hundred_thousand_rows_are_written_and_read() {
    let kind = kind();
    let columns = [Column::of(kind.field("title").unwrap())];
    let rows = (0..100_000).map(|row| vec![Cell::Text(format!("岗位{row}"))]);
    let bytes = export_xlsx(&columns, rows, &head()).unwrap();
    assert_eq!(read_as("a.xlsx", &bytes).unwrap().rows.len(), 100_000);
}
