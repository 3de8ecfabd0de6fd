//! Somebody shall ring: for guidance, with a vacancy in view or not, or to apply for something. What the
//! number is for is said first, and only who agrees is asked for it (kiosk-flows §7).

use domain::id::{KindId, ShortId};
use uuid::Uuid;
use wire::citizen::{Asked, CallTime, GuidanceAbout, SelfCheckAnswer};
use wire::event::Origin;

use super::{SecretDigits, Step};
use crate::app::citizen::{CallAbout, CallWish, CitizenAnswer, CitizenAsk};

/// A mobile number.
const PHONE_DIGITS: usize = 11;

/// What is wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishFor {
    /// 职业指导, perhaps with a vacancy in view.
    Career {
        /// Its public id, and its title for the page.
        listing: Option<(ShortId, String)>,
    },
    /// 创业指导
    Startup,
    /// To apply for something.
    Application {
        /// For what.
        kind: KindId,
        /// What it is called.
        name: String,
        /// What the self-check asked and heard.
        answers: Vec<SelfCheckAnswer>,
    },
}

/// Which question is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishStep {
    /// What the number is for, and whether that is all right.
    Consent,
    /// Which number?
    Phone,
    /// When?
    Time,
    /// It stands in a record.
    Asked(Asked),
    /// Why it cannot go on.
    Told(NotAsked),
}

/// Why it cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAsked {
    /// Nobody can be asked.
    NoLine,
    /// It was sent, and no answer came: the same can be sent again and counts once.
    Unanswered,
    /// The centre says no.
    Refused(String),
    /// This machine is out of order.
    OutOfOrder,
}

/// When somebody may ring, in the order of the buttons.
pub const TIMES: [CallTime; 3] = [CallTime::Morning, CallTime::Afternoon, CallTime::Any];

/// The pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is wished.
    pub wanted: WishFor,
    /// The question.
    pub step: WishStep,
    /// The number.
    pub phone: SecretDigits,
    /// When.
    pub at: CallTime,
    /// The centre is being asked: touches wait.
    pub is_asking: bool,
    sent_as: Option<Uuid>,
}

impl Wish {
    /// The first page; without a line there is nothing to ask.
    #[must_use]
    pub fn opened(wanted: WishFor) -> Self {
        Self {
            wanted,
            step: WishStep::Consent,
            phone: SecretDigits::of(PHONE_DIGITS),
            at: CallTime::Any,
            is_asking: false,
            sent_as: None,
        }
    }

    /// There is no line: said before anything is typed.
    pub fn cut_off(&mut self) {
        self.step = WishStep::Told(NotAsked::NoLine);
    }

    pub(super) fn question(&self) -> u32 {
        match self.step {
            WishStep::Consent => 0,
            WishStep::Phone => 1,
            WishStep::Time => 2,
            WishStep::Asked(_) => 3,
            WishStep::Told(_) => 4,
        }
    }

    pub(super) fn digits(&mut self) -> Option<&mut SecretDigits> {
        (self.step == WishStep::Phone).then_some(&mut self.phone)
    }

    pub(super) fn back(&mut self) -> bool {
        let before = match self.step {
            WishStep::Phone => WishStep::Consent,
            WishStep::Time | WishStep::Told(NotAsked::Refused(_)) => WishStep::Phone,
            _ => return false,
        };
        self.is_asking = false;
        self.step = before;
        true
    }

    pub(super) fn picked(&mut self, index: usize, origin: Origin) -> Step {
        match TIMES.get(index) {
            Some(at) if self.step == WishStep::Time && !self.is_asking => {
                self.at = *at;
                self.ask(origin)
            }
            _ => Step::Stay,
        }
    }

    pub(super) fn gone_on(&mut self, origin: Origin) -> Step {
        match self.step {
            WishStep::Consent => self.step = WishStep::Phone,
            WishStep::Phone if self.may_be_a_mobile() => self.step = WishStep::Time,
            WishStep::Told(NotAsked::Unanswered) if !self.is_asking => return self.ask(origin),
            _ => {}
        }
        Step::Stay
    }

    fn ask(&mut self, origin: Origin) -> Step {
        self.is_asking = true;
        Step::Ask(CitizenAsk::Call(self.wish(origin)))
    }

    /// Whether the number can be one of a mobile telephone.
    #[must_use]
    pub fn may_be_a_mobile(&self) -> bool {
        domain::personal::mobile(self.phone.typed().expose()).is_some()
    }

    fn wish(&self, origin: Origin) -> CallWish {
        CallWish {
            sent_as: self.sent_as,
            about: match &self.wanted {
                WishFor::Career { listing } => CallAbout::Guidance {
                    about: GuidanceAbout::Career,
                    listing: listing.as_ref().map(|(id, _)| id.clone()),
                },
                WishFor::Startup => CallAbout::Guidance {
                    about: GuidanceAbout::Startup,
                    listing: None,
                },
                WishFor::Application { kind, answers, .. } => CallAbout::Application {
                    kind: kind.clone(),
                    answers: answers.clone(),
                },
            },
            phone: self.phone.typed(),
            at: self.at,
            origin,
        }
    }

    pub(super) fn answered(&mut self, answer: CitizenAnswer) -> Step {
        if !std::mem::take(&mut self.is_asking) {
            return Step::Stay;
        }
        self.step = match answer {
            CitizenAnswer::Asked(asked) => {
                self.phone.clear();
                WishStep::Asked(asked)
            }
            CitizenAnswer::Refused(sentence) => WishStep::Told(NotAsked::Refused(sentence)),
            CitizenAnswer::Unanswered(id) => {
                self.sent_as = Some(id);
                WishStep::Told(NotAsked::Unanswered)
            }
            CitizenAnswer::NobodyToAsk => WishStep::Told(NotAsked::NoLine),
            CitizenAnswer::OutOfOrder => WishStep::Told(NotAsked::OutOfOrder),
            CitizenAnswer::Services(_)
            | CitizenAnswer::Progress(_)
            | CitizenAnswer::NoSuchCase(_) => {
                self.is_asking = true;
                return Step::Stay;
            }
        };
        Step::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed_through() -> Wish {
        let mut wish = Wish::opened(WishFor::Startup);
        wish.gone_on(Origin::Touch);
        "15400000001"
            .chars()
            .for_each(|c| wish.digits().unwrap().push(c));
        wish.gone_on(Origin::Touch);
        wish
    }

    #[test]
    fn nothing_is_typed_before_somebody_agrees_and_nothing_sent_before_the_number_is_whole() {
        let mut wish = Wish::opened(WishFor::Startup);
        assert!(wish.digits().is_none());
        wish.gone_on(Origin::Touch);
        "1540000"
            .chars()
            .for_each(|c| wish.digits().unwrap().push(c));
        wish.gone_on(Origin::Touch);
        assert_eq!(wish.step, WishStep::Phone);
    }

    #[test]
    fn an_answer_that_is_lost_is_asked_for_again_under_the_same_id() {
        let mut wish = typed_through();
        let Step::Ask(CitizenAsk::Call(first)) = wish.picked(1, Origin::Touch) else {
            panic!("the centre is asked");
        };
        assert_eq!((first.sent_as, first.at), (None, CallTime::Afternoon));
        let id = Uuid::from_u128(7);
        wish.answered(CitizenAnswer::Unanswered(id));
        let Step::Ask(CitizenAsk::Call(second)) = wish.gone_on(Origin::Touch) else {
            panic!("it is asked again");
        };
        assert_eq!(second.sent_as, Some(id));
        assert_eq!(second.phone, first.phone);
    }
}
