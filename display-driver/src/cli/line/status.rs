//! `status`: what a card says of itself, or what a running driver has counted, for a person or as JSON.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value, json};
use wire::status::FaultReport;

use super::{Answer, BoardArgs, Conversation, Heard, converse, no_answer, settings};
use crate::cli::{Failure, frames, print, usage, words};
use crate::codec::{BoardFamily, Question};
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
    #[arg(long, value_name = "文件夹", conflicts_with_all = ["port", "address", "baud", "family"])]
    data: Option<PathBuf>,
    #[command(flatten)]
    board: BoardArgs,
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

/// The questions with their answers.
type Told = Vec<(&'static Question, Answer)>;

fn of_card(args: &StatusArgs, port: &PortAddress) -> Result<ExitCode, Failure> {
    let telling = || BoardFamily::first_with(|family| !family.questions().is_empty());
    let family = args.board.family.or_else(telling);
    let family = family.filter(|family| !family.module().questions().is_empty());
    let family = family.ok_or_else(|| Failure::refused("这种屏的协议没有问状态的命令。"))?;
    let settings = settings(family, port, args.board.baud, None);
    let told = converse(async {
        let mut line = Conversation::open(family, &settings).await?;
        let mut told: Told = Vec::new();
        for question in family.module().questions() {
            let answer = ask(&mut line, family, args.board.address, question.command).await?;
            match answer {
                // Who is silent once need not be asked on.
                Answer::None(heard) if told.is_empty() => return Err(no_answer(heard)),
                answer => told.push((question, answer)),
            }
        }
        Ok(told)
    })?;
    let lines = lines_of(family, &told)?;
    if args.json {
        print(&document(args.board.address, &told).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    print(&format!("屏号：{}", args.board.address));
    lines.iter().for_each(|line| print(line));
    Ok(ExitCode::SUCCESS)
}

/// As `decode` writes it; a question without an answer is `null`.
fn document(address: u16, told: &Told) -> Value {
    let params = |answer: &Answer| match answer {
        Answer::Came(reply) => reply.document["params"].clone(),
        Answer::None(_) => Value::Null,
    };
    let answers = told.iter();
    let answers = answers.map(|(question, answer)| (question.key.to_owned(), params(answer)));
    let address = ("address".to_owned(), json!(address));
    Value::Object([address].into_iter().chain(answers).collect::<Map<_, _>>())
}

async fn ask(
    line: &mut Conversation,
    family: BoardFamily,
    address: u16,
    command: &str,
) -> Result<Answer, Failure> {
    let header = family.module().header_to(Some(address), command);
    let header = header.map_err(Failure::wrong_usage)?;
    let runs = frames::frame(family, command, Value::Null, Some(header))?;
    line.ask(&runs, family.facts().answer_wait).await
}

/// Everything in words; the first answer must be one.
fn lines_of(family: BoardFamily, told: &Told) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for (question, answer) in told {
        let words = words_of(family, question, answer);
        match (question.label, words) {
            (None, Ok(words)) => lines.extend(words),
            (None, Err(why)) => return Err(Failure::refused(format!("读不到状态，{why}。"))),
            (Some(label), Ok(words)) => lines.push(format!("{label}：{}", words.join("、"))),
            (Some(label), Err(why)) => lines.push(format!("{label}：{why}")),
        }
    }
    Ok(lines)
}

/// What the board says to a question, or why it says nothing.
fn words_of(
    family: BoardFamily,
    question: &Question,
    answer: &Answer,
) -> Result<Vec<String>, String> {
    match answer {
        Answer::None(Heard::Broken) => Err("答复不完整".to_owned()),
        Answer::None(Heard::Nothing | Heard::Echo) => Err("没有答复".to_owned()),
        Answer::Came(reply) => match family.module().refusal(&reply.document) {
            Some(why) => Err(format!("屏不说：{why}")),
            None => Ok((question.told)(&reply.document["params"])),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::line::ear::Reply;
    use crate::codec;

    #[test]
    fn a_refusal_is_told_with_its_meaning_and_of_the_state_it_is_a_failure() {
        let family = BoardFamily::OnbonK;
        let nack = || {
            Answer::Came(Reply {
                heard: codec::Heard::Other,
                document: json!({"command": "nack", "params": {"error": 2}}),
            })
        };
        let questions = family.module().questions();
        let fonts = vec![(&questions[1], nack())];
        let lines = lines_of(family, &fonts).expect("the state is not among them");
        assert_eq!(lines, ["字库：屏不说：不认识的命令（2）"]);
        let state = vec![(&questions[0], nack())];
        let why = lines_of(family, &state).expect_err("no state").sentence;
        assert_eq!(why, "读不到状态，屏不说：不认识的命令（2）。");
    }
}
