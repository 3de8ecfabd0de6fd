//! `display-driver serve`: follows the hall's feed, shows it on the boards, and reports back.
//!
//! The tasks: one per port (`bus`), the feed, the uplink, the pictures for the device wall, and the
//! loop here that turns feed and time into orders. Only what a named person published comes through
//! the feed, so nothing unapproved can get on a board. Without a line the boards go on with what the
//! driver last knew, also after a restart: its copy of the feed is on disk.

mod airtime;
mod boards;
pub mod faults;
mod hall_view;
mod pictures;
mod report;
mod told;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use domain::calendar::WorkCalendar;
use domain::id::HallId;
use domain::time::UtcMs;
use sync::address::{CentralAddress, PlainHttp};
use sync::client::CentralClient;
use sync::data_dir::DataDir;
use sync::device_clock::{Clock, DeviceClock};
use sync::enrolment::load_or_enrol;
use sync::feed::{FeedState, run_feed};
use sync::log::DeviceLog;
use sync::uplink::{LinkState, SharedLog, UplinkWake, run_uplink};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use wire::event::{BoardReported, BoardsDescribed, Event};

use airtime::{AirTime, ended};
use boards::{HallBoards, PortOrder};
use hall_view::{SharedView, TOPICS, ViewSink};
use report::{PlayLog, Reporter};
use told::{Told, ToldFile};

use crate::bus::{BusCommand, BusEvent, run_bus};
use crate::codec::Ask;
use crate::codec::ProgramFile;
use crate::config::{BoardConfig, BoardsConfig};
use crate::content::BoardId;
use crate::hall_clock::HallClock;
use crate::link::LinkEvent;

/// Commands waiting for a bus.
const COMMANDS_MAX: usize = 256;
/// Events of all buses waiting for the loop.
const EVENTS_MAX: usize = 256;

/// What `serve` needs to know.
#[derive(Debug)]
pub struct ServeOptions {
    /// The boards.
    pub boards: BoardsConfig,
    /// What is to lie in the flash of each; boards without any are not there.
    pub programs: BTreeMap<BoardId, Vec<ProgramFile>>,
    /// Where central listens.
    pub central: String,
    /// The authority of central's certificate; absent = the copy kept since the enrolment.
    pub central_ca: Option<PathBuf>,
    /// Whether plain HTTP may leave this machine.
    pub plain_http: PlainHttp,
    /// For log, key and the copy of the feed.
    pub data_dir: PathBuf,
    /// Data files in place of those that are built in.
    pub assets: Option<PathBuf>,
    /// For the first start.
    pub enrol_code: Option<String>,
}

/// The working calendar that is built in.
const CALENDAR: &str = include_str!("../../../assets/calendar/workdays.csv");
/// Its place under a folder of assets.
const CALENDAR_FILE: &str = "calendar/workdays.csv";

/// The working calendar: the years of a folder's file stand over those that are built in.
fn calendar(assets: Option<&Path>) -> Result<WorkCalendar> {
    let built_in = WorkCalendar::read(CALENDAR).context("内置的工作日历读不了")?;
    let Some(path) = assets.map(|folder| folder.join(CALENDAR_FILE)) else {
        return Ok(built_in);
    };
    if !path.exists() {
        return Ok(built_in);
    }
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("读不了 {}", path.display()))?;
    let newer = WorkCalendar::read(&text).with_context(|| format!("{} 有误", path.display()))?;
    Ok(built_in.overlaid_by(newer))
}

fn system_clock() -> UtcMs {
    UtcMs(chrono::Utc::now().timestamp_millis())
}

