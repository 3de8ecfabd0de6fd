//! What records come to in another one.

use super::*;

const ITEM: &str = r#"
id = "item"
name = "物品"
line = "common"
engine = "register"
version = 1
about = "试验用。"
dept = "office"
subject = "none"
sensitivity = "internal"
title = ["name"]
list = ["name"]
search = []
editors = ["clerk"]

[[field]]
id = "name"
name = "名称"
type = "text"

[[field]]
id = "held"
name = "结存"
type = "decimal"
computed = true

[[field]]
id = "moves"
name = "笔数"
type = "integer"
computed = true

[[field]]
id = "typed"
name = "手填"
type = "integer"
"#;

const MOVE: &str = r#"
id = "movement"
name = "进出"
line = "common"
engine = "register"
version = 1
about = "试验用。"
dept = "office"
subject = "none"
sensitivity = "internal"
title = ["item_id"]
list = ["item_id"]
search = []
editors = ["clerk"]

[[field]]
id = "item_id"
name = "物品"
type = "record"
to = ["item"]

[[field]]
id = "qty"
name = "数量"
type = "decimal"

[[field]]
id = "cost"
name = "金额"
type = "money"
"#;

/// Both kinds with one rule, or what is wrong with it.
fn kinds_with(rule: &str) -> Result<(Kind, Kind), String> {
    let movement = format!("{MOVE}\n[[tell]]\n{rule}\n");
    let files = [
        ("common/item.toml", ITEM),
        ("common/movement.toml", &*movement),
    ];
    let files = files.map(|(path, text)| KindFile { path, text });
    let set = KindSet::read(&files, &|_| true).map_err(|faults| {
        let texts: Vec<_> = faults.iter().map(ToString::to_string).collect();
        texts.join("\n")
    })?;
    let kind = |id: &str| set.get(&KindId::new(id).unwrap()).unwrap().as_ref().clone();
    Ok((kind("movement"), kind("item")))
}

fn movement(state: &str, qty: Option<&str>) -> Record {
    let (kind, _) = kinds_with("to = \"item_id\"\nfield = \"moves\"\ntake = \"count\"").unwrap();
    let qty = qty.map(|qty| {
        (
            "qty".to_owned(),
            Value::Decimal(Decimal::read(qty).unwrap()),
        )
    });
    let opening = Opening {
        record: record_id(1),
        case_no: CaseNo("MOVEMENT-202611-00001".to_owned()),
        channel: Channel::Window,
        station: StationCode::new("YH-C").unwrap(),
        person: None,
        employer: None,
        values: qty.into_iter().collect(),
        is_import: true,
    };
    let system = actor(1, &[Role::System]);
    let opened = open(&kind, opening, &system, now(), &Rules::default()).unwrap();
    Record {
        state: state.to_owned(),
        ..Record::begin(&opened)
    }
}

#[test]
fn records_count_by_state_and_value_and_an_empty_value_makes_none_count() {
    let records = [
        movement("active", Some("2.5")),
        movement("active", Some("-1")),
        movement("active", None),
        movement("closed", Some("100")),
    ];
    let comes_to = |rule: &str| {
        let (movement, item) = kinds_with(rule).unwrap();
        let rule = &movement.tells[0];
        rule.comes_to(&records, &item, day(11, 24), &Rules::default())
            .unwrap()
    };
    let held = "to = \"item_id\"\nfield = \"held\"\ntake = \"sum(qty)\"\nstates = [\"active\"]";
    let one_and_a_half = Value::Decimal(Decimal::read("1.5").unwrap());
    assert_eq!(comes_to(held), Some(one_and_a_half));
    let moves = "to = \"item_id\"\nfield = \"moves\"\ntake = \"count\"";
    assert_eq!(comes_to(moves), Some(Value::Integer(4)));
    let incoming = format!("{moves}\nif = 'qty > 0'");
    assert_eq!(comes_to(&incoming), Some(Value::Integer(2)));
}

#[test]
fn a_rule_that_tells_nobody_is_found_when_the_file_is_read() {
    for (to, field, take, rest, said) in [
        ("nobody", "moves", "count", "", "不指向另一条记录"),
        ("qty", "moves", "count", "", "不指向另一条记录"),
        ("item.name", "moves", "count", "", "不指向另一条记录"),
        ("item_id", "typed", "count", "", "没有由系统算的字段"),
        ("item_id", "none", "count", "", "没有由系统算的字段"),
        ("item_id", "held", "sum(cost)", "", "不是同一类"),
        ("item_id", "held", "count", "", "不是同一类"),
        ("item_id", "held", "mean(qty)", "", "“take”看不懂"),
        (
            "item_id",
            "moves",
            "count",
            "states = [\"gone\"]",
            "状态“gone”不存在",
        ),
        (
            "item_id",
            "moves",
            "count",
            "if = 'who = 1'",
            "没有字段“who”",
        ),
    ] {
        let rule = format!("to = \"{to}\"\nfield = \"{field}\"\ntake = \"{take}\"\n{rest}");
        let text = kinds_with(&rule).unwrap_err();
        assert!(
            text.contains(said) && text.contains("common/movement.toml"),
            "{text}"
        );
    }
}
