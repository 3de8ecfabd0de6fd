//! Nobody is here: what the hall has to tell, one thing at a time. Which card is on the glass is a
//! function of the time since nobody came, so nothing is kept and nothing can get stuck.

use std::time::Duration;

use chrono::NaiveDate;
use domain::listing::Listing;
use wire::api::Notice;

use super::kiosk::Kiosk;

/// How long a card stays.
const CARD_TIME: Duration = Duration::from_secs(8);
/// Of all cards, so that everybody who waits a minute sees the round.
const CARDS_MAX: usize = 8;
/// Listings among them.
const LISTINGS_MAX: usize = 5;

/// One thing that is told.
#[derive(Debug, Clone, Copy)]
pub enum Card<'a> {
    /// A vacancy.
    Listing(&'a Listing),
    /// A policy or a notice.
    Notice(&'a Notice),
}

/// What is told today: the newest vacancies, then policies and notices, newest first.
#[must_use]
pub fn cards(kiosk: &Kiosk, today: NaiveDate) -> Vec<Card<'_>> {
    let open = kiosk.listings.newest.iter();
    let listings = open
        .filter(|listing| listing.is_open_on(today))
        .take(LISTINGS_MAX)
        .map(Card::Listing);
    let notices = kiosk.facts.published(today).into_iter().map(Card::Notice);
    listings.chain(notices).take(CARDS_MAX).collect()
}

/// The card on the glass after `shown`, from 0.
#[must_use]
pub fn turn(shown: Duration, cards: usize) -> usize {
    let turns = shown.as_secs() / CARD_TIME.as_secs();
    let turns = usize::try_from(turns).unwrap_or(0);
    turns.checked_rem(cards).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::lookup::OwnTickets;
    use crate::app::sample::{self, around};
    use crate::index::sample::categories;

    #[test]
    fn every_card_has_its_eight_seconds_and_then_the_next_one() {
        let s = Duration::from_secs;
        assert_eq!([turn(s(0), 3), turn(s(7), 3), turn(s(8), 3)], [0, 0, 1]);
        assert_eq!(turn(s(24), 3), 0, "the round begins again");
        assert_eq!(turn(s(99), 0), 0, "nothing to tell");
    }

    #[test]
    fn what_is_published_is_told_and_what_has_run_out_is_not() {
        let mut kiosk = Kiosk::new(sample::hall_station(), OwnTickets::default(), categories());
        assert!(cards(&kiosk, sample::TODAY).is_empty());
        kiosk.handle(sample::arrived(), &around(0));
        let told = cards(&kiosk, sample::TODAY).len();
        assert_eq!(told, kiosk.facts.published(sample::TODAY).len());
        assert!(told > 0);
    }
}
