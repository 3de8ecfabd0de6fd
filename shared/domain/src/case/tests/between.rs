//! Rules between records: what two may not claim at once, and what a named one must be.

use proptest::prelude::*;

use super::*;

const LESSON: &str = include_str!("between.toml");

fn files(lesson: &str) -> [KindFile<'_>; 2] {
    [
        KindFile {
            path: "employment/lesson.toml",
            text: lesson,
        },
        FILES[1],
    ]
}

fn lesson() -> Kind {
    let read = KindSet::read(&files(LESSON), &|_| false).unwrap();
    Kind::clone(read.get(&KindId::new("lesson").unwrap()).unwrap())
}

fn record(number: u128, values: Values) -> Record {
    let mut opening = opening(values);
    opening.record = record_id(number);
    opening.employer = Some(record_id(77));
    let clerk = actor(1, &[Role::Clerk]);
    let opened = open(&lesson(), opening, &clerk, now(), &Rules::default());
    Record::begin(&opened.unwrap_or_else(|refusal| panic!("{refusal:?}")))
}

fn in_room(number: u128, from: u32, to: u32) -> Record {
    let date = |on| Value::Date(day(3, on));
    let room = ("room", text("301 教室"));
    record(
        number,
        values([room, ("from_on", date(from)), ("to_on", date(to))]),
    )
}

fn rows<const N: usize>(rows: [&str; N]) -> Values {
    let rows = rows.map(text).to_vec();
    values([("rows", Value::List(rows))])
}

fn clash(one: &Record, other: &Record) -> bool {
    let (one, other) = (claims(&lesson(), one), claims(&lesson(), other));
    let of_room = |claim: &&Claim| claim.rule != "yearly";
    one.iter()
        .filter(of_room)
        .any(|one| other.iter().filter(of_room).any(|other| one.clashes(other)))
}

#[test]
fn a_last_day_is_still_claimed_and_the_day_after_is_free() {
    assert!(clash(&in_room(1, 1, 10), &in_room(2, 10, 12)));
    assert!(!clash(&in_room(1, 1, 10), &in_room(2, 11, 12)));
    let open_ended = record(
        3,
        values([
            ("room", text("３０１教室 ")),
            ("from_on", Value::Date(day(2, 1))),
        ]),
    );
    assert!(
        clash(&in_room(1, 1, 10), &open_ended),
        "wide digits, no end"
    );
}

#[test]
fn what_says_no_room_or_no_first_day_or_is_given_up_claims_nothing() {
    let lesson = lesson();
    let no_day = record(1, values([("room", text("301 教室"))]));
    assert_eq!(claims(&lesson, &no_day), []);
    let mut given_up = in_room(2, 1, 10);
    given_up.state = "cancelled".to_owned();
    assert!(!clash(&given_up, &in_room(3, 1, 10)));
}

#[test]
fn a_teacher_has_one_class_at_an_hour_and_the_next_begins_when_it_ends() {
    let one = record(1, rows(["2026-12-01，08:30-11:50，王样例"]));
    let class = |row| clash(&one, &record(2, rows([row])));
    assert!(class("2026-12-01，11:00-12:00，王样例"));
    assert!(!class("2026-12-01，11:50-13:00，王样例"));
    assert!(!class("2026-12-02，11:00-12:00，王样例"));
    assert!(!class("2026-12-01，11:00-12:00，李样例"));
}

#[test]
fn one_list_that_names_a_teacher_twice_at_an_hour_is_told_with_both_rows() {
    let twice = record(
        1,
        rows([
            "2026-12-01，08:30-17:00，王样例",
            "2026-12-01，09:00-10:00，李样例",
            "2026-12-01，16:00-18:00，王样例",
        ]),
    );
    let all = claims(&lesson(), &twice);
    let told: Vec<_> = claims_twice(&all)
        .iter()
        .map(|(later, earlier)| (later.item, earlier.item))
        .collect();
    assert_eq!(told, [(3, 1)]);
}

#[test]
fn a_year_is_claimed_whatever_the_day() {
    let key = |from| {
        let claims = claims(&lesson(), &from);
        let yearly = claims.into_iter().find(|claim| claim.rule == "yearly");
        yearly.unwrap().key
    };
    assert_eq!(key(in_room(1, 1, 2)), key(in_room(2, 28, 28)));
}

#[test]
fn a_row_that_lacks_a_column_is_refused_with_its_place() {
    let clerk = actor(1, &[Role::Clerk]);
    let wrong = rows(["2026-12-01，08:30-11:50，王样例", "12-02，王样例"]);
    let refusal = open(&lesson(), opening(wrong), &clerk, now(), &Rules::default());
    let text = refusal.unwrap_err().text;
    assert_eq!(
        text,
        "“课程表”的第 2 行要依次写：日期，时段，教师，中间用逗号隔开。"
    );
}

