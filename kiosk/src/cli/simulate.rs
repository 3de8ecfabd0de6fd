//! `kiosk simulate`: a printer or a card reader without hardware on a TCP port, for demonstrations and
//! for trying what a kiosk says when a device is unwell.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use kiosk_peripherals::escpos::typeset::PaperWidth;
use kiosk_peripherals::reader::card_of_file;
use kiosk_peripherals::twin::{Shared, Twin};
use kiosk_peripherals::virtual_printer::{
    Answering, Faults, PaperState, Slipped, VirtualPrinter, png,
};
use kiosk_peripherals::virtual_reader::{Mood, VirtualReader};
use sync::stop::{self, StandardInput};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::{print, usage};

/// How often it is looked whether a paper came out, or a card was put down.
const LOOK_EVERY: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
#[command(subcommand_help_heading = "命令", disable_help_subcommand = true)]
pub(super) struct SimulateOptions {
    #[command(subcommand)]
    device: Device,
}

#[derive(Debug, Subcommand)]
enum Device {
    /// 一台小票打印机：打出来的每张纸存成一张 PNG
    #[command(help_template = usage::TEMPLATE, after_help = "\
例：kiosk simulate printer --listen 127.0.0.1:9100 --out slips
    kiosk simulate printer --listen 127.0.0.1:9100 --out slips --paper low --cover-opens-after 120
在自助机上用 tcp:127.0.0.1:9100 接它。每张纸是 0001.png、0002.png…；半张的名字带 -half。")]
    Printer(PrinterArgs),
    /// 一台身份证读卡器：卡是一个文件，文件在就是放着卡
    #[command(help_template = usage::TEMPLATE, after_help = "\
例：kiosk simulate reader --listen 127.0.0.1:9101 --card card.json
文件里是虚构的人（号码以 999999 开头）。")]
    Reader(ReaderArgs),
}

#[derive(Debug, Args)]
struct PrinterArgs {
    /// 在哪个地址上等连接
    #[arg(
        long,
        value_name = "地址",
        default_value = "127.0.0.1:9100",
        hide_default_value = true
    )]
    listen: SocketAddr,
    /// 图片放进哪个文件夹
    #[arg(long, value_name = "文件夹")]
    out: PathBuf,
    /// 纸宽：58 或 80 毫米
    #[arg(
        long,
        value_name = "毫米",
        default_value = "80",
        hide_default_value = true
    )]
    width: Width,
    /// 纸：plenty、low（快用完）或 out（没有）
    #[arg(
        long,
        value_name = "纸",
        default_value = "plenty",
        hide_default_value = true,
        hide_possible_values = true
    )]
    paper: Paper,
    /// 盖子开着
    #[arg(long)]
    cover_open: bool,
    /// 脱机
    #[arg(long)]
    offline: bool,
    /// 对询问不回答
    #[arg(long, conflicts_with = "answers_late_ms")]
    no_answer: bool,
    /// 对询问晚这么多毫秒才回答
    #[arg(long, value_name = "毫秒")]
    answers_late_ms: Option<u64>,
    /// 再收到这么多字节后盖子被打开
    #[arg(long, value_name = "字节")]
    cover_opens_after: Option<usize>,
    /// 再收到这么多字节后断电
    #[arg(long, value_name = "字节")]
    power_fails_after: Option<usize>,
    /// 标准输入关闭时就结束
    #[arg(long)]
    stop_with_stdin: bool,
}

#[derive(Debug, Args)]
struct ReaderArgs {
    /// 在哪个地址上等连接
    #[arg(
        long,
        value_name = "地址",
        default_value = "127.0.0.1:9101",
        hide_default_value = true
    )]
    listen: SocketAddr,
    /// 卡是哪个文件
    #[arg(long, value_name = "文件")]
    card: PathBuf,
    /// 毛病：well、mute（不回答）、babbling（乱答）、noisy（有干扰）、slow（慢 5 秒）
    #[arg(
        long,
        value_name = "毛病",
        default_value = "well",
        hide_default_value = true,
        hide_possible_values = true
    )]
    mood: MoodName,
    /// 标准输入关闭时就结束
    #[arg(long)]
    stop_with_stdin: bool,
}

