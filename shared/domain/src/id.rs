//! Typed identifiers. Internal ids are UUIDv7, made at the edge and passed in; what citizens see
//! (window numbers, group letters, short ids) are separate types, so that no naked string or
//! integer crosses a function.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

/// A text that is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not a {expected}.")]
pub struct BadId {
    /// What was expected, as a noun.
    pub expected: &'static str,
    /// What was found instead.
    pub text: String,
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let bad = || BadId { expected: stringify!($name), text: text.to_owned() };
                Uuid::parse_str(text).map($name).map_err(|_| bad())
            }
        }
    )+};
}

uuid_ids! {
    /// A machine, or the centre itself: the writer of one event chain.
    DeviceId,
    /// A hall: the place with windows and one queue.
    HallId,
    /// A queue ticket, from the touch on the kiosk to the score.
    TicketId,
    /// One submission of scores.
    RatingId,
    /// A vacancy as the public sees it.
    ListingId,
    /// One import of a vacancy file.
    ImportId,
    /// A member of staff.
    StaffId,
    /// A person whom the centre serves. Says nothing about the person, so it may stand anywhere.
    PersonId,
    /// A record of any kind: a case or an entry of a register.
    RecordId,
    /// A change of a dated parameter that one person proposed.
    ProposalId,
    /// Something that everybody in a hall had to know at once.
    EmergencyId,
    /// A document that was handed out.
    DocumentId,
    /// Something that one person outside must be told about one record.
    OutreachId,
    /// What a citizen asked for at a kiosk: made by the kiosk, so that asking again is the same.
    RequestId,
    /// What a citizen said about the service.
    FeedbackId,
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident: $expected:literal, $fits:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// [`BadId`] for a text of another form.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let (text, fits): (String, fn(&str) -> bool) = (text.into(), $fits);
                if fits(&text) {
                    Ok(Self(text))
                } else {
                    let text = text.chars().take(60).collect();
                    Err(BadId { expected: $expected, text })
                }
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_ids! {
    /// What a document is checked by: sixteen random digits, printed on it and in its QR code.
    CheckCode: "checking code of sixteen digits", |text| {
        text.len() == 16 && text.chars().all(|c| c.is_ascii_digit())
    };
    /// A kind of record: `led_publication`.
    KindId: "kind of record in lower snake case", |text| {
        (2..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    /// A station's code: `YH-J01`, the centre `YH-C`.
    StationCode: "station code of capitals, digits and hyphens", |text| {
        (2..=16).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
    };
}

/// The number painted on a window, 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct WindowNo(u8);

impl WindowNo {
    /// # Errors
    /// [`BadId`] outside 1 to 99.
    pub fn new(number: u8) -> Result<Self, BadId> {
        if (1..=99).contains(&number) {
            Ok(Self(number))
        } else {
            Err(BadId {
                expected: "window number from 1 to 99",
                text: number.to_string(),
            })
        }
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for WindowNo {
    type Error = BadId;

    fn try_from(number: u8) -> Result<Self, BadId> {
        Self::new(number)
    }
}

impl From<WindowNo> for u8 {
    fn from(window: WindowNo) -> u8 {
        window.0
    }
}

impl FromStr for WindowNo {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId {
            expected: "window number from 1 to 99",
            text: text.to_owned(),
        };
        Self::new(text.parse().map_err(|_| bad())?)
    }
}

impl fmt::Display for WindowNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The letter of a service group (事项组), `A` to `U`. `V` is the priority prefix and no group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct GroupCode(char);

impl std::str::FromStr for GroupCode {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Self::new(letter),
            _ => Err(BadId {
                expected: "service group letter from A to U",
                text: text.to_owned(),
            }),
        }
    }
}

impl GroupCode {
    /// # Errors
    /// [`BadId`] for anything but `A` to `U`.
    pub fn new(letter: char) -> Result<Self, BadId> {
        if ('A'..='U').contains(&letter) {
            Ok(Self(letter))
        } else {
            Err(BadId {
                expected: "service group letter from A to U",
                text: letter.to_string(),
            })
        }
    }

    /// The letter itself.
    #[must_use]
    pub fn letter(self) -> char {
        self.0
    }
}

impl TryFrom<char> for GroupCode {
    type Error = BadId;

    fn try_from(letter: char) -> Result<Self, BadId> {
        Self::new(letter)
    }
}

impl From<GroupCode> for char {
    fn from(group: GroupCode) -> char {
        group.0
    }
}

impl fmt::Display for GroupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The public name of a listing: ten characters without look-alikes (Crockford base 32), upper
/// case so that a QR code can use its dense alphanumeric mode.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortId(String);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SHORT_ID_CHARS: usize = 10;

impl ShortId {
    /// The short id of a listing: 50 bits of the hash of its internal id, which it hides. The
    /// store keeps short ids unique and refuses a collision.
    #[must_use]
    pub fn of(listing: ListingId) -> Self {
        let digest = Sha256::digest(listing.0.as_bytes());
        let mut bits = u64::from_be_bytes(
            digest[..8]
                .try_into()
                .expect("eight bytes, because a SHA-256 digest has 32"),
        );
        let mut text = String::with_capacity(SHORT_ID_CHARS);
        for _ in 0..SHORT_ID_CHARS {
            text.push(char::from(CROCKFORD[(bits >> 59) as usize]));
            bits <<= 5;
        }
        Self(text)
    }

    /// The ten characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ShortId {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        let upper = text.to_ascii_uppercase();
        let well_formed =
            upper.len() == SHORT_ID_CHARS && upper.bytes().all(|b| CROCKFORD.contains(&b));
        if well_formed {
            Ok(Self(upper))
        } else {
            Err(BadId {
                expected: "listing number of ten letters and digits",
                text,
            })
        }
    }
}

impl From<ShortId> for String {
    fn from(id: ShortId) -> String {
        id.0
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v_is_a_prefix_and_never_a_group() {
        assert!(GroupCode::new('E').is_ok());
        assert!(GroupCode::new('V').is_err());
        assert!(serde_json::from_str::<GroupCode>("\"v\"").is_err());
    }

    #[test]
    fn short_id_is_stable_and_reads_back_in_either_case() {
        let listing: ListingId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let short = ShortId::of(listing);
        assert_eq!(short, ShortId::of(listing));
        assert_eq!(short.as_str().len(), 10);
        let lower = short.as_str().to_ascii_lowercase();
        assert_eq!(ShortId::try_from(lower).unwrap(), short);
        assert!(ShortId::try_from("OIL0000000".to_owned()).is_err());
    }
}
