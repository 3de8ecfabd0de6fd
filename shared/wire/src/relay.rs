//! What a hall node and the centre say to each other. A node relays the chains of its hall's
//! devices untouched, beside its own, in the order in which it took them in, so that what caused
//! an event always comes before it. The feed comes down as to any device.

use domain::case::Role;
use domain::id::{DeviceId, HallId, StaffId};
use serde::{Deserialize, Serialize};

use crate::envelope::ChainHead;
use crate::event::Post;
use crate::sign::WireSignature;

/// Most events in one relay, except that what was pushed together is relayed together.
pub const RELAY_EVENTS_MAX: usize = 1_000;
/// Most events in one relay in any case: one whole push with what it caused.
pub const RELAY_EVENTS_LIMIT: usize = 4_000;
/// Most bytes of canonical text in one relay.
pub const RELAY_BYTES_MAX: usize = 16 << 20;
/// Most chains of one hall.
pub const RELAY_CHAINS_MAX: usize = 500;

/// Where a chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainTail {
    /// Whose chain.
    pub writer: DeviceId,
    /// Its last event.
    pub head: ChainHead,
}

/// Heads of chains; a chain that is not named is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tails {
    /// One per chain.
    pub tails: Vec<ChainTail>,
}

impl Tails {
    /// The head of a writer's chain.
    #[must_use]
    pub fn head_of(&self, writer: DeviceId) -> ChainHead {
        let named = self.tails.iter().find(|tail| tail.writer == writer);
        named.map_or(ChainHead::EMPTY, |tail| tail.head)
    }
}

/// The end of a chain with its writer's signature: a checkpoint for all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedTail {
    /// The end.
    #[serde(flatten)]
    pub tail: ChainTail,
    /// The writer's signature of it.
    pub signature: WireSignature,
}

/// Events of several chains, in the order of the node's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relay {
    /// Canonical texts.
    pub events: Vec<String>,
    /// For every writer in `events`: the last one's signed tail.
    pub tails: Vec<SignedTail>,
}

/// A member of staff whom a hall node may let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStaff {
    /// Who.
    pub staff: StaffId,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// The number for citizens.
    pub clerk_no: String,
    /// Where.
    pub hall: HallId,
    /// The password's argon2id hash.
    pub password_hash: String,
    /// What this person is, and where. A centre from before roles says nothing: then a clerk
    /// everywhere, as such an account was.
    #[serde(default = "clerk_everywhere")]
    pub posts: Vec<Post>,
}

fn clerk_everywhere() -> Vec<Post> {
    vec![Post {
        role: Role::Clerk,
        station: None,
    }]
}

/// All staff of the node's hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStaffList {
    /// In the order of their sign-in names.
    pub staff: Vec<NodeStaff>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_staff_of_a_centre_from_before_roles_are_clerks_everywhere() {
        let id = uuid::Uuid::nil();
        let told = serde_json::json!({
            "staff": id, "name": "样例", "login": "a", "clerk_no": "01", "hall": id,
            "password_hash": "x",
        });
        let read: NodeStaff = serde_json::from_value(told).unwrap();
        assert_eq!(read.posts, clerk_everywhere());
    }
}
