//! Documents (文书) out of records: what can be handed out now, a proof of it, the numbered document, and
//! checking one that somebody brings. Templates are files; the pure engine (`domain::document`)
//! makes the text; a document is an event and stays as it was handed out.
//!
//! Not here: how a sheet looks (`pages::documents`), SQL (`store`), and what a template may say.

mod gather;
mod issue;
mod reading;
mod shelf;

#[cfg(test)]
mod tests;

use domain::id::StaffId;
use domain::time::UtcMs;

pub use shelf::{DocumentShelf, DocumentShelfError};

pub(crate) use gather::Gathered;
pub(crate) use issue::Asked;
pub(crate) use reading::{Checked, InHand, Offer, Proof, Shown, copies};

/// For so long after its issue the paper that its issuer looks at is the first one.
const FIRST_PRINT_MINUTES: i64 = 10;

/// Whether a print of a document is another one than the first (补打). Who hands it out has some
/// minutes to get it out of the printer; whoever prints it later, or is somebody else, prints it
/// again, and the paper says so.
fn is_again(issued: (StaffId, UtcMs), looking: (StaffId, UtcMs)) -> bool {
    let ((by, at), (viewer, now)) = (issued, looking);
    viewer != by || now > at.plus_minutes(FIRST_PRINT_MINUTES)
}
