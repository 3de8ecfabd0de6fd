//! The command line `display-driver`.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 refused or
//! failed, 2 wrong usage. [`run`] takes its arguments as values, so that the kiosk's demo can start a
//! driver inside its own executable.

mod frames;
mod line;
mod preview;
mod program_files;
mod serve;
mod simulate;
mod usage;
mod words;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::codec::BoardFamily;
use crate::config::{self, BoardsConfig};
use crate::hall_clock::HallClock;

/// Refused or failed.
const FAILED: u8 = 1;
/// Wrong usage.
const WRONG_USAGE: u8 = 2;

/// LED 屏驱动：驱动大厅的屏，检查和设置一块屏，编码、解码屏的协议，模拟屏。
#[derive(Debug, Parser)]
#[command(
    name = "display-driver",
    version,
    help_template = usage::TEMPLATE,
    subcommand_help_heading = "命令",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// 显示帮助
    #[arg(short, long, global = true, display_order = 999, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// 把一条命令编码成一帧，输出十六进制
    #[command(help_template = usage::TEMPLATE)]
    Encode(EncodeArgs),
    /// 把一帧十六进制解码成一份 JSON
    #[command(help_template = usage::TEMPLATE)]
    Decode(DecodeArgs),
    /// 列出一种协议的所有命令，每条带一个参数例子
    #[command(help_template = usage::TEMPLATE)]
    Commands(CommandsArgs),
    /// 列出串口：固定的名字，空闲还是被占用
    Ports(line::PortsArgs),
    /// 找出一块卡的波特率和屏号
    Discover(line::DiscoverArgs),
    /// 把一条命令发给一块屏，打印它的答复
    Send(line::SendArgs),
    /// 看一块卡的状态：电源、亮度、时钟、节目、动态区
    Status(line::StatusArgs),
    /// 把节目文件存到一块卡上：没有驱动时屏自己放的内容
    Store(line::StoreArgs),
    /// 锁定卡上的一个节目，或者放开
    Lock(line::LockArgs),
    /// 把一段文字画成屏上的样子，存成 PNG
    Preview(preview::PreviewArgs),
    /// 模拟一块或几块屏，接在虚拟串口或 TCP 上，可以带故障
    Simulate(simulate::SimulateArgs),
    /// 驱动大厅的屏：放岗位、政策、通知和叫号
    Serve(serve::ServeArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "例：display-driver encode onbon-k power --params '{\"state\":1}' --header '{\"dst\":2}'\n    \
        display-driver encode alpha write-string --params '{\"label\":\"S\",\"text\":\"A012\"}'"
)]
struct EncodeArgs {
    #[arg(value_name = "协议", value_parser = frames::family, help = families())]
    family: BoardFamily,
    /// 命令名，用 --list 查看
    #[arg(value_name = "命令", required_unless_present = "list")]
    command: Option<String>,
    #[command(flatten)]
    params: frames::ParamsArg,
    /// 帧头字段，不写的用常用值
    #[arg(long, value_name = "JSON")]
    header: Option<String>,
    /// 列出所有命令，每条带一个参数例子
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "例：display-driver commands onbon-k")]
struct CommandsArgs {
    #[arg(value_name = "协议", value_parser = frames::family, help = families())]
    family: BoardFamily,
}

#[derive(Debug, Args)]
#[command(
    after_help = "帧、转义、长度和校验都对，退出码为 0；否则输出 {error, offset}，退出码为 1。

例：display-driver decode onbon-k 'A5 0080FEFF0000000000 00FE020500 A000000000 14AC 5A'"
)]
struct DecodeArgs {
    #[arg(value_name = "协议", value_parser = frames::family, help = families())]
    family: BoardFamily,
    /// 一帧的十六进制，空格和 | 不算
    #[arg(value_name = "十六进制")]
    hex: String,
    /// 谁发出的：host 上位机，board 屏；不写则按帧判断
    #[arg(long, value_name = "host|board", hide_possible_values = true)]
    from: Option<frames::From>,
}

/// Runs one command line, the program name first, and gives the exit code.
#[must_use]
pub fn run(args: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage::explain(&error),
    };
    let outcome = match cli.verb {
        Verb::Encode(args) => frames::encode(&args),
        Verb::Decode(args) => frames::decode(&args),
        Verb::Commands(args) => frames::commands(&args),
        Verb::Ports(args) => line::ports(&args),
        Verb::Discover(args) => line::discover(&args),
        Verb::Send(args) => line::send(&args),
        Verb::Status(args) => line::status(&args),
        Verb::Store(args) => line::store(&args),
        Verb::Lock(args) => line::lock(&args),
        Verb::Preview(args) => preview::preview(&args),
        Verb::Simulate(args) => simulate::simulate(&args),
        Verb::Serve(args) => serve::run(args),
    };
    match outcome {
        Ok(code) => code,
        Err(Failure { exit, sentence }) => {
            say(&sentence);
            ExitCode::from(exit)
        }
    }
}

/// The help of an argument that takes a family.
fn families() -> String {
    format!("屏的协议：{}", BoardFamily::names())
}

/// Why a verb did not do its work, for a person.
#[derive(Debug)]
struct Failure {
    exit: u8,
    sentence: String,
}

impl Failure {
    fn wrong_usage(sentence: impl Into<String>) -> Self {
        Self {
            exit: WRONG_USAGE,
            sentence: sentence.into(),
        }
    }

    fn refused(sentence: impl Into<String>) -> Self {
        Self {
            exit: FAILED,
            sentence: sentence.into(),
        }
    }
}

/// Reads a file of boards, and says what of it is over.
fn config_of(path: &Path) -> Result<BoardsConfig, Failure> {
    let read = std::fs::read_to_string(path);
    let text = read.map_err(|fault| {
        let cause = words::fault::cause(&fault);
        Failure::refused(format!("读不了 {}：{cause}。", path.display()))
    })?;
    let name = path.display();
    let today = HallClock::start().now().wall.date();
    let config =
        config::parse(&text, today).map_err(|fault| Failure::refused(format!("{name} {fault}")))?;
    for overdue in &config.overdue {
        say(&format!("{name} {overdue}"));
    }
    Ok(config)
}

/// Writes a line of the result. A reader that has gone away is no fault of ours.
fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line for a person to standard error.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
