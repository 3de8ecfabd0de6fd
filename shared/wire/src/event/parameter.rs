//! Events of dated parameters: one person proposes a change, another confirms it, or it is taken
//! back before that. Written by the centre. A change is in force from its day on once it is
//! confirmed; to withdraw an entry that is confirmed and not yet in force is a change as well.

use domain::id::{ProposalId, StaffId};
use serde::{Deserialize, Serialize};

/// The second person agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterConfirmed {
    /// Which change.
    pub proposal: ProposalId,
    /// Who confirmed it; never who proposed it.
    pub by: StaffId,
}

/// A change that waited was taken back by who proposed it, or sent back by somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterWithdrawn {
    /// Which change.
    pub proposal: ProposalId,
    /// Who did it.
    pub by: StaffId,
    /// Why, in words.
    pub reason: String,
}
