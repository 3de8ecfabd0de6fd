//! Papers of one person: which one is at the printer, and what became of it (`escpos.md`, "Safe print
//! procedure").
//!
//! One paper at a time. What nobody knows to have come out is never printed again by itself: the person
//! says whether it did, and the second paper bears 补打. A paper belongs to its session and goes with it.
//! What stands on a paper is made elsewhere (`view_model/paper.rs`); nothing here talks to a printer.

use std::fmt;

use kiosk_peripherals::escpos::document::{Document, DocumentFault};
use kiosk_peripherals::printing::{Outcome, Trouble, Warning};
use kiosk_peripherals::slip::{Checklist, Copy, Slip};

/// How often one paper is printed again; after that somebody has to look at the printer.
const REPRINTS_MAX: u8 = 2;

/// Something that can be printed.
#[derive(Clone, PartialEq, Eq)]
pub enum Paper {
    /// The slip of a number.
    Slip(Box<Slip>),
    /// Anything to take home: what to bring, a policy, a vacancy, a time that is kept.
    Checklist(Box<Checklist>),
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slip(_) => "Slip(…)",
            Self::Checklist(_) => "Checklist(…)",
        })
    }
}

impl Paper {
    fn document(&self, copy: Copy) -> Result<Document, DocumentFault> {
        match self {
            Self::Slip(slip) => Slip {
                copy,
                ..(**slip).clone()
            }
            .document(),
            Self::Checklist(list) => list.document(),
        }
    }
}

/// A paper for the printer. It may bear a ticket's secrets, so it is never printed into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct PaperOrder {
    /// By which its outcome is known.
    pub no: u32,
    /// What stands on it.
    pub document: Document,
}

impl fmt::Debug for PaperOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaperOrder({})", self.no)
    }
}

/// What can be answered when a paper has to be talked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperTouch {
    /// The first button: 知道了, 出来了.
    First,
    /// The second one: 请人来看看, 没出来，再打一张.
    Second,
}

/// How it stands with the last paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaperStage {
    /// None was wished, or all was said about it.
    #[default]
    None,
    /// At the printer.
    OnItsWay,
    /// It came out.
    CameOut {
        /// The roll is nearly used up.
        is_low: bool,
    },
    /// Nothing was sent.
    Refused(Trouble),
    /// Nobody knows; what the printer said last.
    Unknown(Option<Trouble>),
    /// It is more than a paper takes.
    TooLong,
    /// It was printed again as often as is sensible.
    GivenUp,
}

/// What an answer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperStep {
    /// All was said.
    Closed,
    /// It is printed again.
    Again,
    /// Somebody is called.
    AskPerson,
}

/// The papers of a person.
#[derive(Debug, Default)]
pub struct Papers {
    stage: PaperStage,
    last: Option<Paper>,
    no: u32,
    reprints: u8,
    has_come_out: bool,
}

impl Papers {
    /// How it stands with the last one.
    #[must_use]
    pub fn stage(&self) -> PaperStage {
        self.stage
    }

