//! 办进度: where a case stands, by the number on its receipt and the last four characters of a document
//! or a telephone; or by the card at the reader, which says whose they are. Three misses lock the kiosk for ten minutes, whoever stands there; the centre counts
//! for itself as well.

use std::time::Duration;

use domain::id::KindId;
use kiosk_peripherals::idcard::poll::ReadFault;
use wire::citizen::{AskProgress, CaseProgress, Services, ToldAbout};

use super::{SecretDigits, Step};
use crate::app::card::{CardAnswer, CardStage};
use crate::app::citizen::{CitizenAnswer, CitizenAsk};

/// Year and month, and the number within it, as on a receipt: `202611-00001`.
const NUMBER_DIGITS: usize = 11;
/// Digits before the line in it.
pub const MONTH_DIGITS: usize = 6;
/// Characters of a document or a telephone.
const LAST_CHARACTERS: usize = 4;
/// Misses after which it is locked (kiosk-flows F9).
const MISSES_MAX: u8 = 3;
/// For how long.
pub const LOCKED_FOR: Duration = Duration::from_mins(10);

/// Which question is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgressStep {
    /// The centre is asked about what it tells.
    Opening,
    /// What is it about?
    Kind,
    /// Which number?
    Number,
    /// Which four characters?
    Last,
    /// A card is wanted instead of both.
    Card(CardStage),
    /// Where the cases stand, what changed last first; the place of the one on the screen.
    Cases(Vec<CaseProgress>, Option<usize>),
    /// Why it cannot go on.
    Told(NoProgress),
}

/// Why it cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoProgress {
    /// Nobody can be asked.
    NoLine,
    /// Too many misses.
    Locked,
    /// The centre says no.
    Refused(String),
    /// This machine is out of order.
    OutOfOrder,
}

/// The pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The question.
    pub step: ProgressStep,
    /// About what the centre tells.
    pub kinds: Vec<ToldAbout>,
    /// The place of the one that was chosen.
    pub kind: usize,
    /// The number on the receipt, without its letters.
    pub number: SecretDigits,
    /// The last four characters.
    pub last: SecretDigits,
    /// What to say, if something must be said.
    pub message: Option<String>,
    /// The centre is being asked: touches wait.
    pub is_asking: bool,
}

impl Progress {
    /// The first page; without a line there is nothing to ask.
    #[must_use]
    pub fn opened(is_cut_off: bool, is_locked: bool) -> (Self, Step) {
        let (step, next) = match (is_cut_off, is_locked) {
            (true, _) => (ProgressStep::Told(NoProgress::NoLine), Step::Stay),
            (_, true) => (ProgressStep::Told(NoProgress::Locked), Step::Stay),
            _ => (ProgressStep::Opening, Step::Ask(CitizenAsk::Services)),
        };
        let progress = Self {
            is_asking: step == ProgressStep::Opening,
            step,
            kinds: Vec::new(),
            kind: 0,
            number: SecretDigits::of(NUMBER_DIGITS),
            last: SecretDigits::of(LAST_CHARACTERS),
            message: None,
        };
        (progress, next)
    }

    /// As a number.
    pub(super) fn question(&self) -> u32 {
        match self.step {
            ProgressStep::Opening => 0,
            ProgressStep::Kind => 1,
            ProgressStep::Number => 2,
            ProgressStep::Last => 3,
            ProgressStep::Cases(_, None) => 4,
            ProgressStep::Cases(_, Some(_)) => 5,
            ProgressStep::Told(_) => 6,
            ProgressStep::Card(_) => 7,
        }
    }

    /// What is being typed. Whoever types anew no longer needs to be told what was wrong.
    pub(super) fn digits(&mut self) -> Option<&mut SecretDigits> {
        if self.is_asking {
            return None;
        }
        self.message = None;
        match self.step {
            ProgressStep::Number => Some(&mut self.number),
            ProgressStep::Last => Some(&mut self.last),
            _ => None,
        }
    }

