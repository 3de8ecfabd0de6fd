//! Whether the names in rules between records mean what they should.

use crate::case::condition::Condition;
use crate::case::double::{DoubleRule, Part};
use crate::case::kind::{Field, FieldType, OPEN};
use crate::case::validity::{Named, ValidityRule};
use crate::case::{ColumnForm, Subject};

use super::super::raw::{RawDouble, RawValidity};
use super::super::table::Item;
use super::{Names, Other};

/// The kinds of whom records concern.
const PERSON: &str = "person";
const EMPLOYER: &str = "employer";
/// What is written behind a day of which only the year counts: `outwork_from.year`.
const YEAR: &str = "year";
/// From and to.
const BOUNDS_MAX: usize = 2;

impl Names<'_, '_> {
    pub(super) fn doubles(&self) -> Vec<DoubleRule> {
        let rules = self.draft.doubles.iter();
        rules.map(|item| self.double(item)).collect()
    }

    fn double(&self, item: &Item<'_, RawDouble>) -> DoubleRule {
        let raw = &item.value;
        if raw.same.is_empty() {
            self.say(item.at, "缺“same”：要写什么相同才算重。".to_owned());
        }
        let same = self.parts(item, "same", &raw.same);
        let during = self.parts(item, "during", &raw.during);
        self.check_lists(item, same.iter().chain(&during));
        if raw.during.len() > BOUNDS_MAX {
            let text = "“during”写起和止，最多两个。";
            self.say(item.at, text.to_owned());
        }
        for (part, name) in during.iter().zip(&raw.during) {
            if !self.is_time(part) {
                let text = format!("“during”的“{name}”不是日期、时刻或时段。");
                self.say(item.place("during", name), text);
            }
        }
        for state in raw.except.iter().filter(|state| !self.has_state(state)) {
            let at = item.place("except", state);
            self.say(at, format!("“except”里的状态“{state}”不存在。"));
        }
        if let Some(field) = &raw.field {
            self.need_field(item, "field", field);
        }
        DoubleRule {
            id: raw.id.clone(),
            same,
            during,
            except: raw.except.clone(),
            text: raw.say.clone(),
            field: raw.field.clone().unwrap_or_default(),
        }
    }

    fn parts(&self, item: &Item<'_, RawDouble>, key: &'static str, names: &[String]) -> Vec<Part> {
        let part = |name: &String| {
            let part = self.part(name);
            if part.is_none() {
                let text = format!("“{key}”的“{name}”不是这里的字段或列，或者是个人信息。");
                self.say(item.place(key, name), text);
            }
            part
        };
        names.iter().filter_map(part).collect()
    }

    fn part(&self, name: &str) -> Option<Part> {
        match name {
            "person" => return Some(Part::Person),
            "employer" => return Some(Part::Employer),
            "station" => return Some(Part::Station),
            _ => {}
        }
        if let Some((field, YEAR)) = name.split_once('.')
            && let Some(field) = self.field(field)
            && matches!(field.kind, FieldType::Date { .. })
        {
            return Some(Part::Year(field.id.clone()));
        }
        if let Some((list, column)) = name.split_once('.') {
            let mut columns = self.field(list)?.columns.iter();
            let at = columns.position(|one| one.name == column)?;
            return Some(Part::Column(list.to_owned(), at));
        }
        let field = self.field(name).filter(|field| field.personal.is_none())?;
        Some(Part::Field(field.id.clone()))
    }

