//! TOML tables with the line of every value. What a table holds is taken out key by key; what is
//! left over at the end is a key that nobody knows.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::case::Role;

use super::{KindFault, KindFile};

/// Where something stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'f> {
    pub(crate) path: &'f str,
    pub(crate) line: usize,
}

/// What is wrong, collected by whoever finds it while others are still reading.
#[derive(Debug, Default)]
pub(crate) struct Faults(RefCell<BTreeSet<KindFault>>);

impl Faults {
    pub(crate) fn say(&self, at: Place<'_>, text: impl Into<String>) {
        self.0.borrow_mut().insert(KindFault {
            path: at.path.to_owned(),
            line: at.line,
            text: text.into(),
        });
    }

    pub(crate) fn into_result(self) -> Result<(), Vec<KindFault>> {
        let faults: Vec<_> = self.0.into_inner().into_iter().collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }
}

/// A file that is TOML.
pub(crate) struct Parsed<'f> {
    file: KindFile<'f>,
    faults: &'f Faults,
    root: Spanned<DeTable<'f>>,
}

/// Parses a file; what is no TOML is a fault.
pub(crate) fn parsed<'f>(file: KindFile<'f>, faults: &'f Faults) -> Option<Parsed<'f>> {
    let (root, errors) = DeTable::parse_recoverable(file.text);
    for error in &errors {
        let line = line_at(file.text, error.span().map_or(0, |span| span.start));
        let at = Place {
            path: file.path,
            line,
        };
        faults.say(
            at,
            format!("不是合格的 TOML：{}。", error.message().replace('\n', "，")),
        );
    }
    errors.is_empty().then_some(Parsed { file, faults, root })
}

impl<'f> Parsed<'f> {
    pub(crate) fn root(&'f self) -> Table<'f> {
        Table::new(self.file, self.faults, self.root.get_ref(), 1)
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}

/// The lines of the values that a table named, by key and value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks<'f>(BTreeMap<(&'static str, String), Place<'f>>);

impl<'f> Marks<'f> {
    fn place(&self, key: &'static str, value: &str) -> Option<Place<'f>> {
        self.0.get(&(key, value.to_owned())).copied()
    }
}

/// What a table says, and where.
#[derive(Debug, Clone)]
pub(crate) struct Item<'f, T> {
    pub(crate) value: T,
    pub(crate) at: Place<'f>,
    pub(crate) marks: Marks<'f>,
}

impl<'f, T> Item<'f, T> {
    /// The line of a value under a key; of the table, when it has none of its own.
    pub(crate) fn place(&self, key: &'static str, value: &str) -> Place<'f> {
        self.marks.place(key, value).unwrap_or(self.at)
    }
}

/// A value with its line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'f> {
    pub(crate) value: &'f DeValue<'f>,
    pub(crate) at: Place<'f>,
}

/// A table that is being read.
pub(crate) struct Table<'f> {
    file: KindFile<'f>,
    pub(crate) faults: &'f Faults,
    pub(crate) at: Place<'f>,
    left: BTreeMap<&'f str, (Place<'f>, Node<'f>)>,
    marks: Marks<'f>,
}

impl<'f> Table<'f> {
    fn new(file: KindFile<'f>, faults: &'f Faults, table: &'f DeTable<'f>, line: usize) -> Self {
        let place = |offset| Place {
            path: file.path,
            line: line_at(file.text, offset),
        };
        let entries = table.iter().map(|(key, value)| {
            let node = Node {
                value: value.get_ref(),
                at: place(value.span().start),
            };
            (key.get_ref().as_ref(), (place(key.span().start), node))
        });
        Self {
            file,
            faults,
            at: Place {
                path: file.path,
                line,
            },
            left: entries.collect(),
            marks: Marks::default(),
        }
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Node<'f>> {
        self.left.remove(key).map(|(_, node)| node)
    }

    fn wrong(&self, at: Place<'f>, key: &str, what: &str) {
        self.faults.say(at, format!("“{key}”要写成{what}。"));
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.left.contains_key(key)
    }

    /// The line of a value that has been taken; of the table, when it has none of its own.
    pub(crate) fn place_of(&self, key: &'static str, value: &str) -> Place<'f> {
        self.marks.place(key, value).unwrap_or(self.at)
    }

    /// Some text, not blank.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        let node = self.take(key)?;
        self.text_of(key, node)
    }

    fn text_of(&mut self, key: &'static str, node: Node<'f>) -> Option<String> {
        let Some(text) = node.value.as_str() else {
            self.wrong(node.at, key, "引号里的文字");
            return None;
        };
        if text.trim().is_empty() {
            self.faults
                .say(node.at, format!("“{key}”是空的，要写上内容。"));
            return None;
        }
        let mark = (key, text.to_owned());
        self.marks.0.entry(mark).or_insert(node.at);
        Some(text.to_owned())
    }

    /// Some text that must be there; empty when it is not, which is a fault.
    pub(crate) fn needed_text(&mut self, key: &'static str) -> String {
        if !self.has(key) {
            self.lacks(key);
        }
        self.text(key).unwrap_or_default()
    }

    pub(crate) fn lacks(&self, key: &str) {
        self.faults.say(self.at, format!("缺“{key}”。"));
    }

