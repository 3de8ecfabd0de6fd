//! What a staff page in a browser says to the bridge to the card reader on the same desk
//! (`kiosk bridge`): over HTTP on loopback, never over a network.

use serde::{Deserialize, Serialize};

/// The port on 127.0.0.1. Fixed, because the pages' security policy names it.
pub const PORT: u16 = 7417;
/// Where a page reaches the bridge.
pub const ADDRESS: &str = "http://127.0.0.1:7417";
/// `GET`: whether a bridge is there, and whether a reader is.
pub const HEALTH: &str = "/v1/health";
/// `POST`: waits for a card and reads it.
pub const READ_CARD: &str = "/v1/read-card";
/// The header with the code that the bridge showed when it was started.
pub const PAIRING_HEADER: &str = "x-bridge-pairing";

/// What stands on an identity card. Not kept and not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Name.
    pub name: String,
    /// The number, 18 characters.
    pub id_number: String,
    /// 男 or 女; empty when the card does not say.
    pub sex: String,
    /// `1990-01-31`.
    pub birth: String,
    /// The address as printed.
    pub address: String,
    /// Who issued it.
    pub issuer: String,
    /// `2020-01-31`.
    pub valid_from: String,
    /// The same, or 长期.
    pub valid_to: String,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_loopback_on_the_port() {
        assert_eq!(ADDRESS, format!("http://127.0.0.1:{PORT}"));
    }
}
