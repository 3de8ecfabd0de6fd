//! One value on each day, entries that follow each other, and always two persons.

use chrono::Days;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn staff(number: u128) -> StaffId {
    StaffId(Uuid::from_u128(number))
}

fn entry(from: NaiveDate, last: Option<NaiveDate>, value: i64) -> ParameterEntry {
    ParameterEntry {
        key: ParameterKey::of_district("min_wage.month"),
        name: "月最低工资".to_owned(),
        value: ParameterValue::Whole(value),
        unit: "分".to_owned(),
        effective_from: from,
        effective_to: last,
        source: "示例〔2026〕1号".to_owned(),
    }
}

fn base() -> ParameterBook {
    ParameterBook::of_base(vec![entry(day("2024-04-01"), None, 187_000)]).unwrap()
}

fn proposal(change: ParameterChange) -> ParameterProposal {
    ParameterProposal {
        proposal: ProposalId(Uuid::from_u128(9)),
        change,
        by: staff(1),
    }
}

fn set(from: &str, last: Option<&str>) -> ParameterProposal {
    proposal(ParameterChange::Set(entry(
        day(from),
        last.map(day),
        200_000,
    )))
}

fn withdrawal(from: &str) -> ParameterProposal {
    proposal(ParameterChange::Withdraw {
        key: ParameterKey::of_district("min_wage.month"),
        effective_from: day(from),
        reason: "录错了".to_owned(),
    })
}

const TODAY: &str = "2026-11-23";

/// The book after two persons made each of these changes.
fn book_with(changes: &[ParameterProposal]) -> ParameterBook {
    let mut book = base();
    for proposed in changes {
        propose(&book, &[], proposed, day(TODAY)).unwrap();
        let hands = confirm(&book, proposed, staff(2), day(TODAY)).unwrap();
        book.apply(&proposed.change, Some(hands));
    }
    book
}

fn refused(book: &ParameterBook, proposed: &ParameterProposal) -> ParameterRefusal {
    propose(book, &[], proposed, day(TODAY)).unwrap_err()
}

fn value_on(book: &ParameterBook, on: &str) -> Option<i64> {
    let found = book.on("min_wage.month", None, day(on)).ok()?;
    found.entry.value.whole()
}

#[test]
fn a_new_entry_ends_the_one_before_it_the_day_before() {
    let book = book_with(&[set("2027-01-01", None)]);
    assert_eq!(value_on(&book, "2026-12-31"), Some(187_000));
    assert_eq!(value_on(&book, "2027-01-01"), Some(200_000));
    assert_eq!(value_on(&book, "2024-03-31"), None);
    let key = ParameterKey::of_district("min_wage.month");
    let ends: Vec<_> = book.history(&key).map(|(_, last)| last).collect();
    assert_eq!(ends, [Some(day("2026-12-31")), None]);
}

#[test]
fn an_entry_before_a_later_one_must_end_where_that_begins() {
    let book = book_with(&[set("2027-01-01", None)]);
    let next = day("2027-01-01");
    let overlap = ParameterRefusal::Overlap { next };
    assert_eq!(refused(&book, &set("2026-12-01", None)), overlap);
    assert_eq!(
        refused(&book, &set("2026-12-01", Some("2027-01-01"))),
        overlap
    );
    let gap = refused(&book, &set("2026-12-01", Some("2026-12-30")));
    let last = day("2026-12-31");
    assert_eq!(gap, ParameterRefusal::Gap { first: last, last });
    propose(
        &book,
        &[],
        &set("2026-12-01", Some("2026-12-31")),
        day(TODAY),
    )
    .unwrap();
    assert_eq!(
        refused(&book, &set("2027-01-01", None)),
        ParameterRefusal::Taken { from: next }
    );
    let backwards = refused(&book, &set("2027-02-01", Some("2027-01-31")));
    assert_eq!(backwards, ParameterRefusal::Backwards);
}

#[test]
fn after_a_stated_end_the_next_entry_begins_the_next_day_or_earlier() {
    let book = book_with(&[set("2027-01-01", Some("2027-12-31"))]);
    assert_eq!(value_on(&book, "2028-01-01"), None);
    let gap = refused(&book, &set("2028-02-01", None));
    let (first, last) = (day("2028-01-01"), day("2028-01-31"));
    assert_eq!(gap, ParameterRefusal::Gap { first, last });
    propose(&book, &[], &set("2028-01-01", None), day(TODAY)).unwrap();
    propose(&book, &[], &set("2027-06-01", None), day(TODAY)).unwrap();
}

#[test]
fn only_what_is_not_in_force_yet_is_withdrawn_and_then_the_earlier_one_goes_on() {
    let book = book_with(&[set("2027-01-01", None), withdrawal("2027-01-01")]);
    assert_eq!(value_on(&book, "2027-06-01"), Some(187_000));
    let from = day("2027-01-01");
    assert_eq!(
        refused(&book, &withdrawal("2027-01-01")),
        ParameterRefusal::Unknown { from }
    );
    let from = day("2024-04-01");
    assert_eq!(
        refused(&book, &withdrawal("2024-04-01")),
        ParameterRefusal::InForce { from }
    );
    let today = book_with(&[set(TODAY, None)]);
    assert!(matches!(
        refused(&today, &withdrawal(TODAY)),
        ParameterRefusal::InForce { .. }
    ));
}

