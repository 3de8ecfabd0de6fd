//! What the centre is asked for a citizen, and what comes of it, as values. Each carries personal data,
//! so it needs the line; nothing of it is kept here.

use uuid::Uuid;
use wire::citizen::{
    AskProgress, Asked, CallTime, CaseProgress, GuidanceAbout, SelfCheckAnswer, Services, Typed,
};
use wire::event::Origin;

use domain::id::{KindId, ShortId};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitizenAsk {
    /// What can be applied for, what is told about, and what texts are sealed to.
    Services,
    /// Where cases stand.
    Progress(AskProgress),
    /// That somebody rings.
    Call(CallWish),
}

/// That somebody rings a citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallWish {
    /// The id under which it was sent before, when nobody knows whether it arrived.
    pub sent_as: Option<Uuid>,
    /// About what.
    pub about: CallAbout,
    /// Where.
    pub phone: Typed,
    /// When.
    pub at: CallTime,
    /// Whose hand.
    pub origin: Origin,
}

/// About what somebody rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAbout {
    /// Guidance, perhaps with a vacancy in view.
    Guidance {
        /// Which.
        about: GuidanceAbout,
        /// The vacancy.
        listing: Option<ShortId>,
    },
    /// An application.
    Application {
        /// For what.
        kind: KindId,
        /// What the self-check asked and heard.
        answers: Vec<SelfCheckAnswer>,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitizenAnswer {
    /// To [`CitizenAsk::Services`].
    Services(Box<Services>),
    /// To [`CitizenAsk::Progress`].
    Progress(Vec<CaseProgress>),
    /// To [`CitizenAsk::Progress`]: number and characters do not belong together; the sentence is for
    /// the citizen.
    NoSuchCase(String),
    /// To [`CitizenAsk::Call`]: it stands in a record.
    Asked(Asked),
    /// The centre says no; the sentence is for the citizen.
    Refused(String),
    /// It was sent, and nobody knows whether it arrived: to be sent again under the same id.
    Unanswered(Uuid),
    /// Nobody could be asked.
    NobodyToAsk,
    /// Central no longer knows this device.
    OutOfOrder,
}
