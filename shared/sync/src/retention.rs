//! How long events are kept (`assets/retention.toml`): a class for every kind, as data that an
//! archivist can read. This module says when an event may go; `log` lets it go.

use std::collections::BTreeMap;

use domain::time::UtcMs;
use serde::Deserialize;
use thiserror::Error;

const FILE: &str = include_str!("../../../assets/retention.toml");
const DAY_MS: i64 = 24 * 3_600_000;

/// The schedule is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RetentionError {
    /// It is not TOML of the expected form.
    #[error("the retention schedule cannot be read: {0}.")]
    Unreadable(String),
    /// A kind stands in two classes.
    #[error("the retention schedule names {0} twice.")]
    Twice(String),
    /// There is no class at all.
    #[error("the retention schedule has no class.")]
    Empty,
}

/// One class of events.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionClass {
    /// Its stable code.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// Why it is kept, for people.
    pub reason: String,
    /// The kinds in it.
    pub kinds: Vec<String>,
    /// Days for which a device keeps an event that its server holds.
    pub device_days: u32,
    /// Years for which the centre keeps it; 0 = for good.
    pub centre_years: u32,
}

#[derive(Deserialize)]
struct File {
    class: Vec<RetentionClass>,
}

/// The schedule.
#[derive(Debug, Clone)]
pub struct Retention {
    classes: Vec<RetentionClass>,
    class_of: BTreeMap<String, usize>,
    device_days_max: u32,
}

impl Retention {
    /// The schedule that is built in.
    #[must_use]
    pub fn built_in() -> Self {
        Self::read(FILE).expect("the embedded schedule, because a test reads it")
    }

    /// Reads a schedule.
    ///
    /// # Errors
    /// [`RetentionError`].
    pub fn read(text: &str) -> Result<Self, RetentionError> {
        let file: File =
            toml::from_str(text).map_err(|error| RetentionError::Unreadable(error.to_string()))?;
        let mut class_of = BTreeMap::new();
        for (index, class) in file.class.iter().enumerate() {
            for kind in &class.kinds {
                if class_of.insert(kind.clone(), index).is_some() {
                    return Err(RetentionError::Twice(kind.clone()));
                }
            }
        }
        let days = file.class.iter().map(|class| class.device_days);
        let device_days_max = days.max().ok_or(RetentionError::Empty)?;
        Ok(Self {
            classes: file.class,
            class_of,
            device_days_max,
        })
    }

    /// The classes, in the file's order.
    #[must_use]
    pub fn classes(&self) -> &[RetentionClass] {
        &self.classes
    }

    /// The class of a kind; `None` for a kind that this build does not know.
    #[must_use]
    pub fn class_of(&self, kind: &str) -> Option<&RetentionClass> {
        self.class_of.get(kind).map(|index| &self.classes[*index])
    }

    /// Whether a device may let go of an event of `kind` that it wrote at `at`, once its server
    /// holds it.
    #[must_use]
    pub fn may_leave_device(&self, kind: &str, at: UtcMs, now: UtcMs) -> bool {
        let class = self.class_of(kind);
        let days = class.map_or(self.device_days_max, |class| class.device_days);
        now.ms_since(at) >= i64::from(days) * DAY_MS
    }
}

#[cfg(test)]
mod tests {
    use wire::event::Event;

    use super::*;

    #[test]
    fn every_kind_of_event_has_a_class_and_no_class_names_another() {
        let schedule = Retention::built_in();
        for kind in Event::KINDS {
            assert!(schedule.class_of(kind).is_some(), "{kind} has no class");
        }
        for kind in schedule.classes().iter().flat_map(|class| &class.kinds) {
            assert!(Event::KINDS.contains(&kind.as_str()), "{kind} is unknown");
        }
    }

    #[test]
    fn an_unknown_kind_stays_as_long_as_the_longest_class() {
        let schedule = Retention::built_in();
        let longest = schedule.classes().iter().map(|class| class.device_days);
        let last_ms = i64::from(longest.max().unwrap()) * DAY_MS;
        let leaves = |ms| schedule.may_leave_device("new.kind.v1", UtcMs(0), UtcMs(ms));
        assert!(!leaves(last_ms - 1) && leaves(last_ms));
    }

    #[test]
    fn a_kind_in_two_classes_is_refused() {
        let class = "[[class]]\ncode='a'\nname='a'\nreason='a'\nkinds=['x.v1']\n\
                     device_days=1\ncentre_years=1\n";
        let twice = format!("{class}{}", class.replace("code='a'", "code='b'"));
        assert!(matches!(
            Retention::read(&twice),
            Err(RetentionError::Twice(_))
        ));
        assert!(Retention::read(class).is_ok());
    }
}
