//! What hears the line: frames of boards with their meaning, and a simulated board. Each with the
//! laws that hold for whatever it takes. The fuzz targets in `tests/fuzz` run the same functions.

use std::time::Duration;

use display_driver::codec::alpha;
use display_driver::codec::alpha::answer::Answer;
use display_driver::codec::onbon_k::check::crc16_arc;
use display_driver::codec::onbon_k::decoder::{BODY_BYTES_MAX, Decoder};
use display_driver::codec::onbon_k::document;
use display_driver::codec::onbon_k::examples::examples;
use display_driver::codec::onbon_k::frame::{Frame, encode};
use display_driver::codec::onbon_k::message::Message;
use display_driver::codec::onbon_k::program::Program;
use display_driver::codec::{BoardFamily, Side};
use display_driver::render::glyph::GlyphSource;
use display_driver::virtual_board::{
    AlphaVersion, BoardSettings, SignSettings, VirtualBoard, VirtualSign,
};
use serde_json::{Value, json};
use testkit::decoders::Reading;

/// Most areas and bytes of text that the small card holds.
const AREAS_MAX: usize = 5;

/// A frame of every listed command.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let examples = examples().into_iter();
    let frames = examples.filter(|(command, ..)| command != document::PROGRAM);
    let frames = frames.map(|(command, _, params)| {
        document::encode(&command, &params, &Value::Null).expect("an example can be encoded")
    });
    frames.collect()
}

/// Program files: the listed one, one with two areas and a period, and the older kind of length.
pub(crate) fn program_samples() -> Vec<Vec<u8>> {
    let mut listed = examples().into_iter();
    let listed = listed.find(|(command, ..)| command == document::PROGRAM);
    let (_, _, params) = listed.expect("programs are listed");
    let mut two = params.clone();
    let area = two["areas"][0].clone();
    two["areas"].as_array_mut().expect("areas").push(area);
    two["period"] = json!("083000173000");
    let mut older = params.clone();
    older["area_length"] = json!("area-only");
    let files = [params, two, older].map(|params| {
        document::encode(document::PROGRAM, &params, &Value::Null).expect("a program")
    });
    files.into()
}

/// Laws: any bytes are a program file or a fault whose place lies in them; what is read is written as a
/// file that reads the same. Bytes are read as they are, and with length and check made to hold.
pub(crate) fn programs(bytes: &[u8]) -> Reading {
    read_program(bytes);
    let mut sound = bytes.to_vec();
    if sound.len() < 11 {
        return Reading::Refused;
    }
    sound[0] = 0;
    let whole = u32::try_from(sound.len()).expect("a short input");
    sound[5..9].copy_from_slice(&whole.to_le_bytes());
    let covered = sound.len() - 2;
    let check = crc16_arc(&sound[..covered]);
    sound[covered..].copy_from_slice(&check.to_le_bytes());
    read_program(&sound)
}

fn read_program(bytes: &[u8]) -> Reading {
    match Program::read(bytes) {
        Ok(program) => {
            assert_eq!(Program::read(&program.to_file()).as_ref(), Ok(&program));
            Reading::Read
        }
        Err(fault) => {
            assert!(fault.at() <= bytes.len(), "{fault:?}");
            Reading::Refused
        }
    }
}

/// Laws: any bytes give frames or faults whose places lie in the stream and never go back; a frame
/// that is sound is written as one that reads the same, and so is its meaning.
pub(crate) fn frames(bytes: &[u8]) -> Reading {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    let (mut sound, mut last_offset) = (0_u32, 0);
    for outcome in decoder.by_ref() {
        match outcome {
            Ok(frame) => {
                sound += 1;
                assert!(frame.data.len() <= BODY_BYTES_MAX && frame.offset < bytes.len() as u64);
                same_when_written(&frame);
            }
            Err(fault) => {
                assert!(fault.offset() >= last_offset && fault.offset() < bytes.len() as u64);
                last_offset = fault.offset();
            }
        }
    }
    assert_eq!(decoder.position(), bytes.len() as u64);
    hear(BoardFamily::OnbonK, bytes);
    let _ = document::decode(bytes, None);
    if sound > 0 {
        Reading::Read
    } else {
        Reading::Refused
    }
}

fn same_when_written(frame: &Frame) {
    let bytes = encode(&frame.header, &frame.data).expect("what fitted a frame fits one again");
    let mut decoder = Decoder::new();
    decoder.push(&bytes);
    let again = decoder.next().expect("a frame").expect("a sound one");
    assert_eq!((&again.header, &again.data), (&frame.header, &frame.data));
    for side in [Side::Host, Side::Board] {
        if let Ok(message) = Message::read(&frame.data, side) {
            assert_eq!(Message::read(&message.to_data(), side), Ok(message));
        }
    }
}

/// Law: a link hears the same however the bytes are divided.
fn hear(family: BoardFamily, bytes: &[u8]) {
    let (mut whole, mut divided) = (family.module().ear(), family.module().ear());
    whole.push(bytes);
    let heard: Vec<_> = std::iter::from_fn(|| whole.hear()).collect();
    let mut heard_divided = Vec::new();
    for part in bytes.chunks(7) {
        divided.push(part);
        heard_divided.extend(std::iter::from_fn(|| divided.hear()));
    }
    assert_eq!(heard, heard_divided);
    assert_eq!(whole.noise_bytes(), divided.noise_bytes());
}