    /// Whether another one has to wait.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.stage == PaperStage::OnItsWay
    }

    /// Whether the person has to answer something.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        matches!(
            self.stage,
            PaperStage::Refused(_) | PaperStage::Unknown(_) | PaperStage::GivenUp
        )
    }

    /// The number on the last slip, for whoever has to note it.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match &self.last {
            Some(Paper::Slip(slip)) => Some(&slip.number),
            Some(Paper::Checklist(_)) | None => None,
        }
    }

    /// Whether this one came out before; printing it once more is a reprint.
    #[must_use]
    pub fn came_out(&self, paper: &Paper) -> bool {
        self.has_come_out && self.last.as_ref() == Some(paper)
    }

    /// Whether it may be printed now: the printer is free, and it did not come out often enough.
    #[must_use]
    pub fn may_print(&self, paper: &Paper) -> bool {
        !self.is_busy() && (!self.came_out(paper) || self.may_reprint())
    }

    fn may_reprint(&self) -> bool {
        self.reprints < REPRINTS_MAX
    }

    /// A paper is wished. Nothing while another is on its way, or when it was printed often enough.
    pub fn order(&mut self, paper: Paper, no: u32) -> Option<PaperOrder> {
        if !self.may_print(&paper) {
            return None;
        }
        if self.came_out(&paper) {
            return self.again(no);
        }
        if self.last.as_ref() != Some(&paper) {
            self.reprints = 0;
        }
        self.has_come_out = false;
        self.last = Some(paper);
        self.send(Copy::First, no)
    }

    /// The last one once more, on the person's word.
    pub fn again(&mut self, no: u32) -> Option<PaperOrder> {
        if self.is_busy() || self.last.is_none() {
            return None;
        }
        if !self.may_reprint() {
            self.stage = PaperStage::GivenUp;
            return None;
        }
        self.reprints += 1;
        self.send(Copy::Reprint, no)
    }

    fn send(&mut self, copy: Copy, no: u32) -> Option<PaperOrder> {
        match self.last.as_ref()?.document(copy) {
            Ok(document) => {
                self.stage = PaperStage::OnItsWay;
                self.no = no;
                Some(PaperOrder { no, document })
            }
            Err(_) => {
                self.stage = PaperStage::TooLong;
                None
            }
        }
    }

    /// What became of a paper; of somebody else's nothing is said here.
    pub fn settled(&mut self, no: u32, outcome: Outcome) {
        if !self.is_busy() || self.no != no {
            return;
        }
        self.stage = match outcome {
            Outcome::Printed(warning) => {
                self.has_come_out = true;
                let is_low = warning == Some(Warning::PaperLow);
                PaperStage::CameOut { is_low }
            }
            Outcome::Refused(trouble) => PaperStage::Refused(trouble),
            Outcome::Unknown(trouble) => PaperStage::Unknown(trouble),
        };
    }

    /// Something else was touched: what was said about a paper that came out has been read.
    pub fn read(&mut self) {
        if matches!(self.stage, PaperStage::CameOut { .. } | PaperStage::TooLong) {
            self.stage = PaperStage::None;
        }
    }

    /// An answer; `None` while nothing is asked.
    pub fn answered(&mut self, touch: PaperTouch) -> Option<PaperStep> {
        let step = match (self.stage, touch) {
            (PaperStage::Unknown(_), PaperTouch::First) => {
                self.has_come_out = true;
                PaperStep::Closed
            }
            (PaperStage::Unknown(_), PaperTouch::Second) => return Some(PaperStep::Again),
            (PaperStage::Refused(_) | PaperStage::GivenUp, PaperTouch::First) => PaperStep::Closed,
            (PaperStage::Refused(_) | PaperStage::GivenUp, PaperTouch::Second) => {
                PaperStep::AskPerson
            }
            _ => return None,
        };
        self.stage = PaperStage::None;
        Some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(number: &str) -> Paper {
        Paper::Slip(Box::new(Slip {
            number: number.into(),
            code: Some("4711".into()),
            ..Slip::default()
        }))
    }

    fn is_marked(order: &PaperOrder) -> bool {
        format!("{:?}", order.document).contains("补打")
    }

    #[test]
    fn one_paper_at_a_time_and_another_persons_outcome_changes_nothing() {
        let mut papers = Papers::default();
        let first = papers.order(slip("A012"), 7).unwrap();
        assert!(!is_marked(&first));
        assert_eq!(papers.order(slip("A013"), 8), None);
        papers.settled(6, Outcome::Refused(Trouble::PaperOut));
        assert!(papers.is_busy());
        papers.settled(7, Outcome::Printed(Some(Warning::PaperLow)));
        assert_eq!(papers.stage(), PaperStage::CameOut { is_low: true });
    }

    #[test]
    fn what_nobody_knows_is_printed_again_on_somebodys_word_only_and_says_so() {
        let mut papers = Papers::default();
        papers.order(slip("A012"), 1).unwrap();
        papers.settled(1, Outcome::Unknown(Some(Trouble::CoverOpen)));
        assert_eq!(papers.answered(PaperTouch::Second), Some(PaperStep::Again));
        assert!(is_marked(&papers.again(2).unwrap()));
        papers.settled(2, Outcome::Unknown(None));
        assert_eq!(papers.answered(PaperTouch::First), Some(PaperStep::Closed));
        let third = papers.order(slip("A012"), 3).unwrap();
        assert!(is_marked(&third), "it is said to have come out");
        papers.settled(3, Outcome::Unknown(None));
        assert_eq!(papers.again(4), None);
        assert_eq!(papers.stage(), PaperStage::GivenUp);
    }

    #[test]
    fn a_paper_that_was_refused_is_a_first_one_when_it_is_wished_again() {
        let mut papers = Papers::default();
        papers.order(slip("A012"), 1).unwrap();
        papers.settled(1, Outcome::Refused(Trouble::PaperOut));
        assert_eq!(
            papers.answered(PaperTouch::Second),
            Some(PaperStep::AskPerson)
        );
        assert!(!is_marked(&papers.order(slip("A012"), 2).unwrap()));
    }

    #[test]
    fn what_stands_on_a_paper_is_in_no_log() {
        let mut papers = Papers::default();
        let order = papers.order(slip("A012"), 1).unwrap();
        assert!(!format!("{order:?} {papers:?}").contains("4711"));
    }
}
