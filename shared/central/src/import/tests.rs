//! Whole files with invented rows: what is taken, what is rejected, what stops everything.

mod workbook;

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;
use domain::pay::{PayAmount, PayUnit};
use domain::vacancy::{Flag, SourceKey};
use tempfile::TempDir;

use super::*;
use workbook::{Cell, workbook};

/// A data directory, and a store in memory that decides as the real one does: by the raw bytes.
struct Hall {
    directory: TempDir,
    rules: ImportRules,
    kept: HashMap<SourceKey, PreparedRow>,
}

impl Hall {
    fn new() -> Self {
        let pay = PayParameters {
            paid_days_per_month_hundredths: 2_175,
            hours_per_day: 8,
        };
        let rules = ImportRules::embedded(pay).unwrap();
        Self {
            directory: TempDir::new().unwrap(),
            rules,
            kept: HashMap::new(),
        }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&mut self, file: &Path) -> Result<ImportReport, ImportFault<Infallible>> {
        let request = ImportRequest {
            file,
            data: self.directory.path(),
            imported_at: UtcMs(1_795_400_000_000),
            as_of: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            rules: &self.rules,
        };
        let kept = &mut self.kept;
        let mut keep = |row: &PreparedRow| {
            Ok(match kept.insert(row.key.clone(), row.clone()) {
                None => Kept::Imported,
                Some(before) if before.raw == row.raw => Kept::Unchanged,
                Some(_) => Kept::Updated,
            })
        };
        run(&request, &mut keep, &mut |_| {})
    }

    fn import_text(
        &mut self,
        text: impl AsRef<[u8]>,
    ) -> Result<ImportReport, ImportFault<Infallible>> {
        let file = self.file("岗位.csv", text);
        self.import(&file)
    }

    fn row(&self, id: &str) -> &PreparedRow {
        &self.kept[&SourceKey::Given(id.to_owned())]
    }

    /// The sentence of a file-level fault; checks that nothing was kept and no rejects left.
    fn refusal(&mut self, bytes: impl AsRef<[u8]>) -> String {
        let fault = self.import_text(bytes).unwrap_err();
        assert!(matches!(fault, ImportFault::File(_)), "{fault}");
        assert!(self.kept.is_empty());
        assert!(!self.directory.path().join("rejects").exists());
        fault.to_string()
    }
}

fn counts(report: &ImportReport) -> [u64; 4] {
    [
        report.imported,
        report.updated,
        report.unchanged,
        report.rejected,
    ]
}

const THREE_ROWS: &str = "编号,岗位名称,用人单位,工作地点,薪资\n\
    1,电工,示例机电厂,鹰潭-月湖区,5-7千/月\n\
    2,保洁员,示例家政部,鹰潭-月湖区,3000-3600元/月\n\
    3,焊工（日结）,示例安装队,鹰潭-余江区,320元/天\n";

#[test]
fn a_second_import_of_the_same_file_is_unchanged_and_a_changed_row_is_updated() {
    let mut hall = Hall::new();
    assert_eq!(counts(&hall.import_text(THREE_ROWS).unwrap()), [3, 0, 0, 0]);
    assert_eq!(counts(&hall.import_text(THREE_ROWS).unwrap()), [0, 0, 3, 0]);
    let changed = THREE_ROWS.replace("320元", "340元");
    assert_eq!(counts(&hall.import_text(changed).unwrap()), [0, 1, 2, 0]);
    assert_eq!(hall.row("3").draft.pay.unwrap().unit, PayUnit::Day);
}

#[test]
fn order_of_columns_spelling_of_headers_encoding_and_format_leave_the_raw_row_as_it_is() {
    let mut hall = Hall::new();
    hall.import_text(THREE_ROWS).unwrap();
    let other =
        "薪资待遇,岗位,公司名称,职位编号,工作地址\n5-7千/月,电工,示例机电厂,1,鹰潭-月湖区\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(other);
    assert_eq!(counts(&hall.import_text(gbk).unwrap()), [0, 0, 1, 0]);
    let sheet = workbook(&[
        vec![Cell::text("月湖区招聘会岗位表")],
        ["编号", "工种", "单位名称", "工作地点", "薪资"]
            .map(Cell::text)
            .to_vec(),
        vec![
            Cell::number("1"),
            Cell::text("电工"),
            Cell::text("示例机电厂"),
            Cell::text("鹰潭-月湖区"),
            Cell::text("5-7千/月"),
        ],
    ]);
    let file = hall.file("岗位.xlsx", sheet);
    let report = hall.import(&file).unwrap();
    assert_eq!(counts(&report), [0, 0, 1, 0]);
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.contains("上面的 1 行")),
        "{report:?}"
    );
}

