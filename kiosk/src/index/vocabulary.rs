//! Words for suggestions: what really stands in titles, each with the number of listings that
//! contain it. A word is a run of 2 to 6 hanzi, or a Latin word, that somebody used as a title or
//! as a separate part of one (电工 in "电工／包吃住", never 营专 from the middle of 运营专员);
//! the words of the categories join them, so that 月嫂 is known before the first such title.
//!
//! Kept in memory (27 thousand real listings have about eight thousand words); the table `word` is its
//! durable copy. Suggestions never name a word that no listing has.

use std::collections::{HashMap, HashSet};

use super::letters::{Fit, LetterSet, Letters, Spelling};
use super::query::ListingTexts;
use super::text::{Pieces, is_latin};

/// Hanzi of the shortest and longest word.
const WORD_HANZI: std::ops::RangeInclusive<usize> = 2..=6;
/// Letters of the shortest and longest Latin word.
const WORD_LATIN: std::ops::RangeInclusive<usize> = 2..=12;
/// Bound of memory and of the time of one suggestion; rarer newcomers are left out then.
pub(crate) const WORDS_MAX: usize = 20_000;
/// With this many words that the letters begin, nobody looks inside of others.
const ENOUGH: usize = 8;
/// Parts of titles that are no work: conditions and praise. They are found, never suggested.
const NOT_WORK: [&str; 18] = [
    "双休",
    "周末双休",
    "五险一金",
    "五险",
    "底薪",
    "无责底薪",
    "包吃住",
    "包吃",
    "包住",
    "提供住宿",
    "高薪",
    "急聘",
    "急招",
    "招聘",
    "诚聘",
    "高级",
    "中级",
    "初级",
];

/// A suggested word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The word in hanzi (a Latin word in capitals).
    pub word: String,
    /// How many listings contain it.
    pub listings: u32,
}

/// What the keypad shows for some letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggested {
    /// Best first.
    pub suggestions: Vec<Suggestion>,
    /// Letters that lead on to a suggestion.
    pub next: LetterSet,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    /// How many listings have it as a separate part of the title, one more for category words.
    pub(crate) uses: u32,
    /// How many listings contain it anywhere.
    pub(crate) listings: u32,
    /// First letters of the first syllable, of all syllables, and all letters: most words are
    /// passed over by these.
    starts: LetterSet,
    initials: LetterSet,
    letters: LetterSet,
}

/// All words, and which of them have changed since they were last written.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    words: HashMap<Box<str>, Word>,
    changed: HashSet<Box<str>>,
}

/// The closeness of a word to the letters; the order is the order on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Whole,
    Beginning,
    Inside,
}

impl Vocabulary {
    /// Adds a word as it was written; replaces what is known of it.
    pub(crate) fn load(&mut self, word: &str, uses: u32, listings: u32) {
        let Some(spelling) = spelling(word) else {
            return;
        };
        let (starts, initials) = (spelling.starts(), spelling.initials());
        let known = Word {
            uses,
            listings,
            starts,
            initials,
            letters: spelling.letters(),
        };
        self.words.insert(word.into(), known);
    }

    /// Adds a word that some listings already contain.
    pub(crate) fn add(&mut self, word: &str, uses: u32, listings: u32) {
        self.load(word, uses, listings);
        self.changed.insert(word.into());
    }

    /// Whether a new word can still be added.
    pub(crate) fn has_room(&self) -> bool {
        self.words.len() < WORDS_MAX
    }

    /// Changes the numbers of every known word of a listing that came or went. Returns the words
    /// of its title that are not known yet.
    pub(crate) fn count_listing(&mut self, texts: ListingTexts<'_>, change: Change) -> Vec<String> {
        let pieces = Pieces::of_all(texts.all());
        for word in contained_words(&pieces) {
            if let Some(known) = self.words.get_mut(word) {
                known.listings = change.of(known.listings);
                self.changed.insert(word.into());
            }
        }
        let mut unknown = Vec::new();
        let title = Pieces::of(texts.title);
        for word in title
            .iter()
            .filter(|piece| is_word(piece))
            .collect::<HashSet<_>>()
        {
            match self.words.get_mut(word) {
                Some(known) => known.uses = change.of(known.uses),
                None => unknown.push(word.to_owned()),
            }
        }
        unknown
    }

