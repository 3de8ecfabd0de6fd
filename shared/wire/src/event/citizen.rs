//! What citizens ask for at a kiosk, as the centre writes it down: that it was asked, and what they
//! said about the service, which only the centre can read.

use domain::id::{DeviceId, FeedbackId, HallId};
use domain::rating::Level;
use serde::{Deserialize, Serialize};

use crate::sealed::{BoundText, SealedToCentre};

use super::Origin;

/// Something was done for a citizen at a device: the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitizenServed {
    /// At which device.
    pub device: DeviceId,
    /// In which hall.
    pub hall: HallId,
    /// What.
    pub what: CitizenAct,
    /// The record's number; empty where there is none. Never who asked.
    pub subject: String,
}

/// What can be done for a citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CitizenAct {
    /// They looked where a case of theirs stands.
    Progress,
    /// They asked to apply for something.
    Application,
    /// They asked for guidance.
    Guidance,
    /// They said something about the service.
    Feedback,
}

/// Something that a citizen said about the service. The text is sealed to the centre's key before it
/// leaves the glass; the level is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackSubmitted {
    /// This one.
    pub feedback: FeedbackId,
    /// The hall.
    pub hall: HallId,
    /// How satisfied.
    pub level: Level,
    /// About what, as a word of a list; empty when nothing was chosen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The words, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<SealedToCentre>,
    /// Whose hand.
    pub origin: Origin,
}

impl FeedbackSubmitted {
    /// The kind, as it is authenticated with the text.
    pub const KIND: &'static str = "feedback.submitted.v1";

    /// What the text of a feedback belongs to.
    #[must_use]
    pub fn bound(feedback: FeedbackId) -> BoundText<'static> {
        BoundText {
            kind: Self::KIND,
            subject: feedback.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{FeedbackId, HallId};
    use uuid::Uuid;

    use super::*;
    use crate::event::Event;

    #[test]
    fn the_authenticated_kind_is_the_stored_one() {
        let submitted = FeedbackSubmitted {
            feedback: FeedbackId(Uuid::from_u128(1)),
            hall: HallId(Uuid::from_u128(2)),
            level: Level::VeryGood,
            about: String::new(),
            text: None,
            origin: Origin::Touch,
        };
        let kind = Event::FeedbackSubmitted(submitted).kind();
        assert_eq!(kind, FeedbackSubmitted::KIND);
    }
}
