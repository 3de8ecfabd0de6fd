//! What citizens' phones ask for: the own ticket or appointment by its token, and the score of the own visit.
//! Also the withdrawal of a listing, which the public sees at once.

use std::collections::BTreeMap;

use domain::id::{RatingId, ShortId, WindowNo};
use domain::queue::{
    Command, SecretHash, TicketLabel, TicketState, WaitEstimate, people_ahead, wait_estimate,
};
use domain::rating::{Channel, Level, Submission, TicketSecret};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use wire::event::{Event, Origin, RatingSubmitted, VisitProof};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::appointments::Appointment;
use crate::authority::{self, Submitter};
use crate::cases::CaseFault;
use crate::hall_state::HallState;
use crate::overview::{AppointmentPage, AppointmentState, TicketPage};
use crate::staff::{Staff, WithdrawListings};
use crate::store::{Live, Reader, StoreError, VisitRow};
use crate::{edge, poor_reasons};

impl AppState {
    /// The own ticket on the phone; `None` for an unknown token.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn ticket_by_token(
        &self,
        token: &TicketSecret,
    ) -> Result<Option<TicketPage>, Problem> {
        ticket_page(self, token).await
    }

    /// The own appointment on the phone; `None` when it became a ticket, or for an unknown token.
    #[must_use]
    pub fn appointment_by_token(&self, token: &TicketSecret) -> Option<AppointmentPage> {
        let (live, now) = (self.inner.store.live(), self.now());
        let (hall, kept) = appointment_of(&live, token.token_hash())?;
        let is_ticket = hall.queue.tickets.contains_key(&kept.booked.ticket);
        (!is_ticket).then(|| appointment_page(hall, kept, now))
    }

    /// Gives the ticket or the appointment of a token up.
    ///
    /// # Errors
    /// `Refused` with the rule's words: served now, over, unknown.
    pub async fn cancel_ticket(&self, token: &TicketSecret) -> Result<(), Problem> {
        cancel_ticket(self, token).await
    }

    /// Scores the visit of a token, once. `reasons` are codes of `assets/codes/poor-reasons.json`.
    ///
    /// # Errors
    /// `Refused` with the rule's words: not served yet, scored already, too late, unknown.
    pub async fn submit_phone_score(
        &self,
        token: &TicketSecret,
        matter_level: Level,
        reasons: Vec<String>,
    ) -> Result<(), Problem> {
        submit_phone_score(self, token, matter_level, reasons).await
    }
}

async fn ticket_page(app: &AppState, token: &TicketSecret) -> Result<Option<TicketPage>, Problem> {
    let (hash, known) = (token.token_hash(), app.inner.store.live());
    let visit = app
        .inner
        .store
        .read(move |reader| visit_of(reader, &known, hash))
        .await?;
    let live = app.inner.store.live();
    let now = app.now();
    Ok(visit.and_then(|visit| {
        live.halls
            .get(&visit.hall)
            .map(|hall| page(hall, visit, now))
    }))
}

/// The visit whose slip, or whose appointment before it, carries this token.
fn visit_of(
    reader: &Reader<'_>,
    live: &Live,
    token: SecretHash,
) -> Result<Option<VisitRow>, StoreError> {
    if let Some(visit) = reader.visit_by_token(token)? {
        return Ok(Some(visit));
    }
    match appointment_of(live, token) {
        Some((_, kept)) => reader.visit(kept.booked.ticket),
        None => Ok(None),
    }
}

fn appointment_of(live: &Live, token: SecretHash) -> Option<(&HallState, &Appointment)> {
    live.halls
        .values()
        .find_map(|hall| Some((&**hall, hall.appointments.by_token(token)?)))
}

fn appointment_page(hall: &HallState, kept: &Appointment, now: UtcMs) -> AppointmentPage {
    let booked = &kept.booked;
    let (from, until) = booked.check_in_span(hall.rules());
    let group = hall.queue.layout.groups.get(&booked.group);
    AppointmentPage {
        group_name: group.map(|group| group.name.clone()).unwrap_or_default(),
        starts_at: booked.starts_at,
        from,
        until,
        state: match kept.is_given_up {
            true => AppointmentState::GivenUp,
            false if now > until => AppointmentState::Over,
            false => AppointmentState::Kept,
        },
    }
}

