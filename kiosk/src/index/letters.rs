//! Letters of the pinyin keypad against hanzi: initials (`dg`), full pinyin (`diangong`), and for
//! suggestions any mixture (`dgong`, `diang`), always with the last syllable still open.
//!
//! A character with several readings answers to its two most common ones (会: hui, kuai). Tones
//! do not exist here; ü answers to both `v` and `u`. A Latin word is spelt by its own letters.

use pinyin::ToPinyinMulti;

use super::text::is_latin;
use super::tokens::Tokens;

/// Nobody types more initials than this.
const INITIALS_MAX: usize = 6;
/// How many letters of a spelling are index tokens: every length that people stop at, then only
/// some. A query uses the longest that it has; what is left is checked against the title.
const INDEXED_LENGTHS: [usize; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12];
/// The longest token.
const INDEXED_MAX: usize = 12;
/// Readings of one character that are considered; further ones are rare and only add noise.
const READINGS_MAX: usize = 2;
/// Initials of two letters.
const LONG_INITIALS: [&str; 3] = ["zh", "ch", "sh"];

/// What a person typed on the keypad: lower-case `a` to `z` only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Letters(String);

impl Letters {
    /// Keeps the ASCII letters of `text`, in lower case.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        Self(letters.map(|c| c.to_ascii_lowercase()).collect())
    }

    /// The letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token under which titles with these letters are found; `None` when nothing was typed.
    pub(crate) fn wanted_token(&self) -> Option<&str> {
        let length = INDEXED_LENGTHS
            .into_iter()
            .rev()
            .find(|length| *length <= self.0.len())?;
        self.0.get(..length)
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A set of letters of the keypad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LetterSet(u32);

impl LetterSet {
    /// All letters.
    pub const ALL: Self = Self((1 << 26) - 1);

    /// Adds a lower-case letter; anything else is ignored.
    pub fn insert(&mut self, letter: char) {
        if letter.is_ascii_lowercase() {
            self.0 |= 1 << (u32::from(letter) - u32::from('a'));
        }
    }

    /// Whether a letter, in either case, is in the set.
    #[must_use]
    pub fn contains(self, letter: char) -> bool {
        let lower = letter.to_ascii_lowercase();
        lower.is_ascii_lowercase() && self.0 & (1 << (u32::from(lower) - u32::from('a'))) != 0
    }

    /// All of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn contains_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    pub(crate) fn of(text: &str) -> Self {
        let mut set = Self::default();
        text.chars().for_each(|c| set.insert(c));
        set
    }
}

/// One thing to spell: a hanzi with its readings, or a Latin word with its letters.
#[derive(Debug, Clone, Copy)]
struct Syllable<'a> {
    readings: [&'a str; READINGS_MAX + 1],
    count: usize,
}

/// Syllables in a row, as a title or a word has them.
#[derive(Debug, Clone)]
pub(crate) struct Spelling<'a>(Vec<Syllable<'a>>);

/// How letters fit a spelling from its first syllable on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Whether the letters reach the last syllable.
    pub(crate) reaches_end: bool,
}

impl<'a> Syllable<'a> {
    fn of_hanzi(c: char) -> Option<Self> {
        let mut syllable = Self {
            readings: [""; READINGS_MAX + 1],
            count: 0,
        };
        for reading in c.to_pinyin_multi()?.into_iter().map(pinyin::Pinyin::plain) {
            if syllable.count < READINGS_MAX {
                let forms = typed_forms(reading).into_iter();
                forms
                    .filter(|form| form.is_ascii())
                    .for_each(|form| syllable.add(form));
            }
        }
        (syllable.count > 0).then_some(syllable)
    }

    fn of_latin(word: &'a str) -> Self {
        Self {
            readings: [word, "", ""],
            count: 1,
        }
    }

    fn add(&mut self, reading: &'a str) {
        if self.count < self.readings.len() && !self.readings().contains(&reading) {
            self.readings[self.count] = reading;
            self.count += 1;
        }
    }

    fn readings(&self) -> &[&'a str] {
        &self.readings[..self.count]
    }

    fn initials(&self) -> impl Iterator<Item = u8> {
        let first = |index: usize| self.readings[index].as_bytes()[0];
        (0..self.count)
            .filter(move |&i| (0..i).all(|j| first(j) != first(i)))
            .map(first)
    }
}

/// A reading as it is typed: ü is on no keypad.
fn typed_forms(reading: &'static str) -> [&'static str; 2] {
    match reading {
        "nü" => ["nv", "nu"],
        "lü" => ["lv", "lu"],
        "nüe" => ["nve", "nue"],
        "lüe" => ["lve", "lue"],
        plain => [plain, plain],
    }
}

