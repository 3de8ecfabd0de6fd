//! What single cells become.

use domain::case::{Decimal, Value};
use domain::money::Fen;
use rust_xlsxwriter::{Format, Formula};

use super::super::CellFault;
use super::{book, book_of, cell, outcome, read_as, read_book};

fn number_cell(heading: &str, number: f64, format: &str) -> Result<Value, String> {
    outcome(read_book(&book(|sheet| {
        let look = Format::new().set_num_format(format);
        sheet.write_string(0, 0, heading).unwrap();
        sheet.write_number_with_format(1, 0, number, &look).unwrap();
    })))
}

fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn decimal(text: &str) -> Value {
    Value::Decimal(Decimal::read(text).unwrap())
}

#[test]
fn dates_as_text_as_dates_and_as_serial_numbers_are_one_day() {
    for text in [
        "2026年11月26日",
        "2026/11/26",
        "2026.11.26",
        "20261126",
        "２０２６－１１－２６",
        "46352",
    ] {
        assert_eq!(cell("开始日期", text), Ok(day("2026-11-26")), "{text}");
    }
    for format in ["yyyy/m/d", "General", "yyyy\"年\"m\"月\"d\"日\""] {
        assert_eq!(
            number_cell("开始日期", 46_352.0, format),
            Ok(day("2026-11-26")),
            "{format}"
        );
    }
    assert_eq!(
        number_cell("开始日期", 20_261_126.0, "General"),
        Ok(day("2026-11-26"))
    );
    let fault = cell("开始日期", "11月26日").unwrap_err();
    assert!(
        fault.contains("“11月26日”") && fault.contains("“2026年11月26日”"),
        "{fault}"
    );
}

#[test]
fn what_was_understood_in_an_unusual_way_is_said() {
    let hint = |text| {
        let read = read_book(&book_of(&[&["开始日期"], &[text]]));
        read.rows[0]
            .hints
            .iter()
            .map(|hint| hint.text.clone())
            .collect::<String>()
    };
    assert!(hint("46352").contains("2026-11-26"));
    assert!(hint("2026-11-26 10:24").contains("10:24"));
    assert!(hint("2226-11-26").contains("太远"));
    assert_eq!(hint("2026-11-26"), "");
}

#[test]
fn money_is_exact_from_numbers_and_texts() {
    assert_eq!(
        number_cell("月工资", 0.1 + 0.2, "General"),
        Ok(Value::Money(Fen(30)))
    );
    assert_eq!(
        number_cell("月工资", 12_000.5, "#,##0.00"),
        Ok(Value::Money(Fen(1_200_050)))
    );
    assert_eq!(
        cell("月工资", "１，２００．５ 元"),
        Ok(Value::Money(Fen(120_050)))
    );
    let fault = cell("月工资", "面议").unwrap_err();
    assert!(
        fault.contains("“面议”") && fault.contains("1.2万元"),
        "{fault}"
    );
    assert!(number_cell("月工资", 0.125, "General").is_err());
}

#[test]
fn a_per_cent_means_what_is_seen() {
    assert_eq!(number_cell("缴费比例", 0.25, "0%"), Ok(decimal("25")));
    assert_eq!(number_cell("缴费比例", 0.165, "0.0%"), Ok(decimal("16.5")));
    assert_eq!(number_cell("缴费比例", 25.0, "General"), Ok(decimal("25")));
    assert_eq!(cell("缴费比例", "25％"), Ok(decimal("25")));
}

#[test]
fn numbers_too_long_for_a_table_program_are_a_fault_that_says_how_to_fill_them() {
    for fault in [
        number_cell("身份证号", 110_101_199_001_011_234.0, "0"),
        cell("身份证号", "1.10101E+17"),
        cell("信用代码", "9.13E+17"),
    ] {
        let fault = fault.unwrap_err();
        assert!(
            fault.contains("文本") && fault.contains("重新填写"),
            "{fault}"
        );
    }
    let Ok(Value::Personal(phone)) = number_cell("联系电话", 13_800_138_000.0, "General")
    else {
        panic!("a phone number");
    };
    assert_eq!(phone.expose(), "13800138000");
}

#[test]
fn faults_never_repeat_personal_data() {
    let fault = cell("身份证号", "1101**********1234").unwrap_err();
    assert!(fault.contains("遮住") && !fault.contains("1101"), "{fault}");
}

#[test]
fn words_and_marks_of_yes_and_no() {
    for yes in ["是", "√", " Ｙ ", "true", "1", "有"] {
        assert_eq!(cell("急招", yes), Ok(Value::Boolean(true)), "{yes}");
    }
    for no in ["否", "×", "N", "0", "无"] {
        assert_eq!(cell("急招", no), Ok(Value::Boolean(false)), "{no}");
    }
    assert!(cell("急招", "也许").unwrap_err().contains("“是”或“否”"));
}

