//! The sync link of one device as a sans-IO machine: it decides what to send next and when to try
//! again; the owner does the sending. Time since an arbitrary start and randomness are arguments.
//!
//! Nothing is ever counted to decide what to send: after every connection the device asks for the
//! server's tail, compares hashes at that place, and sends what follows. A differing hash stops the
//! link (equivocation) until a person re-enrols the device.

use std::time::Duration;

use crate::envelope::{ChainHead, EventHash};
use crate::problem::ProblemCode;

/// Shortest and longest back-off after a failure.
const BACKOFF_BASE: Duration = Duration::from_millis(250);
const BACKOFF_CAP: Duration = Duration::from_secs(30);

/// What the owner must do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Ask the server for its tail of our chain.
    AskTail,
    /// Send events from this sequence number on.
    PushFrom {
        /// The first sequence number.
        seq: u64,
    },
    /// Do nothing before this time, or until something is appended.
    SleepUntil {
        /// Since start.
        at: Duration,
    },
    /// Everything is sent: do nothing until something is appended.
    Idle,
    /// Stop: the server holds another history under our name.
    Halted,
}

/// The machine.
#[derive(Debug, Clone)]
pub struct Uplink {
    state: State,
    failures: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// We do not know what the server holds.
    Unsure,
    /// The server holds our chain up to here.
    Known {
        acked_seq: u64,
    },
    /// Waiting after a failure.
    Backoff {
        until: Duration,
    },
    Halted,
}

impl Default for Uplink {
    fn default() -> Self {
        Self {
            state: State::Unsure,
            failures: 0,
        }
    }
}

impl Uplink {
    /// What to do now, given our own last sequence number.
    #[must_use]
    pub fn poll(&mut self, now: Duration, own_last_seq: u64) -> Output {
        if let State::Backoff { until } = self.state {
            if now < until {
                return Output::SleepUntil { at: until };
            }
            self.state = State::Unsure;
        }
        match self.state {
            State::Unsure => Output::AskTail,
            State::Known { acked_seq } if acked_seq < own_last_seq => {
                Output::PushFrom { seq: acked_seq + 1 }
            }
            State::Known { .. } => Output::Idle,
            State::Backoff { until } => Output::SleepUntil { at: until },
            State::Halted => Output::Halted,
        }
    }

    /// The server told its head of our chain; `own_hash` is ours at that sequence number, `None`
    /// when our chain is shorter. Returns what is acknowledged, to be recorded by the owner.
    pub fn tail_told(&mut self, head: ChainHead, own_hash: Option<EventHash>) -> Option<u64> {
        self.failures = 0;
        if own_hash == Some(head.hash) {
            self.state = State::Known {
                acked_seq: head.seq,
            };
            Some(head.seq)
        } else {
            self.state = State::Halted;
            None
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
            return;
        }
        let ceiling = BACKOFF_BASE
            .saturating_mul(1 << self.failures.min(7))
            .min(BACKOFF_CAP);
        let jitter = ceiling * random_per_mille.min(999) / 1000;
        self.failures = self.failures.saturating_add(1);
        let wait = retry_after.unwrap_or_default().max(jitter);
        self.state = State::Backoff { until: now + wait };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(seq: u64) -> ChainHead {
        ChainHead {
            seq,
            hash: EventHash([u8::try_from(seq).unwrap(); 32]),
        }
    }

    #[test]
    fn it_asks_compares_sends_the_rest_and_rests() {
        let mut link = Uplink::default();
        let now = Duration::ZERO;
        assert_eq!(link.poll(now, 5), Output::AskTail);
        assert_eq!(link.tail_told(head(2), Some(head(2).hash)), Some(2));
        assert_eq!(link.poll(now, 5), Output::PushFrom { seq: 3 });
        link.tail_told(head(5), Some(head(5).hash));
        assert_eq!(link.poll(now, 5), Output::Idle);
        assert_eq!(link.poll(now, 6), Output::PushFrom { seq: 6 });
    }

    #[test]
    fn another_history_under_our_name_halts_the_link() {
        let mut link = Uplink::default();
        assert_eq!(link.tail_told(head(2), Some(head(3).hash)), None);
        assert_eq!(link.poll(Duration::MAX, 9), Output::Halted);
        let mut longer_there = Uplink::default();
        longer_there.tail_told(head(2), None);
        assert_eq!(longer_there.poll(Duration::ZERO, 1), Output::Halted);
    }

    #[test]
    fn after_a_failure_it_waits_longer_each_time_and_asks_anew() {
        let mut link = Uplink::default();
        let mut ceilings = Vec::new();
        for _ in 0..9 {
            link.failed(Duration::ZERO, None, None, 999);
            let Output::SleepUntil { at } = link.poll(Duration::ZERO, 1) else {
                panic!()
            };
            ceilings.push(at);
        }
        assert!(ceilings.is_sorted() && ceilings[8] <= BACKOFF_CAP);
        assert_eq!(link.poll(BACKOFF_CAP, 1), Output::AskTail);
        link.failed(Duration::ZERO, None, Some(Duration::from_secs(90)), 0);
        let until = Duration::from_secs(90);
        assert_eq!(
            link.poll(Duration::ZERO, 1),
            Output::SleepUntil { at: until }
        );
    }
}
