//! `kiosk run`: the kiosk of a hall, the terminal of a window or the queue display of a hall, on a
//! display or in memory.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use domain::id::WindowNo;
use slint::{ComponentHandle, PhysicalSize};
use sync::data_dir::DataDir;
use sync::stop::{self, StandardInput};

use super::print;
use super::start::{self, Started};
use crate::app::facts;
use crate::app::front::{self, Front};
use crate::app::kiosk::{Kiosk, StationKind};
use crate::app::worker::{Worker, WorkerParts, categories};
use crate::config::{KioskConfig, ScreenSize};
use crate::platform::headless::{Screen, ScreenHandle};
use crate::platform::voice::{ProgramVoice, Silence, Speaker, VoiceCommand};
use crate::remote_help::{Picture, PictureSource, ScreenWatch};
use crate::ui::{KioskWindow, Theme};

/// Screens without a display, unless `--size` says otherwise.
const HALL_SIZE: ScreenSize = ScreenSize {
    width: 1_080,
    height: 1_920,
};
const WINDOW_SIZE: ScreenSize = ScreenSize {
    width: 1_024,
    height: 768,
};
const DISPLAY_SIZE: ScreenSize = ScreenSize {
    width: 1_920,
    height: 1_080,
};
/// How long the thread that draws may take for a picture.
const PICTURE_WAIT: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
#[command(after_help = "\
第一次启动要用管理员给的一次性登记码：
  kiosk run --data ./data --central https://10.0.0.2:7310 --central-ca ca.pem --enrol-code 7K3M-9QPA
以后启动不用再写登记码和 CA 文件。窗口评价器：加 --mode window --window 3。

大厅叫号屏（1920x1080，接电视或大显示器，不用触摸）：加 --mode display，每次启动都要写。
登记码在中心用 central enrol-code --kind driver 生成。叫号要念出来，在配置文件里写语音程序：
  voice_command = [\"espeak-ng\", \"-v\", \"cmn\"]
要念的话接在最后面，例：请A零二五号，到三号窗口；每次叫号念两遍，几个号排着念。不写就不出声。
不想让新叫的号闪，写 reduced_motion = true。")]
pub(super) struct RunOptions {
    /// 数据放在哪个文件夹；不写就用 ./data
    #[arg(
        long,
        value_name = "文件夹",
        default_value = "./data",
        hide_default_value = true
    )]
    pub(super) data: PathBuf,
    /// 中心服务的地址，例：https://10.0.0.2:7310
    #[arg(long, value_name = "网址")]
    pub(super) central: Option<String>,
    /// 签发中心证书的 CA 文件（ca.pem）；第一次启动给一次，以后自己记得
    #[arg(long, value_name = "文件")]
    pub(super) central_ca: Option<PathBuf>,
    /// 允许用明文 HTTP 连别的机器上的中心
    #[arg(long)]
    pub(super) allow_plain_http: bool,
    /// 当大厅自助机（hall）、窗口评价器（window）还是大厅叫号屏（display）；不写就按登记时定的
    #[arg(long, value_name = "hall|window|display", hide_possible_values = true)]
    pub(super) mode: Option<Mode>,
    /// 窗口号，1 到 99
    #[arg(long, value_name = "号", value_parser = window_no)]
    pub(super) window: Option<WindowNo>,
    /// 不用显示器，画面只在内存里
    #[arg(long)]
    headless: bool,
    /// 画面大小，例：1080x1920；接显示器时不写就全屏
    #[arg(long, value_name = "宽x高")]
    size: Option<ScreenSize>,
    /// 第一次启动用的登记码
    #[arg(long, value_name = "登记码")]
    pub(super) enrol_code: Option<String>,
    /// 标准输入关闭时就结束
    #[arg(long)]
    stop_with_stdin: bool,
    /// 配置文件（TOML）
    #[arg(long, value_name = "文件")]
    config: Option<PathBuf>,
    /// 控制接口的路径，只给测试和演示用，要同时写 --headless
    #[cfg(feature = "demo")]
    #[arg(long, value_name = "路径", requires = "headless")]
    control: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    Hall,
    Window,
    Display,
}

fn window_no(text: &str) -> Result<WindowNo, String> {
    text.parse().map_err(|_| "窗口号是 1 到 99".to_owned())
}

pub(super) fn run(options: &RunOptions) -> Result<()> {
    let config = match &options.config {
        Some(path) => KioskConfig::read(path)?,
        None => KioskConfig::default(),
    };
    let central = options.central.as_ref().or(config.central.as_ref());
    let central = central.context("不知道中心服务在哪里：请写 --central 网址。")?;
    let _lock = DataDir::take(&options.data).context("数据文件夹用不了")?;
    let started = start::start(options, central)?;
    let size = options.size.or(config.size);
    let (glass, screen) = glass(options, size, started.station.kind)?;
    let window = KioskWindow::new().context("打不开画面。没有显示器的话，请加 --headless。")?;
    let theme = window.global::<Theme<'_>>();
    config
        .px_per_mm
        .into_iter()
        .for_each(|density| theme.set_px_per_mm(density));
    theme.set_reduced_motion(config.reduced_motion);
    show(&window, size, screen.is_some())?;
    #[cfg(feature = "demo")]
    if let (Some(path), Some(screen)) = (&options.control, screen) {
        crate::control::listen(path, screen).context("控制接口打不开")?;
    }
    let speaker = speaker(started.station.kind, config.voice_command);
    run_until_stopped(options, (window, glass), speaker, started)
}

