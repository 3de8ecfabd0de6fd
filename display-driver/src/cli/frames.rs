//! `encode` and `decode`: one frame from a document, one document from a frame.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{DecodeArgs, EncodeArgs, FAILED, Failure, print, say, words};
use crate::codec::BoardFamily;
use crate::codec::onbon_k::document::{self, EncodeError};
use crate::codec::onbon_k::examples;
use crate::codec::onbon_k::message::Side;

/// `--from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum From {
    /// The host software.
    Host,
    /// A board.
    Board,
}

pub(super) fn encode(args: &EncodeArgs) -> Result<ExitCode, Failure> {
    let family = family(&args.family)?;
    if args.list {
        list(family);
        return Ok(ExitCode::SUCCESS);
    }
    let command = args.command.as_deref().unwrap_or_default();
    let mut params = parse("--params", &args.params)?;
    let inner = params
        .as_object_mut()
        .and_then(|fields| fields.remove("header"));
    let outer = args
        .header
        .as_deref()
        .map(|text| parse("--header", text))
        .transpose()?;
    let header = merge(inner, outer)?;
    let bytes = match family {
        BoardFamily::OnbonK => document::encode(command, &params, &header),
    }
    .map_err(|error| match error {
        EncodeError::UnknownCommand(_) => Failure::wrong_usage(words::encode_error(&error)),
        _ => Failure::refused(words::encode_error(&error)),
    })?;
    warn_of_broken_frame(family, &bytes);
    print(&hex::encode(bytes));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn decode(args: &DecodeArgs) -> Result<ExitCode, Failure> {
    let family = family(&args.family)?;
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
    let decoded = match family {
        BoardFamily::OnbonK => document::decode(&bytes, side),
    };
    Ok(match decoded {
        Ok(document) => {
            print(&document.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => fault_document(&words::decode_error(&error), error.offset()),
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
    let examples = match family {
        BoardFamily::OnbonK => examples::examples(),
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
fn warn_of_broken_frame(family: BoardFamily, bytes: &[u8]) {
    let fault = match family {
        BoardFamily::OnbonK => document::decode(bytes, None).err(),
    };
    if let Some(fault) = fault {
        say(&format!(
            "注意：按给定的字段，这一帧不成立（{}）。",
            words::decode_error(&fault)
        ));
    }
}

fn parse(option: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text)
        .map_err(|fault| Failure::wrong_usage(format!("{option} 不是 JSON：{fault}。")))
}

fn family(name: &str) -> Result<BoardFamily, Failure> {
    BoardFamily::from_name(name).ok_or_else(|| {
        let known = BoardFamily::ALL.map(BoardFamily::name).join("、");
        Failure::wrong_usage(format!("没有 {name} 这种协议，现有：{known}。"))
    })
}