    pub(super) fn back(&mut self) -> bool {
        let before = match &self.step {
            ProgressStep::Number | ProgressStep::Card(_) => ProgressStep::Kind,
            ProgressStep::Last => {
                self.last.clear();
                ProgressStep::Number
            }
            ProgressStep::Cases(cases, Some(_)) if cases.len() > 1 => {
                ProgressStep::Cases(cases.clone(), None)
            }
            _ => return false,
        };
        self.message = None;
        self.is_asking = false;
        self.step = before;
        true
    }

    pub(super) fn picked(&mut self, index: usize) -> Step {
        match &self.step {
            ProgressStep::Kind if index < self.kinds.len() => {
                self.kind = index;
                self.step = ProgressStep::Number;
            }
            ProgressStep::Cases(cases, None) if index < cases.len() => {
                self.step = ProgressStep::Cases(cases.clone(), Some(index));
            }
            _ => {}
        }
        Step::Stay
    }

    pub(super) fn gone_on(&mut self) -> Step {
        match self.step {
            ProgressStep::Number if self.number.is_whole() => self.step = ProgressStep::Last,
            ProgressStep::Last if self.last.is_whole() && !self.is_asking => {
                if let Some(case_no) = self.case_no() {
                    self.is_asking = true;
                    return Step::Ask(CitizenAsk::Progress(AskProgress::CaseNo {
                        case_no,
                        last4: self.last.typed(),
                    }));
                }
            }
            _ => {}
        }
        Step::Stay
    }

    /// Whether a card is waited for.
    #[must_use]
    pub fn awaits_card(&self) -> bool {
        matches!(&self.step, ProgressStep::Card(stage) if stage.is_waiting())
    }

    /// Whether the centre is being asked about a card's holder.
    #[must_use]
    pub fn asks_by_card(&self) -> bool {
        self.step == ProgressStep::Card(CardStage::Asking)
    }

    /// A card is to be read, or digits are typed after all.
    pub(super) fn card_touched(&mut self, wants_card: bool, now: Duration) {
        if self.is_asking {
            return;
        }
        self.step = if wants_card {
            ProgressStep::Card(CardStage::begun(now))
        } else {
            ProgressStep::Kind
        };
    }

    /// What came of waiting for a card. The number goes on at once and stays nowhere.
    pub fn card_answered(&mut self, answer: CardAnswer) -> Step {
        match answer {
            CardAnswer::Holder(id_number) => {
                self.step = ProgressStep::Card(CardStage::Asking);
                self.is_asking = true;
                Step::Ask(CitizenAsk::Progress(AskProgress::Card { id_number }))
            }
            CardAnswer::Failed(trouble) => {
                self.step = ProgressStep::Card(CardStage::Failed(trouble));
                Step::Stay
            }
        }
    }

    /// The time for a card may be over.
    pub fn card_ticked(&mut self, now: Duration) {
        if let ProgressStep::Card(CardStage::Waiting { until }) = self.step
            && now >= until
        {
            self.step = ProgressStep::Card(CardStage::Failed(ReadFault::NoCard.into()));
        }
    }

    /// The number with the letters of its kind.
    fn case_no(&self) -> Option<String> {
        let kind: &KindId = &self.kinds.get(self.kind)?.kind;
        let number = self.number.typed();
        let (month, count) = number.expose().split_at_checked(MONTH_DIGITS)?;
        Some(format!("{}-{month}-{count}", kind.as_str().to_uppercase()))
    }

