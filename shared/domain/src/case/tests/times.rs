//! Deadlines and conditions: examples of each rule.

use super::*;

fn rule(basis: Basis) -> DeadlineRule {
    DeadlineRule {
        id: "answer".to_owned(),
        name: "答复".to_owned(),
        states: vec!["pending".to_owned()],
        parameter: Some("days".to_owned()),
        until: None,
        from: None,
        basis,
        remind_days_before: vec![1],
        escalates_to: Some(Role::Chief),
        then: None,
        then_when: ThenWhen::After,
    }
}

/// The deadline of so many days that begins on a day.
fn due(basis: Basis, days: i64, start: NaiveDate) -> Result<Due, CaseRefusal> {
    let mut rules = Rules::default();
    rules.numbers.insert("days", days);
    // 国庆: 1 to 7 October off, Saturday the 10th made up
    rules.off = (1..=7).map(|on| day(10, on)).collect();
    rules.on = BTreeSet::from([day(10, 10)]);
    let mut kind = kind("vacancy");
    kind.initial = "pending".to_owned();
    kind.deadlines = vec![rule(basis)];
    let mut due = deadline::begin(&kind, &Values::new(), start, &rules)?;
    Ok(due.remove("answer").unwrap())
}

#[test]
fn what_counts_from_a_field_waits_for_it_and_begins_with_its_day_or_the_end_of_its_month() {
    let mut rules = Rules::default();
    rules.numbers.insert("days", 10);
    let mut kind = kind("vacancy");
    kind.initial = "pending".to_owned();
    kind.deadlines = vec![DeadlineRule {
        from: Some("since".to_owned()),
        ..rule(Basis::Day)
    }];
    let due = |since: Option<Value>| {
        let values = since.map(|value| ("since".to_owned(), value));
        let values = values.into_iter().collect();
        let due = deadline::begin(&kind, &values, day(11, 24), &rules).unwrap();
        due.get("answer").map(|due| due.on)
    };
    assert_eq!(due(None), None);
    assert_eq!(due(Some(Value::Date(day(11, 20)))), Some(day(11, 30)));
    let month = Value::Text("2026-10".to_owned());
    assert_eq!(due(Some(month)), Some(day(11, 10)));
}

#[test]
fn the_first_day_does_not_count_and_an_end_on_a_day_off_moves_on() {
    for (basis, days, start, on, remind) in [
        (Basis::Workday, 1, day(11, 24), day(11, 25), day(11, 24)),
        (Basis::Workday, 1, day(11, 27), day(11, 30), day(11, 27)),
        (Basis::Workday, 3, day(9, 29), day(10, 9), day(10, 8)),
        (Basis::Workday, 4, day(9, 29), day(10, 10), day(10, 9)),
        (Basis::Workday, 0, day(11, 28), day(11, 30), day(11, 30)),
        (Basis::Day, 3, day(11, 25), day(11, 30), day(11, 27)),
        (Basis::Day, 5, day(9, 28), day(10, 8), day(9, 30)),
        (Basis::Month, 1, day(8, 31), day(9, 30), day(9, 29)),
        (Basis::Month, 1, day(1, 31), day(3, 2), day(2, 27)),
        // a make-up Saturday is a workday like any other: an end on it stays, and it is counted
        (Basis::Day, 1, day(10, 9), day(10, 10), day(10, 9)),
        (Basis::Workday, 1, day(10, 9), day(10, 10), day(10, 9)),
        (Basis::Workday, 2, day(10, 9), day(10, 12), day(10, 10)),
        // an end on the first day of a holiday moves behind all of it
        (Basis::Month, 1, day(9, 1), day(10, 8), day(9, 30)),
        (Basis::Month, 1, day(5, 31), day(6, 30), day(6, 29)),
    ] {
        let due = due(basis, days, start).unwrap();
        assert_eq!(due.on, on, "{basis:?} {days} {start}");
        let reminded: Vec<_> = due.remind_on.into_iter().collect();
        let expected: Vec<_> = Some(remind)
            .into_iter()
            .filter(|day| *day >= start && *day < on)
            .collect();
        assert_eq!(reminded, expected, "{basis:?} {days} {start}");
    }
}

/// Monday to Friday in every year.
struct EveryYear;

