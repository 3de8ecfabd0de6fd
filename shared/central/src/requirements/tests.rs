//! The sheet against what is there: every item once, every kind a kind, every proof a test that runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;
use crate::cases::KindShelf;

/// Every item of the district's sheet, and what the others rest on.
const IDS: &str = "
    1.1.1a 1.1.1b 1.1.1c 1.1.2a 1.1.2b 1.1.2c 1.2.1a 1.2.1b 1.2.2a 1.2.2b 1.2.2c 1.2.2d 1.2.3a
    1.2.3b 1.3.1a 1.3.1b 1.3.1c 1.3.2a 1.3.2b 1.3.3a 1.3.3b 1.3.3c 1.4.1 1.4.2a 1.4.2b 1.4.2c
    1.4.2d 1.4.3a 1.4.3b 1.4.4a 1.4.4b 1.5.1a 1.5.1b 1.5.2 1.5.3a 1.5.3b 1.5.4a 1.5.4b 1.5.4c
    1.5.4d 1.5.4e 1.6.1a 1.6.1b 1.6.2 1.6.3 1.6.4 1.6.5 1.6.6 1.6.7 1.6.8 2.1 2.2 2.3a 2.3b
    2.4a 2.4b 2.5a 2.5b 2.5c 2.5d 2.6 2.7 2.8 2.9 2.10 2.11.1 2.11.2 2.11.3 2.11.4 2.11.5
    2.11.6 2.11.7 2.11.8 2.11.9 2.12 2.13a 2.13b 2.14 3.1 3.2a 3.2b 3.2c 3.3a 3.3b 3.4 3.5a
    3.5b 3.6a 3.6b 3.7 3.8 3.9 3.10 3.11 3.12 3.13 4.A.1 4.A.2a 4.A.2b 4.A.2c 4.A.2d 4.A.2e
    4.A.3a 4.A.3b 4.A.3c 4.A.4 4.A.5a 4.A.5b 4.A.5c 4.A.6 4.A.7a 4.A.7b 4.A.8a 4.A.8b 4.B.1
    4.B.2a 4.B.2b 4.B.2c 4.B.3a 4.B.3b 4.B.4a 4.B.4b 4.B.5 4.B.6 4.B.7 5.1 5.2 5.3a 5.3b 5.4
    5.5a 5.5b 5.5c 5.5d 5.6 6.1 6.2 6.3 6.4 6.5 6.6 6.7a 6.7b 6.7c 6.7d 6.7e 6.7f 6.7g 6.7h
    6.7i 6.8a 6.8b 6.9a 6.9b 6.10 6.11 6.12a 6.12b 6.12c 6.12d 6.13 6.14 6.15a 6.15b 6.15c
    6.15d 6.15e 6.15f 6.15g 6.15h 6.15i 6.15j 6.15k 6.15l 6.15m 6.15n 6.15o 6.15p 6.15q 6.15r
    6.15s 6.15t 6.15u 6.15v 6.15w K.1.1 K.1.2 K.1.3a K.1.3b K.1.3c K.1.3d K.1.3e K.1.3f K.1.3g
    K.1.3h K.1.3i K.1.3j K.1.3k K.2.1a K.2.1b K.2.1c K.2.2 K.3.1 K.3.2 K.4.1a K.4.1b K.4.2a
    K.4.2b K.4.2c K.4.3a K.4.3b K.4.3c K.4.3d K.4.4 K.N.1 K.N.2 S.ticket S.appointment
    S.service_rating S.bad_rating_case S.publicity_notice S.payment_batch S.kpi_target
    S.policy_parameter S.audit_event S.work_calendar S.person S.employer S.family S.hall
    S.service_window S.service_topic S.bank_account S.partner_bank S.account_subject S.vehicle";

