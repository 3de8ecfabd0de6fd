//! The parent that watches: starts the kiosk as a child, hears its heart beat, and starts it again
//! when it ended by itself or its screen no longer answers. The two talk by the child's standard
//! input and output alone: a closed input asks the child to stop, a line of one sign is a beat.
//!
//! It reads no page, opens no file of the kiosk but the folder of reports, and cannot itself hang on
//! the screen.

use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use domain::time::UtcMs;

use super::report::{self, EXIT_AFTER_REPORT, Fault};

/// The line of a beat: the sign "acknowledge", which no other line begins with.
const BEAT: &str = "\u{6}";
/// How often the thread that draws says that it lives.
pub const BEAT_INTERVAL: Duration = Duration::from_millis(250);
/// Without a beat for so long the screen hangs. With a start of half a second, the page is back
/// within three.
const HANG_AFTER: Duration = Duration::from_millis(1_750);
/// A start may wait for central to enrol, or build an index, before the first beat.
const START_MAX: Duration = Duration::from_secs(90);
const LOOK_INTERVAL: Duration = Duration::from_millis(50);
/// How long a child that was asked to stop may take.
const STOP_WITHIN: Duration = Duration::from_secs(8);
/// How a child ends that wants to be started again.
pub const EXIT_AGAIN: i32 = 75;
/// A child that lives shorter than this failed to start; starts then wait, to spare the disk.
const SHORT_LIFE: Duration = Duration::from_secs(10);
const WAIT_MAX: Duration = Duration::from_secs(30);

/// What is watched.
#[derive(Debug)]
pub struct Watch {
    /// The program and its arguments.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<std::ffi::OsString>,
    /// The data directory, for reports.
    pub dir: PathBuf,
    /// The clock of reports.
    pub clock: fn() -> UtcMs,
}

/// Says once that the thread that draws lives. Called from that thread.
pub fn beat() {
    let mut out = io::stdout().lock();
    // Nobody listens any more: the parent is gone, and the closed input will stop us.
    let _ = writeln!(out, "{BEAT}").and_then(|()| out.flush());
}

/// Why a life ended.
enum End {
    Stopped,
    Failed(ExitStatus),
    Again,
    Hung,
}

/// One life of the child.
struct Life {
    child: Child,
    /// Closed to ask the child to stop.
    input: Option<ChildStdin>,
    pulse: Arc<Mutex<Pulse>>,
    begun: Instant,
}

#[derive(Default)]
struct Pulse(Option<Instant>);

impl Watch {
    /// Watches until `stop` is set; then asks the child to stop and waits for it.
    ///
    /// # Errors
    /// When the child cannot be started at all.
    pub fn run(&self, stop: &AtomicBool) -> io::Result<()> {
        let mut short_lives = 0;
        loop {
            let mut life = self.begin()?;
            let end = life.watch(stop)?;
            let lived = life.begun.elapsed();
            short_lives = if lived < SHORT_LIFE {
                short_lives + 1
            } else {
                0
            };
            match end {
                End::Stopped => return Ok(()),
                End::Again => short_lives = 0,
                End::Hung => self.report(&Fault::Hang),
                End::Failed(status) if status.code() == Some(EXIT_AFTER_REPORT) => {}
                End::Failed(status) => self.report(&Fault::Ended(status.to_string())),
            }
            rest(pause(short_lives), stop);
            if stop.load(Ordering::SeqCst) {
                return Ok(());
            }
        }
    }

    fn begin(&self) -> io::Result<Life> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pulse = Arc::<Mutex<Pulse>>::default();
        let hearing = Arc::clone(&pulse);
        if let Some(out) = child.stdout.take() {
            thread::Builder::new()
                .name("pulse".to_owned())
                .spawn(move || hear(out, &hearing))?;
        }
        Ok(Life {
            input: child.stdin.take(),
            child,
            pulse,
            begun: Instant::now(),
        })
    }

    fn report(&self, fault: &Fault) {
        tracing::error!(?fault, "the kiosk is started again");
        if let Err(error) = report::write(&self.dir, fault, (self.clock)()) {
            tracing::error!(%error, "a fault could not be reported");
        }
    }
}

