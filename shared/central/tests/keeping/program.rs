//! The program `central`, run as a person runs it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use central::backup::{Occupied, Restored, restore};
use central::serve::open_store;
use central::store::{Marking, Store};
use central::vault::KeyCustody;
use domain::time::UtcMs;
use serde_json::Value;
use sync::data_dir::DataDir;

use crate::centre::record;
use crate::hall::MORNING;

/// What a command answered.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The one JSON document of a command that did what it was asked.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// The sentence of a command that refused.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (1, ""), "{}", self.err);
        &self.err
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    without_settings(&mut command);
    command
}

/// What the machine that the tests run on says is not for them.
fn without_settings(command: &mut Command) {
    for name in [
        "HALL_BACKUP_TO",
        "HALL_MASTER_KEY_FILE",
        "CREDENTIALS_DIRECTORY",
    ] {
        command.env_remove(name);
    }
}

/// Runs `central` with these words on the data directory.
pub(crate) fn central(words: &[&str], data: &Path) -> Answer {
    let mut command = program();
    command.args(words).arg("--data").arg(data);
    command.stdin(Stdio::null());
    Answer::of(&command.output().unwrap())
}

/// Runs `central` where no file may grow beyond `kib`, as if the disk were full there.
pub(crate) fn central_with_file_limit(kib: u32, words: &[&str], data: &Path) -> Answer {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", kib * 2);
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_central")]);
    command.args(words).arg("--data").arg(data);
    without_settings(&mut command);
    Answer::of(&command.output().unwrap())
}

/// A running service; it ends when this is dropped.
pub(crate) struct Service {
    child: Child,
    input: Option<ChildStdin>,
}

impl Service {
    pub(crate) fn start(data: &Path) -> Self {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--data"]);
        command.arg(data).arg("--stop-with-stdin");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut line = String::new();
        BufReader::new(output.unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.contains("listening"), "{line}");
        Self { child, input }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.input = None;
        assert!(self.child.wait().unwrap().success());
    }
}

/// Restores the newest backup of `from` into the empty `data`.
pub(crate) async fn restored(from: &Path, data: &Path, now: UtcMs) -> Restored {
    let (from, data) = (from.to_owned(), data.to_owned());
    let custody = KeyCustody::of(&data, None, None).unwrap();
    let restoring = move || restore(&from, &data, custody, Occupied::Refuse, now);
    tokio::task::spawn_blocking(restoring)
        .await
        .unwrap()
        .unwrap()
}

/// The names in a folder with this ending, in order.
pub(crate) fn names(folder: &Path, ending: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    names
}

/// A scratch folder with a data directory in it whose hall has lived through a day and whose
/// centre knows one person.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    pub(crate) async fn after_a_day() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hall = crate::hall::Hall::open().await;
        crate::day::live(&hall).await;
        let copy = folder.path().join("data");
        std::fs::create_dir(&copy).unwrap();
        hall.store
            .read_blocking(|reader| reader.copy_to(&copy.join("central.db")))
            .unwrap();
        let place = Self { folder };
        place.with_store(|store| record(store, 1));
        place
    }

    /// Opens the store, which nobody has open, for as long as `then` runs.
    pub(crate) fn with_store(&self, then: impl FnOnce(&Store) + Send) {
        let run = || {
            let dir = DataDir::take(&self.data()).unwrap();
            then(&open_store(&dir, Marking::Synthetic, MORNING).unwrap());
        };
        // on a thread outside the test's runtime, because writing blocks
        std::thread::scope(|scope| scope.spawn(run).join().unwrap());
    }

    /// The master key of the data directory, where it is by itself.
    pub(crate) fn key(&self) -> PathBuf {
        self.path("data.master.key")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Ends the day, so that a service does not do it by itself in the middle of a test.
    pub(crate) fn close_day(&self) {
        assert_eq!(central(&["close-day"], &self.data()).code, 0);
    }

    /// Backs the data up and returns the file.
    pub(crate) fn backup(&self) -> PathBuf {
        let made = central(&["backup", "--json"], &self.data()).json();
        PathBuf::from(made["file"].as_str().unwrap())
    }
}
