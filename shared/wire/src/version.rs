//! Which versions of the wire two programs speak, so that old and new ones meet.
//!
//! Every request and every answer carries [`HEADER`] with the range that its program speaks; a
//! request without it speaks version 1 only. Both then use the newest version that both know. What
//! came in between two versions is a [`Capability`]: a device uses one only when the server names
//! it, and ignores those it does not know. Unknown kinds of events are no matter of versions: they
//! are kept and relayed.
//!
//! **Support window.** A version is dropped no sooner than [`SUPPORT_MONTHS_MIN`] months after the
//! release of the one that follows it. Version 1: the first one. Version 2: status, snapshots of
//! the feed, the clock's run in a push, relays.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The header that carries a [`WireVersions`].
pub const HEADER: &str = "x-wire-versions";
/// For so many months after its successor's release a version is still spoken.
pub const SUPPORT_MONTHS_MIN: u32 = 24;

/// A range of versions that a program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireVersions {
    oldest: u16,
    newest: u16,
}

/// Two programs without a common version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("one program speaks versions {ours} of the wire, the other {theirs}.")]
pub struct VersionsApart {
    /// Of this program.
    pub ours: WireVersions,
    /// Of the other one.
    pub theirs: WireVersions,
}

/// A text that is not a range of versions.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a range of versions such as 1-2.")]
pub struct NotVersions(pub String);

impl WireVersions {
    /// What this build speaks.
    pub const OURS: Self = Self {
        oldest: 1,
        newest: 2,
    };
    /// What a program speaks that says nothing.
    pub const UNSAID: Self = Self {
        oldest: 1,
        newest: 1,
    };

    /// The range from `oldest` to `newest`; `None` when it is empty.
    #[must_use]
    pub fn new(oldest: u16, newest: u16) -> Option<Self> {
        (oldest <= newest).then_some(Self { oldest, newest })
    }

    /// The version to speak with a program that speaks `theirs`.
    ///
    /// # Errors
    /// [`VersionsApart`] when there is none.
    pub fn agree(self, theirs: Self) -> Result<u16, VersionsApart> {
        let newest = self.newest.min(theirs.newest);
        if newest >= self.oldest.max(theirs.oldest) {
            Ok(newest)
        } else {
            Err(VersionsApart { ours: self, theirs })
        }
    }
}

impl fmt::Display for WireVersions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.oldest, self.newest)
    }
}

impl FromStr for WireVersions {
    type Err = NotVersions;

    fn from_str(text: &str) -> Result<Self, NotVersions> {
        let range = text.split_once('-').and_then(|(oldest, newest)| {
            Self::new(oldest.trim().parse().ok()?, newest.trim().parse().ok()?)
        });
        range.ok_or_else(|| NotVersions(text.chars().take(40).collect()))
    }
}

/// What a server can do beyond version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Takes bodies with `content-encoding: gzip` and gives them when asked.
    Gzip,
    /// Tells a cursor that is too old, and gives a snapshot.
    FeedSnapshot,
    /// Replaces a device's key.
    KeyRotation,
    /// Takes the chains that a hall node relays.
    Relay,
    /// One that this build does not know.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(text: &str) -> WireVersions {
        text.parse().unwrap()
    }

    #[test]
    fn two_programs_speak_the_newest_version_that_both_know() {
        let (old, new, far) = (versions("1-2"), versions("2-5"), versions("4-7"));
        assert_eq!(old.agree(new), Ok(2));
        assert_eq!(new.agree(old), Ok(2));
        assert_eq!(new.agree(far), Ok(5));
        assert!(old.agree(far).is_err());
        assert_eq!(WireVersions::OURS.agree(WireVersions::UNSAID), Ok(1));
    }

    #[test]
    fn a_range_reads_as_written_and_nothing_else_reads() {
        assert_eq!(versions(&versions("3-9").to_string()), versions("3-9"));
        for text in ["", "2", "5-4", "-", "a-b", "1-2-3", "70000-70001"] {
            assert!(text.parse::<WireVersions>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_capability_of_a_later_program_is_read_and_ignored() {
        let read: Vec<Capability> = serde_json::from_str(r#"["gzip","teleport"]"#).unwrap();
        assert_eq!(read, [Capability::Gzip, Capability::Unknown]);
    }
}
