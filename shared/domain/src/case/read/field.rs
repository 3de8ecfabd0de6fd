//! Reading the type of a field with the keys that belong to it.

use crate::case::condition::yuan;
use crate::case::kind::{Field, FieldType, TextForm};
use crate::case::{Column, ColumnForm};
use crate::id::KindId;
use crate::personal::PersonField;

use super::table::{Item, Table};

const TYPES: &str =
    "text long_text integer money decimal date moment boolean choice record staff list";
const FORMS: &str = "mobile id_number credit_code daily_window division";
const COLUMN_FORMS: &str = "text day hours money number";
const PERSONAL: &str = "name id_number phone address bank_account";
/// Keys of the types that are no text.
const KEYS_OF_OTHERS: [&str; 8] = [
    "range", "unit", "min_yuan", "workday", "choices", "to", "of", "count",
];
/// Most characters of a text on several lines, unless the file says otherwise.
const LONG_CHARS_MAX: i64 = 5_000;
/// Most characters of a text on one line, unless the file says otherwise.
const LINE_CHARS_MAX: i64 = 200;
/// Most items of a list, unless the file says otherwise.
const ITEMS_MAX: i64 = 100;

/// Reads a field.
pub(crate) fn field<'f>(mut table: Table<'f>) -> Item<'f, Field> {
    let id = table.needed_text("id");
    let name = table.needed_text("name");
    let kind = field_type(&mut table, "type");
    let personal = personal(&mut table, &kind);
    let columns = columns(&mut table, &kind);
    let field = Field {
        id,
        name,
        kind,
        is_required: table.flag("required"),
        is_computed: table.flag("computed"),
        hint: table.text("hint").unwrap_or_default(),
        personal,
        excused_by: table.text("excused_by"),
        columns,
    };
    table.done(field)
}

fn personal(table: &mut Table<'_>, kind: &FieldType) -> Option<PersonField> {
    let personal = table.word::<PersonField>("personal", PERSONAL)?;
    if matches!(kind, FieldType::Text { .. }) {
        return Some(personal);
    }
    let at = table.place_of("personal", personal.word());
    let text = "只有文字字段（text、long_text）能标成个人信息。";
    table.faults.say(at, text);
    None
}

/// `[["日期", "day"], ["时段", "hours"], ["教师", "text"]]`.
fn columns(table: &mut Table<'_>, kind: &FieldType) -> Vec<Column> {
    let Some(node) = table.take("columns") else {
        return Vec::new();
    };
    let is_rows =
        matches!(kind, FieldType::List { of, .. } if matches!(**of, FieldType::Text { .. }));
    if !is_rows {
        let text = "只有一行行的文字（type = \"list\"，of = \"text\"）才有“columns”。";
        table.faults.say(node.at, text);
    }
    let mut columns = Vec::new();
    for item in table.nodes_of(node).unwrap_or_default() {
        let pair = table.nodes_of(item).unwrap_or_default();
        let texts: Vec<_> = pair.iter().filter_map(|node| node.value.as_str()).collect();
        let column = match texts[..] {
            [name, form] if !name.is_empty() => form_of(form).map(|form| Column {
                name: name.to_owned(),
                form,
            }),
            _ => None,
        };
        if column.is_none() {
            let text = format!("每一列要写成 [\"名称\", \"写法\"]，写法有：{COLUMN_FORMS}。");
            table.faults.say(item.at, text);
        }
        columns.extend(column);
    }
    columns
}

fn form_of(word: &str) -> Option<ColumnForm> {
    let reader = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(word);
    serde::Deserialize::deserialize(reader).ok()
}

