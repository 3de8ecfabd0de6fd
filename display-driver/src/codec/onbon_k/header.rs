//! The frame header: 14 bytes, or 30 when bit 0 of the bar-code option inserts a bar code
//! (sheet `onbon-bx.md` A2).
//!
//! Every field keeps the byte that was on the wire, also where the sheet knows no meaning for it, so
//! that a decoded header encodes to the same bytes.

use super::check::CheckMode;
use super::decoder::FrameError;

/// Length without a bar code.
pub const HEADER_BYTES_MIN: usize = 14;
/// Length with a bar code.
pub const HEADER_BYTES_MAX: usize = HEADER_BYTES_MIN + BAR_CODE_BYTES;
/// Length of the bar code of 6K cards.
pub const BAR_CODE_BYTES: usize = 16;

const CHECK_MODE_OFFSET: usize = 8;

/// A screen number or the host's address.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Address(pub u16);

impl Address {
    /// Broadcast that nobody answers (clock).
    pub const BROADCAST_SILENT: Self = Self(0xFFFF);
    /// Broadcast that the card answers, with this address as its own source.
    pub const BROADCAST_ANSWERED: Self = Self(0xFFFE);
    /// The usual address of the host software.
    pub const HOST: Self = Self(0x8000);
    /// The screen number of a card as delivered.
    pub const FIRST_SCREEN: Self = Self(1);

    /// Whether this lies in the range of host software, 8000..DFFF.
    #[must_use]
    pub fn is_host(self) -> bool {
        (0x8000..=0xDFFF).contains(&self.0)
    }
}

/// Header fields in the order of the wire; the data length is not kept, it follows from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Screen number, or the host's address in a reply.
    pub dst: Address,
    /// Host address, or the screen number in a reply.
    pub src: Address,
    /// Zero; some vendor examples carry FF 00 00.
    pub reserved: [u8; 3],
    /// Bar-code option; bit 0 says that [`Header::bar_code`] is on the wire.
    pub bar_code_option: u8,
    /// Written only when bit 0 of the option is set.
    pub bar_code: [u8; BAR_CODE_BYTES],
    /// How the check bytes are made.
    pub check_mode: CheckMode,
    /// 0 dynamic areas beside programs, 1 dynamic areas win.
    pub display_mode: u8,
    /// FE any, otherwise the controller type.
    pub device_type: u8,
    /// 02.
    pub protocol_version: u8,
}

impl Header {
    /// What the host sends to a card.
    #[must_use]
    pub fn to_board(dst: Address) -> Self {
        Self {
            dst,
            src: Address::HOST,
            reserved: [0; 3],
            bar_code_option: 0,
            bar_code: [0; BAR_CODE_BYTES],
            check_mode: CheckMode::Crc16,
            display_mode: 0,
            device_type: 0xFE,
            protocol_version: 2,
        }
    }

    /// What a card sends to the host.
    #[must_use]
    pub fn to_host(src: Address) -> Self {
        Self {
            dst: Address::HOST,
            src,
            ..Self::to_board(src)
        }
    }

    /// Whether the bar code is on the wire.
    #[must_use]
    pub fn has_bar_code(&self) -> bool {
        self.bar_code_option & 1 == 1
    }

    /// 14 or 30.
    #[must_use]
    pub fn wire_bytes(&self) -> usize {
        if self.has_bar_code() {
            HEADER_BYTES_MAX
        } else {
            HEADER_BYTES_MIN
        }
    }

    /// Appends the unescaped header.
    pub fn write(&self, data_len: u16, out: &mut Vec<u8>) {
        out.extend(self.dst.0.to_le_bytes());
        out.extend(self.src.0.to_le_bytes());
        out.extend(self.reserved);
        out.push(self.bar_code_option);
        if self.has_bar_code() {
            out.extend(self.bar_code);
        }
        out.extend([
            self.check_mode.byte(),
            self.display_mode,
            self.device_type,
            self.protocol_version,
        ]);
        out.extend(data_len.to_le_bytes());
    }

    /// Reads header and data length from unescaped bytes. Error offsets count unescaped bytes.
    pub fn read(bytes: &[u8]) -> Result<(Self, u16), FrameError> {
        let short = || FrameError::TooShort {
            got: bytes.len(),
            offset: bytes.len() as u64,
        };
        let &[d0, d1, s0, s1, r0, r1, r2, option, ..] = bytes else {
            return Err(short());
        };
        let mut bar_code = [0; BAR_CODE_BYTES];
        let rest_at = if option & 1 == 1 {
            8 + BAR_CODE_BYTES
        } else {
            8
        };
        if rest_at > 8 {
            bar_code.copy_from_slice(bytes.get(8..rest_at).ok_or_else(short)?);
        }
        let rest = bytes.get(rest_at..).ok_or_else(short)?;
        let &[
            check,
            display_mode,
            device_type,
            protocol_version,
            len0,
            len1,
            ..,
        ] = rest
        else {
            return Err(short());
        };
        let check_mode = CheckMode::from_byte(check).ok_or(FrameError::UnknownCheckMode {
            mode: check,
            offset: (rest_at - 8 + CHECK_MODE_OFFSET) as u64,
        })?;
        let header = Self {
            dst: Address(u16::from_le_bytes([d0, d1])),
            src: Address(u16::from_le_bytes([s0, s1])),
            reserved: [r0, r1, r2],
            bar_code_option: option,
            bar_code,
            check_mode,
            display_mode,
            device_type,
            protocol_version,
        };
        Ok((header, u16::from_le_bytes([len0, len1])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_code_makes_the_header_thirty_bytes_and_reads_back() {
        let mut header = Header::to_board(Address(7));
        header.bar_code_option = 1;
        header.bar_code = *b"0123456789ABCDEF";
        let mut bytes = Vec::new();
        header.write(5, &mut bytes);
        assert_eq!(bytes.len(), 30);
        assert_eq!(Header::read(&bytes), Ok((header, 5)));
    }

    #[test]
    fn every_shorter_header_is_refused() {
        let mut bytes = Vec::new();
        Header::to_board(Address(7)).write(0, &mut bytes);
        for len in 0..bytes.len() {
            assert!(matches!(
                Header::read(&bytes[..len]),
                Err(FrameError::TooShort { .. })
            ));
        }
    }

    #[test]
    fn an_unlisted_check_mode_is_refused_at_its_place() {
        let mut bytes = Vec::new();
        Header::to_board(Address(7)).write(0, &mut bytes);
        bytes[8] = 3;
        assert_eq!(
            Header::read(&bytes),
            Err(FrameError::UnknownCheckMode { mode: 3, offset: 8 })
        );
    }
}
