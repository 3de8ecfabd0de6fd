//! What a record computes out of its own values.

use super::*;

const HEAD: &str = r#"
id = "tally"
name = "算账"
line = "common"
engine = "register"
version = 1
about = "试公式用。"
dept = "office"
subject = "none"
sensitivity = "internal"
title = ["note"]
list = ["note"]
search = []
editors = ["clerk"]

[[field]]
id = "note"
name = "备注"
type = "text"

[[field]]
id = "book"
name = "账余"
type = "money"
required = true

[[field]]
id = "bonus"
name = "奖金"
type = "money"

[[field]]
id = "received"
name = "未达"
type = "list"
of = "text"
columns = [["日期", "day"], ["金额", "money"], ["张数", "number"]]

[[field]]
id = "months"
name = "各月人数"
type = "list"
of = "integer"

[[field]]
id = "wanted"
name = "应有"
type = "list"
of = "text"

[[field]]
id = "there"
name = "实有"
type = "list"
of = "text"

[[field]]
id = "from_at"
name = "起"
type = "moment"

[[field]]
id = "to_at"
name = "止"
type = "moment"

[[field]]
id = "begins"
name = "开始"
type = "date"

[[field]]
id = "ends"
name = "结束"
type = "date"

[[field]]
id = "result"
name = "结果"
type = "RESULT"
computed = true
"#;

/// The kind with one computed field of a type, or what is wrong with its formula.
fn kind_of(result: &str, formulas: &[(&str, Option<&str>)]) -> Result<Kind, String> {
    let result = match result {
        "list" => "list\"\nof = \"text",
        result => result,
    };
    let mut text = HEAD.replace("RESULT", result);
    for (value, condition) in formulas {
        text += &format!("\n[[compute]]\nfield = \"result\"\nvalue = \"{value}\"\n");
        if let Some(condition) = condition {
            text += &format!("if = '{condition}'\n");
        }
    }
    let path = "common/tally.toml";
    let files = [KindFile { path, text: &text }];
    let read = KindSet::read(&files, &|_| true).map_err(|faults| {
        let texts: Vec<_> = faults.iter().map(ToString::to_string).collect();
        texts.join("\n")
    })?;
    let kind = read.get(&KindId::new("tally").unwrap()).unwrap();
    Ok(kind.as_ref().clone())
}

fn result_of(result: &str, formula: &str, given: &[(&str, Value)]) -> Option<Value> {
    let kind = kind_of(result, &[(formula, None)]).unwrap_or_else(|text| panic!("{text}"));
    let given = given.iter();
    let mut values: Values = given
        .map(|(id, value)| ((*id).to_owned(), value.clone()))
        .collect();
    let mut rules = Rules::default();
    rules.numbers.insert("days", 10);
    rules.on = BTreeSet::from([day(11, 28)]);
    compute(&kind, &mut values, day(11, 24), &rules).unwrap();
    values.remove("result")
}

fn fen(fen: i64) -> Value {
    Value::Money(crate::money::Fen(fen))
}

fn rows(rows: &[&str]) -> Value {
    let rows = rows.iter();
    Value::List(rows.map(|row| Value::Text((*row).to_owned())).collect())
}

fn decimal(text: &str) -> Option<Value> {
    Some(Value::Decimal(Decimal::read(text).unwrap()))
}

/// A moment of November 2026 on the hall's clock.
fn at(on: u32, hour: i64, minute: i64) -> Value {
    Value::Moment(UtcMs::start_of(day(11, on)).plus_minutes(hour * 60 + minute))
}

#[test]
fn amounts_are_summed_exactly_over_fields_and_columns() {
    let received = rows(&["2026-11-02，1,200.50，3", "2026-11-03，0.07，2"]);
    let given = [("book", fen(10_000)), ("received", received)];
    let of = |formula| result_of("money", formula, &given);
    assert_eq!(of("book + sum(received.金额)"), Some(fen(130_057)));
    assert_eq!(of("book - sum(received.金额) - bonus"), Some(fen(-110_057)));
    assert_eq!(of("sum(received.金额 * 张数)"), Some(fen(360_164)));
    assert_eq!(of("(book + book) / 3"), Some(fen(6_667)), "half up, once");
    assert_eq!(of("book * 2 - book / 4"), Some(fen(17_500)));
}

