//! `send`: one command to one board, and what it answers.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::{Answer, Conversation, Heard, converse, no_answer, settings};
use crate::cli::{Failure, families, frames, print, say, usage};
use crate::codec::{BoardFamily, ReplyExpected, Side};
use crate::line_format::LineFormat;
use crate::port::PortAddress;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = format!("打印屏的答复（JSON）；屏拒绝或没有回话，退出码为 1。只发一次，不重发。
{} 会删除屏上的内容，要加 --yes。
Alpha 屏写入时多半不答复，没有答复不算失败；读命令要有答复。

例：display-driver send /dev/ttyUSB0 onbon-k power --params '{{\"state\":2}}' --address 3
    display-driver send tcp:192.168.1.50:5005 onbon-k query-status
    display-driver send /dev/ttyUSB1 alpha write-string --params '{{\"label\":\"S\",\"text\":\"A012\"}}'", all_deleting())
)]
pub(in crate::cli) struct SendArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address)]
    port: PortAddress,
    #[arg(value_name = "协议", value_parser = frames::family, help = families())]
    family: BoardFamily,
    /// 命令名，用 display-driver commands 协议 查看
    #[arg(value_name = "命令")]
    command: String,
    #[command(flatten)]
    params: frames::ParamsArg,
    /// 屏号；不写：onbon-k 为 1（读写屏号为广播 65534），alpha 为 0（所有屏）。65535 广播，不等答复
    #[arg(long, value_name = "号")]
    address: Option<u16>,
    /// 波特率；不写：onbon-k 57600，alpha 9600
    #[arg(long, value_name = "数", value_parser = super::baud)]
    baud: Option<u32>,
    /// 数据格式：8N1、7E1、8E1、8N2、7E2；不写：onbon-k 8N1，alpha 7E1
    #[arg(long, value_name = "格式", value_parser = frames::line_format)]
    format: Option<LineFormat>,
    /// 确认要执行会删除内容的命令
    #[arg(long)]
    yes: bool,
}

pub(in crate::cli) fn send(args: &SendArgs) -> Result<ExitCode, Failure> {
    let (family, command) = (args.family, args.command.as_str());
    let module = family.module();
    let header = module.header_to(args.address, command);
    let header = header.map_err(Failure::wrong_usage)?;
    if module.facts().file_document == Some(command) {
        let why = "是节目文件，不是一帧；用 display-driver store 存到卡上。";
        return Err(Failure::wrong_usage(format!("{command} {why}")));
    }
    let runs = frames::frame(family, command, args.params.read()?, Some(header))?;
    let document = module.decode(&frames::bytes_of(&runs), Some(Side::Host));
    let document = document.unwrap_or(Value::Null);
    if let Some(name) = deleting(family, &document).filter(|_| !args.yes) {
        return Err(Failure::refused(format!(
            "{name} 会删除屏上的内容，不能恢复；确定要做就加 --yes。"
        )));
    }
    let expected = module.reply_expected(command, &document);
    let settings = settings(family, &args.port, args.baud, args.format);
    converse(async {
        let mut line = Conversation::open(family, &settings).await?;
        let wait = match expected {
            ReplyExpected::None => {
                line.tell(&runs).await?;
                line.wait_until_sent(frames::bytes_of(&runs).len()).await;
                say("已发送；广播和写明不必答复的命令，没有答复。");
                return Ok(ExitCode::SUCCESS);
            }
            ReplyExpected::Perhaps(wait) => wait,
            ReplyExpected::Surely => module.facts().answer_wait,
        };
        match line.ask(&runs, wait).await? {
            Answer::Came(reply) => report(family, &reply.document),
            Answer::None(heard) if expected != ReplyExpected::Surely => {
                let note = match heard {
                    Heard::Broken => "收到的字节不成帧",
                    Heard::Nothing | Heard::Echo => "没有答复",
                };
                say(&format!(
                    "已发送；{note}（{} 屏写入多半不答复）。",
                    family.name()
                ));
                Ok(ExitCode::SUCCESS)
            }
            Answer::None(heard) => Err(no_answer(heard)),
        }
    })
}

/// The commands of all families that delete what a board holds.
fn all_deleting() -> String {
    let families = BoardFamily::ALL.iter();
    let names = families.flat_map(|family| family.facts().deletes);
    names.copied().collect::<Vec<_>>().join("、")
}

/// The first command of a frame that deletes what the board holds, also one of several and one given
/// as raw bytes.
fn deleting(family: BoardFamily, document: &Value) -> Option<String> {
    let name = document["command"].as_str()?;
    if family.facts().deletes.contains(&name) {
        return Some(name.to_owned());
    }
    let inner = document["params"]["commands"].as_array()?;
    inner.iter().find_map(|inner| deleting(family, inner))
}

fn report(family: BoardFamily, reply: &Value) -> Result<ExitCode, Failure> {
    print(&reply.to_string());
    match family.module().refusal(reply) {
        Some(why) => Err(Failure::refused(format!("屏拒绝了：{why}。"))),
        None => Ok(ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_deletes_is_found_by_name_among_several_and_in_raw_bytes() {
        let found = |family: BoardFamily, name: &str, params: Value| {
            let runs = frames::frame(family, name, params, None).expect(name);
            let bytes = frames::bytes_of(&runs);
            let document = family.module().decode(&bytes, Some(Side::Host));
            deleting(family, &document.expect(name))
        };
        let reset = json!({"data": "a201010000"});
        assert_eq!(
            found(BoardFamily::OnbonK, "unknown", reset).as_deref(),
            Some("reset")
        );
        let names = json!({"names": []});
        assert!(found(BoardFamily::OnbonK, "delete-files", names).is_some());
        assert_eq!(found(BoardFamily::OnbonK, "clear-screen", json!({})), None);
        let two = json!({"commands": [
            {"command": "soft-reset", "params": {}}, {"command": "clear-memory", "params": {}},
        ]});
        assert_eq!(
            found(BoardFamily::Alpha, "several", two).as_deref(),
            Some("clear-memory")
        );
        assert_eq!(found(BoardFamily::Alpha, "soft-reset", json!({})), None);
    }
}
