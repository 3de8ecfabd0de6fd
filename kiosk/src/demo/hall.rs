//! What stands in the demo's hall, and how its programs are started.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use central::demo::{DemoPlan, SeededHall, seed_demo};
use domain::id::WindowNo;
use domain::queue::KioskLane;
use domain::time::UtcMs;
use serde::Deserialize;
use sync::entropy::random_bytes;
use tokio::time::sleep;
use wire::api::DeviceKind;

use super::PROGRAM_VERB;
use super::children::Children;
use super::devices;

/// The windows whose terminals the demo starts.
const TERMINAL_WINDOWS: [u8; 2] = [1, 3];
/// Everything invented comes from this, so that two demos on one day are alike.
const SEED: u64 = 20_261_123;
/// The serial line that the three boards share.
const BAUD: u32 = 57_600;
/// The boards as their configuration says them; the port's path is put before them.
const BOARDS: &str = include_str!("../../../assets/demo/boards.toml");
/// A screen of the hall as a window on a desk: 1080×1920 and 1024×768, drawn smaller.
#[derive(Debug, Clone, Copy)]
struct DeskWindow {
    size: &'static str,
    scale: &'static str,
}

const KIOSK_WINDOW: DeskWindow = DeskWindow {
    size: "540x960",
    scale: "0.5",
};
const TERMINAL_WINDOW: DeskWindow = DeskWindow {
    size: "768x576",
    scale: "0.75",
};
/// How long the virtual serial line may take to appear.
const LINE_WITHIN: Duration = Duration::from_secs(10);

/// A seeded hall, not yet open.
pub(super) struct DemoHall {
    folder: PathBuf,
    listen: String,
    seeded: SeededHall,
    pub(super) password: String,
}

/// Sign-in name, role and password of an account.
pub(super) type Account<'h> = (&'h str, &'h str, &'h str);

impl DemoHall {
    /// Makes the store of the demo in `folder`, or gives the one there new codes and a new password.
    pub(super) fn seed(folder: &Path, listen: &str) -> Result<Self> {
        let password = random_password();
        let plan = DemoPlan {
            now: UtcMs(chrono::Utc::now().timestamp_millis()),
            seed: SEED,
            password: password.clone(),
            devices: devices(),
        };
        let seeded = seed_demo(&folder.join("central"), &plan)?;
        let (folder, listen) = (folder.to_owned(), listen.to_owned());
        Ok(Self {
            folder,
            listen,
            seeded,
            password,
        })
    }

