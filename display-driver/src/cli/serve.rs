//! `serve`: the driver of a hall's boards, until it is asked to stop.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use sync::address::PlainHttp;
use sync::stop::{StandardInput, requested};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use super::{Failure, config_of, program_files, usage};
use crate::codec::ProgramFile;
use crate::config::BoardsConfig;
use crate::content::BoardId;
use crate::serve::{ServeOptions, serve};

/// A file of boards, for the help.
const EXAMPLE: &str = r#"[[port]]
path = "/dev/serial/by-id/usb-FTDI_0001"   # 插拔后不变的名字
baud = 57600
# format = "8N1"          # 数据格式；卡用 8N1、8E1、8N2
# dtr = false             # 打开端口后把 DTR、RTS 设成高（true）或低（false）；不写就不动
# rts = false
# low_latency = true      # FTDI 适配器收到就交，不等 16 毫秒；要能写 latency_timer
# 带网口的卡不写 path，写：tcp = "192.168.1.50:5005"

[[port.board]]
id = "LED-01"              # 设备编号
name = "大厅屏"
family = "onbon-k"
address = 1                # 卡上的屏号
width = 192
height = 32
colour = "two"             # single 单色，two 双色
shows = ["vacancies", "policies", "notices", "calls"]   # 不分区，整块屏轮着放
# window = 3               # 窗口条屏：只放这个窗口的号和状态
# lit = ["07:30-18:30"]    # 亮屏时段，别的时候只放紧急信息
# lit_days = "working"     # every 每天，working 只在工作日，rest 只在休息日
# 亮度 0 到 15：一直一样，或者按时间，都在整点或半点
# brightness = { usual = 4, "08:00-18:30" = 15 }
# timer = ["07:00-19:00"]  # 卡自己的定时开关，驱动停了也管用；紧急信息照样亮。[] 一直亮
# programs = ["idle.json"] # 存进卡里的节目，没有驱动时放；内容变了才重存
# 厂家的文件没有写明的，按卡上、屏上看到的写
# fonts = { 16 = "000", 24 = "001", 32 = "002" }        # 中文字库文件名的后三位，没有的不写
# latin_fonts = { 16 = "000", 24 = "001", 32 = "002" }  # 西文字库
# frame_bytes = 1024       # 卡一次收多少字节：5K 卡 512，6K 卡 1024
# scroll = { usual = { speed = 4, dot_ms = 25 }, slow = { speed = 9, dot_ms = 50 } }  # speed 0 最快 24 最慢，dot_ms 走一个点要几毫秒
# flash_half_s = 1         # 叫号闪烁，亮、灭各几个半秒
# answer_ms = 2000         # 多久不回话算没有回话

# 分区的屏不写 shows，每个区写放哪个列表
[[port.board]]
id = "LED-03"
name = "导办台屏"
family = "onbon-k"
address = 2
width = 256
height = 64
colour = "two"

[[port.board.zone]]
x = 0                      # 区的左上角和大小，点数
y = 0
width = 192
height = 64
list = "上午"
calls = true               # 叫号放在这个区；哪个区都不写就占整块屏

[[port.board.zone]]
x = 192
y = 0
width = 64
height = 64
[[port.board.zone.item]]   # 只有这个区用的，直接写在区里
play = "clock"

# 列表：text 固定文字，vacancies 岗位，policies 政策，notices 通知，publicity 公示，
# slogans 标语，waiting 等候名单，clock 时钟，window 窗口牌
[[list]]
name = "上午"
[[list.item]]
play = "vacancies"
words = ["电工", "焊工"]   # 岗位名里有其中一个；下面几行都可以不写
place = "城西"
pay_from = 5000            # 月薪至少多少元
forms = ["全职", "零工"]   # 还有 兼职、实习
newest = 20                # 最新的几条
template = "{岗位} {工资}\n{单位} {地点} {人数}"
times = ["08:30-12:00"]    # 什么时候放；下面几行每一项都能写
weekdays = ["周一", "周五"]
days = "working"
from = 2026-01-01
to = 2099-12-31
dwell = 10                 # 每页停几秒
effect = "up"              # still 直接换，up 从下往上，down 从上往下
speed = "slow"             # usual 平常，slow 慢
[[list.item]]
play = "text"
text = "欢迎来办事"

# Alpha 屏不能和卡接在同一端口；baud 不写为 9600，format 不写为 7E1
[[port]]
path = "/dev/serial/by-id/usb-FTDI_0002"

