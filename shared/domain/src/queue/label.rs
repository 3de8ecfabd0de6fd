//! The number on a slip: `A012`, `V003`, or, issued offline from a kiosk's own lane, `A-K2-001`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{BadId, GroupCode};

/// The visible lane of one kiosk for offline numbers: `K1` to `K99`. No other is read, so that no
/// kiosk prints numbers that nobody can read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct KioskLane(pub u8);

impl TryFrom<u8> for KioskLane {
    type Error = BadId;

    fn try_from(lane: u8) -> Result<Self, BadId> {
        if (1..=99).contains(&lane) {
            Ok(Self(lane))
        } else {
            Err(BadId {
                expected: "kiosk lane from 1 to 99",
                text: lane.to_string(),
            })
        }
    }
}

impl From<KioskLane> for u8 {
    fn from(lane: KioskLane) -> u8 {
        lane.0
    }
}

impl fmt::Display for KioskLane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "K{}", self.0)
    }
}

/// A ticket number. No two papers of a day bear the same one: the authority alone gives the
/// plain numbers, each kiosk alone those of its lane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TicketLabel {
    /// Given by the authority.
    Assigned {
        /// Group letter, or `V` for priority.
        prefix: char,
        /// From 1, restarted each day.
        number: u16,
    },
    /// Given by a kiosk without a line.
    Lane {
        /// Group letter, or `V` for priority.
        prefix: char,
        /// The kiosk's lane.
        lane: KioskLane,
        /// From 1, restarted each day.
        number: u16,
    },
}

/// Prefix of priority numbers.
pub(super) const PRIORITY_PREFIX: char = 'V';

impl TicketLabel {
    /// The prefix of a ticket: `V` when it goes first, else the letter of its group.
    #[must_use]
    pub fn prefix_for(group: GroupCode, has_priority: bool) -> char {
        if has_priority {
            PRIORITY_PREFIX
        } else {
            group.letter()
        }
    }
}

impl fmt::Display for TicketLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assigned { prefix, number } => write!(f, "{prefix}{number:03}"),
            Self::Lane {
                prefix,
                lane,
                number,
            } => write!(f, "{prefix}-{lane}-{number:03}"),
        }
    }
}

impl FromStr for TicketLabel {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        parse(text).ok_or_else(|| BadId {
            expected: "ticket number",
            text: text.to_owned(),
        })
    }
}

fn parse(text: &str) -> Option<TicketLabel> {
    let mut chars = text.chars();
    let prefix = chars.next().filter(|letter| ('A'..='V').contains(letter))?;
    let rest = chars.as_str();
    let Some(lane_and_number) = rest.strip_prefix("-K") else {
        return Some(TicketLabel::Assigned {
            prefix,
            number: number(rest)?,
        });
    };
    let (lane, digits) = lane_and_number.split_once('-')?;
    let is_number = lane.bytes().all(|byte| byte.is_ascii_digit());
    let lane: u8 = lane.parse().ok().filter(|_| is_number)?;
    Some(TicketLabel::Lane {
        prefix,
        lane: lane.try_into().ok()?,
        number: number(digits)?,
    })
}

fn number(digits: &str) -> Option<u16> {
    let well_formed = digits.len() >= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|number| well_formed && *number > 0)
}

impl TryFrom<String> for TicketLabel {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<TicketLabel> for String {
    fn from(label: TicketLabel) -> String {
        label.to_string()
    }
}
