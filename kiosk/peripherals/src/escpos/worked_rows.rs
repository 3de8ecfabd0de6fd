//! The worked rows of the sheet, read and written. Rows 12 to 15 are of commands outside the subset.

use super::command::{Align, Command, Cut, QrLevel, Raster, Switch};
use super::decoder::{CommandFault, Decoder};

/// The commands of a row, and its bytes from the commands.
fn check(hex: &str, commands: &[Command]) {
    let bytes = bytes(hex);
    let decoded: Result<Vec<_>, _> = Decoder::decode(&bytes).into_iter().collect();
    assert_eq!(decoded.as_deref(), Ok(commands), "{hex}");
    assert_eq!(Command::bytes(commands), bytes, "{hex}");
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.split_whitespace();
    let byte = |pair| u8::from_str_radix(pair, 16).unwrap();
    pairs.map(byte).collect()
}

fn text(text: &[u8]) -> Command {
    Command::Text(text.to_vec())
}

#[test]
fn rows_1_to_5_settings_and_text() {
    check("1B 40", &[Command::Initialise]);
    check(
        "1B 21 00 1B 21 00 1B 21 30 1B 45 01 1B 61 01",
        &[
            Command::PrintMode(0),
            Command::PrintMode(0),
            Command::PrintMode(0x30),
            Command::Bold(Switch::On),
            Command::Align(Align::Centre),
        ],
    );
    let (width, height) = (3, 3);
    check("1D 21 22", &[Command::Size { width, height }]);
    check(
        "1B 74 00 41 30 31 32 0A",
        &[Command::CodeTable(0), text(b"A012"), Command::LineFeed],
    );
    check(
        "1C 26 C5 C5 B6 D3 BA C5 0A",
        &[
            Command::ChineseOn,
            text(&[0xC5, 0xC5, 0xB6, 0xD3, 0xBA, 0xC5]),
            Command::LineFeed,
        ],
    );
}

#[test]
fn rows_6_to_9_cuts_and_feeds() {
    let fed = Command::FeedLines(6);
    check("1B 64 06 1D 56 00", &[fed.clone(), Command::Cut(Cut::Full)]);
    check("1B 64 06 1D 56 01", &[fed, Command::Cut(Cut::Partial)]);
    check("1D 56 42 00", &[Command::Cut(Cut::FeedThenPartial(0))]);
    check("1B 64 03", &[Command::FeedLines(3)]);
}

#[test]
fn row_10_a_code() {
    check(
        "1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43 06 1D 28 6B 03 00 31 45 30 \
         1D 28 6B 07 00 31 50 30 41 30 31 32 1D 28 6B 03 00 31 51 30",
        &[
            Command::QrModel(2),
            Command::QrDotSize(6),
            Command::QrLevel(QrLevel::L),
            Command::QrStore(b"A012".to_vec()),
            Command::QrPrint,
        ],
    );
}

#[test]
fn row_11_a_picture() {
    let raster = Raster {
        row_bytes: 2,
        dots: vec![0xAA, 0xAA, 0xFF, 0x00],
    };
    assert_eq!(raster.rows(), 2);
    check(
        "1D 76 30 00 02 00 02 00 AA AA FF 00",
        &[Command::Raster(raster)],
    );
}

#[test]
fn row_16_a_line_without_a_mode() {
    check(
        "C7 EB B5 BD 31 32 BA C5 B4 B0 BF DA 0A",
        &[
            text(b"\xC7\xEB\xB5\xBD12\xBA\xC5\xB4\xB0\xBF\xDA"),
            Command::LineFeed,
        ],
    );
}

#[test]
fn rows_12_to_15_are_told_as_outside_the_subset_and_the_next_command_is_read() {
    for (hex, prefix, code) in [
        (
            "1D 28 4C 0E 00 30 70 30 01 01 31 10 00 02 00 AA AA FF 00 1D 28 4C 02 00 30 32",
            0x1D,
            0x4C,
        ),
        ("1D 68 40", 0x1D, 0x68),
        ("1D 6B 49 06 7B 42 41 30 31 32", 0x1D, 0x6B),
        ("1B 70 00 32 32", 0x1B, 0x70),
    ] {
        let mut row = bytes(hex);
        row.extend([0x1C, 0x26]);
        let decoded = Decoder::decode(&row);
        let fault = decoded.first().and_then(|it| it.as_ref().err());
        assert!(
            matches!(fault, Some(CommandFault::Unknown { prefix: p, code: c, .. }) if (*p, *c) == (prefix, code)),
            "{hex}: {fault:?}"
        );
        assert_eq!(decoded.last(), Some(&Ok(Command::ChineseOn)), "{hex}");
    }
}