impl<'a> Spelling<'a> {
    /// The spellings of a piece: characters without a reading, and digits, cut it.
    pub(crate) fn of_piece(piece: &'a str) -> Vec<Self> {
        if is_latin(piece) {
            let words = piece
                .split(|c: char| !c.is_ascii_lowercase())
                .filter(|word| !word.is_empty());
            return words
                .map(|word| Self(vec![Syllable::of_latin(word)]))
                .collect();
        }
        let mut spellings = vec![Self(Vec::new())];
        for c in piece.chars() {
            match (Syllable::of_hanzi(c), spellings.last_mut()) {
                (Some(syllable), Some(Self(last))) => last.push(syllable),
                _ => spellings.push(Self(Vec::new())),
            }
        }
        spellings.retain(|spelling| !spelling.0.is_empty());
        spellings
    }

    /// Adds all spellings, by initials and in full, from every syllable on, in the indexed lengths.
    pub(crate) fn add_tokens(&self, tokens: &mut Tokens) {
        let mut spelt = String::with_capacity(INDEXED_MAX);
        for start in 0..self.0.len() {
            add_initials(&self.0[start..], &mut spelt, tokens);
            add_full(&self.0[start..], &mut spelt, tokens);
        }
    }

    /// Whether `letters` are the initials, or the beginning of the full pinyin, from any syllable on.
    pub(crate) fn answers_to(&self, letters: &Letters) -> bool {
        (0..self.0.len()).any(|start| {
            let rest = &self.0[start..];
            has_initials(rest, letters.0.as_bytes()) || has_full(rest, letters.as_str())
        })
    }

    /// The first letters of the first syllable.
    pub(crate) fn starts(&self) -> LetterSet {
        initials_of(self.0.first())
    }

    /// The first letters of all syllables.
    pub(crate) fn initials(&self) -> LetterSet {
        initials_of(&self.0)
    }

    /// All letters that can occur in a spelling of this.
    pub(crate) fn letters(&self) -> LetterSet {
        let readings = self.0.iter().flat_map(Syllable::readings);
        readings.fold(LetterSet::default(), |set, reading| {
            set.union(LetterSet::of(reading))
        })
    }

    /// How `letters`, initials and full syllables mixed, fit from the first syllable on; letters
    /// that may follow are added to `next`.
    pub(crate) fn fit(&self, letters: &Letters, next: &mut LetterSet) -> Option<Fit> {
        fit_mixed(&self.0, letters.as_str(), next)
    }

    /// As [`fit`](Self::fit), from any later syllable on.
    pub(crate) fn fit_inside(&self, letters: &Letters, next: &mut LetterSet) -> Option<Fit> {
        let fits =
            (1..self.0.len()).filter_map(|i| fit_mixed(&self.0[i..], letters.as_str(), next));
        better(fits)
    }
}

fn initials_of<'a>(syllables: impl IntoIterator<Item = &'a Syllable<'a>>) -> LetterSet {
    let mut set = LetterSet::default();
    let initials = syllables.into_iter().flat_map(Syllable::initials);
    initials.for_each(|initial| set.insert(char::from(initial)));
    set
}

