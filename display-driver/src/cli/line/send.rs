//! `send`: one command to one board, and what it answers.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Map, Value, json};

use super::{Answer, Conversation, converse, no_answer, settings};
use crate::cli::{Failure, frames, print, say, usage, words};
use crate::codec::onbon_k::answer::AnswerCode;
use crate::codec::onbon_k::document::PROGRAM;
use crate::codec::onbon_k::message::MUST_NOT_ANSWER;
use crate::codec::{Protocol, Side, alpha, onbon_k};
use crate::line_format::LineFormat;
use crate::port::PortAddress;

/// Nobody answers a frame to this address.
const SILENT_BROADCAST: u64 = 0xFFFF;
/// Every card answers a frame to this address.
const ANSWERED_BROADCAST: u64 = 0xFFFE;
/// Most signs never answer a write; one that does, does at once.
const SIGN_WRITE_WAIT: Duration = Duration::from_millis(500);

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "打印屏的答复（JSON）；屏拒绝或没有回话，退出码为 1。只发一次，不重发。
reset、format、delete-files、clear-memory、configure-memory 会删除屏上的内容，要加 --yes。
Alpha 屏写入时多半不答复，没有答复不算失败；读命令要有答复。

例：display-driver send /dev/ttyUSB0 onbon-k power --params '{\"state\":2}' --address 3
    display-driver send tcp:192.168.1.50:5005 onbon-k query-status
    display-driver send /dev/ttyUSB1 alpha write-string --params '{\"label\":\"S\",\"text\":\"A012\"}'"
)]
pub(in crate::cli) struct SendArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address)]
    port: PortAddress,
    /// 屏的协议：onbon-k、alpha
    #[arg(value_name = "协议")]
    family: String,
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
    let protocol = frames::protocol(&args.family)?;
    let header = header(protocol, args)?;
    let params = args.params.read()?;
    if (protocol, args.command.as_str()) == (Protocol::OnbonK, PROGRAM) {
        let why = "program 是节目文件，不是一帧；用 display-driver store 存到卡上。";
        return Err(Failure::wrong_usage(why));
    }
    let wire = frames::wire(protocol, &args.command, params, Some(header))?;
    let document = decode(protocol, &wire.bytes);
    if let Some(name) = document
        .as_ref()
        .and_then(destructive)
        .filter(|_| !args.yes)
    {
        return Err(Failure::refused(format!(
            "{name} 会删除屏上的内容，不能恢复；确定要做就加 --yes。"
        )));
    }
    let settings = settings(protocol, &args.port, args.baud, args.format);
    converse(async {
        let mut line = Conversation::open(protocol, &settings).await?;
        let Some(wait) = wait(
            protocol,
            &args.command,
            document.as_ref(),
            protocol.answer_wait(),
        ) else {
            line.tell(&wire).await?;
            line.wait_until_sent(wire.bytes.len()).await;
            say("已发送；广播和写明不必答复的命令，没有答复。");
            return Ok(ExitCode::SUCCESS);
        };
        match line.ask(&wire, wait).await? {
            Answer::Came(reply) => report(&reply),
            Answer::None(heard) if is_silence_usual(protocol, &args.command) => {
                let note = match heard {
                    super::Heard::Broken => "收到的字节不成帧",
                    super::Heard::Nothing | super::Heard::Echo => "没有答复",
                };
                say(&format!("已发送；{note}（Alpha 屏写入多半不答复）。"));
                Ok(ExitCode::SUCCESS)
            }
            Answer::None(heard) => Err(no_answer(heard)),
        }
    })
}

/// The address as each protocol writes it.
fn header(protocol: Protocol, args: &SendArgs) -> Result<Value, Failure> {
    let is_about_number =
        ["set-screen-number", "read-screen-number"].contains(&args.command.as_str());
    match (protocol, args.address) {
        (Protocol::OnbonK, Some(address)) => Ok(json!({"dst": address})),
        (Protocol::OnbonK, None) if is_about_number => Ok(json!({"dst": ANSWERED_BROADCAST})),
        (_, None) => Ok(Value::Object(Map::new())),
        (Protocol::Alpha, Some(address)) => u8::try_from(address)
            .map(|address| json!({"address": format!("{address:02X}")}))
            .map_err(|_| Failure::wrong_usage("alpha 屏的地址应在 0 到 255 之间。")),
    }
}

fn decode(protocol: Protocol, bytes: &[u8]) -> Option<Value> {
    match protocol {
        Protocol::OnbonK => onbon_k::document::decode(bytes, Some(Side::Host)).ok(),
        Protocol::Alpha => alpha::document::decode(bytes, Some(Side::Host)).ok(),
    }
}

/// The first command of a frame that deletes what the board holds, also one of several and one given
/// as raw bytes.
fn destructive(document: &Value) -> Option<String> {
    const DESTRUCTIVE: [&str; 5] = [
        "reset",
        "format",
        "delete-files",
        "clear-memory",
        "configure-memory",
    ];
    let name = document["command"].as_str()?;
    if DESTRUCTIVE.contains(&name) {
        return Some(name.to_owned());
    }
    let inner = document["params"]["commands"].as_array()?;
    inner.iter().find_map(destructive)
}

/// How long the board may think; `None` when nobody will answer.
fn wait(
    protocol: Protocol,
    command: &str,
    document: Option<&Value>,
    device: Duration,
) -> Option<Duration> {
    let dst = document.and_then(|document| document["header"]["dst"].as_u64());
    let answer = document.and_then(|document| document["params"]["answer"].as_u64());
    let wants_none = answer == Some(u64::from(MUST_NOT_ANSWER));
    match protocol {
        Protocol::OnbonK if dst == Some(SILENT_BROADCAST) || wants_none => None,
        _ if is_silence_usual(protocol, command) => Some(SIGN_WRITE_WAIT),
        _ => Some(device),
    }
}

fn is_silence_usual(protocol: Protocol, command: &str) -> bool {
    protocol == Protocol::Alpha && !command.starts_with("read-")
}

fn report(reply: &Value) -> Result<ExitCode, Failure> {
    print(&reply.to_string());
    let error = reply["params"]["error"].as_u64().unwrap_or_default();
    match (reply["command"].as_str(), u8::try_from(error)) {
        (Some("nak"), _) => Err(Failure::refused("屏拒绝了，原因见答复的 faults。")),
        (Some("nack"), Ok(code)) | (_, Ok(code @ 1..)) => {
            let why = words::onbon_k::answer_code(AnswerCode::from_byte(code));
            Err(Failure::refused(format!("屏拒绝了：{why}。")))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deletes_is_found_by_name_among_several_and_in_raw_bytes() {
        let found = |protocol, name: &str, params: Value| {
            let wire = frames::wire(protocol, name, params, None).expect(name);
            decode(protocol, &wire.bytes).as_ref().and_then(destructive)
        };
        let reset = json!({"data": "a201010000"});
        assert_eq!(
            found(Protocol::OnbonK, "unknown", reset).as_deref(),
            Some("reset")
        );
        let names = json!({"names": []});
        assert!(found(Protocol::OnbonK, "delete-files", names).is_some());
        assert_eq!(found(Protocol::OnbonK, "clear-screen", json!({})), None);
        let two = json!({"commands": [
            {"command": "soft-reset", "params": {}}, {"command": "clear-memory", "params": {}},
        ]});
        assert_eq!(
            found(Protocol::Alpha, "several", two).as_deref(),
            Some("clear-memory")
        );
        assert_eq!(found(Protocol::Alpha, "soft-reset", json!({})), None);
    }
}
