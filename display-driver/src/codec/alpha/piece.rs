//! Characters and codes inside a text (sheet `alpha.md` A, "In-text codes").
//!
//! Each has its bytes and its name between braces. What an attribute behind 1D does the sheet does
//! not say: its byte is kept.

use super::byte_enum::byte_enum;
use super::label::Label;
use super::payload::{Field, PayloadError, Reader};

byte_enum! {
    /// Colours of text, behind 1C.
    TextColour {
        Red = b'1', "red";
        Green = b'2', "green";
        Amber = b'3', "amber";
        DimRed = b'4', "dim-red";
        DimGreen = b'5', "dim-green";
        Brown = b'6', "brown";
        Orange = b'7', "orange";
        Yellow = b'8', "yellow";
        Rainbow1 = b'9', "rainbow-1";
        Rainbow2 = b'A', "rainbow-2";
        Mix = b'B', "mix";
        Auto = b'C', "auto";
    }
}

byte_enum! {
    /// How fast a text moves.
    Speed {
        Slowest = 0x15, "speed-1";
        Slow = 0x16, "speed-2";
        Medium = 0x17, "speed-3";
        Fast = 0x18, "speed-4";
        Fastest = 0x19, "speed-5";
    }
}

byte_enum! {
    /// Codes of one byte. The half space stands where ASCII has the tilde.
    Mark {
        NewLine = 0x0D, "line";
        NewPage = 0x0C, "page";
        Time = 0x13, "time";
        NoHold = 0x09, "no-hold";
        HalfSpace = 0x7E, "half-space";
    }
}

byte_enum! {
    /// Whether letters flash, behind 07.
    Flash {
        On = b'1', "flash-on";
        Off = b'0', "flash-off";
    }
}

byte_enum! {
    /// How wide letters are, behind 1E.
    Spacing {
        Proportional = b'0', "proportional";
        Fixed = b'1', "fixed";
    }
}

byte_enum! {
    /// Whether an attribute begins or ends.
    Switch {
        On = b'1', "on";
        Off = b'0', "off";
    }
}

/// One character or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// 20 to 7D.
    Character(u8),
    /// A code of one byte.
    Mark(Mark),
    /// 15 to 19.
    Speed(Speed),
    /// 1C.
    Colour(TextColour),
    /// 07.
    Flash(Flash),
    /// 1E.
    Spacing(Spacing),
    /// 1A and a character set from `1` on.
    CharacterSet(u8),
    /// 0B and one of ten forms of the date.
    Date(u8),
    /// 10: a string file.
    InsertString(Label),
    /// 14: a picture file.
    InsertPicture(Label),
    /// 1D and an attribute, which the sheet does not list.
    Attribute(u8, Switch),
}

mod prefix {
    pub(super) const FLASH: u8 = 0x07;
    pub(super) const DATE: u8 = 0x0B;
    pub(super) const STRING: u8 = 0x10;
    pub(super) const PICTURE: u8 = 0x14;
    pub(super) const CHARACTER_SET: u8 = 0x1A;
    pub(super) const COLOUR: u8 = 0x1C;
    pub(super) const ATTRIBUTE: u8 = 0x1D;
    pub(super) const SPACING: u8 = 0x1E;
}