    pub(super) fn answered(&mut self, answer: CitizenAnswer) -> Step {
        if !std::mem::take(&mut self.is_asking) {
            return Step::Stay;
        }
        let (is_opening, is_last, is_card) = (
            self.step == ProgressStep::Opening,
            self.step == ProgressStep::Last,
            self.asks_by_card(),
        );
        self.step = match answer {
            CitizenAnswer::Services(services) if is_opening => self.offered(*services),
            CitizenAnswer::Progress(cases) if is_last || is_card => {
                let only = (cases.len() == 1).then_some(0);
                ProgressStep::Cases(cases, only)
            }
            CitizenAnswer::NoSuchCase(_) if is_card => ProgressStep::Cases(Vec::new(), None),
            CitizenAnswer::NoSuchCase(sentence) if is_last => {
                self.last.clear();
                self.message = Some(sentence);
                return Step::Missed;
            }
            CitizenAnswer::Refused(sentence) => ProgressStep::Told(NoProgress::Refused(sentence)),
            CitizenAnswer::OutOfOrder => ProgressStep::Told(NoProgress::OutOfOrder),
            CitizenAnswer::NobodyToAsk => ProgressStep::Told(NoProgress::NoLine),
            _ => {
                self.is_asking = true;
                return Step::Stay;
            }
        };
        Step::Stay
    }

    fn offered(&mut self, services: Services) -> ProgressStep {
        self.kinds = services.told_about;
        if self.kinds.is_empty() {
            ProgressStep::Told(NoProgress::NoLine)
        } else {
            ProgressStep::Kind
        }
    }

    /// Too many misses: nothing more can be tried now.
    pub fn lock(&mut self) {
        self.last.clear();
        self.step = ProgressStep::Told(NoProgress::Locked);
    }
}

/// Misses at this kiosk, whoever stood there.
#[derive(Debug, Clone, Copy, Default)]
pub struct MissCount {
    misses: u8,
    last_at: Duration,
}

impl MissCount {
    /// Counts one; `true` when it locks.
    pub fn missed(&mut self, now: Duration) -> bool {
        if now.saturating_sub(self.last_at) >= LOCKED_FOR {
            self.misses = 0;
        }
        self.misses = self.misses.saturating_add(1);
        self.last_at = now;
        self.is_locked(now)
    }

    /// Whether it is locked.
    #[must_use]
    pub fn is_locked(&self, now: Duration) -> bool {
        self.misses >= MISSES_MAX && now.saturating_sub(self.last_at) < LOCKED_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: u64) -> Duration {
        Duration::from_mins(minutes)
    }

    #[test]
    fn three_misses_lock_for_ten_minutes_and_old_ones_are_forgotten() {
        let mut count = MissCount::default();
        assert!(!count.missed(minutes(100)));
        assert!(!count.missed(minutes(101)));
        assert!(count.missed(minutes(102)));
        assert!(count.is_locked(minutes(111)));
        assert!(!count.is_locked(minutes(112)));
        assert!(!count.missed(minutes(112)), "counting begins anew");
    }

    #[test]
    fn the_number_is_asked_for_with_the_letters_of_its_kind() {
        let (mut progress, _) = Progress::opened(false, false);
        let told_about = vec![ToldAbout {
            kind: KindId::new("ui_claim").unwrap(),
            name: "失业保险金".into(),
        }];
        let services = Services {
            services: Vec::new(),
            told_about,
            seal_to: None,
        };
        progress.answered(CitizenAnswer::Services(Box::new(services)));
        progress.picked(0);
        assert_eq!(progress.gone_on(), Step::Stay, "nothing is typed yet");
        "20261100007"
            .chars()
            .for_each(|c| progress.digits().unwrap().push(c));
        progress.gone_on();
        "003X"
            .chars()
            .for_each(|c| progress.digits().unwrap().push(c));
        let Step::Ask(CitizenAsk::Progress(AskProgress::CaseNo { case_no, last4 })) =
            progress.gone_on()
        else {
            panic!("the centre is asked");
        };
        assert_eq!(
            (case_no.as_str(), last4.expose()),
            ("UI_CLAIM-202611-00007", "003X")
        );
        assert!(progress.digits().is_none(), "touches wait");
        assert_eq!(
            progress.answered(CitizenAnswer::NoSuchCase("没查到。".into())),
            Step::Missed
        );
        assert!(progress.last.is_empty() && progress.message.is_some());
    }
}
