//! How one batch is put together, as its file says it (`assets/batches`): of which kind it is, from
//! which records, by what two of them are one, what each member's line says, and what a bank's answer
//! does to it and to them.

use crate::case::read::known;
use crate::case::read::table::{Faults, Table, parsed};
use crate::case::{Field, FieldType, Kind, KindFault, KindFile, KindSet, Values};
use crate::id::KindId;

use super::answer_rule::{self, Answer};
use super::choosing::Bounds;
use super::rhythm::Rhythm;

/// Members of a batch whose field does not bound them.
const MEMBERS_MAX: usize = 2_000;
/// What a line of a member may hold.
const PARTS: &str = "{number} {amount} {name} {id_number} {employer}";
/// In `one_per`, for whom the record is.
const SUBJECT: &str = "subject";

/// How one batch is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRule {
    /// The name of its file.
    pub id: String,
    /// Chinese name; no two have the same.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The kind of the batch itself.
    pub kind: KindId,
    /// Values that it has from the beginning.
    pub set: Values,
    /// What its form asks for.
    pub asks: Vec<Field>,
    /// The text field that says for which month it is: one batch for a month.
    pub month: Option<String>,
    /// How often one is made; nothing where as need be.
    pub every: Option<Rhythm>,
    /// Where its members stand.
    pub members: Members,
    /// The list of amounts, in the members' order.
    pub amounts: Option<String>,
    /// The field with the number of members.
    pub count: Option<String>,
    /// The field with the sum of their amounts.
    pub total: Option<String>,
    /// States of the batch in which it does not hold its members any more.
    pub frees: Vec<String>,
    /// Where members come from.
    pub from: Vec<Source>,
    /// What a bank's answer does.
    pub answer: Option<Answer>,
    /// Least members: 0 where an empty batch says that nobody was due.
    pub members_min: usize,
    /// Most members.
    pub members_max: usize,
}

/// Where a batch's members stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Members {
    /// In a list of records.
    Records(String),
    /// In a list of lines, each made of these parts.
    Lines(String, Vec<LinePart>),
}

/// A part of a member's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinePart {
    /// As it stands.
    Text(String),
    /// The member's number.
    Number,
    /// Its amount in yuan.
    Amount,
    /// Its person's name, masked.
    Name,
    /// Its person's identity number, masked.
    IdNumber,
    /// Its employer's name, which is public.
    Employer,
}

/// By what two records are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OncePer {
    /// Whom the record concerns.
    Subject,
    /// The value of a field.
    Field(String),
}

/// Where members come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Records of this kind.
    pub kind: KindId,
    /// In one of these states.
    pub states: Vec<String>,
    /// Only those with these values.
    pub only: Values,
    /// Only those whose field has the same value as the batch's field of the same id.
    pub same: Vec<String>,
    /// By what two of them are one; empty where any number may be.
    pub one_per: Vec<OncePer>,
    /// States of others that were dealt with: for the same, nothing is due any more.
    pub dealt_with: Vec<String>,
    /// The field with the amount.
    pub amount: Option<String>,
    /// The step that putting it into the batch is.
    pub step: Option<String>,
    /// May be in a batch again, although it was in one: it came back.
    pub again: bool,
}

impl BatchRule {
    pub(super) fn bounds(&self) -> Bounds {
        let says_amount = match &self.members {
            Members::Records(_) => self.amounts.is_some(),
            Members::Lines(_, parts) => parts.contains(&LinePart::Amount),
        };
        Bounds {
            members_max: self.members_max,
            needs_amounts: says_amount,
        }
    }

    /// The field in which the members stand.
    #[must_use]
    pub fn member_field(&self) -> &str {
        match &self.members {
            Members::Records(field) | Members::Lines(field, _) => field,
        }
    }

    /// The source of a kind of member in a state.
    #[must_use]
    pub fn source_of(&self, kind: &KindId, state: &str) -> Option<&Source> {
        let mut sources = self.from.iter();
        sources.find(|source| source.kind == *kind && source.states.iter().any(|one| one == state))
    }
}

