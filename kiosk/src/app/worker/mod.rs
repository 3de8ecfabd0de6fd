//! The worker: one thread with an async runtime that carries effects out and keeps the lines to
//! central. What happened goes back as events. The thread that draws only puts effects into a
//! bounded queue and never waits for it.

pub mod desk;
mod devices;
mod enrol_anew;
pub mod hall_cache;
pub mod listing_sink;
mod machine;
mod papers;
pub mod reader;
pub mod service_pin;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use chrono::NaiveDate;
use domain::queue::KioskLane;
use sync::address::CentralAddress;
use sync::client::CentralClient;
use sync::device_clock::Clock;
use sync::feed::{FeedState, run_feed};
use sync::log::DeviceLog;
use sync::uplink::{LinkState, SharedLog, UplinkWake, lock, run_uplink};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use wire::api::{HelpAnswer, Topic};

use self::desk::Desk;
use self::devices::Devices;
pub use self::devices::Fitted;
pub use self::enrol_anew::take_in as take_in_new_identity;
use self::hall_cache::HallCache;
use self::listing_sink::ListingSink;
use self::reader::Reader;
use super::effect::Effect;
use super::event::{Event, Line};
use super::service::{Digits, PinAnswer};
use crate::index::{Categories, Index};
use crate::platform::voice::Speaker;
use crate::remote_help::{self, ScreenWatch};

/// Effects that may wait; a person cannot touch faster than they are carried out.
const EFFECTS_MAX: usize = 64;
const LISTING_TOPICS: &[Topic] = &[Topic::Listing];

/// Takes events to the thread that draws; safe to call from any thread.
pub type Post = Arc<dyn Fn(Event) + Send + Sync>;

/// What the worker needs.
pub struct WorkerParts {
    /// The line to central.
    pub client: Arc<CentralClient>,
    /// The device's log, adopted.
    pub log: DeviceLog,
    /// The data directory.
    pub dir: PathBuf,
    /// The lane, on a hall kiosk; other machines issue nothing and search nothing.
    pub lane: Option<KioskLane>,
    /// Takes events back.
    pub post: Post,
    /// The screen, for pictures and remote touches.
    pub screen: ScreenWatch,
    /// The device's clock.
    pub clock: Clock,
    /// What is followed of the hall.
    pub topics: &'static [Topic],
    /// The loudspeaker.
    pub speaker: Arc<dyn Speaker>,
    /// Where central is, for enrolling anew.
    pub central: CentralAddress,
    /// The machine's name on the device wall.
    pub name: String,
    /// Makes the devices that it is fitted with, on the worker's thread.
    pub fit: Box<dyn FnOnce() -> Fitted + Send>,
}

impl std::fmt::Debug for WorkerParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkerParts")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

/// The running worker.
#[derive(Debug)]
pub struct Worker {
    effects: mpsc::Sender<Effect>,
    shutdown: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the worker's thread.
    ///
    /// # Errors
    /// When the thread or its runtime cannot be made.
    pub fn start(parts: WorkerParts) -> std::io::Result<Self> {
        let (effects, inbox) = mpsc::channel(EFFECTS_MAX);
        let (shutdown, stop) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || runtime.block_on(work(parts, inbox, stop)))?;
        Ok(Self {
            effects,
            shutdown,
            thread: Some(thread),
        })
    }

    /// Puts an effect into the queue without waiting.
    pub fn carry_out(&self, effect: Effect) {
        if let Err(error) = self.effects.try_send(effect) {
            tracing::error!(%error, "the worker takes no more effects");
        }
    }

    /// Stops the worker. Nothing is lost: what was acknowledged is on disk.
    pub fn stop(&mut self) {
        let _ = self.shutdown.send(true);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the worker ended by a panic");
        }
    }
}

/// Everything that runs beside the queue of effects, and what it is steered by.
struct Running {
    desk: Arc<Desk>,
    reader: Option<Reader>,
    help_answers: mpsc::UnboundedSender<HelpAnswer>,
    speaker: Arc<dyn Speaker>,
    saying: Mutex<Option<AbortHandle>>,
    dir: PathBuf,
    central: CentralAddress,
    name: String,
    devices: Devices,
    post: Post,
}

