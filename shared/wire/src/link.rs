//! The way up as a sans-IO machine: it decides what to do next and when to try again; the owner
//! does the sending. Time since an arbitrary start and randomness are arguments. One machine serves
//! a device, which sends its own chain, and a hall node, which relays many.
//!
//! Nothing is ever counted to decide what to send: after every connection the owner asks for the
//! server's tails, compares hashes at those places, and sends what follows. A device whose chain
//! has another hash there stops (equivocation) until a person enrols it anew.

use std::time::Duration;

use crate::problem::ProblemCode;

/// Ceiling of the first back-off after a failure; it doubles with each further one.
const BACKOFF_BASE: Duration = Duration::from_millis(250);
/// Ceiling of every later one on the way up.
const UPLINK_BACKOFF_CAP: Duration = Duration::from_secs(30);
/// The server's own wish is heeded up to here, so that a wrong one cannot silence a device.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(600);

/// What the owner must do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<Held> {
    /// Ask the server for its tails.
    AskTails,
    /// Send what follows what the server holds.
    PushAfter(Held),
    /// Do nothing before this time, or until somebody else reached the server.
    SleepUntil {
        /// Since start.
        at: Duration,
    },
    /// Everything is sent: do nothing until something is appended.
    Idle,
    /// Stop: the server holds another history under our name.
    Halted,
}

/// What the server said that it holds, compared with what we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<Held> {
    /// It is a part of ours.
    Agrees(Held),
    /// It is not.
    Contradicts,
}

/// The machine. `Held` says what the server holds: a sequence number, or the tails of many chains.
#[derive(Debug, Clone)]
pub struct Uplink<Held> {
    state: State<Held>,
    backoff: Backoff,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State<Held> {
    /// We do not know what the server holds.
    Unsure,
    Known(Held),
    /// Waiting after a failure.
    Backoff {
        until: Duration,
    },
    Halted,
}

impl<Held> Default for Uplink<Held> {
    fn default() -> Self {
        Self {
            state: State::Unsure,
            backoff: Backoff::new(UPLINK_BACKOFF_CAP),
        }
    }
}

impl<Held: Clone> Uplink<Held> {
    /// What to do now; `lacks` tells whether we have more than the server holds.
    #[must_use]
    pub fn poll(&mut self, now: Duration, lacks: impl FnOnce(&Held) -> bool) -> Output<Held> {
        if let State::Backoff { until } = self.state
            && now >= until
        {
            self.state = State::Unsure;
        }
        match &self.state {
            State::Unsure => Output::AskTails,
            State::Known(held) if lacks(held) => Output::PushAfter(held.clone()),
            State::Known(_) => Output::Idle,
            State::Backoff { until } => Output::SleepUntil { at: *until },
            State::Halted => Output::Halted,
        }
    }

    /// The server answered with what it holds. It may be less than before: a server restored from
    /// a backup gets the rest once more. A halted link stays halted.
    pub fn told(&mut self, told: Told<Held>) {
        if self.is_halted() {
            return;
        }
        self.backoff.succeeded();
        self.state = match told {
            Told::Agrees(held) => State::Known(held),
            Told::Contradicts => State::Halted,
        };
    }

    /// Somebody else reached the server: a back-off is pointless now.
    pub fn reachable(&mut self) {
        if let State::Backoff { .. } = self.state {
            *self = Self::default();
        }
    }

    /// A request failed on the way, or the server said no. `retry_after` is the server's wish;
    /// `random_per_mille` (0 to 999) draws the delay: full jitter.
    pub fn failed(
        &mut self,
        now: Duration,
        code: Option<ProblemCode>,
        retry_after: Option<Duration>,
        random_per_mille: u32,
    ) {
        if code == Some(ProblemCode::Equivocation) {
            self.state = State::Halted;
        }
        if self.is_halted() {
            return;
        }
        let wait = self.backoff.failed(random_per_mille, retry_after);
        let until = now.saturating_add(wait);
        self.state = State::Backoff { until };
    }

