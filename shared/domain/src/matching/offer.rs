//! What a vacancy says of its work, and the same ready to be compared.

use chrono::NaiveDate;

use crate::listing::Education;
use crate::pay::MonthlyPay;

use super::occupation::Work;
use super::place::WorkPlace;
use super::rules::MatchingRules;
use super::seeker::{Shift, WorkForm};
use super::skill::Skill;

/// What a vacancy says. Empty and absent mean that it does not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its title.
    pub title: String,
    /// Its code in the national classification of occupations.
    pub occupation_code: Option<String>,
    /// Skills that it asks for.
    pub skills: Vec<String>,
    /// The lowest level of education that it asks for.
    pub education: Option<Education>,
    /// Its pay by month.
    pub pay: MonthlyPay,
    /// Where the work is.
    pub place: Option<String>,
    /// Form of employment.
    pub form: Option<WorkForm>,
    /// When in the day.
    pub shift: Option<Shift>,
    /// The last day on which people are taken.
    pub valid_to: Option<NaiveDate>,
}

/// A vacancy ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferTerms {
    pub(super) work: Work,
    pub(super) skills: Vec<Skill>,
    pub(super) education: Option<Education>,
    pub(super) pay: MonthlyPay,
    pub(super) place: Option<WorkPlace>,
    pub(super) form: Option<WorkForm>,
    pub(super) shift: Option<Shift>,
    pub(super) valid_to: Option<NaiveDate>,
}

impl OfferTerms {
    /// By these rules.
    #[must_use]
    pub fn of(offer: &Offer, rules: &MatchingRules) -> Self {
        let code = offer.occupation_code.as_deref();
        let skills = offer.skills.iter();
        let skills = skills.map(|text| rules.synonyms.skill(text, &rules.classes));
        let place = offer.place.as_deref().map(|text| rules.places.place(text));
        Self {
            work: rules.classes.work(&offer.title, code),
            skills: skills.filter(|skill| !skill.is_blank()).collect(),
            education: offer.education,
            pay: offer.pay,
            place: place.filter(|place| !place.is_blank()),
            form: offer.form,
            shift: offer.shift,
            valid_to: offer.valid_to,
        }
    }

    /// Whether it still takes people on a day; one that names no last day does.
    #[must_use]
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.valid_to.is_none_or(|last| day <= last)
    }
}
