//! One voice per board, what to say next for an ask, with what a family has to remember between
//! frames; and one ear per family on a line. Pure.

use std::fmt::Debug;
use std::time::Duration;

use super::{Ask, Asked, BrokenKind, BusFrame, Heard, Refusal, Unsendable};
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

/// How a link speaks to one board. What is not said otherwise is a board that acknowledges every
/// frame, keeps nothing that has to be prepared, and can say which areas it holds.
pub trait Voice: Debug + Send {
    /// The next frame of an ask; `None` when the board is believed to have done it already.
    ///
    /// # Errors
    /// [`Unsendable`]: why the ask never goes out.
    fn next(
        &mut self,
        address: u16,
        ask: &Ask,
        precedence: Precedence,
    ) -> Result<Option<Asked>, Unsendable>;

    /// Whether something heard can be the answer to what was said last.
    fn is_answer(&self, ask: &Ask, heard: &Heard) -> bool;

    /// Notes that the last frame was obeyed, or is believed to be.
    fn obeyed(&mut self) {}

    /// Learns from an answer what the board holds.
    fn learn(&mut self, _heard: &Heard) -> Lesson {
        Lesson::AsBelieved
    }

    /// Notes that the last frame was refused; gives the height of the letters that the board turned
    /// out to lack, if the same content can go again in smaller ones.
    fn refused(&mut self, _ask: &Ask, _refusal: Refusal) -> Option<GlyphSize> {
        None
    }

    /// A content as the board shows it: in smaller letters where it lacks those asked for.
    fn as_shown(&self, content: &AreaContent) -> AreaContent {
        content.clone()
    }

    /// Whether it can be asked which fonts it holds.
    fn lists_fonts(&self) -> bool {
        false
    }

    /// Whether it can be asked which areas it holds, in one short frame. Who cannot is read back
    /// file by file, and less often.
    fn lists_areas(&self) -> bool {
        true
    }

    /// Notes that the clock is not told any further: the next time it is told whole.
    fn clock_given_up(&mut self) {}

    /// Notes that no answer came, or that the last frame was left unfinished.
    fn unanswered(&mut self) {}

    /// What the board needs before it can show anything.
    fn preparation(&self) -> Option<Ask> {
        None
    }

    /// The board may have lost what it held; its layout is looked at, not redone.
    fn distrust(&mut self) {}

    /// Whether nothing ever comes back from this board.
    fn is_mute(&self) -> bool {
        false
    }

    /// Whether a write is known to be done only when it has been read back.
    fn is_read_back(&self) -> bool {
        false
    }

    /// Whether everything shown has been read back since it was written.
    fn is_proven(&self) -> bool {
        false
    }

    /// Reads everything shown once more.
    fn doubt(&mut self) {}

    /// How long two texts of one area lie apart at least, of the line's usual `limit`.
    fn refresh_min(&self, limit: Duration) -> Duration {
        limit
    }
}

/// A stream decoder: total, bounded, and looking for the next frame behind a fault.
pub trait Ear: Debug + Send {
    /// Takes bytes in, in any division.
    fn push(&mut self, bytes: &[u8]);

    /// The next frame, or in what way one did not hold; `None` means "push more".
    fn hear(&mut self) -> Option<Result<BusFrame, BrokenKind>>;

    /// Bytes skipped outside frames so far.
    fn noise_bytes(&self) -> u64;

    /// Whether a frame has begun and not ended.
    fn is_inside_frame(&self) -> bool;

    /// Forgets a frame that has begun.
    fn abandon(&mut self);
}
