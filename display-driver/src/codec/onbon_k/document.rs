//! Frames as JSON documents, the form of the command line and of test tools.
//!
//! `{"family", "command", "header": {…}, "params": {…}}`. What [`decode`] prints, [`encode`] accepts
//! and turns into the same bytes; every header field can be set, also to a wrong value, because a test
//! bench needs wrong frames. One document is one frame: bytes around it are a fault here, while the
//! stream decoder skips them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::check::CheckMode;
use super::command::{Brightness, Command};
use super::decoder::{Decoder, FrameError};
use super::examples;
use super::frame::{
    DataTooLong, Frame, LEAD_BYTES, Overrides, REPLY_LEAD_BYTES, encode_with, wire_offset,
};
use super::header::{Address, Header};
use super::message::{MUST_ANSWER, Message, Reply, ReplyBody, Request};
use super::payload::PayloadError;
use super::program::{KIND as PROGRAM_KIND, Program, ProgramError};
use crate::codec::Side;

/// The command name of data that is not listed.
pub const UNKNOWN: &str = "unknown";
/// The name of a program file: no frame, but what frames of "begin file" and "file block" carry.
pub const PROGRAM: &str = "program";
/// Half hours of a day.
const HALF_HOURS: usize = 48;

/// Why a document is not a frame.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Nothing is called that.
    #[error("There is no command {0:?}.")]
    UnknownCommand(String),
    /// The parameters are not those of the command.
    #[error("The parameters do not fit: {0}.")]
    Params(#[source] serde_json::Error),
    /// The header is not one.
    #[error("The header does not fit: {0}.")]
    Header(#[source] serde_json::Error),
    /// A list or text is longer than its length field can say.
    #[error("A list or text is longer than its length field can say.")]
    FieldTooLong,
    /// Half-hour levels of a day, more or fewer than there are half hours.
    #[error("A day has 48 half hours, {got} levels were given.")]
    Levels {
        /// How many there are.
        got: usize,
    },
    /// A header was given for a file.
    #[error("A program file has no header.")]
    FileHeader,
    /// More than a frame carries.
    #[error(transparent)]
    TooLong(#[from] DataTooLong),
}

/// Why bytes are not one frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Framing, escapes, length or check do not hold.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The bytes end inside the frame.
    #[error("The bytes end at {offset} inside a frame.")]
    Incomplete {
        /// How many there are.
        offset: u64,
    },
    /// Bytes before the first start byte, or behind the end byte.
    #[error("Byte {offset} does not belong to the frame.")]
    Outside {
        /// The first such byte.
        offset: u64,
    },
    /// The data of a listed command is not as listed.
    #[error("{fault} (byte {offset})")]
    Payload {
        /// What is wrong, with the offset inside the data.
        fault: PayloadError,
        /// Offset in the bytes given.
        offset: u64,
    },
    /// The bytes begin as a program file and are none.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

impl DecodeError {
    /// Where in the bytes given the fault lies.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::Frame(fault) => fault.offset(),
            Self::Program(fault) => fault.at() as u64,
            Self::Incomplete { offset }
            | Self::Outside { offset }
            | Self::Payload { offset, .. } => *offset,
        }
    }
}

/// Every header field, each optional when it is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dst: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<[u8; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bar_code_option: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bar_code: Option<BarCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check_mode: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_mode: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_type: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol_version: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_len: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<u16>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct BarCode(#[serde(with = "crate::codec::hex_text")] [u8; 16]);

impl HeaderDocument {
    fn of(frame: &Frame) -> Self {
        let header = &frame.header;
        Self {
            lead: Some(frame.lead),
            dst: Some(header.dst),
            src: Some(header.src),
            reserved: Some(header.reserved),
            bar_code_option: Some(header.bar_code_option),
            bar_code: header.has_bar_code().then_some(BarCode(header.bar_code)),
            check_mode: Some(header.check_mode.byte()),
            display_mode: Some(header.display_mode),
            device_type: Some(header.device_type),
            protocol_version: Some(header.protocol_version),
            data_len: u16::try_from(frame.data.len()).ok(),
            check: (header.check_mode == CheckMode::Unchecked).then_some(frame.check),
        }
    }

