//! A template held against every kind for which it is offered, so that no document asks a record for
//! what its kind does not have: kinds, states, steps, fields, and how a value may be written.

use std::collections::BTreeMap;

use crate::case::read::table::{Faults, Item};
use crate::case::{Field, FieldType, Kind, KindSet, Subject};
use crate::id::KindId;

use super::compose::{EMPLOYER_KIND, PERSON_KIND};
use super::placeholder::{Asked, Form, Source};
use super::read::{Draft, RawOccasion};
use super::template::{Items, Occasion, Part};

/// Finds what every name means, for every kind, and gives when the document is offered.
pub(super) fn check(
    draft: &Draft<'_>,
    kinds: &KindSet,
    faults: &Faults,
) -> BTreeMap<KindId, Occasion> {
    let mut occasions = BTreeMap::new();
    for raw in &draft.occasions {
        for kind in kinds_of(raw, kinds, faults) {
            let occasion = Occasion {
                states: raw.value.states.clone(),
                after: steps(&raw.value, kind),
            };
            if occasions.insert(kind.id.clone(), occasion).is_some() {
                let text = format!("“{}”写了两次。", kind.id);
                faults.say(raw.place("kinds", kind.id.as_str()), text);
            }
            let of_kind = OfKind {
                kind,
                kinds,
                is_about_step: !steps(&raw.value, kind).is_empty(),
            };
            check_occasion(raw, kind, faults);
            check_values(draft, &of_kind, faults);
        }
    }
    occasions
}

fn kinds_of<'k>(raw: &Item<'_, RawOccasion>, kinds: &'k KindSet, faults: &Faults) -> Vec<&'k Kind> {
    let all = || kinds.iter().map(|kind| &**kind);
    let named = raw.value.kinds.iter().filter_map(|id| {
        let found = all().find(|kind| kind.id.as_str() == id);
        if found.is_none() {
            faults.say(raw.place("kinds", id), format!("没有“{id}”这种业务。"));
        }
        found
    });
    named.collect()
}

/// The steps of a kind after which the document is offered.
fn steps(raw: &RawOccasion, kind: &Kind) -> Vec<String> {
    let notices = kind
        .transitions
        .iter()
        .filter(|step| raw.is_after_notices && step.is_notice);
    let notices = notices.map(|step| step.id.clone());
    raw.after.iter().cloned().chain(notices).collect()
}

fn check_occasion(raw: &Item<'_, RawOccasion>, kind: &Kind, faults: &Faults) {
    for state in &raw.value.states {
        if kind.state(state).is_none() {
            let text = format!("“{}”没有状态“{state}”。", kind.id);
            faults.say(raw.place("states", state), text);
        }
    }
    for step in &raw.value.after {
        if kind.transition(step).is_none() {
            let text = format!("“{}”没有步骤“{step}”。", kind.id);
            faults.say(raw.place("after", step), text);
        }
    }
    if raw.value.is_after_notices && !kind.transitions.iter().any(|step| step.is_notice) {
        let text = format!("“{}”没有一次性告知的步骤。", kind.id);
        faults.say(raw.place("kinds", kind.id.as_str()), text);
    }
}

/// A kind to which a template is held.
struct OfKind<'k> {
    kind: &'k Kind,
    kinds: &'k KindSet,
    is_about_step: bool,
}

fn check_values(draft: &Draft<'_>, of_kind: &OfKind<'_>, faults: &Faults) {
    for part in &draft.parts {
        for (words, at) in &part.texts {
            for fault in words.asked().filter_map(|asked| of_kind.fault(asked)) {
                faults.say(*at, fault);
            }
        }
        if let Some((source, at)) = &part.is_filled
            && let Err(fault) = of_kind.field(source)
        {
            faults.say(*at, fault);
        }
        if let Some(fault) = of_kind.list_fault(&part.part) {
            faults.say(part.at, fault);
        }
    }
    let template = &draft.template.value;
    if let Some(id) = &template.code_to {
        let field = of_kind.kind.field(id);
        let takes_code = field
            .is_some_and(|field| field.is_computed && matches!(field.kind, FieldType::Text { .. }));
        if !takes_code {
            let text = format!(
                "“{}”没有自动填写的文字字段“{id}”，放不了查验码。",
                of_kind.kind.id
            );
            faults.say(draft.template.place("code_to", id), text);
        }
    }
}

