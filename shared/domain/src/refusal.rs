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