#[test]
fn unknown_columns_stay_in_the_raw_row_and_are_said() {
    let mut hall = Hall::new();
    let report = hall
        .import_text("title,班次,source_id\n电工,\"三班,\"\"倒\"\"\",9\n")
        .unwrap();
    assert_eq!(
        String::from_utf8(hall.row("9").raw.clone()).unwrap(),
        r#"{"source_id":"9","title":"电工","班次":"三班,\"倒\""}"#
    );
    assert!(report.text(Duration::ZERO).contains("班次"));
}

#[test]
fn broken_quoting_imports_nothing_and_says_where() {
    let mut hall = Hall::new();
    let said = hall.refusal(format!("{THREE_ROWS}4,\"保安,示例物业,,\n"));
    assert!(said.contains("第 5 行第 3 个字符"), "{said}");
    let said = hall.refusal(format!("{THREE_ROWS}4,保\"安,示例物业,,\n"));
    assert!(said.contains("第 5 行第 4 个字符"), "{said}");
}

#[test]
fn a_missing_title_column_imports_nothing_and_names_the_headers() {
    let said = Hall::new().refusal("编号,薪资\n1,面议\n");
    assert!(
        said.contains("岗位名称") && said.contains("编号、薪资"),
        "{said}"
    );
}

#[test]
fn undecodable_text_an_empty_file_and_a_broken_workbook_import_nothing() {
    let mut hall = Hall::new();
    assert!(hall.refusal("").contains("空的"));
    let mut damaged = THREE_ROWS.as_bytes().to_vec();
    damaged.extend(b"4,\xE7\x94\xFF\n");
    assert!(hall.refusal(damaged).contains("第 5 行"));
    assert!(
        hall.refusal(b"PK\x03\x04 and then nothing")
            .contains("XLSX")
    );
}

#[test]
fn a_missing_file_is_named() {
    let mut hall = Hall::new();
    let fault = hall
        .import(Path::new("/没有/这个.csv"))
        .unwrap_err()
        .to_string();
    assert!(fault.contains("/没有/这个.csv"), "{fault}");
}

#[test]
fn faulty_rows_go_to_the_rejects_file_with_line_column_reason_and_advice() {
    let mut hall = Hall::new();
    let text = format!("{THREE_ROWS}4,,示例物业,,面议\n5,保安,多,一,格,了\n1,电工二,,,\n");
    let report = hall.import_text(text).unwrap();
    assert_eq!(counts(&report), [3, 0, 0, 3]);
    let path = report.rejects_file.clone().unwrap();
    assert_eq!(
        path.parent().unwrap(),
        hall.directory.path().join("rejects")
    );
    assert!(
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .ends_with("-岗位.csv")
    );
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let own = |index: usize| records[index].iter().skip(5).take(3).collect::<Vec<_>>();
    assert_eq!(own(0), ["5", "岗位名称", "岗位名称是空的"]);
    assert_eq!(own(1), ["6", "整行", "应有 5 格，实际 6 格"]);
    assert_eq!(own(2), ["7", "编号", "编号与第 2 行相同"]);
    assert!(records.iter().all(|record| !record[8].is_empty()));
}

#[test]
fn a_corrected_rejects_file_can_be_imported_as_it_is() {
    let mut hall = Hall::new();
    let report = hall
        .import_text(format!("{THREE_ROWS}4,,示例物业,,面议\n"))
        .unwrap();
    let rejects = std::fs::read_to_string(report.rejects_file.unwrap()).unwrap();
    let report = hall
        .import_text(rejects.replace("4,,示例物业", "4,保安,示例物业"))
        .unwrap();
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    assert!(!String::from_utf8_lossy(&hall.row("4").raw).contains("怎么办"));
}

#[test]
fn a_fault_of_the_store_leaves_no_rejects_file() {
    let hall = Hall::new();
    let file = hall.file("a.csv", "title,district\n ,\n电工,\n");
    let request = ImportRequest {
        file: &file,
        data: hall.directory.path(),
        imported_at: UtcMs(0),
        as_of: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        rules: &hall.rules,
    };
    let mut keep = |_: &PreparedRow| Err(std::io::Error::other("disk full"));
    let fault = run(&request, &mut keep, &mut |_| {}).unwrap_err();
    assert!(matches!(fault, ImportFault::Store(_)));
    let left = std::fs::read_dir(hall.directory.path().join("rejects"))
        .unwrap()
        .count();
    assert_eq!(left, 0);
}

