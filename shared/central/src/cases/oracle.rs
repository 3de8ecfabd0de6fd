//! Kinds against tables that were written by hand from the sheet (`tests/oracle`): over every pair of
//! states and every role, a kind lets a role take a step exactly where the table has a row. Guards,
//! values and who did what before are not asked here.

use std::collections::BTreeSet;

use domain::case::{Kind, Role};
use domain::id::KindId;

use super::KindShelf;

/// From, to and role.
type Row<'t> = (&'t str, &'t str, &'t str);

const SUB: &str = include_str!("../../../../tests/oracle/sub.tsv");
const VACANCY: &str = include_str!("../../../../tests/oracle/vacancy.tsv");
const LED_PUBLICATION: &str = include_str!("../../../../tests/oracle/led_publication.tsv");

#[test]
fn the_subsidy_workflow_is_the_table_of_the_sheet() {
    assert_same("jobseek_once", SUB);
}

#[test]
fn vacancies_are_the_table_of_the_sheet() {
    assert_same("vacancy", VACANCY);
}

#[test]
fn publications_on_boards_are_the_table_of_the_sheet() {
    assert_same("led_publication", LED_PUBLICATION);
}

fn assert_same(kind: &str, table: &str) {
    let shelf = KindShelf::embedded().unwrap();
    let id = KindId::new(kind).unwrap();
    let differences = differences(shelf.kind(&id).unwrap(), &rows(table));
    assert!(
        differences.is_empty(),
        "{kind}:\n{}",
        differences.join("\n")
    );
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
