//! Events about staff: what somebody did, which roles somebody holds, and who acts for whom.
//! Credentials are no events.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::case::Role;
use domain::id::{StaffId, StationCode};
use serde::{Deserialize, Serialize};

/// An act of staff: the audit trail. Of version 1 only who, what and on what are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffActed {
    /// Who; `None` for a failed sign-in of an unknown name, and for the service itself.
    pub staff: Option<StaffId>,
    /// What: a stable word such as `signed_in`, `called_next`, `read_person`.
    pub act: String,
    /// On what: a record's number, a device, a window; never personal data.
    pub subject: String,
    /// From which address.
    #[serde(default)]
    pub address: String,
    /// In which role, where one was needed.
    #[serde(default)]
    pub role: Option<Role>,
    /// The station for which the role is held; `None` for all of them.
    #[serde(default)]
    pub station: Option<StationCode>,
    /// Why, where a reason must be given; never personal data.
    #[serde(default)]
    pub reason: String,
}

/// A role at one station, or at all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// The station; `None` for all of them.
    pub station: Option<StationCode>,
}

impl RoleGrant {
    /// A role at all stations.
    #[must_use]
    pub fn everywhere(role: Role) -> Self {
        Self {
            role,
            station: None,
        }
    }
}

/// Somebody's roles, whole: what is not named any more is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRolesSet {
    /// Whose.
    pub staff: StaffId,
    /// Who gave them; `None` for the command line and for the first account.
    pub by: Option<StaffId>,
    /// The roles.
    pub roles: BTreeSet<RoleGrant>,
}

/// Somebody acts for somebody else, in some of that person's roles. Without roles it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffDeputySet {
    /// Who acts.
    pub staff: StaffId,
    /// For whom.
    pub for_staff: StaffId,
    /// Who arranged it.
    pub by: StaffId,
    /// In which roles, as far as the other one holds them.
    pub roles: BTreeSet<Role>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}
