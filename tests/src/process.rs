//! Real processes of a hall, each ended by its own id when its guard is dropped.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a process may take until it says what it was asked to say.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A running program. Its standard output is collected; its standard error goes to the test's.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    name: String,
}

/// The path of a binary of this workspace, beside the test's own.
///
/// # Panics
/// When it has not been built; `tests/run` builds all binaries first.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path, because the test runs");
    let release = test
        .ancestors()
        .nth(2)
        .expect("target/release, because tests are in deps");
    let path = release.join(name);
    assert!(
        path.exists(),
        "{} is missing: cargo build --release --workspace",
        path.display()
    );
    path
}

/// Starts a binary of this workspace.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn start(name: &str, arguments: &[&str]) -> Running {
    let mut child = Command::new(binary(name))
        .args(arguments)
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    let stdout = child.stdout.take().expect("piped above");
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Running {
        child,
        lines,
        name: format!("{name} {}", arguments.first().unwrap_or(&"")),
    }
}

/// Runs a binary to its end and returns its exit code and standard output.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn run(name: &str, arguments: &[&str], standard_input: &str) -> (i32, String) {
    use std::io::Write;
    let mut child = Command::new(binary(name))
        .args(arguments)
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    let mut stdin = child.stdin.take().expect("piped above");
    stdin
        .write_all(standard_input.as_bytes())
        .expect("the program reads what it asks for");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

impl Running {
    /// The next line of standard output for which `wanted` gives something.
    ///
    /// # Panics
    /// When none comes in time.
    pub fn line<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("{} did not say in time what was waited for", self.name)
            };
            if let Some(found) = wanted(&line) {
                return found;
            }
        }
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, as a power cut would: no chance to finish anything.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Asks `probe` until it gives something.
///
/// # Panics
/// When it does not within `seconds`.
pub fn eventually<T>(what: &str, seconds: u64, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
