//! `status`: what a card says of itself, or what a running driver has counted, for a person or as JSON.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use wire::status::FaultReport;

use super::{Answer, Conversation, Heard, converse, no_answer, settings};
use crate::cli::{Failure, frames, print, usage, words};
use crate::codec::Protocol;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::fault_words::listed;
use crate::port::PortAddress;
use crate::serve::faults::file_in;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "问一块 onbon-k 卡，不改变屏上的任何东西。参数那一项，公开的协议没有写明字节的排列，所以原样列出。
屏驱动开着时占着端口，问不了卡；这时用 --data 看它数下的故障，每半分钟一记。

例：display-driver status /dev/ttyUSB0 --address 2
    display-driver status --data ./data --json"
)]
pub(in crate::cli) struct StatusArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address, required_unless_present = "data")]
    port: Option<PortAddress>,
    /// 看开着的屏驱动数下的故障；写它的数据文件夹
    #[arg(long, value_name = "文件夹", conflicts_with_all = ["port", "address", "baud"])]
    data: Option<PathBuf>,
    /// 屏号；不写为 1
    #[arg(
        long,
        value_name = "号",
        default_value_t = 1,
        hide_default_value = true
    )]
    address: u16,
    /// 波特率；不写为 57600
    #[arg(long, value_name = "数", value_parser = super::baud)]
    baud: Option<u32>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn status(args: &StatusArgs) -> Result<ExitCode, Failure> {
    match (&args.data, &args.port) {
        (Some(folder), _) => faults(folder, args.json),
        (None, Some(port)) => of_card(args, port),
        (None, None) => Err(Failure::wrong_usage("写端口，或者写 --data。")),
    }
}

