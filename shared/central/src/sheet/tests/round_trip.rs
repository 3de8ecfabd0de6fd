//! Template → fill → read, and export → read.

use domain::case::{Decimal, Field, Kind, Value, Values};
use domain::id::{RecordId, StaffId};
use domain::money::Fen;
use domain::personal::Pii;
use domain::time::UtcMs;
use proptest::prelude::*;

use super::super::style::shown;
use super::super::{
    Cell, Column, ExportHead, FILE_BYTES_MAX, Format, columns, export_csv, export_xlsx, template,
};
use super::{book, kind, only, read_as, read_book};

/// As a person writes it, after what reading does to every text.
const PROSE: &str =
    "[=+'@|、;，a-zA-Z0-9甲乙丙（）。_-][甲乙丙丁 、,;a-z\"'\n_x0-9]{0,12}[甲乙a-z0-9]";

fn uuid() -> impl Strategy<Value = uuid::Uuid> {
    any::<u128>().prop_map(uuid::Uuid::from_u128)
}

fn day() -> impl Strategy<Value = Value> {
    (0..60_000_u64).prop_map(|days| {
        let first = chrono::NaiveDate::from_ymd_opt(1890, 1, 1).unwrap();
        Value::Date(first + chrono::Days::new(days))
    })
}

fn value(field: &Field) -> BoxedStrategy<Value> {
    let choice = || prop_oneof!["fulltime", "part"].prop_map(Value::Choice);
    let list = |of: BoxedStrategy<Value>| {
        let several = proptest::collection::vec(of, 1..4);
        several.prop_map(Value::List).boxed()
    };
    let personal = |text: String| Value::Personal(Pii::new(text));
    match field.id.as_str() {
        "contact" => "[甲乙丙丁]{2,4}".prop_map(personal).boxed(),
        "phone" => "1[3-9][0-9]{9}".prop_map(personal).boxed(),
        "id_number" => "[1-9][0-9]{16}[0-9X]".prop_map(personal).boxed(),
        "credit" => "[0-9A-Z]{18}"
            .prop_filter("no exponent form", |code| {
                !super::super::number::is_exponent_form(code)
            })
            .prop_map(Value::Text)
            .boxed(),
        "headcount" => any::<i64>().prop_map(Value::Integer).boxed(),
        "wage" => any::<i64>().prop_map(|fen| Value::Money(Fen(fen))).boxed(),
        "rate" => "-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,12})?"
            .prop_map(|text| Value::Decimal(Decimal::read(&text).unwrap()))
            .boxed(),
        "start" => day().boxed(),
        "at" => (-1_500_000_000_000_i64..4_000_000_000_000)
            .prop_map(|ms| Value::Moment(UtcMs(ms)))
            .boxed(),
        "urgent" => any::<bool>().prop_map(Value::Boolean).boxed(),
        "form" => choice().boxed(),
        "employer" => uuid().prop_map(|id| Value::Record(RecordId(id))).boxed(),
        "clerk" => uuid().prop_map(|id| Value::Staff(StaffId(id))).boxed(),
        "skills" => list(
            "[甲乙a-z]([甲乙 、,;|a-z]{0,6}[甲乙a-z])?"
                .prop_map(Value::Text)
                .boxed(),
        ),
        "forms" => list(choice().boxed()),
        "days" => list(day().boxed()),
        _ => PROSE.prop_map(Value::Text).boxed(),
    }
}

/// Any values of the kind, some fields empty.
fn values() -> impl Strategy<Value = Values> {
    let fields: Vec<Field> = kind()
        .fields
        .into_iter()
        .filter(|f| !f.is_computed)
        .collect();
    let each: Vec<_> = fields
        .iter()
        .map(|field| proptest::option::of(value(field)))
        .collect();
    each.prop_map(move |values| {
        let named = fields.iter().map(|field| field.id.clone()).zip(values);
        named.filter_map(|(id, value)| Some((id, value?))).collect()
    })
}

/// What an export of somebody who may see everything shows.
fn cells(kind: &Kind, values: &Values) -> Vec<Cell> {
    let cell = |field: &Field| match values.get(&field.id) {
        None => Cell::Empty,
        Some(Value::Personal(text)) => Cell::Text(text.expose().clone()),
        Some(value) => Cell::of(field, value, &|_| None),
    };
    let typed = kind.fields.iter().filter(|field| !field.is_computed);
    typed.map(cell).collect()
}

fn all_columns(kind: &Kind) -> Vec<Column> {
    let typed = kind.fields.iter().filter(|field| !field.is_computed);
    typed.map(Column::of).collect()
}

