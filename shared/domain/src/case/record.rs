//! A record as its events made it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use crate::time::UtcMs;

use super::event::LinkKind;
use super::kind::KindHash;
use super::{Role, Values};

/// `VACANCY-202611-00042`: given by the centre alone, never given twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNo(pub String);

/// How a record came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At a window.
    Window,
    /// At a kiosk.
    Kiosk,
    /// Over the net.
    Online,
    /// By telephone.
    Phone,
    /// On a visit.
    Visit,
    /// At a service point.
    Station,
    /// Out of a file.
    Import,
    /// From another record or a date.
    System,
}

/// A record of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which.
    pub id: RecordId,
    /// Its number.
    pub case_no: CaseNo,
    /// Its kind.
    pub kind: KindId,
    /// The version of the kind under which it goes.
    pub kind_hash: KindHash,
    /// How it came in.
    pub channel: Channel,
    /// Where it is dealt with.
    pub station: StationCode,
    /// Whom it concerns.
    pub person: Option<PersonId>,
    /// Which employer it concerns.
    pub employer: Option<RecordId>,
    /// Who deals with it.
    pub owner: Option<StaffId>,
    /// Its state.
    pub state: String,
    /// Since when.
    pub state_since: UtcMs,
    /// Its values.
    pub values: Values,
    /// One up with every event: who changes it must have seen the newest (optimistic locking).
    pub version: u64,
    /// When it was opened.
    pub opened_at: UtcMs,
    /// When it came to its end.
    pub closed_at: Option<UtcMs>,
    /// Who changed values without a step: they wrote the record as much as who opened it did.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub authors: BTreeSet<StaffId>,
    /// Every step, in order; who is in it may be barred from later ones.
    pub acts: Vec<Act>,
    /// Deadlines that run, by rule.
    pub due: BTreeMap<String, Due>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Attachments that were deferred, with the last day for each.
    pub deferred: BTreeMap<String, NaiveDate>,
    /// Other records.
    pub links: Vec<Link>,
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The transition; `open` for the first one.
    pub transition: String,
    /// From this state; empty for the first one.
    pub from: String,
    /// To this state.
    pub to: String,
    /// By whom; `None` for the system.
    pub by: Option<StaffId>,
    /// In which role.
    pub role: Role,
    /// For whom, when a deputy did it.
    pub deputy_of: Option<StaffId>,
    /// When.
    pub at: UtcMs,
    /// Why, where a reason was given.
    pub reason: String,
}

/// A deadline that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day, until its end.
    pub on: NaiveDate,
    /// Days on which it is reminded of.
    pub remind_on: Vec<NaiveDate>,
}

/// Something attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The rule's id.
    pub doc_type: String,
    /// SHA-256 of the sealed content: its name in the store. It covers the ciphertext, so that it
    /// says nothing any more when the person is erased.
    pub sha256: String,
    /// Sniffed, never believed.
    pub mime: String,
    /// Pages of a document, 1 for a picture.
    pub pages: u32,
    /// Length of the content in bytes.
    pub bytes: u64,
    /// When it was taken in.
    pub at: UtcMs,
    /// By whom.
    pub by: StaffId,
}

/// A tie to another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What ties them.
    pub kind: LinkKind,
    /// The other record.
    pub to: RecordId,
}
