//! What a board lets a page be beyond its dots: how long a frame it receives, which letters it has, and
//! how fast it moves. Pages are cut so that they can be sent; whoever asks for nothing of a board is
//! told that everything can.

use std::time::Duration;

use super::Page;
use crate::codec::Speech;
use crate::content::{AreaContent, GlyphSize, Pace};

/// Dots of a moving line, when no board says otherwise: forty a second, two and a half Hanzi, or half
/// of that.
const DOT_USUAL: Duration = Duration::from_millis(25);
const DOT_SLOW: Duration = Duration::from_millis(50);

/// What a board lets a page be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit(Option<Speech>);

impl PageLimit {
    /// No limit but the dots.
    pub const NONE: Self = Self(None);

    /// That of a board.
    #[must_use]
    pub fn of(speech: Speech) -> Self {
        Self(Some(speech))
    }

    /// Whether a content can be sent.
    #[must_use]
    pub fn holds(&self, content: &AreaContent) -> bool {
        self.0.is_none_or(|speech| speech.carries(content).is_ok())
    }

    /// Whether all these pages can be sent.
    #[must_use]
    pub fn holds_all(&self, pages: &[Page]) -> bool {
        pages.iter().all(|page| self.holds(&page.content))
    }

    /// Whether it has letters of a size.
    #[must_use]
    pub fn has_size(&self, size: GlyphSize) -> bool {
        self.0.is_none_or(|speech| speech.has_size(size))
    }

    /// How long a moving line takes for one dot.
    #[must_use]
    pub fn dot_time(&self, pace: Pace) -> Duration {
        match (self.0, pace) {
            (Some(speech), pace) => speech.glide(pace).dot,
            (None, Pace::Usual) => DOT_USUAL,
            (None, Pace::Slow) => DOT_SLOW,
        }
    }

    /// Of pages made with at most so many rows, vacancies or the like each, those with the most that
    /// can all be sent; those with one where nothing can.
    pub(crate) fn fewest(&self, most: usize, pages: impl Fn(usize) -> Vec<Page>) -> Vec<Page> {
        let tried = (2..=most).rev().map(&pages);
        let mut fitting = tried.filter(|pages| self.holds_all(pages));
        fitting.next().unwrap_or_else(|| pages(1))
    }
}
