//! The face of the service: everything that pages, the API and the command line may ask of it or
//! do to it. Handlers call these functions and turn the answer into HTTP; they never see SQL,
//! chains or the queue's commands. Every function that changes something is durable when it
//! returns `Ok`. Errors are [`Problem`]s whose `detail` is a Chinese sentence for the person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use domain::id::{DeviceId, HallId, ShortId, WindowNo};
use domain::time::UtcMs;
use sync::client::CentralClient;
use tokio::sync::watch;
use wire::event::Event;
use wire::problem::{Problem, ProblemCode};

use crate::attachments::PhoneDesk;
use crate::backup::Seen;
use crate::cases::batches::BroughtAnswer;
use crate::cases::comparing::BroughtList;
use crate::cases::{CaseDesk, HeldImport, KindShelf, ListShelf, LiveRules};
use crate::citizens::AskLimit;
use crate::config::Config;
use crate::device_door::{DeviceDoor, Reason};
use crate::documents::DocumentShelf;
use crate::edge::Clock;
use crate::enrolment::WrongCodes;
use crate::fleet::{self, FleetPage};
use crate::held::Held;
use crate::http::{BodyBudget, RateLimits, SharedPages};
use crate::matching::MatchDesk;
use crate::metrics::Metrics;
use crate::outreach::Outbox;
use crate::overview::{
    BoardLine, DeviceLine, HallSnapshot, HelpCallLine, ListingCounts, ListingPage,
};
use crate::parameters::{InForce, Parameters};
use crate::remote_help::{HelpDesk, HelpStep};
use crate::requirements::{self, Requirement};
use crate::screens::{Picture, Screens};
use crate::staff::acts;
use crate::staff::{
    CallTickets, HelpCitizens, NewSession, PasswordRules, RevokeDevices, SeeFleet, SetUp,
    SignInLimit, Staff, StaffSession, WithdrawListings,
};
use crate::store::Store;
use crate::vacancies::{ImportDesk, TriedFile};
use crate::{device_wall, public_desk, staff};

/// The service. Cheap to clone: all clones share one store and one memory.
#[derive(Clone)]
pub struct AppState {
    pub(crate) inner: Arc<Inner>,
}

/// What the clones share.
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) door: DeviceDoor,
    pub(crate) screens: Screens,
    pub(crate) help: HelpDesk,
    pub(crate) sign_ins: SignInLimit,
    pub(crate) set_up: SetUp,
    pub(crate) wrong_codes: WrongCodes,
    pub(crate) wrong_digits: crate::http::CodeLimit,
    pub(crate) in_force: InForce,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rates: RateLimits,
    pub(crate) body_budget: BodyBudget,
    pub(crate) shared_pages: SharedPages,
    pub(crate) cases: CaseDesk,
    pub(crate) documents: DocumentShelf,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) matching: MatchDesk,
    pub(crate) imports: Held<HeldImport>,
    pub(crate) lists: ListShelf,
    pub(crate) brought_lists: Held<BroughtList>,
    pub(crate) answers: Held<BroughtAnswer>,
    pub(crate) vacancies: Arc<ImportDesk>,
    pub(crate) vacancy_files: Held<TriedFile>,
    pub(crate) phones: PhoneDesk,
    pub(crate) outreach: Outbox,
    pub(crate) asks: AskLimit,
    /// A hall node's line to its centre; none of a centre.
    pub(crate) centre: OnceLock<Arc<CentralClient>>,
    /// What the schedule of backups has seen; `None` when there is no schedule.
    backups: Mutex<Option<Seen>>,
    /// Ends held requests and event streams when the process is asked to stop.
    pub(crate) stopping: watch::Sender<bool>,
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}

impl Inner {
    /// What the schedule of backups has seen, if there is one.
    pub(crate) fn backups_seen(&self) -> Option<Seen> {
        *self.backups.lock().expect(BACKUPS_LOCK)
    }

    /// The schedule has looked.
    pub(crate) fn note_backups(&self, seen: Seen) {
        *self.backups.lock().expect(BACKUPS_LOCK) = Some(seen);
    }
}

const BACKUPS_LOCK: &str = "the lock of what was seen of backups, because no holder panics";

impl AppState {
    /// The service over an opened store, by the program's own rules.
    ///
    /// # Panics
    /// When the program's own files of kinds are broken: `serve` says so before, and a test does.
    #[must_use]
    pub fn new(store: Store, config: Config, parameters: &Parameters, clock: Clock) -> Self {
        let rules = LiveRules::of(store.clone());
        Self::by_rules(store, config, parameters, rules, clock)
    }

