//! One headless kiosk with a centre of its own and nobody else: for drills and figures of the process.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::kiosk_control::KioskControl;
use crate::process::{Running, eventually, run, start};

const LAYOUT: &str = "\
station_name = \"示例一街道站\"
[[windows]]
no = 3
groups = [\"A\", \"C\"]
";
const START_WITHIN: Duration = Duration::from_secs(30);
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// A kiosk and its centre; both end when it is dropped.
#[derive(Debug)]
pub struct LoneKiosk {
    folder: PathBuf,
    kiosk: Running,
    _central: Running,
}

impl LoneKiosk {
    /// Starts both in `folder`, the kiosk with these options beside the usual ones.
    ///
    /// # Panics
    /// When one of them does not start.
    #[must_use]
    pub fn start(folder: &Path, options: &[&str]) -> Self {
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let data = path("central");
        let (central, address) = start_central(folder, &data);
        let code = enrolment_code(&data);
        let (base, kiosk, control) = (format!("http://{address}"), path("kiosk"), path("sock"));
        let who = ["run", "--central", &base, "--data", &kiosk];
        let how = ["--enrol-code", &code, "--headless", "--control", &control];
        let lone = Self {
            folder: folder.to_owned(),
            kiosk: start("kiosk", &[&who[..], &how[..], options].concat()),
            _central: central,
        };
        lone.home_within(START_WITHIN);
        lone
    }

    /// Its control socket.
    #[must_use]
    pub fn control(&self) -> KioskControl {
        KioskControl::at(&self.folder.join("sock"))
    }

    /// The process that was started.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.kiosk.id()
    }

    /// With `--watch`, the process that draws: the child of the one that was started.
    ///
    /// # Panics
    /// When there is none for a while.
    #[must_use]
    pub fn drawing_process(&self) -> u32 {
        let parent = self.kiosk.id();
        eventually("the kiosk has a child", 10, || {
            let file = format!("/proc/{parent}/task/{parent}/children");
            let children = fs::read_to_string(file).ok()?;
            children.split_whitespace().next()?.parse().ok()
        })
    }

    /// Waits for the start page and tells how long that took.
    ///
    /// # Panics
    /// When it took longer than `most`.
    pub fn home_within(&self, most: Duration) -> Duration {
        let begun = Instant::now();
        let control = self.control();
        while control.page_if_it_answers().as_deref() != Some("home") {
            assert!(begun.elapsed() < most, "no start page after {most:?}");
            thread::sleep(LOOK_INTERVAL);
        }
        begun.elapsed()
    }
}

fn start_central(folder: &Path, data: &str) -> (Running, String) {
    let layout = folder.join("hall.toml");
    fs::write(&layout, LAYOUT).expect("the scratch folder takes files");
    central_does(&["hall", "lay-out", &layout.to_string_lossy(), "--data", data]);
    let serve = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--json"];
    let mut central = start("central", &serve);
    let address = central.line(|line| {
        let ready: Value = serde_json::from_str(line).ok()?;
        ready["listening"].as_str().map(str::to_owned)
    });
    (central, address)
}

fn enrolment_code(data: &str) -> String {
    let what = ["--kind", "kiosk", "--lane", "2", "--name", "测试机"];
    let verb = ["enrol-code", "--json", "--data", data];
    let told = central_does(&[&verb[..], &what[..]].concat());
    let told: Value = serde_json::from_str(&told).expect("JSON");
    told["code"].as_str().expect("a code").to_owned()
}

fn central_does(verb: &[&str]) -> String {
    let (code, said) = run("central", verb, "");
    assert_eq!(code, 0, "central {verb:?}: {said}");
    said
}