    /// Final: an answer that comes late must not set the link going again.
    fn is_halted(&self) -> bool {
        matches!(self.state, State::Halted)
    }
}

/// Full-jitter back-off for a request that is repeated. The draw is an argument.
#[derive(Debug, Clone)]
pub struct Backoff {
    cap: Duration,
    failures: u32,
}

impl Backoff {
    /// Ceilings double from a quarter of a second up to `cap`.
    #[must_use]
    pub fn new(cap: Duration) -> Self {
        Self { cap, failures: 0 }
    }

    /// The request succeeded.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The request failed: wait so long, and not less than the server wished. `random_per_mille`
    /// is 0 to 999.
    pub fn failed(&mut self, random_per_mille: u32, retry_after: Option<Duration>) -> Duration {
        let ceiling = BACKOFF_BASE
            .saturating_mul(1 << self.failures.min(7))
            .min(self.cap);
        self.failures = self.failures.saturating_add(1);
        let jitter = ceiling * random_per_mille.min(999) / 1000;
        jitter.max(retry_after.unwrap_or_default().min(RETRY_AFTER_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(own_last_seq: u64) -> impl Fn(&u64) -> bool {
        move |held| *held < own_last_seq
    }

    #[test]
    fn it_asks_compares_sends_the_rest_and_rests() {
        let mut link = Uplink::default();
        let now = Duration::ZERO;
        assert_eq!(link.poll(now, lacks(5)), Output::AskTails);
        link.told(Told::Agrees(2));
        assert_eq!(link.poll(now, lacks(5)), Output::PushAfter(2));
        link.told(Told::Agrees(5));
        assert_eq!(link.poll(now, lacks(5)), Output::Idle);
        assert_eq!(link.poll(now, lacks(6)), Output::PushAfter(5));
        link.told(Told::Agrees(1));
        assert_eq!(
            link.poll(now, lacks(6)),
            Output::PushAfter(1),
            "a restored server"
        );
    }

    #[test]
    fn another_history_under_our_name_halts_the_link() {
        let mut link = Uplink::default();
        link.told(Told::Contradicts);
        assert_eq!(link.poll(Duration::MAX, lacks(9)), Output::Halted);
        let mut refused = Uplink::default();
        refused.failed(Duration::ZERO, Some(ProblemCode::Equivocation), None, 0);
        assert_eq!(refused.poll(Duration::MAX, lacks(9)), Output::Halted);
        refused.reachable();
        assert_eq!(refused.poll(Duration::MAX, lacks(9)), Output::Halted);
    }

    #[test]
    fn after_a_failure_it_waits_longer_each_time_and_asks_anew() {
        let mut link = Uplink::<u64>::default();
        let mut ceilings = Vec::new();
        for _ in 0..9 {
            link.failed(Duration::ZERO, None, None, 999);
            let Output::SleepUntil { at } = link.poll(Duration::ZERO, lacks(1)) else {
                panic!()
            };
            ceilings.push(at);
        }
        assert!(ceilings.is_sorted() && ceilings[8] <= UPLINK_BACKOFF_CAP);
        assert_eq!(link.poll(UPLINK_BACKOFF_CAP, lacks(1)), Output::AskTails);
    }

    #[test]
    fn the_servers_wish_is_heeded_within_reason_and_a_line_that_works_ends_the_wait() {
        let until = |wish_s| {
            let mut link = Uplink::<u64>::default();
            link.failed(Duration::ZERO, None, Some(Duration::from_secs(wish_s)), 0);
            let waiting = link.poll(Duration::ZERO, lacks(1));
            link.reachable();
            assert_eq!(link.poll(Duration::ZERO, lacks(1)), Output::AskTails);
            waiting
        };
        let at = Duration::from_secs(90);
        assert_eq!(until(90), Output::SleepUntil { at });
        let at = RETRY_AFTER_MAX;
        assert_eq!(until(1_000_000), Output::SleepUntil { at });
    }
}
