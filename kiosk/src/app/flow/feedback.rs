//! 提意见: how satisfied, about what, and sentences to choose from, so that nobody types Chinese. What
//! was chosen is sealed to the centre's key before it is kept; the kiosk cannot read it again. Without
//! that key only the level and the subject are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::rating::Level;
use serde::Deserialize;
use wire::event::Origin;

use super::Step;

#[derive(Deserialize)]
struct SentencesFile {
    /// By the word of what they are about.
    sentences: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct SubjectsFile {
    /// A word, and what stands on the button.
    about: Vec<(String, String)>,
}

static SUBJECTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let text = include_str!("../../../../assets/citizen/services.toml");
    let file: SubjectsFile = toml::from_str(text).expect("subjects, because a test reads them");
    file.about
});

static SENTENCES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let text = include_str!("../../../../assets/citizen/feedback.toml");
    let file: SentencesFile = toml::from_str(text).expect("sentences, because a test reads them");
    file.sentences
});

/// What feedback can be about: a word, and what stands on the button.
#[must_use]
pub fn subjects() -> &'static [(String, String)] {
    &SUBJECTS
}

/// Which question is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedbackStep {
    /// How satisfied?
    Level,
    /// About what?
    About,
    /// What exactly?
    Sentences,
    /// It is being kept.
    Keeping,
    /// It is kept.
    Kept,
    /// It could not be kept.
    NotKept,
}

/// A feedback to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackToKeep {
    /// How satisfied.
    pub level: Level,
    /// About what: a word of [`subjects`].
    pub about: String,
    /// The sentences, to be sealed; empty when there are none.
    pub words: String,
    /// Whose hand.
    pub origin: Origin,
}

/// The pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The question.
    pub step: FeedbackStep,
    /// How satisfied.
    pub level: Option<Level>,
    /// The place of what it is about.
    pub about: usize,
    /// The places of the sentences that are ticked.
    pub ticked: BTreeSet<usize>,
    /// Whether sentences can be sealed.
    pub can_seal: bool,
}

impl Feedback {
    /// The first page. `can_seal`: the centre's key is known.
    #[must_use]
    pub fn opened(can_seal: bool) -> Self {
        Self {
            step: FeedbackStep::Level,
            level: None,
            about: 0,
            ticked: BTreeSet::new(),
            can_seal,
        }
    }

    pub(super) fn question(&self) -> u32 {
        match self.step {
            FeedbackStep::Level => 0,
            FeedbackStep::About => 1,
            FeedbackStep::Sentences => 2,
            FeedbackStep::Keeping => 3,
            FeedbackStep::Kept => 4,
            FeedbackStep::NotKept => 5,
        }
    }

    pub(super) fn back(&mut self) -> bool {
        self.step = match self.step {
            FeedbackStep::About => FeedbackStep::Level,
            FeedbackStep::Sentences => FeedbackStep::About,
            _ => return false,
        };
        true
    }

    /// Sentences about what was chosen.
    #[must_use]
    pub fn sentences(&self) -> &'static [String] {
        let word = subjects().get(self.about).map(|(word, _)| word);
        let known = word.and_then(|word| SENTENCES.get(word));
        known.map_or(&[], Vec::as_slice)
    }

    pub(super) fn picked(&mut self, index: usize, origin: Origin) -> Step {
        match self.step {
            FeedbackStep::Level => {
                self.level = Level::ALL.get(index).copied();
                self.step = FeedbackStep::About;
            }
            FeedbackStep::About if index < subjects().len() => {
                if self.about != index {
                    self.ticked.clear();
                }
                self.about = index;
                if !self.can_seal {
                    return self.keep(origin);
                }
                self.step = FeedbackStep::Sentences;
            }
            FeedbackStep::Sentences if !self.ticked.remove(&index) => {
                self.ticked.insert(index);
            }
            _ => {}
        }
        Step::Stay
    }

    pub(super) fn gone_on(&mut self, origin: Origin) -> Step {
        match self.step {
            FeedbackStep::Sentences => self.keep(origin),
            _ => Step::Stay,
        }
    }

    fn keep(&mut self, origin: Origin) -> Step {
        let Some(level) = self.level else {
            return Step::Stay;
        };
        let sentences = self.sentences();
        let words = self.ticked.iter().filter_map(|index| sentences.get(*index));
        let words: Vec<&str> = words.map(String::as_str).collect();
        let about = subjects().get(self.about);
        self.step = FeedbackStep::Keeping;
        Step::Keep(FeedbackToKeep {
            level,
            about: about.map(|(word, _)| word.clone()).unwrap_or_default(),
            words: words.join("；"),
            origin,
        })
    }

    /// Whether it is on disk now.
    pub fn kept(&mut self, is_kept: bool) {
        if self.step == FeedbackStep::Keeping {
            self.step = if is_kept {
                FeedbackStep::Kept
            } else {
                FeedbackStep::NotKept
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_has_sentences_and_every_sentence_a_subject() {
        let words: BTreeSet<_> = subjects().iter().map(|(word, _)| word).collect();
        assert_eq!(words, SENTENCES.keys().collect());
        assert!(SENTENCES.values().all(|sentences| !sentences.is_empty()));
        let longest = SENTENCES
            .values()
            .flatten()
            .map(|it| it.chars().count())
            .max();
        assert!(longest <= Some(20), "a sentence is one line of a button");
    }

    #[test]
    fn ticked_sentences_are_kept_in_the_order_of_the_page() {
        let mut feedback = Feedback::opened(true);
        feedback.picked(3, Origin::Touch);
        feedback.picked(0, Origin::Touch);
        for index in [2, 0, 1, 1] {
            feedback.picked(index, Origin::Touch);
        }
        let Step::Keep(kept) = feedback.gone_on(Origin::Touch) else {
            panic!("it is kept");
        };
        let sentences = &SENTENCES["waiting"];
        assert_eq!(kept.words, format!("{}；{}", sentences[0], sentences[2]));
        assert_eq!((kept.level, kept.about.as_str()), (Level::Bad, "waiting"));
        assert_eq!(feedback.gone_on(Origin::Touch), Step::Stay, "once");
    }

    #[test]
    fn without_the_centres_key_no_sentence_is_offered() {
        let mut feedback = Feedback::opened(false);
        feedback.picked(0, Origin::Touch);
        let Step::Keep(kept) = feedback.picked(1, Origin::Touch) else {
            panic!("it is kept at once");
        };
        assert_eq!(kept.words, "");
    }
}
