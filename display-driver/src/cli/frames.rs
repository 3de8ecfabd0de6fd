//! `encode`, `decode` and `commands`: one frame from a document, one document from a frame, and what
//! documents there are. No port is touched here; what the verbs on a line share with these stands here.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{CommandsArgs, DecodeArgs, EncodeArgs, FAILED, Failure, print, say, words};
use crate::codec::alpha::packet::{PAUSE_MS, Wire};
use crate::codec::{Protocol, Side, alpha, onbon_k};
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
    let protocol = protocol(&args.family)?;
    if args.list {
        list(protocol);
        return Ok(ExitCode::SUCCESS);
    }
    let command = args.command.as_deref().unwrap_or_default();
    let params = args.params.read()?;
    let header = args.header.as_deref();
    let header = header.map(|text| parse("--header", text)).transpose()?;
    let Wire { bytes, pauses } = wire(protocol, command, params, header)?;
    tell_pauses(&pauses);
    warn_of_broken_frame(protocol, &bytes);
    print(&hex::encode(bytes));
    Ok(ExitCode::SUCCESS)
}

/// One frame with the pauses it needs; a header may stand in the parameters, too.
pub(super) fn wire(
    protocol: Protocol,
    command: &str,
    mut params: Value,
    outer: Option<Value>,
) -> Result<Wire, Failure> {
    let fields = params.as_object_mut();
    let inner = fields.and_then(|fields| fields.remove("header"));
    let header = merge(inner, outer)?;
    match protocol {
        Protocol::OnbonK => {
            let encoded = onbon_k::document::encode(command, &params, &header);
            let bytes = encoded.map_err(|error| match error {
                onbon_k::document::EncodeError::UnknownCommand(_) => {
                    Failure::wrong_usage(words::onbon_k::encode_error(&error))
                }
                _ => Failure::refused(words::onbon_k::encode_error(&error)),
            })?;
            let pauses = Vec::new();
            Ok(Wire { bytes, pauses })
        }
        Protocol::Alpha => {
            alpha::document::encode(command, &params, &header).map_err(|error| match error {
                alpha::document::EncodeError::UnknownCommand(_) => {
                    Failure::wrong_usage(words::alpha::encode_error(&error))
                }
                _ => Failure::refused(words::alpha::encode_error(&error)),
            })
        }
    }
}

/// A sign needs pauses inside a packet, which hexadecimal digits cannot show.
fn tell_pauses(pauses: &[usize]) {
    if !pauses.is_empty() {
        let places = pauses.iter().map(usize::to_string).collect::<Vec<_>>();
        say(&format!(
            "注意：发送时，第 {} 个字节之后各停至少 {PAUSE_MS} 毫秒。",
            places.join("、")
        ));
    }
}

pub(super) fn commands(args: &CommandsArgs) -> Result<ExitCode, Failure> {
    list(protocol(&args.family)?);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn decode(args: &DecodeArgs) -> Result<ExitCode, Failure> {
    let protocol = protocol(&args.family)?;
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
    Ok(match read(protocol, &bytes, side) {
        Ok(document) => {
            print(&document.to_string());
            ExitCode::SUCCESS
        }
        Err((fault, offset)) => fault_document(&fault, offset),
    })
}

/// The document of one frame, or what is wrong with it and where.
fn read(protocol: Protocol, bytes: &[u8], side: Option<Side>) -> Result<Value, (String, u64)> {
    match protocol {
        Protocol::OnbonK => onbon_k::document::decode(bytes, side)
            .map_err(|fault| (words::onbon_k::decode_error(&fault), fault.offset())),
        Protocol::Alpha => alpha::document::decode(bytes, side)
            .map_err(|fault| (words::alpha::decode_error(&fault), fault.offset())),
    }
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

fn list(protocol: Protocol) {
    let examples = match protocol {
        Protocol::OnbonK => onbon_k::examples::examples(),
        Protocol::Alpha => alpha::examples::examples(),
    };
    for (name, what, params) in examples {
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
fn warn_of_broken_frame(protocol: Protocol, bytes: &[u8]) {
    if let Err((fault, _)) = read(protocol, bytes, None) {
        say(&format!("注意：按给定的字段，这一帧不成立（{fault}）。"));
    }
}

fn parse(option: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        let at = format!("第 {line} 行第 {column} 个字节处有误");
        Failure::wrong_usage(format!("{option} 不是 JSON：{at}。"))
    })
}

pub(super) fn protocol(name: &str) -> Result<Protocol, Failure> {
    Protocol::from_name(name).ok_or_else(|| {
        let known = Protocol::ALL.map(Protocol::name).join("、");
        Failure::wrong_usage(format!("没有 {name} 这种协议，现有：{known}。"))
    })
}

/// The value of `--format`.
pub(super) fn line_format(name: &str) -> Result<LineFormat, String> {
    LineFormat::from_name(name).ok_or_else(|| {
        let known = LineFormat::ALL.map(LineFormat::name).join("、");
        format!("数据格式只有 {known}")
    })
}
