//! Why bytes are not a packet.
//!
//! Faults of framing only; what is wrong with a command's data is a `PayloadError`.

use crate::codec::BrokenKind;
use crate::codec::alpha::packet::BODY_BYTES_MAX;

/// Why bytes are not a packet. Offsets count from the first byte ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// A start byte came before the end byte; the new packet is read on.
    #[error("A new packet starts at byte {offset} before the last one ended.")]
    Restarted {
        /// Where the new start byte stands.
        offset: u64,
    },
    /// No end byte within the longest possible packet.
    #[error("No end byte within {BODY_BYTES_MAX} bytes, given up at byte {offset}.")]
    TooLong {
        /// Where the limit was passed.
        offset: u64,
    },
    /// The line has seven bits.
    #[error("Byte {offset}: {byte:02X} has eight bits.")]
    EightBits {
        /// What stands there.
        byte: u8,
        /// Where.
        offset: u64,
    },
    /// The packet ended inside type or address.
    #[error("The packet ends at byte {offset} before its first command.")]
    TooShort {
        /// Where it ended.
        offset: u64,
    },
    /// A kind of sign that the sheet does not list.
    #[error("Byte {offset}: {byte:02X} is no kind of sign.")]
    UnknownType {
        /// What stands there.
        byte: u8,
        /// Where.
        offset: u64,
    },
    /// Not two of 0-9, A-F and `?`.
    #[error("The address at byte {offset} is none.")]
    BadAddress {
        /// Where it stands.
        offset: u64,
    },
    /// Something other than 02 where a command has to begin.
    #[error("Byte {offset} should open a command.")]
    NoCommand {
        /// Where.
        offset: u64,
    },
    /// Neither a checksum nor a command nor the end behind 03.
    #[error("Byte {offset} is no digit of a checksum.")]
    BadChecksumDigit {
        /// Where.
        offset: u64,
    },
    /// The checksum is wrong.
    #[error("The checksum is {got:04X}, expected {expected:04X} (byte {offset}).")]
    ChecksumMismatch {
        /// Computed here.
        expected: u16,
        /// Found on the wire.
        got: u16,
        /// Where it begins.
        offset: u64,
    },
    /// A byte that is no status register behind 06 or 15; it is read on.
    #[error("Byte {offset}: {byte:02X} is no status register.")]
    BadStatus {
        /// What stands there.
        byte: u8,
        /// Where.
        offset: u64,
    },
}

impl PacketError {
    /// In what way the packet did not hold. Signs have no escapes.
    #[must_use]
    pub fn kind(&self) -> BrokenKind {
        match self {
            Self::ChecksumMismatch { .. } | Self::BadChecksumDigit { .. } => BrokenKind::Check,
            Self::TooLong { .. } | Self::TooShort { .. } => BrokenKind::Length,
            Self::Restarted { .. }
            | Self::EightBits { .. }
            | Self::UnknownType { .. }
            | Self::BadAddress { .. }
            | Self::NoCommand { .. }
            | Self::BadStatus { .. } => BrokenKind::Other,
        }
    }

    /// Where in the stream the fault lies.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match *self {
            Self::Restarted { offset }
            | Self::TooLong { offset }
            | Self::EightBits { offset, .. }
            | Self::TooShort { offset }
            | Self::UnknownType { offset, .. }
            | Self::BadAddress { offset }
            | Self::NoCommand { offset }
            | Self::BadChecksumDigit { offset }
            | Self::ChecksumMismatch { offset, .. }
            | Self::BadStatus { offset, .. } => offset,
        }
    }
}
