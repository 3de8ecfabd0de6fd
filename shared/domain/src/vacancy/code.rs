//! Cells that become codes: education, experience, headcount, form of employment. The spellings
//! are data (`assets/codes/*.json`, whose `rule` this follows); what is in no list is unknown.

use std::collections::HashMap;

use serde::Deserialize;
use thiserror::Error;

use crate::listing::{Education, Experience, Headcount, JobForm};

/// More people than this in one row is a slip (`99999999人`), not a vacancy.
const PEOPLE_MAX: u32 = 100_000;

/// More years than this is no experience anyone asks for.
const YEARS_MAX: u8 = 40;

const EDUCATION_PREFIXES: &[&str] = &["统招", "全日制"];
const EDUCATION_SUFFIXES: &[&str] = &["及以上", "以上", "及以下", "以下", "学历", "毕业"];

/// A code list that cannot be used.
#[derive(Debug, Error)]
pub enum BadCodes {
    /// Not JSON, a missing field, or a code that the program does not know.
    #[error("The code list {list} cannot be read: {source}.")]
    Unreadable {
        /// Which list.
        list: &'static str,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A year shape without `{a}`, or with an end that is neither `a`, `b`, `0` nor null.
    #[error("The year shape {shape:?} is not one that can be read.")]
    YearShape {
        /// The shape.
        shape: String,
    },
}

/// The texts of the three code lists.
#[derive(Debug, Clone, Copy)]
pub struct CodeTexts<'t> {
    /// `assets/codes/education.json`
    pub education: &'t str,
    /// `assets/codes/experience.json`
    pub experience: &'t str,
    /// `assets/codes/job-forms.json`
    pub job_forms: &'t str,
}

/// The spellings of all codes, ready for look-up.
#[derive(Debug, Clone)]
pub struct VacancyCodes {
    education: HashMap<String, Education>,
    experience: HashMap<String, Experience>,
    year_shapes: Vec<YearShape>,
    job_forms: HashMap<String, JobForm>,
    title_words: Vec<(String, JobForm)>,
}

impl VacancyCodes {
    /// Reads the code lists.
    ///
    /// # Errors
    /// [`BadCodes`] names the list and what is wrong with it.
    pub fn read(texts: &CodeTexts<'_>) -> Result<Self, BadCodes> {
        let education: EducationFile = parse("education", texts.education)?;
        let experience: ExperienceFile = parse("experience", texts.experience)?;
        let forms: JobFormFile = parse("job-forms", texts.job_forms)?;
        let shapes = experience.year_shapes.iter().map(YearShape::compile);
        let title_words = forms
            .forms
            .iter()
            .flat_map(|f| f.title_words.iter().map(|word| (word.clone(), f.code)));
        Ok(Self {
            education: by_spelling(education.levels.into_iter().map(|l| (l.code, l.spellings))),
            experience: by_spelling(experience.levels.into_iter().filter_map(|level| {
                let code = match level.code {
                    ExperienceCode::None => Experience::None,
                    ExperienceCode::Student => Experience::Student,
                    ExperienceCode::Years => return None,
                };
                Some((code, level.spellings))
            })),
            year_shapes: shapes.collect::<Result<_, _>>()?,
            title_words: title_words.collect(),
            job_forms: by_spelling(forms.forms.into_iter().map(|f| (f.code, f.spellings))),
        })
    }

    /// Lowest education asked for.
    pub(super) fn education(&self, text: &str) -> Option<Education> {
        let mut word = text;
        loop {
            if let Some(code) = self.education.get(word) {
                return Some(*code);
            }
            let shorter = strip_one_prefix(word, EDUCATION_PREFIXES)
                .or_else(|| strip_one_suffix(word, EDUCATION_SUFFIXES))?;
            word = shorter.trim();
        }
    }

    /// Experience asked for; of `1-2年 ,可接收应届生` only what stands before the comma.
    pub(super) fn experience(&self, text: &str) -> Option<Experience> {
        let text = text
            .split([',', '\u{ff0c}'])
            .next()
            .unwrap_or_default()
            .trim();
        if let Some(code) = self.experience.get(text) {
            return Some(*code);
        }
        let mut years = text
            .replace("工作", "")
            .replace("经验", "")
            .replace(['~', '至', '—'], "-");
        years.retain(|c| !c.is_whitespace());
        self.year_shapes.iter().find_map(|shape| shape.read(&years))
    }

    /// The column 用工形式 in its own words.
    pub(super) fn job_form(&self, text: &str) -> Option<JobForm> {
        self.job_forms.get(text).copied()
    }

    /// The form that a title names.
    pub(super) fn job_form_of_title(&self, title: &str) -> Option<JobForm> {
        self.title_words
            .iter()
            .find(|(word, _)| title.contains(word.as_str()))
            .map(|(_, form)| *form)
    }
}

fn parse<T: for<'de> Deserialize<'de>>(list: &'static str, text: &str) -> Result<T, BadCodes> {
    serde_json::from_str(text).map_err(|source| BadCodes::Unreadable { list, source })
}

