//! Ports as the driver uses them: nobody shares one, TCP carries the same frames, and an adapter that
//! echoes does no harm.

mod common;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use display_driver::bus::{BusCommand, BusEvent, BusSnapshot, run_bus_with};
use display_driver::codec::{Ask, onbon_k};
use display_driver::config::PortConfig;
use display_driver::line_format::LineFormat;
use display_driver::link::{Brightness, LinkEvent, Order, SetUp, Timing};
use display_driver::port::{Port, PortAddress, PortFault, PortSettings, Wires};
use display_driver::simulator::{SharedBoards, SharedDisturbance, Simulator};
use display_driver::virtual_board::{Disturbance, DisturbanceSettings, PerMille};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use common::{board, settings};

const BAUD: u32 = 115_200;
const PATIENCE: Duration = Duration::from_secs(10);

fn tcp(at: SocketAddr) -> PortSettings {
    PortSettings {
        address: PortAddress::Tcp(at.to_string().parse().expect("an address")),
        baud: BAUD,
        format: LineFormat::default(),
        wires: Wires::default(),
    }
}

/// A simulated card behind TCP, on a port of its own.
async fn tcp_line(boards: &SharedBoards) -> (SocketAddr, mpsc::Sender<Duration>) {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let simulator = Simulator::listen(anywhere, boards.clone()).await;
    let simulator = simulator.expect("a listener");
    let at = simulator.tcp_address().expect("an address");
    let (unplug, unplugs) = mpsc::channel(1);
    tokio::spawn(simulator.unplugged_by(unplugs).run());
    (at, unplug)
}

async fn answer(port: &mut Port) -> Vec<u8> {
    let ping = onbon_k::dialect::encode(&board().speech, 1, &Ask::Ping).expect("a ping");
    port.write(&ping.bytes()).await.expect("a write");
    let read = timeout(PATIENCE, port.read()).await;
    read.expect("in time").expect("an answer")
}

/// An order that can be seen on the board.
fn bright(level: u8) -> Order {
    Order::SetUp(SetUp {
        brightness: Some(Brightness::Level(level)),
        timer: None,
    })
}

/// A bus with one board, and what it says.
struct Running {
    commands: mpsc::Sender<BusCommand>,
    events: mpsc::Receiver<BusEvent>,
}

/// Soon given up, so that a lost answer costs a test little.
const IMPATIENT: Duration = Duration::from_millis(100);

/// `answer_wait` is how long a card may think.
fn run(line: PortSettings, answer_wait: Duration) -> Running {
    let (commands, receiver) = mpsc::channel(16);
    let (sender, events) = mpsc::channel(256);
    let mut card = board();
    card.speech.answer_wait = answer_wait;
    let boards = vec![card];
    let times = Timing {
        probe_every: Duration::from_millis(200),
        ..Timing::at(BAUD)
    };
    tokio::spawn(run_bus_with(
        PortConfig { line, boards },
        times,
        receiver,
        sender,
    ));
    Running { commands, events }
}

impl Running {
    async fn until(&mut self, what: &str, wanted: impl Fn(&BusEvent) -> bool) {
        let waited = timeout(PATIENCE, async {
            while let Some(event) = self.events.recv().await {
                if wanted(&event) {
                    return;
                }
            }
        });
        assert!(waited.await.is_ok(), "waited in vain for {what}");
    }

    /// Pulls the plug of an online board for a while, and waits until it is online again.
    async fn lose_line(&mut self, plug: &mpsc::Sender<Duration>) {
        let pause = Duration::from_millis(300);
        plug.send(pause).await.expect("a line");
        let is_down = |event: &BusEvent| matches!(event, BusEvent::PortDown { .. });
        self.until("the loss", is_down).await;
        self.until("the board again", is_online).await;
    }

    async fn order(&self, order: Order) {
        let board = board().id().clone();
        let command = BusCommand::Order { board, order };
        self.commands.send(command).await.expect("the bus runs");
    }

    async fn snapshot(&self) -> BusSnapshot {
        let (reply, answer) = oneshot::channel();
        let command = BusCommand::Snapshot(reply);
        self.commands.send(command).await.expect("the bus runs");
        answer.await.expect("the bus answers")
    }
}

fn is_online(event: &BusEvent) -> bool {
    matches!(event, BusEvent::Link(LinkEvent::BoardOnline { .. }))
}

fn is_brightness_done(event: &BusEvent) -> bool {
    matches!(
        event,
        BusEvent::Link(LinkEvent::Confirmed {
            ask: Ask::SetBrightness(_),
            ..
        })
    )
}

#[tokio::test]
async fn a_serial_port_that_is_open_lets_nobody_else_in_root_neither_until_it_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let simulator = Simulator::open(&link, BAUD, SharedBoards::new(&[settings()]));
    tokio::spawn(simulator.expect("a terminal").run());
    let settings = PortSettings::serial(&link, BAUD);
    let mut first = Port::open(&settings).await.expect("a free port");
    for _ in 0..2 {
        let refused = Port::open(&settings).await.expect_err("a taken port");
        let is_in_use = matches!(&refused, PortFault::InUse { port } if *port == settings.address);
        assert!(is_in_use, "{refused}");
    }
    assert!(!answer(&mut first).await.is_empty(), "the first goes on");
    drop(first);
    Port::open(&settings).await.expect("free again");
}

