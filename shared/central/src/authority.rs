//! The authority of the halls: decides queue commands and scores, one after the other, inside the
//! writer's transaction. What it decides is appended, projected and put into the feed together,
//! or not at all. The rules themselves are `domain::queue` and `domain::rating`.

use std::sync::Arc;

use domain::id::{HallId, TicketId};
use domain::queue::{
    Command, NumberAsked, QueueEvent, TicketIssued, Wish, decide, people_ahead, wait_estimate,
};
use domain::rating::{self, Visit};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use subtle::ConstantTimeEq;
use wire::api::{DeviceKind, NumberTaken, TakeNumber};
use wire::event::{Event, RatingAccepted, RatingRefused, RatingSubmitted, VisitProof};

use crate::hall_state::HallState;
use crate::store::{DeviceRecord, StoreError, VisitRow, Write};

/// What the authority says: done, or a refusal for the person. Either way the store is sound.
pub(crate) type Decision<T> = Result<Result<T, Refusal>, StoreError>;

/// Decides a command for a hall and carries it out.
pub(crate) fn give(
    write: &mut Write<'_>,
    hall: HallId,
    command: Command,
    now: UtcMs,
) -> Decision<Vec<QueueEvent>> {
    if has_node(write, hall) {
        return Ok(Err(of_its_node()));
    }
    close_day_if_over(write, hall, now)?;
    let Some(state) = write.hall(hall) else {
        return Ok(Err(unknown_hall()));
    };
    let events = match decide(&state.queue, command, &state.conditions(now)) {
        Ok(events) => events,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // else its queue is shared, and what is carried out would copy all of it once more
    drop(state);
    carry_out(write, hall, &events, now)?;
    Ok(Ok(events))
}

/// The same for somebody of the staff, whose act goes into the audit trail when it was done.
pub(crate) fn give_by(
    write: &mut Write<'_>,
    hall: HallId,
    command: Command,
    acted: &Event,
    now: UtcMs,
) -> Decision<()> {
    let decided = give(write, hall, command, now)?;
    if decided.is_ok() {
        write.append(acted, now)?;
    }
    Ok(decided.map(drop))
}

fn carry_out(
    write: &mut Write<'_>,
    hall: HallId,
    events: &[QueueEvent],
    now: UtcMs,
) -> Result<(), StoreError> {
    for event in events {
        write.append(&Event::of_queue(hall, event.clone()), now)?;
        if let QueueEvent::Called(called) = event {
            let row = write
                .hall(hall)
                .and_then(|hall| hall.call_row(called.ticket));
            row.into_iter()
                .try_for_each(|row| write.put_present(hall, row))?;
        }
    }
    refresh(write, hall, now)
}

/// Brings the feed's rows of the present up to `now`; rows that say the same already stay.
pub(crate) fn refresh(write: &mut Write<'_>, hall: HallId, now: UtcMs) -> Result<(), StoreError> {
    if has_node(write, hall) {
        return Ok(());
    }
    let rows = write
        .hall(hall)
        .map(|hall| hall.present_rows(now))
        .unwrap_or_default();
    rows.into_iter()
        .try_for_each(|row| write.put_present(hall, row))
}

/// A business day that nobody closed ends when the next calendar day has come.
pub(crate) fn close_day_if_over(
    write: &mut Write<'_>,
    hall: HallId,
    now: UtcMs,
) -> Result<(), StoreError> {
    let Some(state) = write.hall(hall) else {
        return Ok(());
    };
    let day = state.day;
    if now.hall_date() <= day.0 || has_node(write, hall) {
        return Ok(());
    }
    carry_out(write, hall, &[QueueEvent::DayClosed { day }], now)
}

/// Gives the next number to a kiosk's ticket; asking again gives the same one. Who the person is, a
/// device cannot say: the key for that is the authority's.
pub(crate) fn take_number(
    write: &mut Write<'_>,
    hall: HallId,
    asked: &TakeNumber,
    now: UtcMs,
) -> Decision<NumberTaken> {
    let asked = NumberAsked {
        ticket: asked.ticket,
        group: asked.group,
        priority: asked.priority,
        wish: without_holder(&asked.wish),
        token_hash: asked.token_hash,
        code_hash: asked.code_hash,
    };
    give_number(write, hall, asked, now)
}

/// The same for whoever asks.
pub(crate) fn give_number(
    write: &mut Write<'_>,
    hall: HallId,
    asked: NumberAsked,
    now: UtcMs,
) -> Decision<NumberTaken> {
    let ticket = asked.ticket;
    let command = Command::TakeNumber(asked);
    if let Err(refusal) = give(write, hall, command, now)? {
        return Ok(Err(refusal));
    }
    let taken = write
        .hall(hall)
        .and_then(|hall| number_taken(&hall, ticket, now));
    Ok(taken.ok_or_else(unknown_hall))
}

pub(crate) fn number_taken(hall: &HallState, ticket: TicketId, now: UtcMs) -> Option<NumberTaken> {
    let known = hall.queue.tickets.get(&ticket)?;
    let issued = &known.issued;
    let ahead = people_ahead(&hall.queue, ticket);
    Some(NumberTaken {
        label: issued.label.clone(),
        arrived_at: issued.arrived_at,
        people_ahead: u32::try_from(ahead).unwrap_or(u32::MAX),
        wait: wait_estimate(&hall.queue, known.group, ahead, hall.rules(), now),
    })
}

fn without_holder(wish: &Wish) -> Wish {
    Wish {
        holder: None,
        ..wish.clone()
    }
}

/// Takes in a slip that a device showed. `arrived_at` is the authority's time of its arrival. A
/// slip of a day that has ended is kept as the device's event and joins no queue.
pub(crate) fn slip_shown(
    write: &mut Write<'_>,
    hall: HallId,
    mut issued: TicketIssued,
    now: UtcMs,
) -> Result<(), StoreError> {
    issued.wish = without_holder(&issued.wish);
    issued.found = None;
    close_day_if_over(write, hall, now)?;
    let is_of_today = write
        .hall(hall)
        .is_some_and(|hall| issued.arrived_at.hall_date() >= hall.day.0);
    let is_known = write.reader().visit(issued.ticket)?.is_some();
    if !is_of_today && !is_known {
        return Ok(());
    }
    let ticket = issued.ticket;
    if let Err(refusal) = give(write, hall, Command::ReportIssued(issued), now)? {
        tracing::warn!(%ticket, code = ?refusal.code, "a slip was refused");
    }
    Ok(())
}

/// Who handed in a score.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Submitter<'s> {
    /// An enrolled device, in its own chain.
    Device(&'s DeviceRecord),
    /// The phone page; the token was checked.
    Phone,
}

/// Decides a submitted score: it counts, or it is kept as refused.
pub(crate) fn score(
    write: &mut Write<'_>,
    submitted: &RatingSubmitted,
    submitter: Submitter<'_>,
    now: UtcMs,
) -> Decision<()> {
    let rating = submitted.submission.rating;
    let visit = find_visit(write, submitted, submitter, now)?;
    let hall = visit.as_ref().and_then(|visit| write.hall(visit.hall));
    let known = for_scoring(visit.as_ref(), hall.as_deref());
    match (rating::accept(known, now), visit) {
        (Ok(window), Some(visit)) => {
            let accepted = RatingAccepted {
                rating,
                ticket: visit.ticket,
                window,
            };
            write.append(&Event::RatingAccepted(accepted), now)?;
            refresh(write, visit.hall, now)?;
            Ok(Ok(()))
        }
        (Ok(_), None) => Ok(Err(Refusal::new(
            RefusalCode::TicketNotFound,
            "没找到这张号票。",
        ))),
        (Err(refusal), _) => {
            let refused = RatingRefused {
                rating,
                code: refusal.code,
            };
            write.append(&Event::RatingRefused(refused), now)?;
            Ok(Err(refusal))
        }
    }
}

/// The visit that the proof entitles this submitter to score.
fn find_visit(
    write: &Write<'_>,
    submitted: &RatingSubmitted,
    submitter: Submitter<'_>,
    now: UtcMs,
) -> Result<Option<VisitRow>, StoreError> {
    let reader = write.reader();
    let visit = match (&submitted.visit, submitter) {
        (VisitProof::WindowTerminal { ticket, window }, Submitter::Device(device)) => {
            let is_its_own = device.kind == DeviceKind::WindowTerminal { window: *window };
            reader
                .visit(*ticket)?
                .filter(|visit| is_its_own && visit.window == Some(*window))
        }
        (VisitProof::CodeChecked { ticket }, Submitter::Device(_))
        | (VisitProof::TokenChecked { ticket }, Submitter::Phone) => reader.visit(*ticket)?,
        (VisitProof::CodeUnchecked { label, code, .. }, Submitter::Device(_)) => {
            let since = first_scorable(now);
            let visits = reader.visits_by_label(submitted.hall, label, since)?;
            visits.into_iter().find(|visit| {
                code.code_hash(visit.ticket)
                    .0
                    .ct_eq(&visit.code_hash.0)
                    .into()
            })
        }
        _ => None,
    };
    Ok(visit.filter(|visit| visit.hall == submitted.hall))
}

/// How far back a visit is looked for by its number: farther than any row of holidays reaches.
const LOOKED_BACK_DAYS: i64 = 30;

/// Visits that arrived earlier can no longer be scored.
pub(crate) fn first_scorable(now: UtcMs) -> UtcMs {
    now.plus_minutes(-LOOKED_BACK_DAYS * 24 * 60)
}

/// Whether a visit of a hall may be scored now, without scoring it.
pub(crate) fn may_score(
    visit: Option<&VisitRow>,
    hall: Option<&HallState>,
    now: UtcMs,
) -> Result<(), Refusal> {
    rating::accept(for_scoring(visit, hall), now).map(drop)
}

fn for_scoring(visit: Option<&VisitRow>, hall: Option<&HallState>) -> Option<Visit> {
    let (visit, hall) = visit.zip(hall)?;
    Some(visit.for_scoring(hall))
}

/// Whether another process is the authority of this hall: then nothing is decided here.
pub(crate) fn has_node(write: &Write<'_>, hall: HallId) -> bool {
    write.live().nodes.contains_key(&hall)
}

pub(crate) fn of_its_node() -> Refusal {
    Refusal::new(
        RefusalCode::OtherAuthority,
        "这个大厅的事在大厅自己的系统里办，请到大厅办理。",
    )
}

pub(crate) fn unknown_hall() -> Refusal {
    Refusal::new(
        RefusalCode::UnknownWindow,
        "这个大厅还没有设置好，请找工作人员。",
    )
}

impl Write<'_> {
    /// A hall as it stands in this transaction.
    pub(crate) fn hall(&self, hall: HallId) -> Option<Arc<HallState>> {
        self.live().halls.get(&hall).cloned()
    }
}
