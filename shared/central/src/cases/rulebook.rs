//! The rules of the engine's world out of the program's data: calendar, dated parameters, words.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::calendar::WorkCalendar;
use domain::case::{NoCalendar, NoParameter, Rulebook};
use domain::parameter::ParameterBook;
use domain::rules::{Rules, WordLists};

use crate::assets;
use crate::parameters::{self, Years};
use crate::store::Store;

/// The rules with the parameters as the store knows them now: a change that two persons made is in
/// force on its day without a restart.
pub struct LiveRules {
    store: Store,
    program: Rules,
    years: Arc<Years>,
}

impl LiveRules {
    /// Over a store.
    #[must_use]
    pub fn of(store: Store) -> Self {
        let program = rules_of_program();
        Self {
            store,
            years: Arc::new(Years::over(Arc::clone(&program.calendar))),
            program,
        }
    }

    /// The working days that they go by, whatever is entered later.
    pub(crate) fn years(&self) -> Arc<Years> {
        Arc::clone(&self.years)
    }

    /// The same rules with years that are newer than the program: each replaces its own whole.
    #[must_use]
    pub fn with_years(mut self, newer: WorkCalendar) -> Self {
        let calendar = WorkCalendar::clone(self.years.program());
        self.years = Arc::new(Years::over(Arc::new(calendar.overlaid_by(newer))));
        self
    }
}

impl std::fmt::Debug for LiveRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveRules").finish_non_exhaustive()
    }
}

impl Rulebook for LiveRules {
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        self.years.by(&self.store.live().parameters).is_workday(day)
    }

    fn number(&self, key: &str, day: NaiveDate) -> Result<i64, NoParameter> {
        let parameters = Arc::clone(&self.store.live().parameters);
        let rules = Rules {
            parameters,
            ..self.program.clone()
        };
        rules.number(key, day)
    }

    fn words(&self, list: &str) -> Option<&[String]> {
        self.program.words(list)
    }
}

/// The rules as the program's files say them.
///
/// # Panics
/// When a file of the program cannot be read: a test reads all of them.
#[must_use]
fn rules_of_program() -> Rules {
    let parameters = ParameterBook::read_base(assets::PARAMETERS);
    let words = WordLists::read(assets::WORDS);
    Rules {
        calendar: parameters::program_calendar(),
        parameters: Arc::new(parameters.expect("parameters, because a test reads them")),
        words: Arc::new(words.expect("lists of words, because a test reads them")),
        region: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_files_can_be_read() {
        let rules = rules_of_program();
        let day = NaiveDate::from_ymd_opt(2026, 2, 14).unwrap();
        assert_eq!(rules.is_workday(day), Ok(true));
        assert!(rules.words("discrimination").is_some());
    }
}
