//! What of the kinds a kiosk may offer and tell about: the lists of `assets/citizen/services.toml`.

use std::sync::{Arc, LazyLock};

use domain::case::Kind;
use domain::id::KindId;
use serde::Deserialize;
use wire::citizen::{Service, ToldAbout};

use crate::assets;
use crate::cases::KindShelf;

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(assets::CITIZEN_SERVICES)
        .expect("the lists of services, because a test reads the same embedded file")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    apply: Vec<KindId>,
    progress: Vec<KindId>,
    /// A word, and what stands on the button.
    about: Vec<(String, String)>,
}

/// Everything that can be applied for, as kiosks show it.
pub(super) fn to_apply_for(kinds: &KindShelf) -> Vec<Service> {
    let known = LISTS.apply.iter().filter_map(|id| kinds.kind(id));
    known.map(|kind| of_kind(kind)).collect()
}

/// Everything about which citizens are told, as kiosks show it.
pub(super) fn told_about(kinds: &KindShelf) -> Vec<ToldAbout> {
    let known = LISTS.progress.iter().filter_map(|id| kinds.kind(id));
    let told = known.map(|kind| ToldAbout {
        kind: kind.id.clone(),
        name: kind.name.clone(),
    });
    told.collect()
}

/// A kind, if it can be applied for.
pub(super) fn service<'k>(kinds: &'k KindShelf, id: &KindId) -> Option<&'k Arc<Kind>> {
    kinds.kind(id).filter(|_| LISTS.apply.contains(id))
}

/// Whether citizens are told where records of a kind stand.
pub(super) fn tells_progress(kind: &KindId) -> bool {
    LISTS.progress.contains(kind)
}

/// Whether feedback may be about this; about nothing it may always be.
pub(super) fn is_about(word: &str) -> bool {
    word.is_empty() || LISTS.about.iter().any(|(known, _)| known == word)
}

/// What a word of feedback means; empty for none.
pub(crate) fn about_name(word: &str) -> &'static str {
    let known = LISTS.about.iter().find(|(known, _)| known == word);
    known.map_or("", |(_, name)| name)
}

fn of_kind(kind: &Kind) -> Service {
    let line = |rule: &domain::case::AttachmentRule| match rule.hint.is_empty() {
        true => rule.name.clone(),
        false => format!("{}：{}", rule.name, rule.hint),
    };
    Service {
        kind: kind.id.clone(),
        name: kind.name.clone(),
        about: kind.about.clone(),
        materials: kind.attachments.iter().map(line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_in_the_lists_is_one_of_the_shelf() {
        let kinds = KindShelf::embedded().unwrap();
        for id in LISTS.apply.iter().chain(&LISTS.progress) {
            assert!(kinds.kind(id).is_some(), "{id:?}");
        }
        assert_eq!(to_apply_for(&kinds).len(), LISTS.apply.len());
        assert_eq!(told_about(&kinds).len(), LISTS.progress.len());
    }

    #[test]
    fn feedback_is_about_what_stands_in_the_list_or_nothing() {
        assert!(is_about("") && is_about("waiting") && !is_about("weather"));
        assert_eq!((about_name("waiting"), about_name("")), ("等候", ""));
    }
}