impl Piece {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let from = reader.at();
        let first = reader.listed(Field::Text, Some)?;
        match first {
            b' '..=b'}' => Ok(Self::Character(first)),
            prefix::COLOUR => reader
                .listed(Field::Text, TextColour::from_byte)
                .map(Self::Colour),
            prefix::FLASH => reader
                .listed(Field::Text, Flash::from_byte)
                .map(Self::Flash),
            prefix::SPACING => reader
                .listed(Field::Text, Spacing::from_byte)
                .map(Self::Spacing),
            prefix::CHARACTER_SET => reader
                .listed(Field::Text, character_set)
                .map(Self::CharacterSet),
            prefix::DATE => reader.listed(Field::Text, date_form).map(Self::Date),
            prefix::STRING => reader.label().map(Self::InsertString),
            prefix::PICTURE => reader.label().map(Self::InsertPicture),
            prefix::ATTRIBUTE => {
                let attribute = reader.listed(Field::Text, printable)?;
                let switch = reader.listed(Field::Text, Switch::from_byte)?;
                Ok(Self::Attribute(attribute, switch))
            }
            _ => {
                let mark = Mark::from_byte(first).map(Self::Mark);
                let speed = || Speed::from_byte(first).map(Self::Speed);
                reader.accept(from, Field::Text, mark.or_else(speed))
            }
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Character(byte) => out.push(byte),
            Self::Mark(mark) => out.push(mark.byte()),
            Self::Speed(speed) => out.push(speed.byte()),
            Self::Colour(colour) => out.extend([prefix::COLOUR, colour.byte()]),
            Self::Flash(flash) => out.extend([prefix::FLASH, flash.byte()]),
            Self::Spacing(spacing) => out.extend([prefix::SPACING, spacing.byte()]),
            Self::CharacterSet(set) => out.extend([prefix::CHARACTER_SET, set]),
            Self::Date(form) => out.extend([prefix::DATE, form]),
            Self::InsertString(label) => out.extend([prefix::STRING, label.byte()]),
            Self::InsertPicture(label) => out.extend([prefix::PICTURE, label.byte()]),
            Self::Attribute(attribute, switch) => {
                out.extend([prefix::ATTRIBUTE, attribute, switch.byte()]);
            }
        }
    }

    pub(super) fn print(self, out: &mut String) {
        let one = |byte: u8| char::from(byte);
        match self {
            Self::Character(b'{') => out.push_str("{{"),
            Self::Character(byte) => out.push(one(byte)),
            Self::Mark(mark) => push_code(out, mark.name()),
            Self::Speed(speed) => push_code(out, speed.name()),
            Self::Colour(colour) => push_code(out, colour.name()),
            Self::Flash(flash) => push_code(out, flash.name()),
            Self::Spacing(spacing) => push_code(out, spacing.name()),
            Self::CharacterSet(set) => push_code(out, &format!("charset:{}", one(set))),
            Self::Date(form) => push_code(out, &format!("date:{}", one(form))),
            Self::InsertString(label) => push_code(out, &format!("string:{}", char::from(label))),
            Self::InsertPicture(label) => push_code(out, &format!("picture:{}", char::from(label))),
            Self::Attribute(attribute, switch) => {
                let name = switch.name();
                push_code(out, &format!("attribute:{}:{name}", one(attribute)));
            }
        }
    }

    /// The code between two braces.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        match code.split_once(':') {
            Some((word, value)) => Self::of_word_and_value(word, value),
            None => Mark::from_name(code)
                .map(Self::Mark)
                .or_else(|| Speed::from_name(code).map(Self::Speed))
                .or_else(|| TextColour::from_name(code).map(Self::Colour))
                .or_else(|| Flash::from_name(code).map(Self::Flash))
                .or_else(|| Spacing::from_name(code).map(Self::Spacing)),
        }
    }

    fn of_word_and_value(word: &str, value: &str) -> Option<Self> {
        let first = *value.as_bytes().first()?;
        let alone = (value.len() == 1).then_some(first);
        match word {
            "charset" => alone.and_then(character_set).map(Self::CharacterSet),
            "date" => alone.and_then(date_form).map(Self::Date),
            "string" => alone.and_then(Label::new).map(Self::InsertString),
            "picture" => alone.and_then(Label::new).map(Self::InsertPicture),
            "attribute" => {
                let switch = Switch::from_name(value.get(1..)?.strip_prefix(':')?)?;
                printable(first).map(|attribute| Self::Attribute(attribute, switch))
            }
            _ => None,
        }
    }
}

fn push_code(out: &mut String, code: &str) {
    out.push('{');
    out.push_str(code);
    out.push('}');
}

fn printable(byte: u8) -> Option<u8> {
    matches!(byte, b' '..=b'~').then_some(byte)
}

fn character_set(byte: u8) -> Option<u8> {
    matches!(byte, b'1'..=b'~').then_some(byte)
}

fn date_form(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then_some(byte)
}
