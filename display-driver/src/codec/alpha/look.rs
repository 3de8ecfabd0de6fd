//! Where a text stands and how it comes and goes (sheet `alpha.md` A).
//!
//! The byte values count, not the names of the libraries: one of them calls the bottom FILL.

use serde::{Deserialize, Serialize};

use super::byte_enum::byte_enum;
use super::payload::{Field, PayloadError, Reader};

byte_enum! {
    /// Where a text stands; needed but without effect on signs of one line.
    Position {
        Middle = b' ', "middle";
        Top = b'"', "top";
        Bottom = b'&', "bottom";
        Fill = b'0', "fill";
        Left = b'1', "left";
        Right = b'2', "right";
    }
}

byte_enum! {
    /// How a text comes, without the special modes.
    PlainMode {
        Rotate = b'a', "rotate";
        Hold = b'b', "hold";
        Flash = b'c', "flash";
        RollUp = b'e', "roll-up";
        RollDown = b'f', "roll-down";
        RollLeft = b'g', "roll-left";
        RollRight = b'h', "roll-right";
        WipeUp = b'i', "wipe-up";
        WipeDown = b'j', "wipe-down";
        WipeLeft = b'k', "wipe-left";
        WipeRight = b'l', "wipe-right";
        Scroll = b'm', "scroll";
        Auto = b'o', "auto";
        RollIn = b'p', "roll-in";
        RollOut = b'q', "roll-out";
        WipeIn = b'r', "wipe-in";
        WipeOut = b's', "wipe-out";
        CompressedRotate = b't', "compressed-rotate";
        Explode = b'u', "explode";
        Clock = b'v', "clock";
    }
}

byte_enum! {
    /// The modes behind `n`.
    SpecialMode {
        Twinkle = b'0', "twinkle";
        Sparkle = b'1', "sparkle";
        Snow = b'2', "snow";
        Interlock = b'3', "interlock";
        Switch = b'4', "switch";
        Slide = b'5', "slide";
        Spray = b'6', "spray";
        Starburst = b'7', "starburst";
        Welcome = b'8', "welcome";
        SlotMachine = b'9', "slot-machine";
        Newsflash = b'A', "newsflash";
        Trumpet = b'B', "trumpet";
        CycleColours = b'C', "cycle-colours";
        ThankYou = b'S', "thank-you";
        NoSmoking = b'U', "no-smoking";
        DontDrinkAndDrive = b'V', "dont-drink-and-drive";
        RunningAnimal = b'W', "running-animal";
        Fireworks = b'X', "fireworks";
        TurboCar = b'Y', "turbo-car";
        CherryBomb = b'Z', "cherry-bomb";
    }
}

/// Stands before the second byte of a special mode.
const SPECIAL: u8 = b'n';

/// How a text comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Mode {
    /// One byte.
    Plain(PlainMode),
    /// `n` and one byte.
    Special(SpecialMode),
}

impl Mode {
    /// Every mode.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = PlainMode::ALL.iter().copied().map(Self::Plain);
        plain.chain(SpecialMode::ALL.iter().copied().map(Self::Special))
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Plain(mode) => out.push(mode.byte()),
            Self::Special(mode) => out.extend([SPECIAL, mode.byte()]),
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let plain = reader.listed(Field::Mode, |byte| match byte {
            SPECIAL => Some(None),
            byte => PlainMode::from_byte(byte).map(Some),
        })?;
        match plain {
            Some(mode) => Ok(Self::Plain(mode)),
            None => reader
                .listed(Field::Special, SpecialMode::from_byte)
                .map(Self::Special),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain(mode) => mode.name(),
            Self::Special(mode) => mode.name(),
        }
    }
}

impl From<Mode> for String {
    fn from(mode: Mode) -> Self {
        mode.name().to_owned()
    }
}

impl TryFrom<String> for Mode {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::all().find(|mode| mode.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::all().map(Self::name).collect();
            format!("没有 {name} 这种出现方式，现有 {}", names.join("、"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_has_its_own_name_and_bytes() {
        for mode in Mode::all() {
            assert_eq!(Mode::try_from(String::from(mode)), Ok(mode));
            let mut bytes = Vec::new();
            mode.write(&mut bytes);
            assert_eq!(Mode::read(&mut Reader::new(&bytes)), Ok(mode));
        }
        assert_eq!(Mode::all().count(), 40);
    }

    #[test]
    fn the_reserved_mode_d_and_the_misprinted_specials_are_not_listed() {
        for bytes in [b"d".as_slice(), b"n:", b"n;", b"n"] {
            assert!(Mode::read(&mut Reader::new(bytes)).is_err(), "{bytes:?}");
        }
    }
}
