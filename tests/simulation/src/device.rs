//! A device: the real log, the real rules of link and feed, on a disk that can fail and with a clock
//! that may be wrong. Beside it stands the truth: the hash of every event that it has said is done.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use domain::time::UtcMs;
use sync::client::FeedCursor;
use sync::device_clock::DeviceClock;
use sync::feed::{FeedSink, Follower, RowKeys};
use sync::identity::DeviceIdentity;
use sync::log::{DeviceLog, LogError};
use sync::uplink::{branch_push, next_push, note_held};
use testkit::careless_log::{CarelessLog, Carelessness};
use testkit::disk::{Aftermath, Disk};
use testkit::planted::{Plant, TrustingLink};
use testkit::random::Seeded;
use wire::api::{FeedPage, LogTail, Pushed, Topic, path};
use wire::envelope::EventHash;
use wire::event::Event;
use wire::link::{Output, Told, Uplink};
use wire::problem::{Problem, ProblemCode};
use wire::status::{DeviceStatus, LogCondition};

use crate::line::{Answer, Ask, Request, SiteName, TIME_OUT_MS};
use crate::origin::{DeviceOrigin, LOG};

/// What a device asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Tail,
    Push,
    Feed,
    /// What a halted machine has beyond the common history.
    Branch,
    /// A halted machine says that it is halted.
    Status,
}

/// What a machine whose history is contradicted has still to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Halted {
    is_branch_shown: bool,
    is_told: bool,
    /// When it says how it stands.
    status_due: UtcMs,
}

/// A question that is waited for.
#[derive(Debug, Clone)]
struct Waiting {
    number: u64,
    question: Question,
    until: UtcMs,
}

/// A device.
pub struct Device {
    /// Who it is.
    pub identity: DeviceIdentity,
    /// Whom it asks.
    pub site: SiteName,
    /// Its disk.
    pub disk: Disk,
    log: Option<DeviceLog>,
    careless: Option<CarelessLog>,
    plant: Plant,
    link: Uplink<u64>,
    trusting: TrustingLink,
    follower: Follower<View>,
    clock: DeviceClock,
    run_began: UtcMs,
    skew_ms: i64,
    waiting: Option<Waiting>,
    feed_due: UtcMs,
    /// The truth: the hash of every event that is in its chain, in order; the last one may be an
    /// event of which it never said that it was done.
    pub history: Vec<EventHash>,
    /// Events of which it said that they are done.
    pub acknowledged: usize,
    /// Its disk was copied into another machine, or is that copy.
    pub is_cloned: bool,
    /// The link stopped for good.
    halted: Option<Halted>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device")
            .field("device", &self.identity.enrolled.device)
            .field("history", &self.history.len())
            .finish_non_exhaustive()
    }
}

/// What it shows of the feed: in memory, read anew after a restart.
#[derive(Debug, Default)]
pub struct View {
    cursor: u64,
    /// The newest body of each row.
    pub rows: BTreeMap<(Topic, String), String>,
}

impl FeedSink for View {
    type Error = Infallible;

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn apply(&mut self, page: FeedPage) -> Result<(), Infallible> {
        for row in page.rows {
            let key = (row.topic, row.key);
            match row.body {
                Some(body) => drop(self.rows.insert(key, body)),
                None => drop(self.rows.remove(&key)),
            }
        }
        self.cursor = page.next_after;
        Ok(())
    }

    fn begin_snapshot(&mut self) -> Result<(), Infallible> {
        self.cursor = 0;
        Ok(())
    }

    fn keep_only(&mut self, named: &RowKeys) -> Result<(), Infallible> {
        self.rows.retain(|key, _| named.contains(key));
        Ok(())
    }
}

impl Device {
    /// A device that starts for the first time at `now`.
    ///
    /// # Panics
    /// When its log does not open.
    #[must_use]
    pub fn new(origin: &DeviceOrigin, plant: Plant, now: UtcMs) -> Self {
        let mut device = Self::switched_off(origin, plant, now);
        device.start(now, now).expect("a new log opens");
        device
    }

