//! Packets as JSON documents, the form of the command line and of test tools.
//!
//! `{"family", "command", "header": {…}, "params": {…}}`. What [`decode`] prints, [`encode`] accepts
//! and turns into the same bytes. Several commands in one packet are the command `several`, whose
//! `commands` are such documents without a header; 06 and 15 are `ack` and `nak`, without a header,
//! too. One document is one packet: bytes around it are a fault here, while the stream decoder skips
//! them. A wrong checksum can be written on purpose.

mod error;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use error::{DecodeError, EncodeError};

use super::address::{Address, SignType};
use super::answer::{Answer, LineFault, Status};
use super::command::Command;
use super::decoder::{Decoder, Heard};
use super::examples;
use super::packet::{
    ClosedCommand, Closing, LastCommand, NULS, Packet, REPLY_NULS, Wire, encode_with,
};
use crate::codec::Side;

/// The command name of data that is not listed.
pub const UNKNOWN: &str = "unknown";
/// The command name of several commands in one packet.
pub const SEVERAL: &str = "several";
/// The name of 06.
pub const ACK: &str = "ack";
/// The name of 15.
pub const NAK: &str = "nak";

/// What stands behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Check {
    /// Nothing.
    None,
    /// 03.
    Etx,
    /// 03 and the checksum.
    #[default]
    Sum,
}

impl Check {
    fn of(closing: Option<Closing>) -> Self {
        match closing {
            None => Self::None,
            Some(Closing::Plain) => Self::Etx,
            Some(Closing::Checked) => Self::Sum,
        }
    }

    fn closing(self) -> Option<Closing> {
        match self {
            Self::None => None,
            Self::Etx => Some(Closing::Plain),
            Self::Sum => Some(Closing::Checked),
        }
    }
}

