//! How well a jobseeker and a vacancy fit (人岗匹配): six parts, each worth its weight times an exact
//! share, each said in Chinese. The rules are data (`assets/matching`, `assets/codes/districts.json`)
//! and arguments; clerks' pages and kiosks weigh with the same function.
//!
//! Invariants stated as absences: neither side has a sex, an age, a birth date, a name or a household
//! registration, so none of them can change a score. Nothing is guessed: what a side does not say earns
//! the same neutral share everywhere and is said to be unknown. More overlap never lowers a score.
//!
//! Deliberately not here: which records are compared, and what follows from a good match: people
//! decide that.

mod finding;
mod fraction;
mod occupation;
mod offer;
mod place;
mod rules;
mod seeker;
mod skill;
mod values;
mod weigh;
mod words;

pub use finding::{Facet, Finding, Fits, Part, Silent, points_text};
pub use fraction::{Points, Share};
pub use offer::{Offer, OfferTerms};
pub use rules::{MatchingFileFault, MatchingRules};
pub use seeker::{Seeker, SeekerTerms, Shift, WorkForm};
pub use values::{offer_from_listing, offer_from_values, seeker_from_values};
pub use weigh::{Fit, best, weigh};

#[cfg(test)]
mod tests;
