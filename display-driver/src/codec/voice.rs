//! One voice per board: what to say next for an ask, with what a family has to remember between
//! frames. Pure.

use std::time::Duration;

use super::alpha::sign::{Sign, SignLine};
use super::onbon_k::card::Card;
use super::{Ask, Asked, BoardFamily, Heard, Refusal, Speech, Unsendable, onbon_k};
use crate::content::{AreaContent, GlyphSize};

/// Whether the content has to come before everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// Takes its place.
    Ordinary,
    /// Goes over what is shown, which comes back.
    Over,
}

/// What an answer taught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lesson {
    /// Nothing new.
    AsBelieved,
    /// The board holds something else: what is wanted has to go to it again.
    Lost,
    /// It lacks letters of these heights, in which it was to be written to.
    Lacks(Vec<GlyphSize>),
}

/// How a link speaks to one board.
#[derive(Debug)]
pub enum Voice {
    /// A card: one frame per ask; which fonts it holds.
    OnbonK(Card),
    /// A sign: which files it holds.
    Alpha(Box<Sign>),
}

impl Voice {
    /// A voice that has said nothing.
    #[must_use]
    pub fn new(speech: Speech) -> Self {
        match speech.family {
            BoardFamily::OnbonK => Self::OnbonK(Card::new(speech)),
            BoardFamily::Alpha => Self::Alpha(Box::new(Sign::new(SignLine {
                face: speech.face,
                talk: speech.talk,
                answer_wait: speech.answer_wait,
            }))),
        }
    }

    /// The next frame of an ask; `None` when the board is believed to have done it already.
    pub fn next(
        &mut self,
        address: u16,
        ask: &Ask,
        precedence: Precedence,
    ) -> Result<Option<Asked>, Unsendable> {
        match self {
            Self::OnbonK(card) => card.next(address, ask).map(Some),
            Self::Alpha(sign) => sign.next(address, ask, precedence),
        }
    }

    /// Whether something heard can be the answer to what was said last.
    #[must_use]
    pub fn is_answer(&self, ask: &Ask, heard: &Heard) -> bool {
        match self {
            Self::OnbonK(_) => onbon_k::dialect::answers(ask, heard),
            Self::Alpha(sign) => sign.is_answer(heard),
        }
    }

    /// Notes that the last frame was obeyed, or is believed to be.
    pub fn obeyed(&mut self) {
        if let Self::Alpha(sign) = self {
            sign.obeyed();
        }
    }

    /// Learns from an answer what the board holds.
    pub fn learn(&mut self, heard: &Heard) -> Lesson {
        match (self, heard) {
            (Self::Alpha(sign), Heard::Holds(held)) => sign.learn(held),
            (Self::OnbonK(card), Heard::Fonts(listed)) => Lesson::Lacks(card.learn(listed)),
            _ => Lesson::AsBelieved,
        }
    }

    /// Notes that the last frame was refused; gives the height of the letters that the board turned
    /// out to lack, if the same content can go again in smaller ones.
    pub fn refused(&mut self, ask: &Ask, refusal: Refusal) -> Option<GlyphSize> {
        match self {
            Self::OnbonK(card) => card.refused(ask, refusal),
            Self::Alpha(sign) => {
                sign.refused();
                None
            }
        }
    }

    /// A content as the board shows it: in smaller letters where it lacks those asked for.
    #[must_use]
    pub fn as_shown(&self, content: &AreaContent) -> AreaContent {
        match self {
            Self::OnbonK(card) => card.as_shown(content),
            Self::Alpha(_) => content.clone(),
        }
    }

    /// Whether it can be asked which fonts it holds.
    #[must_use]
    pub fn lists_fonts(&self) -> bool {
        matches!(self, Self::OnbonK(_))
    }

    /// Notes that the clock is not told any further: the next time it is told whole.
    pub fn clock_given_up(&mut self) {
        if let Self::Alpha(sign) = self {
            sign.clock_given_up();
        }
    }

    /// Notes that no answer came, or that the last frame was left unfinished.
    pub fn unanswered(&mut self) {
        if let Self::Alpha(sign) = self {
            sign.unanswered();
        }
    }

    /// What the board needs before it can show anything.
    #[must_use]
    pub fn preparation(&self) -> Option<Ask> {
        match self {
            Self::OnbonK(_) => None,
            Self::Alpha(sign) => sign.preparation(),
        }
    }

    /// The board may have lost what it held; its layout is looked at, not redone.
    pub fn distrust(&mut self) {
        if let Self::Alpha(sign) = self {
            sign.forget_files();
        }
    }

    /// Whether nothing ever comes back from this board.
    #[must_use]
    pub fn is_mute(&self) -> bool {
        matches!(self, Self::Alpha(sign) if sign.is_mute())
    }

    /// Whether a write is known to be done only when it has been read back.
    #[must_use]
    pub fn is_read_back(&self) -> bool {
        matches!(self, Self::Alpha(sign) if !sign.is_mute())
    }

    /// Whether everything shown has been read back since it was written.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        matches!(self, Self::Alpha(sign) if sign.is_proven())
    }

    /// Reads everything shown once more.
    pub fn doubt(&mut self) {
        if let Self::Alpha(sign) = self {
            sign.doubt();
        }
    }

    /// How long two texts of one area lie apart at least, of a family's usual `limit`.
    #[must_use]
    pub fn refresh_min(&self, limit: Duration) -> Duration {
        match self {
            Self::OnbonK(_) => limit,
            Self::Alpha(_) => Duration::ZERO,
        }
    }
}
