//! A month of a hall of ordinary size, in milliseconds: people come in two waves, wait, are served,
//! miss their call, come back, go for papers, are sent on; clerks pause and have lunch. Everything
//! is decided by `domain::queue` alone, and all chance comes from a seed.
//!
//! At every event it looks whether the laws of the queue hold, and at the end of every day whether
//! its record replays to the same queue; a month in which one is broken is not returned. How long
//! people waited and what they had been told is returned, for whoever measures it. It knows no
//! store, no clock and no device.
//!
//! Twelve windows cannot serve six hundred people a day at the usual minutes of the groups: that
//! would be 96 hours of service in 78 hours of windows. So the middle of the service times is a
//! share of the usual minutes, and fewer people at longer services are another [`Plan`].

mod agenda;
mod calibration;
mod chance;
mod clerks;
mod day;
mod hall;
mod people;
mod watch;

use domain::id::GroupCode;
use domain::queue::WaitEstimate;
use domain::time::BusinessDate;
use thiserror::Error;

pub use calibration::Calibration;
pub use watch::Tally;

use chance::Chance;
use day::Day;
use hall::Hall;

/// What kind of month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Of all chance.
    pub seed: u64,
    /// Working days.
    pub days: usize,
    /// People on a day in the middle of the week.
    pub visits: u32,
    /// The middle of the service times, in hundredths of the group's usual minutes.
    pub service_percent: u32,
}

impl Plan {
    /// Six hundred people a day for a month of working days.
    #[must_use]
    pub const fn usual(seed: u64) -> Self {
        Self {
            seed,
            days: 21,
            visits: 600,
            service_percent: 55,
        }
    }

    /// As many people as twelve windows can serve in the usual minutes.
    #[must_use]
    pub const fn unhurried(seed: u64) -> Self {
        Self {
            visits: 360,
            service_percent: 100,
            ..Self::usual(seed)
        }
    }
}

/// Somebody's wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The day, from 0.
    pub day: usize,
    /// The group in which the ticket was issued.
    pub group: GroupCode,
    /// Whether it went first.
    pub has_priority: bool,
    /// What the slip said.
    pub told: WaitEstimate,
    /// From arrival to the first call; `None` when there was none.
    pub waited_ms: Option<i64>,
}

/// A month in which every law held.
#[derive(Debug, Clone, Default)]
pub struct Month {
    /// One for each ticket.
    pub waits: Vec<Wait>,
    /// What became of the tickets, day by day.
    pub tallies: Vec<Tally>,
    /// The most later arrivals that were called before one ordinary ticket.
    pub overtaken_most: u32,
}

/// What a queue must never do, and did.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("on {day}: {law}")]
pub struct BrokenLaw {
    /// When.
    pub day: BusinessDate,
    /// The law and what was seen.
    pub law: String,
}

/// Lives through a month.
///
/// # Errors
/// The first law that was broken.
pub fn live(plan: &Plan) -> Result<Month, BrokenLaw> {
    let mut chance = Chance::of(plan.seed);
    let mut hall = Hall::found();
    let mut month = Month::default();
    for (number, date) in hall::working_days().take(plan.days).enumerate() {
        let people = people::of_day(plan, date, &mut chance);
        let lived = Day::of(&mut hall, date, plan.service_percent, &mut chance).live(people);
        let seen = lived.map_err(|law| BrokenLaw {
            day: BusinessDate(date),
            law,
        })?;
        month.waits.extend(seen.waits(number));
        month.tallies.push(seen.tally);
        month.overtaken_most = month.overtaken_most.max(seen.overtaken_most());
    }
    Ok(month)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [`live`] looks at the laws themselves; here is what they are about.
    #[test]
    fn a_month_of_a_hall_keeps_the_laws_of_the_queue() {
        let plan = Plan::usual(1);
        let month = live(&plan).unwrap();
        assert_eq!(month.tallies.len(), plan.days);
        let sum = |of: fn(&Tally) -> u32| month.tallies.iter().map(of).sum::<u32>();
        let issued = sum(|day| day.issued);
        assert_eq!(month.waits.len(), issued as usize);
        assert!((12_000..13_200).contains(&issued), "{issued}");
        assert!(sum(|day| day.done) > issued * 9 / 10);
        // the month is one in which something happens
        for happened in [
            sum(|day| day.missed),
            sum(|day| day.left),
            month.overtaken_most,
        ] {
            assert!(happened > 0);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_month() {
        let plan = Plan {
            days: 2,
            ..Plan::usual(7)
        };
        assert_eq!(live(&plan).unwrap().waits, live(&plan).unwrap().waits);
    }

    #[test]
    fn what_slips_say_of_the_wait_is_right_for_about_four_of_five() {
        for plan in [Plan::usual(1), Plan::unhurried(1)] {
            let month = live(&plan).unwrap();
            let told = Calibration::of(month.waits.iter().filter(|wait| wait.day >= 2));
            assert!((740..=860).contains(&told.right_per_mille()), "{told}");
        }
    }
}
