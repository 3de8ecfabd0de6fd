//! Text on the wire: GB2312, ASCII and the vendor's escape codes (sheet `onbon-bx.md` A4).
//!
//! A font-library card draws glyphs by GB2312 code, so a character outside GB2312 cannot be shown at
//! all: it is replaced by a listed look-alike, else by `□`, and reported, never dropped. There is no way to send a literal
//! backslash; content gets the full-width `＼`. GBK beyond GB2312 is refused on purpose: its trail bytes
//! may equal 5C, which a card would take for the begin of an escape code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use encoding_rs::GBK;
use serde::{Deserialize, Serialize};

use crate::render::glyph::MISSING;

const FULL_WIDTH_BACKSLASH: char = '＼';

/// Which character stands for one that cards lack.
const LOOKALIKES: &str = include_str!("../../../../assets/boards/lookalikes.txt");

/// What a card makes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Itself.
    AsWritten,
    /// This one in its place.
    Replaced(char),
    /// [`MISSING`].
    Missing,
}

/// What a card draws for a character.
#[must_use]
pub fn drawn_as(character: char) -> Drawn {
    static LISTED: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| lookalikes().collect());
    match character {
        '\\' => Drawn::Replaced(FULL_WIDTH_BACKSLASH),
        known if gb2312(known).is_some() => Drawn::AsWritten,
        rare => LISTED
            .get(&rare)
            .map_or(Drawn::Missing, |&other| Drawn::Replaced(other)),
    }
}

/// The list: a character and the one in its place, a line each.
fn lookalikes() -> impl Iterator<Item = (char, char)> {
    let lines = LOOKALIKES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        let mut character = || words.next()?.chars().next();
        Some((character()?, character()?))
    })
}

/// Text bytes of an area exactly as on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "TextDocument", into = "TextDocument")]
pub struct WireText(pub Vec<u8>);

/// Wire text together with what could not be sent as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EncodedText {
    /// What goes on the wire.
    pub text: WireText,
    /// Characters that were replaced, in order of appearance.
    pub substituted: Vec<char>,
}

impl EncodedText {
    /// Appends content: a backslash becomes full-width, control characters become spaces.
    pub fn push_content(&mut self, content: &str) {
        for character in content.chars() {
            match (character, drawn_as(character)) {
                (control, _) if control.is_control() => self.text.0.push(b' '),
                (_, Drawn::Replaced(other)) => {
                    self.substituted.push(character);
                    self.push_character(other);
                }
                (other, _) => self.push_character(other),
            }
        }
    }

    /// Appends an escape code such as `\FO000`, or text that already contains codes.
    pub fn push_code(&mut self, code: &str) {
        code.chars()
            .for_each(|character| self.push_character(character));
    }

    fn push_character(&mut self, character: char) {
        if let Some(bytes) = gb2312(character) {
            self.text.0.extend(bytes);
            return;
        }
        self.substituted.push(character);
        self.text.0.extend(gb2312(MISSING).unwrap_or_default());
    }
}

impl WireText {
    /// The text with its codes, if every byte is ASCII or part of a GB2312 character.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = self.0.as_slice();
        while let Some((character, tail)) = first_character(rest) {
            text.push(character?);
            rest = tail;
        }
        Some(text)
    }
}

/// The first character of wire text and what follows; the character is `None` where the bytes are
/// neither ASCII nor GB2312. `None` at the end of the text.
#[must_use]
pub fn first_character(bytes: &[u8]) -> Option<(Option<char>, &[u8])> {
    let (&lead, tail) = bytes.split_first()?;
    if lead.is_ascii() {
        return Some((Some(char::from(lead)), tail));
    }
    match tail.split_first() {
        Some((&trail, rest)) if is_gb2312(lead, trail) => {
            let pair = [lead, trail];
            let (decoded, _) = GBK.decode_without_bom_handling(&pair);
            Some((decoded.chars().next(), rest))
        }
        _ => Some((None, tail)),
    }
}