    /// The header, with `usual` where the document is silent.
    fn header(&self, usual: Header) -> Result<Header, EncodeError> {
        let check_mode = match self.check_mode {
            None => usual.check_mode,
            Some(byte) => CheckMode::from_byte(byte).ok_or_else(|| {
                let message = format!("check_mode 只有 0、1、2，不能是 {byte}");
                EncodeError::Header(serde::de::Error::custom(message))
            })?,
        };
        let bar_code = self.bar_code.as_ref().map(|code| code.0);
        let option = self.bar_code_option.unwrap_or(u8::from(bar_code.is_some()));
        Ok(Header {
            dst: self.dst.unwrap_or(usual.dst),
            src: self.src.unwrap_or(usual.src),
            reserved: self.reserved.unwrap_or(usual.reserved),
            bar_code_option: option,
            bar_code: bar_code.unwrap_or(usual.bar_code),
            check_mode,
            display_mode: self.display_mode.unwrap_or(usual.display_mode),
            device_type: self.device_type.unwrap_or(usual.device_type),
            protocol_version: self.protocol_version.unwrap_or(usual.protocol_version),
        })
    }
}

/// What stands before the payload of a request.
#[derive(Debug, Serialize, Deserialize)]
struct RequestPrefix {
    #[serde(default = "must_answer")]
    answer: u8,
    #[serde(default)]
    reserved: [u8; 2],
}

fn must_answer() -> u8 {
    MUST_ANSWER
}

/// What stands before the payload of a reply.
#[derive(Debug, Serialize, Deserialize)]
struct ReplyPrefix {
    #[serde(default)]
    error: u8,
    #[serde(default)]
    reserved: [u8; 2],
}

/// The data of an unlisted command.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownParams {
    #[serde(with = "crate::codec::hex_text")]
    data: Vec<u8>,
}

/// Turns a command name, its parameters and a header into one frame; a program into its file.
///
/// # Errors
/// [`EncodeError`].
pub fn encode(command: &str, params: &Value, header: &Value) -> Result<Vec<u8>, EncodeError> {
    if command == PROGRAM {
        return encode_program(params, header);
    }
    let message = read_message(command, params)?;
    check_levels(&message)?;
    let document = match header {
        Value::Null => HeaderDocument::default(),
        given => HeaderDocument::deserialize(given).map_err(EncodeError::Header)?,
    };
    let (usual, side) = match &message {
        Message::Reply(_) => (Header::to_host(Address::FIRST_SCREEN), Side::Board),
        _ => (Header::to_board(Address::FIRST_SCREEN), Side::Host),
    };
    let data = message.to_data();
    // A list longer than its count byte would be written, but not read back.
    let readable = Message::read(&data, side);
    if !matches!(message, Message::Unknown(_)) && readable.as_ref() != Ok(&message) {
        return Err(EncodeError::FieldTooLong);
    }
    let overrides = Overrides {
        lead: Some(document.lead.unwrap_or(usual_lead(&message))),
        data_len: document.data_len,
        check: document.check,
    };
    Ok(encode_with(&document.header(usual)?, &data, overrides)?)
}

fn check_levels(message: &Message) -> Result<(), EncodeError> {
    match message {
        Message::Request(Request {
            command: Command::Brightness(Brightness::HalfHours(levels)),
            ..
        }) if levels.len() != HALF_HOURS => Err(EncodeError::Levels { got: levels.len() }),
        _ => Ok(()),
    }
}

fn encode_program(params: &Value, header: &Value) -> Result<Vec<u8>, EncodeError> {
    if !header.is_null() {
        return Err(EncodeError::FileHeader);
    }
    let program = Program::deserialize(params).map_err(EncodeError::Params)?;
    let file = program.to_file();
    match Program::read(&file) == Ok(program) {
        true => Ok(file),
        false => Err(EncodeError::FieldTooLong),
    }
}

/// The vendor's printed ACK and NACK carry nine start bytes, everything else eight.
fn usual_lead(message: &Message) -> u8 {
    match message {
        Message::Reply(Reply {
            body: ReplyBody::Ack {} | ReplyBody::Nack {},
            ..
        }) => REPLY_LEAD_BYTES,
        _ => LEAD_BYTES,
    }
}