#[test]
fn what_is_needed_and_lacks_gives_no_result_and_what_is_optional_counts_as_nothing() {
    let of = |formula, given: &[(&str, Value)]| result_of("money", formula, given);
    assert_eq!(of("book + bonus", &[("bonus", fen(5))]), None);
    assert_eq!(of("book + bonus", &[("book", fen(5))]), Some(fen(5)));
    let book = ("book", fen(5));
    assert_eq!(of("book + sum(received.金额)", &[book]), Some(fen(5)));
}

#[test]
fn a_division_by_nothing_and_a_number_out_of_bounds_give_no_result() {
    let months = |numbers: &[i64]| {
        let items = numbers.iter().copied().map(Value::Integer).collect();
        ("months", Value::List(items))
    };
    let mean = |given: &[(&str, Value)]| result_of("decimal", "sum(months) / count(months)", given);
    assert_eq!(mean(&[months(&[10, 11, 11])]), decimal("10.6667"));
    assert_eq!(mean(&[months(&[2, 3])]), decimal("2.5"));
    assert_eq!(mean(&[]), None);
    let large = months(&[i64::MAX, i64::MAX]);
    assert_eq!(
        result_of("integer", "sum(months)", std::slice::from_ref(&large)),
        None
    );
    let product = ["sum(months)"; 3].join(" * ");
    assert_eq!(result_of("decimal", &product, &[large]), None);
}

#[test]
fn two_sums_are_compared_and_lists_are_taken_from_each_other() {
    let one = |amount: &str| rows(&[&format!("2026-11-02，{amount}，1")]);
    let same = |amount: &str| {
        let given = [("book", fen(120_000)), ("received", one(amount))];
        result_of("boolean", "sum(received.金额) = book", &given)
    };
    assert_eq!(same("1200.00"), Some(Value::Boolean(true)));
    assert_eq!(same("1200.01"), Some(Value::Boolean(false)));
    let lists = [
        ("wanted", rows(&["申请表", "合同"])),
        ("there", rows(&["合同"])),
    ];
    let left = |given: &[(&str, Value)]| result_of("list", "wanted without there", given);
    assert_eq!(left(&lists), Some(rows(&["申请表"])));
    assert_eq!(left(&[("wanted", rows(&["合同"])), lists[1].clone()]), None);
}

#[test]
fn workdays_count_both_ends_noon_halves_a_day_and_a_made_up_saturday_counts() {
    let days = |from, to| {
        result_of(
            "decimal",
            "workdays(from_at, to_at)",
            &[("from_at", from), ("to_at", to)],
        )
    };
    // Tuesday the 24th; Saturday the 28th is made up, Sunday is not
    assert_eq!(days(at(24, 8, 30), at(24, 17, 30)), decimal("1"));
    assert_eq!(days(at(24, 8, 30), at(24, 12, 0)), decimal("0.5"));
    assert_eq!(days(at(24, 13, 0), at(25, 17, 30)), decimal("1.5"));
    assert_eq!(days(at(27, 12, 0), at(29, 17, 30)), decimal("1.5"));
    assert_eq!(days(at(25, 8, 0), at(24, 8, 0)), decimal("0"));
}

#[test]
fn months_are_full_ones_and_days_go_on_by_a_parameter() {
    let month = |from: NaiveDate, to: NaiveDate| {
        let given = [("begins", Value::Date(from)), ("ends", Value::Date(to))];
        result_of("integer", "months(begins, ends)", &given)
    };
    assert_eq!(month(day(3, 1), day(3, 31)), Some(Value::Integer(1)));
    assert_eq!(month(day(3, 15), day(6, 13)), Some(Value::Integer(2)));
    assert_eq!(month(day(3, 15), day(6, 14)), Some(Value::Integer(3)));
    let begins = [("begins", Value::Date(day(11, 24)))];
    let later = |unit| result_of("date", &format!("begins + days {unit}"), &begins);
    assert_eq!(later("days"), Some(Value::Date(day(12, 4))));
    assert_eq!(later("workdays"), Some(Value::Date(day(12, 7))));
    let end = result_of("date", "year_end(count(wanted) + 2026)", &[]);
    assert_eq!(end, Some(Value::Date(day(12, 31))));
    let begins = [("begins", Value::Date(day(2, 3)))];
    let end = result_of("date", "month_end(begins)", &begins);
    assert_eq!(end, Some(Value::Date(day(2, 28))));
}

