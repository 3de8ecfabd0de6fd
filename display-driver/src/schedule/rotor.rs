//! Which page of a rotation is on, for how long yet.

use std::time::Duration;

use super::pages::Page;

/// A place in a list of pages.
#[derive(Debug, Default)]
pub(super) struct Rotor {
    index: usize,
    /// When the page came and goes; `None` while something stronger is on the board.
    on: Option<On>,
}

#[derive(Debug, Clone, Copy)]
struct On {
    turns_at: Duration,
}

impl Rotor {
    /// The page at a time, among those that are valid.
    pub(super) fn turn<'a>(
        &mut self,
        pages: &'a [Page],
        now: Duration,
        dwell: Duration,
        is_valid: impl Fn(&Page) -> bool,
    ) -> Option<&'a Page> {
        let is_over = self.on.is_some_and(|on| now >= on.turns_at);
        let first = self.index + usize::from(is_over);
        let candidates = (0..pages.len()).map(|step| (first + step) % pages.len());
        let Some(index) = candidates
            .into_iter()
            .find(|&index| is_valid(&pages[index]))
        else {
            self.on = None;
            return None;
        };
        if self.on.is_none() || is_over || index != self.index {
            self.on = Some(On {
                turns_at: now + dwell.max(pages[index].dwell_min),
            });
        }
        self.index = index;
        Some(&pages[index])
    }

    /// Keeps the place; the page gets its whole time when it comes back.
    pub(super) fn pause(&mut self) {
        self.on = None;
    }

    /// When the page turns, if one is on.
    pub(super) fn turns_at(&self) -> Option<Duration> {
        self.on.map(|on| on.turns_at)
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
                self.on = None;
            }
        }
    }
}