/// A type that is not known is taken as a text, so that what names the field still finds it.
fn field_type(table: &mut Table<'_>, key: &'static str) -> FieldType {
    let word = table.needed_text(key);
    match word.as_str() {
        "text" => text(table, false),
        "long_text" => text(table, true),
        "integer" => {
            let (min, max) = table.bounds("range", (0, i64::MAX), i64::MIN);
            FieldType::Integer {
                min,
                max,
                unit: table.text("unit").unwrap_or_default(),
            }
        }
        "money" => money(table),
        "decimal" => FieldType::Decimal {
            unit: table.text("unit").unwrap_or_default(),
        },
        "date" => FieldType::Date {
            is_workday: table.flag("workday"),
        },
        "moment" => FieldType::Moment,
        "boolean" => FieldType::Boolean,
        "choice" => choice(table),
        "record" => record(table),
        "staff" => FieldType::Staff,
        "list" if key == "type" => list(table),
        other => {
            if !other.is_empty() {
                let said = format!("“{key}”不认识“{other}”，可以写：{TYPES}。");
                table.faults.say(table.place_of(key, other), said);
            }
            // keys of the type that was meant are not a second fault
            for key in KEYS_OF_OTHERS {
                table.take(key);
            }
            text(table, false)
        }
    }
}

fn text(table: &mut Table<'_>, is_long: bool) -> FieldType {
    let most = if is_long {
        LONG_CHARS_MAX
    } else {
        LINE_CHARS_MAX
    };
    let (least, most) = table.bounds("chars", (1, most), 1);
    FieldType::Text {
        chars_min: count(least),
        chars_max: count(most),
        is_long,
        form: table.word::<TextForm>("form", FORMS),
        without_words: table.text("without_words"),
    }
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn money(table: &mut Table<'_>) -> FieldType {
    let least = table.text("min_yuan");
    let min_fen = least
        .as_deref()
        .map_or(Some(0), |text| yuan(text).map(|fen| fen.0));
    if min_fen.is_none() {
        let at = table.place_of("min_yuan", &least.unwrap_or_default());
        table.faults.say(
            at,
            "“min_yuan”要写成引号里的元，最多两位小数，如 \"0.00\"。",
        );
    }
    FieldType::Money {
        min_fen: min_fen.unwrap_or(0),
    }
}

fn choice(table: &mut Table<'_>) -> FieldType {
    let Some(node) = table.take("choices") else {
        table.faults.say(table.at, "选项字段缺“choices”。");
        return FieldType::Choice(Vec::new());
    };
    let mut choices: Vec<(String, String)> = Vec::new();
    for item in table.nodes_of(node).unwrap_or_default() {
        let pair = table.nodes_of(item).unwrap_or_default();
        let texts: Vec<_> = pair.iter().filter_map(|node| node.value.as_str()).collect();
        match texts[..] {
            [code, name] if !code.is_empty() && !name.is_empty() && pair.len() == 2 => {
                if choices.iter().any(|(known, _)| known == code) {
                    table.faults.say(item.at, format!("选项“{code}”写了两次。"));
                }
                choices.push((code.to_owned(), name.to_owned()));
            }
            _ => table
                .faults
                .say(item.at, "每个选项要写成 [\"代码\", \"名称\"]。"),
        }
    }
    if choices.is_empty() {
        table.faults.say(node.at, "“choices”里没有选项。");
    }
    FieldType::Choice(choices)
}

fn record(table: &mut Table<'_>) -> FieldType {
    let names = table.texts("to");
    if names.is_empty() {
        table
            .faults
            .say(table.at, "记录字段缺“to”：要写它指向哪些类型。");
    }
    let mut kinds = Vec::new();
    for name in names {
        match KindId::new(name.as_str()) {
            Ok(id) => kinds.push(id),
            Err(_) => table.faults.say(
                table.place_of("to", &name),
                format!("“{name}”不是类型的 id。"),
            ),
        }
    }
    FieldType::Record(kinds)
}

fn list(table: &mut Table<'_>) -> FieldType {
    let of = Box::new(field_type(table, "of"));
    let (least, most) = table.bounds("count", (0, ITEMS_MAX), 0);
    FieldType::List {
        of,
        count_min: count(least),
        count_max: count(most),
    }
}
