//! Taking values in: which fields may be changed now, whether each value is what its field holds,
//! and what all of it changes. Everything that is wrong is found at once.

use std::collections::BTreeSet;

use super::super::command::{Actor, CaseRefusal, CaseRefusalCode, Draft, FieldFault, Missing};
use super::super::formula::{Computation, computed};
use super::super::kind::{Field, FieldType, Kind, Transition};
use super::super::record::{Channel, Record};
use super::super::{Role, Value, Values};
use super::Circumstances;
use super::form::{self, Fault};

/// What a draft comes to.
pub(super) struct Taken {
    /// Values that are new.
    pub(super) set: Values,
    /// Fields that hold nothing any more.
    pub(super) cleared: BTreeSet<String>,
    /// All values afterwards.
    pub(super) values: Values,
    /// Fields that differ afterwards.
    pub(super) changed: BTreeSet<String>,
    /// What is wrong.
    pub(super) faults: Vec<FieldFault>,
}

/// Takes a draft in over the present values, in the role of who gives it.
pub(super) fn take(
    kind: &Kind,
    present: &Values,
    draft: Draft,
    role: Role,
    around: Circumstances<'_>,
) -> Result<Taken, CaseRefusal> {
    let mut taken = Taken {
        set: Values::new(),
        cleared: BTreeSet::new(),
        values: present.clone(),
        changed: BTreeSet::new(),
        faults: Vec::new(),
    };
    let excused: BTreeSet<_> = draft
        .keys()
        .filter(|id| {
            let field = kind.field(id);
            field.is_some_and(|field| is_excused_anew(field, present, &draft))
        })
        .cloned()
        .collect();
    for (id, value) in draft {
        let checked = match kind.field(&id) {
            None => Err(Fault::Said("没有这个字段。请刷新页面后再填。".to_owned())),
            Some(field)
                if field.is_computed && (role != Role::System || kind.is_derived(&field.id)) =>
            {
                let text = format!("“{}”由系统算出，不能填写。", field.name);
                Err(Fault::Said(text))
            }
            Some(field) if field.excused_by.is_some() => {
                let as_typed = form::as_typed(value.as_ref());
                let stands = as_typed.is_some() && as_typed.as_ref() == present.get(&id);
                let kept = as_typed.filter(|_| stands || excused.contains(&id));
                let taken = checked(field, value, role, around);
                taken.or_else(|fault| {
                    kept.map(Some)
                        .ok_or_else(|| told(kind, field, present, fault))
                })
            }
            Some(field) => checked(field, value, role, around),
        };
        match checked {
            Ok(value) => taken.put(present, id, value),
            Err(Fault::Said(text)) => taken.faults.push(FieldFault { field: id, text }),
            Err(Fault::NoCalendar(gap)) => return Err(gap.into()),
        }
    }
    Ok(taken)
}

impl Taken {
    fn put(&mut self, present: &Values, id: String, value: Option<Value>) {
        match value {
            Some(value) if present.get(&id) != Some(&value) => {
                self.values.insert(id.clone(), value.clone());
                self.set.insert(id.clone(), value);
                self.changed.insert(id);
            }
            Some(_) => {}
            None if present.contains_key(&id) => {
                self.values.remove(&id);
                self.cleared.insert(id.clone());
                self.changed.insert(id);
            }
            None => {}
        }
    }

    /// Puts a value over whatever came in for this field.
    fn put_over(&mut self, present: &Values, id: &str, value: Option<Value>) {
        self.set.remove(id);
        self.cleared.remove(id);
        self.changed.remove(id);
        match &value {
            Some(value) => drop(self.values.insert(id.to_owned(), value.clone())),
            None => drop(self.values.remove(id)),
        }
        self.put(present, id.to_owned(), value);
    }

    /// Sets what a step sets, over whatever came with it.
    pub(super) fn set_all(
        &mut self,
        kind: &Kind,
        present: &Values,
        step: &Transition,
        around: Circumstances<'_>,
    ) {
        for (id, value) in &step.sets {
            self.put_over(present, id, Some(value.clone()));
        }
        for id in &step.stamps {
            let is_day = kind
                .field(id)
                .is_some_and(|field| matches!(field.kind, FieldType::Date { .. }));
            let value = if is_day {
                Value::Date(around.today)
            } else {
                Value::Moment(around.now)
            };
            self.put_over(present, id, Some(value));
        }
    }

    /// Computes what follows from the values that changed.
    ///
    /// # Errors
    /// When the calendar lacks a year or a parameter its value.
    pub(super) fn compute(
        &mut self,
        kind: &Kind,
        present: &Values,
        around: Circumstances<'_>,
    ) -> Result<(), CaseRefusal> {
        for id in kind.derived() {
            let mut inputs = kind.computations_of(id).flat_map(Computation::inputs);
            if inputs.any(|input| self.changed.contains(input)) {
                let value = computed(kind, id, &self.values, around.today, around.rules)?;
                self.put_over(present, id, value);
            }
        }
        Ok(())
    }
}

