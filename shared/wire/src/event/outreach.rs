//! What somebody outside must be told, what came of it, and who wants no messages. Neither a name nor
//! a number stands in any of it: both are looked up when somebody is told.

use chrono::NaiveDate;
use domain::id::{OutreachId, RecordId, StaffId};
use domain::outreach::{ContactResult, Needed, Way};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

/// Somebody must be told something about a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutreachPlanned {
    /// Made of record, message and day, so that it is planned once.
    pub outreach: OutreachId,
    /// The record.
    pub record: RecordId,
    /// The message's id.
    pub message: String,
    /// What the message is called.
    pub name: String,
    /// By which way first.
    pub way: Way,
    /// The words, with a placeholder where the masked name goes.
    pub words: String,
    /// How long it needs to be said.
    pub needed: Needed,
    /// The day after which saying it is of no use, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub useful_to: Option<NaiveDate>,
}

/// Somebody was told, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutreachContacted {
    /// What was to be said.
    pub outreach: OutreachId,
    /// By which way.
    pub way: Way,
    /// What came of it.
    pub result: ContactResult,
    /// From when on somebody is to call; absent when nothing is left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_at: Option<UtcMs>,
    /// Who called; absent for a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<StaffId>,
}

/// A telephone number takes no messages any more, or takes them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptOutSet {
    /// The keyed hash by which numbers are looked up, as lower-case hex: says nothing without the key.
    pub number: String,
    /// Whether messages are refused.
    pub is_out: bool,
    /// Who wrote it down.
    pub by: StaffId,
}
