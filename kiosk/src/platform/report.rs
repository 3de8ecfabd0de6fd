//! What went wrong on this machine, one short file for each: for the technician at the service page.
//!
//! A report says where in the program, on which page and when. The words of a panic are left out
//! unless they stand in the program's own text: anything else might be about a person.

use std::fs;
use std::io;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use domain::time::UtcMs;

const FOLDER: &str = "reports";
/// Older ones go.
const KEPT_MAX: usize = 50;
/// How a process ends that has reported its own panic.
pub const EXIT_AFTER_REPORT: i32 = 70;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A thread panicked.
    Panic {
        /// `src/app/kiosk.rs:12`
        place: String,
        /// The thread.
        thread: String,
        /// The words, when they stand in the program's own text.
        words: Option<&'static str>,
    },
    /// The thread that draws did not answer.
    Hang,
    /// The process ended without a word: killed, or out of memory.
    Ended(String),
}

impl Fault {
    fn sentence(&self) -> String {
        match self {
            Self::Panic {
                place,
                thread,
                words,
            } => format!(
                "程序出错：{place}，线程 {thread}{}",
                words.map(|words| format!("，{words}")).unwrap_or_default()
            ),
            Self::Hang => "画面卡住了".to_owned(),
            Self::Ended(how) => format!("程序突然停了：{how}"),
        }
    }
}

/// Writes a report into the folder of this data directory.
///
/// # Errors
/// When the disk refuses.
pub fn write(dir: &Path, fault: &Fault, now: UtcMs) -> io::Result<()> {
    let folder = dir.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let line = format!("{} {}\n", now.day_and_clock_text(), fault.sentence());
    fs::write(folder.join(format!("{}.txt", now.0)), line)?;
    for old in newest_first(&folder)?.into_iter().skip(KEPT_MAX) {
        fs::remove_file(old)?;
    }
    Ok(())
}

/// The newest reports, newest first.
#[must_use]
pub fn newest(dir: &Path, most: usize) -> Vec<String> {
    let files = newest_first(&dir.join(FOLDER)).unwrap_or_default();
    let lines = files.iter().take(most).filter_map(|file| {
        let text = fs::read_to_string(file).ok()?;
        Some(text.trim_end().to_owned())
    });
    lines.collect()
}

fn newest_first(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort_unstable_by(|a, b| b.cmp(a));
    Ok(files)
}

/// From now on a panic of any thread is reported and ends the process, so that whoever watches it
/// starts it again: half a program must not go on.
pub fn end_on_panic(dir: PathBuf, clock: fn() -> UtcMs) {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    static PANICS: AtomicU8 = AtomicU8::new(0);
    if DIR.set(dir).is_err() {
        return;
    }
    panic::set_hook(Box::new(move |info| {
        // A second panic while the first is being reported must not wait for it.
        if PANICS.fetch_add(1, Ordering::SeqCst) == 0
            && let Some(dir) = DIR.get()
            && let Err(error) = write(dir, &fault(info), clock())
        {
            tracing::error!(%error, "a fault could not be reported");
        }
        process::exit(EXIT_AFTER_REPORT);
    }));
}

fn fault(info: &PanicHookInfo<'_>) -> Fault {
    let place = info.location().map_or_else(
        || "?".to_owned(),
        |place| format!("{}:{}", place.file(), place.line()),
    );
    Fault::Panic {
        place,
        thread: thread::current().name().unwrap_or("?").to_owned(),
        words: info.payload().downcast_ref::<&'static str>().copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UtcMs = UtcMs(1_795_400_640_000);

    #[test]
    fn a_report_says_where_and_when() {
        let dir = tempfile::tempdir().unwrap();
        let fault = Fault::Panic {
            place: "src/a.rs:7".into(),
            thread: "worker".into(),
            words: None,
        };
        write(dir.path(), &fault, NOW).unwrap();
        write(dir.path(), &Fault::Hang, NOW.plus_ms(1)).unwrap();
        let reports = newest(dir.path(), 10);
        assert!(reports[0].contains("卡住"), "{reports:?}");
        assert!(reports[1].contains("src/a.rs:7") && reports[1].contains("10:24"));
    }

    #[test]
    fn old_reports_go() {
        let dir = tempfile::tempdir().unwrap();
        for ms in 0..60 {
            write(dir.path(), &Fault::Hang, NOW.plus_ms(ms)).unwrap();
        }
        assert_eq!(newest(dir.path(), 100).len(), KEPT_MAX);
    }

    #[test]
    fn words_that_were_put_together_are_left_out() {
        fn about_somebody() {
            panic!("{}", String::from("999999198001010011"))
        }
        fn of_our_own() {
            panic!("an invariant")
        }
        let said = |broken: fn()| {
            let heard = std::sync::Arc::new(std::sync::Mutex::new(None));
            let hearing = std::sync::Arc::clone(&heard);
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                *hearing.lock().unwrap() = Some(fault(info));
            }));
            let _ = panic::catch_unwind(broken);
            panic::set_hook(before);
            let fault = heard.lock().unwrap().take();
            fault.unwrap().sentence()
        };
        assert!(!said(about_somebody).contains("999999"));
        assert!(said(of_our_own).contains("an invariant"));
    }
}
