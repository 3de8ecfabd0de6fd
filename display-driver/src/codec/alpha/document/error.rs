//! Why a document is no packet, and bytes are no document.
//!
//! Each fault of bytes has its place among those given; the words for people are the command line's.

use crate::codec::Side;
use crate::codec::alpha::decoder::PacketError;
use crate::codec::alpha::packet::TooLong;
use crate::codec::alpha::payload::PayloadError;

/// Why a document is not a packet.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Nothing is called that.
    #[error("There is no command {0:?}.")]
    UnknownCommand(String),
    /// The parameters are not those of the command.
    #[error("The parameters do not fit: {0}.")]
    Params(#[source] serde_json::Error),
    /// The header is not one.
    #[error("The header does not fit: {0}.")]
    Header(#[source] serde_json::Error),
    /// A sign would not take the command.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A list is empty where that says something else.
    #[error("An empty list would be another command.")]
    EmptyList,
    /// Only the last command of a packet may go without 03.
    #[error("Only the last command of a packet may go without 03.")]
    OpenInside,
    /// A sign is deaf while it sounds.
    #[error("A sound has to be the last command of a packet.")]
    SoundNotLast,
    /// A checksum was given and shall not be sent.
    #[error("A checksum goes with the check \"sum\" only.")]
    NoChecksum,
    /// More than a packet carries.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

/// Why bytes are not one packet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Framing or checksum do not hold.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// The bytes end inside the packet.
    #[error("The bytes end at {offset} inside a packet.")]
    Incomplete {
        /// How many there are.
        offset: u64,
    },
    /// Bytes before the packet or behind it.
    #[error("Byte {offset} does not belong to the packet.")]
    Outside {
        /// The first such byte.
        offset: u64,
    },
    /// The data of a listed command is not as listed.
    #[error("{fault} (byte {offset})")]
    Payload {
        /// What is wrong, with the offset inside the data.
        fault: PayloadError,
        /// Offset in the bytes given.
        offset: u64,
    },
    /// A command follows a sound.
    #[error("A sound is followed by a command (byte {offset}).")]
    SoundNotLast {
        /// Where that command begins.
        offset: u64,
    },
    /// The other side sends such things.
    #[error("The {0:?} does not send this.")]
    OtherSide(Side),
}

impl DecodeError {
    /// Where in the bytes given the fault lies.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::Packet(fault) => fault.offset(),
            Self::Incomplete { offset }
            | Self::Outside { offset }
            | Self::Payload { offset, .. }
            | Self::SoundNotLast { offset } => *offset,
            Self::OtherSide(_) => 0,
        }
    }
}
