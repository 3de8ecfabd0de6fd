//! Whether the names in transitions and deadlines mean what they should.

use crate::case::Role;
use crate::case::kind::{DeadlineRule, Field, FieldType, OPEN, Transition};

use super::super::raw::RawTransition;
use super::super::table::Item;
use super::Names;

impl Names<'_, '_> {
    pub(super) fn check_transition(&self, item: &Item<'_, RawTransition<'_>>) {
        let step = &item.value.transition;
        if step.roles.is_empty() {
            let text = format!("步骤“{}”没有写角色：谁来办？", step.id);
            self.say(item.at, text);
        }
        if step.is_at_once && !step.roles.contains(&Role::System) {
            let text = format!("步骤“{}”写了“at_once”，角色里就要有 system。", step.id);
            self.say(item.at, text);
        }
        if step.from.is_empty() {
            self.say(item.at, format!("步骤“{}”没有写从哪些状态出发。", step.id));
        }
        for from in step.from.iter().filter(|from| !self.has_state(from)) {
            self.say(
                item.place("from", from),
                format!("“from”里的状态“{from}”不存在。"),
            );
        }
        if !step.to.is_empty() && !self.has_state(&step.to) {
            let at = item.place("to", &step.to);
            self.say(at, format!("“to”的状态“{}”不存在。", step.to));
        }
        self.check_fields_of(item, step);
        let attachments = &self.draft.attachments;
        for id in &step.attachments {
            if !attachments.iter().any(|rule| rule.value.id == *id) {
                let at = item.place("attachments", id);
                self.say(at, format!("“attachments”里的附件“{id}”不存在。"));
            }
        }
        self.check_duties(item, step);
    }

    fn check_fields_of(&self, item: &Item<'_, RawTransition<'_>>, step: &Transition) {
        let named = [
            ("requires", &step.requires),
            ("asks", &step.asks),
            ("not_by", &step.not_by),
        ];
        for (key, ids) in named {
            for id in ids {
                self.need_field(item, key, id);
            }
        }
        for id in &step.asks {
            if self.field(id).is_some_and(|field| field.is_computed) {
                let text = format!("“{id}”由系统算出，“asks”里不能让人填。");
                self.say(item.place("asks", id), text);
            }
        }
        for id in &step.not_by {
            let is_staff = |field: &Field| match &field.kind {
                FieldType::List { of, .. } => **of == FieldType::Staff,
                kind => *kind == FieldType::Staff,
            };
            if self.field(id).is_some_and(|field| !is_staff(field)) {
                let text = format!("“{id}”不是工作人员字段，不能写在“not_by”里。");
                self.say(item.place("not_by", id), text);
            }
        }
    }

    fn check_duties(&self, item: &Item<'_, RawTransition<'_>>, step: &Transition) {
        for (key, ids) in [
            ("differs_from", &step.differs_from),
            ("same_as", &step.same_as),
        ] {
            for id in ids
                .iter()
                .filter(|id| *id != OPEN && self.step(id).is_none())
            {
                self.say(
                    item.place(key, id),
                    format!("“{key}”里的步骤“{id}”不存在。"),
                );
            }
        }
        for id in step
            .same_as
            .iter()
            .filter(|id| step.differs_from.contains(id))
        {
            let text = format!("“{id}”同时写在 same_as 和 differs_from 里，没有人能办这一步。");
            self.say(item.place("same_as", id), text);
        }
    }

    pub(super) fn check_deadline(&self, item: &Item<'_, DeadlineRule>) {
        let rule = &item.value;
        if rule.states.is_empty() {
            self.say(item.at, format!("期限“{}”没有写在哪些状态里走。", rule.id));
        }
        for state in rule.states.iter().filter(|state| !self.has_state(state)) {
            let at = item.place("states", state);
            self.say(at, format!("“states”里的状态“{state}”不存在。"));
        }
        if rule.parameter.is_some() == rule.until.is_some() {
            let text = "“parameter”和“until”要写一个，也只能写一个。";
            self.say(item.at, text.to_owned());
        }
        if let Some(id) = &rule.until {
            self.need_field(item, "until", id);
            let is_date = |field: &Field| matches!(field.kind, FieldType::Date { .. });
            if self.field(id).is_some_and(|field| !is_date(field)) {
                let text = format!("“until”的字段“{id}”不是日期。");
                self.say(item.place("until", id), text);
            }
        }
        if let Some(id) = &rule.from {
            self.check_from(item, id);
        }
        if let Some(id) = &rule.then {
            self.check_then(item, id);
        }
    }

    fn check_from(&self, item: &Item<'_, DeadlineRule>, id: &str) {
        self.need_field(item, "from", id);
        let tells_a_day = |field: &Field| {
            matches!(
                field.kind,
                FieldType::Date { .. }
                    | FieldType::Text {
                        chars_min: 7,
                        chars_max: 7,
                        ..
                    }
            )
        };
        if self.field(id).is_some_and(|field| !tells_a_day(field)) {
            let text = format!("“from”的字段“{id}”不是日期，也不是七个字的月份。");
            self.say(item.place("from", id), text);
        }
        if item.value.parameter.is_none() {
            let text = "有“from”的期限要写“parameter”：从那天起数多少天。";
            self.say(item.at, text.to_owned());
        }
    }

    fn check_then(&self, item: &Item<'_, DeadlineRule>, id: &str) {
        let at = item.place("then", id);
        let Some(step) = self.step(id) else {
            return self.say(at, format!("“then”的步骤“{id}”不存在。"));
        };
        if !step.roles.is_empty() && !step.roles.contains(&Role::System) {
            let text = format!("“then”的步骤“{id}”不由系统办，要在它的角色里写上 system。");
            self.say(at, text);
        }
        for state in item
            .value
            .states
            .iter()
            .filter(|state| !step.from.contains(state))
        {
            self.say(at, format!("“then”的步骤“{id}”不能从状态“{state}”出发。"));
        }
    }
}