[[port.board]]
id = "LED-02"
name = "门口屏"
family = "alpha"
address = 1                # 1 到 255
width = 192
height = 16                # 最多 255 列 31 行
colour = "two"
# reads = false            # 线只通到屏、读不回来时要写，不写就一直等它答复
# acknowledges = true      # 会答复写入的屏（Alpha 2.0、3.0）"#;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = format!("例：display-driver serve --config boards.toml\n\nboards.toml 的写法：\n\n{EXAMPLE}")
)]
pub(super) struct ServeArgs {
    /// 屏的配置文件
    #[arg(long, value_name = "文件")]
    config: PathBuf,
    /// 中心的网址；不写为 http://127.0.0.1:7310
    #[arg(
        long,
        value_name = "网址",
        default_value = "http://127.0.0.1:7310",
        hide_default_value = true
    )]
    central: String,
    /// 签发中心证书的 CA 文件（ca.pem）；第一次启动给一次，以后自己记得
    #[arg(long, value_name = "文件")]
    central_ca: Option<PathBuf>,
    /// 允许用明文 HTTP 连别的机器上的中心
    #[arg(long)]
    allow_plain_http: bool,
    /// 日志和钥匙放在哪个文件夹；不写为 ./data
    #[arg(
        long,
        value_name = "文件夹",
        default_value = "./data",
        hide_default_value = true
    )]
    data: PathBuf,
    /// 用这个文件夹里的数据代替内置的，如 calendar/workdays.csv
    #[arg(long, value_name = "文件夹")]
    assets: Option<PathBuf>,
    /// 第一次启动用的登记码
    #[arg(long, value_name = "八位数")]
    enrol_code: Option<String>,
    /// 标准输入关闭时结束（由别的程序启动时用）
    #[arg(long)]
    stop_with_stdin: bool,
}

/// Serves until SIGINT, SIGTERM or, if wished, the end of standard input.
pub(super) fn run(args: ServeArgs) -> Result<ExitCode, Failure> {
    let boards = config_of(&args.config)?;
    let programs = programs(&args.config, &boards)?;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let to_stderr = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second subscriber in one process is refused; the first one serves as well.
    let _ = to_stderr.try_init();
    let cannot_start = |cause: std::io::Error| Failure::refused(format!("不能启动：{cause}。"));
    let runtime = tokio::runtime::Runtime::new().map_err(cannot_start)?;
    let (stop, shutdown) = watch::channel(false);
    let options = ServeOptions {
        boards,
        programs,
        central: args.central,
        central_ca: args.central_ca,
        plain_http: PlainHttp::by_flag(args.allow_plain_http),
        data_dir: args.data,
        assets: args.assets,
        enrol_code: args.enrol_code,
    };
    let standard_input = StandardInput::by_flag(args.stop_with_stdin);
    let served = runtime.block_on(async {
        let serving = tokio::spawn(serve(options, shutdown));
        tokio::pin!(serving);
        tokio::select! {
            served = &mut serving => return served,
            asked = requested(standard_input) => drop(asked),
        }
        stop.send_replace(true);
        serving.await
    });
    // A held request must not hold the program.
    runtime.shutdown_background();
    match served {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(error)) => Err(Failure::refused(format!("{error:#}。"))),
        Err(fault) => Err(Failure::refused(format!("驱动意外停止：{fault}。"))),
    }
}

/// The program files of all boards; a path is told from the folder of the configuration.
fn programs(
    config: &Path,
    boards: &BoardsConfig,
) -> Result<BTreeMap<BoardId, Vec<ProgramFile>>, Failure> {
    let folder = config.parent().unwrap_or(Path::new(""));
    let boards = boards.ports.iter().flat_map(|port| &port.boards);
    let with_programs = boards.filter(|board| !board.programs.is_empty());
    let read = with_programs.map(|board| {
        let paths: Vec<PathBuf> = board.programs.iter().map(|it| folder.join(it)).collect();
        Ok((
            board.id().clone(),
            program_files::read_all(board.family(), &paths)?,
        ))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::EXAMPLE;
    use crate::config;

    #[test]
    fn the_file_in_the_help_is_a_good_one_with_all_that_it_mentions() {
        let today = chrono::NaiveDate::default();
        let ports = |text: &str| config::parse(text, today).expect("a good file").ports.len();
        assert_eq!(ports(EXAMPLE), 2);
        let written = EXAMPLE
            .replace("# format", "format")
            .replace("# window", "window")
            .replace("# lit", "lit")
            .replace("# acknowledges", "acknowledges");
        let keys = [
            "brightness",
            "timer",
            "programs",
            "fonts",
            "latin_fonts",
            "frame_bytes",
            "scroll",
            "flash_half_s",
            "answer_ms",
        ];
        let written = keys.iter().fold(written, |text, key| {
            let (from, to) = (format!("# {key} ="), format!("{key} ="));
            assert!(text.contains(&from), "{key}");
            text.replace(&from, &to)
        });
        assert_eq!(ports(&written), 2);
        assert_eq!(ports(&EXAMPLE.replace("# reads", "reads")), 2);
    }
}
