//! The bus task against simulated boards through a real pseudo-terminal, paced like a real line.

mod common;

use std::path::Path;
use std::time::Duration;

use display_driver::bus::{BusCommand, BusEvent, BusSnapshot, run_bus_with};
use display_driver::codec::Ask;
use display_driver::codec::onbon_k::answer::AnswerCode;
use display_driver::codec::onbon_k::dialect;
use display_driver::config::{BoardConfig, PortConfig};
use display_driver::content::Pace;
use display_driver::hall_clock::HallClock;
use display_driver::link::{FailureReason, LinkEvent, Timing};
use display_driver::page::{Call, Frame};
use display_driver::playlist::template::VacancyTemplate;
use display_driver::playlist::vacancy::VacancyLine;
use display_driver::playlist::{Composition, ZonePages};
use display_driver::port::{Port, PortSettings};
use display_driver::render::glyph::GlyphSource;
use display_driver::schedule::{BoardRunner, Schedule, ScheduleSettings};
use display_driver::simulator::{SharedBoards, Simulator};
use display_driver::virtual_board::Misbehaviour;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use common::{board, settings};

const BAUD: u32 = 115_200;
const PATIENCE: Duration = Duration::from_secs(10);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A card that is soon given up.
fn card() -> BoardConfig {
    let mut card = board();
    card.speech.answer_wait = ms(60);
    card
}

/// The usual times, shortened so that a test takes no minutes.
fn short_times() -> Timing {
    Timing {
        probe_every: ms(200),
        check_every: ms(300),
        refresh_min: ms(50),
        ..Timing::at(BAUD)
    }
}

fn vacancy(title: &str) -> VacancyLine {
    VacancyLine {
        key: title.to_owned(),
        title: title.to_owned(),
        pay_text: "5000-8000元".to_owned(),
        employer_short: "东方机械".to_owned(),
        place: "城西".to_owned(),
        headcount: Some(3),
    }
}

/// A board that plays these vacancies, and turns its pages after `dwell`.
fn playing(titles: &[&str], dwell: Duration) -> Composition {
    let vacancies: Vec<VacancyLine> = titles.iter().map(|title| vacancy(title)).collect();
    let frame = Frame::whole(board().layout());
    let mut programme = VacancyTemplate::default().pages(&frame, &vacancies, Pace::Usual);
    programme.iter_mut().for_each(|page| page.dwell = dwell);
    Composition {
        emergency: Vec::new(),
        zones: vec![ZonePages {
            notices: Vec::new(),
            programme,
        }],
        is_lit: true,
    }
}

/// A bus, its simulated line, and a schedule that feeds it.
struct Hall {
    _folder: tempfile::TempDir,
    clock: HallClock,
    boards: SharedBoards,
    line: JoinHandle<std::io::Result<()>>,
    commands: mpsc::Sender<BusCommand>,
    events: mpsc::Receiver<BusEvent>,
    seen: Vec<BusEvent>,
    runner: BoardRunner,
    link: std::path::PathBuf,
}

fn start_line(link: &Path, boards: &SharedBoards) -> JoinHandle<std::io::Result<()>> {
    let simulator = Simulator::open(link, BAUD, boards.clone()).expect("a pseudo-terminal");
    tokio::spawn(simulator.run())
}

