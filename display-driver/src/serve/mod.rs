//! `display-driver serve`: follows the hall's feed, shows it on the boards, and reports back.
//!
//! The tasks: one per port (`bus`), the feed, the uplink, the pictures for the device wall, and the
//! loop here that turns feed and time into orders. Only what a named person published comes through
//! the feed, so nothing unapproved can get on a board. Without a line the boards go on with what the
//! driver last knew.

mod board_text;
mod boards;
mod hall_view;
mod pictures;
mod report;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
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

use boards::HallBoards;
use hall_view::{SharedView, TOPICS, ViewSink};
use report::{PlayLog, Reporter};

use crate::bus::{BusCommand, BusEvent, run_bus};
use crate::config::BoardsConfig;
use crate::hall_clock::HallClock;

/// Commands waiting for a bus.
const COMMANDS_MAX: usize = 256;
/// Events of all buses waiting for the loop.
const EVENTS_MAX: usize = 256;

/// What `serve` needs to know.
#[derive(Debug)]
pub struct ServeOptions {
    /// The boards.
    pub boards: BoardsConfig,
    /// Where central listens.
    pub central: String,
    /// The authority of central's certificate; absent = the copy kept since the enrolment.
    pub central_ca: Option<PathBuf>,
    /// Whether plain HTTP may leave this machine.
    pub plain_http: PlainHttp,
    /// For log and key.
    pub data_dir: PathBuf,
    /// For the first start.
    pub enrol_code: Option<String>,
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
    let hall = Hall::start(options.boards, log, Arc::new(client), clock, &shutdown);
    hall.run(shutdown).await;
    drop(lock);
    Ok(())
}

/// The running parts and what the loop needs of them.
struct Hall {
    boards: HallBoards,
    view: SharedView,
    buses: Vec<mpsc::Sender<BusCommand>>,
    events: mpsc::Receiver<BusEvent>,
    reporter: Reporter,
    play_log: PlayLog,
    /// For what is reported.
    device_clock: Clock,
    /// For what is shown.
    clock: HallClock,
}

impl Hall {
    fn start(
        config: BoardsConfig,
        log: SharedLog,
        client: Arc<CentralClient>,
        device_clock: Clock,
        shutdown: &watch::Receiver<bool>,
    ) -> Self {
        let wake = Arc::new(UplinkWake::default());
        let reporter = Reporter::start(log.clone(), wake.clone(), client.enrolled().hall);
        let (link_state, _) = watch::channel(LinkState::default());
        let uplink = run_uplink(
            "display-driver",
            log.clone(),
            client.clone(),
            wake,
            link_state,
            shutdown.clone(),
        );
        tokio::spawn(uplink);
        let view = SharedView::default();
        let sink = ViewSink::new(view.clone(), device_clock.clone());
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
        let boards = HallBoards::new(&config);
        let (watched, watched_until) = watch::channel(None);
        tokio::spawn(pictures::follow_watchers(client.clone(), watched));
        let sending = pictures::send_pictures(client, log, config, buses.clone(), watched_until);
        tokio::spawn(sending);
        let play_log = PlayLog::default();
        Self {
            boards,
            view,
            buses,
            events,
            reporter,
            play_log,
            device_clock,
            clock: HallClock::start(),
        }
    }

    async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        loop {
            let now = self.clock.now();
            self.boards.follow(&mut self.view.lock(), now);
            for order in self.boards.advance(now) {
                let command = BusCommand::Order {
                    board: order.board,
                    order: order.order,
                };
                // A bus that is gone takes nothing; its task has said why.
                let _ = self.buses[order.port].send(command).await;
            }
            let rest = self.clock.until(self.boards.next_change(now));
            tokio::select! {
                () = sleep(rest) => {}
                () = self.view.changed.notified() => {}
                Some(event) = self.events.recv() => self.heard(&event),
                _ = shutdown.wait_for(|stop| *stop) => return,
            }
        }
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
        let layer = self.boards.layer_of(event.board());
        let today = self.clock.now().wall.date();
        if let Some((board, report)) = self.play_log.report(event, layer, today) {
            let name = self.boards.name_of(&board).unwrap_or(&board.0);
            self.reporter.report(self.device_clock.now(), name, report);
        }
    }
}
