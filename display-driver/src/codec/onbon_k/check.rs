//! The two check bytes behind header and data (sheet `onbon-bx.md` A2).
//!
//! CRC-16/ARC: polynomial 0x8005 reflected (0xA001), initial 0, no final XOR. It is *not* the Modbus
//! CRC, which starts at FFFF. Because it starts at 0, two different files that end in their own CRC
//! give the same outer CRC; it therefore never serves as a fingerprint of content.

/// How the two check bytes are made; header byte 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CheckMode {
    /// CRC-16/ARC, low byte first.
    #[default]
    Crc16,
    /// Sum of all bytes modulo 65536, low byte first.
    Sum,
    /// Two bytes that nobody looks at (6K and 6K-YY only).
    Unchecked,
}

impl CheckMode {
    /// The mode a header byte names, if the sheet lists it.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Crc16),
            1 => Some(Self::Sum),
            2 => Some(Self::Unchecked),
            _ => None,
        }
    }

    /// The header byte of this mode.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Crc16 => 0,
            Self::Sum => 1,
            Self::Unchecked => 2,
        }
    }

    /// The check value over unescaped header and data, or `None` when anything is accepted.
    #[must_use]
    pub fn value(self, bytes: &[u8]) -> Option<u16> {
        match self {
            Self::Crc16 => Some(crc16_arc(bytes)),
            Self::Sum => Some(sum16(bytes)),
            Self::Unchecked => None,
        }
    }
}

/// CRC-16/ARC of `bytes`.
#[must_use]
pub fn crc16_arc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xA001
            } else {
                crc >> 1
            }
        })
    })
}

fn sum16(bytes: &[u8]) -> u16 {
    bytes
        .iter()
        .fold(0u16, |sum, &byte| sum.wrapping_add(u16::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_of_the_standard_check_string_is_bb3d() {
        assert_eq!(crc16_arc(b"123456789"), 0xBB3D);
    }

    #[test]
    fn sum_wraps_at_sixteen_bits() {
        assert_eq!(
            CheckMode::Sum.value(&[0xFF; 300]),
            Some((0xFFu32 * 300 % 65536) as u16)
        );
    }

    #[test]
    fn bytes_of_modes_go_both_ways_and_others_are_refused() {
        for byte in 0..=2 {
            assert_eq!(CheckMode::from_byte(byte).map(CheckMode::byte), Some(byte));
        }
        assert_eq!(CheckMode::from_byte(3), None);
    }
}
