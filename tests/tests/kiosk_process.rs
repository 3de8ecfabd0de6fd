//! The kiosk as a process: a panic or a hang is back on the start page within three seconds, with a
//! report; and nothing of a citizen stays in memory or on disk, whatever moment the power goes.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance::lone_kiosk::LoneKiosk;
use acceptance::process::eventually;
use testkit::random::Seeded;

/// A fault until the page is back.
const BACK_WITHIN: Duration = Duration::from_secs(3);
/// Of the test's own looking, and of a machine that compiles beside it.
const GRACE: Duration = Duration::from_secs(2);

struct Machine {
    folder: tempfile::TempDir,
    kiosk: LoneKiosk,
}

impl Machine {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let kiosk = LoneKiosk::start(folder.path(), &["--watch"]);
        Self { folder, kiosk }
    }

    fn home_within(&self, most: Duration) -> Duration {
        self.kiosk.home_within(most + GRACE)
    }

    fn reports(&self) -> Vec<String> {
        let folder = self.folder.path().join("kiosk/reports");
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        files
            .map(|file| fs::read_to_string(file.path()).expect("a report"))
            .collect()
    }
}

#[test]
fn a_panic_and_a_hang_are_back_on_the_start_page_within_three_seconds_with_a_report() {
    let machine = Machine::start();
    for (fault, words) in [("panic", "程序出错"), ("hang", "画面卡住")] {
        let control = machine.kiosk.control();
        control.press("取号");
        let _ = control.wait_for("返回");
        let before = machine.kiosk.drawing_process();
        control.break_it(fault);
        let took = machine.home_within(BACK_WITHIN);
        println!("after a {fault} the start page was back in {took:?}");
        assert_ne!(
            machine.kiosk.drawing_process(),
            before,
            "{fault}: it was started again"
        );
        let reports = machine.reports();
        assert!(reports.iter().any(|it| it.contains(words)), "{reports:?}");
    }
}

/// Ten people who do not exist: area 999999, and check digits that fit.
fn citizens() -> Vec<String> {
    let births = ["19580314", "19630722", "19700101", "19851130", "19991231"];
    let people = births.iter().flat_map(|birth| [(birth, 11), (birth, 46)]);
    people
        .map(|(birth, order)| {
            let body = format!("999999{birth}{order:03}");
            let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            let digits = body.bytes().map(|byte| u32::from(byte - b'0'));
            let sum: u32 = digits
                .zip(weights)
                .map(|(digit, weight)| digit * weight)
                .sum();
            let check = b"10X98765432"[usize::try_from(sum % 11).expect("below 11")];
            format!("{body}{}", char::from(check))
        })
        .collect()
}

/// The number as bytes, and as text of two bytes a sign.
fn forms(number: &str) -> [Vec<u8>; 2] {
    let wide = number.encode_utf16().flat_map(u16::to_le_bytes);
    [number.as_bytes().to_vec(), wide.collect()]
}

fn holds(bytes: &[u8], number: &str) -> bool {
    forms(number).iter().any(|form| {
        let (first, rest) = (form[0], form.len());
        let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
        starts
            .into_iter()
            .any(|(at, _)| bytes.get(at..at + rest) == Some(&form[..]))
    })
}

/// Whether the number stands anywhere in the memory that the process wrote itself.
fn memory_holds(process: u32, number: &str) -> bool {
    let maps = File::open(format!("/proc/{process}/maps")).expect("it runs");
    let memory = File::open(format!("/proc/{process}/mem")).expect("it is ours");
    let lines = BufReader::new(maps).lines().map_while(Result::ok);
    lines
        .filter_map(|line| written_region(&line))
        .any(|(from, to)| {
            let mut bytes = vec![0; usize::try_from(to - from).expect("a region fits")];
            // Regions come and go while one looks.
            let read = memory.read_at(&mut bytes, from).unwrap_or(0);
            holds(&bytes[..read], number)
        })
}

/// An anonymous region that can be written, as `from..to`.
fn written_region(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    let inode = words.nth(2)?;
    let name = words.next().unwrap_or_default();
    let is_ours = inode == "0" && rights.starts_with("rw") && !name.starts_with("[v");
    let (from, to) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    is_ours.then_some((number(from)?, number(to)?))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn file_that_holds(folder: &Path, number: &str) -> Option<PathBuf> {
    files_below(folder)
        .into_iter()
        .find(|file| fs::read(file).is_ok_and(|bytes| holds(&bytes, number)))
}

#[test]
fn nothing_of_ten_citizens_stays_in_memory_or_on_disk() {
    let machine = Machine::start();
    let control = machine.kiosk.control();
    let mut seeded = Seeded::new(8);
    for (index, number) in citizens().iter().enumerate() {
        control.press("取号");
        control.type_keys(number);
        // The control: while the scanner is in the middle of it, it is there. Held still, or the
        // clock would wipe it while one looks.
        signal(machine.kiosk.drawing_process(), "STOP");
        let is_there = memory_holds(machine.kiosk.drawing_process(), number);
        signal(machine.kiosk.drawing_process(), "CONT");
        assert!(is_there, "{index}: seen before");
        if index % 2 == 0 {
            control.type_keys("\n");
            std::thread::sleep(Duration::from_millis(seeded.below(80)));
            control.leave();
            let process = machine.kiosk.drawing_process();
            eventually("the number leaves the memory", 3, || {
                (!memory_holds(process, number)).then_some(())
            });
        } else {
            std::thread::sleep(Duration::from_millis(seeded.below(400)));
            signal(machine.kiosk.drawing_process(), "KILL");
        }
        machine.home_within(BACK_WITHIN);
        assert!(
            !memory_holds(machine.kiosk.drawing_process(), number),
            "{index}: after it"
        );
        let file = file_that_holds(machine.folder.path(), number);
        assert_eq!(file, None, "{index}: on disk");
    }
}

fn signal(process: u32, which: &str) {
    let done = std::process::Command::new("kill")
        .args(["-s", which, &process.to_string()])
        .status();
    assert!(done.expect("kill, a part of every system").success());
}
