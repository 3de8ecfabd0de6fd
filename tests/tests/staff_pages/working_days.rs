//! Whole days of people of the centre, forms of every service line, and everything that is printed: in
//! a real browser, over the demonstration's data and the records of `beforehand.toml`. What is clicked,
//! typed and claimed on the way stands in `tests/browser`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::centre::Centre;

/// Documents that take more than one page, and how many.
const LONG_PAPERS: [(&str, u64); 1] = [("correction_notice", 2)];

#[test]
fn a_director_an_archivist_a_loan_officer_and_a_cashier_do_their_days_work() {
    let told = Centre::open().script("days.mjs");
    let days = told.as_object().expect("days");
    assert_eq!(days.len(), 4, "{told:#}");
    let errors = days
        .iter()
        .filter_map(|(day, how)| Some(format!("{day}: {}", how["error"].as_str()?)));
    all_went_well(&errors.collect::<Vec<_>>());
}

#[test]
fn two_forms_of_every_line_are_refused_where_they_are_wrong_and_saved_when_they_are_right() {
    let told = Centre::open().script("forms.mjs");
    let forms = told.as_object().expect("forms");
    assert_eq!(forms.len(), 12, "{told:#}");
    let errors = forms
        .iter()
        .filter(|(_, error)| *error != "")
        .map(|(form, error)| format!("{form}: {}", error.as_str().unwrap_or("no word of it")));
    all_went_well(&errors.collect::<Vec<_>>());
}

#[test]
fn every_document_and_a_long_ledger_stand_on_a4_whole() {
    let told = Centre::open().script("papers.mjs");
    let papers = told["papers"].as_object().expect("papers");
    let printed: BTreeSet<&str> = papers.keys().map(String::as_str).collect();
    let templates = templates();
    let all: BTreeSet<&str> = templates.iter().map(String::as_str).collect();
    assert_eq!(printed, all);
    let long = BTreeMap::from(LONG_PAPERS);
    let mut wrong = faults("the ledger", &told["ledger"]);
    for (template, paper) in papers {
        let pages = long.get(template.as_str()).copied().unwrap_or(1);
        wrong.extend(faults(template, paper));
        if paper["pages"] != pages {
            let told = &paper["pages"];
            wrong.push(format!("{template}: {told} pages, not {pages}"));
        }
    }
    all_went_well(&wrong);
}

fn faults(name: &str, of: &Value) -> Vec<String> {
    let faults = of["faults"].as_array().expect("faults").iter();
    faults
        .map(|fault| format!("{name}: {}", fault.as_str().expect("words")))
        .collect()
}

/// Everything that did not is told at once.
#[track_caller]
fn all_went_well(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The ids of the templates, which are the names of their files.
fn templates() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/documents");
    let files = fs::read_dir(folder).expect("the templates");
    let names = files.map(|file| file.expect("a file").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names
        .filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned()))
        // says how ledgers are set, and is none itself
        .filter(|name| name != "ledgers")
        .collect()
}