#[test]
fn a_named_record_must_be_in_one_of_the_states_and_hold_the_condition() {
    let lesson = lesson();
    let [rule] = &lesson.validities[..] else {
        panic!("one rule")
    };
    let named = record(1, Values::new());
    assert_eq!(rule.named(&named), [record_id(77)]);
    let clerk = actor(1, &[Role::Clerk]);
    let employer = |name: &str| {
        let opening = opening(values([("org_name", text(name))]));
        let opened = open(&kind("employer"), opening, &clerk, now(), &Rules::default());
        Record::begin(&opened.unwrap())
    };
    let holds = |record: &Record| rule.holds(record, day(11, 24), &Rules::default()) == Ok(true);
    assert!(holds(&employer("好公司")));
    assert!(!holds(&employer("过期公司")));
    let mut closed = employer("好公司");
    closed.state = "closed".to_owned();
    assert!(!holds(&closed));
}

#[test]
fn what_such_a_rule_names_wrongly_is_told_on_its_line() {
    for (piece, other, said) in [
        ("same = [\"room\"]", "same = [\"rom\"]", "“rom”不是"),
        ("same = [\"room\"]", "same = []", "缺“same”"),
        ("except = [\"cancelled\"]", "except = [\"gone\"]", "“gone”"),
        (
            "\"from_on\", \"to_on\"]\nexcept",
            "\"room\"]\nexcept",
            "“room”不是日期",
        ),
        ("rows.教师", "rows.老师", "“rows.老师”不是"),
        (
            "same = [\"employer\", \"from_on.year\"]",
            "same = [\"employer\", \"room.year\"]",
            "“room.year”",
        ),
        ("states = [\"active\"]", "states = [\"alive\"]", "“alive”"),
        ("if = \"org_name", "if = \"name", "“name”"),
        (
            "steps = [\"open\", \"finish\"]",
            "steps = [\"begin\"]",
            "“begin”",
        ),
        (
            "of = \"employer\"\nstates",
            "of = \"room\"\nstates",
            "“room”不指向",
        ),
        (
            "[\"教师\", \"text\"]",
            "[\"教师\", \"poem\"]",
            "text day hours",
        ),
    ] {
        assert!(LESSON.contains(piece), "{piece}");
        let text = LESSON.replacen(piece, other, 1);
        let faults = KindSet::read(&files(&text), &|_| false).unwrap_err();
        assert!(
            faults.iter().any(|fault| fault.text.contains(said)),
            "{other}: {faults:#?}"
        );
    }
}

fn spans() -> impl Strategy<Value = (u32, u32)> {
    (1_u32..28, 0_u32..10).prop_map(|(from, more)| (from, (from + more).min(28)))
}

proptest! {
    #[test]
    fn two_records_clash_just_when_they_share_a_day(one in spans(), other in spans()) {
        let shared = (one.0..=one.1).any(|day| (other.0..=other.1).contains(&day));
        let (one, other) = (in_room(1, one.0, one.1), in_room(2, other.0, other.1));
        prop_assert_eq!(clash(&one, &other), shared);
        prop_assert_eq!(clash(&other, &one), shared);
    }

    #[test]
    fn a_list_names_something_twice_just_when_two_of_its_rows_clash(
        hours in proptest::collection::vec((8_u32..18, 1_u32..4, 0_u32..2), 1..8),
    ) {
        let rows: Vec<_> = hours
            .iter()
            .map(|(from, more, who)| {
                text(&format!("2026-12-01，{from:02}:00-{:02}:00，王样例{who}", from + more))
            })
            .collect();
        let all = claims(&lesson(), &record(1, values([("rows", Value::List(rows))])));
        let clashing = all.iter().enumerate().any(|(at, one)| {
            all[at + 1..].iter().any(|other| one.clashes(other))
        });
        prop_assert_eq!(!claims_twice(&all).is_empty(), clashing);
    }
}

#[test]
fn whom_a_record_concerns_and_a_field_that_names_the_same_person_are_one_key() {
    let by = |same: &str| {
        let text = LESSON.replacen("same = [\"room\"]", &format!("same = [\"{same}\"]"), 1);
        let text = text.replacen(
            "type = \"text\"",
            "type = \"record\"\nto = [\"employer\"]",
            1,
        );
        let text = text.replacen("subject = \"employer\"", "subject = \"either\"", 1);
        let read = KindSet::read(&files(&text), &|_| false).unwrap();
        Kind::clone(read.get(&KindId::new("lesson").unwrap()).unwrap())
    };
    let mut concerned = in_room(1, 1, 2);
    concerned.person = Some(person(5));
    let mut naming = in_room(2, 1, 2);
    let named = Value::Record(RecordId(person(5).0));
    naming.values.insert("room".to_owned(), named);
    let key = |kind: &Kind, record: &Record| claims(kind, record)[0].key.clone();
    assert_eq!(key(&by("person"), &concerned), key(&by("room"), &naming));
}
