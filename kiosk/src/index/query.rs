//! What a citizen looks for, and what comes back. [`Query::fits`] is the meaning of a query in
//! one place; the SQL and the tokens of the index only have to arrive at the same listings fast.

use chrono::NaiveDate;

use domain::listing::{Education, JobForm, Listing};
use domain::money::Fen;

use super::category::{CategoryId, CategorySet};
use super::letters::{Letters, Spelling};
use super::text::Pieces;

/// The words of a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Text {
    /// Nothing typed.
    #[default]
    None,
    /// Words in the title, the employer's name or the place.
    Words(String),
    /// Letters of the keypad: initials or full pinyin somewhere in the title.
    Letters(Letters),
}

/// A place to look in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceFilter {
    /// The city as listings name it.
    pub city: String,
    /// The district or street in it; `None` is the whole city.
    pub area: Option<String>,
}

/// What to look for; the default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// Words or letters.
    pub text: Text,
    /// One category.
    pub category: Option<CategoryId>,
    /// One city or area. A listing without a place does not fit.
    pub place: Option<PlaceFilter>,
    /// At least this much a month: the listing's upper end counts, or its lower end when it has
    /// no upper one. Unknown and negotiable pay do not fit.
    pub pay_from: Option<Fen>,
    /// The citizen's own education: listings that ask for at most this. Unknown fits.
    pub education: Option<Education>,
    /// Form of employment. A listing that does not say counts as full-time here.
    pub job_form: Option<JobForm>,
}

/// A part of a query that can be dropped to find more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueryPart {
    /// Any pay.
    Pay,
    /// The whole city instead of one area.
    Area,
    /// Any place.
    Place,
    /// Any education.
    Education,
    /// Any form of employment.
    JobForm,
    /// Any category.
    Category,
    /// Any words.
    Text,
}

/// Dropping one part of a query, and what that would find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relaxation {
    /// The part to drop.
    pub part: QueryPart,
    /// How many listings there are then; never none.
    pub count: Count,
}

/// A number of listings, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// All were counted.
    Exactly(u32),
    /// Counting was stopped here: by its bound, or because nobody waits any more.
    AtLeast(u32),
}

/// Where a page ended; the next one goes on behind it, whatever was published meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor(pub(crate) u64);

/// Which rows of the result to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slice {
    /// After the page that ended here; `None` is the newest.
    pub after: Option<Cursor>,
    /// At most this many rows.
    pub rows: usize,
}

/// One page of a result, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The listings.
    pub rows: Vec<Listing>,
    /// Whether there are more behind it.
    pub has_more: bool,
}

impl Page {
    /// Where the next page starts; `None` for an empty page.
    #[must_use]
    pub fn end(&self) -> Option<Cursor> {
        self.rows
            .last()
            .map(|listing| Cursor(listing.publication_order))
    }
}

impl Count {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_none(self) -> bool {
        matches!(self, Self::Exactly(0) | Self::AtLeast(0))
    }
}

impl QueryPart {
    const ALL: [Self; 7] = [
        Self::Pay,
        Self::Area,
        Self::Place,
        Self::Education,
        Self::JobForm,
        Self::Category,
        Self::Text,
    ];
}

impl Query {
    /// The parts that narrow this query, in the order in which people give them up.
    #[must_use]
    pub fn parts(&self) -> Vec<QueryPart> {
        QueryPart::ALL
            .into_iter()
            .filter(|part| self.without(*part) != *self)
            .collect()
    }

    /// The query with one part dropped.
    #[must_use]
    pub fn without(&self, part: QueryPart) -> Self {
        let mut wider = self.clone();
        match part {
            QueryPart::Pay => wider.pay_from = None,
            QueryPart::Area => wider.place.iter_mut().for_each(|place| place.area = None),
            QueryPart::Place => wider.place = None,
            QueryPart::Education => wider.education = None,
            QueryPart::JobForm => wider.job_form = None,
            QueryPart::Category => wider.category = None,
            QueryPart::Text => wider.text = Text::None,
        }
        wider
    }

