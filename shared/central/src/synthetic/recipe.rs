//! The recipe of invented data (`assets/demo/recipe.json`): which parts there are and how often.
//! Fields that this generator does not use (persons, sizes) are other generators' business.

use std::collections::BTreeMap;

use domain::id::{GroupCode, WindowNo};
use domain::listing::{Education, JobForm};
use serde::Deserialize;
use thiserror::Error;

use super::random::LOG_NORMAL_SIGMA;

/// A recipe that cannot be followed.
#[derive(Debug, Error)]
pub enum RecipeError {
    /// Not the JSON it should be.
    #[error("The recipe of invented data cannot be read: {0}.")]
    Unreadable(#[from] serde_json::Error),
    /// A list from which something is drawn is empty, or refers to what is not there.
    #[error("The recipe of invented data lacks {0}.")]
    Lacks(String),
    /// The spread of pay is drawn from a table for one sigma.
    #[error("The recipe asks for pay_sigma {0}; the table is for {LOG_NORMAL_SIGMA}.")]
    Sigma(String),
}

/// How much of everything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Profile {
    /// `demo`, `year`, `ten_years`.
    pub code: String,
    /// Number of vacancies.
    pub listings: u32,
    /// Number of employers.
    pub employers: u32,
    /// Vacancies were posted within this many days.
    pub history_days: u16,
    /// Visits of one morning.
    pub morning_tickets: u32,
}

