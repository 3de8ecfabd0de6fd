//! The longest strings that employers really wrote, on the pages that show vacancies. The file of
//! real vacancies is not part of the project; where it is not there, the invented longest strings of
//! `Sheet::JobLongest` and `Sheet::JobDetailLongest` stand alone, and the test says so.

use std::path::Path;

use kiosk::snapshot::{Look, Sheet};
use kiosk::ui::{JobDetail, JobRow, JobSearch};
use slint::{Global, ModelRc, VecModel};

use super::checks;
use super::glass::Glass;
use super::{PANELS, looks, show, stage};

const FILE: &str = "/work/shared/data/vacancies_real.csv";
const COLUMNS: [&str; 4] = ["title", "employer", "district", "salary"];

/// The longest value of each column, in hanzi.
fn longest() -> Option<[String; 4]> {
    if !Path::new(FILE).exists() {
        return None;
    }
    let mut file = csv::Reader::from_path(FILE).expect("a table");
    let head = file.headers().expect("a head").clone();
    let places = COLUMNS.map(|column| {
        let place = head.iter().position(|name| name.contains(column));
        place.unwrap_or_else(|| panic!("no column {column} in {head:?}"))
    });
    let mut longest = [const { String::new() }; 4];
    for row in file.records().flatten() {
        for (value, place) in longest.iter_mut().zip(places) {
            let this = row.get(place).unwrap_or_default().trim();
            if this.chars().count() > value.chars().count() {
                *value = this.to_owned();
            }
        }
    }
    Some(longest)
}

#[test]
fn the_longest_strings_of_real_vacancies_fit() {
    let Some([title, employer, district, pay]) = longest() else {
        eprintln!(
            "skipped: {FILE} is not on this machine; the invented longest strings are walked"
        );
        return;
    };
    let row = JobRow {
        title: title.as_str().into(),
        under: format!("{employer} · {district}").into(),
        pay: pay.as_str().into(),
        age: "11月23日".into(),
        label: "第 1 个".into(),
    };
    let stage = stage(Look::PORTRAIT);
    let mut faults = Vec::new();
    for panel in PANELS {
        for (mode, look) in looks(Sheet::JobList, panel) {
            show(&stage, Sheet::JobList, panel, look);
            JobSearch::get(stage.window())
                .set_rows(ModelRc::new(VecModel::from(vec![row.clone()])));
            let mut found = checks::faults(&Glass::of(&stage), look, panel, Sheet::JobList);
            show(&stage, Sheet::JobDetail, panel, look);
            let detail = JobDetail::get(stage.window());
            detail.set_employer(employer.as_str().into());
            detail.set_pay(pay.as_str().into());
            found.extend(checks::faults(
                &Glass::of(&stage),
                look,
                panel,
                Sheet::JobDetail,
            ));
            let place = format!("{} {mode}", panel.name);
            faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
