//! Laws of comparing, and broken files with the line of what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::case::{KindFile, KindSet};

type Seen = Sighting<u8, u8>;

fn seen(line: u32, number: Option<u8>) -> Seen {
    Sighting {
        line,
        number,
        with_number: number.into_iter().collect(),
        otherwise_called: BTreeSet::new(),
        alike: BTreeSet::new(),
    }
}

#[test]
fn only_a_number_hits_and_a_name_with_a_birth_date_is_possible() {
    let is_concerned = |person: u8| person < 5;
    let mut other_name = seen(3, Some(2));
    other_name.otherwise_called.insert(2);
    let mut without_number = seen(4, None);
    without_number.alike.extend([3, 9]);
    let mut of_nobody = seen(6, Some(7));
    of_nobody.with_number.clear();
    of_nobody.alike.insert(4);
    // the number is somebody's who is not concerned: that somebody else has the name says nothing
    let mut known_otherwise = seen(5, Some(8));
    known_otherwise.alike.insert(4);
    let mut two = seen(7, Some(0));
    two.with_number.insert(4);
    let rows = [
        seen(2, Some(1)),
        other_name,
        without_number,
        known_otherwise,
        of_nobody,
        two,
    ];
    let possible =
        |persons: &[u8], doubt| Finding::Possible(persons.iter().copied().collect(), doubt);
    assert_eq!(
        compare(&rows, is_concerned),
        [
            Finding::Hit(1),
            possible(&[2], Doubt::OtherName),
            possible(&[3], Doubt::NameAndBirth),
            Finding::Nothing,
            possible(&[4], Doubt::NameAndBirth),
            possible(&[0, 4], Doubt::SeveralWithNumber),
        ]
    );
}

#[test]
fn the_same_person_twice_is_told_with_the_first_line() {
    let rows = [
        seen(2, Some(1)),
        seen(3, Some(9)),
        seen(4, Some(1)),
        seen(5, Some(9)),
    ];
    let found = compare(&rows, |person| person < 5);
    assert_eq!(found[2], Finding::Again(2));
    assert_eq!(found[3], Finding::Again(3));
    // two numbers, one person: registrations that were merged
    let mut merged = seen(3, Some(2));
    merged.with_number = BTreeSet::from([1]);
    let found = compare(&[seen(2, Some(1)), merged], |_| true);
    assert_eq!(found, [Finding::Hit(1), Finding::Again(2)]);
}

proptest! {
    #[test]
    fn whoever_is_concerned_and_listed_is_hit_once_in_any_order(
        listed in prop::collection::vec(0_u8..12, 0..24),
        concerned in prop::collection::btree_set(0_u8..12, 0..12),
        seed in any::<u64>(),
    ) {
        let mut rows: Vec<Seen> = (2..).zip(&listed).map(|(line, number)| seen(line, Some(*number))).collect();
        let hits = |rows: &[Seen]| -> Vec<u8> {
            let found = compare(rows, |person| concerned.contains(&person));
            found.into_iter().filter_map(|finding| match finding {
                Finding::Hit(person) => Some(person),
                _ => None,
            }).collect()
        };
        let first = hits(&rows);
        let each: BTreeSet<u8> = first.iter().copied().collect();
        prop_assert_eq!(each.len(), first.len());
        let wanted: BTreeSet<u8> = listed.iter().copied().filter(|one| concerned.contains(one)).collect();
        prop_assert_eq!(&each, &wanted);
        rows.sort_by_key(|row| u64::from(row.line).wrapping_mul(seed | 1));
        let other: BTreeSet<u8> = hits(&rows).into_iter().collect();
        prop_assert_eq!(other, wanted);
    }

    #[test]
    fn without_a_number_nothing_is_a_hit(alike in prop::collection::btree_set(0_u8..9, 0..9)) {
        let row = Sighting { alike, ..seen(2, None) };
        let found = compare(&[row], |_| true);
        prop_assert!(!matches!(found[0], Finding::Hit(_)));
    }

    #[test]
    fn a_line_of_a_comparison_is_read_back_as_it_was(
        line in 1_u32..200_000,
        which in 0_usize..4,
        against in prop::collection::vec("[A-Z_]{2,12}-2026[0-9]{2}-[0-9]{5}", 0..3),
        opened in prop::option::of("[A-Z_]{2,12}-2026[0-9]{2}-[0-9]{5}"),
    ) {
        let outcome = Outcome::ALL[which];
        let said = FoundLine { line, outcome, against, opened };
        prop_assert_eq!(said.to_string().parse::<FoundLine>(), Ok(said));
    }

    #[test]
    fn any_text_is_a_line_or_none(text in ".{0,60}") {
        let _ = text.parse::<FoundLine>();
    }
}