async fn work(parts: WorkerParts, inbox: mpsc::Receiver<Effect>, stop: watch::Receiver<bool>) {
    let WorkerParts {
        client,
        log,
        dir,
        lane,
        post,
        screen,
        clock,
        topics,
        speaker,
        central,
        name,
        fit,
    } = parts;
    let log: SharedLog = Arc::new(Mutex::new(log));
    let wake = Arc::new(UplinkWake::default());
    let (link, link_told) = watch::channel(LinkState::default());
    tokio::spawn(run_uplink(
        "kiosk",
        Arc::clone(&log),
        Arc::clone(&client),
        Arc::clone(&wake),
        link,
        stop.clone(),
    ));
    let cache = open_hall_cache(&client, &dir, &post);
    follow_hall((topics, cache), &client, &post, &wake, &stop);
    let reader = lane.and_then(|_| follow_listings(&client, &dir, &post, &clock, &stop));
    let (help_answers, answers) = mpsc::unbounded_channel();
    tokio::spawn(remote_help::answer_in_order(Arc::clone(&client), answers));
    tokio::spawn(remote_help::take_commands(
        Arc::clone(&client),
        Arc::clone(&post),
        screen.clone(),
        stop.clone(),
    ));
    tokio::spawn(remote_help::send_pictures(
        Arc::clone(&client),
        screen,
        link_told,
        stop.clone(),
    ));
    let hall = client.enrolled().hall;
    let desk = Arc::new(Desk {
        log,
        client,
        wake,
        hall,
        lane,
        clock,
    });
    carry_out_all(
        Running {
            desk,
            reader,
            help_answers,
            speaker,
            saying: Mutex::default(),
            dir,
            central,
            name,
            devices: Devices::start(fit(), &post),
            post,
        },
        inbox,
        stop,
    )
    .await;
}

async fn carry_out_all(
    running: Running,
    mut inbox: mpsc::Receiver<Effect>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let effect = tokio::select! {
            effect = inbox.recv() => effect,
            _ = stop.wait_for(|stop| *stop) => None,
        };
        let Some(effect) = effect else { return };
        running.carry_out(effect).await;
    }
}

impl Running {
    /// Disk writes are waited for, so that they keep their order; requests are not.
    async fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::IssueTicket(wish) => {
                let (desk, post) = (Arc::clone(&self.desk), Arc::clone(&self.post));
                tokio::spawn(async move { post(desk.issue(wish).await) });
            }
            Effect::FindVisit { label, code } => {
                let (desk, post) = (Arc::clone(&self.desk), Arc::clone(&self.post));
                tokio::spawn(async move { post(desk.find_visit(label, code).await) });
            }
            Effect::AskAboutAppointment(ask) => {
                let (desk, post) = (Arc::clone(&self.desk), Arc::clone(&self.post));
                tokio::spawn(async move { post(desk.ask_about_appointment(ask).await) });
            }
            Effect::AskForCitizen(ask) => {
                let (desk, post) = (Arc::clone(&self.desk), Arc::clone(&self.post));
                tokio::spawn(async move { post(desk.ask_for_citizen(ask).await) });
            }
            Effect::KeepFeedback(given, seal_to) => {
                (self.post)(self.desk.keep_feedback(given, seal_to).await);
            }
            Effect::KeepScore(score) => (self.post)(self.desk.keep_score(score).await),
            Effect::CallHelp(call) => (self.post)(self.desk.call_help(call).await),
            Effect::Record(event) => self.desk.record(event).await,
            Effect::AnswerHelp(answer) => drop(self.help_answers.send(answer)),
            Effect::AskIndex(ask) => {
                if let Some(reader) = &self.reader {
                    reader.ask(ask);
                }
            }
            Effect::Say(sentence) => self.say(sentence),
            Effect::Hush => self.hush(),
            Effect::CheckPin(digits) => self.check_pin(digits).await,
            Effect::LookAtMachine => self.look_at_machine(),
            Effect::EnrolAnew(code) => self.enrol_anew(&code).await,
            Effect::Print(order) => self.devices.print(order),
            Effect::DropPapers => self.devices.drop_papers(),
            Effect::ReadCard(within) => self.devices.read_card(within, self.today()),
            Effect::StopReading => self.devices.stop_reading(),
            Effect::AskPhoneHolder(code) => self.devices.ask_phone_holder(code, self.today()),
            Effect::PrintTest => self.devices.print_test(&self.name),
            Effect::TestDevices => self.devices.test(),
            // The front's.
            Effect::Restart => {}
        }
    }

    fn today(&self) -> NaiveDate {
        self.desk.clock.now().hall_date()
    }

    /// What is being said is broken off: the newest sentence counts. A display asks only after the
    /// one before has ended.
    fn say(&self, sentence: String) {
        self.hush();
        let (speaker, post) = (Arc::clone(&self.speaker), Arc::clone(&self.post));
        let saying = tokio::spawn(async move {
            if let Err(error) = speaker.say(&sentence).await {
                tracing::error!(%error, "a sentence was not heard");
            }
            post(Event::Said);
        });
        *self.saying.lock().unwrap_or_else(PoisonError::into_inner) = Some(saying.abort_handle());
    }

    fn hush(&self) {
        let mut saying = self.saying.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(saying) = saying.take() {
            saying.abort();
        }
    }

    /// Hashing takes its time, on a thread that may.
    async fn check_pin(&self, digits: Digits) {
        let (dir, now) = (self.dir.clone(), self.desk.clock.now());
        let check = move || service_pin::check(&dir, digits.text(), now);
        let answer = tokio::task::spawn_blocking(check).await;
        (self.post)(Event::PinChecked(answer.unwrap_or(PinAnswer::Unreadable)));
    }

    fn look_at_machine(&self) {
        let seen = {
            let log = lock(&self.desk.log);
            let now = self.desk.clock.now();
            let mut seen = machine::look(&log, &self.dir, &self.name, now);
            seen.checks.extend(self.devices.fitted_checks());
            seen.can_print = self.devices.can_print();
            seen
        };
        (self.post)(Event::MachineSeen(seen));
    }

    async fn enrol_anew(&self, code: &Digits) {
        let waiting = lock(&self.desk.log).backlog().map(|backlog| backlog.count);
        let done = match waiting {
            Ok(0) => enrol_anew::enrol(&self.dir, &self.central, code.text()).await,
            Ok(count) => Err(format!(
                "还有 {count} 条记录没送到中心。请先连上网，等它们送完再登记。"
            )),
            Err(error) => Err(format!("记录读不了，不能重新登记：{error}")),
        };
        match done {
            Ok(()) => (self.post)(Event::EnrolledAnew),
            Err(why) => (self.post)(Event::NotEnrolledAnew(why)),
        }
    }
}

