//! The one task that owns a port and its link: it carries out what the link says and reopens the port
//! when it is gone (`serial-transport.md` §5, §6).
//!
//! Other tasks talk to it through bounded channels. A slow receiver of events never stops the line:
//! events wait in a bounded box, the oldest are dropped and counted.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::config::{BoardConfig, PortConfig};
use crate::content::BoardId;
use crate::hall_clock::HallClock;
use crate::link::{
    BoardKnowledge, FaultCounts, Input, Link, LinkEvent, Order, Output, PortTrouble, Timing,
};
use crate::port::{Port, PortAddress, PortFault, backoff};

/// Events waiting for a slow receiver.
const OUTBOX_MAX: usize = 1024;
/// A port that held for so long is opened again at once when it goes.
const GOOD_TRAFFIC: Duration = Duration::from_secs(30);

/// What others may ask of a bus.
#[derive(Debug)]
pub enum BusCommand {
    /// Let a board do something.
    Order {
        /// Which board.
        board: BoardId,
        /// What.
        order: Order,
    },
    /// Tell what is known.
    Snapshot(oneshot::Sender<BusSnapshot>),
}

/// What a bus tells.
#[derive(Debug)]
pub enum BusEvent {
    /// The port is open. Said once per change.
    PortUp {
        /// Which port.
        port: PortAddress,
    },
    /// The port cannot be used. Said once per change; reopening goes on.
    PortDown {
        /// Which port.
        port: PortAddress,
        /// Why.
        fault: PortFault,
    },
    /// Something about a board.
    Link(LinkEvent),
}

/// What is known of a bus.
#[derive(Debug, Clone)]
pub struct BusSnapshot {
    /// Whether its port is open.
    pub is_port_up: bool,
    /// Its boards.
    pub boards: BTreeMap<BoardId, BoardKnowledge>,
    /// Faults of the line that are of no single board, its port's among them.
    pub line_faults: FaultCounts,
    /// Faults of each board.
    pub board_faults: BTreeMap<BoardId, FaultCounts>,
}

impl BusSnapshot {
    /// All faults seen on the line.
    #[must_use]
    pub fn faults(&self) -> FaultCounts {
        let mut all = self.line_faults.clone();
        self.board_faults.values().for_each(|faults| all += faults);
        all
    }
}

/// Why the work with an open port ended.
enum End {
    /// Nobody can send commands any more.
    Dismissed,
    /// The port is gone.
    Lost(PortFault),
}

struct Bus {
    clock: HallClock,
    link: Link,
    wake_at: Option<Duration>,
    to_send: VecDeque<Vec<u8>>,
    outbox: VecDeque<BusEvent>,
    /// Faults that the link cannot see.
    own_faults: FaultCounts,
    /// `None` before anything was said about the port.
    is_port_up: Option<bool>,
}

/// Apart from the bus, so that one can be waited for while the other changes.
struct Channels {
    events: mpsc::Sender<BusEvent>,
    commands: mpsc::Receiver<BusCommand>,
}

/// Runs a bus until every sender of commands is gone.
pub async fn run_bus(
    config: PortConfig,
    commands: mpsc::Receiver<BusCommand>,
    events: mpsc::Sender<BusEvent>,
) {
    let timing = Timing {
        format: config.line.format,
        ..Timing::at(config.line.baud)
    };
    run_bus_with(config, timing, commands, events).await;
}

/// Like [`run_bus`] with other times than the usual ones.
pub async fn run_bus_with(
    config: PortConfig,
    timing: Timing,
    commands: mpsc::Receiver<BusCommand>,
    events: mpsc::Sender<BusEvent>,
) {
    let lines = config.boards.iter().map(BoardConfig::line).collect();
    let mut bus = Bus {
        clock: HallClock::start(),
        link: Link::new(timing, lines),
        wake_at: None,
        to_send: VecDeque::new(),
        outbox: VecDeque::new(),
        own_faults: FaultCounts::default(),
        is_port_up: None,
    };
    let mut channels = Channels { events, commands };
    let mut attempt = 0;
    loop {
        let opened_at = bus.clock.now().since_start;
        let fault = match Port::open(&config.line).await {
            Ok(port) => match bus.with_port(port, &config, &mut channels).await {
                End::Dismissed => return,
                End::Lost(fault) => fault,
            },
            Err(fault) => fault,
        };
        if bus.clock.now().since_start > opened_at + GOOD_TRAFFIC {
            attempt = 0;
        }
        bus.port_down(&config, fault);
        let pause = backoff(attempt, random());
        if bus.without_port(pause, &mut channels).await.is_break() {
            return;
        }
        attempt = attempt.saturating_add(1);
    }
}

