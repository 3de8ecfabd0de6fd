//! Whom a packet is for: kinds of signs and their addresses (sheet `alpha.md`, "Packet").
//!
//! A sign ignores silently what is for another kind or address. Kinds that the sheet does not list
//! have no value here.

use serde::{Deserialize, Serialize};

use super::byte_enum::byte_enum;
use super::payload::{Field, PayloadError, Reader, hex_digit};

byte_enum! {
    /// The kind of sign, or `response`: a sign that answers.
    SignType {
        All = b'Z', "all";
        BetaBrite = b'^', "betabrite";
        SerialClock = b'!', "serial-clock";
        AlphaVision = b'#', "alphavision";
        AlphaVisionMatrix = b'$', "alphavision-matrix";
        OneLine = b'1', "one-line";
        TwoLine = b'2', "two-line";
        S4200C = b'c', "4200c";
        S215R = b'e', "215r";
        S215C = b'f', "215c";
        S4120R = b'g', "4120r";
        S4160R = b'h', "4160r";
        S4200R = b'i', "4200r";
        S4240R = b'j', "4240r";
        S300 = b'k', "300";
        Response = b'0', "response";
    }
}

/// Stands for any digit of an address.
const ANY: u8 = b'?';

/// Two hexadecimal digits, each of them perhaps `?`; `00` is everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address([u8; 2]);

impl Address {
    /// Every sign.
    pub const EVERYONE: Self = Self(*b"00");

    /// The address of those two characters.
    #[must_use]
    pub fn new(digits: [u8; 2]) -> Option<Self> {
        let is_digit = |byte| byte == ANY || hex_digit(byte).is_some();
        digits.into_iter().all(is_digit).then_some(Self(digits))
    }

    /// The bytes of the wire.
    #[must_use]
    pub fn bytes(self) -> [u8; 2] {
        self.0
    }

    /// Whether a sign of that address is meant.
    #[must_use]
    pub fn covers(self, own: OwnAddress) -> bool {
        let own = String::from(own);
        let fits = |(asked, own)| asked == ANY || asked == own;
        self == Self::EVERYONE || self.0.into_iter().zip(own.bytes()).all(fits)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0.into_iter().map(char::from).collect()
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = <[u8; 2]>::try_from(text.as_bytes()).ok();
        digits
            .and_then(Self::new)
            .ok_or_else(|| format!("{text:?} 不是地址：应为两个字符，0-9、A-F 或 ?，00 是所有的屏"))
    }
}

/// The address that a sign has, without `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnAddress(pub u8);

impl OwnAddress {
    pub(super) fn write(self, out: &mut Vec<u8>) {
        out.extend(String::from(self).bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        reader.hex_byte(Field::Address).map(Self)
    }
}

impl From<OwnAddress> for String {
    fn from(address: OwnAddress) -> Self {
        format!("{:02X}", address.0)
    }
}

impl TryFrom<String> for OwnAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fault = || format!("{text:?} 不是屏的地址：应为两个十六进制数字，00 到 FF");
        match text
            .as_bytes()
            .iter()
            .map(|&byte| hex_digit(byte))
            .collect::<Vec<_>>()[..]
        {
            [Some(high), Some(low)] => Ok(Self((high << 4) | low)),
            _ => Err(fault()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::try_from(text.to_owned()).expect(text)
    }

    #[test]
    fn an_address_covers_itself_and_question_marks_any_digit() {
        let own = OwnAddress(0x1F);
        for covering in ["00", "1F", "?F", "1?", "??"] {
            assert!(address(covering).covers(own), "{covering}");
        }
        for other in ["01", "10", "?0", "0?", "F1"] {
            assert!(!address(other).covers(own), "{other}");
        }
    }

    #[test]
    fn lower_case_and_wrong_lengths_are_refused() {
        for wrong in ["1f", "1", "100", "", "0x", "字"] {
            assert!(Address::try_from(wrong.to_owned()).is_err(), "{wrong}");
            assert!(OwnAddress::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        assert!(OwnAddress::try_from("?1".to_owned()).is_err());
    }
}
