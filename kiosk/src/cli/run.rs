//! `kiosk run`: the kiosk of a hall, the terminal of a window or the queue display of a hall, on a
//! display or in memory.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use domain::id::WindowNo;
use kiosk_peripherals::idcard::invented;
use kiosk_peripherals::phone_identity::VirtualPhoneIdentity;
use kiosk_peripherals::sound::ProgramPlayer;
use slint::{CloseRequestResponse, ComponentHandle, PhysicalSize, Timer, TimerMode};
use sync::data_dir::DataDir;
use sync::stop::{self, StandardInput};

use super::print;
use super::start::{self, Started, system_clock};
use crate::app::facts;
use crate::app::front::{self, Ending, Front};
use crate::app::kiosk::{Kiosk, Settings, StationKind};
use crate::app::worker::{Fitted, Worker, WorkerParts, categories};
use crate::config::{KioskConfig, PhoneCodes, ScreenSize};
use crate::platform::headless::{Screen, ScreenHandle};
use crate::platform::report;
use crate::platform::voice::{ClipVoice, ProgramVoice, Silence, Speaker};
use crate::platform::watchdog::{self, EXIT_AGAIN, Watch};
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
登记码在中心用 central enrol-code --kind driver 生成。叫号要念出来，在配置文件里写播放程序，用自带的录音：
  player_command = [\"aplay\", \"-q\"]
或者写自己会念的语音程序，要念的话接在最后面，例：请A零二五号，到三号窗口：
  voice_command = [\"espeak-ng\", \"-v\", \"cmn\"]
每次叫号念两遍，几个号排着念。都不写就不出声。
不想让新叫的号闪，写 reduced_motion = true。

大厅自助机的配置文件里还可以写：
  voice_command    有它，屏幕上才有“读给我听”
  screen_width_mm  屏幕亮的部分有多宽，用尺量，单位毫米；按钮靠它保证不小于 20 毫米
  open_hours       上班时间，例：[\"08:30-12:00\", \"14:00-17:30\"]；别的时间没人用就黑屏
  attract_after_s  多少秒没人用就轮流放岗位和政策，不写是 60，0 是不放
接了设备的，在配置文件最后写（不写就是没有；插键盘口的扫码器不用写）：
  [printer]        小票打印机。port = \"/dev/serial/by-id/…\"（或 tcp:主机:9100、file:/dev/usb/lp0），
                   width_mm = 80 或 58，knife = \"none\" 没有切刀，baud 串口的波特率
  [card_reader]    身份证读卡器。port = \"/dev/serial/by-id/…\"（或 tcp:主机:端口）
  [scanner]        串口的扫码器。port = \"/dev/serial/by-id/…\"
写了 player_command 或 voice_command，会说“请把身份证平放到读卡区”“请取走小票”。
维护页面“测一遍设备”说每样好不好；player_command 写了，也试一句声音。
正式用的机器请加 --watch。维护密码用 kiosk pin 设，设好后连点左上角标志 5 下可以进维护页面。")]
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
    /// 一直看着：程序出错或画面卡住，3 秒内自己重来
    #[arg(long)]
    watch: bool,
    /// 有人看着（--watch 自己加的）
    #[arg(long, hide = true)]
    watched: bool,
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

/// Runs until stopped. A watched machine that wants to be started again says so by its exit code.
pub(super) fn run(options: &RunOptions) -> Result<ExitCode> {
    if options.watch {
        return watch(options).map(|()| ExitCode::SUCCESS);
    }
    let code = match show_until_stopped(options)? {
        Ending::Stopped => ExitCode::SUCCESS,
        Ending::Again => ExitCode::from(u8::try_from(EXIT_AGAIN).unwrap_or(u8::MAX)),
    };
    Ok(code)
}

/// Starts this program again as a child and keeps it alive.
fn watch(options: &RunOptions) -> Result<()> {
    let said = std::env::args_os().skip(1).filter(|word| word != "--watch");
    let mut arguments: Vec<_> = said.collect();
    arguments.push("--watched".into());
    if !options.stop_with_stdin {
        // Its input is ours: closed, it asks the child to stop.
        arguments.push("--stop-with-stdin".into());
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let standard_input = StandardInput::by_flag(options.stop_with_stdin);
    when_asked_to_stop(standard_input, move || asked.store(true, Ordering::SeqCst))
        .context("等不了停止信号")?;
    let watch = Watch {
        program: std::env::current_exe().context("找不到自己的程序文件")?,
        arguments,
        dir: options.data.clone(),
        clock: system_clock,
    };
    watch.run(&stop).context("程序起不来")
}

fn show_until_stopped(options: &RunOptions) -> Result<Ending> {
    let config = match &options.config {
        Some(path) => KioskConfig::read(path)?,
        None => KioskConfig::default(),
    };
    let central = options.central.as_ref().or(config.central.as_ref());
    let central = central.context("不知道中心服务在哪里：请写 --central 网址。")?;
    let _lock = DataDir::take(&options.data).context("数据文件夹用不了")?;
    if options.watched {
        report::end_on_panic(options.data.clone(), system_clock);
    }
    let started = start::start(options, central)?;
    let size = options.size.or(config.size);
    let (glass, screen) = glass(options, size, started.station.kind)?;
    let window = KioskWindow::new().context("打不开画面。没有显示器的话，请加 --headless。")?;
    // A machine for one purpose: no shortcut, window manager or mouse closes it.
    window
        .window()
        .on_close_requested(|| CloseRequestResponse::KeepWindowShown);
    show(&window, size, screen.is_some())?;
    let theme = window.global::<Theme<'_>>();
    if let Some(density) = config.px_per_mm {
        theme.set_px_per_mm(density);
    }
    theme.set_screen_width_mm(config.screen_width_mm.unwrap_or_default());
    theme.set_reduced_motion(config.reduced_motion);
    #[cfg(feature = "demo")]
    if let (Some(path), Some(screen)) = (&options.control, screen) {
        crate::control::listen(path, screen).context("控制接口打不开")?;
    }
    let settings = settings(&config);
    let fit = fitting(&config);
    let speaker = speaker(started.station.kind, config)?;
    run_until_stopped(options, (window, glass), (settings, speaker, fit), started)
}

fn settings(config: &KioskConfig) -> Settings {
    let usual = Settings::default();
    let attract_after = match config.attract_after_s {
        None => usual.attract_after,
        Some(0) => None,
        Some(seconds) => Some(Duration::from_secs(seconds.into())),
    };
    Settings {
        can_read: config.voice_command.is_some(),
        can_prompt: config.voice_command.is_some() || config.player_command.is_some(),
        hours: config.open_hours.clone(),
        attract_after,
        has_printer: config.printer.is_some(),
        has_card_reader: config.card_reader.is_some(),
        knows_phone_codes: config.phone_codes.is_some(),
    }
}

type Fit = Box<dyn FnOnce() -> Fitted + Send>;

/// The devices that the file names. They are made on the thread that uses them.
fn fitting(config: &KioskConfig) -> Fit {
    let (printer, scanner) = (config.printer.clone(), config.scanner.clone());
    let (reader, phones) = (config.card_reader.clone(), config.phone_codes);
    let player = config.player_command.clone();
    Box::new(move || Fitted {
        printer: printer.map(|it| Box::new(it.printer()) as Box<_>),
        reader: reader.map(|it| it.reader()),
        scanner: scanner.map(|it| Box::new(it.scanner()) as Box<_>),
        phones: phones.map(|PhoneCodes::Virtual| {
            Box::new(VirtualPhoneIdentity::knowing(invented())) as Box<_>
        }),
        player: player.map(|it| Box::new(ProgramPlayer(it)) as Box<_>),
    })
}

fn run_until_stopped(
    options: &RunOptions,
    (window, glass): (KioskWindow, Arc<dyn PictureSource>),
    (settings, speaker, fit): (Settings, Arc<dyn Speaker>, Fit),
    started: Started,
) -> Result<Ending> {
    let Started {
        client,
        log,
        own_tickets,
        station,
        clock,
        central,
    } = started;
    let (lane, topics, what) = match station.kind {
        StationKind::Hall { lane } => (Some(lane), facts::KIOSK_TOPICS, "自助机"),
        StationKind::Window { .. } => (None, facts::TERMINAL_TOPICS, "自助机"),
        StationKind::Display => (None, facts::DISPLAY_TOPICS, "叫号屏"),
    };
    let name = station.name.clone();
    let watch = ScreenWatch::new(glass);
    let mut kiosk = Kiosk::new(station, own_tickets, categories());
    kiosk.settings = settings;
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
        central,
        name: name.clone(),
        fit,
    });
    front.employ(worker.context("后台线程起不来")?);
    let standard_input = StandardInput::by_flag(options.stop_with_stdin);
    when_asked_to_stop(standard_input, || drop(slint::quit_event_loop()))
        .context("等不了停止信号")?;
    let heart = Timer::default();
    if options.watched {
        // the first beat as soon as the loop turns: from then on a hang is told from a long start
        Timer::single_shot(Duration::ZERO, watchdog::beat);
        heart.start(TimerMode::Repeated, watchdog::BEAT_INTERVAL, watchdog::beat);
    }
    print(&format!("{what}已启动：{name}"));
    let ended = slint::run_event_loop_until_quit();
    let ending = front.ending();
    front.close();
    ended.context("画面意外停了")?;
    Ok(ending)
}

/// The voice of a queue display, or of a kiosk. Clips say calls and prompts; no page is read by them.
fn speaker(kind: StationKind, config: KioskConfig) -> Result<Arc<dyn Speaker>> {
    Ok(match (kind, config.voice_command, config.player_command) {
        (StationKind::Display | StationKind::Hall { .. }, Some(command), _) => {
            Arc::new(ProgramVoice::new(command))
        }
        (StationKind::Display | StationKind::Hall { .. }, None, Some(player)) => {
            Arc::new(ClipVoice::new(ProgramPlayer(player))?)
        }
        (StationKind::Display, None, None) => {
            tracing::warn!("no voice_command or player_command: calls are shown and not said");
            Arc::new(Silence)
        }
        (StationKind::Hall { .. }, None, None) | (StationKind::Window { .. }, ..) => {
            Arc::new(Silence)
        }
    })
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

/// Does something on a signal, or with the end of standard input if so wished.
fn when_asked_to_stop(
    standard_input: StandardInput,
    stop: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let watch = move || {
        if let Err(error) = runtime.block_on(stop::requested(standard_input)) {
            tracing::error!(%error, "signals cannot be watched");
            return;
        }
        stop();
    };
    thread::Builder::new()
        .name("stop".to_owned())
        .spawn(watch)
        .map(drop)
}
