//! An identity card at the kiosk's reader: read, used, forgotten. What comes here is only the number, to
//! be sent at once, or why there is none; no page ever holds the card, and no number is ever shown.

use std::time::Duration;

use kiosk_peripherals::idcard::check::Disbelief;
use kiosk_peripherals::idcard::poll::ReadFault;
use kiosk_peripherals::phone_identity::PhoneFault;
use thiserror::Error;
use wire::citizen::Typed;

/// How long a page waits for a card.
pub const CARD_TIME: Duration = Duration::from_secs(30);

/// Why nobody is known by a card, or by the code on a telephone; for the person who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CardTrouble {
    /// It was not read.
    #[error(transparent)]
    Unread(#[from] ReadFault),
    /// It was read and does not hold.
    #[error(transparent)]
    Disbelieved(#[from] Disbelief),
    /// 外国人永久居留证: its number is not one by which cases are found here.
    #[error("这是外国人永久居留证，这台机器认不了。请用回执上的编号查，或者取号到窗口办。")]
    Foreign,
    /// Nobody knows whose code it is.
    #[error(transparent)]
    Phone(#[from] PhoneFault),
}

impl CardTrouble {
    /// Whether another try with the same card can go better.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unread(fault) => !matches!(
                fault,
                ReadFault::Absent | ReadFault::Unusable(_) | ReadFault::UnknownKind
            ),
            Self::Disbelieved(why) => *why == Disbelief::Misread,
            Self::Foreign => false,
            Self::Phone(why) => *why != PhoneFault::NotOffered,
        }
    }
}

/// What came of waiting for a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardAnswer {
    /// Its holder's number, on its way to the centre.
    Holder(Typed),
    /// None.
    Failed(CardTrouble),
}

/// A page that wants a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardStage {
    /// A card is waited for until then.
    Waiting {
        /// On the kiosk's clock.
        until: Duration,
    },
    /// It was read; the centre is asked.
    Asking,
    /// It was not.
    Failed(CardTrouble),
}

impl CardStage {
    /// A page that begins to wait.
    #[must_use]
    pub fn begun(now: Duration) -> Self {
        Self::Waiting {
            until: now + CARD_TIME,
        }
    }

    /// Whether the reader is to be asked.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting { .. })
    }
}
