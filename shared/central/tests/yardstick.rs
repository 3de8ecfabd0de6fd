//! The yardstick: 27,085 real rows of 29 sources, with all their mess. The file is not part of
//! this repository; without it the test says that it was skipped. Where it is: `HALL_REAL_DATA`,
//! else `../shared/data` beside the workspace.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use central::import::{
    ImportReport, ImportRequest, ImportRules, Kept, PreparedRow, prepare, read_file, run,
};
use chrono::NaiveDate;
use domain::pay::PayParameters;
use domain::time::UtcMs;
use domain::vacancy::{Context, SourceKey};

const ROWS: u64 = 27_085;

fn yardstick() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let directory = std::env::var_os("HALL_REAL_DATA").map_or_else(beside, PathBuf::from);
    let file = directory.join("vacancies_real.csv");
    file.exists().then_some(file)
}

fn rules() -> ImportRules {
    let pay = PayParameters {
        paid_days_per_month_hundredths: 2_175,
        hours_per_day: 8,
    };
    ImportRules::embedded(pay).expect("sound lists, because they are embedded")
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day, because November has 30")
}

fn import(
    file: &Path,
    data: &Path,
    kept: &mut HashMap<SourceKey, Vec<u8>>,
) -> (ImportReport, Duration) {
    let request = ImportRequest {
        file,
        data,
        imported_at: UtcMs(1_795_400_000_000),
        as_of: day(),
        rules: &rules(),
    };
    let mut keep = |row: &PreparedRow| -> Result<Kept, Infallible> {
        Ok(match kept.insert(row.key.clone(), row.raw.clone()) {
            None => Kept::Imported,
            Some(before) if before == row.raw => Kept::Unchanged,
            Some(_) => Kept::Updated,
        })
    };
    let started = Instant::now();
    let report =
        run(&request, &mut keep, &mut |_| {}).expect("an import, because the file is sound");
    (report, started.elapsed())
}

#[test]
fn real_rows_are_all_taken_and_99_percent_of_their_pay_is_understood() {
    let Some(file) = yardstick() else {
        println!("SKIPPED: vacancies_real.csv is not on this machine (set HALL_REAL_DATA)");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let mut kept = HashMap::new();
    let (first, elapsed) = import(&file, data.path(), &mut kept);
    println!("{}\n{}", first.json_line(elapsed), first.text(elapsed));
    assert_eq!(first.rows(), ROWS);
    assert_eq!((first.imported, first.rejected), (ROWS, 0));
    assert!(first.pay_understood * 100 >= first.pay_text_rows * 99);
    assert!(first.not_understood.rows() == first.pay_text_rows - first.pay_understood);
    assert_eq!(first.inferred.rows(), first.pay_inferred);

    let (second, elapsed) = import(&file, data.path(), &mut kept);
    println!("{}", second.json_line(elapsed));
    assert_eq!((second.rows(), second.unchanged), (ROWS, ROWS));
}

#[test]
fn what_real_cells_become_is_counted_and_mostly_known() {
    let Some(file) = yardstick() else {
        println!("SKIPPED: vacancies_real.csv is not on this machine (set HALL_REAL_DATA)");
        return;
    };
    let rules = rules();
    let table = read_file(&file, &rules.columns).unwrap();
    let context = Context {
        as_of: day(),
        pay: &rules.pay,
        codes: &rules.codes,
    };
    let started = Instant::now();
    let rows: Vec<PreparedRow> = prepare(&table, context).map(|row| row.unwrap()).collect();
    let per_second = rows.len() as f64 / started.elapsed().as_secs_f64();
    println!("prepare: {per_second:.0} rows/s on one core");
    let mut flags: HashMap<String, u64> = HashMap::new();
    for flag in rows.iter().flat_map(|row| &row.flags) {
        *flags.entry(format!("{flag:?}")).or_default() += 1;
    }
    let mut flags: Vec<_> = flags.into_iter().collect();
    flags.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    for (flag, rows) in flags {
        println!("{rows:>6} {flag}");
    }
    let invisible = |row: &&PreparedRow| row.draft.title.contains(domain::vacancy::is_invisible);
    assert_eq!(rows.iter().find(invisible).map(|row| row.line), None);
    let known = |known: fn(&PreparedRow) -> bool| rows.iter().filter(|row| known(row)).count();
    assert!(known(|row| row.draft.education.is_some()) > 21_000);
    assert!(known(|row| row.draft.experience.is_some()) > 21_000);
    assert!(known(|row| row.draft.place.is_some()) > 26_800);
    assert!(known(|row| row.draft.posted_on.is_some()) > 7_900);
}
