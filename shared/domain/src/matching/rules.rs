//! The rules of matching as their files say them (`assets/matching/rules.toml`, `occupations.toml`,
//! `assets/codes/districts.json`), read and checked once.

use serde::Deserialize;
use thiserror::Error;

use super::finding::Facet;
use super::fraction::Share;
use super::occupation::{CLASSES_MAX, Class, Classes};
use super::place::Places;
use super::skill::{SYNONYMS_MAX, Synonyms};
use super::words::narrowed;

/// A file of the rules that cannot be followed.
#[derive(Debug, Error)]
pub enum MatchingFileFault {
    /// Not the TOML that it should be.
    #[error("人岗匹配的规则文件“{file}”读不了：{cause}")]
    Unreadable {
        /// Which.
        file: &'static str,
        /// Why.
        cause: toml::de::Error,
    },
    /// The districts are not the JSON that they should be.
    #[error("人岗匹配用的地点表“codes/districts.json”读不了：{0}")]
    Places(#[from] serde_json::Error),
    /// The weights are not a hundred.
    #[error("“matching/rules.toml”的权重合起来是 {0}，要等于 100。")]
    Weights(u64),
    /// A percentage above a hundred.
    #[error("“matching/rules.toml”的“{0}”大于 100，百分比最大是 100。")]
    Percent(&'static str),
    /// More of something than there may be.
    #[error("“matching/occupations.toml”里{what}太多：{count} 个，最多 {most} 个。")]
    TooMany {
        /// Of what, in Chinese.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// Two classes with one id, or a neighbour that is none.
    #[error("“matching/occupations.toml”里的职业类“{0}”写了两次，或者“near”里写了没有的类。")]
    Class(String),
}

/// Shares of the occupation.
#[derive(Debug, Clone, Copy)]
pub(super) struct OccupationShares {
    pub(super) same: Share,
    pub(super) class: Share,
    pub(super) near: Share,
    pub(super) other: Share,
}

/// Shares of the place.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceShares {
    pub(super) county: Share,
    pub(super) city: Share,
    pub(super) elsewhere: Share,
}

/// The rules.
#[derive(Debug, Clone)]
pub struct MatchingRules {
    file: RulesFile,
    pub(super) classes: Classes,
    pub(super) synonyms: Synonyms,
    pub(super) places: Places,
}

#[derive(Debug, Clone, Deserialize)]
struct RulesFile {
    version: u32,
    unknown_percent: u32,
    weights: Weights,
    occupation: OccupationPercents,
    skill: SkillPercents,
    pay: PayPercents,
    place: PlacePercents,
    education: EducationPercents,
}

#[derive(Debug, Clone, Deserialize)]
struct Weights {
    occupation: u32,
    skill: u32,
    pay: u32,
    place: u32,
    education: u32,
    availability: u32,
}

#[derive(Debug, Clone, Deserialize)]
struct OccupationPercents {
    same_percent: u32,
    class_percent: u32,
    near_percent: u32,
    other_percent: u32,
}

#[derive(Debug, Clone, Deserialize)]
struct SkillPercents {
    related_percent: u32,
}

#[derive(Debug, Clone, Deserialize)]
struct PayPercents {
    reached_percent: u32,
    tolerance_percent: u32,
}

#[derive(Debug, Clone, Deserialize)]
struct PlacePercents {
    county_percent: u32,
    city_percent: u32,
    elsewhere_percent: u32,
    elsewhere_words: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct EducationPercents {
    below_percent: Vec<u32>,
}

#[derive(Deserialize)]
struct OccupationsFile {
    #[serde(default)]
    class: Vec<ClassEntry>,
    #[serde(default)]
    skill: Vec<SkillEntry>,
}

#[derive(Deserialize)]
struct ClassEntry {
    id: String,
    #[serde(default)]
    codes: Vec<String>,
    words: Vec<String>,
    #[serde(default)]
    near: Vec<String>,
}

#[derive(Deserialize)]
struct SkillEntry {
    words: Vec<String>,
}

impl MatchingRules {
    /// Reads and checks the texts of the three files.
    ///
    /// # Errors
    /// [`MatchingFileFault`] names the file and what to put right.
    pub fn read(
        rules: &str,
        occupations: &str,
        districts: &str,
    ) -> Result<Self, MatchingFileFault> {
        let unreadable = |file| move |cause| MatchingFileFault::Unreadable { file, cause };
        let file: RulesFile = toml::from_str(rules).map_err(unreadable("matching/rules.toml"))?;
        let occupations: OccupationsFile =
            toml::from_str(occupations).map_err(unreadable("matching/occupations.toml"))?;
        file.check()?;
        let places = Places::read(districts, file.place.elsewhere_words.clone())?;
        let skills = occupations
            .skill
            .into_iter()
            .map(|line| narrowed_all(&line.words));
        let skills: Vec<_> = skills.collect();
        bounded("同义的技能", skills.len(), SYNONYMS_MAX)?;
        Ok(Self {
            file,
            classes: classes(occupations.class)?,
            synonyms: Synonyms(skills),
            places,
        })
    }

    /// Counted by who changes the rules: it stands in every match that was made by them.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.file.version
    }

    /// Points of a hundred that a part can earn.
    #[must_use]
    pub fn weight(&self, facet: Facet) -> u32 {
        let weights = &self.file.weights;
        match facet {
            Facet::Occupation => weights.occupation,
            Facet::Skill => weights.skill,
            Facet::Pay => weights.pay,
            Facet::Place => weights.place,
            Facet::Education => weights.education,
            Facet::Availability => weights.availability,
        }
    }

    /// What the unknown earns.
    #[must_use]
    pub fn unknown(&self) -> Share {
        Share::percent(self.file.unknown_percent)
    }

    pub(super) fn unknown_percent(&self) -> u32 {
        self.file.unknown_percent
    }

    pub(super) fn occupation(&self) -> OccupationShares {
        let percents = &self.file.occupation;
        OccupationShares {
            same: Share::percent(percents.same_percent),
            class: Share::percent(percents.class_percent),
            near: Share::percent(percents.near_percent),
            other: Share::percent(percents.other_percent),
        }
    }

    pub(super) fn related_percent(&self) -> u32 {
        self.file.skill.related_percent
    }

    pub(super) fn reached_percent(&self) -> u32 {
        self.file.pay.reached_percent
    }

    pub(super) fn tolerance_percent(&self) -> u32 {
        self.file.pay.tolerance_percent
    }

    pub(super) fn place_shares(&self) -> PlaceShares {
        let percents = &self.file.place;
        PlaceShares {
            county: Share::percent(percents.county_percent),
            city: Share::percent(percents.city_percent),
            elsewhere: Share::percent(percents.elsewhere_percent),
        }
    }

    /// What somebody earns who is so many levels below, at least one; the last entry is for more.
    pub(super) fn below_education(&self, levels: usize) -> Share {
        let percents = &self.file.education.below_percent;
        let known = percents.get(levels.saturating_sub(1)).or(percents.last());
        Share::percent(known.copied().unwrap_or(0))
    }
}

impl RulesFile {
    fn check(&self) -> Result<(), MatchingFileFault> {
        let weights = &self.weights;
        let total: u64 = [
            weights.occupation,
            weights.skill,
            weights.pay,
            weights.place,
            weights.education,
            weights.availability,
        ]
        .into_iter()
        .map(u64::from)
        .sum();
        if total != 100 {
            return Err(MatchingFileFault::Weights(total));
        }
        let below = self.education.below_percent.iter().max();
        let percents = [
            ("unknown_percent", self.unknown_percent),
            ("same_percent", self.occupation.same_percent),
            ("class_percent", self.occupation.class_percent),
            ("near_percent", self.occupation.near_percent),
            ("other_percent", self.occupation.other_percent),
            ("related_percent", self.skill.related_percent),
            ("reached_percent", self.pay.reached_percent),
            ("tolerance_percent", self.pay.tolerance_percent),
            ("county_percent", self.place.county_percent),
            ("city_percent", self.place.city_percent),
            ("elsewhere_percent", self.place.elsewhere_percent),
            ("below_percent", below.copied().unwrap_or(0)),
        ];
        match percents.into_iter().find(|(_, percent)| *percent > 100) {
            Some((name, _)) => Err(MatchingFileFault::Percent(name)),
            None => Ok(()),
        }
    }
}

fn bounded(what: &'static str, count: usize, most: usize) -> Result<(), MatchingFileFault> {
    if count > most {
        return Err(MatchingFileFault::TooMany { what, count, most });
    }
    Ok(())
}

fn narrowed_all(words: &[String]) -> Vec<String> {
    let words = words.iter().map(|word| narrowed(word));
    words.filter(|word| !word.is_empty()).collect()
}

fn classes(entries: Vec<ClassEntry>) -> Result<Classes, MatchingFileFault> {
    bounded("职业类", entries.len(), CLASSES_MAX)?;
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
    let place_of = |id: &str| ids.iter().position(|known| known == id);
    let mut classes = Vec::with_capacity(entries.len());
    for (place, entry) in entries.into_iter().enumerate() {
        if place_of(&entry.id) != Some(place) {
            return Err(MatchingFileFault::Class(entry.id));
        }
        let mut near = 0;
        for id in &entry.near {
            let neighbour = place_of(id);
            let neighbour = neighbour.ok_or_else(|| MatchingFileFault::Class(entry.id.clone()))?;
            near |= 1 << neighbour;
        }
        classes.push(Class {
            codes: entry.codes,
            words: narrowed_all(&entry.words),
            near,
        });
    }
    Ok(Classes::of(classes))
}
