//! Characters as a printer holds them: one byte of ASCII, or two bytes of GB2312 or GBK.
//!
//! A character that takes four bytes in GB18030, or that the printer's set lacks, is told and never
//! sent: a GBK printer would print two wrong ones (sheet, "Chinese text"). Control characters are none
//! of ours: a text can never carry a command.

use encoding_rs::GB18030;

/// Which Chinese characters a printer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repertoire {
    /// Lead and trail byte from A1h on: any printer.
    Gb2312,
    /// All two-byte characters: most.
    #[default]
    Gbk,
}

/// A character on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoded {
    /// Half a cell wide.
    Ascii(u8),
    /// A whole cell wide.
    Chinese([u8; 2]),
}

impl Encoded {
    /// Half cells across: 1 or 2.
    #[must_use]
    pub fn cells(self) -> usize {
        match self {
            Self::Ascii(_) => 1,
            Self::Chinese(_) => 2,
        }
    }

    /// Appends the bytes.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Ascii(byte) => out.push(byte),
            Self::Chinese(pair) => out.extend(pair),
        }
    }
}

/// A character's bytes; `None` when the printer does not hold it.
#[must_use]
pub fn encode(character: char, repertoire: Repertoire) -> Option<Encoded> {
    if (' '..='~').contains(&character) {
        return u8::try_from(character).ok().map(Encoded::Ascii);
    }
    // Private characters have bytes and no shape.
    if character.is_ascii() || ('\u{E000}'..='\u{F8FF}').contains(&character) {
        return None;
    }
    let mut text = [0; 4];
    let (bytes, _, _) = GB18030.encode(character.encode_utf8(&mut text));
    let [lead, trail] = *bytes else { return None };
    let is_gb2312 = (0xA1..=0xF7).contains(&lead) && trail >= 0xA1;
    (repertoire == Repertoire::Gbk || is_gb2312).then_some(Encoded::Chinese([lead, trail]))
}

/// A pair of bytes as a character; `None` where there is none.
#[must_use]
pub fn decode(pair: [u8; 2]) -> Option<char> {
    let (text, _, is_broken) = GB18030.decode(&pair);
    let mut characters = text.chars();
    let character = characters.next()?;
    (!is_broken && characters.next().is_none()).then_some(character)
}

/// Whether a byte begins a two-byte character in Chinese mode.
#[must_use]
pub fn is_lead(byte: u8) -> bool {
    (0x81..=0xFE).contains(&byte)
}

/// Half cells that a character takes on paper, also one that has to be drawn.
#[must_use]
pub fn cells(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hanzi_of_gbk_are_two_bytes_and_rarer_ones_are_not_held() {
        let gbk = |character| encode(character, Repertoire::Gbk);
        assert_eq!(gbk('排'), Some(Encoded::Chinese([0xC5, 0xC5])));
        assert_eq!(gbk('–'), Some(Encoded::Chinese([0xA8, 0x43])));
        assert_eq!(gbk('A'), Some(Encoded::Ascii(0x41)));
        // 㛃 and 𬍛 take four bytes; the euro sign takes one byte or two, by the table's age
        for rare in ['㛃', '𬍛', '\u{E000}', '²', '\u{7F}'] {
            assert_eq!(gbk(rare), None, "{rare}");
        }
    }

    #[test]
    fn a_printer_of_gb2312_lacks_what_only_gbk_has() {
        for (character, is_held) in [('号', true), ('，', true), ('镕', false), ('喆', false)] {
            let held = encode(character, Repertoire::Gb2312);
            assert_eq!(held.is_some(), is_held, "{character}");
            assert!(encode(character, Repertoire::Gbk).is_some());
        }
    }

    #[test]
    fn no_control_character_has_bytes() {
        for character in ('\0'..' ').chain(['\u{7F}', '\u{80}', '\u{9B}', '\u{AD}']) {
            assert_eq!(encode(character, Repertoire::Gbk), None, "{character:?}");
        }
    }

    #[test]
    fn every_character_that_is_held_reads_back() {
        let mut held = 0;
        for character in '\u{80}'..='\u{FFFF}' {
            if let Some(Encoded::Chinese(pair)) = encode(character, Repertoire::Gbk) {
                assert!(is_lead(pair[0]) && pair[1] >= 0x40);
                assert_eq!(decode(pair), Some(character));
                held += 1;
            }
        }
        assert!(held > 21_000, "{held}");
    }
}
