//! Dated parameters (`assets/parameters`): numbers that a law, a year or the district may change.
//! A value is looked up by key and day; a missing one is an error, never 0.

use chrono::{NaiveDate, NaiveTime};
use domain::pay::PayParameters;
use domain::queue::QueueRules;
use domain::vacancy::ListingTerm;
use serde::Deserialize;
use thiserror::Error;

use crate::assets;
use crate::attachments::AttachmentRules;
use crate::backup::Keeping;
use crate::fleet::WatchHours;

const DAY_MS: i64 = 24 * 3_600_000;

/// A parameter that is missing or not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParameterError {
    /// A file is not TOML of the expected form.
    #[error("the parameter file {file} cannot be read: {reason}.")]
    Unreadable {
        /// Its name.
        file: &'static str,
        /// Why.
        reason: String,
    },
    /// No entry is in force.
    #[error("the parameter {key} has no value in force on {day}.")]
    Missing {
        /// The key.
        key: &'static str,
        /// The day asked for.
        day: NaiveDate,
    },
    /// The value is of another type or out of range.
    #[error("the parameter {key} has the value {value}, which is not {expected}.")]
    Unfit {
        /// The key.
        key: &'static str,
        /// As found.
        value: String,
        /// As needed.
        expected: &'static str,
    },
}

/// What a hall's queue and terminals go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallParameters {
    /// The queue's rules.
    pub queue: QueueRules,
    /// `rating.idle_s`: how long a terminal offers to score a finished visit.
    pub rating_idle_ms: i64,
}

/// The parameters of this service on one day.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// Of halls.
    pub hall: HallParameters,
    /// `device.offline_min`: a device that was silent for longer counts as off line.
    pub device_offline_ms: i64,
    /// `device.key_days`: a device draws a new key when its own is older.
    pub device_key_ms: i64,
    /// `device.watched_*`: when a silent device is an alarm.
    pub watch_hours: WatchHours,
    /// `staff.cache_days`: so long a hall node that is cut off lets known staff in.
    pub staff_cache_ms: i64,
    /// How long listings are shown.
    pub listing_term: ListingTerm,
    /// Monthly values of pay.
    pub pay: PayParameters,
    /// Which backups are kept.
    pub keeping: Keeping,
    /// What is taken in as an attachment.
    pub attachments: AttachmentRules,
}

#[derive(Deserialize)]
struct File {
    parameter: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    key: String,
    value: toml::Value,
    effective_from: toml::value::Datetime,
}

struct Sheet {
    entries: Vec<Entry>,
    day: NaiveDate,
}

impl Parameters {
    /// What is in force on `day`.
    ///
    /// # Errors
    /// [`ParameterError`] naming the first thing that is wrong.
    pub fn on(day: NaiveDate) -> Result<Self, ParameterError> {
        let sheet = Sheet::read(day)?;
        Ok(Self {
            hall: HallParameters {
                queue: sheet.queue_rules()?,
                rating_idle_ms: sheet.whole::<i64>("rating.idle_s")? * 1_000,
            },
            device_offline_ms: sheet.whole::<i64>("device.offline_min")? * 60_000,
            device_key_ms: sheet.whole::<i64>("device.key_days")? * DAY_MS,
            watch_hours: WatchHours {
                from: sheet.time_of_day("device.watched_from")?,
                until: sheet.time_of_day("device.watched_until")?,
                days: sheet.whole("device.watched_days")?,
            },
            staff_cache_ms: sheet.whole::<i64>("staff.cache_days")? * DAY_MS,
            listing_term: ListingTerm {
                vacancy_days: sheet.whole("vacancy.valid_days")?,
                gig_days: sheet.whole("gig.valid_days")?,
            },
            pay: pay_parameters(&sheet)?,
            keeping: Keeping {
                all_days: sheet.whole("backup.keep_all_days")?,
                daily_days: sheet.whole("backup.keep_daily_days")?,
                weekly_weeks: sheet.whole("backup.keep_weekly_weeks")?,
                monthly_months: sheet.whole("backup.keep_monthly_months")?,
            },
            attachments: AttachmentRules {
                bytes_max: sheet.whole("attachment.bytes_max")?,
                pixels_max: sheet.whole("attachment.pixels_max")?,
                phone_ms: sheet.whole::<i64>("attachment.phone_minutes")? * 60_000,
                phone_uploads_max: sheet.whole("attachment.phone_uploads_max")?,
            },
        })
    }
}