fn sheet() -> Vec<Requirement> {
    embedded().unwrap_or_else(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_item_of_the_sheet_stands_once() {
    let sheet = sheet();
    let told: BTreeSet<&str> = sheet.iter().map(|item| item.id.as_str()).collect();
    let wanted: BTreeSet<&str> = IDS.split_whitespace().collect();
    let forgotten: Vec<_> = wanted.difference(&told).collect();
    let invented: Vec<_> = told.difference(&wanted).collect();
    assert!(forgotten.is_empty(), "not in the file: {forgotten:?}");
    assert!(invented.is_empty(), "not on the sheet: {invented:?}");
    assert_eq!(sheet.len(), wanted.len());
    for item in &sheet {
        let line = item.id.split('.').next().unwrap();
        assert_eq!(line, item.line.word(), "{}", item.id);
    }
}

#[test]
fn every_built_row_names_kinds_and_tests_that_are_there() {
    let shelf = KindShelf::embedded().unwrap();
    let (mut files, mut wrong) = (BTreeMap::new(), Vec::new());
    for item in sheet() {
        let unknown = item.kinds.iter().filter(|kind| shelf.kind(kind).is_none());
        wrong.extend(unknown.map(|kind| format!("{}: no kind {kind}", item.id)));
        let State::Built(proofs) = &item.state else {
            continue;
        };
        for proof in proofs {
            let text = files
                .entry(proof.file.clone())
                .or_insert_with(|| std::fs::read_to_string(top().join(&proof.file)));
            let fault = match text {
                Err(_) => Some("no such file"),
                Ok(text) => fault_of_test(text, &proof.function),
            };
            wrong.extend(
                fault.map(|fault| {
                    format!("{}: {}::{}: {fault}", item.id, proof.file, proof.function)
                }),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Why a function of a file is no test that runs.
fn fault_of_test(text: &str, function: &str) -> Option<&'static str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let (plain, held) = (format!("fn {function}("), format!("async fn {function}("));
    let Some(place) = lines
        .iter()
        .position(|line| line.starts_with(&plain) || line.starts_with(&held))
    else {
        return Some("no such function");
    };
    let attributes = lines[..place].iter().rev();
    let attributes: Vec<_> = attributes
        .take_while(|line| line.starts_with('#') || line.starts_with("//"))
        .collect();
    let says = |word: &str| attributes.iter().any(|line| line.starts_with(word));
    match says("#[test]") || says("#[tokio::test") {
        false => Some("no test"),
        true if says("#[ignore") => Some("an ignored test"),
        true => None,
    }
}

#[test]
fn what_is_no_test_is_told() {
    let text = "#[test]\nfn a() {}\n#[ignore]\n#[test]\nfn b() {}\nfn c() {}\n#[tokio::test]\nasync fn d() {}";
    for (function, fault) in [
        ("a", None),
        ("b", Some("an ignored test")),
        ("c", Some("no test")),
        ("d", None),
        ("e", Some("no such function")),
    ] {
        assert_eq!(fault_of_test(text, function), fault, "{function}");
    }
}

/// Prints what is open: `cargo test -p central --lib requirements -- --nocapture`.
#[test]
fn what_is_open_says_what_is_missing() {
    let sheet = sheet();
    let open = sheet.iter().filter_map(|item| match &item.state {
        State::Open(missing) => Some((item, missing)),
        State::Built(_) => None,
    });
    for (item, missing) in open.clone() {
        println!("{:<10} {}：{missing}", item.id, item.what);
        assert!(missing.chars().count() >= 4, "{}", item.id);
    }
    println!("{} of {} open", open.count(), sheet.len());
}

#[test]
fn a_line_that_cannot_be_read_is_told_with_its_number() {
    let head = format!("{HEAD}\n");
    for (line, told) in [
        ("1.1,1,甲,,,built,a::b", "8 栏"),
        ("1.1,9,甲,,,built,a::b,", "“9”"),
        ("1.1,1,甲,,,built,,", "反过来"),
        ("1.1,1,甲,,,open,a::b,缺", "反过来"),
        ("1.1,1,甲,,,done,a::b,", "“done”"),
        ("1.1,1,甲,,,built,a,", "文件::函数"),
        ("1.1,1,甲,A-B,,built,a::b,", "kind"),
        ("1.1,1,甲,,,open,,缺乙\n1.1,1,丙,,,open,,缺丁", "两次"),
    ] {
        let faults = read(&format!("{head}{line}")).unwrap_err();
        let fault = faults.last().unwrap();
        assert!(fault.text.contains(told), "{line}: {fault}");
        assert!(fault.line >= 2);
    }
    assert!(read("id\n").is_err());
}
