//! Reading the data of a command: listed bytes, ASCII numbers, labels.
//!
//! A reader never indexes past its end; what is missing, left over or not listed is a
//! [`PayloadError`] with the offset inside the data. Only what the encoder writes is read: a
//! lower-case hexadecimal digit is a fault.

use super::label::Label;

/// Which field a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The first byte of a command.
    Command,
    /// A file's name.
    Label,
    /// The escape byte before position and mode.
    Format,
    /// Where a text stands.
    Position,
    /// How a text comes.
    Mode,
    /// The second byte of a special mode.
    Special,
    /// A text.
    Text,
    /// Rows and columns of a picture.
    PictureSize,
    /// A dot or the end of a row.
    Dot,
    /// Hour and minute.
    Time,
    /// Month, day and year.
    Date,
    /// Day of the week.
    Weekday,
    /// 12 or 24 hours.
    TimeFormat,
    /// Speaker on or off.
    Speaker,
    /// A sound.
    Tone,
    /// What a file of the memory holds.
    FileKind,
    /// Whether the remote control may change a file.
    Keyboard,
    /// Size of a file.
    FileSize,
    /// Start or stop in steps of ten minutes.
    TimeCode,
    /// The zeros behind a string's size.
    Filler,
    /// How many colours a picture has.
    DotColours,
    /// In which order files run.
    RunOrder,
    /// The files that run.
    RunLabels,
    /// A sign's address.
    Address,
    /// Whether a sign answers writes.
    Answers,
}

/// Why the data of a listed command is not what the sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The data ends too early.
    #[error("The data ends at {at} where {field:?} was expected.")]
    Truncated {
        /// Offset in the data.
        at: usize,
        /// What is missing.
        field: Field,
    },
    /// Something stands behind the last field.
    #[error("{extra} bytes are left over at {at} behind the last field.")]
    LeftOver {
        /// Offset in the data.
        at: usize,
        /// How many.
        extra: usize,
    },
    /// A byte that the field does not know.
    #[error("Byte {byte:02X} at {at} is no {field:?} of the sheet.")]
    NotListed {
        /// Offset in the data.
        at: usize,
        /// Where it stands.
        field: Field,
        /// What stands there.
        byte: u8,
    },
    /// More than the sign takes.
    #[error("{field:?} at {at} is longer than {bytes_max} bytes.")]
    TooLong {
        /// Offset in the data.
        at: usize,
        /// What is too long.
        field: Field,
        /// The most it can be.
        bytes_max: usize,
    },
    /// Rainbow colours do nothing inside a string.
    #[error("A rainbow colour at {at} does not work inside a string.")]
    RainbowInString {
        /// Offset in the data.
        at: usize,
    },
}

impl PayloadError {
    /// Offset in the data.
    #[must_use]
    pub fn at(&self) -> usize {
        match *self {
            Self::Truncated { at, .. }
            | Self::LeftOver { at, .. }
            | Self::NotListed { at, .. }
            | Self::TooLong { at, .. }
            | Self::RainbowInString { at } => at,
        }
    }
}

/// A place in the data of a command.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Whether a byte is still to come.
    pub(super) fn has(&self, byte: u8) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.contains(&byte)
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = self.bytes.len();
        rest
    }

    /// The next byte as one of a list.
    pub(super) fn listed<T>(
        &mut self,
        field: Field,
        read: impl FnOnce(u8) -> Option<T>,
    ) -> Result<T, PayloadError> {
        let at = self.at;
        let byte = *self
            .bytes
            .get(at)
            .ok_or(PayloadError::Truncated { at, field })?;
        let value = read(byte).ok_or(PayloadError::NotListed { at, field, byte })?;
        self.at += 1;
        Ok(value)
    }

    pub(super) fn label(&mut self) -> Result<Label, PayloadError> {
        self.listed(Field::Label, Label::new)
    }

    /// `digits` upper-case hexadecimal digits, at most four.
    pub(super) fn hex(&mut self, digits: usize, field: Field) -> Result<u16, PayloadError> {
        (0..digits).try_fold(0, |value: u16, _| {
            Ok((value << 4) | u16::from(self.listed(field, hex_digit)?))
        })
    }

    /// Two upper-case hexadecimal digits.
    pub(super) fn hex_byte(&mut self, field: Field) -> Result<u8, PayloadError> {
        Ok((self.listed(field, hex_digit)? << 4) | self.listed(field, hex_digit)?)
    }

    /// Two decimal digits.
    pub(super) fn two_digits(&mut self, field: Field) -> Result<u8, PayloadError> {
        Ok(self.listed(field, digit)? * 10 + self.listed(field, digit)?)
    }

    /// Judges a value that has been read from `from` on.
    pub(super) fn accept<T>(
        &self,
        from: usize,
        field: Field,
        value: Option<T>,
    ) -> Result<T, PayloadError> {
        value.ok_or(PayloadError::NotListed {
            at: from,
            field,
            byte: self.bytes.get(from).copied().unwrap_or_default(),
        })
    }

    pub(super) fn finish(self) -> Result<(), PayloadError> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            extra => Err(PayloadError::LeftOver { at: self.at, extra }),
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// The value of an upper-case hexadecimal digit.
pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_digits_are_faults_at_their_place() {
        assert_eq!(Reader::new(b"0FA9").hex(4, Field::FileSize), Ok(0x0FA9));
        let at = 2;
        let (field, byte) = (Field::FileSize, b'a');
        assert_eq!(
            Reader::new(b"0Fa9").hex(4, field),
            Err(PayloadError::NotListed { at, field, byte })
        );
    }

    #[test]
    fn what_is_missing_or_left_over_is_a_fault() {
        let mut reader = Reader::new(b"12");
        assert_eq!(reader.two_digits(Field::Time), Ok(12));
        let (at, field) = (2, Field::Time);
        assert_eq!(
            reader.two_digits(Field::Time),
            Err(PayloadError::Truncated { at, field })
        );
        let left_over = Reader::new(b"xy").finish();
        assert_eq!(left_over, Err(PayloadError::LeftOver { at: 0, extra: 2 }));
    }
}
