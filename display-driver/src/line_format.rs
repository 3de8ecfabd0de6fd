//! How a byte is framed on a serial line: data bits, parity, stop bits, and so how long it takes
//! (`serial-transport.md` §1).

use std::time::Duration;

/// The framings that boards use. Cards take 8N1, Alpha signs 7E1, some of them 7E2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
pub enum LineFormat {
    /// Eight data bits, no parity, one stop bit.
    #[default]
    #[serde(rename = "8N1")]
    EightNoneOne,
    /// Seven data bits, even parity, one stop bit.
    #[serde(rename = "7E1")]
    SevenEvenOne,
    /// Eight data bits, even parity, one stop bit.
    #[serde(rename = "8E1")]
    EightEvenOne,
    /// Eight data bits, no parity, two stop bits.
    #[serde(rename = "8N2")]
    EightNoneTwo,
    /// Seven data bits, even parity, two stop bits.
    #[serde(rename = "7E2")]
    SevenEvenTwo,
}

impl LineFormat {
    /// All formats.
    pub const ALL: [Self; 5] = [
        Self::EightNoneOne,
        Self::SevenEvenOne,
        Self::EightEvenOne,
        Self::EightNoneTwo,
        Self::SevenEvenTwo,
    ];

    /// As people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EightNoneOne => "8N1",
            Self::SevenEvenOne => "7E1",
            Self::EightEvenOne => "8E1",
            Self::EightNoneTwo => "8N2",
            Self::SevenEvenTwo => "7E2",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Start bit, data, parity and stop bits of one byte.
    #[must_use]
    pub fn bits_per_byte(self) -> u64 {
        match self {
            Self::EightNoneOne | Self::SevenEvenOne => 10,
            Self::EightEvenOne | Self::EightNoneTwo | Self::SevenEvenTwo => 11,
        }
    }

    /// How long bytes are on the wire; a baud rate of 0 counts as 1.
    #[must_use]
    pub fn wire_time(self, baud: u32, bytes: usize) -> Duration {
        let bits = self.bits_per_byte().saturating_mul(bytes as u64);
        Duration::from_nanos(bits.saturating_mul(1_000_000_000) / u64::from(baud.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_takes_ten_bits_or_eleven() {
        let us = |format: LineFormat| format.wire_time(9_600, 1).as_micros();
        assert_eq!(LineFormat::ALL.map(us), [1_041, 1_041, 1_145, 1_145, 1_145]);
    }

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in LineFormat::ALL {
            assert_eq!(LineFormat::from_name(format.name()), Some(format));
        }
        assert_eq!(LineFormat::from_name("9N1"), None);
    }
}
