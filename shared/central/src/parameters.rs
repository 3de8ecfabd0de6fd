//! The dated parameters that this service itself goes by, out of the one book of them: the
//! program's own entries (`assets/parameters`) and what two persons changed since. A missing value
//! is an error, never 0.

mod days_off;
mod in_force;

use std::sync::{Arc, LazyLock};

use chrono::{NaiveDate, NaiveTime};
use domain::calendar::WorkCalendar;
use domain::case::Decimal;
use domain::outreach::OutreachRules;
use domain::parameter::{ParameterBook, ParameterFileFault, ParameterValue};
use domain::pay::PayParameters;
use domain::queue::{OpeningHours, QueueRules};
use domain::rating::SuspicionRules;
use domain::vacancy::ListingTerm;
use thiserror::Error;

use crate::assets;
use crate::attachments::AttachmentRules;
use crate::backup::Keeping;
use crate::fleet::WatchHours;
use crate::staff::{PasswordRules, StaffRules};

pub(crate) use days_off::{DAYS_OFF, Years, unrecorded_year, year_of_entry};
pub(crate) use in_force::InForce;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A parameter that is missing or not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParameterError {
    /// The program's own files.
    #[error(transparent)]
    Files(#[from] ParameterFileFault),
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

/// The stated value of a limit that there is not.
const NONE: &str = "none";

/// What a hall's queue and terminals go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallParameters {
    /// The queue's rules.
    pub queue: QueueRules,
    /// `ticket.open_hours` and `ticket.booking_hours`, by the calendar of the program until another is given.
    pub hours: OpeningHours,
    /// `rating.idle_s`: how long a terminal offers to score a finished visit.
    pub rating_idle_ms: i64,
    /// `rating.window_days`: working days after a visit in which it may be scored.
    pub scoring_days: usize,
}

/// What listings are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingParameters {
    /// How long they are shown where their source does not say.
    pub term: ListingTerm,
    /// For the pay by month.
    pub pay: PayParameters,
}

impl ListingParameters {
    /// What they go by.
    pub const KEYS: [&'static str; 4] = [
        "vacancy.valid_days",
        "gig.valid_days",
        "pay.paid_days_per_month",
        "pay.hours_per_day",
    ];

    /// What a book says for `day`.
    ///
    /// # Errors
    /// [`ParameterError`] naming the first thing that is wrong.
    pub fn in_book(book: &ParameterBook, day: NaiveDate) -> Result<Self, ParameterError> {
        let sheet = Sheet { book, day };
        let [vacancy_days, gig_days, paid_days, hours] = Self::KEYS;
        Ok(Self {
            term: ListingTerm {
                vacancy_days: sheet.whole(vacancy_days)?,
                gig_days: sheet.whole(gig_days)?,
            },
            pay: PayParameters {
                paid_days_per_month_hundredths: sheet.scaled(paid_days, 100)?,
                hours_per_day: sheet.scaled(hours, 1)?,
            },
        })
    }
}

/// The parameters of this service on one day.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// Of halls.
    pub hall: HallParameters,
    /// `led.offline_min`: a board that was silent for longer raises an alarm.
    pub board_offline_ms: i64,
    /// `device.offline_min`: a device that was silent for longer counts as off line.
    pub device_offline_ms: i64,
    /// `device.key_days`: a device draws a new key when its own is older.
    pub device_key_ms: i64,
    /// `device.watched_*`: when a silent device is an alarm.
    pub watch_hours: WatchHours,
    /// `staff.cache_days`: so long a hall node that is cut off lets known staff in.
    pub staff_cache_ms: i64,
    /// What staff's passwords, locks and sessions go by.
    pub staff: StaffRules,
    /// Of listings.
    pub listings: ListingParameters,
    /// Which backups are kept.
    pub keeping: Keeping,
    /// What is taken in as an attachment.
    pub attachments: AttachmentRules,
    /// By what scores are judged.
    pub scores: ScoreParameters,
    /// By what contacts with citizens go.
    pub outreach: OutreachRules,
    /// `station.sync_time`: until then service points report their day.
    pub report_until: NaiveTime,
}

/// By what scores are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoreParameters {
    /// `kpi.satisfaction`, in thousandths.
    pub target_per_mille: u64,
    /// Which runs of scores are looked at.
    pub suspicion: SuspicionRules,
}

/// One day's view of a book.
struct Sheet<'b> {
    book: &'b ParameterBook,
    day: NaiveDate,
}

static CALENDAR: LazyLock<Arc<WorkCalendar>> = LazyLock::new(|| {
    let calendar = WorkCalendar::read(assets::WORKDAYS);
    Arc::new(calendar.expect("working days, because a test reads them"))
});