/// The bytes of one character, if ASCII or GB2312 has it.
#[must_use]
pub fn gb2312(character: char) -> Option<Vec<u8>> {
    if character.is_ascii() {
        return Some(vec![u8::try_from(u32::from(character)).ok()?]);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = GBK.encode(character.encode_utf8(&mut buffer));
    match *bytes {
        [lead, trail] if !unmappable && is_gb2312(lead, trail) => Some(vec![lead, trail]),
        _ => None,
    }
}

/// Whether GB 2312-80 itself assigns the code; GBK put characters of its own into the gaps.
fn is_gb2312(lead: u8, trail: u8) -> bool {
    match lead {
        0xA1 | 0xA3 | 0xB0..=0xD6 | 0xD8..=0xF7 => (0xA1..=0xFE).contains(&trail),
        0xA2 => matches!(trail, 0xB1..=0xE2 | 0xE5..=0xEE | 0xF1..=0xFC),
        0xA4 => (0xA1..=0xF3).contains(&trail),
        0xA5 => (0xA1..=0xF6).contains(&trail),
        0xA6 => matches!(trail, 0xA1..=0xB8 | 0xC1..=0xD8),
        0xA7 => matches!(trail, 0xA1..=0xC1 | 0xD1..=0xF1),
        0xA8 => matches!(trail, 0xA1..=0xBA | 0xC5..=0xE9),
        0xA9 => (0xA4..=0xEF).contains(&trail),
        0xD7 => (0xA1..=0xF9).contains(&trail),
        _ => false,
    }
}

/// In a document: the text itself where that is exact, else its bytes.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum TextDocument {
    Text(String),
    Bytes { hex: String },
}

impl From<WireText> for TextDocument {
    fn from(text: WireText) -> Self {
        match text.to_text() {
            Some(exact) => Self::Text(exact),
            None => Self::Bytes {
                hex: hex::encode(text.0),
            },
        }
    }
}

impl TryFrom<TextDocument> for WireText {
    type Error = String;

    fn try_from(document: TextDocument) -> Result<Self, String> {
        match document {
            TextDocument::Bytes { hex } => hex::decode(&hex)
                .map(Self)
                .map_err(|_| format!("{hex:?} 不是十六进制")),
            TextDocument::Text(text) => {
                let mut encoded = EncodedText::default();
                encoded.push_code(&text);
                match encoded.substituted.as_slice() {
                    [] => Ok(encoded.text),
                    missing => Err(format!(
                        "这些字不在 GB2312 里，字库卡显示不出：{}",
                        missing.iter().collect::<String>()
                    )),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn content(text: &str) -> EncodedText {
        let mut encoded = EncodedText::default();
        encoded.push_content(text);
        encoded
    }

    #[test]
    fn gb2312_has_exactly_its_7445_characters_and_each_goes_both_ways() {
        let mut count = 0;
        for lead in 0x80..=0xFF {
            for trail in 0x40..=0xFF {
                if is_gb2312(lead, trail) {
                    count += 1;
                    let text = WireText(vec![lead, trail]).to_text().expect("a character");
                    assert_eq!(content(&text).text.0, [lead, trail], "{text}");
                }
            }
        }
        assert_eq!(count, 7445);
    }

    #[test]
    fn what_the_card_cannot_draw_is_replaced_and_reported() {
        let encoded = content("王喆𬍛\\A");
        assert_eq!(encoded.substituted, ['喆', '𬍛', '\\']);
        assert_eq!(encoded.text.to_text().as_deref(), Some("王哲□＼A"));
    }

    #[test]
    fn every_listed_character_is_one_that_cards_lack_and_its_replacement_one_that_they_have() {
        let mut seen = std::collections::BTreeSet::new();
        for (rare, other) in lookalikes() {
            assert_eq!(gb2312(rare), None, "{rare} needs no replacement");
            assert!(gb2312(other).is_some(), "{other} for {rare}");
            assert!(seen.insert(rare), "{rare} twice");
        }
        let lines = LOOKALIKES.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(seen.len(), lines.count());
    }

    #[test]
    fn content_can_never_begin_an_escape_code() {
        assert!(!content("a\\C1\\n\u{5c}").text.0.contains(&b'\\'));
    }

    #[test]
    fn bytes_that_are_no_text_survive_a_document() {
        let odd = WireText(vec![0xB0, 0x20, 0xFF]);
        let document = serde_json::to_string(&odd).expect("a document");
        assert_eq!(document, r#"{"hex":"b020ff"}"#);
        assert_eq!(
            serde_json::from_str::<WireText>(&document).expect("reads back"),
            odd
        );
    }

    proptest! {
        #[test]
        fn any_bytes_survive_a_document(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let text = WireText(bytes);
            let document = serde_json::to_value(&text).expect("a document");
            prop_assert_eq!(serde_json::from_value::<WireText>(document).expect("reads"), text);
        }
    }
}