#[test]
fn of_several_formulas_the_first_counts_whose_condition_holds() {
    let formulas = [("book", Some("bonus is empty")), ("bonus", None)];
    let kind = kind_of("money", &formulas).unwrap();
    let result = |bonus: Option<Value>| {
        let mut values = Values::from([("book".to_owned(), fen(1))]);
        values.extend(bonus.map(|bonus| ("bonus".to_owned(), bonus)));
        compute(&kind, &mut values, day(11, 24), &Rules::default()).unwrap();
        values.remove("result")
    };
    assert_eq!(result(None), Some(fen(1)));
    assert_eq!(result(Some(fen(2))), Some(fen(2)));
}

#[test]
fn it_is_computed_anew_with_what_it_is_made_of_and_nobody_writes_it() {
    let kind = kind_of("money", &[("book + bonus", None)]).unwrap();
    let clerk = actor(1, &[Role::Clerk]);
    let opening = Opening {
        record: record_id(1),
        case_no: CaseNo("TALLY-202611-00001".to_owned()),
        channel: Channel::Window,
        station: StationCode::new("YH-C").unwrap(),
        person: None,
        employer: None,
        values: Values::from([
            ("note".to_owned(), Value::Text("一".to_owned())),
            ("book".to_owned(), fen(7)),
        ]),
        is_import: false,
    };
    let opened = open(&kind, opening, &clerk, now(), &Rules::default()).unwrap();
    assert_eq!(opened.values["result"], fen(7));
    let record = Record::begin(&opened);
    let change = |id: &str, value: Value, actor: &Actor| {
        let draft = Draft::from([(id.to_owned(), Some(value))]);
        let reason = "更正".to_owned();
        let command = Command::Change { draft, reason };
        decide(&kind, &record, 1, command, actor, now(), &Rules::default())
    };
    let events = change("bonus", fen(3), &clerk).unwrap();
    let CaseEvent::Changed(changed) = &events[0] else {
        panic!("{events:?}");
    };
    assert_eq!(changed.set.get("result"), Some(&fen(10)));
    for actor in [&clerk, &actor(2, &[Role::System])] {
        let refusal = change("result", fen(99), actor).unwrap_err();
        assert!(refusal.faults[0].text.contains("由系统算出"), "{refusal:?}");
    }
}

#[test]
fn a_formula_that_means_nothing_is_found_when_the_file_is_read() {
    for (result, formula, said) in [
        ("money", "book + 1", "加减在一起"),
        ("money", "count(months)", "不是同一类"),
        ("money", "book * book", "不是同一类"),
        ("money", "book + nobody", "不存在"),
        ("money", "book + (bonus", "缺右括号"),
        ("money", "book bonus", "看不懂"),
        ("money", "sum(received.日期)", "没有写数或金额的"),
        ("money", "sum(wanted)", "要写明加哪一列"),
        ("integer", "median(months)", "没有“median”这种算法"),
        ("boolean", "book", "一边 比较 另一边"),
        ("boolean", "book = 1", "两边不是同一类"),
        ("date", "begins + 10", "日期要写成"),
        ("date", "book + days days", "日期要写成"),
        ("list", "wanted", "without"),
        ("text", "book", "不能用公式算"),
        ("money", "result + book", "先后颠倒"),
    ] {
        let said_at = kind_of(result, &[(formula, None)]).unwrap_err();
        assert!(said_at.contains(said), "{formula}: {said_at}");
        assert!(said_at.contains("common/tally.toml"), "{said_at}");
    }
}