    fn switched_off(origin: &DeviceOrigin, plant: Plant, now: UtcMs) -> Self {
        let disk = Disk::from_image(&origin.image);
        Self {
            identity: origin.identity.clone(),
            site: origin.site,
            disk,
            log: None,
            careless: None,
            plant,
            link: Uplink::default(),
            trusting: TrustingLink::default(),
            follower: Follower::new(View::default()),
            clock: DeviceClock::new(now, None),
            run_began: now,
            skew_ms: 0,
            waiting: None,
            feed_due: now,
            history: Vec::new(),
            acknowledged: 0,
            is_cloned: false,
            halted: None,
        }
    }

    /// The same disk in a second machine; `None` while the first one is switched off.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn cloned(&self, now: UtcMs) -> Result<Option<Self>, String> {
        let origin = DeviceOrigin {
            identity: self.identity.clone(),
            image: self.disk.image(),
            site: self.site,
        };
        if self.log.is_none() {
            return Ok(None);
        }
        let mut clone = Self {
            history: self.history.clone(),
            acknowledged: self.acknowledged,
            is_cloned: true,
            ..Self::switched_off(&origin, self.plant, now)
        };
        clone.start(now, now)?;
        Ok(Some(clone))
    }

    /// Starts its program; `system` is what the machine's clock says.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn start(&mut self, now: UtcMs, system: UtcMs) -> Result<(), String> {
        let log = DeviceLog::open_on(Path::new(LOG), self.disk.vfs())
            .map_err(|error| format!("the log does not open: {error}"))?;
        self.check_log(&log)?;
        self.clock = DeviceClock::new(system, log.last_at());
        self.run_began = now;
        self.link = Uplink::default();
        self.follower = Follower::new(View::default());
        self.waiting = None;
        self.halted = None;
        if self.plant == Plant::LogNeverSyncs && self.history.is_empty() {
            let (path, vfs) = (Path::new(LOG), self.disk.vfs());
            let writer = self.identity.enrolled.device;
            let careless = CarelessLog::open(path, vfs, writer, Carelessness::NeverSyncs);
            self.careless = careless.ok();
        }
        self.log = Some(log);
        Ok(())
    }

    /// What was said to be done is there, in order, and at most one event more.
    fn check_log(&mut self, log: &DeviceLog) -> Result<(), String> {
        let head = log.verify().map_err(|error| format!("the log: {error}"))?;
        let held = usize::try_from(head.seq).expect("a short log");
        if held < self.acknowledged || held > self.history.len() + 1 {
            let (id, done) = (self.identity.enrolled.device, self.acknowledged);
            let copied = if self.is_cloned {
                ", and it was copied"
            } else {
                ""
            };
            return Err(format!(
                "{id} did {done} events, and {held} are in its log{copied}"
            ));
        }
        self.history.truncate(held);
        if held > self.history.len() {
            self.history.push(head.hash);
        }
        let last = self.history.last().copied().unwrap_or(EventHash::ZERO);
        if last == head.hash {
            Ok(())
        } else {
            Err(format!("event {held} is another one"))
        }
    }

    /// The power fails and comes back; `system` is the machine's clock then.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn lose_power(
        &mut self,
        aftermath: Aftermath,
        now: UtcMs,
        system: UtcMs,
    ) -> Result<(), String> {
        self.log = None;
        self.careless = None;
        self.disk.restart(aftermath);
        self.disk.make_room();
        self.start(now, system)
    }

    /// Its own time.
    #[must_use]
    pub fn time(&self, now: UtcMs) -> UtcMs {
        let elapsed = u64::try_from(now.ms_since(self.run_began)).unwrap_or(0);
        self.clock.at(Duration::from_millis(elapsed))
    }

    /// Writes an event; `false` when it told the person that it cannot.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn act(&mut self, event: &Event, now: UtcMs) -> Result<bool, String> {
        let at = self.time(now);
        if let Some(careless) = &mut self.careless {
            let Ok(head) = careless.append(event, at) else {
                return Ok(false);
            };
            self.history.push(head.hash);
            self.acknowledged = self.history.len();
            // The real log reads what the careless one wrote.
            self.log = DeviceLog::open_on(Path::new(LOG), self.disk.vfs()).ok();
            return Ok(true);
        }
        let Some(log) = &mut self.log else {
            return Ok(false);
        };
        match log.append(event, at) {
            Ok(appended) => {
                if appended.seq != self.history.len() as u64 + 1 {
                    return Err(format!("event {} is out of order", appended.seq));
                }
                self.history.push(appended.hash);
                self.acknowledged = self.history.len();
                Ok(true)
            }
            Err(
                LogError::Full | LogError::Bound { .. } | LogError::Halted | LogError::Database(_),
            ) => Ok(false),
            Err(error) => Err(format!("the log refused an event: {error}")),
        }
    }

    /// The next number of its lane.
    pub fn take_lane_number(&mut self, now: UtcMs) -> Option<u16> {
        let day = domain::time::BusinessDate(self.time(now).hall_date());
        self.log.as_mut()?.take_lane_number(day, 'A').ok()
    }

    /// Since the world began, for the link.
    fn since(now: UtcMs) -> Duration {
        let elapsed = now.ms_since(crate::origin::START);
        Duration::from_millis(u64::try_from(elapsed).unwrap_or(0))
    }

    /// What it asks now, if anything; `number` tells its answer from others.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn ask(
        &mut self,
        now: UtcMs,
        number: u64,
        random: &mut Seeded,
    ) -> Result<Option<Request>, String> {
        if let Some(waiting) = &self.waiting {
            if now < waiting.until {
                return Ok(None);
            }
            if matches!(waiting.question, Question::Tail | Question::Push) {
                self.failed(None, now, random);
            }
            self.waiting = None;
        }
        let Some(log) = &self.log else {
            return Ok(None);
        };
        let own_last = log.head().seq;
        let output = match self.trusting.remembered(self.plant) {
            _ if log.condition() == LogCondition::Halted => Output::Halted,
            Some(held) if held < own_last => Output::PushAfter(held),
            Some(_) => Output::Idle,
            None => self.link.poll(Self::since(now), |held| *held < own_last),
        };
        let (question, ask) = match output {
            Output::AskTails => (Question::Tail, Ask::get(path::LOG_TAIL)),
            Output::PushAfter(held) => {
                let push = next_push(log, &self.identity, held, self.time(now));
                match push {
                    Ok(Some(push)) => (Question::Push, Ask::post(path::LOG, &push)),
                    Ok(None) => return Err("the link pushes nothing".to_owned()),
                    // The disk has just died: the restart comes.
                    Err(_) => return Ok(None),
                }
            }
            Output::Halted => match self.ask_of_halted(now) {
                Some(asked) => asked,
                None => return Ok(None),
            },
            Output::Idle if now >= self.feed_due => {
                self.feed_due = now.plus_ms(30_000);
                (Question::Feed, self.feed_ask())
            }
            Output::Idle | Output::SleepUntil { .. } => return Ok(None),
        };
        self.waiting = Some(Waiting {
            number,
            question,
            until: now.plus_ms(TIME_OUT_MS),
        });
        let server_time = self.time(now).plus_ms(self.skew_ms);
        let device = self.identity.enrolled.device;
        Ok(Some(ask.sign(
            device,
            &self.identity.key,
            server_time,
            number,
        )))
    }

    /// As the real runner: it takes no new acts, shows the branch once, then says how it stands
    /// until that has been heard.
    fn ask_of_halted(&mut self, now: UtcMs) -> Option<(Question, Ask)> {
        let device_time = self.time(now);
        let halted = self.halted.get_or_insert_default();
        if self.plant == Plant::HaltsInSilence {
            halted.is_told = true;
            return None;
        }
        let log = self.log.as_mut()?;
        log.halt().ok()?;
        if !halted.is_branch_shown {
            match branch_push(log, &self.identity, device_time).ok()? {
                Some(branch) => return Some((Question::Branch, Ask::post(path::LOG, &branch))),
                None => halted.is_branch_shown = true,
            }
        }
        if halted.is_told || now < halted.status_due {
            return None;
        }
        halted.status_due = now.plus_minutes(1);
        let status = DeviceStatus {
            program: "simulation".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            backlog: 0,
            oldest_at: None,
            log: LogCondition::Halted,
            device_time,
            faults: Vec::new(),
        };
        Some((Question::Status, Ask::post(path::STATUS, &status)))
    }

    fn feed_ask(&self) -> Ask {
        let FeedCursor { position, snapshot } = self.follower.cursor();
        let snapshot = snapshot.map_or(String::new(), |s| format!("&snapshot={s}"));
        Ask::get(format!(
            "{}?after={position}&limit=50&wait_ms=0{snapshot}",
            path::FEED
        ))
    }

    /// An answer has come.
    ///
    /// # Errors
    /// What contradicts the truth.
    pub fn hear(
        &mut self,
        number: u64,
        answer: &Answer,
        now: UtcMs,
        random: &mut Seeded,
    ) -> Result<(), String> {
        let waited = self.waiting.take_if(|waiting| waiting.number == number);
        let Some(waited) = waited else { return Ok(()) };
        if let Some(server_time) = answer.server_time {
            self.skew_ms = server_time.ms_since(self.time(now));
        }
        if let (Question::Branch, Some(halted)) = (waited.question, &mut self.halted) {
            halted.is_branch_shown = true;
            return Ok(());
        }
        if answer.status >= 300 {
            self.hear_problem(waited.question, answer, now, random);
            return Ok(());
        }
        match waited.question {
            Question::Branch => Ok(()),
            Question::Status => {
                self.halted.get_or_insert_default().is_told = true;
                Ok(())
            }
            Question::Tail => self.hear_held(&read::<LogTail>(answer)?.head),
            Question::Push => self.hear_held(&read::<Pushed>(answer)?.head),
            Question::Feed => {
                let page: FeedPage = read(answer)?;
                if page.has_more {
                    self.feed_due = now;
                }
                let Ok(()) = self.follower.apply(page);
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
        match (question, code) {
            (Question::Feed, Some(ProblemCode::CursorTooOld)) => {
                self.follower.begin_snapshot();
                self.feed_due = now;
            }
            (Question::Feed | Question::Branch | Question::Status, _) => {}
            // The clock is corrected by now: at once again.
            (_, Some(ProblemCode::ClockSkew)) => self.link.reachable(),
            (_, code) => self.failed(code, now, random),
        }
    }

    fn hear_held(&mut self, head: &wire::envelope::ChainHead) -> Result<(), String> {
        self.trusting.heard(head.seq);
        let Some(log) = &mut self.log else {
            return Ok(());
        };
        match note_held(log, *head) {
            Ok(told) => {
                if told == Told::Contradicts && !self.is_cloned && self.careless.is_none() {
                    return Err(format!("the site holds another event {}", head.seq));
                }
                self.link.told(told);
                Ok(())
            }
            // The disk has just died: the restart comes.
            Err(_) => Ok(()),
        }
    }

    fn failed(&mut self, code: Option<ProblemCode>, now: UtcMs, random: &mut Seeded) {
        let draw = u32::try_from(random.below(1_000)).unwrap_or(0);
        self.link.failed(Self::since(now), code, None, draw);
    }

    /// Where it stands, for whoever reads of a broken history.
    #[must_use]
    pub fn situation(&self) -> String {
        let (link, waiting, cursor) = (&self.link, &self.waiting, self.follower.cursor());
        format!(
            "{link:?}, {waiting:?}, {cursor:?}, cloned: {}",
            self.is_cloned
        )
    }

    /// What it shows of the feed.
    pub fn shown(&self) -> &View {
        self.follower.sink()
    }

    /// Whether it waits for nothing and has nothing to send.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let is_acked = |log: &DeviceLog| log.acked() == log.head().seq;
        let has_told = self.halted.is_some_and(|halted| halted.is_told);
        self.waiting.is_none() && (has_told || self.log.as_ref().is_some_and(is_acked))
    }

    /// Whether its link stopped for good.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.halted.is_some()
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, String> {
    serde_json::from_slice(&answer.body).map_err(|error| format!("an answer: {error}"))
}