#[derive(Debug, Clone, Copy)]
struct Width(PaperWidth);

impl FromStr for Width {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let width = text.parse().ok().and_then(PaperWidth::from_mm);
        width.map(Self).ok_or("写 58 或 80")
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Paper {
    Plenty,
    Low,
    Out,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum MoodName {
    Well,
    Mute,
    Babbling,
    Noisy,
    Slow,
}

pub(super) fn run(options: &SimulateOptions) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match &options.device {
        Device::Printer(args) => runtime.block_on(printer(args)),
        Device::Reader(args) => runtime.block_on(reader(args)),
    }
}

async fn printer(args: &PrinterArgs) -> Result<()> {
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("建不了文件夹 {}", args.out.display()))?;
    let mut twin = VirtualPrinter::new(args.width.0);
    twin.faults = faults(args);
    let twin = Shared::new(twin);
    let drawing = draw(&twin, &args.out);
    serve(&twin, args.listen, args.stop_with_stdin, drawing).await
}

fn faults(args: &PrinterArgs) -> Faults {
    let late = args.answers_late_ms.map(Duration::from_millis);
    Faults {
        paper: match args.paper {
            Paper::Plenty => PaperState::Plenty,
            Paper::Low => PaperState::Low,
            Paper::Out => PaperState::Out,
        },
        is_cover_open: args.cover_open,
        is_offline: args.offline,
        answering: match late {
            _ if args.no_answer => Answering::Never,
            Some(time) => Answering::After(time),
            None => Answering::Promptly,
        },
        cover_opens_after: args.cover_opens_after,
        power_fails_after: args.power_fails_after,
    }
}

/// Puts a picture of each paper that comes out into the folder.
async fn draw(twin: &Shared<VirtualPrinter>, folder: &Path) -> Result<()> {
    let mut count = 0_u32;
    loop {
        let slips: VecDeque<Slipped> = twin.with(VirtualPrinter::take_slips);
        for slip in slips {
            count += 1;
            let half = if slip.is_whole() { "" } else { "-half" };
            let file = folder.join(format!("{count:04}{half}.png"));
            std::fs::write(&file, png(&slip.dots))
                .with_context(|| format!("写不了图片 {}", file.display()))?;
            print(&file.display().to_string());
        }
        sleep(LOOK_EVERY).await;
    }
}

async fn reader(args: &ReaderArgs) -> Result<()> {
    let mut twin = VirtualReader::new();
    twin.mood = match args.mood {
        MoodName::Well => Mood::Well,
        MoodName::Mute => Mood::Mute,
        MoodName::Babbling => Mood::Babbling,
        MoodName::Noisy => Mood::Noisy,
        MoodName::Slow => Mood::Slow(Duration::from_secs(5)),
    };
    let twin = Shared::new(twin);
    let cards = put_down(&twin, &args.card);
    serve(&twin, args.listen, args.stop_with_stdin, cards).await
}

/// Puts the card down when its file appears, and takes it away with the file.
async fn put_down(twin: &Shared<VirtualReader>, file: &Path) -> Result<()> {
    let mut lies_there = false;
    loop {
        match (file.exists(), lies_there) {
            (true, false) => {
                if let Some(card) = card_of_file(file)? {
                    twin.with(|twin| twin.put(card))?;
                }
            }
            (false, true) => twin.with(VirtualReader::take_away),
            _ => {}
        }
        lies_there = file.exists();
        sleep(LOOK_EVERY).await;
    }
}

async fn serve<T: Twin>(
    twin: &Shared<T>,
    listen: SocketAddr,
    stop_with_stdin: bool,
    beside: impl Future<Output = Result<()>>,
) -> Result<()> {
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("地址 {listen} 用不了"))?;
    print(&format!("模拟设备开着：tcp:{}", listener.local_addr()?));
    let standard_input = StandardInput::by_flag(stop_with_stdin);
    tokio::select! {
        ended = twin.serve(listener) => ended.context("模拟设备停了"),
        ended = beside => ended,
        ended = stop::requested(standard_input) => ended.map(drop).context("等不了停止信号"),
    }
}
