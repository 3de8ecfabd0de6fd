//! What a sign says to a write when it has been told to answer (sheet `alpha.md`, "Responses").
//!
//! Two bytes without a packet around them: 06 or 15, then the status register. Signs of Alpha 1.0
//! never say them.

use serde::{Deserialize, Serialize};

/// "Done".
pub const ACK: u8 = 0x06;
/// "Not done".
pub const NAK: u8 = 0x15;
/// Always set in the status register.
const ALWAYS_SET: u8 = 1 << 6;

/// A fault that a sign has met on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineFault {
    /// Bit 0.
    Parity,
    /// Bit 1.
    Framing,
    /// Bit 2.
    Timeout,
    /// Bit 3.
    BufferOverflow,
    /// Bit 4.
    Checksum,
    /// Bit 5.
    IllegalCommandOrLabel,
}

const FAULTS: [LineFault; 6] = [
    LineFault::Parity,
    LineFault::Framing,
    LineFault::Timeout,
    LineFault::BufferOverflow,
    LineFault::Checksum,
    LineFault::IllegalCommandOrLabel,
];

/// The status register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(u8);

impl Status {
    /// The register with these faults.
    #[must_use]
    pub fn of(faults: &[LineFault]) -> Self {
        let bit = |fault: &LineFault| 1 << (*fault as u8);
        Self(
            faults
                .iter()
                .fold(ALWAYS_SET, |bits, fault| bits | bit(fault)),
        )
    }

    /// The register of that byte: bit 6 is always set, bit 7 does not exist on the line.
    #[must_use]
    pub fn new(byte: u8) -> Option<Self> {
        matches!(byte, 0x40..=0x7F).then_some(Self(byte))
    }

    /// The byte of the wire.
    #[must_use]
    pub fn byte(self) -> u8 {
        self.0
    }

    /// The faults that are set, from bit 0 on.
    pub fn faults(self) -> impl Iterator<Item = LineFault> {
        let is_set = move |fault: &LineFault| self.0 & (1 << (*fault as u8)) != 0;
        FAULTS.into_iter().filter(is_set)
    }
}

/// What a sign says to a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 06.
    Ack(Status),
    /// 15.
    Nak(Status),
}

impl Answer {
    /// The bytes of the wire.
    #[must_use]
    pub fn bytes(self) -> [u8; 2] {
        match self {
            Self::Ack(status) => [ACK, status.byte()],
            Self::Nak(status) => [NAK, status.byte()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_register_is_its_faults_and_bit_six() {
        for byte in 0..=255 {
            let Some(status) = Status::new(byte) else {
                assert!(byte & 0x40 == 0 || byte & 0x80 != 0);
                continue;
            };
            let faults: Vec<_> = status.faults().collect();
            assert_eq!(Status::of(&faults), status);
        }
        let checksum = Status::of(&[LineFault::Checksum]);
        assert_eq!(Answer::Nak(checksum).bytes(), [0x15, 0x50]);
    }
}
