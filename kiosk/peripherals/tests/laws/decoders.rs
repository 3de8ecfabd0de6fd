//! The peripherals' decoders, each with the laws that hold for whatever it reads. The fuzz targets in
//! `tests/fuzz` run the same functions.

use std::time::Duration;

use kiosk_peripherals::escpos::command::Command;
use kiosk_peripherals::escpos::decoder::{Decoder, HELD_BYTES_MAX};
use kiosk_peripherals::escpos::typeset::{self, Paper, PaperWidth};
use kiosk_peripherals::idcard::card::Card;
use kiosk_peripherals::idcard::frame::{self, Frame, FrameFault, PREAMBLE, Side};
use kiosk_peripherals::idcard::{document, invented, message};
use kiosk_peripherals::slip::{Copy, Slip, test_paper};
use kiosk_peripherals::twin::Twin as _;
use kiosk_peripherals::virtual_printer::VirtualPrinter;
use testkit::decoders::Reading;

/// Papers as they go to a printer.
pub(crate) fn papers() -> Vec<Vec<u8>> {
    let slip = Slip {
        place: Some("示例一街道就业服务站".into()),
        number: "A032".into(),
        group: "找工作、就业登记".into(),
        ahead: Some(6),
        wait_minutes: Some((12, 20)),
        window_area: Some("1–4 号窗口".into()),
        issued_at: "2026-11-23T10:24:00+08:00".into(),
        url: Some("https://example.invalid/t/7f3k9".into()),
        code: Some("0471".into()),
        copy: Copy::Reprint,
        ..Slip::default()
    };
    let documents = [slip.document(), test_paper("K2")];
    let widths = [PaperWidth::Mm58, PaperWidth::Mm80];
    let mut papers: Vec<_> = documents
        .into_iter()
        .map(|it| it.expect("a short paper"))
        .flat_map(|it| widths.map(|width| typeset::bytes(&it, Paper::of(width))))
        .collect();
    papers.push(b"\x10\x04\x01\x10\x04\x02\x1B\x40\x1B\x74\x00A012\x0A\x1D\x56\x00".to_vec());
    papers
}

/// Frames of both sides.
pub(crate) fn frames() -> Vec<Vec<u8>> {
    let mut card = vec![0, 0, 0x90, 1, 0, 4, 0];
    card.extend_from_slice(&invented().to_text());
    card.resize(7 + 256 + 1024, 0);
    let bodies = [
        &[0x20, 0x01][..],
        &[0x30, 0x01],
        &[0x61, 0xFF, 0x50],
        &[0, 0, 0x9F, 0, 0, 0, 0],
        &[0, 0, 0x80],
        &card,
    ];
    bodies.map(|it| Frame::of(it).bytes().to_vec()).into()
}

/// Laws: any bytes give commands or faults; commands that were read are written as bytes that read the
/// same; what is held is bounded; the order of bytes and not their division decides.
pub(crate) fn escpos(bytes: &[u8]) -> Reading {
    let decoded = Decoder::decode(bytes);
    let commands: Vec<Command> = decoded.iter().filter_map(|it| it.clone().ok()).collect();
    let written = Command::bytes(&commands);
    let again: Result<Vec<_>, _> = Decoder::decode(&written).into_iter().collect();
    let again = again.expect("what was read is written soundly");
    assert_eq!(Command::bytes(&again), written);
    let mut single = Decoder::new();
    let mut faults = 0;
    for byte in bytes {
        faults += single
            .push(&[*byte])
            .iter()
            .filter(|it| it.is_err())
            .count();
        assert!(single.held() <= HELD_BYTES_MAX);
    }
    faults += usize::from(single.end().is_some_and(|it| it.is_err()));
    assert_eq!(faults, decoded.iter().filter(|it| it.is_err()).count());
    if faults == 0 {
        Reading::Read
    } else {
        Reading::Refused
    }
}

/// Laws: no bytes make the virtual printer panic; its paper and its answers are bounded.
pub(crate) fn virtual_printer(bytes: &[u8]) -> Reading {
    let mut printer = VirtualPrinter::new(PaperWidth::Mm58);
    printer.receive(Duration::ZERO, bytes);
    assert!(printer.answers(Duration::ZERO).len() <= bytes.len() / 3);
    for slip in printer.slips() {
        assert_eq!(slip.dots.width(), PaperWidth::Mm58.dots());
        assert!(slip.dots.height() <= 16_000);
    }
    if printer.errors().is_empty() {
        Reading::Read
    } else {
        Reading::Refused
    }
}

/// Laws: any bytes give frames or faults of either side; a frame is written as it was read; of one alone
/// the strict reader says the same as the stream's; a document shows no whole identity number.
pub(crate) fn idcard(bytes: &[u8]) -> Reading {
    let mut sound = 0;
    for side in [Side::Host, Side::Reader] {
        let mut decoder = frame::Decoder::new(side);
        decoder.push(bytes);
        while let Some(outcome) = decoder.take() {
            if let Ok(frame) = outcome {
                sound += 1;
                let written = frame.bytes();
                assert_eq!(Frame::read(&written, side).as_ref(), Ok(&frame));
                let reply = message::Reply::read(frame.body());
                let card = reply.and_then(|it| Card::from_reply(it.data.0).ok());
                assert!(card.is_none_or(|it| format!("{it:?}").len() <= 40));
            }
        }
    }
    match document::decode(bytes) {
        Ok(document) => {
            let number = &document["card"]["number"];
            let digits = number
                .as_str()
                .map(|it| it.chars().filter(|it| *it != '*').count());
            assert!(digits.unwrap_or_default() <= 6, "{number}");
        }
        Err(fault @ FrameFault::NoPreamble { .. }) => {
            assert!(fault.offset() < PREAMBLE.len() as u64);
        }
        Err(fault) => assert!(fault.offset() <= bytes.len() as u64),
    }
    if sound > 0 {
        Reading::Read
    } else {
        Reading::Refused
    }
}