/// The working days that come with the program.
pub(crate) fn program_calendar() -> Arc<WorkCalendar> {
    Arc::clone(&CALENDAR)
}

/// The book that comes with the program (`assets/parameters`), before anything was confirmed.
///
/// # Errors
/// [`ParameterError::Files`].
pub fn base() -> Result<Arc<ParameterBook>, ParameterError> {
    static BASE: LazyLock<Result<Arc<ParameterBook>, ParameterFileFault>> =
        LazyLock::new(|| ParameterBook::read_base(assets::PARAMETERS).map(Arc::new));
    Ok(BASE.clone()?)
}

impl Parameters {
    /// What the program's own entries say for `day`: for a service that has no store yet.
    ///
    /// # Errors
    /// [`ParameterError`] naming the first thing that is wrong.
    pub fn on(day: NaiveDate) -> Result<Self, ParameterError> {
        Self::in_book(&*base()?, day)
    }

    /// What a book says for `day`.
    ///
    /// # Errors
    /// [`ParameterError`] naming the first thing that is wrong.
    pub fn in_book(book: &ParameterBook, day: NaiveDate) -> Result<Self, ParameterError> {
        let sheet = Sheet { book, day };
        Ok(Self {
            hall: HallParameters {
                queue: sheet.queue_rules()?,
                hours: OpeningHours {
                    sessions: sheet.sessions("ticket.open_hours")?,
                    booking_sessions: sheet.sessions("ticket.booking_hours")?,
                    calendar: Arc::clone(&CALENDAR),
                },
                rating_idle_ms: sheet.span_ms("rating.idle_s", SECOND_MS)?,
                scoring_days: sheet.whole("rating.window_days")?,
            },
            device_offline_ms: sheet.span_ms("device.offline_min", MINUTE_MS)?,
            board_offline_ms: sheet.span_ms("led.offline_min", MINUTE_MS)?,
            device_key_ms: sheet.span_ms("device.key_days", DAY_MS)?,
            watch_hours: WatchHours {
                from: sheet.time_of_day("device.watched_from")?,
                until: sheet.time_of_day("device.watched_until")?,
                days: sheet.whole("device.watched_days")?,
            },
            staff_cache_ms: sheet.span_ms("staff.cache_days", DAY_MS)?,
            staff: sheet.staff_rules()?,
            listings: ListingParameters::in_book(book, day)?,
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
            scores: ScoreParameters {
                target_per_mille: sheet.scaled("kpi.satisfaction", 1_000)?,
                suspicion: SuspicionRules {
                    burst_scores: sheet.whole("rating.burst_scores")?,
                    burst_minutes: sheet.whole("rating.burst_minutes")?,
                    service_seconds_min: sheet.whole("rating.service_seconds_min")?,
                    device_scores: sheet.whole("rating.device_scores")?,
                    device_seconds: sheet.whole("rating.device_seconds")?,
                },
            },
            outreach: OutreachRules {
                sms_from: sheet.time_of_day("outreach.sms_from")?,
                sms_until: sheet.time_of_day("outreach.sms_until")?,
                attempts_max: sheet.whole("outreach.attempts_max")?,
                calls_max: sheet.whole("outreach.calls_max")?,
                call_again_minutes: sheet.whole("outreach.call_again_min")?,
            },
            report_until: sheet.time_of_day("station.sync_time")?,
        })
    }
}

impl Parameters {
    /// The same with another calendar for the hours of halls.
    fn by_calendar(mut self, calendar: &Arc<WorkCalendar>) -> Self {
        self.hall.hours.calendar = Arc::clone(calendar);
        self
    }
}