fn run_until_stopped(
    options: &RunOptions,
    (window, glass): (KioskWindow, Arc<dyn PictureSource>),
    speaker: Arc<dyn Speaker>,
    started: Started,
) -> Result<()> {
    let Started {
        client,
        log,
        own_tickets,
        station,
        clock,
    } = started;
    let (lane, topics, what) = match station.kind {
        StationKind::Hall { lane } => (Some(lane), facts::KIOSK_TOPICS, "自助机"),
        StationKind::Window { .. } => (None, facts::TERMINAL_TOPICS, "自助机"),
        StationKind::Display => (None, facts::DISPLAY_TOPICS, "叫号屏"),
    };
    let name = station.name.clone();
    let watch = ScreenWatch::new(glass);
    let kiosk = Kiosk::new(station, own_tickets, categories());
    let front = Front::open(window, kiosk, watch.clone(), clock.clone());
    let worker = Worker::start(WorkerParts {
        client: Arc::new(client),
        log,
        dir: options.data.clone(),
        lane,
        post: front::post(),
        screen: watch,
        clock,
        topics,
        speaker,
    });
    front.employ(worker.context("后台线程起不来")?);
    let standard_input = StandardInput::by_flag(options.stop_with_stdin);
    stop_when_requested(standard_input).context("等不了停止信号")?;
    print(&format!("{what}已启动：{name}"));
    let ended = slint::run_event_loop_until_quit();
    front.close();
    ended.context("画面意外停了")
}

/// The voice of a queue display; no other machine speaks.
fn speaker(kind: StationKind, command: Option<VoiceCommand>) -> Arc<dyn Speaker> {
    match (kind, command) {
        (StationKind::Display, Some(command)) => Arc::new(ProgramVoice::new(command)),
        (StationKind::Display, None) => {
            tracing::warn!("no voice_command is configured: calls are shown and not said");
            Arc::new(Silence)
        }
        (StationKind::Hall { .. } | StationKind::Window { .. }, _) => Arc::new(Silence),
    }
}

/// The glass that pictures are taken of; with a handle when it is in memory.
fn glass(
    options: &RunOptions,
    size: Option<ScreenSize>,
    kind: StationKind,
) -> Result<(Arc<dyn PictureSource>, Option<ScreenHandle>)> {
    if !options.headless {
        return Ok((Arc::new(DisplayGlass), None));
    }
    let size = size.unwrap_or(match kind {
        StationKind::Hall { .. } => HALL_SIZE,
        StationKind::Window { .. } => WINDOW_SIZE,
        StationKind::Display => DISPLAY_SIZE,
    });
    let screen = Screen::running(PhysicalSize::new(size.width, size.height))
        .context("内存里的画面建不起来")?;
    let handle = screen.handle();
    Ok((Arc::new(MemoryGlass(handle.clone())), Some(handle)))
}

fn show(window: &KioskWindow, size: Option<ScreenSize>, is_in_memory: bool) -> Result<()> {
    match size {
        _ if is_in_memory => {}
        Some(size) => window
            .window()
            .set_size(PhysicalSize::new(size.width, size.height)),
        None => window.window().set_fullscreen(true),
    }
    window.show().context("画面显示不出来")
}

/// A screen in memory.
struct MemoryGlass(ScreenHandle);

impl PictureSource for MemoryGlass {
    fn version(&self) -> Option<u64> {
        Some(self.0.version())
    }

    fn take(&self) -> Option<(Picture, u64)> {
        let frame = self.0.frame();
        let picture = Picture {
            width: frame.width,
            height: frame.height,
            rgb: frame.rgb(),
        };
        Some((picture, frame.version))
    }
}

/// A real display: the thread that draws renders a picture when it is asked to.
struct DisplayGlass;

impl PictureSource for DisplayGlass {
    fn version(&self) -> Option<u64> {
        None
    }

    fn take(&self) -> Option<(Picture, u64)> {
        let (answer, answered) = mpsc::channel();
        let take = move || {
            let pixels = front::current().and_then(|it| it.window().window().take_snapshot().ok());
            let _ = answer.send(pixels.map(|pixels| {
                Picture {
                    width: pixels.width(),
                    height: pixels.height(),
                    rgb: pixels
                        .as_slice()
                        .iter()
                        .flat_map(|it| [it.r, it.g, it.b])
                        .collect(),
                }
            }));
        };
        slint::invoke_from_event_loop(take).ok()?;
        answered
            .recv_timeout(PICTURE_WAIT)
            .ok()
            .flatten()
            .map(|picture| (picture, 0))
    }
}

/// Ends the event loop on a signal, or with standard input if so wished.
fn stop_when_requested(standard_input: StandardInput) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let watch = move || {
        if let Err(error) = runtime.block_on(stop::requested(standard_input)) {
            tracing::error!(%error, "signals cannot be watched");
            return;
        }
        let _ = slint::quit_event_loop();
    };
    thread::Builder::new()
        .name("stop".to_owned())
        .spawn(watch)
        .map(drop)
}
