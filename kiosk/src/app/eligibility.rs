//! The rules of the self-check as they come with the program, and the numbers by which they count: the
//! program's own, with what two persons entered at the centre since.

use std::sync::LazyLock;

use domain::eligibility::EligibilityRules;
use domain::parameter::{ParameterBook, ParameterChange};
use wire::public::ParameterNow;

const RULES_FILES: [(&str, &str); 5] = [
    (
        "rules.toml",
        include_str!("../../../assets/eligibility/rules.toml"),
    ),
    (
        "questions.toml",
        include_str!("../../../assets/eligibility/questions.toml"),
    ),
    (
        "person.toml",
        include_str!("../../../assets/eligibility/person.toml"),
    ),
    (
        "org.toml",
        include_str!("../../../assets/eligibility/org.toml"),
    ),
    (
        "together.toml",
        include_str!("../../../assets/eligibility/together.toml"),
    ),
];
const RETIREMENT: &str = include_str!("../../../assets/codes/retirement.toml");
const PARAMETER_FILES: [(&str, &str); 2] = [
    (
        "eligibility.toml",
        include_str!("../../../assets/parameters/eligibility.toml"),
    ),
    (
        "flow.toml",
        include_str!("../../../assets/parameters/flow.toml"),
    ),
];

static RULES: LazyLock<EligibilityRules> = LazyLock::new(|| {
    EligibilityRules::read(&RULES_FILES, RETIREMENT)
        .expect("rules of the self-check, because a test reads them")
});

static BASE: LazyLock<ParameterBook> = LazyLock::new(|| {
    ParameterBook::read_base(PARAMETER_FILES).expect("parameters, because a test reads them")
});

/// The rules that are built in.
#[must_use]
pub fn rules() -> &'static EligibilityRules {
    &RULES
}

/// The numbers of now: for each key what the centre published, else what came with the program. A row
/// that does not fit together is left out: then the program's own numbers of that key hold.
#[must_use]
pub fn parameters<'p>(published: impl Iterator<Item = &'p ParameterNow>) -> ParameterBook {
    let mut book = BASE.clone();
    for now in published {
        if let Err(error) = ParameterBook::of_base(now.entries.clone()) {
            tracing::error!(%error, "published numbers that do not fit together");
            continue;
        }
        book = book.about(|key| *key != now.key);
        let entries = now.entries.iter().cloned().map(ParameterChange::Set);
        entries.for_each(|set| book.apply(&set, None));
    }
    book
}

#[cfg(test)]
mod tests {
    use domain::parameter::ParameterEntry;

    use super::*;

    #[test]
    fn every_number_that_a_rule_asks_for_comes_with_the_program() {
        let day = crate::app::sample::TODAY;
        let missing: Vec<_> = rules()
            .parameter_keys()
            .into_iter()
            .filter(|key| BASE.on(key, None, day).is_err())
            .collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn what_the_centre_published_of_a_key_replaces_what_came_with_the_program() {
        let day = crate::app::sample::TODAY;
        let key = rules().parameter_keys()[0].to_owned();
        let own = BASE.on(&key, None, day).unwrap().entry.clone();
        let newer = ParameterEntry {
            effective_from: day,
            ..own.clone()
        };
        let now = ParameterNow {
            key: newer.key.clone(),
            entries: vec![newer.clone()],
        };
        let book = parameters([&now].into_iter());
        assert_eq!(book.on(&key, None, day).unwrap().entry, newer);
        assert!(book.on(&key, None, day.pred_opt().unwrap()).is_err());
    }
}
