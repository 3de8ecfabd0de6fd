//! Whether a command is carried out, and by which events.

use chrono::NaiveDate;

use crate::refusal::{Refusal, RefusalCode};
use crate::time::UtcMs;

use super::{Command, HallQueue, OpeningHours, QueueEvent, QueueRules, admit, appointments, serve};

/// What a command is decided by besides the queue.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<'c> {
    /// The rules in force.
    pub rules: &'c QueueRules,
    /// When the hall works.
    pub hours: &'c OpeningHours,
    /// The authority's clock.
    pub now: UtcMs,
}

impl Conditions<'_> {
    pub(super) fn today(&self) -> NaiveDate {
        self.now.hall_date()
    }
}

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] in the words of the person who gave the command; the queue is as it was.
pub fn decide(
    queue: &HallQueue,
    command: Command,
    around: &Conditions<'_>,
) -> Result<Vec<QueueEvent>, Refusal> {
    match command {
        Command::TakeNumber(asked) => admit::take_number(queue, asked, around),
        Command::ReportIssued(issued) => admit::report_issued(queue, issued),
        Command::Book(booked) => appointments::book(queue, booked, around),
        Command::CheckIn {
            ticket,
            token_hash,
            code_hash,
        } => appointments::check_in(queue, ticket, (token_hash, code_hash), around),
        Command::GiveUp { ticket } => admit::give_up(queue, ticket),
        Command::Return { ticket } => admit::come_back(queue, ticket, around),
        Command::SetPriority { ticket, priority } => admit::set_priority(queue, ticket, priority),
        Command::At(seat, act) => serve::decide(queue, seat, act, around),
        Command::CloseDay { day } => Ok(vec![QueueEvent::DayClosed { day }]),
    }
}

pub(super) fn refuse<T>(code: RefusalCode, text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(code, text))
}

pub(super) fn no_such_ticket() -> Refusal {
    let text = "今天没有这张号票，请看看号码，或者请人取号。";
    Refusal::new(RefusalCode::TicketNotFound, text)
}
