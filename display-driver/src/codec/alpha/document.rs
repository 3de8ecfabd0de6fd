//! Packets as JSON documents, the form of the command line and of test tools.
//!
//! `{"family", "command", "header": {…}, "params": {…}}`. What [`decode`] prints, [`encode`] accepts
//! and turns into the same bytes. Several commands in one packet are the command `several`, whose
//! `commands` are such documents without a header; 06 and 15 are `ack` and `nak`, without a header,
//! too. One document is one packet: bytes around it are a fault here, while the stream decoder skips
//! them. A wrong checksum can be written on purpose.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::address::{Address, SignType};
use super::answer::{Answer, LineFault, Status};
use super::command::Command;
use super::decoder::{Decoder, Heard, PacketError};
use super::examples;
use super::packet::{
    ClosedCommand, Closing, LastCommand, NULS, Packet, REPLY_NULS, TooLong, Wire, encode_with,
};
use super::payload::PayloadError;
use crate::codec::Side;

/// The command name of data that is not listed.
pub const UNKNOWN: &str = "unknown";
/// The command name of several commands in one packet.
pub const SEVERAL: &str = "several";
/// The name of 06.
pub const ACK: &str = "ack";
/// The name of 15.
pub const NAK: &str = "nak";

/// Why a document is not a packet.
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
    /// A sign would not take the command.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A list is empty where that says something else.
    #[error("An empty list would be another command.")]
    EmptyList,
    /// Only the last command of a packet may go without 03.
    #[error("Only the last command of a packet may go without 03.")]
    OpenInside,
    /// A sign is deaf while it sounds.
    #[error("A sound has to be the last command of a packet.")]
    SoundNotLast,
    /// A checksum was given and shall not be sent.
    #[error("A checksum goes with the check \"sum\" only.")]
    NoChecksum,
    /// More than a packet carries.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

/// Why bytes are not one packet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Framing or checksum do not hold.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// The bytes end inside the packet.
    #[error("The bytes end at {offset} inside a packet.")]
    Incomplete {
        /// How many there are.
        offset: u64,
    },
    /// Bytes before the packet or behind it.
    #[error("Byte {offset} does not belong to the packet.")]
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
    /// A command follows a sound.
    #[error("A sound is followed by a command (byte {offset}).")]
    SoundNotLast {
        /// Where that command begins.
        offset: u64,
    },
    /// The other side sends such things.
    #[error("The {0:?} does not send this.")]
    OtherSide(Side),
}

impl DecodeError {
    /// Where in the bytes given the fault lies.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::Packet(fault) => fault.offset(),
            Self::Incomplete { offset }
            | Self::Outside { offset }
            | Self::Payload { offset, .. }
            | Self::SoundNotLast { offset } => *offset,
            Self::OtherSide(_) => 0,
        }
    }
}

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
        let inside = decoder.is_inside_packet() && decoder.noise_bytes() == 0;
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

#[cfg(test)]
mod tests {
    use super::super::examples::examples;
    use super::*;

    fn wire(command: &str, params: &Value) -> Vec<u8> {
        encode(command, params, &Value::Null)
            .expect("a good command")
            .bytes
    }

    fn reencode(document: &Value) -> Vec<u8> {
        let command = document["command"].as_str().expect("a command name");
        let wire = encode(command, &document["params"], &document["header"]);
        wire.expect("decoded documents encode").bytes
    }

    fn refused(command: &str, params: &Value) -> EncodeError {
        encode(command, params, &Value::Null).expect_err(command)
    }

    #[test]
    fn every_listed_example_encodes_and_comes_back_as_the_same_document() {
        for (name, _, params) in examples() {
            let bytes = wire(&name, &params);
            let document = decode(&bytes, None).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(document["command"], name);
            if name != SEVERAL {
                assert_eq!(document["params"], params, "{name}");
            }
            assert_eq!(reencode(&document), bytes, "{name}");
        }
    }

