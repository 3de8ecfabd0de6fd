//! What a jobseeker says of the work that they want, and the same ready to be compared. There is no
//! field for sex, age, birth or family here, and none may be added: they must not change a score.

use chrono::NaiveDate;

use crate::listing::Education;
use crate::money::Fen;

use super::occupation::Work;
use super::place::WorkPlace;
use super::rules::MatchingRules;
use super::skill::Skill;

/// A form of employment as the forms of vacancies and jobseekers have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkForm {
    /// 全职
    FullTime,
    /// 兼职
    PartTime,
    /// 季节工
    Seasonal,
    /// 零工
    Gig,
    /// 实习见习
    Internship,
    /// 公益岗
    PublicPost,
}

impl WorkForm {
    /// The form with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "fulltime" => Self::FullTime,
            "parttime" => Self::PartTime,
            "seasonal" => Self::Seasonal,
            "gig" => Self::Gig,
            "intern" => Self::Internship,
            "public_post" => Self::PublicPost,
            _ => return None,
        })
    }
}

/// When in the day work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shift {
    /// 白班
    Day,
    /// 两班倒
    Two,
    /// 三班倒
    Three,
    /// 弹性
    Flexible,
}

impl Shift {
    /// The shift with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "day" => Self::Day,
            "two" => Self::Two,
            "three" => Self::Three,
            "flexible" => Self::Flexible,
            _ => return None,
        })
    }
}

/// What a jobseeker says. Empty and absent mean that it was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seeker {
    /// Work that is wanted, in words or codes.
    pub occupations: Vec<String>,
    /// Skills that are held.
    pub skills: Vec<String>,
    /// The highest level of education; [`Education::Any`] for less than primary school.
    pub education: Option<Education>,
    /// The least pay that is wanted, a month.
    pub pay_least: Option<Fen>,
    /// Places that are wanted.
    pub places: Vec<String>,
    /// Forms of employment that are wanted.
    pub forms: Vec<WorkForm>,
    /// Shifts that are possible.
    pub shifts: Vec<Shift>,
    /// The first day on which they can work.
    pub from: Option<NaiveDate>,
}

/// A jobseeker ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeekerTerms {
    pub(super) occupations: Vec<Work>,
    pub(super) skills: Vec<Skill>,
    pub(super) education: Option<Education>,
    pub(super) pay_least: Option<Fen>,
    pub(super) places: Vec<WorkPlace>,
    pub(super) forms: Vec<WorkForm>,
    pub(super) shifts: Vec<Shift>,
    pub(super) from: Option<NaiveDate>,
}

impl SeekerTerms {
    /// By these rules.
    #[must_use]
    pub fn of(seeker: &Seeker, rules: &MatchingRules) -> Self {
        let works = seeker.occupations.iter();
        let works = works.map(|text| rules.classes.work(text, None));
        let skills = seeker.skills.iter();
        let skills = skills.map(|text| rules.synonyms.skill(text, &rules.classes));
        let places = seeker.places.iter().map(|text| rules.places.place(text));
        Self {
            occupations: works.filter(|work| !work.text.is_empty()).collect(),
            skills: skills.filter(|skill| !skill.is_blank()).collect(),
            education: seeker.education,
            pay_least: seeker.pay_least,
            places: places.filter(|place| !place.is_blank()).collect(),
            forms: seeker.forms.clone(),
            shifts: seeker.shifts.clone(),
            from: seeker.from,
        }
    }
}
