//! What happens to records. Bodies of the `case.*.v1` events; who, in which role and when stand in
//! each, the envelope only says which machine wrote it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use crate::time::UtcMs;

use super::kind::{Effect, KindHash};
use super::record::{Act, Attachment, CaseNo, Channel, Due};
use super::{Role, Values};

/// One event of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseEvent {
    /// It was opened.
    Opened(CaseOpened),
    /// Values changed without a step.
    Changed(CaseChanged),
    /// A step was done.
    Moved(CaseMoved),
    /// Something was attached.
    Attached(CaseAttached),
    /// Something attached was set aside; its content stays.
    Detached(CaseDetached),
    /// It was tied to another record.
    Linked(CaseLinked),
    /// Somebody else deals with it.
    HandedOver(CaseHandedOver),
}

impl CaseEvent {
    /// Of which record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        match self {
            Self::Opened(body) => body.record,
            Self::Changed(body) => body.record,
            Self::Moved(body) => body.record,
            Self::Attached(body) => body.record,
            Self::Detached(body) => body.record,
            Self::Linked(body) => body.record,
            Self::HandedOver(body) => body.record,
        }
    }

    /// The values that it sets.
    pub fn values_mut(&mut self) -> Option<&mut Values> {
        match self {
            Self::Opened(body) => Some(&mut body.values),
            Self::Changed(body) => Some(&mut body.set),
            Self::Moved(body) => Some(&mut body.set),
            _ => None,
        }
    }
}

/// A record begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseOpened {
    /// Which.
    pub record: RecordId,
    /// Its number.
    pub case_no: CaseNo,
    /// Its kind.
    pub kind: KindId,
    /// The version of the kind.
    pub kind_hash: KindHash,
    /// How it came in.
    pub channel: Channel,
    /// Where.
    pub station: StationCode,
    /// Whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Which employer it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<RecordId>,
    /// Who deals with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<StaffId>,
    /// First values.
    pub values: Values,
    /// The step `open`.
    pub act: Act,
    /// Deadlines that begin.
    pub due: BTreeMap<String, Due>,
}

/// Values change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseChanged {
    /// Which.
    pub record: RecordId,
    /// The version that this makes.
    pub version: u64,
    /// New values.
    pub set: Values,
    /// Fields that hold nothing any more.
    pub cleared: BTreeSet<String>,
    /// Deadlines that end, because the field that was one holds nothing any more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ended: BTreeSet<String>,
    /// Deadlines that move with the field that is one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub due: BTreeMap<String, Due>,
    /// By whom; `None` for the system.
    pub by: Option<StaffId>,
    /// In which role.
    pub role: Role,
    /// When.
    pub at: UtcMs,
    /// Why, where a reason was given.
    pub reason: String,
}

/// A step is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseMoved {
    /// Which.
    pub record: RecordId,
    /// The version that this makes.
    pub version: u64,
    /// The step.
    pub act: Act,
    /// Values that come with it.
    pub set: Values,
    /// Fields that hold nothing any more.
    pub cleared: BTreeSet<String>,
    /// Deadlines that end.
    pub ended: BTreeSet<String>,
    /// Deadlines that begin.
    pub due: BTreeMap<String, Due>,
    /// Attachments that are deferred, with the last day for each.
    pub deferred: BTreeMap<String, NaiveDate>,
    /// Rule on which a rejection stands.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What can be done against it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// Everything that is missing, in one notice, in Chinese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notice: Vec<String>,
    /// Whether the new state is an end.
    pub is_end: bool,
    /// What follows outside the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
}

/// Something is attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseAttached {
    /// Which.
    pub record: RecordId,
    /// The version that this makes.
    pub version: u64,
    /// What.
    pub attachment: Attachment,
}

/// Something attached is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDetached {
    /// Which.
    pub record: RecordId,
    /// The version that this makes.
    pub version: u64,
    /// Under this rule.
    pub doc_type: String,
    /// With this content.
    pub sha256: String,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: UtcMs,
    /// Why.
    pub reason: String,
}

/// What ties two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// They belong together.
    Related,
    /// This one corrects the other, which stays as it is.
    CorrectionOf,
    /// This one follows the other and replaces it.
    Supersedes,
    /// This one was made out of the other.
    CameFrom,
    /// This one goes on in the other; can be undone.
    MergedInto,
}

/// A tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLinked {
    /// Which.
    pub record: RecordId,
    /// The version that this makes.
    pub version: u64,
    /// What ties them.
    pub kind: LinkKind,
    /// The other record.
    pub to: RecordId,
    /// `true` when the tie is undone.
    pub is_undone: bool,
    /// By whom; `None` for the system.
    pub by: Option<StaffId>,
    /// When.
    pub at: UtcMs,
}

/// Another owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHandedOver {
    /// Which.
    pub record: RecordId,
    /// The version that this makes.
    pub version: u64,
    /// To whom.
    pub to: StaffId,
    /// By whom; `None` for the system.
    pub by: Option<StaffId>,
    /// When.
    pub at: UtcMs,
    /// Why.
    pub reason: String,
}
