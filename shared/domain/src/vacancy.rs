//! From a raw row of a vacancy file to what a listing needs. A cell is understood, or it is
//! unknown and flagged; nothing is filled with a default. A cell in the wrong column (education
//! `招1人`, headcount `05-06发布`) is flagged and used where it belongs if that cell is empty.
//! Relative dates are resolved once, against the day of the import. Files, encodings and column
//! names are `central::import`'s; keeping the raw row is the store's.

mod cells;
mod code;
mod draft;
mod flag;
mod identity;
mod posted;
mod values;
mod words;

pub use code::{BadCodes, CodeTexts, VacancyCodes};
pub use draft::{ListingDraft, ListingTerm, Publication};
pub use flag::{Field, Flag};
pub use identity::SourceKey;
pub use values::{from_values, to_values};
pub use words::is_invisible;

use chrono::NaiveDate;

use crate::pay::{self, Pay, PayParameters};
use crate::place::Place;

/// One row by standard column names. Absent and empty are the same: the source says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct RawVacancy<'r> {
    /// The source's own identity of the vacancy.
    pub source_id: Option<&'r str>,
    /// 岗位名称
    pub title: Option<&'r str>,
    /// 用人单位
    pub employer: Option<&'r str>,
    /// 工作地点
    pub district: Option<&'r str>,
    /// 薪资
    pub salary_text: Option<&'r str>,
    /// 学历
    pub education: Option<&'r str>,
    /// 经验
    pub experience: Option<&'r str>,
    /// 招聘人数
    pub headcount: Option<&'r str>,
    /// 行业
    pub industry: Option<&'r str>,
    /// 用工形式
    pub job_form: Option<&'r str>,
    /// 发布时间
    pub posted_at: Option<&'r str>,
    /// 岗位描述
    pub description: Option<&'r str>,
    /// 有效期至
    pub valid_to: Option<&'r str>,
}

impl<'r> RawVacancy<'r> {
    /// A row from its cells; of two cells for one field the later counts.
    #[must_use]
    pub fn from_cells(cells: impl IntoIterator<Item = (Field, &'r str)>) -> Self {
        let mut raw = Self::default();
        for (field, cell) in cells {
            let place = match field {
                Field::SourceId => &mut raw.source_id,
                Field::Title => &mut raw.title,
                Field::Employer => &mut raw.employer,
                Field::District => &mut raw.district,
                Field::SalaryText => &mut raw.salary_text,
                Field::Education => &mut raw.education,
                Field::Experience => &mut raw.experience,
                Field::Headcount => &mut raw.headcount,
                Field::Industry => &mut raw.industry,
                Field::JobForm => &mut raw.job_form,
                Field::PostedAt => &mut raw.posted_at,
                Field::Description => &mut raw.description,
                Field::ValidTo => &mut raw.valid_to,
            };
            *place = Some(cell);
        }
        raw
    }
}

/// What normalising depends on besides the row.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The day that `今日`, `3天前` and dates without a year are counted from.
    pub as_of: NaiveDate,
    /// For the monthly value of day, hour and year pay.
    pub pay: &'c PayParameters,
    /// The spellings of education, experience and form of employment.
    pub codes: &'c VacancyCodes,
}

/// A row that cannot become a listing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowUnusable {
    /// Nothing to show on the screen.
    #[error("The title is empty.")]
    NoTitle,
}

/// Reads one row. Flags come in the order of the columns.
///
/// # Errors
/// [`RowUnusable`] if there is no title.
pub fn normalise(
    raw: &RawVacancy<'_>,
    context: &Context<'_>,
) -> Result<(ListingDraft, Vec<Flag>), RowUnusable> {
    let mut flags = Vec::new();
    let title = words::cell(raw.title, Field::Title, &mut flags).ok_or(RowUnusable::NoTitle)?;
    if raw.source_id.is_none_or(|id| id.trim().is_empty()) {
        flags.push(Flag::IdentityDerived);
    }
    let employer = words::named(raw.employer, Field::Employer, &mut flags);
    let place = place(raw, &mut flags);
    let pay_text = words::cell(raw.salary_text, Field::SalaryText, &mut flags);
    let pay = pay_text
        .as_deref()
        .and_then(|text| read_pay(text, context, &mut flags));
    let codes = cells::coded(raw, &title, context, &mut flags);
    let industry = words::named(raw.industry, Field::Industry, &mut flags);
    let description = words::prose(raw.description, &mut flags);
    let valid_to = valid_to(raw, context, &mut flags);
    let draft = ListingDraft {
        title,
        employer,
        place,
        pay,
        monthly: pay.map(|pay| pay.monthly(context.pay)).unwrap_or_default(),
        pay_text,
        education: codes.education,
        experience: codes.experience,
        headcount: codes.headcount,
        job_form: codes.job_form,
        industry,
        description,
        posted_on: codes.posted_on,
        valid_to,
    };
    Ok((draft, flags))
}

fn place(raw: &RawVacancy<'_>, flags: &mut Vec<Flag>) -> Option<Place> {
    let text = words::named(raw.district, Field::District, flags)?;
    let place = Place::parse(&text);
    if place.is_none() {
        flags.push(Flag::NotUnderstood {
            field: Field::District,
        });
    }
    place
}

fn read_pay(text: &str, context: &Context<'_>, flags: &mut Vec<Flag>) -> Option<Pay> {
    let Ok(pay) = pay::text::read(text) else {
        flags.push(Flag::NotUnderstood {
            field: Field::SalaryText,
        });
        return None;
    };
    if pay.unit_is_inferred() {
        flags.push(Flag::UnitInferred);
    }
    if let Some(reason) = pay::plausibility(&pay, context.pay) {
        flags.push(Flag::Implausible { reason });
    }
    Some(pay)
}

fn valid_to(
    raw: &RawVacancy<'_>,
    context: &Context<'_>,
    flags: &mut Vec<Flag>,
) -> Option<NaiveDate> {
    let text = raw
        .valid_to
        .map(str::trim)
        .filter(|text| !text.is_empty())?;
    let day = posted::full_date(text).or_else(|| posted::month_day_from(text, context.as_of));
    if day.is_none() {
        flags.push(Flag::NotUnderstood {
            field: Field::ValidTo,
        });
    }
    day
}

#[cfg(test)]
mod tests;
