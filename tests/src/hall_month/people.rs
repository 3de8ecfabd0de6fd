//! Who comes on a day: when, for what, and what kind of visitor it is.

use chrono::{Datelike as _, NaiveDate};
use domain::id::{GroupCode, TicketId};
use domain::queue::{NumberAsked, PriorityKind, SecretHash, Wish};
use domain::time::UtcMs;
use uuid::Uuid;

use super::Plan;
use super::chance::Chance;
use super::hall::group;

/// Minute of the day from which somebody comes within half an hour, and of a hundred how many: a
/// peak soon after opening, a smaller one in the afternoon. Outside no numbers are given.
const ARRIVALS: [(i64, u64); 11] = [
    (540, 12),
    (570, 14),
    (600, 13),
    (630, 10),
    (660, 7),
    (810, 7),
    (840, 9),
    (870, 9),
    (900, 8),
    (930, 6),
    (960, 5),
];
const BIN_MINUTES: i64 = 30;
/// Groups, and of a hundred people how many come for each.
const GROUPS: [(char, u64); 5] = [('A', 38), ('B', 10), ('C', 20), ('D', 18), ('E', 14)];
/// Monday to Friday, in hundredths of a day in the middle of the week.
const WEEKDAYS: [u32; 5] = [110, 104, 100, 96, 90];
const PRIORITY_PERCENT: u64 = 15;
const NO_SHOW_PERCENT: u64 = 4;
const IMPATIENT_PERCENT: u64 = 2;

/// Somebody who comes.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) asks: NumberAsked,
    pub(super) arrives: UtcMs,
    /// Does not hear the first call.
    pub(super) is_absent: bool,
    /// Leaves after so long if still waiting.
    pub(super) patience_minutes: Option<i64>,
}

/// Everybody of a day, in the order of arrival.
pub(super) fn of_day(plan: &Plan, date: NaiveDate, chance: &mut Chance) -> Vec<Person> {
    let weekday = date.weekday().num_days_from_monday() as usize;
    let count = plan.visits * WEEKDAYS.get(weekday).copied().unwrap_or(0) / 100;
    let mut arrivals: Vec<_> = (0..count).map(|_| arrival(date, chance)).collect();
    arrivals.sort_unstable();
    let numbered = arrivals.into_iter().zip(1_u128..);
    let day_id = u128::from(date.num_days_from_ce().unsigned_abs()) << 32;
    numbered
        .map(|(arrives, number)| {
            let ticket = TicketId(Uuid::from_u128(day_id | number));
            person(ticket, arrives, chance)
        })
        .collect()
}

fn arrival(date: NaiveDate, chance: &mut Chance) -> UtcMs {
    let (minute, _) = ARRIVALS[chance.weighted(&ARRIVALS.map(|(_, share)| share))];
    let within_ms = chance.between(0, BIN_MINUTES * 60_000);
    UtcMs::start_of(date)
        .plus_minutes(minute)
        .plus_ms(within_ms)
}

fn person(ticket: TicketId, arrives: UtcMs, chance: &mut Chance) -> Person {
    let (letter, _) = GROUPS[chance.weighted(&GROUPS.map(|(_, share)| share))];
    let asks = NumberAsked {
        ticket,
        group: group(letter),
        priority: chance
            .percent(PRIORITY_PERCENT)
            .then_some(PriorityKind::Elder),
        wish: Wish::default(),
        token_hash: SecretHash([1; 32]),
        code_hash: SecretHash([2; 32]),
    };
    let is_impatient = chance.percent(IMPATIENT_PERCENT);
    Person {
        asks,
        arrives,
        is_absent: chance.percent(NO_SHOW_PERCENT),
        patience_minutes: is_impatient.then(|| chance.between(15, 45)),
    }
}

/// A group other than `from`, as a window sends people on.
pub(super) fn another_group(from: GroupCode, chance: &mut Chance) -> GroupCode {
    let weights = GROUPS.map(|(letter, share)| if group(letter) == from { 0 } else { share });
    group(GROUPS[chance.weighted(&weights)].0)
}
