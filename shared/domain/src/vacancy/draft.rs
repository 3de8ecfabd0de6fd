//! A listing before it is published: everything the row says, without what publishing adds.

use chrono::{Days, NaiveDate};

use crate::id::{ListingId, ShortId};
use crate::listing::{Education, Experience, Headcount, JobForm, Listing};
use crate::pay::{MonthlyPay, Pay};
use crate::place::Place;

/// How long a listing is shown when its source does not say, by dated parameter.
/// Source: `vacancy.valid_days` and `gig.valid_days` of `assets/parameters/listing.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingTerm {
    /// Days for a vacancy.
    pub vacancy_days: u16,
    /// Days for a gig (零工).
    pub gig_days: u16,
}

impl ListingTerm {
    /// The last day on which something published on `published_on` may be shown.
    #[must_use]
    pub fn last_day(self, form: Option<JobForm>, published_on: NaiveDate) -> NaiveDate {
        let days = if form == Some(JobForm::Gig) {
            self.gig_days
        } else {
            self.vacancy_days
        };
        published_on
            .checked_add_days(Days::new(u64::from(days)))
            .unwrap_or(NaiveDate::MAX)
    }
}

/// The listing fields of one imported row; see [`Listing`] for their meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingDraft {
    /// See [`Listing::title`].
    pub title: String,
    /// See [`Listing::employer`].
    pub employer: Option<String>,
    /// See [`Listing::place`].
    pub place: Option<Place>,
    /// See [`Listing::pay`].
    pub pay: Option<Pay>,
    /// See [`Listing::pay_text`].
    pub pay_text: Option<String>,
    /// See [`Listing::monthly`].
    pub monthly: MonthlyPay,
    /// See [`Listing::education`].
    pub education: Option<Education>,
    /// See [`Listing::experience`].
    pub experience: Option<Experience>,
    /// See [`Listing::headcount`].
    pub headcount: Option<Headcount>,
    /// See [`Listing::job_form`].
    pub job_form: Option<JobForm>,
    /// See [`Listing::industry`].
    pub industry: Option<String>,
    /// See [`Listing::description`].
    pub description: Option<String>,
    /// See [`Listing::posted_on`].
    pub posted_on: Option<NaiveDate>,
    /// The last day the source allows; `None` = the source does not say.
    pub valid_to: Option<NaiveDate>,
}

/// What publishing adds to a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// The listing's id, kept over updates.
    pub id: ListingId,
    /// Order of first publication, kept over updates.
    pub order: u64,
    /// Day of first publication, kept over updates.
    pub published_on: NaiveDate,
    /// How long it is shown where the source does not say.
    pub term: ListingTerm,
}

impl ListingDraft {
    /// What a listing was made of; its last day is stated then.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        let listing = listing.clone();
        Self {
            title: listing.title,
            employer: listing.employer,
            place: listing.place,
            pay: listing.pay,
            pay_text: listing.pay_text,
            monthly: listing.monthly,
            education: listing.education,
            experience: listing.experience,
            headcount: listing.headcount,
            job_form: listing.job_form,
            industry: listing.industry,
            description: listing.description,
            posted_on: listing.posted_on,
            valid_to: Some(listing.valid_to),
        }
    }

    /// The listing as the public sees it.
    #[must_use]
    pub fn publish(self, publication: &Publication) -> Listing {
        let Publication {
            id,
            order,
            published_on,
            term,
        } = *publication;
        let valid_to = self
            .valid_to
            .unwrap_or_else(|| term.last_day(self.job_form, published_on));
        Listing {
            id,
            short_id: ShortId::of(id),
            title: self.title,
            employer: self.employer,
            place: self.place,
            pay: self.pay,
            pay_text: self.pay_text,
            monthly: self.monthly,
            education: self.education,
            experience: self.experience,
            headcount: self.headcount,
            job_form: self.job_form,
            industry: self.industry,
            description: self.description,
            posted_on: self.posted_on,
            publication_order: order,
            published_on,
            valid_to,
        }
    }
}
