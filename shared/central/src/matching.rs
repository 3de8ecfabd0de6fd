//! Who fits which vacancy: the published vacancies and the active jobseekers, weighed by the rules of
//! `domain::matching`. What is compared is kept in memory and made anew only of records that changed
//! since; it is derived and never stored. No name, number or sex is read.
//!
//! Not here: whether somebody is proposed for a vacancy. That is a record, and a person opens it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::NaiveDate;
use domain::case::{Record, Values};
use domain::id::{KindId, PersonId, RecordId, StationCode};
use domain::matching::{
    self, Fit, MatchingFileFault, MatchingRules, OfferTerms, SeekerTerms, offer_from_values,
    seeker_from_values,
};
use domain::pay::PayParameters;

use crate::assets;
use crate::parameters::{ListingParameters, ParameterError};
use crate::store::{MatchOpening, Reader, Store, StoreError};

/// The kind of jobseekers, and the state in which one looks for work.
pub(crate) const SEEKER: (&str, &str) = ("jobseeker", "active");
/// The kind of vacancies, and the state in which one is open.
pub(crate) const OFFER: (&str, &str) = ("vacancy", "published");
/// So many are shown: more are not read, and the page stays short.
pub(crate) const SHOWN_MAX: usize = 15;

/// The rules as the program's files say them.
///
/// # Panics
/// When a file of the program cannot be read: a test reads all of them.
pub(crate) fn rules() -> &'static MatchingRules {
    static READ: LazyLock<MatchingRules> =
        LazyLock::new(|| read_rules().expect("rules of matching, because a test reads them"));
    &READ
}

fn read_rules() -> Result<MatchingRules, MatchingFileFault> {
    MatchingRules::read(
        assets::MATCHING_RULES,
        assets::MATCHING_OCCUPATIONS,
        assets::DISTRICTS,
    )
}

/// One that was weighed.
#[derive(Debug, Clone)]
pub(crate) struct Matched {
    pub(crate) record: RecordId,
    pub(crate) person: Option<PersonId>,
    pub(crate) fit: Fit,
}

/// Weighs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct MatchDesk {
    store: Store,
    offers: Arc<Mutex<Known<OfferTerms>>>,
    seekers: Arc<Mutex<Known<SeekerTerms>>>,
}

impl MatchDesk {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            offers: Arc::default(),
            seekers: Arc::default(),
        }
    }

    /// The open vacancies that fit a jobseeker best, of those at these stations (`None`: all).
    ///
    /// # Errors
    /// A fault of storage, or of the parameters of pay.
    pub(crate) async fn vacancies_for(
        &self,
        seeker: &Values,
        at: Option<BTreeSet<StationCode>>,
        today: NaiveDate,
    ) -> Result<Vec<Matched>, StoreError> {
        let seeker = SeekerTerms::of(&seeker_from_values(seeker), rules());
        let pay = self.pay(today)?;
        let known = Arc::clone(&self.offers);
        let weighed = self.store.read(move |reader| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.renew_offers(reader, pay)?;
            let open = known.at(at.as_ref());
            let open = open.filter(|one| one.terms.is_open_on(today));
            Ok(best(open, |terms| matching::weigh(rules(), &seeker, terms)))
        });
        weighed.await
    }

    /// The jobseekers whom a vacancy fits best, of those at these stations (`None`: all).
    ///
    /// # Errors
    /// A fault of storage, or of the parameters of pay.
    pub(crate) async fn seekers_for(
        &self,
        offer: &Values,
        at: Option<BTreeSet<StationCode>>,
        today: NaiveDate,
    ) -> Result<Vec<Matched>, StoreError> {
        let pay = self.pay(today)?;
        let offer = OfferTerms::of(&offer_from_values(offer, &pay), rules());
        let known = Arc::clone(&self.seekers);
        let weighed = self.store.read(move |reader| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.renew_seekers(reader, pay)?;
            let all = known.at(at.as_ref());
            Ok(best(all, |terms| matching::weigh(rules(), terms, &offer)))
        });
        weighed.await
    }

    /// Reads what is compared before anybody asks: with the records of years the first who asks would
    /// wait for seconds.
    ///
    /// # Errors
    /// A fault of storage, or of the parameters of pay.
    pub(crate) async fn read_ahead(&self, today: NaiveDate) -> Result<(), StoreError> {
        let pay = self.pay(today)?;
        let (offers, seekers) = (Arc::clone(&self.offers), Arc::clone(&self.seekers));
        let read = self.store.read(move |reader| {
            let mut offers = offers.lock().unwrap_or_else(PoisonError::into_inner);
            offers.renew_offers(reader, pay)?;
            let mut seekers = seekers.lock().unwrap_or_else(PoisonError::into_inner);
            seekers.renew_seekers(reader, pay)
        });
        read.await
    }

    fn pay(&self, today: NaiveDate) -> Result<PayParameters, StoreError> {
        let parameters = ListingParameters::in_book(&self.store.live().parameters, today);
        let unfit = |error: ParameterError| StoreError::Corrupt(error.to_string());
        Ok(parameters.map_err(unfit)?.pay)
    }
}

