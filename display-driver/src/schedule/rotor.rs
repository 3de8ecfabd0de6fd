//! Which page of a rotation is on, for how long yet.

use std::time::Duration;

use super::pages::Page;

/// A place in a list of pages.
#[derive(Debug, Default)]
pub(super) struct Rotor {
    index: usize,
    /// When the page goes; `None` while something stronger is on the board.
    turns_at: Option<Duration>,
}

impl Rotor {
    /// The page at a time.
    pub(super) fn turn<'a>(
        &mut self,
        pages: &'a [Page],
        now: Duration,
        dwell: Duration,
    ) -> Option<&'a Page> {
        let is_over = self.turns_at.is_some_and(|at| now >= at);
        let next = self.index + usize::from(is_over);
        let Some(page) = pages.get(next.checked_rem(pages.len()).unwrap_or(0)) else {
            self.turns_at = None;
            return None;
        };
        self.index = next % pages.len();
        if self.turns_at.is_none() || is_over {
            self.turns_at = Some(now + dwell.max(page.dwell_min));
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

    /// Finds the page on the board in a new list, so that an update does not tear it away.
    pub(super) fn follow(&mut self, old: &[Page], new: &[Page]) {
        let Some(current) = old.get(self.index) else {
            return;
        };
        match new.iter().position(|page| page.content == current.content) {
            Some(index) => self.index = index,
            None => {
                self.index = self.index.checked_rem(new.len()).unwrap_or(0);
                self.turns_at = None;
            }
        }
    }
}
