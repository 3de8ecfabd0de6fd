//! Appointments at the authority: those that are known by their secrets, and what a hall kiosk may
//! ask about them. The rules are `domain::queue`'s. Nothing personal is known here.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::{GroupCode, HallId, TicketId};
use domain::queue::{
    BookedSlot, CheckInSlots, Command, QueueEvent, SecretHash, TicketBooked, check_in_slots,
    free_slots,
};
use domain::rating::TicketSecret;
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use subtle::ConstantTimeEq;
use wire::api::{AppointmentKept, AppointmentSlots, BookAppointment, CheckIn, CheckedIn};

use crate::authority::{self, Decision};
use crate::hall_state::HallState;
use crate::store::Write;

const NOT_FOUND: &str = "没找到这个预约。请再看看记下的时间和 4 个数，也可以直接取号。";

/// An appointment of today or later, also one that became a number or was given up: its holder's
/// phone page goes on under the same address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Appointment {
    pub(crate) booked: TicketBooked,
    pub(crate) is_given_up: bool,
}

/// The appointments of a hall until the day on which they are has ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Appointments(Arc<BTreeMap<TicketId, Appointment>>);

impl Appointments {
    /// Takes an event of the hall's queue in.
    pub(crate) fn apply(&mut self, event: &QueueEvent) {
        match event {
            QueueEvent::Booked(booked) => {
                let appointment = Appointment {
                    booked: booked.clone(),
                    is_given_up: false,
                };
                Arc::make_mut(&mut self.0).insert(booked.ticket, appointment);
            }
            QueueEvent::Left { ticket } if self.0.contains_key(ticket) => {
                if let Some(left) = Arc::make_mut(&mut self.0).get_mut(ticket) {
                    left.is_given_up = true;
                }
            }
            QueueEvent::DayClosed { day } => Arc::make_mut(&mut self.0)
                .retain(|_, kept| kept.booked.starts_at.hall_date() > day.0),
            _ => {}
        }
    }

    /// The one whose confirmation carries this token.
    pub(crate) fn by_token(&self, token: SecretHash) -> Option<&Appointment> {
        self.0.values().find(|it| it.booked.token_hash == token)
    }

    /// Those of a slot that have this code; of two with the same code either will do, because
    /// their holders come at the same time for the same.
    fn of_code<'a>(
        &'a self,
        slot: BookedSlot,
        code: &'a TicketSecret,
    ) -> impl Iterator<Item = &'a Appointment> {
        self.0.values().filter(move |it| {
            let booked = &it.booked;
            let fits = code.code_hash(booked.ticket).0.ct_eq(&booked.code_hash.0);
            booked.starts_at == slot.starts_at
                && booked.group == slot.group
                && !it.is_given_up
                && bool::from(fits)
        })
    }
}

/// The free times of a group.
pub(crate) fn free(hall: &HallState, group: GroupCode, now: UtcMs) -> AppointmentSlots {
    let days = free_slots(&hall.queue, group, &hall.conditions(now));
    AppointmentSlots {
        free: days.into_values().flatten().collect(),
    }
}

/// Which appointments may be taken up now.
pub(crate) fn open_for_check_in(hall: &HallState, now: UtcMs) -> CheckInSlots {
    check_in_slots(&hall.queue, &hall.conditions(now))
}

/// Keeps a place; asking again keeps the same one.
pub(crate) fn book(
    write: &mut Write<'_>,
    hall: HallId,
    asked: &BookAppointment,
    now: UtcMs,
) -> Decision<AppointmentKept> {
    let booked = TicketBooked {
        ticket: asked.ticket,
        group: asked.group,
        matter: None,
        starts_at: asked.starts_at,
        token_hash: asked.token_hash,
        code_hash: asked.code_hash,
    };
    if let Err(refusal) = authority::give(write, hall, Command::Book(booked.clone()), now)? {
        return Ok(Err(refusal));
    }
    let kept = write.hall(hall).map(|hall| {
        let (from, until) = booked.check_in_span(hall.rules());
        AppointmentKept { from, until }
    });
    Ok(kept.ok_or_else(authority::unknown_hall))
}

/// Turns an appointment into a number; asking again gives the same one.
pub(crate) fn check_in(
    write: &mut Write<'_>,
    hall: HallId,
    asked: &CheckIn,
    now: UtcMs,
) -> Decision<CheckedIn> {
    let Some(state) = write.hall(hall) else {
        return Ok(Err(authority::unknown_hall()));
    };
    let booked = match appointment_of(&state, asked) {
        Ok(booked) => booked,
        Err(refusal) => return Ok(Err(refusal)),
    };
    drop(state);
    let ticket = booked.ticket;
    let command = Command::CheckIn {
        ticket,
        token_hash: asked.token_hash,
        code_hash: booked.code_hash,
    };
    if let Err(refusal) = authority::give(write, hall, command, now)? {
        return Ok(Err(refusal));
    }
    let number = write
        .hall(hall)
        .and_then(|hall| authority::number_taken(&hall, ticket, now));
    let checked_in = number.map(|number| CheckedIn {
        ticket,
        matter: booked.matter,
        number,
    });
    Ok(checked_in.ok_or_else(authority::unknown_hall))
}

/// The appointment that is meant: not yet taken up, or taken up by this very request.
fn appointment_of(hall: &HallState, asked: &CheckIn) -> Result<TicketBooked, Refusal> {
    let mut taken_up = None;
    for it in hall.appointments.of_code(asked.slot, &asked.code) {
        match hall.queue.tickets.get(&it.booked.ticket) {
            Some(known) if known.issued.token_hash != asked.token_hash => {
                taken_up = Some(known.issued.label.clone());
            }
            _ => return Ok(it.booked.clone()),
        }
    }
    Err(match taken_up {
        Some(label) => {
            let text = format!("这个预约已经签到了，号是 {label}。没有号票，请找工作人员。");
            Refusal::new(RefusalCode::AlreadyHolds, text)
        }
        None => Refusal::new(RefusalCode::TicketNotFound, NOT_FOUND),
    })
}
