//! Computed fields: what their formulas name, and that none waits for one that is computed later.

use std::collections::BTreeSet;

use crate::case::condition::Condition;
use crate::case::formula::{self, Computation};

use super::super::raw::RawComputation;
use super::super::table::Item;
use super::Names;

impl Names<'_, '_> {
    pub(super) fn computations(&self) -> Vec<Computation> {
        let items = &self.draft.computations;
        let mut later: BTreeSet<_> = items.iter().map(|item| &*item.value.field).collect();
        let mut read = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let Some(computation) = self.computation(item) else {
                continue;
            };
            let inputs = computation.inputs();
            if let Some(input) = inputs.into_iter().find(|input| later.contains(input)) {
                let text = format!(
                    "算“{}”要用“{input}”，先后颠倒了：被用的要写在前面。",
                    item.value.field
                );
                self.say(item.at, text);
            }
            let mut rest = items[place + 1..].iter();
            if !rest.any(|next| next.value.field == item.value.field) {
                later.remove(&*item.value.field);
            }
            read.push(computation);
        }
        read
    }

    fn computation(&self, item: &Item<'_, RawComputation>) -> Option<Computation> {
        let raw = &item.value;
        let Some(field) = self.field(&raw.field) else {
            self.need_field(item, "field", &raw.field);
            return None;
        };
        if !field.is_computed {
            let text = format!("“{}”没有标成 computed = true，不能用公式算。", raw.field);
            self.say(item.place("field", &raw.field), text);
        }
        let condition = raw.condition.as_ref();
        let only_if = match condition.map(|text| Condition::parse(text, self.fields)) {
            Some(Err(text)) => {
                self.say(item.at, text);
                return None;
            }
            Some(Ok(condition)) => Some(condition),
            None => None,
        };
        match formula::read(&raw.value, field, self.fields) {
            Ok(formula) => Some(Computation {
                field: raw.field.clone(),
                only_if,
                formula,
            }),
            Err(text) => {
                self.say(item.place("value", &raw.value), text);
                None
            }
        }
    }
}
