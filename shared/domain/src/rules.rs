//! The rules of the world as the record engine asks for them: calendar, dated parameters and lists
//! of words, put together for one region.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use crate::calendar::WorkCalendar;
use crate::case::{NoCalendar, NoParameter, Rulebook};
use crate::parameter::ParameterBook;

/// Everything that is not in a record and yet decides about it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Working days.
    pub calendar: Arc<WorkCalendar>,
    /// Dated parameters.
    pub parameters: Arc<ParameterBook>,
    /// Words that must not occur.
    pub words: Arc<WordLists>,
    /// Where: digits of GB/T 2260; `None` for the district's defaults alone.
    pub region: Option<String>,
}

impl Rulebook for Rules {
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        self.calendar.is_workday(day)
    }

    fn number(&self, key: &str, day: NaiveDate) -> Result<i64, NoParameter> {
        let found = self.parameters.on(key, self.region.as_deref(), day)?;
        found.entry.value.whole().ok_or_else(|| NoParameter {
            key: key.to_owned(),
            day,
        })
    }

    fn words(&self, list: &str) -> Option<&[String]> {
        self.words.list(list)
    }
}

/// Named lists of words (`assets/codes/words.toml`): a table `[lists]` of arrays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct WordLists {
    lists: BTreeMap<String, Vec<String>>,
}

/// A file of words that is not one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the lists of words cannot be read: {0}.")]
pub struct BadWords(String);

impl WordLists {
    /// Reads the file's text.
    ///
    /// # Errors
    /// [`BadWords`].
    pub fn read(text: &str) -> Result<Self, BadWords> {
        toml::from_str(text).map_err(|error| BadWords(error.to_string()))
    }

    /// A list by its name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&[String]> {
        self.lists.get(name).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &str = r#"
[[parameter]]
key = "vacancy.valid_days"
value = 90
effective_from = 2000-01-01
source = "本区缺省"

[[parameter]]
key = "vacancy.valid_days"
region = "360603"
value = 60
effective_from = 2026-01-01
source = "示例文件"

[[parameter]]
key = "pay.paid_days_per_month"
value = "21.75"
effective_from = 2000-01-01
source = "示例文件"
"#;

    fn rules(region: Option<&str>) -> Rules {
        let calendar = "date,kind,note\n2026,year,示例\n2026-02-14,makeup,春节\n";
        let words = "source = \"示例\"\n[lists]\ndiscrimination = [\"限男性\"]\n";
        Rules {
            calendar: Arc::new(WorkCalendar::read(calendar).unwrap()),
            parameters: Arc::new(ParameterBook::read_base([("a.toml", PARAMETERS)]).unwrap()),
            words: Arc::new(WordLists::read(words).unwrap()),
            region: region.map(str::to_owned),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_region_has_its_own_value_from_its_day_on_and_the_districts_before() {
        let (here, there) = (rules(None), rules(Some("360603")));
        let key = "vacancy.valid_days";
        assert_eq!(here.number(key, day("2026-06-01")), Ok(90));
        assert_eq!(there.number(key, day("2026-06-01")), Ok(60));
        assert_eq!(there.number(key, day("2025-12-31")), Ok(90));
        assert_eq!(there.number(key, day("2026-01-01")), Ok(60));
    }

    #[test]
    fn a_missing_value_is_an_error_that_names_key_and_day_and_never_0() {
        let missing = |key: &str, on: &str| rules(None).number(key, day(on)).unwrap_err();
        for (key, on) in [
            ("vacancy.valid_days", "1999-12-31"),
            ("no.such_key", "2026-06-01"),
            ("pay.paid_days_per_month", "2026-06-01"),
        ] {
            let error = missing(key, on).to_string();
            assert!(error.contains(key) && error.contains(on), "{error}");
        }
    }

    #[test]
    fn days_and_words_come_from_calendar_and_lists() {
        let rules = rules(None);
        assert_eq!(rules.is_workday(day("2026-02-14")), Ok(true));
        assert_eq!(
            rules.is_workday(day("2027-02-14")),
            Err(NoCalendar { year: 2027 })
        );
        let words: &[String] = &["限男性".to_owned()];
        assert_eq!(rules.words("discrimination"), Some(words));
        assert_eq!(rules.words("none"), None);
        assert!(WordLists::read("lists = 1").is_err());
    }
}