fn page(hall: &HallState, visit: VisitRow, now: UtcMs) -> TicketPage {
    let queue = &hall.queue;
    let of_today = queue.tickets.get(&visit.ticket);
    let state = of_today.map_or_else(|| past_state(&visit), |ticket| ticket.state);
    let group = of_today.map_or(visit.group, |ticket| ticket.group);
    let people_ahead = people_ahead(queue, visit.ticket);
    let wait = match state {
        TicketState::Waiting(_) => wait_estimate(queue, group, people_ahead, hall.rules(), now),
        _ => WaitEstimate::Unknown,
    };
    let group = queue.layout.groups.get(&group);
    TicketPage {
        ticket: visit.ticket,
        label: visit.label,
        group_name: group.map(|group| group.name.clone()).unwrap_or_default(),
        state,
        people_ahead,
        wait,
        is_scored: visit.is_scored,
        called_now: called_now(hall),
    }
}

/// Where a ticket of an earlier day ended.
fn past_state(visit: &VisitRow) -> TicketState {
    match (
        visit.window.zip(visit.finished_at),
        visit.left_at,
        visit.missed_at,
    ) {
        (Some((window, at)), ..) => TicketState::Done { window, at },
        (None, Some(at), _) => TicketState::Left { at },
        (None, None, Some(at)) => TicketState::Missed { at },
        (None, None, None) => TicketState::Lapsed,
    }
}

async fn cancel_ticket(app: &AppState, token: &TicketSecret) -> Result<(), Problem> {
    let (hash, now) = (token.token_hash(), app.now());
    let given_up = app.inner.store.write(move |write| {
        let visit = visit_of(&write.reader(), write.live(), hash)?;
        let visit = visit.map(|visit| (visit.hall, visit.ticket));
        let held = visit.or_else(|| {
            let (hall, kept) = appointment_of(write.live(), hash)?;
            Some((hall.hall, kept.booked.ticket))
        });
        let Some((hall, ticket)) = held else {
            return Ok(Err(unknown_ticket()));
        };
        let given = authority::give(write, hall, Command::GiveUp { ticket }, now)?;
        Ok(given.map(drop))
    });
    Ok(given_up.await??)
}

pub(crate) fn unknown_ticket() -> Refusal {
    Refusal::new(RefusalCode::TicketNotFound, "没找到这张号票。")
}

fn called_now(hall: &HallState) -> BTreeMap<WindowNo, TicketLabel> {
    let current = hall
        .queue
        .windows
        .iter()
        .filter_map(|(no, window)| Some((*no, window.current?)));
    let label = |ticket| {
        hall.queue
            .tickets
            .get(&ticket)
            .map(|t| t.issued.label.clone())
    };
    current
        .filter_map(|(no, ticket)| Some((no, label(ticket)?)))
        .collect()
}

async fn submit_phone_score(
    app: &AppState,
    token: &TicketSecret,
    matter_level: Level,
    reasons: Vec<String>,
) -> Result<(), Problem> {
    check_reasons(&reasons)?;
    let (hash, now) = (token.token_hash(), app.now());
    let submission = Submission {
        rating: RatingId(edge::new_uuid(now)),
        matter_level,
        staff_level: None,
        reasons: if matter_level.is_good() {
            Vec::new()
        } else {
            reasons
        },
        channel: Channel::Phone,
    };
    let scored = app.inner.store.write(move |write| {
        let Some(visit) = visit_of(&write.reader(), write.live(), hash)? else {
            return Ok(Err(unknown_ticket()));
        };
        if authority::has_node(write, visit.hall) {
            return Ok(Err(authority::of_its_node()));
        }
        let submitted = RatingSubmitted {
            hall: visit.hall,
            visit: VisitProof::TokenChecked {
                ticket: visit.ticket,
            },
            submission,
            origin: Origin::Touch,
        };
        write.append(&Event::RatingSubmitted(submitted.clone()), now)?;
        authority::score(write, &submitted, Submitter::Phone, now)
    });
    Ok(scored.await??)
}

/// Only codes of the dictionary, each once: a public form must not store what it likes.
fn check_reasons(sent: &[String]) -> Result<(), Problem> {
    if poor_reasons::are_known(sent) {
        return Ok(());
    }
    let text = "选的原因不在列表里。";
    Err(Problem::new(ProblemCode::BadRequest, text))
}

pub(crate) async fn withdraw(
    app: &AppState,
    short_id: &ShortId,
    reason: &str,
    by: &Staff<WithdrawListings>,
) -> Result<(), Problem> {
    let withdrawn =
        app.inner
            .cases
            .withdraw_listing(short_id, reason.to_owned(), by.actor_at(), app.now());
    match withdrawn.await {
        Ok(true) => Ok(()),
        Ok(false) => Err(not_found("没有这个岗位，或者已经撤下了。")),
        Err(CaseFault::Refused(refusal)) => Err(Problem::new(ProblemCode::Refused, refusal.text)),
        Err(CaseFault::Problem(problem)) => Err(problem),
    }
}
