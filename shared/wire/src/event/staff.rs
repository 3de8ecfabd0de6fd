//! Bodies of events about staff: what each person may do, and where.

use domain::case::Role;
use domain::id::{StaffId, StationCode};
use serde::{Deserialize, Serialize};

/// What somebody is, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Post {
    /// What.
    pub role: Role,
    /// Where; `None` at every station.
    pub station: Option<StationCode>,
}

/// The posts of one person, whole: what is not among them is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRolesSet {
    /// Whose.
    pub staff: StaffId,
    /// Who did it; `None` at the command line.
    pub by: Option<StaffId>,
    /// In the order of roles and stations.
    pub posts: Vec<Post>,
}
