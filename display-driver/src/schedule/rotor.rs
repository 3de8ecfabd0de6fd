//! Which page of a rotation is on, for how long yet.

use std::time::Duration;

use crate::page::Page;

/// A place in a list of pages.
#[derive(Debug, Default)]
pub(super) struct Rotor {
    pages: Vec<Page>,
    index: usize,
    /// When the page goes; `None` while something stronger is on the board.
    turns_at: Option<Duration>,
}

impl Rotor {
    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// All its pages.
    pub(super) fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page at a time.
    pub(super) fn turn(&mut self, now: Duration) -> Option<&Page> {
        let is_over = self.turns_at.is_some_and(|at| now >= at);
        let next = self.index + usize::from(is_over);
        let Some(page) = self
            .pages
            .get(next.checked_rem(self.pages.len()).unwrap_or(0))
        else {
            self.turns_at = None;
            return None;
        };
        self.index = next % self.pages.len();
        if self.turns_at.is_none() || is_over {
            self.turns_at = Some(now + page.dwell);
        }
        Some(page)
    }

    /// Keeps the place; the page gets its whole time when it comes back.
    pub(super) fn pause(&mut self) {
        self.turns_at = None;
    }

    /// When the page turns, if one is on.
    pub(super) fn turns_at(&self) -> Option<Duration> {
        self.turns_at
    }

    /// Takes other pages. The one that is on stays with its time, also when its words have changed;
    /// so does one that airs something of it.
    pub(super) fn follow(&mut self, pages: Vec<Page>) {
        let kept = self.pages.get(self.index).map(|current| {
            let same = |page: &Page| page.origin == current.origin;
            let airs = |page: &Page| page.airs.iter().any(|airs| current.airs.contains(airs));
            pages
                .iter()
                .position(same)
                .or_else(|| pages.iter().position(airs))
        });
        match kept {
            Some(Some(index)) => self.index = index,
            Some(None) => {
                self.index = self.index.checked_rem(pages.len()).unwrap_or(0);
                self.turns_at = None;
            }
            None => self.index = 0,
        }
        self.pages = pages;
    }
}
