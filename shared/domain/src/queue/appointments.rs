//! Appointments: which times are free, who keeps one, and who may check in when.
//!
//! Not here: how the holder proves that an appointment is his, and who he is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, TicketId};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{UtcMs, month_day_text};

use super::admit::{issue, known_group, ticket_exists};
use super::decide::refuse;
use super::{
    Conditions, DayHours, HallQueue, NumberAsked, PriorityKind, QueueEvent, SecretHash,
    TicketBooked, Wish,
};

type Decided = Result<Vec<QueueEvent>, Refusal>;

/// Places that are free in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeSlot {
    /// When it begins.
    pub starts_at: UtcMs,
    /// How many may still come.
    pub places: u16,
}

/// Appointments of one group that begin together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BookedSlot {
    /// When they begin.
    pub starts_at: UtcMs,
    /// For what.
    pub group: GroupCode,
}

/// Which appointments may be taken up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CheckInSlots {
    /// Those that may be now, in order.
    pub open: Vec<BookedSlot>,
    /// When the next one of today may be.
    pub next_from: Option<UtcMs>,
}

/// The free times of a group from now on, in order, by day. A day without any is left out.
#[must_use]
pub fn free_slots(
    queue: &HallQueue,
    group: GroupCode,
    around: &Conditions<'_>,
) -> BTreeMap<NaiveDate, Vec<FreeSlot>> {
    let rules = around.rules;
    let mut taken: BTreeMap<UtcMs, u16> = BTreeMap::new();
    for booked in queue.bookings.values().filter(|it| it.group == group) {
        *taken.entry(booked.starts_at).or_default() += 1;
    }
    let free = |starts_at: UtcMs| FreeSlot {
        starts_at,
        places: rules
            .slot_capacity
            .saturating_sub(taken.get(&starts_at).copied().unwrap_or(0)),
    };
    let of_day = |day: NaiveDate| {
        let hours = around.hours.bookable_on(day);
        let slots = hours.slots(rules.slot_minutes).map(free);
        let slots = slots.filter(|it| it.places > 0 && !is_too_near(it.starts_at, around));
        (day, slots.collect::<Vec<_>>())
    };
    let days = around.today().iter_days();
    days.take(usize::from(rules.book_days_max) + 1)
        .map(of_day)
        .filter(|(_, slots)| !slots.is_empty())
        .collect()
}

/// The appointments of today that may be taken up.
#[must_use]
pub fn check_in_slots(queue: &HallQueue, around: &Conditions<'_>) -> CheckInSlots {
    let mut open = BTreeSet::new();
    let mut next_from: Option<UtcMs> = None;
    let today = around.today();
    let bookings = queue.bookings.values();
    for booked in bookings.filter(|it| it.starts_at.hall_date() == today) {
        let (from, until) = booked.check_in_span(around.rules);
        let TicketBooked {
            starts_at, group, ..
        } = *booked;
        if around.now < from {
            next_from = Some(next_from.map_or(from, |next| next.min(from)));
        } else if around.now <= until {
            open.insert(BookedSlot { starts_at, group });
        }
    }
    CheckInSlots {
        open: open.into_iter().collect(),
        next_from,
    }
}

/// Whether the slot has begun to be taken up.
fn is_too_near(starts_at: UtcMs, around: &Conditions<'_>) -> bool {
    starts_at.plus_minutes(-around.rules.check_in_minutes) <= around.now
}

/// Keeps a place, if the slot is one of the hall's, has not begun to be taken up, and has room.
pub(super) fn book(queue: &HallQueue, booked: TicketBooked, around: &Conditions<'_>) -> Decided {
    known_group(queue, booked.group)?;
    match queue.bookings.get(&booked.ticket) {
        Some(known) if *known == booked => return Ok(vec![]),
        Some(_) => return Err(ticket_exists()),
        None if queue.tickets.contains_key(&booked.ticket) => return Err(ticket_exists()),
        None => {}
    }
    is_a_slot(booked.starts_at, around)?;
    let taken = queue
        .bookings
        .values()
        .filter(|other| other.group == booked.group && other.starts_at == booked.starts_at);
    if taken.count() >= usize::from(around.rules.slot_capacity) {
        return refuse(RefusalCode::SlotFull, "这个时间约满了，请换一个时间。");
    }
    Ok(vec![QueueEvent::Booked(booked)])
}

fn is_a_slot(starts_at: UtcMs, around: &Conditions<'_>) -> Result<(), Refusal> {
    let day = starts_at.hall_date();
    let hours = around.hours.bookable_on(day);
    match hours {
        DayHours::Unset => {
            let text = "这里不办预约，请直接取号。";
            return refuse(RefusalCode::NoSuchSlot, text);
        }
        DayHours::Rests { .. } => {
            return refuse(RefusalCode::HallClosed, "那天休息，请换一天。");
        }
        DayHours::Works(_) => {}
    }
    if !hours.has_slot(starts_at, around.rules.slot_minutes) {
        let text = "这个时间不能预约，请在列出的时间里选一个。";
        return refuse(RefusalCode::NoSuchSlot, text);
    }
    if is_too_near(starts_at, around) {
        let text = "这个时间已经过了或快到了，请选晚一点的时间，或者直接取号。";
        return refuse(RefusalCode::NoSuchSlot, text);
    }
    let mut days = around.today().iter_days();
    let last = days.nth(usize::from(around.rules.book_days_max));
    if last.is_some_and(|last| last < day) {
        let last = last.map(month_day_text).unwrap_or_default();
        let text = format!("最晚只能约到 {last}，请选近一点的日子。");
        return refuse(RefusalCode::NoSuchSlot, text);
    }
    Ok(())
}

pub(super) fn check_in(
    queue: &HallQueue,
    ticket: TicketId,
    (token_hash, code_hash): (SecretHash, SecretHash),
    around: &Conditions<'_>,
) -> Decided {
    let Some(booked) = queue.bookings.get(&ticket) else {
        // asked again after the answer was lost
        let is_in = queue
            .tickets
            .get(&ticket)
            .is_some_and(|known| known.issued.token_hash == token_hash);
        let text = "没找到这个预约，请看看日期，或者直接取号。";
        return if is_in {
            Ok(vec![])
        } else {
            refuse(RefusalCode::TicketNotFound, text)
        };
    };
    is_in_time(booked, around)?;
    let asked = NumberAsked {
        ticket,
        group: booked.group,
        priority: Some(PriorityKind::Appointment),
        wish: Wish {
            matter: booked.matter.clone(),
            ..Wish::default()
        },
        token_hash,
        code_hash,
    };
    Ok(vec![QueueEvent::Issued(issue(queue, asked, around))])
}

fn is_in_time(booked: &TicketBooked, around: &Conditions<'_>) -> Result<(), Refusal> {
    let (from, until) = booked.check_in_span(around.rules);
    if around.now < from {
        let text = if booked.starts_at.hall_date() == around.today() {
            format!("还没到时间，{} 起可以签到。", from.clock_text())
        } else {
            "预约的不是今天，请到那天再签到。".to_owned()
        };
        return refuse(RefusalCode::CheckInEarly, text);
    }
    if around.now > until {
        let until = until.clock_text();
        let text = format!("预约留到 {until} 为止，已经过了，请取普通号。");
        return refuse(RefusalCode::CheckInLate, text);
    }
    Ok(())
}
