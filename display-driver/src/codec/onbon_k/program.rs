//! Program files: what a card shows from its flash (sheet `onbon-bx.md` A5).
//!
//! Flash wears out after about 10⁵ erases, so programs are for what stays, never for a queue.
//! Whether the length in front of an area counts itself is not settled by the sources: it is written
//! as the program says, read back as that, and never used to find where an area ends.

use serde::{Deserialize, Serialize};

use super::area::Area;
use super::check::crc16_arc;
use super::payload::{PayloadError, Reader, wire_len};
use crate::codec::FileName;

/// The first byte of a program file, by which it is told from other files.
pub const KIND: u8 = 0;
const CHECK_BYTES: usize = 2;
/// Behind type and name.
const LENGTH_AT: usize = 5;
const LENGTH_BYTES: usize = 4;
/// A life without begin and end.
pub const FOR_EVER: [u8; 8] = [0xFF; 8];

/// What the length in front of an area counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaLength {
    /// Itself and the area, as in the vendor's examples of v1.4.
    #[default]
    IncludesItself,
    /// The area alone, as in the older example.
    AreaOnly,
}

/// Hour, minute and second of begin and end, BCD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Period(#[serde(with = "crate::codec::hex_text")] pub [u8; 6]);

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The file's name, `P000` to `P031`.
    pub name: FileName,
    /// Byte behind the length; FF in the vendor's example.
    #[serde(default = "usual_priority")]
    pub priority: u8,
    /// 0 in turn, else seconds.
    #[serde(default)]
    pub display: u16,
    /// How often in a row.
    #[serde(default = "once")]
    pub play_times: u8,
    /// First and last day, BCD; see [`FOR_EVER`].
    #[serde(default = "for_ever", with = "crate::codec::hex_text")]
    pub life: [u8; 8],
    /// Bit 0 every day, bits 1 to 7 Monday to Sunday.
    #[serde(default = "every_day")]
    pub week: u8,
    /// 1 only in the period below.
    #[serde(default)]
    pub timed: u8,
    /// When it plays.
    #[serde(default)]
    pub period: Option<Period>,
    /// What the length in front of each area counts: the sources do not agree.
    #[serde(default)]
    pub area_length: AreaLength,
    /// What it shows.
    pub areas: Vec<Area>,
}

fn usual_priority() -> u8 {
    0xFF
}

fn once() -> u8 {
    1
}

fn for_ever() -> [u8; 8] {
    FOR_EVER
}

fn every_day() -> u8 {
    1
}

/// Why bytes are not a program file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// A field is missing or something is left over.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// It is another kind of file.
    #[error("A program begins with 00, this file with {0:02X}.")]
    Kind(u8),
    /// The length in the file is not its own.
    #[error("The file says {announced} bytes and has {got}.")]
    Length {
        /// What it says.
        announced: u32,
        /// What it has.
        got: usize,
    },
    /// The check does not hold.
    #[error("The check of the file does not hold.")]
    Check,
    /// More than one period.
    #[error("A program has no or one period, not {0}.")]
    Periods(u8),
}