#[test]
fn what_is_confirmed_is_judged_by_the_book_of_that_moment() {
    let waiting = set("2026-12-01", None);
    propose(&base(), &[], &waiting, day(TODAY)).unwrap();
    let book = book_with(&[set("2027-01-01", None)]);
    let late = confirm(&book, &waiting, staff(2), day(TODAY)).unwrap_err();
    assert!(matches!(late, ParameterRefusal::Overlap { .. }));
    let book = book_with(&[set("2026-11-24", None)]);
    let late = confirm(
        &book,
        &withdrawal("2026-11-24"),
        staff(2),
        day("2026-11-24"),
    );
    assert!(matches!(late, Err(ParameterRefusal::InForce { .. })));
}

#[test]
fn the_same_entry_does_not_wait_twice() {
    let waiting = [set("2027-01-01", None)];
    let again = propose(&base(), &waiting, &set("2027-01-01", None), day(TODAY));
    assert_eq!(again, Err(ParameterRefusal::Waiting));
    propose(&base(), &waiting, &set("2027-02-01", None), day(TODAY)).unwrap();
}

#[test]
fn an_entry_says_its_document_and_keeps_its_kind_of_value() {
    let refused_with = |change: fn(&mut ParameterEntry)| {
        let mut new = entry(day("2027-01-01"), None, 1);
        change(&mut new);
        refused(&base(), &proposal(ParameterChange::Set(new)))
    };
    let no_source = refused_with(|new| new.source = "  ".to_owned());
    assert!(no_source.to_string().contains("依据文件"));
    let kind = refused_with(|new| new.value = ParameterValue::Text("很多".to_owned()));
    assert!(matches!(kind, ParameterRefusal::Value { .. }));
    let key = refused_with(|new| new.key.key = "最低工资".to_owned());
    assert_eq!(key, ParameterRefusal::Key);
    let region = refused_with(|new| new.key.region = Some("36".to_owned()));
    assert_eq!(region, ParameterRefusal::Key);
}

#[test]
fn files_that_do_not_fit_together_are_refused() {
    let twice = vec![
        entry(day("2024-04-01"), None, 1),
        entry(day("2024-04-01"), None, 2),
    ];
    assert!(ParameterBook::of_base(twice).is_err());
    let unreadable = ParameterBook::read_base([("x.toml", "[[parameter]]\nkey = 1\n")]);
    assert!(unreadable.unwrap_err().to_string().contains("x.toml"));
    let float =
        "[[parameter]]\nkey = \"a.b\"\nvalue = 1.5\neffective_from = 2000-01-01\nsource = \"x\"\n";
    let float = ParameterBook::read_base([("x.toml", float)]).unwrap_err();
    assert!(float.to_string().contains("a.b"), "{float}");
}

/// What a person may ask for: an entry or a withdrawal, days within some months around today.
fn requests() -> impl Strategy<Value = Vec<(bool, u64, Option<u64>, u128)>> {
    let request = (
        any::<bool>(),
        0_u64..120,
        prop::option::of(0_u64..60),
        1_u128..4,
    );
    prop::collection::vec(request, 0..24)
}

fn first_day() -> NaiveDate {
    day("2026-10-01")
}

fn after(days: u64) -> NaiveDate {
    first_day() + Days::new(days)
}

fn asked((is_set, from, length, by): (bool, u64, Option<u64>, u128)) -> ParameterProposal {
    let last = length.map(|length| after(from + length));
    let change = if is_set {
        ParameterChange::Set(entry(after(from), last, i64::try_from(from).unwrap()))
    } else {
        withdrawal(&after(from).to_string()).change
    };
    ParameterProposal {
        by: staff(by),
        ..proposal(change)
    }
}

proptest! {
    #[test]
    fn confirmed_entries_never_overlap_nor_leave_a_gap(requests in requests()) {
        let mut book = base();
        for request in requests {
            let proposed = asked(request);
            if propose(&book, &[], &proposed, day(TODAY)).is_ok() {
                let hands = confirm(&book, &proposed, staff(7), day(TODAY)).unwrap();
                book.apply(&proposed.change, Some(hands));
            }
        }
        let key = ParameterKey::of_district("min_wage.month");
        let spans: Vec<_> = book.history(&key).map(|(found, last)| (found.entry.effective_from, last)).collect();
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].1.and_then(|last| last.succ_opt()), Some(pair[1].0));
        }
        for number in 0..400 {
            let on = after(number);
            let holds = |(from, last): &&(NaiveDate, Option<NaiveDate>)| *from <= on && last.is_none_or(|last| on <= last);
            let of_day: Vec<_> = spans.iter().filter(holds).map(|(from, _)| *from).collect();
            let found = book.in_force(&key, on).map(|found| found.entry.effective_from);
            prop_assert!(of_day.len() <= 1);
            prop_assert_eq!(of_day.first().copied(), found);
        }
    }

    #[test]
    fn nobody_confirms_what_they_entered(requests in requests()) {
        for request in requests {
            let proposed = asked(request);
            let same = confirm(&base(), &proposed, proposed.by, day(TODAY));
            prop_assert_eq!(same, Err(ParameterRefusal::SamePerson));
        }
    }
}

/// A kiosk takes over what its centre says, also that an entry was withdrawn.
#[test]
fn entries_of_another_book_take_the_place_of_all_that_were_there() {
    let mut book = book_with(&[set("2027-01-01", None)]);
    let key = ParameterKey::of_district("min_wage.month");
    let told = vec![
        entry(day("2024-04-01"), None, 187_000),
        entry(day("2028-01-01"), None, 210_000),
    ];
    book.replace(key, told);
    let on = |text: &str| {
        let found = book.on("min_wage.month", None, day(text)).unwrap();
        found.entry.value.whole().unwrap()
    };
    assert_eq!((on("2027-06-01"), on("2028-01-01")), (187_000, 210_000));
}
