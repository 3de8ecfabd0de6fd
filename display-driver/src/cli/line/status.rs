//! `status`: what a card says of itself, for a person.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::{Answer, Conversation, Heard, converse, no_answer, settings};
use crate::cli::{Failure, frames, print, usage, words};
use crate::codec::Protocol;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::port::PortAddress;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "只问 onbon-k 卡；它不改变屏上的任何东西。
参数那一项，公开的协议没有写明字节的排列，所以原样列出。

例：display-driver status /dev/ttyUSB0 --address 2"
)]
pub(in crate::cli) struct StatusArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address)]
    port: PortAddress,
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
}

pub(in crate::cli) fn status(args: &StatusArgs) -> Result<ExitCode, Failure> {
    let settings = settings(Protocol::OnbonK, &args.port, args.baud, None);
    let lines = converse(async {
        let mut line = Conversation::open(Protocol::OnbonK, &settings).await?;
        let state = match ask(&mut line, args.address, "query-status").await? {
            Answer::Came(reply) => reply,
            Answer::None(heard) => return Err(no_answer(heard)),
        };
        let fonts = ask(&mut line, args.address, "list-fonts").await?;
        let parameters = ask(&mut line, args.address, "read-parameters").await?;
        let mut lines = state_lines(args.address, &state)?;
        lines.push(format!("字库：{}", told(&fonts, fonts_text)));
        lines.push(format!("参数：{}", told(&parameters, raw_text)));
        Ok(lines)
    })?;
    lines.iter().for_each(|line| print(line));
    Ok(ExitCode::SUCCESS)
}

async fn ask(line: &mut Conversation, address: u16, command: &str) -> Result<Answer, Failure> {
    let header = json!({"dst": address});
    let wire = frames::wire(Protocol::OnbonK, command, Value::Null, Some(header))?;
    line.ask(&wire, line.timing.device).await
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
