//! The rules of the engine's world out of the program's data: calendar, dated parameters, words.

use std::sync::Arc;

use domain::calendar::WorkCalendar;
use domain::parameter::ParameterBook;
use domain::rules::{Rules, WordLists};

use crate::assets;

/// The rules as the program's files say them.
///
/// # Panics
/// When a file of the program cannot be read: a test reads all of them.
#[must_use]
pub fn rules_of_program() -> Rules {
    let calendar = WorkCalendar::read(assets::WORKDAYS);
    let parameters = ParameterBook::read_base(assets::PARAMETERS);
    let words = WordLists::read(assets::WORDS);
    Rules {
        calendar: Arc::new(calendar.expect("working days, because a test reads them")),
        parameters: Arc::new(parameters.expect("parameters, because a test reads them")),
        words: Arc::new(words.expect("lists of words, because a test reads them")),
        region: None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::case::Rulebook;

    use super::*;

    #[test]
    fn the_programs_files_can_be_read() {
        let rules = rules_of_program();
        let day = NaiveDate::from_ymd_opt(2026, 2, 14).unwrap();
        assert_eq!(rules.is_workday(day), Ok(true));
        assert!(rules.words("discrimination").is_some());
    }
}
