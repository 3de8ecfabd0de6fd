//! Filters as tokens of the full-text table: a listing carries one for its category, place, pay
//! steps, education and form, so that "this word, this district, from 4,000 yuan, newest first"
//! is one intersection of sorted lists. Place and pay, which people narrow most, have a token
//! together as well: two lists meet faster than three. Tokens only preselect: the row's own
//! columns decide.

use domain::listing::{Education, JobForm};
use domain::money::Fen;

use super::category::CategorySet;
use super::query::Query;
use super::text::Pieces;
use super::tokens::Tokens;

/// Facets start with this, so that they never meet words or letters.
const FACET_MARK: char = '0';
const CATEGORY: char = 'c';
const PLACE: char = 'p';
const PLACE_AND_PAY: char = 'q';
const PAY_STEP: char = 'm';
const EDUCATION: char = 'e';
const FORM: char = 'f';

/// Steps of monthly pay in yuan. A query uses the highest step that it reaches.
const PAY_STEPS_YUAN: [i64; 10] = [
    1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000, 20_000,
];

/// The filterable facts of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facets<'a> {
    pub(crate) categories: CategorySet,
    pub(crate) city: Option<&'a str>,
    pub(crate) area: Option<&'a str>,
    pub(crate) monthly_top: Option<Fen>,
    pub(crate) education: Option<Education>,
    pub(crate) form: JobForm,
}

impl Facets<'_> {
    /// Adds the tokens under which the listing is found.
    pub(crate) fn add_tokens(&self, tokens: &mut Tokens) {
        for category in self.categories.iter() {
            push(tokens, CATEGORY, &category.position().to_string());
        }
        let places = [
            self.city.map(|city| place_name(city, None)),
            self.city.map(|city| place_name(city, self.area)),
        ];
        places
            .iter()
            .flatten()
            .for_each(|place| push(tokens, PLACE, place));
        let top = self.monthly_top.unwrap_or_default();
        for step in PAY_STEPS_YUAN
            .iter()
            .filter(|step| Fen::from_yuan(**step) <= Some(top))
        {
            push(tokens, PAY_STEP, &step.to_string());
            places
                .iter()
                .flatten()
                .for_each(|place| push(tokens, PLACE_AND_PAY, &format!("{step}{place}")));
        }
        for level in Education::ALL
            .iter()
            .filter(|level| self.education <= Some(**level))
        {
            push(tokens, EDUCATION, &(*level as u8).to_string());
        }
        push(tokens, FORM, &(self.form as u8).to_string());
    }
}

/// Adds the tokens that every listing has which is of the category and place of `query`.
pub(crate) fn add_wanted_tokens(query: &Query, tokens: &mut Tokens) {
    if let Some(category) = query.category {
        push(tokens, CATEGORY, &category.position().to_string());
    }
    if let Some(place) = &query.place {
        let place = place_name(&place.city, place.area.as_deref());
        match query.pay_from.and_then(reached_step) {
            Some(step) => push(tokens, PLACE_AND_PAY, &format!("{step}{place}")),
            None => push(tokens, PLACE, &place),
        }
    }
}

/// Adds the tokens of the filters that many listings pass. They pay when the words are as common;
/// beside rare words, a look at each row is faster than finding it in a long list.
pub(crate) fn add_common_wanted_tokens(query: &Query, tokens: &mut Tokens) {
    if let (None, Some(step)) = (&query.place, query.pay_from.and_then(reached_step)) {
        push(tokens, PAY_STEP, &step.to_string());
    }
    if let Some(own) = query.education {
        push(tokens, EDUCATION, &(own as u8).to_string());
    }
    if let Some(form) = query.job_form {
        push(tokens, FORM, &(form as u8).to_string());
    }
}

fn push(tokens: &mut Tokens, facet: char, value: &str) {
    tokens.push([FACET_MARK, facet], value.chars());
}

/// The highest step that an amount reaches.
fn reached_step(least: Fen) -> Option<i64> {
    PAY_STEPS_YUAN
        .into_iter()
        .rev()
        .find(|step| Fen::from_yuan(*step) <= Some(least))
}

/// City and area without separators. Two places may share a name: the row's columns decide.
fn place_name(city: &str, area: Option<&str>) -> String {
    Pieces::of_all([city, area.unwrap_or_default()])
        .iter()
        .collect()
}
