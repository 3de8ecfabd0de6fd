//! The host's commands as values (sheet `onbon-bx.md` A3–A5).
//!
//! Serialised, a command is `{"command": "kebab-name", "params": {…}}`, the shape of the command
//! line. Values keep the byte of the wire; what the bytes mean stands beside each field. The special
//! dynamic areas (A4 01–09) and the network commands are not listed here and decode as
//! [`super::message::Message::Unknown`].

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::area::Area;
use super::clock::Clock;
use super::payload::{PayloadError, Reader, wire_len};
use super::text::WireText;
use crate::codec::FileName;

impl Serialize for FileName {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        WireText(self.0.to_vec()).serialize(to)
    }
}

impl<'de> Deserialize<'de> for FileName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let WireText(bytes) = WireText::deserialize(from)?;
        let len = bytes.len();
        let name = bytes.try_into().map(Self);
        name.map_err(|_| D::Error::custom(format!("文件名应为 4 个字节，现为 {len} 个")))
    }
}

/// Which dynamic areas go before new ones come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deletes {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// These, 1 to 254 of them.
    Ids(Vec<u8>),
}

/// Updates and deletes dynamic areas. They live in memory: free to rewrite, lost at power-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DynamicArea {
    /// 0 draws over, 1 clears and initialises the area first; stands in the first reserved byte.
    #[serde(default)]
    pub process_mode: u8,
    /// Areas to delete.
    #[serde(default)]
    pub delete: Deletes,
    /// Areas to show.
    #[serde(default)]
    pub areas: Vec<Area>,
}

/// Brightness, fixed or by the time of day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Brightness {
    /// 0..15.
    Level(u8),
    /// 48 levels, one per half hour from midnight.
    HalfHours(Vec<u8>),
}

/// One period of timed power: on before off, not across midnight; BCD as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerPeriod {
    /// Hour and minute of switching on, BCD.
    #[serde(with = "crate::codec::hex_text")]
    pub on_bcd: [u8; 2],
    /// Hour and minute of switching off, BCD.
    #[serde(with = "crate::codec::hex_text")]
    pub off_bcd: [u8; 2],
}

/// What a host asks of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "command",
    content = "params",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
pub enum Command {
    /// A2 00.
    Ping {},
    /// A2 01: erases every file except the firmware and reboots.
    Reset {},
    /// A1 02.
    QueryStatus {},
    /// A1 00: formats the file system, fonts included.
    Format {},
    /// A1 01.
    DeleteFiles {
        /// Empty means all programs.
        names: Vec<FileName>,
    },
    /// A2 03.
    SetClock {
        /// The time to set.
        clock: Clock,
    },
    /// A2 06, by broadcast only.
    SetScreenNumber {
        /// The new number.
        number: u16,
    },
    /// A2 07, by broadcast only.
    ReadScreenNumber {},
    /// A2 08.
    BootInfo {
        /// 0 shows the boot carousel, 1 hides it.
        hide: u8,
    },
    /// A2 09.
    ListFonts {},
    /// A2 0A.
    ReadParameters {},
    /// A3 00.
    Power {
        /// 1 on, 2 off.
        state: u8,
    },
    /// A3 01.
    TimedPower {
        /// At most three.
        periods: Vec<PowerPeriod>,
    },
    /// A3 08.
    CancelTimedPower {},
    /// A3 02.
    Brightness(Brightness),
    /// A3 04.
    LockProgram {
        /// 0 lost at power-off, 1 kept.
        store: u8,
        /// 1 locks, 0 unlocks.
        lock: u8,
        /// Which program.
        name: FileName,
    },
    /// A3 06.
    DynamicArea(DynamicArea),
    /// A3 10.
    ClearScreen {},
    /// A1 05.
    BeginFile {
        /// 1 replaces a file of that name.
        overwrite: u8,
        /// Which file.
        name: FileName,
        /// Length of the whole file.
        length: u32,
    },
    /// A1 06.
    FileBlock {
        /// Which file.
        name: FileName,
        /// 1 on the last block.
        last: u8,
        /// Counts from 0.
        block_no: u16,
        /// Offset in the file.
        block_addr: u32,
        /// The block.
        #[serde(with = "crate::codec::hex_text")]
        data: Vec<u8>,
    },
    /// A1 07: the screen is dark until [`Command::EndFiles`].
    BeginFiles {},
    /// A1 08.
    EndFiles {},
}

