//! What a hall node and the centre say to each other. A node relays the chains of its hall's
//! devices untouched, beside its own, in the order in which it took them in, so that what caused
//! an event always comes before it. The feed comes down as to any device.

use std::collections::BTreeSet;

use domain::case::Role;
use domain::id::{DeviceId, HallId, StaffId};
use serde::{Deserialize, Serialize};

use crate::citizen::Typed;
use crate::envelope::ChainHead;
use crate::event::RoleGrant;
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

/// What a kiosk of a node's hall asks for a citizen: the node holds no case and no person, so the
/// centre answers. Nothing of it is kept at the node, and what was typed is never printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskForCitizen {
    /// The kiosk.
    pub device: DeviceId,
    /// One of the paths of `/api/v1/citizen`.
    pub path: String,
    /// The body as the kiosk sent it; empty for what is only asked.
    pub body: Typed,
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
    /// What this person is, and where. A centre that does not say knows no roles yet: there
    /// everybody of a hall may do what a clerk does.
    #[serde(default = "clerk_everywhere")]
    pub roles: BTreeSet<RoleGrant>,
    /// Whether the password must be changed first, which only the centre can do.
    #[serde(default)]
    pub must_change: bool,
}

fn clerk_everywhere() -> BTreeSet<RoleGrant> {
    [RoleGrant::everywhere(Role::Clerk)].into()
}

/// All staff of the node's hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStaffList {
    /// In the order of their sign-in names.
    pub staff: Vec<NodeStaff>,
}