    /// The accounts that stand for one role each.
    pub(super) fn accounts(&self) -> Vec<Account<'_>> {
        let accounts = self.seeded.accounts.iter();
        accounts
            .map(|account| (account.login, account.role, account.password.reveal()))
            .collect()
    }

    /// Starts all programs; returns the address of the staff pages.
    pub(super) async fn start(&self, children: &mut Children, is_headless: bool) -> Result<String> {
        let address = self.start_central(children).await?;
        let central = format!("http://{address}");
        let mut codes = self.seeded.codes.iter();
        let mut code = || {
            codes
                .next()
                .context("one code per device, because they were made so")
        };
        self.start_boards(children, &central, code()?).await?;
        let config = devices::start(children, &self.folder).await?;
        let kiosk = (config.as_str(), code()?.as_str());
        self.start_kiosk(children, &central, kiosk, is_headless)?;
        for window in TERMINAL_WINDOWS {
            self.start_terminal(children, &central, (window, code()?), is_headless)?;
        }
        Ok(address)
    }

    async fn start_central(&self, children: &mut Children) -> Result<String> {
        let data = self.path("central");
        let serve = [
            PROGRAM_VERB,
            "central",
            "serve",
            "--data",
            &data,
            "--listen",
            &self.listen,
        ];
        let arguments = [&serve[..], &["--json", "--stop-with-stdin"]].concat();
        let line = children.start_and_hear("中心服务", &arguments).await?;
        #[derive(Deserialize)]
        struct Ready {
            listening: String,
        }
        let ready: Ready = serde_json::from_str(&line).context("中心服务没有说出地址")?;
        Ok(ready.listening)
    }

    /// The virtual boards first, then the driver that finds them on their line.
    async fn start_boards(&self, children: &mut Children, central: &str, code: &str) -> Result<()> {
        let (line, config) = (self.path("serial-line"), self.path("boards.toml"));
        let text = format!("[[port]]\npath = {line:?}\nbaud = {BAUD}\n\n{BOARDS}");
        std::fs::write(&config, text).context("写不了屏的配置")?;
        let simulate = [
            PROGRAM_VERB,
            "display-driver",
            "simulate",
            "--config",
            &config,
        ];
        let arguments = [&simulate[..], &["--link", &line, "--stop-with-stdin"]].concat();
        children.start("虚拟屏", &arguments)?;
        self.wait_for_line(Path::new(&line)).await?;
        let data = self.path("display-driver");
        let serve = [PROGRAM_VERB, "display-driver", "serve", "--config", &config];
        let rest = ["--central", central, "--data", &data, "--enrol-code", code];
        let arguments = [&serve[..], &rest[..], &["--stop-with-stdin"]].concat();
        children.start("屏驱动", &arguments)
    }

    async fn wait_for_line(&self, line: &Path) -> Result<()> {
        let appears = async {
            while !line.exists() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(LINE_WITHIN, appears)
            .await
            .context("虚拟串口没有出现")
    }

    fn start_kiosk(
        &self,
        children: &mut Children,
        central: &str,
        (config, code): (&str, &str),
        is_headless: bool,
    ) -> Result<()> {
        let (data, control) = (self.path("kiosk"), self.path("kiosk.sock"));
        let run = [
            "run",
            "--central",
            central,
            "--data",
            &data,
            "--enrol-code",
            code,
            "--config",
            config,
        ];
        let shown = shown(is_headless, KIOSK_WINDOW.size, &control);
        let arguments = [&run[..], &shown[..], &["--stop-with-stdin"]].concat();
        start_screen(
            children,
            "大厅自助机",
            &arguments,
            (is_headless, KIOSK_WINDOW),
        )
    }

    fn start_terminal(
        &self,
        children: &mut Children,
        central: &str,
        (window, code): (u8, &str),
        is_headless: bool,
    ) -> Result<()> {
        let number = window.to_string();
        let data = self.path(&format!("window-{window}"));
        let control = self.path(&format!("window-{window}.sock"));
        let run = [
            "run",
            "--mode",
            "window",
            "--window",
            &number,
            "--central",
            central,
        ];
        let rest = ["--data", &data, "--enrol-code", code, "--stop-with-stdin"];
        let name = format!("{window} 号窗口评价器");
        let shown = shown(is_headless, TERMINAL_WINDOW.size, &control);
        let arguments = [&run[..], &rest[..], &shown[..]].concat();
        start_screen(children, &name, &arguments, (is_headless, TERMINAL_WINDOW))
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }
}

fn start_screen(
    children: &mut Children,
    name: &str,
    arguments: &[&str],
    (is_headless, window): (bool, DeskWindow),
) -> Result<()> {
    if is_headless {
        children.start(name, arguments)
    } else {
        children.start_in_window(name, arguments, window.scale)
    }
}

/// In memory with a control socket, or in a window of a size that fits a desk.
fn shown<'a>(is_headless: bool, size: &'a str, control: &'a str) -> Vec<&'a str> {
    if is_headless {
        vec!["--headless", "--control", control]
    } else {
        vec!["--size", size]
    }
}

/// The machines in the order in which they are started.
fn devices() -> Vec<(DeviceKind, String)> {
    let mut devices = vec![
        (DeviceKind::DisplayDriver, "屏驱动".to_owned()),
        (
            DeviceKind::HallKiosk { lane: KioskLane(1) },
            "1 号自助机".to_owned(),
        ),
    ];
    for number in TERMINAL_WINDOWS {
        let window = WindowNo::new(number).expect("1 and 3, because they are written above");
        let name = format!("{number} 号窗口评价器");
        devices.push((DeviceKind::WindowTerminal { window }, name));
    }
    devices
}

/// Twelve characters without look-alikes: 60 bits, and a digit, which the rules ask for.
fn random_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let letters: String = random_bytes::<12>().iter().map(letter).collect();
    format!("{letters}2")
}