impl Command {
    /// Group and command bytes.
    #[must_use]
    pub fn code(&self) -> [u8; 2] {
        match self {
            Self::Format {} => [0xA1, 0x00],
            Self::DeleteFiles { .. } => [0xA1, 0x01],
            Self::QueryStatus {} => [0xA1, 0x02],
            Self::BeginFile { .. } => [0xA1, 0x05],
            Self::FileBlock { .. } => [0xA1, 0x06],
            Self::BeginFiles {} => [0xA1, 0x07],
            Self::EndFiles {} => [0xA1, 0x08],
            Self::Ping {} => [0xA2, 0x00],
            Self::Reset {} => [0xA2, 0x01],
            Self::SetClock { .. } => [0xA2, 0x03],
            Self::SetScreenNumber { .. } => [0xA2, 0x06],
            Self::ReadScreenNumber {} => [0xA2, 0x07],
            Self::BootInfo { .. } => [0xA2, 0x08],
            Self::ListFonts {} => [0xA2, 0x09],
            Self::ReadParameters {} => [0xA2, 0x0A],
            Self::Power { .. } => [0xA3, 0x00],
            Self::TimedPower { .. } => [0xA3, 0x01],
            Self::Brightness(_) => [0xA3, 0x02],
            Self::LockProgram { .. } => [0xA3, 0x04],
            Self::DynamicArea(_) => [0xA3, 0x06],
            Self::CancelTimedPower {} => [0xA3, 0x08],
            Self::ClearScreen {} => [0xA3, 0x10],
        }
    }

    /// Appends what stands behind the reserved bytes.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::DeleteFiles { names } => {
                out.extend(wire_len::<u16>(names.len()).to_le_bytes());
                names.iter().for_each(|name| out.extend(name.0));
            }
            Self::SetClock { clock } => out.extend(clock.setting_order()),
            Self::SetScreenNumber { number } => out.extend(number.to_le_bytes()),
            Self::BootInfo { hide: byte } | Self::Power { state: byte } => out.push(*byte),
            Self::TimedPower { periods } => {
                out.push(wire_len(periods.len()));
                periods.iter().for_each(|period| {
                    out.extend(period.on_bcd.into_iter().chain(period.off_bcd));
                });
            }
            Self::Brightness(Brightness::Level(level)) => out.extend([1, *level]),
            Self::Brightness(Brightness::HalfHours(levels)) => {
                out.extend([2, 0]);
                out.extend(levels);
            }
            Self::LockProgram { store, lock, name } => {
                out.extend([*store, *lock]);
                out.extend(name.0);
            }
            Self::DynamicArea(update) => write_dynamic_area(update, out),
            Self::BeginFile {
                overwrite,
                name,
                length,
            } => {
                out.push(*overwrite);
                out.extend(name.0);
                out.extend(length.to_le_bytes());
            }
            Self::FileBlock {
                name,
                last,
                block_no,
                block_addr,
                data,
            } => {
                out.extend(name.0);
                out.push(*last);
                out.extend(block_no.to_le_bytes());
                out.extend(wire_len::<u16>(data.len()).to_le_bytes());
                out.extend(block_addr.to_le_bytes());
                out.extend(data);
            }
            Self::Ping {}
            | Self::Reset {}
            | Self::QueryStatus {}
            | Self::Format {}
            | Self::ReadScreenNumber {}
            | Self::ListFonts {}
            | Self::ReadParameters {}
            | Self::CancelTimedPower {}
            | Self::ClearScreen {}
            | Self::BeginFiles {}
            | Self::EndFiles {} => {}
        }
    }

    /// Reads the command `code` names; `None` for a command or a variant the sheet does not list.
    pub(super) fn read(
        code: [u8; 2],
        process_mode: u8,
        reader: &mut Reader<'_>,
    ) -> Result<Option<Self>, PayloadError> {
        Ok(Some(match code {
            [0xA1, 0x00] => Self::Format {},
            [0xA1, 0x01] => Self::DeleteFiles {
                names: read_names(reader)?,
            },
            [0xA1, 0x02] => Self::QueryStatus {},
            [0xA1, 0x05] => Self::BeginFile {
                overwrite: reader.u8()?,
                name: FileName(reader.array()?),
                length: reader.u32()?,
            },
            [0xA1, 0x06] => read_file_block(reader)?,
            [0xA1, 0x07] => Self::BeginFiles {},
            [0xA1, 0x08] => Self::EndFiles {},
            [0xA2, 0x00] => Self::Ping {},
            [0xA2, 0x01] => Self::Reset {},
            [0xA2, 0x03] => Self::SetClock {
                clock: Clock::from_setting_order(reader.array()?),
            },
            [0xA2, 0x06] => Self::SetScreenNumber {
                number: reader.u16()?,
            },
            [0xA2, 0x07] => Self::ReadScreenNumber {},
            [0xA2, 0x08] => Self::BootInfo { hide: reader.u8()? },
            [0xA2, 0x09] => Self::ListFonts {},
            [0xA2, 0x0A] => Self::ReadParameters {},
            [0xA3, 0x00] => Self::Power {
                state: reader.u8()?,
            },
            [0xA3, 0x01] => Self::TimedPower {
                periods: read_periods(reader)?,
            },
            [0xA3, 0x02] => return Ok(read_brightness(reader)?.map(Self::Brightness)),
            [0xA3, 0x04] => Self::LockProgram {
                store: reader.u8()?,
                lock: reader.u8()?,
                name: FileName(reader.array()?),
            },
            [0xA3, 0x06] => Self::DynamicArea(read_dynamic_area(process_mode, reader)?),
            [0xA3, 0x08] => Self::CancelTimedPower {},
            [0xA3, 0x10] => Self::ClearScreen {},
            _ => return Ok(None),
        }))
    }
}

