//! What a citizen and a clerk wait for: the kiosk's first frame and memory, a touch until it is
//! drawn, a vacancy file until it is stored, a clerk's click until the board holds the number, the
//! last beside the time that the wire itself needs. Prints figures, asserts none: shared machines
//! differ.
//!
//! `cargo bench -p acceptance --bench hall`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use acceptance::process::{Running, run, start};
use central::demo::{DemoPlan, LOGIN, seed_demo};
use central::store::{Marking, Store};
use central::window_desk::Seen;
use display_driver::simulator::{SharedBoards, Simulator};
use display_driver::virtual_board::BoardSettings;
use domain::queue::WindowAct;
use kiosk::snapshot::{Look, Sheet, Stage};
use serde_json::Value;
use slint::LogicalPosition;

/// The word by which this program runs itself for the first frame.
const FIRST_FRAME: &str = "first-frame";
const TOUCHES: usize = 300;
const CALLS: usize = 6;
/// The board shows a call at least 5 s before the next one takes its place.
const BETWEEN_CALLS: Duration = Duration::from_millis(5_200);
const BAUD: u32 = 57_600;
const VACANCY_ROWS: u32 = 27_000;
const PASSWORD: &str = "a-long-invented-password";

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|word| word == FIRST_FRAME) {
        return first_frame();
    }
    first_frames()?;
    touches()?;
    imports()?;
    calls()
}

/// Runs in a process of its own: everything up to the first frame, then the memory in use.
fn first_frame() -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let stage = Stage::open(Look::PORTRAIT)?;
    stage.fill(Sheet::Home);
    stage.picture();
    let elapsed = begun.elapsed();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let rss = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap_or_default();
    println!("{} {}", elapsed.as_micros(), rss.trim());
    Ok(())
}

fn first_frames() -> Result<(), Box<dyn Error>> {
    let mut from_start = Vec::new();
    let mut last = String::new();
    for _ in 0..9 {
        let begun = Instant::now();
        let output = Command::new(std::env::current_exe()?)
            .arg(FIRST_FRAME)
            .output()?;
        from_start.push(begun.elapsed());
        last = String::from_utf8(output.stdout)?;
    }
    let inside = last
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let memory = last
        .split_once(' ')
        .map(|(_, rss)| rss.trim().to_owned())
        .unwrap_or_default();
    println!(
        "first frame 1080×1920, process start to its end: {}",
        spread(&mut from_start)
    );
    println!("  of that inside the program: {inside} µs; memory then: {memory} (without listings)");
    Ok(())
}

fn touches() -> Result<(), Box<dyn Error>> {
    let stage = Stage::open(Look::PORTRAIT)?;
    stage.fill(Sheet::JobSearch);
    stage.picture();
    let mut times = Vec::new();
    for touch in 0..TOUCHES {
        let column = u16::try_from(touch % 7)?;
        let place = LogicalPosition::new(f32::from(column).mul_add(145.0, 105.0), 1330.0);
        let begun = Instant::now();
        stage.screen().press(place);
        stage.screen().draw();
        stage.screen().release(place);
        stage.screen().draw();
        times.push(begun.elapsed());
    }
    println!(
        "touch on a key, pressed and released, until drawn: {}",
        spread(&mut times)
    );
    Ok(())
}

fn imports() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("vacancies.csv");
    std::fs::write(&file, vacancies())?;
    for (what, rest) in [
        ("pending", &[][..]),
        ("published", &["--publish", "--by", "万示例"]),
    ] {
        let data = folder.path().join(what);
        let report = import(&data, &file, rest)?;
        let again = import(&data, &file, rest)?;
        println!(
            "import, {what}: {} rows in {} s = {:.0} rows/s; the same file again: {:.0} rows/s",
            report["rows"],
            report["seconds"],
            rate(&report),
            rate(&again)
        );
    }
    Ok(())
}

fn import(data: &Path, file: &Path, rest: &[&str]) -> Result<Value, Box<dyn Error>> {
    let (data, file) = (data.to_string_lossy(), file.to_string_lossy());
    let arguments = [
        &["import", "vacancies", &file, "--data", &data, "--json"],
        rest,
    ]
    .concat();
    let (_, output) = run("central", &arguments, "");
    Ok(serde_json::from_str(&output)?)
}

fn rate(report: &Value) -> f64 {
    let number = |field: &str| report[field].as_f64().unwrap_or(0.0);
    number("rows") / number("seconds").max(f64::EPSILON)
}

/// Rows with the shapes of pay that real files have, of invented words.
fn vacancies() -> String {
    const PAY: [&str; 6] = [
        "4-6K",
        "1-1.5万/月",
        "8千-1.2万·13薪",
        "面议",
        "200-300元/天",
        "5000-8000元/月",
    ];
    let mut file =
        "source_id,title,employer,district,salary_text,education,experience\n".to_owned();
    for row in 0..VACANCY_ROWS {
        let pay = PAY[row as usize % PAY.len()];
        file.push_str(&format!(
            "b-{row},示例工种{},示例单位{}有限公司,示例市·示例区,{pay},大专,1-3年\n",
            row % 400,
            row % 9_000
        ));
    }
    file
}