impl Life {
    fn watch(&mut self, stop: &AtomicBool) -> io::Result<End> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(match status.code() {
                    Some(0) => End::Stopped,
                    Some(EXIT_AGAIN) => End::Again,
                    _ => End::Failed(status),
                });
            }
            if stop.load(Ordering::SeqCst) {
                self.end()?;
                return Ok(End::Stopped);
            }
            if self.hangs() {
                self.child.kill()?;
                self.child.wait()?;
                return Ok(End::Hung);
            }
            thread::sleep(LOOK_INTERVAL);
        }
    }

    fn hangs(&self) -> bool {
        let last = self.pulse.lock().unwrap_or_else(PoisonError::into_inner).0;
        match last {
            Some(beat) => beat.elapsed() > HANG_AFTER,
            None => self.begun.elapsed() > START_MAX,
        }
    }

    /// Asks the child to stop, and makes it when it does not.
    fn end(&mut self) -> io::Result<()> {
        drop(self.input.take());
        let asked = Instant::now();
        while asked.elapsed() < STOP_WITHIN {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(LOOK_INTERVAL);
        }
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

/// Counts beats and passes on whatever else the child says.
fn hear(out: ChildStdout, pulse: &Mutex<Pulse>) {
    for line in BufReader::new(out).lines() {
        let Ok(line) = line else { return };
        if line == BEAT {
            *pulse.lock().unwrap_or_else(PoisonError::into_inner) = Pulse(Some(Instant::now()));
        } else {
            let _ = writeln!(io::stdout(), "{line}");
        }
    }
}

/// At once the first times; a child that cannot start is tried less and less often.
fn pause(short_lives: u32) -> Duration {
    match short_lives {
        0..=3 => Duration::ZERO,
        more => Duration::from_secs(1 << (more - 3).min(5)).min(WAIT_MAX),
    }
}

fn rest(pause: Duration, stop: &AtomicBool) {
    let begun = Instant::now();
    while begun.elapsed() < pause && !stop.load(Ordering::SeqCst) {
        thread::sleep(LOOK_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn now() -> UtcMs {
        UtcMs(1_795_400_640_000)
    }

    /// A child of a few words of shell; every life adds a line to a file.
    fn watch(dir: &Path, script: &str) -> Watch {
        let lives = dir.join("lives");
        let script = format!("echo x >> {}; {script}", lives.display());
        Watch {
            program: "sh".into(),
            arguments: vec!["-c".into(), script.into()],
            dir: dir.to_owned(),
            clock: now,
        }
    }

    fn lives(dir: &Path) -> usize {
        std::fs::read_to_string(dir.join("lives")).map_or(0, |text| text.lines().count())
    }

    fn run_until(watch: &Watch, until: impl Fn() -> bool) -> Duration {
        let begun = Instant::now();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let running = scope.spawn(|| watch.run(&stop));
            while !until() && begun.elapsed() < Duration::from_secs(20) {
                thread::sleep(LOOK_INTERVAL);
            }
            let took = begun.elapsed();
            stop.store(true, Ordering::SeqCst);
            running.join().unwrap().unwrap();
            took
        })
    }

    #[test]
    fn a_child_that_ends_by_itself_is_started_again_and_reported() {
        let dir = tempfile::tempdir().unwrap();
        let child = watch(dir.path(), "exit 9");
        run_until(&child, || lives(dir.path()) >= 3);
        let reports = report::newest(dir.path(), 9);
        assert!(reports[0].contains("突然停了"), "{reports:?}");
    }

    #[test]
    fn a_child_whose_heart_stops_is_started_again_within_three_seconds() {
        let dir = tempfile::tempdir().unwrap();
        let child = watch(dir.path(), "printf '\\006\\n'; exec sleep 60");
        let took = run_until(&child, || lives(dir.path()) >= 2);
        assert!(took < Duration::from_secs(3), "{took:?}");
        assert!(report::newest(dir.path(), 1)[0].contains("卡住"));
    }

    #[test]
    fn a_child_that_ends_well_ends_the_watch() {
        let dir = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(false);
        watch(dir.path(), "exit 0").run(&stop).unwrap();
        assert_eq!(lives(dir.path()), 1);
        assert!(report::newest(dir.path(), 1).is_empty());
    }

    #[test]
    fn a_child_that_asks_for_it_is_started_again_without_a_report() {
        let dir = tempfile::tempdir().unwrap();
        let child = watch(dir.path(), &format!("exit {EXIT_AGAIN}"));
        run_until(&child, || lives(dir.path()) >= 5);
        assert!(report::newest(dir.path(), 1).is_empty());
    }

    #[test]
    fn a_child_is_asked_to_stop_by_its_closed_input() {
        let dir = tempfile::tempdir().unwrap();
        let done = dir.path().join("done");
        let script = format!("printf '\\006\\n'; cat; echo bye > {}", done.display());
        run_until(&watch(dir.path(), &script), || lives(dir.path()) == 1);
        assert!(done.exists());
    }

    #[test]
    fn a_child_that_cannot_start_is_tried_less_and_less_often() {
        let pauses: Vec<_> = (0..10).map(|lives| pause(lives).as_secs()).collect();
        assert_eq!(pauses, [0, 0, 0, 0, 2, 4, 8, 16, 30, 30]);
    }
}
