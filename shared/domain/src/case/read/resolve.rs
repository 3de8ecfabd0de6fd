//! What each name of a draft means: the [`Kind`] of it, with a fault for every name that means
//! nothing or the wrong thing.

mod between;
mod computing;
mod step;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Value;
use crate::case::condition::{Condition, literal};
use crate::case::kind::{
    Check, Engine, Field, FieldType, Kind, OPEN, TITLE_EMPLOYER, TITLE_KIND, Transition,
};

use super::graph;
use super::raw::{Draft, Literal, RawCheck, RawSet, RawTransition};
use super::table::{Faults, Item, Place};

/// What stands in a title besides fields.
const TITLE_PARTS: [&str; 2] = [TITLE_EMPLOYER, TITLE_KIND];

/// What a step writes into a day or a moment: when it is done.
const NOW: &str = "now";

/// What is known besides the draft.
#[derive(Clone, Copy)]
pub(super) struct World<'w> {
    /// Ids of kinds.
    pub(super) kinds: &'w BTreeSet<&'w str>,
    /// What other kinds hold, as far as their files can be read.
    pub(super) others: &'w BTreeMap<String, Other>,
    /// Whether a list of words is known.
    pub(super) words: &'w dyn Fn(&str) -> bool,
    /// Where faults are said.
    pub(super) faults: &'w Faults,
}

/// What a rule about a record of another kind may name.
pub(super) struct Other {
    fields: Vec<Field>,
    states: BTreeSet<String>,
}

impl Other {
    /// Of a draft with its workflow.
    pub(super) fn of(draft: &Draft<'_>) -> Self {
        let states = draft.flow.states.iter();
        Self {
            fields: draft.fields.iter().map(|item| item.value.clone()).collect(),
            states: states.map(|item| item.value.id.clone()).collect(),
        }
    }
}

/// The kind of a draft, as far as its names are right.
pub(super) fn kind(draft: Draft<'_>, world: World<'_>) -> Kind {
    let fields: Vec<_> = draft.fields.iter().map(|item| item.value.clone()).collect();
    let names = Names {
        draft: &draft,
        fields: &fields,
        world,
    };
    names.check_head();
    names.check_excuses();
    names.check_ids();
    for item in &draft.fields {
        names.check_field(item);
    }
    for item in &draft.flow.transitions {
        names.check_transition(item);
    }
    for item in &draft.flow.deadlines {
        names.check_deadline(item);
    }
    graph::check(&draft, world.faults);
    let doubles = names.doubles();
    let validities = names.validities();
    let tells = names.tells();
    let checks = names.checks(&draft.checks);
    let computations = names.computations();
    let transitions = draft
        .flow
        .transitions
        .iter()
        .map(|item| names.transition(item))
        .collect();
    Kind {
        checks,
        computations,
        transitions,
        fields: fields.clone(),
        states: values(draft.flow.states),
        deadlines: values(draft.flow.deadlines),
        attachments: values(draft.attachments),
        doubles,
        validities,
        tells,
        ..draft.head.value
    }
}

fn values<T>(items: Vec<Item<'_, T>>) -> Vec<T> {
    items.into_iter().map(|item| item.value).collect()
}

struct Names<'n, 'f> {
    draft: &'n Draft<'f>,
    fields: &'n [Field],
    world: World<'n>,
}

impl Names<'_, '_> {
    /// A workflow serves several kinds: what does not fit one of them says which.
    fn say(&self, at: Place<'_>, text: String) {
        let head = &self.draft.head;
        let text = if at.path == head.at.path {
            text
        } else {
            format!("{text}（用在类型“{}”里）", head.value.id)
        };
        self.world.faults.say(at, text);
    }

    fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    fn step(&self, id: &str) -> Option<&Transition> {
        let mut steps = self.draft.flow.transitions.iter();
        steps
            .find(|item| item.value.transition.id == id)
            .map(|item| &item.value.transition)
    }

    fn has_state(&self, id: &str) -> bool {
        self.draft
            .flow
            .states
            .iter()
            .any(|state| state.value.id == id)
    }

    fn need_field<T>(&self, item: &Item<'_, T>, key: &'static str, id: &str) {
        if self.field(id).is_none() {
            self.say(
                item.place(key, id),
                format!("“{key}”里的字段“{id}”不存在。"),
            );
        }
    }

    fn check_head(&self) {
        let head = &self.draft.head;
        let kind = &head.value;
        for (key, ids) in [
            ("title", &kind.title),
            ("list", &kind.list),
            ("search", &kind.search),
        ] {
            let is_title = |id: &&String| key == "title" && TITLE_PARTS.contains(&id.as_str());
            for id in ids.iter().filter(|id| !is_title(id)) {
                self.need_field(head, key, id);
            }
        }
        for id in &kind.search {
            if self.field(id).is_some_and(|field| field.personal.is_some()) {
                let text = format!("“{id}”是个人信息，不能放进全文检索。");
                self.say(head.place("search", id), text);
            }
        }
        if kind.engine != Engine::Module && kind.title.is_empty() {
            self.say(head.at, "缺“title”：要写用哪些字段作标题。".to_owned());
        }
        if kind.engine == Engine::Case && kind.initial.is_empty() {
            self.say(head.at, "缺“initial”：要写新记录的状态。".to_owned());
        } else if !kind.initial.is_empty() && !self.has_state(&kind.initial) {
            let text = format!("“initial”的状态“{}”不存在。", kind.initial);
            self.say(head.place("initial", &kind.initial), text);
        }
    }

