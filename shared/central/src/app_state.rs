//! The face of the service: everything that pages, the API and the command line may ask of it or
//! do to it. Handlers call these functions and turn the answer into HTTP; they never see SQL,
//! chains or the queue's commands. Every function that changes something is durable when it
//! returns `Ok`. Errors are [`Problem`]s whose `detail` is a Chinese sentence for the person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use domain::id::{DeviceId, HallId, ShortId, StaffId, WindowNo};
use domain::queue::Command;
use domain::rating::{Level, TicketSecret};
use domain::time::UtcMs;
use tokio::sync::watch;
use wire::event::Event;
use wire::problem::{Problem, ProblemCode};

use crate::attachments::PhoneDesk;
use crate::backup::Seen;
use crate::config::Config;
use crate::device_door::DeviceDoor;
use crate::edge::Clock;
use crate::enrolment::WrongCodes;
use crate::fleet::{self, FleetPage, FleetRules};
use crate::http::{BodyBudget, RateLimits, SharedPages};
use crate::metrics::Metrics;
use crate::overview::{
    AuditLine, BoardLine, DeviceLine, HallScores, HallSnapshot, HelpCallLine, ListingCounts,
    ListingPage, TicketPage,
};
use crate::parameters::Parameters;
use crate::remote_help::{HelpDesk, HelpStep};
use crate::screens::{Picture, Screens};
use crate::staff::{NewSession, SignInLimit, StaffSession};
use crate::store::Store;
use crate::{authority, device_wall, public_desk, staff};

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
    pub(crate) wrong_codes: WrongCodes,
    pub(crate) wrong_slip_codes: crate::http::SlipCodeLimit,
    pub(crate) device_key_ms: i64,
    pub(crate) fleet_rules: FleetRules,
    pub(crate) staff_cache_ms: i64,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rates: RateLimits,
    pub(crate) body_budget: BodyBudget,
    pub(crate) shared_pages: SharedPages,
    pub(crate) phones: PhoneDesk,
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
    /// The service over an opened store.
    #[must_use]
    pub fn new(store: Store, config: Config, parameters: &Parameters, clock: Clock) -> Self {
        let started_at = clock();
        let inner = Inner {
            door: DeviceDoor::new(started_at),
            screens: Screens::new(store.change_sender()),
            help: HelpDesk::new(store.change_sender()),
            sign_ins: SignInLimit::default(),
            wrong_codes: WrongCodes::default(),
            wrong_slip_codes: crate::http::SlipCodeLimit::default(),
            device_key_ms: parameters.device_key_ms,
            fleet_rules: FleetRules::of(parameters),
            staff_cache_ms: parameters.staff_cache_ms,
            metrics: Arc::new(Metrics::new(store.meter())),
            rates: RateLimits::new(&config.limits),
            body_budget: BodyBudget::default(),
            shared_pages: SharedPages::default(),
            phones: PhoneDesk::new(store.change_sender(), parameters.attachments),
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
    /// Checks login and password. At most 5 failures per login and 5 minutes; each attempt is
    /// recorded. The cookie's value is in the answer and nowhere else.
    ///
    /// # Errors
    /// `SignInNeeded` for a wrong login or password, `TooMany` after too many failures.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<NewSession, Problem> {
        staff::sign_in(self, login, password).await
    }

    /// The session of a cookie's value, if it has not idled out. Touches it.
    ///
    /// # Errors
    /// `SignInNeeded` when there is none.
    pub async fn session(&self, cookie: &str) -> Result<StaffSession, Problem> {
        staff::session(self, cookie).await
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
        session: &StaffSession,
        window: Option<WindowNo>,
    ) -> Result<(), Problem> {
        staff::sit_at(self, session, window).await
    }

    /// The newest lines of the audit trail: acts of staff and things refused to devices.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn audit_trail(&self, lines_max: u32) -> Result<Vec<AuditLine>, Problem> {
        Ok(self
            .inner
            .store
            .read(move |reader| reader.audit_trail(lines_max))
            .await?)
    }
}