impl std::fmt::Debug for MatchDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MatchDesk").finish_non_exhaustive()
    }
}

fn best<'k, T: 'k>(
    of: impl Iterator<Item = &'k Entry<T>>,
    weigh: impl Fn(&T) -> Fit,
) -> Vec<Matched> {
    let weighed = of.map(|one| (one, weigh(&one.terms)));
    let best = matching::best(weighed, SHOWN_MAX).into_iter();
    let matched = best.map(|(one, fit)| Matched {
        record: one.record,
        person: one.person,
        fit,
    });
    matched.collect()
}

/// What is compared of one record.
struct Entry<T> {
    record: RecordId,
    person: Option<PersonId>,
    station: StationCode,
    terms: T,
}

/// What is compared of all records of a kind in a state, up to a place in the record of events.
struct Known<T> {
    /// Up to where, and by which parameters of pay; `None` before the first time.
    of: Option<(u64, PayParameters)>,
    entries: BTreeMap<MatchOpening, Entry<T>>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self {
            of: None,
            entries: BTreeMap::new(),
        }
    }
}

impl Known<OfferTerms> {
    fn renew_offers(&mut self, reader: &Reader<'_>, pay: PayParameters) -> Result<(), StoreError> {
        self.renew(reader, OFFER, pay, |values| {
            OfferTerms::of(&offer_from_values(values, &pay), rules())
        })
    }
}

impl Known<SeekerTerms> {
    fn renew_seekers(&mut self, reader: &Reader<'_>, pay: PayParameters) -> Result<(), StoreError> {
        self.renew(reader, SEEKER, pay, |values| {
            SeekerTerms::of(&seeker_from_values(values), rules())
        })
    }
}

impl<T> Known<T> {
    fn at(&self, stations: Option<&BTreeSet<StationCode>>) -> impl Iterator<Item = &Entry<T>> {
        let is_seen =
            move |one: &&Entry<T>| stations.is_none_or(|stations| stations.contains(&one.station));
        self.entries.values().filter(is_seen)
    }

    /// A reader that began before another one may come later: what is known already stays.
    fn renew(
        &mut self,
        reader: &Reader<'_>,
        (kind, state): (&str, &str),
        pay: PayParameters,
        terms: impl Fn(&Values) -> T,
    ) -> Result<(), StoreError> {
        let head = reader.records_head()?;
        let kind = KindId::new(kind).expect("a kind's id, because it is short");
        let changed = match self.of {
            Some((known, by)) if by == pay && known >= head => return Ok(()),
            Some((known, by)) if by == pay => reader.openings_changed_after(&kind, known)?,
            _ => {
                self.entries.clear();
                reader.openings_in(&kind, state)?
            }
        };
        for opening in changed {
            let record = reader.record_opened_at(opening)?;
            self.put(opening, &record, state, &terms);
        }
        self.of = Some((head, pay));
        Ok(())
    }

    fn put(
        &mut self,
        opening: MatchOpening,
        record: &Record,
        state: &str,
        terms: impl Fn(&Values) -> T,
    ) {
        if record.state != state {
            self.entries.remove(&opening);
            return;
        }
        let entry = Entry {
            record: record.id,
            person: record.person,
            station: record.station.clone(),
            terms: terms(&record.values),
        };
        self.entries.insert(opening, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_rules_can_be_read() {
        assert_eq!(read_rules().unwrap().version(), 1);
    }
}
