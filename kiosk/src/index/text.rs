//! Text as the index compares it: lower case, half width, cut into pieces. A piece is a run of
//! hanzi or a word of ASCII letters and digits; everything else separates.
//!
//! Words are found as substrings of hanzi runs and as whole Latin words. The index tokens of a
//! piece (one to three hanzi in a row, Latin words) come from here, so that no database's
//! tokenizer matters. Traditional characters are not folded.

use super::tokens::Tokens;

/// Latin words in the index start with this, so that they never meet tokens of letters.
const LATIN_MARK: char = '1';
/// Hanzi in a row that are one token: a query of up to three needs one list only.
const GRAM_MAX: usize = 3;

/// Whether `c` is a Chinese character.
pub(crate) fn is_hanzi(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// Pieces joined by single spaces, with a space at both ends: ` java 开发工程师 `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pieces(String);

impl Pieces {
    /// The pieces of one text.
    pub(crate) fn of(text: &str) -> Self {
        Self::of_all([text])
    }

    /// The pieces of several texts; no piece spans two of them.
    pub(crate) fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut joined = String::from(" ");
        for text in texts {
            for c in text.chars().map(half_width_lower) {
                push_into_piece(&mut joined, c);
            }
            push_into_piece(&mut joined, ' ');
        }
        Self(joined)
    }

    /// The pieces in the order of the text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    /// Whether every piece of `wanted` is found here. Nothing wanted is found everywhere.
    pub(crate) fn contain(&self, wanted: &Self) -> bool {
        wanted.iter().all(|piece| {
            if is_latin(piece) {
                self.iter().any(|own| own == piece)
            } else {
                self.0.contains(piece)
            }
        })
    }

    /// Whether the index tokens alone decide [`contain`](Self::contain) for these wanted pieces:
    /// a longer run is found through its parts, which may stand apart.
    pub(crate) fn are_decided_by_tokens(&self) -> bool {
        self.iter()
            .all(|piece| is_latin(piece) || piece.chars().nth(GRAM_MAX).is_none())
    }

    /// Adds the tokens under which a listing with these pieces is found.
    pub(crate) fn add_tokens(&self, tokens: &mut Tokens) {
        for piece in self.iter() {
            if is_latin(piece) {
                tokens.push([LATIN_MARK], piece.chars());
                continue;
            }
            let hanzi: Vec<char> = piece.chars().collect();
            for length in 1..=GRAM_MAX {
                hanzi
                    .windows(length)
                    .for_each(|gram| tokens.push(gram.iter().copied(), []));
            }
        }
    }

    /// Adds the tokens that a listing must have to contain these pieces: as few as cover them.
    pub(crate) fn add_wanted_tokens(&self, tokens: &mut Tokens) {
        for piece in self.iter() {
            if is_latin(piece) {
                tokens.push([LATIN_MARK], piece.chars());
                continue;
            }
            let hanzi: Vec<char> = piece.chars().collect();
            for start in (0..hanzi.len()).step_by(GRAM_MAX) {
                let end = (start + GRAM_MAX).min(hanzi.len());
                let gram = &hanzi[end.saturating_sub(GRAM_MAX)..end];
                tokens.push(gram.iter().copied(), []);
            }
        }
    }
}

/// Whether a piece is a Latin word; otherwise it is a run of hanzi.
pub(crate) fn is_latin(piece: &str) -> bool {
    piece.is_ascii()
}

fn half_width_lower(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
    .to_ascii_lowercase()
}

fn push_into_piece(joined: &mut String, c: char) {
    let last = joined.chars().next_back().unwrap_or(' ');
    let belongs = |other: char| {
        (is_hanzi(c) && is_hanzi(other))
            || (c.is_ascii_alphanumeric() && other.is_ascii_alphanumeric())
    };
    if is_hanzi(c) || c.is_ascii_alphanumeric() {
        if last != ' ' && !belongs(last) {
            joined.push(' ');
        }
        joined.push(c);
    } else if last != ' ' {
        joined.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        Pieces::of(text).iter().map(str::to_owned).collect()
    }

    #[test]
    fn pieces_are_cut_where_the_script_changes() {
        assert_eq!(
            pieces("Java开发（急聘）５G"),
            ["java", "开发", "急聘", "5g"]
        );
        assert_eq!(pieces("★ — ·"), Vec::<String>::new());
    }

    #[test]
    fn a_word_is_found_inside_a_run_but_not_across_two_texts() {
        let hay = Pieces::of_all(["高级电", "工厂 UI设计"]);
        assert!(hay.contain(&Pieces::of("级电")));
        assert!(hay.contain(&Pieces::of("ui 设计")));
        assert!(!hay.contain(&Pieces::of("电工")));
        assert!(
            !hay.contain(&Pieces::of("u")),
            "Latin words are whole words"
        );
    }

    #[test]
    fn wanted_tokens_are_among_the_tokens_of_every_text_that_contains_the_word() {
        let mut own = Tokens::default();
        Pieces::of("高级维修电工（PLC）").add_tokens(&mut own);
        for word in [
            "电",
            "电工",
            "修电工",
            "维修电工",
            "高级维修电工",
            "plc",
            "PLC电工",
        ] {
            let mut wanted = Tokens::default();
            Pieces::of(word).add_wanted_tokens(&mut wanted);
            assert!(wanted.iter().next().is_some());
            assert!(
                wanted.iter().all(|w| own.iter().any(|o| o == w)),
                "{word}: {wanted:?}"
            );
        }
    }
}
