//! The kiosk as its visitors and its owner feel it: how long a touch takes until it is drawn, page by
//! page; how much memory it holds after an hour of use; what it costs while nobody is there. Prints
//! figures, asserts none: shared machines differ. Start and first frame are in `hall`, search as you
//! type in `search`.
//!
//! `cargo bench -p acceptance --bench kiosk`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use acceptance::lone_kiosk::LoneKiosk;
use kiosk::platform::control;
use kiosk::snapshot::{Look, Sheet, Stage};
use testkit::random::Seeded;

/// Touches of one page.
const TOUCHES: usize = 60;
/// A visitor touches about once in two seconds.
const TOUCHES_OF_AN_HOUR: usize = 1_800;
/// Until then caches fill.
const WARM_UP: usize = 300;
const CPU_TIME: Duration = Duration::from_secs(24);
/// `sysconf(_SC_CLK_TCK)` of every Linux that we know.
const TICKS_A_SECOND: u32 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    touches_by_page()?;
    let folder = tempfile::tempdir()?;
    an_hour_of_use(&folder.path().join("use"))?;
    cpu_of(&folder.path().join("idle"), "idle on the start page", 0)?;
    cpu_of(
        &folder.path().join("attract"),
        "telling what the hall has to tell",
        1,
    )
}

fn touches_by_page() -> Result<(), Box<dyn Error>> {
    let stage = Stage::open(Look::PORTRAIT)?;
    println!("touch, pressed and released, until drawn, 1080×1920, software renderer:");
    for (sheet, name) in Sheet::ALL {
        if sheet.is_terminal() || sheet.is_display() {
            continue;
        }
        stage.fill(sheet);
        stage.picture();
        let controls = control::controls(stage.window());
        let mut times = Vec::new();
        for touch in 0..TOUCHES {
            let Some(control) = controls.get(touch % controls.len().max(1)) else {
                break;
            };
            let begun = Instant::now();
            stage.screen().press(control.centre());
            stage.screen().draw();
            stage.screen().release(control.centre());
            stage.screen().draw();
            times.push(begun.elapsed());
            stage.screen().advance(Duration::from_millis(400));
        }
        times.sort_unstable();
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len() - 1));
        if let (Some(half), Some(most)) = (at(50), at(99)) {
            println!("  {name}: p50 {half:?}, p99 {most:?}");
        }
    }
    Ok(())
}

fn an_hour_of_use(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let kiosk = LoneKiosk::start(folder, &[]);
    let control = kiosk.control();
    let mut seeded = Seeded::new(8);
    let mut warm = 0;
    for touch in 0..TOUCHES_OF_AN_HOUR {
        if touch == WARM_UP {
            warm = memory(kiosk.process())?;
        }
        let labels = control.labels();
        let count = u64::try_from(labels.len())?;
        if let Some(label) = labels.get(usize::try_from(seeded.below(count))?) {
            control.press_if_it_is_there(label);
        }
    }
    let end = memory(kiosk.process())?;
    println!(
        "memory after {WARM_UP} touches {warm} KiB, after {TOUCHES_OF_AN_HOUR} (an hour of use) {end} KiB"
    );
    Ok(())
}

/// Resident memory in KiB.
fn memory(process: u32) -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.unwrap_or_default().parse()?)
}

fn cpu_of(folder: &Path, what: &str, attract_after_s: u8) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let config = folder.join("kiosk.toml");
    fs::write(&config, format!("attract_after_s = {attract_after_s}\n"))?;
    let kiosk = LoneKiosk::start(folder, &["--config", &config.to_string_lossy()]);
    thread::sleep(Duration::from_secs(3));
    let before = ticks(kiosk.process())?;
    thread::sleep(CPU_TIME);
    let spent = ticks(kiosk.process())? - before;
    let per_cent = f64::from(spent) * 100.0 / f64::from(TICKS_A_SECOND) / CPU_TIME.as_secs_f64();
    let page = kiosk.control().page();
    println!("{what} (page {page}): {per_cent:.1} % of a core");
    Ok(())
}

/// Time of the processor, in ticks: the fourteenth and fifteenth field, behind the name.
fn ticks(process: u32) -> Result<u32, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("a name in brackets")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let field = |place: usize| {
        fields
            .get(place)
            .copied()
            .unwrap_or_default()
            .parse::<u32>()
    };
    Ok(field(11)? + field(12)?)
}
