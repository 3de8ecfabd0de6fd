//! The program that drives boards, and a virtual board on a serial line of its own, as real
//! processes: what a person sees on the glass is read from the dots that the board lights.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::glyphs::Dots;
use crate::process::{Running, eventually, start};

/// How long a text may take from the centre to the glass.
const SHOWN_TIMEOUT_S: u64 = 40;

/// A driver with its virtual board.
#[derive(Debug)]
pub struct BoardProgram {
    folder: PathBuf,
    base: String,
    /// The board and its driver; nothing while both are without power.
    running: Option<[Running; 2]>,
}

impl BoardProgram {
    /// Starts both in `folder`; `board` is the table of the board on the port, `code` enrols the
    /// driver at the centre at `base`.
    ///
    /// # Panics
    /// When one of them does not start.
    #[must_use]
    pub fn start(folder: &Path, board: &str, base: &str, code: &str) -> Self {
        let (line, config) = (folder.join("line"), folder.join("boards.toml"));
        let port = format!("[[port]]\npath = {line:?}\nbaud = 57600\n{board}");
        std::fs::write(config, port).expect("the scratch folder takes files");
        let mut program = Self {
            folder: folder.to_owned(),
            base: base.to_owned(),
            running: None,
        };
        program.power_on(&["--enrol-code", code]);
        program
    }

    /// Takes the power from board and driver and gives it back: the board is dark at first, and the
    /// driver has what its disk holds.
    ///
    /// # Panics
    /// When one of them does not start.
    pub fn power_cut(&mut self) {
        for program in self.running.take().into_iter().flatten() {
            program.kill();
        }
        for left in ["line", "dots.json"] {
            drop(std::fs::remove_file(self.folder.join(left)));
        }
        self.power_on(&[]);
    }

    fn power_on(&mut self, enrolment: &[&str]) {
        let path = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let (line, config, dots) = (path("line"), path("boards.toml"), path("dots.json"));
        let simulate = [
            "simulate", "--config", &config, "--link", &line, "--dots", &dots,
        ];
        let board = start("display-driver", &simulate);
        eventually("the serial line appears", 10, || {
            Path::new(&line).exists().then_some(())
        });
        let data = path("driver");
        let serve = ["serve", "--config", &config, "--central", &self.base];
        let arguments = [&serve[..], &["--data", &data], enrolment].concat();
        self.running = Some([board, start("display-driver", &arguments)]);
    }

    /// Waits until a text stands on the glass, glyph for glyph.
    ///
    /// # Panics
    /// When it does not in 40 s.
    pub fn shows(&self, text: &str) {
        eventually(&format!("the board shows {text}"), SHOWN_TIMEOUT_S, || {
            self.dots().filter(|dots| dots.show(text)).map(drop)
        });
    }

    /// The lit dots, as the simulation last drew them.
    fn dots(&self) -> Option<Dots> {
        let json: Value =
            serde_json::from_slice(&std::fs::read(self.folder.join("dots.json")).ok()?).ok()?;
        let rows = json["rows"].as_array()?;
        let lit = rows
            .iter()
            .filter_map(Value::as_str)
            .flat_map(|row| row.chars().map(|sign| sign != '.'));
        Some(Dots {
            width: json["width"].as_u64()?.try_into().ok()?,
            lit: lit.collect(),
        })
    }
}