    fn nodes(&mut self, key: &'static str) -> Option<Vec<Node<'f>>> {
        let node = self.take(key)?;
        let nodes = self.nodes_of(node);
        if nodes.is_none() {
            self.wrong(node.at, key, "方括号里的列表");
        }
        nodes
    }

    pub(crate) fn nodes_of(&self, node: Node<'f>) -> Option<Vec<Node<'f>>> {
        let items = node.value.as_array()?.iter();
        let items = items.map(|item| Node {
            value: item.get_ref(),
            at: Place {
                path: self.file.path,
                line: line_at(self.file.text, item.span().start),
            },
        });
        Some(items.collect())
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let nodes = self.nodes(key).unwrap_or_default();
        nodes
            .into_iter()
            .filter_map(|node| self.text_of(key, node))
            .collect()
    }

    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        let Some(node) = self.take(key) else {
            return false;
        };
        node.value.as_bool().unwrap_or_else(|| {
            self.wrong(node.at, key, " true 或 false");
            false
        })
    }

    pub(crate) fn number(&mut self, key: &'static str) -> Option<(i64, Place<'f>)> {
        let node = self.take(key)?;
        let number = number_of(node);
        if number.is_none() {
            self.wrong(node.at, key, "整数");
        }
        number.map(|number| (number, node.at))
    }

    /// Whole numbers in a list, with the line of the list.
    pub(crate) fn numbers(&mut self, key: &'static str) -> Option<(Vec<i64>, Place<'f>)> {
        let at = self.left.get(key)?.1.at;
        let nodes = self.nodes(key)?;
        let numbers: Option<Vec<_>> = nodes.into_iter().map(number_of).collect();
        if numbers.is_none() {
            self.wrong(at, key, "方括号里的整数");
        }
        numbers.map(|numbers| (numbers, at))
    }

    /// A least and a most: `[2, 40]`.
    pub(crate) fn bounds(
        &mut self,
        key: &'static str,
        default: (i64, i64),
        floor: i64,
    ) -> (i64, i64) {
        let Some((numbers, at)) = self.numbers(key) else {
            return default;
        };
        match numbers[..] {
            [least, most] if floor <= least && least <= most => return (least, most),
            [least, most] if floor <= least => {
                let text = format!("“{key}”的上下限写反了：{least} 大于 {most}。");
                self.faults.say(at, text);
            }
            [_, _] => self
                .faults
                .say(at, format!("“{key}”的下限不能小于 {floor}。")),
            _ => self.wrong(at, key, "[最小, 最大]"),
        }
        default
    }

    /// A word of a closed list, which `choices` spells out.
    pub(crate) fn word<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        choices: &str,
    ) -> Option<T> {
        let node = self.take(key)?;
        self.word_of(key, node, choices)
    }

    fn word_of<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        node: Node<'f>,
        choices: &str,
    ) -> Option<T> {
        let text = self.text_of(key, node)?;
        let reader = StrDeserializer::<serde::de::value::Error>::new(&text);
        let word = T::deserialize(reader).ok();
        if word.is_none() {
            let said = format!("“{key}”不认识“{text}”，可以写：{choices}。");
            self.faults.say(node.at, said);
        }
        word
    }

    pub(crate) fn words<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        choices: &str,
    ) -> Vec<T> {
        let nodes = self.nodes(key).unwrap_or_default();
        let words = nodes.into_iter();
        words
            .filter_map(|node| self.word_of(key, node, choices))
            .collect()
    }

    pub(crate) fn roles(&mut self, key: &'static str) -> Vec<Role> {
        self.words(key, &role_words())
    }

    pub(crate) fn role(&mut self, key: &'static str) -> Option<Role> {
        self.word(key, &role_words())
    }

    /// The tables of a list of tables.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<Self> {
        let nodes = self.nodes(key).unwrap_or_default();
        nodes
            .into_iter()
            .filter_map(|node| self.table_of(key, node))
            .collect()
    }

    /// The table under a key.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<Self> {
        let node = self.take(key)?;
        self.table_of(key, node)
    }

    fn table_of(&self, key: &str, node: Node<'f>) -> Option<Self> {
        let DeValue::Table(table) = node.value else {
            self.wrong(node.at, key, "一张表");
            return None;
        };
        Some(Self::new(self.file, self.faults, table, node.at.line))
    }

    /// The entries of a table of free keys.
    pub(crate) fn entries(&mut self, key: &'static str) -> Vec<(&'f str, Node<'f>)> {
        let Some(node) = self.take(key) else {
            return Vec::new();
        };
        let table = self.table_of(key, node);
        let entries = table.into_iter().flat_map(|table| table.left);
        entries.map(|(key, (_, node))| (key, node)).collect()
    }

    /// Ends the reading: keys that nobody asked for are faults.
    pub(crate) fn done<T>(self, value: T) -> Item<'f, T> {
        for (key, (at, _)) in self.left {
            self.faults.say(
                at,
                format!("这里没有“{key}”这个键：写错了，或者这里不适用。"),
            );
        }
        Item {
            value,
            at: self.at,
            marks: self.marks,
        }
    }
}

fn number_of(node: Node<'_>) -> Option<i64> {
    let number = node.value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn role_words() -> String {
    let words: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
    words.join(" ")
}
