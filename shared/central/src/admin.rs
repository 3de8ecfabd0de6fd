//! What the command line may ask of a store: one closed list of requests, carried out either in
//! the command's own process, when the data directory is free, or by the running service, through
//! a local socket in the data directory. One request per connection, as a line of JSON; the answer
//! is lines of JSON, progress first.

mod columns;
mod desk;
mod devices;
mod keeping;
mod keys;
mod socket;

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::id::{DeviceId, HallId, ShortId};
use domain::queue::HallLayout;
use serde::{Deserialize, Serialize};
use wire::api::{DeviceKind, Notice};
use wire::event::RoleGrant;

use crate::vacancies::ImportOrder;

pub use desk::{AdminDesk, AdminError};
pub(crate) use keeping::last_event_text;
pub(crate) use socket::{ask, listen};

/// A request. Tagged from outside: a tag among the fields would have serde read them twice, and
/// then a layout's window numbers, which are keys, are no numbers any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminRequest {
    /// Import a vacancy file.
    ImportVacancies(ImportOrder),
    /// Make a one-time code for a machine.
    EnrolCode {
        /// Absent = the only hall.
        hall: Option<HallId>,
        /// What the machine becomes.
        kind: DeviceKind,
        /// Its name.
        name: String,
    },
    /// Lay a hall out, first or anew.
    LayOut {
        /// Absent = the only hall, or a new one when there is none.
        hall: Option<HallId>,
        /// The station's name.
        station_name: String,
        /// Groups and windows.
        layout: HallLayout,
    },
    /// Publish approved notices.
    PublishNotices {
        /// The notices.
        notices: Vec<Notice>,
        /// Who approved.
        by: String,
    },
    /// Take a listing back.
    WithdrawListing {
        /// Which.
        short_id: ShortId,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Add an account, or give one a new password; its one-time password is in the answer.
    AddStaff {
        /// Absent = the only hall.
        hall: Option<HallId>,
        /// Name.
        name: String,
        /// Sign-in name.
        login: String,
        /// The number for citizens.
        clerk_no: String,
        /// What the person is, and where.
        roles: BTreeSet<RoleGrant>,
    },
    /// List devices.
    ListDevices,
    /// Withdraw a device's rights.
    RevokeDevice {
        /// Which.
        device: DeviceId,
        /// Sign-in name of who does it.
        by: String,
    },
    /// End a hall's business day.
    CloseDay {
        /// Absent = the only hall.
        hall: Option<HallId>,
    },
    /// Make a backup.
    Backup {
        /// Absent = where backups go.
        to: Option<PathBuf>,
    },
    /// Say how far the record goes.
    Extent,
    /// Check everything.
    Verify,
    /// Fill the derived tables anew.
    Rebuild,
    /// Say which master key is in use.
    KeyStatus,
    /// Put all keys under a new master key.
    RotateMasterKey,
    /// Remove the master key before the last rotation.
    ForgetOldMasterKey,
}

/// What was done, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Sentences.
    pub text: String,
    /// One JSON document.
    pub json: String,
    /// Whether it ended as wished; else the command exits with 1.
    pub is_done: bool,
}

/// A line of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AnswerLine {
    /// How far a long request is.
    Progress {
        /// Rows done.
        rows_done: u64,
        /// Rows in all.
        rows: u64,
    },
    /// The end.
    Told(Told),
    /// The end, without success; a sentence for the person.
    Failed(String),
}

/// Where a file of a request is, for the other process.
pub(crate) fn absolute(file: PathBuf) -> PathBuf {
    std::path::absolute(&file).unwrap_or(file)
}
