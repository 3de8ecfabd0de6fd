//! What a hall is made of: its groups of matters and its windows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{GroupCode, WindowNo};

/// The groups and windows of a hall. Assigned by dated events of the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallLayout {
    /// The groups, by letter.
    pub groups: BTreeMap<GroupCode, ServiceGroup>,
    /// The windows, with the groups that each serves.
    pub windows: BTreeMap<WindowNo, BTreeSet<GroupCode>>,
}

/// A group of matters (事项组) with one queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceGroup {
    /// Name on screens and slips, at most 8 hanzi.
    pub name: String,
    /// One line of examples, at most 12 hanzi.
    pub hint: String,
    /// Usual minutes of one service, used until there are measured ones.
    pub typical_service_minutes: u16,
}