impl<'k> OfKind<'k> {
    /// What is wrong with a list.
    fn list_fault(&self, part: &Part) -> Option<String> {
        match part {
            Part::Where(_, part) => self.list_fault(part),
            Part::Items {
                of: Items::Notice, ..
            } if !self.is_about_step => {
                Some("“notice”是某一步的告知，要写在哪一步之后（after）。".to_owned())
            }
            Part::Items {
                of: Items::Field(id),
                ..
            } => match field_of(self.kind, id) {
                Err(fault) => Some(fault),
                Ok(field) if matches!(field.kind, FieldType::List { .. }) => None,
                Ok(_) => Some(format!("“{}”的“{id}”不是一列。", self.kind.id)),
            },
            _ => None,
        }
    }

    fn fault(&self, asked: &Asked) -> Option<String> {
        let field = match self.field(&asked.source) {
            Err(fault) => return Some(fault),
            Ok(field) => field,
        };
        let kind = &self.kind.id;
        match (asked.form, field) {
            (Form::Plain, _) => None,
            (Form::Capitals, Some(field)) if matches!(field.kind, FieldType::Money { .. }) => None,
            (Form::Whole, Some(field)) if field.personal.is_some() => None,
            (Form::Number, Some(field)) if matches!(field.kind, FieldType::Record(_)) => None,
            (Form::Capitals, _) => Some(format!("“{kind}”：只有金额才有大写。")),
            (Form::Whole, _) => Some(format!("“{kind}”：只有个人信息才分遮住和全部。")),
            (Form::Number, _) => Some(format!("“{kind}”：只有指向别的记录的才有编号。")),
        }
    }

    /// The field that is asked for; `None` for what is no field.
    fn field(&self, source: &Source) -> Result<Option<&'k Field>, String> {
        let kind = self.kind;
        match source {
            Source::Named(name) if name.is_of_step() && !self.is_about_step => Err(format!(
                "“{}”是某一步的，要写在哪一步之后（after）。",
                name.words()
            )),
            Source::Named(_) => Ok(None),
            Source::Field(id) => field_of(kind, id).map(Some),
            Source::FieldOf(id, inner) => {
                let FieldType::Record(to) = &field_of(kind, id)?.kind else {
                    return Err(format!("“{}”的“{id}”不指向别的记录。", kind.id));
                };
                self.in_all(to, inner)
            }
            Source::EmployerOf(id) => self.employer_of(field_of(kind, id)?),
            Source::Person(id) => self.of_register(PERSON_KIND, id, Subject::Person),
            Source::Employer(id) => self.of_register(EMPLOYER_KIND, id, Subject::Employer),
            Source::Due(rule) => match kind.deadlines.iter().any(|known| known.id == *rule) {
                true => Ok(None),
                false => Err(format!("“{}”没有期限“{rule}”。", kind.id)),
            },
        }
    }

    /// The records that a field names must be of kinds that concern employers.
    fn employer_of(&self, field: &Field) -> Result<Option<&'k Field>, String> {
        let FieldType::Record(to) = &field.kind else {
            let text = format!("“{}”的“{}”不指向别的记录。", self.kind.id, field.id);
            return Err(text);
        };
        let has_employer = |kind: &KindId| {
            let subject = self.kinds.get(kind).map(|kind| kind.subject);
            matches!(subject, Some(Subject::Employer | Subject::Either))
        };
        match to.iter().all(has_employer) {
            true => Ok(None),
            false => Err(format!("“{}”指向的不都是单位办的。", field.id)),
        }
    }

    fn of_register(
        &self,
        register: &str,
        id: &str,
        subject: Subject,
    ) -> Result<Option<&'k Field>, String> {
        if self.kind.subject != subject && self.kind.subject != Subject::Either {
            return Err(format!("“{}”不是给这类对象办的。", self.kind.id));
        }
        let register = KindId::new(register).map_err(|bad| bad.to_string())?;
        self.in_all(&[register], id)
    }

    /// The field, which all of these kinds have.
    fn in_all(&self, kinds: &[KindId], id: &str) -> Result<Option<&'k Field>, String> {
        let mut found = None;
        for kind in kinds {
            let known = self.kinds.get(kind);
            let known = known.ok_or_else(|| format!("没有“{kind}”这种业务。"))?;
            found = Some(field_of(known, id)?);
        }
        Ok(found)
    }
}

fn field_of<'k>(kind: &'k Kind, id: &str) -> Result<&'k Field, String> {
    let field = kind.field(id);
    field.ok_or_else(|| format!("“{}”没有字段“{id}”。", kind.id))
}
