//! What is believed of one card on a link: which of the fonts it is configured with it really holds
//! (sheet `onbon-bx.md` A3 "list fonts", A2 code 12).
//!
//! A text set in a font that a card lacks is refused, whatever it says. So a text goes in the largest
//! letters that the card is known to have and that are not larger than asked for: a smaller emergency
//! is an emergency, a refused one is a dark board. Letters of 16 dots are always tried.

use super::answer::AnswerCode;
use super::dialect;
use crate::codec::{
    Ask, Asked, Font, Heard, Lesson, Precedence, Refusal, Speech, Unsendable, Voice,
};
use crate::content::{AreaContent, GlyphSize};

/// The kinds of a font list (A3).
const LATIN: u8 = 0;
const CHINESE: u8 = 1;

/// A card.
#[derive(Debug)]
pub struct Card {
    speech: Speech,
    /// Heights that it turned out to lack.
    lacks: Vec<GlyphSize>,
}

impl Card {
    /// A card that holds what it is configured with.
    #[must_use]
    pub fn new(speech: Speech) -> Self {
        Self {
            speech,
            lacks: Vec::new(),
        }
    }

    /// The largest letters that it has, none larger than asked for.
    fn letters(&self, asked: GlyphSize) -> GlyphSize {
        let mut sizes = GlyphSize::ALL.into_iter().rev();
        let fitting = sizes.find(|size| *size <= asked && self.has(*size));
        fitting.unwrap_or(GlyphSize::Px16)
    }

    fn has(&self, size: GlyphSize) -> bool {
        self.speech.fonts.of(size).is_some() && !self.lacks.contains(&size)
    }

    /// Learns from its list which fonts it holds; gives the configured heights that it lacks. A list
    /// without a single Chinese font says nothing that could be acted on.
    fn learn_fonts(&mut self, listed: &[Font]) -> Vec<GlyphSize> {
        let holds = |kind: u8, size: GlyphSize| {
            let height = size.pixels();
            listed
                .iter()
                .any(|font| font.kind == kind && u32::from(font.height) == height)
        };
        if !listed.iter().any(|font| font.kind == CHINESE) {
            return Vec::new();
        }
        let configured = |size: &GlyphSize| self.speech.fonts.of(*size).is_some();
        let lacks = |size: &GlyphSize| !(holds(LATIN, *size) && holds(CHINESE, *size));
        let sizes = GlyphSize::ALL.into_iter().filter(configured);
        self.lacks = sizes.filter(lacks).collect();
        self.lacks.clone()
    }
}

impl Voice for Card {
    fn next(
        &mut self,
        address: u16,
        ask: &Ask,
        _: Precedence,
    ) -> Result<Option<Asked>, Unsendable> {
        let ask = match ask {
            Ask::Show(content) => &Ask::Show(self.as_shown(content)),
            Ask::Replace { content, clears } => &Ask::Replace {
                content: self.as_shown(content),
                clears: clears.clone(),
            },
            other => other,
        };
        dialect::encode(&self.speech, address, ask).map(Some)
    }

    fn is_answer(&self, ask: &Ask, heard: &Heard) -> bool {
        dialect::answers(ask, heard)
    }

    fn learn(&mut self, heard: &Heard) -> Lesson {
        match heard {
            Heard::Fonts(listed) => Lesson::Lacks(self.learn_fonts(listed)),
            _ => Lesson::AsBelieved,
        }
    }

    fn refused(&mut self, ask: &Ask, refusal: Refusal) -> Option<GlyphSize> {
        if AnswerCode::from_byte(refusal.code) != AnswerCode::FontMissing {
            return None;
        }
        let size = self.letters(ask.shown()?.size);
        if size == GlyphSize::Px16 {
            return None;
        }
        self.lacks.push(size);
        Some(size)
    }

    fn as_shown(&self, content: &AreaContent) -> AreaContent {
        content.at_size(self.letters(content.size))
    }

    fn lists_fonts(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{BoardFamily, Face, Reaction};
    use crate::content::{Align, AreaId, AreaRect, Colour, Line, Motion};

    fn card() -> Card {
        let face = Face {
            width_px: 256,
            height_px: 64,
        };
        Card::new(Speech::usual(BoardFamily::OnbonK, face))
    }

    fn large(motion: Motion) -> AreaContent {
        AreaContent {
            area: AreaId(0),
            rect: AreaRect {
                x_px: 0,
                y_px: 0,
                width_px: 256,
                height_px: 64,
            },
            size: GlyphSize::Px32,
            lines: vec![
                Line::of(Colour::Red, "请马上"),
                Line::of(Colour::Red, "离开大厅"),
            ],
            align: Align::Centre,
            motion,
        }
    }

    fn font(kind: u8, height: u8) -> Font {
        Font {
            kind,
            width: height,
            height,
        }
    }

    #[test]
    fn letters_are_the_largest_that_the_card_lists_and_never_larger_than_asked_for() {
        let mut card = card();
        assert_eq!(card.as_shown(&large(Motion::Still)).size, GlyphSize::Px32);
        let listed = [
            font(0, 16),
            font(1, 16),
            font(0, 24),
            font(1, 24),
            font(1, 32),
        ];
        assert_eq!(
            card.learn_fonts(&listed),
            [GlyphSize::Px32],
            "no latin of 32 dots"
        );
        assert_eq!(card.as_shown(&large(Motion::Still)).size, GlyphSize::Px24);
        card.learn_fonts(&listed[..2]);
        assert_eq!(card.as_shown(&large(Motion::Still)).size, GlyphSize::Px16);
        assert_eq!(card.learn_fonts(&[]), [], "an empty list says nothing");
    }

    #[test]
    fn a_refusal_for_want_of_a_font_leads_to_smaller_letters_until_there_are_none() {
        let mut card = card();
        let missing = Refusal {
            code: AnswerCode::FontMissing.byte(),
            reaction: Reaction::ConfigurationFault,
        };
        let ask = Ask::Show(large(Motion::Still));
        assert_eq!(card.refused(&ask, missing), Some(GlyphSize::Px32));
        assert_eq!(card.refused(&ask, missing), Some(GlyphSize::Px24));
        assert_eq!(card.refused(&ask, missing), None);
        let other = Refusal {
            code: 13,
            ..missing
        };
        assert_eq!(self::card().refused(&ask, other), None);
    }

    #[test]
    fn what_flashes_in_smaller_letters_still_fills_its_area_with_exactly_one_page() {
        let mut card = card();
        card.learn_fonts(&[font(0, 16), font(1, 16)]);
        let shown = card.as_shown(&large(Motion::Flash));
        assert_eq!((shown.rect.y_px, shown.rect.height_px), (16, 32));
        let still = card.as_shown(&large(Motion::Still));
        assert_eq!((still.rect.y_px, still.rect.height_px), (0, 64));
    }
}
