//! `simulate`: virtual boards or a virtual sign behind a pseudo-terminal or a TCP port, shown as PNG,
//! as dots, in the terminal and in a browser, on a line as bad as one wishes.

mod faults;
mod outlets;
mod page;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use sync::stop::{StandardInput, requested};
use tokio::sync::mpsc;

use super::{Failure, config_of, families, frames, say, usage, words};
use crate::codec::{BoardFamily, Face, Speech};
use crate::config::{BoardConfig, PortConfig};
use crate::line_format::LineFormat;
use crate::port::PortAddress;
use crate::render::canvas::SIDE_PX_MAX;
use crate::simulator::{Hearing, SharedBoards, SharedDisturbance, Simulator};
use crate::virtual_board::{OnTheLine, Simulation, Watched};
use faults::{Fault, FaultArgs, LINES};
use outlets::Outlets;
use page::SharedPictures;

/// How often the boards are looked at; a scrolling line moves four dots meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Waiting to be plugged in again.
const UNPLUGS_MAX: usize = 4;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = format!("串口按波特率走字节；用别的波特率打开，屏听不懂，和真的一样（alpha 屏自己识别）。
状态变化写到标准错误，Ctrl-C 结束。

{LINES}

例：display-driver simulate --link /tmp/led --show
    display-driver serve --config boards.toml        # 其中 path = \"/tmp/led\"
  在浏览器里看一块 128x64 的屏，接在 TCP 上：
    display-driver simulate --tcp 127.0.0.1:5005 --width 128 --height 64 --http 127.0.0.1:7400
    display-driver status tcp:127.0.0.1:5005
  每千个字节坏 5 个、每千次答复丢 100 次，可重演：
    display-driver simulate --link /tmp/led --noise 5 --lost-ack 100 --seed 42")
)]
pub(super) struct SimulateArgs {
    /// 虚拟串口的路径（符号链接），驱动打开它
    #[arg(long, value_name = "路径", required_unless_present = "tcp")]
    link: Option<PathBuf>,
    /// 不用虚拟串口，在这个 TCP 地址上等驱动来连；不写 --baud 则字节不花时间
    #[arg(long, value_name = "地址:端口", conflicts_with = "link")]
    tcp: Option<SocketAddr>,
    #[arg(
        long,
        value_name = "协议",
        default_value = "onbon-k",
        hide_default_value = true,
        value_parser = frames::family,
        help = format!("{}；不写为 onbon-k", families())
    )]
    family: BoardFamily,
    /// 波特率；不写为 57600，alpha 为 9600
    #[arg(long, value_name = "数", value_parser = super::line::baud)]
    baud: Option<u32>,
    /// 数据格式：8N1、7E1、8E1、8N2、7E2，决定一个字节走多久；不写为 8N1，alpha 为 7E1
    #[arg(long, value_name = "格式", value_parser = frames::line_format)]
    format: Option<LineFormat>,
    /// 宽，点数，最多 4096；不写为 192
    #[arg(long, value_name = "点", default_value_t = 192, hide_default_value = true, value_parser = side())]
    width: u16,
    /// 高，点数，最多 4096；不写为 32，alpha 为 16
    #[arg(long, value_name = "点", value_parser = side())]
    height: Option<u16>,
    /// 屏号；不写为 1
    #[arg(
        long,
        value_name = "号",
        default_value_t = 1,
        hide_default_value = true
    )]
    address: u16,
    /// 屏的配置文件：模拟 --link 或 --tcp 那个端口上的几块屏，没有写它就模拟第一个端口
    #[arg(long, value_name = "文件", conflicts_with_all = ["family", "baud", "format", "width", "height", "address"])]
    config: Option<PathBuf>,
    /// 每次变化后写一张 PNG
    #[arg(long, value_name = "文件")]
    png: Option<PathBuf>,
    /// 每次变化后写点阵：. R G A
    #[arg(long, value_name = "文件")]
    dots: Option<PathBuf>,
    /// 在终端里画出来
    #[arg(long)]
    show: bool,
    /// 在这个地址上开一个网页，看所有屏的画面
    #[arg(long, value_name = "地址:端口")]
    http: Option<SocketAddr>,
    #[command(flatten)]
    faults: FaultArgs,
    /// 标准输入关闭时结束（由别的程序启动时用）
    #[arg(long)]
    stop_with_stdin: bool,
}

