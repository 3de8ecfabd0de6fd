//! What a device tells about itself once a minute and after every change of its line, and what it
//! learns in return. Operational, never events.

use std::collections::BTreeMap;

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
    /// Of a display driver: what goes wrong on its lines and at its boards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultReport>,
}

/// Faults of one board, or of a line with all its boards, since the driver began. What never happened
/// is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FaultReport {
    /// The names of the boards: one, or all of a line.
    pub boards: Vec<String>,
    /// Whether these are faults of the line and of no single board.
    pub is_line: bool,
    /// How often each.
    pub counts: BTreeMap<FaultKind, u64>,
    /// How often boards refused, by their own code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refusals: BTreeMap<u8, u64>,
}

/// A kind of fault of boards and their lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No answer in time (超时).
    Timeouts,
    /// An answer whose check is wrong (校验不对).
    WrongChecks,
    /// An answer with a wrong escape (转义不对).
    WrongEscapes,
    /// An answer of a wrong length (长度不对).
    WrongLengths,
    /// An answer broken in another way (帧不完整).
    OtherwiseBroken,
    /// An answer that nobody waited for (多余的回话).
    Strays,
    /// What was sent came back (回声).
    Echoes,
    /// Bytes that belong to no frame (杂音字节).
    NoiseBytes,
    /// What a board no longer held when it was asked (内容丢失).
    LostAreas,
    /// An order for a board that is not there (没有这块屏).
    UnknownBoards,
    /// An order pushed out by others (命令太多).
    DroppedOrders,
    /// The adapter was pulled, or the line closed (端口中断).
    Unplugs,
    /// Another program had the port (端口被占用).
    InUse,
    /// The port could not be opened (端口打不开).
    NotOpened,
    /// The port took no bytes (端口堵住).
    Blocked,
    /// News of the line that nobody fetched (消息丢失).
    DroppedEvents,
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
