//! Scoring one visit: a face, reasons for a bad one, and thanks only after the score is durable.
//! No answer is suggested; who does nothing for 30 seconds has not scored.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use domain::id::WindowNo;
use domain::queue::TicketLabel;
use domain::rating::Level;
use serde::Deserialize;
use wire::event::VisitProof;

use super::effect::ScoreToKeep;
use super::event::{Surroundings, Touch};

/// `rating.idle_s`: after this time without a touch the visit counts as not scored.
pub const SCORE_TIME: Duration = Duration::from_secs(30);

/// A reason of the dictionary `poor_reason`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PoorReason {
    /// `R01` …
    pub code: String,
    /// The words.
    pub name: String,
}

#[derive(Deserialize)]
struct ReasonFile {
    reasons: Vec<PoorReason>,
}

static REASONS: LazyLock<Vec<PoorReason>> = LazyLock::new(|| {
    let text = include_str!("../../../assets/codes/poor-reasons.json");
    let file: ReasonFile =
        serde_json::from_str(text).expect("the embedded dictionary, because a test reads it");
    file.reasons
});

/// The reasons of a bad score, in the order of the screen.
#[must_use]
pub fn reasons() -> &'static [PoorReason] {
    &REASONS
}

/// The visit that is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitToScore {
    /// What entitles to score it.
    pub proof: VisitProof,
    /// Its number.
    pub label: TicketLabel,
    /// What it was about.
    pub matter: String,
    /// The window that served it, if known.
    pub window: Option<WindowNo>,
    /// The clerk's number, if known.
    pub clerk_no: Option<String>,
}

/// Where scoring stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreStep {
    /// The five faces.
    Faces,
    /// What was not good.
    Reasons {
        /// The bad level.
        level: Level,
        /// Indices of chosen reasons.
        chosen: BTreeSet<usize>,
        /// The page of reasons, from 0.
        page: usize,
    },
    /// Being made durable.
    Saving {
        /// Whether it was sent from the reasons.
        had_reasons: bool,
    },
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    /// The visit.
    pub visit: VisitToScore,
    /// Where it stands.
    pub step: ScoreStep,
    /// When it counts as not scored.
    pub until: Duration,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scored {
    /// Not decided yet.
    NotYet,
    /// 这次不评, or back.
    Skipped,
    /// A score to keep.
    Keep(ScoreToKeep),
}

impl Scoring {
    /// A fresh page that waits until `until`.
    #[must_use]
    pub fn new(visit: VisitToScore, until: Duration) -> Self {
        Self {
            visit,
            step: ScoreStep::Faces,
            until,
        }
    }

    /// A touch on this page.
    pub fn touched(&mut self, touch: &Touch, around: &Surroundings) -> Scored {
        if matches!(self.step, ScoreStep::Saving { .. }) {
            return Scored::NotYet;
        }
        self.until = around.now + SCORE_TIME;
        match (touch, &mut self.step) {
            (Touch::SkipScore, _) | (Touch::Back, ScoreStep::Faces) => return Scored::Skipped,
            (Touch::Face(level), ScoreStep::Faces) if level.is_good() => {
                return self.keep(*level, Vec::new(), around);
            }
            (Touch::Face(level), ScoreStep::Faces) => {
                self.step = ScoreStep::Reasons {
                    level: *level,
                    chosen: BTreeSet::new(),
                    page: 0,
                };
            }
            (Touch::ChangeScore | Touch::Back, _) => self.step = ScoreStep::Faces,
            (Touch::Reason(index), ScoreStep::Reasons { chosen, page, .. }) => {
                toggle(chosen, *page * around.layout.reasons + index);
            }
            (Touch::MoreReasons, ScoreStep::Reasons { page, .. }) => {
                let pages = reasons().len().div_ceil(around.layout.reasons.max(1));
                *page = (*page + 1) % pages.max(1);
            }
            (Touch::SubmitScore, ScoreStep::Reasons { level, chosen, .. }) => {
                let code = |index: &usize| reasons().get(*index).map(|reason| reason.code.clone());
                let (level, codes) = (*level, chosen.iter().filter_map(code).collect());
                return self.keep(level, codes, around);
            }
            _ => {}
        }
        Scored::NotYet
    }

