//! Laws of batches and of a bank's answer, and broken files with the line of what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::choosing::{Bounds, choose_within};
use super::*;
use crate::case::{KindFile, KindSet};
use crate::money::Fen;

const BOUNDS: Bounds = Bounds {
    members_max: 1_000,
    needs_amounts: true,
};

fn candidate(number: u32, key: Option<u8>, amount: Option<i64>) -> Candidate<u32, u8> {
    Candidate {
        record: number,
        number: format!("SUB-202611-{number:05}"),
        key,
        amount: amount.map(Fen),
        in_batch: None,
    }
}

#[test]
fn of_two_for_the_same_month_the_earlier_is_paid_and_the_other_is_told() {
    let due = vec![
        candidate(1, Some(7), Some(100_000)),
        candidate(2, Some(7), Some(90_000)),
        candidate(3, Some(8), None),
        candidate(4, Some(9), Some(1)),
    ];
    let dealt_with = BTreeMap::from([(9, "SUB-202610-00004".to_owned())]);
    let choice = choose_within(due, &dealt_with, BOUNDS);
    let members: Vec<_> = choice.members.iter().map(|member| member.record).collect();
    assert_eq!(members, [1]);
    assert_eq!(choice.total(), Some(Fen(100_000)));
    let told: Vec<_> = choice
        .left_out
        .iter()
        .map(|(_, why)| why.to_string())
        .collect();
    assert!(
        told[0].contains("SUB-202611-00001") && told[0].contains("重复申请"),
        "{told:?}"
    );
    assert!(told[1].contains("没有核定额"), "{told:?}");
    assert!(
        told[2].contains("SUB-202610-00004") && told[2].contains("已经办过"),
        "{told:?}"
    );
}

proptest! {
    #[test]
    fn everybody_is_a_member_or_told_and_no_two_members_are_for_the_same(
        keys in prop::collection::vec((prop::option::of(0_u8..6), prop::option::of(0_i64..9)), 0..20),
        most in 0_usize..12,
    ) {
        let due: Vec<_> = (0..).zip(&keys).map(|(n, (key, amount))| candidate(n, *key, *amount)).collect();
        let bounds = Bounds { members_max: most, needs_amounts: true };
        let choice = choose_within(due.clone(), &BTreeMap::new(), bounds);
        prop_assert_eq!(choice.members.len() + choice.left_out.len(), due.len());
        prop_assert!(choice.members.len() <= most);
        let held: Vec<_> = choice.members.iter().filter_map(|member| member.key).collect();
        let each: BTreeSet<_> = held.iter().collect();
        prop_assert_eq!(each.len(), held.len());
        // choosing among those who were chosen changes nothing
        let again = choose_within(choice.members.clone(), &BTreeMap::new(), bounds);
        prop_assert_eq!(again.members, choice.members);
    }

    #[test]
    fn a_sound_answer_in_any_order_settles_everybody_once(
        failed in prop::collection::vec(any::<bool>(), 1..12),
        seed in any::<u64>(),
    ) {
        let expected = expected(failed.len());
        let mut rows = answer(&failed);
        rows.sort_by_key(|row| u64::from(row.line).wrapping_mul(seed | 1));
        let settled = settle(&expected, &rows).unwrap();
        prop_assert_eq!(settled.paid.len() + settled.failed.len(), expected.len());
        prop_assert_eq!(settled.failed.len(), failed.iter().filter(|failed| **failed).count());
    }

    #[test]
    fn one_row_less_or_one_row_twice_and_nothing_is_settled(
        failed in prop::collection::vec(any::<bool>(), 1..12),
        at in any::<prop::sample::Index>(),
    ) {
        let (expected, rows) = (expected(failed.len()), answer(&failed));
        let at = at.index(rows.len());
        let mut less = rows.clone();
        let gone = less.remove(at).number;
        prop_assert_eq!(settle(&expected, &less), Err(vec![AnswerFault::Missing { number: gone }]));
        let mut twice = rows.clone();
        let last = Answered { line: 99, ..rows[at].clone() };
        twice.push(last.clone());
        let told = AnswerFault::Twice { line: 99, number: last.number, first: rows[at].line };
        prop_assert_eq!(settle(&expected, &twice), Err(vec![told]));
    }
}