/// The queue, from a window. The hall is the session's; each act is recorded with its person.
impl AppState {
    /// Calls the next ticket by the published rule.
    ///
    /// # Errors
    /// `Refused`: nobody waits, the window is closed or still busy.
    pub async fn call_next(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::CallNext { window }, "called_next")
            .await
    }

    /// Calls the called ticket once more.
    ///
    /// # Errors
    /// `Refused`: nothing is called there.
    pub async fn call_again(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::CallAgain { window }, "called_again")
            .await
    }

    /// The called person came.
    ///
    /// # Errors
    /// `Refused`: nothing is called there.
    pub async fn start(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::Start { window }, "started")
            .await
    }

    /// The service ended; the window terminal offers to score it for 30 s.
    ///
    /// # Errors
    /// `Refused`: nobody is called or served there.
    pub async fn finish(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::Finish { window }, "finished")
            .await
    }

    /// The called person did not come.
    ///
    /// # Errors
    /// `Refused`: nothing is called there.
    pub async fn mark_missed(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::MarkMissed { window }, "marked_missed")
            .await
    }

    /// Opens a window.
    ///
    /// # Errors
    /// `Refused`: no such window.
    pub async fn open_window(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::OpenWindow { window }, "opened_window")
            .await
    }

    /// Closes or pauses a window.
    ///
    /// # Errors
    /// `Refused`: somebody is called or served there.
    pub async fn close_window(&self, window: WindowNo, by: &StaffSession) -> Result<(), Problem> {
        self.at_window(by, window, Command::CloseWindow { window }, "closed_window")
            .await
    }

    async fn at_window(
        &self,
        by: &StaffSession,
        window: WindowNo,
        command: Command,
        act: &'static str,
    ) -> Result<(), Problem> {
        let (hall, staff, now) = (by.hall, by.staff, self.now());
        let acted = staff::acted(Some(staff), act, format!("window {window}"));
        let decided = self.inner.store.write(move |write| {
            let decided = authority::give(write, hall, command, now)?;
            if decided.is_ok() {
                write.append(&acted, now)?;
            }
            Ok(decided)
        });
        decided.await??;
        Ok(())
    }

    /// The hall's queue now; `None` when there is no such hall.
    #[must_use]
    pub fn hall_snapshot(&self, hall: HallId) -> Option<HallSnapshot> {
        let live = self.inner.store.live();
        live.halls.get(&hall).map(|hall| hall.snapshot())
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

    /// Visits and accepted scores per window, of visits finished from `from` to `to` inclusive.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn window_scores(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HallScores, Problem> {
        let scores = self
            .inner
            .store
            .read(move |reader| reader.hall_scores(hall, from, to));
        let mut scores = scores.await?;
        if let Some(hall) = self.inner.store.live().halls.get(&hall) {
            for window in hall.queue.windows.keys() {
                scores.windows.entry(*window).or_default();
            }
        }
        Ok(scores)
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
    pub(crate) async fn fleet(&self) -> Result<FleetPage, Problem> {
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
    pub async fn ask_help(&self, device: DeviceId, by: &StaffSession) -> Result<u64, Problem> {
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
        by: &StaffSession,
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
        by: &StaffSession,
    ) -> Result<(), Problem> {
        self.inner
            .help
            .step(device, session, by.staff, HelpStep::Stop, self.now())?;
        self.record(staff::acted(
            Some(by.staff),
            "stopped_helping",
            device.to_string(),
        ))
        .await
    }

    /// Withdraws a device's rights; its history stays.
    ///
    /// # Errors
    /// `NotFound` for an unknown device.
    pub async fn revoke_device(&self, device: DeviceId, by: StaffId) -> Result<(), Problem> {
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
        let today = self.now().hall_date();
        Ok(self
            .inner
            .store
            .read(move |reader| reader.listing_counts(today))
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
        by: &StaffSession,
    ) -> Result<(), Problem> {
        public_desk::withdraw(self, short_id, reason, &by.name, by.staff).await
    }

    /// The own ticket on the phone; `None` for an unknown token.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn ticket_by_token(
        &self,
        token: &TicketSecret,
    ) -> Result<Option<TicketPage>, Problem> {
        public_desk::ticket_page(self, token).await
    }

    /// Scores the visit of a token, once. `reasons` are codes of `assets/codes/poor-reasons.json`.
    ///
    /// # Errors
    /// `Refused` with the rule's words: not served yet, scored already, too late, unknown.
    pub async fn submit_phone_score(
        &self,
        token: &TicketSecret,
        matter_level: Level,
        reasons: Vec<String>,
    ) -> Result<(), Problem> {
        public_desk::submit_phone_score(self, token, matter_level, reasons).await
    }
}

/// A sentence for a person with the code `NotFound`.
pub(crate) fn not_found(sentence: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, sentence)
}