    /// As [`new`](Self::new), with rules of one's own.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    pub fn by_rules(
        store: Store,
        config: Config,
        parameters: &Parameters,
        rules: LiveRules,
        clock: Clock,
    ) -> Self {
        let started_at = clock();
        let kinds = KindShelf::embedded().expect("kinds, because a test reads their files");
        let documents =
            DocumentShelf::embedded(&kinds).expect("templates, because a test reads their files");
        let in_force = InForce::new(parameters.clone(), rules.years());
        let cases = CaseDesk::new(store.clone(), kinds, Arc::new(rules));
        let vacancies = ImportDesk::new(store.clone(), cases.clone(), &config.data);
        let vacancies = Arc::new(vacancies);
        let inner = Inner {
            door: DeviceDoor::new(started_at),
            screens: Screens::new(store.change_sender()),
            help: HelpDesk::new(store.change_sender()),
            sign_ins: SignInLimit::default(),
            set_up: SetUp::default(),
            wrong_codes: WrongCodes::default(),
            wrong_digits: crate::http::CodeLimit::default(),
            in_force,
            metrics: Arc::new(Metrics::new(store.meter())),
            rates: RateLimits::new(&config.limits),
            body_budget: BodyBudget::default(),
            shared_pages: SharedPages::default(),
            cases,
            documents,
            requirements: requirements::embedded().expect("a sheet, because a test reads its file"),
            matching: MatchDesk::new(store.clone()),
            imports: Held::default(),
            lists: ListShelf::embedded().expect("lists, because a test reads their files"),
            brought_lists: Held::default(),
            answers: Held::default(),
            vacancies,
            vacancy_files: Held::default(),
            phones: PhoneDesk::new(store.change_sender(), parameters.attachments),
            outreach: Outbox::default(),
            asks: AskLimit::default(),
            centre: OnceLock::new(),
            backups: Mutex::default(),
            stopping: watch::Sender::new(false),
            store,
            config,
            clock,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The service's time.
    #[must_use]
    pub fn now(&self) -> UtcMs {
        (self.inner.clock)()
    }

    /// Where citizens' phones reach the public pages, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.inner.config.public_url
    }

    /// Whether everything in this store is synthetic (演示数据); pages must say so.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.inner.store.is_synthetic()
    }

    /// Changes whenever anything that a page shows may have changed; for server-sent events.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.store.changes()
    }

    /// Becomes true when the process is asked to stop; long answers must end then.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.inner.stopping.subscribe()
    }

    /// Ends held requests and event streams.
    pub fn stop(&self) {
        self.inner.stopping.send_replace(true);
    }
}

/// Staff: sessions.
impl AppState {
    /// Checks login and password, from an address. Wrong passwords in a row lock the account; each
    /// attempt is recorded. The cookie's value is in the answer and nowhere else.
    ///
    /// # Errors
    /// `SignInNeeded` for a wrong login or password, `TooMany` after too many failures.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        address: &str,
    ) -> Result<NewSession, Problem> {
        staff::sign_in(self, login, password, address).await
    }

    /// The session of a cookie's value, if it has not idled out. Touches it.
    ///
    /// # Errors
    /// `SignInNeeded` when there is none.
    pub async fn session(&self, cookie: &str) -> Result<StaffSession, Problem> {
        staff::session(self, cookie).await
    }

    /// What a password must be.
    pub(crate) fn password_rules(&self) -> PasswordRules {
        self.inner.in_force.now().staff.password
    }

    /// Ends the session.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn sign_out(&self, session: &StaffSession) -> Result<(), Problem> {
        staff::sign_out(self, session).await
    }

    /// Takes a seat at a window (its strip then shows the clerk's number), or leaves it.
    ///
    /// # Errors
    /// `Refused` when the hall has no such window.
    pub async fn sit_at(
        &self,
        by: &Staff<CallTickets>,
        window: Option<WindowNo>,
    ) -> Result<(), Problem> {
        staff::sit_at(self, by, window).await
    }
}

/// Halls.
impl AppState {
    /// The hall's queue now; `None` when there is no such hall.
    #[must_use]
    pub fn hall_snapshot(&self, hall: HallId) -> Option<HallSnapshot> {
        let live = self.inner.store.live();
        live.halls.get(&hall).map(|hall| hall.snapshot(self.now()))
    }

    /// All halls of this store, with the stations' names.
    #[must_use]
    pub fn halls(&self) -> BTreeMap<HallId, String> {
        let live = self.inner.store.live();
        live.halls
            .iter()
            .map(|(id, hall)| (*id, hall.station_name.clone()))
            .collect()
    }
}