fn read_message(command: &str, params: &Value) -> Result<Message, EncodeError> {
    let mut fields = match params {
        Value::Null => Map::new(),
        given => Map::deserialize(given).map_err(EncodeError::Params)?,
    };
    if command == UNKNOWN {
        let params: UnknownParams =
            serde_json::from_value(Value::Object(fields)).map_err(EncodeError::Params)?;
        return Ok(Message::Unknown(params.data));
    }
    if examples::is_request(command) {
        let prefix = split_prefix(&mut fields, &["answer", "reserved"]);
        let RequestPrefix { answer, reserved } = read_value(prefix)?;
        let command = read_value(json!({"command": command, "params": fields}))?;
        return Ok(Message::Request(Request {
            answer,
            reserved,
            command,
        }));
    }
    if examples::is_reply(command) {
        let prefix = split_prefix(&mut fields, &["error", "reserved"]);
        let ReplyPrefix { error, reserved } = read_value(prefix)?;
        let body = read_value(json!({"command": command, "params": fields}))?;
        return Ok(Message::Reply(Reply {
            error,
            reserved,
            body,
        }));
    }
    Err(EncodeError::UnknownCommand(command.to_owned()))
}

fn read_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, EncodeError> {
    serde_json::from_value(value).map_err(EncodeError::Params)
}

fn split_prefix(fields: &mut Map<String, Value>, names: &[&str]) -> Value {
    let taken = names.iter().filter_map(|&name| fields.remove_entry(name));
    Value::Object(taken.collect())
}

/// Turns the bytes of exactly one frame into command name, header and parameters. Without a `side`
/// the addresses tell who sent it. Bytes that begin with 00 are a program file.
///
/// # Errors
/// [`DecodeError`].
pub fn decode(bytes: &[u8], side: Option<Side>) -> Result<Value, DecodeError> {
    // A frame begins with A5.
    if bytes.first() == Some(&PROGRAM_KIND) {
        let program = Program::read(bytes)?;
        let params = value_of(&program);
        return Ok(json!({"family": super::NAME, "command": PROGRAM, "params": params}));
    }
    let frame = decode_one(bytes)?;
    let side = side.unwrap_or_else(|| Side::of(&frame.header, &frame.data));
    let message = Message::read(&frame.data, side).map_err(|fault| {
        let index = frame.header.wire_bytes() + fault.at();
        DecodeError::Payload {
            fault,
            offset: wire_offset(bytes, index) as u64,
        }
    })?;
    let (command, params) = message_document(&message);
    Ok(json!({
        "family": super::NAME,
        "command": command,
        "header": value_of(&HeaderDocument::of(&frame)),
        "params": params,
    }))
}

fn decode_one(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let end = bytes.len() as u64;
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    let Some(outcome) = decoder.next() else {
        let inside = decoder.is_inside_frame() && decoder.noise_bytes() == 0;
        return Err(if inside || bytes.is_empty() {
            DecodeError::Incomplete { offset: end }
        } else {
            DecodeError::Outside { offset: 0 }
        });
    };
    let frame = outcome?;
    if frame.offset > 0 {
        return Err(DecodeError::Outside { offset: 0 });
    }
    match decoder.position() {
        position if position < end => Err(DecodeError::Outside { offset: position }),
        _ => Ok(frame),
    }
}

fn message_document(message: &Message) -> (String, Value) {
    let (mut document, prefix) = match message {
        Message::Unknown(data) => {
            let params = value_of(&UnknownParams { data: data.clone() });
            return (UNKNOWN.to_owned(), params);
        }
        Message::Request(Request {
            answer,
            reserved,
            command,
        }) => {
            let prefix = RequestPrefix {
                answer: *answer,
                reserved: *reserved,
            };
            (value_of(command), value_of(&prefix))
        }
        Message::Reply(Reply {
            error,
            reserved,
            body,
        }) => {
            let prefix = ReplyPrefix {
                error: *error,
                reserved: *reserved,
            };
            (value_of(body), value_of(&prefix))
        }
    };
    let command = document["command"].as_str().unwrap_or(UNKNOWN).to_owned();
    let mut params = document["params"].take();
    if let (Value::Object(params), Value::Object(prefix)) = (&mut params, prefix) {
        params.extend(prefix);
    }
    (command, params)
}

pub(super) fn value_of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value)
        .expect("our documents have text keys and finite numbers, because they are our own types")
}

#[cfg(test)]
mod tests;
