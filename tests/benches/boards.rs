//! The boards: bytes on the wire beside the least that the protocol needs, how much of a wire's time
//! is used while work waits, what a drawn line costs, the memory of sixty-four boards with what each
//! plays, and a call until its last byte has left, less the wire's own time: from the moment at which the
//! driver knows of it, through schedule, bus and line. (What lies before, from the clerk's click over
//! the centre to the driver, is the feed's: `--bench sync`.) Every figure has its aim beside it. Bytes and
//! wire use are counted in virtual time and are of no machine. Prints figures, asserts none: shared
//! machines differ, so what is timed stands beside something plain timed in the same run.
//!
//! `cargo bench -p acceptance --bench boards [-- bytes wire lines memory clicks]`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use acceptance::figures::{self, Times};
use chrono::NaiveDateTime;
use display_driver::bus::{BusCommand, BusEvent, run_bus_with};
use display_driver::codec::{Ask, BoardFamily, Face, Speech, onbon_k};
use display_driver::config::{BoardConfig, Diodes, PortConfig, Shows, plan_of};
use display_driver::content::{
    Align, AreaContent, AreaId, AreaRect, BoardId, Colour, GlyphSize, Line, Motion,
};
use display_driver::hall_clock::HallClock;
use display_driver::link::{
    BoardLine, Input, Link, LinkEvent, Order, Output, SetUp, Timing, Urgency,
};
use display_driver::moment::Moment;
use display_driver::page::{BoardLayout, Call, sentences};
use display_driver::playlist::{BoardPlan, Composition, ZonePages};
use display_driver::port::PortSettings;
use display_driver::render::area::draw_area;
use display_driver::render::canvas::Canvas;
use display_driver::render::glyph::GlyphSource;
use display_driver::schedule::{BoardRunner, Schedule, ScheduleSettings};
use display_driver::simulator::{SharedBoards, Simulator};
use display_driver::virtual_board::{BoardSettings, OnTheLine, Pacer, VirtualBoard};
use tokio::sync::mpsc;
use tokio::time::sleep;

type Outcome = Result<(), Box<dyn Error>>;

/// Prints its figures.
type Measure = fn() -> Outcome;

/// Each measurement with the word that picks it.
const PARTS: [(&str, Measure); 5] = [
    ("bytes", bytes),
    ("wire", wire),
    ("lines", lines),
    ("memory", memory),
    ("clicks", clicks),
];

/// Bytes of a frame that shows one area, without its text (`serial-transport.md` §2).
const FRAME_BYTES: usize = 61;
/// A font and a colour have to be named before the first character (`onbon-bx.md` A4).
const FONT_CODE_BYTES: usize = 6;
const COLOUR_CODE_BYTES: usize = 3;
const BOARDS_ON_A_WIRE: u16 = 8;
const MANY_BOARDS: u16 = 64;
const CHANGES: u32 = 500;
const DRAWN_LINES: u32 = 20_000;
const CLICKS: u32 = 250;
const CLICK_BAUD: u32 = 115_200;

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    figures::picked(&PARTS, &words).try_for_each(|measure| measure())
}

fn content(text: &str, size: GlyphSize, height_px: u16) -> AreaContent {
    AreaContent {
        area: AreaId(0),
        rect: AreaRect {
            x_px: 0,
            y_px: 0,
            width_px: 192,
            height_px,
        },
        size,
        lines: vec![Line::of(Colour::Red, text)],
        align: Align::Centre,
        motion: Motion::Still,
    }
}

fn call(number: u32) -> AreaContent {
    content(
        &format!("请A{:03}号到3号窗口", number % 1_000),
        GlyphSize::Px16,
        16,
    )
}

fn settings(address: u16) -> BoardSettings {
    BoardSettings {
        address,
        width_px: 192,
        height_px: 16,
        has_green: true,
    }
}

fn speech() -> Speech {
    let face = Face {
        width_px: 192,
        height_px: 16,
    };
    Speech::usual(BoardFamily::OnbonK, face)
}

fn id(address: u16) -> BoardId {
    BoardId(address.to_string())
}

/// A link and its cards over one half-duplex wire, in virtual time. The cards answer at once, so what
/// the wire is not used for is the driver's own waiting.
struct Wire {
    link: Link,
    cards: Vec<VirtualBoard>,
    pacer: Pacer,
    timing: Timing,
    now: Duration,
    wake_at: Option<Duration>,
    inbound: Option<(Duration, Vec<u8>)>,
    asked: usize,
    replied: usize,
    turnarounds: u32,
    confirmed: Vec<BoardId>,
}