impl Program {
    /// The whole file with its check.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        let mut file = vec![KIND];
        file.extend(self.name.0);
        file.extend([0; LENGTH_BYTES]);
        file.push(self.priority);
        file.extend(self.display.to_le_bytes());
        file.push(self.play_times);
        file.extend(self.life);
        file.extend([self.week, self.timed, u8::from(self.period.is_some())]);
        file.extend(self.period.iter().flat_map(|period| period.0));
        file.push(wire_len(self.areas.len()));
        for area in &self.areas {
            let mut bytes = Vec::new();
            area.write(&mut bytes);
            let announced = self.area_length.of(bytes.len());
            file.extend(wire_len::<u32>(announced).to_le_bytes());
            file.extend(bytes);
        }
        let whole: u32 = wire_len(file.len() + CHECK_BYTES);
        file[LENGTH_AT..LENGTH_AT + LENGTH_BYTES].copy_from_slice(&whole.to_le_bytes());
        file.extend(crc16_arc(&file).to_le_bytes());
        file
    }

    /// Reads a file; each area ends where its text does.
    pub fn read(file: &[u8]) -> Result<Self, ProgramError> {
        let covered = file.len().saturating_sub(CHECK_BYTES);
        let mut reader = Reader::new(&file[..covered], 0);
        let kind = reader.u8()?;
        if kind != KIND {
            return Err(ProgramError::Kind(kind));
        }
        let name = FileName(reader.array()?);
        let announced = reader.u32()?;
        if usize::try_from(announced) != Ok(file.len()) {
            let got = file.len();
            return Err(ProgramError::Length { announced, got });
        }
        if crc16_arc(file) != 0 {
            return Err(ProgramError::Check);
        }
        let mut program = Self {
            name,
            priority: reader.u8()?,
            display: reader.u16()?,
            play_times: reader.u8()?,
            life: reader.array()?,
            week: reader.u8()?,
            timed: reader.u8()?,
            period: match reader.u8()? {
                0 => None,
                1 => Some(Period(reader.array()?)),
                count => return Err(ProgramError::Periods(count)),
            },
            area_length: AreaLength::default(),
            areas: Vec::new(),
        };
        for _ in 0..reader.u8()? {
            let announced = reader.u32()?;
            let start = reader.at();
            program.areas.push(Area::read(&mut reader)?);
            let bytes = reader.at() - start;
            if usize::try_from(announced) == Ok(AreaLength::AreaOnly.of(bytes)) {
                program.area_length = AreaLength::AreaOnly;
            }
        }
        reader.finish()?;
        Ok(program)
    }
}

impl AreaLength {
    /// What stands in front of an area of so many bytes.
    fn of(self, area_bytes: usize) -> usize {
        match self {
            Self::IncludesItself => area_bytes + LENGTH_BYTES,
            Self::AreaOnly => area_bytes,
        }
    }
}

impl ProgramError {
    /// Where in the file the fault lies.
    #[must_use]
    pub fn at(&self) -> usize {
        match self {
            Self::Payload(fault) => fault.at(),
            Self::Length { .. } => LENGTH_AT,
            Self::Kind(_) | Self::Check | Self::Periods(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked frame 8 of the sheet: "欢迎光临Onbon" on 128 × 32.
    const PRINTED: &str = "00503030304700 0000FF000001FFFFFFFFFFFFFFFF010000012C000000
        0000800000808020 00FF00000000000000020202000A0A0D000000BBB6D3ADB9E2C1D94F6E626F6E0F18";

    fn printed() -> Vec<u8> {
        let digits: String = PRINTED.chars().filter(char::is_ascii_hexdigit).collect();
        hex::decode(digits).expect("the sheet prints hex")
    }

    #[test]
    fn the_worked_file_reads_and_is_written_byte_for_byte() {
        let file = printed();
        assert_eq!(file.len(), 71);
        let program = Program::read(&file).expect("a sound file");
        assert_eq!(program.name, FileName(*b"P000"));
        assert_eq!(program.life, FOR_EVER);
        let text = program.areas[0].text.to_text();
        assert_eq!(text.as_deref(), Some("欢迎光临Onbon"));
        assert_eq!(program.area_length, AreaLength::IncludesItself);
        assert_eq!(program.to_file(), file);
        let older = Program {
            area_length: AreaLength::AreaOnly,
            ..program.clone()
        };
        let file = older.to_file();
        assert_eq!(file[25..29], [0x28, 0, 0, 0]);
        assert_eq!(Program::read(&file), Ok(older));
        let mut odd = file[..file.len() - CHECK_BYTES].to_vec();
        odd[25] = 0xEE;
        odd.extend(crc16_arc(&odd).to_le_bytes());
        assert_eq!(
            Program::read(&odd),
            Ok(program),
            "the length is not used to find the end of an area"
        );
    }

    #[test]
    fn a_cut_or_changed_file_is_refused() {
        let file = printed();
        for cut in 0..file.len() {
            assert!(Program::read(&file[..cut]).is_err(), "{cut}");
            let mut changed = file.clone();
            changed[cut] ^= 0x10;
            assert!(Program::read(&changed).is_err(), "{cut}");
        }
    }
}