    fn check_lists<'p>(&self, item: &Item<'_, RawDouble>, parts: impl Iterator<Item = &'p Part>) {
        let is_list = |id: &&String| {
            let field = self.field(id);
            field.is_some_and(|field| matches!(field.kind, FieldType::List { .. }))
        };
        let lists = parts.filter_map(|part| match part {
            Part::Field(id) | Part::Column(id, _) => Some(id).filter(is_list),
            Part::Person | Part::Employer | Part::Station | Part::Year(_) => None,
        });
        let mut lists: Vec<_> = lists.collect();
        lists.dedup();
        if lists.len() > 1 {
            let text = "一条“不重”规则只能逐项看一个列表。";
            self.say(item.at, text.to_owned());
        }
    }

    fn is_time(&self, part: &Part) -> bool {
        match part {
            Part::Field(id) => self.field(id).is_some_and(|field| {
                matches!(field.kind, FieldType::Date { .. } | FieldType::Moment)
            }),
            Part::Column(id, at) => {
                let column = self.field(id).and_then(|field| field.columns.get(*at));
                column.is_some_and(|one| matches!(one.form, ColumnForm::Day | ColumnForm::Hours))
            }
            Part::Person | Part::Employer | Part::Station | Part::Year(_) => false,
        }
    }

    pub(super) fn validities(&self) -> Vec<ValidityRule> {
        let rules = self.draft.flow.validities.iter();
        rules.filter_map(|item| self.validity(item)).collect()
    }

    /// One that a workflow says for all of its kinds is left out where a kind names no such record.
    fn validity(&self, item: &Item<'_, RawValidity>) -> Option<ValidityRule> {
        let raw = &item.value;
        let (of, kind) = match self.named(&raw.of) {
            Some(named) => named,
            None if item.at.path != self.draft.head.at.path => return None,
            None => {
                let text = format!("“of”的“{}”不指向另一条记录。", raw.of);
                self.say(item.place("of", &raw.of), text);
                return None;
            }
        };
        // a file that cannot be read is told by itself
        let other = self.world.others.get(&kind)?;
        self.check_steps(item);
        if raw.states.is_empty() && raw.condition.is_none() {
            self.say(item.at, "要写“states”或“if”，或两样都写。".to_owned());
        }
        for state in raw
            .states
            .iter()
            .filter(|state| !other.states.contains(*state))
        {
            let at = item.place("states", state);
            self.say(at, format!("“{kind}”没有状态“{state}”。"));
        }
        Some(ValidityRule {
            of,
            states: raw.states.clone(),
            condition: self.condition_on(item, other),
            steps: raw.steps.clone(),
            text: raw.say.clone(),
        })
    }

    fn condition_on(&self, item: &Item<'_, RawValidity>, other: &Other) -> Option<Condition> {
        let text = item.value.condition.as_ref()?;
        let read = Condition::parse(text, &other.fields);
        let said = read.as_ref().err();
        if let Some(said) = said {
            self.say(item.place("if", text), said.clone());
        }
        read.ok()
    }

    fn check_steps(&self, item: &Item<'_, RawValidity>) {
        let steps = &item.value.steps;
        if steps.is_empty() {
            self.say(item.at, "缺“steps”：要写办哪些步骤时看。".to_owned());
        }
        for id in steps
            .iter()
            .filter(|id| *id != OPEN && self.step(id).is_none())
        {
            let at = item.place("steps", id);
            self.say(at, format!("“steps”里的步骤“{id}”不存在。"));
        }
    }

    /// What a name points at, and the kind of it.
    fn named(&self, name: &str) -> Option<(Named, String)> {
        let subject = self.draft.head.value.subject;
        match name {
            PERSON if matches!(subject, Subject::Person | Subject::Either) => {
                return Some((Named::Person, PERSON.to_owned()));
            }
            EMPLOYER if matches!(subject, Subject::Employer | Subject::Either) => {
                return Some((Named::Employer, EMPLOYER.to_owned()));
            }
            _ => {}
        }
        let to = |field: &Field| match &field.kind {
            FieldType::Record(kinds) => kinds.first().map(ToString::to_string),
            FieldType::List { of, .. } => match &**of {
                FieldType::Record(kinds) => kinds.first().map(ToString::to_string),
                _ => None,
            },
            _ => None,
        };
        let kind = self.field(name).and_then(to)?;
        Some((Named::Field(name.to_owned()), kind))
    }
}