/// Runs until `shutdown` turns true.
///
/// # Errors
/// Only at the start: the data directory, the enrolment, the log. Later faults are said and
/// tried again.
pub async fn serve(options: ServeOptions, shutdown: watch::Receiver<bool>) -> Result<()> {
    let lock = DataDir::take(&options.data_dir)?;
    let code = options.enrol_code.as_deref();
    let authority = options.central_ca.as_deref();
    let central = CentralAddress::of_device(
        &options.central,
        &options.data_dir,
        authority,
        options.plain_http,
    )?;
    let identity = load_or_enrol(&options.data_dir, &central, code)
        .await
        .map_err(|error| anyhow::anyhow!(error.advice()))?;
    let mut log = DeviceLog::open(&options.data_dir.join("log.db")).context("日志打不开")?;
    log.adopt(identity.enrolled.device)
        .context("日志属于另一台机器")?;
    let clock = DeviceClock::new(system_clock(), log.last_at()).run();
    let log: SharedLog = Arc::new(Mutex::new(log));
    let client = CentralClient::new(&central, identity, clock.clone()).context("连不了中心")?;
    let view = SharedView::default();
    let cache = options.data_dir.join("cache.db");
    let sink = ViewSink::open(&cache, view.clone(), clock.clone()).context("信息副本打不开")?;
    let parts = Parts {
        calendar: calendar(options.assets.as_deref())?,
        told: ToldFile::open(&options.data_dir.join("boards.json")),
        faults_file: faults::file_in(&options.data_dir),
        programs: options.programs,
        config: options.boards,
        log,
        client: Arc::new(client),
        view,
        sink,
    };
    let hall = Hall::start(parts, clock, &shutdown);
    hall.run(shutdown).await;
    drop(lock);
    Ok(())
}

/// What a hall is started from.
struct Parts {
    config: BoardsConfig,
    programs: BTreeMap<BoardId, Vec<ProgramFile>>,
    calendar: WorkCalendar,
    told: ToldFile,
    faults_file: PathBuf,
    log: SharedLog,
    client: Arc<CentralClient>,
    view: SharedView,
    sink: ViewSink,
}

/// The running parts and what the loop needs of them.
struct Hall {
    boards: HallBoards,
    view: SharedView,
    buses: Vec<mpsc::Sender<BusCommand>>,
    events: mpsc::Receiver<BusEvent>,
    reporter: Reporter,
    play_log: PlayLog,
    air_time: AirTime,
    told: ToldFile,
    programs: BTreeMap<BoardId, Vec<ProgramFile>>,
    hall: HallId,
    /// For what is reported.
    device_clock: Clock,
    /// For what is shown.
    clock: HallClock,
}

impl Hall {
    fn start(parts: Parts, device_clock: Clock, shutdown: &watch::Receiver<bool>) -> Self {
        let Parts {
            config,
            programs,
            calendar,
            told,
            faults_file,
            log,
            client,
            view,
            sink,
        } = parts;
        let hall = client.enrolled().hall;
        let wake = Arc::new(UplinkWake::default());
        let reporter = Reporter::start(log.clone(), wake.clone());
        let (link_state, _) = watch::channel(LinkState::default());
        let uplink = run_uplink(
            "display-driver",
            log.clone(),
            client.clone(),
            wake.clone(),
            link_state,
            shutdown.clone(),
        );
        tokio::spawn(uplink);
        let (feed_state, _) = watch::channel(FeedState::default());
        tokio::spawn(run_feed(
            client.clone(),
            TOPICS,
            sink,
            feed_state,
            shutdown.clone(),
        ));
        let (event_sender, events) = mpsc::channel(EVENTS_MAX);
        let buses: Vec<_> = config
            .ports
            .iter()
            .map(|port| {
                let (commands, receiver) = mpsc::channel(COMMANDS_MAX);
                tokio::spawn(run_bus(port.clone(), receiver, event_sender.clone()));
                commands
            })
            .collect();
        let boards = HallBoards::new(&config, calendar);
        let described = described(hall, &config);
        let telling = faults::tell_faults(wake, config.clone(), buses.clone(), faults_file);
        tokio::spawn(telling);
        let (watched, watched_until) = watch::channel(None);
        tokio::spawn(pictures::follow_watchers(client.clone(), watched));
        let sending = pictures::send_pictures(client, log, config, buses.clone(), watched_until);
        tokio::spawn(sending);
        let mut started = Self {
            boards,
            view,
            buses,
            events,
            reporter,
            play_log: PlayLog::default(),
            air_time: AirTime::new(hall),
            told,
            programs,
            hall,
            device_clock,
            clock: HallClock::start(),
        };
        started.go_on_from_last_run(described);
        started
    }

    /// Ends what the last run left open, and describes the boards if they are others.
    fn go_on_from_last_run(&mut self, described: BoardsDescribed) {
        let now = self.device_clock.now();
        let last = self.told.told.clone();
        for period in last.open {
            let over = ended(period, last.seen.unwrap_or(now));
            self.reporter.report(now, Event::BoardAired(over));
        }
        if last.described.as_ref() != Some(&described) {
            let event = Event::BoardsDescribed(described.clone());
            self.reporter.report(now, event);
        }
        self.told.keep(Told {
            described: Some(described),
            seen: Some(now),
            open: Vec::new(),
            stored: last.stored,
        });
    }

