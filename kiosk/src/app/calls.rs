//! The calls on the queue display: the newest, and those before it, each in a place of its own that
//! it keeps until another takes it. Nothing moves but what is new.
//!
//! It knows no clock and remembers nothing beyond what is on the glass.

use domain::id::TicketId;
use wire::api::CallNow;

/// Past calls on the glass.
pub const PAST_CALLS: usize = 4;

/// The calls on the glass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    newest: Option<CallNow>,
    past: [Option<CallNow>; PAST_CALLS],
    rounds: u32,
}

impl Calls {
    /// Takes a call in; false when it is on the glass already.
    pub fn take(&mut self, call: CallNow) -> bool {
        if self.knows(&call) {
            return false;
        }
        let place = self.place_given_up(call.ticket);
        let former = self.newest.replace(call);
        let former = former.filter(|former| Some(former.ticket) != self.newest_ticket());
        if former.is_some() {
            self.past[place] = former;
        }
        self.rounds = self.rounds.wrapping_add(1);
        true
    }

    /// The newest call.
    #[must_use]
    pub fn newest(&self) -> Option<&CallNow> {
        self.newest.as_ref()
    }

    /// The places of past calls; an empty one was never taken.
    #[must_use]
    pub fn past(&self) -> &[Option<CallNow>; PAST_CALLS] {
        &self.past
    }

    /// Changes with every call, also with a repeated one.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Takes everything off: another business day has begun.
    pub fn clear(&mut self) {
        self.newest = None;
        self.past = Default::default();
    }

    fn newest_ticket(&self) -> Option<TicketId> {
        self.newest.as_ref().map(|call| call.ticket)
    }

    /// A page of the feed may come twice. Times alone would not tell: a ticket that comes back is
    /// counted from 1 again.
    fn knows(&self, call: &CallNow) -> bool {
        let mut shown = self.newest.iter().chain(self.past.iter().flatten());
        shown.any(|shown| shown.ticket == call.ticket && shown.at >= call.at)
    }

    /// Where the call that was the newest goes: the place of the ticket that is called again, else
    /// an empty one, else the oldest.
    fn place_given_up(&self, called: TicketId) -> usize {
        let own = |past: &Option<CallNow>| past.as_ref().is_some_and(|it| it.ticket == called);
        let places = self.past.iter().enumerate();
        let oldest = places.min_by_key(|(_, past)| past.as_ref().map(|call| call.at));
        let own_place = self.past.iter().position(own);
        own_place.unwrap_or(oldest.map_or(0, |(place, _)| place))
    }
}

#[cfg(test)]
mod tests {
    use domain::id::WindowNo;
    use domain::time::UtcMs;
    use uuid::Uuid;

    use super::*;

    /// `A001` is ticket 1, and so on; it is called to the window of its number.
    fn call(number: u8, times: u8, at: i64) -> CallNow {
        CallNow {
            ticket: TicketId(Uuid::from_u128(u128::from(number))),
            label: format!("A{number:03}").parse().unwrap(),
            window: WindowNo::new(number).unwrap(),
            times,
            at: UtcMs(at),
        }
    }

    fn after(numbers: &[u8]) -> Calls {
        let mut calls = Calls::default();
        for (at, number) in (1_i64..).zip(numbers) {
            assert!(calls.take(call(*number, 1, at)));
        }
        calls
    }

    fn check(calls: &Calls, newest: u8, past: [u8; PAST_CALLS]) {
        let number = |call: Option<&CallNow>| call.map_or(0, |call| call.window.get());
        let shown = calls.past().each_ref().map(|past| number(past.as_ref()));
        assert_eq!((number(calls.newest()), shown), (newest, past));
    }

    #[test]
    fn the_call_before_takes_the_place_of_the_oldest_and_nothing_else_moves() {
        check(&after(&[1]), 1, [0, 0, 0, 0]);
        check(&after(&[1, 2, 3, 4, 5]), 5, [1, 2, 3, 4]);
        check(&after(&[1, 2, 3, 4, 5, 6]), 6, [5, 2, 3, 4]);
        check(&after(&[1, 2, 3, 4, 5, 6, 7]), 7, [5, 6, 3, 4]);
    }

    #[test]
    fn a_ticket_called_again_stands_on_the_glass_once() {
        let mut calls = after(&[1, 2, 3]);
        assert!(calls.take(call(1, 2, 9)));
        check(&calls, 1, [3, 2, 0, 0]);
        assert!(calls.take(call(1, 3, 10)));
        check(&calls, 1, [3, 2, 0, 0]);
    }

    #[test]
    fn the_same_call_told_twice_is_one_call() {
        let mut calls = after(&[1, 2]);
        let rounds = calls.rounds();
        assert!(!calls.take(call(2, 1, 2)));
        assert!(!calls.take(call(1, 1, 1)));
        assert_eq!(calls.rounds(), rounds);
        assert!(calls.take(call(2, 1, 7)), "back after it was missed");
        assert_ne!(calls.rounds(), rounds);
    }

    #[test]
    fn a_new_day_begins_with_an_empty_glass() {
        let mut calls = after(&[1, 2, 3]);
        calls.clear();
        check(&calls, 0, [0, 0, 0, 0]);
    }
}
