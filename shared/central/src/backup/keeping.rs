//! Which backups are kept, and whether one is due: pure rules over instants. The numbers are
//! parameters (`assets/parameters/backup.toml`).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveTime};
use domain::time::UtcMs;

/// The service that was off at the hour makes up for it only when it has run for so long: devices
/// come back first.
const CATCH_UP_AFTER_MS: i64 = 5 * 60_000;
/// After a try that failed, the next one.
const RETRY_AFTER_MS: i64 = 60 * 60_000;
const DAY_MS: i64 = 24 * 60 * 60_000;

/// For how long backups are kept. Spans count backwards on the hall's calendar and contain the
/// present day, week (from Monday) or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// Every backup of so many days.
    pub all_days: u16,
    /// The last of each day, for so many days.
    pub daily_days: u16,
    /// The last of each week, for so many weeks.
    pub weekly_weeks: u16,
    /// The last of each month, for so many months.
    pub monthly_months: u16,
}

/// Calendar periods of which the last backup is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Day,
    Week,
    Month,
}

impl Period {
    /// The number of the period that contains the instant; the next one has the next number.
    fn number(self, at: UtcMs) -> i64 {
        let date = at.hall_date();
        let day = i64::from(date.num_days_from_ce());
        match self {
            Self::Day => day,
            // day 1 of the common era was a Monday
            Self::Week => (day - 1).div_euclid(7),
            Self::Month => i64::from(date.year()) * 12 + i64::from(date.month0()),
        }
    }
}

impl Keeping {
    fn periods(&self) -> [(Period, u16); 3] {
        [
            (Period::Day, self.daily_days),
            (Period::Week, self.weekly_weeks),
            (Period::Month, self.monthly_months),
        ]
    }
}

/// Of backups made at these instants, those that are kept at `now`: the newest, what any span
/// keeps, and what seems to be made later than `now`, because its age is unknown.
#[must_use]
pub fn to_keep(made_at: &[UtcMs], now: UtcMs, keeping: &Keeping) -> BTreeSet<UtcMs> {
    let all: BTreeSet<UtcMs> = made_at.iter().copied().collect();
    let spans = keeping.periods();
    let keeps = |at: UtcMs| {
        at > now
            || is_within(Period::Day, keeping.all_days, at, now)
            || spans.iter().any(|(period, count)| {
                is_within(*period, *count, at, now) && last_in(*period, at, &all) == at
            })
    };
    let newest = all.last().copied();
    all.iter()
        .copied()
        .filter(|at| Some(*at) == newest || keeps(*at))
        .collect()
}

/// The kept backups for whose sake `doomed` may go: the last of its day, week and month, and the
/// newest. When one of them cannot be read, `doomed` must stay.
pub(super) fn reasons(doomed: UtcMs, kept: &BTreeSet<UtcMs>) -> BTreeSet<UtcMs> {
    let periods = [Period::Day, Period::Week, Period::Month];
    let of_periods = periods.map(|period| last_in(period, doomed, kept));
    let reasons = of_periods.into_iter().chain(kept.last().copied());
    reasons.filter(|at| *at != doomed).collect()
}

fn is_within(period: Period, count: u16, at: UtcMs, now: UtcMs) -> bool {
    period.number(now) - period.number(at) < i64::from(count)
}

/// The last backup of the period that contains `at`; `at` itself when there is none.
fn last_in(period: Period, at: UtcMs, all: &BTreeSet<UtcMs>) -> UtcMs {
    let number = period.number(at);
    let later = all.range(at..);
    let same = later.take_while(|other| period.number(**other) == number);
    same.last().copied().unwrap_or(at)
}

/// What the schedule has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When the service started.
    pub started_at: UtcMs,
    /// The newest backup; `None` when there is none or nobody has looked yet.
    pub newest: Option<UtcMs>,
    /// When it was last tried.
    pub tried_at: Option<UtcMs>,
}

/// Whether the daily backup is due: none was made since the last time it was `at` o'clock. A
/// backup that seems to be of the future does not count.
#[must_use]
pub fn is_due(at: NaiveTime, seen: &Seen, now: UtcMs) -> bool {
    let due_at = last_time(at, now);
    let is_made = seen
        .newest
        .is_some_and(|newest| newest >= due_at && newest <= now);
    let is_settled =
        seen.started_at <= due_at || now.ms_since(seen.started_at) >= CATCH_UP_AFTER_MS;
    let may_try = seen.tried_at.is_none_or(|tried| {
        let since = now.ms_since(tried);
        tried < due_at || !(0..RETRY_AFTER_MS).contains(&since)
    });
    !is_made && is_settled && may_try
}

/// The last instant up to `now` at which the hall's clock showed `at`.
fn last_time(at: NaiveTime, now: UtcMs) -> UtcMs {
    let since_midnight = now.hall_time().time() - NaiveTime::MIN;
    let midnight = now.plus_ms(-since_midnight.num_milliseconds());
    let today = midnight.plus_ms((at - NaiveTime::MIN).num_milliseconds());
    if today <= now {
        return today;
    }
    today.plus_ms(-DAY_MS)
}

#[cfg(test)]
mod tests;
