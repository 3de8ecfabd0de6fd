//! Skills as people write them: 电工，四级，证号 is the skill 电工; 低压电工 and 电工证 are the same skill.

use super::occupation::{ClassSet, Classes};
use super::words::{holds, narrowed};

/// A set of lines of synonyms, one bit each.
type SynonymSet = u128;

/// Most lines of synonyms of a file.
pub(super) const SYNONYMS_MAX: usize = 128;

/// A skill that is held or asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Skill {
    text: String,
    synonyms: SynonymSet,
    classes: ClassSet,
}

/// How near a held skill is to one that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    Other,
    Related,
    Same,
}

/// Lines of words for one and the same skill.
#[derive(Debug, Clone)]
pub(super) struct Synonyms(pub(super) Vec<Vec<String>>);

impl Synonyms {
    pub(super) fn skill(&self, text: &str, classes: &Classes) -> Skill {
        let text = narrowed(text);
        let lines = self.0.iter().enumerate();
        let synonyms = lines
            .filter(|(_, words)| words.iter().any(|word| text.contains(word.as_str())))
            .fold(0, |set, (bit, _)| set | 1 << bit);
        let classes = classes.of_text(&text);
        Skill {
            text,
            synonyms,
            classes,
        }
    }
}

impl Skill {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn nearness(&self, held: &Self) -> Nearness {
        let is_same = self.synonyms & held.synonyms != 0
            || holds(&self.text, &held.text)
            || holds(&held.text, &self.text);
        match (is_same, self.classes & held.classes != 0) {
            (true, _) => Nearness::Same,
            (false, true) => Nearness::Related,
            (false, false) => Nearness::Other,
        }
    }
}