#[test]
fn choices_are_found_by_name_and_code_and_faults_name_them() {
    for text in ["非全日制（小时工）", "非全日制 (小时工)", "PART"] {
        assert_eq!(
            cell("用工形式", text),
            Ok(Value::Choice("part".to_owned())),
            "{text}"
        );
    }
    let fault = cell("用工形式", "兼职").unwrap_err();
    assert!(
        fault.contains("“兼职”") && fault.contains("全职、非全日制"),
        "{fault}"
    );
}

#[test]
fn references_are_the_callers() {
    let id = "0190a5c0-0000-7000-8000-000000000001";
    assert!(matches!(cell("用人单位", id), Ok(Value::Record(_))));
    assert!(matches!(cell("经办人", id), Ok(Value::Staff(_))));
    assert!(
        cell("用人单位", "没有的单位")
            .unwrap_err()
            .contains("没有找到")
    );
}

#[test]
fn texts_lose_their_widths_and_blanks_only() {
    let read = |text| cell("备注", text);
    assert_eq!(
        read("　Ａ座３楼（东） "),
        Ok(Value::Text("A座3楼（东）".to_owned()))
    );
    assert_eq!(read("一\r\n二"), Ok(Value::Text("一\n二".to_owned())));
}

#[test]
fn formulas_that_failed_are_a_fault() {
    let failed = |result: &str| {
        outcome(read_book(&book(|sheet| {
            sheet.write_string(0, 0, "备注").unwrap();
            let formula = Formula::new("=VLOOKUP(1,A5:B9,2,0)").set_result(result);
            sheet.write_formula(1, 0, formula).unwrap();
        })))
    };
    assert!(failed("#N/A").unwrap_err().contains("公式出错（#N/A）"));
    assert_eq!(failed("甲"), Ok(Value::Text("甲".to_owned())));
    let csv = "备注\n#REF!\n".as_bytes();
    assert!(
        outcome(read_as("a.csv", csv).unwrap())
            .unwrap_err()
            .contains("#REF!")
    );
}

#[test]
fn a_cell_merged_down_a_column_is_the_value_of_all_its_rows() {
    let read = read_book(&book(|sheet| {
        let look = Format::new();
        sheet.merge_range(0, 0, 0, 1, "招聘会名单", &look).unwrap();
        for (column, heading) in (0..).zip(["岗位名称", "人数"]) {
            sheet.write_string(1, column, heading).unwrap();
        }
        sheet.merge_range(2, 0, 4, 0, "装配工", &look).unwrap();
        sheet.write_number(2, 1, 1).unwrap();
        sheet.write_number(3, 1, 2).unwrap();
    }));
    assert_eq!(read.rejected, []);
    let rows: Vec<_> = read
        .rows
        .iter()
        .map(|row| (row.line, row.values.clone()))
        .collect();
    let row = |line, count| {
        let title = Value::Text("装配工".to_owned());
        let values = [("title", title), ("headcount", Value::Integer(count))];
        (
            line,
            values.map(|(id, value)| (id.to_owned(), value)).into(),
        )
    };
    // Row 5 has nothing of its own: it is the rest of the record above.
    assert_eq!(rows, [row(3, 1), row(4, 2)]);
}

#[test]
fn a_cell_merged_across_columns_is_a_fault_of_each_column() {
    let read = read_book(&book(|sheet| {
        for (column, heading) in (0..).zip(["岗位名称", "备注", "人数"]) {
            sheet.write_string(0, column, heading).unwrap();
        }
        sheet
            .merge_range(1, 0, 1, 1, "装配工", &Format::new())
            .unwrap();
        sheet.write_number(2, 2, 3).unwrap();
    }));
    assert_eq!((read.rows.len(), read.rejected.len()), (1, 1));
    let faults = &read.rejected[0].faults;
    let columns: Vec<_> = faults.iter().map(|fault| fault.column.as_str()).collect();
    assert_eq!(columns, ["岗位名称", "备注"]);
    assert!(matches!(&faults[0], CellFault { text, .. } if text.contains("取消合并")));
}

#[test]
fn lists_are_separated_by_the_strongest_separator() {
    let texts = |text| match cell("技能", text) {
        Ok(Value::List(values)) => values,
        other => panic!("{other:?}"),
    };
    let list = |texts: &[&str]| -> Vec<Value> {
        texts
            .iter()
            .map(|text| Value::Text((*text).to_owned()))
            .collect()
    };
    assert_eq!(texts("电工，焊工、 叉车,"), list(&["电工", "焊工", "叉车"]));
    assert_eq!(
        texts("电工（高压、低压）；焊工"),
        list(&["电工（高压、低压）", "焊工"])
    );
    assert_eq!(texts("a|b|c"), list(&["a", "b", "c"]));
    assert!(
        cell("面试日", "2026.11.26、明天")
            .unwrap_err()
            .contains("“明天”")
    );
}