    #[test]
    fn every_header_field_is_written_as_given_and_read_back() {
        for check in ["none", "etx", "sum"] {
            let header = json!({"nuls": 7, "type": "betabrite", "address": "?1", "check": check});
            let wire = encode("soft-reset", &Value::Null, &header).expect("a good header");
            let document = decode(&wire.bytes, None).expect("a sound packet");
            assert_eq!(document["header"], header);
        }
    }

    #[test]
    fn a_wrong_checksum_can_be_written_on_purpose_and_is_refused_when_read() {
        let header = json!({"checksum": "1234"});
        let wire = encode("soft-reset", &Value::Null, &header).expect("a good header");
        let (expected, got, offset) = (0x0076, 0x1234, wire.bytes.len() as u64 - 5);
        let fault = PacketError::ChecksumMismatch {
            expected,
            got,
            offset,
        };
        assert_eq!(decode(&wire.bytes, None), Err(DecodeError::Packet(fault)));
        let header = json!({"checksum": "1234", "check": "etx"});
        let none = encode("soft-reset", &Value::Null, &header);
        assert!(matches!(none, Err(EncodeError::NoChecksum)));
    }

    #[test]
    fn each_command_of_several_has_its_own_check_and_only_the_last_may_go_without_03() {
        let command = |check: &str| json!({"command": "soft-reset", "check": check});
        let params = |checks: &[&str]| {
            let commands: Vec<_> = checks.iter().map(|check| command(check)).collect();
            json!({"commands": commands})
        };
        let bytes = wire(SEVERAL, &params(&["sum", "etx", "none"]));
        assert_eq!(bytes[6..], *b"Z00\x02E,\x030076\x02E,\x03\x02E,\x04");
        assert_eq!(
            reencode(&decode(&bytes, None).expect("a sound packet")),
            bytes
        );
        let refused = refused(SEVERAL, &params(&["none", "sum"]));
        assert!(matches!(refused, EncodeError::OpenInside));
    }

    #[test]
    fn a_sound_is_the_last_command_or_refused_both_ways() {
        let sound = json!({"command": "sound", "params": {"sound": "long-beep"}});
        let reset = json!({"command": "soft-reset"});
        wire(SEVERAL, &json!({"commands": [reset, sound]}));
        let early = refused(SEVERAL, &json!({"commands": [sound, reset]}));
        assert!(matches!(early, EncodeError::SoundNotLast));
        let decoded = decode(b"\x01Z00\x02E(0\x03\x02E,\x04", None);
        assert_eq!(decoded, Err(DecodeError::SoundNotLast { offset: 9 }));
    }

    #[test]
    fn several_within_several_and_answers_within_are_no_commands() {
        for inner in [SEVERAL, ACK, NAK, "pong"] {
            let refused = refused(SEVERAL, &json!({"commands": [{"command": inner}]}));
            assert!(matches!(refused, EncodeError::UnknownCommand(_)), "{inner}");
        }
    }

    #[test]
    fn an_unlisted_command_keeps_its_bytes() {
        // Dimming, counters, the run day table, large dots, a text without position, no data.
        for data in ["452f", "4535", "4532413137", "4d50", "4141", ""] {
            let bytes = wire(UNKNOWN, &json!({"data": data}));
            let document = decode(&bytes, None).expect("a sound packet");
            assert_eq!(document["command"], UNKNOWN);
            assert_eq!(document["params"], json!({"data": data}));
            assert_eq!(reencode(&document), bytes);
        }
    }

