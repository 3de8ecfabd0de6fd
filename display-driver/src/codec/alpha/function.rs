//! Special functions: memory, clock, sound, order of files, the line itself (sheet `alpha.md` E, F).
//!
//! The functions that the sheet names without laying them out are not listed here: dimming, counters, and
//! the run day table, of which it gives label, start and stop, but not how a day is written.

use serde::{Deserialize, Serialize};

use super::address::OwnAddress;
use super::byte_enum::byte_enum;
use super::clock::{HourMinute, ShortDate};
use super::label::Label;
use super::memory::{Keyboard, MemoryFile, TimeCode};
use super::payload::{Field, PayloadError, Reader, hex_digit};

/// Most files of a run sequence.
pub const RUN_LABELS_MAX: usize = 128;

byte_enum! {
    /// The speaker, as two hexadecimal digits.
    Speaker {
        On = 0x00, "on";
        Off = 0xFF, "off";
    }
}

byte_enum! {
    /// A day of the week; Sunday is the first.
    Weekday {
        Sunday = b'1', "sunday";
        Monday = b'2', "monday";
        Tuesday = b'3', "tuesday";
        Wednesday = b'4', "wednesday";
        Thursday = b'5', "thursday";
        Friday = b'6', "friday";
        Saturday = b'7', "saturday";
    }
}

byte_enum! {
    /// How the time of day is shown.
    TimeFormat {
        TwelveHours = b'S', "12h";
        TwentyFourHours = b'M', "24h";
    }
}

byte_enum! {
    /// In which order files run.
    RunOrder {
        ByTime = b'T', "by-time";
        InOrder = b'S', "in-order";
        DeleteAfter = b'D', "delete-after";
    }
}

byte_enum! {
    /// Whether a sign answers writes; signs of Alpha 2.0 and 3.0 only.
    Answers {
        On = b'1', "on";
        Off = b'0', "off";
    }
}

/// Files in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunLabels(pub Vec<Label>);

impl From<RunLabels> for String {
    fn from(labels: RunLabels) -> Self {
        labels.0.into_iter().map(char::from).collect()
    }
}

impl TryFrom<String> for RunLabels {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.chars()
            .map(Label::try_from)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// 0 to 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Nibble(u8);

impl Nibble {
    /// 0 to 15.
    #[must_use]
    pub fn new(value: u8) -> Option<Self> {
        (value < 16).then_some(Self(value))
    }
}

impl From<Nibble> for u8 {
    fn from(nibble: Nibble) -> Self {
        nibble.0
    }
}

impl TryFrom<u8> for Nibble {
    type Error = String;

    fn try_from(value: u8) -> Result<Self, String> {
        Self::new(value).ok_or_else(|| format!("{value} 不在 0 到 15 之间"))
    }
}

/// What a sign sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Sound {
    /// One long beep.
    LongBeep,
    /// Three short ones.
    ThreeBeeps,
    /// A tone of the caller's choice; the sheet gives no units.
    Tone {
        /// Two hexadecimal digits.
        frequency: u8,
        /// One.
        duration: Nibble,
        /// One.
        repeat: Nibble,
    },
}

/// A special function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "command",
    content = "params",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
pub enum Function {
    /// E and a space.
    SetTime {
        /// The time of day.
        time: HourMinute,
    },
    /// E!
    SetSpeaker {
        /// On or off.
        speaker: Speaker,
    },
    /// E$ alone: every file goes. A sign is deaf to reads for about five seconds (measured).
    ClearMemory {},
    /// E$ with files: the others go.
    ConfigureMemory {
        /// At least one.
        files: Vec<MemoryFile>,
    },
    /// E&
    SetWeekday {
        /// Which.
        weekday: Weekday,
    },
    /// E'
    SetTimeFormat {
        /// Which.
        format: TimeFormat,
    },
    /// E(. A sign is deaf for at least three seconds.
    Sound {
        /// What.
        sound: Sound,
    },
    /// E)
    SetRunTime {
        /// The text file.
        label: Label,
        /// When it begins to be shown.
        start: TimeCode,
        /// When it ends.
        stop: TimeCode,
    },
    /// E, — memory is kept, a sign is deaf during its self test.
    SoftReset {},
    /// E.
    SetRunSequence {
        /// How.
        order: RunOrder,
        /// Whether the remote control may change it.
        keyboard: Keyboard,
        /// At most 128, written as one text.
        labels: RunLabels,
    },
    /// E4
    ClearSerialErrors {},
    /// E7
    SetAddress {
        /// The new one.
        address: OwnAddress,
    },
    /// E;
    SetDate {
        /// The date.
        date: ShortDate,
    },
    /// Es
    SetAnswers {
        /// On or off.
        answers: Answers,
    },
    /// F and the label of a function.
    ReadFunction {
        /// Which.
        function: Label,
    },
}