fn by_spelling<C: Copy>(codes: impl Iterator<Item = (C, Vec<String>)>) -> HashMap<String, C> {
    codes
        .flat_map(|(code, words)| words.into_iter().map(move |word| (word, code)))
        .collect()
}

/// `3人`, `招1人`, `若干`; a plain number too, for this column is one of numbers. `3-4名` names no
/// single number and is "several"; `0` is unknown.
pub(super) fn headcount(text: &str) -> Option<Headcount> {
    let text = strip_one_prefix(text, &["招聘", "招"]).unwrap_or(text);
    let number = text.trim_end_matches(['人', '名', '个', '位']).trim_end();
    let counts_people = number.len() < text.len();
    match number {
        "若干" | "不限" => return Some(Headcount::Several),
        "数" | "多" if counts_people => return Some(Headcount::Several),
        _ => {}
    }
    match number.split_once(['-', '~', '至']) {
        Some((low, high)) if counts_people => {
            (people(low)? < people(high)?).then_some(Headcount::Several)
        }
        Some(_) => None,
        None => people(number).map(|people| Headcount::Exactly { people }),
    }
}

fn people(text: &str) -> Option<u32> {
    digits(text).filter(|people| (1..=PEOPLE_MAX).contains(people))
}

/// `5天/周`, `6个月`: how often and how long an intern comes; sites put it in the columns of
/// education and experience.
pub(super) fn is_internship_terms(text: &str) -> bool {
    strip_one_suffix(text, &["天/周", "个月"]).is_some_and(|number| digits(number).is_some())
}

fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// A way to write years, such as `{a}-{b}年`: the text around the two numbers, and which of them
/// is the lower and the upper end.
#[derive(Debug, Clone)]
struct YearShape {
    before: String,
    between: Option<String>,
    after: String,
    from_zero: bool,
    to: Option<UpperEnd>,
}

#[derive(Debug, Clone, Copy)]
enum UpperEnd {
    First,
    Second,
}

impl YearShape {
    fn compile(entry: &YearShapeEntry) -> Result<Self, BadCodes> {
        let bad = || BadCodes::YearShape {
            shape: entry.shape.clone(),
        };
        let (before, rest) = entry.shape.split_once("{a}").ok_or_else(bad)?;
        let (between, after) = match rest.split_once("{b}") {
            Some((between, after)) => (Some(between.to_owned()), after),
            None => (None, rest),
        };
        let to = match entry.to.as_deref() {
            None => None,
            Some("a") => Some(UpperEnd::First),
            Some("b") if between.is_some() => Some(UpperEnd::Second),
            Some(_) => return Err(bad()),
        };
        let from_zero = match entry.from.as_str() {
            "a" => false,
            "0" => true,
            _ => return Err(bad()),
        };
        Ok(Self {
            before: before.to_owned(),
            between,
            after: after.to_owned(),
            from_zero,
            to,
        })
    }

    fn read(&self, text: &str) -> Option<Experience> {
        let inner = text.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let (first, second) = match &self.between {
            Some(between) => {
                let (first, second) = inner.split_once(between)?;
                (years(first)?, Some(years(second)?))
            }
            None => (years(inner)?, None),
        };
        let from = if self.from_zero { 0 } else { first };
        let to = match self.to {
            None => None,
            Some(UpperEnd::First) => Some(first),
            Some(UpperEnd::Second) => second,
        };
        to.is_none_or(|to| from <= to)
            .then_some(Experience::Years { from, to })
    }
}

fn years(text: &str) -> Option<u8> {
    const SPELT: [&str; 11] = [
        "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
    ];
    let text = if text == "两" { "二" } else { text };
    let number = match SPELT.iter().position(|word| *word == text) {
        Some(index) => u8::try_from(index).ok(),
        None => digits(text).and_then(|number| u8::try_from(number).ok()),
    };
    number.filter(|years| *years <= YEARS_MAX)
}

fn strip_one_suffix<'t>(text: &'t str, suffixes: &[&str]) -> Option<&'t str> {
    suffixes.iter().find_map(|suffix| text.strip_suffix(suffix))
}

fn strip_one_prefix<'t>(text: &'t str, prefixes: &[&str]) -> Option<&'t str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))
}

#[derive(Deserialize)]
struct EducationFile {
    levels: Vec<EducationEntry>,
}

#[derive(Deserialize)]
struct EducationEntry {
    code: Education,
    spellings: Vec<String>,
}

#[derive(Deserialize)]
struct ExperienceFile {
    levels: Vec<ExperienceEntry>,
    year_shapes: Vec<YearShapeEntry>,
}

#[derive(Deserialize)]
struct ExperienceEntry {
    code: ExperienceCode,
    spellings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ExperienceCode {
    None,
    Student,
    Years,
}

#[derive(Deserialize)]
struct YearShapeEntry {
    shape: String,
    from: String,
    to: Option<String>,
}

#[derive(Deserialize)]
struct JobFormFile {
    forms: Vec<JobFormEntry>,
}

#[derive(Deserialize)]
struct JobFormEntry {
    code: JobForm,
    spellings: Vec<String>,
    title_words: Vec<String>,
}