/// What a canvas holds.
fn side() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..=i64::from(SIDE_PX_MAX))
}

/// The boards behind the line, whatever their family.
type Boards = SharedBoards<Box<dyn Watched>>;

/// The line and who hangs on it.
struct Scene {
    family: BoardFamily,
    baud: u32,
    format: LineFormat,
    boards: Vec<Simulation>,
}

impl Scene {
    /// Everything on a port of the file.
    fn of_port(port: &PortConfig, family: BoardFamily) -> Self {
        Self {
            family,
            baud: port.line.baud,
            format: port.line.format,
            boards: port.boards.iter().map(BoardConfig::simulation).collect(),
        }
    }

    /// One board, as the options say or as its family usually is.
    fn of_options(args: &SimulateArgs) -> Result<Self, Failure> {
        let facts = args.family.facts();
        if !facts.addresses.contains(&args.address) {
            let (from, to) = (facts.addresses.start(), facts.addresses.end());
            let why = format!("{} 屏的屏号应在 {from} 到 {to} 之间。", facts.name);
            return Err(Failure::wrong_usage(why));
        }
        let face = Face {
            width_px: args.width,
            height_px: args.height.unwrap_or(facts.usual_height_px),
        };
        Ok(Self {
            family: args.family,
            baud: args.baud.unwrap_or(facts.usual_baud),
            format: args.format.unwrap_or(facts.usual_format),
            boards: vec![Simulation {
                address: args.address,
                has_green: true,
                speech: Speech::usual(args.family, face),
            }],
        })
    }

    /// Which clients of a terminal its boards understand.
    fn hearing(&self) -> Hearing {
        match self.family.facts().finds_rate {
            true => Hearing::AnyRate,
            false => Hearing::At(self.baud),
        }
    }
}

pub(super) fn simulate(args: &SimulateArgs) -> Result<ExitCode, Failure> {
    let port = match &args.config {
        Some(path) => Some(configured(args, config_of(path)?.ports)?),
        None => None,
    };
    let of_port = port
        .as_ref()
        .and_then(|port| Some((port, port.boards.first()?.family())));
    let scene = match of_port {
        Some((port, family)) => Scene::of_port(port, family),
        None => Scene::of_options(args)?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::refused(format!("不能启动：{cause}。")))?;
    runtime.block_on(run(args, &scene))
}

/// The port of the file that is simulated, or its first one.
fn configured(args: &SimulateArgs, ports: Vec<PortConfig>) -> Result<PortConfig, Failure> {
    let is_here = |port: &PortConfig| match &port.line.address {
        PortAddress::Serial(path) => args.link.as_ref() == Some(path),
        PortAddress::Tcp(at) => args.tcp.is_some_and(|tcp| tcp.to_string() == at.as_str()),
    };
    let place = ports.iter().position(is_here).unwrap_or(0);
    let port = ports.into_iter().nth(place);
    port.ok_or_else(|| Failure::refused("配置里没有端口。"))
}

