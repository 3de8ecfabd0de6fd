//! The control socket of a headless kiosk: press a control by its accessible label, take a picture.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::process::eventually;

/// A headless kiosk's control socket.
#[derive(Debug)]
pub struct KioskControl {
    socket: PathBuf,
}

impl KioskControl {
    /// The kiosk whose socket is at `socket`; waits until it listens.
    #[must_use]
    pub fn at(socket: &Path) -> Self {
        let control = Self {
            socket: socket.to_owned(),
        };
        eventually("the kiosk's control socket listens", 30, || {
            UnixStream::connect(&control.socket).ok()
        });
        control
    }

    /// Touches a control, if it is still there and can be touched.
    pub fn press_if_it_is_there(&self, label: &str) {
        self.ask(&json!({"press": label}));
    }

    /// Types keys, as a keyboard or a scanner does.
    pub fn type_keys(&self, keys: &str) {
        let answer = self.ask(&json!({"type": keys}));
        assert!(answer["error"].is_null(), "{answer}");
    }

    /// Ends the visit, as its time-out does.
    pub fn leave(&self) {
        let answer = self.ask(&json!({"leave": true}));
        assert!(answer["error"].is_null(), "{answer}");
    }

    /// Injects a fault: `panic` or `hang`. Nobody answers it.
    pub fn break_it(&self, fault: &str) {
        let mut stream = UnixStream::connect(&self.socket).expect("the kiosk runs");
        writeln!(stream, "{}", json!({fault: true})).expect("the kiosk reads");
    }

    /// The name of the page, unless the kiosk does not answer now.
    #[must_use]
    pub fn page_if_it_answers(&self) -> Option<String> {
        let mut stream = UnixStream::connect(&self.socket).ok()?;
        let wait = Some(std::time::Duration::from_millis(500));
        stream.set_read_timeout(wait).ok()?;
        writeln!(stream, "{}", json!({"page": true})).ok()?;
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).ok()?;
        let answer: Value = serde_json::from_str(&answer).ok()?;
        answer["page"].as_str().map(str::to_owned)
    }

    fn ask(&self, request: &Value) -> Value {
        let mut stream = UnixStream::connect(&self.socket).expect("the kiosk runs");
        writeln!(stream, "{request}").expect("the kiosk reads");
        let mut answer = String::new();
        BufReader::new(stream)
            .read_line(&mut answer)
            .expect("the kiosk answers");
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("not JSON: {answer:?}"))
    }

    /// The labels of the controls that can be touched now.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let answer = self.ask(&json!({"labels": true}));
        let labels = answer["labels"].as_array().cloned().unwrap_or_default();
        let usable = labels.iter().filter(|control| control["enabled"] == true);
        usable
            .filter_map(|control| control["label"].as_str().map(str::to_owned))
            .collect()
    }

    /// What can be read on the screen now, in one text.
    #[must_use]
    pub fn texts(&self) -> String {
        let answer = self.ask(&json!({"texts": true}));
        let texts = answer["texts"].as_array().cloned().unwrap_or_default();
        texts
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The name of the page.
    #[must_use]
    pub fn page(&self) -> String {
        self.ask(&json!({"page": true}))["page"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until a control is on the screen whose label contains `part`, and touches it.
    pub fn press(&self, part: &str) {
        let label = self.wait_for(part);
        let answer = self.ask(&json!({"press": label}));
        assert!(answer["error"].is_null(), "pressing {label}: {answer}");
    }

    /// Waits until a label that is `part`, or contains it, is on the screen, and returns it.
    #[must_use]
    pub fn wait_for(&self, part: &str) -> String {
        let mut last = Vec::new();
        let found = (0..400).find_map(|_| {
            last = self.labels();
            if last == ["点一下屏幕开始"] && part != last[0] {
                // Nobody has touched it for a while: a person would touch it first.
                self.ask(&json!({"press": last[0]}));
            }
            let exact = last.iter().find(|label| *label == part);
            let found = exact
                .or_else(|| last.iter().find(|label| label.contains(part)))
                .cloned();
            if found.is_none() {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            found
        });
        found.unwrap_or_else(|| panic!("{part:?} is not on the screen; there are {last:?}"))
    }

    /// Saves the screen as PNG.
    pub fn snapshot(&self, file: &Path) {
        let answer = self.ask(&json!({"snapshot": file}));
        assert!(answer["error"].is_null(), "{answer}");
    }
}