impl Hall {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("line");
        let boards = SharedBoards::new(&[settings()]);
        let line = start_line(&link, &boards);
        let (commands, command_receiver) = mpsc::channel(16);
        let (event_sender, events) = mpsc::channel(16);
        let port = PortConfig {
            line: PortSettings::serial(&link, BAUD),
            boards: vec![card()],
        };
        tokio::spawn(run_bus_with(
            port,
            short_times(),
            command_receiver,
            event_sender,
        ));
        let settings = ScheduleSettings {
            call_show: ms(500),
            call_show_min: ms(500),
            ..ScheduleSettings::default()
        };
        let mut schedule = Schedule::new(&board().plan, settings);
        schedule.play(playing(&["电工", "焊工"], ms(700)));
        Self {
            _folder: folder,
            clock: HallClock::start(),
            boards,
            line,
            commands,
            events,
            seen: Vec::new(),
            runner: BoardRunner::new(board().id().clone(), schedule),
            link,
        }
    }

    /// Runs the schedule and collects events until `is_done`.
    async fn until(&mut self, what: &str, mut is_done: impl FnMut(&mut Self) -> bool) {
        let waited = timeout(PATIENCE, async {
            while !is_done(self) {
                if let Some(order) = self.runner.advance(self.clock.now()) {
                    let board = self.runner.board().clone();
                    let command = BusCommand::Order { board, order };
                    self.commands.send(command).await.expect("the bus runs");
                }
                while let Ok(event) = self.events.try_recv() {
                    self.seen.push(event);
                }
                sleep(ms(5)).await;
            }
        })
        .await;
        assert!(
            waited.is_ok(),
            "waited in vain for: {what}; seen {:#?}",
            self.seen
        );
    }

    fn text(&self) -> String {
        let state = self.boards.with(|boards, now| boards[0].state(now));
        state.areas.get(&0).cloned().unwrap_or_default()
    }

    async fn until_text(&mut self, part: &str) {
        self.until(part, |hall| hall.text().contains(part)).await;
    }

    fn misbehave(&self, how: Misbehaviour, times: usize) {
        self.boards
            .with(|boards, _| (0..times).for_each(|_| boards[0].misbehave(how)));
    }

    fn count(&self, wanted: impl Fn(&BusEvent) -> bool) -> usize {
        self.seen.iter().filter(|event| wanted(event)).count()
    }

    async fn snapshot(&self) -> BusSnapshot {
        let (reply, answer) = oneshot::channel();
        self.commands
            .send(BusCommand::Snapshot(reply))
            .await
            .expect("the bus runs");
        answer.await.expect("the bus answers")
    }
}

fn is_offline(event: &BusEvent) -> bool {
    matches!(event, BusEvent::Link(LinkEvent::BoardOffline { .. }))
}

fn is_online(event: &BusEvent) -> bool {
    matches!(event, BusEvent::Link(LinkEvent::BoardOnline { .. }))
}

#[tokio::test]
async fn a_call_interrupts_the_rotation_and_what_it_displaced_comes_back() {
    let mut hall = Hall::new();
    hall.until_text("电工").await;
    let lit = hall
        .boards
        .with(|boards, now| boards[0].draw(now, &mut GlyphSource::new()).lit());
    assert!(lit > 300, "the dots of two lines, {lit} are lit");
    hall.until_text("焊工").await;
    let call = Call {
        ticket_label: "A025".to_owned(),
        window_no: 3,
    };
    let now = hall.clock.now();
    hall.runner.schedule.call(call, now);
    hall.until_text(r"\C3请 \C1A025\C3 号\n到 \C13\C3 号窗口")
        .await;
    hall.until("the confirmation of the call", |hall| {
        hall.count(|event| {
            matches!(event, BusEvent::Link(LinkEvent::Confirmed { ask: Ask::Show(content), .. })
                if content.text() == "请 A025 号\n到 3 号窗口")
        }) == 1
    })
    .await;
    hall.until("the end of the call", |hall| !hall.text().contains("A025"))
        .await;
    assert!(hall.text().contains("焊工"), "{}", hall.text());
    hall.until_text("电工").await;
}

