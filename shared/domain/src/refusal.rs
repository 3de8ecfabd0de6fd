//! A refusal is not a fault: the machine worked, and a person is told why the answer is no and
//! what to do next. Codes are stable; they cross the wire and stand in tests and statistics.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a command was not carried out. The state is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, snake case, never shown alone.
    pub code: RefusalCode,
    /// One or two short Chinese sentences: what is, and what to do.
    pub text: String,
}

impl Refusal {
    /// A refusal with the words for the person who gets it.
    #[must_use]
    pub fn new(code: RefusalCode, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Every reason for which the queue or the scores may say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// No such service group in this hall.
    UnknownGroup,
    /// No such window in this hall.
    UnknownWindow,
    /// The window is closed.
    WindowClosed,
    /// The window still has a called or served ticket.
    WindowBusy,
    /// The window has no ticket in the state that the command needs.
    NoTicketAtWindow,
    /// Nobody waits for this window.
    NobodyWaits,
    /// A ticket with this id exists with other contents.
    TicketExists,
    /// No such ticket today, or a wrong code: deliberately not told apart.
    TicketNotFound,
    /// No numbers are given now: rest day, break, or before the end of the day.
    HallClosed,
    /// The person has a valid ticket of this group.
    AlreadyHolds,
    /// All numbers of the group are given today.
    QuotaUsed,
    /// No slot begins then, or it has begun to be taken up.
    NoSuchSlot,
    /// All places of the slot are kept for others.
    SlotFull,
    /// The appointment is later.
    CheckInEarly,
    /// The appointment has passed.
    CheckInLate,
    /// A window serves or calls the ticket: it must be asked.
    BeingServed,
    /// Nothing will happen to the ticket any more.
    TicketOver,
    /// A missed ticket may not come back again, or not so late.
    ComebackOver,
    /// The ticket does not wait, or not for this window.
    NotWaiting,
    /// The rule wants somebody else called first.
    SomebodyFirst,
    /// Calls must be so far apart, and so many, before somebody counts as missed.
    TooSoon,
    /// The clerk sits at another window.
    OtherWindow,
    /// Something happened since the page was shown.
    PageTooOld,
    /// People would be left without a window.
    LastWindow,
    /// This visit has been scored.
    AlreadyScored,
    /// The visit has not been finished yet.
    NotServedYet,
    /// The time in which a visit may be scored has passed.
    ScoringClosed,
    /// The hall's own node decides, not this process.
    OtherAuthority,
    /// Remote help may not score, nor see pages with personal data.
    RemoteHelpForbidden,
}