fn expected(count: usize) -> Vec<Expected> {
    let each = (0..count).map(|n| Expected {
        number: format!("SUB-202611-{n:05}"),
        amount: Some(Fen(100)),
    });
    each.collect()
}

fn answer(failed: &[bool]) -> Vec<Answered> {
    let each = (0_u32..).zip(failed).map(|(n, failed)| Answered {
        line: n + 2,
        number: format!("SUB-202611-{n:05}"),
        amount: Some(Fen(100)),
        failed: failed.then(|| "户名不符".to_owned()),
    });
    each.collect()
}

#[test]
fn everything_that_is_wrong_with_an_answer_is_told_by_number_and_row() {
    let mut rows = answer(&[false, true, false]);
    rows[0].amount = Some(Fen(99));
    rows[1].failed = Some(" ".to_owned());
    rows[2].number = "SUB-202611-00777".to_owned();
    let told = settle(&expected(3), &rows).unwrap_err();
    let told: Vec<_> = told.iter().map(ToString::to_string).collect();
    assert!(
        told[0].contains("第 2 行") && told[0].contains("0.99 元"),
        "{told:?}"
    );
    assert!(
        told[1].contains("第 3 行") && told[1].contains("没写原因"),
        "{told:?}"
    );
    assert!(
        told[2].contains("SUB-202611-00777") && told[2].contains("不在这一批"),
        "{told:?}"
    );
    assert!(told[3].contains("少了 SUB-202611-00002"), "{told:?}");
}

const KIND: &str = r#"
id = "sub_batch"
name = "样例批"
line = "common"
engine = "register"
version = 1
about = "试验用的批。"
dept = "finance"
subject = "none"
sensitivity = "internal"
title = ["items"]
list = []
search = []

[[field]]
id = "items"
name = "明细"
type = "list"
of = "text"
count = [1, 9]
"#;

fn faults_of(rule: &str) -> Vec<String> {
    let kinds = [KindFile {
        path: "common/sub_batch.toml",
        text: KIND,
    }];
    let kinds = KindSet::read(&kinds, &|_| true).unwrap();
    let file = KindFile {
        path: "a.toml",
        text: rule,
    };
    let told = read(&[file], &kinds).unwrap_err();
    told.iter().map(ToString::to_string).collect()
}

#[test]
fn a_broken_file_is_refused_with_its_name_and_line() {
    let told = faults_of(
        "id = \"a\"\nname = \"甲\"\nabout = \"乙。\"\nkind = \"sub_batch\"\nmembers = \"items\"\nline = \"{number}，{phone}\"\n",
    );
    assert!(
        told[0].starts_with("a.toml:6:") && told[0].contains("{id_number}"),
        "{told:?}"
    );
    let told = faults_of(
        "id = \"a\"\nname = \"甲\"\nabout = \"乙。\"\nkind = \"sub_batch\"\nmembers = \"items\"\nline = \"{number}\"\nfoo = 1\n[[from]]\nkind = \"none_such\"\nstates = [\"paid\"]\n",
    );
    assert!(
        told.iter()
            .any(|told| told.starts_with("a.toml:7:") && told.contains("foo")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|told| told.starts_with("a.toml:9:") && told.contains("none_such")),
        "{told:?}"
    );
}

#[test]
fn a_week_begins_on_monday_and_a_month_on_its_first() {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    for (every, today, began) in [
        (Rhythm::Workday, "2026-11-23", "2026-11-23"),
        (Rhythm::Week, "2026-11-23", "2026-11-23"),
        (Rhythm::Week, "2027-01-03", "2026-12-28"),
        (Rhythm::Month, "2028-02-29", "2028-02-01"),
    ] {
        assert_eq!(every.began(day(today)), day(began), "{every:?} {today}");
    }
}