/// A hall with one board on a paced line; the click is the clerk's own HTTP request.
fn calls() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let boards = SharedBoards::new(&[BoardSettings {
        address: 1,
        width_px: 192,
        height_px: 32,
        has_green: true,
    }]);
    let line = folder.path().join("line");
    let simulator = {
        let _inside = runtime.enter();
        Simulator::open(&line, BAUD, boards.clone())?
    };
    runtime.spawn(simulator.run());
    let seeded = CallHall::seed(folder.path())?;
    let hall = runtime.block_on(CallHall::open(folder.path(), &line, seeded))?;
    let mut times = Vec::new();
    for _ in 0..CALLS {
        match runtime.block_on(hall.call(&boards)) {
            Ok(time) => times.push(time),
            // The demo's queue is as long as it is.
            Err(_) if !times.is_empty() => break,
            Err(error) => return Err(error),
        }
        std::thread::sleep(BETWEEN_CALLS);
    }
    // 61 bytes of frame, the text with its codes, and the acknowledgement of 30 (serial-transport.md).
    let wire = Duration::from_secs_f64(f64::from(61 + 42 + 30) * 10.0 / f64::from(BAUD));
    println!(
        "click until the board holds the number, {} calls: {}",
        times.len(),
        spread(&mut times)
    );
    println!("  of that the wire's own time at {BAUD} baud: {wire:.1?}");
    Ok(())
}

struct CallHall {
    app: central::app_state::AppState,
    clerk: central::staff::Staff<central::staff::CallTickets>,
    window: domain::id::WindowNo,
    _driver: Running,
}

impl CallHall {
    /// Outside the runtime, because seeding blocks.
    fn seed(folder: &Path) -> Result<(Store, String), Box<dyn Error>> {
        let data = folder.join("central");
        let now = central::edge::system_clock()();
        let devices = vec![(wire::api::DeviceKind::DisplayDriver, "屏驱动".to_owned())];
        let plan = DemoPlan {
            now,
            seed: 1,
            password: PASSWORD.to_owned(),
            devices,
        };
        let seeded = seed_demo(&data, &plan)?;
        let dir = sync::data_dir::DataDir::take(&data)?;
        let store = central::serve::open_store(&dir, Marking::Synthetic, now)?;
        let code = seeded.codes.first().ok_or("one code per device")?;
        Ok((store, code.clone()))
    }

    async fn open(
        folder: &Path,
        line: &Path,
        (store, code): (Store, String),
    ) -> Result<Self, Box<dyn Error>> {
        let clock = central::edge::system_clock();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let config = central::config::Config {
            listen: listener.local_addr()?,
            public_url: base.clone(),
            backups: central::config::BackupPlan::default(),
            ..central::config::Config::default()
        };
        let parameters = central::parameters::Parameters::on(clock().hall_date())?;
        let app = central::app_state::AppState::new(store, config, &parameters, clock);
        let router = central::http::app(app.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let session = app
            .sign_in(LOGIN, PASSWORD, "")
            .await
            .map_err(|p| p.detail)?
            .session;
        let driver = start_driver(folder, line, &base, &code)?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let window = domain::id::WindowNo::new(3)?;
        let clerk = central::staff::Staff::of(session)?;
        Ok(Self {
            app,
            clerk,
            window,
            _driver: driver,
        })
    }

    /// Clears the window, calls the next ticket, and waits until the board holds its number.
    async fn call(&self, boards: &SharedBoards) -> Result<Duration, Box<dyn Error>> {
        let _ = self
            .app
            .at_window(&self.clerk, self.window, WindowAct::Finish, Seen::Anything)
            .await;
        let begun = Instant::now();
        self.app
            .at_window(
                &self.clerk,
                self.window,
                WindowAct::CallNext,
                Seen::Anything,
            )
            .await
            .map_err(|p| p.detail)?;
        let snapshot = self
            .app
            .hall_snapshot(self.clerk.hall)
            .ok_or("the hall is laid out")?;
        let window = snapshot
            .queue
            .windows
            .get(&self.window)
            .ok_or("window 3 is laid out")?;
        let ticket = window.current.ok_or("a ticket was called")?;
        let label = snapshot.queue.tickets[&ticket].issued.label.to_string();
        while begun.elapsed() < Duration::from_secs(10) {
            let holds = |state: &String| state.contains(&label);
            if boards.with(|boards, now| boards[0].state(now).areas.values().any(holds)) {
                return Ok(begun.elapsed());
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        Err(format!("{label} did not reach the board").into())
    }
}

fn start_driver(
    folder: &Path,
    line: &Path,
    base: &str,
    code: &str,
) -> Result<Running, Box<dyn Error>> {
    let config = folder.join("boards.toml");
    let text = format!(
        "[[port]]\npath = {line:?}\nbaud = {BAUD}\n\n[[port.board]]\nid = \"hall\"\nname = \"大厅屏\"\n\
         family = \"onbon-k\"\naddress = 1\nwidth = 192\nheight = 32\ncolour = \"two\"\n"
    );
    std::fs::write(&config, text)?;
    let (config, data) = (config.to_string_lossy(), folder.join("driver"));
    let data = data.to_string_lossy();
    let serve = [
        "serve",
        "--config",
        &config,
        "--central",
        base,
        "--data",
        &data,
    ];
    Ok(start(
        "display-driver",
        &[&serve[..], &["--enrol-code", code]].concat(),
    ))
}

/// `p50 1.2 ms, p99 3.4 ms, worst 5.6 ms`.
fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    format!(
        "p50 {:.1?}, p99 {:.1?}, worst {:.1?}",
        at(50),
        at(99),
        at(100)
    )
}
