//! Fields of other records that a kind's records make: that they are there, and computed.

use crate::case::condition::Condition;
use crate::case::kind::{Field, FieldType};
use crate::case::tell::{Take, TellRule, Told};
use crate::id::KindId;

use super::super::raw::RawTell;
use super::super::table::Item;
use super::Names;

impl Names<'_, '_> {
    pub(super) fn tells(&self) -> Vec<TellRule> {
        let items = self.draft.tells.iter();
        items.filter_map(|item| self.tell(item)).collect()
    }

    fn tell(&self, item: &Item<'_, RawTell>) -> Option<TellRule> {
        let raw = &item.value;
        let (to, kinds) = self.told(item)?;
        let take = self.take(item)?;
        for kind in &kinds {
            // a file that cannot be read is told by itself
            let other = self.world.others.get(kind.as_str())?;
            let field = other.fields.iter().find(|field| field.id == raw.field);
            match field {
                Some(field) if field.is_computed && self.is_alike(&take, field) => {}
                Some(field) if field.is_computed => {
                    let text = format!("“{}”和“{kind}”的“{}”不是同一类的值。", raw.take, raw.field);
                    self.say(item.at, text);
                }
                _ => {
                    let text = format!("“{kind}”没有由系统算的字段“{}”。", raw.field);
                    self.say(item.place("field", &raw.field), text);
                }
            }
        }
        for state in raw.states.iter().filter(|state| !self.has_state(state)) {
            let at = item.place("states", state);
            self.say(at, format!("“states”的状态“{state}”不存在。"));
        }
        Some(TellRule {
            to,
            field: raw.field.clone(),
            take,
            states: raw.states.clone(),
            only_if: self.condition_of(item)?,
        })
    }

    /// `vacancy_id`, or `trainee.class_id`; with the kinds that are told.
    fn told(&self, item: &Item<'_, RawTell>) -> Option<(Told, Vec<KindId>)> {
        let to = &item.value.to;
        let found = match to.split_once('.') {
            Some((kind, field)) => {
                let other = self.world.others.get(kind);
                let field = other.and_then(|other| other.fields.iter().find(|one| one.id == field));
                let names = field.is_some_and(|field| {
                    kinds_of(field).is_some_and(|kinds| kinds.contains(&self.draft.head.value.id))
                });
                let kind = KindId::new(kind).ok().filter(|_| names);
                kind.zip(field)
                    .map(|(kind, field)| (Told::Naming(kind.clone(), field.id.clone()), vec![kind]))
            }
            None => {
                let kinds = self.field(to).and_then(kinds_of);
                kinds.map(|kinds| (Told::Named(to.clone()), kinds.to_vec()))
            }
        };
        if found.is_none() {
            let text = format!("“to”的“{to}”不指向另一条记录：要写本类的字段，或“类型.字段”。");
            self.say(item.place("to", to), text);
        }
        found
    }

    /// `count`, `sum(qty)`, `hours_total`.
    fn take(&self, item: &Item<'_, RawTell>) -> Option<Take> {
        let text = item.value.take.as_str();
        if text == "count" {
            return Some(Take::Count);
        }
        let inside = text
            .strip_prefix("sum(")
            .and_then(|rest| rest.strip_suffix(')'));
        let (field, take): (_, fn(String) -> Take) = match inside {
            Some(field) => (field.trim(), Take::Sum),
            None => (text, Take::Same),
        };
        if self.field(field).is_none() {
            let text = format!("“take”看不懂：要写 count、sum(字段) 或一个字段，没有“{field}”。");
            self.say(item.place("take", &item.value.take), text);
            return None;
        }
        Some(take(field.to_owned()))
    }

    fn is_alike(&self, take: &Take, told: &Field) -> bool {
        let of = |id: &String| self.field(id).map(|field| &field.kind);
        let is_number = |kind: &FieldType| {
            matches!(kind, FieldType::Integer { .. } | FieldType::Decimal { .. })
        };
        let same =
            |kind: &FieldType| std::mem::discriminant(kind) == std::mem::discriminant(&told.kind);
        match take {
            Take::Count => matches!(told.kind, FieldType::Integer { .. }),
            Take::Sum(id) => of(id).is_some_and(|kind| {
                let is_money = matches!(kind, FieldType::Money { .. });
                (is_number(kind) && is_number(&told.kind)) || (is_money && same(kind))
            }),
            Take::Same(id) => of(id).is_some_and(same),
        }
    }

    /// The outer `None` when it cannot be read.
    fn condition_of(&self, item: &Item<'_, RawTell>) -> Option<Option<Condition>> {
        let Some(text) = &item.value.condition else {
            return Some(None);
        };
        match Condition::parse(text, self.fields) {
            Ok(condition) => Some(Some(condition)),
            Err(said) => {
                self.say(item.place("if", text), said);
                None
            }
        }
    }
}

fn kinds_of(field: &Field) -> Option<&[KindId]> {
    match &field.kind {
        FieldType::Record(kinds) => Some(kinds),
        FieldType::List { of, .. } => match &**of {
            FieldType::Record(kinds) => Some(kinds),
            _ => None,
        },
        _ => None,
    }
}