#[tokio::test]
async fn a_tcp_port_that_is_open_lets_no_other_program_of_this_machine_in() {
    let (at, _unplug) = tcp_line(&SharedBoards::new(&[settings()])).await;
    let mut first = Port::open(&tcp(at)).await.expect("a free port");
    let refused = Port::open(&tcp(at)).await.expect_err("a taken port");
    assert!(matches!(refused, PortFault::InUse { .. }), "{refused}");
    assert_eq!(answer(&mut first).await[..9], [0xA5; 9]);
    drop(first);
    Port::open(&tcp(at)).await.expect("free again");
}

#[tokio::test]
async fn a_missing_device_and_a_closed_tcp_port_are_not_said_to_be_in_use() {
    let missing = PortSettings::serial(Path::new("/nonexistent/tty"), BAUD);
    let fault = Port::open(&missing).await.expect_err("no port");
    assert!(matches!(fault, PortFault::Open { .. }), "{fault}");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a listener");
    let at = listener.local_addr().expect("an address");
    drop(listener);
    let fault = Port::open(&tcp(at)).await.expect_err("nobody listens");
    assert!(matches!(fault, PortFault::Open { .. }), "{fault}");
}

#[tokio::test]
async fn a_tcp_port_that_answers_nothing_is_given_up() {
    // Reserved for documentation: no such host. Where a network refuses at once, that is also right.
    let nowhere = SocketAddr::from(([192, 0, 2, 1], 5005));
    let begun = Instant::now();
    let fault = Port::open(&tcp(nowhere)).await.expect_err("no host");
    assert!(matches!(fault, PortFault::Open { .. }), "{fault}");
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_bus_over_tcp_loses_its_line_and_comes_back_by_itself() {
    let boards = SharedBoards::new(&[settings()]);
    let (at, unplug) = tcp_line(&boards).await;
    let mut bus = run(tcp(at), IMPATIENT);
    bus.until("the board", is_online).await;
    bus.lose_line(&unplug).await;
    bus.order(bright(3)).await;
    bus.until("the brightness", is_brightness_done).await;
    assert_eq!(
        boards.with(|boards, now| boards[0].state(now).brightness),
        3
    );
}

#[tokio::test]
async fn a_terminal_that_is_unplugged_comes_back_and_the_bus_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let simulator = Simulator::open(&link, BAUD, SharedBoards::new(&[settings()]));
    let (unplug, unplugs) = mpsc::channel(1);
    tokio::spawn(simulator.expect("a terminal").unplugged_by(unplugs).run());
    let mut bus = run(PortSettings::serial(&link, BAUD), IMPATIENT);
    bus.until("the board", is_online).await;
    bus.lose_line(&unplug).await;
}

#[tokio::test]
async fn every_order_arrives_over_a_line_that_spoils_many_frames() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let boards = SharedBoards::new(&[settings()]);
    let few = PerMille::new(2).expect("a rate");
    let settings = DisturbanceSettings {
        noise: few,
        dropped: few,
        doubled: few,
        lost_replies: PerMille::new(100).expect("a rate"),
        wrong_checks: PerMille::new(100).expect("a rate"),
        ..DisturbanceSettings::default()
    };
    let bad = SharedDisturbance::new(Disturbance::new(settings, 2026));
    let simulator = Simulator::open(&link, BAUD, boards.clone()).expect("a terminal");
    tokio::spawn(simulator.disturbed_by(bad).run());
    let mut bus = run(PortSettings::serial(&link, BAUD), IMPATIENT);
    for level in 1..=12 {
        bus.order(bright(level)).await;
        bus.until("the brightness", is_brightness_done).await;
        let shown = boards.with(|boards, now| boards[0].state(now).brightness);
        assert_eq!(shown, level);
    }
    let faults = bus.snapshot().await.faults();
    assert!(faults.timeouts + faults.broken_frames() > 0, "{faults:?}");
}

#[tokio::test]
async fn an_adapter_that_echoes_every_byte_does_no_harm_and_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let boards = SharedBoards::new(&[settings()]);
    let settings = DisturbanceSettings {
        has_echo: true,
        ..DisturbanceSettings::default()
    };
    let echo = SharedDisturbance::new(Disturbance::new(settings, 0));
    let simulator = Simulator::open(&link, BAUD, boards.clone()).expect("a terminal");
    tokio::spawn(simulator.disturbed_by(echo).run());
    let mut bus = run(PortSettings::serial(&link, BAUD), PATIENCE);
    bus.until("the board", is_online).await;
    for level in 1..=5 {
        bus.order(bright(level)).await;
        bus.until("the brightness", is_brightness_done).await;
    }
    assert_eq!(
        boards.with(|boards, now| boards[0].state(now).brightness),
        5
    );
    let faults = bus.snapshot().await.faults();
    assert!(faults.echoes >= 6, "{faults:?}");
    assert_eq!(
        (faults.timeouts, faults.broken_frames()),
        (0, 0),
        "nothing was taken for an answer, nor waited for in vain: {faults:?}"
    );
}