/// What the running driver has counted.
fn faults(folder: &Path, is_json: bool) -> Result<ExitCode, Failure> {
    let file = file_in(folder);
    let text = std::fs::read_to_string(&file).map_err(|fault| {
        let cause = words::fault::cause(&fault);
        Failure::refused(format!(
            "读不了 {}：{cause}。屏驱动开过一次才有。",
            file.display()
        ))
    })?;
    let reports: Vec<FaultReport> = serde_json::from_str(&text)
        .map_err(|_| Failure::refused(format!("{} 不完整，过半分钟再看。", file.display())))?;
    if is_json {
        print(&text);
        return Ok(ExitCode::SUCCESS);
    }
    if reports.is_empty() {
        print("屏驱动启动以来没有出过错。");
    }
    for report in &reports {
        let whose = report.boards.join("、");
        let line = if report.is_line { "那条线" } else { "" };
        if let Some(listed) = listed(report) {
            print(&format!("{whose}{line}：{listed}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a card says of itself.
struct Told {
    state: Value,
    fonts: Answer,
    parameters: Answer,
}

fn of_card(args: &StatusArgs, port: &PortAddress) -> Result<ExitCode, Failure> {
    let settings = settings(Protocol::OnbonK, port, args.baud, None);
    let told = converse(async {
        let mut line = Conversation::open(Protocol::OnbonK, &settings).await?;
        let state = match ask(&mut line, args.address, "query-status").await? {
            Answer::Came(reply) => reply,
            Answer::None(heard) => return Err(no_answer(heard)),
        };
        Ok(Told {
            state,
            fonts: ask(&mut line, args.address, "list-fonts").await?,
            parameters: ask(&mut line, args.address, "read-parameters").await?,
        })
    })?;
    let mut lines = state_lines(args.address, &told.state)?;
    if args.json {
        print(&document(args.address, &told).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    lines.push(format!("字库：{}", self::told(&told.fonts, fonts_text)));
    lines.push(format!("参数：{}", self::told(&told.parameters, raw_text)));
    lines.iter().for_each(|line| print(line));
    Ok(ExitCode::SUCCESS)
}

/// As `decode` writes it; a question without an answer is `null`.
fn document(address: u16, told: &Told) -> Value {
    let params = |answer: &Answer| match answer {
        Answer::Came(reply) => reply["params"].clone(),
        Answer::None(_) => Value::Null,
    };
    json!({
        "address": address, "state": told.state["params"], "fonts": params(&told.fonts),
        "parameters": params(&told.parameters),
    })
}

async fn ask(line: &mut Conversation, address: u16, command: &str) -> Result<Answer, Failure> {
    let header = json!({"dst": address});
    let wire = frames::wire(Protocol::OnbonK, command, Value::Null, Some(header))?;
    line.ask(&wire, Protocol::OnbonK.answer_wait()).await
}

fn state_lines(address: u16, reply: &Value) -> Result<Vec<String>, Failure> {
    let params = &reply["params"];
    if let Some(why) = refusal(reply) {
        return Err(Failure::refused(format!("屏不肯说状态：{why}。")));
    }
    let number = |field: &str| params[field].as_u64().unwrap_or_default();
    let ids: Vec<String> = params["dynamic_ids"]
        .as_array()
        .map(|ids| ids.iter().map(Value::to_string).collect())
        .unwrap_or_default();
    let power = match number("power") {
        1 => "开".to_owned(),
        2 => "关".to_owned(),
        other => format!("未知（{other}）"),
    };
    let programs = match number("programs") {
        0 => "无".to_owned(),
        count => {
            let current = params["current_program"].as_str().unwrap_or("?");
            format!("{count} 个，正在放 {current}")
        }
    };
    Ok(vec![
        format!("屏号：{address}"),
        format!("电源：{power}"),
        format!("亮度：{}（0 到 15）", number("brightness")),
        format!(
            "时钟：{}",
            params["clock"]["time"]
                .as_str()
                .unwrap_or("卡没有正确的时间")
        ),
        format!("节目：{programs}"),
        format!(
            "动态区：{}",
            if ids.is_empty() {
                "无".to_owned()
            } else {
                ids.join("、")
            }
        ),
    ])
}

/// What the card says to a question of the second rank, or why it says nothing.
fn told(answer: &Answer, text: impl Fn(&Value) -> String) -> String {
    match answer {
        Answer::None(Heard::Broken) => "答复不完整".to_owned(),
        Answer::None(Heard::Nothing | Heard::Echo) => "没有答复".to_owned(),
        Answer::Came(reply) => match refusal(reply) {
            Some(why) => format!("卡不说：{why}"),
            None => text(&reply["params"]),
        },
    }
}

fn refusal(reply: &Value) -> Option<String> {
    let code = reply["params"]["error"].as_u64().unwrap_or_default();
    let code = AnswerCode::from_byte(u8::try_from(code).unwrap_or(u8::MAX));
    (reply["command"] == "nack" || code != AnswerCode::Ok)
        .then(|| words::onbon_k::answer_code(code))
}

fn fonts_text(params: &Value) -> String {
    let Some(fonts) = params["fonts"].as_array() else {
        return raw_text(params);
    };
    let name = |font: &Value| {
        let script = if font["kind"] == 0 {
            "西文"
        } else {
            "中文"
        };
        format!("{script} {}×{}", font["width"], font["height"])
    };
    fonts.iter().map(name).collect::<Vec<_>>().join("、")
}

fn raw_text(params: &Value) -> String {
    match params["data"].as_str() {
        Some(hex) => format!("原样 {hex}"),
        None => params.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_told_in_words() {
        let reply = json!({"command": "status-reply", "params": {
            "error": 0, "power": 2, "brightness": 8, "clock": {"time": "2026-03-09 08:30:00"},
            "programs": 1, "current_program": "P000", "dynamic_ids": [0, 3],
        }});
        let lines = state_lines(2, &reply).expect("a status");
        let expected = [
            "屏号：2",
            "电源：关",
            "亮度：8（0 到 15）",
            "时钟：2026-03-09 08:30:00",
            "节目：1 个，正在放 P000",
            "动态区：0、3",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_refusal_is_told_with_its_meaning() {
        let nack = json!({"command": "nack", "params": {"error": 2}});
        let told = told(&Answer::Came(nack.clone()), raw_text);
        assert_eq!(told, "卡不说：不认识的命令（2）");
        assert!(state_lines(1, &nack).is_err());
    }
}
