//! Narrowing a short list by the keypad: which of its texts answer to the letters, and which letters
//! may follow. For lists that are on the device whole (stations, the service guide); vacancies have
//! the index.

use super::letters::{LetterSet, Letters, Spelling};
use super::text::Pieces;

/// What is left of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// The places of the texts that answer, in the order of the list.
    pub left: Vec<usize>,
    /// The letters that leave something when typed next.
    pub next: LetterSet,
}

/// The texts that answer to `letters` by initials, full pinyin or a mixture, from any syllable on.
#[must_use]
pub fn narrow(texts: &[String], letters: &Letters) -> Narrowed {
    let mut next = LetterSet::default();
    let left = texts.iter().enumerate();
    let left = left.filter(|(_, text)| answers(text, letters, &mut next));
    let left = left.map(|(index, _)| index).collect();
    Narrowed { left, next }
}

fn answers(text: &str, letters: &Letters, next: &mut LetterSet) -> bool {
    let pieces = Pieces::of(text);
    let spellings = pieces.iter().flat_map(Spelling::of_piece);
    let mut answers = letters.is_empty();
    for spelling in spellings {
        if letters.is_empty() {
            *next = next.union(spelling.initials());
            continue;
        }
        let from_first = spelling.fit(letters, next).is_some();
        let inside = spelling.fit_inside(letters, next).is_some();
        answers |= from_first || inside;
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<String> {
        ["东湖街道站", "江边街道站", "月湖镇站"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn a_list_is_narrowed_from_any_syllable_on_and_tells_what_may_follow() {
        let narrowed = narrow(&texts(), &Letters::new("h"));
        assert_eq!(narrowed.left, [0, 2]);
        assert!(narrowed.next.contains('u'), "湖 goes on with u");
        assert!(narrowed.next.contains('j'), "湖街");
        assert!(!narrowed.next.contains('b'));
        assert_eq!(narrow(&texts(), &Letters::new("jb")).left, [1]);
        assert_eq!(narrow(&texts(), &Letters::new("x")).left, [0; 0]);
    }

    #[test]
    fn nothing_typed_leaves_everything_and_every_initial() {
        let narrowed = narrow(&texts(), &Letters::default());
        assert_eq!(narrowed.left, [0, 1, 2]);
        assert!(narrowed.next.contains('y') && !narrowed.next.contains('q'));
    }
}
