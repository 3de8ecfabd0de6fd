//! Which vacancies an item plays.

use std::collections::BTreeSet;

use domain::listing::{JobForm, Listing};
use domain::money::Fen;

/// The rotation holds the newest so many when nobody says otherwise: four minutes for a whole turn.
pub const NEWEST: usize = 30;

/// What is asked of a vacancy; nothing asked takes all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VacancyQuery {
    /// One of these stands in the title.
    pub words: Vec<String>,
    /// This stands in the place.
    pub place: Option<String>,
    /// A month pays at least so much, as far as the vacancy says.
    pub pay_from: Option<Fen>,
    /// One of these forms.
    pub forms: BTreeSet<JobForm>,
    /// So many, newest first.
    pub newest: usize,
}

impl Default for VacancyQuery {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            place: None,
            pay_from: None,
            forms: BTreeSet::new(),
            newest: NEWEST,
        }
    }
}

impl VacancyQuery {
    /// Whether a vacancy is asked for. What it does not say does not fulfil what is asked.
    #[must_use]
    pub fn takes(&self, listing: &Listing) -> bool {
        let has_word = || self.words.iter().any(|word| listing.title.contains(word));
        let is_there = |asked: &String| {
            let place = listing.place.as_ref();
            place.is_some_and(|place| place.text.contains(asked.as_str()))
        };
        let top = listing.monthly.high.or(listing.monthly.low);
        let pays = |asked: Fen| top.is_some_and(|top| top >= asked);
        let has_form = || {
            listing
                .job_form
                .is_some_and(|form| self.forms.contains(&form))
        };
        (self.words.is_empty() || has_word())
            && self.place.as_ref().is_none_or(is_there)
            && self.pay_from.is_none_or(pays)
            && (self.forms.is_empty() || has_form())
    }
}
