//! Invented staff as they cross the wire.

use domain::case::Role;
use domain::id::{StaffId, StationCode};
use wire::event::{Event, Post, StaffRolesSet};

use super::id;

/// A clerk of one station who keeps accounts everywhere.
pub(super) fn posts() -> Vec<Post> {
    let station = StationCode::new("YH-J01").expect("a station, because it is in capitals");
    vec![
        Post {
            role: Role::Clerk,
            station: Some(station),
        },
        Post {
            role: Role::Hr,
            station: None,
        },
    ]
}

/// The events about staff.
pub(super) fn events() -> Vec<Event> {
    vec![Event::StaffRolesSet(StaffRolesSet {
        staff: StaffId(id(7)),
        by: Some(StaffId(id(9))),
        posts: posts(),
    })]
}
