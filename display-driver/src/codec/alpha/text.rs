//! Text on the wire: seven-bit characters and the sheet's codes.
//!
//! In documents a code stands in braces, `{red}NOW SERVING {string:S}`, and a brace that is meant is
//! doubled, `{{`. There is no Chinese: a character outside ASCII is refused, never replaced, because
//! a sign has no glyph that could stand for it. A code that the sheet does not list is refused, too.

use serde::{Deserialize, Serialize};

use super::payload::{Field, PayloadError, Reader};
use super::piece::Piece;

/// Bytes of text, all of them listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(Vec<u8>);

impl Text {
    /// The bytes of the wire.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Character by character and code by code.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        let mut reader = Reader::new(&self.0);
        std::iter::from_fn(move || Piece::read(&mut reader).ok())
    }

    /// Appends one.
    pub fn push(&mut self, piece: Piece) {
        piece.write(&mut self.0);
    }

    /// Everything up to the end, at most `bytes_max`.
    pub(super) fn read(reader: &mut Reader<'_>, bytes_max: usize) -> Result<Self, PayloadError> {
        let from = reader.at();
        let mut checked = reader.clone();
        while !checked.is_at_end() {
            Piece::read(&mut checked)?;
        }
        let bytes = reader.rest();
        if bytes.len() > bytes_max {
            return Err(PayloadError::TooLong {
                at: from + bytes_max,
                field: Field::Text,
                bytes_max,
            });
        }
        Ok(Self(bytes.to_vec()))
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        let mut printed = Self::new();
        text.pieces().for_each(|piece| piece.print(&mut printed));
        printed
    }
}

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(printed: String) -> Result<Self, String> {
        let mut text = Self::default();
        let mut rest = printed.as_str();
        while let Some(character) = rest.chars().next() {
            let (piece, after) = match character {
                '{' => code_at(rest)?,
                plain => (character_of(plain)?, &rest[plain.len_utf8()..]),
            };
            text.push(piece);
            rest = after;
        }
        Ok(text)
    }
}

fn character_of(character: char) -> Result<Piece, String> {
    match character {
        ' '..='}' => Ok(Piece::Character(character as u8)),
        '~' => Err("Alpha 屏把 7E 画成半格空白，没有波浪号；要半格空白写 {half-space}".to_owned()),
        '\0'..='\u{7F}' => Err(format!("{character:?} 是控制字符，换行写 {{line}}")),
        _ => Err(format!(
            "{character:?} 不是 ASCII：Alpha 屏没有汉字，汉字要画成点阵，用 write-small-dots"
        )),
    }
}

/// The code that `rest` begins with, and what follows it.
fn code_at(rest: &str) -> Result<(Piece, &str), String> {
    if let Some(after) = rest.strip_prefix("{{") {
        return Ok((Piece::Character(b'{'), after));
    }
    let end = code_end(rest).ok_or_else(|| format!("{rest:?} 没有右括号，字符 {{ 要写成 {{{{"))?;
    let code = &rest[1..end];
    match Piece::of_code(code) {
        Some(piece) => Ok((piece, &rest[end + 1..])),
        None => Err(format!("没有 {{{code}}} 这个文字代码")),
    }
}

/// Where the closing brace stands; a label behind the first colon may be a brace itself.
fn code_end(rest: &str) -> Option<usize> {
    let word = rest.find([':', '}'])?;
    let from = match rest[word..].strip_prefix(':') {
        Some(value) => word + 1 + value.chars().next().map_or(0, char::len_utf8),
        None => word,
    };
    rest[from..].find('}').map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(printed: &str) -> Result<Vec<u8>, String> {
        Text::try_from(printed.to_owned()).map(|text| text.0)
    }

    #[test]
    fn each_code_of_the_sheet_has_its_bytes() {
        let codes: [(&str, &[u8]); 16] = [
            ("{red}", b"\x1C1"),
            ("{auto}", b"\x1CC"),
            ("{charset:1}", b"\x1A1"),
            ("{speed-1}", b"\x15"),
            ("{speed-5}", b"\x19"),
            ("{line}", b"\x0D"),
            ("{page}", b"\x0C"),
            ("{time}", b"\x13"),
            ("{date:9}", b"\x0B9"),
            ("{string:S}", b"\x10S"),
            ("{picture:P}", b"\x14P"),
            ("{flash-on}", b"\x071"),
            ("{attribute:5:off}", b"\x1D50"),
            ("{fixed}", b"\x1E1"),
            ("{no-hold}", b"\x09"),
            ("{half-space}", b"\x7E"),
        ];
        for (printed, bytes) in codes {
            assert_eq!(wire(printed).as_deref(), Ok(bytes), "{printed}");
        }
    }

    #[test]
    fn braces_can_be_written_as_letters_and_as_labels() {
        assert_eq!(wire("a{{b}c").as_deref(), Ok(b"a{b}c".as_slice()));
        for printed in [
            "{string:}}",
            "{picture:{}x",
            "{string::}",
            "{attribute:}:on}",
        ] {
            let text = Text::try_from(printed.to_owned()).expect(printed);
            assert_eq!(String::from(text), printed);
        }
    }

    #[test]
    fn hanzi_tildes_and_controls_are_refused_with_what_to_do_instead() {
        assert!(wire("请").is_err_and(|why| why.contains("write-small-dots")));
        assert!(wire("~").is_err_and(|why| why.contains("half-space")));
        assert!(wire("\n").is_err_and(|why| why.contains("{line}")));
        for broken in [
            "{",
            "{red",
            "{pink}",
            "{string:}",
            "{string:字}",
            "{:",
            "{attribute:字:on}",
        ] {
            assert!(wire(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn an_unlisted_code_is_a_fault_at_its_place() {
        for byte in (0..=255_u8).filter(|byte| !matches!(byte, 0x20..=0x7E)) {
            let bytes = [b'A', byte, b'0'];
            let read = Text::read(&mut Reader::new(&bytes), 3);
            if let Err(fault) = read {
                assert!((1..=3).contains(&fault.at()), "{byte:02X}: {fault}");
            }
        }
        let read = Text::read(&mut Reader::new(b"A\x05"), 9);
        assert_eq!(read.map_err(|fault| fault.at()), Err(1));
    }

    #[test]
    fn a_text_beyond_its_limit_is_refused_where_it_passes_it() {
        let read = |bytes: &[u8]| Text::read(&mut Reader::new(bytes), 3);
        assert!(read(b"ABC").is_ok());
        assert_eq!(read(b"ABCD").map_err(|fault| fault.at()), Err(3));
    }
}
