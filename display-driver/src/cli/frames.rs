//! `encode`, `decode` and `commands`: one frame from a document, one document from a frame, and what
//! documents there are. No port is touched here; what the verbs on a line share with these stands here.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{CommandsArgs, DecodeArgs, EncodeArgs, FAILED, Failure, print, say};
use crate::codec::{BoardFamily, EncodeFault, Run, Side};
use crate::line_format::LineFormat;

/// `--from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum From {
    /// The host software.
    Host,
    /// A board.
    Board,
}

/// `--params`, wherever a command is written.
#[derive(Debug, clap::Args)]
pub(super) struct ParamsArg {
    /// 命令的参数；里面也可以有 "header"
    #[arg(
        long = "params",
        value_name = "JSON",
        default_value = "{}",
        hide_default_value = true
    )]
    text: String,
}

impl ParamsArg {
    pub(super) fn read(&self) -> Result<Value, Failure> {
        parse("--params", &self.text)
    }
}

pub(super) fn encode(args: &EncodeArgs) -> Result<ExitCode, Failure> {
    if args.list {
        list(args.family);
        return Ok(ExitCode::SUCCESS);
    }
    let command = args.command.as_deref().unwrap_or_default();
    let params = args.params.read()?;
    let header = args.header.as_deref();
    let header = header.map(|text| parse("--header", text)).transpose()?;
    let runs = frame(args.family, command, params, header)?;
    tell_pauses(&runs);
    let bytes = bytes_of(&runs);
    warn_of_broken_frame(args.family, &bytes);
    print(&hex::encode(bytes));
    Ok(ExitCode::SUCCESS)
}

/// One frame with the pauses it needs; a header may stand in the parameters, too.
pub(super) fn frame(
    family: BoardFamily,
    command: &str,
    mut params: Value,
    outer: Option<Value>,
) -> Result<Vec<Run>, Failure> {
    let fields = params.as_object_mut();
    let inner = fields.and_then(|fields| fields.remove("header"));
    let header = merge(inner, outer)?;
    let encoded = family.module().encode(command, &params, &header);
    encoded.map_err(|fault| match fault {
        EncodeFault::UnknownCommand(sentence) => Failure::wrong_usage(sentence),
        EncodeFault::Refused(sentence) => Failure::refused(sentence),
    })
}

/// All bytes of a frame.
pub(super) fn bytes_of(runs: &[Run]) -> Vec<u8> {
    runs.iter().flat_map(|run| &run.bytes).copied().collect()
}

/// Some boards need pauses inside a frame, which hexadecimal digits cannot show.
fn tell_pauses(runs: &[Run]) {
    let Some((_, paused)) = runs.split_last() else {
        return;
    };
    let mut at = 0;
    let places = paused.iter().map(|run| {
        at += run.bytes.len();
        at.to_string()
    });
    let places: Vec<String> = places.collect();
    if let Some(longest) = paused.iter().map(|run| run.pause).max() {
        say(&format!(
            "注意：发送时，第 {} 个字节之后各停至少 {} 毫秒。",
            places.join("、"),
            longest.as_millis()
        ));
    }
}

pub(super) fn commands(args: &CommandsArgs) -> Result<ExitCode, Failure> {
    list(args.family);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn decode(args: &DecodeArgs) -> Result<ExitCode, Failure> {
    let digits: String = args
        .hex
        .chars()
        .filter(|&c| !c.is_whitespace() && c != '|')
        .collect();
    let bytes = match hex::decode(&digits) {
        Ok(bytes) => bytes,
        Err(fault) => {
            return Ok(fault_document(
                "不是十六进制",
                hex_fault_offset(&fault, &digits),
            ));
        }
    };
    let side = args.from.map(|from| match from {
        From::Host => Side::Host,
        From::Board => Side::Board,
    });
    Ok(match args.family.module().decode(&bytes, side) {
        Ok(document) => {
            print(&document.to_string());
            ExitCode::SUCCESS
        }
        Err(fault) => fault_document(&fault.sentence, fault.offset),
    })
}

fn fault_document(error: &str, offset: u64) -> ExitCode {
    print(&json!({"error": error, "offset": offset}).to_string());
    ExitCode::from(FAILED)
}

/// Offset in bytes, two digits each, as everywhere else.
fn hex_fault_offset(fault: &hex::FromHexError, digits: &str) -> u64 {
    let digit = match *fault {
        hex::FromHexError::InvalidHexCharacter { index, .. } => index,
        _ => digits.len(),
    };
    digit as u64 / 2
}

fn list(family: BoardFamily) {
    for (name, what, params) in family.module().commands() {
        print(&format!("{name}  {what}\n    --params '{params}'"));
    }
}

/// A header given twice: what stands in `--header` wins, field by field.
fn merge(inner: Option<Value>, outer: Option<Value>) -> Result<Value, Failure> {
    match (inner, outer) {
        (None, None) => Ok(Value::Null),
        (Some(one), None) | (None, Some(one)) => Ok(one),
        (Some(Value::Object(mut inner)), Some(Value::Object(outer))) => {
            inner.extend(outer);
            Ok(Value::Object(inner))
        }
        _ => Err(Failure::refused("帧头应是一个 JSON 对象。")),
    }
}

/// A frame may be wrong on purpose; whoever made it by mistake should hear of it.
fn warn_of_broken_frame(family: BoardFamily, bytes: &[u8]) {
    if let Err(fault) = family.module().decode(bytes, None) {
        let why = fault.sentence;
        say(&format!("注意：按给定的字段，这一帧不成立（{why}）。"));
    }
}

fn parse(option: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        let at = format!("第 {line} 行第 {column} 个字节处有误");
        Failure::wrong_usage(format!("{option} 不是 JSON：{at}。"))
    })
}

/// The value of a family's argument.
pub(super) fn family(name: &str) -> Result<BoardFamily, String> {
    BoardFamily::try_from(name.to_owned())
}

/// The value of `--format`.
pub(super) fn line_format(name: &str) -> Result<LineFormat, String> {
    LineFormat::from_name(name).ok_or_else(|| {
        let known = LineFormat::ALL.map(LineFormat::name).join("、");
        format!("数据格式只有 {known}")
    })
}