    /// Whether a listing may be shown today and is what the query asks for.
    #[must_use]
    pub fn fits(&self, listing: &Listing, categories: CategorySet, today: NaiveDate) -> bool {
        listing.is_open_on(today)
            && self.text.is_in(ListingTexts::of(listing))
            && self
                .category
                .is_none_or(|category| categories.contains(category))
            && self
                .place
                .as_ref()
                .is_none_or(|wanted| wanted.fits(listing))
            && self
                .pay_from
                .is_none_or(|least| monthly_top(listing).is_some_and(|t| t >= least))
            && self
                .education
                .is_none_or(|own| listing.education.is_none_or(|asked| asked <= own))
            && self
                .job_form
                .is_none_or(|form| effective_form(listing) == form)
    }
}

impl PlaceFilter {
    fn fits(&self, listing: &Listing) -> bool {
        listing.place.as_ref().is_some_and(|place| {
            place.city == self.city && (self.area.is_none() || place.area == self.area)
        })
    }
}

impl Text {
    /// Whether the listing has the words or answers to the letters.
    pub(crate) fn is_in(&self, texts: ListingTexts<'_>) -> bool {
        match self {
            Self::None => true,
            Self::Words(words) => Pieces::of_all(texts.all()).contain(&Pieces::of(words)),
            Self::Letters(letters) => {
                letters.is_empty()
                    || Pieces::of(texts.title)
                        .iter()
                        .flat_map(Spelling::of_piece)
                        .any(|spelling| spelling.answers_to(letters))
            }
        }
    }
}

/// The texts of a listing in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListingTexts<'a> {
    pub(crate) title: &'a str,
    pub(crate) employer: Option<&'a str>,
    pub(crate) place: Option<&'a str>,
}

impl<'a> ListingTexts<'a> {
    pub(crate) fn of(listing: &'a Listing) -> Self {
        Self {
            title: &listing.title,
            employer: listing.employer.as_deref(),
            place: listing.place.as_ref().map(|place| place.text.as_str()),
        }
    }

    /// Those that are known.
    pub(crate) fn all(self) -> impl Iterator<Item = &'a str> {
        [Some(self.title), self.employer, self.place]
            .into_iter()
            .flatten()
    }
}

/// The end of the monthly pay that a filter compares.
pub(crate) fn monthly_top(listing: &Listing) -> Option<Fen> {
    listing.monthly.high.or(listing.monthly.low)
}

/// The form of employment that a filter compares.
pub(crate) fn effective_form(listing: &Listing) -> JobForm {
    listing.job_form.unwrap_or(JobForm::FullTime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::sample;

    #[test]
    fn only_parts_that_narrow_are_offered_and_the_area_before_the_place() {
        let mut query = Query {
            text: Text::Words("电工".into()),
            ..Query::default()
        };
        assert_eq!(query.parts(), [QueryPart::Text]);
        query.place = Some(PlaceFilter {
            city: "甲市".into(),
            area: Some("乙区".into()),
        });
        assert_eq!(
            query.parts(),
            [QueryPart::Area, QueryPart::Place, QueryPart::Text]
        );
        assert_eq!(query.without(QueryPart::Area).place.unwrap().area, None);
    }

    #[test]
    fn the_last_day_is_still_open_and_the_next_is_not() {
        let listing = sample::listing(1, "电工");
        let query = Query::default();
        assert!(query.fits(&listing, CategorySet::default(), listing.valid_to));
        let next_day = listing.valid_to.succ_opt().unwrap();
        assert!(!query.fits(&listing, CategorySet::default(), next_day));
    }

    #[test]
    fn pay_counts_by_its_upper_end_and_unknown_pay_does_not_fit() {
        let query = Query {
            pay_from: Some(Fen(400_000)),
            ..Query::default()
        };
        for (low, high, fits) in [
            (Some(300_000), Some(500_000), true),
            (Some(300_000), Some(399_999), false),
            (Some(400_000), None, true),
            (None, None, false),
        ] {
            let mut listing = sample::listing(1, "电工");
            listing.monthly.low = low.map(Fen);
            listing.monthly.high = high.map(Fen);
            assert_eq!(
                query.fits(&listing, CategorySet::default(), listing.valid_to),
                fits
            );
        }
    }
}