impl Wire {
    fn new(timing: Timing, boards: u16) -> Self {
        let lines = (1..=boards).map(|address| BoardLine {
            id: id(address),
            speech: speech(),
            address,
        });
        let mut wire = Self {
            link: Link::new(timing.clone(), lines.collect()),
            cards: (1..=boards).map(settings).map(VirtualBoard::new).collect(),
            pacer: Pacer::new(timing.baud),
            timing,
            now: Duration::ZERO,
            wake_at: None,
            inbound: None,
            asked: 0,
            replied: 0,
            turnarounds: 0,
            confirmed: Vec::new(),
        };
        wire.feed(Input::PortOpened);
        wire
    }

    fn feed(&mut self, input: Input) {
        let now = Moment {
            since_start: self.now,
            wall: NaiveDateTime::default() + self.now,
        };
        self.wake_at = None;
        self.link.handle(now, input);
        while let Some(output) = self.link.poll() {
            match output {
                Output::Send(bytes) => self.send(&bytes),
                Output::WakeAt(at) => self.wake_at = Some(at),
                Output::Event(LinkEvent::Confirmed {
                    board,
                    ask: Ask::Show(_),
                }) => self.confirmed.push(board),
                Output::Event(_) => {}
            }
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.asked += bytes.len();
        let there = self.pacer.admit(self.now, bytes.len());
        let replies = self.cards.iter_mut().map(|card| card.receive(there, bytes));
        let reply = replies.reduce(|all, more| [all, more].concat());
        if let Some(reply) = reply.filter(|reply| !reply.is_empty()) {
            self.replied += reply.len();
            self.turnarounds += 1;
            let back = self.pacer.admit(there, reply.len());
            self.inbound = Some((back, reply));
        }
    }

    /// Plays the next thing that happens.
    fn step(&mut self) {
        if let Some((at, bytes)) = self.inbound.take() {
            self.now = at;
            self.feed(Input::Received(bytes));
        } else if let Some(at) = self.wake_at.take() {
            self.now = self.now.max(at);
            self.feed(Input::Tick);
        }
    }

    fn show(&mut self, board: BoardId, content: AreaContent) {
        let order = Order::Show(content, Urgency::Ordinary);
        self.feed(Input::Submit { board, order });
    }

    /// Lets every board have a new text whenever it has shown the last one; gives the share of the
    /// time that the wire was in use: requests, replies and the silence that follows each.
    fn share_used(&mut self) -> f64 {
        for address in 1..=self.cards.len() {
            self.show(id(u16::try_from(address).unwrap_or(u16::MAX)), call(0));
        }
        let mut number = 0;
        while number < CHANGES {
            self.step();
            for board in std::mem::take(&mut self.confirmed) {
                number += 1;
                self.show(board, call(number));
            }
        }
        let busy =
            self.timing.wire_time(self.asked + self.replied) + self.timing.gap() * self.turnarounds;
        busy.as_secs_f64() / self.now.as_secs_f64()
    }
}

/// All that is sent for a number of changes, greetings and checks included, over the least.
fn bytes() -> Outcome {
    let mut wire = Wire::new(Timing::at(57_600), 1);
    let (mut least, mut bare) = (0, 0);
    for number in 0..CHANGES {
        let change = call(number);
        let text = change.text();
        let text_bytes: usize = text
            .chars()
            .map(|it| if it.is_ascii() { 1 } else { 2 })
            .sum();
        bare += FRAME_BYTES + text_bytes;
        // Latin and Chinese fonts, because the text has both.
        least += FRAME_BYTES + text_bytes + 2 * FONT_CODE_BYTES + COLOUR_CODE_BYTES;
        let until = wire.now + Duration::from_millis(1_100);
        wire.show(id(1), change);
        while wire.inbound.is_some() || wire.wake_at.is_some_and(|at| at < until) {
            wire.step();
        }
        wire.now = until;
    }
    let (over_least, over_bare) = (ratio(wire.asked, least), ratio(wire.asked, bare));
    println!(
        "bytes sent for {CHANGES} changes of 192×16, greeting and checks included: {} = {over_least:.3} of \
         the least with fonts and colour named, {over_bare:.3} of the bare frames (aim ≤ 1.3)",
        wire.asked
    );
    Ok(())
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn wire() -> Outcome {
    println!(
        "share of the wire's time in use while work waits, {BOARDS_ON_A_WIRE} boards (aim ≥ 0.9):"
    );
    for baud in [9_600, 57_600, 115_200] {
        // The card's own second between two refreshes is no idleness of the driver.
        let unlimited = Timing {
            refresh_min: Duration::ZERO,
            ..Timing::at(baud)
        };
        let free = Wire::new(unlimited, BOARDS_ON_A_WIRE).share_used();
        let limited = Wire::new(Timing::at(baud), BOARDS_ON_A_WIRE).share_used();
        println!("  {baud}: {free:.3}; with one refresh a second: {limited:.3}");
    }
    Ok(())
}

fn lines() -> Outcome {
    for (text, size, height_px, aim) in [
        ("周五下午停止办理请改日来", GlyphSize::Px16, 16, 10),
        ("周五下午停止办理", GlyphSize::Px24, 24, 15),
        ("周五下午停办", GlyphSize::Px32, 32, 15),
    ] {
        let content = content(text, size, height_px);
        let mut glyphs = GlyphSource::new();
        let mut canvas = Canvas::new(192, height_px.into());
        let first = Instant::now();
        draw_area(&mut canvas, &mut glyphs, &content);
        let first = first.elapsed();
        let cached = each(DRAWN_LINES, || {
            draw_area(&mut canvas, &mut glyphs, black_box(&content));
        });
        let copied = each(DRAWN_LINES, || drop(black_box(canvas.clone())));
        println!(
            "a line of 192×{height_px}: {cached:.1} µs (aim ≤ {aim}) = {:.1} copies of its dots; the \
             first, glyphs made: {} µs",
            cached / copied,
            first.as_micros()
        );
    }
    Ok(())
}

/// Microseconds of one of many, at best of five rounds: the rest is the machine's other work.
fn each(count: u32, mut work: impl FnMut()) -> f64 {
    let rounds = (0..5).map(|_| {
        let begun = Instant::now();
        (0..count).for_each(|_| work());
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(count)
    });
    rounds.fold(f64::INFINITY, f64::min)
}

fn memory() -> Outcome {
    let mut glyphs = GlyphSource::new();
    let mut canvas = Canvas::new(192, 16);
    draw_area(&mut canvas, &mut glyphs, &call(0));
    let before = resident_kib()?;
    let mut wire = Wire::new(Timing::at(57_600), MANY_BOARDS);
    wire.share_used();
    let mut runners: Vec<BoardRunner> = (1..=MANY_BOARDS).map(playing).collect();
    for runner in &mut runners {
        black_box(runner.advance(moment(wire.now)));
    }
    let mut canvases = Vec::new();
    for (index, card) in wire.cards.iter().enumerate() {
        let number = u32::try_from(index)?;
        draw_area(&mut canvas, &mut glyphs, &call(number));
        canvases.push(card.draw(wire.now, &mut glyphs));
    }
    let after = resident_kib()?;
    black_box((&canvases, &runners));
    println!(
        "memory of {MANY_BOARDS} boards of 192×16, what each plays, their link, simulated cards and \
         pictures: {} KiB more \
         than the {before} KiB without any = {:.2} of it",
        after.saturating_sub(before),
        after as f64 / before as f64
    );
    Ok(())
}

/// A board with a programme of twenty texts.
fn playing(address: u16) -> BoardRunner {
    let plan = plan(address);
    let frame = plan.frame(0);
    let texts = (0..20).map(|number| format!("第{number}条：周五上午九点在一楼大厅开招聘会"));
    let programme = texts.flat_map(|text| sentences(&frame, &text));
    let mut schedule = Schedule::new(&plan, ScheduleSettings::default());
    schedule.play(Composition {
        emergency: Vec::new(),
        zones: vec![ZonePages {
            notices: Vec::new(),
            programme: programme.collect(),
        }],
        is_lit: true,
    });
    BoardRunner::new(id(address), schedule)
}

fn plan(address: u16) -> BoardPlan {
    let layout = BoardLayout {
        width_px: 192,
        height_px: 16,
    };
    plan_of(id(address), layout, None, &Shows::all())
}

fn moment(since_start: Duration) -> Moment {
    Moment {
        since_start,
        wall: NaiveDateTime::default() + since_start,
    }
}

fn resident_kib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(kib.ok_or("a figure")?.parse()?)
}

/// A card that notes when the last byte of a new text came.
struct Witness {
    board: VirtualBoard,
    arrivals: Arc<Mutex<Vec<Instant>>>,
}

impl OnTheLine for Witness {
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        let before = self.board.state(now).areas;
        let reply = self.board.receive(now, bytes);
        if self.board.state(now).areas != before {
            let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
            arrivals.push(Instant::now());
        }
        reply
    }
}