impl Function {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        if let Self::ReadFunction { function } = self {
            out.extend([b'F', function.byte()]);
            return;
        }
        out.extend([b'E', self.label()]);
        match self {
            Self::SetTime { time } => time.write(out),
            Self::SetSpeaker { speaker } => out.extend(format!("{:02X}", speaker.byte()).bytes()),
            Self::ConfigureMemory { files } => files.iter().for_each(|file| file.write(out)),
            Self::SetWeekday { weekday } => out.push(weekday.byte()),
            Self::SetTimeFormat { format } => out.push(format.byte()),
            Self::Sound { sound } => sound.write(out),
            Self::SetRunTime { label, start, stop } => {
                out.push(label.byte());
                start.write(out);
                stop.write(out);
            }
            Self::SetRunSequence {
                order,
                keyboard,
                labels,
            } => {
                out.extend([order.byte(), keyboard.byte()]);
                out.extend(labels.0.iter().map(|label| label.byte()));
            }
            Self::SetAddress { address } => address.write(out),
            Self::SetDate { date } => date.write(out),
            Self::SetAnswers { answers } => out.push(answers.byte()),
            Self::ClearMemory {}
            | Self::SoftReset {}
            | Self::ClearSerialErrors {}
            | Self::ReadFunction { .. } => {}
        }
    }

    fn label(&self) -> u8 {
        match self {
            Self::SetTime { .. } => b' ',
            Self::SetSpeaker { .. } => b'!',
            Self::ClearMemory {} | Self::ConfigureMemory { .. } => b'$',
            Self::SetWeekday { .. } => b'&',
            Self::SetTimeFormat { .. } => b'\'',
            Self::Sound { .. } => b'(',
            Self::SetRunTime { .. } => b')',
            Self::SoftReset {} => b',',
            Self::SetRunSequence { .. } => b'.',
            Self::ClearSerialErrors {} => b'4',
            Self::SetAddress { .. } => b'7',
            Self::SetDate { .. } => b';',
            Self::SetAnswers { .. } => b's',
            Self::ReadFunction { function } => function.byte(),
        }
    }

    /// Reads data that begins with E or F; `None` for what the sheet does not lay out.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, PayloadError> {
        if reader.listed(Field::Command, Some)? == b'F' {
            let function = reader.label()?;
            return Ok(Some(Self::ReadFunction { function }));
        }
        let label = reader.listed(Field::Label, Some)?;
        Ok(Some(match label {
            b' ' => Self::SetTime {
                time: HourMinute::read(reader)?,
            },
            b'!' => Self::SetSpeaker {
                speaker: read_speaker(reader)?,
            },
            b'$' if reader.is_at_end() => Self::ClearMemory {},
            b'$' => Self::ConfigureMemory {
                files: read_files(reader)?,
            },
            b'&' => Self::SetWeekday {
                weekday: reader.listed(Field::Weekday, Weekday::from_byte)?,
            },
            b'\'' => Self::SetTimeFormat {
                format: reader.listed(Field::TimeFormat, TimeFormat::from_byte)?,
            },
            b'(' => Self::Sound {
                sound: Sound::read(reader)?,
            },
            b')' => Self::SetRunTime {
                label: reader.label()?,
                start: TimeCode::read(reader)?,
                stop: TimeCode::read(reader)?,
            },
            b',' => Self::SoftReset {},
            b'.' => read_run_sequence(reader)?,
            b'4' => Self::ClearSerialErrors {},
            b'7' => Self::SetAddress {
                address: OwnAddress::read(reader)?,
            },
            b';' => Self::SetDate {
                date: ShortDate::read(reader)?,
            },
            b's' => Self::SetAnswers {
                answers: reader.listed(Field::Answers, Answers::from_byte)?,
            },
            _ => return Ok(None),
        }))
    }
}

impl Sound {
    fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::LongBeep => out.push(b'0'),
            Self::ThreeBeeps => out.push(b'1'),
            Self::Tone {
                frequency,
                duration,
                repeat,
            } => out.extend(format!("2{frequency:02X}{:X}{:X}", duration.0, repeat.0).bytes()),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let kind = |byte| matches!(byte, b'0'..=b'2').then_some(byte);
        Ok(match reader.listed(Field::Tone, kind)? {
            b'0' => Self::LongBeep,
            b'1' => Self::ThreeBeeps,
            _ => Self::Tone {
                frequency: reader.hex_byte(Field::Tone)?,
                duration: reader.listed(Field::Tone, hex_digit).map(Nibble)?,
                repeat: reader.listed(Field::Tone, hex_digit).map(Nibble)?,
            },
        })
    }
}

fn read_speaker(reader: &mut Reader<'_>) -> Result<Speaker, PayloadError> {
    let from = reader.at();
    let byte = reader.hex_byte(Field::Speaker)?;
    reader.accept(from, Field::Speaker, Speaker::from_byte(byte))
}

fn read_files(reader: &mut Reader<'_>) -> Result<Vec<MemoryFile>, PayloadError> {
    let mut files = Vec::new();
    while !reader.is_at_end() {
        files.push(MemoryFile::read(reader)?);
    }
    Ok(files)
}

fn read_run_sequence(reader: &mut Reader<'_>) -> Result<Function, PayloadError> {
    let order = reader.listed(Field::RunOrder, RunOrder::from_byte)?;
    let keyboard = reader.listed(Field::Keyboard, Keyboard::from_byte)?;
    let from = reader.at();
    let mut labels = RunLabels::default();
    while !reader.is_at_end() {
        labels.0.push(reader.label()?);
    }
    if labels.0.len() > RUN_LABELS_MAX {
        return Err(PayloadError::TooLong {
            at: from + RUN_LABELS_MAX,
            field: Field::RunLabels,
            bytes_max: RUN_LABELS_MAX,
        });
    }
    Ok(Function::SetRunSequence {
        order,
        keyboard,
        labels,
    })
}