/// The device wall and remote help.
impl AppState {
    /// Every device with its pictures.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn device_overview(&self) -> Result<Vec<DeviceLine>, Problem> {
        device_wall::devices(self).await
    }

    /// Every device with its state, and the alarms.
    ///
    /// # Errors
    /// Only faults of storage.
    pub(crate) async fn fleet(&self, _: &Staff<SeeFleet>) -> Result<FleetPage, Problem> {
        fleet::records::page(self).await
    }

    /// The newest report of every board.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn board_reports(&self) -> Result<Vec<BoardLine>, Problem> {
        Ok(self
            .inner
            .store
            .read(|reader| reader.board_reports())
            .await?)
    }

    /// Citizens who asked for help within the last quarter of an hour, newest first.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn help_calls(&self) -> Result<Vec<HelpCallLine>, Problem> {
        let since = self.now().plus_minutes(-15);
        Ok(self
            .inner
            .store
            .read(move |reader| reader.help_calls_since(since))
            .await?)
    }

    /// The newest picture (PNG). `board` is empty for a kiosk.
    #[must_use]
    pub fn screen_picture(&self, device: DeviceId, board: &str) -> Option<Picture> {
        self.inner.screens.picture(device, board)
    }

    /// Somebody looks at the device wall: devices send pictures for the next 15 s. Call it from
    /// the page's event stream every 5 s.
    pub fn watch_screens(&self) {
        self.inner.screens.watch(self.now());
    }

    /// Asks the citizen at a kiosk for leave to help. Returns the session of help.
    ///
    /// # Errors
    /// `NotFound` for a device that is no working kiosk, `Refused` when somebody helps there.
    pub async fn ask_help(
        &self,
        device: DeviceId,
        by: &Staff<HelpCitizens>,
    ) -> Result<u64, Problem> {
        device_wall::ask_help(self, device, by).await
    }

    /// Touches the kiosk's screen, in thousandths of its width and height. Never an event.
    ///
    /// # Errors
    /// `Refused` unless this person's help is active there.
    pub fn touch(
        &self,
        device: DeviceId,
        session: u64,
        (x_per_mille, y_per_mille): (u16, u16),
        by: &Staff<HelpCitizens>,
    ) -> Result<(), Problem> {
        let step = HelpStep::Touch {
            x_per_mille,
            y_per_mille,
        };
        self.inner
            .help
            .step(device, session, by.staff, step, self.now())
    }

    /// Stops helping.
    ///
    /// # Errors
    /// `Refused` when this person does not help there.
    pub async fn stop_help(
        &self,
        device: DeviceId,
        session: u64,
        by: &Staff<HelpCitizens>,
    ) -> Result<(), Problem> {
        self.inner
            .help
            .step(device, session, by.staff, HelpStep::Stop, self.now())?;
        self.record(by.acted(acts::STOPPED_HELPING, device.to_string()))
            .await
    }

    /// Withdraws a device's rights; its history stays.
    ///
    /// # Errors
    /// `NotFound` for an unknown device.
    pub async fn revoke_device(
        &self,
        device: DeviceId,
        by: &Staff<RevokeDevices>,
    ) -> Result<(), Problem> {
        device_wall::revoke(self, device, by).await
    }

    /// Appends an event of the centre's own.
    pub(crate) async fn record(&self, event: Event) -> Result<(), Problem> {
        let now = self.now();
        let appended = self
            .inner
            .store
            .write(move |write| write.append(&event, now));
        Ok(appended.await.map(drop)?)
    }
}

/// What was refused to devices and phones.
impl AppState {
    /// Counts a refusal, and writes it down once a minute. A record that cannot be written must not
    /// turn the refusal into another one.
    pub(crate) async fn record_refusal(&self, device: DeviceId, reason: Reason) {
        let Some(refused) = self.inner.door.refused(device, reason, self.now()) else {
            return;
        };
        if let Err(problem) = self.record(Event::DeviceRefused(refused)).await {
            tracing::error!(?problem, "a refusal was not recorded");
        }
    }

    /// Passes an answer on; what the rules of the hall said no to is written down first.
    pub(crate) async fn noted<T>(
        &self,
        device: DeviceId,
        answer: Result<T, Problem>,
    ) -> Result<T, Problem> {
        if let Err(problem) = &answer
            && problem.code == ProblemCode::Refused
        {
            self.record_refusal(device, problem.into()).await;
        }
        answer
    }
}

/// Public pages and publications.
impl AppState {
    /// The listing behind a QR code.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn listing_by_short_id(&self, short_id: &ShortId) -> Result<ListingPage, Problem> {
        let (short_id, today) = (short_id.clone(), self.now().hall_date());
        let page = self
            .inner
            .store
            .read(move |reader| reader.listing_page(&short_id, today));
        Ok(page.await?)
    }

    /// How many listings are open, pending and withdrawn.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn listing_counts(&self) -> Result<ListingCounts, Problem> {
        Ok(self
            .inner
            .store
            .read(|reader| reader.listing_counts())
            .await?)
    }

    /// Takes a listing back; every kiosk and board drops it at once.
    ///
    /// # Errors
    /// `NotFound` when it is unknown or not published.
    pub async fn withdraw_listing(
        &self,
        short_id: &ShortId,
        reason: &str,
        by: &Staff<WithdrawListings>,
    ) -> Result<(), Problem> {
        public_desk::withdraw(self, short_id, reason, by).await
    }
}

/// A sentence for a person with the code `NotFound`.
pub(crate) fn not_found(sentence: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, sentence)
}