/// From a call that the schedule is told of until the simulated card has its last byte, less the wire's
/// time; beside it, as long a sleep on the same runtime.
fn clicks() -> Outcome {
    tokio::runtime::Runtime::new()?.block_on(async {
        let arrivals = Arc::new(Mutex::new(Vec::new()));
        let folder = tempfile::tempdir()?;
        let link = folder.path().join("line");
        let witness = Witness {
            board: VirtualBoard::new(settings(1)),
            arrivals: Arc::clone(&arrivals),
        };
        let boards = SharedBoards::of(vec![witness]);
        tokio::spawn(Simulator::open(&link, CLICK_BAUD, boards)?.run());
        let (commands, receiver) = mpsc::channel(16);
        let (sender, mut events) = mpsc::channel(16);
        let timing = Timing {
            refresh_min: Duration::ZERO,
            ..Timing::at(CLICK_BAUD)
        };
        tokio::spawn(run_bus_with(port(&link), timing.clone(), receiver, sender));
        while let Some(event) = events.recv().await {
            if matches!(event, BusEvent::Link(LinkEvent::Confirmed { ask: Ask::SetClock(_), .. })) {
                break;
            }
        }
        let clock = HallClock::start();
        let mut runner = playing(1);
        let (mut beyond, mut slept) = (Vec::new(), Vec::new());
        for number in 0..CLICKS {
            // Not in step with the simulator's looks at its terminal.
            sleep(Duration::from_micros(40_000 + u64::from(number) * 137 % 4_000)).await;
            // The one before has been seen: nobody else waits.
            runner.schedule.withdraw(&label(number.wrapping_sub(1)));
            let clicked = Instant::now();
            let ticket = Call {
                ticket_label: label(number),
                window_no: 3,
            };
            runner.schedule.call(ticket, clock.now());
            let order = runner.advance(clock.now()).ok_or("an order")?;
            let shown = match &order {
                Order::Compose(contents) => contents.first().map(|(content, _)| content.clone()),
                _ => None,
            };
            commands.send(BusCommand::Order { board: id(1), order }).await?;
            let arrived = next_confirmed(&mut events, &arrivals).await.ok_or("an arrival")?;
            let ask = Ask::Show(shown.ok_or("a call")?);
            let frame = onbon_k::dialect::encode(&speech(), 1, &ask)?.bytes();
            let wire = timing.wire_time(frame.len());
            beyond.push(arrived.duration_since(clicked).saturating_sub(wire));
            let begun = Instant::now();
            sleep(wire).await;
            slept.push(begun.elapsed().saturating_sub(wire));
        }
        println!(
            "call to last byte at {CLICK_BAUD}, less the wire's own time, {CLICKS} calls: {} (aim p99 ≤ 15 ms)",
            Times::of(beyond)
        );
        println!("  a sleep of the wire's time comes late by: {}", Times::of(slept));
        Ok(())
    })
}

async fn next_confirmed(
    events: &mut mpsc::Receiver<BusEvent>,
    arrivals: &Mutex<Vec<Instant>>,
) -> Option<Instant> {
    while let Some(event) = events.recv().await {
        if matches!(
            event,
            BusEvent::Link(LinkEvent::Confirmed {
                ask: Ask::Show(_),
                ..
            })
        ) {
            break;
        }
    }
    arrivals
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop()
}

fn label(number: u32) -> String {
    format!("A{:03}", number % 1_000)
}

fn port(link: &std::path::Path) -> PortConfig {
    PortConfig {
        line: PortSettings::serial(link, CLICK_BAUD),
        boards: vec![BoardConfig {
            name: "窗口屏".to_owned(),
            address: 1,
            colour: Diodes::Two,
            speech: speech(),
            set_up: SetUp::default(),
            programs: Vec::new(),
            plan: plan(1),
        }],
    }
}
