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
    dots: PathBuf,
    _board: Running,
    _driver: Running,
}

impl BoardProgram {
    /// Starts both in `folder`; `board` is the table of the board on the port, `code` enrols the
    /// driver at the centre at `base`.
    ///
    /// # Panics
    /// When one of them does not start.
    #[must_use]
    pub fn start(folder: &Path, board: &str, base: &str, code: &str) -> Self {
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (line, config, dots) = (path("line"), path("boards.toml"), path("dots.json"));
        let port = format!("[[port]]\npath = {line:?}\nbaud = 57600\n{board}");
        std::fs::write(&config, port).expect("the scratch folder takes files");
        let simulate = [
            "simulate", "--config", &config, "--link", &line, "--dots", &dots,
        ];
        let simulated = start("display-driver", &simulate);
        eventually("the serial line appears", 10, || {
            Path::new(&line).exists().then_some(())
        });
        let data = path("driver");
        let serve = ["serve", "--config", &config, "--central", base];
        let arguments = [&serve[..], &["--data", &data, "--enrol-code", code]].concat();
        Self {
            dots: folder.join("dots.json"),
            _board: simulated,
            _driver: start("display-driver", &arguments),
        }
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
        let json: Value = serde_json::from_slice(&std::fs::read(&self.dots).ok()?).ok()?;
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
