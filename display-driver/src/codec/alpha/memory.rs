//! Which files a sign has room for (sheet `alpha.md` E `$`), and times in steps of ten minutes.
//!
//! Writing the configuration erases the files of a sign; a caller does it only when the layout
//! changes, clears the memory first and waits two seconds between (measured on a BetaBrite).

use serde::{Deserialize, Serialize};

use super::byte_enum::byte_enum;
use super::dots::PictureSize;
use super::label::Label;
use super::payload::{Field, PayloadError, Reader};

byte_enum! {
    /// Whether the infrared remote control may change a file.
    Keyboard {
        Unlocked = b'U', "unlocked";
        Locked = b'L', "locked";
    }
}

byte_enum! {
    /// How many colours a picture can have; the first digit of four, the others are 0.
    DotColours {
        One = b'1', "1";
        Three = b'2', "3";
        Eight = b'4', "8";
    }
}

/// A time of day in steps of ten minutes, or one of three words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeCode(u8);

impl TimeCode {
    /// All day.
    pub const ALL_DAY: Self = Self(0xFD);
    /// Never.
    pub const NEVER: Self = Self(0xFE);
    /// Always.
    pub const ALWAYS: Self = Self(0xFF);
    const WORDS: [(Self, &'static str); 3] = [
        (Self::ALL_DAY, "all-day"),
        (Self::NEVER, "never"),
        (Self::ALWAYS, "always"),
    ];

    /// The code of that byte: 144 steps and the three words.
    #[must_use]
    pub fn new(byte: u8) -> Option<Self> {
        (!(144..Self::ALL_DAY.0).contains(&byte)).then_some(Self(byte))
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        out.extend(format!("{:02X}", self.0).bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let from = reader.at();
        let byte = reader.hex_byte(Field::TimeCode)?;
        reader.accept(from, Field::TimeCode, Self::new(byte))
    }
}

impl From<TimeCode> for String {
    fn from(code: TimeCode) -> Self {
        let word = TimeCode::WORDS.iter().find(|(listed, _)| *listed == code);
        match word {
            Some((_, word)) => (*word).to_owned(),
            None => format!("{:02}:{}0", code.0 / 6, code.0 % 6),
        }
    }
}

impl TryFrom<String> for TimeCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let words = Self::WORDS.iter().map(|(code, _)| *code);
        let steps = (0..144).map(Self);
        let named = |code: &Self| String::from(*code) == text;
        words.chain(steps).find(named).ok_or_else(|| {
            format!("{text:?} 不是时段：应为 always、never、all-day 或整十分钟，如 08:30")
        })
    }
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Holds {
    /// Text, shown from start to stop.
    Text {
        /// Room for the text.
        bytes: u16,
        /// When it begins to be shown.
        start: TimeCode,
        /// When it ends.
        stop: TimeCode,
    },
    /// A string, inserted in texts.
    String {
        /// Room for the string.
        bytes: u16,
    },
    /// A small dots picture, inserted in texts.
    Dots {
        /// How large it is.
        size: PictureSize,
        /// How many colours.
        colours: DotColours,
    },
}

/// One file of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryFile {
    /// Its name.
    pub label: Label,
    /// Whether the remote control may change it.
    pub keyboard: Keyboard,
    /// What it is for.
    pub holds: Holds,
}

byte_enum! {
    /// The letter of each kind of file.
    FileKind {
        Text = b'A', "text";
        String = b'B', "string";
        Dots = b'D', "dots";
    }
}

impl MemoryFile {
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let kind = match self.holds {
            Holds::Text { .. } => FileKind::Text,
            Holds::String { .. } => FileKind::String,
            Holds::Dots { .. } => FileKind::Dots,
        };
        out.extend([self.label.byte(), kind.byte(), self.keyboard.byte()]);
        match self.holds {
            Holds::Text { bytes, start, stop } => {
                out.extend(format!("{bytes:04X}").bytes());
                start.write(out);
                stop.write(out);
            }
            Holds::String { bytes } => out.extend(format!("{bytes:04X}0000").bytes()),
            Holds::Dots { size, colours } => {
                size.write(out);
                out.push(colours.byte());
                out.extend(b"000");
            }
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let label = reader.label()?;
        let kind = reader.listed(Field::FileKind, FileKind::from_byte)?;
        let keyboard = reader.listed(Field::Keyboard, Keyboard::from_byte)?;
        let holds = match kind {
            FileKind::Text => Holds::Text {
                bytes: reader.hex(4, Field::FileSize)?,
                start: TimeCode::read(reader)?,
                stop: TimeCode::read(reader)?,
            },
            FileKind::String => {
                let bytes = reader.hex(4, Field::FileSize)?;
                read_zeros(reader, 4, Field::Filler)?;
                Holds::String { bytes }
            }
            FileKind::Dots => {
                let size = PictureSize::read(reader)?;
                let colours = reader.listed(Field::DotColours, DotColours::from_byte)?;
                read_zeros(reader, 3, Field::DotColours)?;
                Holds::Dots { size, colours }
            }
        };
        Ok(Self {
            label,
            keyboard,
            holds,
        })
    }
}

fn read_zeros(reader: &mut Reader<'_>, count: usize, field: Field) -> Result<(), PayloadError> {
    (0..count).try_for_each(|_| reader.listed(field, |byte| (byte == b'0').then_some(())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_codes_are_ten_minute_steps_and_three_words() {
        let codes: Vec<_> = (0..=255).filter_map(TimeCode::new).collect();
        assert_eq!(codes.len(), 147);
        for &code in &codes {
            assert_eq!(TimeCode::try_from(String::from(code)), Ok(code));
        }
        assert_eq!(String::from(codes[51]), "08:30");
        assert!(TimeCode::try_from("08:35".to_owned()).is_err());
        assert!(TimeCode::try_from("24:00".to_owned()).is_err());
    }

    #[test]
    fn a_file_takes_eleven_bytes_of_the_command() {
        let mut bytes = Vec::new();
        let file = MemoryFile {
            label: Label::DEFAULT_TEXT,
            keyboard: Keyboard::Locked,
            holds: Holds::String { bytes: 125 },
        };
        file.write(&mut bytes);
        assert_eq!(bytes, b"ABL007D0000");
        assert_eq!(bytes.len(), 11);
        assert_eq!(MemoryFile::read(&mut Reader::new(&bytes)), Ok(file));
        assert!(MemoryFile::read(&mut Reader::new(b"ABL007D0001")).is_err());
    }
}
