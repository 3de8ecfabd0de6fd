//! Two people in one form. A form comes back with what its page had shown beside what it says now:
//! what is as it was shown is untouched and no change, whoever wrote it meanwhile. What somebody
//! else wrote since the page was made is told by the record's history.

use std::collections::BTreeMap;

use domain::case::{CaseEvent, Kind};
use domain::id::StaffId;

use crate::store::HistoryEvent;

use super::typed::Typed;

/// The fields that somebody touched. A personal field was never shown and stands empty in its form:
/// it is touched when something stands in it. A form that does not tell what a field had shown
/// means what it says.
pub(crate) fn touched(kind: &Kind, typed: &Typed, shown: &Typed) -> Typed {
    let is_touched = |id: &String, text: &str| {
        let is_personal = kind.field(id).is_some_and(|field| field.personal.is_some());
        match shown.get(id) {
            _ if is_personal => !text.trim().is_empty(),
            Some(shown) => !is_same_text(text, shown),
            None => true,
        }
    };
    typed
        .iter()
        .filter(|(id, text)| is_touched(id, text))
        .map(|(id, text)| (id.clone(), text.clone()))
        .collect()
}

/// Browsers send line ends in their own way, and drop blank ones at the begin of a field.
pub(crate) fn is_same_text(one: &str, other: &str) -> bool {
    let lines = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    lines(one) == lines(other)
}

/// Who wrote each field last, of all that was written after somebody saw a version.
pub(crate) fn written_since(
    history: &[HistoryEvent],
    seen: u64,
) -> BTreeMap<String, Option<StaffId>> {
    let mut writers = BTreeMap::new();
    for HistoryEvent { event, .. } in history {
        let (version, by, set, cleared) = match event {
            CaseEvent::Changed(changed) => {
                (changed.version, changed.by, &changed.set, &changed.cleared)
            }
            CaseEvent::Moved(moved) => (moved.version, moved.act.by, &moved.set, &moved.cleared),
            _ => continue,
        };
        if version > seen {
            writers.extend(set.keys().chain(cleared).map(|id| (id.clone(), by)));
        }
    }
    writers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::KindShelf;
    use domain::id::KindId;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let pairs = pairs.iter();
        pairs
            .map(|(id, text)| ((*id).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_as_it_was_shown_is_untouched_and_a_personal_field_left_empty_too() {
        let kinds = KindShelf::embedded().unwrap();
        let kind = kinds.kind(&KindId::new("person").unwrap()).unwrap();
        let sent = typed(&[
            ("name", " "),
            ("phone", "15400000001"),
            ("remark", "一行\r\n两行"),
            ("sex", "female"),
            ("id_type", ""),
            ("birth_date", "1987-02-03"),
        ]);
        let shown = typed(&[
            ("remark", "一行\n两行\n"),
            ("sex", "male"),
            ("id_type", "resident"),
        ]);
        let touched = touched(kind, &sent, &shown);
        let ids: Vec<_> = touched.keys().map(String::as_str).collect();
        assert_eq!(ids, ["birth_date", "id_type", "phone", "sex"]);
    }
}