pub(super) fn head() -> ExportHead {
    ExportHead {
        title: "招聘登记清单".to_owned(),
        filter_text: "全部".to_owned(),
        made_at_text: "2026年11月26日 10:00".to_owned(),
        made_by: "测试员".to_owned(),
        is_demo: true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_exported_reads_back_equal(
        all in proptest::collection::vec(values(), 1..6),
    ) {
        let kind = kind();
        let written: Vec<_> = all.into_iter().filter(|values| !values.is_empty()).collect();
        let rows = || written.iter().map(|values| cells(&kind, values));
        let xlsx = export_xlsx(&all_columns(&kind), rows(), &head()).unwrap();
        let csv = export_csv(&all_columns(&kind), rows(), &head()).unwrap();
        for (name, bytes) in [("a.xlsx", xlsx), ("a.csv", csv)] {
            let read = read_as(name, &bytes).unwrap();
            prop_assert_eq!(&read.rejected, &[], "{}", name);
            let values: Vec<_> = read.rows.into_iter().map(|row| row.values).collect();
            prop_assert_eq!(&values, &written, "{}", name);
        }
    }
}

#[test]
fn a_template_is_read_as_a_sheet_without_rows() {
    let kind = kind();
    let bytes = template(&kind).unwrap();
    assert!(bytes.len() < FILE_BYTES_MAX);
    let read = read_book(&bytes);
    let typed = kind.fields.iter().filter(|field| !field.is_computed);
    assert_eq!(read.headings.len(), typed.count());
    assert_eq!(read.headings[0], "岗位名称＊");
    assert!(read.rows.is_empty() && read.rejected.is_empty());
    assert!(read.unknown_columns.is_empty() && read.missing_columns.is_empty());
}

#[test]
fn a_template_has_lists_frozen_headings_and_text_for_codes() {
    let bytes = template(&kind()).unwrap();
    let mut file = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        let mut entry = file.by_name(name).unwrap();
        std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    for has in [
        "state=\"frozen\"",
        "'选项'!$L$1:$L$2",
        "'选项'!$M$1:$M$2",
        "sqref=\"M2:M100001\"",
    ] {
        assert!(sheet.contains(has), "{has}: {sheet}");
    }
    // Number format 49 is text.
    assert!(part("xl/styles.xml").contains("numFmtId=\"49\""));
    let guide = part("xl/sharedStrings.xml");
    for says in [
        "18 位公民身份号码",
        "全职、非全日制（小时工）",
        "必填",
        "可不填",
    ] {
        assert!(guide.contains(says), "{says}");
    }
}

#[test]
fn a_filled_template_gives_the_values() {
    let headings = read_book(&template(&kind()).unwrap()).headings;
    let filled = [
        "装配工",
        "",
        "测试甲",
        "138 0013 8000",
        "11010119900101123x",
        "91320000mA1ABCDE0X",
        "12",
        "1.2万元",
        "25%",
        "2026年11月26日",
        "2026/11/26 9:00",
        "√",
        "非全日制(小时工)",
        "",
        "",
        "焊接、装配",
        "全职;part",
        "2026.11.26；20261127",
    ];
    let values = only(read_book(&book(|sheet| {
        for (column, heading) in (0..).zip(&headings) {
            sheet.write_string(0, column, heading).unwrap();
            sheet
                .write_string(1, column, filled[usize::from(column)])
                .unwrap();
        }
    })));
    let text = |text: &str| Value::Text(text.to_owned());
    let code = |code: &str| Value::Choice(code.to_owned());
    let personal = |text: &str| Value::Personal(Pii::new(text.to_owned()));
    assert_eq!(values["phone"], personal("13800138000"));
    assert_eq!(values["id_number"], personal("11010119900101123X"));
    assert_eq!(values["credit"], text("91320000MA1ABCDE0X"));
    assert_eq!(values["wage"], Value::Money(Fen(1_200_000)));
    assert_eq!(values["rate"], Value::Decimal(Decimal::read("25").unwrap()));
    assert_eq!(values["urgent"], Value::Boolean(true));
    assert_eq!(values["form"], code("part"));
    assert_eq!(
        values["skills"],
        Value::List(vec![text("焊接"), text("装配")])
    );
    assert_eq!(
        values["forms"],
        Value::List(vec![code("fulltime"), code("part")])
    );
    assert!(!values.contains_key("note") && values.len() == 15);
    let [Value::List(days), Value::Date(day)] = [&values["days"], &values["start"]] else {
        panic!("{values:?}");
    };
    assert_eq!(days[0], Value::Date(*day));
}

#[test]
fn the_columns_of_a_list_can_be_renamed_and_put_in_another_order() {
    let kind = kind();
    let map = "columns = [[\"起\", \"start\"], [\"岗位\", \"title\"]]";
    let map = super::ColumnMap::read(map, &kind).unwrap();
    let named = |map| {
        let columns = columns(&kind, map).into_iter();
        columns
            .map(|column| (column.heading, column.format))
            .collect::<Vec<_>>()
    };
    let own = |name: &str, format| (name.to_owned(), format);
    assert_eq!(
        named(None),
        [
            own("岗位名称", Format::Text),
            own("月工资（元）", Format::Money),
            own("开始日期", Format::Date)
        ]
    );
    assert_eq!(
        named(Some(&map)),
        [own("起", Format::Date), own("岗位", Format::Text)]
    );
    assert_eq!(shown(&Cell::Money(Fen(-5))), "-0.05");
}
