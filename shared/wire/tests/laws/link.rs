//! The uplink machine over any sequence of what can happen to it, beside a model of what it may
//! know.

use std::time::Duration;

use proptest::prelude::*;
use wire::link::{Backoff, Output, Told, Uplink};
use wire::problem::ProblemCode;

/// The longest wait without and with a wish of the server.
const WAIT_MAX: Duration = Duration::from_secs(30);
const WISH_MAX: Duration = Duration::from_secs(600);

#[derive(Debug, Clone, Copy)]
enum Input {
    Poll {
        own_last_seq: u64,
    },
    Pass(Duration),
    Told(u64),
    Contradicted,
    Reachable,
    Failed {
        code: Option<ProblemCode>,
        wish: Option<Duration>,
        draw: u32,
    },
}

fn inputs() -> impl Strategy<Value = Input> {
    let seq = || 0..6_u64;
    let duration = || {
        prop_oneof![
            (0..2_000_000_u64).prop_map(Duration::from_millis),
            Just(Duration::MAX),
        ]
    };
    let code = prop_oneof![
        Just(None),
        Just(Some(ProblemCode::TooMany)),
        Just(Some(ProblemCode::ChainGap)),
        Just(Some(ProblemCode::Internal)),
    ];
    let failed = (code, prop::option::of(duration()), any::<u32>())
        .prop_map(|(code, wish, draw)| Input::Failed { code, wish, draw });
    let equivocation = Input::Failed {
        code: Some(ProblemCode::Equivocation),
        wish: None,
        draw: 0,
    };
    prop_oneof![
        8 => seq().prop_map(|own_last_seq| Input::Poll { own_last_seq }),
        4 => duration().prop_map(Input::Pass),
        4 => seq().prop_map(Input::Told),
        3 => failed,
        2 => Just(Input::Reachable),
        1 => Just(Input::Contradicted),
        1 => Just(equivocation),
    ]
}

/// What the machine may know.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    Nothing,
    Held(u64),
    WaitFrom {
        earliest: Duration,
        latest: Duration,
    },
    AnotherHistory,
}

struct Model {
    link: Uplink<u64>,
    known: Known,
    now: Duration,
}

impl Model {
    fn take(&mut self, input: Input) -> Result<(), TestCaseError> {
        match input {
            Input::Poll { own_last_seq } => return self.poll(own_last_seq),
            Input::Pass(time) => self.now = self.now.saturating_add(time),
            Input::Told(held) => {
                self.link.told(Told::Agrees(held));
                self.learn(Known::Held(held));
            }
            Input::Contradicted => {
                self.link.told(Told::Contradicts);
                self.learn(Known::AnotherHistory);
            }
            Input::Reachable => {
                self.link.reachable();
                if matches!(self.known, Known::WaitFrom { .. }) {
                    self.learn(Known::Nothing);
                }
            }
            Input::Failed { code, wish, draw } => {
                self.link.failed(self.now, code, wish, draw);
                self.learn(match code {
                    Some(ProblemCode::Equivocation) => Known::AnotherHistory,
                    _ => self.waiting(wish),
                });
            }
        }
        Ok(())
    }

    fn waiting(&self, wish: Option<Duration>) -> Known {
        let wish = wish.unwrap_or_default().min(WISH_MAX);
        Known::WaitFrom {
            earliest: self.now.saturating_add(wish),
            latest: self.now.saturating_add(wish.max(WAIT_MAX)),
        }
    }

    /// Another history is never forgotten.
    fn learn(&mut self, known: Known) {
        if self.known != Known::AnotherHistory {
            self.known = known;
        }
    }

    fn poll(&mut self, own_last_seq: u64) -> Result<(), TestCaseError> {
        let output = self.link.poll(self.now, |held| *held < own_last_seq);
        match (self.known, output) {
            (Known::AnotherHistory, Output::Halted) | (Known::Nothing, Output::AskTails) => {}
            (Known::Held(held), Output::PushAfter(after)) => {
                prop_assert_eq!(after, held);
                prop_assert!(held < own_last_seq);
            }
            (Known::Held(held), Output::Idle) => prop_assert!(held >= own_last_seq),
            (Known::WaitFrom { earliest, latest }, Output::SleepUntil { at }) => {
                prop_assert!(at > self.now && at >= earliest && at <= latest);
            }
            (Known::WaitFrom { earliest, .. }, Output::AskTails) => {
                prop_assert!(self.now >= earliest);
                self.known = Known::Nothing;
            }
            (known, output) => prop_assert!(false, "{:?} although {:?}", output, known),
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_sends_only_after_what_it_was_told_waits_within_bounds_and_halts_for_good(
        inputs in prop::collection::vec(inputs(), 0..60),
    ) {
        let mut model = Model {
            link: Uplink::default(),
            known: Known::Nothing,
            now: Duration::ZERO,
        };
        for input in inputs {
            model.take(input)?;
        }
    }

    #[test]
    fn a_back_off_stays_within_its_cap_and_heeds_a_wish(
        draws in prop::collection::vec((any::<u32>(), prop::option::of(0..900_u64)), 1..300),
        cap_ms in 0..60_000_u64,
    ) {
        let cap = Duration::from_millis(cap_ms);
        let mut backoff = Backoff::new(cap);
        for (draw, wish_s) in draws {
            let wish = wish_s.map(Duration::from_secs).unwrap_or_default().min(WISH_MAX);
            let wait = backoff.failed(draw, wish_s.map(Duration::from_secs));
            prop_assert!(wait >= wish && wait <= wish.max(cap));
        }
    }
}