async fn run(args: &SimulateArgs, scene: &Scene) -> Result<ExitCode, Failure> {
    let count = scene.boards.len();
    let module = scene.family.module();
    let boards = scene.boards.iter().map(|board| module.simulated(board));
    let shared = SharedBoards::of(boards.collect());
    let disturbance = SharedDisturbance::new(args.faults.disturbance());
    let (unplug, unplugs) = mpsc::channel(UNPLUGS_MAX);
    let simulator = line(args, (scene.baud, scene.format), &shared).await?;
    say(&match simulator.tcp_address() {
        Some(at) => format!("TCP {at}，{count} 块屏。"),
        None => format!(
            "虚拟串口 {}，波特率 {}，{count} 块屏。",
            args.link
                .as_deref()
                .unwrap_or_else(|| "".as_ref())
                .display(),
            scene.baud
        ),
    });
    let pictures = SharedPictures::default();
    if let Some(at) = args.http {
        let at = page::serve(at, pictures.clone()).await.map_err(|cause| {
            Failure::refused(format!(
                "不能在 {at} 开网页：{}。",
                words::fault::cause(&cause)
            ))
        })?;
        say(&format!("画面在 http://{at}/"));
    }
    let served = simulator
        .hearing(scene.hearing())
        .disturbed_by(disturbance.clone())
        .unplugged_by(unplugs)
        .run();
    let outlets = Outlets::new(
        args,
        scene.boards.iter().map(|it| it.address).collect(),
        pictures,
    );
    let lever = Lever {
        shared: &shared,
        disturbance,
        unplug,
    };
    watch(args, served, outlets, lever).await
}

async fn line(
    args: &SimulateArgs,
    (baud, format): (u32, LineFormat),
    shared: &Boards,
) -> Result<Simulator<Box<dyn Watched>>, Failure> {
    if let Some(at) = args.tcp {
        let listening = Simulator::listen(at, shared.clone()).await;
        let simulator = listening.map_err(|cause| {
            Failure::refused(format!(
                "不能在 {at} 等候连接：{}。",
                words::fault::cause(&cause)
            ))
        })?;
        return Ok(match args.baud {
            Some(_) => simulator.paced(baud, format),
            None => simulator,
        });
    }
    let link = args.link.as_deref();
    let link = link.ok_or_else(|| Failure::wrong_usage("缺少参数：--link 或 --tcp。"))?;
    Simulator::open(link, baud, shared.clone())
        .map(|simulator| simulator.paced(baud, format))
        .map_err(|cause| {
            Failure::refused(format!(
                "不能建立虚拟串口 {}：{}。",
                link.display(),
                words::fault::cause(&cause)
            ))
        })
}

/// Shows what changes and obeys what is typed until it is asked to stop.
async fn watch(
    args: &SimulateArgs,
    served: impl Future<Output = io::Result<()>>,
    mut outlets: Outlets<'_>,
    lever: Lever<'_>,
) -> Result<ExitCode, Failure> {
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut typed = faults::typed_lines();
    let mut is_listening = true;
    tokio::pin!(served);
    let asked_to_stop = requested(StandardInput::Ignored);
    tokio::pin!(asked_to_stop);
    loop {
        tokio::select! {
            ended = &mut served => {
                let cause = ended.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into());
                return Err(Failure::refused(format!("虚拟端口中断：{cause}。")));
            }
            _ = look.tick() => outlets.look(lever.shared).map_err(|cause| {
                Failure::refused(format!("写不了图像：{}。", words::fault::cause(&cause)))
            })?,
            line = typed.recv(), if is_listening => match line {
                Some(line) => lever.obey(&line),
                None if args.stop_with_stdin => return Ok(ExitCode::SUCCESS),
                None => is_listening = false,
            },
            _ = &mut asked_to_stop => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// What a typed line can move.
struct Lever<'a> {
    shared: &'a Boards,
    disturbance: SharedDisturbance,
    unplug: mpsc::Sender<Duration>,
}

impl Lever<'_> {
    fn obey(&self, line: &str) {
        match faults::parse(line) {
            None if line.trim().is_empty() => return,
            None => return say(&format!("不认识“{line}”。{LINES}")),
            Some(Fault::PowerCut) => self
                .shared
                .with(|boards, _| boards.iter_mut().for_each(OnTheLine::cut_power)),
            Some(Fault::Unplug(pause)) => {
                if self.unplug.try_send(pause).is_err() {
                    return say("端口还没有插回，先等一等。");
                }
            }
            Some(fault) => self.disturbance.with(|line| faults::disturb(line, fault)),
        }
        say(&format!("好：{}", line.trim()));
    }
}