#[tokio::test]
async fn a_refusal_is_reported_with_its_code_and_busy_is_waited_out() {
    let mut hall = Hall::new();
    hall.until_text("电工").await;
    hall.misbehave(Misbehaviour::Refuse(AnswerCode::FontMissing), 1);
    let is_refused = |event: &BusEvent| {
        matches!(event, BusEvent::Link(LinkEvent::Failed { reason: FailureReason::Refused(refusal), .. })
            if refusal.code == 12)
    };
    hall.until("the refusal", |hall| {
        hall.count(is_refused) == 1 || hall.text().contains("焊工")
    })
    .await;
    hall.misbehave(Misbehaviour::Refuse(AnswerCode::Busy), 1);
    hall.until_text("电工").await;
    hall.until_text("焊工").await;
    let refusals = hall.snapshot().await.faults().refusals;
    assert_eq!((refusals.get(&12), refusals.get(&3)), (Some(&1), Some(&1)));
}

#[tokio::test]
async fn a_silent_board_goes_offline_and_gets_its_text_when_it_returns() {
    let mut hall = Hall::new();
    hall.until_text("电工").await;
    hall.boards.with(|boards, _| boards[0].cut_power());
    hall.misbehave(Misbehaviour::IgnoreSilently, 5);
    hall.until("offline", |hall| hall.count(is_offline) == 1)
        .await;
    hall.until("online again", |hall| hall.count(is_online) == 2)
        .await;
    hall.until("its text", |hall| hall.text().contains("5000-8000元"))
        .await;
    assert!(hall.snapshot().await.faults().timeouts >= 3);
}

#[tokio::test]
async fn an_unplugged_line_is_said_once_and_works_again_under_a_new_terminal() {
    let mut hall = Hall::new();
    hall.until_text("电工").await;
    hall.line.abort();
    let is_down = |event: &BusEvent| matches!(event, BusEvent::PortDown { .. });
    hall.until("port down", |hall| hall.count(is_down) == 1)
        .await;
    let resume_at = hall.clock.now().since_start + ms(600);
    hall.until("some attempts", |hall| {
        hall.clock.now().since_start > resume_at
    })
    .await;
    hall.boards.with(|boards, _| boards[0].cut_power());
    hall.line = start_line(&hall.link, &hall.boards);
    hall.until("its text", |hall| hall.text().contains("5000-8000元"))
        .await;
    assert_eq!(hall.count(is_down), 1, "said once");
    assert_eq!(
        hall.count(|event| matches!(event, BusEvent::PortUp { .. })),
        2
    );
    assert!(hall.snapshot().await.is_port_up);
}

#[tokio::test]
async fn a_client_that_goes_leaves_a_usable_line_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let boards = SharedBoards::new(&[settings()]);
    let line = start_line(&link, &boards);
    for _ in 0..3 {
        let mut port = Port::open(&PortSettings::serial(&link, BAUD))
            .await
            .expect("a port");
        let ping = dialect::encode(&board().speech, 1, &Ask::Ping)
            .expect("a ping")
            .bytes();
        port.write(&ping).await.expect("a write");
        let answer = timeout(PATIENCE, port.read())
            .await
            .expect("in time")
            .expect("an answer");
        assert_eq!(answer[..9], [0xA5; 9]);
        drop(port);
        sleep(ms(300)).await;
    }
    line.abort();
}

#[tokio::test]
async fn bytes_take_their_time_on_the_simulated_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let boards = SharedBoards::new(&[settings()]);
    let simulator = Simulator::open(&link, 9_600, boards).expect("a pseudo-terminal");
    let line = tokio::spawn(simulator.run());
    let mut port = Port::open(&PortSettings::serial(&link, 9_600))
        .await
        .expect("a port");
    let ping = dialect::encode(&board().speech, 1, &Ask::Ping)
        .expect("a ping")
        .bytes();
    let start = std::time::Instant::now();
    port.write(&ping).await.expect("a write");
    let answer = timeout(PATIENCE, port.read())
        .await
        .expect("in time")
        .expect("an answer");
    let wire = Timing::at(9_600).wire_time(ping.len() + answer.len());
    assert!(
        start.elapsed() >= wire,
        "{:?} is less than {wire:?}",
        start.elapsed()
    );
    line.abort();
}
