//! What the records of jobseekers and vacancies, and listings, say of work. Only the fields that are
//! named here are read: sex, birth and household registration are not among them. The fields are
//! those of `assets/case-kinds/employment/{jobseeker,vacancy}.toml`.

use chrono::NaiveDate;

use crate::case::{Value, Values};
use crate::listing::{Education, JobForm, Listing};
use crate::pay::PayParameters;
use crate::vacancy;

use super::offer::Offer;
use super::seeker::{Seeker, Shift, WorkForm};

/// What a jobseeker's record says.
#[must_use]
pub fn seeker_from_values(values: &Values) -> Seeker {
    let certificates = texts(values, "certs");
    let certificates = certificates.iter().filter_map(|line| part(line, 0));
    let history = texts(values, "work_history");
    let posts = history.iter().filter_map(|line| part(line, 2));
    Seeker {
        occupations: texts(values, "want_occ"),
        skills: certificates.chain(posts).collect(),
        education: choice(values, "education").and_then(level),
        pay_least: match values.get("want_wage_min") {
            Some(Value::Money(fen)) => Some(*fen),
            _ => None,
        },
        places: texts(values, "want_place"),
        forms: codes(values, "want_form")
            .filter_map(WorkForm::of_code)
            .collect(),
        shifts: codes(values, "want_shift")
            .filter_map(Shift::of_code)
            .collect(),
        from: day(values, "work_from"),
    }
}

/// What a vacancy's record says; pay by month goes by `parameters`.
#[must_use]
pub fn offer_from_values(values: &Values, parameters: &PayParameters) -> Offer {
    let listing = vacancy::from_values(values, None, parameters);
    Offer {
        title: listing.title,
        occupation_code: text(values, "occ_code"),
        skills: texts(values, "skill_req"),
        education: listing.education,
        pay: listing.monthly,
        place: text(values, "place"),
        form: choice(values, "job_form").and_then(WorkForm::of_code),
        shift: choice(values, "shift").and_then(Shift::of_code),
        valid_to: listing.valid_to,
    }
}

/// What a listing says; it names no skills, no code and no shift.
#[must_use]
pub fn offer_from_listing(listing: &Listing) -> Offer {
    Offer {
        title: listing.title.clone(),
        occupation_code: None,
        skills: Vec::new(),
        education: listing.education,
        pay: listing.monthly,
        place: listing.place.as_ref().map(|place| place.text.clone()),
        form: listing.job_form.map(form_of),
        shift: None,
        valid_to: Some(listing.valid_to),
    }
}

fn form_of(form: JobForm) -> WorkForm {
    match form {
        JobForm::FullTime => WorkForm::FullTime,
        JobForm::PartTime => WorkForm::PartTime,
        JobForm::Gig => WorkForm::Gig,
        JobForm::Internship => WorkForm::Internship,
    }
}

/// Less than primary school fulfils only what asks for none.
fn level(code: &str) -> Option<Education> {
    Some(match code {
        "below_primary" => Education::Any,
        "primary" => Education::Primary,
        "junior_middle" => Education::JuniorMiddle,
        "senior_middle" => Education::SeniorMiddle,
        "junior_college" => Education::JuniorCollege,
        "bachelor" => Education::Bachelor,
        "master" => Education::Master,
        "doctor" => Education::Doctor,
        _ => return None,
    })
}

/// One part of a line whose parts are set off by commas: 电工，四级，证号，发证日.
fn part(line: &str, index: usize) -> Option<String> {
    let part = line.split(['，', ',']).nth(index)?.trim();
    (!part.is_empty()).then(|| part.to_owned())
}

fn texts(values: &Values, field: &str) -> Vec<String> {
    let Some(Value::List(items)) = values.get(field) else {
        return Vec::new();
    };
    let texts = items.iter().filter_map(|item| match item {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

fn codes<'v>(values: &'v Values, field: &str) -> impl Iterator<Item = &'v str> {
    let items = match values.get(field) {
        Some(Value::List(items)) => &items[..],
        _ => &[],
    };
    items.iter().filter_map(|item| match item {
        Value::Choice(code) => Some(code.as_str()),
        _ => None,
    })
}

fn text(values: &Values, field: &str) -> Option<String> {
    match values.get(field) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn choice<'v>(values: &'v Values, field: &str) -> Option<&'v str> {
    match values.get(field) {
        Some(Value::Choice(code)) => Some(code),
        _ => None,
    }
}

fn day(values: &Values, field: &str) -> Option<NaiveDate> {
    match values.get(field) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}
