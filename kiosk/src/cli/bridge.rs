//! `kiosk bridge`: the way from the staff pages on this desk to its card reader.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use clap::Args;
use kiosk_peripherals::reader::{CardReader, NoReader};
use sync::stop::{self, StandardInput};
use tokio::net::TcpListener;

use super::print;
use crate::bridge::{self, Bridge, Origin, Pairing};
use crate::config::ReaderPlace;

#[derive(Debug, Args)]
#[command(after_help = "\
在窗口的电脑上运行，员工页面上的“读身份证”（F9）就能用这台电脑的读卡器：
  kiosk bridge --origin https://10.0.0.2:7310 --pairing-file ~/.kiosk-pairing
第一次用时，页面会问配对码，照屏幕上显示的输一次。只有本机的、本中心的页面能用，读到的内容不留下。
演示：--reader virtual:card.json，文件里是虚构的人（号码以 999999 开头）。")]
pub(super) struct BridgeOptions {
    /// 员工页面的网址，只到端口为止，例：https://10.0.0.2:7310
    #[arg(long, value_name = "网址")]
    origin: Origin,
    /// 用哪个读卡器：none（没有）、串口（/dev/serial/by-id/…）、tcp:主机:端口，或 virtual:文件
    #[arg(
        long,
        value_name = "读卡器",
        default_value = "none",
        hide_default_value = true
    )]
    reader: Reader,
    /// 读卡器的波特率；不写就用 115200
    #[arg(
        long,
        value_name = "波特率",
        default_value = "115200",
        hide_default_value = true
    )]
    baud: u32,
    /// 配对码存在哪个文件；不写就每次启动换一个
    #[arg(long, value_name = "文件")]
    pairing_file: Option<PathBuf>,
    /// 标准输入关闭时就结束
    #[arg(long)]
    stop_with_stdin: bool,
}

#[derive(Debug, Clone)]
enum Reader {
    None,
    At(ReaderPlace),
}

impl FromStr for Reader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            place => place
                .parse()
                .map(Self::At)
                .map_err(|why: String| format!("{why}，没有就写 none")),
        }
    }
}

impl Reader {
    fn open(&self, baud: u32) -> Box<dyn CardReader> {
        match self {
            Self::None => Box::new(NoReader),
            Self::At(place) => place.open(baud),
        }
    }
}

pub(super) fn run(options: &BridgeOptions) -> Result<()> {
    let pairing = match &options.pairing_file {
        Some(file) => Pairing::kept_in(file)?,
        None => Pairing::new()?,
    };
    let code = pairing.shown();
    let bridge = Bridge::new(
        options.origin.clone(),
        pairing,
        options.reader.open(options.baud),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let place = (Ipv4Addr::LOCALHOST, wire::bridge::PORT);
        let listener = TcpListener::bind(place).await;
        let listener = listener.context("端口用不了，是不是已经开了一个读卡程序？")?;
        print(&format!(
            "读卡程序开着，给 {} 的页面用。配对码：{code}",
            options.origin
        ));
        let standard_input = StandardInput::by_flag(options.stop_with_stdin);
        tokio::select! {
            ended = bridge::serve(listener, bridge) => ended.context("读卡程序停了"),
            ended = stop::requested(standard_input) => ended.map(drop).context("等不了停止信号"),
        }
    })
}
