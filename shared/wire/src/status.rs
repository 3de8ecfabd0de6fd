//! What a device tells about itself once a minute and after every change of its line, and what it
//! learns in return. Operational, never events.

use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

use crate::envelope::ChainHead;
use crate::sign::{DevicePublicKey, WireSignature};
use crate::version::Capability;

/// A device tells its status this often, in ms.
pub const STATUS_EVERY_MS: u64 = 60_000;

/// A device about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceStatus {
    /// `kiosk`, `display-driver`, `central`.
    pub program: String,
    /// The program's version.
    pub version: String,
    /// Events that the server does not hold yet.
    pub backlog: u64,
    /// The device's time of the oldest of them.
    pub oldest_at: Option<UtcMs>,
    /// Whether the log takes new acts.
    pub log: LogCondition,
    /// The device's clock when it sent this.
    pub device_time: UtcMs,
}

/// How a device's log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogCondition {
    /// It takes new acts.
    Good,
    /// More than four fifths of what it may hold back waits for the server.
    NearlyFull,
    /// It refuses new acts until the server has taken some in.
    Full,
    /// The server holds another history: nothing is sent until a person enrols the device anew.
    Halted,
}

/// What the device learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusAnswer {
    /// The server's program version.
    pub version: String,
    /// What the server can do beyond version 1.
    pub capabilities: Vec<Capability>,
    /// Whether the device's key is so old that it must draw another one.
    pub key_is_due: bool,
}

/// A device asks to go by a new key from now on; the request is signed with the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotateKey {
    /// The new key.
    pub public_key: DevicePublicKey,
    /// The end of the device's chain as the server holds it.
    pub tail: ChainHead,
    /// Its signature by the new key: proof that the device has it.
    pub signature: WireSignature,
}
