//! Bodies of events about devices: who became one, by which key, and what was refused to it.

use domain::id::{DeviceId, HallId, StaffId};
use domain::refusal::RefusalCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::DeviceKind;
use crate::problem::ProblemCode;
use crate::sign::DevicePublicKey;

/// A machine that became a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceEnrolled {
    /// The device.
    pub device: DeviceId,
    /// Its name on the device wall.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Where it stands.
    pub hall: HallId,
    /// Its public key.
    pub public_key: DevicePublicKey,
}

/// A device without rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRevoked {
    /// The device.
    pub device: DeviceId,
    /// Who did it.
    pub by: StaffId,
}

/// As which device the phones of citizens are counted together.
pub const PHONES: DeviceId = DeviceId(Uuid::max());

/// Something refused to a device, or to a citizen at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRefused {
    /// The device as claimed; [`PHONES`] for the page on phones.
    pub device: DeviceId,
    /// Why.
    pub code: ProblemCode,
    /// What the rules of the hall said, when the code is `Refused`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalCode>,
    /// Further times within the minute that this event stands for, to bound the log.
    pub more_times: u32,
}

/// A device that goes by another key from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceKeyRotated {
    /// The device.
    pub device: DeviceId,
    /// Its new key.
    pub public_key: DevicePublicKey,
}