fn pay_parameters(sheet: &Sheet) -> Result<PayParameters, ParameterError> {
    let hours = sheet.find("pay.hours_per_day")?;
    Ok(PayParameters {
        paid_days_per_month_hundredths: hundredths(sheet, "pay.paid_days_per_month")?,
        hours_per_day: hours
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| {
                unfit(
                    "pay.hours_per_day",
                    hours,
                    "a whole number of hours as text",
                )
            })?,
    })
}

/// `21.75` as 2175: a rate is exact, never a float.
fn hundredths(sheet: &Sheet, key: &'static str) -> Result<i64, ParameterError> {
    let value = sheet.find(key)?;
    let parse = |text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
        (part.len() == 2)
            .then(|| format!("{whole}{part}").parse().ok())
            .flatten()
    };
    value
        .as_str()
        .and_then(parse)
        .ok_or_else(|| unfit(key, value, "a number with two decimals"))
}

fn unfit(key: &'static str, value: &toml::Value, expected: &'static str) -> ParameterError {
    ParameterError::Unfit {
        key,
        value: value.to_string(),
        expected,
    }
}

impl Sheet {
    fn read(day: NaiveDate) -> Result<Self, ParameterError> {
        let mut entries = Vec::new();
        for (file, text) in assets::PARAMETERS {
            let unreadable = |error: toml::de::Error| ParameterError::Unreadable {
                file,
                reason: error.to_string(),
            };
            entries.extend(toml::from_str::<File>(text).map_err(unreadable)?.parameter);
        }
        Ok(Self { entries, day })
    }

    fn queue_rules(&self) -> Result<QueueRules, ParameterError> {
        Ok(QueueRules {
            priority_calls_in_a_row_max: self.whole("ticket.priority_ratio")?,
            ordinary_boost_minutes: self.whole("ticket.normal_boost_min")?,
            call_times: self.whole("ticket.call_times")?,
            wait_minutes_shown_max: self.whole("ticket.wait_shown_max_min")?,
            recent_services_max: self.whole("ticket.recent_services_max")?,
        })
    }

    fn whole<T: TryFrom<i64>>(&self, key: &'static str) -> Result<T, ParameterError> {
        let value = self.find(key)?;
        let whole = value
            .as_integer()
            .and_then(|number| T::try_from(number).ok());
        whole.ok_or_else(|| unfit(key, value, "a whole number in range"))
    }

    fn time_of_day(&self, key: &'static str) -> Result<NaiveTime, ParameterError> {
        let value = self.find(key)?;
        let time = value
            .as_str()
            .and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
        time.ok_or_else(|| unfit(key, value, "a time of day such as 08:30"))
    }

    fn find(&self, key: &'static str) -> Result<&toml::Value, ParameterError> {
        let in_force = self
            .entries
            .iter()
            .filter(|entry| entry.key == key)
            .filter_map(|entry| Some((civil(&entry.effective_from)?, &entry.value)))
            .filter(|(from, _)| *from <= self.day);
        let newest = in_force.max_by_key(|(from, _)| *from);
        newest
            .map(|(_, value)| value)
            .ok_or(ParameterError::Missing { key, day: self.day })
    }
}

fn civil(datetime: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = datetime.date?;
    NaiveDate::from_ymd_opt(
        i32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 6, 1).unwrap()
    }

    #[test]
    fn the_shipped_parameters_are_complete_and_the_defaults_of_the_rules() {
        let parameters = Parameters::on(day(2026)).unwrap();
        assert_eq!(parameters.hall.queue, QueueRules::default());
        assert_eq!(parameters.hall.rating_idle_ms, 30_000);
        assert_eq!(parameters.pay.paid_days_per_month_hundredths, 2_175);
        assert!(
            parameters.keeping.daily_days >= 7,
            "a week's last day outlives its week"
        );
    }

    #[test]
    fn before_the_first_entry_a_parameter_is_missing_and_not_zero() {
        let error = Parameters::on(day(1999)).unwrap_err();
        assert!(matches!(error, ParameterError::Missing { .. }), "{error}");
    }
}