impl Rulebook for EveryYear {
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        Ok(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    fn number(&self, _: &str, _: NaiveDate) -> Result<i64, NoParameter> {
        Ok(1)
    }

    fn words(&self, _: &str) -> Option<&[String]> {
        None
    }
}

#[test]
fn a_month_ends_on_the_leap_day_where_there_is_one() {
    let mut kind = kind("vacancy");
    kind.initial = "pending".to_owned();
    kind.deadlines = vec![rule(Basis::Month)];
    for (start, on) in [
        ("2028-01-31", "2028-02-29"),
        ("2028-01-29", "2028-02-29"),
        // 28 February 2027 is a Sunday
        ("2027-01-31", "2027-03-01"),
        ("2028-02-29", "2028-03-29"),
        ("2027-12-31", "2028-01-31"),
    ] {
        let start: NaiveDate = start.parse().unwrap();
        let due = deadline::begin(&kind, &Values::new(), start, &EveryYear).unwrap();
        assert_eq!(due["answer"].on.to_string(), on, "{start}");
    }
}

#[test]
fn what_is_counted_in_months_waits_for_no_calendar_of_a_later_year() {
    let due = due(Basis::Month, 12, day(11, 24)).unwrap();
    assert_eq!(due.on.to_string(), "2027-11-24");
    let reminded: Vec<_> = due.remind_on.iter().map(ToString::to_string).collect();
    assert_eq!(reminded, ["2027-11-23"]);
}

#[test]
fn a_year_without_calendar_and_a_parameter_without_value_are_refused() {
    let gap = due(Basis::Workday, 30, day(12, 20)).unwrap_err();
    assert_eq!(gap.code, CaseRefusalCode::NoCalendar);
    assert!(gap.text.contains("2027"));
    assert_eq!(
        due(Basis::Day, -1, day(12, 1)).unwrap_err().code,
        CaseRefusalCode::NoParameter
    );
    let mut desk = Desk::open("vacancy", full_vacancy(), &actor(1, &[Role::Clerk]));
    desk.rules.numbers.remove("vacancy.review_wd");
    let refusal = desk.refused(&actor(1, &[Role::Clerk]), step("submit"));
    assert_eq!(refusal.code, CaseRefusalCode::NoParameter);
}

#[test]
fn a_deadline_begins_and_ends_with_its_states() {
    let mut desk = Desk::pending();
    assert_eq!(desk.record.due["review"].on, day(11, 25));
    assert!(!is_overdue(&desk.record, day(11, 25)));
    assert!(is_overdue(&desk.record, day(11, 26)));
    let due = &desk.record.due["review"];
    for (today, days) in [(25, 0), (26, 1), (27, 2), (29, 2), (30, 3)] {
        assert_eq!(overdue_days(due, day(11, today), &desk.rules), Ok(days));
    }
    let mut back = step("return");
    if let Command::Move { notice, .. } = &mut back {
        notice.push("简章不清楚".to_owned());
    }
    desk.does(&actor(2, &[Role::Reviewer]), back);
    assert!(desk.record.due.is_empty());
}

#[test]
fn a_deadline_that_is_a_field_moves_with_it_and_ends_without_it() {
    let mut desk = Desk::published();
    let clerk = actor(1, &[Role::Clerk]);
    assert_eq!(
        desk.record.due["validity"],
        Due {
            on: day(12, 10),
            remind_on: vec![day(12, 8)]
        }
    );
    let change = Command::Change {
        draft: draft([("valid_to", Value::Date(day(12, 13)))]),
        reason: String::new(),
    };
    desk.does(&clerk, change);
    // the last day stays as typed, though it is a Sunday; the reminder is on a workday
    assert_eq!(
        desk.record.due["validity"],
        Due {
            on: day(12, 13),
            remind_on: vec![day(12, 10)]
        }
    );
    desk.record.channel = Channel::Import;
    let clear = Command::Change {
        draft: BTreeMap::from([("valid_to".to_owned(), None)]),
        reason: String::new(),
    };
    desk.does(&clerk, clear);
    assert!(desk.record.due.is_empty());
}

#[test]
fn a_date_counted_in_days_is_reminded_of_though_no_calendar_has_its_year() {
    let mut kind = kind("vacancy");
    kind.initial = "published".to_owned();
    let validity = |rule: &&mut DeadlineRule| rule.id == "validity";
    let rule = kind.deadlines.iter_mut().find(validity).unwrap();
    rule.remind_days_before = vec![7];
    let far = NaiveDate::from_ymd_opt(2031, 1, 4).unwrap();
    let values = Values::from([("valid_to".to_owned(), Value::Date(far))]);
    let rules = Rules::default();
    let begin = |kind: &Kind| deadline::begin(kind, &values, day(11, 24), &rules);
    assert_eq!(begin(&kind).unwrap_err().code, CaseRefusalCode::NoCalendar);
    kind.deadlines.iter_mut().find(validity).unwrap().basis = Basis::Day;
    let due = begin(&kind).unwrap().remove("validity").unwrap();
    let seven_before = NaiveDate::from_ymd_opt(2030, 12, 28).unwrap();
    assert_eq!(due.remind_on, [seven_before]);
}

#[test]
fn the_system_does_what_a_deadline_says_and_reminds_before() {
    let mut desk = Desk::published();
    let near = |desk: &Desk, today| reminders(&desk.kind, &desk.record, today);
    assert_eq!(near(&desk, day(12, 7)), vec![]);
    assert_eq!(near(&desk, day(12, 9))[0].since, day(12, 8));
    assert_eq!(near(&desk, day(12, 11))[0].since, day(12, 11));
    assert!(due_steps(&desk.kind, &desk.record, day(12, 10)).is_empty());
    assert_eq!(due_steps(&desk.kind, &desk.record, day(12, 11)), ["expire"]);
    desk.does(&system(), step("expire"));
    assert!(due_steps(&desk.kind, &desk.record, day(12, 11)).is_empty());
    assert_eq!(desk.record.acts.last().unwrap().by, None);
}

#[test]
fn conditions_hold_or_not() {
    let fields = kind("vacancy").fields;
    let values = values([
        ("title", text("甲 = 乙")),
        ("headcount", Value::Integer(3)),
        ("filled", Value::Integer(3)),
        ("wage_min", yuan(2_500)),
        ("job_form", Value::Choice("gig".to_owned())),
        ("valid_to", Value::Date(day(11, 24))),
    ]);
    let rules = Rules::default();
    for (text, holds) in [
        ("filled = headcount", true),
        ("filled != headcount", false),
        ("filled < headcount", false),
        ("filled<=headcount", true),
        ("headcount >= 4", false),
        ("wage_min > 2499.99", true),
        ("wage_min >= parameter:min_wage.month", true),
        ("wage_min >= wage_max", true),
        ("wage_max is empty", true),
        ("wage_min is filled", true),
        ("duty is filled", false),
        ("job_form = \"gig\"", true),
        ("title = \"甲 = 乙\"", true),
        ("valid_to > today", false),
        ("valid_to >= today", true),
        ("valid_to <= today + vacancy.valid_days", true),
        ("valid_to >= today + flow.acceptance_wd workdays", false),
        ("valid_to = \"2026-11-24\"", true),
    ] {
        let condition = Condition::parse(text, &fields).unwrap();
        assert_eq!(
            condition.holds(&values, day(11, 24), &rules),
            Ok(holds),
            "{text}"
        );
    }
    for text in [
        "",
        "filled",
        "= 3",
        "filled =",
        "filled = \"3\"",
        "filled ~ 3",
        "job_form = \"slave\"",
        "valid_to > 3",
        "valid_to > today + ",
        "valid_to > today + flow.acceptance_wd weeks",
        "title > \"甲\"",
        "wage_min > parameter:",
        "wage_min > 1.234",
        "headcount > wage_min",
        "valid_to > parameter:min_wage.month",
    ] {
        assert!(Condition::parse(text, &fields).is_err(), "{text}");
    }
    let gap = Condition::parse("wage_min > parameter:nil", &fields).unwrap();
    assert!(gap.holds(&values, day(11, 24), &rules).is_err());
}

#[test]
fn a_condition_counts_workdays_and_does_not_guess_a_year() {
    let kind = kind("vacancy");
    let text = "valid_to >= today + publicity.days workdays";
    let condition = Condition::parse(text, &kind.fields).unwrap();
    let holds = |today, last| {
        let values = values([("valid_to", Value::Date(last))]);
        condition.holds(&values, today, &Rules::default())
    };
    // Wednesday and five workdays are the next Wednesday, not the Monday five days on
    assert_eq!(holds(day(11, 25), day(11, 30)), Ok(false));
    assert_eq!(holds(day(11, 25), day(12, 1)), Ok(false));
    assert_eq!(holds(day(11, 25), day(12, 2)), Ok(true));
    let refusal = holds(day(12, 30), day(12, 31)).unwrap_err();
    assert_eq!(refusal.code, CaseRefusalCode::NoCalendar);
}

#[test]
fn what_begins_on_a_day_follows_on_that_day_and_what_ends_on_it_the_day_after() {
    let mut desk = Desk::published();
    let ends = |desk: &Desk, today| due_steps(&desk.kind, &desk.record, today);
    assert!(ends(&desk, day(12, 10)).is_empty());
    assert_eq!(ends(&desk, day(12, 11)), ["expire"]);
    let rules = desk.kind.deadlines.iter_mut();
    rules.for_each(|rule| rule.then_when = ThenWhen::OnTheDay);
    assert!(ends(&desk, day(12, 9)).is_empty());
    assert_eq!(ends(&desk, day(12, 10)), ["expire"]);
}
