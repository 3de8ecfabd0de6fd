//! How many records of which kind begin in a year (`assets/demo/years.toml`), read and checked.

use std::collections::BTreeMap;

use domain::id::KindId;
use serde::Deserialize;
use thiserror::Error;

/// A file of volumes that cannot be followed.
#[derive(Debug, Error)]
pub enum VolumeFault {
    /// Not the TOML that it should be.
    #[error("The volumes of synthetic years cannot be read: {0}.")]
    Unreadable(#[from] toml::de::Error),
    /// A season that the file does not have, or one without a month in which anything begins.
    #[error("The volume of {kind} goes by the season {season}, which is missing or empty.")]
    Season {
        /// Of this kind.
        kind: String,
        /// Its season.
        season: String,
    },
    /// Texts without any.
    #[error("The texts of {0} are empty.")]
    Texts(String),
}

/// How much of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A few hundred records of some weeks.
    Demo,
    /// So many years.
    Years(u32),
}

impl Extent {
    /// The extent with this code: `demo`, `year`, `ten_years`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "demo" => Some(Self::Demo),
            "year" => Some(Self::Years(1)),
            "ten_years" => Some(Self::Years(10)),
            _ => None,
        }
    }
}

/// The file.
#[derive(Debug, Clone, Deserialize)]
pub struct Volumes {
    pub(super) off_way_permille: u32,
    pub(super) demo_days: u32,
    seasons: BTreeMap<String, [u32; 12]>,
    pub(super) volume: Vec<Volume>,
    pub(super) texts: BTreeMap<String, Vec<String>>,
    /// Least and most, by field.
    pub(super) yuan: BTreeMap<String, [u32; 2]>,
}

/// How many records of a kind begin.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Volume {
    pub(super) kind: KindId,
    season: String,
    #[serde(default)]
    at_start: u64,
    a_year: u64,
    demo: u64,
}

impl Volumes {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`VolumeFault`].
    pub fn read(text: &str) -> Result<Self, VolumeFault> {
        let volumes: Self = toml::from_str(text)?;
        for volume in &volumes.volume {
            if volumes.season(volume).iter().all(|percent| *percent == 0) {
                return Err(VolumeFault::Season {
                    kind: volume.kind.to_string(),
                    season: volume.season.clone(),
                });
            }
        }
        match volumes.texts.iter().find(|(_, texts)| texts.is_empty()) {
            Some((field, _)) => Err(VolumeFault::Texts(field.clone())),
            None => Ok(volumes),
        }
    }

    /// The days of a demonstration.
    #[must_use]
    pub fn demo_days(&self) -> u32 {
        self.demo_days
    }

    /// Months in percent of a middling one; none where the season is missing.
    pub(super) fn season(&self, volume: &Volume) -> [u32; 12] {
        self.seasons
            .get(&volume.season)
            .copied()
            .unwrap_or_default()
    }
}

impl Volume {
    /// How many begin on the first day, and how many later.
    pub(super) fn counts(&self, extent: Extent) -> (u64, u64) {
        match extent {
            Extent::Demo => (0, self.demo),
            Extent::Years(years) => (self.at_start, self.a_year * u64::from(years)),
        }
    }
}
