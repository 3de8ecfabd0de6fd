//! Searches counted for a quarter of an hour, without persons and without the time of any single
//! search. What citizens look for is worth knowing; who looked for it is not kept anywhere.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::id::HallId;
use wire::event::SearchesTallied;

/// How long searches are added up before they are logged.
const PERIOD: Duration = Duration::from_mins(15);
/// Different words in one tally; the rest is counted together.
const WORDS_MAX: usize = 50;
const OTHER_WORDS: &str = "其他";

/// The running tally.
#[derive(Debug, Clone, Default)]
pub struct SearchTally {
    searches: BTreeMap<String, u32>,
    without_result: u32,
    listings_opened: u32,
    period_begun: Duration,
}

impl SearchTally {
    /// Somebody looked for a word or a category.
    pub fn searched(&mut self, word: &str) {
        let is_room = self.searches.len() + 1 < WORDS_MAX || self.searches.contains_key(word);
        let word = if is_room { word } else { OTHER_WORDS };
        *self.searches.entry(word.to_owned()).or_default() += 1;
    }

    /// A search found nothing.
    pub fn found_nothing(&mut self) {
        self.without_result += 1;
    }

    /// A listing was opened.
    pub fn opened_listing(&mut self) {
        self.listings_opened += 1;
    }

    /// At the end of a period: what happened in it, if anything did.
    pub fn take_due(&mut self, now: Duration, hall: HallId) -> Option<SearchesTallied> {
        if now < self.period_begun + PERIOD {
            return None;
        }
        let Self {
            searches,
            without_result,
            listings_opened,
            ..
        } = std::mem::replace(
            self,
            Self {
                period_begun: now,
                ..Self::default()
            },
        );
        let is_empty = searches.is_empty() && without_result == 0 && listings_opened == 0;
        (!is_empty).then_some(SearchesTallied {
            hall,
            searches,
            without_result,
            listings_opened,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample::HALL;

    #[test]
    fn a_quarter_of_an_hour_is_told_as_one_and_then_forgotten() {
        let mut tally = SearchTally::default();
        tally.searched("电工");
        tally.searched("电工");
        tally.opened_listing();
        assert_eq!(tally.take_due(PERIOD / 2, HALL), None);
        let told = tally.take_due(PERIOD, HALL).unwrap();
        assert_eq!((told.searches["电工"], told.listings_opened), (2, 1));
        assert_eq!(
            tally.take_due(PERIOD * 2, HALL),
            None,
            "an empty period is not told"
        );
    }

    #[test]
    fn the_number_of_words_is_bounded() {
        let mut tally = SearchTally::default();
        for n in 0..80 {
            tally.searched(&format!("词{n}"));
        }
        let told = tally.take_due(PERIOD, HALL).unwrap();
        assert_eq!(told.searches.len(), WORDS_MAX);
        assert_eq!(told.searches.values().sum::<u32>(), 80);
    }
}