/// Every header field, each optional when it is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    nuls: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<SignType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<Check>,
    /// Written in place of the right one.
    #[serde(skip_serializing)]
    checksum: Option<Checksum>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Checksum(#[serde(with = "crate::codec::hex_text")] [u8; 2]);

/// One command of several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandDocument {
    command: String,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    check: Check,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeveralParams {
    commands: Vec<CommandDocument>,
}

/// The data of an unlisted command.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownParams {
    #[serde(with = "crate::codec::hex_text")]
    data: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerParams {
    #[serde(default)]
    faults: Vec<LineFault>,
}

/// Turns a command name, its parameters and a header into one packet or answer.
pub fn encode(command: &str, params: &Value, header: &Value) -> Result<Wire, EncodeError> {
    if let ACK | NAK = command {
        return encode_answer(command, params, header);
    }
    let header = match header {
        Value::Null => HeaderDocument::default(),
        given => HeaderDocument::deserialize(given).map_err(EncodeError::Header)?,
    };
    let mut commands = match command {
        SEVERAL => read_value::<SeveralParams>(params.clone())?.commands,
        name => vec![CommandDocument {
            command: name.to_owned(),
            params: params.clone(),
            check: header.check.unwrap_or_default(),
        }],
    };
    let last = commands.pop().ok_or(EncodeError::EmptyList)?;
    let sign_type = header.r#type.unwrap_or(SignType::All);
    let usual_nuls = match sign_type {
        SignType::Response => REPLY_NULS,
        _ => NULS,
    };
    let closing = last.check.closing();
    if header.checksum.is_some() && closing != Some(Closing::Checked) {
        return Err(EncodeError::NoChecksum);
    }
    let packet = Packet {
        nuls: header.nuls.unwrap_or(usual_nuls),
        sign_type,
        address: header.address.unwrap_or(Address::EVERYONE),
        earlier: commands.into_iter().map(closed).collect::<Result<_, _>>()?,
        last: LastCommand {
            data: read_command(&last.command, last.params)?.to_data(),
            closing,
        },
    };
    let checksum = header
        .checksum
        .map(|Checksum(bytes)| u16::from_be_bytes(bytes));
    Ok(encode_with(&packet, checksum)?)
}

fn encode_answer(name: &str, params: &Value, header: &Value) -> Result<Wire, EncodeError> {
    if !(header.is_null() || header == &json!({})) {
        let message = "答复没有包头";
        return Err(EncodeError::Header(serde::de::Error::custom(message)));
    }
    let params = match params {
        Value::Null => json!({}),
        given => given.clone(),
    };
    let status = Status::of(&read_value::<AnswerParams>(params)?.faults);
    let answer = match name {
        ACK => Answer::Ack(status),
        _ => Answer::Nak(status),
    };
    Ok(Wire {
        bytes: answer.bytes().to_vec(),
        pauses: Vec::new(),
    })
}

/// A command that another one follows.
fn closed(document: CommandDocument) -> Result<ClosedCommand, EncodeError> {
    let closing = document.check.closing().ok_or(EncodeError::OpenInside)?;
    let command = read_command(&document.command, document.params)?;
    if command.is_sound() {
        return Err(EncodeError::SoundNotLast);
    }
    let data = command.to_data();
    Ok(ClosedCommand { data, closing })
}

/// A command that a sign would read as just this one.
fn read_command(name: &str, params: Value) -> Result<Command, EncodeError> {
    let params = match params {
        Value::Null => Value::Object(Map::new()),
        given => given,
    };
    let tagged = |params: Value| json!({"command": name, "params": params});
    let command = if name == UNKNOWN {
        return Ok(Command::Unlisted(read_value::<UnknownParams>(params)?.data));
    } else if examples::is_file_command(name) {
        Command::File(read_value(tagged(params))?)
    } else if examples::is_function(name) {
        Command::Function(read_value(tagged(params))?)
    } else {
        return Err(EncodeError::UnknownCommand(name.to_owned()));
    };
    match Command::read(&command.to_data())? {
        same if same == command => Ok(command),
        _ => Err(EncodeError::EmptyList),
    }
}

fn read_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, EncodeError> {
    serde_json::from_value(value).map_err(EncodeError::Params)
}

/// Turns the bytes of exactly one packet or answer into command name, header and parameters. With a
/// `side` it is a fault if the other one sends such things.
pub fn decode(bytes: &[u8], side: Option<Side>) -> Result<Value, DecodeError> {
    let heard = decode_one(bytes)?;
    let sender = match &heard {
        Heard::Packet { packet, .. } if packet.sign_type != SignType::Response => Side::Host,
        _ => Side::Board,
    };
    if let Some(side) = side.filter(|&side| side != sender) {
        return Err(DecodeError::OtherSide(side));
    }
    let (command, header, params) = match heard {
        Heard::Packet { packet, places, .. } => packet_document(&packet, &places)?,
        Heard::Answer { answer, .. } => answer_document(answer),
    };
    Ok(json!({
        "family": super::NAME,
        "command": command,
        "header": header,
        "params": params,
    }))
}

fn decode_one(bytes: &[u8]) -> Result<Heard, DecodeError> {
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
    let heard = outcome?;
    if heard.offset() > 0 {
        return Err(DecodeError::Outside { offset: 0 });
    }
    match decoder.position() {
        position if position < end => Err(DecodeError::Outside { offset: position }),
        _ => Ok(heard),
    }
}

fn answer_document(answer: Answer) -> (String, Value, Value) {
    let (name, status) = match answer {
        Answer::Ack(status) => (ACK, status),
        Answer::Nak(status) => (NAK, status),
    };
    let faults = status.faults().collect();
    let params = value_of(&AnswerParams { faults });
    (name.to_owned(), json!({}), params)
}

fn packet_document(packet: &Packet, places: &[u64]) -> Result<(String, Value, Value), DecodeError> {
    let mut documents = Vec::with_capacity(places.len());
    let mut has_sounded = false;
    let closings = packet.earlier.iter().map(|command| Some(command.closing));
    let closings = closings.chain([packet.last.closing]);
    for ((data, &place), closing) in packet.data().zip(places).zip(closings) {
        let command = Command::read(data).map_err(|fault| DecodeError::Payload {
            fault,
            offset: place + fault.at() as u64,
        })?;
        if has_sounded {
            return Err(DecodeError::SoundNotLast { offset: place - 1 });
        }
        has_sounded = command.is_sound();
        documents.push(command_document(&command, Check::of(closing)));
    }
    let mut header = HeaderDocument {
        nuls: Some(packet.nuls),
        r#type: Some(packet.sign_type),
        address: Some(packet.address),
        check: None,
        checksum: None,
    };
    let (command, params) = if packet.earlier.is_empty() && !documents.is_empty() {
        let only = documents.swap_remove(0);
        header.check = Some(only.check);
        (only.command, only.params)
    } else {
        let commands = documents;
        (SEVERAL.to_owned(), value_of(&SeveralParams { commands }))
    };
    Ok((command, value_of(&header), params))
}

fn command_document(command: &Command, check: Check) -> CommandDocument {
    let mut tagged = match command {
        Command::File(command) => value_of(command),
        Command::Function(function) => value_of(function),
        Command::Unlisted(data) => {
            let params = value_of(&UnknownParams { data: data.clone() });
            json!({"command": UNKNOWN, "params": params})
        }
    };
    CommandDocument {
        command: tagged["command"].as_str().unwrap_or(UNKNOWN).to_owned(),
        params: tagged["params"].take(),
        check,
    }
}

pub(super) fn value_of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value)
        .expect("our documents have text keys and finite numbers, because they are our own types")
}