impl Sheet<'_> {
    fn queue_rules(&self) -> Result<QueueRules, ParameterError> {
        Ok(QueueRules {
            priority_calls_in_a_row_max: self.whole("ticket.priority_ratio")?,
            overtaken_max: self.whole("ticket.overtaken_max")?,
            ordinary_boost_minutes: self.whole("ticket.normal_boost_min")?,
            call_times: self.whole("ticket.call_times")?,
            call_interval_seconds: self.whole("ticket.call_interval_s")?,
            comeback_minutes: self.whole("ticket.requeue_min")?,
            daily_quota: self.whole_or_none("ticket.daily_quota")?,
            priority_quota: self.whole_or_none("ticket.priority_quota")?,
            is_one_per_holder: self.yes_or_no("ticket.one_active")?,
            slot_minutes: self.whole("ticket.slot_minutes")?,
            slot_capacity: self.whole("ticket.slot_capacity")?,
            book_days_max: self.whole("ticket.book_days_max")?,
            check_in_minutes: self.whole("ticket.checkin_min")?,
            stop_before_minutes: self.whole("ticket.stop_before_min")?,
            wait_minutes_shown_max: self.whole("ticket.wait_shown_max_min")?,
            recent_waits_max: self.whole("ticket.recent_waits_max")?,
            wait_share_percent: self.whole("ticket.wait_share_percent")?,
        })
    }

    /// `09:00-12:00 13:30-17:00`, in order and apart; `none` for no hours.
    fn sessions(&self, key: &'static str) -> Result<Vec<(NaiveTime, NaiveTime)>, ParameterError> {
        let value = self.find(key)?;
        if value.text() == Some(NONE) {
            return Ok(Vec::new());
        }
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
        let session = |text: &str| {
            let (from, until) = text.split_once('-')?;
            Some((time(from)?, time(until)?))
        };
        let sessions = value.text().and_then(|text| {
            text.split_whitespace()
                .map(session)
                .collect::<Option<Vec<_>>>()
        });
        let times = |sessions: &Vec<(NaiveTime, NaiveTime)>| {
            let times = sessions.iter().flat_map(|(from, until)| [*from, *until]);
            !sessions.is_empty() && times.is_sorted_by(|earlier, later| earlier < later)
        };
        sessions
            .filter(times)
            .ok_or_else(|| unfit(key, value, "hours such as 09:00-12:00 13:30-17:00, or none"))
    }

    fn whole_or_none<T: TryFrom<i64>>(
        &self,
        key: &'static str,
    ) -> Result<Option<T>, ParameterError> {
        if self.find(key)?.text() == Some(NONE) {
            return Ok(None);
        }
        self.whole(key).map(Some)
    }

    fn yes_or_no(&self, key: &'static str) -> Result<bool, ParameterError> {
        let value = self.find(key)?;
        let ParameterValue::Flag(yes) = value else {
            return Err(unfit(key, value, "yes or no"));
        };
        Ok(*yes)
    }

    fn staff_rules(&self) -> Result<StaffRules, ParameterError> {
        Ok(StaffRules {
            password: PasswordRules {
                chars_min: self.whole("staff.password_chars_min")?,
                classes_min: self.whole("staff.password_classes_min")?,
                days_max: self.whole("staff.password_days_max")?,
                one_time_ms: self.whole::<i64>("staff.one_time_hours")? * HOUR_MS,
            },
            lock_after: self.whole("staff.lock_after")?,
            lock_ms: self.whole::<i64>("staff.lock_minutes")? * 60_000,
            idle_ms: self.whole::<i64>("staff.idle_minutes")? * 60_000,
            session_ms: self.whole::<i64>("staff.session_hours_max")? * HOUR_MS,
        })
    }

    fn whole<T: TryFrom<i64>>(&self, key: &'static str) -> Result<T, ParameterError> {
        let value = self.find(key)?;
        let whole = value.whole().and_then(|number| T::try_from(number).ok());
        whole.ok_or_else(|| unfit(key, value, "a whole number in range"))
    }

    /// A span of time in units of so many milliseconds.
    fn span_ms(&self, key: &'static str, unit_ms: i64) -> Result<i64, ParameterError> {
        let value = self.find(key)?;
        let number = value.whole().filter(|number| *number >= 0);
        let span = number.and_then(|number| number.checked_mul(unit_ms));
        span.ok_or_else(|| unfit(key, value, "a whole number that is not negative"))
    }

    /// `21.75` by 100 as 2175: a positive rate is exact, never a float.
    fn scaled<T: TryFrom<i128>>(&self, key: &'static str, by: i128) -> Result<T, ParameterError> {
        let value = self.find(key)?;
        let exact = |decimal: Decimal| {
            let (numerator, denominator) = decimal.fraction();
            let scaled = numerator.checked_mul(by)?;
            (scaled > 0 && scaled % denominator == 0).then(|| scaled / denominator)
        };
        let scaled = value.decimal().and_then(exact);
        let scaled = scaled.and_then(|number| T::try_from(number).ok());
        scaled.ok_or_else(|| unfit(key, value, "a positive number with few enough decimals"))
    }

    fn time_of_day(&self, key: &'static str) -> Result<NaiveTime, ParameterError> {
        let value = self.find(key)?;
        let time = value
            .text()
            .and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
        time.ok_or_else(|| unfit(key, value, "a time of day such as 08:30"))
    }

    fn find(&self, key: &'static str) -> Result<&ParameterValue, ParameterError> {
        let found = self.book.on(key, None, self.day);
        found
            .map(|found| &found.entry.value)
            .map_err(|_| ParameterError::Missing { key, day: self.day })
    }
}

fn unfit(key: &'static str, value: &ParameterValue, expected: &'static str) -> ParameterError {
    ParameterError::Unfit {
        key,
        value: value.to_string(),
        expected,
    }
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
        assert_eq!(
            parameters.listings.pay.paid_days_per_month_hundredths,
            2_175
        );
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
