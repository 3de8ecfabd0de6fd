//! For files beside those of the kinds (lists that are compared, batches): what they name must be
//! there. A fault stands at the name's own line.

use std::sync::Arc;

use toml::de::DeValue;

use crate::case::condition::literal;
use crate::case::kind::{Field, FieldType, Kind};
use crate::case::{KindSet, Values};
use crate::id::KindId;

use super::stem;
use super::table::Table;

/// The id of a file, which is its name.
pub(crate) fn id(root: &mut Table<'_>, path: &str) -> String {
    let (id, name) = (root.needed_text("id"), stem(path));
    if !id.is_empty() && id != name {
        let text = format!("id 是“{id}”，和文件名“{name}”不一样。");
        root.faults.say(root.place_of("id", &id), text);
    }
    id
}

/// The kind under the key `kind`.
pub(crate) fn kind(table: &mut Table<'_>, kinds: &KindSet) -> Option<Arc<Kind>> {
    let name = table.needed_text("kind");
    let found = KindId::new(name.as_str())
        .ok()
        .and_then(|id| kinds.get(&id).cloned());
    if found.is_none() && !name.is_empty() {
        let at = table.place_of("kind", &name);
        table.faults.say(at, format!("没有“{name}”这种业务。"));
    }
    found
}

/// States of a kind under a key.
pub(crate) fn states(table: &mut Table<'_>, key: &'static str, kind: &Kind) -> Vec<String> {
    let names = table.texts(key);
    for name in &names {
        if kind.state(name).is_none() {
            let at = table.place_of(key, name);
            let text = format!("“{}”没有“{name}”这个状态。", kind.name);
            table.faults.say(at, text);
        }
    }
    names
}

/// A step of a kind under a key, if the key is there.
pub(crate) fn step(table: &mut Table<'_>, key: &'static str, kind: &Kind) -> Option<String> {
    let name = table.text(key)?;
    if kind.transition(&name).is_none() {
        let at = table.place_of(key, &name);
        let text = format!("“{}”没有“{name}”这一步。", kind.name);
        table.faults.say(at, text);
    }
    Some(name)
}

/// A field of a kind under a key, if the key is there.
pub(crate) fn field(table: &mut Table<'_>, key: &'static str, kind: &Kind) -> Option<Field> {
    let name = table.text(key)?;
    field_named(table, key, &name, kind)
}

/// Fields of a kind under a key.
pub(crate) fn fields(table: &mut Table<'_>, key: &'static str, kind: &Kind) -> Vec<Field> {
    let names = table.texts(key);
    let found = names
        .iter()
        .filter_map(|name| field_named(table, key, name, kind));
    found.collect()
}

fn field_named(table: &Table<'_>, key: &'static str, name: &str, kind: &Kind) -> Option<Field> {
    let found = kind.field(name).cloned();
    if found.is_none() {
        let at = table.place_of(key, name);
        let text = format!("“{}”没有“{name}”这个字段。", kind.name);
        table.faults.say(at, text);
    }
    found
}

/// Fields with values, as a step's `set` writes them.
pub(crate) fn set(table: &mut Table<'_>, key: &'static str, kind: &Kind) -> Values {
    let faults = table.faults;
    let mut values = Values::new();
    for (name, node) in table.entries(key) {
        let Some(field) = kind.field(name) else {
            let text = format!("“{}”没有“{name}”这个字段。", kind.name);
            faults.say(node.at, text);
            continue;
        };
        match written(&field.kind, node.value) {
            Ok(value) => drop(values.insert(name.to_owned(), value)),
            Err(text) => faults.say(node.at, text),
        }
    }
    values
}

fn written(kind: &FieldType, value: &DeValue<'_>) -> Result<crate::case::Value, String> {
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Boolean(is_so) => is_so.to_string(),
        _ => return Err("值要写成文字、整数、true 或 false。".to_owned()),
    };
    literal(kind, &text)
}

/// Pairs of texts, `{ a = "b" }`, whose keys are fields of a kind.
pub(crate) fn texts_of_fields(
    table: &mut Table<'_>,
    key: &'static str,
    kind: &Kind,
) -> Vec<(String, String)> {
    let faults = table.faults;
    let mut pairs = Vec::new();
    for (name, node) in table.entries(key) {
        match node.value.as_str() {
            _ if kind.field(name).is_none() => {
                let text = format!("“{}”没有“{name}”这个字段。", kind.name);
                faults.say(node.at, text);
            }
            Some(text) => pairs.push((name.to_owned(), text.to_owned())),
            None => faults.say(node.at, "值要写成引号里的文字。"),
        }
    }
    pairs
}