fn add_initials(rest: &[Syllable<'_>], spelt: &mut String, tokens: &mut Tokens) {
    let Some((syllable, rest)) = rest.split_first() else {
        return;
    };
    if spelt.len() == INITIALS_MAX {
        return;
    }
    for initial in syllable.initials() {
        spelt.push(char::from(initial));
        tokens.push(spelt.chars(), []);
        add_initials(rest, spelt, tokens);
        spelt.pop();
    }
}

fn add_full(rest: &[Syllable<'_>], spelt: &mut String, tokens: &mut Tokens) {
    let Some((syllable, rest)) = rest.split_first() else {
        return;
    };
    let before = spelt.len();
    for reading in syllable.readings() {
        for letter in reading.chars().take(INDEXED_MAX - before) {
            spelt.push(letter);
            if INDEXED_LENGTHS.contains(&spelt.len()) {
                tokens.push(spelt.chars(), []);
            }
        }
        if spelt.len() < INDEXED_MAX {
            add_full(rest, spelt, tokens);
        }
        spelt.truncate(before);
    }
}

fn has_initials(rest: &[Syllable<'_>], letters: &[u8]) -> bool {
    letters.len() <= rest.len().min(INITIALS_MAX)
        && letters
            .iter()
            .zip(rest)
            .all(|(letter, syllable)| syllable.initials().any(|i| i == *letter))
}

fn has_full(rest: &[Syllable<'_>], letters: &str) -> bool {
    let Some((syllable, rest)) = rest.split_first() else {
        return false;
    };
    syllable.readings().iter().any(|reading| {
        reading.starts_with(letters)
            || letters
                .strip_prefix(*reading)
                .is_some_and(|left| has_full(rest, left))
    })
}

fn fit_mixed(rest: &[Syllable<'_>], letters: &str, next: &mut LetterSet) -> Option<Fit> {
    let (syllable, rest) = rest.split_first()?;
    let mut best = None;
    for reading in syllable.readings() {
        if reading.starts_with(letters) {
            add_followers(reading, letters, rest, next);
            best = better(
                [
                    best,
                    Some(Fit {
                        reaches_end: rest.is_empty(),
                    }),
                ]
                .into_iter()
                .flatten(),
            );
        }
        for part in whole_or_initial(reading) {
            if let Some(left) = letters.strip_prefix(part).filter(|left| !left.is_empty()) {
                best = better([best, fit_mixed(rest, left, next)].into_iter().flatten());
            }
        }
    }
    best
}

/// The ways to write a syllable before another one.
fn whole_or_initial(reading: &str) -> impl Iterator<Item = &str> {
    let long = LONG_INITIALS
        .into_iter()
        .find(|initial| reading.starts_with(initial));
    let single = (reading.len() > 1).then(|| &reading[..1]);
    [
        Some(reading),
        single,
        long.map(|initial| &reading[..initial.len()]),
    ]
    .into_iter()
    .flatten()
}

fn add_followers(reading: &str, letters: &str, rest: &[Syllable<'_>], next: &mut LetterSet) {
    if let Some(letter) = reading[letters.len()..].chars().next() {
        next.insert(letter);
    }
    if whole_or_initial(reading).any(|part| part == letters) {
        let initials = rest.first().into_iter().flat_map(Syllable::initials);
        initials.for_each(|initial| next.insert(char::from(initial)));
    }
}

fn better(fits: impl IntoIterator<Item = Fit>) -> Option<Fit> {
    fits.into_iter().max_by_key(|fit| fit.reaches_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(piece: &str) -> Spelling<'_> {
        Spelling::of_piece(piece).remove(0)
    }

    fn fits(piece: &str, letters: &str) -> bool {
        spelling(piece)
            .fit(&Letters::new(letters), &mut LetterSet::default())
            .is_some()
    }

    #[test]
    fn initials_full_pinyin_and_mixtures_fit_a_word() {
        for letters in ["d", "dg", "dian", "diang", "diangong", "dgong", "DianG"] {
            assert!(fits("电工", letters), "{letters}");
        }
        for letters in ["g", "dgg", "dang", "diangongs", "dig"] {
            assert!(!fits("电工", letters), "{letters}");
        }
        assert!(fits("中专", "zhz") && fits("中专", "zz") && fits("中专", "zhongzhuan"));
    }

    #[test]
    fn common_readings_and_u_with_dots_are_known() {
        assert!(fits("会计", "kuaiji") && fits("会计", "kj") && fits("店长", "dianzhang"));
        assert!(fits("女工", "nvg") && fits("女工", "nugong"));
        assert!(fits("java", "ja"));
    }

    #[test]
    fn the_next_letters_are_those_of_the_syllable_and_of_the_next_one() {
        let mut next = LetterSet::default();
        spelling("电工").fit(&Letters::new("d"), &mut next);
        let mut expected = LetterSet::default();
        expected.insert('i');
        expected.insert('g');
        assert_eq!(next, expected);
    }

    #[test]
    fn a_title_answers_to_every_token_and_has_the_token_of_whatever_it_answers_to() {
        let title = spelling("会计长");
        let mut tokens = Tokens::default();
        title.add_tokens(&mut tokens);
        for token in tokens.iter() {
            assert!(title.answers_to(&Letters::new(token)), "{token}");
        }
        for letters in [
            "h",
            "kj",
            "kjz",
            "kuai",
            "huiji",
            "jichan",
            "zhang",
            "kuaijizhang",
        ] {
            let letters = Letters::new(letters);
            assert!(title.answers_to(&letters), "{letters:?}");
            assert!(
                tokens
                    .iter()
                    .any(|token| Some(token) == letters.wanted_token()),
                "{letters:?}"
            );
        }
        assert!(!title.answers_to(&Letters::new("kuaijizhong")));
    }
}
