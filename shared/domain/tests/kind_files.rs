//! Files of `tests/oracle/broken`: a small kind, and copies of it with one thing wrong each. The first
//! line of a copy says on which line a reader must find the fault; nothing may be told elsewhere.

use std::fs;
use std::path::Path;

use domain::case::{KindFault, KindFile, KindSet};
use domain::rules::WordLists;

/// The number in `# expect: 12: …`; `None` for the file that is right.
fn expected_line(text: &str) -> Option<usize> {
    let first = text.lines().next().unwrap_or_default();
    let expectation = first
        .strip_prefix("# expect: ")
        .unwrap_or_else(|| panic!("the first line says what to expect: {first}"));
    let (line, _) = expectation
        .split_once(": ")
        .unwrap_or_else(|| panic!("a line and a reason: {first}"));
    match line {
        "nothing" => None,
        line => Some(line.parse().unwrap_or_else(|_| panic!("a line: {first}"))),
    }
}

fn faults(path: &str, text: &str) -> Vec<KindFault> {
    let file = KindFile { path, text };
    KindSet::read(&[file], &|list| list == "discrimination")
        .err()
        .unwrap_or_default()
}

/// What differs from the expectation of one file.
fn difference(name: &str, text: &str) -> Option<String> {
    let faults = faults(&format!("common/{name}"), text);
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
    let is_met = match expected_line(text) {
        None => lines.is_empty(),
        Some(line) => !lines.is_empty() && lines.iter().all(|told| *told == line),
    };
    (!is_met).then(|| {
        let first = text.lines().next().unwrap_or_default();
        format!("{name} {first}\n  {}", told.join("\n  "))
    })
}

#[test]
fn each_broken_file_is_told_on_its_line_and_nowhere_else() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle/broken");
    let mut names: Vec<_> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() > 30, "{names:?}");
    let differences: Vec<_> = names
        .iter()
        .filter_map(|name| {
            let text = fs::read_to_string(directory.join(name)).unwrap();
            difference(name, &text)
        })
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

#[test]
fn the_name_of_a_vacancy_holds_no_word_of_either_list() {
    let words = WordLists::read(include_str!("../../../assets/codes/words.toml")).unwrap();
    let list = |name: &str| words.list(name).unwrap();
    let both = [list("discrimination"), list("exaggeration")].concat();
    assert_eq!(list("vacancy_title"), both);
}
