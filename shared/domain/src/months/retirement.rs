//! The month of retirement (法定退休年龄): from 2025 on it moves back by a month for every so many months
//! of birth, up to a cap (渐进式延迟法定退休年龄, in force 2025-01-01). The table is data:
//! `assets/codes/retirement.toml`.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

const MONTHS_A_YEAR: i32 = 12;

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl YearMonth {
    /// Reads `1965-01`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then_some(Self { year, month })
    }

    /// Months since another one; negative before it.
    #[must_use]
    pub fn months_since(self, other: Self) -> i32 {
        self.count() - other.count()
    }

    /// So many months later.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        let count = self.count() + months;
        Self {
            year: count.div_euclid(MONTHS_A_YEAR),
            month: count.rem_euclid(MONTHS_A_YEAR).unsigned_abs() + 1,
        }
    }

    fn count(self) -> i32 {
        self.year * MONTHS_A_YEAR + i32::try_from(self.month).unwrap_or(1) - 1
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetirementTrack {
    /// `man`, `woman_55`, `woman_50`.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// The age before the change, in years.
    pub age_years: u32,
    /// Who was born from this month on retires later.
    pub base_birth: YearMonth,
    /// A month later for every so many months of birth.
    pub step_months: u32,
    /// At most so many months later.
    pub delay_months_max: u32,
}

impl RetirementTrack {
    /// By how many months somebody born in a month retires later.
    #[must_use]
    pub fn delay_months(&self, born: YearMonth) -> u32 {
        let after = u32::try_from(born.months_since(self.base_birth));
        let delay = after.map_or(0, |months| months / self.step_months.max(1) + 1);
        delay.min(self.delay_months_max)
    }

    /// The month in which somebody born in a month retires.
    #[must_use]
    pub fn retires_in(&self, born: YearMonth) -> YearMonth {
        let months = self.age_years.saturating_mul(12) + self.delay_months(born);
        born.plus(i32::try_from(months).unwrap_or(i32::MAX / 2))
    }
}

/// A table that cannot be read.
#[derive(Debug, Error)]
pub enum TableFault {
    /// Not the TOML that it should be.
    #[error("退休年龄表“codes/retirement.toml”读不了：{0}")]
    Unreadable(#[from] toml::de::Error),
    /// A month that is none, or a step of 0.
    #[error("退休年龄表里“{0}”的起始出生月要写成 1965-01 这样，每几个月延一个月不能是 0。")]
    Track(String),
}

#[derive(Deserialize)]
struct TableFile {
    track: Vec<TrackEntry>,
}

#[derive(Deserialize)]
struct TrackEntry {
    id: String,
    name: String,
    age_years: u32,
    base_birth: String,
    step_months: u32,
    delay_months_max: u32,
}

/// Reads the table.
///
/// # Errors
/// [`TableFault`].
pub fn read_table(text: &str) -> Result<Vec<RetirementTrack>, TableFault> {
    let file: TableFile = toml::from_str(text)?;
    let tracks = file.track.into_iter().map(|entry| {
        let base_birth = YearMonth::read(&entry.base_birth).filter(|_| entry.step_months > 0);
        Ok(RetirementTrack {
            base_birth: base_birth.ok_or_else(|| TableFault::Track(entry.name.clone()))?,
            id: entry.id,
            name: entry.name,
            age_years: entry.age_years,
            step_months: entry.step_months,
            delay_months_max: entry.delay_months_max,
        })
    });
    tracks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../../../assets/codes/retirement.toml");

    fn month(text: &str) -> YearMonth {
        YearMonth::read(text).unwrap()
    }

    #[test]
    fn the_delay_grows_by_the_table_up_to_its_cap() {
        let tracks = read_table(TABLE).unwrap();
        for (id, born, delay, retires) in [
            ("man", "1964-12", 0, "2024-12"),
            ("man", "1965-01", 1, "2025-02"),
            ("man", "1965-04", 1, "2025-05"),
            ("man", "1965-05", 2, "2025-07"),
            ("man", "1968-06", 11, "2029-05"),
            ("man", "1976-08", 35, "2039-07"),
            ("man", "1976-09", 36, "2039-09"),
            ("man", "1990-02", 36, "2053-02"),
            ("woman_55", "1969-12", 0, "2024-12"),
            ("woman_55", "1970-01", 1, "2025-02"),
            ("woman_55", "1981-09", 36, "2039-09"),
            ("woman_50", "1974-12", 0, "2024-12"),
            ("woman_50", "1975-02", 1, "2025-03"),
            ("woman_50", "1975-03", 2, "2025-05"),
            ("woman_50", "1984-11", 60, "2039-11"),
            ("woman_50", "1999-01", 60, "2054-01"),
        ] {
            let track = tracks.iter().find(|track| track.id == id).unwrap();
            assert_eq!(track.delay_months(month(born)), delay, "{id} {born}");
            assert_eq!(track.retires_in(month(born)), month(retires), "{id} {born}");
        }
    }

    #[test]
    fn months_go_over_the_turn_of_the_year_both_ways() {
        assert_eq!(month("2026-11").plus(2), month("2027-01"));
        assert_eq!(month("2026-01").plus(-1), month("2025-12"));
        assert_eq!(month("2026-03").plus(-15).to_string(), "2024-12");
        assert_eq!(YearMonth::read("2026-13"), None);
    }

    #[test]
    fn a_broken_line_is_named() {
        let broken = TABLE.replace("1965-01", "1965");
        assert!(read_table(&broken).unwrap_err().to_string().contains("男"));
    }
}
