//! `central sms-twin`: the virtual SMS gateway by itself, to try a configuration against.

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use crate::edge;
use crate::outreach::{Twin, TwinPlan};

use super::{Sentence, say_on_stdout};

pub(super) const TWIN_HELP: &str = "\n在中心的配置里写 sms_url = \"http://127.0.0.1:7390/send\" 和 sms_success = \"/code = OK\" 就会发到这里；用浏览器打开同一个地址（不带 send）看收到了什么。";

/// How it behaves.
#[derive(Debug, Args)]
pub(super) struct TwinArguments {
    /// 监听的地址和端口；端口 0 由系统选
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:7390")]
    listen: SocketAddr,
    /// 同一个种子，每次做的一样
    #[arg(long, value_name = "数", default_value_t = 7)]
    seed: u64,
    /// 百分之几拒收
    #[arg(long, value_name = "百分数", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    refused: u8,
    /// 百分之几回故障（应当稍后再试）
    #[arg(long, value_name = "百分数", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    broken: u8,
    /// 百分之几不回话
    #[arg(long, value_name = "百分数", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    silent: u8,
    /// 百分之几收下但回得慢
    #[arg(long, value_name = "百分数", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    late: u8,
}

/// Runs until Ctrl-C.
pub(super) fn run(arguments: &TwinArguments) -> Result<(), Sentence> {
    let plan = TwinPlan {
        seed: arguments.seed,
        refused: arguments.refused,
        broken: arguments.broken,
        silent: arguments.silent,
        late: arguments.late,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("运行环境起不来：{error}"))?;
    runtime.block_on(async {
        let listen = arguments.listen;
        let unusable = |error| format!("地址 {listen} 用不了：{error}");
        let listener = TcpListener::bind(listen).await.map_err(unusable)?;
        let twin = Twin::start(listener, plan, edge::system_clock()).map_err(unusable)?;
        say_on_stdout(&format!(
            "虚拟短信网关在 http://{} （按 Ctrl-C 停止）",
            twin.address()
        ))?;
        tokio::signal::ctrl_c()
            .await
            .map_err(|error| format!("等不到停止的信号：{error}"))
    })
}