fn write_dynamic_area(update: &DynamicArea, out: &mut Vec<u8>) {
    match &update.delete {
        Deletes::None => out.push(0),
        Deletes::All => out.push(0xFF),
        Deletes::Ids(ids) => {
            out.push(wire_len(ids.len()));
            out.extend(ids);
        }
    }
    out.push(wire_len(update.areas.len()));
    for area in &update.areas {
        let mut bytes = Vec::new();
        area.write(&mut bytes);
        out.extend(wire_len::<u16>(bytes.len()).to_le_bytes());
        out.extend(bytes);
    }
}

fn read_dynamic_area(
    process_mode: u8,
    reader: &mut Reader<'_>,
) -> Result<DynamicArea, PayloadError> {
    let delete = match reader.u8()? {
        0 => Deletes::None,
        0xFF => Deletes::All,
        count => Deletes::Ids(reader.take(usize::from(count))?.to_vec()),
    };
    let count = reader.u8()?;
    let areas = (0..count)
        .map(|_| read_counted_area(reader))
        .collect::<Result<_, _>>()?;
    Ok(DynamicArea {
        process_mode,
        delete,
        areas,
    })
}

fn read_counted_area(reader: &mut Reader<'_>) -> Result<Area, PayloadError> {
    let at = reader.at();
    let announced = usize::from(reader.u16()?);
    let start = reader.at();
    let area = Area::read(reader)?;
    let got = reader.at() - start;
    if got == announced {
        Ok(area)
    } else {
        Err(PayloadError::InnerLength { at, announced, got })
    }
}

fn read_names(reader: &mut Reader<'_>) -> Result<Vec<FileName>, PayloadError> {
    let count = reader.u16()?;
    (0..count).map(|_| Ok(FileName(reader.array()?))).collect()
}

fn read_periods(reader: &mut Reader<'_>) -> Result<Vec<PowerPeriod>, PayloadError> {
    let count = reader.u8()?;
    (0..count)
        .map(|_| {
            Ok(PowerPeriod {
                on_bcd: reader.array()?,
                off_bcd: reader.array()?,
            })
        })
        .collect()
}

fn read_brightness(reader: &mut Reader<'_>) -> Result<Option<Brightness>, PayloadError> {
    Ok(match reader.array()? {
        [1, level] => Some(Brightness::Level(level)),
        [2, 0] => Some(Brightness::HalfHours(reader.take(48)?.to_vec())),
        _ => None,
    })
}

fn read_file_block(reader: &mut Reader<'_>) -> Result<Command, PayloadError> {
    let name = FileName(reader.array()?);
    let last = reader.u8()?;
    let block_no = reader.u16()?;
    let len_at = reader.at();
    let announced = usize::from(reader.u16()?);
    let block_addr = reader.u32()?;
    let got = reader.remaining();
    if got != announced {
        return Err(PayloadError::InnerLength {
            at: len_at,
            announced,
            got,
        });
    }
    let data = reader.take(announced)?.to_vec();
    Ok(Command::FileBlock {
        name,
        last,
        block_no,
        block_addr,
        data,
    })
}
