//! The node's line to its centre: the real rules of relay and feed, asked and answered by parcels.

use std::sync::Arc;
use std::time::Duration;

use central::node::{FeedCopy, RelayDesk};
use domain::time::UtcMs;
use sync::client::FeedCursor;
use sync::feed::Follower;
use sync::identity::DeviceIdentity;
use testkit::planted::Plant;
use testkit::random::Seeded;
use tokio::runtime::Runtime;
use wire::api::{FeedPage, path};
use wire::link::{Output, Told, Uplink};
use wire::problem::{Problem, ProblemCode};
use wire::relay::Tails;

use crate::line::{Answer, Ask, Request, TIME_OUT_MS};
use crate::origin::START;
use crate::site::{Running, Site};
use crate::world::plant_into;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Tails,
    Relay,
    Feed,
}

/// The line.
#[derive(Debug)]
pub struct NodeLine {
    identity: DeviceIdentity,
    desk: RelayDesk,
    link: Uplink<Tails>,
    follower: Option<Follower<FeedCopy>>,
    waiting: Option<(u64, Question, UtcMs)>,
    skew_ms: i64,
    feed_due: UtcMs,
}

impl NodeLine {
    /// The line of a node that has just started.
    ///
    /// # Panics
    /// When the node has no power.
    #[must_use]
    pub fn new(node: &Site, identity: &DeviceIdentity) -> Self {
        let store = &node.running().expect("a node with power").store;
        let now = node.clock();
        let clock = Arc::new(move || now);
        Self {
            desk: RelayDesk::new(store.clone(), identity.enrolled.device),
            follower: FeedCopy::new(store.clone(), clock).ok().map(Follower::new),
            identity: identity.clone(),
            link: Uplink::default(),
            waiting: None,
            skew_ms: 0,
            feed_due: UtcMs(0),
        }
    }

    fn since(now: UtcMs) -> Duration {
        Duration::from_millis(u64::try_from(now.ms_since(START)).unwrap_or(0))
    }

    /// What it asks now, if anything.
    pub fn ask(
        &mut self,
        (now, site_now): (UtcMs, UtcMs),
        number: u64,
        plant: Plant,
        random: &mut Seeded,
        runtime: &Runtime,
    ) -> Option<Request> {
        if let Some((_, question, until)) = self.waiting {
            if now < until {
                return None;
            }
            self.waiting = None;
            if question != Question::Feed {
                self.failed(None, now, random);
            }
        }
        let output = self
            .link
            .poll(Self::since(now), |held| self.desk.lacks(held));
        let (question, ask) = match output {
            Output::AskTails => (Question::Tails, Ask::get(path::RELAY_TAILS)),
            Output::PushAfter(held) => self.relay(held, plant, runtime)?,
            Output::Idle if now >= self.feed_due => {
                self.feed_due = now.plus_ms(20_000);
                (Question::Feed, self.feed_ask()?)
            }
            _ => return None,
        };
        self.waiting = Some((number, question, now.plus_ms(TIME_OUT_MS)));
        let server_time = site_now.plus_ms(self.skew_ms);
        let device = self.identity.enrolled.device;
        Some(ask.sign(device, &self.identity.key, server_time, number))
    }

    fn relay(&mut self, held: Tails, plant: Plant, runtime: &Runtime) -> Option<(Question, Ask)> {
        let (key, own) = (self.identity.key.clone(), self.identity.enrolled.device);
        let next = self.desk.next(held, move |head| key.sign_tail(own, head));
        let mut relay = runtime.block_on(next).ok()??;
        plant_into(&mut relay, plant);
        Some((Question::Relay, Ask::post(path::RELAY, &relay)))
    }

    fn feed_ask(&self) -> Option<Ask> {
        let FeedCursor { position, snapshot } = self.follower.as_ref()?.cursor();
        let snapshot = snapshot.map_or(String::new(), |s| format!("&snapshot={s}"));
        Some(Ask::get(format!(
            "{}?after={position}&topics=listing,notice,device&limit=50&wait_ms=0{snapshot}",
            path::FEED
        )))
    }

    /// An answer has come.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn hear(
        &mut self,
        node: &Running,
        number: u64,
        answer: &Answer,
        now: UtcMs,
        random: &mut Seeded,
        runtime: &Runtime,
    ) -> Result<(), String> {
        let waited = self.waiting.take_if(|(waited, ..)| *waited == number);
        let Some((_, question, _)) = waited else {
            return Ok(());
        };
        if let Some(server_time) = answer.server_time {
            self.skew_ms = server_time.ms_since(node.app.now());
        }
        if answer.status >= 300 {
            self.hear_problem(question, answer, now, random);
            return Ok(());
        }
        match question {
            Question::Tails | Question::Relay => {
                let tails: Tails = read(answer)?;
                match runtime.block_on(self.desk.compare(tails, node.app.now())) {
                    Ok(Told::Contradicts) => Err("the centre contradicts the node".to_owned()),
                    Ok(told) => {
                        self.link.told(told);
                        Ok(())
                    }
                    // The disk has just died: the restart comes.
                    Err(_) => Ok(()),
                }
            }
            Question::Feed => {
                let page: FeedPage = read(answer)?;
                if page.has_more {
                    self.feed_due = now;
                }
                // A page that a dying or full disk does not take comes again.
                if let Some(follower) = &mut self.follower
                    && follower.apply(page).is_err()
                {
                    self.feed_due = now;
                }
                Ok(())
            }
        }
    }

    fn hear_problem(
        &mut self,
        question: Question,
        answer: &Answer,
        now: UtcMs,
        random: &mut Seeded,
    ) {
        let problem: Option<Problem> = serde_json::from_slice(&answer.body).ok();
        let code = problem.map(|problem| problem.code);
        match (question, code, &mut self.follower) {
            (Question::Feed, Some(ProblemCode::CursorTooOld), Some(follower)) => {
                follower.begin_snapshot();
                self.feed_due = now;
            }
            (Question::Feed, ..) => {}
            (_, Some(ProblemCode::ClockSkew), _) => self.link.reachable(),
            (_, code, _) => self.failed(code, now, random),
        }
    }

    fn failed(&mut self, code: Option<ProblemCode>, now: UtcMs, random: &mut Seeded) {
        let draw = u32::try_from(random.below(1_000)).unwrap_or(0);
        self.link.failed(Self::since(now), code, None, draw);
    }

    /// Whether it waits for nothing and has nothing to relay.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let output = self
            .link
            .clone()
            .poll(Duration::MAX, |held| self.desk.lacks(held));
        self.waiting.is_none() && output == Output::Idle
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, String> {
    serde_json::from_slice(&answer.body).map_err(|error| format!("an answer: {error}"))
}