/// Whether the draft gives a reason for what it puts into this field. A reason that already stands
/// in the record was given for another value, and excuses no later one.
fn is_excused_anew(field: &Field, present: &Values, draft: &Draft) -> bool {
    let Some(note) = &field.excused_by else {
        return false;
    };
    let Some(Some(Value::Text(given))) = draft.get(note) else {
        return false;
    };
    let given = given.trim();
    let stands = |value: &Value| matches!(value, Value::Text(text) if text.trim() == given);
    !given.is_empty() && !present.get(note).is_some_and(stands)
}

/// A fault of a field that can be excused also says how, and that an old reason does not count.
fn told(kind: &Kind, field: &Field, present: &Values, fault: Fault) -> Fault {
    let note = field.excused_by.as_ref().and_then(|id| kind.field(id));
    match (fault, note) {
        (Fault::Said(text), Some(note)) => {
            let how = how_to_excuse(&note.name, present.contains_key(&note.id));
            Fault::Said(format!("{text}{how}"))
        }
        (fault, _) => fault,
    }
}

/// How a value is kept that fails its form: by a reason in the note of this name, written anew
/// where one stands already.
#[must_use]
pub fn how_to_excuse(note: &str, stands: bool) -> String {
    if stands {
        format!("核对原件无误的，在“{note}”里重新写明原因再存，原来写的只管原来的内容。")
    } else {
        format!("核对原件无误的，在“{note}”里写明原因再存。")
    }
}

/// A blank text clears its field: no value is ever empty.
fn checked(
    field: &Field,
    value: Option<Value>,
    role: Role,
    around: Circumstances<'_>,
) -> Result<Option<Value>, Fault> {
    let is_blank = |text: &str| text.trim().is_empty();
    match value {
        None => Ok(None),
        Some(Value::Text(text)) if is_blank(&text) => Ok(None),
        Some(Value::Personal(text)) if is_blank(text.expose()) => Ok(None),
        Some(Value::List(items)) if items.is_empty() => Ok(None),
        // the system copies what is sealed from one record to another
        Some(Value::Sealed(sealed)) if field.personal.is_some() && role == Role::System => {
            Ok(Some(Value::Sealed(sealed)))
        }
        Some(value) if field.personal.is_some() => form::personal(field, &value).map(Some),
        Some(value) => form::fitted(field, value, around).map(Some),
    }
}

/// Fields that a step does not ask for, and that this person may not change in the present state.
pub(super) fn uninvited(
    kind: &Kind,
    record: &Record,
    step: &Transition,
    draft: &Draft,
    actor: &Actor,
) -> Vec<FieldFault> {
    let state = kind.state(&record.state);
    let is_editor =
        state.is_some_and(|state| state.editors.iter().any(|role| actor.roles.contains(role)));
    if is_editor || actor.roles.contains(&Role::System) {
        return Vec::new();
    }
    let is_asked = |id: &String| step.asks.contains(id) || step.requires.contains(id);
    let fields = draft.keys().filter(|id| !is_asked(id));
    let fields = fields.filter_map(|id| kind.field(id));
    fields
        .map(|field| FieldFault {
            field: field.id.clone(),
            text: format!("办“{}”时不能改“{}”。", step.name, field.name),
        })
        .collect()
}

/// Required fields that would hold nothing any more: once submitted, they keep a value.
pub(super) fn emptied(kind: &Kind, record: &Record, cleared: &BTreeSet<String>) -> Vec<FieldFault> {
    let is_free = record.channel == Channel::Import
        || (record.state == kind.initial && kind.engine == super::Engine::Case);
    if is_free {
        return Vec::new();
    }
    let required = kind.fields.iter().filter(|field| field.is_required);
    required
        .filter(|field| cleared.contains(&field.id))
        .map(|field| FieldFault {
            field: field.id.clone(),
            text: format!("“{}”是必填项，不能清空。请填上新的内容。", field.name),
        })
        .collect()
}

/// Refuses for everything that is wrong and everything that is missing, at once.
pub(super) fn refuse_if_any(
    kind: &Kind,
    mut faults: Vec<FieldFault>,
    missing: Vec<Missing>,
) -> Result<(), CaseRefusal> {
    let place = |fault: &FieldFault| kind.fields.iter().position(|field| field.id == fault.field);
    faults.sort_by_key(|fault| place(fault).unwrap_or(usize::MAX));
    let (code, text) = match (faults.as_slice(), missing.as_slice()) {
        ([], []) => return Ok(()),
        ([], missing) => {
            let names: Vec<_> = missing.iter().map(Missing::name).collect();
            let text = format!(
                "还缺 {} 项：{}。补齐后再办。",
                names.len(),
                names.join("、")
            );
            (CaseRefusalCode::Missing, text)
        }
        ([fault], []) => (CaseRefusalCode::Values, fault.text.clone()),
        (faults, _) => {
            let text = format!("有 {} 处填得不对，请按提示改好再提交。", faults.len());
            (CaseRefusalCode::Values, text)
        }
    };
    let mut refusal = CaseRefusal::new(code, text);
    refusal.faults = faults;
    refusal.missing = missing;
    Err(refusal)
}

impl Missing {
    /// The Chinese name of what is missing.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Field { name, .. } | Self::Attachment { name, .. } => name,
        }
    }
}
