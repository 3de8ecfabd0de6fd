//! Classes of work: by words in a title or in what somebody wants to do, by codes of the national
//! classification of occupations. The classes are those of `assets/matching/occupations.toml`.

use std::collections::BTreeMap;

use super::words::narrowed;

/// A set of classes, one bit each.
pub(super) type ClassSet = u128;

/// Most classes of a file: one bit of a [`ClassSet`] each.
pub(super) const CLASSES_MAX: usize = 128;

/// What is wanted or offered as work, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    /// In somebody's own words, or a code.
    pub(super) text: String,
    /// Its code beside the words, if it has one.
    pub(super) code: Option<String>,
    /// The classes it belongs to.
    pub(super) classes: ClassSet,
    /// The classes near to these, themselves not among them.
    pub(super) near: ClassSet,
}

/// A class as its file says it.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) codes: Vec<String>,
    pub(super) words: Vec<String>,
    pub(super) near: ClassSet,
}

/// The classes of work.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    classes: Vec<Class>,
    /// Words with their classes, by their first character: texts are read once.
    by_first: BTreeMap<char, Vec<(String, ClassSet)>>,
}

/// A word that stands in a text.
struct Hit {
    from: usize,
    to: usize,
    classes: ClassSet,
}

impl Classes {
    /// Of at most [`CLASSES_MAX`] classes.
    pub(super) fn of(classes: Vec<Class>) -> Self {
        let mut by_first: BTreeMap<char, Vec<(String, ClassSet)>> = BTreeMap::new();
        for (bit, class) in classes.iter().enumerate() {
            for word in &class.words {
                let Some(first) = word.chars().next() else {
                    continue;
                };
                let words = by_first.entry(first).or_default();
                match words.iter_mut().find(|(known, _)| known == word) {
                    Some((_, set)) => *set |= 1 << bit,
                    None => words.push((word.clone(), 1 << bit)),
                }
            }
        }
        Self { classes, by_first }
    }

    /// Work by its words and, where there is one, its code.
    #[must_use]
    pub(super) fn work(&self, text: &str, code: Option<&str>) -> Work {
        let text = narrowed(text);
        let classes = self.of_text(&text) | self.of_code(code.unwrap_or(&text));
        let near = self.near(classes) & !classes;
        Work {
            text,
            code: code.map(str::to_owned),
            classes,
            near,
        }
    }

    /// Longer words hide those inside them: 叉车工 is no 车工.
    pub(super) fn of_text(&self, text: &str) -> ClassSet {
        let mut hits: Vec<Hit> = Vec::new();
        for (from, first) in text.char_indices() {
            let words = self.by_first.get(&first).into_iter().flatten();
            let found = words.filter(|(word, _)| text[from..].starts_with(word.as_str()));
            hits.extend(found.map(|(word, classes)| Hit {
                from,
                to: from + word.len(),
                classes: *classes,
            }));
        }
        let is_inside = |hit: &Hit, other: &Hit| {
            other.from <= hit.from
                && hit.to <= other.to
                && hit.to - hit.from < other.to - other.from
        };
        hits.iter()
            .filter(|hit| !hits.iter().any(|other| is_inside(hit, other)))
            .fold(0, |set, hit| set | hit.classes)
    }

    fn of_code(&self, code: &str) -> ClassSet {
        let is_code = code.starts_with(|c: char| c.is_ascii_digit());
        if !is_code {
            return 0;
        }
        let has = |class: &Class| class.codes.iter().any(|known| is_part_of(code, known));
        let classes = self.classes.iter().enumerate();
        classes
            .filter(|(_, class)| has(class))
            .fold(0, |set, (bit, _)| set | 1 << bit)
    }

    /// Near is meant both ways.
    fn near(&self, of: ClassSet) -> ClassSet {
        let mut near = 0;
        for (bit, class) in self.classes.iter().enumerate() {
            if of & (1 << bit) != 0 {
                near |= class.near;
            }
            if class.near & of != 0 {
                near |= 1 << bit;
            }
        }
        near
    }
}

/// Whether a code is, or is narrower than, another: 6-18-02-04 is part of 6-18, 6-180 is not.
pub(super) fn is_part_of(code: &str, wide: &str) -> bool {
    code.strip_prefix(wide)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