    #[test]
    fn what_a_sign_would_not_take_is_refused() {
        let text = |label: &str, text: String| json!({"label": label, "position": "fill", "mode": "hold", "text": text});
        let long = "x".repeat(126);
        let payload = |command: &str, params: Value| {
            matches!(refused(command, &params), EncodeError::Payload(_))
        };
        assert!(payload("write-text", text("0", long.clone())));
        wire("write-text", &text("A", long.clone()));
        assert!(payload("write-string", json!({"label": "S", "text": long})));
        assert!(payload(
            "write-string",
            json!({"label": "S", "text": "{rainbow-1}x"})
        ));
        let sequence =
            |count| json!({"order": "by-time", "keyboard": "locked", "labels": "A".repeat(count)});
        assert!(payload("set-run-sequence", sequence(129)));
        wire("set-run-sequence", &sequence(128));
        let empty = refused("configure-memory", &json!({"files": []}));
        assert!(matches!(empty, EncodeError::EmptyList));
        assert!(matches!(
            refused(SEVERAL, &json!({"commands": []})),
            EncodeError::EmptyList
        ));
    }

    #[test]
    fn misspelt_fields_and_values_outside_their_lists_are_refused() {
        let params = |command: &str, params: Value| {
            matches!(refused(command, &params), EncodeError::Params(_))
        };
        assert!(params("set-time", json!({"time": "25:00"})));
        assert!(params("set-time", json!({"tmie": "12:00"})));
        assert!(params("read-text", json!({"label": "?"})));
        assert!(params("read-text", json!({"label": "AB"})));
        assert!(params("soft-reset", json!({"hard": true})));
        assert!(params("write-string", json!({"label": "S", "text": "请"})));
        let tone = |duration: u8| json!({"sound": {"tone": {"frequency": 1, "duration": duration, "repeat": 1}}});
        assert!(params("sound", tone(16)));
        let header = encode("soft-reset", &Value::Null, &json!({"address": "1"}));
        assert!(matches!(header, Err(EncodeError::Header(_))));
    }

    #[test]
    fn bytes_around_a_packet_and_half_a_packet_are_faults_with_their_place() {
        let reset = wire("soft-reset", &Value::Null);
        let end = reset.len() as u64;
        let fault = |bytes: &[u8]| decode(bytes, None).expect_err("no packet");
        assert_eq!(fault(&[]), DecodeError::Incomplete { offset: 0 });
        assert_eq!(fault(&[0, 0]), DecodeError::Incomplete { offset: 2 });
        assert_eq!(fault(&reset[..9]), DecodeError::Incomplete { offset: 9 });
        assert_eq!(
            fault(&[&b"x"[..], &reset].concat()),
            DecodeError::Outside { offset: 0 }
        );
        assert_eq!(
            fault(&[&reset, &b"x"[..]].concat()),
            DecodeError::Outside { offset: end }
        );
    }

    #[test]
    fn the_side_can_be_asked_for_and_has_to_fit() {
        let reset = wire("soft-reset", &Value::Null);
        assert!(decode(&reset, Some(Side::Host)).is_ok());
        let other = decode(&reset, Some(Side::Board));
        assert_eq!(other, Err(DecodeError::OtherSide(Side::Board)));
        for answer in [&b"\x06\x40"[..], b"\x15\x50", b"\x01000\x02GS1\x04"] {
            assert!(decode(answer, Some(Side::Board)).is_ok(), "{answer:?}");
            let other = decode(answer, Some(Side::Host));
            assert_eq!(other, Err(DecodeError::OtherSide(Side::Host)));
        }
    }

    #[test]
    fn a_listed_command_with_wrong_data_is_a_fault_at_its_place() {
        let fault = |data: &str| {
            let bytes = wire(UNKNOWN, &json!({"data": hex::encode(data)}));
            decode(&bytes, None).map_err(|fault| fault.offset() - 10)
        };
        assert_eq!(fault("E 2400").err(), Some(2));
        assert_eq!(fault("E 12000").err(), Some(6));
        assert_eq!(fault("E!0F").err(), Some(2));
        assert_eq!(fault("AA\u{1B} d").err(), Some(4));
        assert_eq!(fault("AA\u{1B} bx\u{5}").err(), Some(6));
        assert_eq!(fault("IP0101").err(), Some(6));
    }
}