/// The recipe.
#[derive(Debug, Clone, Deserialize)]
pub struct Recipe {
    pub(super) profiles: Vec<Profile>,
    pub(super) pay_sigma: String,
    pub(super) pay_step_yuan: u64,
    pub(super) day_pay_step_yuan: u64,
    pub(super) hour_pay_step_yuan: u64,
    pub(super) minimum_month_pay_yuan: u64,
    pub(super) negotiable_permille: u32,
    pub(super) month_volume_percent: [u32; 12],
    pub(super) valid_days: u16,
    pub(super) expiring_soon_permille: u32,
    pub(super) employers: EmployerParts,
    pub(super) places: PlaceParts,
    pub(super) occupations: Vec<Occupation>,
    pub(super) education_mixes: BTreeMap<String, BTreeMap<Education, u32>>,
    pub(super) experience_mixes: BTreeMap<String, BTreeMap<ExperienceWord, u32>>,
    pub(super) headcounts: Vec<HeadcountShare>,
    pub(super) shifts: Vec<String>,
    pub(super) benefits: Vec<String>,
    pub(super) title_suffixes: Vec<TextShare>,
    pub(super) services: Services,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct EmployerParts {
    pub(super) place_prefixes: Vec<String>,
    pub(super) first_syllables: Vec<String>,
    pub(super) second_syllables: Vec<String>,
    pub(super) forms: Vec<WordShare>,
    pub(super) industry_words: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct WordShare {
    pub(super) word: String,
    pub(super) share_permille: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct TextShare {
    pub(super) text: String,
    pub(super) share_permille: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PlaceParts {
    pub(super) city: String,
    pub(super) districts: Vec<DistrictShare>,
    pub(super) roads: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct DistrictShare {
    pub(super) name: String,
    pub(super) share_permille: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Occupation {
    pub(super) titles: Vec<String>,
    pub(super) industry: String,
    pub(super) pay_unit: PaidBy,
    pub(super) pay_median_yuan: u64,
    pub(super) weight: u32,
    pub(super) peak_months: Vec<u32>,
    pub(super) education_mix: String,
    pub(super) experience_mix: String,
    pub(super) job_forms: BTreeMap<JobForm, u32>,
    pub(super) duties: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaidBy {
    Month,
    Day,
    Hour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) enum ExperienceWord {
    #[serde(rename = "none")]
    None,
    #[serde(rename = "student")]
    Student,
    #[serde(rename = "years_1")]
    OneYear,
    #[serde(rename = "years_1_3")]
    OneToThreeYears,
    #[serde(rename = "years_3_5")]
    ThreeToFiveYears,
    #[serde(rename = "years_5")]
    FiveYears,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct HeadcountShare {
    /// 0 means several.
    pub(super) people: u32,
    pub(super) share_permille: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Services {
    pub(super) rating_permille: u32,
    pub(super) good_level_permille: u32,
    pub(super) priority_permille: u32,
    pub(super) group_share_permille: BTreeMap<GroupCode, u32>,
    pub(super) windows: Vec<WindowGroups>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct WindowGroups {
    pub(super) window: WindowNo,
    pub(super) groups: Vec<GroupCode>,
}

impl Recipe {
    /// Reads and checks a recipe.
    ///
    /// # Errors
    /// [`RecipeError`] says what is wrong with it.
    pub fn read(json: &str) -> Result<Self, RecipeError> {
        let recipe: Self = serde_json::from_str(json)?;
        recipe.check()?;
        Ok(recipe)
    }

    /// The profile of that code.
    #[must_use]
    pub fn profile(&self, code: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.code == code)
    }

    fn check(&self) -> Result<(), RecipeError> {
        if self.pay_sigma != LOG_NORMAL_SIGMA {
            return Err(RecipeError::Sigma(self.pay_sigma.clone()));
        }
        let lists = [
            ("place prefixes", self.employers.place_prefixes.is_empty()),
            ("first syllables", self.employers.first_syllables.is_empty()),
            (
                "second syllables",
                self.employers.second_syllables.is_empty(),
            ),
            ("roads", self.places.roads.is_empty()),
            ("occupations", self.occupations.is_empty()),
            ("shifts", self.shifts.is_empty()),
            ("benefits", self.benefits.is_empty()),
            (
                "a positive pay step",
                self.pay_step_yuan == 0 || self.day_pay_step_yuan == 0,
            ),
            ("a positive hour pay step", self.hour_pay_step_yuan == 0),
        ];
        let weights = [
            (
                "employer forms",
                shares(self.employers.forms.iter().map(|f| f.share_permille)),
            ),
            (
                "districts",
                shares(self.places.districts.iter().map(|d| d.share_permille)),
            ),
            (
                "headcounts",
                shares(self.headcounts.iter().map(|h| h.share_permille)),
            ),
            (
                "title suffixes",
                shares(self.title_suffixes.iter().map(|t| t.share_permille)),
            ),
            (
                "month volumes",
                shares(self.month_volume_percent.into_iter()),
            ),
            (
                "service groups",
                shares(self.services.group_share_permille.values().copied()),
            ),
        ];
        let empty = lists
            .into_iter()
            .chain(weights.map(|(name, total)| (name, total == 0)));
        if let Some((name, _)) = empty.into_iter().find(|(_, lacking)| *lacking) {
            return Err(RecipeError::Lacks(name.to_owned()));
        }
        self.occupations
            .iter()
            .try_for_each(|occupation| self.check_occupation(occupation))
    }

    fn check_occupation(&self, occupation: &Occupation) -> Result<(), RecipeError> {
        let Occupation {
            industry,
            education_mix,
            experience_mix,
            ..
        } = occupation;
        let words = self.employers.industry_words.get(industry);
        let education = self
            .education_mixes
            .get(education_mix)
            .map(|mix| mix.values().sum());
        let experience = self
            .experience_mixes
            .get(experience_mix)
            .map(|mix| mix.values().sum());
        let lacking = if words.is_none_or(Vec::is_empty) {
            format!("employer words of the industry {industry}")
        } else if education.is_none_or(|total: u32| total == 0) {
            format!("the education mix {education_mix}")
        } else if experience.is_none_or(|total: u32| total == 0) {
            format!("the experience mix {experience_mix}")
        } else if occupation.titles.is_empty() || occupation.duties.is_empty() {
            format!("titles and duties of an occupation in {industry}")
        } else if occupation.weight == 0 || occupation.job_forms.values().sum::<u32>() == 0 {
            format!("weights of an occupation in {industry}")
        } else {
            return Ok(());
        };
        Err(RecipeError::Lacks(lacking))
    }
}

fn shares(weights: impl Iterator<Item = u32>) -> u64 {
    weights.map(u64::from).sum()
}
