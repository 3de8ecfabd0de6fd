//! Kinds against tables that were written by hand from the sheet (`tests/oracle`): over every pair of
//! states and every role, a kind lets a role take a step exactly where the table has a row. Guards,
//! values and who did what before are not asked here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::case::{Engine, Kind, Role};

use super::KindShelf;

/// From, to and role.
type Row<'t> = (&'t str, &'t str, &'t str);

/// The table of the subsidy workflow, for every kind that goes by it unchanged.
const SUB: &str = "sub";

#[test]
fn every_kind_is_the_table_of_the_sheet() {
    let shelf = KindShelf::embedded().unwrap();
    let mut found = Vec::new();
    for kind in shelf.all().filter(|kind| kind.engine == Engine::Case) {
        let Some(table) = table_of(kind) else {
            found.push(format!("{}: no table in tests/oracle", kind.id.as_str()));
            continue;
        };
        let differences = differences(kind, &rows(&table));
        found.extend(
            differences
                .iter()
                .map(|one| format!("{}: {one}", kind.id.as_str())),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_table_is_of_a_kind() {
    let shelf = KindShelf::embedded().unwrap();
    let kinds: BTreeSet<&str> = shelf.all().map(|kind| kind.id.as_str()).collect();
    for file in std::fs::read_dir(tables()).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "tsv") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(name == SUB || kinds.contains(name), "{name}");
        }
    }
}

fn tables() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle")
}

/// A kind's own table; else that of the workflow which pays subsidies.
fn table_of(kind: &Kind) -> Option<String> {
    let read = |name: &str| std::fs::read_to_string(tables().join(format!("{name}.tsv"))).ok();
    let is_subsidy = kind.state("in_payment").is_some() && kind.state("recovering").is_some();
    read(kind.id.as_str()).or_else(|| is_subsidy.then(|| read(SUB)).flatten())
}

fn rows(table: &str) -> BTreeSet<Row<'_>> {
    let mut rows = BTreeSet::new();
    let lines = table.lines().filter(|line| !line.trim().is_empty());
    for line in lines.filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [from, to, role, ..] = cells[..] else {
            panic!("a row has a state, a state and a role: {line}");
        };
        assert!(
            rows.insert((from, to, role)),
            "the row stands twice: {line}"
        );
    }
    rows
}

fn differences(kind: &Kind, rows: &BTreeSet<Row<'_>>) -> Vec<String> {
    let mut found: Vec<_> = rows
        .iter()
        .filter(|(from, to, role)| {
            kind.state(from).is_none() || kind.state(to).is_none() || Role::of_word(role).is_none()
        })
        .map(|row| format!("{row:?}: the kind has no such state, or there is no such role"))
        .collect();
    for from in &kind.states {
        for to in &kind.states {
            for role in Role::ALL {
                let row = (from.id.as_str(), to.id.as_str(), role.word());
                match (is_allowed(kind, row.0, row.1, *role), rows.contains(&row)) {
                    (true, false) => found.push(format!("{row:?}: only the kind allows it")),
                    (false, true) => found.push(format!("{row:?}: only the table allows it")),
                    _ => {}
                }
            }
        }
    }
    found
}

fn is_allowed(kind: &Kind, from: &str, to: &str, role: Role) -> bool {
    kind.transitions_from(from)
        .any(|step| step.to == to && step.roles.contains(&role))
}