fn open_hall_cache(client: &Arc<CentralClient>, dir: &Path, post: &Post) -> HallCache {
    let client = Arc::clone(client);
    let server_time = Box::new(move || client.server_time());
    HallCache::open(&dir.join("hall.json"), Arc::clone(post), server_time)
}

/// Follows the hall's topics and tells whether the line is up.
fn follow_hall(
    (topics, cache): (&'static [Topic], HallCache),
    client: &Arc<CentralClient>,
    post: &Post,
    wake: &Arc<UplinkWake>,
    stop: &watch::Receiver<bool>,
) {
    let (state, mut told) = watch::channel(FeedState::default());
    tokio::spawn(run_feed(
        Arc::clone(client),
        topics,
        cache,
        state,
        stop.clone(),
    ));
    let (post, wake) = (Arc::clone(post), Arc::clone(wake));
    tokio::spawn(async move {
        while told.changed().await.is_ok() {
            let FeedState {
                is_online,
                last_contact,
            } = *told.borrow_and_update();
            if is_online == Some(true) {
                wake.reachable.notify_one();
            }
            post(Event::Line(Line {
                is_online,
                last_contact,
            }));
        }
    });
}

/// Follows listings into the index and starts the thread that reads it. Without an index the
/// kiosk still gives tickets.
fn follow_listings(
    client: &Arc<CentralClient>,
    dir: &Path,
    post: &Post,
    clock: &Clock,
    stop: &watch::Receiver<bool>,
) -> Option<Reader> {
    let path = dir.join("cache.db");
    let opened = open_index(&path).and_then(|writing| {
        let reader = Reader::start(open_index(&path)?, Arc::clone(post), clock.clone())?;
        Ok((writing, reader))
    });
    match opened {
        Ok((writing, reader)) => {
            let sink = ListingSink::new(writing, reader.clone(), clock.clone());
            let (state, _) = watch::channel(FeedState::default());
            tokio::spawn(run_feed(
                Arc::clone(client),
                LISTING_TOPICS,
                sink,
                state,
                stop.clone(),
            ));
            Some(reader)
        }
        Err(error) => {
            tracing::error!(%error, "the listing index cannot be opened");
            None
        }
    }
}

fn open_index(path: &Path) -> anyhow::Result<Index> {
    Ok(Index::open(path, categories())?)
}

/// The citizens' categories that are built in.
#[must_use]
pub fn categories() -> Arc<Categories> {
    static TEXT: &str = include_str!("../../../../assets/search/categories.json");
    Arc::new(
        Categories::from_json(TEXT).expect("the embedded categories, because a test reads them"),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_embedded_categories_read() {
        assert!(super::categories().all().len() >= 15);
    }
}
