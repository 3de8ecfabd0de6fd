//! What happens when: openings and steps in the order of their time, of equal times in the order in
//! which they were put down.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use domain::time::UtcMs;

/// Things to happen.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    open: BinaryHeap<Reverse<Entry<T>>>,
    put_down: u64,
}

#[derive(Debug)]
struct Entry<T> {
    at: UtcMs,
    number: u64,
    what: T,
}

impl<T> Agenda<T> {
    pub(super) fn new() -> Self {
        Self {
            open: BinaryHeap::new(),
            put_down: 0,
        }
    }

    pub(super) fn put(&mut self, at: UtcMs, what: T) {
        self.put_down += 1;
        self.open.push(Reverse(Entry {
            at,
            number: self.put_down,
            what,
        }));
    }

    /// The next thing, if it happens until then.
    pub(super) fn next_until(&mut self, until: UtcMs) -> Option<(UtcMs, T)> {
        if self.open.peek().is_none_or(|Reverse(next)| next.at > until) {
            return None;
        }
        let Reverse(next) = self.open.pop()?;
        Some((next.at, next.what))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Entry<T> {}
