//! The cells that become codes, read together: what stands in the wrong column is flagged, and
//! used where it belongs if that cell says nothing.

use chrono::NaiveDate;

use super::posted::{self, Posted};
use super::{Context, Field, Flag, RawVacancy, code, words};
use crate::listing::{Education, Experience, Headcount, JobForm};

/// The cells that become codes, gathered so that a misplaced one can fill another.
#[derive(Debug, Default)]
pub(super) struct CodedCells {
    pub(super) education: Option<Education>,
    pub(super) experience: Option<Experience>,
    pub(super) headcount: Option<Headcount>,
    pub(super) posted_on: Option<NaiveDate>,
    pub(super) job_form: Option<JobForm>,
}

/// What one coded cell says, whatever column it stands in.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Education(Education),
    Experience(Experience),
    Headcount(Headcount),
    Posted(Posted),
    JobForm(JobForm),
}

impl Meaning {
    fn field(self) -> Field {
        match self {
            Self::Education(_) => Field::Education,
            Self::Experience(_) => Field::Experience,
            Self::Headcount(_) => Field::Headcount,
            Self::Posted(_) => Field::PostedAt,
            Self::JobForm(_) => Field::JobForm,
        }
    }

    /// The cell read as its own column.
    fn in_column(field: Field, text: &str, context: &Context<'_>) -> Option<Self> {
        let codes = context.codes;
        match field {
            Field::Education => codes.education(text).map(Self::Education),
            Field::Experience => codes.experience(text).map(Self::Experience),
            Field::Headcount => code::headcount(text).map(Self::Headcount),
            Field::PostedAt => posted::read(text, context.as_of).map(Self::Posted),
            Field::JobForm => codes.job_form(text).map(Self::JobForm),
            _ => None,
        }
    }

    /// The cell read as any other column. Only what can mean one thing counts: not a bare number,
    /// not 不限 or 无.
    fn elsewhere(text: &str, context: &Context<'_>) -> Option<Self> {
        if text == "不限" || text.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let codes = context.codes;
        let education = || codes.education(text).filter(|code| *code != Education::Any);
        let experience = || {
            codes
                .experience(text)
                .filter(|code| *code != Experience::None)
        };
        code::headcount(text)
            .map(Self::Headcount)
            .or_else(|| posted::read(text, context.as_of).map(Self::Posted))
            .or_else(|| education().map(Self::Education))
            .or_else(|| {
                code::is_internship_terms(text).then_some(Self::JobForm(JobForm::Internship))
            })
            .or_else(|| experience().map(Self::Experience))
    }
}

impl CodedCells {
    fn knows(&self, field: Field) -> bool {
        match field {
            Field::Education => self.education.is_some(),
            Field::Experience => self.experience.is_some(),
            Field::Headcount => self.headcount.is_some(),
            Field::JobForm => self.job_form.is_some(),
            Field::PostedAt => self.posted_on.is_some(),
            _ => false,
        }
    }

    fn fill(&mut self, meaning: Meaning, flags: &mut Vec<Flag>) {
        match meaning {
            Meaning::Education(code) => drop(self.education.get_or_insert(code)),
            Meaning::Experience(code) => drop(self.experience.get_or_insert(code)),
            Meaning::Headcount(code) => drop(self.headcount.get_or_insert(code)),
            Meaning::JobForm(code) => drop(self.job_form.get_or_insert(code)),
            Meaning::Posted(posted) if self.posted_on.is_none() => {
                self.posted_on = Some(posted.on);
                if posted.year_assumed {
                    flags.push(Flag::YearAssumed);
                }
            }
            Meaning::Posted(_) => {}
        }
    }
}

pub(super) fn coded(
    raw: &RawVacancy<'_>,
    title: &str,
    context: &Context<'_>,
    flags: &mut Vec<Flag>,
) -> CodedCells {
    let mut codes = CodedCells::default();
    let mut misplaced = Vec::new();
    for (field, cell) in [
        (Field::Education, raw.education),
        (Field::Experience, raw.experience),
        (Field::Headcount, raw.headcount),
        (Field::JobForm, raw.job_form),
        (Field::PostedAt, raw.posted_at),
    ] {
        let Some(text) = words::cell(cell, field, flags) else {
            continue;
        };
        if let Some(meaning) = Meaning::in_column(field, &text, context) {
            codes.fill(meaning, flags);
        } else if let Some(meaning) = Meaning::elsewhere(&text, context) {
            flags.push(Flag::Misplaced {
                field,
                belongs: meaning.field(),
            });
            misplaced.push(meaning);
        } else {
            flags.push(Flag::NotUnderstood { field });
        }
    }
    if let Some(form) = context.codes.job_form_of_title(title) {
        codes.job_form.get_or_insert(form);
    }
    for meaning in misplaced {
        codes.fill(meaning, flags);
    }
    flags.retain(|flag| !matches!(flag, Flag::Missing { field } if codes.knows(*field)));
    codes
}
