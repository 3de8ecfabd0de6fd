//! What hears the line: frames of boards with their meaning, and a simulated board. Each with the
//! laws that hold for whatever it takes. The fuzz targets in `tests/fuzz` run the same functions.

use std::time::Duration;

use display_driver::codec::BoardFamily;
use display_driver::codec::onbon_k::decoder::{BODY_BYTES_MAX, Decoder};
use display_driver::codec::onbon_k::document;
use display_driver::codec::onbon_k::examples::examples;
use display_driver::codec::onbon_k::frame::{Frame, encode};
use display_driver::codec::onbon_k::message::{Message, Side};
use display_driver::virtual_board::{BoardSettings, VirtualBoard};
use serde_json::Value;
use testkit::decoders::Reading;

/// Most areas and bytes of text that the small card holds.
const AREAS_MAX: usize = 5;

/// A frame of every listed command.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let frames = examples().into_iter().map(|(command, _, params)| {
        document::encode(&command, &params, &Value::Null).expect("an example can be encoded")
    });
    frames.collect()
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
    hear(bytes);
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
fn hear(bytes: &[u8]) {
    let (mut whole, mut divided) = (BoardFamily::OnbonK.ear(), BoardFamily::OnbonK.ear());
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
