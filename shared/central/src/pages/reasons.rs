//! The reasons that a citizen may tick for a bad score on the phone page. The list is data
//! (`assets/codes/poor-reasons.json`); reasons that ask for words are left out here, because a
//! submission of the phone page carries codes only.

use std::sync::LazyLock;

use domain::rating::Level;
use serde::Deserialize;

use crate::assets;

static REASONS: LazyLock<Vec<PoorReason>> = LazyLock::new(|| {
    let list: List = serde_json::from_str(assets::POOR_REASONS)
        .expect("the list of reasons, because a test reads the same embedded file");
    list.reasons
        .into_iter()
        .filter(|reason| !reason.needs_text)
        .collect()
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

/// All reasons of the phone page.
pub(crate) fn all() -> Vec<PoorReason> {
    REASONS.clone()
}

/// The reasons to keep of those `sent`: known ones, and only for a bad score.
pub(crate) fn kept(level: Level, sent: &[String]) -> Vec<String> {
    if level.is_good() {
        return Vec::new();
    }
    let known = |reason: &&PoorReason| sent.contains(&reason.code);
    REASONS
        .iter()
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
}