/// A packet of every command of Alpha signs.
pub(crate) fn alpha_samples() -> Vec<Vec<u8>> {
    let packets = alpha::examples::examples()
        .into_iter()
        .map(|(command, _, params)| {
            let wire = alpha::document::encode(&command, &params, &Value::Null);
            wire.expect("an example can be encoded").bytes
        });
    packets.collect()
}

/// Laws: any bytes give packets, answers or faults whose places lie in the stream and never go back;
/// what is sound is written as the same bytes, divided bytes give the same, and what decodes to a
/// document encodes to what was decoded.
pub(crate) fn alpha_packets(bytes: &[u8]) -> Reading {
    let mut decoder = alpha::decoder::Decoder::new();
    decoder.push(bytes);
    let outcomes: Vec<_> = decoder.by_ref().collect();
    assert_eq!(decoder.position(), bytes.len() as u64);
    let (mut sound, mut last_offset) = (0_u32, 0);
    for outcome in &outcomes {
        match outcome {
            Ok(heard) => {
                sound += 1;
                same_when_sent(heard, &bytes[heard.offset() as usize..]);
            }
            Err(fault) => {
                assert!(fault.offset() >= last_offset && fault.offset() < bytes.len() as u64);
                last_offset = fault.offset();
            }
        }
    }
    let mut divided = alpha::decoder::Decoder::new();
    let mut outcomes_divided = Vec::new();
    for part in bytes.chunks(7) {
        divided.push(part);
        outcomes_divided.extend(divided.by_ref());
    }
    assert_eq!(outcomes, outcomes_divided);
    hear(BoardFamily::Alpha, bytes);
    same_document(bytes);
    if sound > 0 {
        Reading::Read
    } else {
        Reading::Refused
    }
}

fn same_when_sent(heard: &alpha::decoder::Heard, on_the_wire: &[u8]) {
    let sent = match heard {
        alpha::decoder::Heard::Answer { answer, .. } => answer.bytes().to_vec(),
        alpha::decoder::Heard::Packet { packet, places, .. } => {
            assert_eq!(packet.data().count(), places.len());
            for data in packet.data() {
                if let Ok(command) = alpha::command::Command::read(data) {
                    assert_eq!(command.to_data(), data);
                }
            }
            let wire = alpha::packet::encode(packet);
            wire.expect("what was a packet is one again").bytes
        }
    };
    // More than 255 NULs before a packet are written as 255.
    assert!(on_the_wire.starts_with(&sent) || sent.starts_with(&[0; 255]));
}

fn same_document(bytes: &[u8]) {
    let Ok(document) = alpha::document::decode(bytes, None) else {
        return;
    };
    let command = document["command"].as_str().expect("a name");
    let wire = alpha::document::encode(command, &document["params"], &document["header"]);
    let sent = wire.expect("what was decoded encodes").bytes;
    assert!(sent == bytes || sent.starts_with(&[0; 255]));
}

/// Law: a board holds no more than the card it plays, and what it answers are sound frames.
pub(crate) fn board(bytes: &[u8]) -> Reading {
    let mut board = VirtualBoard::new(BoardSettings {
        address: 1,
        width_px: 64,
        height_px: 32,
        has_green: false,
    });
    let answers = board.receive(Duration::ZERO, bytes);
    assert!(board.state(Duration::from_secs(86_400)).areas.len() <= AREAS_MAX);
    let mut decoder = Decoder::new();
    decoder.push(&answers);
    assert!(decoder.by_ref().all(|answer| answer.is_ok()) && decoder.noise_bytes() == 0);
    if answers.is_empty() {
        Reading::Refused
    } else {
        Reading::Read
    }
}

/// Laws: a sign draws whatever it was given, and what it answers is sound.
pub(crate) fn alpha_sign(bytes: &[u8]) -> Reading {
    let mut sign = VirtualSign::new(SignSettings {
        sign_type: alpha::address::SignType::BetaBrite,
        address: alpha::address::OwnAddress(1),
        width_px: 64,
        height_px: 16,
        version: AlphaVersion::TwoOrThree,
    });
    let answering = alpha::document::encode("set-answers", &json!({"answers": "on"}), &Value::Null);
    sign.receive(Duration::ZERO, &answering.expect("a good command").bytes);
    let answers = sign.receive(Duration::from_secs(10), bytes);
    let later = Duration::from_secs(20);
    let canvas = sign.draw(later, &mut GlyphSource::new());
    assert!(canvas.lit() <= 64 * 16);
    alpha::text::Text::try_from(sign.shown_text(later)).expect("a text");
    let mut decoder = alpha::decoder::Decoder::new();
    decoder.push(&answers);
    let heard: Vec<_> = decoder.by_ref().map(|it| it.expect("sound")).collect();
    assert_eq!(decoder.noise_bytes(), 0);
    let is_yes = |heard: &alpha::decoder::Heard| match heard {
        alpha::decoder::Heard::Answer { answer, .. } => matches!(answer, Answer::Ack(_)),
        alpha::decoder::Heard::Packet { .. } => true,
    };
    if heard.iter().any(is_yes) {
        Reading::Read
    } else {
        Reading::Refused
    }
}