    fn check_excuses(&self) {
        for item in &self.draft.fields {
            let Some(excuse) = &item.value.excused_by else {
                continue;
            };
            let is_plain_text = self.field(excuse).is_some_and(|field| {
                matches!(field.kind, FieldType::Text { .. }) && field.personal.is_none()
            });
            if !is_plain_text {
                let text = format!("“excused_by”的“{excuse}”不是这里的文字字段。");
                self.say(item.place("excused_by", excuse), text);
            }
        }
    }

    fn check_ids(&self) {
        let draft = self.draft;
        self.unique(&draft.fields, "字段", |field| &field.id);
        self.unique(&draft.attachments, "附件", |rule| &rule.id);
        self.unique(&draft.flow.states, "状态", |state| &state.id);
        self.unique(&draft.flow.transitions, "步骤", |raw| &raw.transition.id);
        self.unique(&draft.flow.deadlines, "期限", |rule| &rule.id);
        self.unique(&draft.doubles, "“不重”规则", |rule| &rule.id);
    }

    fn unique<T>(&self, items: &[Item<'_, T>], what: &str, id: impl Fn(&T) -> &String) {
        let mut known = BTreeSet::new();
        for item in items {
            let id = id(&item.value);
            let at = item.place("id", id);
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if id.is_empty() {
                continue;
            }
            if !known.insert(id) {
                self.say(at, format!("{what}“{id}”写了两次。"));
            }
            if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(is_plain) {
                self.say(at, format!("{what}的 id“{id}”要用小写英文、数字和下划线。"));
            }
            if [OPEN, "today", "true", "false"].contains(&id.as_str()) && what != "状态" {
                self.say(at, format!("{what}的 id 不能叫“{id}”，这个词另有用处。"));
            }
        }
    }

    fn check_field(&self, item: &Item<'_, Field>) {
        let field = &item.value;
        if field.is_required && field.is_computed {
            let text = format!("“{}”由系统算出，不能又是必填。", field.id);
            self.say(item.at, text);
        }
        let kind = match &field.kind {
            FieldType::List { of, .. } => of,
            kind => kind,
        };
        match kind {
            FieldType::Record(kinds) => {
                for kind in kinds
                    .iter()
                    .filter(|kind| !self.world.kinds.contains(kind.as_str()))
                {
                    let at = item.place("to", kind.as_str());
                    self.say(at, format!("“to”里的类型“{kind}”不存在。"));
                }
            }
            FieldType::Text {
                without_words: Some(list),
                ..
            } if !(self.world.words)(list) => {
                let at = item.place("without_words", list);
                self.say(at, format!("词表“{list}”不存在。"));
            }
            _ => {}
        }
    }

    fn transition(&self, item: &Item<'_, RawTransition<'_>>) -> Transition {
        let raw = &item.value;
        let (stamps, sets): (Vec<_>, Vec<_>) = raw.set.iter().partition(|set| self.is_stamp(set));
        let sets = sets.into_iter();
        let sets = sets.filter_map(|set| Some((set.field.clone(), self.value(set)?)));
        Transition {
            only_if: self.checks(&raw.only_if),
            sets: sets.collect(),
            stamps: stamps.into_iter().map(|set| set.field.clone()).collect(),
            ..raw.transition.clone()
        }
    }

    /// `set = { recognised_on = "now" }`.
    fn is_stamp(&self, set: &RawSet<'_>) -> bool {
        let field = self.field(&set.field);
        let is_time = field
            .is_some_and(|field| matches!(field.kind, FieldType::Date { .. } | FieldType::Moment));
        is_time && matches!(&set.literal, Some(Literal::Text(text)) if text == NOW)
    }

    fn value(&self, set: &RawSet<'_>) -> Option<Value> {
        let Some(field) = self.field(&set.field) else {
            self.say(set.at, format!("“set”里的字段“{}”不存在。", set.field));
            return None;
        };
        let text = set
            .literal
            .as_ref()
            .and_then(|literal| literal.text(&field.kind));
        let value = text
            .filter(|_| field.personal.is_none())
            .and_then(|text| literal(&field.kind, text).ok());
        if value.is_none() {
            let text = format!("“set”给“{}”的值和字段的类型不合，或不在选项里。", set.field);
            self.say(set.at, text);
        }
        value
    }

    fn checks(&self, raw: &[Item<'_, RawCheck>]) -> Vec<Check> {
        raw.iter().filter_map(|item| self.check(item)).collect()
    }

    fn check(&self, item: &Item<'_, RawCheck>) -> Option<Check> {
        let raw = &item.value;
        if raw.condition.is_empty() {
            return None;
        }
        if let Some(field) = &raw.field {
            self.need_field(item, "field", field);
        }
        match Condition::parse(&raw.condition, self.fields) {
            Ok(condition) => Some(Check {
                field: raw.field.clone().unwrap_or_else(|| condition.field.clone()),
                condition,
                text: raw.say.clone(),
                is_hint: raw.is_hint,
            }),
            Err(text) => {
                self.say(item.place("if", &raw.condition), text);
                None
            }
        }
    }
}

impl Literal {
    /// Its text, when TOML types it as a field of this type wants. Money is text in yuan: a naked
    /// number could be taken for fen.
    fn text(&self, kind: &FieldType) -> Option<&str> {
        match (self, kind) {
            (
                Self::Text(text),
                FieldType::Text { .. }
                | FieldType::Choice(_)
                | FieldType::Money { .. }
                | FieldType::Decimal { .. }
                | FieldType::Date { .. },
            )
            | (Self::Integer(text), FieldType::Integer { .. } | FieldType::Decimal { .. })
            | (Self::Float(text), FieldType::Decimal { .. })
            | (Self::Boolean(text), FieldType::Boolean)
            | (Self::Date(text), FieldType::Date { .. }) => Some(text),
            _ => None,
        }
    }
}