    fn keep(&mut self, level: Level, reasons: Vec<String>, around: &Surroundings) -> Scored {
        self.step = ScoreStep::Saving {
            had_reasons: self.shows_reasons(),
        };
        let proof = self.visit.proof.clone();
        Scored::Keep(ScoreToKeep {
            proof,
            level,
            reasons,
            origin: around.origin,
        })
    }

    /// Whether the time is up. A score that is being saved is waited for.
    #[must_use]
    pub fn is_over(&self, now: Duration) -> bool {
        !matches!(self.step, ScoreStep::Saving { .. }) && now >= self.until
    }

    /// Whether the reasons are shown instead of the faces.
    #[must_use]
    pub fn shows_reasons(&self) -> bool {
        match &self.step {
            ScoreStep::Faces => false,
            ScoreStep::Reasons { .. } => true,
            ScoreStep::Saving { had_reasons } => *had_reasons,
        }
    }

    /// Whether the score is kept without having been checked.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        matches!(self.visit.proof, VisitProof::CodeUnchecked { .. })
    }
}

fn toggle(chosen: &mut BTreeSet<usize>, index: usize) {
    if index < reasons().len() && !chosen.remove(&index) {
        chosen.insert(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample;

    fn page() -> Scoring {
        Scoring::new(sample::visit(), SCORE_TIME)
    }

    #[test]
    fn the_embedded_dictionary_reads_and_begins_with_r01() {
        assert_eq!(reasons()[0].code, "R01");
        assert_eq!(reasons().len(), 12);
    }

    #[test]
    fn a_good_face_is_kept_at_once_and_only_once() {
        let mut page = page();
        let kept = page.touched(&Touch::Face(Level::Good), &sample::around(1));
        assert!(matches!(
            kept,
            Scored::Keep(ScoreToKeep {
                level: Level::Good,
                ..
            })
        ));
        let again = page.touched(&Touch::Face(Level::VeryBad), &sample::around(1));
        assert_eq!(again, Scored::NotYet);
        assert!(
            !page.is_over(Duration::from_secs(999)),
            "what is being saved is waited for"
        );
    }

    #[test]
    fn a_bad_face_asks_for_reasons_and_needs_none() {
        let mut page = page();
        assert_eq!(
            page.touched(&Touch::Face(Level::Bad), &sample::around(1)),
            Scored::NotYet
        );
        let Scored::Keep(score) = page.touched(&Touch::SubmitScore, &sample::around(2)) else {
            panic!()
        };
        assert_eq!((score.level, score.reasons), (Level::Bad, Vec::new()));
    }

    #[test]
    fn reasons_of_all_pages_are_kept_by_their_codes() {
        let mut around = sample::around(1);
        around.layout.reasons = 8;
        let mut page = page();
        for touch in [
            Touch::Face(Level::VeryBad),
            Touch::Reason(0),
            Touch::Reason(3),
            Touch::Reason(3),
            Touch::MoreReasons,
            Touch::Reason(1),
        ] {
            page.touched(&touch, &around);
        }
        let Scored::Keep(score) = page.touched(&Touch::SubmitScore, &around) else {
            panic!()
        };
        assert_eq!(score.reasons, ["R01", "R10"]);
    }

    #[test]
    fn every_touch_gives_another_thirty_seconds() {
        let mut page = page();
        page.touched(&Touch::Face(Level::Bad), &sample::around(20));
        assert!(!page.is_over(Duration::from_secs(49)));
        assert!(page.is_over(Duration::from_secs(50)));
    }
}
