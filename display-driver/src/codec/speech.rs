//! What a link has to know of a board to speak to it: its dots, what comes back from it, and whatever
//! the vendors' documents leave open. Each family reads what is its own and has its usual values.
//!
//! A value that is not in a sheet is a guess that only a look at the glass can correct, so every one
//! of them is a key of `boards.toml`, and the sentence beside it says where the usual value comes from.

use std::time::Duration;

use super::{BoardFamily, Unsendable, Voice};
use crate::content::{AreaContent, GlyphSize, Pace};

/// Dots of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// Dots across.
    pub width_px: u16,
    /// Dots down.
    pub height_px: u16,
}

/// What comes back from a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// Nothing: its line has one direction only.
    Mute,
    /// Reads are answered, writes are not: Alpha 1.0, such as a BetaBrite.
    AnswersReads,
    /// Writes are acknowledged, too: cards; signs of Alpha 2.0 and 3.0, once told to (E `s`).
    Acknowledges,
}

/// The digits by which a font of a card is called: its file's name without the first letter
/// (`onbon-bx.md` A4: "names are font file names, so a board with other fonts needs other digits").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FontName([u8; 3]);

impl FontName {
    /// Three ASCII digits or capital letters.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let bytes: [u8; 3] = name.as_bytes().try_into().ok()?;
        let is_name = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        bytes.iter().all(is_name).then_some(Self(bytes))
    }

    /// As it is written.
    pub fn chars(self) -> impl Iterator<Item = char> {
        self.0.into_iter().map(char::from)
    }
}

/// The fonts of one height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FontPair {
    /// For Hanzi, behind `\FO`.
    pub chinese: FontName,
    /// For ASCII, behind `\FE`.
    pub latin: FontName,
}

/// The fonts that a card holds, by height; `None` where it has none of a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fonts {
    /// 16 dots: every text is set in it, so every card has it.
    pub px16: FontPair,
    /// 24 dots.
    pub px24: Option<FontPair>,
    /// 32 dots.
    pub px32: Option<FontPair>,
}

impl Fonts {
    /// Those of the sheet's table (`onbon-bx.md` A4): 000, 001 and 002, of Hanzi as of ASCII.
    pub const USUAL: Self = {
        const fn both(digit: u8) -> FontPair {
            let name = FontName([b'0', b'0', digit]);
            FontPair {
                chinese: name,
                latin: name,
            }
        }
        Self {
            px16: both(b'0'),
            px24: Some(both(b'1')),
            px32: Some(both(b'2')),
        }
    };

    /// The fonts of a height.
    #[must_use]
    pub fn of(&self, size: GlyphSize) -> Option<FontPair> {
        match size {
            GlyphSize::Px16 => Some(self.px16),
            GlyphSize::Px24 => self.px24,
            GlyphSize::Px32 => self.px32,
        }
    }
}

/// How a card is told to move something, and what that comes to on its glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glide {
    /// The card's own figure: 00 is fastest, 18h slowest (`onbon-bx.md` A4, field 17).
    pub speed: u8,
    /// What one dot then takes. The vendor gives no unit: measured on the glass.
    pub dot: Duration,
}

/// What a link has to know of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speech {
    /// Its protocol.
    pub family: BoardFamily,
    /// Its dots.
    pub face: Face,
    /// What comes back from it.
    pub talk: Talk,
    /// Of a card that draws its own glyphs.
    pub fonts: Fonts,
    /// Longest frame that it takes, with everything that is sent of it (`onbon-bx.md` A1: a 5K card
    /// receives 512 bytes, a 6K card 1024).
    pub frame_bytes_max: usize,
    /// How it moves at the usual pace.
    pub usual: Glide,
    /// How it moves for who reads slowly.
    pub slow: Glide,
    /// How long each half of something that flashes stands, in the card's own half seconds
    /// (`onbon-bx.md` A4, field 18: one example of the vendor's counts whole seconds).
    pub flash_half_s: u8,
    /// How long it may think before it answers.
    pub answer_wait: Duration,
}

impl Speech {
    /// A board of a family as the sheets describe it.
    #[must_use]
    pub fn usual(family: BoardFamily, face: Face) -> Self {
        let ms = Duration::from_millis;
        let facts = family.facts();
        Self {
            family,
            face,
            talk: facts.talk,
            fonts: Fonts::USUAL,
            frame_bytes_max: facts.frame_bytes_max,
            // At most three Hanzi a second (`look.md` §15).
            usual: Glide {
                speed: 4,
                dot: ms(25),
            },
            slow: Glide {
                speed: 9,
                dot: ms(50),
            },
            flash_half_s: 1,
            answer_wait: facts.answer_wait,
        }
    }

    /// A voice for the board that has said nothing.
    #[must_use]
    pub fn voice(self) -> Box<dyn Voice> {
        self.family.module().voice(self)
    }

    /// How it moves at a pace.
    #[must_use]
    pub fn glide(&self, pace: Pace) -> Glide {
        match pace {
            Pace::Usual => self.usual,
            Pace::Slow => self.slow,
        }
    }

    /// Whether a content can be sent to it at all.
    ///
    /// # Errors
    /// [`Unsendable`]: why not.
    pub fn carries(&self, content: &AreaContent) -> Result<(), Unsendable> {
        self.family.module().carries(self, content)
    }

    /// Whether its own glyphs of a size are known to be there; a board that is sent pictures has
    /// every size.
    #[must_use]
    pub fn has_size(&self, size: GlyphSize) -> bool {
        self.family.module().has_size(&self.fonts, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_called_by_three_digits_or_capitals() {
        for name in ["000", "012", "A01"] {
            let font = FontName::new(name).expect(name);
            assert_eq!(font.chars().collect::<String>(), name);
        }
        for name in ["", "00", "0000", "0 1", "a01", "一"] {
            assert_eq!(FontName::new(name), None, "{name}");
        }
    }
}
