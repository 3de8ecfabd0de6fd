//! Appointments (预约): a place in a slot of a day, taken up by checking in.

use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, TicketId};
use crate::time::UtcMs;

use super::{QueueRules, SecretHash};

/// A place that was kept for somebody. Who it is, the record of the appointment says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketBooked {
    /// The ticket that checking in will issue.
    pub ticket: TicketId,
    /// For what.
    pub group: GroupCode,
    /// The matter in the words of who booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// When the slot begins.
    pub starts_at: UtcMs,
    /// Hash of the token in the confirmation's QR code.
    pub token_hash: SecretHash,
    /// Hash of the 4-digit code beside it, salted with the ticket id.
    pub code_hash: SecretHash,
}

impl TicketBooked {
    /// From when and until when its holder may check in.
    #[must_use]
    pub fn check_in_span(&self, rules: &QueueRules) -> (UtcMs, UtcMs) {
        let minutes = rules.check_in_minutes;
        (
            self.starts_at.plus_minutes(-minutes),
            self.starts_at.plus_minutes(minutes),
        )
    }
}
