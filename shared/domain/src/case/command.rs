//! What is asked of a record, by whom, and why the answer may be no.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use crate::id::{PersonId, RecordId, StaffId, StationCode};

use super::event::LinkKind;
use super::record::{Attachment, CaseNo, Channel};
use super::rulebook::{NoCalendar, NoParameter};
use super::{Role, Values};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who; `None` for the system.
    pub staff: Option<StaffId>,
    /// What this person is at the record's station, deputies' roles included.
    pub roles: BTreeSet<Role>,
    /// Roles held for somebody else, and for whom. Separation of duties counts both.
    pub deputy: BTreeMap<Role, StaffId>,
    /// Persons who are this member of staff or close to them (回避).
    pub kin: BTreeSet<PersonId>,
    /// From which machine's address; for the audit trail alone.
    pub address: String,
}

/// Values as asked for: `None` clears a field.
pub type Draft = BTreeMap<String, Option<super::Value>>;

/// The beginning of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Made at the edge.
    pub record: RecordId,
    /// Given by the centre.
    pub case_no: CaseNo,
    /// How it came in.
    pub channel: Channel,
    /// Where.
    pub station: StationCode,
    /// Whom it concerns.
    pub person: Option<PersonId>,
    /// Which employer it concerns.
    pub employer: Option<RecordId>,
    /// First values.
    pub values: Values,
    /// Out of a file: required fields do not bind (DESIGN.md §5).
    pub is_import: bool,
}

/// What is asked of a record that exists. Each names the version that the asker saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Change values in the present state.
    Change {
        /// New values.
        draft: Draft,
        /// Why.
        reason: String,
    },
    /// Do a step.
    Move {
        /// Which.
        transition: String,
        /// Values that come with it.
        draft: Draft,
        /// Why.
        reason: String,
        /// Rule on which a rejection stands.
        rule: String,
        /// What can be done against it.
        remedy: String,
        /// Attachments to be deferred, with the last day for each.
        deferred: BTreeMap<String, NaiveDate>,
        /// Lines of the notice that a person adds to what the engine finds missing.
        notice: Vec<String>,
    },
    /// Attach.
    Attach(Attachment),
    /// Set something attached aside.
    Detach {
        /// Under this rule.
        doc_type: String,
        /// With this content.
        sha256: String,
        /// Why.
        reason: String,
    },
    /// Tie to another record, or undo that.
    Link {
        /// What ties them.
        kind: LinkKind,
        /// The other record.
        to: RecordId,
        /// Undo.
        is_undone: bool,
    },
    /// Give it to somebody else.
    HandOver {
        /// To whom.
        to: StaffId,
        /// Why.
        reason: String,
    },
}

impl Command {
    /// A step that brings nothing with it.
    #[must_use]
    pub fn step(transition: &str) -> Self {
        Self::because(transition, "")
    }

    /// A step with nothing but a reason.
    #[must_use]
    pub fn because(transition: &str, reason: &str) -> Self {
        Self::Move {
            transition: transition.to_owned(),
            draft: Draft::new(),
            reason: reason.to_owned(),
            rule: String::new(),
            remedy: String::new(),
            deferred: BTreeMap::new(),
            notice: Vec::new(),
        }
    }
}

/// Something wrong with one field, in words for who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Which.
    pub field: String,
    /// Chinese sentence: what is wrong, and what to do.
    pub text: String,
}

/// Something that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A field, with its Chinese name.
    Field {
        /// Id.
        id: String,
        /// Chinese name.
        name: String,
    },
    /// An attachment, with its Chinese name.
    Attachment {
        /// Id.
        id: String,
        /// Chinese name.
        name: String,
    },
}

/// Why a command on a record was not carried out. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRefusal {
    /// Stable.
    pub code: CaseRefusalCode,
    /// One or two short Chinese sentences: what is, and what to do.
    pub text: String,
    /// What is wrong with single fields, all at once.
    pub faults: Vec<FieldFault>,
    /// What is missing, all at once.
    pub missing: Vec<Missing>,
}

impl CaseRefusal {
    pub(super) fn new(code: CaseRefusalCode, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
            faults: Vec::new(),
            missing: Vec::new(),
        }
    }
}

impl From<NoCalendar> for CaseRefusal {
    fn from(gap: NoCalendar) -> Self {
        Self::new(CaseRefusalCode::NoCalendar, gap.to_string())
    }
}

impl From<NoParameter> for CaseRefusal {
    fn from(gap: NoParameter) -> Self {
        Self::new(CaseRefusalCode::NoParameter, gap.to_string())
    }
}

impl fmt::Display for CaseRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Every reason for which a record may say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseRefusalCode {
    /// Somebody else changed it since it was read.
    Outdated,
    /// The kind has no such step, or not from this state.
    NoSuchStep,
    /// None of the asker's roles may do this.
    WrongRole,
    /// The asker did an earlier step from which this one is kept separate.
    DutiesSeparate,
    /// The record concerns the asker or somebody close.
    TooClose,
    /// Values that cannot be taken in.
    Values,
    /// Required fields or attachments are missing.
    Missing,
    /// A reason, a rule or a remedy is missing.
    ReasonNeeded,
    /// A condition of the step does not hold.
    NotNow,
    /// The record has come to its end: only a counter-record corrects it.
    Ended,
    /// The working calendar has no entry for a year that is needed.
    NoCalendar,
    /// A dated parameter has no value on the day.
    NoParameter,
}