#[test]
fn a_row_of_fifty_megabytes_is_rejected_and_the_rest_is_taken() {
    let mut hall = Hall::new();
    let report = hall
        .import_text(format!(
            "{THREE_ROWS}4,保安,\"{}\",,\n",
            "长".repeat(17_000_000)
        ))
        .unwrap();
    assert_eq!(counts(&report), [3, 0, 0, 1]);
    let rejects = std::fs::metadata(report.rejects_file.unwrap())
        .unwrap()
        .len();
    assert!(rejects < 200_000, "{rejects} bytes");
}

#[test]
fn a_row_that_grows_too_long_by_escaping_is_rejected_too() {
    let mut hall = Hall::new();
    let escaped = "\u{1}".repeat(100_000);
    let report = hall
        .import_text(format!("{THREE_ROWS}4,保安,{escaped},,\n"))
        .unwrap();
    assert_eq!(counts(&report), [3, 0, 0, 1]);
}

#[test]
fn formulas_are_taken_with_their_saved_result_and_rejected_without_one() {
    let mut hall = Hall::new();
    let header = ["编号", "岗位名称", "薪资", "发布日期", "备注价"]
        .map(Cell::text)
        .to_vec();
    let file = hall.file(
        "公式.xlsx",
        workbook(&[
            header,
            vec![
                Cell::text("a"),
                Cell::text("电工"),
                Cell::formula("6000+500", Some("6500")),
            ],
            vec![
                Cell::text("b"),
                Cell::text("焊工"),
                Cell::formula("6000+500", None),
            ],
            vec![
                Cell::text("c"),
                Cell::text("木工"),
                Cell::number("5800.5"),
                Cell::date("46345"),
                Cell::formula("NOW()", None),
            ],
        ]),
    );
    let report = hall.import(&file).unwrap();
    assert_eq!(counts(&report), [2, 0, 0, 1]);
    assert!(
        report.notices.iter().any(|notice| notice.contains("公式")),
        "{:?}",
        report.notices
    );
    let low = domain::money::Fen(650_000);
    assert_eq!(
        hall.row("a").draft.pay.unwrap().amount,
        PayAmount::From { low }
    );
    assert_eq!(
        hall.row("c").draft.posted_on,
        NaiveDate::from_ymd_opt(2026, 11, 19)
    );
    let rejects = std::fs::read_to_string(report.rejects_file.unwrap()).unwrap();
    assert!(rejects.contains("3,薪资,这一格是公式"), "{rejects}");
}

#[test]
fn without_ids_the_identity_is_said_and_equal_rows_are_rejected() {
    let mut hall = Hall::new();
    let report = hall
        .import_text("岗位,单位\n电工,甲厂\n电工,乙厂\n电工,甲厂\n")
        .unwrap();
    assert_eq!(counts(&report), [2, 0, 0, 1]);
    assert_eq!(report.identity_derived, 2);
    assert!(report.text(Duration::ZERO).contains("有 2 行没有编号"));
    assert!(
        hall.kept
            .values()
            .all(|row| row.flags.contains(&Flag::IdentityDerived))
    );
}

#[test]
fn the_report_counts_pay_and_lists_shapes() {
    let mut hall = Hall::new();
    let report = hall
        .import_text("title,salary\n甲,5-8K\n乙,看心情\n丙,\n丁,90-120K\n戊,面议\n己,6-7K\n")
        .unwrap();
    assert_eq!(
        (
            report.pay_text_rows,
            report.pay_understood,
            report.pay_inferred
        ),
        (5, 4, 3)
    );
    assert_eq!(report.inferred.by_frequency()[0].1.rows, 3);
    let json: serde_json::Value =
        serde_json::from_str(&report.json_line(Duration::from_millis(1_500))).unwrap();
    let expected = serde_json::json!({
        "rows": 6, "imported": 6, "updated": 0, "unchanged": 0, "rejected": 0,
        "pay_text_rows": 5, "pay_understood": 4, "pay_inferred": 3,
        "rejects_file": null, "seconds": 1.5,
    });
    assert_eq!(json, expected);
    let text = report.text(Duration::from_millis(1_500));
    for said in ["看心情", "N-NK", "80.00%", "可疑", "90-120K"] {
        assert!(text.contains(said), "{said} in {text}");
    }
}
