//! What goes to kiosks and boards (DESIGN.md §3: nothing personal in any topic of the feed). Whoever
//! writes a notice may have typed a number, a name or a word into it that does not belong there;
//! before each step that publishes it, also one that corrects what was checked before, its texts are
//! looked through once more. What is written for boards (`led_publication`) is looked through
//! already when it is stored.

use std::collections::BTreeSet;

use domain::case::{
    CaseEvent, CaseRefusal, CaseRefusalCode, Effect, FieldFault, Kind, Record, StateStage, Value,
    Values,
};

use crate::boards::check::{
    FieldText, Finding, Weight, findings, holds_no_number, names_to_look_up, texts_of,
};
use crate::store::{Reader, StoreError};

use super::announcing::KIND as FOR_BOARDS;
use super::refused;

/// Why these events must not follow: they publish, or write for boards, what must not be shown.
pub(super) fn bar(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    events: &[CaseEvent],
) -> Result<Option<CaseRefusal>, StoreError> {
    if !events.iter().any(|event| is_looked_through(kind, event)) {
        return Ok(None);
    }
    let mut then = record.clone();
    events.iter().for_each(|event| then.apply(event));
    bar_texts(
        reader,
        &texts_of(&then.values, |field| name_of(kind, field)),
    )
}

/// Why a record for boards must not be opened with these values.
pub(super) fn bar_opening(
    reader: &Reader<'_>,
    kind: &Kind,
    values: &Values,
) -> Result<Option<CaseRefusal>, StoreError> {
    if kind.id.as_str() != FOR_BOARDS {
        return Ok(None);
    }
    bar_texts(reader, &texts_of(values, |field| name_of(kind, field)))
}

/// Everything that is found in the texts of a record that goes on boards.
///
/// # Errors
/// A fault of storage.
pub(crate) fn look_through(
    reader: &Reader<'_>,
    kind: &Kind,
    values: &Values,
) -> Result<Vec<Finding>, StoreError> {
    found_in(reader, &texts_of(values, |field| name_of(kind, field)))
}

fn found_in(reader: &Reader<'_>, texts: &[FieldText]) -> Result<Vec<Finding>, StoreError> {
    let mut registered = BTreeSet::new();
    for name in names_to_look_up(texts) {
        if reader.is_name_of_somebody(&name)? {
            registered.insert(name);
        }
    }
    Ok(findings(texts, &registered))
}

fn bar_texts(reader: &Reader<'_>, texts: &[FieldText]) -> Result<Option<CaseRefusal>, StoreError> {
    let found = found_in(reader, texts)?;
    let blocks = found.into_iter().filter(|one| one.weight == Weight::Blocks);
    let faults: Vec<_> = blocks
        .map(|one| FieldFault {
            field: one.field.to_owned(),
            text: one.text,
        })
        .collect();
    let Some(first) = faults.first() else {
        return Ok(None);
    };
    let mut refusal = refused(CaseRefusalCode::Values, first.text.clone());
    refusal.faults = faults;
    Ok(Some(refusal))
}

/// What publishes; of what is written for boards also every other change, but for those that take it
/// back or off.
fn is_looked_through(kind: &Kind, event: &CaseEvent) -> bool {
    match event {
        CaseEvent::Moved(moved) => {
            let step = kind.transition(&moved.act.transition);
            let publishes = step.is_some_and(|step| step.effects.contains(&Effect::PublishNotice));
            let is_end = |state: &str| {
                let state = kind.state(state);
                state.is_some_and(|state| state.stage == StateStage::End)
            };
            let to = moved.act.to.as_str();
            publishes || (kind.id.as_str() == FOR_BOARDS && to != kind.initial && !is_end(to))
        }
        CaseEvent::Changed(_) => kind.id.as_str() == FOR_BOARDS,
        _ => false,
    }
}

fn name_of(kind: &Kind, field: &str) -> String {
    kind.field(field)
        .map_or_else(|| "内容".to_owned(), |field| field.name.clone())
}

/// Whether a value holds no number of a person, a card or a telephone, however it is typed.
pub(super) fn is_masked(value: &Value) -> bool {
    match value {
        Value::Text(text) => holds_no_number(text),
        Value::List(values) => values.iter().all(is_masked),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_person_in_a_text_is_seen() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert!(is_masked(&text("张* 3606**********1234 138****5678")));
        assert!(!is_masked(&text("联系 15412345678")));
        let list = Value::List(vec![text("甲"), text("999999199001010016")]);
        assert!(!is_masked(&list));
    }
}
