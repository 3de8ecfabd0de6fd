//! The reasons that may be given for a bad score. The list is data
//! (`assets/codes/poor-reasons.json`) and says its version itself; a submission carries codes only,
//! so reasons that ask for words are not offered on the phone page.

use std::sync::LazyLock;

use domain::rating::Level;
use serde::Deserialize;

use crate::assets;

static REASONS: LazyLock<Vec<PoorReason>> = LazyLock::new(|| {
    let list: List = serde_json::from_str(assets::POOR_REASONS)
        .expect("the list of reasons, because a test reads the same embedded file");
    list.reasons
});

#[derive(Deserialize)]
struct List {
    reasons: Vec<PoorReason>,
}

/// One reason.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PoorReason {
    /// Stable code: `R01`.
    pub(crate) code: String,
    /// The words.
    pub(crate) name: String,
    needs_text: bool,
}

/// The words of a code; the code itself for one that the list does not hold.
pub(crate) fn name_of(code: &str) -> String {
    let known = REASONS.iter().find(|reason| reason.code == code);
    known.map_or_else(|| code.to_owned(), |reason| reason.name.clone())
}

/// Whether the list holds all of these, and there are not more of them than it has.
pub(crate) fn are_known(codes: &[String]) -> bool {
    let is_known = |code: &String| REASONS.iter().any(|reason| reason.code == *code);
    codes.len() <= REASONS.len() && codes.iter().all(is_known)
}

fn offered() -> impl Iterator<Item = &'static PoorReason> {
    REASONS.iter().filter(|reason| !reason.needs_text)
}

/// All reasons of the phone page.
pub(crate) fn all() -> Vec<PoorReason> {
    offered().cloned().collect()
}

/// The reasons to keep of those `sent`: known ones, and only for a bad score.
pub(crate) fn kept(level: Level, sent: &[String]) -> Vec<String> {
    if level.is_good() {
        return Vec::new();
    }
    let known = |reason: &&PoorReason| sent.contains(&reason.code);
    offered()
        .filter(known)
        .map(|reason| reason.code.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_reasons_of_a_bad_score_are_kept_and_each_once() {
        let sent = ["R05", "R05", "R12", "DROP TABLE"].map(str::to_owned);
        assert_eq!(kept(Level::Bad, &sent), ["R05"]);
        assert!(kept(Level::Fair, &sent).is_empty());
        assert!(all().iter().all(|reason| reason.code != "R12"));
    }

    #[test]
    fn only_reasons_of_the_dictionary_are_taken() {
        assert!(are_known(&["R01".into(), "R12".into()]));
        assert!(!are_known(&["R99".into()]));
        assert!(!are_known(&vec!["R01".into(); 100]));
        assert_eq!(name_of("R05"), "等得太久");
        assert_eq!(name_of("R99"), "R99");
    }
}
