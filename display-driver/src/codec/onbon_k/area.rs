//! The data of one dynamic area (sheet `onbon-bx.md` A4): a rectangle, how it behaves, its text.
//!
//! Fields keep the byte of the wire, because cards of other firmware use values the sheet does not
//! list; the values it does list are constants here. The same layout stands in program files.

use serde::{Deserialize, Serialize};

use super::payload::{PayloadError, Reader, wire_len};
use super::text::WireText;

/// Run modes.
pub mod run_mode {
    /// Pages in a loop.
    pub const LOOP: u8 = 0;
    /// Stops on the last page.
    pub const STOP_ON_LAST: u8 = 1;
    /// Loop; the area goes when it is not refreshed within the time-out.
    pub const REMOVE_AFTER_TIMEOUT: u8 = 2;
}

/// Single line or several.
pub mod lines {
    /// One line.
    pub const SINGLE: u8 = 1;
    /// Several lines.
    pub const MULTI: u8 = 2;
}

/// Where a line ends.
pub mod wrap {
    /// Only at `\n`.
    pub const EXPLICIT: u8 = 1;
    /// Where the area ends.
    pub const AUTOMATIC: u8 = 2;
}

/// How a page appears.
pub mod display_mode {
    /// Static.
    pub const STATIC: u8 = 1;
    /// At once.
    pub const POP: u8 = 2;
    /// Moves left.
    pub const LEFT: u8 = 3;
    /// Moves right.
    pub const RIGHT: u8 = 4;
    /// Moves up.
    pub const UP: u8 = 5;
    /// Moves down.
    pub const DOWN: u8 = 6;
}

/// Bits of the alignment byte.
pub mod alignment {
    /// Against the left edge.
    pub const LEFT: u8 = 0b0000;
    /// Against the right edge.
    pub const RIGHT: u8 = 0b0001;
    /// In the middle between left and right.
    pub const CENTRE: u8 = 0b0010;
    /// Against the top.
    pub const TOP: u8 = 0b0000;
    /// Against the bottom.
    pub const BOTTOM: u8 = 0b0100;
    /// In the middle between top and bottom.
    pub const MIDDLE: u8 = 0b1000;
}

/// The bit that says "pixels" in X and width.
const PIXELS: u16 = 0x8000;

/// X or width: whole bytes of eight pixels, or pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// Pixels, at most 32767.
    Px(u16),
    /// Groups of eight pixels, at most 32767.
    Bytes(u16),
}

impl Extent {
    /// In pixels.
    #[must_use]
    pub fn pixels(self) -> u32 {
        match self {
            Self::Px(pixels) => u32::from(pixels),
            Self::Bytes(bytes) => u32::from(bytes) * 8,
        }
    }

    fn to_wire(self) -> u16 {
        match self {
            Self::Px(pixels) => pixels | PIXELS,
            Self::Bytes(bytes) => bytes & !PIXELS,
        }
    }

    fn from_wire(word: u16) -> Self {
        if word & PIXELS == 0 {
            Self::Bytes(word)
        } else {
            Self::Px(word & !PIXELS)
        }
    }
}

/// What a card with a voice module says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sound {
    /// 1 speaks the text of the area, 2 speaks [`Sound::text`].
    pub mode: u8,
    /// Low nibble voice 0–5, high nibble repeats.
    pub voice: u8,
    /// 0–10.
    pub volume: u8,
    /// 0–10.
    pub speed: u8,
    /// On the wire only in mode 2.
    #[serde(default)]
    pub text: WireText,
}

/// One dynamic area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// 00.
    #[serde(default)]
    pub area_type: u8,
    /// Left edge.
    pub x: Extent,
    /// Top edge, pixels.
    pub y: u16,
    /// Width.
    pub width: Extent,
    /// Height, pixels.
    pub height: u16,
    /// Which dynamic area; FF inside program files.
    pub id: u8,
    /// Pixels between lines.
    #[serde(default)]
    pub line_spacing: u8,
    /// See [`run_mode`].
    #[serde(default)]
    pub run_mode: u8,
    /// Seconds.
    #[serde(default)]
    pub timeout_s: u16,
    /// `None` is sound mode 0.
    #[serde(default)]
    pub sound: Option<Sound>,
    /// Extension bytes: type setting, character gap, padding.
    #[serde(default, with = "crate::codec::hex_text")]
    pub extension: Vec<u8>,
    /// See [`alignment`].
    #[serde(default)]
    pub alignment: u8,
    /// See [`lines`].
    pub lines: u8,
    /// See [`wrap`].
    pub wrap: u8,
    /// See [`display_mode`].
    pub display_mode: u8,
    /// 00.
    #[serde(default)]
    pub exit_mode: u8,
    /// 00 fastest … 18h slowest.
    #[serde(default)]
    pub speed: u8,
    /// Half seconds a page stays.
    #[serde(default)]
    pub stay_half_s: u8,
    /// What it shows.
    pub text: WireText,
}

