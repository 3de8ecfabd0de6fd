//! What a hall kiosk asks for a citizen: progress, an application, guidance, feedback. Each carries
//! personal data to the centre, so it needs the line and is posted directly; nothing of it is an event
//! of the kiosk's own, feedback excepted: that may also go through its log, sealed before it is kept.
//! No answer holds a name.

use std::fmt;

use chrono::NaiveDate;
use domain::id::{FeedbackId, KindId, RequestId, ShortId};
use domain::personal::Pii;
use domain::rating::Level;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Origin;
use crate::sealed::{CentreBoxPublic, SealedToCentre};

/// Most answers of a self-check that come with an application.
pub const ANSWERS_MAX: usize = 20;
/// Most characters of a question, and of an answer.
pub const ANSWER_CHARS_MAX: usize = 60;

/// A number that a citizen typed or a card told. It is sent, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed(Pii<String>);

impl Typed {
    /// As typed.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Pii::new(text.into()))
    }

    /// The value, for who looks it up.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Typed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Which cases a citizen asks about, and what entitles to do so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum AskProgress {
    /// One, by its number and the last four characters of the identity number or the telephone.
    CaseNo {
        /// The number on the receipt.
        case_no: String,
        /// Four characters.
        last4: Typed,
    },
    /// All of a person's, by the card at the kiosk's reader.
    Card {
        /// The whole number, as the reader told it.
        id_number: Typed,
    },
}

/// Where the cases stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What changed last first.
    pub cases: Vec<CaseProgress>,
}

/// Where one case stands, in words for who waits for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseProgress {
    /// Its number.
    pub case_no: String,
    /// What it is: "一次性求职补贴".
    pub kind_name: String,
    /// Its state.
    pub state: String,
    /// Whether the citizen must do something.
    pub is_yours: bool,
    /// What comes next, a sentence.
    pub next: String,
    /// What is missing, a line each.
    pub missing: Vec<String>,
    /// The last day of what runs now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The day on which it was handed in.
    pub opened_on: NaiveDate,
}

/// Something that can be applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its kind.
    pub kind: KindId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// What to bring, a line each.
    pub materials: Vec<String>,
}

/// What can be applied for, and what texts are sealed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Services {
    /// In the order in which they are shown.
    pub services: Vec<Service>,
    /// About which records progress is told, in the order in which they are shown.
    #[serde(default)]
    pub told_about: Vec<ToldAbout>,
    /// The centre's public key for sealed texts; absent before the centre has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal_to: Option<CentreBoxPublic>,
}

/// A kind of records about which citizens are told how they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldAbout {
    /// The kind. In capitals it begins the numbers of its records.
    pub kind: KindId,
    /// What it is called.
    pub name: String,
}

/// A question of a self-check with what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheckAnswer {
    /// The question, as the kiosk showed it.
    pub question: String,
    /// The answer that was touched.
    pub answer: String,
}

/// A citizen wants to apply for something. A clerk takes it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskApplication {
    /// Made by the kiosk; asking again with the same id and the same body asks once.
    pub request: RequestId,
    /// For what, one of [`Services`].
    pub kind: KindId,
    /// What the self-check asked and heard.
    #[serde(default)]
    pub answers: Vec<SelfCheckAnswer>,
    /// Where the person can be called: a mobile number.
    pub phone: Typed,
    /// When the person would like to be called.
    pub at: CallTime,
    /// Whose hand.
    pub origin: Origin,
}

/// A citizen wants guidance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskGuidance {
    /// As in [`AskApplication`].
    pub request: RequestId,
    /// About what.
    pub about: GuidanceAbout,
    /// The vacancy that they have in view, by its public id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing: Option<ShortId>,
    /// Where the person can be called.
    pub phone: Typed,
    /// When.
    pub at: CallTime,
    /// Whose hand.
    pub origin: Origin,
}

/// What guidance is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuidanceAbout {
    /// 职业指导.
    Career,
    /// 创业指导.
    Startup,
}

/// When somebody would like to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallTime {
    /// Before noon.
    Morning,
    /// After noon.
    Afternoon,
    /// Whenever.
    Any,
}

/// What was asked for stands in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its number, by which its progress can be asked for.
    pub case_no: String,
    /// The last day on which somebody calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// What a citizen says about the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveFeedback {
    /// Made by the kiosk; given again with the same id it counts once.
    pub feedback: FeedbackId,
    /// How satisfied.
    pub level: Level,
    /// About what; empty when nothing was chosen.
    #[serde(default)]
    pub about: String,
    /// The words, sealed to the centre.
    #[serde(default)]
    pub text: Option<SealedToCentre>,
    /// Whose hand.
    pub origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_sent_and_never_printed() {
        let asked = AskProgress::CaseNo {
            case_no: "AID-202611-00001".into(),
            last4: Typed::new("003X"),
        };
        assert!(!format!("{asked:?}").contains("003X"));
        let json = serde_json::to_string(&asked).unwrap();
        assert!(json.contains("003X"));
        assert_eq!(serde_json::from_str::<AskProgress>(&json).unwrap(), asked);
    }
}
