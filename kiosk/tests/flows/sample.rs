//! What several flows need: a number that was given, and what its paper says.

use domain::id::{GroupCode, TicketId};
use domain::queue::{TicketIssued, Wish};
use domain::rating::TicketSecret;
use domain::time::UtcMs;
use uuid::Uuid;

/// A number of group A with the secrets of its paper.
pub(super) fn ticket(label: &str, code: &TicketSecret, token: &TicketSecret) -> TicketIssued {
    let ticket = TicketId(Uuid::from_u128(7));
    TicketIssued {
        ticket,
        label: label.parse().expect("a number"),
        group: GroupCode::new('A').expect("a letter"),
        priority: None,
        arrived_at: UtcMs(1_795_399_200_000),
        token_hash: token.token_hash(),
        code_hash: code.code_hash(ticket),
        wish: Wish::default(),
        found: None,
        told: None,
    }
}
