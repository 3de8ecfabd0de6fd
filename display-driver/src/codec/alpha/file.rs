//! Text files, string files and pictures: writing and reading them (sheet `alpha.md` A, G, I, M).
//!
//! A string suits a changing ticket number, because rewriting it does not blank the display as
//! rewriting a text does. What a sign answers to a read has the form of the write.

use serde::{Deserialize, Serialize};

use super::dots::{Dots, LargeDots, RUN_LENGTH};
use super::label::Label;
use super::look::{Mode, Position};
use super::payload::{Field, PayloadError, Reader};
use super::piece::{Piece, TextColour};
use super::text::Text;

/// Most bytes of a string, and of the text of the priority file.
pub const SHORT_TEXT_BYTES_MAX: usize = 125;
/// Most bytes of a text: what the four digits of a file's size can say.
pub const TEXT_BYTES_MAX: usize = 0xFFFF;
/// Stands before position and mode.
const FORMAT: u8 = 0x1B;

/// What is done with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "command",
    content = "params",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
pub enum FileCommand {
    /// A. An empty priority text shows a blank screen for ever; release it instead.
    WriteText {
        /// `0` is the priority file, `A` needs no configuration.
        label: Label,
        /// Where it stands.
        position: Position,
        /// How it comes.
        mode: Mode,
        /// At most 125 bytes in the priority file.
        text: Text,
    },
    /// A0 and nothing else: other texts are shown again.
    ReleasePriority {},
    /// B.
    ReadText {
        /// Which.
        label: Label,
    },
    /// G, for a file that has been configured.
    WriteString {
        /// Which.
        label: Label,
        /// At most 125 bytes, no rainbow colours.
        text: Text,
    },
    /// H.
    ReadString {
        /// Which.
        label: Label,
    },
    /// I, for a file that has been configured.
    WriteSmallDots {
        /// Which.
        label: Label,
        /// From top to bottom.
        rows: Dots,
    },
    /// J.
    ReadSmallDots {
        /// Which.
        label: Label,
    },
    /// M, dot by dot: of its run length the sheet's sources disagree what is counted.
    WriteLargeDots {
        /// Which.
        label: Label,
        /// From top to bottom.
        rows: LargeDots,
    },
    /// N.
    ReadLargeDots {
        /// Which.
        label: Label,
    },
}

impl FileCommand {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::WriteText {
                label,
                position,
                mode,
                text,
            } => {
                out.extend([b'A', label.byte(), FORMAT, position.byte()]);
                mode.write(out);
                out.extend(text.bytes());
            }
            Self::ReleasePriority {} => out.extend([b'A', Label::PRIORITY.byte()]),
            Self::ReadText { label } => out.extend([b'B', label.byte()]),
            Self::WriteString { label, text } => {
                out.extend([b'G', label.byte()]);
                out.extend(text.bytes());
            }
            Self::ReadString { label } => out.extend([b'H', label.byte()]),
            Self::WriteSmallDots { label, rows } => {
                out.extend([b'I', label.byte()]);
                rows.write(out);
            }
            Self::ReadSmallDots { label } => out.extend([b'J', label.byte()]),
            Self::WriteLargeDots { label, rows } => {
                out.extend([b'M', label.byte()]);
                rows.write(out);
            }
            Self::ReadLargeDots { label } => out.extend([b'N', label.byte()]),
        }
    }

    /// Reads behind the command byte `code`; `None` for what the sheet does not list.
    pub(super) fn read(code: u8, reader: &mut Reader<'_>) -> Result<Option<Self>, PayloadError> {
        Ok(Some(match code {
            b'A' => return read_text(reader),
            b'B' => Self::ReadText {
                label: reader.label()?,
            },
            b'G' => read_string(reader)?,
            b'H' => Self::ReadString {
                label: reader.label()?,
            },
            b'I' => Self::WriteSmallDots {
                label: reader.label()?,
                rows: Dots::read(reader)?,
            },
            b'J' => Self::ReadSmallDots {
                label: reader.label()?,
            },
            b'M' => return read_large_dots(reader),
            b'N' => Self::ReadLargeDots {
                label: reader.label()?,
            },
            _ => return Ok(None),
        }))
    }
}

/// The sheet lists a text without position and mode for the priority file only.
fn read_text(reader: &mut Reader<'_>) -> Result<Option<FileCommand>, PayloadError> {
    let label = reader.label()?;
    if reader.is_at_end() {
        let is_release = label == Label::PRIORITY;
        return Ok(is_release.then_some(FileCommand::ReleasePriority {}));
    }
    reader.listed(Field::Format, |byte| (byte == FORMAT).then_some(()))?;
    let bytes_max = if label == Label::PRIORITY {
        SHORT_TEXT_BYTES_MAX
    } else {
        TEXT_BYTES_MAX
    };
    Ok(Some(FileCommand::WriteText {
        label,
        position: reader.listed(Field::Position, Position::from_byte)?,
        mode: Mode::read(reader)?,
        text: Text::read(reader, bytes_max)?,
    }))
}

/// One with run lengths is kept as its bytes: nobody knows yet how many dots they stand for.
fn read_large_dots(reader: &mut Reader<'_>) -> Result<Option<FileCommand>, PayloadError> {
    if reader.has(RUN_LENGTH) {
        return Ok(None);
    }
    Ok(Some(FileCommand::WriteLargeDots {
        label: reader.label()?,
        rows: LargeDots::read(reader)?,
    }))
}

fn read_string(reader: &mut Reader<'_>) -> Result<FileCommand, PayloadError> {
    let label = reader.label()?;
    let at = reader.at();
    let text = Text::read(reader, SHORT_TEXT_BYTES_MAX)?;
    let is_rainbow = |piece| {
        let rainbows = [TextColour::Rainbow1, TextColour::Rainbow2].map(Piece::Colour);
        rainbows.contains(&piece)
    };
    if text.pieces().any(is_rainbow) {
        return Err(PayloadError::RainbowInString { at });
    }
    Ok(FileCommand::WriteString { label, text })
}
