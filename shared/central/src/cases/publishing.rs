//! What goes to kiosks and boards (DESIGN.md §3: nothing personal in any topic of the feed). Whoever
//! writes a notice may have typed a number into it; before each step that publishes it, also one
//! that corrects what was checked before, its texts are looked through once more.

use domain::case::{CaseEvent, CaseRefusal, CaseRefusalCode, Effect, Kind, Record, Value};

use super::refused;

/// So many digits in a row are a number of a person, a card or a telephone.
const DIGITS_OF_A_NUMBER: usize = 11;

/// Why these events must not follow: they publish a notice that holds such a number.
pub(super) fn bar(kind: &Kind, record: &Record, events: &[CaseEvent]) -> Option<CaseRefusal> {
    let publishes = events.iter().any(|event| match event {
        CaseEvent::Moved(moved) => kind
            .transition(&moved.act.transition)
            .is_some_and(|step| step.effects.contains(&Effect::PublishNotice)),
        _ => false,
    });
    if !publishes {
        return None;
    }
    let mut then = record.clone();
    events.iter().for_each(|event| then.apply(event));
    let texts = ["title", "body", "items"];
    let is_bare = |id: &&str| then.values.get(*id).is_some_and(|value| !is_masked(value));
    let field = texts.iter().find(|id| is_bare(id))?;
    let name = kind.field(field).map_or("内容", |field| &field.name);
    let sentence = format!("“{name}”里有证件号、手机号或账号，遮掩了才能发布。");
    Some(refused(CaseRefusalCode::Values, sentence))
}

/// Whether a text holds no number of a person, a card or a telephone, however its digits are typed.
pub(super) fn is_masked(value: &Value) -> bool {
    match value {
        Value::Text(text) => {
            let mut runs = text.split(|c: char| !c.is_numeric());
            runs.all(|run| run.chars().count() < DIGITS_OF_A_NUMBER)
        }
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
        assert!(!is_masked(&text("联系 １５４１２３４５６７８")));
        let list = Value::List(vec![text("甲"), text("999999199001010016")]);
        assert!(!is_masked(&list));
    }
}
