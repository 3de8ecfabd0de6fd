//! `central serve` as a real process.

use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A running service; it is stopped when this is dropped.
pub(crate) struct Central {
    child: Child,
    /// `127.0.0.1:port`.
    pub(crate) address: String,
}

/// How a process ended, and what it logged.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) log: String,
}

pub(crate) fn central() -> Command {
    Command::new(env!("CARGO_BIN_EXE_central"))
}

impl Central {
    pub(crate) fn serve(data: &Path, flags: &[&str]) -> Self {
        let mut child = central()
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.as_mut().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap().to_owned();
        Self { child, address }
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Asks it to stop and waits for the end.
    pub(crate) fn stop(mut self) -> Ended {
        self.signal("TERM");
        let mut log = String::new();
        let mut err = self.child.stderr.take().unwrap();
        err.read_to_string(&mut log).unwrap();
        let status = self.child.wait().unwrap();
        Ended { status, log }
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        // it may have ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