/// Reads every file.
///
/// # Errors
/// Every fault, by file and line.
pub fn read(files: &[KindFile<'_>], kinds: &KindSet) -> Result<Vec<BatchRule>, Vec<KindFault>> {
    let faults = Faults::default();
    let texts: Vec<_> = files
        .iter()
        .map(|file| (file.path, parsed(*file, &faults)))
        .collect();
    let mut rules: Vec<BatchRule> = Vec::new();
    for (path, parsed) in &texts {
        let Some(root) = parsed.as_ref().map(|parsed| parsed.root()) else {
            continue;
        };
        let at = root.at;
        let Some(rule) = one(root, path, kinds) else {
            continue;
        };
        if rules.iter().any(|known| known.name == rule.name) {
            faults.say(at, format!("已经有一种批叫“{}”。", rule.name));
        }
        rules.push(rule);
    }
    faults.into_result().map(|()| rules)
}

/// `None` when a part is missing without which nothing else can be checked; that is a fault.
fn one(mut root: Table<'_>, path: &str, kinds: &KindSet) -> Option<BatchRule> {
    let id = known::id(&mut root, path);
    let (name, about) = (root.needed_text("name"), root.needed_text("about"));
    let kind = known::kind(&mut root, kinds)?;
    let (members, (members_min, members_max)) = members(&mut root, &kind)?;
    let mut from = Vec::new();
    for table in root.tables("from") {
        from.extend(source(table, kinds, &kind));
    }
    if from.is_empty() {
        root.lacks("from");
    }
    let answer = root
        .table("answer")
        .and_then(|table| answer_rule::read(table, &kind, &from, kinds));
    let field = |root: &mut Table<'_>, key| known::field(root, key, &kind).map(|field| field.id);
    let rule = BatchRule {
        id,
        name,
        about,
        kind: kind.id.clone(),
        set: known::set(&mut root, "set", &kind),
        asks: known::fields(&mut root, "asks", &kind),
        month: field(&mut root, "month"),
        every: root.word("every", Rhythm::WORDS),
        members,
        amounts: field(&mut root, "amounts"),
        count: field(&mut root, "count"),
        total: field(&mut root, "total"),
        frees: known::states(&mut root, "frees", &kind),
        from,
        answer,
        members_min,
        members_max,
    };
    Some(root.done(rule).value)
}

/// Where members stand, with least and most of them.
fn members(root: &mut Table<'_>, kind: &Kind) -> Option<(Members, (usize, usize))> {
    if !root.has("members") {
        root.lacks("members");
    }
    let field = known::field(root, "members", kind)?;
    let line = root.text("line");
    let at = root.place_of("members", &field.id);
    let FieldType::List {
        of,
        count_min,
        count_max,
    } = &field.kind
    else {
        let text = format!("“{}”不是列表，放不下成员。", field.name);
        root.faults.say(at, text);
        return None;
    };
    let bound = |count: u32| usize::try_from(count).unwrap_or(MEMBERS_MAX);
    let bounds = (bound(*count_min), bound(*count_max));
    let members = match (of.as_ref(), line) {
        (FieldType::Record(_), None) => Members::Records(field.id),
        (FieldType::Text { .. }, Some(line)) => match line_parts(&line) {
            Some(parts) => Members::Lines(field.id, parts),
            None => {
                let text = format!("“line”里的花括号只能写：{PARTS}。");
                root.faults.say(root.place_of("line", &line), text);
                return None;
            }
        },
        (FieldType::Record(_), Some(line)) => {
            let text = "成员是记录列表，不用写“line”。";
            root.faults.say(root.place_of("line", &line), text);
            return None;
        }
        _ => {
            root.faults
                .say(at, "成员是文字列表的，要用“line”写明每行怎么写。");
            return None;
        }
    };
    Some((members, bounds))
}

/// `{number}，{amount}`
fn line_parts(text: &str) -> Option<Vec<LinePart>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if !before.is_empty() {
            parts.push(LinePart::Text(before.to_owned()));
        }
        parts.push(match name {
            "number" => LinePart::Number,
            "amount" => LinePart::Amount,
            "name" => LinePart::Name,
            "id_number" => LinePart::IdNumber,
            "employer" => LinePart::Employer,
            _ => return None,
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(LinePart::Text(rest.to_owned()));
    }
    Some(parts)
}

fn source(mut table: Table<'_>, kinds: &KindSet, batch: &Kind) -> Option<Source> {
    let kind = known::kind(&mut table, kinds)?;
    let states = known::states(&mut table, "states", &kind);
    if states.is_empty() {
        table.lacks("states");
    }
    let same = known::fields(&mut table, "same", &kind);
    for field in &same {
        if batch.field(&field.id).is_none() {
            let text = format!("“{}”没有“{}”这个字段，没法比。", batch.name, field.id);
            table.faults.say(table.place_of("same", &field.id), text);
        }
    }
    let step = known::step(&mut table, "step", &kind);
    if let Some(transition) = step.as_ref().and_then(|step| kind.transition(step))
        && let Some(state) = states.iter().find(|state| !transition.from.contains(state))
    {
        let text = format!("“{}”不能从“{state}”办。", transition.name);
        table
            .faults
            .say(table.place_of("step", &transition.id), text);
    }
    let source = Source {
        kind: kind.id.clone(),
        states,
        only: known::set(&mut table, "only", &kind),
        same: same.into_iter().map(|field| field.id).collect(),
        one_per: one_per(&mut table, &kind),
        dealt_with: known::states(&mut table, "dealt_with", &kind),
        amount: amount(&mut table, &kind),
        step,
        again: table.flag("again"),
    };
    Some(table.done(source).value)
}

fn one_per(table: &mut Table<'_>, kind: &Kind) -> Vec<OncePer> {
    let names = table.texts("one_per");
    let mut parts = Vec::new();
    for name in names {
        if name == SUBJECT {
            parts.push(OncePer::Subject);
        } else if kind.field(&name).is_some() {
            parts.push(OncePer::Field(name));
        } else {
            let at = table.place_of("one_per", &name);
            let text = format!(
                "“one_per”不认识“{name}”：写 subject，或“{}”的字段。",
                kind.name
            );
            table.faults.say(at, text);
        }
    }
    parts
}

fn amount(table: &mut Table<'_>, kind: &Kind) -> Option<String> {
    let field = known::field(table, "amount", kind)?;
    if !matches!(field.kind, FieldType::Money { .. }) {
        let text = format!("“{}”不是金额。", field.name);
        table.faults.say(table.place_of("amount", &field.id), text);
    }
    Some(field.id)
}