    /// The words to write, and to forget them as changes. A word without a use is forgotten.
    pub(crate) fn take_changed(&mut self) -> Vec<(Box<str>, Option<Word>)> {
        let changed = std::mem::take(&mut self.changed);
        let mut written = Vec::with_capacity(changed.len());
        for word in changed {
            let now = self
                .words
                .get(&word)
                .copied()
                .filter(|known| known.uses > 0);
            if now.is_none() {
                self.words.remove(&word);
            }
            written.push((word, now));
        }
        written
    }

    /// The best words for the letters, and the letters that may follow. Words that the letters
    /// begin come first; only when those are few are the letters looked for inside of words.
    pub(crate) fn suggest(&self, letters: &Letters, limit: usize) -> Suggested {
        let Some(first) = letters.as_str().chars().next() else {
            return Suggested {
                suggestions: Vec::new(),
                next: self.starts(),
            };
        };
        let wanted = LetterSet::of(letters.as_str());
        let mut next = LetterSet::default();
        let mut ranked: Vec<(Closeness, u32, &str)> = Vec::new();
        let passing = |word: &Word| word.listings > 0 && word.letters.contains_all(wanted);
        for (word, known) in self
            .words
            .iter()
            .filter(|(_, w)| w.starts.contains(first) && passing(w))
        {
            let fit = spelling(word).and_then(|spelling| spelling.fit(letters, &mut next));
            ranked.extend(fit.map(|fit| (Closeness::of(fit), known.listings, &**word)));
        }
        ranked.retain(|(_, _, word)| !NOT_WORK.contains(word));
        if ranked.len() < ENOUGH.min(limit) {
            for (word, known) in self
                .words
                .iter()
                .filter(|(_, w)| w.initials.contains(first) && passing(w))
            {
                let is_new = !ranked.iter().any(|(_, _, ranked)| *ranked == &**word);
                let fit =
                    spelling(word).and_then(|spelling| spelling.fit_inside(letters, &mut next));
                if fit.is_some() && is_new && !NOT_WORK.contains(&&**word) {
                    ranked.push((Closeness::Inside, known.listings, word));
                }
            }
        }
        ranked.sort_unstable_by(|a, b| (a.0, b.1, a.2).cmp(&(b.0, a.1, b.2)));
        let shown = ranked.into_iter().take(limit);
        let suggestions = shown.map(|(_, listings, word)| Suggestion {
            word: display(word),
            listings,
        });
        Suggested {
            suggestions: suggestions.collect(),
            next,
        }
    }

    fn starts(&self) -> LetterSet {
        let known = self.words.values().filter(|word| word.listings > 0);
        known.fold(LetterSet::default(), |set, word| set.union(word.starts))
    }
}

impl Closeness {
    fn of(fit: Fit) -> Self {
        if fit.reaches_end {
            Self::Whole
        } else {
            Self::Beginning
        }
    }
}

/// A listing came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Came,
    Went,
}

impl Change {
    fn of(self, number: u32) -> u32 {
        match self {
            Self::Came => number.saturating_add(1),
            Self::Went => number.saturating_sub(1),
        }
    }
}

/// Whether a piece of a title can be a word.
pub(crate) fn is_word(piece: &str) -> bool {
    if is_latin(piece) {
        WORD_LATIN.contains(&piece.len()) && piece.chars().all(|c| c.is_ascii_alphabetic())
    } else {
        WORD_HANZI.contains(&piece.chars().count())
    }
}

/// Everything in the texts that could be a known word, each once.
fn contained_words(pieces: &Pieces) -> HashSet<&str> {
    let mut words = HashSet::new();
    for piece in pieces.iter() {
        if is_latin(piece) {
            words.insert(piece);
            continue;
        }
        let ends = piece.char_indices().map(|(at, _)| at).chain([piece.len()]);
        let starts: Vec<usize> = ends.collect();
        for first in 0..starts.len() {
            let ends = WORD_HANZI.map_while(|hanzi| starts.get(first + hanzi));
            words.extend(ends.map(|end| &piece[starts[first]..*end]));
        }
    }
    words
}

fn spelling(word: &str) -> Option<Spelling<'_>> {
    let mut spellings = Spelling::of_piece(word);
    (spellings.len() == 1).then(|| spellings.remove(0))
}

fn display(word: &str) -> String {
    if is_latin(word) {
        word.to_ascii_uppercase()
    } else {
        word.to_owned()
    }
}