const PERSON: &str = r#"
id = "person"
name = "人员"
line = "common"
engine = "register"
version = 1
about = "中心服务的人。"
dept = "office"
subject = "none"
sensitivity = "personal"
title = ["remark"]
list = []
search = []

[[field]]
id = "remark"
name = "备注"
type = "text"
"#;

const DOUBT: &str = r#"
id = "doubt"
name = "疑点"
line = "common"
engine = "register"
version = 1
about = "一条疑点。"
dept = "ui"
subject = "person"
sensitivity = "sensitive"
title = ["batch_no"]
list = []
search = []

[[field]]
id = "batch_no"
name = "批次"
type = "text"

[[field]]
id = "type"
name = "类型"
type = "choice"
choices = [["death", "死亡"]]
"#;

const LIST: &str = r#"id = "deaths"
name = "死亡名单"
about = "民政发来的。"
feedback = ["type"]

[[column]]
is = "number"
headings = ["身份证号"]

[against]
kind = "person"
states = ["active"]

[opens]
kind = "doubt"
asks = ["batch_no"]
once_by = ["batch_no", "type"]
set = { type = "death" }
"#;

fn read_list(text: &str) -> Result<Vec<ListComparison>, Vec<String>> {
    let files = [("common/person.toml", PERSON), ("common/doubt.toml", DOUBT)];
    let files = files.map(|(path, text)| KindFile { path, text });
    let kinds = KindSet::read(&files, &|_| true).unwrap();
    let path = "deaths.toml";
    let read = read(&[KindFile { path, text }], &kinds);
    read.map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

#[test]
fn a_sound_file_is_a_list_with_its_columns_and_what_a_hit_opens() {
    let lists = read_list(LIST).unwrap();
    let list = &lists[0];
    assert_eq!(
        list.headings(),
        [("身份证号".to_owned(), NUMBER.to_owned())]
    );
    assert!(!list.takes_name_and_birth());
    assert_eq!(list.opens.set.len(), 1);
    assert_eq!(list.sheet().fields.len(), 1);
}

#[test]
fn a_broken_file_is_refused_with_its_name_and_line() {
    let broken = BTreeMap::from([
        (
            "states = [\"active\"]",
            ("states = [\"alive\"]", "deaths.toml:12:", "alive"),
        ),
        (
            "kind = \"doubt\"",
            ("kind = \"guess\"", "deaths.toml:15:", "guess"),
        ),
        (
            "set = { type = \"death\" }",
            ("set = { type = \"gone\" }", "deaths.toml:18:", "gone"),
        ),
        (
            "is = \"number\"",
            ("is = \"phone\"", "deaths.toml:7:", "phone"),
        ),
        (
            "feedback = [\"type\"]",
            ("feedback = [\"colour\"]", "deaths.toml:4:", "colour"),
        ),
        (
            "asks = [\"batch_no\"]",
            ("asks = []", "deaths.toml:17:", "batch_no"),
        ),
        (
            "id = \"deaths\"",
            ("id = \"death\"", "deaths.toml:1:", "death"),
        ),
    ]);
    for (sound, (instead, place, word)) in broken {
        let told = read_list(&LIST.replace(sound, instead)).unwrap_err();
        let is_told = |told: &String| told.starts_with(place) && told.contains(word);
        assert!(told.iter().any(is_told), "{instead}: {told:?}");
    }
}