    async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        let programs = self.boards.to_store(&self.programs, &self.told.told.stored);
        for order in self.boards.set_ups().into_iter().chain(programs) {
            give(&self.buses, order).await;
        }
        loop {
            let now = self.clock.now();
            self.boards.follow(&mut self.view.lock(), now);
            self.settle();
            for order in self.boards.advance(now) {
                give(&self.buses, order).await;
            }
            let rest = self.clock.until(self.boards.next_change(now));
            tokio::select! {
                () = sleep(rest) => {}
                () = self.view.changed.notified() => {}
                Some(event) = self.events.recv() => self.heard(&event),
                _ = shutdown.wait_for(|stop| *stop) => break,
            }
        }
        self.stop();
    }

    /// Remembers what lies in the flash of a board, or says why it does not.
    fn note_stored(&mut self, event: &LinkEvent) {
        match event {
            LinkEvent::FilesStored { board } => {
                let Some(files) = self.programs.get(board) else {
                    return;
                };
                let mut told = self.told.told.clone();
                told.stored.insert(board.clone(), digits(files));
                self.told.keep(told);
                tracing::info!(%board, "the program files are stored");
            }
            LinkEvent::Failed {
                board,
                ask: Ask::Transfer(_),
                reason,
            } => tracing::warn!(%board, %reason, "the program files were not stored"),
            _ => {}
        }
    }

    /// Ends the periods of what no longer plays.
    fn settle(&mut self) {
        let now = self.device_clock.now();
        let mut over = Vec::new();
        for (board, playing) in self.boards.playing() {
            over.extend(self.air_time.settle(board, &playing, now));
        }
        self.report_aired(now, over);
        let open = self.air_time.open();
        if open != self.told.told.open {
            self.told.keep(Told {
                seen: Some(now),
                open,
                ..self.told.told.clone()
            });
        }
    }

    fn report_aired(&self, now: UtcMs, periods: Vec<wire::event::BoardAired>) {
        for period in periods {
            self.reporter.report(now, Event::BoardAired(period));
        }
    }

    fn stop(mut self) {
        let now = self.device_clock.now();
        let over = self.air_time.stop(now);
        self.report_aired(now, over);
        self.told.keep(Told {
            seen: Some(now),
            open: Vec::new(),
            ..self.told.told.clone()
        });
        self.reporter.finish();
    }

    fn heard(&mut self, event: &BusEvent) {
        let event = match event {
            BusEvent::PortUp { port } => {
                return tracing::info!(%port, "the port is open");
            }
            BusEvent::PortDown { port, fault } => {
                return tracing::warn!(%port, %fault, "the port is down");
            }
            BusEvent::Link(event) => event,
        };
        self.note_stored(event);
        let now = self.device_clock.now();
        let content = event.ask().and_then(Ask::shown);
        let shown = content.and_then(|content| self.boards.ordered(event.board(), content));
        let today = self.clock.now().wall.date();
        for (board, report) in self.play_log.reports(event, shown, today) {
            let name = self.boards.name_of(&board).unwrap_or(&board.0);
            let reported = BoardReported {
                hall: self.hall,
                board: name.to_owned(),
                report,
            };
            self.reporter.report(now, Event::BoardReported(reported));
        }
        let airs = shown.map_or(&[][..], |shown| &shown.airs);
        let changed = self.air_time.heard(event, airs, now);
        self.report_aired(now, changed);
    }
}

/// Hands an order to its bus. One that is gone takes nothing; its task has said why.
async fn give(buses: &[mpsc::Sender<BusCommand>], order: PortOrder) {
    let command = BusCommand::Order {
        board: order.board,
        order: order.order,
    };
    let _ = buses[order.port].send(command).await;
}

/// Files as they are remembered.
fn digits(files: &[ProgramFile]) -> String {
    files.iter().map(|file| hex::encode(&file.bytes)).collect()
}

fn described(hall: HallId, config: &BoardsConfig) -> BoardsDescribed {
    let boards = config.ports.iter().flat_map(|port| &port.boards);
    BoardsDescribed {
        hall,
        boards: boards.map(BoardConfig::description).collect(),
    }
}
