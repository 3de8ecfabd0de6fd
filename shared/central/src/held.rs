//! What somebody brought and has yet to say the word for: a file that was tried and waits to be
//! imported. In memory, a few at once, each for a quarter of an hour and for who brought it; after a
//! restart it is simply brought again.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::StaffId;
use domain::time::UtcMs;

use crate::edge;

/// Things at once, over all staff; the oldest goes.
const HELD_MAX: usize = 8;
/// So long a thing waits.
const HELD_MS: i64 = 15 * 60_000;
const LOCK: &str = "the lock of what is held, because no holder panics";

/// Things that wait, by a name that cannot be guessed.
#[derive(Debug)]
pub(crate) struct Held<T> {
    held: Mutex<BTreeMap<String, Waiting<T>>>,
}

#[derive(Debug)]
struct Waiting<T> {
    since: UtcMs,
    by: StaffId,
    what: T,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
        }
    }
}

impl<T> Held<T> {
    /// Keeps a thing; returns its name.
    #[must_use]
    pub(crate) fn hold(&self, what: T, by: StaffId, now: UtcMs) -> String {
        let mut held = self.held.lock().expect(LOCK);
        held.retain(|_, waiting| now.ms_since(waiting.since) < HELD_MS);
        if held.len() >= HELD_MAX {
            let oldest = held.iter().min_by_key(|(_, waiting)| waiting.since);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                held.remove(&oldest);
            }
        }
        let name = edge::new_secret();
        let since = now;
        held.insert(name.clone(), Waiting { since, by, what });
        name
    }

    /// Takes a thing out, if it is this person's and what is wanted.
    #[must_use]
    pub(crate) fn take(
        &self,
        name: &str,
        by: StaffId,
        is_wanted: impl FnOnce(&T) -> bool,
    ) -> Option<T> {
        let mut held = self.held.lock().expect(LOCK);
        let waiting = held.get(name)?;
        let fits = waiting.by == by && is_wanted(&waiting.what);
        let taken = fits.then(|| held.remove(name)).flatten();
        taken.map(|waiting| waiting.what)
    }

    /// Looks at a thing of this person's, which stays.
    #[must_use]
    pub(crate) fn look<R>(
        &self,
        name: &str,
        by: StaffId,
        see: impl FnOnce(&T) -> Option<R>,
    ) -> Option<R> {
        let held = self.held.lock().expect(LOCK);
        let waiting = held.get(name).filter(|waiting| waiting.by == by)?;
        see(&waiting.what)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: UtcMs = UtcMs(1_795_395_600_000);

    fn person(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }

    #[test]
    fn a_thing_is_taken_once_by_who_brought_it_while_it_waits() {
        let held = Held::default();
        let name = held.hold("表", person(1), NOW);
        assert_eq!(held.take(&name, person(2), |_| true), None);
        assert_eq!(held.take(&name, person(1), |what| *what == "别的"), None);
        assert_eq!(held.look(&name, person(1), |what| Some(*what)), Some("表"));
        assert_eq!(held.take(&name, person(1), |_| true), Some("表"));
        assert_eq!(held.take(&name, person(1), |_| true), None);
        let old = held.hold("旧", person(1), NOW);
        let _ = held.hold("新", person(1), NOW.plus_ms(HELD_MS));
        assert_eq!(held.take(&old, person(1), |_| true), None);
    }

    #[test]
    fn of_too_many_things_the_oldest_goes() {
        let held = Held::default();
        let at = |n: usize| NOW.plus_ms(i64::try_from(n).unwrap());
        let names: Vec<_> = (0..=HELD_MAX)
            .map(|n| held.hold(n, person(1), at(n)))
            .collect();
        assert_eq!(held.take(&names[0], person(1), |_| true), None);
        assert_eq!(held.take(&names[1], person(1), |_| true), Some(1));
    }
}