impl Area {
    /// Appends the area without a length in front.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.push(self.area_type);
        for word in [self.x.to_wire(), self.y, self.width.to_wire(), self.height] {
            out.extend(word.to_le_bytes());
        }
        out.extend([self.id, self.line_spacing, self.run_mode]);
        out.extend(self.timeout_s.to_le_bytes());
        write_sound(self.sound.as_ref(), out);
        out.push(wire_len(self.extension.len()));
        out.extend(&self.extension);
        out.extend([
            self.alignment,
            self.lines,
            self.wrap,
            self.display_mode,
            self.exit_mode,
            self.speed,
            self.stay_half_s,
        ]);
        out.extend(wire_len::<u32>(self.text.0.len()).to_le_bytes());
        out.extend(&self.text.0);
    }

    /// Reads one area; its end follows from the text length.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        Ok(Self {
            area_type: reader.u8()?,
            x: Extent::from_wire(reader.u16()?),
            y: reader.u16()?,
            width: Extent::from_wire(reader.u16()?),
            height: reader.u16()?,
            id: reader.u8()?,
            line_spacing: reader.u8()?,
            run_mode: reader.u8()?,
            timeout_s: reader.u16()?,
            sound: read_sound(reader)?,
            extension: read_short_run(reader)?,
            alignment: reader.u8()?,
            lines: reader.u8()?,
            wrap: reader.u8()?,
            display_mode: reader.u8()?,
            exit_mode: reader.u8()?,
            speed: reader.u8()?,
            stay_half_s: reader.u8()?,
            text: read_long_run(reader)?,
        })
    }
}

fn write_sound(sound: Option<&Sound>, out: &mut Vec<u8>) {
    let Some(sound) = sound.filter(|sound| sound.mode != 0) else {
        out.push(0);
        return;
    };
    out.extend([sound.mode, sound.voice, sound.volume, sound.speed]);
    if sound.mode == 2 {
        out.extend(wire_len::<u32>(sound.text.0.len()).to_le_bytes());
        out.extend(&sound.text.0);
    }
}

fn read_sound(reader: &mut Reader<'_>) -> Result<Option<Sound>, PayloadError> {
    let mode = reader.u8()?;
    if mode == 0 {
        return Ok(None);
    }
    let [voice, volume, speed] = reader.array()?;
    let text = if mode == 2 {
        read_long_run(reader)?
    } else {
        WireText::default()
    };
    Ok(Some(Sound {
        mode,
        voice,
        volume,
        speed,
        text,
    }))
}

fn read_short_run(reader: &mut Reader<'_>) -> Result<Vec<u8>, PayloadError> {
    let len = reader.u8()?;
    Ok(reader.take(usize::from(len))?.to_vec())
}

fn read_long_run(reader: &mut Reader<'_>) -> Result<WireText, PayloadError> {
    let at = reader.at();
    let announced = usize::try_from(reader.u32()?).unwrap_or(usize::MAX);
    let got = reader.remaining();
    if announced > got {
        return Err(PayloadError::InnerLength { at, announced, got });
    }
    Ok(WireText(reader.take(announced)?.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area() -> Area {
        Area {
            area_type: 0,
            x: Extent::Px(0),
            y: 0,
            width: Extent::Px(192),
            height: 16,
            id: 0,
            line_spacing: 0,
            run_mode: run_mode::LOOP,
            timeout_s: 0,
            sound: None,
            extension: Vec::new(),
            alignment: 0,
            lines: lines::SINGLE,
            wrap: wrap::EXPLICIT,
            display_mode: display_mode::STATIC,
            exit_mode: 0,
            speed: 0,
            stay_half_s: 10,
            text: WireText(b"A".to_vec()),
        }
    }

    fn written(area: &Area) -> Vec<u8> {
        let mut out = Vec::new();
        area.write(&mut out);
        out
    }

    #[test]
    fn an_area_is_twenty_seven_bytes_and_its_text() {
        assert_eq!(written(&area()).len(), 27 + 1);
    }

    #[test]
    fn zero_pixels_are_00_80_and_sixteen_bytes_are_10_00() {
        assert_eq!(Extent::Px(0).to_wire().to_le_bytes(), [0x00, 0x80]);
        assert_eq!(Extent::Bytes(16).to_wire().to_le_bytes(), [0x10, 0x00]);
        assert_eq!(
            (Extent::Px(128).pixels(), Extent::Bytes(16).pixels()),
            (128, 128)
        );
    }

    #[test]
    fn sound_and_extension_go_both_ways() {
        for mode in [1, 2, 9] {
            let text = if mode == 2 {
                WireText(b"hello".to_vec())
            } else {
                WireText::default()
            };
            let spoken = Area {
                sound: Some(Sound {
                    mode,
                    voice: 0x21,
                    volume: 10,
                    speed: 5,
                    text,
                }),
                extension: vec![1, 2, 0, 0],
                ..area()
            };
            let bytes = written(&spoken);
            let mut reader = Reader::new(&bytes, 0);
            assert_eq!(Area::read(&mut reader), Ok(spoken));
            assert_eq!(reader.remaining(), 0);
        }
    }

    #[test]
    fn a_text_length_past_the_end_is_refused_at_its_place() {
        let mut bytes = written(&area());
        bytes[23] = 2;
        assert_eq!(
            Area::read(&mut Reader::new(&bytes, 0)),
            Err(PayloadError::InnerLength {
                at: 23,
                announced: 2,
                got: 1
            })
        );
    }
}
