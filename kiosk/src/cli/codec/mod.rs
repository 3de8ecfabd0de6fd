//! `kiosk codec`: the peripherals' protocols alone, without a device. One JSON document on standard
//! output; exit code 1 with `{error, offset}` when the bytes are no valid frame, 2 for wrong usage.
//!
//! Bytes of a card may be a real person's: identity numbers are masked always.

mod ticket;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use kiosk_peripherals::escpos::status::{Question, Status};
use kiosk_peripherals::idcard::document;
use kiosk_peripherals::idcard::frame::FrameFault;
use serde_json::{Value, json};

use super::usage::{self, WRONG_USAGE};
use super::{print, say};

#[derive(Debug, Args)]
#[command(subcommand_help_heading = "命令", disable_help_subcommand = true)]
pub(super) struct CodecOptions {
    #[command(subcommand)]
    verb: CodecVerb,
}

#[derive(Debug, Subcommand)]
enum CodecVerb {
    /// 解读打印机对 DLE EOT N 的答复
    #[command(help_template = usage::TEMPLATE, after_help = "例：kiosk codec escpos-status 4 7E")]
    EscposStatus {
        /// 问的是哪一项：1 打印机，2 脱机原因，3 错误，4 纸
        #[arg(value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
        question: u8,
        /// 答复的一个字节，十六进制
        #[arg(value_name = "十六进制")]
        hex: String,
    },
    /// 解读身份证读卡器的一帧：命令或答复
    #[command(
        help_template = usage::TEMPLATE,
        after_help = "帧头、长度、校验都对，退出码为 0，读卡器说“不行”也是对的一帧；\n身份号码总是遮住中间。\n\n\
            例：kiosk codec idcard AAAAAA966900032001 22"
    )]
    Idcard {
        /// 一帧的十六进制，空格不算
        #[arg(value_name = "十六进制", required = true)]
        hex: Vec<String>,
    },
    /// 把一张号票排成打印机的字节
    #[command(help_template = usage::TEMPLATE, after_help = ticket::EXAMPLE)]
    Ticket(ticket::TicketArgs),
}

/// What a verb has to say.
enum Answer {
    Document(Value),
    /// No valid frame: why, and at which byte.
    Invalid(String, u64),
    /// Something else cannot be done.
    Refused(String),
    WrongUsage(String),
}

pub(super) fn run(options: &CodecOptions) -> ExitCode {
    let answer = match &options.verb {
        CodecVerb::EscposStatus { question, hex } => status(*question, hex),
        CodecVerb::Idcard { hex } => idcard(&hex.concat()),
        CodecVerb::Ticket(args) => ticket::encode(args),
    };
    match answer {
        Answer::Document(document) => {
            print(&document.to_string());
            ExitCode::SUCCESS
        }
        Answer::Invalid(error, offset) => {
            print(&json!({ "error": error, "offset": offset }).to_string());
            ExitCode::FAILURE
        }
        Answer::Refused(sentence) => {
            print(&json!({ "error": sentence }).to_string());
            ExitCode::FAILURE
        }
        Answer::WrongUsage(sentence) => {
            say(&sentence);
            ExitCode::from(WRONG_USAGE)
        }
    }
}

/// Digits in pairs; blanks and `|` do not count.
fn bytes(text: &str) -> Result<Vec<u8>, Answer> {
    let digits: String = text
        .chars()
        .filter(|&it| !it.is_whitespace() && it != '|')
        .collect();
    hex::decode(&digits).map_err(|fault| {
        let digit = match fault {
            hex::FromHexError::InvalidHexCharacter { index, .. } => index,
            _ => digits.len(),
        };
        Answer::Invalid("不是十六进制".to_owned(), digit as u64 / 2)
    })
}

fn status(number: u8, text: &str) -> Answer {
    let bytes = match bytes(text) {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let Some(question) = Question::from_number(number) else {
        return Answer::WrongUsage("N 是 1 到 4。".to_owned());
    };
    let [byte] = bytes[..] else {
        let error = format!("答复是一个字节，这里有 {} 个", bytes.len());
        return Answer::Invalid(error, 1_u64.min(bytes.len() as u64));
    };
    match Status::read(question, byte) {
        Ok(status) => Answer::Document(status_document(status)),
        Err(fault) => {
            let fixed = fault.byte & 0x93;
            let error = format!("{byte:02X} 不是状态字节：(b & 93h) 是 {fixed:02X}h，应是 12h");
            Answer::Invalid(error, 0)
        }
    }
}

fn status_document(status: Status) -> Value {
    let conditions: Vec<_> = status.conditions().collect();
    let texts: Vec<_> = conditions.iter().map(|it| it.text()).collect();
    let mut document = json!({
        "n": status.question().number(),
        "byte": format!("{:02x}", status.byte()),
        "conditions": conditions,
        "texts": texts,
    });
    for (condition, is_so) in status.told() {
        if let Value::String(name) = json!(condition) {
            document[name] = json!(is_so);
        }
    }
    document
}

fn idcard(text: &str) -> Answer {
    let bytes = match bytes(text) {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    match document::decode(&bytes) {
        Ok(document) => Answer::Document(document),
        Err(fault) => Answer::Invalid(words(fault), fault.offset()),
    }
}

fn words(fault: FrameFault) -> String {
    match fault {
        FrameFault::Length { length, .. } => format!("长度 {length} 不可能，至少 3、最多 2600"),
        FrameFault::Check { got, expected, .. } => {
            format!("校验是 {got:02X}，应是 {expected:02X}")
        }
        FrameFault::NoPreamble { .. } => "不是以 AA AA AA 96 69 开头".to_owned(),
        FrameFault::Short { missing, .. } => format!("帧不完整，至少还差 {missing} 个字节"),
        FrameFault::Excess { .. } => "一帧之后还有字节".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(answer: Answer) -> Value {
        match answer {
            Answer::Document(document) => document,
            Answer::Invalid(error, offset) => json!({ "error": error, "offset": offset }),
            Answer::Refused(text) | Answer::WrongUsage(text) => json!(text),
        }
    }

    #[test]
    fn a_status_byte_is_told_by_name_and_in_words() {
        let out = document(status(4, "72"));
        assert_eq!(out["conditions"], json!(["paper_out"]));
        assert_eq!(
            (&out["paper_out"], &out["paper_low"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(document(status(1, "1A"))["offline"], true);
        assert_eq!(
            document(status(2, "36"))["texts"],
            json!(["盖子开着", "纸尽，停止打印"])
        );
    }

    #[test]
    fn other_bytes_say_why_they_are_none() {
        for text in ["00", "FF", "1212", "", "zz", "1"] {
            let out = document(status(1, text));
            assert!(
                out["error"].is_string() && out["offset"].is_u64(),
                "{text}: {out}"
            );
        }
    }

    #[test]
    fn a_refusal_is_a_frame_and_a_wrong_check_is_none() {
        assert_eq!(
            document(idcard("AA AA AA 96 69 0004 000080 84"))["status"],
            "no-card"
        );
        assert_eq!(
            document(idcard("AAAAAA9669 0003 2001 22"))["command"],
            "find-card"
        );
        let wrong = document(idcard("AAAAAA9669 0003 2001 23"));
        assert_eq!(
            (&wrong["error"], &wrong["offset"]),
            (&json!("校验是 23，应是 22"), &json!(9))
        );
        assert_eq!(document(idcard("AAAAAA9669 0002 20 22"))["offset"], 5);
    }
}