impl Bus {
    async fn with_port(
        &mut self,
        mut port: Port,
        config: &PortConfig,
        channels: &mut Channels,
    ) -> End {
        self.is_port_up = Some(true);
        self.say(BusEvent::PortUp {
            port: config.line.address.clone(),
        });
        self.feed(Input::PortOpened);
        loop {
            while let Some(bytes) = self.to_send.pop_front() {
                if let Err(fault) = port.write(&bytes).await {
                    return End::Lost(fault);
                }
            }
            let wake = sleep(self.wake_at.map_or(GOOD_TRAFFIC, |at| self.clock.until(at)));
            tokio::select! {
                read = port.read() => match read {
                    Ok(bytes) => self.feed(Input::Received(bytes)),
                    Err(fault) => return End::Lost(fault),
                },
                command = channels.commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return End::Dismissed,
                },
                permit = channels.events.reserve(), if !self.outbox.is_empty() => {
                    deliver(permit, &mut self.outbox);
                }
                () = wake => self.feed(Input::Tick),
            }
        }
    }

    /// Takes commands for a while; the link keeps them until the port is back. Breaks when nobody
    /// can send commands any more.
    async fn without_port(&mut self, pause: Duration, channels: &mut Channels) -> ControlFlow<()> {
        let pause = sleep(pause);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => return ControlFlow::Continue(()),
                command = channels.commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return ControlFlow::Break(()),
                },
                permit = channels.events.reserve(), if !self.outbox.is_empty() => {
                    deliver(permit, &mut self.outbox);
                }
            }
        }
    }

    fn port_down(&mut self, config: &PortConfig, fault: PortFault) {
        self.to_send.clear();
        self.own_faults.trouble(trouble(&fault));
        self.feed(Input::PortLost);
        if self.is_port_up.replace(false) != Some(false) {
            self.say(BusEvent::PortDown {
                port: config.line.address.clone(),
                fault,
            });
        }
    }

    fn obey(&mut self, command: BusCommand) {
        match command {
            BusCommand::Order { board, order } => self.feed(Input::Submit { board, order }),
            BusCommand::Snapshot(reply) => {
                let mut line_faults = self.link.line_faults();
                line_faults += &self.own_faults;
                let snapshot = BusSnapshot {
                    is_port_up: self.is_port_up == Some(true),
                    boards: self.link.knowledge(),
                    line_faults,
                    board_faults: self.link.board_faults(),
                };
                // Whoever asked may have gone away meanwhile.
                let _ = reply.send(snapshot);
            }
        }
    }

    fn feed(&mut self, input: Input) {
        self.wake_at = None;
        self.link.handle(self.clock.now(), input);
        while let Some(output) = self.link.poll() {
            match output {
                Output::Send(bytes) => self.to_send.push_back(bytes),
                Output::WakeAt(at) => self.wake_at = Some(at),
                Output::Event(event) => self.say(BusEvent::Link(event)),
            }
        }
    }

    fn say(&mut self, event: BusEvent) {
        if self.outbox.len() == OUTBOX_MAX {
            self.outbox.pop_front();
            self.own_faults.dropped_events += 1;
        }
        self.outbox.push_back(event);
    }
}

/// What a fault of the port counts as.
fn trouble(fault: &PortFault) -> PortTrouble {
    match fault {
        PortFault::InUse { .. } => PortTrouble::InUse,
        PortFault::Open { .. } => PortTrouble::NotOpened,
        PortFault::Unplugged(_) => PortTrouble::Unplugged,
        PortFault::Blocked => PortTrouble::Blocked,
    }
}

/// Gives the oldest event away; a receiver that is gone loses them all.
fn deliver(
    permit: Result<mpsc::Permit<'_, BusEvent>, mpsc::error::SendError<()>>,
    outbox: &mut VecDeque<BusEvent>,
) {
    match permit {
        Ok(permit) => {
            if let Some(event) = outbox.pop_front() {
                permit.send(event);
            }
        }
        Err(_) => outbox.clear(),
    }
}

/// A system without randomness gets the shortest pause, which is only less polite.
fn random() -> u64 {
    getrandom::u64().unwrap_or(0)
}
