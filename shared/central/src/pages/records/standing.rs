//! The fields of a record that stands, as a form shows them: what stands, what was typed over it, and
//! where somebody else wrote meanwhile what they wrote. Pure.

use std::collections::BTreeMap;

use domain::case::{Field, FieldFault, FieldType, Value};
use domain::id::StaffId;

use super::inputs::Filled;
use crate::cases::touched::{is_same_text, written_since};
use crate::cases::typed::{Names, Typed, written};
use crate::cases::{Directory, RecordView};
use crate::store::HistoryEvent;

/// A form that came back and was refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Returned {
    /// The version that its page had shown.
    pub(crate) seen: u64,
    /// What was typed into the fields that were touched.
    pub(crate) touched: Typed,
    /// What is wrong with it.
    pub(crate) faults: Vec<FieldFault>,
}

/// A record as it stands, under a form that may have come back.
pub(crate) struct Standing<'s> {
    view: &'s RecordView,
    directory: &'s Directory,
    returned: Option<&'s Returned>,
    /// Who wrote which field since the returned form was made.
    writers: BTreeMap<String, Option<StaffId>>,
}

impl<'s> Standing<'s> {
    pub(crate) fn new(
        view: &'s RecordView,
        directory: &'s Directory,
        history: &[HistoryEvent],
        returned: Option<&'s Returned>,
    ) -> Self {
        let writers = returned.map(|returned| written_since(history, returned.seen));
        Self {
            view,
            directory,
            returned,
            writers: writers.unwrap_or_default(),
        }
    }

    /// What is wrong with the form that came back.
    pub(crate) fn faults(&self) -> &'s [FieldFault] {
        self.returned
            .map(|returned| &returned.faults[..])
            .unwrap_or_default()
    }

    /// What one field shows: own words where they were typed, else what stands now.
    pub(crate) fn filled(&self, field: &Field) -> Filled {
        let value = self.view.record.values.get(&field.id);
        let stands = value.map(|value| written(value, self.directory));
        let stands = stands.unwrap_or_default();
        let typed = self
            .returned
            .and_then(|returned| returned.touched.get(&field.id));
        Filled {
            typed: typed.unwrap_or(&stands).clone(),
            masked: self.view.masked.get(&field.id).cloned(),
            other: typed.and_then(|typed| self.other(field, typed, &stands)),
            // a personal value leaves the vault for no form
            was: field.personal.is_none().then_some(stands),
        }
    }

    /// What somebody else wrote into a field that was touched here too.
    fn other(&self, field: &Field, typed: &str, stands: &str) -> Option<String> {
        let writer = self.writers.get(&field.id)?;
        if field.personal.is_none() && is_same_text(typed, stands) {
            return None;
        }
        let who = self.directory.staff(*writer);
        let what = match self.view.record.values.get(&field.id) {
            Some(value) => format!("改成了“{}”", self.said(field, value)),
            None => "清空了".to_owned(),
        };
        Some(format!(
            "您填的时候，{who}把这里{what}。存下就用您填的；要用对方的，照着改回去。"
        ))
    }

    fn said(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Sealed(_) => self
                .view
                .masked
                .get(&field.id)
                .cloned()
                .unwrap_or_else(|| "已删除".to_owned()),
            Value::Record(record) => self.directory.number_of(*record).unwrap_or_default(),
            Value::List(_) if names_records(&field.kind) => {
                written(value, self.directory).replace('\n', "、")
            }
            value => self.directory.words(field, value),
        }
    }
}

fn names_records(kind: &FieldType) -> bool {
    matches!(kind, FieldType::List { of, .. } if matches!(**of, FieldType::Record(_)))
}
